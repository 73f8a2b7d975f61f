"""Lives a small simulated day on a real file, and says each entry that the journal acknowledged.

python -m tests.safety.recorded_day FOLDER SEED [--unsynced]: run under strace, see crash_states.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from domain.entries import Decision
from tests.safety import unsynced_till
from tests.safety.simulation.day import Plan, WatchedJournal, simulate

CUSTOMERS = 20
ACKNOWLEDGED = b"ACKNOWLEDGED %d\n"


class AcknowledgedJournal(WatchedJournal):
    """The product's journal; whoever asked it to remember hears that it did."""

    def remember(self, decision: Decision) -> None:
        super().remember(decision)
        os.write(1, ACKNOWLEDGED % self._number)


def main(folder: str, seed: str, *options: str) -> int:
    """The exit status is 1 where the day itself broke."""
    import tests.safety.simulation.day as world

    if "--unsynced" in options:
        unsynced_till.plant()
    world.WatchedJournal = AcknowledgedJournal  # type: ignore[misc]
    plan = Plan(int(seed), CUSTOMERS, Path(folder), storm=0.0, wishes=0.3)
    report = simulate(plan)
    if report.broken:
        sys.stderr.write(f"{report.broken}\n")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
