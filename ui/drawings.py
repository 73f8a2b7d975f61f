"""The pictures of the payment screens: reader and card, bank card, ring of seconds, hatch, octagon."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.card import EntryMode, RememberedCard
from ui.motion import MOTION, Drawing, MovingDrawing
from ui.paint import surface
from ui.theme import ASSETS, THEME, font
from ui.tongue import say

FLOAT_SECONDS = 1.6
FLOAT_TIMES = 2
FLOAT_UNITS = 10
TURN_SECONDS = 1.2
HATCH_SECONDS = 0.9
HATCH_HEIGHT = 14


def rounded_pen(token: str, width: float) -> QPen:
    """A pen with round ends and joins."""
    return QPen(
        THEME.color(token),
        width,
        Qt.PenStyle.SolidLine,
        Qt.PenCapStyle.RoundCap,
        Qt.PenJoinStyle.RoundJoin,
    )


class ReaderDrawing(MovingDrawing):
    """A card over a card reader, coming down to it twice and then resting.

    A reader of stripes shows a slot and a striped card, any other the waves of a contactless one.
    """

    def __init__(self, *, stripes: bool, parent: QWidget | None = None) -> None:
        super().__init__(300, 300, 330, parent)
        self._stripes = stripes
        self._amount = ""

    def set_amount(self, amount: str) -> None:
        """What stands on the reader's display."""
        if amount != self._amount:
            self._amount = amount
            self.update()

    def on_frame(self) -> None:
        super().on_frame()
        if MOTION.reduced or self.seconds > FLOAT_SECONDS * FLOAT_TIMES:
            self._frames.stop()

    def draw(self, painter: QPainter) -> None:
        surface(painter, QRectF(52, 62, 164, 222), 24, "surface", "ink", 3)
        surface(painter, QRectF(72, 84, 124, 74), 10, "accentTint", "accent", 2)
        px = 27
        while px > 12 and QFontMetricsF(font(px, 600)).horizontalAdvance(self._amount) > 116:
            px -= 1
        painter.setFont(font(px, 600))
        painter.setPen(THEME.color("ink"))
        painter.drawText(QRectF(72, 84, 124, 74), Qt.AlignmentFlag.AlignCenter, self._amount)
        painter.setPen(rounded_pen("accent", 6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._stripes:
            painter.drawLine(QPointF(92, 210), QPointF(172, 210))
            painter.drawPolyline(
                QPolygonF([QPointF(154, 192), QPointF(172, 210), QPointF(154, 228)])
            )
        else:
            for x, y, radius in ((112, 208, 26), (130, 208, 44), (148, 208, 62)):
                _wave(painter, x, y, radius)
        painter.setPen(rounded_pen("ink", 5))
        painter.drawLine(QPointF(96, 265), QPointF(172, 265))
        self._draw_card(painter)

    def _draw_card(self, painter: QPainter) -> None:
        phase = self.seconds / FLOAT_SECONDS
        moving = phase < FLOAT_TIMES and not MOTION.reduced
        down = FLOAT_UNITS * (1 - math.cos(phase * 2 * math.pi)) / 2 if moving else 0.0
        painter.translate(0, down)
        painter.translate(220, 60)
        painter.rotate(14)
        painter.translate(-220, -60)
        card = QPainterPath()
        card.addRoundedRect(QRectF(150, 14, 138, 88), 12, 12)
        painter.fillPath(card, THEME.color("accent"))
        if self._stripes:
            painter.fillRect(QRectF(150, 30, 138, 18), THEME.color("night"))
        else:
            surface(painter, QRectF(166, 40, 26, 20), 4, "amber")
        painter.setPen(rounded_pen("onAccent", 5))
        painter.drawLine(QPointF(166, 82), QPointF(200, 82))
        painter.drawLine(QPointF(208, 82), QPointF(226, 82))


def _wave(painter: QPainter, x: float, y: float, radius: float) -> None:
    """A quarter of a circle that opens to the right, through (x, y ± 0.7 radius)."""
    half = radius * math.sqrt(0.5)
    centre = QPointF(x - half, y)
    rect = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.drawArc(rect, -45 * 16, 90 * 16)


class BankCardDrawing(Drawing):
    """The card as it was read: scheme, the digits that may be seen, and how they came in."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(320, 200, 164, parent)
        self._card: RememberedCard | None = None
        self._read_by = ""

    def set_card(self, card: RememberedCard | None, read_by: str) -> None:
        """Another card; `read_by` is already in the language of the screen."""
        self._card, self._read_by = card, read_by
        self.update()

    def draw(self, painter: QPainter) -> None:
        whole = QPainterPath()
        whole.addRoundedRect(QRectF(0, 0, 320, 200), 18, 18)
        painter.fillPath(whole, THEME.color("night"))
        lower = QPainterPath()
        lower.addPolygon(
            QPolygonF([QPointF(0, 150), QPointF(320, 62), QPointF(320, 200), QPointF(0, 200)])
        )
        painter.fillPath(lower & whole, THEME.color("nightLine"))
        if self._card is None:
            return
        if self._card.entry in {EntryMode.CHIP, EntryMode.TAP}:
            self._draw_chip(painter)
        painter.setPen(THEME.color("onNight"))
        painter.setFont(font(18, 600))
        painter.drawText(QPointF(26, 42), self._card.scheme)
        painter.setFont(_fitting(self._card.grouped(), 23, 268))
        painter.drawText(QPointF(26, 146), self._card.grouped())
        painter.setFont(font(15))
        painter.drawText(QPointF(26, 178), self._read_by)

    def _draw_chip(self, painter: QPainter) -> None:
        surface(painter, QRectF(26, 64, 46, 34), 7, "amber")
        painter.setPen(QPen(THEME.color("onAmber"), 1.5))
        for start, end in (((26, 81), (42, 81)), ((56, 81), (72, 81))):
            painter.drawLine(QPointF(*start), QPointF(*end))
        for x in (42, 56):
            painter.drawLine(QPointF(x, 64), QPointF(x, 98))


def _fitting(text: str, px: int, room: float) -> QFont:
    while px > 12 and QFontMetricsF(font(px, 500, 0.05)).horizontalAdvance(text) > room:
        px -= 1
    return font(px, 500, 0.05)


class RingDrawing(MovingDrawing):
    """The seconds since the bank was asked, inside a ring that turns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(220, 220, 232, parent)
        self._before = 0.0

    def set_seconds(self, before: float) -> None:
        """So much of the wait was over when this was called."""
        self._before = before
        self._clock.start()
        self.update()

    def draw(self, painter: QPainter) -> None:
        ring = QRectF(12, 12, 196, 196)
        painter.setPen(rounded_pen("nightLine", 12))
        painter.drawEllipse(ring)
        turned = 0.0 if MOTION.reduced else self.seconds / TURN_SECONDS * 360
        painter.setPen(rounded_pen("onNight", 12))
        painter.drawArc(ring, round((60 - turned) * 16), -100 * 16)
        painter.setPen(THEME.color("onNight"))
        waited = self._before + self.seconds
        painter.setFont(font(56, 600))
        painter.drawText(
            QRectF(0, 74, 220, 60), Qt.AlignmentFlag.AlignCenter, f"{max(0.0, waited):.1f}"
        )
        painter.setFont(font(17))
        painter.drawText(QRectF(0, 132, 220, 28), Qt.AlignmentFlag.AlignCenter, say("seconds"))


class Hatch(MovingDrawing):
    """Amber and black stripes that run while the till undoes something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(28, HATCH_HEIGHT, HATCH_HEIGHT, parent)
        self.setMinimumWidth(28)
        self.setMaximumWidth(16777215)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tile: QPixmap | None = None

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(28, HATCH_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._tile is None:
            self._tile = QPixmap(str(ASSETS / "hatch.png"))
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.color("amber"))
        moved = 0.0 if MOTION.reduced else self.seconds / HATCH_SECONDS % 1 * 28
        painter.drawTiledPixmap(self.rect(), self._tile, QPointF(28 - moved, 0).toPoint())


class Octagon(Drawing):
    """The filled octagon with a cross: declined, and told from approved without any colour."""

    def __init__(self, pixels: int, parent: QWidget | None = None) -> None:
        super().__init__(24, 24, pixels, parent)

    def draw(self, painter: QPainter) -> None:
        corners = (
            (8.27, 3), (15.73, 3), (21, 8.27), (21, 15.73),
            (15.73, 21), (8.27, 21), (3, 15.73), (3, 8.27),
        )  # fmt: skip
        painter.setPen(rounded_pen("onBad", 1.5))
        painter.setBrush(THEME.color("onBad"))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.setPen(rounded_pen("badFill", 2.25))
        painter.drawLine(QPointF(8.5, 8.5), QPointF(15.5, 15.5))
        painter.drawLine(QPointF(15.5, 8.5), QPointF(8.5, 15.5))


class TimeBar(QWidget):
    """How much of a wait is left, as a bar; the seconds stand beside it in words."""

    def __init__(
        self, fill: str, border: str, height: int = 8, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = (fill, border)
        self._part = 0.0
        self.setFixedHeight(height)
        THEME.changed.connect(self.update)

    def set_part(self, part: float) -> None:
        """From 0 to 1."""
        part = min(1.0, max(0.0, part))
        if part != self._part:
            self._part = part
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        fill, border = self._look
        whole = QRectF(self.rect())
        radius = whole.height() / 2
        surface(painter, whole, radius, "surface", border)
        inner = whole.adjusted(1, 1, -1, -1)
        inner.setWidth(inner.width() * self._part)
        if inner.width() > inner.height():
            surface(painter, inner, inner.height() / 2, fill)
