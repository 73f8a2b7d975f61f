"""Charge an amount that is held, in place of the detail: all of it, less, or a little more."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Command, Complete
from checkout.notices import SaleShown
from domain.money import Currency, Money
from ui.amount_display import AmountDisplay
from ui.amount_pad import POINT, AmountPad
from ui.buttons import Button
from ui.keypad import BACKSPACE, Keypad, type_into
from ui.parts import Card, Label, MoneyLine, Picture, SchemeTag
from ui.room import ROOM
from ui.stage import ENTER
from ui.tongue import TONGUE, say


class ChargeHoldPane(Card):
    """Offers the held amount; sends Complete for what stands there, up to the till's most."""

    closed = Signal()

    def __init__(self, currency: Currency, send: Callable[[Command], None]) -> None:
        super().__init__("surface", "accent", 2)
        self._send = send
        self._pad = AmountPad(currency)
        self._shown: SaleShown | None = None
        self._title = Label("", 20, 600, tracking=-0.01, wrap=True)
        self._amount = AmountDisplay(44, caret=True)
        self._scheme = SchemeTag()
        self._number = Label("", 15)
        self._money = MoneyLine(compact=True)
        self.keypad = Keypad(POINT)
        self.keep = Button("secondary", "money", keycap="Esc")
        self.confirm = Button("primary", "money", keycap=ENTER)
        self._lay_out()
        self.refit()
        self.keypad.pressed.connect(self.on_key)
        self.keep.clicked.connect(self.closed)
        self.confirm.clicked.connect(self.on_confirmed)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Picture("card", "accent", 26))
        head.addWidget(self._title, 1)
        card = QHBoxLayout()
        card.setSpacing(10)
        card.addWidget(self._scheme)
        card.addWidget(self._number)
        card.addStretch(1)
        self._column = QVBoxLayout()
        self._column.addLayout(head)
        self._column.addWidget(self._amount)
        self._column.addLayout(card)
        self._column.addWidget(self._money)
        self._column.addWidget(self.keypad, 1)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.confirm)
        self._foot.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addLayout(self._column, 1)
        column.addLayout(self._foot)

    @property
    def first(self) -> QWidget:
        """What has the focus when it opens."""
        return self.confirm

    @property
    def number(self) -> int:
        """Which hold it charges; 0 for none."""
        return self._shown.sale.number if self._shown is not None else 0

    def takes(self, shown: SaleShown) -> bool:
        """Whether this picture belongs into it: the hold can still be charged."""
        return shown.completable is not None

    def begin(self, shown: SaleShown) -> None:
        """Offer all that is held; the first digit begins another amount."""
        self._pad.clear()
        self._pad.take(shown.sale.amount)
        self.show_sale(shown)

    def show_sale(self, shown: SaleShown) -> None:
        """The same hold, as it is now."""
        self._shown = shown
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        shown = self._shown
        if shown is None:
            return
        sale, pad = shown.sale, self._pad
        self._title.setText(say("Charge hold {n}", n=f"{sale.number:04d}"))
        self._amount.set_figures(pad.currency.symbol, pad.typed, pad.rest)
        self._scheme.setVisible(sale.card is not None)
        if sale.card is not None:
            self._scheme.set_text(sale.card.scheme)
            self._number.setText(sale.card.grouped())
        self._say_money(shown)
        self.confirm.set_text(
            say("Charge {amount}", amount=str(pad.money)) if pad.money else say("Type the amount")
        )
        self.confirm.setEnabled(self._fits)
        self.keep.set_text(say("Back"))
        self.setAccessibleName(self._title.text())

    def _say_money(self, shown: SaleShown) -> None:
        held, wanted, most = shown.sale.amount, self._pad.money, shown.completable
        if not wanted:
            self._money.set_line("none", say("Type the amount"))
        elif not self._fits:
            line = say("At most {amount} of this hold can be charged.", amount=str(most))
            self._money.set_line("mid", line)
        elif wanted < held:
            rest = say("{amount} of the hold is not charged.", amount=str(held - wanted))
            self._money.set_line("card", say("Less than was held"), rest)
        elif held < wanted:
            more = say("{amount} on top of the hold.", amount=str(wanted - held))
            self._money.set_line("card", say("More than was held"), more)
        else:
            again = say("The same card is read once more.")
            self._money.set_line("card", say("All that was held"), again)

    @property
    def _fits(self) -> bool:
        most: Money | None = self._shown.completable if self._shown is not None else None
        return most is not None and bool(self._pad.money) and not most < self._pad.money

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self.setFixedWidth(ROOM.pick(332, 396, 480))
        side = ROOM.pick(20, 22, 28)
        self._column.setContentsMargins(side, ROOM.pick(16, 18, 26), side, 12)
        self._column.setSpacing(ROOM.pick(8, 10, 14))
        self._foot.setContentsMargins(*ROOM.pick((14, 0, 14, 14), (16, 0, 16, 16), (24, 0, 24, 24)))
        self._foot.setSpacing(12)
        self._amount.setFixedHeight(54)

    def primary(self) -> None:
        """What Enter does: charge what stands there, if it may be."""
        if self.confirm.isEnabled():
            self.confirm.click()

    def key(self, event: QKeyEvent) -> bool:
        """Digits go to the amount, Esc back."""
        key, text = event.key(), event.text()
        if text and text in "0123456789.,":
            self.on_key(POINT if text == "," else text)
        elif key == Qt.Key.Key_Backspace:
            self.on_key(BACKSPACE)
        elif key == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            return False
        return True

    def on_key(self, value: str) -> None:
        """A key of the keypad, or its twin on the keyboard."""
        type_into(self._pad, value)
        self.retranslate()

    def on_confirmed(self) -> None:
        """Charge it; the till asks for the card."""
        if self._shown is not None and self._fits:
            self._send(Complete(self._shown.sale.number, self._pad.money.minor))
