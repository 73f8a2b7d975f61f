"""The stages of a payment that is being undone, and of one that has been."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from checkout.commands import LeaveSale
from checkout.notices import PaymentShown
from domain.entries import SlipKind, SlipState
from domain.faults import Next
from domain.kinds import Kind
from domain.sale import Moment, Sale, State
from domain.settings import Settings
from domain.truth import meaning
from domain.words import N_
from ui.band import Band, SaidRow
from ui.drawings import Hatch, TimeBar
from ui.history_log import HistoryLog, LogRow
from ui.kind_words import kind_words
from ui.parts import Label
from ui.payment_words import clock_time, fault_of, slip_of, trace_of
from ui.room import ROOM
from ui.stage import Foot, PaymentButton, Send, Stage, Wait, body_margins
from ui.stages_pin import FLASH_MS
from ui.stages_trouble import EndingStage
from ui.tongue import say

CTRL_N = (Qt.Key.Key_N, True)
MOST_ROWS = 5
LAST_TRIES = 2
NEARLY_SECONDS = 1.0
"""By so much a wait may end before its time and still be called by it."""


def reversal_rows(sale: Sale, answer_seconds: float) -> tuple[LogRow, ...]:
    """What happened since the request went out; of many tries only the last ones."""
    rows: list[LogRow] = []
    tries: list[LogRow] = []
    sent_at: datetime | None = None
    for moment in sale.history:
        at = clock_time(moment.at)
        match moment.event:
            case "Sent":
                sent_at = moment.at
                trace = say("trace {trace}", trace=trace_of(sale))
                rows.append(LogRow("upload", at, say(kind_words(sale).sent), trace))
            case "Unanswered":
                unknown = _unknown(sale, moment, sent_at, answer_seconds)
                rows.append(LogRow("hourglass", at, unknown, "", "warn"))
            case "PowerReturned":
                power = say("Power was lost during the payment")
                rows = [*(row for row in rows if row.words != power), LogRow("warn", at, power)]
            case "ReversalUnanswered" | "ReversalRefused" | "ReversalGivenUp" | "ReversalAccepted":
                words = say("Cancellation sent, try {n}", n=len(tries) + 1)
                outcome = (
                    say("no answer")
                    if moment.event == "ReversalUnanswered"
                    else say("Bank code {code}", code=moment.note)
                )
                tries.append(LogRow("reversing", at, words, outcome))
    return (*rows[-2:], *tries[-LAST_TRIES:])


def _unknown(sale: Sale, moment: Moment, sent_at: datetime | None, answer_seconds: float) -> str:
    """Why nobody knows: silence, a line that broke, or an answer that settles nothing."""
    fault = moment.note
    if fault == "N-06":
        return _no_answer(sale, moment, sent_at, answer_seconds)
    if fault == "N-08":
        return say("Bank's answer failed the security check")
    return say("Bank's answer not understood")


def _no_answer(sale: Sale, moment: Moment, sent_at: datetime | None, answer_seconds: float) -> str:
    if sent_at is None:
        return say("Line lost while sending, outcome unknown")
    seconds = round((moment.at - sent_at).total_seconds())
    if seconds + NEARLY_SECONDS >= answer_seconds:
        return say("No answer in {s} s, outcome unknown", s=round(answer_seconds))
    if sale.state is not State.REVERSAL_PENDING:
        # The bank's word on the reversal has taken the place of what it said before, if anything.
        return say("No final answer after {s} s, outcome unknown", s=seconds)
    if sale.answer is not None:
        return say("Bank code {code}, outcome unknown", code=sale.answer.code)
    return say("Line lost after {s} s, outcome unknown", s=seconds)


def _is_lost_line(sale: Sale, answer_seconds: float) -> bool:
    """Whether the wait for the answer ended before its time."""
    at = {moment.event: moment.at for moment in sale.history}
    sent, ended = at.get("Sent"), at.get("Unanswered")
    if sent is None or ended is None or sale.answer is not None:
        return False
    return (ended - sent).total_seconds() + NEARLY_SECONDS < answer_seconds


class ReversingStage(Stage):
    """E3: the outcome is unknown, and the till undoes the payment until the bank confirms it."""

    holds_escape: ClassVar[bool] = True

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send)
        self.set_look("surface", "warn")
        self._band = Band("amber", "onAmber", "reversing")
        self._hatch = Hatch()
        self._log = HistoryLog(MOST_ROWS, ink="ink", faint="ink2", rule="line")
        self._bar = TimeBar("amberDeep", "warnLine", 12)
        self._left = Label("", 17, 600)
        self._keep = SaidRow("hand", px=28)
        self._still = Label("", 15, 400, "ink2", wrap=True, line=21)
        self.wait: Wait = Wait(self.on_tick, self)
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(FLASH_MS)
        self._flash.timeout.connect(self.on_flash_over)
        countdown = QHBoxLayout()
        countdown.setSpacing(16)
        countdown.addWidget(self._bar, 1)
        countdown.addWidget(self._left)
        self._body = QVBoxLayout()
        self._body.addWidget(self._log)
        self._body.addLayout(countdown)
        self._body.addStretch(1)
        self._body.addWidget(self._keep)
        leave = PaymentButton(
            N_("Serve the next customer"), LeaveSale, send, keys=(CTRL_N,), keycap="Ctrl N"
        )
        self.buttons = (leave,)
        self._foot = Foot((self._still,), leave, primary_width=0)
        self.column.addWidget(self._band)
        self.column.addWidget(self._hatch)
        self.column.addLayout(self._body, 1)
        self.column.addWidget(self._foot)

    @property
    def title(self) -> str:
        return say("Reversing…")

    @property
    def line(self) -> str:
        fault = fault_of(self.notice.sale) if self.notice is not None else None
        if fault is None or fault.code == "N-06":
            sale = self.notice.sale if self.notice is not None else None
            if sale is not None and sale.answer is not None:
                return say(meaning(sale).title)
            if sale is not None and _is_lost_line(sale, self.settings.acquirer.answer_seconds):
                return say("The line to the bank was lost")
            return say("The bank did not answer in time")
        return say(fault.title)

    def begin(self, notice: PaymentShown) -> None:
        super().begin(notice)

    def retranslate(self) -> None:
        if self.notice is None:
            return
        super().retranslate()
        sale = self.notice.sale
        code = say("Fault {code}", code=sale.fault) if sale.fault else ""
        self._band.set_words(self.title, self.line, code)
        self._keep.set_words(say(kind_words(sale).keep), say("until this turns to Reversed."))
        self._still.setText(say("It keeps trying by itself, even after a power cut."))
        rows = reversal_rows(sale, self.settings.acquirer.answer_seconds)
        if self.notice.reversing_now:
            words = say("Cancellation sent, try {n}", n=sale.reversal_tries + 1)
            rows = (*rows, LogRow("running", say("now"), words, " ", "warn"))
        self._log.set_rows(rows)
        self.on_tick()

    def refit(self) -> None:
        self._band.refit()
        self._log.refit()
        left, _, right, _ = body_margins()
        self._body.setContentsMargins(left, ROOM.pick(12, 18, 28), right, 16)
        self._body.setSpacing(ROOM.pick(12, 14, 20))
        self._left.set_style(ROOM.pick(17, 17, 20), 600)
        self._still.set_style(*ROOM.pick((15, 400, 0, 21), (15, 400, 0, 21), (17, 400, 0, 25)))
        self._foot.refit()

    def on_tick(self) -> None:
        """Another fifth of a second has passed."""
        now = self.notice is not None and self.notice.reversing_now
        for part in (self._bar, self._left):
            part.setVisible(self.wait.running)
        self._bar.set_part(self.wait.part)
        seconds = round(self.wait.left)
        if now:
            self._log.set_last(say("waiting {s} s", s=int(self.wait.waited)))
            self._left.setText(say("Answer due in {s} s", s=seconds))
        else:
            self._left.setText(say("Next try in {s} s", s=seconds))

    def flash(self) -> None:
        self._keep.set_token("warn")
        self._flash.start()

    def on_flash_over(self) -> None:
        """Once is enough."""
        self._keep.set_token("ink")

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        self.on_flash_over()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        super().hideEvent(event)


class ReversedStage(EndingStage):
    """E3b: the bank has confirmed that nothing is charged."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send, Band("night", "onNight", "reversing"), "night")
        self._log = HistoryLog(MOST_ROWS, ink="ink", faint="ink2", rule="line")
        self._safe = SaidRow("info")
        self.body.addWidget(self._log)
        self.body.addStretch(1)
        self.body.addWidget(self._safe)

    @property
    def title(self) -> str:
        return say("Reversed")

    @property
    def line(self) -> str:
        return say("The bank confirmed the cancellation")

    def retranslate(self) -> None:
        if self.notice is None:
            return
        sale = self.notice.sale
        words = kind_words(sale)
        self.offer(Next.YES, words.again)
        super().retranslate()
        code = meaning(sale).code
        self.band.set_words(
            self.title, self.line, say("Bank code {code}", code=code) if code else ""
        )
        rows = reversal_rows(sale, self.settings.acquirer.answer_seconds)
        at = clock_time(sale.finished_at) if sale.finished_at is not None else ""
        done = LogRow("approved", at, say(words.undone), "", "ok")
        self._log.set_rows((*rows, done))
        slip = slip_of(self.notice, SlipKind.REVERSED)
        printed = slip is not None and slip.state == SlipState.PRINTED.value
        if sale.kind is Kind.SALE and printed:
            self._safe.set_words(
                "", say("It is safe to charge again. A reversal slip was printed.")
            )
        else:
            self._safe.set_words("", say(words.safe))
        self.foot.refit()

    def refit(self) -> None:
        super().refit()
        self._log.refit()
        left, _, right, _ = body_margins()
        self.body.setContentsMargins(left, ROOM.pick(12, 18, 28), right, ROOM.pick(16, 32, 40))
        self.body.setSpacing(ROOM.pick(8, 16, 20))
