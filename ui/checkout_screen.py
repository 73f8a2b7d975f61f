"""Screen B: type the amount, charge it; the reader, the ways to pay and the last five beside it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from checkout.commands import CheckBalance, Command, ReprintLast, StartPreauth, StartSale
from checkout.notices import CheckoutShown
from domain.money import Currency
from ui.amount_display import AmountDisplay
from ui.amount_pad import POINT, AmountPad
from ui.buttons import Button
from ui.keypad import BACKSPACE, CLEAR, Keypad, type_into
from ui.last_five import LastFive
from ui.methods import ChargeButton, MethodButton, ReaderBar
from ui.parts import Card, Label
from ui.room import ROOM
from ui.switch import Switch
from ui.tongue import TONGUE, say

WAYS = ("swipe",)
"""What this version's readers can read; chip and contactless need certified devices."""

_DIGITS = "0123456789"

CLEAR_OVERHANG = 12
"""The quiet button's own padding, by which it reaches over the card's margin."""
FOOT = 44
LIFT = 16
"""The amount stands a little above the middle, where the eye looks for it."""


class CheckoutScreen(QWidget):
    """Draws CheckoutShown; sends StartSale, StartPreauth, CheckBalance and ReprintLast."""

    def __init__(
        self,
        currency: Currency,
        send: Callable[[Command], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._pad = AmountPad(currency)
        self._next_sale = 0
        self._holds = self._asks_balance = False
        self._title = Label("", 20, 600, tracking=-0.01)
        self._sale = Label("", 15, 400, "ink3", line=20)
        self._display = AmountDisplay(108, caret=True)
        self._hint = Label("", 15, 400, "ink3", line=20)
        self.hold = Switch("H")
        self.balance = Button("quiet", "small", icon="card", keycap="B")
        self._clear = Button("quiet", "small", keycap="Esc")
        self._amount = self._amount_card()
        self.reader = ReaderBar(WAYS)
        self._card = MethodButton("card", "F2", on=True)
        self._qr = MethodButton("qr", "F3")
        self._cash = MethodButton("cash", "F4")
        self._typed = MethodButton("keyed", "F5")
        self._methods = QWidget()
        self._method_row = QHBoxLayout(self._methods)
        self._method_row.setContentsMargins(0, 0, 0, 0)
        for method in (self._card, self._qr, self._cash, self._typed):
            self._method_row.addWidget(method, 1)
        for absent in (self._qr, self._cash, self._typed):
            absent.setEnabled(False)
        self.keypad = Keypad()
        self.keypad.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.charge = ChargeButton()
        self.last_five = LastFive()
        self._grid = QGridLayout(self)
        self.refit()
        self.retranslate()
        self._show_amount()
        self.setTabOrder(self._card, self.charge)
        for before, after in pairwise((self.charge, self.hold, self.balance, self._clear)):
            self.setTabOrder(before, after)
        self.charge.clicked.connect(self.primary)
        self._card.clicked.connect(self.primary)
        self._clear.clicked.connect(self.on_clear)
        self.hold.toggled.connect(self.on_hold_toggled)
        self.balance.clicked.connect(self.on_balance_wanted)
        self.keypad.pressed.connect(self.on_key)
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.retranslate)

    def _amount_card(self) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch()
        head.addWidget(self._sale)
        head.addSpacing(CLEAR_OVERHANG)
        foot = QHBoxLayout()
        foot.addStrut(FOOT)  # the amount stays where it is, whatever stands below it
        foot.addWidget(self.hold)
        foot.addWidget(self._hint)
        foot.addStretch()
        foot.addWidget(self.balance)
        foot.addWidget(self._clear)
        self._amount_column = QVBoxLayout(card)
        self._amount_column.setSpacing(0)
        self._amount_column.addLayout(head)
        self._amount_column.addWidget(self._display, 1)
        self._amount_column.addSpacing(LIFT)
        self._amount_column.addLayout(foot)
        return card

    def show_checkout(self, shown: CheckoutShown) -> None:
        """A new sale may begin; an amount that was kept is offered again."""
        self._take_offer(shown)
        self.hold.setChecked(False)
        self._pad.clear()
        if shown.keep_amount is not None:
            self._pad.take(shown.keep_amount)
        self.last_five.show_sales(shown.last_five, shown.today_count, shown.today_total)
        self.retranslate()
        self._show_amount()

    def refresh(self, shown: CheckoutShown) -> None:
        """The same screen with newer lists: what is being typed stays."""
        self._take_offer(shown)
        self.last_five.show_sales(shown.last_five, shown.today_count, shown.today_total)
        self.retranslate()
        self._show_amount()

    def _take_offer(self, shown: CheckoutShown) -> None:
        self._next_sale = shown.next_sale
        self._holds, self._asks_balance = shown.holds, shown.asks_balance
        if not shown.holds:
            self.hold.setChecked(False)

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        holds = self.hold.isChecked()
        self._title.setText(say("Amount to hold") if holds else say("Amount to charge"))
        self.hold.set_text(say("Hold, do not charge"))
        self.balance.set_text(say("Card balance"))
        self._sale.setText(say("Sale {n}", n=f"{self._next_sale:04d}") if self._next_sale else "")
        self._hint.setText(say("Digits go to the amount."))
        self._clear.set_text(say("Clear"))
        self._card.set_text(say("Card"))
        self._qr.set_text(say("QR wallet"))
        self._cash.set_text(say("Cash"))
        self._typed.set_text(say("Type card"))
        self.reader.retranslate()
        self.charge.retranslate()

    def refit(self) -> None:
        """Take the grid and the sizes of the window's width."""
        narrow = ROOM.width == "narrow"
        self._grid.setContentsMargins(*[ROOM.pick(16, 20, 32)] * 4)
        self._grid.setSpacing(ROOM.pick(16, 20, 28))
        self._method_row.setSpacing(ROOM.pick(8, 12, 16))
        self._amount_column.setContentsMargins(
            *ROOM.pick((20, 16, 14, 12), (26, 22, 14, 22), (40, 36, 28, 36))
        )
        self._display.set_px(ROOM.pick(80, 108, 168))
        self.keypad.setFixedWidth(ROOM.pick(316, 340, 480))
        while self._grid.count():
            self._grid.takeAt(0)
        self._grid.addWidget(self._amount, 0, 0)
        self._grid.addWidget(self.reader, 1, 0)
        self._grid.addWidget(self._methods, 2, 0)
        self._grid.addWidget(self.keypad, 0, 1, 2, 1)
        self._grid.addWidget(self.charge, 2, 1)
        if narrow:
            self._grid.addWidget(self.last_five, 3, 0, 1, 2)
            self.last_five.setMinimumWidth(0)
            self.last_five.setMaximumWidth(16_777_215)
        else:
            self._grid.addWidget(self.last_five, 0, 2, 3, 1)
            self.last_five.setFixedWidth(ROOM.pick(336, 336, 440))
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(0, 1)

    def primary(self) -> None:
        """What Enter does: charge, or hold, where there is something to charge."""
        if self._pad.money:
            minor = self._pad.money.minor
            self._send(StartPreauth(minor) if self.hold.isChecked() else StartSale(minor))

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        key, text = event.key(), event.text()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control:
            if key == Qt.Key.Key_P:
                self._send(ReprintLast())
                return True
            return False
        if text and text in _DIGITS:
            self.on_key(text)
        elif text in {POINT, ","} and text:
            self.on_key(POINT)
        elif key == Qt.Key.Key_Backspace:
            self.on_key(BACKSPACE)
        elif key == Qt.Key.Key_Escape:
            self.on_clear()
        elif key == Qt.Key.Key_F2:
            self.primary()
        elif key == Qt.Key.Key_H and self._holds:
            if not event.isAutoRepeat():
                self.hold.click()
        elif key == Qt.Key.Key_B and self._asks_balance and not event.isAutoRepeat():
            self.on_balance_wanted()
        else:
            return False
        return True

    def on_key(self, value: str) -> None:
        """A key of the keypad, or its twin on the keyboard."""
        type_into(self._pad, value)
        self._show_amount()

    def on_clear(self) -> None:
        """Nothing typed."""
        self.on_key(CLEAR)

    def on_hold_toggled(self, _on: bool) -> None:  # Qt's signal has it so
        """Hold the next amount, or charge it as ever."""
        self.retranslate()
        self._show_amount()

    def on_balance_wanted(self) -> None:
        """Ask what is on a card; an amount that stands there is not lost by it unasked."""
        if self._pad.is_empty:
            self._send(CheckBalance())

    def _show_amount(self) -> None:
        pad = self._pad
        self._display.set_figures(pad.currency.symbol, pad.typed, pad.rest)
        self.charge.set_amount(pad.money or None, holds=self.hold.isChecked())
        self.hold.setVisible(self._holds)
        self.balance.setVisible(self._asks_balance and pad.is_empty)
        self._hint.setVisible(pad.is_empty and not self._holds)
        self._clear.setVisible(not pad.is_empty)
