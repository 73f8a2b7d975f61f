"""Guards the way back: the right one for every sale, never above the original, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.give_back import Way, facts_of, left_of, refunded, way_back
from domain.kinds import KINDS, Kind
from domain.money import Money
from domain.operators import Operator, Role
from domain.sale import Answer, OriginalFacts, Sale, State

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TOMAS = Operator("02", "Tomás Rivera", Role.SUPERVISOR)
SALE = Sale(
    7,
    Money(128_00),
    TOMAS,
    NOON,
    State.APPROVED,
    stan=412,
    batch=87,
    answer=Answer("00", "632614000412", "418207", "1122143208"),
    fingerprint="aa",
    finished_at=NOON,
)

# what was done before: kind state amount [code], comma apart | amount, batch | the way
WAYS = """
                                              | 12800 87 | void
                                              | 12800 88 | refund
                                              | 12799 87 | refund
                                              | 1 87     | refund
                                              | 12801 87 | none
                                              | 0 87     | none
                                              | -1 87    | none
refund delivered 4000                         | 8800 87  | refund
refund delivered 4000                         | 8801 87  | none
refund queued 4000                            | 8801 87  | none
refund queued 4000, refund delivered 8000     | 800 87   | refund
refund queued 4000, refund delivered 8800     | 800 87   | none
refund rejected 12800                         | 12800 88 | refund
refund abandoned 12800                        | 12800 88 | refund
refund not_sent 12800                         | 12800 88 | refund
void reversed 12800                           | 12800 87 | void
void declined 12800 55                        | 12800 87 | void
void declined 12800 25                        | 12800 87 | refund
void reversal_pending 12800                   | 12800 87 | none
void manual 12800                             | 12800 87 | none
void waiting 12800                            | 100 87   | none
refund draft 100                              | 100 87   | refund
"""

STATES = """
draft             none
captured          none
pin               none
armed             reversal
waiting           reversal
not_sent          none
approved          void
declined          none
reversal_pending  reversal
reversed          none
manual            none
abandoned         none
voided            none
queued            none
delivered         none
rejected          none
completed         none
"""


def lines(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.strip()]


def a_move(text: str) -> Sale:
    kind, state, minor, *code = text.split()
    answer = Answer(code[0]) if code else None
    return replace(
        SALE,
        number=8,
        kind=Kind(kind),
        state=State(state),
        amount=Money(int(minor)),
        answer=answer,
        original=7,
    )


@pytest.mark.parametrize("line", lines(WAYS))
def test_the_till_picks_the_way_by_itself(line: str) -> None:
    before, asked, way = (part.strip() for part in line.split("|"))
    moves = tuple(a_move(text) for text in before.split(",") if text.strip())
    minor, batch = map(int, asked.split())

    found = way_back(SALE, moves, Money(minor), open_batch=batch)

    assert found.kind is Way(way)
    assert found.why
    assert bool(found.arrives) is (found.kind is not Way.NONE)


@pytest.mark.parametrize("line", lines(STATES))
def test_a_sale_in_any_state_has_its_way(line: str) -> None:
    state, way = line.split()
    sale = replace(SALE, state=State(state))
    assert way_back(sale, (), sale.amount, open_batch=87).kind is Way(way)


def test_every_state_has_been_asked() -> None:
    assert {line.split()[0] for line in lines(STATES)} == set(State)


@pytest.mark.parametrize(
    "kind", [kind for kind in Kind if kind not in {"sale", "completion", "preauth"}]
)
def test_what_is_no_charge_is_not_given_back(kind: Kind) -> None:
    sale = replace(SALE, kind=kind)
    assert way_back(sale, (), sale.amount, open_batch=87).kind is Way.NONE


def test_a_sale_whose_card_is_not_known_any_more_is_not_given_back() -> None:
    sale = replace(SALE, fingerprint="")
    assert way_back(sale, (), sale.amount, open_batch=87).kind is Way.NONE


@given(st.lists(st.integers(-5, 20_000), max_size=12), st.integers(80, 90))
def test_refunds_never_come_above_the_original(amounts: list[int], batch: int) -> None:
    moves: tuple[Sale, ...] = ()
    for minor in amounts:
        if way_back(SALE, moves, Money(minor), open_batch=batch).kind is Way.REFUND:
            moves += (a_move(f"refund queued {minor}"),)
    assert refunded(SALE, moves) <= SALE.amount
    assert refunded(SALE, moves) + left_of(SALE, moves) == SALE.amount


def test_the_bank_is_told_what_it_said_itself() -> None:
    assert facts_of(SALE) == OriginalFacts(87, 412, "632614000412", "418207", "1122")


def test_every_kind_says_what_it_needs() -> None:
    assert set(KINDS) == set(Kind)
    assert {kind for kind, row in KINDS.items() if row.undoes_original} < {
        kind for kind, row in KINDS.items() if row.needs_original and row.gives_back
    }
