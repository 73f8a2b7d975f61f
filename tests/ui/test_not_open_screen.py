"""Guards the screen of a till that could not be opened: code, money, remedy, one way on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from checkout.notices import Closed, FaultTold
from domain.settings import Settings
from tests.ui.shop_window import SIGN_IN, Sent
from ui.checkout_window import CheckoutWindow
from ui.label import Label
from ui.tongue import TONGUE


@pytest.fixture
def empty(dressed: QApplication, sent: Sent, qtbot: QtBot) -> CheckoutWindow:
    """The window as it stands before the till has said anything."""
    shown = CheckoutWindow(Settings(), sent.append, deaf_seconds=0)
    qtbot.addWidget(shown)
    shown.resize(1024, 768)
    shown.show()
    return shown


def texts(window: CheckoutWindow) -> str:
    labels = window.frame.stack.currentWidget().findChildren(Label)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_a_fault_before_anything_else_fills_the_window(empty: CheckoutWindow) -> None:
    empty.show_notice(FaultTold("J-01", "disk full"))
    said = texts(empty)
    assert "The till is not open" in said
    assert "The journal cannot be written" in said
    assert "No money has moved." in said
    assert "disk full" in said


def test_a_journal_that_failed_its_check_says_that_nothing_is_certain(
    empty: CheckoutWindow,
) -> None:
    empty.show_notice(FaultTold("J-02", "chain"))
    assert "Not certain." in texts(empty)


def test_it_speaks_the_language_of_the_screen(empty: CheckoutWindow) -> None:
    empty.show_notice(FaultTold("J-03", ""))
    TONGUE.speak("zh_CN")
    assert "本机未能打开" in texts(empty)


def test_every_text_fits(empty: CheckoutWindow, qtbot: QtBot) -> None:
    for code in ("J-01", "J-02", "J-03", "J-04", "C-01", "X-01", "K-01", "N-04"):
        empty.show_notice(FaultTold(code, "a detail for the people who help"))
        qtbot.wait(20)
        labels = empty.frame.stack.currentWidget().findChildren(Label)
        assert [one.text() for one in labels if one.isVisible() and not one.fits()] == []


def test_enter_closes_the_window(empty: CheckoutWindow, qtbot: QtBot) -> None:
    empty.show_notice(FaultTold("J-03", ""))
    qtbot.keyClick(empty, Qt.Key.Key_Return)
    assert not empty.isVisible()


def test_enter_closes_it_also_when_the_till_has_said_goodbye(
    empty: CheckoutWindow, qtbot: QtBot
) -> None:
    empty.show_notice(FaultTold("J-01", ""))
    empty.show_notice(Closed())
    qtbot.keyClick(empty, Qt.Key.Key_Return)
    assert not empty.isVisible()


def test_a_fault_while_somebody_signs_in_stays_a_message(window: CheckoutWindow) -> None:
    window.show_notice(SIGN_IN)
    window.show_notice(FaultTold("X-01", "printer"))
    assert window.frame.stack.currentWidget() is window.frame.sign_in
