"""A switch with its words and its key: something else for the next payment, and for that one only."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import paint
from ui.buttons import Pressable
from ui.room import ROOM
from ui.theme import RADIUS_CONTROL, THEME
from ui.typeset import Style, draw_line, width_of

TRACK = QSize(40, 24)
GAP = 10


class Switch(Pressable):
    """Off or on; where it is on, words and track are blue."""

    def __init__(self, keycap: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keycap = keycap
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self.refit)

    def _style(self) -> Style:
        return Style(ROOM.pick(15, 15, 17), 600)

    def sizeHint(self) -> QSize:
        words = round(width_of(self.text(), self._style()) + 0.999)
        cap = round(paint.keycap_width(self._keycap))
        return QSize(TRACK.width() + 2 * GAP + words + cap + 8, ROOM.pick(44, 44, 48))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        if self.isDown() or self.underMouse():
            paint.surface(painter, QRectF(self.rect()), RADIUS_CONTROL, "press")
        middle = self.height() / 2
        track = QRectF(4, middle - TRACK.height() / 2, TRACK.width(), TRACK.height())
        paint.surface(painter, track, TRACK.height() / 2, *_looks(on=on))
        knob = QRectF(0, 0, 16, 16)
        knob.moveCenter(QPointF(track.right() - 12 if on else track.left() + 12, middle))
        paint.surface(painter, knob, 8, "onAccent" if on else "ink2")
        ink = THEME.color("accent" if on else "ink2")
        x = draw_line(painter, track.right() + GAP, middle, self.text(), self._style(), ink)
        cap = round(middle - paint.KEYCAP_HEIGHT / 2)
        paint.keycap(painter, x + GAP, cap, self._keycap, "ink2", "sunken")


def _looks(*, on: bool) -> tuple[str, str, float]:
    return ("accent", "accent", 1.5) if on else ("surface", "edge", 1.5)
