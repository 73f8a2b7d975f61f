"""The end of the day as a picture: a batch, its totals, and how far its settlement has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkout.notices import DayShown, InTheWay, LastBatch, SchemeLine
from checkout.pictures import slip_shown
from domain.batch import CLOSING_STATES, Batch, BatchState, rows_of, totals_of
from domain.operators import Permission, may
from domain.sale import State
from domain.settlement_slip import by_scheme
from domain.tray import doubt_of

if TYPE_CHECKING:
    from checkout.settlement import Settlement
    from checkout.till import Till

TIMER = "settle"
"""The deadline of the next try."""


def day_shown(till: Till, settlement: Settlement, batch: Batch) -> DayShown:
    """That batch as it is now."""
    parts = till.parts
    rows = rows_of(parts.journal.batches.sales(batch.number))
    totals = batch.till or totals_of(rows, parts.settings.money)
    is_closed = batch.state is BatchState.CLOSED
    waiting = () if is_closed else settlement.in_the_way()
    may_settle = may(till.counter.operator, Permission.SETTLE)
    has_something = bool(rows) or bool(waiting)
    is_stopped = any(sale.state is State.MANUAL for sale in waiting)
    slips = parts.journal.slips_of_batch(batch.number) if is_closed else ()
    return DayShown(
        batch=batch.number,
        state=batch.state,
        opened_at=batch.opened_at,
        can_settle=may_settle and not is_closed and has_something and not is_stopped,
        can_sell_on=may_settle and settlement.may_sell_on,
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
        differences=settlement.differences(batch) if is_closed else (),
        slip=slip_shown(slips[-1], till.slips.faults) if slips else None,
        last=_last(till, settlement),
    )


def _last(till: Till, settlement: Settlement) -> LastBatch | None:
    """The batch that was closed last."""
    batch = till.parts.journal.batches.last_closed()
    if batch is None or batch.till is None or batch.closed_at is None:
        return None
    return LastBatch(
        batch.number,
        batch.closed_at,
        batch.verdict,
        batch.till.net,
        settlement.differences(batch),
    )
