"""A PIN of one's own in place of the first one: typed twice, before anything else is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Command, SignOut
from checkout.people_commands import ChoosePin
from checkout.people_notices import NewPinShown
from ui.buttons import Button
from ui.help_wish import NO_TOPIC, Topic
from ui.parts import Card, Label, Picture
from ui.pin_entry import PinPad
from ui.room import ROOM
from ui.told import fault_and_remedy
from ui.tongue import TONGUE, say

_CENTRE = Qt.AlignmentFlag.AlignCenter


class NewPinScreen(QWidget):
    """Draws NewPinShown; sends ChoosePin, or SignOut."""

    def __init__(self, send: Callable[[Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._shown: NewPinShown | None = None
        self._first = ""
        self._differ = False
        self._title = Label("", 26, 700, tracking=-0.015, wrap=True)
        self._why = Label("", 17, 400, "ink2", wrap=True)
        self._rules = tuple(Label("", 17, 400, wrap=True) for _ in range(3))
        self._prompt = Label("", 20, 600, tracking=-0.01, align=_CENTRE, wrap=True)
        self._fault = Label("", 15, 600, "bad", align=_CENTRE, wrap=True)
        self.pad = PinPad()
        self.save = Button("primary", "xl", keycap="Enter ↵")
        self.back = Button("secondary", "money", keycap="Esc")
        self._panel = Card()
        self._lay_out()
        self.refit()
        self.retranslate()
        self.pad.changed.connect(self.on_digits)
        self.save.clicked.connect(self.primary)
        self.back.clicked.connect(self.on_back)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addStretch(1)
        left.addWidget(self._title)
        left.addWidget(self._why)
        left.addSpacing(8)
        for rule in self._rules:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(Picture("check", "ok", 20, stroke=2.5), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(rule, 1)
            left.addLayout(row)
        left.addSpacing(16)
        left.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(28, 26, 28, 28)
        column.setSpacing(16)
        column.addWidget(self._prompt)
        column.addWidget(self._fault)
        column.addWidget(self.pad, 1)
        column.addWidget(self.save)
        inside = QWidget()
        self._inside = inside
        self._columns = QHBoxLayout(inside)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._panel)
        self._outside = QHBoxLayout(self)
        self._outside.addStretch(1)
        self._outside.addWidget(inside, 1000)
        self._outside.addStretch(1)

    def show_new_pin(self, shown: NewPinShown) -> None:
        """Whose PIN, and what was wrong with the last one."""
        self._shown = shown
        self._first, self._differ = "", False
        self.pad.clear()
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._title.setText(say("A PIN of your own"))
        self._why.setText(
            say("The first PIN is known to whoever gave it. From now on only you know yours.")
        )
        shown = self._shown
        least = shown.shortest if shown is not None else 0
        rules = (
            say("{n} to 12 digits", n=least),
            say("No row and no repeated group, such as 123456 or 010101"),
            say("None of your last PINs"),
        )
        for label, text in zip(self._rules, rules, strict=True):
            label.setText(text)
        self.back.set_text(say("Back"))
        self.save.set_text(say("Next") if not self._first else say("Save the PIN"))
        if shown is not None:
            name = shown.operator.name
            prompt = (
                say("Type it once more")
                if self._first
                else say("{name}, choose a new PIN", name=name)
            )
            self._prompt.setText(prompt)
        self.on_digits()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._outside.setContentsMargins(
            *ROOM.pick((16, 32, 16, 32), (20, 36, 20, 36), (32, 92, 32, 92))
        )
        self._inside.setMaximumWidth(ROOM.pick(1180, 1180, 1400))
        self._panel.setFixedWidth(ROOM.pick(360, 420, 520))
        self._columns.setSpacing(ROOM.pick(28, 64, 64))

    def primary(self) -> None:
        """What Enter does: on to the second time, then save."""
        if not self.pad.is_enough:
            return
        typed = self.pad.take()
        if not self._first:
            self._first, self._differ = typed, False
        elif typed == self._first:
            self._first = ""
            self._send(ChoosePin(typed))
        else:
            self._first, self._differ = "", True
        self.retranslate()

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        if event.key() == Qt.Key.Key_Escape:
            self.on_back()
            return True
        return self.pad.key(event)

    def help_topic(self) -> Topic:
        """What was wrong with the last one."""
        return Topic(self._shown.fault) if self._shown and self._shown.fault else NO_TOPIC

    def on_digits(self) -> None:
        """Another digit: what was wrong before is over."""
        words = fault_and_remedy(self._shown.fault) if self._shown is not None else ""
        if self._differ:
            words = say("The two PINs differ.")
        shows = bool(words) and not len(self.pad) and not self._first
        self._fault.setText(words if shows else "")
        self._fault.setVisible(shows)
        self.save.setEnabled(self.pad.is_enough)

    def on_back(self) -> None:
        """Not now: nobody is at the till."""
        self._first, self._differ = "", False
        self.pad.clear()
        self._send(SignOut())
