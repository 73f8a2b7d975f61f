"""The rows of a batch, read from the journal once where they cannot change any more.

A batch has hundreds of rows, and its settlement asks for them with every step and every picture.
"""

from __future__ import annotations

from db.journal import Journal
from domain.batch import Batch, BatchRow, BatchState, Verdict, rows_of
from domain.match import Difference, differences_of

KEPT = 3
"""Batches of which that much is kept: the one in motion, the last one, and one more."""


class BatchRows:
    """What stands in batches, and how they match; lives on the till's thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._rows: dict[int, tuple[BatchRow, ...]] = {}
        self._differences: dict[int, tuple[Difference, ...]] = {}

    def of(self, batch: Batch) -> tuple[BatchRow, ...]:
        """Its rows, in the order in which they were made."""
        if batch.till is None:
            return rows_of(self._journal.batches.sales(batch.number))
        if batch.number not in self._rows:
            _make_room(self._rows)
            self._rows[batch.number] = rows_of(self._journal.batches.sales(batch.number))
        return self._rows[batch.number]

    def differences(self, batch: Batch) -> tuple[Difference, ...]:
        """The three-way match of a batch whose verdict is known."""
        if batch.verdict is Verdict.NONE:
            return ()
        if batch.number in self._differences:
            return self._differences[batch.number]
        found = differences_of(batch, self.of(batch))
        if batch.state is BatchState.CLOSED:
            _make_room(self._differences)
            self._differences[batch.number] = found
        return found

    def uploadable(self, batch: Batch) -> tuple[BatchRow, ...]:
        """Those whose sealed message is still there, in the order of the upload."""
        sealed = self._journal.batches.sealed_sales(batch.number)
        return tuple(row for row in self.of(batch) if row.sale in sealed)

    def with_messages(self, rows: tuple[BatchRow, ...]) -> list[tuple[BatchRow, bytes]]:
        """Each with its sealed message."""
        sealed = self._journal.batches.sealed(tuple(row.sale for row in rows))
        return [(row, sealed[row.sale]) for row in rows]


def _make_room(kept: dict[int, tuple[BatchRow, ...]] | dict[int, tuple[Difference, ...]]) -> None:
    if len(kept) >= KEPT:
        del kept[min(kept)]
