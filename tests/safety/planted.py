"""Known-bad variants of engine, journal, printing and recovery, one at a time, and who notices.

A bug is a small change of one function's source, or of one line of TABLE, made in this process and
taken back again. The simulation lives through days of the kind that such a bug likes until an
invariant breaks. A change whose place is not found any more is an error, so that no bug falls out
of the list unseen. What is planted in the link and the codec is caught by the hostile tests.

    python -m tests.safety.planted [WORD ...]     prints k/k, and the seed that caught each
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.safety import bugs_of_batches, bugs_of_money_back, bugs_of_sales
from tests.safety.planting import Bug
from tests.safety.simulation.day import Plan, simulate

SEED = 7_000
MOST_DAYS = 60
"""Days after which a bug counts as missed."""
CUSTOMERS = 50
BUGS = (*bugs_of_sales.BUGS, *bugs_of_money_back.BUGS, *bugs_of_batches.BUGS)


@dataclass(frozen=True)
class Verdict:
    """Who noticed a bug: the invariant and the seed; neither where nobody did."""

    bug: str
    invariant: str = ""
    seed: int = 0
    days: int = 0


def hunt(number: int, days: int = MOST_DAYS) -> Verdict:
    """Plant one bug and live on until it is noticed."""
    bug = BUGS[number]
    try:
        with bug.planted():
            return _hunted(bug, days)
    except LookupError as gone:
        return Verdict(bug.name, str(gone))


def _hunted(bug: Bug, days: int) -> Verdict:
    for day in range(days):
        plan = Plan(SEED + day, CUSTOMERS, storm=1.0, wishes=bug.wishes, often=bug.often)
        report = simulate(plan)
        if report.broken:
            return Verdict(bug.name, report.broken, SEED + day, day + 1)
    return Verdict(bug.name, f"not in {days} days")


def is_caught(name: str) -> bool:
    """Whether the simulation notices that bug."""
    return bool(hunt([bug.name for bug in BUGS].index(name)).seed)


def hunt_all(numbers: Sequence[int] = range(len(BUGS))) -> list[Verdict]:
    """Every bug, over all processors."""
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        return pool.map(hunt, numbers, chunksize=1)


def hunt_some(seconds: float, seed: int) -> list[Verdict]:
    """As many bugs as the time allows, in an order of the seed's; in this process."""
    began = time.perf_counter()
    numbers = list(range(len(BUGS)))
    Random(seed).shuffle(numbers)
    verdicts: list[Verdict] = []
    for number in numbers:
        verdicts.append(hunt(number))
        if time.perf_counter() - began > seconds:
            break
    return verdicts


def main(words: list[str]) -> int:
    """Print each bug with what caught it, then k/k."""
    began = time.perf_counter()
    numbers = [n for n, bug in enumerate(BUGS) if all(word in bug.name for word in words)]
    verdicts = hunt_all(numbers=numbers)
    for verdict in verdicts:
        caught = f"{verdict.invariant} (seed {verdict.seed}, day {verdict.days})"
        print(f"{verdict.bug}: {caught if verdict.seed else f'MISSED: {verdict.invariant}'}")
    caught = sum(verdict.seed > 0 for verdict in verdicts)
    print(f"{caught}/{len(verdicts)} planted bugs caught in {time.perf_counter() - began:.1f} s")
    return 0 if caught == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
