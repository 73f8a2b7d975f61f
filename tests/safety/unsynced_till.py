"""A till with a planted bug: its journal does not wait for the disk (synchronous=OFF).

The negative control of the power cuts; main.py in everything else.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def plant() -> None:
    """Take the guard back that makes every commit durable."""
    from db import database as database_file

    guard = database_file._guard

    def guard_no_more(database: database_file.sqlite_utils.Database) -> None:
        guard(database)
        database.conn.execute("PRAGMA synchronous=OFF")

    database_file._guard = guard_no_more


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import main

    plant()
    sys.exit(main.main())
