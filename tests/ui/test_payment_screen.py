"""Guards the payment screen: each state says its word and its money line, and offers only what works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from checkout.commands import (
    Cancel,
    Command,
    Confirm,
    KeepAmount,
    LeaveSale,
    PressPadKey,
    PrintCustomerCopy,
    TryAgain,
)
from checkout.notices import PaymentShown
from domain.card import EntryMode
from domain.faults import Moved
from domain.sale import Answer, State
from domain.settings import TRAINING
from domain.words import LANGUAGES, words
from tests.ui.payment_notices import (
    ALL,
    APPROVED,
    ARMED,
    CAPTURED,
    DECLINED,
    DRAFT,
    GIVEN_UP,
    NOT_SENT,
    PAGE,
    PAPER_OUT,
    PIN,
    PIN_FAILED,
    PIN_ON_SCREEN,
    REFUSED,
    REVERSED,
    REVERSING,
    SENT_TWICE,
    WAITING,
    shown,
    slip,
)
from tests.ui.shop_window import Sent
from ui.drawings import ReaderDrawing
from ui.label import Label
from ui.lead_text import LeadText
from ui.motion import MOTION, MovingDrawing
from ui.payment_screen import PaymentScreen
from ui.pin_pad import TouchPinPad
from ui.receipt_cards import SlipCard, SlipSheet
from ui.room import ROOM
from ui.slip_preview import SlimScrollBar
from ui.stage import PaymentButton
from ui.stage_approved import ApprovedStage
from ui.theme import THEME
from ui.tongue import TONGUE


@pytest.fixture
def screen(dressed: QApplication, sent: Sent) -> Iterator[PaymentScreen]:
    """The screen in a window of the usual size, shown."""
    ROOM.measure(1366)
    made = PaymentScreen(TRAINING, sent.append)
    made.resize(1250, 712)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def texts(screen: PaymentScreen) -> str:
    """Everything that can be read on the screen."""
    QApplication.processEvents()
    return "\n".join(
        part.text()
        for kind in (Label, LeadText, PaymentButton)
        for part in screen.findChildren(kind)
        if part.isVisible()
    ).replace("\u2011", "-")


def buttons(screen: PaymentScreen) -> list[str]:
    """The inscriptions of what can be pressed."""
    return [button.text() for button in screen.stage.buttons if button.isVisible()]


def key(screen: PaymentScreen, which: Qt.Key, *, ctrl: bool = False) -> bool:
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    return screen.key(QKeyEvent(QEvent.Type.KeyPress, which, held))


STATES = (
    (DRAFT, "Present card", "No money has moved."),
    (CAPTURED, "Check the amount", "No money has moved."),
    (PIN, "PIN on the pad", "No money has moved."),
    (ARMED, "Authorising", "Not charged yet. Waiting for the bank."),
    (WAITING, "Authorising", "Not charged yet. Waiting for the bank."),
    (APPROVED, "Approved", "The customer has been charged ¥128.00."),
    (DECLINED, "Declined", "The customer has not been charged."),
    (NOT_SENT, "Not sent", "No money has moved."),
    (PIN_FAILED, "Not sent", "No money has moved."),
    (REVERSING, "Reversing…", "The customer will not be charged for this sale."),
    (REVERSED, "Reversed", "The customer has not been charged."),
    (SENT_TWICE, "Not certain", "Not certain. Check Transactions before charging again."),
    (GIVEN_UP, "Not certain", "Not certain. Check Transactions before charging again."),
)


@pytest.mark.parametrize(("notice", "word", "money"), STATES)
def test_a_state_says_its_word_and_what_happened_to_the_money(
    screen: PaymentScreen, notice: PaymentShown, word: str, money: str
) -> None:
    screen.show_payment(notice)

    said = texts(screen).split("\n")
    assert word in said
    assert money in said
    assert screen.accessibleName().startswith(f"{word}. ")
    assert screen.accessibleName().endswith(money)


OFFERS = (
    (DRAFT, ["Cancel"]),
    (CAPTURED, ["Cancel", "Change amount", "Confirm ¥128.00"]),
    (PIN, ["Cancel"]),
    (WAITING, []),
    (APPROVED, ["Customer copy", "Next sale"]),
    (DECLINED, ["End this sale", "Other payment", "Try again"]),
    (NOT_SENT, ["End this sale", "Other payment", "Try again"]),
    (REVERSING, ["Serve the next customer"]),
    (REVERSED, ["End this sale", "Other payment", "Charge again"]),
    (SENT_TWICE, ["End this sale"]),
    (GIVEN_UP, ["End this sale"]),
)


@pytest.mark.parametrize(("notice", "offered"), OFFERS)
def test_a_state_offers_only_what_works_now(
    screen: PaymentScreen, notice: PaymentShown, offered: list[str]
) -> None:
    screen.show_payment(notice)

    assert buttons(screen) == offered


ENTERS = (
    (DRAFT, None),
    (CAPTURED, Confirm()),
    (PIN, None),
    (ARMED, None),
    (WAITING, None),
    (APPROVED, LeaveSale()),
    (DECLINED, TryAgain()),
    (NOT_SENT, TryAgain()),
    (REVERSING, None),
    (REVERSED, TryAgain()),
    (SENT_TWICE, LeaveSale()),
    (PIN_ON_SCREEN, PressPadKey("enter")),
)


@pytest.mark.parametrize(("notice", "command"), ENTERS)
def test_enter_does_the_primary_action_or_nothing(
    screen: PaymentScreen, sent: Sent, notice: PaymentShown, command: Command | None
) -> None:
    screen.show_payment(notice)
    screen.primary()

    assert sent == ([] if command is None else [command])


KEYS = (
    (DRAFT, Qt.Key.Key_Escape, False, Cancel()),
    (CAPTURED, Qt.Key.Key_Escape, False, Cancel()),
    (CAPTURED, Qt.Key.Key_Backspace, False, Cancel()),
    (PIN, Qt.Key.Key_Escape, False, Cancel()),
    (PIN, Qt.Key.Key_4, False, None),
    (PIN_ON_SCREEN, Qt.Key.Key_4, False, PressPadKey("4")),
    (PIN_ON_SCREEN, Qt.Key.Key_Backspace, False, PressPadKey("clear")),
    (PIN_ON_SCREEN, Qt.Key.Key_Return, False, PressPadKey("enter")),
    (PIN_ON_SCREEN, Qt.Key.Key_Escape, False, Cancel()),
    (ARMED, Qt.Key.Key_Escape, False, None),
    (WAITING, Qt.Key.Key_Escape, False, None),
    (APPROVED, Qt.Key.Key_P, False, PrintCustomerCopy()),
    (APPROVED, Qt.Key.Key_Escape, False, None),
    (DECLINED, Qt.Key.Key_Escape, False, LeaveSale()),
    (DECLINED, Qt.Key.Key_F6, False, KeepAmount()),
    (REVERSED, Qt.Key.Key_F6, False, KeepAmount()),
    (REVERSING, Qt.Key.Key_Escape, False, None),
    (REVERSING, Qt.Key.Key_N, False, None),
    (REVERSING, Qt.Key.Key_N, True, LeaveSale()),
    (SENT_TWICE, Qt.Key.Key_Escape, False, LeaveSale()),
    (SENT_TWICE, Qt.Key.Key_F6, False, None),
)


@pytest.mark.parametrize(("notice", "which", "ctrl", "command"), KEYS)
def test_a_key_does_what_the_map_says(
    screen: PaymentScreen,
    sent: Sent,
    notice: PaymentShown,
    which: Qt.Key,
    ctrl: bool,
    command: Command | None,
) -> None:
    screen.show_payment(notice)
    key(screen, which, ctrl=ctrl)

    assert sent == ([] if command is None else [command])


PRIMARIES = (("55", "Try again"), ("51", "Other payment"), ("41", "End this sale"))


@pytest.mark.parametrize(("code", "inscription"), PRIMARIES)
def test_the_banks_code_decides_the_primary_button(
    screen: PaymentScreen, code: str, inscription: str
) -> None:
    screen.show_payment(replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer(code))))

    assert screen.stage.primary is not None
    assert screen.stage.primary.text() == inscription
    assert buttons(screen).count(inscription) == 1


def test_f6_still_pays_otherwise_where_that_is_the_primary_button(
    screen: PaymentScreen, sent: Sent
) -> None:
    screen.show_payment(replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer("51"))))
    key(screen, Qt.Key.Key_F6)

    assert sent == [KeepAmount()]


def test_an_unknown_code_names_itself(screen: PaymentScreen) -> None:
    screen.show_payment(replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer("Q9"))))

    assert "The bank answered Q9." in texts(screen)


def test_a_refused_card_says_why_instead_of_how(screen: PaymentScreen) -> None:
    screen.show_payment(REFUSED)

    assert "Card has a chip" in texts(screen)
    assert "Swipe the stripe" not in texts(screen)


def test_the_next_card_takes_the_warning_away(screen: PaymentScreen) -> None:
    screen.show_payment(REFUSED)
    screen.show_payment(DRAFT)

    assert "Card has a chip" not in texts(screen)


def test_only_a_card_that_sits_in_the_reader_is_to_be_left_there(screen: PaymentScreen) -> None:
    inserted = replace(SALE_CARD, entry=EntryMode.CHIP)

    screen.show_payment(CAPTURED)
    assert "Leave the card in the reader." not in texts(screen)

    screen.show_payment(replace(CAPTURED, sale=replace(CAPTURED.sale, card=inserted)))
    assert "Leave the card in the reader." in texts(screen)


SALE_CARD = CAPTURED.sale.card


def test_the_pad_on_the_screen_can_be_touched_and_says_that_it_is_for_training(
    screen: PaymentScreen, sent: Sent
) -> None:
    screen.show_payment(PIN_ON_SCREEN)
    pad = screen.findChild(TouchPinPad)
    for pad_key in pad.keys:
        pad_key.click()

    assert [command.key for command in sent] == [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "cancel", "clear", "enter",
    ]  # fmt: skip
    assert "This is a training pad." in texts(screen)
    assert min(min(k.width(), k.height()) for k in pad.keys) >= 44


def test_a_pad_beside_the_till_leaves_nothing_to_touch(screen: PaymentScreen) -> None:
    screen.show_payment(PIN_ON_SCREEN)
    screen.show_payment(PIN)
    QApplication.processEvents()

    assert not screen.findChild(TouchPinPad).isVisible()
    assert "The PIN never reaches this till." in texts(screen)


def test_no_widget_shows_which_digits_were_typed(screen: PaymentScreen, sent: Sent) -> None:
    typed = {}
    for digits in ("4719", "0000"):
        screen.show_payment(replace(PIN_ON_SCREEN, pin_digits=0))
        for count, digit in enumerate(digits, start=1):
            key(screen, Qt.Key(Qt.Key.Key_0.value + int(digit)))
            screen.show_payment(replace(PIN_ON_SCREEN, pin_digits=count))
        typed[digits] = texts(screen) + screen.accessibleName()

    assert typed["4719"] == typed["0000"]
    assert "4719" not in typed["4719"]
    assert len(sent) == 8


def test_a_held_key_types_one_digit(screen: PaymentScreen, sent: Sent) -> None:
    screen.show_payment(PIN_ON_SCREEN)
    repeat = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_7, Qt.KeyboardModifier.NoModifier, "7", autorep=True
    )

    assert screen.key(repeat)
    assert sent == []


@pytest.mark.parametrize("notice", [WAITING, REVERSING])
def test_esc_is_swallowed_where_nothing_can_be_cancelled(
    screen: PaymentScreen, sent: Sent, notice: PaymentShown
) -> None:
    screen.show_payment(notice)

    assert key(screen, Qt.Key.Key_Escape)
    assert sent == []


def test_the_log_of_a_reversal_counts_its_tries(screen: PaymentScreen) -> None:
    screen.show_payment(REVERSING)

    said = texts(screen)
    assert "No answer in 30 s, outcome unknown" in said
    assert "Cancellation sent, try 1" in said
    assert "Cancellation sent, try 2" in said
    assert "trace 000412" in said
    assert "Answer due in 6 s" in said


def test_between_two_tries_the_next_one_is_counted_down(screen: PaymentScreen) -> None:
    screen.show_payment(replace(REVERSING, reversing_now=False, deadline=24.0, allowed=40.0))

    assert "Next try in 24 s" in texts(screen)


def test_a_reversal_that_is_confirmed_says_when(screen: PaymentScreen) -> None:
    screen.show_payment(REVERSED)

    assert "Confirmed by the bank at" in texts(screen)
    assert "A reversal slip was printed." in texts(screen)


def test_a_reversal_slip_that_is_owed_is_not_called_printed(screen: PaymentScreen) -> None:
    screen.show_payment(replace(REVERSED, slips=(slip("reversed", "owed", "L-01"),)))

    assert "It is safe to charge again." in texts(screen)
    assert "A reversal slip was printed." not in texts(screen)


def test_the_customers_copy_is_offered_once(screen: PaymentScreen) -> None:
    screen.show_payment(replace(APPROVED, slips=(slip("merchant"), slip("customer", "printing"))))

    assert buttons(screen) == ["Next sale"]
    assert "Printing the customer copy" in texts(screen)


def test_a_slip_that_waits_says_why_and_stops_the_countdown(screen: PaymentScreen) -> None:
    screen.show_payment(APPROVED)
    assert "Next sale starts in 12 s." in texts(screen)

    screen.show_payment(PAPER_OUT)
    assert "Printer out of paper" in texts(screen)
    assert "Next sale starts" not in texts(screen)


def test_any_key_stops_the_countdown(screen: PaymentScreen, sent: Sent) -> None:
    screen.show_payment(APPROVED)
    key(screen, Qt.Key.Key_A)

    assert "Next sale starts" not in texts(screen)
    assert sent == []


def test_a_touch_stops_the_countdown(screen: PaymentScreen) -> None:
    screen.show_payment(APPROVED)
    QTest.mousePress(screen.truth, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))

    assert "Next sale starts" not in texts(screen)


def test_the_end_of_the_countdown_leaves_the_sale_once(screen: PaymentScreen, sent: Sent) -> None:
    screen.show_payment(APPROVED)
    stage = screen.stage
    assert isinstance(stage, ApprovedStage)
    stage.wait.begin(0.0, 12.0)
    stage.on_tick()
    stage.on_tick()

    assert sent == [LeaveSale()]


def test_a_later_notice_does_not_begin_the_countdown_again(screen: PaymentScreen) -> None:
    screen.show_payment(APPROVED)
    key(screen, Qt.Key.Key_A)
    screen.show_payment(replace(APPROVED, wrong_pins=0))

    assert "Next sale starts" not in texts(screen)


def test_in_training_the_slip_can_be_looked_at_and_put_away(
    screen: PaymentScreen, sent: Sent
) -> None:
    screen.show_payment(APPROVED)
    card, sheet = screen.findChild(SlipCard), screen.findChild(SlipSheet)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert sheet.isVisible()

    assert key(screen, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert sent == []


def test_a_live_shop_has_no_training_printer(dressed: QApplication, sent: Sent) -> None:
    live = PaymentScreen(replace(TRAINING, training=False), sent.append)
    live.resize(1250, 712)
    live.show()
    live.show_payment(APPROVED)

    assert not live.findChild(SlipCard).isVisible()
    live.deleteLater()


def test_an_abandoned_sale_is_never_shown(screen: PaymentScreen) -> None:
    screen.show_payment(CAPTURED)
    before = texts(screen)
    screen.show_payment(shown(State.ABANDONED, Moved.NONE))

    assert texts(screen) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_changes_while_a_payment_is_shown(
    screen: PaymentScreen, language: str
) -> None:
    screen.show_payment(DECLINED)
    TONGUE.speak(language)

    say = words(language).say
    assert say("The customer has not been charged.") in texts(screen)
    assert say("Incorrect PIN") in texts(screen)


@pytest.mark.parametrize("name", ALL)
def test_the_theme_changes_while_a_payment_is_shown(screen: PaymentScreen, name: str) -> None:
    screen.show_payment(ALL[name])
    light = screen.grab().toImage()
    THEME.use("dark")
    dark = screen.grab().toImage()

    corner = QPoint(40, 400)
    assert light.pixelColor(corner) == THEME_SURFACE["light"]
    assert dark.pixelColor(corner) == THEME_SURFACE["dark"]


THEME_SURFACE = {}
for _name in ("light", "dark"):
    THEME.use(_name)
    THEME_SURFACE[_name] = THEME.color("surface")
THEME.use("light")


def test_nothing_moves_on_a_stage_that_is_not_shown(screen: PaymentScreen) -> None:
    screen.show_payment(WAITING)
    screen.show_payment(DECLINED)
    QApplication.processEvents()

    assert not any(drawing.moving for drawing in screen.findChildren(MovingDrawing))


def test_the_card_rests_where_less_motion_is_wanted(
    screen: PaymentScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MOTION, "reduced", True)
    screen.show_payment(DRAFT)
    QApplication.processEvents()
    reader = screen.findChild(ReaderDrawing)
    reader.on_frame()

    assert reader.isVisible()
    assert not reader.moving


def test_a_stage_is_built_once(screen: PaymentScreen) -> None:
    for notice in ALL.values():
        screen.show_payment(notice)
    before = len(screen.findChildren(Label))
    for notice in ALL.values():
        screen.show_payment(notice)

    assert len(screen.findChildren(Label)) == before


def test_the_enlarged_slip_is_scrolled_with_the_arrow_keys(screen: PaymentScreen) -> None:
    long = replace(PAGE, parts=PAGE.parts * 12)
    screen.show_payment(replace(APPROVED, slips=(replace(slip("merchant"), document=long),)))
    QTest.mouseClick(screen.findChild(SlipCard), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    bar = screen.findChild(SlipSheet).findChild(SlimScrollBar)

    assert key(screen, Qt.Key.Key_PageDown)
    assert bar.value() > 0
