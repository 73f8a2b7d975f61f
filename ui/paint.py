"""The few shapes that everything on the screen is made of: a rounded surface and a key cap."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from ui.theme import RADIUS_KEY, THEME, font

KEYCAP_HEIGHT = 24
KEYCAP_PX = 13


def surface(  # noqa: PLR0913  # a surface has that many sides
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: str = "",
    border: str = "",
    width: float = 1.0,
    *,
    dashed: bool = False,
) -> None:
    """A rounded rectangle whose border lies inside `rect`; fill and border are tokens or ''."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if border else 0.0
    shape = QPainterPath()
    shape.addRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
    if fill:
        painter.fillPath(shape, THEME.color(fill))
    if border:
        pen = QPen(THEME.color(border), width)
        if dashed:
            pen.setDashPattern([3.0, 2.2])
        painter.strokePath(shape, pen)
    painter.restore()


def keycap_width(text: str) -> float:
    """Pixels that the cap of a key with that inscription takes."""
    return max(
        float(KEYCAP_HEIGHT), QFontMetricsF(font(KEYCAP_PX, 600)).horizontalAdvance(text) + 16
    )


def keycap(painter: QPainter, left: float, top: float, text: str, ink: str, fill: str = "") -> None:
    """The cap of a key: a small frame with a thicker foot. `ink` colours the text; edge by it."""
    border = "edge" if ink == "ink2" else ink
    rect = QRectF(left, top, keycap_width(text), KEYCAP_HEIGHT)
    surface(painter, rect, RADIUS_KEY, fill, border)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(THEME.color(border), 1))
    foot = rect.bottom() - 1.5
    painter.drawLine(QPointF(left + 3, foot), QPointF(rect.right() - 3, foot))
    painter.setPen(THEME.color(ink))
    painter.setFont(font(KEYCAP_PX, 600))
    painter.drawText(rect.adjusted(0, -1, 0, -1), Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def text_at(painter: QPainter, where: QPointF, text: str, style: QFont, color: QColor) -> float:
    """Draw text with its left edge and vertical middle at `where`; returns the right edge."""
    metrics = QFontMetricsF(style)
    painter.setFont(style)
    painter.setPen(color)
    middle = (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(where.x(), where.y() + middle), text)
    return where.x() + metrics.horizontalAdvance(text)
