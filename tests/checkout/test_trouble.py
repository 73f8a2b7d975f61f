"""Guards money when things go wrong: no answer, a full disk, a dead worker, keys that are gone."""

from __future__ import annotations

import pytest

from checkout import commands
from checkout.bank import ANSWERING_SECONDS, REVERSAL_WAITS
from checkout.notices import (
    CheckoutShown,
    Closed,
    FaultTold,
    PaymentShown,
    RecoveryTold,
    RefusalTold,
    SettledTold,
    StripShown,
)
from checkout.reports import Happened
from domain.entries import EntryKind
from domain.faults import DeviceFault, LinkFault, Moved
from domain.sale import Answer, Approved, State

WAYS_TO_LOSE_AN_ANSWER = """
lost request | 25 | nothing was booked
lost answer  | 00 | it was booked
wrong mac    | 00 | it was booked, and the keys no longer agree
garbage      | 00 | it was booked
"""


def heard(stage, what: str) -> int:
    return sum(line.startswith(f"bank: {what}") for line in stage.timeline)


@pytest.mark.parametrize("line", WAYS_TO_LOSE_AN_ANSWER.strip().splitlines())
def test_an_answer_that_is_lost_is_reversed_at_once(stage, line: str) -> None:
    trick, code, _ = (part.strip() for part in line.split("|"))
    stage.bank.tricks.append(trick)
    sale = stage.sell(128_00)

    assert (sale.state, sale.answer.code) == (State.REVERSED, code)
    assert stage.shown.moved is Moved.NOT_CHARGED
    assert stage.bank.charged == {}
    assert stage.bank.book[1].reversals == 1
    assert [slip.kind for slip in stage.shown.slips] == ["reversal pending", "reversed"]
    assert stage.journal.sealed_message(1) is None
    stage.check_books()


def test_an_outcome_that_is_unknown_is_on_disk_before_it_is_shown_and_reversed(stage) -> None:
    stage.bank.tricks.append("lost answer")
    stage.sell(128_00)

    story = stage.since("screen: waiting")
    assert story.index("commit") < story.index("screen: reversal_pending")
    assert story.index("screen: reversal_pending") < story.index("bank: reversal 1 98")
    reversed_at = story.index("bank: reversal 1 98")
    assert "commit" in story[reversed_at : story.index("screen: reversed")]


def test_a_reversal_waits_longer_and_longer_and_never_gives_up(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.type_pin()
    assert heard(stage, "reversal") == 1

    for waited, seconds in enumerate((*REVERSAL_WAITS[1:], 300.0, 300.0, 300.0), start=2):
        assert stage.shown.sale.state is State.REVERSAL_PENDING
        assert stage.shown.deadline == seconds
        stage.wait(seconds - 1)
        assert heard(stage, "reversal") == waited - 1
        stage.wait(1)
        assert heard(stage, "reversal") == waited

    assert REVERSAL_WAITS == (0.0, 5.0, 15.0, 60.0, 300.0)
    assert stage.shown.moved is Moved.WILL_NOT
    assert stage.told(StripShown)[-1].in_doubt == 1


def test_a_reversal_does_not_wait_when_the_bank_is_back(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.type_pin()
    for _ in range(4):
        stage.wait(60)
    stage.bank.line = "up"
    stage.wait(10)

    assert stage.shown.sale.state is State.REVERSED
    stage.check_books()


def test_a_bank_that_answers_echoes_but_no_reversals_is_not_stormed(stage) -> None:
    stage.bank.tricks.append("lost answer")
    stage.bank.reversal_codes.extend(["no answer"] * 100)
    stage.sell(128_00)
    for _ in range(600):
        stage.wait(1)

    assert 600 / (ANSWERING_SECONDS + 10) <= heard(stage, "reversal") <= 4 + 600 / ANSWERING_SECONDS


@pytest.mark.parametrize("code", ["96", "wrong mac"])
def test_no_reversal_waits_longer_than_half_a_minute_while_the_bank_answers(
    stage, code: str
) -> None:
    stage.bank.tricks.append("lost answer")
    stage.bank.reversal_codes.extend([code] * 12)
    stage.sell(128_00)
    for _ in range(500):
        stage.wait(1)

    assert stage.shown.sale.state is State.REVERSED
    assert heard(stage, "reversal") == 13
    stage.check_books()


def test_a_bank_that_signs_its_reversals_wrongly_is_not_stormed(stage) -> None:
    stage.bank.tricks.append("lost answer")
    stage.bank.reversal_codes.extend(["wrong mac"] * 50)
    stage.sell(128_00)
    for _ in range(10):
        stage.wait(6)

    assert heard(stage, "reversal") <= 5
    assert stage.journal.sale(1).state is State.REVERSAL_PENDING


def test_a_third_refusal_puts_the_sale_into_the_hands_of_people(stage) -> None:
    stage.bank.tricks.append("lost answer")
    stage.bank.reversal_codes.extend(["58", "58", "58"])
    stage.sell(128_00)
    for _ in range(3):
        stage.wait(15)

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.MANUAL, "N-09")
    assert stage.shown.moved is Moved.UNKNOWN
    assert "DO NOT CHARGE AGAIN" in stage.paper(stage.papers()[-1])
    assert heard(stage, "reversal") == 3
    stage.wait(3600)
    assert heard(stage, "reversal") == 3
    assert stage.journal.sealed_message(1) is not None


def test_a_sale_that_the_bank_calls_sent_twice_is_never_reversed(stage) -> None:
    stage.bank.tricks.append("sent twice")
    sale = stage.sell(128_00)
    stage.wait(3600)

    assert (sale.state, stage.shown.moved) == (State.MANUAL, Moved.UNKNOWN)
    assert heard(stage, "reversal") == 0


def test_the_next_customer_is_served_while_a_reversal_is_pending(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.type_pin()
    stage.send(commands.LeaveSale())
    assert isinstance(stage.notices[-1], CheckoutShown)
    stage.ask_for(10_00)
    stage.bank.line = "up"
    stage.bank.reversal_codes.append("wrong mac")
    before = len(stage.timeline)
    stage.bank.has_keys = True
    stage.type_pin()

    asked = [
        what for what in stage.timeline[before:] if what.startswith(("bank: sale", "bank: rev"))
    ]
    assert asked[0] == "bank: reversal 1 98"
    assert stage.journal.sale(1).state is State.REVERSAL_PENDING
    # The reversal's answer could not be trusted, so that the keys are gone and the PIN is void.
    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "K-01")
    stage.send(commands.LeaveSale())
    sale = stage.sell(10_00)
    assert (sale.number, sale.state) == (3, State.APPROVED)
    stage.wait(60)
    assert stage.journal.sale(1).state is State.REVERSED
    stage.check_books()


def test_one_try_of_the_reversal_goes_before_the_next_sale(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.type_pin()
    stage.send(commands.LeaveSale())
    stage.ask_for(10_00)
    stage.bank.line = "up"
    before = len(stage.timeline)
    stage.type_pin()

    asked = [what for what in stage.timeline[before:] if what.startswith("bank:")]
    assert asked[:2] == ["bank: reversal 1 98", "bank: sale 2"]
    assert stage.shown.sale.state is State.APPROVED
    assert [notice.sale.number for notice in stage.told(SettledTold)] == [1]
    assert stage.told(StripShown)[-1].in_doubt == 0
    stage.check_books()


def test_a_late_answer_never_revives_a_sale(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.type_pin()
    stage.till.put(Happened(1, Approved(Answer("00"))))
    stage.settle()
    assert stage.shown.sale.state is State.REVERSAL_PENDING
    stage.bank.line = "up"
    stage.wait(10)
    stage.till.put(Happened(1, Approved(Answer("00"))))
    stage.settle()

    assert stage.journal.sale(1).state is State.REVERSED
    assert stage.shown.sale.state is State.REVERSED
    stage.check_books()


def test_the_cable_is_cut_before_anything_is_sent(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "cut"
    stage.type_pin()

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "N-04")
    assert stage.shown.moved is Moved.NONE
    assert stage.journal.sealed_message(1) is None
    assert stage.told(StripShown)[-1].bank_fault == "N-04"
    stage.bank.line = "up"
    stage.wait(10)
    assert heard(stage, "reversal") == 0
    stage.send(commands.TryAgain())
    stage.swipe()
    stage.send(commands.Confirm())
    stage.type_pin()
    assert (stage.shown.sale.state, stage.shown.sale.stan) == (State.APPROVED, 2)
    stage.check_books()


def test_the_keys_are_fetched_later_where_the_bank_is_away_at_the_start(make_stage) -> None:
    stage = make_stage()
    stage.bank.line = "cut"
    stage.open()
    assert stage.told(StripShown)[-1].bank_fault == "N-04"
    stage.ask_for(1_00)
    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "N-04")
    stage.send(commands.LeaveSale())
    stage.bank.line = "up"
    stage.wait(10)

    assert stage.told(StripShown)[-1].bank_fault == ""
    assert heard(stage, "sign on") == 1
    assert stage.sell(128_00).state is State.APPROVED
    stage.check_books()


def test_the_keys_are_fetched_for_a_pin_that_needs_them(make_stage) -> None:
    stage = make_stage()
    stage.bank.line = "cut"
    stage.open()
    stage.bank.line = "up"

    assert stage.sell(128_00).state is State.APPROVED
    assert heard(stage, "sign on") == 1


def test_after_the_bank_forgot_the_keys_no_pin_goes_out_under_the_old_ones(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.tricks.append("keys gone")
    stage.type_pin()
    assert stage.shown.sale.answer.code == "77"
    stage.send(commands.TryAgain())
    stage.swipe()
    stage.send(commands.Confirm())
    stage.type_pin()

    assert stage.shown.sale.state is State.APPROVED


def test_keys_that_change_while_the_customer_types_cost_no_wrong_pin(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.has_keys = False
    stage.till.bank.sign_on()
    stage.settle()
    stage.type_pin()

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "K-01")
    assert heard(stage, "sale") == 0
    assert not stage.pad.jobs
    stage.send(commands.TryAgain())
    stage.swipe()
    stage.send(commands.Confirm())
    stage.type_pin()
    assert stage.shown.sale.state is State.APPROVED


def test_where_the_disk_is_full_at_arming_nothing_is_sent(stage) -> None:
    stage.ask_for(128_00)
    stage.fill_disk("in_doubt")
    stage.type_pin()

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "J-01")
    assert stage.shown.moved is Moved.NONE
    assert heard(stage, "sale") == 0
    assert stage.till.customer.card is None
    assert stage.journal.counter("stan") == 0
    stage.free_disk()
    stage.send(commands.TryAgain())
    stage.swipe()
    stage.send(commands.Confirm())
    stage.type_pin()
    assert stage.shown.sale.state is State.APPROVED
    stage.check_books()


def test_where_the_disk_is_full_at_the_outcome_the_sale_is_reversed_not_shown_as_paid(
    stage,
) -> None:
    stage.ask_for(128_00)
    stage.bank.on_ask = lambda: stage.fill_disk("entries")
    stage.type_pin()

    assert not [n for n in stage.told(PaymentShown) if n.sale.state is State.APPROVED]
    assert stage.shown.sale.state is State.REVERSAL_PENDING
    assert stage.shown.sale.fault == "J-01"
    assert stage.bank.charged == {}
    assert stage.journal.sale(1).state is State.ARMED
    assert all(card.pan.is_wiped for card in stage.bank.cards)
    stage.wait(3)
    tries = heard(stage, "reversal")
    assert tries == 1
    stage.free_disk()
    stage.bank.on_ask = lambda: None
    stage.wait(10)
    assert stage.journal.sale(1).state is State.REVERSED
    assert stage.shown.sale.state is State.REVERSED
    stage.check_books()


def test_a_disk_that_stays_full_does_not_storm_the_bank(stage) -> None:
    stage.bank.tricks.append("lost answer")
    stage.ask_for(128_00)
    stage.bank.on_ask = lambda: stage.fill_disk("entries")
    stage.type_pin()
    for _ in range(12):
        stage.wait(5)

    assert heard(stage, "reversal") <= 8


@pytest.mark.parametrize("moment", ["arming", "outcome", "reversal"])
def test_a_disk_that_is_pulled_out_leaves_both_books_equal_in_the_end(stage, moment: str) -> None:
    stage.ask_for(128_00)
    if moment == "arming":
        stage.lose_disk()
    elif moment == "outcome":
        stage.bank.on_ask = stage.lose_disk
    else:
        stage.bank.tricks.append("lost answer")
        stage.bank.on_ask = lambda: None
        stage.acquirer.is_held = True
    stage.type_pin()
    if moment == "reversal":
        stage.acquirer.is_held = False
        stage.acquirer.work()
        stage.till.step(stage.till.inbox.get_nowait())
        stage.till.step(stage.till.inbox.get_nowait())
        stage.lose_disk()
        stage.settle()
    assert "J-01" in [fault.fault for fault in stage.told(FaultTold)]
    assert not stage.till.customer.card
    stage.bring_disk_back()
    stage.bank.on_ask = lambda: None
    stage.restart()
    stage.wait(10)

    assert stage.journal.open_sales() == ()
    assert stage.bank.charged == {}
    stage.check_books()


def test_a_payment_is_shown_as_it_is_while_nothing_can_be_read(stage) -> None:
    stage.ask_for(128_00)
    stage.lose_disk()
    stage.type_pin()

    assert stage.shown.sale.state is State.NOT_SENT
    assert stage.shown.moved is Moved.NONE
    assert stage.shown.slips == ()


def test_a_disk_that_comes_back_serves_the_next_customer(stage) -> None:
    stage.send(commands.StartSale(1_00), commands.Cancel())
    stage.lose_disk()
    stage.send(commands.StartSale(1_00))
    assert isinstance(stage.told(FaultTold)[-1], FaultTold)
    stage.bring_disk_back()
    stage.send(commands.SignOut())
    stage.send(commands.SignOut())
    stage.send(commands.SignIn("02", "246801"))

    assert stage.till.counter.operator.id == "02"
    assert stage.sell(128_00).state is State.APPROVED


def test_a_sale_that_cannot_be_remembered_does_not_begin(stage) -> None:
    stage.fill_disk("entries")
    stage.send(commands.StartSale(128_00))

    assert stage.told(RefusalTold)[-1] == RefusalTold("StartSale", "J-01")
    assert stage.told(CheckoutShown)[-1].keep_amount.minor == 128_00
    stage.free_disk()
    assert stage.sell(128_00).state is State.APPROVED


def test_a_worker_that_dies_while_asking_leaves_no_sale_hanging(stage) -> None:
    stage.bank.tricks.append("broken")
    sale = stage.sell(128_00)

    assert stage.told(FaultTold)[-1].fault == "X-01"
    assert sale.state is State.REVERSED
    kinds = [kind for _, kind, *_ in stage.journal.entries()]
    assert EntryKind.FAULT in kinds
    stage.check_books()


def test_a_worker_that_dies_while_reversing_tries_again(stage) -> None:
    stage.bank.tricks.append("lost answer")
    stage.bank.reversal_codes.append("broken")
    stage.sell(128_00)
    assert stage.shown.sale.state is State.REVERSAL_PENDING
    stage.wait(5)

    assert stage.shown.sale.state is State.REVERSED
    stage.check_books()


def test_a_pad_that_dies_ends_the_sale_unsent(stage) -> None:
    stage.ask_for(128_00)
    stage.till.parts.devices.pin_pad._pin_key = b"too short"
    stage.type_pin()

    assert (stage.shown.sale.state, stage.shown.sale.fault) == (State.NOT_SENT, "P-03")
    assert stage.told(FaultTold)[-1].detail == "pin pad"


def test_a_power_cut_after_the_question_is_settled_at_the_next_start(stage) -> None:
    stage.ask_for(128_00)
    stage.acquirer.is_held = True
    stage.type_pin()
    stage.acquirer.is_held = False
    stage.acquirer.work()
    assert stage.bank.charged == {1: 128_00}
    stage.restart()

    assert stage.journal.sale(1).state is State.REVERSED
    told = stage.told(RecoveryTold)
    assert [sale.number for sale in told[0].reversing] == [1]
    assert told[0].last_approved is None
    stage.check_books()


def test_a_power_cut_during_a_reversal_goes_on_reversing(stage) -> None:
    stage.ask_for(128_00)
    stage.bank.line = "dead"
    stage.type_pin()
    stage.restart()
    assert stage.journal.sale(1).state is State.REVERSAL_PENDING
    stage.restart()
    stage.bank.line = "up"
    stage.wait(10)

    assert stage.journal.sale(1).state is State.REVERSED
    assert stage.journal.sale(1).reason == "98"
    stage.check_books()


def test_a_draft_found_at_the_start_is_dropped(stage) -> None:
    stage.send(commands.StartSale(128_00))
    stage.restart()

    assert stage.journal.sale(1).state is State.ABANDONED
    assert stage.told(RecoveryTold) == []
    assert stage.sell(10_00).number == 2


def test_a_sale_in_the_hands_of_people_is_still_counted_after_a_restart(stage) -> None:
    stage.bank.tricks.append("sent twice")
    stage.sell(128_00)
    stage.restart()

    assert stage.told(StripShown)[-1].in_doubt == 1
    assert heard(stage, "reversal") == 0
    assert stage.sell(10_00).state is State.APPROVED


def test_a_reader_that_is_unplugged_is_asked_again(make_stage) -> None:
    stage = make_stage(serial=True).open()
    stage.send(commands.StartSale(128_00))
    stage.reader.next.append(DeviceFault("R-01"))
    stage.at_reader.work(acted=True)
    stage.settle()
    assert stage.told(StripShown)[-1].reader == "absent"
    stage.wait(1)
    stage.reader.next.append(stage.stripe)
    stage.at_reader.work(acted=True)
    stage.settle()

    assert stage.shown.sale.state is State.CAPTURED
    assert stage.reader.stops == 1


@pytest.mark.parametrize(
    "stripe", [";6225760008219524=24011200000?", ";4012888888881881=30122200000?"]
)
def test_a_card_that_is_refused_is_wiped_and_another_is_awaited(make_stage, stripe: str) -> None:
    stage = make_stage(serial=True).open()
    stage.send(commands.StartSale(128_00))
    stage.reader.next.append(stripe)
    stage.at_reader.work(acted=True)
    stage.settle()

    assert stage.shown.sale.state is State.DRAFT
    assert all(card.pan.is_wiped and card.track2.is_wiped for card in stage.reader.cards)
    stage.reader.next.append(stage.stripe)
    stage.at_reader.work(acted=True)
    stage.settle()
    assert stage.shown.sale.state is State.CAPTURED


def test_a_card_that_comes_while_the_sale_is_cancelled_is_wiped(make_stage) -> None:
    stage = make_stage(serial=True).open()
    stage.send(commands.StartSale(128_00))
    stage.reader.next.append(stage.stripe)
    stage.till.put(commands.Cancel())
    stage.at_reader.work(acted=True)
    stage.settle()

    assert stage.journal.sale(1).state is State.ABANDONED
    assert [card.pan.is_wiped for card in stage.reader.cards] == [True]
    assert stage.till.customer.card is None


def test_a_reader_that_comes_too_late_does_not_read(make_stage) -> None:
    stage = make_stage(serial=True).open()
    stage.send(commands.StartSale(128_00), commands.Cancel())
    stage.reader.next.append(stage.stripe)
    stage.at_reader.work(acted=True)
    stage.settle()

    assert stage.reader.cards == []


def test_a_sale_that_cannot_be_put_into_a_message_ends_unsent(stage) -> None:
    def does_not_fit() -> None:
        raise LinkFault("N-07")

    stage.bank.on_arm = does_not_fit
    sale = stage.sell(128_00)

    assert (sale.state, stage.shown.moved) == (State.NOT_SENT, Moved.NONE)
    assert heard(stage, "sale") == 0
    assert stage.till.customer.card is None


def test_a_disk_that_is_full_at_the_start_is_named_and_the_till_closes(make_stage) -> None:
    stage = make_stage()
    stage.fill_disk("entries")
    stage.till.run()
    assert [notice.fault for notice in stage.told(FaultTold)] == ["J-01"]
    assert stage.told(Closed)
