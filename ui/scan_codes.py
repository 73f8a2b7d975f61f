"""Keys into characters by where they are on a US keyboard, whatever layout or lock is on.

A reader types as a US keyboard would. Its scan codes say which key it pressed; the host's layout
and CapsLock would turn them into other characters. The main block of a PC keyboard has the same
numbers everywhere: those of scan code set 1, which Linux (evdev) took over and X11 and Wayland
raise by eight.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

from ui.wedge_sense import ENTER

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
PLAIN = {first + i: ord(c) for first, row, _ in _ROWS for i, c in enumerate(row)}
SHIFTED = {first + i: ord(c) for first, _, row in _ROWS for i, c in enumerate(row)}

_OFFSETS = {"xcb": 8, "wayland": 8, "wayland-egl": 8, "windows": 0}
_HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_PRINTABLE = range(0x20, 0x7F)


def character_of(event: QKeyEvent) -> int | None:
    """The ASCII code that a reader meant by this key, ENTER, or None for a key that types none.

    Where the event carries no scan code (made by a program) or the platform's numbers are not
    known, the event's own text counts.
    """
    if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return ENTER
    if event.modifiers() & _HELD:
        return None
    offset = _OFFSETS.get(QGuiApplication.platformName())
    if event.nativeScanCode() and offset is not None:
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        code = (SHIFTED if shifted else PLAIN).get(event.nativeScanCode() - offset)
        if code is not None:
            return code
    text = event.text()
    return ord(text) if len(text) == 1 and ord(text) in _PRINTABLE else None
