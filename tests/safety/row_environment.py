"""R12: a disk that errs, fills up or goes read-only, a bank that hangs, a second instance."""

from __future__ import annotations

import sys

from tests.safety import environment
from tests.safety.rows import Budget, Row, control, row
from tests.safety.strace import why_not

reason = why_not()


def measure(budget: Budget) -> Row:
    """As many troubles as the time allows; `python -m tests.safety.environment` tries all."""
    endured = environment.endure(seconds=budget.seconds, tell=sys.stderr.write)
    return Row(
        "R12 sales on a failing machine",
        endured.tried,
        len(endured.wrong),
        control(caught=endured.caught),
        environment.SEED,
        endured.seconds,
    )


if reason:
    sys.stderr.write(f"NOT TRIED: R12, a failing machine: {reason}\n")
else:
    row(measure)
