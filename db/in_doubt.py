"""What the bank must still hear of a payment, sealed, ready to send: its reversal, or its advice.

Kept in the commit that arms or records it, destroyed in the commit that settles it (the connection
runs with secure_delete, so the bytes are overwritten). The seal is the acquirer link's; nothing
here could open it.
"""

from __future__ import annotations

import sqlite_utils


def keep(database: sqlite_utils.Database, sale: int, sealed_message: bytes) -> None:
    """Keep the sealed message of a payment; part of the caller's transaction."""
    database.conn.execute("INSERT INTO in_doubt VALUES (?, ?)", (sale, sealed_message))


def sealed(database: sqlite_utils.Database, sale: int) -> bytes | None:
    """The sealed message of a payment, or None once it is settled."""
    row = database.conn.execute("SELECT sealed FROM in_doubt WHERE sale = ?", (sale,)).fetchone()
    return bytes(row[0]) if row else None


def destroy(database: sqlite_utils.Database, sale: int) -> None:
    """Destroy it; part of the caller's transaction."""
    database.conn.execute("DELETE FROM in_doubt WHERE sale = ?", (sale,))
