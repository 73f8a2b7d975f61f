"""R8: malformed input for every parser, from one seed."""

from __future__ import annotations

import sys
import time
from unittest.mock import patch

from domain import tracks
from tests.safety.fuzz.loop import SEED, fuzz
from tests.safety.fuzz.targets import TARGETS
from tests.safety.hostile_acquirer import resident_bytes
from tests.safety.rows import Budget, Row, control, row

MOST_GROWTH = 16 << 20


@row
def malformed_inputs(budget: Budget) -> Row:
    """Every target for its share of the time; `python -m tests.safety.fuzz` goes on for longer."""
    began = time.monotonic()
    share = budget.seconds / len(TARGETS)
    fuzz(TARGETS[0], seconds=share / 10)
    before = resident_bytes()
    results = [fuzz(target, seconds=share) for target in TARGETS]
    findings = [result.finding for result in results if result.finding is not None]
    for finding in findings:
        sys.stderr.write(f"{finding}\n")
    grew = resident_bytes() - before > MOST_GROWTH
    with patch.object(tracks, "_zero", lambda _: None):
        forgetful = fuzz(next(t for t in TARGETS if t.name == "track"), count=1000)
    return Row(
        "R8 malformed inputs, every parser",
        sum(result.count for result in results),
        len(findings) + grew,
        control(caught=forgetful.finding is not None),
        SEED,
        time.monotonic() - began,
    )
