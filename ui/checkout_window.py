"""The window: empty at its first paint, furnished right behind it, so that a start shows at once.

What it needs before that paint is loaded with this file, and `Qt` is not in it (see ui/theme);
everything else is loaded in `furnish`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QPalette, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from domain.clock import Clock, SystemClock
from ui.room import ROOM
from ui.theme import THEME
from ui.tongue import TONGUE

if TYPE_CHECKING:
    from checkout.commands import Command
    from checkout.notices import Notice
    from domain.settings import Settings
    from domain.training import TrainingCard
    from ui.frame import Frame

SMALLEST = QSize(1024, 768)
USUAL = QSize(1366, 768)
TITLE_BAR = 40
"""Pixels that a desktop may take for the title of a window."""
ENTER_IS_DEAF_SECONDS = 0.6
"""So long after a screen has changed: an Enter meant for one screen never confirms the next."""


class CheckoutWindow(QWidget):
    """Draws what the till tells and sends what people want. GUI thread only.

    `sign_in_hint` is what the sign-in shows as the training PINs: names and numbers, or ''.
    `training_cards` can be swiped with a finger while a card is awaited.
    """

    def __init__(
        self,
        settings: Settings,
        send: Callable[[Command], None],
        sign_in_hint: str = "",
        *,
        clock: Clock | None = None,
        deaf_seconds: float = ENTER_IS_DEAF_SECONDS,
        training_cards: tuple[TrainingCard, ...] = (),
    ) -> None:
        super().__init__()
        self._training_cards = training_cards
        self._settings = settings
        self._send = send
        self._hint = sign_in_hint
        self._clock = clock or SystemClock()
        self._deaf_seconds = deaf_seconds
        self._frame: Frame | None = None
        self._painted = False
        self.setObjectName("window")
        self.setWindowTitle(f"Tillwright · {settings.shop.name}")
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        TONGUE.speak(settings.language)
        THEME.use(settings.theme)
        self.on_theme_changed()
        THEME.changed.connect(self.on_theme_changed)

    def open_on(self, screen: QScreen) -> None:
        """Fill that screen; one that has no room for a title bar, without one."""
        self.setGeometry(screen.availableGeometry())
        if screen.availableGeometry().height() < SMALLEST.height() + TITLE_BAR:
            self.showFullScreen()
        else:
            self.showMaximized()

    def furnish(self) -> None:
        """Build the screens; happens by itself behind the first paint or with the first notice."""
        if self._frame is None:
            from ui.application import dress  # behind the first paint
            from ui.frame import Frame

            dress()
            ROOM.measure(self.width())
            self._frame = Frame(
                self._settings,
                self._send,
                self._hint,
                self._clock,
                self._deaf_seconds,
                self,
                self._training_cards,
            )
            self._frame.resize(self.size())
            self._frame.show()

    @property
    def frame(self) -> Frame:
        """What stands in the window."""
        self.furnish()
        assert self._frame is not None
        return self._frame

    def show_notice(self, notice: Notice) -> None:
        """Draw what the till told. Connected to the bridge."""
        self.frame.show_notice(notice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._frame is None or not self._frame.key(event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not between the bank's question and its answer: that would only be a reversal more."""
        if self._frame is not None and self._frame.bank_is_asked:
            self._frame.payment.stage.flash()
            event.ignore()
        else:
            super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        ROOM.measure(self.width())
        if self._frame is not None:
            self._frame.resize(self.size())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._painted:  # Qt itself fills a window with the colour of its palette
            self._painted = True
            QTimer.singleShot(0, self, self.furnish)

    def on_theme_changed(self) -> None:
        """The canvas under everything."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, THEME.color("canvas"))
        self.setPalette(palette)
