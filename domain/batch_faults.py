"""What can be wrong with the bank's batch: rows of the catalogue in domain/faults.

No money moves by any of them: they say when the till may sell, and what the day still needs.
"""

from __future__ import annotations

from domain.words import N_

BATCH_FAULTS = (
    (
        "B-01",
        N_("The day is being settled"),
        N_("Wait until the bank has it. If it does not answer, a supervisor may go on selling."),
    ),
    (
        "B-02",
        N_("The bank's batch is nearly full"),
        N_("Settle the day with the bank soon, under End of day."),
    ),
    (
        "B-03",
        N_("The bank's batch is full"),
        N_("Settle the day with the bank, under End of day. Then go on selling."),
    ),
    (
        "B-04",
        N_("A payment waits for a manager"),
        N_("Open In doubt, call the acquirer, and note what it says. Then settle the day."),
    ),
    (
        "B-05",
        N_("The books differ"),
        N_("The batch is closed. Go through the differences and do what each of them says."),
    ),
)
"""Code, title and remedy."""
