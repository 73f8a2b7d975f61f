"""The stages of a sale that did not go through: declined, not sent, and one for people to settle."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from checkout.commands import Command, KeepAmount, LeaveSale, TryAgain
from domain.faults import Next
from domain.kinds import Kind, Lane
from domain.sale import NOT_LEARNT, Sale, State
from domain.settings import Settings
from domain.truth import meaning
from domain.words import N_
from ui.band import Band, StepsList, WarningBox
from ui.kind_words import SALE, kind_words
from ui.network_path import PathDiagram, path_of, shows_path
from ui.parts import Divider, Label
from ui.payment_words import (
    WRONG_PINS,
    declined_steps,
    fault_of,
    fault_steps,
    is_not_voidable,
    manual_steps,
    refusal_of,
)
from ui.room import ROOM
from ui.stage import ENTER, Foot, PaymentButton, Send, Stage, body_margins
from ui.stages_card import ESC
from ui.tongue import say

F6 = (Qt.Key.Key_F6, False)

_Offered = type[TryAgain] | type[KeepAmount] | type[LeaveSale]


class EndingStage(Stage):
    """A result without a charge: end the sale, pay otherwise, or try again.

    The primary button is the one that the code or fault calls for.
    """

    def __init__(self, settings: Settings, send: Send, band: Band, border: str) -> None:
        super().__init__(settings, send)
        self.set_look("surface", border)
        self.band = band
        self.body = QVBoxLayout()
        self.end = PaymentButton(N_("End this sale"), LeaveSale, send, keys=(ESC,), keycap="Esc")
        self.other = PaymentButton(N_("Other payment"), KeepAmount, send, keys=(F6,), keycap="F6")
        self._command: _Offered = TryAgain
        self.main = PaymentButton(
            N_("Try again"), self._main_command, send, keycap=ENTER, kind="primary", size="xl"
        )
        self.primary = self.main
        self.buttons = (self.end, self.other, self.main)
        self.foot = Foot((self.end, self.other), self.main)
        self.column.addWidget(band)
        self.column.addLayout(self.body, 1)
        self.column.addWidget(self.foot)

    def _main_command(self) -> Command:
        return self._command()

    def offer(self, step: Next, again: str = N_("Try again")) -> None:
        """Make the button for this next step the primary one; `again` names trying once more."""
        offers: dict[Next, tuple[str, _Offered]] = {
            Next.YES: (again, TryAgain),
            Next.OTHER: (N_("Other payment"), KeepAmount),
            Next.NO: (N_("End this sale"), LeaveSale),
            Next.AUTO: (N_("End this sale"), LeaveSale),
        }
        message, self._command = offers[step]
        sale = self.notice.sale if self.notice is not None else None
        pays = sale is None or sale.kind is Kind.SALE
        if sale is not None and not pays:
            message, self._command = _offer_otherwise(sale, step, again)
        self.end.set_message(SALE.end if sale is None else kind_words(sale).end)
        self.main.set_message(message)
        self.end.setVisible(self._command is not LeaveSale)
        self.other.setVisible(self._command is not KeepAmount and pays)
        self.foot.refit()

    def key(self, event: QKeyEvent) -> bool:
        # The key of a button stays its key where the primary one has taken its place.
        keys: dict[_Offered, Qt.Key] = {
            LeaveSale: Qt.Key.Key_Escape,
            KeepAmount: Qt.Key.Key_F6,
        }
        own = keys.get(self._command)
        if event.key() == own:
            self.main.click()
            return True
        return super().key(event)

    def refit(self) -> None:
        self.band.refit()
        self.body.setContentsMargins(*body_margins())
        self.foot.refit()


def _offer_otherwise(sale: Sale, step: Next, again: str) -> tuple[str, _Offered]:
    """Nothing is paid here: there is no other way to pay, only another try, or another card."""
    if step is Next.YES:
        return again, TryAgain
    if step is Next.OTHER and not sale.row.needs_original:
        return N_("Try another card"), TryAgain
    return N_("Close"), LeaveSale


class DeclinedStage(EndingStage):
    """E1: the bank said no, with its code."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send, Band("badFill", "onBad", "octagon"), "badFill")
        self._head = Label("", 20, 600, tracking=-0.01)
        self._steps = StepsList()
        self._warning = WarningBox()
        self.body.addWidget(self._head)
        self.body.addWidget(self._steps)
        self.body.addStretch(1)
        self.body.addWidget(self._warning)

    @property
    def title(self) -> str:
        return say("Declined")

    @property
    def line(self) -> str:
        if self.notice is None:
            return ""
        sale = self.notice.sale
        rejected = sale.state is State.REJECTED
        return say(refusal_of(sale).title if rejected else meaning(sale).title)

    def retranslate(self) -> None:
        if self.notice is None:
            return
        answer = meaning(self.notice.sale)
        sale = self.notice.sale
        if is_not_voidable(sale):
            self.offer(Next.YES, N_("Refund instead"))
        else:
            self.offer(Next.NO if sale.state is State.REJECTED else answer.next)
        super().retranslate()
        self.band.set_words(self.title, self.line, say("Bank code {code}", code=answer.code))
        self._head.setText(say("What to do"))
        self._steps.set_steps(declined_steps(self.notice.sale))
        wrong = self.notice.wrong_pins if answer.code == "55" else 0
        self._warning.setVisible(wrong > 0)
        said = (
            say(WRONG_PINS[wrong])
            if wrong in WRONG_PINS
            else say("{n} wrong PINs on this till.", n=wrong)
        )
        self._warning.set_words(said, say("Most banks block a card after three."))
        self.foot.refit()

    def refit(self) -> None:
        super().refit()
        self.body.setSpacing(ROOM.pick(16, 20, 24))
        self._head.set_style(ROOM.pick(20, 20, 24), 600, -0.01)
        self._steps.refit()


class NotSentStage(EndingStage):
    """E2: nothing left this till: where the way to the bank is broken, and what to do."""

    def __init__(self, settings: Settings, send: Send) -> None:
        band = Band("badTint", "bad", "fault", border="bad")
        super().__init__(settings, send, band, "bad")
        self._path = PathDiagram()
        self._rule = Divider()
        self._head = Label("", 20, 600, tracking=-0.01)
        self._steps = StepsList()
        for part in (self._path, self._rule, self._head, self._steps):
            self.body.addWidget(part)
        self.body.addStretch(1)

    @property
    def title(self) -> str:
        sale = self.notice.sale if self.notice is not None else None
        asked = sale is not None and sale.row.lane is Lane.ENQUIRY and sale.fault == NOT_LEARNT
        return say("No answer") if asked else say("Not sent")

    @property
    def line(self) -> str:
        fault = fault_of(self.notice.sale) if self.notice is not None else None
        return say(fault.title) if fault is not None else ""

    def retranslate(self) -> None:
        if self.notice is None:
            return
        sale = self.notice.sale
        fault = fault_of(sale)
        self.offer(fault.next if fault is not None else Next.YES)
        super().retranslate()
        self.band.set_words(
            self.title, self.line, say("Fault {code}", code=sale.fault) if sale.fault else ""
        )
        on_the_way = shows_path(sale.fault)
        for part in (self._path, self._rule):
            part.setVisible(on_the_way)
        self._head.setVisible(not on_the_way)
        if on_the_way:
            self._path.set_places(path_of(sale.fault, self.settings.till))
        self._head.setText(say("What to do"))
        self._steps.set_steps(fault_steps(sale, self.settings.pin_seconds))
        self.foot.refit()

    def refit(self) -> None:
        super().refit()
        left, top, right, bottom = body_margins()
        self.body.setContentsMargins(left, round(top * 0.75), right, bottom)
        self.body.setSpacing(ROOM.pick(14, 18, 28))
        self._head.set_style(ROOM.pick(20, 20, 24), 600, -0.01)
        self._steps.refit()


class ManualStage(EndingStage):
    """Nobody knows, and the till cannot find out: people must talk. Never charge again."""

    def __init__(self, settings: Settings, send: Send) -> None:
        band = Band("badTint", "bad", "warn", border="bad")
        super().__init__(settings, send, band, "bad")
        self._head = Label("", 20, 600, tracking=-0.01)
        self._steps = StepsList()
        self._warning = WarningBox()
        for part in (self._head, self._steps):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.body.addWidget(self._warning)

    @property
    def title(self) -> str:
        return say("Not certain")

    @property
    def line(self) -> str:
        if self.notice is None:
            return ""
        fault = fault_of(self.notice.sale)
        return say(fault.title) if fault is not None else say(meaning(self.notice.sale).title)

    def retranslate(self) -> None:
        if self.notice is None:
            return
        sale = self.notice.sale
        self.offer(Next.NO)
        self.other.setVisible(False)
        super().retranslate()
        code = (
            say("Fault {code}", code=sale.fault)
            if sale.fault
            else say("Bank code {code}", code=meaning(sale).code)
        )
        self.band.set_words(self.title, self.line, code)
        self._head.setText(say("What to do"))
        self._steps.set_steps(manual_steps(sale, self.settings.acquirer.name))
        self._warning.set_words(
            say("The sale stays open") if sale.kind is Kind.SALE else say("It stays open"),
            say("until a manager notes its result."),
        )
        self.foot.refit()

    def refit(self) -> None:
        super().refit()
        self.body.setSpacing(ROOM.pick(16, 20, 24))
        self._head.set_style(ROOM.pick(20, 20, 24), 600, -0.01)
        self._steps.refit()
