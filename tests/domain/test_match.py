"""Guards the three-way match: every kind of difference is found, said and cured, in each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from string import Formatter

import pytest

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
from domain.match import _WORDS, Differing, OfficeRow, differences_of
from domain.money import CNY, Money
from domain.words import LANGUAGES, words

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ROWS = (
    BatchRow(1, 11, Money(10_00), scheme="UnionPay"),
    BatchRow(2, 12, Money(20_00), scheme="Visa"),
    BatchRow(3, 13, Money(5_00), is_credit=True, scheme="UnionPay"),
)
BATCH = Batch(
    7,
    NOON,
    BatchState.CLOSED,
    domestic=totals_of((ROWS[0], ROWS[2]), CNY),
    foreign=totals_of((ROWS[1],), CNY),
    verdict=Verdict.NOT_BALANCED,
    bank=totals_of(ROWS[:2], CNY),
    of=3,
    sent=3,
    words=tuple(RowVerdict(row.stan, RowWord.SAME, row.amount) for row in ROWS),
)


def heard(word: RowWord, amount: Money) -> Batch:
    """The bank says this of the second row."""
    spoken = RowVerdict(12, word, amount)
    return replace(BATCH, words=(BATCH.words[0], spoken, BATCH.words[2]))


def test_what_matches_has_no_difference() -> None:
    assert differences_of(replace(BATCH, verdict=Verdict.BALANCED), ROWS) == ()


@pytest.mark.parametrize(
    ("batch", "kind", "sale", "stan", "till", "bank"),
    [
        (heard(RowWord.NOT_HELD, Money(20_00)), Differing.NOT_AT_BANK, 2, 12, Money(20_00), None),
        (
            heard(RowWord.OTHER_AMOUNT, Money(19_00)),
            Differing.AMOUNT,
            2,
            12,
            Money(20_00),
            Money(19_00),
        ),
        (
            heard(RowWord.OTHER_CARD, Money(20_00)),
            Differing.CARD,
            2,
            12,
            Money(20_00),
            Money(20_00),
        ),
        (
            replace(BATCH, bank_only=(BankRow(99, Money(7_00)),)),
            Differing.ONLY_AT_BANK,
            None,
            99,
            None,
            Money(7_00),
        ),
        (replace(BATCH, unsent=(2,)), Differing.NOT_COMPARED, 2, 12, Money(20_00), None),
        (BATCH, Differing.TOTALS, None, None, Money(25_00), Money(30_00)),
        (
            replace(BATCH, verdict=Verdict.ERROR, bank=None, words=()),
            Differing.TOTALS,
            None,
            None,
            Money(25_00),
            None,
        ),
    ],
)
def test_a_difference_is_one_line(
    batch: Batch,
    kind: Differing,
    sale: int | None,
    stan: int | None,
    till: Money | None,
    bank: Money | None,
) -> None:
    (found,) = differences_of(batch, ROWS)
    assert (found.kind, found.sale, found.stan) == (kind, sale, stan)
    assert (found.till, found.bank, found.back_office) == (till, bank, None)


def test_rows_are_compared_though_the_totals_match() -> None:
    """Two errors that cancel each other out: seen where the bank wants its rows always."""
    batch = replace(heard(RowWord.OTHER_AMOUNT, Money(19_00)), verdict=Verdict.BALANCED)
    assert [found.kind for found in differences_of(batch, ROWS)] == [Differing.AMOUNT]


def test_without_a_back_office_nothing_is_missing_there() -> None:
    batch = replace(BATCH, verdict=Verdict.BALANCED)
    assert differences_of(batch, ROWS, None) == ()
    office = (OfficeRow(1, Money(10_00)), OfficeRow(2, Money(2_00)), OfficeRow(8, Money(1_00)))
    found = differences_of(batch, ROWS, office)
    assert [(line.kind, line.sale) for line in found] == [
        (Differing.OFFICE_AMOUNT, 2),
        (Differing.NOT_AT_OFFICE, 3),
        (Differing.ONLY_AT_OFFICE, 8),
    ]
    assert found[0].back_office == Money(2_00)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Differing)
def test_each_has_its_sentence_and_its_cure_in_each_language(
    language: str, kind: Differing
) -> None:
    (difference,) = differences_of(heard(RowWord.OTHER_AMOUNT, Money(19_00)), ROWS)
    text, cure = _WORDS[kind]
    say = words(language)
    said = say.say(text, **difference.parts)
    assert not [name for _, name, _, _ in Formatter().parse(said) if name]
    assert say.say(cure)
    assert difference.parts == {
        "trace": "000012",
        "till": "¥20.00",
        "bank": "¥19.00",
        "office": "-",
    }
    assert difference.printed_parts["till"] == "CNY 20.00"
