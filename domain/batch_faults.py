"""What can be wrong with the bank's batch: rows of the catalogue in domain/faults.

No money moves by any of them: they say when the till may sell, and what the day still needs.
"""

from __future__ import annotations

from domain.fault import Call, Fault
from domain.moved import Moved, Next
from domain.words import N_

FAULTS = tuple(
    Fault(code, title, remedy, Moved.NONE, Next.NO, means=means, call=call)
    for code, title, remedy, means, call in (
        (
            "B-01",
            N_("The day is being settled"),
            N_(
                "Wait until the bank has it. If it does not answer, a supervisor may go on selling."
            ),
            N_("Till and bank compare the payments of the day, so no payment may come in between."),
            Call.MANAGER,
        ),
        (
            "B-02",
            N_("The bank's batch is nearly full"),
            N_("Settle the day with the bank soon, under End of day."),
            N_("The bank takes only so many payments before the day is settled with it."),
            Call.MANAGER,
        ),
        (
            "B-03",
            N_("The bank's batch is full"),
            N_("Settle the day with the bank, under End of day. Then go on selling."),
            N_("The bank takes only so many payments before the day is settled with it."),
            Call.MANAGER,
        ),
        (
            "B-04",
            N_("A payment waits for a manager"),
            N_("Open In doubt, call the acquirer, and note what it says. Then settle the day."),
            N_("Nobody knows yet what the bank did with a payment, so the day cannot be settled."),
            Call.MANAGER,
        ),
        (
            "B-05",
            N_("The books differ"),
            N_("The batch is closed. Go through the differences and do what each of them says."),
            N_("Till and bank do not hold the same payments for this day."),
            Call.MANAGER,
        ),
    )
)
