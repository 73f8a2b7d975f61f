"""What the tests of the window share: notices to show, and keys as the platform delivers them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from checkout.commands import Command, SwipeTyped
from checkout.notices import CheckoutShown, SaleLine, SignInShown, StripShown
from domain.card import EntryMode, RememberedCard
from domain.money import Money
from domain.operators import Operator, Role
from domain.sale import State

MEI = Operator("01", "Mei Lin", Role.CASHIER)
TOMAS = Operator("02", "Tomás Rivera", Role.SUPERVISOR)
SIGN_IN = SignInShown((MEI, TOMAS))
STRIP = StripShown(84, "", "ready", "ready", 0, 0)
AT = datetime(2026, 11, 22, 14, 26, tzinfo=UTC)


def card(scheme: str, last4: str) -> RememberedCard:
    return RememberedCard(f"622202******{last4}", scheme, EntryMode.SWIPE)


LAST_FIVE = tuple(
    SaleLine(411 - place, state, Money(minor), used, AT - timedelta(minutes=7 * place))
    for place, (state, minor, used) in enumerate(
        (
            (State.APPROVED, 3650, card("UnionPay", "8841")),
            (State.REVERSAL_PENDING, 21200, card("UnionPay", "1234")),
            (State.DECLINED, 5880, card("Visa", "0071")),
            (State.NOT_SENT, 1990, None),
            (State.REVERSED, 999_999_999, card("Mastercard", "4409")),
        )
    )
)
CHECKOUT = CheckoutShown(MEI, 412, LAST_FIVE, 58, Money(668430))


class Sent(list[Command]):
    """Every command that the window sent."""

    def of(self, kind: type) -> list[Command]:
        return [command for command in self if isinstance(command, kind)]

    @property
    def stripes(self) -> list[bytes]:
        """What the wedge handed to the till."""
        return [bytes(command.stripe) for command in self if isinstance(command, SwipeTyped)]


NAMED = {
    "enter": Qt.Key.Key_Return,
    "keypad enter": Qt.Key.Key_Enter,
    "esc": Qt.Key.Key_Escape,
    "backspace": Qt.Key.Key_Backspace,
    "space": Qt.Key.Key_Space,
    "tab": Qt.Key.Key_Tab,
}


def press(window: QWidget, *keys: str, control: bool = False) -> None:
    """Press and release keys by name or character, where the platform would deliver them."""
    modifiers = Qt.KeyboardModifier.NoModifier
    if control:
        modifiers = Qt.KeyboardModifier.ControlModifier
    for key in keys:
        code = NAMED.get(key)
        text = " " if key == "space" else "\r" if "enter" in key else "" if code else key
        if code is None and len(key) > 1:
            code, text = getattr(Qt.Key, f"Key_{key.capitalize()}"), ""
        if code is None:
            code = Qt.Key(ord(key.upper()))
        deliver(window, code, text, modifiers)


def deliver(
    window: QWidget,
    code: Qt.Key,
    text: str,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    scan_code: int = 0,
) -> None:
    """One key, down and up, into the window's own event queue."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        if scan_code:
            event = QKeyEvent(kind, code, modifiers, scan_code, 0, 0, text)
        else:
            event = QKeyEvent(kind, code, modifiers, text)
        QCoreApplication.sendEvent(window.windowHandle(), event)
