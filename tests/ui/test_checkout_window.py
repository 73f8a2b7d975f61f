"""Guards the frame: which notice shows which screen, what each key does, and that nothing is cut off."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from checkout.commands import ReprintLast, SignIn, SignOut, StartSale
from checkout.notices import (
    CheckoutShown,
    Closed,
    FaultTold,
    PaymentShown,
    RecoveryTold,
    RefusalTold,
    SettledTold,
    SignInShown,
    StripShown,
)
from domain.clock import ManualClock
from domain.faults import CATALOGUE, Moved
from domain.money import Money
from domain.sale import Sale, State
from domain.settings import Settings
from domain.words import LANGUAGES, words
from tests.ui.shop_window import AT, CHECKOUT, MEI, SIGN_IN, STRIP, TOMAS, Sent, press
from ui.amount_display import AmountDisplay
from ui.buttons import Pressable
from ui.checkout_window import CheckoutWindow
from ui.label import Label
from ui.theme import THEME
from ui.tongue import TONGUE

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


def payment(state: State) -> PaymentShown:
    sale = Sale(412, Money(12800), MEI, AT, state)
    return PaymentShown(sale, Moved.NONE, AT, MEI)


def cut_off(window: QWidget) -> list[str]:
    """Every text on the screen that does not fit into its place."""
    for _ in range(3):  # a layout inside a layout takes its turns
        QApplication.processEvents()
    parts: list[Label | Pressable | AmountDisplay] = [
        *window.findChildren(Label),
        *window.findChildren(Pressable),
        *window.findChildren(AmountDisplay),
    ]
    return [
        f"{type(part).__name__} {part.accessibleName()}"
        for part in parts
        if part.isVisible() and not part.fits()
    ]


@pytest.fixture
def checkout(window: CheckoutWindow, sent: Sent) -> CheckoutWindow:
    window.show_notice(CHECKOUT)
    sent.clear()
    return window


# ---- which screen


def test_the_first_paint_is_a_bare_window_and_the_screens_follow(dressed: QApplication) -> None:
    bare = CheckoutWindow(Settings(), lambda _command: None)
    assert bare.findChildren(Label) == []
    bare.show_notice(SIGN_IN)
    assert bare.frame.sign_in.isVisibleTo(bare)
    bare.deleteLater()


def test_sign_in_has_no_rail_and_checkout_has_one(window: CheckoutWindow) -> None:
    assert not window.frame.rail.isVisible()
    window.show_notice(CHECKOUT)
    assert window.frame.rail.isVisible()


def test_training_is_marked_on_every_screen(window: CheckoutWindow) -> None:
    for notice in (SIGN_IN, CHECKOUT, payment(State.DRAFT), payment(State.APPROVED)):
        window.show_notice(notice)
        assert window.frame.strip.training.isVisible()
        assert window.frame.strip.training.accessibleName() == "TRAINING"


def test_an_abandoned_payment_is_not_shown(checkout: CheckoutWindow) -> None:
    checkout.show_notice(payment(State.ABANDONED))
    assert checkout.frame.stack.currentWidget() is checkout.frame.checkout


# ---- sign in


def test_six_digits_and_enter_sign_the_chosen_operator_in(
    window: CheckoutWindow, sent: Sent
) -> None:
    press(window, *"000000", "enter")
    assert sent == [SignIn("01", "000000")]


def test_five_digits_do_nothing(window: CheckoutWindow, sent: Sent) -> None:
    press(window, *"00000", "enter")
    assert sent == []


def test_an_arrow_chooses_the_next_name_and_forgets_the_digits(
    window: CheckoutWindow, sent: Sent
) -> None:
    press(window, *"000", "right", *"000000", "keypad enter")
    assert sent == [SignIn("02", "000000")]


@pytest.mark.parametrize(
    ("fault", "left", "sentence"),
    [
        ("A-01", 2, "Wrong PIN. 2 tries left."),
        ("A-01", 1, "Wrong PIN. One try left."),
        ("A-02", 0, "Locked. Ask a manager to unlock."),
    ],
)
def test_a_refused_sign_in_says_what_is_left(
    window: CheckoutWindow, fault: str, left: int, sentence: str
) -> None:
    window.show_notice(SignInShown((MEI, TOMAS), "02", fault, left))
    shown = [
        label.text() for label in window.frame.sign_in.findChildren(Label) if label.isVisible()
    ]
    assert sentence in shown
    assert "Tomás Rivera, type your PIN" in shown


# ---- the amount


def test_digits_go_to_the_amount_and_enter_charges(checkout: CheckoutWindow, sent: Sent) -> None:
    press(checkout, *"128", "enter")
    assert sent == [StartSale(12800)]


def test_digits_go_to_the_amount_whatever_has_the_focus(
    checkout: CheckoutWindow, sent: Sent
) -> None:
    checkout.frame.rail.lock.setFocus()
    press(checkout, *"5.5", "keypad enter")
    assert sent == [StartSale(550)]


def test_digits_do_not_leave_a_text_field(checkout: CheckoutWindow, sent: Sent) -> None:
    field = QLineEdit(checkout)
    field.show()
    field.setFocus()
    press(checkout, *"55")
    assert field.text() == "55"
    field.deleteLater()
    checkout.setFocus()
    press(checkout, "enter")
    assert sent == []


@pytest.mark.parametrize(
    ("keys", "minor"),
    [
        (("1", "2", "backspace", "enter"), 100),
        (("9", "esc", "7", "enter"), 700),
        (("3", "f2"), 300),
        (("1", "2", ",", "5", "enter"), 1250),
    ],
)
def test_the_keyboard_map_of_the_checkout(
    checkout: CheckoutWindow, sent: Sent, keys: tuple[str, ...], minor: int
) -> None:
    press(checkout, *keys)
    assert sent == [StartSale(minor)]


def test_enter_charges_nothing_where_nothing_is_typed(checkout: CheckoutWindow, sent: Sent) -> None:
    press(checkout, "enter", "f2")
    assert sent == []
    assert not checkout.frame.checkout.charge.isEnabled()


def test_control_p_prints_the_last_slip_again(checkout: CheckoutWindow, sent: Sent) -> None:
    press(checkout, "p", control=True)
    press(checkout, "p")
    assert sent == [ReprintLast()]


def test_the_keypad_types_and_charge_charges(checkout: CheckoutWindow, sent: Sent) -> None:
    for key in checkout.frame.checkout.keypad.keys:
        if key.value in {"1", "00"}:
            QTest.mouseClick(key, Qt.MouseButton.LeftButton)
    QTest.mouseClick(checkout.frame.checkout.charge, Qt.MouseButton.LeftButton)
    assert sent == [StartSale(10_000)]


def test_newer_lists_do_not_touch_what_is_being_typed(checkout: CheckoutWindow, sent: Sent) -> None:
    press(checkout, "4")
    checkout.show_notice(dataclasses.replace(CHECKOUT, today_count=59))
    press(checkout, "enter")
    assert sent == [StartSale(400)]


def test_a_kept_amount_is_there_again(checkout: CheckoutWindow, sent: Sent) -> None:
    checkout.show_notice(payment(State.DECLINED))
    checkout.show_notice(dataclasses.replace(CHECKOUT, keep_amount=Money(12850)))
    press(checkout, "enter")
    assert sent == [StartSale(12850)]


def test_after_a_sale_the_amount_is_empty(checkout: CheckoutWindow, sent: Sent) -> None:
    press(checkout, *"128")
    checkout.show_notice(payment(State.APPROVED))
    checkout.show_notice(CHECKOUT)
    press(checkout, "enter")
    assert sent == []


# ---- two guards, and what nobody may leave


def test_enter_is_deaf_for_600_ms_after_a_screen_has_changed(
    window: CheckoutWindow, sent: Sent, clock: ManualClock
) -> None:
    window.frame.deaf_seconds = 0.6
    window.show_notice(CHECKOUT)
    press(window, *"128", "enter")
    clock.advance(0.59)
    press(window, "enter")
    assert sent == []
    clock.advance(0.02)
    press(window, "enter")
    assert sent == [StartSale(12800)]


def test_a_new_picture_of_the_same_screen_does_not_make_enter_deaf(
    window: CheckoutWindow, sent: Sent, clock: ManualClock
) -> None:
    window.frame.deaf_seconds = 0.6
    window.show_notice(CHECKOUT)
    clock.advance(1)
    window.show_notice(CHECKOUT)
    window.show_notice(STRIP)
    press(window, "1", "enter")
    assert sent == [StartSale(100)]


def test_each_step_of_a_payment_makes_enter_deaf_again(
    window: CheckoutWindow, clock: ManualClock
) -> None:
    window.frame.deaf_seconds = 0.6
    for state in (State.DRAFT, State.CAPTURED, State.DECLINED):
        clock.advance(1)
        assert not window.frame.enter_is_deaf
        window.show_notice(payment(state))
        assert window.frame.enter_is_deaf


def test_f12_locks_the_till_when_no_payment_is_running(
    checkout: CheckoutWindow, sent: Sent
) -> None:
    checkout.show_notice(payment(State.WAITING))
    press(checkout, "f12")
    assert sent == []
    checkout.show_notice(CHECKOUT)
    press(checkout, "f12")
    assert sent == [SignOut()]


@pytest.mark.parametrize("state", [State.CAPTURED, State.PIN_ENTRY, State.ARMED, State.WAITING])
def test_the_rail_is_off_between_confirm_and_result(checkout: CheckoutWindow, state: State) -> None:
    checkout.show_notice(payment(state))
    assert not checkout.frame.rail.checkout.isEnabled()
    assert not checkout.frame.rail.lock.isEnabled()
    checkout.show_notice(payment(State.APPROVED))
    assert checkout.frame.rail.checkout.isEnabled()


def test_what_does_not_exist_yet_is_shown_and_off(checkout: CheckoutWindow) -> None:
    rail = checkout.frame.rail
    assert not rail.devices.isEnabled()


def test_f11_takes_all_of_the_screen_and_gives_it_back(checkout: CheckoutWindow) -> None:
    press(checkout, "f11")
    assert checkout.isFullScreen()
    press(checkout, "f11")
    assert not checkout.isFullScreen()


# ---- the strip


@pytest.mark.parametrize(
    ("shown", "chip", "says"),
    [
        (StripShown(84, "", "ready", "ready", 0, 0), "bank", "Bank 84 ms"),
        (StripShown(3000, "", "ready", "ready", 0, 0), "bank", "Bank slow, 3000 ms"),
        (StripShown(84, "N-04", "ready", "ready", 0, 0), "bank", "Bank no connection"),
        (StripShown(None, "", "ready", "ready", 0, 0), "bank", "Bank connecting"),
        (StripShown(84, "", "absent", "ready", 0, 0), "reader", "Reader not found"),
        (StripShown(84, "", "ready", "ready", 2, 0), "printer", "Printer 2 slips owed"),
        (
            StripShown(84, "", "ready", "paper out", 1, 0),
            "printer",
            "Printer no paper, 1 slip owed",
        ),
        (StripShown(84, "", "ready", "unknown", 0, 0), "printer", "Printer no answer"),
        (StripShown(84, "", "ready", "ready", 0, 2), "in_doubt", "In doubt 2"),
    ],
)
def test_the_strip_says_how_bank_and_devices_are(
    checkout: CheckoutWindow, shown: StripShown, chip: str, says: str
) -> None:
    checkout.show_notice(shown)
    assert getattr(checkout.frame.strip, chip).accessibleName() == says
    assert getattr(checkout.frame.strip, chip).isVisible()


def test_a_reader_that_is_not_found_is_said_beside_the_amount_too(checkout: CheckoutWindow) -> None:
    checkout.show_notice(dataclasses.replace(STRIP, reader="absent"))
    assert checkout.frame.checkout.reader.accessibleName() == "Reader not found"


# ---- the toast


def test_a_refusal_that_was_only_not_the_moment_says_nothing(checkout: CheckoutWindow) -> None:
    checkout.show_notice(RefusalTold("Cancel", ""))
    assert checkout.frame.toast.text == ""


def test_every_fault_can_be_told(checkout: CheckoutWindow) -> None:
    for code, fault in CATALOGUE.items():
        checkout.frame.toast.hide()
        checkout.show_notice(FaultTold(code))
        assert checkout.frame.toast.text.startswith(fault.title)
        assert cut_off(checkout.frame.toast) == []


def test_what_a_start_found_unsettled_stays_until_it_is_touched(checkout: CheckoutWindow) -> None:
    pending = Sale(398, Money(12800), MEI, AT, State.REVERSAL_PENDING)
    checkout.show_notice(RecoveryTold((pending,), None))
    said = checkout.frame.toast.text
    assert "0398" in said
    assert "¥128.00" in said
    checkout.show_notice(FaultTold("L-01"))
    assert checkout.frame.toast.text == said
    QTest.mouseClick(checkout.frame.toast, Qt.MouseButton.LeftButton)
    assert checkout.frame.toast.text == ""


def test_what_stays_changes_its_language_and_leaves_the_next_action_free(
    checkout: CheckoutWindow,
) -> None:
    pending = Sale(398, Money(12800), MEI, AT, State.REVERSAL_PENDING)
    checkout.show_notice(RecoveryTold((pending, pending), pending))
    english = checkout.frame.toast.text
    TONGUE.speak("zh_TW")
    toast, charge = checkout.frame.toast, checkout.frame.checkout.charge
    assert toast.text
    assert toast.text != english
    assert cut_off(toast) == []
    assert toast.geometry().bottom() < charge.mapTo(checkout, charge.rect().topLeft()).y()


def test_a_reversal_that_ends_behind_another_sale_is_told(checkout: CheckoutWindow) -> None:
    checkout.show_notice(SettledTold(Sale(398, Money(12800), MEI, AT, State.REVERSED)))
    assert checkout.frame.toast.text == (
        "Sale 0398 of ¥128.00 is reversed. The customer has not been charged."
    )


def test_a_till_that_stopped_leaves_the_screen_to_be_read_and_takes_no_more_keys(
    checkout: CheckoutWindow, sent: Sent
) -> None:
    checkout.show_notice(FaultTold("X-01", "KeyError"))
    checkout.show_notice(Closed())
    press(checkout, *"128", "enter", "f12")
    assert checkout.isVisible()
    assert checkout.frame.toast.text.startswith(CATALOGUE["X-01"].title)
    assert sent == []


# ---- language and theme, while running


def test_every_screen_changes_its_language_while_it_is_shown(checkout: CheckoutWindow) -> None:
    press(checkout, *"128")
    checkout.frame.rail.language.click()
    assert TONGUE.language == "zh_CN"
    chinese = words("zh_CN")
    assert checkout.frame.checkout.charge.text() == chinese.say("Charge {amount}", amount="¥128.00")
    assert checkout.frame.rail.checkout.text() == chinese.say("Checkout")
    assert checkout.frame.rail.language.text() == "简体中文"
    assert checkout.frame.strip.bank.accessibleName().endswith(chinese.say("{ms} ms", ms=84))
    assert checkout.frame.sign_in._question.text() == chinese.say("Who is at the till?")


def test_the_theme_changes_while_it_is_shown(checkout: CheckoutWindow) -> None:
    before = checkout.grab().toImage().pixelColor(5, 300)
    checkout.frame.rail.theme.click()
    QApplication.processEvents()
    after = checkout.grab().toImage().pixelColor(5, 300)
    assert (before, after) == (THEME._colors["light"]["canvas"], THEME.color("canvas"))
    assert THEME.name == "dark"


# ---- nothing is cut off


TROUBLED = StripShown(12_345, "", "absent", "paper out", 12, 3)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_text_is_cut_off(window: CheckoutWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    for language in LANGUAGES:
        TONGUE.speak(language)
        for shown in (STRIP, TROUBLED):
            window.show_notice(shown)
            window.show_notice(SignInShown((MEI, TOMAS), "01", "A-01", 2))
            assert cut_off(window) == []
            window.show_notice(CHECKOUT)
            press(window, *"9999999999.99")
            assert cut_off(window) == []
            press(window, "esc")
            assert cut_off(window) == []
            assert window.frame.strip.minimumSizeHint().width() <= window.frame.strip.width()
            assert window.frame.strip.geometry().right() < size[0], (
                "the strip reaches over the edge"
            )


def test_the_audit_finds_a_text_that_is_cut_off(checkout: CheckoutWindow) -> None:
    label = Label("Far too long for this", 20, parent=checkout)
    label.setFixedSize(40, 20)
    label.show()
    assert len(cut_off(checkout)) == 1
    label.deleteLater()


def test_a_large_amount_of_a_currency_with_a_long_sign_fits(window: CheckoutWindow) -> None:
    window.show_notice(CheckoutShown(MEI, 412, (), 0, Money(0), keep_amount=Money(999_999_999_999)))
    window.resize(1024, 768)
    assert cut_off(window) == []


def test_the_window_stays_while_the_bank_is_asked(checkout: CheckoutWindow) -> None:
    for state, stays in ((State.WAITING, True), (State.APPROVED, False)):
        checkout.show_notice(payment(state))
        checkout.close()
        assert checkout.isVisible() is stays


def test_a_recovery_message_goes_when_it_has_come_true(checkout: CheckoutWindow) -> None:
    sale = payment(State.REVERSAL_PENDING).sale
    checkout.show_notice(RecoveryTold((sale,), None))
    assert checkout.frame.toast.must_be_read
    checkout.show_notice(SettledTold(payment(State.REVERSED).sale))
    assert "is reversed" in checkout.frame.toast.text
    assert not checkout.frame.toast.must_be_read


def test_escape_closes_a_message_that_had_to_be_read(checkout: CheckoutWindow) -> None:
    checkout.show_notice(RecoveryTold((payment(State.REVERSAL_PENDING).sale,), None))
    press(checkout, "esc")
    assert not checkout.frame.toast.isVisible()
