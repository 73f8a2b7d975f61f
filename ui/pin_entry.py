"""Digits that nobody may read: dots that count them, the keypad under a finger, a field for them.

They stand in a buffer that is wiped, never in a text widget, whose undo history would keep them.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from domain.staff import LONGEST_PIN, SHORTEST_PIN
from ui import paint
from ui.keypad import BACKSPACE, CLEAR, Keypad
from ui.theme import RADIUS_CONTROL, THEME

_WIDE, _GAP = 22, 16
_SMALL, _SMALL_GAP = 18, 7
_FIELD_DOT, _FIELD_STEP = 12, 19


class PinDots(QWidget):
    """How many digits have been typed; never which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self.setFixedSize(LONGEST_PIN * (_SMALL + _SMALL_GAP) - _SMALL_GAP, _WIDE)
        THEME.changed.connect(self.update)

    def set_count(self, count: int) -> None:
        """So many are full."""
        self._count = count
        self.setAccessibleName(str(count))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        places = max(SHORTEST_PIN, self._count)
        dot, gap = (_WIDE, _GAP) if places == SHORTEST_PIN else (_SMALL, _SMALL_GAP)
        left = (self.width() - places * (dot + gap) + gap) / 2
        for place in range(places):
            rect = QRectF(left + place * (dot + gap), (_WIDE - dot) / 2, dot, dot)
            if place < self._count:
                paint.surface(painter, rect, dot / 2, "ink")
            else:
                paint.surface(painter, rect, dot / 2, "", "edge", 2)


class Digits:
    """A PIN on its way: added to, taken back, taken once, wiped."""

    def __init__(self) -> None:
        self._typed = bytearray()

    def __len__(self) -> int:
        return len(self._typed)

    def press(self, value: str) -> None:
        """A digit, BACKSPACE or CLEAR."""
        if value == BACKSPACE:
            del self._typed[-1:]
        elif value == CLEAR:
            self.wipe()
        elif len(self._typed) < LONGEST_PIN:
            self._typed += value.encode()

    def take(self) -> str:
        """The digits, once."""
        text = self._typed.decode()
        self.wipe()
        return text

    def is_same(self, other: Digits) -> bool:
        """Whether both are the same digits."""
        return self._typed == other._typed

    def wipe(self) -> None:
        """No digit."""
        self._typed[:] = bytes(len(self._typed))
        self._typed.clear()


def value_of(event: QKeyEvent) -> str:
    """What a key of the keyboard means to a PIN; '' for nothing."""
    text = event.text()
    if text and text in "0123456789":
        return text
    return BACKSPACE if event.key() == Qt.Key.Key_Backspace else ""


class PinPad(QWidget):
    """Dots above a keypad; `changed` with every digit."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits = Digits()
        self.dots = PinDots()
        self.keypad = Keypad(CLEAR)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.dots, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.keypad, 1)
        self.keypad.pressed.connect(self.on_key)

    def __len__(self) -> int:
        return len(self._digits)

    @property
    def is_enough(self) -> bool:
        """Whether this can be a PIN at all."""
        return len(self._digits) >= SHORTEST_PIN

    def take(self) -> str:
        """The digits, once."""
        text = self._digits.take()
        self._show()
        return text

    def clear(self) -> None:
        """No digit."""
        self.on_key(CLEAR)

    def key(self, event: QKeyEvent) -> bool:
        """A key of the keyboard. True where it meant something here."""
        value = value_of(event)
        if value:
            self.on_key(value)
        return bool(value)

    def on_key(self, value: str) -> None:
        """A key of the keypad, or its twin on the keyboard."""
        self._digits.press(value)
        self._show()

    def _show(self) -> None:
        self.dots.set_count(len(self._digits))
        self.changed.emit()


class PinField(QWidget):
    """A PIN among other fields: dots in a frame, with a caret while it has the focus."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digits = Digits()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(48)
        THEME.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(140, 48)

    minimumSizeHint = sizeHint

    def clear(self) -> None:
        """No digit."""
        self.digits.wipe()
        self._changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        value = value_of(event)
        if not value:
            super().keyPressEvent(event)
            return
        self.digits.press(value)
        self._changed()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        border, width = ("accent", 2) if self.hasFocus() else ("edge", 1)
        paint.surface(painter, QRectF(self.rect()), RADIUS_CONTROL, "surface", border, width)
        step = min(_FIELD_STEP, (self.width() - 32) / LONGEST_PIN)
        dot = min(_FIELD_DOT, step - 3)
        middle = self.height() / 2
        for place in range(len(self.digits)):
            rect = QRectF(14 + place * step, middle - dot / 2, dot, dot)
            paint.surface(painter, rect, dot / 2, "ink")
        if self.hasFocus():
            left = 14 + len(self.digits) * step
            painter.fillRect(QRectF(left, middle - 11, 2, 22), THEME.color("accent"))

    def _changed(self) -> None:
        self.update()
        self.changed.emit()
