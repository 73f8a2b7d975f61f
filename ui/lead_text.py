"""A sentence whose beginning is set strong, as in a warning: one flowing text in two weights."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.room import ROOM
from ui.theme import THEME, bold_chinese, font
from ui.tongue import TONGUE
from ui.typeset import Style, metrics

LINE_HEIGHTS = {17: 25, 20: 29}


class LeadText(QWidget):
    """Wraps by itself; `set_words` takes the strong part and the rest."""

    def __init__(self, token: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self._strong = ""
        self._rest = ""
        self._heights: dict[int, int] = {}
        self._heights_of: tuple[str, int, str] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.updateGeometry)
        ROOM.changed.connect(self.updateGeometry)

    def set_words(self, strong: str, rest: str = "") -> None:
        """Both parts, said already."""
        if (strong, rest) != (self._strong, self._rest):
            self._strong, self._rest = strong, rest
            self.setAccessibleName(self.text())
            self.updateGeometry()
            self.update()

    def set_token(self, token: str) -> None:
        """Another colour."""
        self._token = token
        self.update()

    def text(self) -> str:
        """The whole of it."""
        joined = self._strong.endswith(("。", "，")) or not (self._strong and self._rest)
        gap = "" if joined else " "
        return f"{self._strong}{gap}{self._rest}"

    def hasHeightForWidth(self) -> bool:  # Qt's name
        return True

    def heightForWidth(self, width: int) -> int:  # Qt's name
        # Remembered, since Qt asks hundreds of times for the same few widths.
        if self._heights_of != (spoken := (self.text(), self._px(), TONGUE.language)):
            self._heights_of = spoken
            self._heights.clear()
        if width not in self._heights:
            self._heights[width] = self._laid(width)[1]
        return max(self._line_height(), self._heights[width])

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(0, self._line_height())

    def fits(self) -> bool:
        """Whether all of the text can be seen (for the audit of the screens)."""
        return self.heightForWidth(self.width()) <= self.height()

    def _px(self) -> int:
        return ROOM.pick(17, 17, 20)

    def _line_height(self) -> int:
        return LINE_HEIGHTS[self._px()]

    def _laid(self, width: float) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self.text(), font(self._px(), 400))
        layout.setFormats(self._strong_formats())
        option = QTextOption(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        measures = metrics(Style(self._px()))
        leading = (self._line_height() - measures.ascent - measures.descent) / 2
        height = 0
        layout.beginLayout()
        line = layout.createLine()
        while line.isValid():
            line.setLineWidth(max(1.0, width))
            line.setPosition(QPointF(0, height + leading + measures.ascent - line.ascent()))
            height += self._line_height()
            line = layout.createLine()
        layout.endLayout()
        return layout, height

    def _strong_formats(self) -> list[QTextLayout.FormatRange]:
        chinese = not self._strong.isascii()
        return [_range(0, len(self._strong), _strong_font(self._px(), chinese=chinese))]

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.setPen(THEME.color(self._token))
        layout, height = self._laid(self.width())
        layout.draw(painter, QPointF(0, (self.height() - height) / 2))


def _strong_font(px: int, *, chinese: bool) -> QFont:
    return bold_chinese(px) if chinese else font(px, 600)


def _range(start: int, length: int, style: QFont) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length = start, length
    look = QTextCharFormat()
    look.setFont(style)
    found.format = look
    return found
