"""The screens that are built when they are first wanted: the first paint waits for none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtGui import QKeyEvent

from checkout.commands import Command
from domain.clock import Clock
from domain.settings import Settings
from domain.training import TrainingCard

if TYPE_CHECKING:
    from ui.day_screen import DayScreen
    from ui.payment_screen import PaymentScreen
    from ui.transactions_screen import TransactionsScreen
    from ui.tray_screen import TrayScreen

Send = Callable[[Command], None]


class Screen(Protocol):
    """What every screen of the window is to the keyboard."""

    def primary(self) -> None:
        """What Enter does."""

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something there."""


def payment_screen(
    settings: Settings, send: Send, cards: tuple[TrainingCard, ...]
) -> PaymentScreen:
    """The screens of a payment."""
    from ui.payment_screen import PaymentScreen

    return PaymentScreen(settings, send, training_cards=cards)


def transactions_screen(settings: Settings, send: Send, clock: Clock) -> TransactionsScreen:
    """The list of payments."""
    from ui.transactions_screen import TransactionsScreen

    return TransactionsScreen(settings, send, clock)


def tray_screen(send: Send) -> TrayScreen:
    """What is in doubt."""
    from ui.tray_screen import TrayScreen

    return TrayScreen(send)


def day_screen(settings: Settings, send: Send) -> DayScreen:
    """The end of the day."""
    from ui.day_screen import DayScreen

    return DayScreen(settings, send)
