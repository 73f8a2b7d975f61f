"""The application object: fonts, theme, and garbage collected on the GUI thread alone."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import THEME, font, load_fonts
from ui.tongue import TONGUE

SWITCH_SECONDS = 0.0005
"""A thread that computes gives way this soon; at Python's own 5 ms the till waits 33 times longer."""

COLLECT_MS = 10_000
_WHOLE_ROUND_EVERY = 6


def make_application(argv: Sequence[str]) -> QApplication:
    """The one application object, ready for windows. Call it before any widget is made."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication(list(argv))
    app.setApplicationName("Tillwright")
    app.setStyle("Fusion")
    GarbageRound(app)
    return app


def dress() -> None:
    """Give the application its fonts and colours; again is harmless."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and app.findChild(Dress) is None:
        load_fonts()
        Dress(app)


class Dress(QObject):
    """Keeps font and palette of the application in step with theme and language."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.on_changed()
        THEME.changed.connect(self.on_changed)
        TONGUE.changed.connect(self.on_changed)

    def on_changed(self) -> None:
        """Dress the application again."""
        palette = QPalette(THEME.color("surface"), THEME.color("canvas"))
        for role, token in (
            (QPalette.ColorRole.WindowText, "ink"),
            (QPalette.ColorRole.Text, "ink"),
            (QPalette.ColorRole.ButtonText, "ink"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.Highlight, "accent"),
            (QPalette.ColorRole.HighlightedText, "onAccent"),
            (QPalette.ColorRole.PlaceholderText, "ink3"),
            (QPalette.ColorRole.ToolTipBase, "night"),
            (QPalette.ColorRole.ToolTipText, "onNight"),
        ):
            palette.setColor(role, THEME.color(token))
        self._app.setPalette(palette)
        self._app.setFont(font(15))


class GarbageRound(QObject):
    """Collects cycles here and nowhere else.

    Python collects on whichever thread allocates; a widget in a cycle would be destroyed on a
    worker, and Qt would crash.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        gc.disable()
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.on_timeout)
        self._timer.start(COLLECT_MS)

    def on_timeout(self) -> None:
        """Young objects each time, all of them now and then.

        The first round sets aside what the start has built and nothing ever frees, so that a whole
        round stays too short to be noticed.
        """
        if self._rounds == 0:
            gc.collect()
            gc.freeze()
        self._rounds += 1
        gc.collect(2 if self._rounds % _WHOLE_ROUND_EVERY == 0 else 0)


class FirstPaint(QObject):
    """Calls back once, right after a window has painted for the first time."""

    def __init__(self, window: QWidget, callback: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._callback = callback
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._callback)
        return False


def when_painted(window: QWidget, callback: Callable[[], None]) -> None:
    """Do the rest of the work, heavy imports first, once the window can be seen."""
    FirstPaint(window, callback)
