"""Writes a journal as fast as it can and says each number, and when, once it is on disk, until it dies.

python -m tests.safety.journal_writer FILE [--unsynced]
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from db.journal import Journal
from domain.clock import SystemClock
from domain.entries import Decision, Entry, EntryKind
from tests.safety import unsynced_till

CHAIN_KEY = bytes(range(32))


def write(path: Path) -> None:
    """Entry after entry; TillError ends it when the disk is gone."""
    clock = SystemClock()
    journal = Journal(path, CHAIN_KEY, till=1)
    number = sum(1 for _ in journal.entries())
    while True:
        number += 1
        entry = Entry(EntryKind.FAULT, clock.now(), "01", {"code": "N-06", "text": "x" * 200})
        journal.remember(Decision((entry,)))
        os.write(1, b"%d %d\n" % (number, time.monotonic_ns()))
        if number % 50 == 0:
            journal.tidy()


if __name__ == "__main__":
    if "--unsynced" in sys.argv:
        unsynced_till.plant()
    write(Path(sys.argv[1]))
