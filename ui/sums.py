"""Sums in rows: a word, how many, and how much, their figures under each other in every row."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.parts import Label
from ui.room import ROOM

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MANY = 9
"""From so many rows on they stand closer, so that a day of many schemes still fits."""


class Sum(NamedTuple):
    """One row, said already; `inside` stands indented and lighter under the row before it."""

    words: str
    many: str
    amount: str
    inside: bool = False
    token: str = ""


class SumRow(QWidget):
    """A word at the left, its count and its amount at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._sum = Sum("", "", "")
        self.words = Label("", 15, 600, elide=True)
        self.count = Label("", 15, 400, "ink2", align=_RIGHT)
        self.amount = Label("", 15, 600, align=_RIGHT)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.count)
        self._row.addWidget(self.amount)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_sum(self, shown: Sum) -> None:
        """Other words and figures."""
        self._sum = shown
        self.words.setText(shown.words)
        self.count.setText(shown.many)
        self.amount.setText(shown.amount)
        self.setAccessibleName(" ".join(part for part in shown[:3] if part))

    def refit(self, height: int, amounts: int) -> None:
        """Take that height, and the room of the widest amount of all rows."""
        px, inside = ROOM.pick(15, 15, 17), self._sum.inside
        self.words.set_style(px, 400 if inside else 600)
        self.count.set_style(px, 600 if self._sum.token else 400)
        self.amount.set_style(px, 400 if inside else 600)
        self.words.set_token(self._sum.token or ("ink2" if inside else "ink"))
        self.count.set_token(self._sum.token or "ink2")
        self.amount.set_token(self._sum.token or "ink")
        self.amount.setFixedWidth(max(amounts, ROOM.pick(112, 124, 150)))
        self._row.setContentsMargins(20 if inside else 0, 0, 0, 0)
        self.setFixedHeight(height)


class SumTable(QWidget):
    """So many rows as there are sums; a row that was built once is used again."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[SumRow] = []
        self._shown = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_sums(self, sums: list[Sum]) -> None:
        """Show these."""
        while len(self._rows) < len(sums):
            row = SumRow()
            self._rows.append(row)
            self._column.addWidget(row)
        self._shown = len(sums)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(sums))
            if place < len(sums):
                row.set_sum(sums[place])
        self.refit()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        shown = self._rows[: self._shown]
        height = ROOM.pick(30, 30, 40) if len(shown) < MANY else ROOM.pick(26, 26, 32)
        for row in shown:
            row.refit(height, 0)
        widest = max((row.amount.text_width() for row in shown), default=0)
        for row in shown:
            row.refit(height, widest)
