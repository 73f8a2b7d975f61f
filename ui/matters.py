"""A card of things that somebody should know before the day ends: each in words, with its cure."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.buttons import Button
from ui.parts import Card, Label, Picture
from ui.room import ROOM
from ui.slip_preview import SlimScrollBar
from ui.theme import THEME

SLACK = 12
"""Between the last row and the button."""
_STEP = 48
_KEYS = {
    Qt.Key.Key_Up: -_STEP,
    Qt.Key.Key_Down: _STEP,
    Qt.Key.Key_PageUp: -6 * _STEP,
    Qt.Key.Key_PageDown: 6 * _STEP,
}
_TOP = Qt.AlignmentFlag.AlignTop


class Matter(NamedTuple):
    """One thing, said already: what it is, how much of it, who says what, what is done about it."""

    icon: str
    token: str
    words: str
    cure: str = ""
    amount: str = ""
    figures: str = ""


class MatterRow(QWidget):
    """A sign, the words with an amount at the right, figures and cure below."""

    def __init__(self) -> None:
        super().__init__()
        self._first = True
        self._sign = Picture("", "ink2", 22)
        self.words = Label("", 15, 600, wrap=True, line=20)
        self.amount = Label("", 15, 600)
        self.figures = Label("", 15, 400, "ink2", wrap=True, line=20)
        self.cure = Label("", 15, 400, "ink2", wrap=True, line=20)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.words, 1)
        top.addWidget(self.amount, 0, _TOP)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addLayout(top)
        lines.addWidget(self.figures)
        lines.addWidget(self.cure)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 10, 0, 10)
        self._row.setSpacing(12)
        self._row.addWidget(self._sign, 0, _TOP)
        self._row.addLayout(lines, 1)
        THEME.changed.connect(self.update)

    def set_matter(self, matter: Matter, *, first: bool) -> None:
        """Another one."""
        self._first = first
        self._sign.set_icon(matter.icon, matter.token)
        self.words.setText(matter.words)
        for label, text in (
            (self.amount, matter.amount),
            (self.figures, matter.figures),
            (self.cure, matter.cure),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        said = (matter.words, matter.amount, matter.figures, matter.cure)
        self.setAccessibleName(" ".join(part for part in said if part))
        self.refit()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        px, line = ROOM.pick((15, 20), (15, 20), (17, 24))
        for label, weight in (
            (self.words, 600),
            (self.amount, 600),
            (self.figures, 400),
            (self.cure, 400),
        ):
            label.set_style(px, weight, 0, line)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if not self._first:
            QPainter(self).fillRect(QRectF(0, 0, self.width(), 1), THEME.color("line"))


class _Scroll(QScrollArea):
    """Scrolls by the keyboard when it has it, and by a finger that draws the rows along."""

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[float, int] | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        self._held = (event.globalPosition().y(), self.verticalScrollBar().value())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if self._held is not None:
            y, value = self._held
            self.verticalScrollBar().setValue(round(value + y - event.globalPosition().y()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # Qt's name
        self._held = None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            event.ignore()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + step)


class MattersCard(Card):
    """A title, how many there are, the rows, and where wanted a button that leads to the cure."""

    def __init__(self, button: Button | None = None) -> None:
        super().__init__()
        self.title = Label("", 20, 600, tracking=-0.01)
        self.note = Label("", 15, 400, "ink2")
        self.button = button
        self._rows: list[MatterRow] = []
        self.count = 0
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._scroll = _Scroll()
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBar(SlimScrollBar())
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.note)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self._scroll, 1)
        if button is not None:
            self._column.addWidget(button)
        self.restyle()
        THEME.changed.connect(self.restyle)
        self._scroll.verticalScrollBar().rangeChanged.connect(self.on_range_changed)

    def set_matters(self, matters: list[Matter]) -> None:
        """Show these; the rows are built once and used again."""
        while len(self._rows) < len(matters):
            row = MatterRow()
            self._list.insertWidget(len(self._rows), row)
            self._rows.append(row)
        self.count = len(matters)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(matters))
            if place < len(matters):
                row.set_matter(matters[place], first=place == 0)
        said = ". ".join(part for part in (self.title.text(), self.note.text()) if part)
        self._scroll.setAccessibleName(said)

    def restyle(self) -> None:
        """The scroll bar in the colours of the theme."""
        self._scroll.verticalScrollBar().setStyleSheet(THEME.scroll_bar())

    def on_range_changed(self, _least: int, most: int) -> None:
        """Only what can be scrolled is a stop of Tab."""
        policy = Qt.FocusPolicy.TabFocus if most else Qt.FocusPolicy.NoFocus
        self._scroll.setFocusPolicy(policy)

    def wanted_height(self) -> int:
        """Pixels in which everything can be seen at once, at the width that the card has."""
        inner = max(1, self._scroll.viewport().width())
        rows = [row for row in self._rows[: self.count] if not row.isHidden()]
        layouts = [layout for row in rows if (layout := row.layout()) is not None]
        height = sum(layout.heightForWidth(inner) for layout in layouts)
        if self.button is not None and not self.button.isHidden():
            height += self.button.sizeHint().height() + self._column.spacing() + SLACK
        edges = self._column.contentsMargins()
        around = edges.top() + edges.bottom() + self._column.spacing()
        return height + around + self.title.line_height

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        side = ROOM.pick(18, 18, 24)
        self._column.setContentsMargins(side, ROOM.pick(14, 14, 20), side - 6, side - 4)
        self._column.setSpacing(ROOM.pick(2, 4, 8))
        for row in self._rows:
            row.refit()
