"""Guards a card sale as a cashier lives it: approved, declined, cancelled, and never done twice."""

from __future__ import annotations

import pytest

from checkout import commands
from checkout.notices import CheckoutShown, PaymentShown, RefusalTold, SignInShown
from domain.faults import Moved
from domain.sale import State

BAD_SWIPES = """
;6225760008219525=30121200000?   R-02   one digit of the number is wrong
;6225760008219524?               R-02   the expiry is missing
;E?                              R-02   the reader could not read it
nonsense                         R-02   no stripe at all
;6225760008219524=24011200000?   R-05   expired in January 2024
;4012888888881881=30122200000?   R-06   a chip card
"""

BEFORE_THE_CARD = ("Confirm", "TryAgain", "LeaveSale", "KeepAmount", "PrintCustomerCopy")


def refusals(stage, mark: int = 0) -> list[tuple[str, str]]:
    return [(r.command, r.fault) for r in stage.notices[mark:] if isinstance(r, RefusalTold)]


def test_an_approved_sale_is_shown_printed_and_in_both_books(stage) -> None:
    sale = stage.sell(128_00)

    assert sale.state is State.APPROVED
    assert stage.shown.moved is Moved.CHARGED
    assert stage.shown.receipt_link.endswith(sale.answer.rrn)
    assert [(slip.kind, slip.state) for slip in stage.shown.slips] == [("merchant", "printed")]
    assert stage.papers() == ["slip-000001.txt"]
    assert "CNY 128.00" in stage.paper("slip-000001.txt")
    assert stage.bank.charged == {1: 128_00}
    assert stage.journal.sealed_message(1) is None
    stage.check_books()


def test_two_commits_lie_between_the_amount_confirmed_and_approved_shown(stage) -> None:
    stage.send(commands.StartSale(128_00))
    stage.swipe()
    stage.timeline.append("now")
    stage.send(commands.Confirm())
    stage.type_pin()

    story = [what for what in stage.since("now") if not what.startswith("screen: pin")]
    assert story[: story.index("screen: approved") + 1] == [
        "commit",
        "screen: armed",
        "screen: armed",
        "bank: sale 1",
        "screen: waiting",
        "commit",
        "screen: approved",
    ]
    assert story.index("paper 1") > story.index("screen: approved")


def test_nothing_leaves_for_the_bank_before_its_reversal_is_on_disk(stage) -> None:
    stage.bank.on_ask = lambda: found.append(stage.journal.sealed_message(1))
    found: list[bytes | None] = []

    stage.sell(128_00)

    assert len(found) == 1
    assert found[0] is not None
    assert found[0].startswith(b"SEALED:")


def test_a_declined_sale_is_not_charged_and_has_its_paper(stage) -> None:
    sale = stage.sell(51_51)

    assert (sale.state, sale.answer.code) == (State.DECLINED, "51")
    assert stage.shown.moved is Moved.NOT_CHARGED
    assert [slip.kind for slip in stage.shown.slips] == ["declined"]
    assert "YOU HAVE NOT BEEN CHARGED" in stage.paper("slip-000001.txt")
    stage.check_books()


def test_wrong_pins_are_counted_over_the_sales_of_a_card_until_the_right_one(stage) -> None:
    counted = []
    stage.sell(10_00, pin="1111")
    counted.append(stage.shown.wrong_pins)
    stage.send(commands.TryAgain())
    stage.swipe()
    stage.send(commands.Confirm())
    stage.type_pin("2222")
    counted.append(stage.shown.wrong_pins)
    assert stage.shown.sale.answer.code == "55"
    stage.send(commands.LeaveSale())
    assert stage.sell(10_00).state is State.APPROVED
    stage.send(commands.LeaveSale())
    stage.sell(10_00, pin="3333")
    counted.append(stage.shown.wrong_pins)

    assert counted == [1, 2, 1]
    stage.check_books()


def test_the_card_is_wiped_as_soon_as_the_outcome_is_known(stage) -> None:
    for amount in (128_00, 51_51):
        stage.sell(amount)
        stage.send(commands.LeaveSale())
    stage.bank.tricks.append("lost answer")
    stage.sell(128_00)

    assert len(stage.bank.cards) == 3
    assert all(card.pan.is_wiped and card.track2.is_wiped for card in stage.bank.cards)


@pytest.mark.parametrize("line", BAD_SWIPES.strip().splitlines())
def test_a_bad_swipe_asks_again_and_says_why(stage, line: str) -> None:
    stripe, fault, _ = line.split(maxsplit=2)
    stage.send(commands.StartSale(128_00))

    buffer = stage.swipe(stripe)

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.DRAFT, fault)
    assert stage.shown.deadline is not None
    assert not any(buffer)
    stage.swipe()
    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.CAPTURED, "")


def test_a_swipe_outside_a_payment_is_wiped_and_changes_nothing(stage) -> None:
    before = len(stage.timeline)
    buffer = stage.swipe()
    assert not any(buffer)
    assert stage.timeline[before:] == []
    stage.sell()
    buffer = stage.swipe()
    assert not any(buffer)
    assert stage.shown.sale.state is State.APPROVED


def test_a_second_card_does_not_replace_the_first(stage) -> None:
    stage.send(commands.StartSale(128_00))
    stage.swipe()
    buffer = stage.swipe(";4111111111111111=30121010000?")

    assert not any(buffer)
    assert stage.shown.sale.card.last4 == "9524"


def test_double_taps_do_nothing_twice(stage) -> None:
    stage.send(commands.StartSale(128_00), commands.StartSale(128_00))
    stage.swipe()
    stage.send(commands.Confirm(), commands.Confirm())
    stage.type_pin()
    assert not stage.pad.jobs
    stage.send(commands.LeaveSale(), commands.LeaveSale())

    assert stage.journal.next_sale() == 2
    assert stage.timeline.count("bank: sale 1") == 1
    assert stage.papers() == ["slip-000001.txt"]
    assert refusals(stage) == [("StartSale", ""), ("Confirm", ""), ("LeaveSale", "")]
    stage.check_books()


def test_a_double_tap_on_try_again_begins_one_new_sale(stage) -> None:
    stage.sell(51_51)
    stage.send(commands.TryAgain(), commands.TryAgain())

    assert stage.shown.sale.number == 2
    assert stage.shown.sale.amount.minor == 51_51
    assert stage.journal.next_sale() == 3


def test_a_sale_that_charged_cannot_be_tried_again(stage) -> None:
    stage.sell()
    stage.send(commands.TryAgain(), commands.KeepAmount())

    assert refusals(stage) == [("TryAgain", ""), ("KeepAmount", "")]
    assert stage.journal.next_sale() == 2


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_draft_can_be_cancelled_and_its_amount_is_offered_again(stage, steps: int) -> None:
    stage.send(commands.StartSale(128_00))
    for step in (stage.swipe, lambda: stage.send(commands.Confirm()))[:steps]:
        step()
    stage.send(commands.Cancel())

    last = stage.told(CheckoutShown)[-1]
    assert last.keep_amount.minor == 128_00
    assert last.last_five == ()
    assert stage.journal.sale(1).state is State.ABANDONED
    assert stage.till.payments.sales == {}
    assert stage.till.customer.card is None
    if stage.pad.jobs:
        stage.type_pin("", "stop")
    assert stage.sell(10_00).state is State.APPROVED


def test_cancel_is_refused_once_the_bank_is_asked(stage) -> None:
    stage.ask_for(128_00)
    stage.acquirer.is_held = True
    stage.type_pin()
    assert stage.shown.sale.state is State.ARMED
    stage.send(commands.Cancel(), commands.LeaveSale(), commands.StartSale(1), commands.SignOut())
    assert refusals(stage) == [
        (name, "") for name in ("Cancel", "LeaveSale", "StartSale", "SignOut")
    ]
    stage.acquirer.is_held = False
    stage.settle()

    assert stage.shown.sale.state is State.APPROVED
    stage.check_books()


def test_nobody_signs_in_over_a_payment(stage) -> None:
    stage.send(commands.StartSale(128_00))
    before = len(stage.notices)
    stage.send(commands.SignIn("02", "246801"), commands.SignIn("01", "000000"))

    assert refusals(stage) == [("SignIn", ""), ("SignIn", "")]
    assert not any(isinstance(n, SignInShown | CheckoutShown) for n in stage.notices[before:])
    assert stage.till.counter.operator.id == "01"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_nobody_signs_out_in_the_middle_of_a_payment(stage, steps: int) -> None:
    stage.send(commands.StartSale(128_00))
    for step in (stage.swipe, lambda: stage.send(commands.Confirm()))[:steps]:
        step()
    stage.send(commands.SignOut())

    assert refusals(stage) == [("SignOut", "")]
    assert stage.till.counter.operator is not None


def test_signing_out_after_a_sale_locks_the_till(stage) -> None:
    stage.sell()
    stage.send(commands.SignOut(), commands.StartSale(1))

    assert isinstance(stage.told(SignInShown)[-1], SignInShown)
    assert refusals(stage) == [("StartSale", "A-03")]


NEEDS_SOMEBODY = [
    commands.StartSale(1),
    commands.StartPreauth(1),
    commands.Complete(1, 100),
    commands.CheckBalance(),
    commands.Confirm(),
    commands.Cancel(),
    commands.TryAgain(),
    commands.LeaveSale(),
    commands.KeepAmount(),
    commands.PrintCustomerCopy(),
    commands.ReprintLast(),
    commands.ShowSales(),
    commands.ShowSale(1),
    commands.GiveBack(1, 100, "torn"),
    commands.ShowTray(),
    commands.Resolve(1, charged=False, reason="none"),
    commands.ShowDay(),
    commands.Settle(),
    commands.SellOn(),
    commands.PrintSettlement(1),
    commands.CloseList(),
]


@pytest.mark.parametrize("order", NEEDS_SOMEBODY)
def test_without_an_operator_a_command_is_refused_by_name(make_stage, order) -> None:
    stage = make_stage()
    stage.till.open()
    stage.settle()
    before = stage.timeline.count("commit")
    stage.send(order)

    assert refusals(stage) == [(type(order).__name__, "A-03")]
    assert stage.timeline.count("commit") == before


def test_a_swipe_without_an_operator_is_wiped(make_stage) -> None:
    stage = make_stage()
    stage.till.open()
    stage.settle()
    assert not any(stage.swipe())
    assert refusals(stage) == [("SwipeTyped", "")]


@pytest.mark.parametrize("minor", [0, -1, 1_000_000_000_000])
def test_an_amount_that_is_none_begins_no_sale(stage, minor: int) -> None:
    stage.send(commands.StartSale(minor))

    assert refusals(stage) == [("StartSale", "")]
    assert stage.journal.next_sale() == 1


def test_after_90_seconds_without_a_card_the_amount_is_offered_again(stage) -> None:
    stage.send(commands.StartSale(128_00))
    assert (stage.shown.deadline, stage.shown.allowed) == (90.0, 90.0)
    stage.wait(89.0)
    assert stage.journal.sale(1).state is State.DRAFT
    stage.wait(1.0)

    assert stage.journal.sale(1).state is State.ABANDONED
    assert stage.told(CheckoutShown)[-1].keep_amount.minor == 128_00


def test_a_card_in_time_ends_the_wait_for_one(stage) -> None:
    stage.send(commands.StartSale(128_00))
    stage.swipe()
    stage.wait(3600.0)

    assert stage.shown.sale.state is State.CAPTURED
    assert stage.shown.deadline is None


@pytest.mark.parametrize(("keys", "last"), [("12", "cancel"), ("12", "clear"), ("", "enter")])
def test_a_customer_who_gives_no_pin_is_not_charged(make_stage, keys: str, last: str) -> None:
    stage = make_stage(pin_bypass=False).open()
    stage.ask_for(128_00)
    stage.type_pin(keys, last)

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "P-01")
    assert stage.shown.moved is Moved.NONE
    assert not [what for what in stage.timeline if what.startswith("bank: sale")]
    stage.send(commands.KeepAmount())
    assert stage.told(CheckoutShown)[-1].keep_amount.minor == 128_00


def test_a_till_without_a_pad_asks_the_bank_without_a_pin(make_stage) -> None:
    stage = make_stage(pin_pad="none").open()
    stage.send(commands.StartSale(128_00))
    stage.swipe()
    stage.send(commands.Confirm())

    assert stage.shown.sale.state is State.APPROVED
    assert not stage.shown.sale.pin_entered


def test_the_screen_counts_the_digits_and_never_names_them(stage) -> None:
    stage.sell(128_00)
    counts = [n.pin_digits for n in stage.told(PaymentShown) if n.sale.state is State.PIN_ENTRY]
    assert counts[-6:] == [1, 2, 3, 4, 5, 6]
    assert "123456" not in repr(stage.notices)


def test_the_day_adds_up_on_the_screen(stage) -> None:
    for amount in (10_00, 51_51, 5_05):
        stage.sell(amount)
        stage.send(commands.LeaveSale())

    last = stage.told(CheckoutShown)[-1]
    assert (last.today_count, last.today_total.minor) == (2, 15_05)
    assert [line.number for line in last.last_five] == [3, 2, 1]


def test_look_tells_everything_once_more(stage) -> None:
    stage.sell()
    before = len(stage.notices)
    stage.send(commands.Look())
    assert [type(n).__name__ for n in stage.notices[before:]] == ["StripShown", "PaymentShown"]


def test_in_a_quiet_moment_no_trace_of_the_reversal_is_left_on_disk(stage) -> None:
    stage.bank.keeps_for_upload = False
    stage.sell(128_00)
    sealed = b'SEALED:{"sale": 1, "stan": 1'
    files = lambda: b"".join(p.read_bytes() for p in stage.folder.glob("journal.db*"))  # noqa: E731
    assert sealed in files()
    stage.send(commands.LeaveSale(), commands.StartSale(1_00))
    stage.wait(5)
    assert sealed in files()
    stage.send(commands.Cancel())
    stage.wait(5)

    assert sealed not in files()


@pytest.mark.parametrize("seconds", [5, 3600, 86400])
def test_an_idle_till_commits_nothing(stage, seconds: int) -> None:
    before = stage.timeline.count("commit")
    stage.wait(seconds)
    assert stage.timeline.count("commit") == before
