"""Many simulated days, over all processors: the count, and every seed that broke an invariant.

A long run says now and then how far it has come, and keeps it in a file if it is given one: begun
again with the same file, it goes on from there.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from tests.safety.simulation.day import Plan, Report, simulate

COLLECTED_EVERY = 7
"""Days between two looks for garbage, which costs a tenth of the time if it is left to chance."""
FILE_EVERY = 50
"""One day in so many keeps its journal in a real file."""
TOLD_EVERY = 200
"""Days between two words of a long run."""


@dataclass(slots=True)
class Summary:
    """What came of many days; `waits` counts reversals by the tenths of seconds that they took."""

    seed: int
    days: int = 0
    sales: int = 0
    asked: int = 0
    faults: int = 0
    crashes: int = 0
    in_doubt: int = 0
    seconds: float = 0.0
    broken: list[tuple[int, str]] = field(default_factory=list)
    waits: Counter[int] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    trace: str = ""

    def add(self, report: Report) -> None:
        self.days += 1
        self.sales += report.sales
        self.asked += report.asked
        self.faults += report.faults
        self.crashes += report.crashes
        self.in_doubt += report.in_doubt
        self.waits.update(int(seconds * 10) for seconds in report.waits)
        self.seen.update(report.seen)
        traces = f"{self.trace}{report.trace_hash}".encode()
        self.trace = hashlib.blake2b(traces, digest_size=16).hexdigest()
        if report.broken:
            self.broken.append((report.seed, report.broken))

    def lines(self) -> Iterator[str]:
        yield (
            f"{self.sales} sales in {self.days} days, {self.asked} asked for, {self.faults} faults"
            f" ({self.faults / max(1, self.sales):.2f} a sale), {self.crashes} power cuts,"
            f" {len(self.broken)} broken, {self.in_doubt} in doubt; {self.seconds:.1f} s"
        )
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.seen.items()))
        yield f"{counts}"
        if self.waits:
            yield (
                f"{self.waits.total()} reversals; simulated seconds from the last message that went wrong"
                f" to acceptance: p50 {self.wait(50):.1f}, p99 {self.wait(99):.1f},"
                f" longest {self.wait(100):.1f}"
            )
        yield f"seed {self.seed}, trace {self.trace}"
        for seed, what in self.broken[:10]:
            yield f"BROKEN seed {seed}: {what}"

    def wait(self, percent: float) -> float:
        """Simulated seconds within which so many of a hundred reversals were accepted."""
        left = self.waits.total() * percent / 100
        for tenths in sorted(self.waits):
            left -= self.waits[tenths]
            if left <= 0:
                return tenths / 10
        return 0.0

    def keep(self, file: Path) -> None:
        """Write down how far it has come."""
        known = {name: getattr(self, name) for name in self.__slots__}
        before = file.with_suffix(".new")
        before.write_text(json.dumps(known))
        before.replace(file)

    @staticmethod
    def kept(file: Path) -> Summary:
        """How far a run had come."""
        known: dict[str, Any] = json.loads(file.read_text())
        waits = Counter({int(tenths): count for tenths, count in known.pop("waits").items()})
        broken = [(seed, what) for seed, what in known.pop("broken")]
        return Summary(**known | {"seen": Counter(known["seen"])}, waits=waits, broken=broken)


def lived(job: tuple[int, bool]) -> Report:
    """One day of a seed; in a real file where that is asked for."""
    seed, in_a_file = job
    gc.disable()
    if seed % COLLECTED_EVERY == 0:
        gc.collect()
    if not in_a_file:
        return simulate(Plan(seed))
    with tempfile.TemporaryDirectory(dir=fast_folder()) as folder:
        return simulate(Plan(seed, folder=Path(folder)))


def fast_folder() -> str | None:
    """A file system in memory, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def seeds_from(first: int) -> Iterator[tuple[int, bool]]:
    """The days of a run: seed after seed, now and then in a real file."""
    seed = first
    while True:
        yield seed, seed % FILE_EVERY == 0
        seed += 1


def run(
    sales: int,
    seed: int,
    jobs: int = 0,
    seconds: float = 0.0,
    *,
    summary: Summary | None = None,
    told: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Live through days until so many sales were begun, or so much time is over.

    It goes on from `summary` where there is one; `told` hears of it now and then.
    """
    summary = summary or Summary(seed)
    began = time.perf_counter() - summary.seconds

    def collect(reports: Iterable[Report]) -> None:
        for report in reports:
            summary.add(report)
            summary.seconds = time.perf_counter() - began
            if summary.days % TOLD_EVERY == 0:
                told(summary)
            if summary.sales >= sales or (seconds and summary.seconds >= seconds):
                return

    jobs = jobs or os.cpu_count() or 1
    days = seeds_from(seed + summary.days)
    if summary.sales >= sales:
        return summary
    if jobs == 1:
        collect(map(lived, days))
    else:
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            most = 51 + (sales - summary.sales) // 95
            collect(pool.imap(lived, islice(days, most), chunksize=4))
            pool.terminate()
    summary.seconds = time.perf_counter() - began
    return summary


def main(words: list[str] | None = None) -> int:
    """Print what came of it; the exit status is 1 where an invariant was broken."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--sales", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="a fresh one is drawn and printed")
    parser.add_argument("--jobs", type=int, default=0, help="processes; all processors by default")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="go on from there, and keep it")
    parser.add_argument("--one", action="store_true", help="live one day of --seed; print its end")
    options = parser.parse_args(words)
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000_000)
    if options.one:
        report = lived((seed, seed % FILE_EVERY == 0))
        print("\n".join(report.tail))
        print(f"seed {seed}: {report.broken or 'nothing broken'}; trace {report.trace_hash}")
        return 1 if report.broken else 0
    before = Summary.kept(options.keep) if options.keep and options.keep.exists() else None
    if before is not None:
        seed = before.seed

    def told(summary: Summary) -> None:
        print(next(summary.lines()), file=sys.stderr, flush=True)
        if options.keep:
            summary.keep(options.keep)

    summary = run(options.sales, seed, options.jobs, summary=before, told=told)
    if options.keep:
        summary.keep(options.keep)
    print("\n".join(summary.lines()))
    return 1 if summary.broken or summary.in_doubt else 0


if __name__ == "__main__":
    sys.exit(main())
