"""Guards the batches on disk: one commit closes, counts up and destroys; old journals know them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pysqlite3
import pytest

from db.schema import APPLICATION, SCHEMA, SCHEMA_VERSION, UPDATES
from domain.batch import Batch, BatchState, TakenUp
from domain.batch_record import batch_entry
from domain.document import Document, Text
from domain.entries import Decision, Slip, SlipKind, SlipState
from domain.faults import StoreFault
from domain.kinds import Kind
from domain.sale import State
from domain.sale_record import to_record


def step(shelf: Any, state: BatchState, **more: Any) -> Decision:
    batch = Batch(1, shelf.noon, state)
    return Decision((batch_entry(batch, TakenUp(), shelf.noon, "02"),), batch=batch, **more)


def settle(shelf: Any, journal: Any, number: int = 1) -> None:
    """A sale that is approved, and kept for the upload."""
    armed = shelf.arm(journal, number)
    approved = replace(armed, state=State.APPROVED)
    journal.remember(shelf.decision(approved, settled=True, for_upload=True))


def test_what_is_sealed_moves_when_its_sale_is_settled_and_goes_with_its_batch(
    shelf: Any, journal: Any
) -> None:
    settle(shelf, journal)
    assert journal.sealed_message(1) is None
    assert journal.batches.sealed([1]) == {1: shelf.sealed}
    assert (journal.batches.count(1), journal.batches.count_rows(1)) == (1, 1)
    held = shelf.sale(2, State.APPROVED, stan=9, kind=Kind.PREAUTH)
    journal.remember(shelf.decision(held))
    assert (journal.batches.count(1), journal.batches.count_rows(1)) == (2, 1)
    assert [sale.number for sale in journal.batches.sales(1)] == [1, 2]

    paper = Slip(None, SlipKind.SETTLEMENT, Document((Text("batch"),)), batch=1)
    journal.remember(step(shelf, BatchState.CLOSED, slips=(paper,)))
    journal.tidy()

    assert journal.batches.sealed_sales(1) == frozenset()
    assert shelf.sealed not in shelf.bytes_on_disk()
    assert journal.counter("batch") == 2
    (slip,) = journal.slips_of_batch(1)
    assert (slip.sale, slip.batch, slip.state) == (None, 1, SlipState.OWED)
    assert journal.batches.last_closed() == Batch(1, shelf.noon, BatchState.CLOSED)


def test_a_batch_that_cannot_be_closed_whole_is_not_closed_at_all(shelf: Any, journal: Any) -> None:
    settle(shelf, journal)
    journal.remember(step(shelf, BatchState.UPLOADING, takes_stan=9))
    journal.database.conn.execute(
        "CREATE TRIGGER no_counting BEFORE INSERT ON counters WHEN new.name = 'batch'"
        " BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )
    with pytest.raises(StoreFault):
        journal.remember(step(shelf, BatchState.CLOSED))
    assert journal.batches.find(1).state is BatchState.UPLOADING
    assert journal.batches.sealed([1]) == {1: shelf.sealed}
    assert journal.counter("batch") == 0
    assert journal.peek_stan() == 10


def test_a_refused_sale_leaves_nothing_for_the_upload(shelf: Any, journal: Any) -> None:
    armed = shelf.arm(journal)
    journal.remember(shelf.decision(replace(armed, state=State.DECLINED), settled=True))
    assert journal.batches.sealed_sales(1) == frozenset()
    assert journal.batches.count(1) == 0
    assert journal.batches.begun(1) == shelf.noon
    assert journal.batches.begun(2) is None


def test_a_journal_from_before_the_batches_is_brought_up_to_date(shelf: Any) -> None:
    sale = shelf.sale(1, State.APPROVED, stan=1)
    connection = pysqlite3.connect(shelf.path)
    for statement in (*SCHEMA, *UPDATES[2], *UPDATES[3]):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO sales (number, state, day, record) VALUES (1, 'approved', '2026-11-22', ?)",
        (json.dumps(to_record(sale)),),
    )
    page = json.dumps(Document((Text("CNY 128.00"),)).to_json())
    connection.execute("INSERT INTO slips VALUES (5, 1, 'merchant', ?, 'owed', 0)", (page,))
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute("PRAGMA user_version=3")
    connection.commit()
    connection.close()

    journal = shelf.open()

    assert journal.batches.sales(1) == (sale,)
    (slip,) = journal.slips_not_out()
    assert (slip.number, slip.sale, slip.batch) == (5, 1, None)
    version = journal.database.conn.execute("PRAGMA user_version").fetchone()[0]
    assert version == SCHEMA_VERSION
