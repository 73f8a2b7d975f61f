"""Guards approval at the act: another lets it happen, both are named, and nothing happens before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkout import commands
from checkout import people_commands as people
from checkout.notices import CheckoutShown
from checkout.people_notices import ApprovalShown
from domain.operators import Permission, Role
from domain.sale import State
from tests.checkout.people_seen import MANAGER, SAMS_FIRST, SAMS_OWN, entries, here, last, refusals


@pytest.fixture
def asking(stage):
    """A cashier who has asked to give a sale of 128.00 back."""
    stage.sell()
    stage.send(commands.LeaveSale(), commands.GiveBack(1, 128_00, "torn"))
    return stage


def test_a_manager_approves_without_the_cashier_leaving_and_both_stand_in_the_entry(
    asking,
) -> None:
    shown = last(asking)
    assert (shown.operator.id, shown.command, shown.permission) == (
        "01", "GiveBack", Permission.GIVE_BACK,
    )  # fmt: skip
    assert [one.id for one in shown.approvers] == ["02"]
    assert (shown.sale.number, shown.amount.minor, shown.reason) == (1, 128_00, "torn")
    asking.send(people.Approve(*MANAGER))

    assert (here(asking), asking.shown.sale.original) == ("01", 1)
    _, who, body = entries(asking, "sale")[-1]
    assert (who, body["kind"]) == ("01", "void")
    assert (body["approved_by"], body["approver"]) == ("02", "Grace Okafor")
    assert asking.journal.sale(2).approver == "Grace Okafor"
    assert asking.journal.sale(1).approver == ""
    asking.send(commands.Cancel())
    assert "approved_by" not in entries(asking, "sale")[-1][2]
    asking.send(commands.GiveBack(1, 128_00, "torn"))
    assert isinstance(last(asking), ApprovalShown), "one approval, one act"


def test_nothing_happens_before_it_is_approved_and_nothing_when_it_is_refused(asking) -> None:
    asking.send(people.RefuseApproval())
    assert asking.journal.next_sale() == 2
    assert entries(asking, "approval refused") == [
        ("approval refused", "01", {"command": "GiveBack", "fault": ""})
    ]
    asking.send(people.Approve(*MANAGER))
    assert refusals(asking)[-1] == ("Approve", "")
    assert asking.journal.next_sale() == 2


@pytest.mark.parametrize(
    ("operator", "pin", "fault"),
    [("02", "000000", "A-01"), ("01", "135790", "A-11"), ("09", "246801", "A-01")],
)
def test_a_wrong_approver_approves_nothing_and_is_journaled(
    asking, operator: str, pin: str, fault: str
) -> None:
    asking.send(people.Approve(operator, pin))
    assert (last(asking).chosen, last(asking).fault) == (operator, fault)
    assert entries(asking, "approval refused")[-1][2] == {
        "command": "GiveBack", "approver": operator, "fault": fault,
    }  # fmt: skip
    assert (here(asking), asking.journal.next_sale()) == ("01", 2)
    asking.send(people.Approve(*MANAGER))
    assert asking.shown.sale.original == 1


def test_wrong_pins_of_an_approver_lock_that_name(asking) -> None:
    asking.send(*[people.Approve("02", "000000")] * 3)
    assert (last(asking).fault, last(asking).tries_left) == ("A-02", 0)
    asking.send(people.Approve(*MANAGER))
    assert last(asking).fault == "A-02"
    assert asking.journal.next_sale() == 2


def test_who_lacks_the_right_too_or_still_has_a_first_pin_approves_nothing(sam) -> None:
    sam.send(
        commands.SignIn(*MANAGER),
        people.AddOperator("Tom", Role.MANAGER, "48261357"),
        commands.SignOut(),
        commands.SignIn("03", SAMS_FIRST),
        people.ChoosePin(SAMS_OWN),
        commands.SignOut(),
        commands.SignIn("01", "135790"),
    )
    sam.sell()
    sam.send(commands.LeaveSale(), commands.GiveBack(1, 128_00, "torn"))
    assert [one.id for one in last(sam).approvers] == ["02", "04"]
    sam.send(people.Approve("03", SAMS_OWN))
    assert last(sam).fault == "A-03"
    sam.send(people.Approve("04", "48261357"))
    assert last(sam).fault == "A-12"


def test_whatever_else_is_asked_gives_the_act_up(asking) -> None:
    asking.send(commands.ShowSales(), people.Approve(*MANAGER))
    assert refusals(asking)[-1] == ("Approve", "")
    assert asking.journal.next_sale() == 2


def test_a_look_shows_the_question_again_and_no_picture_comes_over_it(asking) -> None:
    asking.notices.clear()
    asking.till.show_between()
    asking.send(commands.Look())
    assert [type(told).__name__ for told in asking.notices] == ["StripShown", "ApprovalShown"]


def test_the_other_acts_are_approved_too(stage) -> None:
    stage.till.parts.journal.database.conn.execute(
        "INSERT INTO roles VALUES ('cashier', '[\"sell\"]')"
    )
    stage.send(commands.SignOut(), commands.SignIn("01", "135790"))
    stage.sell()
    stage.send(commands.LeaveSale(), commands.ReprintLast(), people.Approve(*MANAGER))
    _, who, body = next(
        entry for entry in reversed(entries(stage, "slip")) if entry[2].get("asked")
    )
    assert (who, body["approved_by"]) == ("01", "02")
    assert isinstance(last(stage), CheckoutShown)


def test_a_second_try_of_a_void_is_approved_anew(asking) -> None:
    asking.send(people.Approve(*MANAGER))
    asking.bank.line = "cut"
    asking.swipe()
    asking.send(commands.Confirm())
    asking.type_pin()
    assert asking.shown.sale.state is State.NOT_SENT
    asking.send(commands.TryAgain())
    assert last(asking).command == "TryAgain"
    asking.send(people.Approve(*MANAGER))
    assert (asking.shown.sale.number, asking.shown.sale.state) == (3, State.DRAFT)
    assert entries(asking, "sale")[-1][2]["approved_by"] == "02"


def test_an_idle_till_gives_the_act_up(make_stage) -> None:
    till = make_stage(lock_minutes=5).open()
    till.sell()
    till.send(commands.LeaveSale(), commands.GiveBack(1, 128_00, "torn"))
    till.wait(310)
    assert here(till) == ""
    till.send(commands.SignIn("01", "135790"), people.Approve(*MANAGER))
    assert refusals(till)[-1] == ("Approve", "")


def test_the_lock_minutes_are_those_of_the_set_up(make_stage) -> None:
    till = make_stage(lock_minutes=1).open()
    till.wait(65)
    assert here(till) == ""
    assert replace(till.settings, lock_minutes=0).lock_minutes == 0
