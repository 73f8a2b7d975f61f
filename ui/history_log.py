"""What has happened to a sale, line by line: a sign, the time, the event, and a word at the right."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.parts import Label, Picture
from ui.room import ROOM
from ui.theme import THEME


class LogRow(NamedTuple):
    """One line, said already; `token` colours its sign."""

    icon: str
    at: str
    words: str
    right: str = ""
    token: str = ""


class _Line(QWidget):
    def __init__(self, ink: str, faint: str, rule: str, *, small: bool) -> None:
        super().__init__()
        self._small = small
        self._ink = ink
        self._rule = rule
        self._last = False
        self._sign = Picture("", ink, 22, stroke=2.0)
        self._at = Label("", 15, 400, faint)
        self._words = Label("", 17, 400, ink, wrap=True, line=24)
        self._right = Label("", 15, 400, faint, align=Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self._at)
        row.addWidget(self._words, 1)
        row.addWidget(self._right)
        THEME.changed.connect(self.update)

    def set_row(self, row: LogRow, *, last: bool) -> None:
        self._sign.set_icon(row.icon, row.token or self._ink)
        self._at.setText(row.at)
        self._words.setText(row.words)
        self.set_right(row.right)
        self._last = last
        self.setAccessibleName(f"{row.at} {row.words} {row.right}".strip())
        self.update()

    def set_right(self, right: str) -> None:
        self._right.setText(right)
        self._right.setVisible(bool(right))

    def refit(self) -> None:
        if self._small:
            self.setMinimumHeight(36)
            self._at.setFixedWidth(66)
            self._words.set_style(15, 400, 0, 20)
            return
        self.setMinimumHeight(ROOM.pick(48, 48, 64))
        self._at.setFixedWidth(ROOM.pick(70, 90, 110))
        self._at.set_style(ROOM.pick(15, 15, 17))
        self._words.set_style(*ROOM.pick((17, 400, 0, 24), (17, 400, 0, 24), (20, 400, 0, 28)))
        self._right.set_style(ROOM.pick(15, 15, 17))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if not self._last:
            rule = QRectF(0, self.height() - 1, self.width(), 1)
            QPainter(self).fillRect(rule, THEME.color(self._rule))


class HistoryLog(QWidget):
    """So many lines at most, built once; `small` ones for the side of a list."""

    def __init__(self, lines: int, *, ink: str, faint: str, rule: str, small: bool = False) -> None:
        super().__init__()
        self._lines = tuple(_Line(ink, faint, rule, small=small) for _ in range(lines))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for line in self._lines:
            column.addWidget(line)

    def set_rows(self, rows: tuple[LogRow, ...]) -> None:
        """Show these, the last ones where there are too many."""
        rows = rows[-len(self._lines) :]
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(rows))
            if place < len(rows):
                line.set_row(rows[place], last=place == len(rows) - 1)

    def set_last(self, right: str) -> None:
        """Another word at the right of the last line that is shown: a running count."""
        shown = [line for line in self._lines if not line.isHidden()]
        if shown:
            shown[-1].set_right(right)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        for line in self._lines:
            line.refit()
