"""The till could not open: what is wrong, whether money has moved, what to do. Nothing else works."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from checkout.notices import FaultTold
from domain.faults import CATALOGUE, MONEY_LINES, Moved
from ui.band import Band, StepsList
from ui.buttons import Button
from ui.help_wish import Topic
from ui.parts import Card, Label, MoneyLine
from ui.room import ROOM
from ui.tongue import TONGUE, say


class NotOpenScreen(QWidget):
    """One fault, large, and one way on: close the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = FaultTold("X-01")
        self._band = Band("badTint", "bad", "fault", border="bad")
        self._money = MoneyLine()
        self._steps = StepsList()
        self._detail = Label("", 15, 400, "ink2", wrap=True)
        self._close = Button("primary", "xl", keycap="Enter ↵")
        self._close.clicked.connect(self.primary)
        panel = Card("surface", "bad", 2, radius=18)
        foot = QHBoxLayout()
        foot.addWidget(self._detail, 1)
        foot.addWidget(self._close)
        self._body = QVBoxLayout()
        self._body.addWidget(self._money)
        self._body.addWidget(self._steps)
        self._body.addStretch(1)
        self._body.addLayout(foot)
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.setSpacing(0)
        inside.addWidget(self._band)
        inside.addLayout(self._body, 1)
        self._column = QVBoxLayout(self)
        self._column.addWidget(panel)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)
        self.refit()

    def show_fault(self, told: FaultTold) -> None:
        """Why the till is not open."""
        self._told = told
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        fault = CATALOGUE[self._told.fault]
        self._band.set_words(
            say("The till is not open"), say(fault.title), say("Fault {code}", code=fault.code)
        )
        kind = "none" if fault.moved is Moved.NONE else "mid"
        self._money.set_line(kind, say(MONEY_LINES[fault.moved]))
        self._steps.set_steps((say(fault.remedy),))
        self._detail.setText(self._told.detail)
        self._close.set_text(say("Close the window"))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._column.setContentsMargins(QMargins(edge, edge, edge, edge))
        inner = ROOM.pick(24, 36, 56)
        self._body.setContentsMargins(QMargins(inner, inner, inner, inner))
        self._body.setSpacing(ROOM.pick(18, 24, 36))
        self._band.refit()
        self._steps.refit()

    def primary(self) -> None:
        """Enter, or the button."""
        self.window().close()

    def help_topic(self) -> Topic:
        """Why the till is not open."""
        return Topic(self._told.fault)

    def key(self, event: QKeyEvent) -> bool:
        """Esc closes, too."""
        if event.key() == Qt.Key.Key_Escape:
            self.primary()
            return True
        return False
