"""Plays a cashier: real key events into the real window, one step when the last has had its effect.

For `main.py --demo`, for the pictures of the documentation and for tests. A script is a generator
that presses keys and yields what to wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from checkout.notices import Notice, PaymentShown, StripShown
from domain.clock import Clock, SystemClock
from domain.sale import State

POLL_MS = 20
ENTER_IS_DEAF_SECONDS = 0.7
"""The window ignores an Enter for 600 ms after its screen has changed."""
PATIENCE_SECONDS = 60.0

Condition = Callable[[], bool]
Script = Generator[Condition, None, None]

KEYS = {
    "enter": Qt.Key.Key_Return,
    "esc": Qt.Key.Key_Escape,
    "back": Qt.Key.Key_Backspace,
    "down": Qt.Key.Key_Down,
    "right": Qt.Key.Key_Right,
    "f1": Qt.Key.Key_F1,
    "f7": Qt.Key.Key_F7,
    "f8": Qt.Key.Key_F8,
    "f10": Qt.Key.Key_F10,
    "f12": Qt.Key.Key_F12,
}


class StuckError(Exception):
    """What a script waited for did not come."""


class Rehearsal(QObject):
    """Runs a script; `finished` is called with None, or with the error that ended it."""

    def __init__(
        self,
        window: QWidget,
        finished: Callable[[Exception | None], None],
        clock: Clock | None = None,
    ) -> None:
        super().__init__(window)
        self.window_shown = window
        self._finished = finished
        self._clock = clock or SystemClock()
        self._script: Script | None = None
        self._condition: Condition = self._at_once
        self._since = 0.0
        self.latest: dict[type, Notice] = {}
        self.screen: Notice | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.on_timeout)

    def begin(self, script: Script) -> None:
        """Start playing."""
        self._script = script
        self._wait_for(self._at_once)
        self._timer.start(POLL_MS)

    def notice_came(self, notice: object) -> None:
        """What the till told; connect it to the bridge behind the window."""
        self.latest[type(notice)] = notice  # type: ignore[assignment]  # the bridge carries notices
        if not isinstance(notice, StripShown):
            self.screen = notice  # type: ignore[assignment]

    def press(self, *keys: str, control: bool = False) -> None:
        """Press and release keys by name or character, as a keyboard would."""
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        for key in keys:
            code = KEYS.get(key)
            text = "\r" if key == "enter" else "" if code is not None else key
            if code is None:
                code = Qt.Key(ord(key.upper()))
            handle = self.window_shown.windowHandle()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, code, held, text)
                QCoreApplication.postEvent(handle, event)

    def shown(self, kind: type) -> Condition:
        """Wait until the screen shows that notice, and Enter is no longer deaf on it."""
        return _Shown(self, kind, None)

    def payment_in(self, *states: State) -> Condition:
        """Wait until the payment on the screen is in one of these states."""
        return _Shown(self, PaymentShown, states)

    def seconds(self, seconds: float) -> Condition:
        """Wait that long."""
        return _Passed(self._clock, seconds)

    def on_timeout(self) -> None:
        """Take the next step, if what the script waits for is there."""
        assert self._script is not None
        try:
            if not self._condition():
                if self._clock.monotonic() - self._since > PATIENCE_SECONDS:
                    self._end(StuckError(repr(self.screen)))
                return
            self._wait_for(next(self._script))
        except StopIteration:
            self._end(None)
        except AssertionError as error:
            self._end(error)

    def _wait_for(self, condition: Condition) -> None:
        self._condition = condition
        self._since = self._clock.monotonic()

    def _end(self, error: Exception | None) -> None:
        self._timer.stop()
        self._finished(error)

    def now(self) -> float:
        """Monotonic seconds, for conditions."""
        return self._clock.monotonic()

    @staticmethod
    def _at_once() -> bool:
        return True


class _Shown:
    """A notice is on the screen, and has been for as long as Enter is deaf."""

    def __init__(self, rehearsal: Rehearsal, kind: type, states: tuple[State, ...] | None) -> None:
        self._rehearsal = rehearsal
        self._kind = kind
        self._states = states
        self._seen_at: float | None = None

    def __call__(self) -> bool:
        screen = self._rehearsal.screen
        there = isinstance(screen, self._kind)
        if there and self._states is not None:
            assert isinstance(screen, PaymentShown)
            there = screen.sale.state in self._states
        if not there:
            self._seen_at = None
            return False
        if self._seen_at is None:
            self._seen_at = self._rehearsal.now()
        return self._rehearsal.now() - self._seen_at >= ENTER_IS_DEAF_SECONDS


class _Passed:
    """So many seconds are over."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._until = clock.monotonic() + seconds

    def __call__(self) -> bool:
        return self._clock.monotonic() >= self._until
