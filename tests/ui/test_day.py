"""Guards the end of the day: how it is reached, what may be pressed when, and that all of it fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from checkout.commands import (
    CloseList,
    PrintSettlement,
    SellOn,
    Settle,
    ShowDay,
    ShowTray,
)
from checkout.notices import BatchClosedTold, DayShown, FaultTold, RefusalTold
from domain.money import Money
from domain.words import LANGUAGES
from tests.ui import day_notices as day
from tests.ui.payment_notices import WAITING
from tests.ui.sales_notices import TOMAS, TRAY
from tests.ui.shop_window import CHECKOUT, SIGN_IN, STRIP, Sent, press
from tests.ui.test_checkout_window import cut_off
from ui.checkout_window import CheckoutWindow
from ui.day_screen import DayScreen
from ui.tongue import TONGUE

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


@pytest.fixture
def ended(window: CheckoutWindow, sent: Sent) -> CheckoutWindow:
    """A supervisor looks at the end of the day."""
    window.show_notice(replace(CHECKOUT, operator=TOMAS))
    window.show_notice(day.OPEN)
    sent.clear()
    return window


def screen_of(window: CheckoutWindow) -> DayScreen:
    return window.frame.day


def words_of(window: CheckoutWindow) -> str:
    """Everything that can be read on the screen of the day."""
    from ui.parts import Label

    labels = screen_of(window).findChildren(Label)
    return " / ".join(label.text() for label in labels if label.isVisible())


# ---- ways in and out


def test_f8_and_the_rail_lead_to_the_day(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f8")
    window.frame.rail.day_end.click()
    assert sent.of(ShowDay) == [ShowDay(), ShowDay()]


@pytest.mark.parametrize("notice", [WAITING, SIGN_IN])
def test_neither_a_running_payment_nor_the_sign_in_is_left_for_it(
    window: CheckoutWindow, sent: Sent, notice: object
) -> None:
    window.show_notice(notice)  # type: ignore[arg-type]  # one of two notices
    press(window, "f8")
    assert not sent.of(ShowDay)


def test_the_rail_shows_where_one_is_and_leads_back(ended: CheckoutWindow, sent: Sent) -> None:
    ended.frame.rail.checkout.click()
    press(ended, "esc")
    press(ended, "f8")
    assert sent == [CloseList(), CloseList()]


def test_the_list_and_the_tray_can_be_reached_from_it(ended: CheckoutWindow, sent: Sent) -> None:
    ended.show_notice(day.IN_THE_WAY)
    QTest.mouseClick(screen_of(ended).tray, Qt.MouseButton.LeftButton)
    press(ended, "u", control=True)
    assert sent.of(ShowTray) == [ShowTray(), ShowTray()]
    ended.show_notice(TRAY)
    assert ended.frame.stack.currentWidget() is ended.frame.tray
    ended.show_notice(day.OPEN)
    assert ended.frame.stack.currentWidget() is screen_of(ended)


# ---- settling


def test_f10_settles_and_a_second_press_is_harmless(ended: CheckoutWindow, sent: Sent) -> None:
    press(ended, "f10", "f10")
    QTest.mouseDClick(screen_of(ended).settle, Qt.MouseButton.LeftButton)
    assert sent == [Settle()]


def test_enter_settles_nothing(ended: CheckoutWindow, sent: Sent) -> None:
    press(ended, "enter", "keypad enter")
    assert sent == []


def test_a_refused_settlement_can_be_asked_for_again(ended: CheckoutWindow, sent: Sent) -> None:
    for _ in range(2):
        press(ended, "f10")
        ended.show_notice(RefusalTold("Settle", "J-01"))
    assert sent == [Settle(), Settle()]


def test_a_cashier_reads_who_approves_it(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(CHECKOUT)
    window.show_notice(day.OPEN)
    assert "A supervisor or a manager settles the day." in words_of(window)
    sent.clear()
    press(window, "f10")
    assert sent == [Settle()], "the till asks for the approval"


def test_what_people_must_settle_first_holds_the_button(ended: CheckoutWindow, sent: Sent) -> None:
    ended.show_notice(day.IN_THE_WAY)
    press(ended, "f10")
    assert sent == []
    assert "Payment 0412" in words_of(ended)


def test_what_the_till_finishes_by_itself_does_not(ended: CheckoutWindow, sent: Sent) -> None:
    waits = tuple(item for item in day.IN_THE_WAY.in_the_way if not item.by_people)
    ended.show_notice(replace(day.OPEN, in_the_way=waits))
    press(ended, "f10")
    assert sent == [Settle()]


@pytest.mark.parametrize("notice", [day.FINISHING, day.COMPARING, day.UPLOADING, day.ENDING])
def test_while_it_runs_there_is_nothing_to_press(
    ended: CheckoutWindow, sent: Sent, notice: DayShown
) -> None:
    ended.show_notice(notice)
    press(ended, "f10", "enter", "p")
    assert sent == []
    assert not screen_of(ended).settle.isVisible()


def test_the_upload_counts_its_rows(ended: CheckoutWindow) -> None:
    ended.show_notice(day.UPLOADING)
    assert "31 of 57" in words_of(ended)
    ended.show_notice(replace(day.UPLOADING, sent=32))
    assert "32 of 57" in words_of(ended)


def test_a_silent_bank_is_tried_again_at_once_where_a_supervisor_asks(
    ended: CheckoutWindow, sent: Sent
) -> None:
    ended.show_notice(day.SILENT)
    screen = screen_of(ended)
    assert "Next try in 15 s." in screen.progress.note.text()
    press(ended, "f10", "f10")
    screen.sell_on.click()
    assert sent == [Settle(), SellOn()]


def test_shop_goes_on_selling_only_where_the_till_allows_it(ended: CheckoutWindow) -> None:
    ended.show_notice(day.UPLOAD_SILENT)
    assert not screen_of(ended).sell_on.isVisible()
    ended.show_notice(day.SILENT)
    assert screen_of(ended).sell_on.isVisible()


# ---- the result


def test_a_settled_day_says_so_and_enter_leaves_it(ended: CheckoutWindow, sent: Sent) -> None:
    ended.show_notice(day.SETTLED)
    assert "Settled. Totals match." in words_of(ended)
    press(ended, "enter")
    assert sent == [CloseList()]


def test_a_difference_is_explained_line_by_line(ended: CheckoutWindow) -> None:
    ended.show_notice(day.DIFFERENT)
    said = words_of(ended)
    assert "Settled with a difference of ¥0.82." in said
    assert "Trace 000415: the till has ¥80.81, the bank has ¥81.81." in said
    assert "Call the acquirer: it must take this payment back, or say whose it is." in said


def test_differences_of_the_last_batch_stay_to_be_read(ended: CheckoutWindow) -> None:
    ended.show_notice(day.AFTER_A_DIFFERENCE)
    assert "Trace 000415: the till has ¥80.81, the bank has ¥81.81." in words_of(ended)
    assert "batch 000086" in words_of(ended)


def test_the_slip_is_printed_again_of_the_batch_that_is_shown(
    ended: CheckoutWindow, sent: Sent
) -> None:
    press(ended, "p")
    ended.show_notice(day.SETTLED)
    press(ended, "p")
    assert sent == [PrintSettlement(86), PrintSettlement(87)]
    ended.show_notice(day.FIRST_DAY)
    assert not screen_of(ended).print.isVisible()


def test_where_there_is_no_room_the_slip_opens_from_a_button(ended: CheckoutWindow) -> None:
    ended.resize(1024, 768)
    ended.show_notice(day.SETTLED)
    screen = screen_of(ended)
    assert not screen.paper.isVisible()
    press(ended, "s")
    assert screen.paper.isVisible()
    assert cut_off(ended) == []
    press(ended, "s")
    assert not screen.paper.isVisible()


def test_owed_slips_are_named(ended: CheckoutWindow) -> None:
    ended.show_notice(replace(STRIP, owed=2))
    assert "2 slips owed" in words_of(ended)


def test_many_differences_are_scrolled_by_keys_and_by_a_finger(ended: CheckoutWindow) -> None:
    ended.show_notice(replace(day.DIFFERENT, differences=day.DIFFERENCES * 5))
    QApplication.processEvents()
    area = screen_of(ended).differences.findChildren(QScrollArea)[0]
    bar, middle = area.verticalScrollBar(), area.viewport().rect().center()
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_Down)
    by_key = bar.value()
    assert by_key > 0
    QTest.mousePress(area.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(area.viewport(), middle - QPoint(0, 90))
    QTest.mouseRelease(area.viewport(), Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 90))
    assert bar.value() > by_key


def test_more_differences_than_anybody_reads_are_left_to_the_slip(ended: CheckoutWindow) -> None:
    ended.show_notice(replace(day.DIFFERENT, differences=day.DIFFERENCES * 50))
    assert "110 more are on the settlement slip." in words_of(ended)


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        (day.OPEN, ""),
        (day.IN_THE_WAY, "B-04"),
        (day.NEARLY_FULL, "B-02"),
        (day.SILENT, "N-06"),
        (day.DIFFERENT, "B-05"),
    ],
)
def test_help_opens_on_what_stands_there(
    ended: CheckoutWindow, notice: DayShown, code: str
) -> None:
    ended.show_notice(notice)
    assert screen_of(ended).help_topic().code == code


# ---- told at the checkout


@pytest.mark.parametrize("code", ["B-01", "B-03"])
def test_a_refused_sale_says_why_and_what_to_do(window: CheckoutWindow, code: str) -> None:
    window.show_notice(CHECKOUT)
    window.show_notice(RefusalTold("StartSale", code))
    assert "ettle" in window.frame.toast.text
    assert cut_off(window.frame.toast) == []


def test_a_batch_that_is_nearly_full_is_told(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    window.show_notice(FaultTold("B-02"))
    assert "nearly full" in window.frame.toast.text


def test_a_day_that_was_settled_behind_another_screen_is_told(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    window.show_notice(BatchClosedTold(87, Money(807290)))
    assert window.frame.toast.text == (
        "Batch 000087 of ¥8,072.90 is settled, and the totals match. Payments are taken again."
    )


# ---- everything fits


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off(ended: CheckoutWindow, size: tuple[int, int], language: str) -> None:
    TONGUE.speak(language)
    ended.resize(*size)
    ended.show_notice(replace(STRIP, owed=2))
    for name, notice in day.ALL.items():
        ended.show_notice(notice)
        assert cut_off(ended) == [], name
        assert ended.size().toTuple() == size


def test_large_figures_and_many_schemes_fit(ended: CheckoutWindow) -> None:
    schemes = tuple(
        replace(line, scheme=name, amount=Money(99_999_999_99))
        for line in day.OPEN.schemes
        for name in (line.scheme, "Discover")
    )
    ended.show_notice(replace(day.SETTLED, schemes=schemes, net=Money(799_999_999_92)))
    for size in SIZES:
        ended.resize(*size)
        assert cut_off(ended) == []


def test_an_empty_batch_is_not_settled(ended: CheckoutWindow, sent: Sent) -> None:
    ended.show_notice(day.EMPTY)
    press(ended, "f10")
    assert sent == []
    assert "There is nothing to settle." in words_of(ended)
    assert "A supervisor" not in words_of(ended)


def test_rows_tell_the_difference_where_the_bank_gives_no_totals(ended: CheckoutWindow) -> None:
    ended.show_notice(replace(day.DIFFERENT, bank=None))
    assert "Settled with a difference of ¥162.62." in words_of(ended)


def test_no_step_is_left_over_where_the_bank_wants_no_rows(ended: CheckoutWindow) -> None:
    ended.show_notice(replace(day.SETTLED, sent=0, of=0))
    assert "Send batch" not in words_of(ended)


def test_what_the_result_says_is_not_said_twice(ended: CheckoutWindow) -> None:
    ended.show_notice(day.DIFFERENT)
    ended.show_notice(FaultTold("B-05", "000087"))
    ended.show_notice(BatchClosedTold(87, Money(807290)))
    assert ended.frame.toast.text == ""
    ended.show_notice(CHECKOUT)
    ended.show_notice(FaultTold("B-05", "000087"))
    assert "000087" in ended.frame.toast.text
