"""The dressed application and the window, for every test of the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from domain.clock import ManualClock
from domain.settings import Settings
from tests.ui.shop_window import SIGN_IN, STRIP, Sent
from ui.application import dress
from ui.checkout_window import CheckoutWindow
from ui.theme import THEME
from ui.tongue import TONGUE


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application with the fonts and the theme of the product."""
    dress()
    return qapp


@pytest.fixture(autouse=True)
def _english_and_light() -> Iterator[None]:
    yield
    TONGUE.speak("en")
    THEME.use("light")


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def window(dressed: QApplication, sent: Sent, clock: ManualClock) -> Iterator[CheckoutWindow]:
    """The window, shown, with its strip; nobody signed in; Enter never deaf."""
    shown = CheckoutWindow(Settings(), sent.append, "Mei Lin 000000", clock=clock, deaf_seconds=0)
    shown.resize(1366, 768)
    shown.show()
    shown.activateWindow()
    shown.show_notice(SIGN_IN)
    shown.show_notice(STRIP)
    QApplication.processEvents()
    yield shown
    shown.close()
    shown.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
