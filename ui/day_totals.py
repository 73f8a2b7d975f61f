"""The left of the end-of-day screen: what the day brought, and what till and bank say of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.parts import Card, Divider, Label, Picture
from ui.room import ROOM
from ui.sums import Sum, SumTable

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TotalsCard(Card):
    """Scheme by scheme, what went back, and what is left."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", 20, 600, tracking=-0.01)
        self.table = SumTable()
        self._net = Label("", 20, 600, tracking=-0.01)
        self._amount = Label("", 20, 600, tracking=-0.01, align=_RIGHT)
        net = QHBoxLayout()
        net.addWidget(self._net, 1)
        net.addWidget(self._amount)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.title)
        self._column.addWidget(self.table)
        self._column.addWidget(Divider())
        self._column.addLayout(net)
        self._column.addStretch(1)

    def show_totals(self, title: str, sums: list[Sum], net: Sum) -> None:
        """The day so far, said already."""
        self.title.setText(title)
        self.table.set_sums(sums)
        self._net.setText(net.words)
        self._amount.setText(net.amount)
        self.setAccessibleName(f"{title}. {net.words} {net.amount}")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        side = ROOM.pick(18, 18, 26)
        self._column.setContentsMargins(side, ROOM.pick(14, 14, 20), side, 14)
        self._column.setSpacing(ROOM.pick(8, 8, 12))
        for label in (self._net, self._amount):
            label.set_style(*ROOM.pick((20, 600, -0.01), (20, 600, -0.01), (24, 600, -0.01)))
        self.table.refit()


class TillAndBankCard(Card):
    """Two counts of the same money, the difference between them, and a sentence about it."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", 20, 600, tracking=-0.01)
        self.table = SumTable()
        self._sign = Picture("info", "ink2", 22)
        self._words = Label("", 15, 400, "ink2", wrap=True)
        note = QHBoxLayout()
        note.setSpacing(12)
        note.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(self._words, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.title)
        self._column.addWidget(self.table)
        self._column.addWidget(Divider())
        self._column.addLayout(note)

    def show_sums(self, title: str, sums: list[Sum]) -> None:
        """Both counts, said already."""
        self.title.setText(title)
        self.table.set_sums(sums)

    def set_note(self, icon: str, token: str, words: str) -> None:
        """What there is to be said about them."""
        self._sign.set_icon(icon, token)
        self._words.setText(words)
        self._words.set_token(token)
        self.setAccessibleName(f"{self.title.text()}. {words}")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        side = ROOM.pick(18, 18, 26)
        self._column.setContentsMargins(side, ROOM.pick(14, 14, 20), side, 16)
        self._column.setSpacing(ROOM.pick(8, 8, 12))
        self._words.set_style(*ROOM.pick((15, 400, 0, 21), (15, 400, 0, 21), (17, 400, 0, 25)))
        self.table.refit()


class LastCard(Card):
    """The batch before this one: how it was settled, and what it came to."""

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", 20, 600, tracking=-0.01)
        self._words = Label("", 15, 400, "ink2", wrap=True)
        self.table = SumTable()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.title)
        self._column.addWidget(self._words)
        self._column.addWidget(self.table)
        self._column.addStretch(1)

    def show_last(self, title: str, words: str, sums: list[Sum]) -> None:
        """What became of it, said already."""
        self.title.setText(title)
        self._words.setText(words)
        self.table.set_sums(sums)
        self.setAccessibleName(f"{title}. {words}")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        side = ROOM.pick(18, 18, 26)
        self._column.setContentsMargins(side, ROOM.pick(14, 14, 20), side, 14)
        self._column.setSpacing(ROOM.pick(8, 8, 12))
        self._words.set_style(*ROOM.pick((15, 400, 0, 21), (15, 400, 0, 21), (17, 400, 0, 25)))
        self.table.refit()
