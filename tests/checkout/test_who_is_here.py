"""Guards who stands at the till: locked when idle, switched without signing out, never paid over."""

from __future__ import annotations

import pytest

from checkout import commands
from checkout import people_commands as people
from checkout.notices import CheckoutShown, SignInShown
from domain.sale import State
from tests.checkout.people_seen import MANAGER, entries, here, last, refusals


@pytest.fixture
def locking(make_stage):
    """A till that locks after five minutes."""
    return make_stage(lock_minutes=5).open()


def test_a_till_that_nobody_touches_locks_itself(locking) -> None:
    locking.wait(299)
    assert here(locking) == "01"
    locking.wait(6)
    assert (here(locking), type(last(locking))) == ("", SignInShown)
    assert entries(locking, "signed out") == [("signed out", "01", {"idle_minutes": 5})]


def test_a_touch_keeps_it_open(locking) -> None:
    for _ in range(4):
        locking.wait(200)
        locking.send(people.StillHere())
    assert here(locking) == "01"
    assert refusals(locking) == []


def test_sleep_counts_and_the_first_command_after_it_finds_the_till_locked(locking) -> None:
    locking.clock.sleep(8 * 3600)
    locking.send(commands.StartSale(100))
    assert (here(locking), refusals(locking)) == ("", [("StartSale", "")])
    assert locking.journal.next_sale() == 1
    locking.send(commands.SignIn("01", "135790"))
    assert here(locking) == "01"


def test_no_clock_that_is_set_locks_or_keeps_open(locking) -> None:
    locking.clock.wall = locking.clock.wall.replace(year=2036)
    locking.wait(1)
    assert here(locking) == "01"
    locking.clock.wall = locking.clock.wall.replace(year=2016)
    locking.wait(310)
    assert here(locking) == ""


def test_a_payment_is_never_locked_over_and_its_end_is(make_stage) -> None:
    till = make_stage(lock_minutes=5, card_seconds=600.0).open()
    till.send(commands.StartSale(128_00))
    till.wait(590)
    assert (here(till), till.shown.sale.state) == ("01", State.DRAFT)
    till.swipe()
    till.send(commands.Confirm())
    till.wait(20)
    till.type_pin()
    till.wait(299)
    assert (here(till), till.shown.sale.state) == ("01", State.APPROVED)
    till.wait(10)
    assert here(till) == ""


def test_a_swipe_into_a_till_that_has_just_locked_is_wiped(locking) -> None:
    locking.clock.sleep(3600)
    assert not any(locking.swipe())


def test_another_person_takes_over_without_the_first_signing_out(stage) -> None:
    stage.send(people.SwitchUser())
    assert (last(stage).staying.id, here(stage)) == ("01", "01")
    stage.send(commands.SignIn("02", "000000"))
    assert (last(stage).fault, last(stage).staying.id) == ("A-01", "01")
    stage.send(commands.SignIn(*MANAGER))
    assert (here(stage), type(last(stage))) == ("02", CheckoutShown)
    assert entries(stage, "signed out", "signed in")[-2:] == [
        ("signed out", "01", {"for": "02"}),
        ("signed in", "02", {"name": "Grace Okafor"}),
    ]


def test_who_stays_finds_the_screen_as_it_was(stage) -> None:
    stage.sell()
    stage.send(people.SwitchUser())
    stage.till.desk.show()
    assert isinstance(last(stage), SignInShown)
    stage.send(people.Stay())
    assert last(stage).sale.state is State.APPROVED
    stage.send(people.Stay(), commands.SignIn(*MANAGER))
    assert refusals(stage) == [("Stay", ""), ("SignIn", "")]


def test_nobody_is_switched_during_a_payment(stage) -> None:
    stage.ask_for()
    stage.send(people.SwitchUser())
    assert refusals(stage) == [("SwitchUser", "")]
    assert stage.shown.sale.state is State.PIN_ENTRY
