"""The keypad under a finger: digits as on the keyboard's number block, and two keys beside the 0."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui import paint
from ui.amount_pad import AmountPad
from ui.buttons import Pressable
from ui.room import ROOM
from ui.theme import THEME, icon
from ui.tongue import TONGUE, say
from ui.typeset import Style, draw_line, width_of

BACKSPACE, CLEAR, DOUBLE_ZERO = "backspace", "clear", "00"
LONG_PRESS_MS = 600
SMALLEST = 56


class Key(Pressable):
    """One key. It never takes the focus: the keyboard types digits directly."""

    def __init__(self, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = value
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()
        TONGUE.changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """The words on it, or behind it."""
        if self.value == CLEAR:
            self.set_text(say("Clear"))
        elif self.value == BACKSPACE:
            self.setAccessibleName(say("Delete the last digit"))
        else:
            self.set_text(self.value)

    def _style(self) -> Style:
        return Style(17, 500) if self.value == CLEAR else Style(ROOM.pick(30, 34, 46), 500)

    def sizeHint(self) -> QSize:
        return QSize(max(SMALLEST, round(width_of(self.text(), self._style())) + 8), SMALLEST)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        other = self.value in {BACKSPACE, CLEAR}
        fill = "" if other else "surface"
        if self.isDown():
            fill = "press"
        elif self.underMouse() and self.isEnabled():
            fill = "sunken"
        paint.surface(painter, QRectF(self.rect()), ROOM.pick(12, 14, 14), fill, "line")
        ink = "ink3" if not self.isEnabled() else "ink2" if other else "ink"
        if self.value == BACKSPACE:
            px = 32
            corner = QPointF(round((self.width() - px) / 2), round((self.height() - px) / 2))
            painter.drawPixmap(corner, icon("backspace", ink, px))
            return
        left = (self.width() - width_of(self.text(), self._style())) / 2
        middle = self.height() / 2
        draw_line(painter, left, middle, self.text(), self._style(), THEME.color(ink))


class Keypad(QWidget):
    """Twelve keys; `pressed` tells '0'..'9', '00', BACKSPACE or CLEAR. A long Backspace clears."""

    pressed = Signal(str)

    def __init__(self, corner: str = DOUBLE_ZERO, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.keys = [Key(value, self) for value in (*"789456123", corner, "0", BACKSPACE)]
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(LONG_PRESS_MS)
        for place, key in enumerate(self.keys):
            self._grid.addWidget(key, place // 3, place % 3)
        self.refit()
        for key in self.keys:
            key.clicked.connect(self.on_clicked)
        self.keys[-1].pressed.connect(self._long.start)
        self.keys[-1].released.connect(self._long.stop)
        self._long.timeout.connect(self.on_long_press)
        ROOM.changed.connect(self.refit)

    def refit(self) -> None:
        """Take the gaps of the window's width."""
        self._grid.setSpacing(ROOM.pick(8, 12, 16))

    def on_clicked(self) -> None:
        """A key was pressed and let go."""
        key = self.sender()
        if isinstance(key, Key):
            self.pressed.emit(key.value)

    def on_long_press(self) -> None:
        """Backspace is being held."""
        self.pressed.emit(CLEAR)


def type_into(pad: AmountPad, value: str) -> None:
    """What a key of the keypad does to an amount."""
    if value == BACKSPACE:
        pad.backspace()
    elif value == CLEAR:
        pad.clear()
    else:
        pad.press(value)
