"""H2, the card of the settlement: its steps, how far it has come, and how it ended."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.buttons import Button
from ui.drawings import TimeBar
from ui.parts import Card, Divider, Label, Picture
from ui.room import ROOM

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Mark(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


class Look(NamedTuple):
    """Fill, border and width of the card, and the colour and sign of its title."""

    fill: str
    border: str
    width: float
    token: str
    icon: str


READY = Look("surface", "line", 1, "ink", "")
RUNNING = Look("surface", "accent", 2, "ink", "")
HELD_UP = Look("surface", "warn", 2, "ink", "")
BALANCED = Look("okTint", "okLine", 1, "ok", "approved")
DIFFERENT = Look("warnTint", "warnLine", 1, "warn", "warn")

_INKS = {Mark.DONE: ("ink", 400), Mark.NOW: ("accent", 600), Mark.NEXT: ("ink2", 400)}


class Step(NamedTuple):
    """One step, said already; its icon is seen while it is done."""

    mark: Mark
    words: str
    icon: str


class Progress(NamedTuple):
    """The card, said already; `part` is from 0 to 1, or None where no bar belongs."""

    look: Look
    title: str
    line: str = ""
    reached: str = ""
    part: float | None = None
    steps: tuple[Step, ...] = ()


class StepRow(QWidget):
    """A sign and a word."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = Mark.NEXT
        self._sign = Picture("more", "ink3", 20)
        self.words = Label("", 15, 400, elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self.words, 1)

    def set_step(self, step: Step) -> None:
        """Where it stands now."""
        self._mark = step.mark
        match step.mark:
            case Mark.DONE:
                self._sign.set_icon("check", "ink", stroke=2.5)
            case Mark.NOW:
                self._sign.set_icon(step.icon, "accent", stroke=2.0)
            case Mark.NEXT:
                self._sign.set_icon("more", "ink3", stroke=1.75)
        self.words.setText(step.words)
        self.setAccessibleName(step.words)
        self.refit()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        token, weight = _INKS[self._mark]
        self.words.set_style(ROOM.pick(15, 15, 17), weight)
        self.words.set_token(token)
        self.setFixedHeight(ROOM.pick(32, 34, 44))


class SettlingCard(Card):
    """Draws a Progress; below it a note, why it waits or that nothing is sent twice, and a button."""

    def __init__(self, button: Button) -> None:
        super().__init__()
        self._sign = Picture("approved", "ok", 30)
        self.title = Label("", 20, 600, tracking=-0.01, wrap=True)
        self.count = Label("", 20, 600, tracking=-0.01, align=_RIGHT)
        self.line = Label("", 15, 400, "ink", wrap=True)
        self.bar = TimeBar("accent", "accentLine", 12)
        self._steps: list[StepRow] = []
        self._rule = Divider()
        self._note_sign = Picture("info", "ink2", 22)
        self.note = Label("", 15, 400, "ink2", wrap=True)
        self._steps_box = QWidget()
        self._list = QVBoxLayout(self._steps_box)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._sign)
        head.addWidget(self.title, 1)
        head.addWidget(self.count)
        note = QHBoxLayout()
        note.setSpacing(12)
        note.addWidget(self._note_sign, 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(self.note, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.line)
        self._column.addWidget(self.bar)
        self._column.addWidget(self._steps_box)
        self._column.addWidget(self._rule)
        self._column.addLayout(note)
        self._column.addWidget(button)

    def show_progress(self, progress: Progress) -> None:
        """How far it has come."""
        look = progress.look
        self.set_look(look.fill, look.border, look.width)
        self._sign.setVisible(bool(look.icon))
        self._sign.set_icon(look.icon or "info", look.token)
        self.title.setText(progress.title)
        self.title.set_token(look.token)
        self.count.setText(progress.reached)
        self.count.setVisible(bool(progress.reached))
        self.line.setText(progress.line)
        self.line.setVisible(bool(progress.line))
        self.bar.setVisible(progress.part is not None)
        self.bar.set_part(progress.part or 0.0)
        self.bar.setAccessibleName(progress.reached)
        while len(self._steps) < len(progress.steps):
            row = StepRow()
            self._steps.append(row)
            self._list.addWidget(row)
        for place, row in enumerate(self._steps):
            row.setVisible(place < len(progress.steps))
            if place < len(progress.steps):
                row.set_step(progress.steps[place])
        said = (progress.title, progress.reached, progress.line)
        self.setAccessibleName(". ".join(part for part in said if part))

    def show_steps(self, *, shown: bool) -> None:
        """Leave the steps out where room is short and all of them are done."""
        self._steps_box.setVisible(shown)

    def set_note(self, icon: str, token: str, words: str) -> None:
        """The sentence at the foot; '' leaves it out."""
        self._note_sign.set_icon(icon or "info", token)
        self.note.setText(words)
        self.note.set_token(token)
        for part in (self._rule, self._note_sign, self.note):
            part.setVisible(bool(words))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        side = ROOM.pick(18, 18, 26)
        self._column.setContentsMargins(side, 16, side, 16)
        self._column.setSpacing(ROOM.pick(10, 10, 14))
        px, line = ROOM.pick((15, 21), (15, 21), (17, 25))
        self.line.set_style(px, 400, 0, line)
        self.note.set_style(px, 400, 0, line)
        for row in self._steps:
            row.refit()
