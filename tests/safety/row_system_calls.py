"""R1b: a till that dies at any of its write system calls agrees with its bank afterwards."""

from __future__ import annotations

import sys

from tests.safety import system_calls
from tests.safety.rows import Budget, Row, control, row

reason = system_calls.why_not()


def measure(budget: Budget) -> Row:
    """Kills at points that the seed chooses; `python -m tests.safety.system_calls` tries all."""
    flows = ("sale",) if budget.quick else tuple(system_calls.FLOWS)
    killed = system_calls.kill_many(
        flows=flows, beside=2, seconds=budget.seconds, tell=sys.stderr.write
    )
    return Row(
        "R1b kill -9 at write system calls",
        killed.tried,
        len(killed.wrong),
        control(caught=killed.caught),
        system_calls.SEED,
        killed.seconds,
    )


if reason:
    sys.stderr.write(f"NOT TRIED: R1b, kills at system calls: {reason}\n")
else:
    row(measure)
