"""The bank's batches as they stand, and what is sealed until a batch is closed.

The sealed message of a payment moves here from db/in_doubt in the commit of its outcome, where the
bank may ask for the payment once more at the end of the day; it is destroyed in the commit that
closes the batch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlite_utils

from domain.batch import CREDIT_KINDS, DEBIT_KINDS, Batch, BatchState
from domain.batch_record import from_record, to_record
from domain.sale import Sale
from domain.sale_record import from_record as sale_from_record


def write(database: sqlite_utils.Database, batch: Batch, count: Callable[[str, int], None]) -> None:
    """Write a batch as it is now; part of the caller's transaction.

    A step that sends takes its trace number with it; the last one counts the batch up and destroys
    what was sealed for it.
    """
    execute = database.conn.execute
    execute(
        "INSERT INTO batches VALUES (?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET state = excluded.state, record = excluded.record",
        (
            batch.number,
            batch.state.value,
            json.dumps(to_record(batch), ensure_ascii=False, separators=(",", ":")),
        ),
    )
    if batch.state is BatchState.CLOSED:
        count("batch", batch.number + 1)
        execute("DELETE FROM for_upload WHERE batch <= ?", (batch.number,))


def keep_for_upload(database: sqlite_utils.Database, sale: Sale) -> None:
    """Keep what is sealed of a payment until its batch is closed; part of the caller's transaction."""
    database.conn.execute(
        "INSERT OR REPLACE INTO for_upload SELECT sale, ?, sealed FROM in_doubt WHERE sale = ?",
        (sale.batch, sale.number),
    )


class Batches:
    """Reads batches, with the journal's own way to read."""

    def __init__(self, read_all: Callable[..., list[Any]]) -> None:
        self._all = read_all

    def find(self, number: int) -> Batch | None:
        """A batch whose settlement was begun; None for one that is merely open."""
        rows = self._all("SELECT record FROM batches WHERE number = ?", number)
        return from_record(json.loads(rows[0][0])) if rows else None

    def last_closed(self) -> Batch | None:
        """The batch that was closed last."""
        rows = self._all(
            "SELECT record FROM batches WHERE state = 'closed' ORDER BY number DESC LIMIT 1"
        )
        return from_record(json.loads(rows[0][0])) if rows else None

    def count(self, number: int) -> int:
        """How many payments of a batch stand."""
        rows = self._all(
            "SELECT count(*) FROM sales INDEXED BY sales_by_batch"
            " WHERE batch = ? AND state IN ('approved', 'delivered', 'queued', 'voided')",
            number,
        )
        return int(rows[0][0])

    def count_rows(self, number: int) -> int:
        """How many of them the bank books, which takes longer to find out."""
        rows = self._all(
            "SELECT count(*) FROM sales INDEXED BY sales_by_batch"
            " WHERE batch = ? AND state IN ('approved', 'delivered', 'queued', 'voided')"
            " AND coalesce(record ->> 'kind', 'sale') IN (SELECT value FROM json_each(?))",
            number,
            json.dumps(sorted(DEBIT_KINDS | CREDIT_KINDS)),
        )
        return int(rows[0][0])

    def sales(self, number: int) -> tuple[Sale, ...]:
        """The payments of a batch that stand, oldest first."""
        rows = self._all(
            "SELECT record FROM sales INDEXED BY sales_by_batch"
            " WHERE batch = ? AND state IN ('approved', 'delivered', 'queued', 'voided')"
            " ORDER BY number",
            number,
        )
        return tuple(sale_from_record(json.loads(record)) for (record,) in rows)

    def begun(self, number: int) -> datetime | None:
        """When the first payment of a batch was begun; None where there is none."""
        rows = self._all(
            "SELECT record ->> 'started_at' FROM sales INDEXED BY sales_by_batch"
            " WHERE batch = ? ORDER BY number LIMIT 1",
            number,
        )
        return datetime.fromisoformat(rows[0][0]) if rows else None

    def sealed_sales(self, number: int) -> frozenset[int]:
        """Payments of a batch of which something is sealed for the upload."""
        rows = self._all("SELECT sale FROM for_upload WHERE batch = ?", number)
        return frozenset(sale for (sale,) in rows)

    def sealed(self, sales: Sequence[int]) -> dict[int, bytes]:
        """What is sealed for the upload of these payments."""
        rows = self._all(
            "SELECT sale, sealed FROM for_upload WHERE sale IN (SELECT value FROM json_each(?))",
            json.dumps(list(sales)),
        )
        return {sale: bytes(sealed) for sale, sealed in rows}
