"""Guards holds, completions and enquiries at the till: what is on disk when, and on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acquirer.link import SaleRequest
from checkout import commands
from checkout.notices import CheckoutShown, RecoveryTold, RefusalTold, SaleShown
from domain.faults import Moved
from domain.give_back import Way
from domain.kinds import Kind
from domain.money import Money
from domain.sale import Approved, State
from domain.settings import TRAINING, Settings
from tests.checkout.conftest import ScriptedBank, Stage

OTHER = ";6212345678901232=30121200000?"
DAY = 86_400.0
Shops = Callable[..., Stage]


class BankOfHolds(ScriptedBank):
    """A bank that answers enquiries too."""

    def prepare(self, request: SaleRequest) -> None:
        self.cards.append(request.card)

    def ask(self, request: SaleRequest, on_sent: Callable[[], None]) -> Any:
        event = super().ask(request, on_sent)
        if isinstance(event, Approved) and request.kind is Kind.BALANCE:
            return replace(event, balance=Money(23_66))
        return event


@pytest.fixture
def make_shop(data_folder: Path) -> Iterator[Shops]:
    """A shop with a manager at the till; keywords are of its acquirer's profile."""
    stages: list[Stage] = []

    def make(**profile: Any) -> Stage:
        settings: Settings = replace(TRAINING, acquirer=replace(TRAINING.acquirer, **profile))
        stage = Stage(data_folder, settings)
        stage.journal.database.conn.close()
        stage.bank = BankOfHolds(stage.timeline.append)
        stage._build()
        stages.append(stage)
        stage.till.open()
        stage.settle()
        stage.send(commands.SignIn("02", "246801"))
        return stage

    yield make
    for stage in stages:
        stage.journal.database.conn.close()


@pytest.fixture
def shop(make_shop: Shops) -> Stage:
    return make_shop()


def pay(shop: Stage, order: commands.Command, *, stripe: str = "", asks_pin: bool = True) -> Any:
    """One whole payment that begins with that order; returns what the screen shows."""
    shop.send(order)
    shop.swipe(stripe or shop.stripe)
    shop.send(commands.Confirm())
    if asks_pin:
        shop.type_pin()
    return shop.shown


def held(shop: Stage, minor: int = 200_00) -> int:
    """An amount that is held; its number."""
    shown = pay(shop, commands.StartPreauth(minor))
    assert (shown.sale.state, shown.moved) == (State.APPROVED, Moved.HELD)
    shop.send(commands.LeaveSale())
    return int(shown.sale.number)


def detail(shop: Stage, number: int) -> SaleShown:
    shop.send(commands.ShowSale(number))
    last: SaleShown = shop.told(SaleShown)[-1]
    return last


def state_of(shop: Stage, number: int) -> State:
    sale = shop.journal.sale(number)
    assert sale is not None
    return sale.state


def test_a_shop_that_offers_neither_refuses_both_and_writes_nothing(make_shop: Shops) -> None:
    shop = make_shop(preauthorisation=False, balance_enquiry=False)
    shown = shop.told(CheckoutShown)[-1]
    assert (shown.holds, shown.asks_balance) == (False, False)

    shop.send(commands.StartPreauth(200_00), commands.CheckBalance())

    assert [notice.fault for notice in shop.told(RefusalTold)] == ["H-01", "H-01"]
    assert shop.journal.next_sale() == 1


def test_a_hold_says_how_much_of_it_may_be_charged_and_how_it_is_released(shop: Stage) -> None:
    shown = detail(shop, held(shop))

    assert shown.completable == Money(230_00)
    assert shown.way_back.kind is Way.VOID
    assert shown.moved is Moved.HELD


def test_hold_and_completion_change_in_one_commit_before_the_screen_says_so(shop: Stage) -> None:
    number = held(shop)
    seen: list[tuple[State, State]] = []
    shop.bank.on_ask = lambda: seen.append((state_of(shop, 1), state_of(shop, 2)))

    pay(shop, commands.Complete(number, 150_00))

    assert seen == [(State.APPROVED, State.ARMED)]
    assert (state_of(shop, 1), state_of(shop, 2)) == (State.COMPLETED, State.APPROVED)
    after = shop.since("bank: completion 2")
    assert after.index("commit") < after.index("screen: approved")
    assert shop.journal.sale(1).history[-1].note == "2"


def test_a_completion_that_no_disk_takes_leaves_the_amount_held(shop: Stage) -> None:
    number = held(shop)
    shop.send(commands.Complete(number, 150_00))
    shop.swipe()
    shop.send(commands.Confirm())
    shop.bank.on_ask = lambda: shop.fill_disk("entries")
    shop.type_pin()
    shop.bank.on_ask = lambda: None

    assert shop.shown.sale.state is State.REVERSAL_PENDING
    assert state_of(shop, number) is State.APPROVED
    shop.free_disk()
    shop.wait(5.0)

    assert shop.shown.sale.state is State.REVERSED
    assert detail(shop, number).completable == Money(230_00)


def test_while_a_completion_is_in_doubt_its_hold_is_neither_charged_nor_released(
    shop: Stage,
) -> None:
    number = held(shop)
    shop.send(commands.Complete(number, 150_00))
    shop.swipe()
    shop.send(commands.Confirm())
    shop.bank.line = "dead"
    shop.type_pin()
    shop.send(commands.LeaveSale())

    shown = detail(shop, number)

    assert (shown.completable, shown.way_back.kind) == (None, Way.NONE)
    assert shown.why_not_completable
    shop.send(commands.Complete(number, 150_00), commands.GiveBack(number, 200_00, "left"))
    assert shop.journal.next_sale() == 3
    assert [notice.fault for notice in shop.told(RefusalTold)] == ["", ""]


def test_a_hold_of_long_ago_is_not_charged_and_may_be_released(shop: Stage) -> None:
    number = held(shop)
    shop.wait(31 * DAY)
    shop.send(commands.SignIn("02", "246801"))

    shown = detail(shop, number)
    assert (shown.completable, shown.way_back.kind) == (None, Way.VOID)
    assert "too old" in shown.why_not_completable
    shop.send(commands.Complete(number, 1_00))
    assert shop.journal.next_sale() == 2

    pay(shop, commands.GiveBack(number, 200_00, "left"))
    assert (state_of(shop, 1), shop.shown.moved) == (State.VOIDED, Moved.RELEASED)


@pytest.mark.parametrize("minor", [0, -1, 230_01])
def test_an_amount_that_may_not_be_charged_begins_nothing(shop: Stage, minor: int) -> None:
    number = held(shop)
    shop.send(commands.Complete(number, minor))
    assert shop.journal.next_sale() == 2
    assert shop.told(RefusalTold)


def test_only_what_is_held_is_completed(shop: Stage) -> None:
    shop.sell()
    shop.send(commands.LeaveSale(), commands.Complete(1, 1_00), commands.Complete(99, 1_00))
    assert shop.journal.next_sale() == 2


def test_another_card_is_refused_by_the_hold(shop: Stage) -> None:
    number = held(shop)
    shop.send(commands.Complete(number, 150_00))
    shop.swipe(OTHER)
    assert (shop.shown.sale.state, shop.shown.sale.fault) == (State.DRAFT, "H-04")
    shop.swipe()
    assert shop.shown.sale.state is State.CAPTURED


@pytest.mark.parametrize("order", [commands.StartPreauth(51_51), commands.Complete(1, 51_51)])
def test_what_was_declined_is_tried_again_as_the_same(shop: Stage, order: Any) -> None:
    held(shop)
    shown = pay(shop, order)
    assert shown.sale.state is State.DECLINED

    shop.send(commands.KeepAmount())
    assert shop.told(RefusalTold)[-1].command == "KeepAmount"
    shop.send(commands.TryAgain())

    again = shop.shown.sale
    assert (again.number, again.kind, again.original) == (3, shown.sale.kind, shown.sale.original)
    assert again.state is State.DRAFT


def test_only_a_completion_counts_for_the_day(shop: Stage) -> None:
    def today() -> tuple[int, int]:
        shown = shop.told(CheckoutShown)[-1]
        return shown.today_count, shown.today_total.minor

    number = held(shop)
    assert today() == (0, 0)
    pay(shop, commands.Complete(number, 150_00))
    shop.send(commands.LeaveSale(), commands.CloseList())
    assert today() == (1, 150_00)


def told(shop: Stage, number: int, minor: int = 150_00) -> Any:
    return pay(shop, commands.Complete(number, minor), asks_pin=False)


def test_a_completion_that_is_told_charges_from_its_recording_on(make_shop: Shops) -> None:
    shop = make_shop(completion="advice")
    number = held(shop)
    shop.acquirer.is_held = True

    shown = told(shop, number)

    assert (shown.sale.kind, shown.sale.state) == (Kind.COMPLETION_ADVICE, State.QUEUED)
    assert shown.moved is Moved.CHARGE_RECORDED
    assert state_of(shop, number) is State.COMPLETED
    assert detail(shop, 2).way_back.kind is Way.NONE
    shop.acquirer.is_held = False
    shop.settle()
    assert state_of(shop, 2) is State.DELIVERED
    assert detail(shop, 2).way_back.kind is Way.VOID


def test_a_completion_that_is_told_again_changes_its_hold_once(
    make_shop: Shops, caplog: pytest.LogCaptureFixture
) -> None:
    shop = make_shop(completion="advice")
    number = held(shop)
    shop.bank.advice_codes.extend(["96", "lost answer"])

    told(shop, number)
    shop.wait(5.0)
    shop.wait(15.0)

    assert state_of(shop, 2) is State.DELIVERED
    events = [moment.event for moment in shop.journal.sale(number).history]
    assert events.count("Completed") == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_completion_that_the_bank_will_not_have_leaves_the_amount_held(
    make_shop: Shops,
) -> None:
    shop = make_shop(completion="advice")
    number = held(shop)
    shop.bank.advice_codes.append("25")

    shown = told(shop, number)

    assert (shown.sale.state, shown.moved) == (State.REJECTED, Moved.NOT_CHARGED)
    assert state_of(shop, number) is State.APPROVED
    assert [moment.event for moment in shop.journal.sale(number).history[-2:]] == [
        "Completed",
        "HeldAgain",
    ]
    assert {slip.kind.value for slip in shop.journal.slips_of(2)} == {
        "charge recorded",
        "charge refused",
    }
    assert detail(shop, number).completable == Money(230_00)


@pytest.mark.parametrize(("charged", "state"), [(True, State.COMPLETED), (False, State.APPROVED)])
def test_what_the_bank_says_of_a_completion_by_telephone_changes_the_hold(
    shop: Stage, *, charged: bool, state: State
) -> None:
    number = held(shop)
    shop.send(commands.Complete(number, 150_00))
    shop.swipe()
    shop.send(commands.Confirm())
    shop.bank.tricks.append("sent twice")
    shop.type_pin()
    assert shop.shown.sale.state is State.MANUAL
    shop.send(commands.LeaveSale())

    shop.send(commands.Resolve(2, charged=charged, reason="the bank said so"))

    assert state_of(shop, number) is state


def test_a_balance_is_on_the_screen_and_nowhere_else(shop: Stage) -> None:
    shown = pay(shop, commands.CheckBalance())

    assert (shown.sale.state, shown.moved) == (State.APPROVED, Moved.NONE)
    assert shown.balance == Money(23_66)
    assert not shown.slips
    shop.send(commands.PrintCustomerCopy())
    assert not shop.papers()
    written = b"".join(path.read_bytes() for path in shop.folder.glob("journal.db*"))
    assert b'"kind":"balance"' in written
    assert b"2366" not in written
    shop.send(commands.Look())
    assert shop.shown.balance == Money(23_66)
    shop.send(commands.LeaveSale())
    shop.restart()
    assert not shop.told(RecoveryTold)


@pytest.mark.parametrize(
    "trick", ["lost answer", "lost request", "garbage", "sent twice", "wrong mac", "broken"]
)
def test_an_enquiry_without_an_answer_just_ends_and_is_asked_again(shop: Stage, trick: str) -> None:
    shop.bank.tricks.append(trick)

    shown = pay(shop, commands.CheckBalance())

    assert (shown.sale.state, shown.sale.fault) == (State.NOT_SENT, "H-03")
    assert (shown.moved, shown.balance) == (Moved.NONE, None)
    shop.wait(60.0)
    assert not [line for line in shop.timeline if "reversal" in line]
    shop.send(commands.TryAgain())
    assert (shop.shown.sale.kind, shop.shown.sale.state) == (Kind.BALANCE, State.DRAFT)


def test_an_enquiry_takes_its_trace_number_before_it_is_asked_and_seals_nothing(
    shop: Stage,
) -> None:
    seen: list[tuple[int, int | None, State]] = []

    def look() -> None:
        sale = shop.journal.sale(1)
        assert sale is not None
        assert shop.journal.sealed_message(1) is None
        seen.append((shop.journal.counter("stan"), sale.stan, sale.state))

    shop.bank.on_ask = look
    pay(shop, commands.CheckBalance())
    assert seen == [(1, 1, State.ARMED)]


def test_a_power_cut_during_an_enquiry_ends_it_and_the_next_sale_has_a_new_number(
    shop: Stage,
) -> None:
    shop.acquirer.is_held = True
    pay(shop, commands.CheckBalance())
    assert state_of(shop, 1) is State.ARMED

    shop.restart()

    assert state_of(shop, 1) is State.NOT_SENT
    assert not shop.till.payments.sales
    assert not shop.told(RecoveryTold)
    assert shop.sell().stan == 2
    assert not [line for line in shop.timeline if "reversal" in line]


def test_a_till_whose_line_is_cut_sends_no_enquiry(shop: Stage) -> None:
    shop.send(commands.CheckBalance())
    shop.swipe()
    shop.send(commands.Confirm())
    shop.bank.line = "cut"
    shop.type_pin()
    assert (shop.shown.sale.state, shop.shown.sale.fault) == (State.NOT_SENT, "N-04")
