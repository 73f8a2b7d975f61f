"""Guards holds and balances in the window: how they are begun, charged, released, said and hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from checkout.commands import (
    CheckBalance,
    Complete,
    GiveBack,
    LeaveSale,
    PressPadKey,
    StartPreauth,
    StartSale,
    TryAgain,
)
from domain.clock import ManualClock
from domain.faults import Moved
from domain.give_back import Way, WayBack
from domain.kinds import Kind
from domain.money import Money
from domain.sale import State
from domain.settings import TRAINING
from domain.truth import money_moved
from domain.words import LANGUAGES
from tests.ui.hold_notices import (
    ASKED,
    BALANCE,
    CHARGED,
    COMPLETION,
    DETAILS,
    HELD,
    HOLD,
    HOLDS,
    RELEASE,
    RELEASED,
    ROWS,
    SILENT,
    of_kind,
)
from tests.ui.payment_notices import DECLINED, PIN_ON_SCREEN, REVERSED, WAITING
from tests.ui.sales_notices import SALES, TOMAS
from tests.ui.shop_window import CHECKOUT, Sent, press
from tests.ui.test_checkout_window import cut_off
from ui.checkout_window import CheckoutWindow
from ui.label import Label
from ui.payment_words import customer_words, declined_steps, money_words, moved_words
from ui.sale_words import amount_text, history_rows, result_of
from ui.stage_balance import BalanceStage
from ui.stages_pin import PinStage
from ui.step_trail import steps_of
from ui.tongue import TONGUE, say

SIZES = ((1024, 768), (1366, 768), (1920, 1080))
OFFERS = replace(CHECKOUT, holds=True, asks_balance=True)


@pytest.fixture
def offering(window: CheckoutWindow, sent: Sent) -> CheckoutWindow:
    """The checkout of a shop that holds amounts and asks for balances."""
    window.show_notice(OFFERS)
    sent.clear()
    return window


@pytest.fixture
def listed(window: CheckoutWindow, sent: Sent, clock: ManualClock) -> CheckoutWindow:
    """A supervisor looks at an amount that is held."""
    window.show_notice(replace(CHECKOUT, operator=TOMAS))
    press(window, "f7")
    day = clock.now().astimezone().date().isoformat()
    window.show_notice(replace(SALES, day=day))
    window.show_notice(HOLD)
    QApplication.processEvents()
    sent.clear()
    return window


# ---- the checkout


def test_a_shop_that_offers_neither_shows_neither(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(CHECKOUT)
    sent.clear()
    checkout = window.frame.checkout
    assert not checkout.hold.isVisible()
    assert not checkout.balance.isVisible()
    press(window, "h", "b", *"128", "enter")
    assert sent == [StartSale(12800)]


def test_h_holds_the_next_amount_and_only_that(offering: CheckoutWindow, sent: Sent) -> None:
    checkout = offering.frame.checkout
    press(offering, *"128", "h")
    assert checkout.hold.isChecked()
    assert checkout.charge.text() == "Hold ¥128.00"
    press(offering, "enter")
    assert sent == [StartPreauth(12800)]
    offering.show_notice(HELD)
    offering.show_notice(OFFERS)
    assert not checkout.hold.isChecked()
    press(offering, *"5", "enter")
    assert sent[1:] == [StartSale(500)]


def test_the_switch_is_pressed_by_a_finger_and_taken_back(
    offering: CheckoutWindow, sent: Sent
) -> None:
    checkout = offering.frame.checkout
    checkout.hold.click()
    press(offering, *"128")
    assert checkout.charge.text() == "Hold ¥128.00"
    checkout.hold.click()
    assert checkout.charge.text() == "Charge ¥128.00"
    press(offering, "enter")
    assert sent == [StartSale(12800)]


def test_a_newer_list_leaves_the_switch_as_it_is(offering: CheckoutWindow) -> None:
    press(offering, "h")
    offering.show_notice(replace(OFFERS, today_count=59))
    assert offering.frame.checkout.hold.isChecked()


def test_a_shop_that_no_longer_holds_charges(offering: CheckoutWindow, sent: Sent) -> None:
    press(offering, "h", *"128")
    offering.show_notice(CHECKOUT)
    press(offering, "enter")
    assert sent == [StartSale(12800)]


def test_b_asks_for_a_balance_where_no_amount_stands(offering: CheckoutWindow, sent: Sent) -> None:
    press(offering, "b")
    assert sent == [CheckBalance()]
    press(offering, *"128", "b")
    assert not offering.frame.checkout.balance.isVisible()
    assert sent == [CheckBalance()]


# ---- the payment


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_moment_has_its_words(window: CheckoutWindow, language: str) -> None:
    TONGUE.speak(language)
    for name, notice in HOLDS.items():
        window.show_notice(notice)
        stage = window.frame.payment.stage
        said = (stage.title, customer_words(notice.sale), money_words(notice).line)
        assert all(said), name
        button = stage.primary.text() if stage.primary is not None else ""
        assert "{" not in " ".join((*said, stage.line, button)), name


def test_an_amount_that_is_held_is_never_called_charged() -> None:
    for notice in HOLDS.values():
        if notice.sale.kind in {Kind.PREAUTH, Kind.PREAUTH_VOID, Kind.BALANCE}:
            assert "has been charged" not in money_words(notice).line
            assert "been charged" not in customer_words(notice.sale)


def test_a_hold_is_held_not_charged(window: CheckoutWindow) -> None:
    window.show_notice(HELD)
    stage = window.frame.payment.stage
    assert (stage.title, stage.line) == ("Held", "¥128.00 on UnionPay •• 1234\nNot charged")
    assert money_words(HELD) == ("held", "¥128.00 is held on the card, not charged.", "")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Kind.PREAUTH, "Not held yet. Waiting for the bank."),
        (Kind.PREAUTH_VOID, "Not released yet. Waiting for the bank."),
        (Kind.COMPLETION, "Not charged yet. Waiting for the bank."),
        (Kind.BALANCE, "No money has moved."),
    ],
)
def test_the_money_line_while_the_bank_is_asked(kind: Kind, line: str) -> None:
    assert money_words(of_kind(WAITING, kind)).line == line


def test_a_completion_that_came_to_nothing_leaves_the_hold() -> None:
    words = moved_words(Moved.NOT_CHARGED, of_kind(DECLINED, Kind.COMPLETION).sale)
    assert words.small == "The amount is still held on the card."


@pytest.mark.parametrize("kind", [Kind.PREAUTH, Kind.COMPLETION, Kind.PREAUTH_VOID])
def test_after_a_reversal_the_same_can_be_tried_again(
    window: CheckoutWindow, sent: Sent, kind: Kind
) -> None:
    window.show_notice(of_kind(REVERSED, kind))
    sent.clear()
    press(window, "enter")
    assert sent == [TryAgain()]
    press(window, "f6")
    assert sent == [TryAgain()], "there is no other way to pay what is not being paid"


def test_a_hold_that_is_declined_may_be_tried_with_another_card(
    window: CheckoutWindow, sent: Sent
) -> None:
    notice = HOLDS["hold: declined, another card"]
    window.show_notice(notice)
    assert declined_steps(notice.sale)[-1] == "Try with another card."
    sent.clear()
    press(window, "enter")
    assert sent == [TryAgain()]


def test_a_completion_that_is_declined_is_only_left(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(HOLDS["completion: declined, another card"])
    sent.clear()
    press(window, "enter", "esc", "f6")
    assert sent == [LeaveSale(), LeaveSale()]


def test_a_card_without_a_pin_goes_on_by_a_button_until_a_digit_stands(
    window: CheckoutWindow, sent: Sent
) -> None:
    window.show_notice(replace(PIN_ON_SCREEN, pin_digits=0))
    stage = window.frame.payment.stage
    assert isinstance(stage, PinStage)
    assert not stage.no_pin.isVisible(), "this shop asks for one from every card"
    stage.settings = TRAINING
    window.show_notice(replace(PIN_ON_SCREEN, pin_digits=0))
    stage.no_pin.click()
    assert sent.of(PressPadKey) == [PressPadKey("enter")]
    window.show_notice(PIN_ON_SCREEN)
    assert not stage.no_pin.isEnabled()


# ---- the balance


def balance_stage(window: CheckoutWindow) -> BalanceStage:
    stage = window.frame.payment.stage
    assert isinstance(stage, BalanceStage)
    return stage


def seen(screen: QWidget) -> str:
    """Everything that can be read there, by eye or by ear."""
    QApplication.processEvents()
    shown = [part for part in screen.findChildren(QWidget) if part.isVisible()]
    labels = [part.text() for part in shown if isinstance(part, Label)]
    return " ".join((*labels, *(part.accessibleName() for part in shown)))


def test_a_balance_stands_there_large_and_nowhere_else(window: CheckoutWindow) -> None:
    window.show_notice(BALANCE)
    assert "¥1,234,567.89" in seen(window)
    assert balance_stage(window).notice is not None
    assert balance_stage(window).notice.balance is None  # type: ignore[union-attr]
    assert "1,234,567" not in window.frame.payment.accessibleName(), "it is not read out loud"


def test_a_balance_is_gone_when_its_time_is_over(
    window: CheckoutWindow, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_notice(BALANCE)
    stage = balance_stage(window)
    sent.clear()
    assert stage.wait is not None
    monkeypatch.setattr(type(stage.wait), "left", 0.0)
    stage.on_tick()
    stage.on_tick()
    assert sent == [LeaveSale()]
    assert "1,234,567" not in seen(window)


def test_touching_does_not_keep_a_balance(window: CheckoutWindow) -> None:
    window.show_notice(BALANCE)
    stage = balance_stage(window)
    stage.touched()
    press(window, "x")
    assert stage.wait is not None
    assert stage.wait.running


def test_a_balance_does_not_come_back_with_its_screen(window: CheckoutWindow) -> None:
    window.show_notice(BALANCE)
    window.show_notice(OFFERS)
    window.show_notice(replace(BALANCE, balance=None))
    assert "1,234,567" not in seen(window)
    assert "Hidden again" in seen(window)


def test_the_same_notice_once_more_does_not_show_it_longer(window: CheckoutWindow) -> None:
    window.show_notice(BALANCE)
    stage = balance_stage(window)
    assert stage.wait is not None
    stage.wait.begin(3.0, 30.0)
    window.show_notice(BALANCE)
    assert stage.wait.left <= 3.0


def test_enter_and_esc_leave_a_balance(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(BALANCE)
    sent.clear()
    press(window, "enter", "esc")
    assert sent == [LeaveSale(), LeaveSale()]


def test_an_enquiry_has_four_steps_and_no_amount(window: CheckoutWindow) -> None:
    window.show_notice(ASKED["to confirm"])
    assert steps_of(ASKED["to confirm"].sale) == ("Card", "PIN", "Bank", "Balance")
    assert "¥0.00" not in seen(window)


def test_silence_is_not_called_unsent(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(SILENT)
    assert window.frame.payment.stage.title == "No answer"
    assert money_words(SILENT).small == ""
    sent.clear()
    press(window, "enter")
    assert sent == [TryAgain()]


# ---- the list


def test_the_focus_of_the_list_goes_to_no_button_of_a_payment(listed: CheckoutWindow) -> None:
    press(listed, "c")
    QApplication.processEvents()
    assert listed.frame.transactions.charge_pane.confirm.hasFocus()
    press(listed, "enter")
    listed.show_notice(HOLDS["completion: card awaited"])
    assert listed.hasFocus()


def test_a_held_amount_can_be_charged_or_released(listed: CheckoutWindow) -> None:
    detail = listed.frame.transactions.detail
    assert detail.charge.text() == "Charge the hold"
    assert detail.back.text() == "Release the hold"
    assert detail.charge.isEnabled()
    assert detail.back.isEnabled()


def test_a_hold_that_is_too_old_says_so_and_can_be_released(listed: CheckoutWindow) -> None:
    why = "The hold is too old: the bank does not let it be charged any more."
    listed.show_notice(replace(HOLD, completable=None, why_not_completable=why))
    detail = listed.frame.transactions.detail
    assert not detail.charge.isVisible()
    assert detail.back.isEnabled()
    assert why in seen(detail)


def test_c_charges_all_of_it_with_enter(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "c", "enter")
    assert sent == [Complete(412, 12800)]


def test_less_is_typed_over_the_held_amount(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "c", *"100.5")
    pane = listed.frame.transactions.charge_pane
    assert pane.confirm.text() == "Charge ¥100.50"
    press(listed, "enter")
    assert sent == [Complete(412, 10050)]


def test_more_than_may_be_charged_is_not_sent(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "c", *"147.21", "enter")
    assert sent == []
    press(listed, "backspace", "0", "enter")
    assert sent == [Complete(412, 14720)]


def test_the_keypad_of_the_pane_types_too(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "c")
    keys = {key.value: key for key in listed.frame.transactions.charge_pane.keypad.keys}
    keys["9"].click()
    keys["0"].click()
    listed.frame.transactions.charge_pane.confirm.click()
    assert sent == [Complete(412, 9000)]


def test_esc_closes_the_pane_and_charges_nothing(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "c", "esc")
    assert listed.frame.transactions.detail.isVisible()
    assert sent == []


def test_a_hold_that_can_no_longer_be_charged_closes_the_pane(listed: CheckoutWindow) -> None:
    press(listed, "c")
    listed.show_notice(CHARGED)
    screen = listed.frame.transactions
    assert screen.detail.isVisible()
    assert not screen.detail.charge.isVisible()
    assert not screen.detail.back.isEnabled()


def test_a_release_takes_a_reason_and_the_whole_of_it(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "r", "5", "backspace", "enter")
    assert sent == []
    pane = listed.frame.transactions.pane
    assert not pane.part.isVisible()
    assert pane.confirm.text() == "Release ¥128.00"
    press(listed, "down", "enter")
    assert sent == [GiveBack(412, 12800, "Wrong amount")]


def test_c_does_nothing_where_nothing_is_held(listed: CheckoutWindow, sent: Sent) -> None:
    listed.show_notice(COMPLETION)
    press(listed, "c")
    assert listed.frame.transactions.detail.isVisible()
    assert sent == []


def test_rows_of_holds_have_their_words() -> None:
    assert [result_of(row).word for row in ROWS] == [
        "Held",
        "Completed",
        "Released",
        "Released",
        "Approved",
        "Charge waits",
        "Charged",
        "Charge refused",
        "Approved",
        "Answered",
        "No answer",
    ]
    assert amount_text(ROWS[-1]) == "–"
    assert amount_text(ROWS[3]) == "¥128.00", "it never was the shop's"


def test_the_history_of_a_hold_says_what_became_of_it() -> None:
    assert history_rows(CHARGED.sale)[-1].words == "Charged by payment 413"
    assert history_rows(RELEASED.sale)[-1].words == "Released by payment 413"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_off(
    listed: CheckoutWindow, clock: ManualClock, size: tuple[int, int], language: str
) -> None:
    listed.resize(*size)
    TONGUE.speak(language)
    day = clock.now().astimezone().date().isoformat()
    listed.show_notice(replace(SALES, rows=ROWS, day=day))
    for name, shown in DETAILS.items():
        listed.show_notice(shown)
        assert (name, cut_off(listed)) == (name, [])
    listed.show_notice(replace(HOLD, completable=Money(99_999_999)))
    for keys in ("c", "999999.99", "esc", "r"):
        press(listed, *([keys] if keys == "esc" else keys))
        assert (keys, cut_off(listed)) == (keys, [])
    listed.show_notice(replace(HOLD, way_back=WayBack(Way.NONE, RELEASE.amount, "Not now.")))
    assert cut_off(listed) == []
    listed.show_notice(OFFERS)
    for keys in ("", "h", "999999.99"):
        press(listed, *keys)
        assert (keys, cut_off(listed)) == (keys, [])


def test_money_lines_of_the_pictures_are_the_tills_own() -> None:
    for name, notice in HOLDS.items():
        assert notice.moved is money_moved(notice.sale), name
    assert HOLDS["completion recorded"].sale.state is State.QUEUED
    assert say("Held")
