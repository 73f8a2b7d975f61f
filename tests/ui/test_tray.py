"""Guards the tray of unknown results: how it is reached, what it says, and who may settle what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from checkout.commands import CloseList, Resolve, ShowTray
from checkout.notices import SettledTold, TrayShown
from domain.kinds import Kind
from domain.operators import Operator, Role
from domain.sale import Moment, State
from domain.truth import money_moved
from domain.words import LANGUAGES
from tests.ui.payment_notices import WAITING
from tests.ui.sales_notices import TOMAS, TRAY
from tests.ui.shop_window import CHECKOUT, STRIP, Sent, press
from tests.ui.test_checkout_window import cut_off
from ui.checkout_window import CheckoutWindow
from ui.payment_words import moved_words
from ui.tongue import TONGUE

SIZES = ((1024, 768), (1366, 768), (1920, 1080))
PRIYA = Operator("03", "Priya Nair", Role.MANAGER)


@pytest.fixture
def tray(window: CheckoutWindow, sent: Sent) -> CheckoutWindow:
    """A manager looks at the tray."""
    window.show_notice(replace(CHECKOUT, operator=PRIYA))
    window.show_notice(TRAY)
    sent.clear()
    return window


def test_the_chip_and_ctrl_u_lead_to_the_tray(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(CHECKOUT)
    window.show_notice(replace(STRIP, in_doubt=2))
    QTest.mouseClick(window.frame.strip.in_doubt, Qt.MouseButton.LeftButton)
    press(window, "u", control=True)
    assert sent.of(ShowTray) == [ShowTray(), ShowTray()]


def test_no_payment_is_left_for_the_tray(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(WAITING)
    press(window, "u", control=True)
    assert not sent.of(ShowTray)


def test_esc_leads_back(tray: CheckoutWindow, sent: Sent) -> None:
    press(tray, "esc")
    assert sent == [CloseList()]


def test_nothing_is_settled_without_a_reason_nor_with_enter(
    tray: CheckoutWindow, sent: Sent
) -> None:
    screen = tray.frame.tray
    screen.charged.click()
    screen.reason.field.setText("Eastbridge, Li Na, ref 8841")
    press(tray, "enter")
    assert sent == []
    screen.charged.click()
    assert sent == [Resolve(412, charged=True, reason="Eastbridge, Li Na, ref 8841")]


def test_a_reason_belongs_to_one_payment(tray: CheckoutWindow, sent: Sent) -> None:
    screen = tray.frame.tray
    screen.reason.field.setText("ref 8841")
    press(tray, "down")
    assert screen.row is not None
    assert screen.row.sale.number == 414
    assert not screen.not_charged.isEnabled()
    screen.reason.field.setText("ref 8842")
    screen.not_charged.click()
    assert sent == [Resolve(414, charged=False, reason="ref 8842")]


def test_a_newer_picture_keeps_what_is_being_typed(tray: CheckoutWindow) -> None:
    screen = tray.frame.tray
    screen.reason.field.setText("ref 88")
    tray.show_notice(TrayShown(TRAY.rows[:3], blocks_settlement=True))
    assert screen.reason.field.text() == "ref 88"


def test_who_is_no_manager_reads_that_one_will_be_asked(tray: CheckoutWindow) -> None:
    tray.show_notice(replace(CHECKOUT, operator=TOMAS))
    tray.show_notice(TRAY)
    assert tray.frame.tray._manager.text() == "A manager notes what the bank says."
    assert tray.frame.tray.charged.isVisible()


def test_what_the_till_settles_itself_asks_for_nobody(tray: CheckoutWindow) -> None:
    press(tray, "down", "down")
    screen = tray.frame.tray
    assert screen.row is not None
    assert screen.row.sale.state is State.REVERSAL_PENDING
    assert not screen.charged.isVisible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off(tray: CheckoutWindow, size: tuple[int, int], language: str) -> None:
    TONGUE.speak(language)
    tray.resize(*size)
    for _ in TRAY.rows:
        assert cut_off(tray) == []
        press(tray, "down")
    tray.show_notice(TrayShown((), blocks_settlement=False))
    assert cut_off(tray) == []


@pytest.mark.parametrize(
    ("kind", "event", "state", "said", "small"),
    [
        (Kind.SALE, "FoundCharged", State.APPROVED, "is settled: charged.", ""),
        (Kind.SALE, "FoundNotCharged", State.REVERSED, "is settled: not charged.", "Noted by"),
        (Kind.VOID, "FoundCharged", State.APPROVED, "the money goes back.", ""),
        (Kind.VOID, "FoundNotCharged", State.REVERSED, "The sale stays as it was.", "Noted by"),
    ],
)
def test_what_a_manager_noted_is_not_called_the_banks_word(
    tray: CheckoutWindow, kind: Kind, event: str, state: State, said: str, small: str
) -> None:
    row = TRAY.rows[0].sale
    moments = (*row.history, Moment(row.started_at, event, "03 Priya Nair: ref 8841"))
    sale = replace(row, kind=kind, state=state, history=moments, finished_at=row.started_at)
    tray.show_notice(SettledTold(sale))
    assert tray.frame.toast.text.endswith(said)
    assert moved_words(money_moved(sale), sale).small.startswith(small)
