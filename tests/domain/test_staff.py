"""Guards the rules of people: which PIN is one, whose name, and that somebody can always edit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.operators import BUILT_IN, Operator, Permission, Role
from domain.staff import (
    Member,
    next_number,
    regranted,
    shortest_pin,
    somebody_may_edit,
    spoken_name,
    why_no_pin,
    with_change,
)

MEI = Operator("01", "Mei Lin", Role.CASHIER)
GRACE = Operator("02", "Grace Okafor", Role.MANAGER)
PEOPLE = (Member(MEI), Member(GRACE))

PINS = """
cashier 135790 ->
cashier 13579 -> A-05
cashier 1357902468013 -> A-05
cashier 13579x -> A-05
cashier １３５７９０ -> A-05
cashier 111111 -> A-06
cashier 123456 -> A-06
cashier 987654 -> A-06
cashier 890123 -> A-06
cashier 010101 -> A-06
cashier 123123 -> A-06
cashier 12341234 -> A-06
manager 135790 -> A-05
manager 13579024 ->
manager 02020202 -> A-06
"""


@pytest.mark.parametrize("row", PINS.strip().splitlines())
def test_a_pin_is_long_and_not_easy(row: str) -> None:
    left, _, code = row.partition(" ->")
    role, pin = left.split()
    operator = {"cashier": MEI, "manager": GRACE}[role]
    assert why_no_pin(pin, operator) == code.strip()


def test_whoever_may_do_more_than_sell_has_a_longer_pin() -> None:
    assert shortest_pin(frozenset({Permission.SELL, Permission.REPRINT})) == 6
    for more in frozenset(Permission) - {Permission.SELL, Permission.REPRINT}:
        assert shortest_pin(frozenset({Permission.SELL, more})) == 8


def test_more_rights_ask_for_a_new_pin_and_fewer_do_not() -> None:
    raised = regranted(PEOPLE[0], BUILT_IN[Role.SUPERVISOR])
    assert raised.must_change
    assert raised.operator.permissions == BUILT_IN[Role.SUPERVISOR]
    assert not regranted(PEOPLE[1], BUILT_IN[Role.CASHIER]).must_change


def test_somebody_may_always_edit() -> None:
    assert somebody_may_edit(PEOPLE, BUILT_IN)
    blocked = with_change(PEOPLE, replace(PEOPLE[1], is_blocked=True))
    assert not somebody_may_edit(blocked, BUILT_IN)
    powerless = BUILT_IN | {Role.MANAGER: frozenset({Permission.SELL})}
    assert not somebody_may_edit(PEOPLE, powerless)
    assert somebody_may_edit(PEOPLE, powerless | {Role.CASHIER: frozenset({Permission.STAFF})})


def test_a_number_is_given_once_and_there_are_ninety_nine() -> None:
    assert next_number(()) == "01"
    assert next_number(PEOPLE) == "03"
    assert next_number((Member(replace(MEI, id="99")),)) == ""


def test_a_name_is_what_can_be_seen_of_it() -> None:
    assert spoken_name("  Mei\t\u202eLin\x1b[31m ") == "Mei Lin [31m"
    assert spoken_name("\u200b \n") == ""
    assert len(spoken_name("x" * 100)) == 40
