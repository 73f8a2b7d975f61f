"""R3: the power of a real filesystem is cut under load, and nothing acknowledged is lost."""

from __future__ import annotations

import sys

from tests.safety import power_cuts
from tests.safety.rows import Budget, Row, control, row

CUTS = 1000

reason = power_cuts.why_not()


def measure(budget: Budget) -> Row:
    """As many cuts as the time allows; `python -m tests.safety.power_cuts` makes any number."""
    result = power_cuts.cut_many(CUTS, seconds=budget.seconds, sales=not budget.quick)
    for wrong in result.wrong:
        sys.stderr.write(f"{wrong}\n")
    return Row(
        "R3 power cuts of a real filesystem",
        result.cuts,
        len(result.wrong),
        control(caught=result.caught),
        power_cuts.SEED,
        result.seconds,
    )


if reason:
    sys.stderr.write(f"NOT TRIED: R3, real power cuts: {reason}\n")
else:
    row(measure)
