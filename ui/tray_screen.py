"""The tray: every payment whose result is unknown, who acts next, and the word that settles it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from checkout.commands import CloseList, Command, Resolve
from checkout.notices import TrayRow, TrayShown
from domain.operators import Operator, Permission, may
from domain.sale import State
from domain.tray import WHO_ACTS
from domain.words import N_
from ui.buttons import Button, Pressable
from ui.help_topics import topic_of_sale
from ui.help_wish import NO_TOPIC, HelpButton, Topic
from ui.history_log import HistoryLog
from ui.paint import surface
from ui.parts import Card, Label, MoneyLine, Picture, scrolling
from ui.payment_words import moved_words, trace_of
from ui.room import ROOM
from ui.sale_words import RESULTS, history_rows, title_of
from ui.theme import RADIUS_CARD, RADIUS_CONTROL, THEME, font
from ui.tongue import TONGUE, say
from ui.truth_pane import CustomerBox

MOST_MOMENTS = 6
LONGEST_REASON = 120
CHARGED = {False: N_("The bank says: charged"), True: N_("The bank says: given back")}
NOT_CHARGED = {False: N_("The bank says: not charged"), True: N_("The bank says: not given back")}
"""What a manager notes, of a sale and of what gives money back."""
_MARGIN, _GAP = 16, 12


class TrayItem(Pressable):
    """One payment in doubt, in the list: what it is, how much, and whose turn it is."""

    leaves_arrows: ClassVar[bool] = True

    def __init__(self, row: TrayRow, *, chosen: bool) -> None:
        super().__init__()
        self.number = row.sale.number
        self._chosen = chosen
        sale, result = row.sale, RESULTS.get(row.sale.state)
        token = result.token if result is not None else "ink2"
        sign = Picture(result.icon if result is not None else "hourglass", token, 24)
        title = Label(title_of(sale.kind, sale.number, sale.original), 17, 600, elide=True)
        amount = Label(str(sale.amount), 17, 600)
        word = Label(say(result.word) if result else say("Authorising"), 15, 600, token)
        who = Label(say(WHO_ACTS[row.who]), 15, 400, "ink2")
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(amount)
        foot.addWidget(word, 1)
        foot.addWidget(who)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addLayout(top)
        words.addLayout(foot)
        words.addStretch(1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        columns.setSpacing(_GAP)
        columns.addWidget(sign)
        columns.addLayout(words, 1)
        self.setFixedHeight(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = (part.text() for part in (title, amount, word, who))
        self.setAccessibleName(" ".join(said))

    def sizeHint(self) -> QSize:
        return QSize(200, 80)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = ("accentTint", "accent", 2) if self._chosen else ("surface", "line", 1)
        surface(QPainter(self), QRectF(self.rect()), RADIUS_CARD, *look)


class ReasonField(Card):
    """What the bank said, in a manager's words."""

    def __init__(self) -> None:
        super().__init__("surface", "edge", radius=RADIUS_CONTROL)
        self.field = QLineEdit()
        self.field.setFrame(False)
        self.field.setMaxLength(LONGEST_REASON)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.addWidget(self.field)
        self.setFixedHeight(48)
        self.restyle()
        THEME.changed.connect(self.restyle)
        TONGUE.changed.connect(self.restyle)

    def restyle(self) -> None:
        """The words and colours of now."""
        words = say("Who said it, and what: name and reference")
        self.field.setPlaceholderText(words)
        self.field.setAccessibleName(words)
        self.field.setFont(font(15))
        palette = self.field.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        palette.setColor(QPalette.ColorRole.Text, THEME.color("ink"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, THEME.color("ink3"))
        self.field.setPalette(palette)


class TrayScreen(QWidget):
    """Draws TrayShown; a manager sends Resolve, never with Enter."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        super().__init__()
        self._send = send
        self._shown = TrayShown((), blocks_settlement=False)
        self._number = 0
        self._operator: Operator | None = None
        self._items: list[TrayItem] = []
        self._title = Label("", 26, 700, tracking=-0.015)
        self._hint = Label("", 15, 400, "ink2", wrap=True)
        self._list = QVBoxLayout()
        self._detail = Card()
        self._head = Label("", 20, 600, tracking=-0.01)
        self._trace = Label("", 15, 400, "ink2")
        self._money = MoneyLine(compact=True)
        self._next_head = Label("", 15, 600)
        self._next = Label("", 17, 400, wrap=True)
        self._tries = Label("", 15, 400, "ink2", wrap=True)
        self._customer = CustomerBox()
        self._log = HistoryLog(MOST_MOMENTS, ink="ink", faint="ink2", rule="line", small=True)
        self._manager = Label("", 15, 400, "ink2", wrap=True)
        self.reason = ReasonField()
        self.charged = Button("secondary", "money")
        self.not_charged = Button("secondary", "money")
        self.back = Button("secondary", "money", keycap="Esc")
        self._lay_out()
        self.refit()
        self.retranslate()
        self.back.clicked.connect(self.on_back)
        self.charged.clicked.connect(self.on_charged)
        self.not_charged.clicked.connect(self.on_not_charged)
        self.reason.field.textChanged.connect(self.on_reason_changed)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        self._list.setSpacing(10)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self._title)
        left.addWidget(self._hint)
        left.addWidget(scrolling(self._list), 1)
        left.addWidget(self.back)
        self._column = QVBoxLayout(self._detail)
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(self._trace)
        head.addWidget(HelpButton())
        self._column.addLayout(head)
        for part in (self._money, self._next_head, self._next, self._tries, self._customer):
            self._column.addWidget(part)
        self._column.addWidget(self._log)
        self._column.addStretch(1)
        self._column.addWidget(self._manager)
        self._column.addWidget(self.reason)
        words = QHBoxLayout()
        words.setSpacing(_GAP)
        words.addWidget(self.charged, 1)
        words.addWidget(self.not_charged, 1)
        self._column.addLayout(words)
        self._columns = QHBoxLayout(self)
        self._columns.addLayout(left, 2)
        self._columns.addWidget(self._detail, 3)

    def show_tray(self, shown: TrayShown) -> None:
        """What is in doubt now; the chosen payment stays chosen while it is."""
        self._shown = shown
        if all(row.sale.number != self._number for row in shown.rows):
            self._choose(shown.rows[0].sale.number if shown.rows else 0)
        self.retranslate()

    def set_operator(self, operator: Operator) -> None:
        """Whose permission counts."""
        self._operator = operator
        self._offer()

    def _choose(self, number: int) -> None:
        self._number = number
        self.reason.field.clear()

    @property
    def row(self) -> TrayRow | None:
        """The chosen payment."""
        rows = self._shown.rows
        return next((row for row in rows if row.sale.number == self._number), None)

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._title.setText(say("Unknown results"))
        if not self._shown.rows:
            hint = say("Nothing is in doubt.")
        elif self._shown.blocks_settlement:
            hint = say("The day cannot be settled before a manager has noted what the bank says.")
        else:
            hint = say("The till settles these by itself. Nobody needs to wait.")
        self._hint.setText(hint)
        self.back.set_text(say("Back"))
        for item in self._items:
            self._list.removeWidget(item)
            item.hide()
            item.deleteLater()
        self._items = [
            TrayItem(row, chosen=row.sale.number == self._number) for row in self._shown.rows
        ]
        for item in self._items:
            item.clicked.connect(self.on_item)
            self._list.addWidget(item)
        self._show_row()

    def _show_row(self) -> None:
        row = self.row
        self._detail.setVisible(row is not None)
        if row is None:
            return
        sale = row.sale
        self._head.setText(f"{title_of(sale.kind, sale.number, sale.original)}   {sale.amount}")
        self._trace.setText(say("trace {trace}", trace=trace_of(sale)) if sale.stan else "")
        money = moved_words(row.moved, sale)
        self._money.set_line(money.kind, money.line, money.small)
        self._next_head.setText(say(WHO_ACTS[row.who]))
        self._next.setText(say(row.next))
        tries = [say("Tries so far: {n}.", n=row.tries)] if row.tries else []
        if row.next_try_seconds is not None:
            tries.append(say("Next try in {s} s", s=round(row.next_try_seconds)))
        self._tries.setText(" ".join(tries))
        self._tries.setVisible(bool(tries))
        self._customer.set_sentence(say(row.customer))
        self._log.set_rows(history_rows(sale))
        back = sale.row.gives_back
        self.charged.set_text(say(CHARGED[back]))
        self.not_charged.set_text(say(NOT_CHARGED[back]))
        self._offer()

    def _offer(self) -> None:
        """Only with a reason, and only what no machine can; who may not is asked for an approval."""
        row = self.row
        is_manual = row is not None and row.sale.state is State.MANUAL
        allowed = may(self._operator, Permission.RESOLVE)
        self._manager.setVisible(is_manual)
        self._manager.setText(
            say("What did the bank say?") if allowed else say("A manager notes what the bank says.")
        )
        for part in (self.reason, self.charged, self.not_charged):
            part.setVisible(is_manual)
        self.on_reason_changed()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._columns.setContentsMargins(edge, edge, edge, edge)
        self._columns.setSpacing(ROOM.pick(16, 20, 28))
        side = ROOM.pick(18, 24, 36)
        self._column.setContentsMargins(side, side, side, side)
        self._column.setSpacing(ROOM.pick(8, 10, 16))
        self._customer.refit()
        self._log.refit()

    def primary(self) -> None:
        """Enter settles nothing here."""

    def help_topic(self) -> Topic:
        """The code of the chosen payment."""
        return topic_of_sale(self.row.sale) if self.row is not None else NO_TOPIC

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.on_back()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._shown.rows:
            numbers = [row.sale.number for row in self._shown.rows]
            place = numbers.index(self._number) + (1 if key == Qt.Key.Key_Down else -1)
            self._choose(numbers[max(0, min(len(numbers) - 1, place))])
            self.retranslate()
        else:
            return False
        return True

    def on_item(self) -> None:
        """Another payment is chosen."""
        item = self.sender()
        if isinstance(item, TrayItem):
            self._choose(item.number)
            self.retranslate()

    def on_reason_changed(self) -> None:
        """Without a reason nothing is noted."""
        for button in (self.charged, self.not_charged):
            button.setEnabled(bool(self.reason.field.text().strip()))

    def on_charged(self) -> None:
        """The bank says that it happened."""
        self._resolve(charged=True)

    def on_not_charged(self) -> None:
        """The bank says that it did not."""
        self._resolve(charged=False)

    def _resolve(self, *, charged: bool) -> None:
        if self._number:
            self._send(Resolve(self._number, charged, self.reason.field.text().strip()))

    def on_back(self) -> None:
        """To the checkout."""
        self._send(CloseList())
