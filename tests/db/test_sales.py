"""Guards the list of payments: found by what people know, totals that a void corrects, old files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pysqlite3
import pytest

from db.schema import APPLICATION, SCHEMA, SCHEMA_VERSION
from domain.entries import Decision, sale_entry
from domain.kinds import Kind
from domain.money import CNY, Money
from domain.sale import Answer, Sale, State
from domain.sale_record import to_record

ANSWER = Answer("00", "632614000412", "A18207")


def approved(shelf, number: int, minor: int = 128_00, **changes: object) -> Sale:
    return shelf.sale(
        number,
        State.APPROVED,
        amount=Money(minor),
        stan=400 + number,
        answer=ANSWER,
        finished_at=shelf.noon,
        **changes,
    )


def day_of(at) -> str:
    return at.astimezone().date().isoformat()


@pytest.fixture
def filled(shelf, journal):
    for number in range(1, 8):
        journal.remember(shelf.decision(approved(shelf, number, number * 100)))
    journal.remember(shelf.decision(shelf.sale(8)))
    return journal


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("", [7, 6, 5, 4, 3, 2, 1]),
        ("3.00", [3]),
        ("9524", [7, 6, 5, 4, 3, 2, 1]),
        ("000405", [5]),
        ("a18207", [7, 6, 5, 4, 3, 2, 1]),
        (" ¥3.00 ", [3]),
        ("%", [7, 6, 5, 4, 3, 2, 1]),
        ("nothing", []),
    ],
)
def test_payments_are_found_by_what_people_know_of_them(filled, search, numbers) -> None:
    found = filled.find_sales(search, "", None, 50)
    assert [sale.number for sale in found.sales] == numbers
    assert found.total == len(numbers)
    assert not found.more


def test_the_list_comes_in_pages_and_by_the_day(filled, shelf) -> None:
    today = day_of(shelf.noon)
    first = filled.find_sales("", today, None, 3)
    second = filled.find_sales("", today, first.sales[-1].number, 3)
    last = filled.find_sales("", today, second.sales[-1].number, 3)

    assert [sale.number for sale in (*first.sales, *second.sales, *last.sales)] == [
        *range(7, 0, -1)
    ]
    assert (first.more, second.more, last.more) == (True, True, False)
    assert {page.total for page in (first, second, last)} == {7}
    assert filled.find_sales("", "2026-11-21", None, 3).sales == ()


def test_a_void_and_its_sale_change_in_one_commit_and_the_day_with_them(filled, shelf) -> None:
    void = approved(shelf, 9, 300, kind=Kind.VOID, original=3)
    sale = replace(filled.sale(3), state=State.VOIDED)
    before = filled.day_total(day_of(shelf.noon), CNY)

    filled.remember(
        Decision((sale_entry(void, shelf.noon), sale_entry(sale, shelf.noon)), void, also=(sale,))
    )

    assert before == (7, Money(2800))
    assert filled.day_total(day_of(shelf.noon), CNY) == (6, Money(2500))
    assert filled.referring_to(3) == (void,)
    assert filled.sale(3).state is State.VOIDED


def test_a_refund_counts_from_its_recording_on_and_not_once_it_is_rejected(filled, shelf) -> None:
    today = day_of(shelf.noon)
    refund = approved(shelf, 9, 200, kind=Kind.REFUND, original=3)
    for state, total in (
        (State.CAPTURED, 2800),
        (State.QUEUED, 2600),
        (State.DELIVERED, 2600),
        (State.REJECTED, 2800),
    ):
        filled.remember(shelf.decision(replace(refund, state=state)))
        assert filled.day_total(today, CNY) == (7, Money(total))


def test_what_is_corrected_later_is_corrected_in_its_own_day(filled, shelf) -> None:
    later = shelf.noon + timedelta(days=2)
    voided = replace(filled.sale(3), state=State.VOIDED)
    filled.remember(Decision((sale_entry(voided, later),), voided))

    assert filled.day_total(day_of(shelf.noon), CNY) == (6, Money(2500))
    assert filled.day_total(day_of(later), CNY) == (0, Money(0))


def test_a_queued_refund_is_found_open_at_the_next_start(filled, shelf) -> None:
    queued = approved(shelf, 9, 200, kind=Kind.REFUND, original=3)
    filled.remember(shelf.decision(replace(queued, state=State.QUEUED)))
    assert [sale.number for sale in filled.open_sales()] == [9]


def test_a_journal_of_the_first_version_is_brought_up_to_date(shelf) -> None:
    record = to_record(approved(shelf, 1))
    for name in ("kind", "original", "facts", "fingerprint", "given_reason", "tells"):
        del record[name]
    connection = pysqlite3.connect(shelf.path)
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute(
        "INSERT INTO sales VALUES (1, 'approved', ?, ?)", (day_of(shelf.noon), json.dumps(record))
    )
    connection.execute("INSERT INTO counters VALUES ('sale', 1)")
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute("PRAGMA user_version=1")
    connection.commit()
    connection.close()

    journal = shelf.open()

    assert journal.sale(1) == approved(shelf, 1)
    for search in ("128.00", "9524", "000401", "632614000412"):
        assert [sale.number for sale in journal.find_sales(search, "", None, 9).sales] == [1]
    version = journal.database.conn.execute("PRAGMA user_version").fetchone()[0]
    assert version == SCHEMA_VERSION
    assert journal.chain_holds()
