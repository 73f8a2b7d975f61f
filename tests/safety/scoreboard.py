"""Measures every row of the safety scoreboard and prints it: count, violations, negative control.

scoreboard.py [--quick] [--json FILE]; `--quick` tries less of everything and ends within 50 seconds.
The exit status is 1 where a row is not green.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.safety.rows import ROWS, Budget, Row  # noqa: E402  # found through the line above

QUICK_SECONDS = 44.0
LEAST_SECONDS = 0.2
OVERHEAD = 1.6
"""A row needs more than its share: it starts programs, and tries its negative control first."""


def main(words: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="safety", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="try less of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    options = parser.parse_args(words)
    logging.disable(logging.CRITICAL)
    rows = measured(quick=options.quick)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n")
    return 0 if all(row.is_green for row in rows) else 1


def measured(*, quick: bool) -> list[Row]:
    """Every row that this machine can measure, in the order of their names."""
    for path in sorted(HERE.glob("row_*.py")):
        importlib.import_module(f"tests.safety.{path.stem}")
    rows: list[Row] = []
    began = time.monotonic()
    for measure in ROWS:
        if quick:
            left = QUICK_SECONDS - (time.monotonic() - began)
            budget = Budget(quick, max(LEAST_SECONDS, left / (len(ROWS) - len(rows)) / OVERHEAD))
        else:
            budget = Budget(quick)
        found = measure(budget)
        until = time.monotonic() - began
        sys.stderr.write(f"{until:.0f} s: {found.name}, {found.violations} in {found.count}\n")
        rows.append(found)
    return sorted(rows, key=lambda found: found.name)


def table(rows: Sequence[Row]) -> str:
    """The rows as text, one line each."""
    head = ("name", "count", "violations", "control", "seed", "seconds", "")
    lines = [head, *(_cells(found) for found in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in {0, 3, 6} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(found: Row) -> tuple[str, ...]:
    return (
        found.name,
        str(found.count),
        str(found.violations),
        found.control,
        str(found.seed),
        f"{found.seconds:.1f}",
        "ok" if found.is_green else "BROKEN",
    )


if __name__ == "__main__":
    sys.exit(main())
