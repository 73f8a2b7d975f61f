"""Guards people and roles: each change has its entry, and somebody can always make the next."""

from __future__ import annotations

import pytest

from checkout import commands
from checkout import people_commands as people
from checkout.notices import CheckoutShown, SignInShown
from checkout.people_notices import FirstRunShown, NewPinShown, StaffShown
from domain.operators import BUILT_IN, Permission, Role
from tests.checkout.people_seen import MANAGER, SAMS_FIRST, SAMS_OWN, entries, here, last, refusals


@pytest.fixture
def new_shop(make_stage):
    """A till that knows nobody."""
    stage = make_stage()
    stage.journal.database.conn.execute("DELETE FROM operators")
    stage.till.open()
    stage.settle()
    return stage


def test_a_till_that_knows_nobody_asks_for_its_first_manager(new_shop) -> None:
    assert last(new_shop) == FirstRunShown()
    new_shop.send(commands.SignIn("01", "135790"))
    assert last(new_shop) == FirstRunShown()
    for name, pin, fault in (
        (" ", "91537264", "A-09"), ("Ada", "915372", "A-05"), ("Ada", "12345678", "A-06"),
    ):  # fmt: skip
        new_shop.send(people.FirstOperator(name, pin))
        assert last(new_shop) == FirstRunShown(fault)
    new_shop.send(people.FirstOperator(" Ada  Wu ", "91537264"))
    assert [operator.name for operator in last(new_shop).operators] == ["Ada Wu"]
    new_shop.send(commands.SignIn("01", "91537264"), people.ShowStaff())
    assert isinstance(last(new_shop), StaffShown)
    assert entries(new_shop, "person changed") == [
        ("person changed", "01", {"change": "first manager", "person": "01", "name": "Ada Wu"})
    ]


def test_who_deletes_the_people_from_the_file_becomes_no_manager(new_shop) -> None:
    new_shop.send(people.FirstOperator("Ada", "91537264"))
    new_shop.journal.database.conn.execute("DELETE FROM operators")
    new_shop.send(people.FirstOperator("Eve", "91537264"))
    assert refusals(new_shop) == [("FirstOperator", "J-02")]
    assert new_shop.till.parts.roster.members() == ()


def test_there_is_one_first_manager(stage) -> None:
    stage.send(people.FirstOperator("Eve", "91537264"), commands.SignOut())
    stage.send(people.FirstOperator("Eve", "91537264"))
    assert refusals(stage) == [("FirstOperator", "")] * 2
    assert len(stage.till.parts.roster.members()) == 2


def test_a_new_person_chooses_a_pin_of_their_own_before_anything_else(sam) -> None:
    sam.send(commands.SignIn("03", SAMS_FIRST))
    assert last(sam) == NewPinShown(sam.till.parts.roster.member("03").operator, 6)
    sam.send(commands.StartSale(100))
    assert refusals(sam) == [("StartSale", "A-03")]
    for pin, fault in (("12345", "A-05"), ("123456", "A-06"), (SAMS_FIRST, "A-07")):
        sam.send(people.ChoosePin(pin))
        assert last(sam).fault == fault
    sam.send(people.ChoosePin(SAMS_OWN))
    assert (here(sam), type(last(sam))) == ("03", CheckoutShown)
    sam.send(commands.SignOut(), commands.SignIn("03", SAMS_FIRST))
    assert last(sam).fault == "A-01"
    sam.send(commands.SignIn("03", SAMS_OWN))
    assert here(sam) == "03"


def test_a_power_cut_before_the_new_pin_asks_for_it_again(sam) -> None:
    sam.send(commands.SignIn("03", SAMS_FIRST))
    sam.restart()
    sam.send(commands.SignOut(), commands.SignIn("03", SAMS_FIRST))
    assert isinstance(last(sam), NewPinShown)
    sam.send(commands.SignOut())
    assert (here(sam), type(last(sam))) == ("", SignInShown)
    sam.send(people.ChoosePin(SAMS_OWN))
    assert refusals(sam)[-1] == ("ChoosePin", "")


def test_each_change_of_a_person_is_one_entry_of_its_own_kind(manager) -> None:
    before = len(entries(manager, "person changed", "role changed"))
    manager.send(
        people.AddOperator("Sam Reyes", Role.CASHIER, SAMS_FIRST),
        people.RenameOperator("03", "Sam R."),
        people.ChangeRole("03", Role.SUPERVISOR),
        people.BlockOperator("03"),
        people.UnblockOperator("03"),
        people.ResetPin("03", "73190246"),
        people.EditRole(Role.CASHIER, frozenset({Permission.SELL})),
    )
    told = entries(manager, "person changed", "role changed")[before:]
    assert refusals(manager) == []
    assert [body.get("change", "role") for _, _, body in told] == [
        "added", "renamed", "role", "blocked", "unblocked", "PIN reset", "role",
    ]  # fmt: skip
    assert {who for _, who, _ in told} == {"02"}
    assert told[-1][2] == {
        "role": "cashier", "permissions": ["sell"], "before": ["reprint", "sell"],
    }  # fmt: skip
    assert manager.journal.chain_holds()
    member = manager.till.parts.roster.member("03")
    assert (member.operator.name, member.operator.role) == ("Sam R.", Role.SUPERVISOR)
    assert not any(pin in str(told) for pin in (SAMS_FIRST, "73190246"))


def test_the_staff_is_shown_again_after_each_change_and_left_by_any_other_screen(manager) -> None:
    manager.send(people.ShowStaff())
    shown = last(manager)
    assert [one.operator.id for one in shown.members] == ["01", "02"]
    assert {row.role: row.permissions for row in shown.roles} == dict(BUILT_IN)
    manager.send(people.RenameOperator("01", "Mei L."))
    assert last(manager).members[0].operator.name == "Mei L."
    manager.send(commands.CloseList())
    assert isinstance(last(manager), CheckoutShown)
    manager.send(people.RenameOperator("01", "Mei Lin"))
    assert isinstance(last(manager), CheckoutShown)


@pytest.mark.parametrize(
    "change",
    [
        people.BlockOperator("02"),
        people.ChangeRole("02", Role.SUPERVISOR),
        people.EditRole(Role.MANAGER, frozenset(Permission) - {Permission.STAFF}),
    ],
    ids=lambda change: type(change).__name__,
)
def test_the_last_who_may_change_people_keeps_that(manager, change) -> None:
    manager.send(change)
    assert refusals(manager) == [(type(change).__name__, "A-08")]
    assert Permission.STAFF in manager.till.parts.roster.member("02").operator.permissions


@pytest.mark.parametrize("name", ["", " \t\u200b", "mei lin", "GRACE  OKAFOR"])
def test_a_name_is_somebody_s_and_nobody_else_s(manager, name: str) -> None:
    manager.send(people.AddOperator(name, Role.CASHIER, SAMS_FIRST))
    assert refusals(manager) == [("AddOperator", "A-09")]
    assert len(manager.till.parts.roster.members()) == 2


def test_a_role_that_is_given_more_takes_effect_at_once_and_asks_for_a_longer_pin(sam) -> None:
    sam.send(commands.SignIn("03", SAMS_FIRST), people.ChoosePin(SAMS_OWN), commands.SignOut())
    sam.send(
        commands.SignIn(*MANAGER),
        people.EditRole(Role.CASHIER, BUILT_IN[Role.CASHIER] | {Permission.SETTLE}),
        commands.SignOut(),
        commands.SignIn("03", SAMS_OWN),
    )
    assert last(sam).shortest == 8
    sam.send(people.ChoosePin("915372"))
    assert last(sam).fault == "A-05"
    sam.send(people.ChoosePin("91537264"))
    assert Permission.SETTLE in sam.till.counter.operator.permissions


def test_who_loses_a_right_while_at_the_till_has_lost_it(manager) -> None:
    manager.send(
        people.ChangeRole("01", Role.MANAGER),
        people.ShowStaff(),
        people.ChangeRole("02", Role.CASHIER),
        people.RenameOperator("01", "Lin"),
    )
    assert refusals(manager) == [("RenameOperator", "A-03")]
    assert isinstance(last(manager), CheckoutShown)


def test_who_blocks_their_own_name_stands_there_no_more(manager) -> None:
    manager.send(people.ChangeRole("01", Role.MANAGER), people.BlockOperator("02"))
    assert here(manager) == ""
    assert [operator.id for operator in last(manager).operators] == ["01"]
    manager.send(commands.SignIn(*MANAGER))
    assert last(manager).fault == "A-04"


def test_a_change_that_the_disk_does_not_take_changes_nobody(manager) -> None:
    manager.fill_disk("entries")
    manager.send(people.AddOperator("Sam Reyes", Role.CASHIER, SAMS_FIRST))
    manager.free_disk()
    assert len(manager.till.parts.roster.members()) == 2
