"""Guards the tray of unknown results: complete, the same after a restart, settled by a manager only."""

from __future__ import annotations

import pytest

from checkout import commands
from checkout.notices import RefusalTold, SettledTold, TrayShown
from domain.entries import Decision, sale_entry
from domain.faults import Moved
from domain.kinds import Kind
from domain.sale import FoundCharged, State, advance
from domain.tray import Who

MANAGER = commands.SignIn("02", "246801")


@pytest.fixture
def stage(stage):
    """A manager at the till."""
    stage.send(commands.SignOut(), MANAGER)
    return stage


def tray(stage) -> TrayShown:
    stage.send(commands.ShowTray())
    return stage.told(TrayShown)[-1]


def sell_twice_sent(stage, amount: int = 128_00) -> None:
    """The bank holds another sale under this trace number: nobody knows about this one."""
    stage.bank.tricks.append("sent twice")
    stage.sell(amount)
    stage.send(commands.LeaveSale())


def refusals(stage) -> list[tuple[str, str]]:
    return [(told.command, told.fault) for told in stage.told(RefusalTold)]


def test_an_empty_tray_says_so(stage) -> None:
    assert tray(stage) == TrayShown((), blocks_settlement=False)


def test_everything_in_doubt_lies_in_one_place_and_says_whose_turn_it_is(stage) -> None:
    stage.sell(20_00)
    stage.send(commands.LeaveSale())
    stage.bank.line = "dead"
    stage.sell(5_00)
    stage.send(commands.LeaveSale(), commands.GiveBack(1, 7_00, "torn"))
    stage.swipe()
    stage.send(commands.Confirm(), commands.LeaveSale(), commands.CloseList())
    stage.bank.line = "up"
    stage.bank.reversal_codes.extend(["58"] * 9)
    stage.acquirer.is_held = True
    shown = tray(stage)

    assert [(row.sale.number, row.who, row.moved) for row in shown.rows] == [
        (2, Who.TILL, Moved.WILL_NOT),
        (3, Who.TILL, Moved.RECORDED),
    ]
    assert all(row.next and row.customer and row.sale.history for row in shown.rows)
    assert shown.rows[0].tries >= 1
    assert not shown.blocks_settlement
    stage.acquirer.is_held = False
    for _ in range(9):
        stage.wait(301)
    last = stage.told(TrayShown)[-1]
    assert [(row.sale.number, row.who) for row in last.rows] == [(2, Who.MANAGER)]
    assert last.blocks_settlement


def test_the_tray_is_the_same_after_a_restart_and_a_change_of_shift(stage) -> None:
    sell_twice_sent(stage)
    before = tray(stage)
    stage.restart()
    stage.send(commands.SignOut(), MANAGER)

    assert tray(stage) == before
    assert stage.till.payments.in_doubt == 1


@pytest.mark.parametrize(
    ("charged", "state", "moved", "total"),
    [(True, State.APPROVED, 1, 128_00), (False, State.REVERSED, 0, 0)],
)
def test_a_manager_notes_what_the_bank_said(stage, charged, state, moved, total) -> None:
    sell_twice_sent(stage)
    tray(stage)
    stage.send(commands.Resolve(1, charged=charged, reason="Ms Wu of the bank  says so"))

    sale = stage.journal.sale(1)
    assert sale.state is state
    assert sale.history[-1].note == "02 Grace Okafor: Ms Wu of the bank says so"
    assert stage.journal.sealed_message(1) is None
    assert stage.told(TrayShown)[-1].rows == ()
    assert stage.told(SettledTold)[-1].sale == sale
    day = stage.clock.now().astimezone().date().isoformat()
    count, money = stage.journal.day_total(day, stage.settings.money)
    assert (count, money.minor) == (moved, total)
    entries = [entry for entry in stage.journal.entries() if entry[1] == "resolved by people"]
    assert [(entry[2], entry[3], entry[4]) for entry in entries] == [
        ("02", 1, {"charged": charged, "reason": "Ms Wu of the bank says so"})
    ]
    stage.restart()
    assert stage.journal.open_sales() == ()


def test_a_cashier_looks_and_does_not_resolve(stage) -> None:
    sell_twice_sent(stage)
    stage.send(commands.SignOut(), commands.SignIn("01", "135790"))
    assert len(tray(stage).rows) == 1
    stage.send(commands.Resolve(1, charged=True, reason="I think so"))
    assert refusals(stage) == [("Resolve", "A-03")]
    assert stage.journal.sale(1).state is State.MANUAL


@pytest.mark.parametrize(
    "order",
    [
        commands.Resolve(9, charged=True, reason="so"),
        commands.Resolve(1, charged=True, reason="  "),
        commands.Resolve(2, charged=False, reason="so"),
    ],
)
def test_only_what_needs_people_is_resolved_and_never_without_a_reason(stage, order) -> None:
    sell_twice_sent(stage)
    stage.bank.line = "dead"
    stage.sell(5_00)
    stage.send(commands.LeaveSale(), order)
    assert refusals(stage) == [("Resolve", "")]
    assert [stage.journal.sale(n).state for n in (1, 2)] == [State.MANUAL, State.REVERSAL_PENDING]


def test_a_resolution_that_cannot_be_written_down_changes_nothing(stage) -> None:
    sell_twice_sent(stage)
    stage.fill_disk("entries")
    stage.send(commands.Resolve(1, charged=False, reason="the bank holds nothing"))

    assert refusals(stage) == [("Resolve", "J-01")]
    assert stage.till.payments.sales[1].state is State.MANUAL
    stage.free_disk()
    stage.send(commands.Resolve(1, charged=False, reason="the bank holds nothing"))
    assert stage.journal.sale(1).state is State.REVERSED


def test_a_void_that_the_bank_holds_takes_its_sale_out_when_it_is_noted(stage) -> None:
    stage.sell()
    stage.send(commands.LeaveSale(), commands.GiveBack(1, 128_00, "torn"))
    stage.swipe()
    stage.send(commands.Confirm())
    stage.bank.tricks.append("sent twice")
    stage.type_pin()
    assert (stage.shown.sale.kind, stage.shown.sale.state) == (Kind.VOID, State.MANUAL)
    stage.send(commands.LeaveSale(), commands.Resolve(2, charged=True, reason="it is voided"))

    assert stage.journal.sale(1).state is State.VOIDED
    assert stage.journal.sale(2).state is State.APPROVED


def test_the_tray_does_not_open_over_a_payment_and_closes_for_the_next(stage) -> None:
    stage.send(commands.StartSale(5_00), commands.ShowTray())
    assert refusals(stage) == [("ShowTray", "")]
    stage.send(commands.Cancel())
    sell_twice_sent(stage)
    tray(stage)
    stage.send(commands.Look())
    assert isinstance(stage.notices[-1], TrayShown)
    stage.sell(6_00)
    stage.send(commands.LeaveSale())
    assert not isinstance(stage.notices[-1], TrayShown)


def test_a_sale_is_served_while_things_lie_in_the_tray(stage) -> None:
    sell_twice_sent(stage)
    stage.bank.tricks.append("lost answer")
    stage.bank.reversal_codes.extend(["58", "58"])
    stage.sell(5_00)
    stage.send(commands.LeaveSale())
    assert stage.sell(7_00).state is State.APPROVED


def test_a_word_that_reached_the_disk_though_it_said_no_is_not_noted_again(stage) -> None:
    sell_twice_sent(stage)
    sale, now = stage.till.payments.sales[1], stage.clock.now()
    found = advance(sale, FoundCharged(sale.operator, "it has it"), now).sale
    stage.journal.remember(Decision((sale_entry(found, now),), found, settled=True))
    entries = len(list(stage.journal.entries()))

    stage.send(commands.ShowTray(), commands.Resolve(1, charged=False, reason="asked again"))

    assert stage.journal.sale(1).state is State.APPROVED
    assert len(list(stage.journal.entries())) == entries
    assert stage.told(TrayShown)[-1].rows == ()
