"""Guards the journal: append-only, chained, one durable commit for each decision, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pysqlite3
import pytest

from db.database import SqliteError, open_database
from db.instance_lock import InstanceLock
from db.journal import LAST_STAN, Journal
from domain.entries import Decision, SlipState
from domain.faults import StoreFault
from domain.money import CNY, CURRENCIES, Money
from domain.sale import State

FORGERIES = """
UPDATE entries SET number = 99 WHERE number = 5                                | another number
UPDATE entries SET epoch = 'feedfeedfeedfeed' WHERE number = 3                 | another epoch
UPDATE entries SET at = '2026-11-21T04:00:00+00:00' WHERE number = 3           | another time
UPDATE entries SET kind = 'slip' WHERE number = 3                              | another kind
UPDATE entries SET operator = '02' WHERE number = 3                            | another operator
UPDATE entries SET sale = 2 WHERE number = 3                                   | another sale
UPDATE entries SET sale = NULL WHERE number = 3                                | no sale
UPDATE entries SET body = replace(body, '12800', '02800') WHERE number = 3     | another amount
UPDATE entries SET chain = zeroblob(32) WHERE number = 3                       | another chain value
DELETE FROM entries WHERE number = 1                                           | the first is gone
DELETE FROM entries WHERE number = 3                                           | one is gone
DELETE FROM entries WHERE number = 5                                           | the last is gone
DELETE FROM entries WHERE number > 2                                           | the end is gone
DELETE FROM entries                                                            | all is gone
INSERT INTO entries VALUES (6, '', '', 'slip', '', NULL, '{}', zeroblob(32))   | one more
"""


class FailingDisk:
    """A connection whose disk fails at one statement: before it is done, or only in the report."""

    def __init__(self, connection: Any, at: str, *, done: bool = False) -> None:
        self._connection = connection
        self._at = at
        self._done = done

    def execute(self, statement: str, *values: Any) -> Any:
        if not statement.startswith(self._at):
            return self._connection.execute(statement, *values)
        if self._done:
            self._connection.execute(statement, *values)
        raise SqliteError("disk I/O error")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def commits_of(journal: Journal, act: Callable[[], None]) -> int:
    counted = []
    journal.database.conn.set_trace_callback(
        lambda statement: counted.append(statement) if statement.startswith("COMMIT") else None
    )
    act()
    journal.database.conn.set_trace_callback(None)
    return len(counted)


@pytest.mark.parametrize("act", ["UPDATE entries SET operator = '09'", "DELETE FROM entries"])
def test_sqlite_itself_refuses_to_change_an_entry(shelf, journal, act: str) -> None:
    journal.remember(shelf.note())
    with pytest.raises(SqliteError, match="append-only"):
        journal.database.conn.execute(act)
    assert len(list(journal.entries())) == 1


@pytest.mark.parametrize("line", FORGERIES.strip().splitlines())
def test_the_chain_shows_whatever_was_changed(shelf, journal, line: str) -> None:
    statement = line.partition("|")[0]
    for number in range(1, 6):
        journal.remember(shelf.decision(shelf.sale(number)))
    assert journal.chain_holds()
    connection = journal.database.conn
    connection.execute("DROP TRIGGER entries_are_never_changed")
    connection.execute("DROP TRIGGER entries_are_never_deleted")
    connection.execute("PRAGMA foreign_keys = 0")

    connection.execute(statement)

    assert not journal.chain_holds()
    shelf.close()
    with pytest.raises(StoreFault, match="J-02"):
        shelf.open()


def test_two_entries_that_changed_places_show(shelf, journal) -> None:
    for text in ("first", "second", "third"):
        journal.remember(shelf.note(text))
    connection = journal.database.conn
    connection.execute("DROP TRIGGER entries_are_never_changed")
    for old, new in ((1, 99), (2, 1), (99, 2)):
        connection.execute("UPDATE entries SET number = ? WHERE number = ?", (new, old))
    assert not journal.chain_holds()


def test_a_journal_under_another_key_does_not_open(shelf, journal) -> None:
    journal.remember(shelf.note())
    shelf.close()
    with pytest.raises(StoreFault, match="J-02"):
        shelf.open(b"x" * 32)


def test_a_chain_longer_than_the_tail_is_checked_from_where_it_stands(shelf, journal) -> None:
    for number in range(12):
        journal.remember(shelf.note(str(number)))
    assert all(journal.chain_holds(after) for after in range(-1, 13))


def test_the_chain_goes_on_after_the_journal_was_closed(shelf, journal) -> None:
    journal.remember(shelf.note())
    epoch = journal.epoch
    shelf.close()
    again = shelf.open()
    again.remember(shelf.note())
    assert again.epoch == epoch
    assert [number for number, *_ in again.entries()] == [1, 2]
    assert again.chain_holds()


def test_a_decision_is_one_commit(shelf, journal) -> None:
    sale = shelf.sale()
    assert commits_of(journal, lambda: journal.remember(shelf.decision(sale))) == 1
    armed = shelf.decision(replace(sale, state=State.ARMED, stan=1), arm=shelf.sealed)
    assert commits_of(journal, lambda: journal.remember(armed)) == 1
    approved = replace(sale, state=State.APPROVED, stan=1)
    outcome = shelf.decision(approved, settled=True, slips=(shelf.slip(), shelf.slip()))
    assert commits_of(journal, lambda: journal.remember(outcome)) == 1
    assert len(journal.slips_of(1)) == 2


def test_what_was_remembered_is_there_after_a_restart(shelf, journal) -> None:
    armed = shelf.arm(journal)
    shelf.close()
    again = shelf.open()
    assert again.open_sales() == (armed,)
    assert again.sealed_message(1) == shelf.sealed
    assert (again.counter("sale"), again.counter("stan"), again.next_sale()) == (1, 1, 2)


@pytest.mark.parametrize("table", ["entries", "sales", "in_doubt", "counters", "slips"])
def test_a_decision_that_fails_in_the_middle_leaves_nothing(shelf, journal, table: str) -> None:
    journal.remember(shelf.note())
    connection = journal.database.conn
    connection.execute(
        f"CREATE TRIGGER disk_is_full BEFORE INSERT ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    armed = shelf.sale(1, State.ARMED, stan=1)
    with pytest.raises(StoreFault, match="J-01"):
        journal.remember(shelf.decision(armed, arm=shelf.sealed, slips=(shelf.slip(),)))

    assert [number for number, *_ in journal.entries()] == [1]
    assert journal.sale(1) is None
    assert journal.sealed_message(1) is None
    assert (journal.counter("sale"), journal.counter("stan")) == (0, 0)
    assert journal.slips_of(1) == ()
    journal.database.conn.execute("DROP TRIGGER disk_is_full")
    journal.remember(shelf.decision(shelf.sale()))
    assert journal.chain_holds()


def test_a_commit_that_failed_and_is_not_on_disk_is_told(shelf, journal) -> None:
    journal.database.conn = FailingDisk(journal.database.conn, "COMMIT")
    with pytest.raises(StoreFault, match="J-01"):
        journal.remember(shelf.decision(shelf.sale()))
    assert journal.sale(1) is None
    assert journal.next_sale() == 1
    journal.remember(shelf.decision(shelf.sale()))
    assert journal.chain_holds()


def test_a_commit_that_failed_in_the_report_only_counts(shelf, journal) -> None:
    journal.database.conn = FailingDisk(journal.database.conn, "COMMIT", done=True)
    journal.remember(shelf.decision(shelf.sale()))
    assert journal.sale(1) is not None
    journal.remember(shelf.note())
    assert [number for number, *_ in journal.entries()] == [1, 2]
    assert journal.chain_holds()


def test_where_nobody_can_look_a_failed_commit_is_told(shelf, journal) -> None:
    journal.database.conn = FailingDisk(journal.database.conn, "COMMIT", done=True)
    path, journal._path = journal._path, shelf.path.parent / "gone" / "journal.db"
    with pytest.raises(StoreFault, match="J-01"):
        journal.remember(shelf.decision(shelf.sale()))
    with pytest.raises(StoreFault, match="J-01"):
        journal.sale(1)
    with pytest.raises(StoreFault, match="J-01"):
        journal.sealed_message(1)
    journal._path = path
    journal.remember(shelf.note())
    assert journal.sale(1) is not None
    assert journal.chain_holds()


def test_the_guards_are_set_again_when_the_file_is_opened_again(shelf, journal) -> None:
    journal.database.conn = FailingDisk(journal.database.conn, "COMMIT", done=True)
    database = journal.database
    journal.remember(shelf.note())
    assert journal.database is database
    for pragma, value in (("synchronous", 2), ("journal_mode", "wal"), ("secure_delete", 1)):
        assert database.conn.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_the_trace_number_goes_round_and_never_shows_zero(shelf, journal) -> None:
    assert journal.peek_stan() == 1
    journal.database.conn.execute("INSERT INTO counters VALUES ('stan', ?)", (LAST_STAN - 2,))
    seen = [shelf.arm(journal, number).stan for number in range(1, 5)]
    assert seen == [999_998, 999_999, 1, 2]


def test_a_trace_number_is_taken_by_the_commit_that_arms_and_by_nothing_else(
    shelf, journal
) -> None:
    journal.remember(shelf.decision(shelf.sale()))
    assert journal.peek_stan() == 1
    shelf.arm(journal, 2)
    assert journal.peek_stan() == 2
    journal.remember(shelf.decision(shelf.sale(2, State.APPROVED, stan=1), settled=True))
    assert journal.peek_stan() == 2


def test_a_settled_reversal_is_gone_from_every_byte_on_disk(shelf, journal) -> None:
    armed = shelf.arm(journal)
    assert shelf.sealed in shelf.bytes_on_disk()
    journal.remember(shelf.decision(replace(armed, state=State.APPROVED), settled=True))
    assert journal.sealed_message(1) is None
    journal.tidy()
    assert shelf.sealed not in shelf.bytes_on_disk()
    shelf.close()
    assert shelf.sealed not in shelf.bytes_on_disk()


def test_one_sale_in_doubt_does_not_lose_its_reversal_when_another_is_settled(
    shelf, journal
) -> None:
    shelf.arm(journal, 1)
    second = shelf.arm(journal, 2)
    journal.remember(shelf.decision(replace(second, state=State.DECLINED), settled=True))
    assert journal.sealed_message(1) == shelf.sealed
    assert [sale.number for sale in journal.open_sales()] == [1]


@pytest.mark.parametrize("state", [state for state in State if state is not State.WAITING])
def test_a_start_finds_every_sale_whose_outcome_is_open(shelf, journal, state: State) -> None:
    journal.remember(shelf.decision(shelf.sale(1, state)))
    is_open = state in {State.ARMED, State.REVERSAL_PENDING, State.MANUAL, State.QUEUED}
    assert bool(journal.open_sales()) is is_open


def test_the_day_adds_up_what_was_approved_once(shelf, journal) -> None:
    today = shelf.noon.astimezone().date().isoformat()
    for number, state in enumerate((State.APPROVED, State.DECLINED, State.APPROVED), start=1):
        journal.remember(shelf.decision(shelf.sale(number, state)))
        journal.remember(shelf.decision(shelf.sale(number, state)))
    euro = shelf.sale(4, State.APPROVED, amount=Money(5, CURRENCIES["EUR"]))
    journal.remember(shelf.decision(euro))
    assert journal.day_total(today, CNY) == (2, Money(256_00))
    assert journal.day_total(today, CURRENCIES["EUR"])[0] == 1
    yesterday = (shelf.noon.astimezone() - timedelta(days=1)).date().isoformat()
    assert journal.day_total(yesterday, CNY) == (0, Money(0))


def test_the_last_sales_come_newest_first_without_drafts(shelf, journal) -> None:
    for number, state in enumerate(
        (State.APPROVED, State.ABANDONED, State.DECLINED, State.DRAFT), 1
    ):
        journal.remember(shelf.decision(shelf.sale(number, state)))
    assert [sale.number for sale in journal.last_sales(5)] == [3, 1]
    assert [sale.number for sale in journal.last_sales(1)] == [3]


def test_slips_keep_their_order_their_page_and_their_state(shelf, journal) -> None:
    slips = (shelf.slip(), shelf.slip())
    journal.remember(shelf.decision(shelf.sale(1, State.APPROVED), slips=slips))
    assert journal.last_slip().state is SlipState.OWED
    journal.remember(Decision(shelf.note().entries, print_states=((1, SlipState.PRINTING),)))
    assert [(s.number, s.state.value) for s in journal.slips_not_out()] == [
        (1, "printing"),
        (2, "owed"),
    ]
    journal.remember(Decision(shelf.note().entries, print_states=((1, SlipState.PRINTED),)))
    assert [slip.number for slip in journal.slips_not_out()] == [2]
    first, last = journal.slips_of(1)[0], journal.last_slip()
    assert (first.number, first.copies, first.document) == (1, 1, slips[0].document)
    assert (last.number, last.state) == (2, SlipState.OWED)


def test_the_last_slip_is_of_the_newest_payment_not_of_the_newest_paper(shelf, journal) -> None:
    old, new = (shelf.sale(number, State.APPROVED) for number in (1, 2))
    journal.remember(shelf.decision(old, slips=(shelf.slip(1),)))
    journal.remember(shelf.decision(new, slips=(shelf.slip(2),)))
    journal.remember(shelf.decision(old, slips=(shelf.slip(1),)))
    assert journal.last_slip().sale == 2


@pytest.mark.parametrize(
    "ask", ["open_sales", "slips_not_out", "count_not_out", "last_slip", "next_sale"]
)
def test_no_question_of_a_running_sale_reads_the_years_before_it(journal, ask: str) -> None:
    """The planner, without statistics, would rather scan a table than sort two rows."""
    asked: list[str] = []
    journal.database.conn.set_trace_callback(asked.append)
    getattr(journal, ask)()
    journal.database.conn.set_trace_callback(None)
    for statement in asked:
        plan = journal.database.conn.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        scans = [row[3] for row in plan if row[3].startswith("SCAN") and "INDEX" not in row[3]]
        assert not scans or "LIMIT 1" in statement


def test_an_old_sqlite_is_refused(shelf) -> None:
    for version in ("3.51.2", "3.40.1", "3.7.0"):
        with pytest.raises(StoreFault, match="J-04"):
            open_database(shelf.path, sqlite_version=version)
    assert not shelf.path.exists()
    open_database(shelf.path, sqlite_version="3.51.3").close()


def test_a_second_program_is_refused(shelf, journal) -> None:
    journal.remember(shelf.note())
    with pytest.raises(StoreFault, match="J-03"):
        open_database(shelf.path)


def test_the_second_start_is_refused_until_the_first_has_ended(data_folder) -> None:
    first = InstanceLock(data_folder)
    with pytest.raises(StoreFault, match="J-03"):
        InstanceLock(data_folder)
    first.release()
    InstanceLock(data_folder).release()


def test_a_file_that_is_no_database_is_refused_and_left_alone(shelf) -> None:
    shelf.path.write_bytes(b"a letter to the bank, and no database at all" * 40)
    before = shelf.path.read_bytes()
    with pytest.raises(StoreFault, match="J-02"):
        shelf.open()
    assert shelf.path.read_bytes() == before


@pytest.mark.parametrize(
    "act",
    [
        "CREATE TABLE songs (title TEXT)",
        "PRAGMA user_version = 2",
        "PRAGMA application_id = 7",
    ],
)
def test_a_database_of_somebody_else_is_refused(shelf, act: str) -> None:
    connection = pysqlite3.connect(shelf.path)
    connection.execute(act)
    connection.commit()
    connection.close()
    with pytest.raises(StoreFault, match="J-02"):
        shelf.open()


def test_a_journal_of_a_newer_version_is_refused(shelf, journal) -> None:
    journal.database.conn.execute("PRAGMA user_version = 9")
    shelf.close()
    with pytest.raises(StoreFault, match="J-02"):
        shelf.open()


def test_a_folder_that_is_not_there_is_told(data_folder) -> None:
    with pytest.raises(StoreFault, match="J-01"):
        Journal(data_folder / "nowhere" / "journal.db", b"k" * 32, till=1)
