"""Guards holds and enquiries in the state machine: what is held, charged later, or only asked.

Words and makers are those of test_sale_stories.
"""

from __future__ import annotations

import typing
from dataclasses import replace

import pytest

from domain.faults import Moved
from domain.kinds import Kind as PaymentKind
from domain.money import Money
from domain.sale import ENQUIRY_ROWS, FINAL, TABLE, Errand, NotNow, Sale, State, advance
from domain.truth import money_moved
from tests.domain.test_sale_stories import (
    NOON,
    WORDS,
    a_hold,
    a_refund,
    a_sale,
    a_told_completion,
    lines,
)

HOLD = """
approved          held
completed         hold charged
voided            released
reversal_pending  willnot
reversed          not
"""

RELEASE = """
draft             none
armed             releasing
waiting           releasing
approved          released
declined          stays held
reversal_pending  release unknown
reversed          stays held
manual            release unknown
"""

TOLD_CHARGE = """
queued            charge recorded
delivered         charged
rejected          not
voided            given back
"""

ENQUIRY_STORIES = """
captured confirmed typed sent approved                -> approved
captured confirmed typed sent declined                -> declined
captured confirmed typed sent unanswered              -> not_sent
captured confirmed typed sent sent-twice              -> not_sent
captured confirmed typed unanswered                   -> not_sent
captured confirmed typed power-returned               -> not_sent
captured confirmed typed not-sent                     -> not_sent
captured confirmed typed sent unanswered reversed     -> NotNow
captured confirmed typed sent approved voided         -> NotNow
captured confirmed typed sent approved completed      -> NotNow
captured recorded                                     -> NotNow
"""


def a_release(state: State = State.DRAFT) -> Sale:
    return replace(a_refund(state), kind=PaymentKind.PREAUTH_VOID)


def a_balance_enquiry(state: State = State.DRAFT) -> Sale:
    return replace(a_sale(state), kind=PaymentKind.BALANCE, amount=Money(0))


@pytest.mark.parametrize("story", lines(ENQUIRY_STORIES))
def test_an_enquiry_without_an_answer_has_moved_nothing_and_is_never_reversed(story: str) -> None:
    words, _, end = story.partition("->")
    *earlier, last = words.split()
    sale = a_balance_enquiry()
    for word in earlier:
        sale = advance(sale, WORDS[word](), NOON).sale

    if end.strip() == "NotNow":
        with pytest.raises(NotNow):
            advance(sale, WORDS[last](), NOON)
    else:
        step = advance(sale, WORDS[last](), NOON)
        assert step.sale.state is State(end.strip())
        assert Errand.REVERSE not in step.errands
        assert step.sale.reason is None
        assert money_moved(step.sale) is Moved.NONE


def test_what_an_enquiry_does_otherwise_ends_it_on_disk_and_reverses_nothing() -> None:
    assert set(ENQUIRY_ROWS) <= set(TABLE)
    for row in ENQUIRY_ROWS.values():
        assert row.durable
        assert row.to in FINAL
        assert not {Errand.REVERSE, Errand.PRINT} & set(row.errands)


@pytest.mark.parametrize(
    ("state", "word"), [(State.APPROVED, "completed"), (State.COMPLETED, "held-again")]
)
@pytest.mark.parametrize("kind", [kind for kind in PaymentKind if kind is not PaymentKind.PREAUTH])
def test_only_a_hold_is_completed_and_held_again(
    state: State, word: str, kind: PaymentKind
) -> None:
    with pytest.raises(NotNow):
        advance(replace(a_sale(state), kind=kind), WORDS[word](), NOON)


@pytest.mark.parametrize(
    ("make", "table"),
    [(a_hold, HOLD), (a_release, RELEASE), (a_told_completion, TOLD_CHARGE)],
)
def test_a_hold_its_release_and_its_charge_have_lines_of_their_own(
    make: typing.Callable[[State], Sale], table: str
) -> None:
    for line in lines(table):
        state, moved = line.split(maxsplit=1)
        assert money_moved(make(State(state))) is Moved(moved)
