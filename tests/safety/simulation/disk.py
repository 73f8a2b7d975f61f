"""The disk of a simulated till: the real journal's SQLite, in memory, that fails on demand.

The connection outlives the till as a file would; what was not committed when the power went is
rolled back at the next opening.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.utils import sqlite3

from db.database import _bring_up_to_date, open_database
from domain.faults import StoreFault
from tests.safety.simulation.agenda import Fuse

WRITES = ("INSERT", "UPDATE", "DELETE")


class Disk:
    """One file in memory.

    `trouble` is what the next COMMIT meets, once (`trouble_of_a_sale`: the next one that arms a
    sale or writes its outcome down): 'lost' (nothing is on disk, an error comes),
    'unknown' (it is on disk, and an error comes). `is_away` fails everything, `is_full` writes.
    """

    def __init__(self, fuse: Fuse) -> None:
        self.fuse = fuse
        self.trouble = ""
        self.trouble_of_a_sale = ""
        self.commits = 0
        self.errors = 0
        self.is_away = False
        self.is_full = False
        self.on_leaving: Callable[[], None] = lambda: None
        self._connection: KeptConnection | None = None

    def open(self, _path: Path) -> sqlite_utils.Database:
        """In place of db.database.open_database. Raises StoreFault J-01."""
        if self.is_away:
            raise StoreFault("J-01", "the disk is away")
        if self._connection is None:
            self._connection = sqlite3.connect(
                ":memory:", isolation_level=None, factory=KeptConnection
            )
            self._connection.disk = self
            database = sqlite_utils.Database(self._connection)
            self._connection.execute("PRAGMA secure_delete=1")
            self._connection.execute("PRAGMA foreign_keys=1")
            _bring_up_to_date(database)
            return database
        self._connection.rollback()
        return sqlite_utils.Database(self._connection)

    def execute(self, sql: str, values: tuple[Any, ...], run: Any) -> Any:
        """A statement that may fail."""
        if self.is_away:
            self.errors += 1
            raise sqlite3.OperationalError("disk I/O error")
        if sql == "COMMIT":
            return self._commit(sql, values, run)
        if self.is_full and sql.startswith(WRITES):
            raise sqlite3.OperationalError("database or disk is full")
        return run(sql, *values)

    def _commit(self, sql: str, values: tuple[Any, ...], run: Any) -> Any:
        self.fuse.passing("commit")
        trouble, self.trouble = self.trouble, ""
        self.errors += bool(trouble)
        if trouble.startswith("lost"):
            self._leave(trouble)
            raise sqlite3.OperationalError("disk I/O error before the commit")
        done = run(sql, *values)
        self.commits += 1
        if trouble.startswith("unknown"):
            self._leave(trouble)
            raise sqlite3.OperationalError("disk I/O error after the commit")
        self.fuse.passing("committed")
        return done

    def _leave(self, trouble: str) -> None:
        if trouble.endswith("and away"):
            self.is_away = True
            self.on_leaving()

    def power_cut(self) -> None:
        """What was not committed is gone."""
        if self._connection is not None:
            self._connection.rollback()

    def everything(self) -> str:
        """All that stands in the file, as text, for those who look for secrets."""
        assert self._connection is not None
        return text_of(self._connection)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.let_go()


class KeptConnection(sqlite3.Connection):
    """A connection that its till may close, and the next till finds again."""

    disk: Disk

    def execute(self, sql: str, *values: Any) -> Any:
        disk = self.disk
        if disk.is_away or disk.is_full or sql == "COMMIT":
            return disk.execute(sql, values, super().execute)
        return super().execute(sql, *values)

    def close(self) -> None:
        self.rollback()

    def let_go(self) -> None:
        super().close()


class FileDisk(Disk):
    """A real file, opened as the till opens it: slower, and without troubles of its own."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__(fuse)
        self._open: Any = None

    def open(self, path: Path) -> sqlite_utils.Database:
        database = open_database(path)
        self._open = database.conn
        return database

    def power_cut(self) -> None:
        self._open.close()

    def everything(self) -> str:
        return text_of(self._open)

    def close(self) -> None:
        self._open.close()


def text_of(connection: Any) -> str:
    """Every value of every table, as text."""
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    values = (
        value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for (table,) in tables
        for row in connection.execute(f"SELECT * FROM {table}").fetchall()
        for value in row
    )
    return "\n".join(values)
