"""Text on the screen: set in the design's type with its line height, so that no font moves a line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import THEME, font
from ui.tongue import TONGUE
from ui.typeset import UNBROKEN, Lines, Style, height_of, metrics, width_of

LINE_HEIGHTS = {13: 20, 14: 20, 15: 22, 17: 25, 18: 27, 19: 28, 20: 28, 22: 30, 24: 32, 26: 32}

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Label(QLabel):
    """One text in one style. `wrap` lets it take several lines, `elide` shortens it with an ellipsis.

    `line` is the height of one line in pixels; 0 takes the design's for that size. The text is
    drawn here and not by QLabel, whose lines grow with every fallback font.
    """

    def __init__(  # noqa: PLR0913  # a style has that many sides
        self,
        text: str = "",
        px: int = 15,
        weight: int = 400,
        token: str = "ink",
        tracking: float = 0.0,
        *,
        wrap: bool = False,
        elide: bool = False,
        struck: bool = False,
        align: Qt.AlignmentFlag = _LEFT,
        line: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.token = token
        self.elide = elide
        self.struck = struck
        self._style = Style(px, weight, tracking)
        self._line = line
        self._laid: tuple[object, Lines] | None = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(align)
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.setText(text)
        self.restyle()
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Take the font of the language on the screen."""
        self.setFont(font(*self._style))
        self._laid = None
        self.updateGeometry()
        self.update()

    def set_style(self, px: int, weight: int = 400, tracking: float = 0.0, line: int = 0) -> None:
        """Another size or weight, at a breakpoint or in another state."""
        style = Style(px, weight, tracking)
        if style != self._style or line != self._line:
            self._style, self._line = style, line
            self.restyle()

    def set_token(self, token: str) -> None:
        """Another colour."""
        if token != self.token:
            self.token = token
            self.update()

    @property
    def line_height(self) -> int:
        """Pixels from one line to the next."""
        px = self._style.px
        return self._line or LINE_HEIGHTS.get(px, round(px * 1.15))

    def text_width(self) -> int:
        """Pixels that the text takes on one line."""
        return int(width_of(self.text(), self._style) + 0.999)

    def sizeHint(self) -> QSize:
        if self.wordWrap():
            width = min(self.text_width(), 460)
            return QSize(width, self.heightForWidth(width))
        return QSize(self.text_width(), self.line_height)

    def minimumSizeHint(self) -> QSize:
        if self.wordWrap():
            return QSize(0, self.line_height)
        return QSize(0 if self.elide else self.text_width(), self.line_height)

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return self.line_height
        height = height_of(self.text(), self._style, width, self.line_height)
        return max(self.line_height, round(height))

    def fits(self) -> bool:
        """Whether all of the text can be seen (for the audit of the screens)."""
        if self.wordWrap():
            return self.heightForWidth(self.width()) <= self.height()
        return self.elide or (
            self.text_width() <= self.width() + 1 and self.line_height <= self.height() + 6
        )

    def _layout(self, width: float) -> Lines:
        text = self.text()
        if self.elide:
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width) + 1)
        width = width if self.wordWrap() else UNBROKEN
        key = (text, width, self._style, self.line_height, TONGUE.language)
        if self._laid is None or self._laid[0] != key:
            align = self.alignment() if self.wordWrap() else Qt.AlignmentFlag.AlignLeft
            lines = Lines(text, self._style, width, self.line_height, align)
            self._laid = (key, lines)
        return self._laid[1]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = THEME.color(self.token)
        lines = self._layout(float(self.width()))
        left = 0.0
        if not self.wordWrap():
            if self.alignment() & Qt.AlignmentFlag.AlignRight:
                left = self.width() - lines.width
            elif self.alignment() & Qt.AlignmentFlag.AlignHCenter:
                left = (self.width() - lines.width) / 2
        top = self._top(lines.height)
        lines.draw(painter, left, top, color)
        if self.struck:
            measures = metrics(self._style)
            baseline = top + (self.line_height + measures.ascent - measures.descent) / 2
            middle = round(baseline - measures.x_height / 2 - 1)
            painter.fillRect(QRectF(left, middle, lines.width, 2), color)

    def _top(self, height: float) -> float:
        if self.alignment() & Qt.AlignmentFlag.AlignTop:
            return 0.0
        if self.alignment() & Qt.AlignmentFlag.AlignBottom:
            return self.height() - height
        return (self.height() - height) / 2
