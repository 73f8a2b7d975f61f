"""Guards what the till does between payments: new keys on demand, the good-bye, the bank's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkout import bank as bank_file
from checkout import commands, errands
from checkout.notices import FaultTold
from checkout.reports import SignOnWanted
from domain.sale import Answer, State


def sign_ons(stage: Any) -> int:
    return stage.timeline.count("bank: sign on")


def test_a_demand_of_the_banks_header_brings_new_keys_once_the_result_is_shown(stage: Any) -> None:
    before = sign_ons(stage)
    stage.bank.on_ask = lambda: setattr(stage.bank, "demand", "3")
    assert stage.sell().state is State.APPROVED
    assert sign_ons(stage) == before + 1
    shown = stage.timeline.index(f"screen: {State.APPROVED.value}")
    assert "bank: sign on" in stage.timeline[shown:]
    stage.bank.on_ask = lambda: None
    stage.wait(3600)
    assert sign_ons(stage) == before + 1


def test_new_keys_wait_until_the_next_customers_pin_is_answered(stage: Any) -> None:
    stage.ask_for()
    before = sign_ons(stage)
    stage.till.bank.sign_on_wanted(keys_are_good=True)
    stage.settle()
    assert sign_ons(stage) == before
    stage.type_pin()
    assert stage.shown.sale.state is State.APPROVED
    assert sign_ons(stage) == before
    stage.wait(bank_file.SIGN_ON_SECONDS)
    assert sign_ons(stage) == before + 1


def test_a_demand_in_the_answer_to_an_echo_is_heard_too_but_not_for_ever(stage: Any) -> None:
    stage.sell()
    before = sign_ons(stage)
    signed_on = stage.bank.sign_on

    def sign_on_and_demand_it_again(operator: str, stan: int) -> Any:
        pin_key = signed_on(operator, stan)
        stage.bank.demand = "3"
        return pin_key

    stage.bank.sign_on = sign_on_and_demand_it_again
    stage.bank.demand = "3"
    stage.till.bank.echo()
    stage.settle()
    assert sign_ons(stage) == before + 1
    stage.till.bank.echo()
    stage.settle()
    assert sign_ons(stage) == before + 1
    stage.wait(bank_file.OBEY_AGAIN_SECONDS)
    stage.till.bank.echo()
    stage.settle()
    assert sign_ons(stage) > before + 1


def test_what_this_till_cannot_load_is_told_of_once(stage: Any) -> None:
    stage.bank.demand = "4"
    assert stage.sell().state is State.APPROVED
    stage.wait(3600)
    told = [notice for notice in stage.told(FaultTold) if notice.fault == "K-02"]
    assert [notice.detail for notice in told] == ["4, chip keys"]


@pytest.fixture
def quick(stage: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stage whose acquirer's worker works at once, as a thread beside the till does."""
    monkeypatch.setattr(stage.acquirer, "do", lambda job: job())
    return stage


def test_a_till_that_closes_signs_off(quick: Any) -> None:
    quick.till.bank.sign_off()
    assert quick.timeline[-1] == "bank: sign off"
    assert quick.till.inbox.empty()


@pytest.mark.parametrize("line", ["cut", "dead"])
def test_a_bank_that_cannot_hear_the_good_bye_holds_nothing_up(line: str, quick: Any) -> None:
    quick.bank.line = line
    quick.till.bank.sign_off()
    assert quick.till.inbox.empty()


def test_a_bank_that_is_busy_holds_the_closing_up_for_a_moment_only(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bank_file.SIGN_OFF_SECONDS <= 1.0
    monkeypatch.setattr(bank_file, "SIGN_OFF_SECONDS", 0.01)
    stage.till.bank.sign_off()
    assert "bank: sign off" not in stage.timeline


def test_nobody_signs_off_while_a_reversal_needs_the_keys(quick: Any) -> None:
    quick.bank.tricks.append("lost answer")
    quick.bank.reversal_codes.extend(["96"] * 9)
    quick.sell()
    assert quick.till.payments.in_doubt
    quick.till.bank.sign_off()
    assert "bank: sign off" not in quick.timeline


@pytest.mark.parametrize(
    ("ahead", "told"), [(0.0, 0), (119.0, 0), (-119.0, 0), (121.0, 1), (-3600.0, 1)]
)
def test_a_clock_that_is_far_from_the_banks_is_told_of_once(
    ahead: float, told: int, make_stage: Callable[..., Any]
) -> None:
    stage = make_stage()
    stage.bank.ahead_seconds = ahead
    stage.open()
    for _ in range(3):
        stage.wait(60)
    faults = [notice for notice in stage.told(FaultTold) if notice.fault == "T-01"]
    assert len(faults) == told
    stage.bank.ahead_seconds = 0.0
    stage.wait(60)
    stage.bank.ahead_seconds = 500.0
    stage.wait(60)
    faults = [notice for notice in stage.told(FaultTold) if notice.fault == "T-01"]
    assert faults[-1].detail == "+500 s"
    assert len(faults) == told + 1


@pytest.mark.parametrize("demand", ["0", "3"])
def test_an_answer_to_an_advice_may_demand_it_too(demand: str, stage: Any) -> None:
    stage.sell()
    sale, reports = stage.shown.sale, []
    stage.bank.demand = demand
    stage.bank.tell = lambda *_: Answer("00")
    errands.tell(stage.bank, errands.Caller("01", 9), sale, b"", reports.append)
    assert (SignOnWanted(keys_are_good=True) in reports) is (demand == "3")


def test_a_sale_that_waits_for_the_bank_s_keys_says_so_and_can_be_cancelled(make_stage) -> None:
    stage = make_stage()
    stage.bank.line = "cut"
    stage.open()
    stage.till.hands.acquirer.is_held = True
    stage.ask_for(128_00)
    assert (stage.shown.sale.state, stage.shown.awaits_keys) == (State.PIN_ENTRY, True)
    assert not stage.pad.jobs
    stage.send(commands.Cancel())
    assert stage.journal.sale(1).state is State.ABANDONED

    stage.bank.line = "up"
    stage.till.hands.acquirer.is_held = False
    stage.settle()
    stage.ask_for(128_00)
    assert not stage.shown.awaits_keys
    stage.type_pin()
    assert stage.shown.sale.state is State.APPROVED


def test_keys_that_come_late_let_the_pad_ask(make_stage) -> None:
    stage = make_stage()
    stage.open()
    stage.bank.has_keys = False
    stage.till.hands.acquirer.is_held = True
    stage.ask_for(128_00)
    assert stage.shown.awaits_keys
    stage.till.hands.acquirer.is_held = False
    stage.settle()
    assert not stage.shown.awaits_keys
    stage.type_pin()
    assert stage.shown.sale.state is State.APPROVED


def test_a_disk_that_fills_up_is_told_of_once_and_again_later(
    stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [400_000_000]
    monkeypatch.setattr(type(stage.journal), "free_bytes", lambda _: room[0])

    def looked() -> int:
        stage.wait(5.0)
        return stage.told(FaultTold).count(FaultTold("S-01"))

    assert looked() == 1
    assert looked() == 1
    room[0] = 900_000_000
    assert looked() == 1
    room[0] = 400_000_000
    assert looked() == 2
