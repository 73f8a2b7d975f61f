"""The errands of a settlement: each sends one step to the bank, once, and reports what came of it."""

from __future__ import annotations

from collections.abc import Callable

from acquirer.link import Link
from checkout.crash_points import passing
from checkout.errands import Caller, Tell, sign_on
from checkout.reports import BankSeen, BatchHappened, SignOnWanted
from domain.batch import BatchEvent, Ended, RowsTaken, Silent, TotalsAnswered
from domain.faults import LinkFault

ANSWERED = {
    TotalsAnswered: "totals answered",
    RowsTaken: "row uploaded",
    Ended: "batch ended",
}
"""Where a crash may come between an answer and its commit."""


def send_step(
    link: Link, caller: Caller, batch: int, send: Callable[[], BatchEvent], tell: Tell
) -> None:
    """Send a step of a settlement, with new working keys where there are none."""
    passing("before settling")
    fault = "" if link.has_keys else sign_on(link, caller, tell)
    if fault:
        tell(BatchHappened(batch, Silent(fault)))
        return
    try:
        event = send()
    except LinkFault as unanswered:
        tell(BankSeen(None, unanswered.fault.code))
        tell(BatchHappened(batch, Silent(unanswered.fault.code)))
        return
    passing(ANSWERED[type(event)])
    tell(BankSeen(None))
    tell(BatchHappened(batch, event))
    if link.wants_sign_on:
        tell(SignOnWanted(link.has_keys))
