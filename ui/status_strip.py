"""The strip at the top: which till this is, whether its bank and devices are well, who stands here."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from checkout.notices import StripShown
from domain.clock import Clock
from domain.operators import ROLE_NAMES, Operator
from domain.settings import Settings
from domain.words import N_
from ui import paint
from ui.parts import Avatar, Divider, Label, Picture
from ui.room import ROOM
from ui.theme import RADIUS_CHIP, THEME
from ui.tongue import TONGUE, say

HEIGHT = 56
SLOW_MS = 3000
UNREACHED = frozenset({"N-01", "N-02", "N-03", "N-04", "N-05"})
"""Faults in which nothing came back because nothing got there."""
CLOCK_MS = 1000


class Look(NamedTuple):
    """How a chip looks in a state: surface, edge, colour of its words, closing icon."""

    fill: str
    border: str
    name: str
    value: str
    mark: str


PLAIN = Look("", "", "ink2", "ink", "")
WELL = Look("", "", "ink2", "ink", "check")
WARNING = Look("warnTint", "warnLine", "warn", "warn", "")
BAD = Look("badTint", "badLine", "bad", "bad", "x")
TRAINING = Look("amber", "", "onAmber", "onAmber", "")

_READER_WORDS = {
    "ready": (WELL, N_("ready")),
    "absent": (BAD, N_("not found")),
    "unknown": (WARNING, N_("no answer")),
}
_PRINTER_WORDS = {
    **_READER_WORDS,
    "paper low": (WARNING, N_("paper low")),
    "paper out": (BAD, N_("no paper")),
    "cover open": (BAD, N_("cover open")),
}


class Chip(QWidget):
    """One thing and how it is, in words, colour and a mark."""

    def __init__(self, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = PLAIN
        self._picture = Picture(picture, "ink2", 20)
        self._icon = picture
        self._name = Label("", 15, 400, "ink2")
        self._value = Label("", 15, 600)
        self._mark = Picture("check", "ok", 16, stroke=2.5)
        self._short = False
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 0, 9, 0)
        row.setSpacing(7)
        for part in (self._picture, self._name, self._value, self._mark):
            row.addWidget(part)
        self.setFixedHeight(44)
        THEME.changed.connect(self.update)

    def set_state(self, look: Look, name: str, value: str) -> None:
        """What it says from now on."""
        self._look = look
        self._picture.set_icon(self._icon, look.name)
        self._name.setText(name)
        self._name.set_token(look.name)
        self._value.setText(value)
        self._value.set_token(look.value)
        if look.mark:
            self._mark.set_icon(look.mark, "ok" if look.mark == "check" else look.value)
        self.setAccessibleName(f"{name} {value}".strip())
        self.set_short(short=self._short)

    def set_short(self, *, short: bool) -> None:
        """Leave the word out where the tick says it."""
        self._short = short
        self._name.setVisible(bool(self._name.text()))
        self._value.setVisible(bool(self._value.text()) and not (short and self._look is WELL))
        self._mark.setVisible(bool(self._look.mark))
        self.update()

    def set_bare(self, *, bare: bool) -> None:
        """Leave the name out where the icon says it."""
        self._name.setVisible(not bare and bool(self._name.text()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._look.fill:
            border, rect = self._look.border, QRectF(self.rect())
            inset = 6 if self._look is TRAINING else 0
            rect.adjust(0, inset, 0, -inset)
            paint.surface(QPainter(self), rect, RADIUS_CHIP - inset, self._look.fill, border)


class PressableChip(Chip):
    """A chip that leads somewhere, by touch or with the space bar."""

    pressed = Signal()

    def __init__(self, picture: str) -> None:
        super().__init__(picture)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class Person(QWidget):
    """Who stands here; pressed where somebody else takes over."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.avatar = Avatar()
        self.name = Label("", 15, 600)
        self.role = Label("", 15, 400, "ink2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.avatar, self.name, self.role):
            row.addWidget(part)
        row.setSpacing(10)
        self.setFixedHeight(44)

    def set_operator(self, operator: Operator | None) -> None:
        """Who it is; nobody cannot be pressed."""
        self.avatar.setVisible(operator is not None)
        self.avatar.set_initials(operator.initials if operator else "")
        self.name.setText(operator.name if operator else "")
        role = say(ROLE_NAMES[operator.role]) if operator else say("Nobody signed in")
        self.role.setText(role)
        focus = Qt.FocusPolicy.TabFocus if operator else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(focus)
        shape = Qt.CursorShape.PointingHandCursor if operator else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        switch = say("Switch user") if operator else ""
        self.setToolTip(switch)
        self.setAccessibleName(f"{self.name.text()} {role} {switch}".strip())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class StatusStrip(QWidget):
    """Always there, on every screen. It leaves words out, least needed first, until all fits."""

    def __init__(self, settings: Settings, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._clock = clock
        self._shown = StripShown(None, "", "", "", 0, 0)
        self._operator: Operator | None = None
        self.setFixedHeight(HEIGHT)
        # Its words follow its width, never the other way round.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._shop = Label(settings.shop.name, 15, 600)
        self._till = Label("", 15, 400, "ink2")
        self.training = Chip("flag")
        self.bank = Chip("bank")
        self.reader = Chip("reader")
        self.printer = Chip("printer")
        self.in_doubt = PressableChip("reversing")
        self.person = Person()
        self._time = Label("", 15, 600)
        self._lay_out()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.on_tick)
        self._tick.start(CLOCK_MS)
        self.training.setVisible(settings.training)
        self.retranslate()
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._where = QWidget()
        where = QHBoxLayout(self._where)
        where.setContentsMargins(0, 0, 10, 0)
        where.setSpacing(10)
        where.addWidget(self._shop)
        where.addWidget(self._till)
        self._row.addWidget(self._where)
        self._row.addWidget(self.training)
        self._row.addStretch(1)
        for chip in (self.in_doubt, self.bank, self.reader, self.printer):
            self._row.addWidget(chip)
        for part in (self.person, self._time):
            divider = Divider(vertical=True)
            divider.setFixedHeight(24)
            self._row.addSpacing(6)
            self._row.addWidget(divider)
            self._row.addSpacing(8)
            self._row.addWidget(part)

    @property
    def owed(self) -> int:
        """How many slips wait for paper."""
        return self._shown.owed

    def show_strip(self, shown: StripShown) -> None:
        """A new picture of bank and devices."""
        self._shown = shown
        self._draw_chips()
        self.refit()

    def show_operator(self, operator: Operator | None) -> None:
        """Who stands here; nobody at the sign-in."""
        self._operator = operator
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._till.setText(say("Till {n}", n=self._settings.till))
        self.training.set_state(TRAINING, "", say("TRAINING"))
        self.person.set_operator(self._operator)
        self._draw_chips()
        self.on_tick()
        self.refit()

    def _draw_chips(self) -> None:
        shown = self._shown
        self.bank.set_state(*self._bank_words())
        look, word = _READER_WORDS.get(shown.reader, (PLAIN, ""))
        self.reader.set_state(look, say("Reader"), say(word))
        self.reader.setVisible(bool(shown.reader))
        self.printer.set_state(*self._printer_words())
        self.printer.setVisible(bool(shown.printer))
        self.in_doubt.set_state(WARNING, say("In doubt"), str(shown.in_doubt))
        self.in_doubt.setVisible(shown.in_doubt > 0)

    def _bank_words(self) -> tuple[Look, str, str]:
        shown, name = self._shown, say("Bank")
        if shown.bank_fault:
            word = N_("no connection") if shown.bank_fault in UNREACHED else N_("no answer")
            return BAD, name, say(word)
        if shown.bank_ms is None:
            return PLAIN, name, say("connecting")
        if shown.bank_ms >= SLOW_MS:
            return WARNING, name, say("slow, {ms} ms", ms=shown.bank_ms)
        return WELL, name, say("{ms} ms", ms=shown.bank_ms)

    def _printer_words(self) -> tuple[Look, str, str]:
        shown, name = self._shown, say("Printer")
        look, word = _PRINTER_WORDS.get(shown.printer, (PLAIN, ""))
        if not shown.owed:
            return look, name, say(word)
        owed = say("1 slip owed") if shown.owed == 1 else say("{n} slips owed", n=shown.owed)
        if look is BAD:
            return BAD, name, f"{say(word)}, {owed}"
        return WARNING, name, owed

    def on_tick(self) -> None:
        """The clock shows minutes; it is looked at every second."""
        self._time.setText(self._clock.now().astimezone().strftime("%H:%M"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()

    def refit(self) -> None:
        """Leave out what does not fit: shop and till, words of healthy chips, role, name, names."""
        narrow = ROOM.width == "narrow"
        margin = ROOM.pick(16, 20, 20)
        self._row.setContentsMargins(margin, 0, margin, 0)
        self._row.setSpacing(ROOM.pick(2, 4, 4))
        self.person.avatar.set_size(ROOM.pick(32, 36, 36), 14)
        levels = range(2 if narrow else 0, 7)
        for level in levels:
            self._leave_out(level)
            self._row.activate()
            if self._row.minimumSize().width() <= self.width():
                return

    def _leave_out(self, level: int) -> None:
        signed_in = self._operator is not None
        self._where.setVisible(level < 2)  # levels of refit
        for chip in (self.reader, self.printer):
            chip.set_short(short=level >= 1)
        self.person.role.setVisible(level < 3 or not signed_in)
        self.bank.set_short(short=level >= 4)
        self.person.name.setVisible(signed_in and level < 5)
        for chip in (self.bank, self.reader, self.printer, self.in_doubt):
            chip.set_bare(bare=level >= 6)
        chips = (self.training, self.bank, self.reader, self.printer, self.in_doubt)
        for part in (self.person, *chips):
            layout = part.layout()
            if layout is not None:
                layout.activate()

    def paintEvent(self, _event: QPaintEvent) -> None:
        foot = QRectF(0, self.height() - 1, self.width(), 1)
        QPainter(self).fillRect(foot, THEME.color("line"))
