"""Guards the list of payments: pages, keys, search, the detail, and money that is given back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from checkout.commands import CloseList, GiveBack, PrintAgain, ShowSale, ShowSales
from checkout.notices import SalesShown
from domain.clock import ManualClock
from domain.give_back import Way, WayBack
from domain.money import Money
from domain.sale import State
from domain.words import LANGUAGES
from tests.ui.payment_notices import shown as payment_shown
from tests.ui.sales_notices import APPROVED, PART, REFUND, SALES, TOMAS, VOIDED, page
from tests.ui.shop_window import CHECKOUT, Sent, press
from tests.ui.test_checkout_window import cut_off
from ui.checkout_window import CheckoutWindow
from ui.sale_words import history_rows
from ui.tongue import TONGUE
from ui.transactions_screen import TransactionsScreen

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


@pytest.fixture
def listed(window: CheckoutWindow, sent: Sent, clock: ManualClock) -> CheckoutWindow:
    """A supervisor looks at the list of today, and at its first payment."""
    window.show_notice(replace(CHECKOUT, operator=TOMAS))
    press(window, "f7")
    asked = sent.of(ShowSales)[-1]
    assert isinstance(asked, ShowSales)
    assert asked.day == clock.now().astimezone().date().isoformat()
    window.show_notice(replace(SALES, day=asked.day))
    window.show_notice(APPROVED)
    QApplication.processEvents()
    sent.clear()
    return window


def screen_of(window: CheckoutWindow) -> TransactionsScreen:
    return window.frame.transactions


def test_f7_the_rail_and_the_last_five_lead_to_the_list(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f7")
    window.frame.rail.transactions.click()
    window.frame.checkout.last_five.all.click()
    assert len(sent.of(ShowSales)) == 3


def test_no_payment_is_left_for_the_list(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(
        payment_shown(State.WAITING, payment_shown(State.DRAFT, APPROVED.moved).moved)
    )
    press(window, "f7")
    assert not sent.of(ShowSales)
    assert not window.frame.rail.transactions.isEnabled()


def test_esc_and_the_rail_lead_back(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "esc")
    listed.frame.rail.checkout.click()
    assert sent == [CloseList(), CloseList()]


def test_the_bar_follows_the_keys_and_the_payment_is_asked_for_when_it_rests(
    listed: CheckoutWindow, sent: Sent
) -> None:
    press(listed, "down", "down", "up")
    assert screen_of(listed).table.number == 411
    assert not sent.of(ShowSale)
    QTest.qWait(200)
    assert sent.of(ShowSale) == [ShowSale(411)]
    press(listed, "end", "enter")
    assert sent.of(ShowSale)[-1] == ShowSale(403)
    press(listed, "home")
    assert screen_of(listed).table.number == 412


def test_more_rows_come_as_the_bar_goes_down(listed: CheckoutWindow, sent: Sent) -> None:
    listed.show_notice(replace(page(900, 50), day="x"))
    press(listed, "end")
    asked = sent.of(ShowSales)
    assert [a.before for a in asked if isinstance(a, ShowSales)] == [851]
    listed.show_notice(replace(page(850, 50, more=False), day="x"))
    assert len(screen_of(listed).table.rows) == 100
    press(listed, "end")
    assert len(sent.of(ShowSales)) == 1
    assert screen_of(listed).table.number == 801


def test_a_newer_picture_of_the_first_page_keeps_the_others(listed: CheckoutWindow) -> None:
    listed.show_notice(page(900, 50, search="1"))
    listed.show_notice(page(900, 50))
    listed.show_notice(page(850, 50))
    listed.show_notice(page(901, 50))
    numbers = [row.number for row in screen_of(listed).table.rows]
    assert numbers == list(range(901, 800, -1))


def test_of_a_hundred_thousand_rows_only_those_in_sight_are_painted(
    listed: CheckoutWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed.show_notice(page(100_000, 100_000))
    press(listed, "end")
    table = screen_of(listed).table
    painted: list[int] = []
    monkeypatch.setattr(table, "_paint_row", lambda _, line, __: painted.append(line.number))
    table.grab()
    assert painted[-1] == 1
    assert len(painted) <= table.page() + 2


def test_search_is_sent_when_the_typing_rests(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "f", control=True)
    press(listed, *"128")
    assert not sent.of(ShowSales)
    QTest.qWait(250)
    found = sent.of(ShowSales)
    assert [a.search for a in found if isinstance(a, ShowSales)] == ["128"]
    press(listed, "esc")
    assert [a.search for a in sent.of(ShowSales) if isinstance(a, ShowSales)] == ["128", ""]


def test_all_days_can_be_listed(listed: CheckoutWindow, sent: Sent) -> None:
    screen_of(listed).today.click()
    assert sent == [ShowSales("", "")]


def test_the_till_says_where_nothing_can_be_given_back(listed: CheckoutWindow) -> None:
    listed.show_notice(VOIDED)
    assert not screen_of(listed).detail.back.isEnabled()
    press(listed, "r")
    assert screen_of(listed).pane.isHidden()


def test_a_cashier_is_told_that_somebody_else_approves(window: CheckoutWindow) -> None:
    window.show_notice(CHECKOUT)
    press(window, "f7")
    window.show_notice(SALES)
    window.show_notice(APPROVED)
    detail = screen_of(window).detail
    assert detail.back.isEnabled()
    assert detail._why.text() == "A supervisor or a manager approves it."


def test_a_void_is_never_one_enter_away(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "r")
    press(listed, "enter")
    assert not sent.of(GiveBack)
    press(listed, "down", "enter")
    assert sent.of(GiveBack) == [GiveBack(412, 12800, "Wrong amount")]


def test_confirm_is_the_last_in_the_order_of_tab(listed: CheckoutWindow) -> None:
    press(listed, "r", "down")
    pane = screen_of(listed).pane
    places = []
    for _ in range(12):
        places.append(QApplication.focusWidget())
        QTest.keyClick(listed, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is pane.confirm:
            break
    assert places[0] in pane.reasons
    assert pane.keep in places
    assert QApplication.focusWidget() is pane.confirm


def test_a_part_goes_back_as_the_till_says(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "r", "4", "0")
    assert sent.of(ShowSale)[-1] == ShowSale(412, 4000)
    press(listed, "down", "enter")
    assert not sent.of(GiveBack), "the till has not answered for this amount yet"
    listed.show_notice(PART)
    press(listed, "down", "enter")
    assert sent.of(GiveBack) == [GiveBack(412, 4000, "Goods returned")]


def test_too_much_is_not_given_back(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "r", *"999")
    why = "That is more than what is left of this sale."
    listed.show_notice(replace(APPROVED, way_back=WayBack(Way.NONE, Money(99900), why)))
    press(listed, "down", "enter")
    assert not sent.of(GiveBack)


def test_esc_keeps_the_sale(listed: CheckoutWindow, sent: Sent) -> None:
    press(listed, "r", "esc")
    assert screen_of(listed).pane.isHidden()
    assert not sent.of(CloseList)


def test_the_list_is_asked_for_again_behind_a_payment(listed: CheckoutWindow, sent: Sent) -> None:
    listed.show_notice(payment_shown(State.APPROVED, APPROVED.moved))
    assert screen_of(listed).pane.isHidden()
    listed.show_notice(VOIDED)
    assert [type(command) for command in sent] == [ShowSales, ShowSale]


def test_tries_that_came_to_nothing_share_a_line() -> None:
    words = [row.words for row in history_rows(REFUND.sale)]
    assert words == [
        "Card read",
        "Refund recorded on this till",
        "Refund told to the bank, no answer, tries: 2",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off(listed: CheckoutWindow, size: tuple[int, int], language: str) -> None:
    TONGUE.speak(language)
    listed.resize(*size)
    screen = screen_of(listed)
    listed.show_notice(SalesShown((), "", "x", 0, more=False))
    assert cut_off(listed) == []
    listed.show_notice(replace(SALES, day="x"))
    for sale in (APPROVED, VOIDED, REFUND):
        listed.show_notice(sale)
        assert cut_off(listed) == []
    listed.show_notice(APPROVED)
    screen.on_back_wanted()
    assert cut_off(listed) == []
    screen.pane.on_part()
    assert cut_off(listed) == []
    listed.show_notice(PART)
    assert cut_off(listed) == []
    screen.close_pane()


def test_a_slip_of_the_payment_beside_the_list_is_printed_again(
    listed: CheckoutWindow, sent: Sent
) -> None:
    press(listed, "p", "s")
    number = APPROVED.sale.number
    assert sent == [PrintAgain(number, for_customer=True), PrintAgain(number, for_customer=False)]
