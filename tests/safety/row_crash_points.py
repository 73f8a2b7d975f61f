"""R1a: a till that dies at a named point of a flow agrees with its bank afterwards."""

from __future__ import annotations

import sys

from tests.safety import crash_points
from tests.safety.rows import Budget, Row, control, row


def measure(budget: Budget) -> Row:
    """Every flow at every point; where there is little time, as many as it allows."""
    limit = budget.seconds if budget.quick else 0.0
    killed = crash_points.kill_many(seconds=limit, tell=sys.stderr.write)
    return Row(
        "R1a kill -9 at named crash points",
        killed.tried,
        len(killed.wrong),
        control(caught=killed.caught),
        crash_points.SEED,
        killed.seconds,
    )


if sys.platform != "win32":
    row(measure)
