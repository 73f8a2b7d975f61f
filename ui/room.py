"""How much room the window has: three classes of width, after which sizes are chosen."""

from __future__ import annotations

from typing import Literal, TypeVar

from PySide6.QtCore import QObject, Signal

Width = Literal["narrow", "normal", "wide"]
Value = TypeVar("Value")

NARROW_BELOW = 1300
"""The design says 1100; below 1300 amounts and keypad do not fit beside each other."""
WIDE_FROM = 1700


class Room(QObject):
    """The class of the window's width; `changed` comes only when the class does."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._width: Width = "normal"

    @property
    def width(self) -> Width:
        """Below NARROW_BELOW pixels, up to WIDE_FROM, or more."""
        return self._width

    def measure(self, pixels: int) -> None:
        """The window is that wide now."""
        width: Width = (
            "narrow" if pixels < NARROW_BELOW else "wide" if pixels >= WIDE_FROM else "normal"
        )
        if width != self._width:
            self._width = width
            self.changed.emit()

    def pick(self, narrow: Value, normal: Value, wide: Value) -> Value:
        """The one of three values that fits the width."""
        return {"narrow": narrow, "normal": normal, "wide": wide}[self._width]


ROOM = Room()
"""There is one window, so there is one room."""
