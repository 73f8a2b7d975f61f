"""R4 and R6: simulated days under a fresh seed, and how long anything stays in doubt in them."""

from __future__ import annotations

import secrets
import sys

from tests.safety import planted
from tests.safety.rows import Budget, Row, control, row
from tests.safety.simulation.run import Summary, run

SALES = 100_000
LONGEST_WAIT = 60.0
"""Simulated seconds for 99 of 100 reversals, from the moment at which line and bank are well again:
since then no message was lost or spoiled, and none refused.
"""


_lived: list[Summary] = []


def lived(budget: Budget) -> Summary:
    """The days that both rows speak of; what broke is told with its seed."""
    if not _lived:
        seed = secrets.randbelow(1_000_000_000)
        if budget.quick:
            _lived.append(run(SALES, seed, jobs=1, seconds=budget.seconds))
        else:
            _lived.append(run(SALES, seed))
        sys.stderr.write("\n".join(_lived[0].lines()) + "\n")
    return _lived[0]


@row
def sales(budget: Budget) -> Row:
    """Sales with troubles; the control is a till that takes silence for a decline."""
    summary = lived(budget)
    return Row(
        "R4 simulated sales",
        summary.sales,
        len(summary.broken),
        control(caught=planted.is_caught("silence counts as a decline")),
        summary.seed,
        summary.seconds,
    )


@row
def in_doubt(budget: Budget) -> Row:
    """Reversals accepted; wrong is what stays in doubt, and a wait of 99 in 100 beyond the limit."""
    summary = lived(budget)
    wait = summary.wait(99)
    return Row(
        f"R6 reversals accepted, p99 {wait:.0f} simulated s once line and bank are well",
        summary.waits.total(),
        summary.in_doubt + (wait > LONGEST_WAIT),
        control(
            caught=planted.is_caught("what was sealed is destroyed while the sale is in doubt")
        ),
        summary.seed,
        summary.seconds,
    )
