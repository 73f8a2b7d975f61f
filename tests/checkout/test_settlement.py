"""Guards the end of the day: each step on disk before it is done, repeatable, and ended once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from checkout import commands
from checkout.notices import DayShown, FaultTold, RefusalTold
from checkout.people_commands import Approve
from checkout.reports import BankSeen
from domain.batch import BatchState, Stage, Verdict
from domain.give_back import Way
from domain.match import Differing
from domain.sale import State
from domain.settings import TRAINING


def manager(stage: Any) -> None:
    """The manager takes over."""
    stage.send(commands.LeaveSale(), commands.SignOut(), commands.SignIn("02", "246801"))


def sell(stage: Any, *amounts: int) -> None:
    for amount in amounts:
        stage.sell(amount)
        stage.send(commands.LeaveSale())


def day(stage: Any) -> DayShown:
    return stage.told(DayShown)[-1]


def sealed(stage: Any) -> int:
    one = "SELECT (SELECT count(*) FROM for_upload) + (SELECT count(*) FROM in_doubt)"
    return stage.journal.database.conn.execute(one).fetchone()[0]


def test_a_day_that_matches_is_settled_and_the_batch_counted_up(stage: Any) -> None:
    sell(stage, 100_00, 28_00)
    manager(stage)
    stage.send(commands.ShowDay())
    shown = day(stage)
    assert (shown.batch, shown.state, shown.can_settle) == (1, BatchState.OPEN, True)
    assert (shown.till.debit_count, shown.net.minor) == (2, 128_00)
    assert sealed(stage) == 2

    stage.send(commands.Settle())

    shown = day(stage)
    assert (shown.batch, shown.state, shown.step) == (1, BatchState.CLOSED, Stage.CLOSED)
    assert (shown.verdict, shown.bank, shown.differences) == (Verdict.BALANCED, shown.till, ())
    assert shown.slip is not None
    assert shown.slip.state == "printed"
    assert stage.bank.taken == {}
    assert stage.bank.ended == {1: 1}
    assert sealed(stage) == 0
    assert stage.journal.counter("batch") == 2
    stage.send(commands.CloseList(), commands.ShowDay())
    assert (day(stage).batch, day(stage).state) == (2, BatchState.OPEN)
    assert day(stage).last is not None
    assert day(stage).last.number == 1


def test_a_voided_sale_and_its_void_both_stand_and_a_refund_is_a_credit(stage: Any) -> None:
    sell(stage, 50_00, 70_00)
    manager(stage)
    for number, amount in ((1, 50_00), (2, 20_00)):
        stage.send(commands.GiveBack(number, amount, "torn"))
        stage.swipe()
        stage.send(commands.Confirm())
        if number == 1:
            stage.type_pin()
        stage.send(commands.LeaveSale())
    stage.send(commands.Settle())
    shown = day(stage)
    assert shown.verdict is Verdict.BALANCED
    assert (shown.till.debit_count, shown.till.debit.minor) == (2, 120_00)
    assert (shown.till.credit_count, shown.till.credit.minor) == (2, 70_00)
    assert shown.net.minor == 50_00


def test_a_day_that_differs_is_uploaded_row_by_row_and_each_difference_has_its_cure(
    stage: Any,
) -> None:
    sell(stage, 10_00, 20_00, 30_00)
    del stage.bank.book[2]
    stage.bank.book[3].amount_minor = 29_00
    stage.bank.book[900] = replace(stage.bank.book[1], amount_minor=5_00)
    manager(stage)
    stage.send(commands.Settle())
    shown = day(stage)
    assert shown.state is BatchState.CLOSED
    assert shown.verdict is Verdict.NOT_BALANCED
    assert stage.bank.taken == {1: 1, 2: 1, 3: 1}
    assert [(d.kind, d.stan) for d in shown.differences] == [
        (Differing.NOT_AT_BANK, 2),
        (Differing.AMOUNT, 3),
        (Differing.ONLY_AT_BANK, 900),
    ]
    assert all(d.text and d.cure for d in shown.differences)
    assert FaultTold("B-05", "000001") in stage.notices
    text = "\n".join(
        stage.paper(name) for name in stage.papers() if "SETTLEMENT" in stage.paper(name)
    )
    assert "TOTALS DIFFER" in text
    assert "trace 000900" in text
    assert stage.bank.book[2].amount_minor == 20_00


def test_rows_are_uploaded_after_a_match_too_where_the_bank_wants_them(stage: Any) -> None:
    stage.bank.uploads = "always"
    sell(stage, 10_00, 20_00, 30_00)
    manager(stage)
    stage.send(commands.Settle())
    assert day(stage).verdict is Verdict.BALANCED
    assert stage.bank.taken == {1: 1, 2: 1, 3: 1}
    assert (day(stage).sent, day(stage).of) == (3, 3)


def test_only_a_supervisor_settles_or_lets_a_cashier_do_it(stage: Any) -> None:
    sell(stage, 10_00)
    stage.send(commands.ShowDay(), commands.Settle())
    assert stage.told(RefusalTold)[-1] == RefusalTold("Settle", "A-03")
    assert day(stage).state is BatchState.OPEN
    stage.send(Approve("02", "246801"))
    assert day(stage).state is BatchState.CLOSED
    approved = [
        (kind, who, body["approved_by"])
        for _, kind, who, _, body in stage.journal.entries()
        if "approved_by" in body
    ]
    assert approved[0][1:] == ("01", "02")


def test_nothing_is_settled_where_nothing_was_sold(stage: Any) -> None:
    manager(stage)
    stage.send(commands.ShowDay(), commands.Settle())
    assert stage.told(RefusalTold)[-1] == RefusalTold("Settle", "")
    assert stage.journal.batches.find(1) is None


def test_after_closing_a_sale_is_refunded_and_no_longer_voided(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.send(commands.ShowSale(1))
    assert stage.notices[-1].way_back.kind is Way.VOID
    stage.send(commands.Settle(), commands.ShowSale(1))
    assert stage.notices[-1].way_back.kind is Way.REFUND
    sell(stage, 5_00)
    assert stage.journal.sale(2).batch == 2


def test_a_silent_bank_is_asked_again_each_time_under_a_new_trace_number(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.line = "dead"
    stage.send(commands.Settle())
    assert (day(stage).step, day(stage).fault) == (Stage.COMPARING, "N-06")
    assert day(stage).next_try_seconds == 5.0
    assert not day(stage).can_sell_on
    stage.send(commands.CloseList(), commands.StartSale(1_00))
    assert stage.told(RefusalTold)[-1] == RefusalTold("StartSale", "B-01")
    stage.wait(5.0)
    stage.wait(15.0)
    stage.bank.line = "up"
    stage.wait(60.0)
    stage.send(commands.ShowDay())
    assert (day(stage).batch, day(stage).state) == (2, BatchState.OPEN)
    assert len(set(stage.bank.stans)) == len(stage.bank.stans)


def test_after_three_silences_a_supervisor_lets_the_shop_sell_into_the_next_batch(
    stage: Any,
) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.settling.extend(["lost request"] * 3)
    stage.send(commands.Settle())
    stage.wait(5.0)
    stage.send(commands.SellOn())
    assert stage.told(RefusalTold)[-1] == RefusalTold("SellOn", "")
    stage.bank.settling.extend(["lost request"])
    stage.wait(15.0)
    assert day(stage).can_sell_on
    stage.send(commands.SellOn())
    assert day(stage).sells
    sell(stage, 7_00)
    assert stage.journal.sale(2).batch == 2
    stage.wait(600.0)
    assert stage.bank.ended == {1: 1}
    stage.send(commands.ShowDay())
    assert (day(stage).batch, day(stage).net.minor) == (2, 7_00)
    stage.send(commands.Settle())
    assert stage.bank.ended == {1: 1, 2: 1}
    assert day(stage).verdict is Verdict.BALANCED


def test_what_is_in_doubt_comes_to_its_end_before_the_bank_hears_the_totals(stage: Any) -> None:
    sell(stage, 10_00)
    stage.bank.tricks.append("lost answer")
    stage.acquirer.is_held = False
    stage.bank.reversal_codes.append("96")
    stage.sell(33_00)
    assert stage.shown.sale.state is State.REVERSAL_PENDING
    manager(stage)
    stage.bank.reversal_codes.append("96")
    stage.send(commands.Settle())
    assert day(stage).step is Stage.FINISHING
    assert [row.sale for row in day(stage).in_the_way] == [2]
    stage.wait(15.0)
    assert day(stage).state is BatchState.CLOSED
    assert day(stage).verdict is Verdict.BALANCED
    assert day(stage).net.minor == 10_00


def test_what_only_people_can_settle_refuses_the_closing(stage: Any) -> None:
    stage.bank.tricks.append("sent twice")
    stage.sell(33_00)
    assert stage.shown.sale.state is State.MANUAL
    manager(stage)
    stage.send(commands.Settle())
    assert stage.told(RefusalTold)[-1] == RefusalTold("Settle", "B-04")
    assert [(row.sale, row.by_people) for row in day(stage).in_the_way] == [(1, True)]
    assert day(stage).state is BatchState.OPEN
    stage.send(commands.Resolve(1, charged=False, reason="the bank holds nothing"))
    sell(stage, 5_00)
    stage.send(commands.Settle())
    assert day(stage).state is BatchState.CLOSED


@pytest.mark.parametrize("lost", ["lost request", "lost answer"])
@pytest.mark.parametrize("step", range(4))
def test_a_power_cut_after_any_silence_leads_to_the_same_end(
    stage: Any, step: int, lost: str
) -> None:
    sell(stage, 10_00, 20_00, 30_00)
    stage.bank.book[3].amount_minor = 29_00
    manager(stage)
    stage.bank.settling.extend([*["fine"] * step, lost])
    stage.send(commands.Settle())
    stage.restart()
    stage.send(commands.ShowDay())
    assert (day(stage).batch, day(stage).state) == (2, BatchState.OPEN)
    last = day(stage).last
    assert last is not None
    assert [d.kind for d in last.differences] == [Differing.AMOUNT]
    assert stage.journal.counter("batch") == 2
    assert sealed(stage) == 0
    assert sum("SETTLEMENT" in stage.paper(name) for name in stage.papers()) == 1
    assert stage.journal.chain_holds()


def test_a_full_batch_warns_and_then_sells_no_more(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(acquirer=replace(TRAINING.acquirer, batch_rows=3)).open()
    sell(stage, 1_00, 2_00)
    assert stage.told(FaultTold) == []
    sell(stage, 3_00)
    assert [told.fault for told in stage.told(FaultTold)] == ["B-03"]
    stage.send(commands.StartSale(4_00))
    assert stage.told(RefusalTold)[-1] == RefusalTold("StartSale", "B-03")
    manager(stage)
    stage.send(commands.Settle(), commands.CloseList())
    sell(stage, 4_00)
    assert stage.journal.sale(4).batch == 2


def test_a_nearly_full_batch_is_told_once(make_stage: Callable[..., Any]) -> None:
    stage = make_stage(acquirer=replace(TRAINING.acquirer, batch_rows=10)).open()
    sell(stage, *range(1_00, 10_00, 1_00))
    assert [told.fault for told in stage.told(FaultTold)] == ["B-02"]
    sell(stage, 10_00)
    assert [told.fault for told in stage.told(FaultTold)] == ["B-02", "B-03"]


def test_a_settlement_slip_is_printed_again_as_a_copy(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.send(commands.Settle(), commands.PrintSettlement(1))
    texts = [stage.paper(name) for name in stage.papers() if "SETTLEMENT" in stage.paper(name)]
    assert ["DUPLICATE" in text for text in texts] == [False, True]
    stage.send(commands.PrintSettlement(9))
    assert stage.told(RefusalTold)[-1] == RefusalTold("PrintSettlement", "")


def test_a_disk_that_fails_at_the_end_loses_nothing(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.send(commands.ShowDay())
    stage.fill_disk("batches")
    stage.send(commands.Settle())
    assert stage.told(RefusalTold)[-1] == RefusalTold("Settle", "J-01")
    assert day(stage).state is BatchState.OPEN
    stage.free_disk()
    stage.bank.settling.append("lost request")
    stage.send(commands.Settle())
    stage.fill_disk("slips")
    stage.wait(5.0)
    assert day(stage).state is BatchState.UPLOADING
    stage.free_disk()
    stage.wait(5.0)
    assert day(stage).state is BatchState.CLOSED
    assert sealed(stage) == 0


def test_in_a_quiet_moment_no_trace_is_left_of_what_was_sealed_for_the_upload(stage: Any) -> None:
    sell(stage, 10_00)
    mark = b'SEALED:{"sale": 1, "stan": 1'

    def is_on_disk() -> bool:
        return any(mark in path.read_bytes() for path in stage.folder.glob("journal.db*"))

    stage.wait(5.0)
    assert is_on_disk()
    manager(stage)
    stage.send(commands.Settle())
    stage.wait(5.0)
    assert not is_on_disk()


def test_a_worker_that_dies_in_a_step_leaves_a_silence(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.settling.append("broken")
    stage.send(commands.Settle())
    assert (day(stage).step, day(stage).fault) == (Stage.COMPARING, "X-01")
    stage.wait(5.0)
    assert day(stage).state is BatchState.CLOSED


def test_a_disk_that_is_pulled_out_between_two_steps_delays_them_only(stage: Any) -> None:
    stage.bank.uploads = "always"
    sell(stage, 10_00, 20_00, 30_00)
    manager(stage)
    stage.bank.settling.extend(["fine", "lost answer"])
    stage.send(commands.Settle())
    assert day(stage).state is BatchState.UPLOADING
    stage.lose_disk()
    stage.wait(5.0)
    stage.bring_disk_back()
    stage.send(commands.SignOut())  # the first to write finds the disk again
    for _ in range(3):
        stage.wait(5.0)
    stage.send(commands.SignOut(), commands.SignIn("02", "246801"), commands.ShowDay())
    assert stage.journal.batches.find(1).state is BatchState.CLOSED
    assert stage.bank.taken == {1: 2, 2: 2, 3: 1}


def test_what_the_shop_may_not_join_is_refused_while_the_day_is_settled(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.line = "dead"
    stage.send(commands.Settle(), commands.CloseList(), commands.GiveBack(1, 10_00, "torn"))
    assert stage.told(RefusalTold)[-1] == RefusalTold("GiveBack", "B-01")
    stage.send(commands.StartPreauth(10_00))
    assert stage.told(RefusalTold)[-1] == RefusalTold("StartPreauth", "B-01")
    refusals = len(stage.told(RefusalTold))
    stage.send(commands.CheckBalance())
    assert len(stage.told(RefusalTold)) == refusals


def test_what_did_not_charge_leaves_nothing_sealed(stage: Any) -> None:
    stage.sell(51_51)
    assert stage.shown.sale.state is State.DECLINED
    stage.bank.tricks.append("lost answer")
    stage.send(commands.LeaveSale())
    stage.sell(5_00)
    assert stage.shown.sale.state is State.REVERSED
    assert sealed(stage) == 0


def test_a_bank_that_answers_badly_is_asked_again_in_turn_only(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.settling.append("garbage")
    stage.send(commands.Settle())
    assert day(stage).fault == "N-07"
    stage.till.put(BankSeen(4))
    stage.settle()
    assert (day(stage).step, len(stage.bank.stans)) == (Stage.COMPARING, 1)
    stage.wait(5.0)
    assert day(stage).state is BatchState.CLOSED


def test_a_bank_that_is_back_is_asked_at_once(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.settling.append("lost answer")
    stage.send(commands.Settle())
    assert day(stage).step is Stage.COMPARING
    stage.till.put(BankSeen(4))
    stage.settle()
    assert day(stage).state is BatchState.CLOSED


def test_no_step_is_sent_between_a_request_and_its_answer(stage: Any) -> None:
    sell(stage, 10_00)
    manager(stage)
    stage.bank.settling.extend(["lost request"] * 3)
    stage.send(commands.Settle())
    for wait in (5.0, 15.0):
        stage.wait(wait)
    stage.send(commands.SellOn())
    stage.ask_for(7_00)
    stage.acquirer.is_held = True
    stage.customer.keys = [*stage.pin, "enter"]
    assert stage.pad.work(acted=True)
    stage.settle()
    assert stage.shown.sale.state is State.ARMED

    stage.wait(60.0)
    assert [job.func.__name__ for job in stage.acquirer.jobs] == ["ask"]
    stage.acquirer.is_held = False
    stage.settle()
    assert stage.shown.sale.state is State.APPROVED
    stage.wait(5.0)
    assert stage.bank.ended == {1: 1}
