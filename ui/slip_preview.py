"""A slip on the screen as it comes out of the printer: black on white, column by column."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QScrollArea, QScrollBar, QSizePolicy, QVBoxLayout, QWidget

from domain.document import Document, Line, typeset, width_of
from ui.paint import surface
from ui.parts import Card
from ui.qr import qr_modules
from ui.theme import THEME

LINE_OF_CELL = 2.0
QR_PART = 0.3
TEETH = 10
SCROLL_STEP = 60


class SlipPaper(QWidget):
    """The paper itself, as wide as it is told and as long as its text needs.

    The page is drawn once into a picture and not again at every repaint.
    """

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._document: Document | None = None
        self._lines: tuple[Line, ...] = ()
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_document(self, document: Document | None) -> None:
        """Show this page; None leaves the paper empty."""
        if document != self._document:
            self._document = document
            self._lines = () if document is None else tuple(typeset(document, self._columns))
            self._picture = None
            words = " ".join(line.text.strip() for line in self._lines if line.text.strip())
            self.setAccessibleName(words)
            self._measure()

    def set_width(self, pixels: int) -> None:
        """Another width of the paper."""
        if pixels != self.width():
            self.setFixedWidth(pixels)
            self._measure()

    def _measure(self) -> None:
        self._picture = None
        height = 2 * self._edge() + sum(self._height_of(line) for line in self._lines) + TEETH
        self.setFixedHeight(round(height))
        self.update()

    def _edge(self) -> float:
        return self.width() * 0.05

    def _cell(self) -> float:
        return (self.width() - 2 * self._edge()) / self._columns

    def _height_of(self, line: Line) -> float:
        if line.qr:
            return self.width() * (QR_PART + 0.04)
        return self._cell() * LINE_OF_CELL * (1.75 if line.double else 1.25)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            picture = QPixmap((self.size().toSizeF() * ratio).toSize())
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)
            painter.end()
            self._picture = picture
        QPainter(self).drawPixmap(0, 0, self._picture)

    def _draw(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(THEME.color("paper"))
        painter.drawPolygon(_torn(self.width(), self.height()))
        ink = THEME.color("paperInk")
        top = self._edge()
        for line in self._lines:
            height = self._height_of(line)
            if line.qr:
                side = self.width() * QR_PART
                draw_qr(painter, QRectF((self.width() - side) / 2, top, side, side), line.qr, ink)
            else:
                self._draw_line(painter, line, top, height, ink)
            top += height

    def _draw_line(
        self, painter: QPainter, line: Line, top: float, height: float, ink: QColor
    ) -> None:
        cell = self._cell() * (2 if line.double else 1)
        style = slip_font(cell, bold=line.bold or line.double)
        metrics = QFontMetricsF(style)
        painter.setPen(ink)
        painter.setFont(style)
        baseline = top + (height + metrics.ascent() - metrics.descent()) / 2
        x = self._edge()
        for piece in _pieces(line.text):
            painter.drawText(QPointF(x, baseline), piece)
            x += cell * width_of(piece)


def slip_font(cell: float, *, bold: bool) -> QFont:
    """A monospaced font whose characters are exactly that wide."""
    style = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    style.setFamilies(
        [style.family(), "Noto Sans Mono CJK SC", "WenQuanYi Micro Hei Mono", "Microsoft YaHei UI"]
    )
    style.setPixelSize(max(4, round(cell / 0.602)))
    style.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    style.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    style.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    style.setLetterSpacing(
        QFont.SpacingType.AbsoluteSpacing, cell - QFontMetricsF(style).horizontalAdvance("0")
    )
    return style


def draw_qr(painter: QPainter, rect: QRectF, data: str, ink: QColor) -> None:
    """A QR code that fills the rectangle."""
    modules = qr_modules(data)
    side = rect.width() / len(modules)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # Qt's signature
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRects(
        [
            QRectF(rect.left() + x * side, rect.top() + y * side, side, side)
            for y, row in enumerate(modules)
            for x, dark in enumerate(row)
            if dark
        ]
    )
    painter.restore()


def _torn(width: float, height: float) -> QPolygonF:
    """The outline of the paper, torn off at its foot."""
    teeth = max(8, round(width / 14))
    foot = [
        QPointF(width - width * n / teeth, height - (TEETH if n % 2 else 2))
        for n in range(teeth + 1)
    ]
    return QPolygonF([QPointF(0, 0), QPointF(width, 0), *foot])


def _pieces(text: str) -> list[str]:
    """Runs of narrow characters, and every wide one alone, so that each starts in its column."""
    pieces: list[str] = []
    narrow = ""
    for character in text:
        if width_of(character) == 2:
            if narrow:
                pieces.append(narrow)
                narrow = ""
            pieces.append(character)
        else:
            narrow += character
    return [*pieces, narrow] if narrow else pieces


class SlimScrollBar(QScrollBar):
    """A plain round handle, as wide as a finger needs to see it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setFixedWidth(12)
        THEME.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        whole = self.maximum() - self.minimum() + self.pageStep()
        if whole <= self.pageStep():
            return
        scale = self.height() / whole
        length = max(32.0, self.pageStep() * scale)
        top = min(self.value() * scale, self.height() - length)
        surface(QPainter(self), QRectF(2, top, 8, length), 4, "edge")


class SlipPreview(Card):
    """The paper in a well: all of it to be scrolled through, or only its head as a picture."""

    def __init__(
        self, columns: int, width: int, *, scrolls: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__("press", "", radius=12, parent=parent)
        self.paper = SlipPaper(columns)
        self.paper.set_width(width)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.paper)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBar(SlimScrollBar())
        if not scrolls:
            self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.addWidget(self._scroll)
        self.restyle()
        THEME.changed.connect(self.restyle)

    def restyle(self) -> None:
        """The scroll bar in the colours of the theme."""
        self._scroll.verticalScrollBar().setStyleSheet(THEME.scroll_bar())

    def scroll_by(self, steps: int) -> None:
        """Move the paper by so many steps, down where they are positive."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + steps * SCROLL_STEP)

    def set_document(self, document: Document | None) -> None:
        """Show this page from its top."""
        self.paper.set_document(document)

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(self.paper.width() + 16, 110)

    minimumSizeHint = sizeHint  # Qt's name
