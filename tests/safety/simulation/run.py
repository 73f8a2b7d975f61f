"""Many simulated days, over all processors: the count, and every seed that broke an invariant."""

from __future__ import annotations

import argparse
import gc
import hashlib
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.safety.simulation.day import Plan, Report, simulate

COLLECTED_EVERY = 7
"""Days between two looks for garbage, which costs a tenth of the time if it is left to chance."""
FILE_EVERY = 50
"""One day in so many keeps its journal in a real file."""


@dataclass(slots=True)
class Summary:
    """What came of many days."""

    seed: int
    days: int = 0
    sales: int = 0
    asked: int = 0
    faults: int = 0
    crashes: int = 0
    in_doubt: int = 0
    seconds: float = 0.0
    broken: list[Report] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    traces: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=16))

    def add(self, report: Report) -> None:
        self.days += 1
        self.sales += report.sales
        self.asked += report.asked
        self.faults += report.faults
        self.crashes += report.crashes
        self.in_doubt += report.in_doubt
        self.waits += report.waits
        self.seen.update(report.seen)
        self.traces.update(report.trace_hash.encode())
        if report.broken:
            self.broken.append(report)

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
                f"{len(self.waits)} reversals; simulated seconds from a line that works to"
                f" acceptance: p50 {percentile(self.waits, 50):.1f}, p99 {percentile(self.waits, 99):.1f}"
            )
        yield f"seed {self.seed}, trace {self.traces.hexdigest()}"
        for report in self.broken[:10]:
            yield f"BROKEN seed {report.seed}: {report.broken}"


def percentile(values: list[float], percent: float) -> float:
    """The nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))] if ranked else 0.0


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


def run(sales: int, seed: int, jobs: int = 0, seconds: float = 0.0) -> Summary:
    """Live through days until so many sales were begun, or so much time is over."""
    summary = Summary(seed)
    began = time.perf_counter()

    def collect(reports: Iterable[Report]) -> None:
        for report in reports:
            summary.add(report)
            summary.seconds = time.perf_counter() - began
            if summary.sales >= sales or (seconds and summary.seconds >= seconds):
                return

    jobs = jobs or os.cpu_count() or 1
    if jobs == 1:
        collect(map(lived, seeds_from(seed)))
    else:
        context = multiprocessing.get_context("spawn")
        with context.Pool(jobs) as pool:
            days = 1 + sales // 95
            collect(pool.imap(lived, _first(days + 50, seeds_from(seed)), chunksize=4))
            pool.terminate()
    summary.seconds = time.perf_counter() - began
    return summary


def _first(count: int, jobs: Iterator[tuple[int, bool]]) -> Iterator[tuple[int, bool]]:
    for _ in range(count):
        yield next(jobs)


def main(words: list[str] | None = None) -> int:
    """Print what came of it; the exit status is 1 where an invariant was broken."""
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--sales", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="a fresh one is drawn and printed")
    parser.add_argument("--jobs", type=int, default=0, help="processes; all processors by default")
    parser.add_argument("--one", action="store_true", help="live one day of --seed; print its end")
    options = parser.parse_args(words)
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000_000)
    if options.one:
        report = lived((seed, seed % FILE_EVERY == 0))
        print("\n".join(report.tail))
        print(f"seed {seed}: {report.broken or 'nothing broken'}; trace {report.trace_hash}")
        return 1 if report.broken else 0
    summary = run(options.sales, seed, options.jobs)
    print("\n".join(summary.lines()))
    return 1 if summary.broken or summary.in_doubt else 0


if __name__ == "__main__":
    sys.exit(main())
