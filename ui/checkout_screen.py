"""Screen B: type the amount, charge it; the reader, the ways to pay and the last five beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from checkout.commands import Command, ReprintLast, StartSale
from checkout.notices import CheckoutShown
from domain.money import Currency
from ui.amount_display import AmountDisplay
from ui.amount_pad import POINT, AmountPad
from ui.buttons import Button
from ui.keypad import BACKSPACE, CLEAR, Keypad
from ui.last_five import LastFive
from ui.methods import ChargeButton, MethodButton, ReaderBar
from ui.parts import Card, Label
from ui.room import ROOM
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
    """Draws CheckoutShown; sends StartSale and ReprintLast."""

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
        self._title = Label("", 20, 600, tracking=-0.01)
        self._sale = Label("", 15, 400, "ink3", line=20)
        self._display = AmountDisplay(108, caret=True)
        self._hint = Label("", 15, 400, "ink3", line=20)
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
        self.setTabOrder(self.charge, self._clear)
        self.charge.clicked.connect(self.primary)
        self._card.clicked.connect(self.primary)
        self._clear.clicked.connect(self.on_clear)
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
        foot.addWidget(self._hint)
        foot.addStretch()
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
        self._next_sale = shown.next_sale
        self._pad.clear()
        if shown.keep_amount is not None:
            self._pad.take(shown.keep_amount)
        self.last_five.show_sales(shown.last_five, shown.today_count, shown.today_total)
        self.retranslate()
        self._show_amount()

    def refresh(self, shown: CheckoutShown) -> None:
        """The same screen with newer lists: what is being typed stays."""
        self._next_sale = shown.next_sale
        self.last_five.show_sales(shown.last_five, shown.today_count, shown.today_total)
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._title.setText(say("Amount to charge"))
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
        """What Enter does: charge, where there is something to charge."""
        if self._pad.money:
            self._send(StartSale(self._pad.money.minor))

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
        else:
            return False
        return True

    def on_key(self, value: str) -> None:
        """A key of the keypad, or its twin on the keyboard."""
        if value == BACKSPACE:
            self._pad.backspace()
        elif value == CLEAR:
            self._pad.clear()
        else:
            self._pad.press(value)
        self._show_amount()

    def on_clear(self) -> None:
        """Nothing typed."""
        self.on_key(CLEAR)

    def _show_amount(self) -> None:
        pad = self._pad
        self._display.set_figures(pad.currency.symbol, pad.typed, pad.rest)
        self.charge.set_amount(pad.money or None)
        self._hint.setVisible(pad.is_empty)
        self._clear.setVisible(not pad.is_empty)
