"""Guards what may be done with a hold: how much is charged, until when, and what follows for both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.consequences import consequence_of
from domain.give_back import Way, way_back
from domain.holds import completable
from domain.kinds import Kind
from domain.money import MAX_MINOR, Money
from domain.operators import Operator, Role
from domain.sale import Completed, HeldAgain, Sale, State, Voided
from domain.settings import AcquirerProfile
from domain.totals import booked

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TOMAS = Operator("02", "Tomás Rivera", Role.SUPERVISOR)
PROFILE = AcquirerProfile()
HOLD = Sale(
    7,
    Money(200_00),
    TOMAS,
    NOON,
    State.APPROVED,
    batch=87,
    kind=Kind.PREAUTH,
    fingerprint="aa",
    finished_at=NOON,
)


def a_move(kind: Kind, state: State, minor: int = 150_00) -> Sale:
    return replace(HOLD, number=8, kind=kind, state=state, amount=Money(minor), original=7)


@pytest.mark.parametrize(
    ("held", "percent", "most"),
    [
        (200_00, 115, 230_00),
        (1, 115, 1),
        (99, 115, 1_13),
        (200_00, 100, 200_00),
        (MAX_MINOR, 115, MAX_MINOR),
    ],
)
def test_a_hold_is_charged_up_to_a_share_of_it(held: int, percent: int, most: int) -> None:
    profile = replace(PROFILE, completion_percent=percent)
    found = completable(replace(HOLD, amount=Money(held)), (), profile, NOON)
    assert (found.most, found.why_not) == (Money(most), "")


@pytest.mark.parametrize(
    ("later", "is_charged"),
    [(timedelta(days=30), True), (timedelta(days=30, seconds=1), False)],
)
def test_a_hold_is_charged_within_its_days(later: timedelta, *, is_charged: bool) -> None:
    found = completable(HOLD, (), PROFILE, NOON + later)
    assert (found.most is not None) is is_charged
    assert bool(found.why_not) is not is_charged
    assert way_back(HOLD, (), HOLD.amount, open_batch=99).kind is Way.VOID


@pytest.mark.parametrize("kind", [Kind.COMPLETION, Kind.PREAUTH_VOID, Kind.COMPLETION_ADVICE])
def test_a_hold_waits_for_what_is_not_finished(kind: Kind) -> None:
    states = {State.ARMED, State.WAITING, State.REVERSAL_PENDING, State.MANUAL}
    for state in states:
        moves = (a_move(kind, state),)
        assert completable(HOLD, moves, PROFILE, NOON).why_not
        assert way_back(HOLD, moves, HOLD.amount, open_batch=87).kind is Way.NONE
    over = (a_move(kind, State.REVERSED), a_move(kind, State.DECLINED))
    assert completable(HOLD, over, PROFILE, NOON).most == Money(230_00)


def test_what_holds_nothing_is_not_charged_and_nobody_asks_why() -> None:
    for state in set(State) - {State.APPROVED}:
        found = completable(replace(HOLD, state=state), (), PROFILE, NOON)
        assert (found.most, found.why_not) == (None, "")
    for kind in set(Kind) - {Kind.PREAUTH}:
        assert completable(replace(HOLD, kind=kind), (), PROFILE, NOON).most is None


def test_a_hold_is_released_whole_on_any_day() -> None:
    assert way_back(HOLD, (), Money(200_00), open_batch=87).kind is Way.VOID
    assert way_back(HOLD, (), Money(200_00), open_batch=99).kind is Way.VOID
    assert way_back(HOLD, (), Money(199_99), open_batch=87).kind is Way.NONE
    assert way_back(HOLD, (), Money(200_01), open_batch=87).kind is Way.NONE
    for state in (State.COMPLETED, State.VOIDED, State.REVERSED, State.DECLINED):
        gone = way_back(replace(HOLD, state=state), (), Money(200_00), open_batch=87)
        assert gone.kind is Way.NONE
        assert gone.why


# kind state | batch of today | way of all, way of a part
CHARGES = """
completion approved         | 87 | void   refund
completion approved         | 88 | refund refund
completion voided           | 87 | none   none
completion advice queued    | 87 | none   none
completion advice delivered | 87 | void   refund
completion advice delivered | 88 | refund refund
completion advice rejected  | 87 | none   none
completion advice voided    | 87 | none   none
"""


@pytest.mark.parametrize("line", [line for line in CHARGES.splitlines() if line])
def test_a_completion_is_given_back_like_a_sale(line: str) -> None:
    what, batch, ways = (part.strip() for part in line.split("|"))
    kind, state = what.rsplit(maxsplit=1)
    charge = a_move(Kind(kind), State(state))
    found = [
        way_back(charge, (), Money(minor), open_batch=int(batch)).kind.value
        for minor in (150_00, 149_99)
    ]
    assert found == ways.split()


# kind state | what happens to the payment behind it
CONSEQUENCES = """
void approved                  | Voided
preauth void approved          | Voided
completion void approved       | Voided
completion approved            | Completed
completion declined            |
completion reversal_pending    |
completion reversed            |
completion voided              | HeldAgain
completion advice queued       | Completed
completion advice delivered    |
completion advice rejected     | HeldAgain
completion advice voided       | HeldAgain
refund queued                  |
refund delivered               |
preauth void reversed          |
preauth void declined          |
sale approved                  |
preauth approved               |
balance approved               |
"""


@pytest.mark.parametrize("line", [line for line in CONSEQUENCES.splitlines() if line])
def test_what_changes_with_a_payment(line: str) -> None:
    what, name = (part.strip() for part in line.split("|"))
    kind, state = what.rsplit(maxsplit=1)
    event = consequence_of(a_move(Kind(kind), State(state)))
    wanted = {"Voided": Voided(8), "Completed": Completed(8), "HeldAgain": HeldAgain(8)}
    assert event == wanted.get(name)


# kind state | charges and minor units that it adds to the day
TAKINGS = """
preauth approved            | 0 0
preauth completed           | 0 0
preauth void approved       | 0 0
completion approved         | 1 15000
completion voided           | 0 0
completion void approved    | 0 0
completion advice queued    | 1 15000
completion advice delivered | 1 15000
completion advice rejected  | 0 0
completion advice voided    | 0 0
balance approved            | 0 0
"""


@pytest.mark.parametrize("line", [line for line in TAKINGS.splitlines() if line])
def test_a_hold_is_no_takings_and_a_completion_is(line: str) -> None:
    what, sums = (part.strip() for part in line.split("|"))
    kind, state = what.rsplit(maxsplit=1)
    assert booked(a_move(Kind(kind), State(state))) == tuple(map(int, sums.split()))
