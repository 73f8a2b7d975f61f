"""The end of the day: the open batch is settled with the bank, step by step, each on disk first.

While it lasts nothing joins the batch. After three silences a supervisor may let the shop sell on:
what is sold then stands in the next batch. After a power cut it goes on in the step that it was in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from acquirer.link import BatchCall
from checkout import batch_errands
from checkout.bank import ANSWERED_BADLY, REVERSAL_WAITS
from checkout.batch_rows import BatchRows
from checkout.commands import NotTheMoment
from checkout.crash_points import passing
from checkout.day import TIMER
from checkout.mishaps import STOPPED
from checkout.notices import BatchClosedTold, FaultTold
from checkout.recovery import take_up_forgotten
from domain.batch import (
    CLOSING_STATES,
    MAX_SILENCES,
    STANDING,
    AllFinished,
    Batch,
    BatchErrand,
    BatchEvent,
    BatchNotNow,
    BatchState,
    Begun,
    Ended,
    RowsTaken,
    Silent,
    SoldOn,
    Stage,
    TakenUp,
    TotalsAnswered,
    Verdict,
    advance,
    fills,
    rows_of,
    totals_of,
)
from domain.batch_record import batch_entry
from domain.entries import Decision, Slip
from domain.faults import Refused, StoreFault
from domain.kinds import Lane
from domain.match import Difference
from domain.sale import OPEN, Sale, State
from domain.settlement_slip import settlement_slip

if TYPE_CHECKING:
    from checkout.till import Till

log = logging.getLogger("till.settlement")

ASKING = frozenset({State.ARMED, State.WAITING})
FULL = "B-03"
REMEMBERED = {
    Begun: "settlement begun",
    AllFinished: "totals remembered",
    TotalsAnswered: "verdict remembered",
    RowsTaken: "row remembered",
    Ended: "batch closed",
}


class Settlement:
    """The batch that is being settled; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.batch: Batch | None = None
        """The batch that is being settled; None where one is merely open."""
        self.rows = BatchRows(till.parts.journal)
        self._is_sending = False
        self._warned = (0, "")

    @property
    def number(self) -> int:
        """The oldest batch that is not closed."""
        return max(1, self._till.parts.journal.counter("batch"))

    @property
    def open_batch(self) -> int:
        """The bank's batch that payments go into now."""
        return self.number + 1 if self.batch is not None else self.number

    @property
    def may_sell_on(self) -> bool:
        """Whether the bank has been silent for long enough."""
        if self.batch is None or self.batch.sells_on:
            return False
        if self.batch.stage is not Stage.FINISHING:
            return self.batch.silences >= MAX_SILENCES
        return any(
            sale.state is State.MANUAL or max(sale.reversal_tries, sale.tells) >= MAX_SILENCES
            for sale in self.in_the_way()
        )

    def refuse(self, sale: Sale) -> None:
        """Raises Refused B-01 or B-03 where no payment may join the batch; an enquiry always may."""
        if sale.row.lane is Lane.ENQUIRY:
            return
        if self.batch is not None and not self.batch.sells_on:
            raise Refused("B-01")
        if self._fault_of_size() == FULL:
            raise Refused(FULL)

    def recover(self) -> None:
        """At the start: go on in the step in which the power went. Raises StoreFault."""
        batch = self._till.parts.journal.batches.find(self.number)
        if batch is not None and batch.state in CLOSING_STATES:
            self.batch = batch
            self._happen(TakenUp())

    def settle(self) -> None:
        """Begin, or try once more what has no answer. Raises Refused B-04 or J-01."""
        till = self._till
        till.desk.clear()
        till.day.open_unless_shown()
        try:
            take_up_forgotten(till)
        except StoreFault as fault:
            raise Refused(fault.fault.code) from fault
        if any(sale.state is State.MANUAL for sale in self.in_the_way()):
            raise Refused("B-04")
        if self.batch is not None:
            if self._is_sending:
                raise NotTheMoment
            self._decide(TakenUp())
            return
        rows = rows_of(till.parts.journal.batches.sales(self.number))
        if not (rows or self.in_the_way()) or till.day.shows_closed:
            raise NotTheMoment
        self.batch = opened = self.opened()
        try:
            self._decide(Begun(self._who()))
        finally:
            if self.batch is opened:
                self.batch = None

    def sell_on(self) -> None:
        """Take payments again, into the next batch. Raises Refused J-01."""
        if not self.may_sell_on:
            raise NotTheMoment
        self._decide(SoldOn(self._who()))

    def happened(self, number: int, event: BatchEvent) -> None:
        """What came of a step. Raises StoreFault, and tries the step again later then."""
        self._is_sending = False
        if self.batch is None or self.batch.number != number:
            return
        try:
            if isinstance(event, TotalsAnswered):
                event = self._with_rows(event)
            self._happen(event)
        except StoreFault:
            self._till.timers.set(TIMER, REVERSAL_WAITS[1], self._send)
            raise

    def worker_died(self) -> None:
        """What was being sent has no answer."""
        if self._is_sending and self.batch is not None:
            self.happened(self.batch.number, Silent(STOPPED))

    def payment_changed(self, sale: Sale) -> None:
        """A payment took a step: perhaps it was the last that stood in the way, or filled the batch."""
        if self.batch is not None and self.batch.stage is Stage.FINISHING:
            self._look()
        elif self.batch is None and sale.state in STANDING:
            fault = self._fault_of_size()
            if fault and self._warned != (self.number, fault):
                self._warned = (self.number, fault)
                self._till.tell(FaultTold(fault))
        self._till.day.refresh()

    def is_back(self) -> None:
        """The bank answers: no need to wait for the next try, unless it answered that one badly."""
        is_waiting = self._till.timers.is_set(TIMER)
        if self.batch is not None and is_waiting and self.batch.fault not in ANSWERED_BADLY:
            self._send()

    def in_the_way(self) -> tuple[Sale, ...]:
        """Payments of the batch that must come to their end first, oldest first."""
        sales = self._till.payments.sales.values()
        return tuple(
            sorted(
                (sale for sale in sales if sale.state in OPEN and sale.batch <= self.number),
                key=lambda sale: sale.number,
            )
        )

    def opened(self) -> Batch:
        """The open batch, of which nothing is written down yet but its payments."""
        batches = self._till.parts.journal.batches
        last = batches.last_closed()
        since = batches.begun(self.number) or (last.closed_at if last is not None else None)
        return Batch(self.number, since or self._till.parts.clock.now())

    def _decide(self, event: BatchEvent) -> None:
        """What a person asked for. Raises Refused J-01 where it cannot be written down."""
        try:
            self._happen(event)
        except StoreFault as fault:
            raise Refused(fault.fault.code) from fault

    def _happen(self, event: BatchEvent) -> None:
        """Decide, remember, do. Raises StoreFault."""
        till, batch = self._till, self.batch
        assert batch is not None  # every caller has one
        now, stan = till.parts.clock.now(), till.parts.journal.peek_stan()
        try:
            step = advance(batch, event, now, stan)
        except BatchNotNow as late:
            log.info("batch %s: %s is too late", batch.number, late)
            return
        after = step.batch
        slips: tuple[Slip, ...] = ()
        differences: tuple[Difference, ...] = ()
        if BatchErrand.PRINT in step.errands:
            differences, rows = self.rows.differences(after), self.rows.of(after)
            slips = (settlement_slip(after, rows, differences, till.parts.settings),)
        operator = till.counter.operator
        entry = batch_entry(after, event, now, operator.id if operator else "")
        takes = stan if step.takes_stan else 0
        till.remember(Decision((entry,), batch=after, takes_stan=takes, slips=slips))
        self.batch = after
        if type(event) in REMEMBERED:
            passing(REMEMBERED[type(event)])
        if step.errands:
            till.timers.drop(TIMER)
        if after.state is BatchState.CLOSED:
            self._closed(after, differences)
        self._do(step.errands)
        till.day.refresh()

    def _do(self, errands: tuple[BatchErrand, ...]) -> None:
        batch, till = self.batch, self._till
        for errand in errands:
            match errand:
                case BatchErrand.FINISH:
                    self._finish_what_is_open()
                    till.surely(self._look)
                case BatchErrand.SEND:
                    till.surely(self._send)
                case BatchErrand.SEND_LATER:
                    assert batch is not None  # it was silent about one
                    wait = REVERSAL_WAITS[min(batch.silences, len(REVERSAL_WAITS) - 1)]
                    till.timers.set(TIMER, wait, self._send)
                case BatchErrand.PRINT:
                    till.surely(till.slips.push)

    def _finish_what_is_open(self) -> None:
        """Ask for every reversal and advice of the batch now."""
        till = self._till
        for sale in self.in_the_way():
            if sale.state is State.REVERSAL_PENDING:
                till.surely(partial(till.bank.reverse_now, sale.number))
        till.surely(till.advices.flush)

    def _look(self) -> None:
        """Nothing in the way any more: the totals are final, and the bank may hear them."""
        if self.batch is None or self.batch.stage is not Stage.FINISHING or self.in_the_way():
            return
        try:
            rows = rows_of(self._till.parts.journal.batches.sales(self.batch.number))
            currency = self._till.parts.settings.money
            self._happen(
                AllFinished(
                    totals_of((row for row in rows if not row.is_foreign), currency),
                    totals_of((row for row in rows if row.is_foreign), currency),
                )
            )
        except StoreFault:
            self._till.timers.set(TIMER, REVERSAL_WAITS[1], self._look)
            raise

    def _send(self) -> None:
        """Send the step that the batch is in; never between a request and its answer."""
        till, batch = self._till, self.batch
        if batch is None or self._is_sending:
            return
        if batch.stage is Stage.FINISHING:
            self._look()
            return
        if any(sale.state in ASKING for sale in till.payments.sales.values()):
            till.timers.set(TIMER, REVERSAL_WAITS[1], self._send)
            return
        try:
            send = self._step_of(batch)
        except StoreFault:
            till.timers.set(TIMER, REVERSAL_WAITS[1], self._send)
            raise
        till.timers.drop(TIMER)
        self._is_sending = True
        link, caller = till.parts.link, till.bank.caller()
        till.hands.acquirer.do(
            partial(batch_errands.send_step, link, caller, batch.number, send, till.put)
        )

    def _step_of(self, batch: Batch) -> Callable[[], BatchEvent]:
        """What the acquirer's worker is to call."""
        link = self._till.parts.link
        operator = batch.begun_by.split(" ")[0]
        call = BatchCall(batch.number, batch.stan, operator, self._till.parts.settings.money)
        if batch.stage is Stage.COMPARING:
            assert batch.domestic is not None  # the step's own condition
            assert batch.foreign is not None
            return partial(link.settle, call, batch.domestic, batch.foreign)
        if batch.stage is Stage.UPLOADING:
            rows = self.rows.uploadable(batch)[batch.sent : batch.sent + link.upload_rows]
            return partial(link.upload, call, self.rows.with_messages(rows))
        balanced = batch.verdict is Verdict.BALANCED
        return partial(link.end_batch, call, batch.sent, balanced=balanced)

    def _with_rows(self, answered: TotalsAnswered) -> TotalsAnswered:
        """The verdict, with how many rows are uploaded after it, and which cannot be."""
        assert self.batch is not None  # whose totals these were
        if not self._till.parts.link.is_uploaded(answered.verdict):
            return answered
        sent = {row.sale for row in self.rows.uploadable(self.batch)}
        unsent = tuple(row.sale for row in self.rows.of(self.batch) if row.sale not in sent)
        return replace(answered, of=len(sent), unsent=unsent)

    def _closed(self, batch: Batch, differences: tuple[Difference, ...]) -> None:
        """The batch is over: the next one is open, and the screen stays where it is."""
        self.batch = None
        self._till.day.closed(batch)
        if differences:
            self._till.tell(FaultTold("B-05", f"{batch.number:06d}"))
        elif batch.till is not None:
            self._till.tell(BatchClosedTold(batch.number, batch.till.net))

    def _fault_of_size(self) -> str:
        """B-02 or B-03 for the batch that payments go into now; else empty."""
        batches, number = self._till.parts.journal.batches, self.open_batch
        limit = self._till.parts.settings.acquirer.batch_rows
        if not fills(batches.count(number), limit):
            return ""
        # That counts what the bank books nothing for, too: a held amount.
        return fills(batches.count_rows(number), limit)

    def _who(self) -> str:
        operator = self._till.counter.operator
        assert operator is not None  # may() let only an operator through
        return f"{operator.id} {operator.name}"
