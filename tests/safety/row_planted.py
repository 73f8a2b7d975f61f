"""R5: every planted bug of engine, journal, printing and recovery is noticed by the simulation."""

from __future__ import annotations

import secrets
import sys
import time

from tests.safety import planted
from tests.safety.rows import Budget, Row, control, row
from tests.safety.simulation.day import Plan, simulate


@row
def bugs(budget: Budget) -> Row:
    """Bugs tried; wrong are those that were missed. The control: without a bug, nothing is told."""
    began = time.perf_counter()
    seed = secrets.randbelow(1_000_000_000)
    verdicts = planted.hunt_some(budget.seconds, seed) if budget.quick else planted.hunt_all()
    for verdict in verdicts:
        sys.stderr.write(f"{verdict.bug}: {verdict.invariant} (seed {verdict.seed})\n")
    healthy = simulate(Plan(planted.SEED, customers=planted.CUSTOMERS, storm=1.0))
    return Row(
        f"R5 planted bugs, of {len(planted.BUGS)}",
        len(verdicts),
        sum(not verdict.seed for verdict in verdicts),
        control(caught=not healthy.broken),
        seed if budget.quick else planted.SEED,
        time.perf_counter() - began,
    )
