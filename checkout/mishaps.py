"""What becomes of a sale when the till itself fails: the disk, or one of its workers.

Never better than the truth: a sale whose outcome cannot be written down is not paid, and one that
a worker left without an outcome is reversed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from domain.sale import (
    AdviceUnanswered,
    Approved,
    Declined,
    Errand,
    Event,
    FoundCharged,
    FoundNotCharged,
    PinEntered,
    PinFailed,
    Reason,
    Recorded,
    ReversalUnanswered,
    Sale,
    SendFailed,
    SentTwice,
    State,
    Step,
    Unanswered,
    advance,
)

if TYPE_CHECKING:
    from checkout.till import Till

OUTCOMES = (Approved, Declined, SentTwice, Unanswered)
STOPPED = "X-01"


def step_without_disk(before: Sale, event: Event, fault: str, at: datetime) -> Step:
    """The step in place of one that could not be remembered.

    What is on disk stands: a sale about to be armed is never sent, one that was asked is reversed.
    """
    if isinstance(event, PinEntered):
        return advance(before, PinFailed(fault), at)
    if isinstance(event, FoundCharged | FoundNotCharged):
        return Step(before, (), durable=False)
    if isinstance(event, Recorded):
        return advance(before, SendFailed(fault), at)
    if before.state is State.QUEUED:
        tried = replace(before, tells=before.tells + 1)
        return Step(tried, (Errand.DELIVER,), durable=False)
    if isinstance(event, SentTwice):
        # Never reversed: people must ask the bank, whether or not the disk can tell them tomorrow.
        return advance(before, event, at)
    if isinstance(event, OUTCOMES):
        return advance(before, Unanswered(Reason.OTHER, fault), at)
    if before.state is State.REVERSAL_PENDING:
        # Counted in memory at least, or a full disk would have it sent without a pause.
        tried = replace(before, reversal_tries=before.reversal_tries + 1)
        return Step(tried, (Errand.REVERSE,), durable=False)
    return advance(before, event, at)


def worker_died(till: Till, worker: str) -> None:
    """Whatever it had in hand has no outcome; what may have reached the bank is reversed."""
    if worker == "acquirer":
        till.surely(till.settlement.worker_died)
    for number, sale in list(till.payments.sales.items()):
        event = _left_behind(till, worker, sale)
        if event is not None:
            till.payments.happen(number, event)
        elif sale.state is State.DRAFT and worker.startswith("reader"):
            till.customer.nothing_read(number, "R-01")


def _left_behind(till: Till, worker: str, sale: Sale) -> Event | None:
    match worker, sale.state:
        case "acquirer", State.ARMED | State.WAITING:
            return Unanswered(Reason.OTHER, STOPPED)
        case "acquirer", State.REVERSAL_PENDING if sale.number in till.bank.reversing:
            return ReversalUnanswered(STOPPED)
        case "acquirer", State.QUEUED if till.advices.telling == sale.number:
            return AdviceUnanswered(STOPPED)
        case "acquirer", State.PIN_ENTRY if till.customer.awaits_pin_key:
            return PinFailed("K-01")
        case "pin pad", State.PIN_ENTRY:
            return PinFailed("P-03")
    return None
