"""The journal's file, opened the only way in which it is safe: one library, one writer, WAL, FULL.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when connections race at its reset (fixed in
3.51.3); `synchronous=NORMAL` may lose the last commits when the power goes. Both are refused.
"""

from __future__ import annotations

from pathlib import Path

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the library that it uses

from db.schema import APPLICATION, FIRST_VERSION, SCHEMA, SCHEMA_VERSION, UPDATES
from domain.faults import StoreFault

OLDEST_SAFE_SQLITE = (3, 51, 3)
SqliteError = sqlite3.Error
"""What every call on the database may raise; callers turn it into a StoreFault."""


def open_database(
    path: Path, *, sqlite_version: str = sqlite3.sqlite_version
) -> sqlite_utils.Database:
    """The database, made on first use, with its guards set and read back.

    Raises StoreFault: J-04 (SQLite too old), J-03 (another program has it), J-02 (not ours, or a
    newer version's), J-01 (cannot be opened or written).
    """
    if tuple(map(int, sqlite_version.split("."))) < OLDEST_SAFE_SQLITE:
        raise StoreFault("J-04", sqlite_version)
    try:
        # The till's thread opens and uses it; the thread that built the till only passes it on.
        connection = sqlite3.connect(
            path, timeout=0.5, isolation_level=None, check_same_thread=False
        )
        database = sqlite_utils.Database(connection)
        _guard(database)
        _bring_up_to_date(database)
    except sqlite3.OperationalError as error:
        code = "J-03" if "locked" in str(error) else "J-01"
        raise StoreFault(code, str(error)) from None
    except sqlite3.DatabaseError as error:
        raise StoreFault("J-02", str(error)) from None
    return database


def _guard(database: sqlite_utils.Database) -> None:
    connection = database.conn
    for pragma, value in (
        ("locking_mode", "exclusive"),
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("foreign_keys", 1),
    ):
        connection.execute(f"PRAGMA {pragma}={value}")
        found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != value:
            raise StoreFault("J-01", f"{pragma} is {found}")


def _bring_up_to_date(database: sqlite_utils.Database) -> None:
    connection = database.conn
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if version == SCHEMA_VERSION and application == APPLICATION:
        return
    is_new = version == 0 and application == 0 and not database.table_names()
    is_older = application == APPLICATION and FIRST_VERSION <= version < SCHEMA_VERSION
    if not is_new and not is_older:
        raise StoreFault("J-02", f"application {application}, version {version}")
    with database.atomic():
        for statement in SCHEMA if is_new else ():
            connection.execute(statement)
        for later in sorted(UPDATES):
            for statement in UPDATES[later] if later > version else ():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
