"""Guards the help: which page F1 opens, how it is found and left, and what closes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from checkout.commands import Command
from checkout.notices import (
    FaultTold,
    Notice,
    PaymentShown,
    RefusalTold,
    SaleShown,
    SignInShown,
)
from domain.clock import ManualClock
from domain.faults import Moved
from domain.give_back import Way, WayBack
from domain.help import all_pages
from domain.money import Money
from domain.settings import Settings
from domain.words import LANGUAGES
from tests.ui.payment_notices import (
    APPROVED,
    ARMED,
    CAPTURED,
    DECLINED,
    DRAFT,
    GIVEN_UP,
    NOT_SENT,
    PAPER_OUT,
    REVERSED,
    REVERSING,
    SENT_TWICE,
    WAITING,
)
from tests.ui.sales_notices import TRAY
from tests.ui.shop_window import CHECKOUT, MEI, SIGN_IN, STRIP, TOMAS, Sent, press
from tests.ui.test_checkout_window import cut_off
from ui.checkout_window import CheckoutWindow
from ui.help_screen import HelpScreen
from ui.help_wish import HelpButton
from ui.theme import THEME
from ui.tongue import TONGUE
from ui.wedge import Wedge

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


def opened(window: CheckoutWindow) -> HelpScreen:
    """The help, which must be there."""
    help_desk = window.frame.help
    assert help_desk.is_open
    assert help_desk.screen.isVisible()
    return help_desk.screen


def code(window: CheckoutWindow) -> str:
    """The code of the page that is open."""
    page = opened(window).page
    assert page is not None
    return page.code


def in_the_list(notice: PaymentShown) -> SaleShown:
    zero = Money(0)
    return SaleShown(notice.sale, notice.moved, (), zero, WayBack(Way.NONE, zero, "", ""))


ON_THE_SCREEN: tuple[tuple[tuple[Notice, ...], str], ...] = (
    ((DECLINED,), "55"),
    ((NOT_SENT,), "N-02"),
    ((REVERSING,), "N-06"),
    ((REVERSED,), "N-06"),
    ((SENT_TWICE,), "94"),
    ((GIVEN_UP,), "N-09"),
    ((PAPER_OUT,), "L-01"),
    ((CHECKOUT, in_the_list(DECLINED)), "55"),
    ((CHECKOUT, TRAY), "N-09"),
    ((CHECKOUT, FaultTold("S-01")), "S-01"),
    ((CHECKOUT, RefusalTold("GiveBack", "A-03")), "A-03"),
    ((SignInShown((MEI, TOMAS), "01", "A-01", 2),), "A-01"),
    ((SignInShown((MEI, TOMAS), "01", "A-02"),), "A-02"),
    ((CHECKOUT, replace(STRIP, bank_fault="N-04")), "N-04"),
    ((CHECKOUT, replace(STRIP, reader="absent")), "R-01"),
    ((CHECKOUT, replace(STRIP, printer="cover open")), "L-04"),
)


@pytest.mark.parametrize(("notices", "expected"), ON_THE_SCREEN)
def test_f1_opens_the_page_of_what_the_window_shows(
    window: CheckoutWindow, notices: tuple[Notice, ...], expected: str
) -> None:
    for notice in notices:
        window.show_notice(notice)
    press(window, "f1")
    assert code(window) == expected


def test_f1_on_a_till_that_is_not_open(window: CheckoutWindow, sent: Sent) -> None:
    closed = CheckoutWindow(Settings(), sent.append, clock=ManualClock(), deaf_seconds=0)
    closed.show()
    closed.show_notice(FaultTold("J-02", "chain"))
    press(closed, "f1")
    assert code(closed) == "J-02"
    press(closed, "esc")
    assert not closed.frame.help.is_open
    closed.close()


def test_f1_where_all_is_well_opens_the_list(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f1")
    shown = opened(window)
    assert shown.list.pages == all_pages()
    assert shown.page == all_pages()[0]


def test_the_sentence_on_top_counts_before_the_screen(window: CheckoutWindow) -> None:
    window.show_notice(DECLINED)
    window.show_notice(FaultTold("T-01"))
    press(window, "f1")
    assert code(window) == "T-01"


def test_the_help_of_a_payment_says_what_became_of_its_money(window: CheckoutWindow) -> None:
    window.show_notice(REVERSING)
    press(window, "f1")
    assert "The customer will not be charged for this sale." in opened(window).accessibleName()
    TONGUE.speak("zh_CN")
    assert "本笔不会向顾客扣款。" in opened(window).accessibleName()


def test_a_button_on_the_band_does_the_same(window: CheckoutWindow) -> None:
    window.show_notice(DECLINED)
    buttons = [b for b in window.frame.payment.findChildren(HelpButton) if b.isVisible()]
    assert [b.accessibleName() for b in buttons] == ["Help"]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert code(window) == "55"


@pytest.mark.parametrize("key", ["esc", "f1"])
def test_it_leads_back_to_exactly_where_one_was(
    window: CheckoutWindow, sent: Sent, key: str
) -> None:
    window.show_notice(CHECKOUT)
    press(window, *"12.5")
    window.frame.checkout.last_five.setFocus(Qt.FocusReason.TabFocusReason)
    focus = QApplication.focusWidget()
    typed = window.frame.checkout.accessibleName()
    press(window, "f1", *"42", "down", key)
    assert not window.frame.help.is_open
    assert QApplication.focusWidget() is focus
    assert window.frame.checkout.accessibleName() == typed
    assert sent == []
    press(window, "enter")
    assert sent  # the amount that was typed is charged


def test_the_till_hears_nothing_of_it(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(DECLINED)
    press(window, "f1", "enter", "down", "f6", *"lost", "backspace", "esc")
    assert sent == []


@pytest.mark.parametrize(
    ("before", "after"),
    [(WAITING, APPROVED), (WAITING, REVERSING), (REVERSING, REVERSED), (DRAFT, CAPTURED)],
)
def test_the_next_step_of_a_payment_closes_it(
    window: CheckoutWindow, before: PaymentShown, after: PaymentShown
) -> None:
    window.show_notice(before)
    press(window, "f1")
    window.show_notice(replace(before, deadline=1.0))
    assert window.frame.help.is_open
    window.show_notice(after)
    assert not window.frame.help.is_open
    assert window.frame.payment.isEnabled()


def test_it_may_be_read_while_the_bank_is_asked(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(ARMED)
    press(window, "f1")
    assert opened(window)
    press(window, "esc")
    assert sent == []


def test_words_and_codes_are_looked_for(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f1", *"router")
    assert [page.code for page in opened(window).list.pages] == ["N-02"]
    assert code(window) == "N-02"
    press(window, "backspace")
    opened(window).search.field.setText("")
    opened(window).list.search("zzz")
    assert opened(window).list.pages == ()
    press(window, "down", "esc")
    assert not window.frame.help.is_open


def test_arrows_and_ends_turn_the_pages(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f1", "end")
    pages = all_pages()
    assert opened(window).page == pages[-1]
    press(window, "up")
    assert opened(window).page == pages[-2]
    press(window, "home", "down")
    assert opened(window).page == pages[1]


def test_a_swipe_is_swallowed_there_too(dressed: QApplication, window: CheckoutWindow) -> None:
    told: list[Command] = []
    wedge = Wedge(told.append, clock=ManualClock())
    dressed.installEventFilter(wedge)
    try:
        window.show_notice(DRAFT)
        press(window, "f1")
        press(window, *";6212345678901232=30121010000012345678?", "enter")
    finally:
        dressed.removeEventFilter(wedge)
    assert len(told) == 1
    assert opened(window).search.text == ""


def test_the_bank_s_own_codes_are_explained(window: CheckoutWindow) -> None:
    window.show_notice(replace(STRIP, code_set="iso87"))
    window.show_notice(CHECKOUT)
    press(window, "f1", *"63")
    page = opened(window).page
    assert page is not None
    assert (page.code, page.title) == ("63", "Security check failed")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits(window: CheckoutWindow, size: tuple[int, int], language: str) -> None:
    window.resize(*size)
    TONGUE.speak(language)
    THEME.use("dark" if language == "zh_TW" else "light")
    window.show_notice(CHECKOUT)
    press(window, "f1")
    shown = opened(window)
    cut = []
    for page in all_pages():
        shown.on_chosen(page)
        QApplication.processEvents()
        cut += [(page.code, name) for name in cut_off(shown)]
        if shown.reaches_below:
            cut.append((page.code, "below"))
    assert cut == []


def test_a_money_line_of_a_code_names_no_amount(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f1")
    shown = opened(window)
    for page in all_pages():
        shown.on_chosen(page)
        assert "{" not in shown.accessibleName()
        if page.moved is Moved.CHARGED:
            assert shown.accessibleName().endswith("The customer has been charged.")


def test_the_sign_in_shows_the_way_to_it(window: CheckoutWindow) -> None:
    window.show_notice(SIGN_IN)
    buttons = [b for b in window.frame.sign_in.findChildren(HelpButton) if b.isVisible()]
    assert len(buttons) == 1
