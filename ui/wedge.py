"""Swipes and scans that arrive as typing: caught before any widget, for the whole application.

A swipe that reached a widget could press the button that has the focus: its spaces and its Enter
are keys like any other. So every key passes here first, also outside a payment and under a dialog.
The till is told of every swipe and throws away what no payment waits for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from domain.clock import Clock, SystemClock
from ui.scan_codes import character_of
from ui.wedge_sense import Held, SwipeSense

if TYPE_CHECKING:
    from checkout.commands import Command

_KEYS = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}
_TOUCHES = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}
TELL_SECONDS = 20.0
_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
}


class Wedge(QObject):
    """An event filter for the application object: `application.installEventFilter(wedge)`.

    Where no reader types (`reader=False`) swipes are swallowed all the same, and told to nobody.
    """

    def __init__(
        self,
        send: Callable[[Command], None],
        *,
        reader: bool = True,
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        self._send = send
        self._clock = clock or SystemClock()
        self._reader = reader
        self._told_at = self._clock.boottime()
        self._sense = SwipeSense()
        self._held: list[QKeyEvent] = []
        self._window: QWindow | None = None
        self._down: set[tuple[int, int]] = set()
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setTimerType(Qt.TimerType.PreciseTimer)
        self._silence.timeout.connect(self.on_silence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCHES:
            self._touched()
        if kind not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._override(event)
        # One delivery a key: to the window, before any widget. What is replayed goes to a widget.
        if not isinstance(watched, QWindow):
            return False
        if kind == QEvent.Type.KeyRelease:
            return self._release(event)
        self._window = watched
        return self._press(event)

    def _touched(self) -> None:
        """Somebody is here; the till hears of it now and then, so that it does not lock itself."""
        now = self._clock.boottime()
        if now - self._told_at >= TELL_SECONDS:
            self._told_at = now
            from checkout.people_commands import StillHere  # loaded with the screens

            self._send(StillHere())

    def on_silence(self) -> None:
        """Nothing was typed for a while: what was held is decided."""
        self._settle(self._sense.silence(), self._let_go())

    def _override(self, event: QKeyEvent) -> bool:
        """A key that may belong to a swipe must not become a shortcut."""
        if self._sense.patience is None and character_of(event) is None:
            return False
        event.accept()
        return True

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False
        verdict = self._sense.key(
            None if event.isAutoRepeat() else character_of(event), self._seconds(event)
        )
        held = self._let_go() if verdict.held is not Held.WAIT else []
        if verdict.swallow:
            self._down.add(_place(event))
            self._held.append(_copy(event, QEvent.Type.KeyPress))
        if not self._sense.may_be_person:
            self._held.clear()
        self._settle(verdict.held, held)
        patience = self._sense.patience
        if patience is None:
            self._silence.stop()
        else:
            self._silence.start(round(patience * 1000))
        return verdict.swallow

    def _release(self, event: QKeyEvent) -> bool:
        place = _place(event)
        if event.isAutoRepeat() or place not in self._down:
            return False
        self._down.discard(place)
        return True

    def _let_go(self) -> list[QKeyEvent]:
        held, self._held = self._held, []
        return held

    def _settle(self, fate: Held, held: list[QKeyEvent]) -> None:
        if fate is Held.SWIPE:
            stripe = self._sense.take()
            if self._reader:
                from checkout.commands import SwipeTyped  # loaded with the screens, after the paint

                self._send(SwipeTyped(stripe))
            else:
                stripe[:] = bytes(len(stripe))
        elif fate is Held.REPLAY:
            for press in held:
                self._type(press)

    def _type(self, press: QKeyEvent) -> None:
        """Give a person's key to the widget that it was meant for."""
        target = (
            QApplication.activePopupWidget()
            or QApplication.focusWidget()
            or QApplication.activeModalWidget()
            or self._widget_of_window()
        )
        if target is not None:
            QCoreApplication.sendEvent(target, press)
            QCoreApplication.sendEvent(target, _copy(press, QEvent.Type.KeyRelease))

    def _widget_of_window(self) -> QWidget | None:
        for widget in QApplication.topLevelWidgets():
            if widget.windowHandle() is not None and widget.windowHandle() is self._window:
                return widget
        return None

    def _seconds(self, event: QKeyEvent) -> float:
        """When the key went down, by the keyboard's own time: a busy program does not stretch it."""
        return event.timestamp() / 1000 if event.timestamp() else self._clock.monotonic()


def _copy(event: QKeyEvent, kind: QEvent.Type) -> QKeyEvent:
    return QKeyEvent(kind, event.key(), event.modifiers(), event.text())


def _place(event: QKeyEvent) -> tuple[int, int]:
    """Which key it is: the same for its press and its release."""
    code = event.nativeScanCode()
    return (code, 0) if code else (0, event.key())
