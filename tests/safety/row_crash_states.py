"""R2: no state in which a power cut could leave the files loses what was acknowledged."""

from __future__ import annotations

import secrets
import sys
import time

from tests.safety import crash_states
from tests.safety.rows import Budget, Row, control, row

STATES = 20_000

reason = crash_states.why_not()


def measure(budget: Budget) -> Row:
    """As many states as the time allows; `python -m tests.safety.crash_states` makes any number."""
    began, seed = time.perf_counter(), secrets.randbelow(1_000_000_000)
    caught = crash_states.is_control_caught()
    recording = crash_states.record(seed)
    seconds = budget.seconds if budget.quick else 0.0
    result = crash_states.try_states(recording, STATES, seed, seconds=seconds)
    for wrong in result.wrong:
        sys.stderr.write(f"{wrong}\n")
    return Row(
        "R2 crash states of the journal's files",
        result.states,
        len(result.wrong),
        control(caught=caught),
        seed,
        time.perf_counter() - began,
    )


if reason:
    sys.stderr.write(f"NOT TRIED: R2, crash states: {reason}\n")
else:
    row(measure)
