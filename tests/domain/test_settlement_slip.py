"""Guards the slip of a settlement, in three languages and on both widths of paper, to the column.

The pictures in tests/domain/slips are what a person has looked at; see test_receipts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.text_printer import text_lines
from domain.batch import (
    BankRow,
    Batch,
    BatchRow,
    BatchState,
    RowVerdict,
    RowWord,
    Verdict,
    totals_of,
)
from domain.document import typeset, width_of
from domain.entries import SlipKind
from domain.match import differences_of
from domain.money import CNY, Money
from domain.settings import Settings
from domain.settlement_slip import settlement_slip

PICTURES = Path(__file__).with_name("slips")
ROWS = (
    BatchRow(1, 11, Money(1_280_00), scheme="UnionPay"),
    BatchRow(2, 12, Money(20_00), scheme="Visa"),
    BatchRow(3, 13, Money(5_00), scheme="Visa"),
    BatchRow(4, 14, Money(5_00), is_credit=True, scheme="Visa"),
)
MATCHED = Batch(
    87,
    datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
    BatchState.CLOSED,
    begun_by="02 Grace Okafor",
    domestic=totals_of(ROWS[:1], CNY),
    foreign=totals_of(ROWS[1:], CNY),
    verdict=Verdict.BALANCED,
    bank=totals_of(ROWS, CNY),
    # In the time of this machine, whatever that is: the slip shows it so.
    closed_at=datetime(2026, 11, 22, 14, 0, 5).astimezone(),
)
DIFFERED = replace(
    MATCHED,
    verdict=Verdict.NOT_BALANCED,
    bank=totals_of(ROWS[:2], CNY),
    of=4,
    sent=4,
    words=(
        RowVerdict(12, RowWord.OTHER_AMOUNT, Money(19_00)),
        RowVerdict(13, RowWord.NOT_HELD, Money(5_00)),
    ),
    bank_only=(BankRow(900, Money(7_00)),),
)
BATCHES = {
    "settlement": (MATCHED, ROWS),
    "settlement_differing": (DIFFERED, ROWS),
    "settlement_refused": (replace(MATCHED, verdict=Verdict.ERROR, bank=None), ROWS),
    "settlement_empty": (
        replace(MATCHED, domestic=totals_of((), CNY), foreign=totals_of((), CNY), bank=None),
        (),
    ),
}


def page(name: str, language: str) -> object:
    batch, rows = BATCHES[name]
    differences = differences_of(batch, rows)
    settings = Settings(training=False, slip_language=language)
    slip = settlement_slip(batch, rows, differences, settings)
    assert (slip.sale, slip.batch, slip.kind) == (None, 87, SlipKind.SETTLEMENT)
    return slip.document


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW"])
@pytest.mark.parametrize("name", BATCHES)
def test_a_slip_looks_as_it_was_seen(name: str, language: str, columns: int) -> None:
    text = "\n".join(text_lines(page(name, language), columns)) + "\n"
    picture = PICTURES / f"{name}_{language}_{columns}.txt"
    if not picture.exists():
        picture.write_text(text, encoding="utf-8")
        pytest.fail(f"{picture.name} is new: look at it")
    assert text == picture.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW"])
def test_no_line_is_wider_than_the_paper(language: str, columns: int) -> None:
    for line in typeset(page("settlement_differing", language), columns):
        assert width_of(line.text) * (1 + line.double) <= columns


def test_a_training_slip_says_so() -> None:
    slip = settlement_slip(MATCHED, ROWS, (), Settings())
    text = "\n".join(text_lines(slip.document, 48))
    assert text.count("TRAINING, NOT A PAYMENT") == 2
