"""The box that a list is searched with."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from domain.words import N_
from ui.parts import Card, KeyCap, Picture
from ui.room import ROOM
from ui.theme import RADIUS_CONTROL, THEME, font
from ui.tongue import TONGUE, say

QUIET_MS = 180
"""After the last key, until the list is asked for."""
LONGEST = 24
PAYMENTS = N_("Amount, last 4, trace or auth code")
"""What a payment is found by."""


class SearchBox(Card):
    """Emits `searched` with the text, a moment after the last key."""

    searched = Signal(str)

    def __init__(self, hint: str = PAYMENTS, parent: QWidget | None = None) -> None:
        super().__init__("surface", "edge", radius=RADIUS_CONTROL, parent=parent)
        self._hint = hint
        self.field = QLineEdit()
        self.field.setFrame(False)
        self.field.setMaxLength(LONGEST)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._keys = KeyCap("Ctrl F")
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(10)
        row.addWidget(Picture("search", "ink", 22))
        row.addWidget(self.field, 1)
        row.addWidget(self._keys)
        self.setFixedHeight(48)
        self.restyle()
        self.refit()
        self._quiet.timeout.connect(self.search_now)
        self.field.textEdited.connect(self.on_edited)
        THEME.changed.connect(self.restyle)
        TONGUE.changed.connect(self.restyle)
        ROOM.changed.connect(self.refit)

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.field.text().strip()

    def clear(self) -> None:
        """Look for nothing."""
        self._quiet.stop()
        self.field.clear()

    def restyle(self) -> None:
        """The words and colours of now."""
        self.field.setPlaceholderText(say(self._hint))
        self.field.setAccessibleName(say(self._hint))
        self.field.setFont(font(15))
        palette = self.field.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        palette.setColor(QPalette.ColorRole.Text, THEME.color("ink"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, THEME.color("ink3"))
        self.field.setPalette(palette)

    def refit(self) -> None:
        """The key cap only where there is room."""
        self._keys.setVisible(ROOM.width != "narrow")

    def on_edited(self, _text: str) -> None:
        """Another key: wait for the next one."""
        self._quiet.start()

    def search_now(self) -> None:
        """Do not wait for another key."""
        self._quiet.stop()
        self.searched.emit(self.text)
