"""Text into lines: measured and drawn the same way everywhere, strong Chinese included."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from ui.theme import bold_chinese, font
from ui.tongue import TONGUE

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
STRONG = 600
UNBROKEN = 1_000_000.0


class Style(NamedTuple):
    """Size, weight and tracking, as in the design's table of type."""

    px: int
    weight: int = 400
    tracking: float = 0.0


class Metrics(NamedTuple):
    """The vertical measures of Inter at one size; every line is set by them, whatever is in it."""

    ascent: float
    descent: float
    x_height: float


@lru_cache(maxsize=128)
def metrics(style: Style) -> Metrics:
    """The measures of a style."""
    measured = QFontMetricsF(font(*style))
    return Metrics(measured.ascent(), measured.descent(), measured.xHeight())


class Lines:
    """A text set in one style to a width."""

    def __init__(
        self,
        text: str,
        style: Style,
        width: float = UNBROKEN,
        line_height: float = 0.0,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        measures = metrics(style)
        line_height = line_height or measures.ascent + measures.descent
        self._layout = QTextLayout(text.replace("\n", "\u2028"), font(*style))
        self._layout.setFormats(_strong_chinese(text, style))
        option = QTextOption(align & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        self.height = 0.0
        self.width = 0.0
        line = self._layout.createLine()
        while line.isValid():
            line.setLineWidth(width)
            leading = (line_height - measures.ascent - measures.descent) / 2
            baseline = self.height + leading + measures.ascent
            line.setPosition(QPointF(0, baseline - line.ascent()))
            self.width = max(self.width, line.naturalTextWidth())
            self.height += line_height
            line = self._layout.createLine()
        self._layout.endLayout()

    def draw(self, painter: QPainter, left: float, top: float, color: QColor) -> None:
        """Draw with the top left corner there."""
        painter.setPen(color)
        self._layout.draw(painter, QPointF(left, top))


def width_of(text: str, style: Style) -> float:
    """Pixels of the text's widest line, unbroken."""
    return _width_of(text, style, TONGUE.language)


@lru_cache(maxsize=2048)
def _width_of(text: str, style: Style, _language: str) -> float:
    return Lines(text, style).width


def height_of(text: str, style: Style, width: int, line_height: int) -> float:
    """Pixels of the text from top to bottom, broken at that width.

    Qt asks each text hundreds of times for the same few widths whenever a screen changes, and every
    answer is a text set anew: it is remembered.
    """
    return _height_of(text, style, width, line_height, TONGUE.language)


@lru_cache(maxsize=4096)
def _height_of(text: str, style: Style, width: int, line_height: int, _language: str) -> float:
    return Lines(text, style, float(width), line_height).height


def draw_line(
    painter: QPainter, left: float, middle: float, text: str, style: Style, color: QColor
) -> float:
    """Draw one line with its left edge and vertical middle there; returns its right edge."""
    lines = Lines(text, style)
    lines.draw(painter, left, middle - lines.height / 2, color)
    return left + lines.width


def _strong_chinese(text: str, style: Style) -> list[QTextLayout.FormatRange]:
    if style.weight < STRONG:
        return []
    ranges = []
    for found in _CHINESE.finditer(text):
        piece = QTextLayout.FormatRange()
        piece.start, piece.length = found.start(), found.end() - found.start()
        look = QTextCharFormat()
        look.setFont(bold_chinese(style.px))
        piece.format = look
        ranges.append(piece)
    return ranges
