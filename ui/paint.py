"""The few shapes that everything on the screen is made of: a rounded surface and a key cap."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen

from ui.theme import RADIUS_KEY, THEME
from ui.typeset import Style, draw_line, width_of

KEYCAP_HEIGHT = 24
KEYCAP_STYLE = Style(13, 600)


def surface(
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
    shape.addRoundedRect(
        rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset
    )
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
    return max(float(KEYCAP_HEIGHT), round(width_of(text, KEYCAP_STYLE)) + 16.0)


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
    inside = left + (rect.width() - width_of(text, KEYCAP_STYLE)) / 2
    draw_line(painter, inside, top + KEYCAP_HEIGHT / 2 - 0.5, text, KEYCAP_STYLE, THEME.color(ink))
    painter.restore()
