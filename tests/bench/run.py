"""Measures the till against floors measured in the same run, and prints how it keeps its goals.

run.py [--quick] [--json FILE]; `--quick` ends within 50 seconds. Everything is a ratio or a count,
so that a slow or busy machine says nothing about the till.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import commits  # noqa: E402  # found through the line above
import start_times  # noqa: E402
from rows import Row, at_most, exactly, percentile, table  # noqa: E402


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is measured: sales against the floor, reversals, starts, sales in the window."""

    sales: int
    reversals: int
    starts: int
    window_sales: int


WHOLE = Amounts(sales=500, reversals=100, starts=15, window_sales=200)
QUICK = Amounts(sales=80, reversals=10, starts=4, window_sales=40)
TINY = Amounts(sales=3, reversals=1, starts=1, window_sales=2)
"""For the test that this program runs at all."""


def main(words: list[str] | None = None) -> int:
    """Print the table; the exit status is 0 whatever it says, since a machine may be too busy."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    amounts = parser.add_mutually_exclusive_group()
    amounts.add_argument("--quick", action="store_const", dest="amounts", const=QUICK)
    amounts.add_argument("--tiny", action="store_const", dest="amounts", const=TINY)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measured(Path(folder), options.amounts or WHOLE))
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n")
    return 0


def measured(folder: Path, amounts: Amounts) -> Iterator[Row]:
    yield from the_sale(folder / "sale", amounts.sales)
    yield from the_reversal(folder / "reversal", amounts.reversals)
    yield from the_disk(folder)
    yield from the_start(folder, amounts.starts)
    yield from the_window(folder, amounts.window_sales)


def the_sale(folder: Path, sales: int) -> Iterator[Row]:
    """The till's own time: from the PIN to APPROVED told and the slip handed to the printer."""
    folder.mkdir()
    times = child("sale_times.py", folder, sales)
    floor = times["floor"]
    for percent, limit in ((50, 2.0), (99, 5.0)):
        yield Row(
            f"sale, till's own time, p{percent}",
            percentile(times["handed"], percent),
            "ms",
            percentile(floor, percent),
            at_most(limit),
        )
    for percent in (50, 99):
        yield Row(
            f"  of it until APPROVED is told, p{percent}",
            percentile(times["shown"], percent),
            "ms",
            percentile(floor, percent),
        )
    yield Row("  taken off: the bank's own time, p50", percentile(times["bank"], 50), "ms")
    yield Row(
        "durable commits, Confirm to APPROVED", max(times["commits"]), "commits", goal=exactly(2)
    )


def the_reversal(folder: Path, reversals: int) -> Iterator[Row]:
    """From "no answer" to "accepted by the acquirer", without the bank's own time."""
    folder.mkdir()
    times = child("reversal_times.py", folder, reversals)
    own = [whole - bank for whole, bank in zip(times["reversed"], times["bank"], strict=True)]
    for percent in (50, 99):
        yield Row(
            f"reversal, no answer to accepted, till's own time, p{percent}",
            percentile(own, percent),
            "ms",
            goal=at_most(1000),
        )


def the_disk(folder: Path) -> Iterator[Row]:
    syncs = commits.measure(folder)
    if syncs is not None:
        yield Row("fdatasync of the journal, the same", syncs, "calls", goal=exactly(2))


def the_start(folder: Path, starts: int) -> Iterator[Row]:
    times = start_times.measure(folder, starts)
    blank = percentile(times["blank"], 50)
    yield Row("start to first paint", percentile(times["painted"], 50), "ms", blank, at_most(1.3))
    yield Row(
        "start to everything loaded", percentile(times["ready"], 50), "ms", blank, at_most(2.2)
    )


def the_window(folder: Path, sales: int) -> Iterator[Row]:
    """The real window with a slow bank: stalls beside a dead printer, imports beside a live one."""
    with start_times.screen() as environment:
        # Connections are taken in by the system, and nobody ever answers.
        with socket.create_server(("127.0.0.1", 0)) as dead:
            port = dead.getsockname()[1]
            dead_times = child("window_sales.py", folder / "dead", sales, port, **environment)
        live_times = child("window_sales.py", folder / "live", 2, 0, **environment)
    gaps = dead_times["gaps"]
    yield Row(
        f"window's longest stall in {sales} sales, p99.9",
        percentile(gaps, 99.9),
        "ms",
        goal=at_most(50),
    )
    yield Row("  the longest of all", max(gaps), "ms")
    first, second = live_times["imported"]
    dead_imports = sum(map(len, dead_times["imported"]))
    yield Row("imports during the first sale", len(first), "modules", goal=exactly(0))
    yield Row("imports during the second sale", len(second), "modules", goal=exactly(0))
    yield Row("imports beside a dead printer", dead_imports, "modules", goal=exactly(0))
    for name in (*first, *second):
        print(f"imported during a sale: {name}", file=sys.stderr)


def child(program: str, *words: object, **environment: str) -> Mapping[str, Any]:
    """Run a part of this bench as a program of its own, and return what it measured."""
    command = [sys.executable, str(HERE / program), *map(str, words)]
    answer = subprocess.run(
        command,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=600,
    )
    return json.loads(answer.stdout)


if __name__ == "__main__":
    sys.exit(main())
