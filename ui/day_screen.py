"""Screen H: the end of the day, what is in its way, its settlement with the bank, and the result."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import CloseList, Command, PrintSettlement, SellOn, Settle, ShowTray
from checkout.notices import DayShown
from domain.batch import CLOSING_STATES, BatchState
from domain.operators import Operator, Permission, may
from domain.settings import Settings
from ui import day_words
from ui.announce import announce
from ui.buttons import Button
from ui.day_totals import LastCard, TillAndBankCard, TotalsCard
from ui.help_wish import NO_TOPIC, Topic
from ui.matters import MattersCard
from ui.parts import Label
from ui.room import ROOM
from ui.settling_card import SettlingCard
from ui.slip_preview import SlipPreview
from ui.stage import Wait
from ui.tongue import TONGUE, say

LEAST_PART = 0.26
"""Of the middle column, for what is in the way, so that it is a card and no strip."""
_SCROLLS = {Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class DayScreen(QWidget):
    """Draws DayShown; sends Settle with F10 and by touch, never with Enter."""

    def __init__(self, settings: Settings, send: Callable[[Command], None]) -> None:
        super().__init__()
        self._send = send
        self._shown: DayShown | None = None
        self._said: tuple[object, ...] = ()
        self._owed = 0
        self._operator: Operator | None = None
        self._slip_wanted = False
        self._title = Label("", 26, 700, tracking=-0.015)
        self._line = Label("", 15, 400, "ink2")
        self.show_slip = Button("secondary", "money", keycap="S")
        self.print = Button("secondary", "money", icon="printer", keycap="P")
        self.settle = Button("primary", "money", keycap="F10")
        self.done = Button("primary", "money", keycap="Enter ↵")
        self.tray = Button("secondary", "small", icon="reversing", keycap="Ctrl U")
        self.sell_on = Button("secondary", "money")
        self.totals = TotalsCard()
        self.banks = TillAndBankCard()
        self.obstacles = MattersCard(self.tray)
        self.differences = MattersCard()
        self.progress = SettlingCard(self.sell_on)
        self.last = LastCard()
        self.paper = SlipPreview(settings.printer.columns, 316, scrolls=True)
        self._wait = Wait(self.on_tick, self)
        self._laid_out = QTimer(self)
        self._laid_out.setSingleShot(True)
        self._laid_out.setInterval(0)
        self._lay_out()
        self.refit()
        self.settle.clicked.connect(self.on_settle)
        self.done.clicked.connect(self.on_done)
        self.print.clicked.connect(self.on_print)
        self.show_slip.clicked.connect(self.on_show_slip)
        self.tray.clicked.connect(self.on_tray)
        self.sell_on.clicked.connect(self.on_sell_on)
        self._laid_out.timeout.connect(self.on_laid_out)
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._line)
        self._top = QWidget()
        self._head = QHBoxLayout(self._top)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.addLayout(words, 1)
        for button in (self.show_slip, self.print, self.settle, self.done):
            self._head.addWidget(button)
        self._left, self._middle = QVBoxLayout(), QVBoxLayout()
        self._left.addWidget(self.totals, 1)
        self._left.addWidget(self.banks)
        self._middle.addWidget(self.obstacles)
        self._middle.addWidget(self.differences)
        self._side = QWidget()
        self._right = QVBoxLayout(self._side)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self.progress)
        self._right.addWidget(self.last, 1)
        self._right.addWidget(self.paper, 1)
        self._columns = QHBoxLayout()
        self._columns.addLayout(self._left, 104)
        self._columns.addLayout(self._middle, 110)
        self._columns.addWidget(self._side)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(self._top)
        self._rows.addLayout(self._columns, 1)
        order = (self.show_slip, self.print, self.done, self.sell_on, self.tray, self.settle)
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def show_day(self, shown: DayShown) -> None:
        """The day as it is now."""
        if self._shown is None or self._shown.state is not shown.state:
            self._slip_wanted = False
        self._shown = shown
        self._wait.begin(shown.next_try_seconds, 0.0)
        self._wait.watch(shown=self.isVisible())
        self.retranslate()
        said = (shown.state, shown.step, bool(shown.fault))
        if said != self._said:
            self._said = said
            announce(self, f"{self.progress.accessibleName()}. {self.progress.note.text()}")

    def set_operator(self, operator: Operator) -> None:
        """Whose permission counts."""
        self._operator = operator

    def refused(self) -> None:
        """The till did not settle: it may be asked again."""
        self.settle.setEnabled(self._may_settle())

    def set_owed(self, owed: int) -> None:
        """So many slips wait for paper."""
        if owed != self._owed:
            self._owed = owed
            self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        shown = self._shown
        if shown is None:
            return
        self._title.setText(say("End of day"))
        self._line.setText(day_words.heading(shown))
        self.totals.show_totals(say("Totals"), day_words.sums(shown), day_words.net_of(shown))
        self.banks.show_sums(say("Cards: till and bank"), day_words.till_and_bank(shown))
        self.banks.set_note(*day_words.comparison(shown))
        self.obstacles.title.setText(day_words.before_or_after(shown))
        may_settle = may(self._operator, Permission.SETTLE)
        matters = day_words.in_the_way(shown, self._owed, may_settle=may_settle)
        self.obstacles.set_matters(matters)
        self.differences.title.setText(say("Differences"))
        self.differences.note.setText(day_words.of_which_batch(shown))
        self.differences.set_matters(day_words.differences(shown))
        self.progress.show_progress(day_words.progress(shown))
        self.last.show_last(*day_words.last_batch(shown))
        self.paper.set_document(shown.slip.document if shown.slip is not None else None)
        self._name_buttons(shown)
        self.on_tick()
        self._arrange()

    def _name_buttons(self, shown: DayShown) -> None:
        closing = shown.state in CLOSING_STATES
        stuck = closing and bool(shown.fault)
        batch = f"{shown.batch:06d}"
        self.settle.set_text(say("Try now") if closing else say("Settle batch {n}", n=batch))
        self.settle.setVisible(shown.state is BatchState.OPEN or (stuck and shown.can_settle))
        self.settle.setEnabled(self._may_settle())
        self.done.set_text(say("Done"))
        self.done.setVisible(shown.state is BatchState.CLOSED)
        self.print.set_text(say("Print again") if shown.slip else say("Last slip"))
        self.print.setVisible(self._printable() is not None)
        self.show_slip.set_text(say("Back") if self._slip_wanted else say("Slip"))
        self.tray.set_text(say("Show what is in doubt"))
        self.tray.setVisible(bool(shown.in_the_way))
        self.sell_on.set_text(say("Go on selling"))
        self.sell_on.setVisible(shown.can_sell_on and stuck)

    def _may_settle(self) -> bool:
        shown = self._shown
        if shown is None or not shown.can_settle:
            return False
        if shown.state is BatchState.OPEN:
            return not any(item.by_people for item in shown.in_the_way)
        return shown.state in CLOSING_STATES and bool(shown.fault)

    def _printable(self) -> int | None:
        """The batch whose slip can be printed again."""
        shown = self._shown
        if shown is None:
            return None
        if shown.state is BatchState.CLOSED:
            return shown.batch if shown.slip is not None else None
        is_open = shown.state is BatchState.OPEN
        return shown.last.number if is_open and shown.last is not None else None

    def _arrange(self) -> None:
        """Which cards stand where, after the width of the window and the state of the day."""
        shown = self._shown
        if shown is None:
            return
        narrow = ROOM.width == "narrow"
        is_open, has_slip = shown.state is BatchState.OPEN, shown.slip is not None
        self.show_slip.setVisible(narrow and has_slip)
        on_paper = narrow and has_slip and self._slip_wanted
        self.progress.setVisible(not (narrow and is_open) and not on_paper)
        self.obstacles.setVisible(not narrow or is_open)
        self.progress.show_steps(shown=not narrow or shown.state is not BatchState.CLOSED)
        self.differences.setVisible(not on_paper)
        self.last.setVisible(not narrow and not has_slip)
        self.paper.setVisible(has_slip and (on_paper or not narrow))

        self._laid_out.start()

    def on_laid_out(self) -> None:
        """What is in the way takes the room that it needs, the differences the rest of it."""
        room = max(1, self._columns.geometry().height() - self._middle.spacing())
        first = max(self.obstacles.wanted_height(), round(room * LEAST_PART))
        second = max(self.differences.wanted_height(), room - first)
        self._middle.setStretchFactor(self.obstacles, first)
        self._middle.setStretchFactor(self.differences, second)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._laid_out.start()

    def refit(self) -> None:
        """Take the sizes of the window's width; where it is narrow, two columns have to do."""
        edge, gap = ROOM.pick(16, 20, 32), ROOM.pick(12, 16, 16)
        narrow = ROOM.width == "narrow"
        column = self._middle if narrow else self._right
        for place, card in enumerate((self.progress, self.paper)):
            for layout in (self._middle, self._right):
                layout.removeWidget(card)
            column.insertWidget(place if narrow else 2 * place, card, place)
        self._side.setVisible(not narrow)
        self._side.setFixedWidth(ROOM.pick(352, 352, 460))
        self._rows.setContentsMargins(edge, ROOM.pick(12, 18, 26), edge, ROOM.pick(16, 20, 32))
        self._rows.setSpacing(ROOM.pick(10, 14, 20))
        self._top.setFixedHeight(ROOM.pick(56, 56, 64))
        self._head.setSpacing(ROOM.pick(10, 16, 16))
        self._line.set_style(ROOM.pick(15, 15, 17))
        for column in (self._left, self._middle, self._right):
            column.setSpacing(gap)
        self._columns.setSpacing(gap)
        self.settle.setMinimumWidth(ROOM.pick(0, 352, 460))
        self.done.setMinimumWidth(ROOM.pick(0, 352, 460))
        self.paper.paper.set_width(ROOM.pick(400, 316, 424))
        for card in (
            self.totals,
            self.banks,
            self.obstacles,
            self.differences,
            self.progress,
            self.last,
        ):
            card.refit()
        self._arrange()

    def primary(self) -> None:
        """Enter settles nothing; it leaves the day that is settled."""
        if self._shown is not None and self._shown.state is BatchState.CLOSED:
            self.on_done()

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        key = Qt.Key(event.key())
        buttons = {
            Qt.Key.Key_F10: self.settle,
            Qt.Key.Key_P: self.print,
            Qt.Key.Key_S: self.show_slip,
        }
        if key == Qt.Key.Key_Escape:
            self.on_done()
        elif key in buttons:
            button = buttons[key]
            if button.isVisible() and button.isEnabled() and not event.isAutoRepeat():
                button.click()
        elif key in _SCROLLS and self.paper.isVisible():
            self.paper.scroll_by(_SCROLLS[key])
        else:
            return False
        return True

    def help_topic(self) -> Topic:
        """F1 opens the page of what stands there."""
        return Topic(day_words.fault_of(self._shown)) if self._shown is not None else NO_TOPIC

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        self._wait.watch(shown=True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._wait.watch(shown=False)
        super().hideEvent(event)

    def on_tick(self) -> None:
        """The next try has come nearer."""
        if self._shown is not None:
            seconds = self._wait.left if self._wait.running else None
            self.progress.set_note(*day_words.note(self._shown, seconds))

    def on_settle(self) -> None:
        """Settle, or try the silent bank again; a second tap finds the button at rest."""
        if self._may_settle():
            self.settle.setEnabled(False)
            self._send(Settle())

    def on_sell_on(self) -> None:
        """Take payments while the bank is silent."""
        self._send(SellOn())

    def on_print(self) -> None:
        """The slip once more, marked as a copy."""
        batch = self._printable()
        if batch is not None:
            self._send(PrintSettlement(batch))

    def on_show_slip(self) -> None:
        """The slip in place of the cards, where there is no room beside them."""
        self._slip_wanted = not self._slip_wanted
        self.retranslate()

    def on_tray(self) -> None:
        """To what is in doubt."""
        self._send(ShowTray())

    def on_done(self) -> None:
        """Back to the checkout; a settlement goes on by itself."""
        self._send(CloseList())
