"""The PIN pad on the screen: drawn only where a real one stands beside the till, pressable in training.

No digit passes through here into a text: a key knows its own name, a dot knows that it is filled.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.buttons import Pressable
from ui.drawings import rounded_pen
from ui.motion import Drawing
from ui.paint import surface
from ui.room import ROOM
from ui.theme import THEME, font
from ui.tongue import say

DOTS = 6
MAX_DIGITS = 12

KEYS = (
    ("1", 0, 0), ("2", 0, 1), ("3", 0, 2),
    ("4", 1, 0), ("5", 1, 1), ("6", 1, 2),
    ("7", 2, 0), ("8", 2, 1), ("9", 2, 2),
    ("0", 3, 1),
    ("cancel", 4, 0), ("clear", 4, 1), ("enter", 4, 2),
)  # fmt: skip
"""Name, row and column, as on the pads of shops; PressPadKey takes the same names."""


class PinDots(QWidget):
    """How many digits stand on the pad."""

    def __init__(self, px: int = 26, gap: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._px, self._gap = px, gap
        self._digits = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_digits(self, digits: int) -> None:
        """So many."""
        if digits != self._digits:
            self._digits = min(digits, MAX_DIGITS)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        dots = max(DOTS, self._digits)
        return QSize(dots * self._px + (dots - 1) * self._gap, self._px)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_of_dots(painter, QRectF(self.rect()), self._digits, self._px, self._gap, 2.5)


def row_of_dots(  # a row of dots has that many measures
    painter: QPainter, rect: QRectF, digits: int, px: float, gap: float, width: float
) -> None:
    """Six dots or more, in the middle of `rect`, so many of them filled."""
    dots = max(DOTS, digits)
    left = rect.center().x() - (dots * px + (dots - 1) * gap) / 2
    painter.setPen(rounded_pen("pin", width))
    for place in range(dots):
        painter.setBrush(THEME.color("pin") if place < digits else Qt.GlobalColor.transparent)
        x = left + place * (px + gap)
        inset = width / 2
        painter.drawEllipse(
            QRectF(x, rect.center().y() - px / 2, px, px).adjusted(inset, inset, -inset, -inset)
        )


class PinPadDrawing(Drawing):
    """A PIN pad under its hood, with the dots that stand on its display."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(240, 330, 350, parent)
        self._digits = 0

    def set_digits(self, digits: int) -> None:
        """So many stand there."""
        if digits != self._digits:
            self._digits = digits
            self.update()

    def draw(self, painter: QPainter) -> None:
        painter.setPen(rounded_pen("pin", 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(QPointF(22, 120), QPointF(22, 40))
        painter.drawArc(QRectF(22, 10, 60, 60), 90 * 16, 90 * 16)
        painter.drawLine(QPointF(52, 10), QPointF(188, 10))
        painter.drawArc(QRectF(158, 10, 60, 60), 0, 90 * 16)
        painter.drawLine(QPointF(218, 40), QPointF(218, 120))
        surface(painter, QRectF(38, 26, 164, 292), 24, "surface", "ink", 3)
        surface(painter, QRectF(58, 48, 124, 60), 10, "pinTint", "pin", 2)
        row_of_dots(painter, QRectF(58, 48, 124, 60), self._digits, 13, 5, 2)
        for key, row, column in KEYS:
            if row < 4:
                rect = QRectF(58 + 44 * column, 132 + 34 * row, 36, 26)
                surface(painter, rect, 7, "surface", "pin", 1.5)
                painter.setPen(THEME.color("ink"))
                painter.setFont(font(15, 600))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)
        surface(painter, QRectF(58, 268, 58, 28), 7, "badFill")
        _cross(painter, QPointF(87, 282), 5, 2.5)
        surface(painter, QRectF(124, 268, 58, 28), 7, "okFill")
        _tick(painter, QPointF(153, 282), 7, 2.5)


class PadKey(Pressable):
    """One key of the pad on the screen."""

    def __init__(
        self, key: str, press: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._press = press
        # A focused key would show where the last digit was, and Tab belongs to the buttons.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retitle()
        self.clicked.connect(self.on_clicked)

    def retitle(self) -> None:
        """Its name for people who cannot see it."""
        names = {"cancel": say("Cancel"), "clear": say("Clear"), "enter": say("Enter")}
        self.setAccessibleName(names.get(self._key, self._key))

    def on_clicked(self) -> None:
        """It was pressed."""
        self._press(self._key)

    def sizeHint(self) -> QSize:  # Qt's name
        return ROOM.pick(QSize(56, 50), QSize(72, 52), QSize(96, 72))

    minimumSizeHint = sizeHint  # Qt's name

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        rect = QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fills = {"cancel": "badFill", "clear": "amber", "enter": "okFill"}
        fill = fills.get(self._key, "press" if self.isDown() else "surface")
        surface(painter, rect, 10, fill, "" if self._key in fills else "pin", 1.5)
        if self.isDown() and self._key in fills:
            painter.fillRect(
                rect.adjusted(10, rect.height() - 5, -10, -3), QColor(255, 255, 255, 160)
            )
        middle = rect.center()
        if self._key == "cancel":
            _cross(painter, middle, 8, 3)
        elif self._key == "enter":
            _tick(painter, middle, 11, 3)
        elif self._key == "clear":
            painter.setPen(rounded_pen("onAmber", 3))
            painter.drawPolyline(
                QPolygonF(
                    [middle + QPointF(4, -8), middle + QPointF(-4, 0), middle + QPointF(4, 8)]
                )
            )
        else:
            painter.setPen(THEME.color("ink"))
            painter.setFont(font(ROOM.pick(22, 24, 32), 600))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._key)


class TouchPinPad(QWidget):
    """The training pad: a display with dots above keys that can be pressed."""

    def __init__(self, press: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits = 0
        self._grid = QGridLayout(self)
        self.keys = tuple(PadKey(key, press, self) for key, _, _ in KEYS)
        for pad_key, (_, row, column) in zip(self.keys, KEYS, strict=True):
            self._grid.addWidget(pad_key, row, column)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.refit()
        ROOM.changed.connect(self.refit)
        THEME.changed.connect(self.update)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge, gap, display = ROOM.pick((12, 6, 48), (16, 8, 52), (24, 12, 76))
        self._grid.setContentsMargins(edge, edge + display + gap + 4, edge, edge)
        self._grid.setSpacing(gap)
        self._display = QRectF(edge, edge, 0, display)
        self.updateGeometry()

    def retranslate(self) -> None:
        """The keys' names in the language of the screen."""
        for pad_key in self.keys:
            pad_key.retitle()

    def set_digits(self, digits: int) -> None:
        """So many stand there."""
        if digits != self._digits:
            self._digits = digits
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        surface(painter, QRectF(self.rect()), 22, "surface", "ink", 3)
        display = QRectF(self._display)
        display.setWidth(self.width() - 2 * display.left())
        surface(painter, display, 10, "pinTint", "pin", 2)
        px = display.height() * 0.34
        dots = max(DOTS, self._digits)
        gap = min(px * 0.6, (display.width() - 24 - dots * px) / (dots - 1))
        row_of_dots(painter, display, self._digits, px, gap, 2)


def _cross(painter: QPainter, middle: QPointF, half: float, width: float) -> None:
    painter.setPen(rounded_pen("onBad", width))
    painter.drawLine(middle + QPointF(-half, -half), middle + QPointF(half, half))
    painter.drawLine(middle + QPointF(half, -half), middle + QPointF(-half, half))


def _tick(painter: QPainter, middle: QPointF, half: float, width: float) -> None:
    painter.setPen(rounded_pen("onOk", width))
    painter.drawPolyline(
        QPolygonF(
            [
                middle + QPointF(-half, 0),
                middle + QPointF(-half * 0.3, half * 0.7),
                middle + QPointF(half, -half * 0.6),
            ]
        )
    )
