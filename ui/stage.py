"""What every payment stage is made of: the framed panel, its buttons, their row, and a clock.

A stage draws a notice. It never decides: its buttons send commands, the till does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from checkout.commands import Command
from checkout.notices import PaymentShown
from domain.settings import Settings
from ui.buttons import Button, Kind, Size
from ui.paint import surface
from ui.parts import Label
from ui.room import ROOM
from ui.theme import RADIUS_STAGE, THEME
from ui.tongue import TONGUE, say

Send = Callable[[Command], None]
Shortcut = tuple[Qt.Key, bool]
"""A key, and whether Ctrl is held with it."""

TICK_MS = 200
ENTER = "Enter ↵"
MOST_STRONG_PX = 62
"""Beyond this Qt no longer thickens a Chinese font that has no strong weight of its own."""


def body_margins() -> tuple[int, int, int, int]:
    """Around the text of a stage."""
    return ROOM.pick((24, 22, 24, 22), (36, 32, 36, 32), (56, 48, 56, 48))


class PaymentButton(Button):
    """A button that sends one command, by touch or by one of its keys."""

    def __init__(  # a look, a message, a command and its keys
        self,
        message: str,
        command: Callable[[], Command],
        send: Send,
        *,
        keys: tuple[Shortcut, ...] = (),
        keycap: str = "",
        kind: Kind = "secondary",
        size: Size = "money",
    ) -> None:
        super().__init__(kind, size, keycap=keycap)
        self._message = message
        self._values: dict[str, object] = {}
        self._command = command
        self._send = send
        self._keys = keys
        self.clicked.connect(self.on_clicked)

    def set_message(self, message: str, **values: object) -> None:
        """Another inscription, as an English message."""
        self._message, self._values = message, values
        self.retranslate()

    def retranslate(self) -> None:
        """Say the inscription in the language of the screen."""
        self.set_text(say(self._message, **self._values))

    def on_clicked(self) -> None:
        """It was pressed."""
        self._send(self._command())

    def answers(self, event: QKeyEvent) -> bool:
        """Whether this key is one of its own and it can be pressed now."""
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return not self.isHidden() and (Qt.Key(event.key()), ctrl) in self._keys


class Wait(QObject):
    """A wait with an end: counts down from what the till said, and ticks only while it is shown."""

    def __init__(self, on_tick: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._left = 0.0
        self.allowed = 0.0
        self.running = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(on_tick)

    def begin(self, left: float | None, allowed: float) -> None:
        """So many seconds are left of so many; None: nothing is being waited for."""
        self.running = left is not None
        self._left = left or 0.0
        self.allowed = max(allowed, self._left)
        self._since.start()

    def watch(self, *, shown: bool) -> None:
        """The stage appears or goes."""
        if shown and self.running:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Nobody waits any more."""
        self.running = False
        self._timer.stop()

    @property
    def left(self) -> float:
        """Seconds, never below 0."""
        return max(0.0, self._left - self._passed()) if self.running else 0.0

    @property
    def waited(self) -> float:
        """Seconds since the wait began in the till."""
        return self.allowed - self._left + self._passed()

    @property
    def part(self) -> float:
        """What is left, from 1 to 0."""
        return self.left / self.allowed if self.allowed else 0.0

    def _passed(self) -> float:
        return self._since.elapsed() / 1000 if self._since.isValid() else 0.0


class Foot(QWidget):
    """The row of buttons: secondary ones left, the primary one right, or below where it is full."""

    def __init__(
        self,
        others: tuple[QWidget, ...],
        primary: QWidget | None = None,
        *,
        primary_width: int = 300,
    ) -> None:
        super().__init__()
        self._others = others
        self._primary = primary
        self._primary_width = primary_width
        self._first = QHBoxLayout()
        for other in others:
            self._first.addWidget(other)
        self._first.addStretch(1)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.addLayout(self._first, 1)
        if primary is not None:
            self._rows.addWidget(primary)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def refit(self) -> None:
        """Take the sizes of the window's width, and one row or two."""
        self._rows.setContentsMargins(*ROOM.pick((24, 0, 24, 20), (36, 0, 36, 28), (56, 0, 56, 44)))
        gap = ROOM.pick(12, 12, 16)
        self._rows.setSpacing(gap)
        self._first.setSpacing(gap)
        self._stack_if_full()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._stack_if_full()

    def _stack_if_full(self) -> None:
        shown = [other for other in self._others if not other.isHidden()]
        primary = self._primary
        if primary is None or primary.isHidden():
            return
        gaps = self._rows.spacing() * len(shown)
        room = self.width() - self._rows.contentsMargins().left() * 2 - gaps
        least = sum(other.minimumSizeHint().width() for other in shown)
        stacked = bool(shown) and least + primary.minimumSizeHint().width() > room
        usual = sum(other.sizeHint().width() for other in shown)
        direction = (
            QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        )
        self._rows.setDirection(direction)
        self._first.setStretch(len(self._others), 0 if stacked else 1)
        across = QSizePolicy.Policy.Expanding if stacked else QSizePolicy.Policy.Preferred
        for other in self._others:
            if isinstance(other, Button):
                other.setSizePolicy(across, QSizePolicy.Policy.Fixed)
                self._first.setStretchFactor(other, 1 if stacked else 0)
        primary.setMinimumWidth(0 if stacked else max(0, min(self._primary_width, room - usual)))


class Stage(QWidget):
    """The panel on the right of a payment screen; one for each state, built once."""

    holds_escape: ClassVar[bool] = False
    """Nothing can be cancelled here: Esc only makes the line that says so flash."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__()
        self.settings = settings
        self.send = send
        self.notice: PaymentShown | None = None
        self.buttons: tuple[PaymentButton, ...] = ()
        self.primary: PaymentButton | None = None
        self.wait: Wait | None = None
        self._look = ("surface", "line", 1.0)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 2, 2, 2)
        self.column.setSpacing(0)
        THEME.changed.connect(self.update)

    @property
    def title(self) -> str:
        """The large word."""
        raise NotImplementedError

    @property
    def line(self) -> str:
        """The sentence under it."""
        raise NotImplementedError

    def show_payment(self, notice: PaymentShown) -> None:
        """Draw this payment; clocks start from what it says."""
        self.notice = notice
        self.begin(notice)
        self.retranslate()

    def begin(self, notice: PaymentShown) -> None:
        """Start the stage's clock, where it has one."""
        if self.wait is not None:
            self.wait.begin(notice.deadline, notice.allowed)
            self.wait.watch(shown=self.isVisible())

    def retranslate(self) -> None:
        """Say everything in the language of the screen."""
        for button in self.buttons:
            button.retranslate()

    def refit(self) -> None:
        """Take the sizes of the window's width."""

    def touched(self) -> None:
        """Somebody is there: a key or a finger."""

    def flash(self) -> None:
        """Show why Esc does nothing here."""

    def key(self, event: QKeyEvent) -> bool:
        """Press the button that this key stands for."""
        for button in self.buttons:
            if button.answers(event):
                button.click()
                return True
        return False

    def set_look(self, fill: str, border: str, width: float = 2.0) -> None:
        """Fill and border, as tokens."""
        self._look = (fill, border, width)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        if self.wait is not None:
            self.wait.watch(shown=True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        if self.wait is not None:
            self.wait.watch(shown=False)
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        fill, border, width = self._look
        surface(QPainter(self), QRectF(self.rect()), RADIUS_STAGE, fill, border, width)


def state_word(token: str) -> Label:
    """The large word of a stage."""
    return Label("", 50, 700, token, -0.03, wrap=True, line=60)


def fit_state_word(word: Label) -> None:
    """Its size for the window's width."""
    px, line = ROOM.pick((42, 48), (50, 60), (76, 84))
    word.set_style(strong_px(px), 700, -0.03, line)


def strong_px(px: int) -> int:
    """The size at which a large word still comes out strong in the language of the screen."""
    return px if TONGUE.language == "en" else min(px, MOST_STRONG_PX)


def say_label(token: str = "ink") -> Label:
    """The sentence under the large word."""
    return Label("", 20, 400, token, -0.005, wrap=True, line=30)


def fit_say(label: Label) -> None:
    """Its size for the window's width."""
    px, line = ROOM.pick((18, 27), (20, 30), (26, 38))
    label.set_style(px, 400, -0.005, line)
