"""Guards the way to a refund to another card: shown where the profile allows it, and never by haste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from checkout.commands import RefundToOtherCard
from domain.clock import ManualClock
from domain.kinds import Kind
from domain.sale import State
from domain.settings import AcquirerProfile, Settings
from domain.words import LANGUAGES
from tests.ui.sales_notices import APPROVED, SALES, TOMAS
from tests.ui.shop_window import CHECKOUT, STRIP, Sent, press
from tests.ui.test_checkout_window import cut_off
from ui.checkout_window import CheckoutWindow
from ui.payment_words import customer_words
from ui.tongue import TONGUE

SIZES = ((1024, 768), (1366, 768), (1920, 1080))
ALLOWED = Settings(acquirer=AcquirerProfile(refund_to_other_card=True))


@pytest.fixture
def allowed(dressed: QApplication, sent: Sent, clock: ManualClock) -> Iterator[CheckoutWindow]:
    """The list, with a sale beside it, in a shop whose contract allows it."""
    window = CheckoutWindow(ALLOWED, sent.append, clock=clock, deaf_seconds=0)
    window.resize(1366, 768)
    window.show()
    for notice in (STRIP, replace(CHECKOUT, operator=TOMAS), SALES, APPROVED):
        window.show_notice(notice)
    QApplication.processEvents()
    sent.clear()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_it_is_not_there_where_the_profile_says_nothing(window: CheckoutWindow) -> None:
    for notice in (replace(CHECKOUT, operator=TOMAS), SALES, APPROVED):
        window.show_notice(notice)
    assert not window.frame.transactions.detail.other_card.isVisible()
    press(window, "o")
    assert not window.frame.transactions.other_card_pane.isVisible()


def test_it_is_sent_behind_a_warning_and_a_reason_only(allowed: CheckoutWindow, sent: Sent) -> None:
    press(allowed, "o")
    pane = allowed.frame.transactions.other_card_pane
    assert pane.isVisible()
    press(allowed, "enter")
    assert sent == []
    press(allowed, "down", "enter")
    wanted = APPROVED.way_back.amount.minor
    assert sent == [RefundToOtherCard(APPROVED.sale.number, wanted, "The card is closed")]


def test_esc_leads_back_to_the_sale(allowed: CheckoutWindow, sent: Sent) -> None:
    press(allowed, "o", "esc")
    assert allowed.frame.transactions.detail.isVisible()
    assert sent == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits(allowed: CheckoutWindow, size: tuple[int, int], language: str) -> None:
    allowed.resize(*size)
    TONGUE.speak(language)
    assert cut_off(allowed) == []
    press(allowed, "o")
    assert cut_off(allowed) == []


def test_the_customer_is_not_asked_for_the_card_that_paid() -> None:
    sale = replace(APPROVED.sale, kind=Kind.REFUND, state=State.DRAFT, to_other_card=True)
    assert customer_words(sale) == "Please swipe the card that gets the money"
    assert customer_words(replace(sale, to_other_card=False)) == "Please swipe the card that paid"
