"""The answer to a balance enquiry: large, for the customer's eyes, and gone after half a minute.

The figures live in the notice of this screen alone. They are let go when the time is over, and as
soon as anything else is shown.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from checkout.commands import LeaveSale
from checkout.notices import PaymentShown
from domain.money import Money
from domain.settings import Settings
from domain.words import N_
from ui.amount_display import AmountDisplay
from ui.lead_text import LeadText
from ui.parts import Picture
from ui.room import ROOM
from ui.stage import (
    ENTER,
    Foot,
    PaymentButton,
    Send,
    Stage,
    Wait,
    body_margins,
    fit_say,
    fit_state_word,
    say_label,
    state_word,
)
from ui.stages_card import ESC, CountdownRow
from ui.tongue import say

SHOWN_SECONDS = 30.0


class BalanceStage(Stage):
    """Counts down whatever is touched: it is somebody's money that stands there."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send)
        self.set_look("okTint", "okLine")
        self._counted = 0
        self._balance: Money | None = None
        self._word = state_word("ok")
        self._say = say_label()
        self._amount = AmountDisplay(108)
        self._hidden = say_label("ink2")
        self._eye = Picture("eye-off", "ink", 26)
        self._note = LeadText()
        self._left = CountdownRow("ok", "okLine", N_("Hidden in {s} s"))
        self.wait: Wait = Wait(self.on_tick, self)
        note = QHBoxLayout()
        note.setSpacing(12)
        note.addWidget(self._eye)
        note.addWidget(self._note, 1)
        self._body = QVBoxLayout()
        self._body.addStretch(1)
        for part in (self._word, self._say, self._amount, self._hidden):
            self._body.addWidget(part)
        self._body.addLayout(note)
        self._body.addStretch(1)
        self.primary = PaymentButton(
            N_("Close"), LeaveSale, send, keys=(ESC,), keycap=ENTER, kind="primary", size="xl"
        )
        self.buttons = (self.primary,)
        self._foot = Foot((), self.primary)
        self.column.addLayout(self._body, 1)
        self.column.addWidget(self._left)
        self.column.addWidget(self._foot)

    @property
    def title(self) -> str:
        return say("Balance")

    @property
    def line(self) -> str:
        card = self.notice.sale.card if self.notice is not None else None
        if card is None:
            return ""
        return say(
            "On {scheme} •• {last4}, as the bank says.", scheme=card.scheme, last4=card.last4
        )

    def show_payment(self, notice: PaymentShown) -> None:
        """Take the figures out of the notice: what is kept of it says nothing about anybody."""
        if notice.sale.number != self._counted:
            self._counted = notice.sale.number
            self._balance = notice.balance
            if notice.balance is not None:
                self.wait.begin(SHOWN_SECONDS, SHOWN_SECONDS)
        super().show_payment(replace(notice, balance=None))

    def begin(self, _notice: PaymentShown) -> None:
        self.wait.watch(shown=self.isVisible())

    def retranslate(self) -> None:
        super().retranslate()
        self._word.setText(self.title)
        self._say.setText(self.line)
        balance = self._balance
        for part in (self._amount, self._left):
            part.setVisible(balance is not None)
        self._hidden.setVisible(balance is None)
        if balance is not None:
            self._amount.set_money(balance)
        elif self.wait.allowed:
            self._hidden.setText(say("Hidden again. Ask once more to see it."))
        else:
            self._hidden.setText(say("The bank answered, and did not say how much."))
        self._note.set_words(
            say("For the customer's eyes only."),
            say("It is not printed, and this till does not keep it."),
        )
        self.on_tick()

    def refit(self) -> None:
        fit_state_word(self._word)
        fit_say(self._say)
        fit_say(self._hidden)
        self._body.setContentsMargins(*body_margins())
        self._body.setSpacing(ROOM.pick(10, 14, 20))
        self._amount.set_px(ROOM.pick(80, 108, 168))
        self._amount.setFixedHeight(ROOM.pick(96, 132, 196))
        self._left.refit()
        self._foot.refit()

    def on_tick(self) -> None:
        """Another fifth of a second has passed."""
        if self.wait.running and self.wait.left <= 0:
            self._forget()
            self.send(LeaveSale())
            return
        if self._balance is not None:
            self._left.show_wait(self.wait)

    def _forget(self) -> None:
        self.wait.stop()
        if self._balance is not None:
            self._balance = None
            self._amount.set_figures("", "")
            self.retranslate()

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        if not event.spontaneous():
            self._forget()
        super().hideEvent(event)
