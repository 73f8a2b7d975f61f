"""The end of the day on the screen: a batch, its totals, and how far its settlement has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkout.commands import NotTheMoment
from checkout.notices import DayShown, InTheWay, LastBatch, SchemeLine
from checkout.pictures import slip_shown
from domain.batch import CLOSING_STATES, Batch, BatchState, totals_of
from domain.entries import Decision, EntryKind, Slip, SlipState
from domain.receipts import as_copy
from domain.sale import State
from domain.settlement_slip import by_scheme
from domain.tray import doubt_of
from domain.words import words

if TYPE_CHECKING:
    from checkout.till import Till

TIMER = "settle"
"""The deadline of the next try."""


class Day:
    """Whether the day is on the screen, and which batch of it; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._is_open = False
        self._closed: int | None = None

    @property
    def shows_closed(self) -> bool:
        """Whether the batch on the screen has just been closed."""
        return self._closed is not None

    def open(self) -> None:
        """Show the day. Not over a payment that is not over."""
        self._till.desk.clear()
        self._till.transactions.forget()
        self._is_open = True
        self.show()

    def open_unless_shown(self) -> None:
        """The same for somebody who settles from another screen."""
        if not self._is_open:
            self.open()

    def closed(self, batch: Batch) -> None:
        """A batch is over: it stays on the screen until the day is left."""
        if self._is_open:
            self._closed = batch.number

    def forget(self) -> None:
        """The day is left."""
        self._is_open, self._closed = False, None

    def show(self) -> bool:
        """Show the day as it is now, if it is open; False where it is not."""
        if not self._is_open or self._till.counter.operator is None:
            return False
        self._till.tell(day_shown(self._till, self._batch()))
        return True

    def refresh(self) -> None:
        """Something changed: show it again, unless a payment lies over it."""
        if self._is_open and not self._till.desk.is_shown:
            self._till.show_between()

    def print_again(self, number: int) -> None:
        """A copy of the slip of a closed batch. Not while one of it has not come out."""
        till = self._till
        slips = till.parts.journal.slips_of_batch(number)
        if not slips or any(slip.state is not SlipState.PRINTED for slip in slips):
            raise NotTheMoment
        page = as_copy(slips[0].document, words(till.parts.settings.slip_language))
        copy = Slip(None, slips[0].kind, page, batch=number)
        body: dict[str, object] = {"kind": copy.kind.value, "asked": True, "batch": number}
        till.remember(Decision((till.entry(EntryKind.SLIP, body),), slips=(copy,)))
        till.slips.try_now()
        self.refresh()
        till.show_strip()

    def _batch(self) -> Batch:
        """The batch just closed, the one in motion, or the open one."""
        settlement, batches = self._till.settlement, self._till.parts.journal.batches
        closed = batches.find(self._closed) if self._closed is not None else None
        return closed or settlement.batch or settlement.opened()


def day_shown(till: Till, batch: Batch) -> DayShown:
    """That batch as it is now."""
    parts, settlement = till.parts, till.settlement
    rows = settlement.rows.of(batch)
    totals = batch.till or totals_of(rows, parts.settings.money)
    is_closed = batch.state is BatchState.CLOSED
    waiting = () if is_closed else settlement.in_the_way()
    has_something = bool(rows) or bool(waiting)
    is_stopped = any(sale.state is State.MANUAL for sale in waiting)
    slips = parts.journal.slips_of_batch(batch.number) if is_closed else ()
    return DayShown(
        batch=batch.number,
        state=batch.state,
        opened_at=batch.opened_at,
        can_settle=not is_closed and has_something and not is_stopped,
        can_sell_on=settlement.may_sell_on,
        sells=batch.state not in CLOSING_STATES or batch.sells_on,
        rows=len(rows),
        rows_allowed=parts.settings.acquirer.batch_rows,
        schemes=tuple(SchemeLine(*line) for line in by_scheme(rows)),
        refunds=SchemeLine("", totals.credit_count, totals.credit),
        net=totals.net,
        till=totals,
        bank=batch.bank,
        verdict=batch.verdict,
        step=batch.stage,
        sent=batch.sent,
        of=batch.of,
        fault=batch.fault,
        next_try_seconds=None if is_closed else till.timers.left(TIMER),
        in_the_way=tuple(
            InTheWay(sale.number, doubt.next, sale.state is State.MANUAL)
            for sale in waiting
            if (doubt := doubt_of(sale)) is not None
        ),
        differences=settlement.rows.differences(batch) if is_closed else (),
        slip=slip_shown(slips[-1], till.slips.faults) if slips else None,
        last=_last(till),
    )


def _last(till: Till) -> LastBatch | None:
    """The batch that was closed last."""
    batch = till.parts.journal.batches.last_closed()
    if batch is None or batch.till is None or batch.closed_at is None:
        return None
    return LastBatch(
        batch.number,
        batch.closed_at,
        batch.verdict,
        batch.till.net,
        till.settlement.rows.differences(batch),
    )
