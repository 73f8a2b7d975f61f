"""Times sales of a real till and bare sales of the floor in turn, and prints both as JSON.

A program of its own: sale_times.py FOLDER SALES
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cashier import HUMAN_SECONDS, Cashier
from floor import Floor

from acquirer.training import RunningAcquirer, start_training_acquirer
from db.journal import Journal
from domain.settings import TRAINING

WARM_UP = 3
MOST_ROWS = 999


def measure(folder: Path, sales: int) -> dict[str, object]:
    """Milliseconds of every sale; `shown` ends earlier than `handed`, at APPROVED told."""
    # As in the window's program (ui/application): computing threads give way soon, and the
    # collector does not run when it likes.
    sys.setswitchinterval(0.0005)
    gc.disable()
    bank = start_training_acquirer(
        [sys.executable, str(Path(__file__).with_name("bank.py"))], folder / "bank"
    )
    # Nobody settles in between, and a batch that is full would refuse the next sale.
    profile = replace(bank.profile(TRAINING.acquirer), batch_rows=MOST_ROWS)
    cashier = Cashier(folder / "till", profile)
    cashier.open()
    for _ in range(WARM_UP):
        cashier.take_sale(0.0)
    floor = Floor(folder, taken(bank)["echo_port"], sizes_written(cashier.journal))
    for _ in range(WARM_UP):
        floor.sale()
    taken(bank)
    moments, floors = [], []
    for _ in range(sales):
        moments.append(cashier.take_sale())
        time.sleep(HUMAN_SECONDS)
        began = time.perf_counter()
        floor.sale()
        floors.append((time.perf_counter() - began) * 1000)
        gc.collect(0)
    banks = [seconds * 1000 for seconds in taken(bank)["seconds"]]
    commits = list(commits_of_a_sale(cashier))
    cashier.close()
    floor.close()
    bank.close()
    pairs = list(zip(moments, banks, strict=True))
    return {
        "handed": [(m.handed - m.pin_given) * 1000 - b for m, b in pairs],
        "shown": [(m.shown - m.pin_given) * 1000 - b for m, b in pairs],
        "bank": banks,
        "floor": floors,
        "commits": commits,
    }


def taken(bank: RunningAcquirer) -> dict:
    """What the bank noted since the last time."""
    assert bank.process.stdin is not None
    assert bank.process.stdout is not None
    bank.process.stdin.write('{"take": true}\n')
    bank.process.stdin.flush()
    return json.loads(bank.process.stdout.readline())


def sizes_written(journal: Journal) -> tuple[int, int]:
    """Bytes that the last sale wrote in its two commits: armed, then its outcome and slip."""
    one = journal.database.conn.execute
    record, slip = (
        one(f"SELECT length({column}) FROM {table} ORDER BY number DESC LIMIT 1").fetchone()[0]
        for table, column in (("sales", "record"), ("slips", "document"))
    )
    bodies = one(
        "SELECT length(body) FROM entries WHERE kind = 'sale' ORDER BY number DESC LIMIT 2"
    ).fetchall()
    return bodies[1][0] + record, bodies[0][0] + record + slip


def commits_of_a_sale(cashier: Cashier) -> Iterator[int]:
    """How often SQLite commits between Confirm and APPROVED, told by SQLite itself."""
    for _ in range(3):
        commits: list[float] = []

        def note(statement: str, commits: list[float] = commits) -> None:
            if statement.upper().startswith("COMMIT"):
                commits.append(time.perf_counter())

        cashier.journal.database.conn.set_trace_callback(note)
        times = cashier.take_sale()
        cashier.journal.database.conn.set_trace_callback(None)
        yield sum(times.confirmed < at < times.shown for at in commits)


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
