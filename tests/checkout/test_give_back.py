"""Guards money that goes back: the right way, the right card, one commit with its sale, never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkout import commands
from checkout.notices import (
    CheckoutShown,
    RefusalTold,
    SaleShown,
    SalesShown,
    SettledTold,
)
from devices.interfaces import Health
from domain.faults import Moved
from domain.give_back import Way
from domain.kinds import Kind
from domain.money import Money
from domain.sale import Reason, State

OTHER_STRIPE = ";6212345678901232=30121200000?"


@pytest.fixture
def shop(stage):
    """A supervisor at the till, one sale of 128.00 approved and left."""
    stage.sell()
    stage.send(commands.LeaveSale(), commands.SignOut(), commands.SignIn("02", "246801"))
    return stage


def give_back(stage, amount: int = 128_00, number: int = 1) -> None:
    stage.send(commands.GiveBack(number, amount, "wrong amount"))


def void(stage) -> None:
    give_back(stage)
    stage.swipe()
    stage.send(commands.Confirm())
    stage.type_pin()


def refund(stage, amount: int, number: int = 1) -> None:
    give_back(stage, amount, number)
    stage.swipe()
    stage.send(commands.Confirm())


def next_batch(stage) -> None:
    """The day of the sale is settled."""
    stage.journal.database.conn.execute("INSERT OR REPLACE INTO counters VALUES ('batch', 2)")


def refusals(stage) -> list[tuple[str, str]]:
    return [(told.command, told.fault) for told in stage.told(RefusalTold)]


def seen(stage, number: int = 1) -> SaleShown:
    stage.send(commands.ShowSale(number))
    return stage.told(SaleShown)[-1]


def test_a_void_takes_the_whole_charge_back_in_one_commit_with_its_sale(shop) -> None:
    void(shop)

    assert (shop.shown.sale.kind, shop.shown.sale.state) == (Kind.VOID, State.APPROVED)
    assert shop.shown.moved is Moved.GIVEN_BACK
    assert shop.journal.sale(1).state is State.VOIDED
    assert shop.journal.sale(1).history[-1].note == "2"
    assert shop.bank.charged == {}
    since = shop.since("bank: void 2")
    assert since[: since.index("screen: approved")].count("commit") == 1
    day = shop.clock.now().astimezone().date().isoformat()
    assert shop.journal.day_total(day, shop.settings.money) == (0, Money(0))
    shop.check_books()


def test_the_journal_says_who_gave_it_back_and_why(shop) -> None:
    void(shop)
    bodies = [(sale, body) for _, kind, _, sale, body in shop.journal.entries() if kind == "sale"]
    assert bodies[-2][1]["kind"] == "void"
    assert bodies[-2][1]["original"] == 1
    assert bodies[-2][1]["given_reason"] == "wrong amount"
    assert bodies[-1][0] == 1
    assert bodies[-1][1]["state"] == "voided"
    assert shop.journal.sale(2).operator.id == "02"


def test_another_card_is_refused_and_wiped_and_the_right_one_still_taken(shop) -> None:
    give_back(shop)
    buffer = shop.swipe(OTHER_STRIPE)

    assert not any(buffer)
    assert (shop.shown.sale.state, shop.shown.sale.fault) == (State.DRAFT, "R-07")
    shop.swipe()
    assert (shop.shown.sale.state, shop.shown.sale.fault) == (State.CAPTURED, "")


def test_a_cashier_may_look_and_may_not_give_back(stage) -> None:
    stage.sell()
    stage.send(commands.LeaveSale(), commands.ShowSale(1), commands.GiveBack(1, 128_00, "torn"))

    assert stage.told(SaleShown)[-1].way_back.kind is Way.VOID
    assert refusals(stage) == [("GiveBack", "A-03")]
    assert stage.journal.next_sale() == 2


@pytest.mark.parametrize("trick", ["lost answer", "lost request", "garbage", "wrong mac"])
def test_an_unknown_void_is_reversed_and_the_sale_stays_charged(shop, trick: str) -> None:
    shop.bank.tricks.append(trick)
    void(shop)

    assert shop.journal.sale(2).state is State.REVERSED
    assert shop.shown.moved is Moved.STAYS
    assert shop.journal.sale(1).state is State.APPROVED
    assert shop.bank.charged == {1: 128_00}
    shop.check_books()
    shop.send(commands.LeaveSale())
    void(shop)
    assert shop.journal.sale(1).state is State.VOIDED
    shop.check_books()


def test_a_power_cut_while_a_void_is_asked_leaves_the_sale_charged(shop) -> None:
    shop.bank.line = "dead"
    void(shop)
    assert shop.shown.sale.state is State.REVERSAL_PENDING
    assert shop.shown.moved is Moved.BACK_UNKNOWN
    shop.bank.line = "up"
    shop.restart()

    assert shop.journal.sale(2).state is State.REVERSED
    assert shop.journal.sale(1).state is State.APPROVED
    shop.check_books()


def test_a_declined_void_gives_nothing_back(shop) -> None:
    give_back(shop)
    shop.swipe()
    shop.send(commands.Confirm())
    shop.type_pin("111111")

    assert (shop.shown.sale.state, shop.shown.moved) == (State.DECLINED, Moved.STAYS)
    assert shop.journal.sale(1).state is State.APPROVED
    shop.send(commands.TryAgain())
    assert (shop.shown.sale.kind, shop.shown.sale.state) == (Kind.VOID, State.DRAFT)
    assert shop.shown.sale.given_reason == "wrong amount"


def test_trying_a_void_again_never_becomes_a_sale(shop) -> None:
    shop.bank.line = "cut"
    void(shop)
    assert shop.shown.sale.state is State.NOT_SENT
    shop.send(commands.KeepAmount(), commands.SignOut(), commands.SignIn("01", "135790"))
    assert refusals(shop) == [("KeepAmount", "")]
    shop.send(commands.TryAgain())
    assert refusals(shop)[-1] == ("TryAgain", "")
    assert all(shop.journal.sale(n).kind is Kind.VOID for n in range(2, shop.journal.next_sale()))


def test_what_is_voided_is_not_given_back_again(shop) -> None:
    void(shop)
    shop.send(commands.LeaveSale())
    assert seen(shop).way_back.kind is Way.NONE
    give_back(shop)
    give_back(shop, 1_00)

    assert [fault for _, fault in refusals(shop)] == ["", ""]
    assert shop.journal.next_sale() == 3


def test_a_void_without_a_pin_where_the_shop_wants_none(make_stage) -> None:
    stage = make_stage(pin_for_void=False).open()
    stage.sell()
    stage.send(commands.LeaveSale(), commands.SignOut(), commands.SignIn("02", "246801"))
    give_back(stage)
    stage.swipe()
    stage.send(commands.Confirm())

    assert stage.shown.sale.state is State.APPROVED
    assert not stage.shown.sale.pin_entered


def test_a_cancelled_void_leads_back_to_its_sale(shop) -> None:
    give_back(shop)
    shop.send(commands.Cancel())

    assert isinstance(shop.notices[-1], SaleShown)
    assert shop.notices[-1].way_back.kind is Way.VOID
    shop.send(commands.CloseList())
    assert isinstance(shop.notices[-1], CheckoutShown)
    assert shop.notices[-1].keep_amount is None


def test_a_part_is_refunded_and_told_once(shop) -> None:
    refund(shop, 40_00)

    assert (shop.shown.sale.kind, shop.shown.sale.state) == (Kind.REFUND, State.DELIVERED)
    assert shop.shown.moved is Moved.COMING_BACK
    assert shop.bank.book[2].state == "given back"
    assert shop.journal.sealed_message(2) is None
    day = shop.clock.now().astimezone().date().isoformat()
    assert shop.journal.day_total(day, shop.settings.money) == (1, Money(88_00))
    shown = seen(shop)
    assert (shown.refunded, shown.way_back.amount) == (Money(40_00), Money(88_00))
    assert [move.number for move in shown.moves] == [2]
    shop.check_books()


def test_refunds_in_parts_come_up_to_the_sale_and_not_above(shop) -> None:
    for amount in (40_00, 80_00, 8_00):
        refund(shop, amount)
        shop.send(commands.LeaveSale())
    give_back(shop, 1)

    assert [fault for _, fault in refusals(shop)] == [""]
    assert seen(shop).refunded == Money(128_00)
    assert shop.bank.charged == {1: 128_00}


def test_all_of_it_is_refunded_once_the_day_is_settled(shop) -> None:
    next_batch(shop)
    refund(shop, 128_00)
    sale = shop.journal.sale(2)

    assert (sale.kind, sale.state, sale.batch) == (Kind.REFUND, State.DELIVERED, 2)
    assert sale.facts.batch == 1
    assert shop.journal.sale(1).state is State.APPROVED


def test_a_refund_is_on_disk_before_the_bank_hears_of_it(shop) -> None:
    shop.acquirer.is_held = True
    refund(shop, 40_00)

    assert (shop.shown.sale.state, shop.shown.moved) == (State.QUEUED, Moved.RECORDED)
    assert shop.journal.sale(2).state is State.QUEUED
    assert shop.journal.sealed_message(2) is not None
    assert not any(card.pan._bytes for card in shop.bank.cards)
    shop.acquirer.is_held = False
    shop.settle()
    assert shop.shown.sale.state is State.DELIVERED


def test_a_refund_is_told_under_the_same_trace_until_the_bank_knows(shop) -> None:
    shop.bank.advice_codes.extend(["lost answer", "96", ""])
    refund(shop, 40_00)
    assert shop.shown.sale.state is State.QUEUED
    shop.send(commands.LeaveSale())
    for seconds in (6, 16, 61):
        shop.wait(seconds)

    assert shop.journal.sale(2).state is State.DELIVERED
    assert {said for said in shop.timeline if said.startswith("bank: refund")} == {"bank: refund 2"}
    assert shop.told(SettledTold)[-1].sale.state is State.DELIVERED
    assert shop.bank.book[2].reversals == 0


def test_a_queued_refund_survives_a_restart_and_holds_up_no_sale(shop) -> None:
    shop.bank.line = "cut"
    refund(shop, 40_00)
    shop.restart()
    assert shop.journal.sale(2).state is State.QUEUED
    shop.send(commands.StartSale(9_00))
    shop.send(commands.Cancel())
    shop.bank.line = "up"
    shop.wait(70)

    assert shop.journal.sale(2).state is State.DELIVERED
    assert shop.bank.book[2].amount_minor == 40_00
    shop.check_books()


def test_refunds_go_out_in_the_order_of_their_recording(shop) -> None:
    shop.bank.line = "dead"
    refund(shop, 40_00)
    shop.send(commands.LeaveSale())
    refund(shop, 10_00)
    shop.send(commands.LeaveSale())
    shop.bank.line = "up"
    mark = len(shop.timeline)
    shop.send(commands.StartSale(9_00))
    shop.swipe()
    shop.send(commands.Confirm())
    shop.type_pin()

    heard = [line for line in shop.timeline[mark:] if line.startswith("bank: ")]
    order = [line for line in heard if "echo" not in line and "sign" not in line]
    assert [line for line in order if "refund" in line] == ["bank: refund 2", "bank: refund 3"]
    assert [shop.journal.sale(n).state for n in (2, 3)] == [State.DELIVERED] * 2


def test_a_rejected_refund_is_told_and_gives_nothing_back(shop) -> None:
    shop.bank.advice_codes.append("25")
    refund(shop, 40_00)

    assert (shop.shown.sale.state, shop.shown.moved) == (State.REJECTED, Moved.STAYS)
    day = shop.clock.now().astimezone().date().isoformat()
    assert shop.journal.day_total(day, shop.settings.money) == (1, Money(128_00))
    assert seen(shop).refunded == Money(0)


def test_a_worker_that_dies_while_telling_tells_again(shop) -> None:
    shop.bank.advice_codes.append("broken")
    refund(shop, 40_00)
    assert shop.shown.sale.state is State.QUEUED
    shop.wait(6)
    assert shop.shown.sale.state is State.DELIVERED


def test_a_refund_that_cannot_be_written_down_is_never_told(shop) -> None:
    give_back(shop, 40_00)
    shop.swipe()
    shop.fill_disk("in_doubt")
    shop.send(commands.Confirm())

    assert (shop.shown.sale.state, shop.shown.sale.fault) == (State.NOT_SENT, "J-01")
    assert not any("refund" in line for line in shop.timeline)
    shop.free_disk()


def test_a_void_whose_approval_cannot_be_written_down_is_reversed(shop) -> None:
    shop.bank.on_ask = lambda: shop.fill_disk("entries")
    void(shop)
    shop.free_disk()
    shop.wait(20)

    assert shop.journal.sale(1).state is State.APPROVED
    assert shop.journal.sale(2).state is State.REVERSED
    shop.check_books()


def test_the_list_is_found_again_after_a_payment_that_it_led_to(shop) -> None:
    shop.send(commands.ShowSales(search="128", day="", before=None))
    rows = shop.told(SalesShown)[-1]
    assert [(row.number, row.kind) for row in rows.rows] == [(1, Kind.SALE)]
    assert (rows.total, rows.more) == (1, False)
    shop.send(commands.Look())
    assert shop.notices[-1] == rows
    shop.send(commands.StartSale(5_00), commands.Cancel())
    assert isinstance(shop.notices[-1], CheckoutShown)
    assert shop.notices[-1].keep_amount == Money(5_00)


def test_no_list_opens_over_a_payment_that_is_not_over(shop) -> None:
    shop.send(commands.StartSale(5_00), commands.ShowSales(), commands.ShowSale(1))
    give_back(shop)
    assert [fault for _, fault in refusals(shop)] == ["", "", ""]
    assert shop.shown.sale.state is State.DRAFT


@pytest.mark.parametrize(
    "order",
    [
        commands.ShowSale(99),
        commands.ShowSale(1, 0),
        commands.GiveBack(99, 1, "torn"),
        commands.GiveBack(1, 0, "torn"),
        commands.GiveBack(1, -5, "torn"),
        commands.GiveBack(1, 100, "  "),
        commands.GiveBack(1, 128_01, "torn"),
        commands.GiveBack(1, 10**12, "torn"),
    ],
)
def test_what_makes_no_sense_begins_nothing(shop, order) -> None:
    shop.send(order)
    assert refusals(shop) == [(type(order).__name__, "")]
    assert shop.journal.next_sale() == 2


def test_a_sale_in_doubt_undoes_itself(shop) -> None:
    shop.send(commands.LeaveSale())
    shop.bank.line = "dead"
    shop.sell(5_00)
    shop.send(commands.LeaveSale())
    assert seen(shop, 2).way_back.kind is Way.REVERSAL
    give_back(shop, 5_00, 2)
    assert refusals(shop)[-1] == ("GiveBack", "")
    assert shop.journal.sale(2).reason is Reason.NO_ANSWER


def test_a_void_without_paper_is_still_a_void(shop) -> None:
    shop.printer.set_health(Health.PAPER_OUT)
    void(shop)
    assert shop.journal.sale(1).state is State.VOIDED
    assert shop.journal.count_not_out() == 1


def test_a_sale_from_before_the_fingerprints_has_no_way(shop) -> None:
    from domain.entries import Decision, sale_entry

    old = replace(shop.journal.sale(1), fingerprint="")
    shop.journal.remember(Decision((sale_entry(old, shop.clock.now()),), old))
    assert seen(shop).way_back.kind is Way.NONE
