"""The training acquirer's book: JSON lines, on disk before any answer leaves, masked numbers only."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

LEDGER = "acquirer-ledger.jsonl"
LOCK = "acquirer-ledger.lock"

CHARGED, REVERSED, DECLINED, NOT_FOUND = "charged", "reversed", "declined", "not found"
VOIDED, BOOKED = "voided", "booked"
"""A charge, or a hold, that a void took out; a void or a refund that stands."""
HELD, COMPLETED, ANSWERED = "held", "completed", "answered"
"""An amount that is held, one that a completion charged, and an enquiry, which is only noted."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One payment as the bank sees it now.

    `not found` is a reversal of something that never arrived; should it still come, it is refused.
    """

    terminal: str
    batch: int
    stan: int
    state: str
    amount_minor: int
    masked: str
    rrn: str
    code: str
    reversals: int = 0
    kind: str = "sale"
    original: str = ""
    """The bank's own number of the payment that a void, a refund or a completion names."""
    auth_code: str = ""
    day: str = ""
    """When it came, by the bank's clock: YYYY-MM-DD."""
    uploaded: bool = False
    """Whether the terminal has sent it once more at the end of the day."""

    @property
    def key(self) -> tuple[str, int, int]:
        """What makes a payment unique."""
        return self.terminal, self.batch, self.stan


class Ledger:
    """The open book; one process at a time, see `locked`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LEDGER
        self.rows = {row.key: row for row in read_ledger(folder)}
        self.lines = sum(1 for _ in _lines(self._path))
        self._spent: Counter[str] = Counter()
        for row in self.rows.values():
            self._spent[row.masked] += _taken_by(row)
        _cut_torn_line(self._path)
        self._file = self._path.open("ab")

    def write(self, *rows: LedgerRow) -> None:
        """Append the rows as they are now; they are on disk when this returns."""
        lines = (json.dumps(asdict(row), separators=(",", ":")) + "\n" for row in rows)
        self._file.write("".join(lines).encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        for row in rows:
            before = self.rows.get(row.key)
            self._spent[row.masked] += _taken_by(row) - (_taken_by(before) if before else 0)
            self.rows[row.key] = row
            self.lines += 1

    def reverse(self, row: LedgerRow, *others: LedgerRow) -> None:
        """Take a payment back, or count another reversal of one that is taken back already."""
        self.write(replace(row, state=REVERSED, reversals=row.reversals + 1), *others)

    def by_rrn(self, rrn: str) -> LedgerRow | None:
        """The payment of that number of ours."""
        return next((row for row in self.rows.values() if row.rrn == rrn and rrn), None)

    def by_code(self, masked: str, auth_code: str, day: str) -> LedgerRow | None:
        """The newest approved payment by that card, code and day (MMDD)."""
        found = (
            row
            for row in reversed(self.rows.values())
            if row.auth_code == auth_code and row.masked == masked
        )
        return next((row for row in found if row.day[5:].replace("-", "") == day), None)

    def refunded(self, original: LedgerRow) -> int:
        """What refunds have given back of a charge, in minor units."""
        return sum(
            row.amount_minor
            for row in self.rows.values()
            if (row.kind, row.state, row.original) == ("refund", BOOKED, original.rrn)
        )

    def spent(self, masked: str) -> int:
        """What is charged to a card or held on it, in minor units."""
        return self._spent[masked]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def read_ledger(folder: Path) -> list[LedgerRow]:
    """Every payment in its last state, in the order in which they came; for tests and support."""
    rows: dict[tuple[str, int, int], LedgerRow] = {}
    for line in _lines(folder / LEDGER):
        row = LedgerRow(**json.loads(line))
        rows[row.key] = row
    return list(rows.values())


def _taken_by(row: LedgerRow) -> int:
    if (row.kind, row.state) == ("refund", BOOKED):
        return -row.amount_minor
    return row.amount_minor if row.state in {CHARGED, HELD} else 0


def _lines(path: Path) -> Iterator[bytes]:
    """Whole lines only: one that a power cut tore was never answered for."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    whole = path.read_bytes().rfind(b"\n") + 1
    os.truncate(path, whole)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the book against a second process, waiting for the first to end."""
    with (folder / LOCK).open("a+b") as file:
        _lock(file)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        while True:
            file.seek(0)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:  # it gives up after ten tries, one a second
                continue
            return
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
