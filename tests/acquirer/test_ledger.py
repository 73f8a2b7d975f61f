"""Guards the training acquirer's book: each payment in its last state, and sums that survive."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from acquirer.simulator_ledger import CHARGED, DECLINED, Ledger, LedgerRow, read_ledger

MASKED = "621234******1232"
ROW = LedgerRow("31060218", 1, 1, CHARGED, 50_00, MASKED, "261122000001", "00")


def test_what_is_spent_survives_a_restart_and_a_reversal_gives_it_back(tmp_path: Path) -> None:
    first = Ledger(tmp_path)
    first.write(ROW)
    first.write(replace(ROW, stan=2, amount_minor=25_00))
    first.write(replace(ROW, stan=3, state=DECLINED, amount_minor=99_00))
    assert first.spent(MASKED) == 75_00
    first.close()
    second = Ledger(tmp_path)
    assert second.spent(MASKED) == 75_00
    second.reverse(second.rows[ROW.key])
    second.reverse(second.rows[ROW.key])
    assert second.spent(MASKED) == 25_00
    second.close()
    third = Ledger(tmp_path)
    assert third.spent(MASKED) == 25_00
    assert third.lines == 5
    third.close()


def test_a_payment_is_read_once_in_its_last_state(tmp_path: Path) -> None:
    book = Ledger(tmp_path)
    book.write(ROW)
    book.write(replace(ROW, stan=2))
    book.reverse(ROW)
    book.close()
    assert [(row.stan, row.state) for row in read_ledger(tmp_path)] == [
        (1, "reversed"),
        (2, "charged"),
    ]


def test_a_folder_without_a_book_has_no_payments(tmp_path: Path) -> None:
    assert read_ledger(tmp_path) == []


def test_a_line_that_a_power_cut_tore_never_counts(tmp_path: Path) -> None:
    book = Ledger(tmp_path)
    book.write(ROW)
    book.close()
    path = next(tmp_path.glob("*.jsonl"))
    path.write_bytes(path.read_bytes() + b'{"terminal":"31')
    assert len(read_ledger(tmp_path)) == 1
    again = Ledger(tmp_path)
    again.write(replace(ROW, stan=2))
    again.close()
    assert len(read_ledger(tmp_path)) == 2
