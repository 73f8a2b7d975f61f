"""Give money back, in place of the detail: how much, why, and what the customer gets when.

The till picks the way (void or refund) for every amount; the pane asks it anew after each key and
offers nothing until the answer for exactly this amount is there.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from checkout.commands import Command, GiveBack, ShowSale
from checkout.notices import SaleShown
from domain.give_back import Way
from domain.kinds import Kind
from domain.money import Currency, Money, zero
from ui.amount_display import AmountDisplay
from ui.amount_pad import POINT, AmountPad
from ui.buttons import Button, Pressable
from ui.give_back_words import REFUND, WayWords, words_of_way
from ui.paint import surface
from ui.parts import Card, Label, MoneyLine, Picture, SchemeTag
from ui.room import ROOM
from ui.stage import ENTER
from ui.theme import RADIUS_CONTROL, THEME, icon
from ui.tongue import TONGUE, say
from ui.typeset import Style, draw_line, width_of

WAYS = frozenset({Way.VOID, Way.REFUND})
_DOT, _EDGE = 22, 6


class ReasonRow(Pressable):
    """One reason to choose, with a radio button before it."""

    leaves_arrows: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._chosen = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_chosen(self, *, chosen: bool) -> None:
        """Whether it is the one."""
        self._chosen = chosen
        self.update()

    def _style(self) -> Style:
        return Style(17, 600 if self._chosen else 400)

    def sizeHint(self) -> QSize:
        return QSize(round(width_of(self.text(), Style(17, 600))) + _EDGE + _DOT + 12, 48)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = self.height() / 2
        dot = QRectF(_EDGE, middle - _DOT / 2, _DOT, _DOT)
        if self._chosen:
            surface(painter, dot, _DOT / 2, "surface", "accent", 7)
        else:
            surface(painter, dot, _DOT / 2, "surface", "edge", 2)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), THEME.color("line"))
        draw_line(
            painter, _EDGE + _DOT + 12, middle, self.text(), self._style(), THEME.color("ink")
        )


class Segment(Pressable):
    """One half of a choice between two: tinted and ticked where it is on."""

    def __init__(self) -> None:
        super().__init__()
        self._on = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_on(self, *, on: bool) -> None:
        """Whether it is the chosen half."""
        self._on = on
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(width_of(self.text(), Style(15, 600))) + 26 * self._on + 20, 44)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, border, width = ("accentTint", "accent", 2) if self._on else ("surface", "edge", 1)
        surface(painter, QRectF(self.rect()), RADIUS_CONTROL, fill, border, width)
        ink = "accent" if self._on else "ink"
        words = width_of(self.text(), Style(15, 600))
        left = (self.width() - words - 26 * self._on) / 2
        if self._on:
            painter.drawPixmap(
                round(left), round(self.height() / 2 - 9), icon("check", ink, 18, 2.5)
            )
            left += 26
        draw_line(painter, left, self.height() / 2, self.text(), Style(15, 600), THEME.color(ink))


class GiveBackPane(Card):
    """Draws the way that the till offers for the amount that stands here; sends GiveBack.

    No reason is chosen at first, so that a void is never one Enter away.
    """

    closed = Signal()

    def __init__(self, currency: Currency, send: Callable[[Command], None]) -> None:
        super().__init__("surface", "accent", 2)
        self._send = send
        self._pad = AmountPad(currency)
        self._shown: SaleShown | None = None
        self._left = zero(currency)
        self._whole = True
        self._way: Way = Way.VOID
        self._reason = ""
        self._sign = Picture("refund", "accent", 26)
        self._title = Label("", 20, 600, tracking=-0.01, wrap=True)
        self._amount = AmountDisplay(44, caret=True)
        self._of = Label("", 15, 400, "ink2")
        self._scheme = SchemeTag()
        self._number = Label("", 15)
        self.full = Segment()
        self.part = Segment()
        self._money = MoneyLine(compact=True)
        self._reason_head = Label("", 15, 600)
        self.reasons = tuple(ReasonRow() for _ in range(3))
        self.keep = Button("secondary", "money", keycap="Esc")
        self.confirm = Button("primary", "xl", keycap=ENTER)
        self._lay_out()
        self.refit()
        self.full.clicked.connect(self.on_full)
        self.part.clicked.connect(self.on_part)
        self.keep.clicked.connect(self.closed)
        self.confirm.clicked.connect(self.on_confirmed)
        for row in self.reasons:
            row.clicked.connect(self.on_reason)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        amount = QHBoxLayout()
        amount.addWidget(self._amount, 1)
        amount.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        card = QHBoxLayout()
        card.setSpacing(10)
        card.addWidget(self._scheme)
        card.addWidget(self._number)
        card.addStretch(1)
        choice = QHBoxLayout()
        choice.setSpacing(8)
        choice.addWidget(self.full, 1)
        choice.addWidget(self.part, 1)
        self._column = QVBoxLayout()
        for row in (head, amount, card, choice):
            self._column.addLayout(row)
        self._column.addWidget(self._money)
        self._column.addSpacing(4)
        self._column.addWidget(self._reason_head)
        reasons = QVBoxLayout()
        reasons.setSpacing(0)
        for reason in self.reasons:
            reasons.addWidget(reason)
        self._column.addLayout(reasons)
        self._column.addStretch(1)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(12)
        self._foot.addWidget(self.confirm)
        self._foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addLayout(self._column, 1)
        column.addLayout(self._foot)
        order: tuple[QWidget, ...] = (*self.reasons, self.full, self.part, self.keep, self.confirm)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    @property
    def first(self) -> QWidget:
        """What has the focus when it opens."""
        return self.reasons[0]

    def takes(self, _shown: SaleShown) -> bool:
        """Whether this picture belongs into it: it explains by itself why there is no way."""
        return True

    def begin(self, shown: SaleShown) -> None:
        """Offer all that is left of this payment."""
        self._whole, self._reason = True, ""
        self._pad.clear()
        self.show_sale(shown)

    @property
    def number(self) -> int:
        """Whose money it is; 0 for nobody's."""
        return self._shown.sale.number if self._shown is not None else 0

    def show_sale(self, shown: SaleShown) -> None:
        """The till's answer for an amount."""
        self._shown = shown
        self._left = shown.sale.amount - shown.refunded
        if shown.way_back.kind in WAYS and shown.way_back.kind is not self._way:
            self._way, self._reason = shown.way_back.kind, ""
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        shown = self._shown
        if shown is None:
            return
        sale, is_void, words = shown.sale, self._is_grave, self._words
        ready = self._is_answered()
        number = f"{sale.number:04d}"
        self.set_look("surface", "badFill" if is_void else "accent", 2)
        self._sign.set_icon("void" if is_void else "refund", "bad" if is_void else "accent")
        self._title.setText(say(words.title, n=number))
        if self._whole:
            self._amount.set_money(self._left)
        else:
            self._amount.set_figures(sale.amount.currency.symbol, self._pad.typed, self._pad.rest)
        self._of.setText(say("of {amount}", amount=str(self._left)))
        self._of.setVisible(not self._whole)
        card = sale.card
        self._scheme.setVisible(card is not None)
        if card is not None:
            self._scheme.set_text(card.scheme)
            self._number.setText(card.grouped())
        self.full.set_text(say("Full {amount}", amount=str(self._left)))
        self.part.set_text(say("Part"))
        self.full.set_on(on=self._whole)
        self.part.set_on(on=not self._whole)
        for half in (self.full, self.part):
            half.setVisible(not self._is_hold)
        self._say_money(shown)
        self._reason_head.setText(say("Reason"))
        for row, reason in zip(self.reasons, words.reasons, strict=True):
            row.set_text(say(reason))
            row.set_chosen(chosen=reason == self._reason)
        amount = str(self._wanted())
        self.confirm.set_kind("void" if is_void else "primary")
        self.confirm.set_icon(words.icon)
        self.confirm.set_text(say(words.confirm, amount=amount))
        self.confirm.setEnabled(ready and bool(self._reason))
        self.keep.set_text(say(words.keep))
        self.setAccessibleName(self._title.text())

    def _say_money(self, shown: SaleShown) -> None:
        way, card = shown.way_back, shown.sale.card
        if not self._wanted():
            self._money.set_line("none", say("Type the amount"))
        elif self._is_current() and way.kind not in WAYS:
            self._money.set_line("mid", say(way.why))
        else:
            line = say(
                self._words.line,
                amount=str(self._wanted()),
                scheme=card.scheme if card is not None else "",
                last4=card.last4 if card is not None else "",
            )
            kind = "back" if self._way is Way.VOID else "card"
            self._money.set_line(kind, line, say(self._words.small))

    @property
    def _is_hold(self) -> bool:
        """Whether nothing was charged: it is released whole, or not at all."""
        return self._shown is not None and self._shown.sale.kind is Kind.PREAUTH

    @property
    def _is_grave(self) -> bool:
        """Whether it is to look like something that is not undone."""
        return self._way is Way.VOID

    @property
    def _words(self) -> WayWords:
        return words_of_way(self._way, self._shown.sale) if self._shown is not None else REFUND

    def _wanted(self) -> Money:
        return self._left if self._whole else self._pad.money

    def _is_current(self) -> bool:
        """Whether the till has answered for the amount that stands here."""
        return self._shown is not None and self._shown.way_back.amount == self._wanted()

    def _is_answered(self) -> bool:
        return self._shown is not None and self._is_current() and self._shown.way_back.kind in WAYS

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self.setFixedWidth(ROOM.pick(332, 396, 480))
        side = ROOM.pick(20, 22, 28)
        self._column.setContentsMargins(side, ROOM.pick(16, 18, 26), side, 8)
        self._column.setSpacing(ROOM.pick(8, 10, 14))
        self._foot.setContentsMargins(*ROOM.pick((14, 0, 14, 14), (16, 0, 16, 16), (24, 0, 24, 24)))
        self._amount.setFixedHeight(58)

    def primary(self) -> None:
        """What Enter does: confirm, once a reason is chosen and the till knows the way."""
        if self.confirm.isEnabled():
            self.confirm.click()

    def key(self, event: QKeyEvent) -> bool:
        """Digits go to the amount, arrows to the reasons, Esc back."""
        key, text = event.key(), event.text()
        if text and text in "0123456789.," and not self._is_hold:
            self._whole_no_more()
            self._pad.press(POINT if text == "," else text)
            self._ask()
        elif key == Qt.Key.Key_Backspace and not self._is_hold:
            self._whole_no_more()
            self._pad.backspace()
            self._ask()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._choose_by(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            return False
        return True

    def _whole_no_more(self) -> None:
        if self._whole:
            self._whole = False
            self._pad.clear()

    def _choose_by(self, step: int) -> None:
        reasons = self._words.reasons
        if self._reason in reasons:
            place = max(0, min(len(reasons) - 1, reasons.index(self._reason) + step))
        else:
            place = 0 if step > 0 else len(reasons) - 1
        self._reason = reasons[place]
        self.reasons[place].setFocus(Qt.FocusReason.OtherFocusReason)
        self.retranslate()

    def _ask(self) -> None:
        """The way may be another one for this amount."""
        amount = self._wanted()
        if not amount:
            self._way, self._reason = Way.REFUND, ""
        elif self._shown is not None and not self._is_current():
            self._send(ShowSale(self._shown.sale.number, amount.minor))
        self.retranslate()

    def on_full(self) -> None:
        """All that is left."""
        self._whole = True
        self._ask()

    def on_part(self) -> None:
        """Less: to be typed."""
        self._whole_no_more()
        self._ask()

    def on_reason(self) -> None:
        """Why."""
        row = self.sender()
        if isinstance(row, ReasonRow):
            self._reason = self._words.reasons[self.reasons.index(row)]
            self.retranslate()

    def on_confirmed(self) -> None:
        """Give it back."""
        if self._shown is not None and self._is_answered() and self._reason:
            amount = self._shown.way_back.amount
            self._send(self._command(self._shown.sale.number, amount, self._reason))

    def _command(self, number: int, amount: Money, reason: str) -> Command:
        """What is asked of the till."""
        return GiveBack(number, amount.minor, reason)
