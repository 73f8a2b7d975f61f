"""F1 in the window: opens the help over the screen that stands there, and leads back to it.

What lies below stays as it is and goes on: a payment's next step closes the help by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid

from checkout.notices import StripShown
from domain.settings import Settings
from ui.help_wish import HELP, NO_TOPIC, Told, Topic
from ui.toast import Toast

if TYPE_CHECKING:
    from ui.help_screen import HelpScreen


@runtime_checkable
class Explained(Protocol):
    """A screen that may show a code."""

    def help_topic(self) -> Topic:
        """What help is wanted on there, or NO_TOPIC."""


class HelpDesk(QObject):
    """Stands in the place of `screens`, below the toast."""

    def __init__(
        self,
        settings: Settings,
        screens: QStackedWidget,
        toast: Toast,
        frame: QWidget,
    ) -> None:
        super().__init__(frame)
        self._settings = settings
        self._screens = screens
        self._toast = toast
        self._strip: StripShown | None = None
        self._frame = frame
        self._made: HelpScreen | None = None
        self._told: Told | None = None
        self._below: QWidget | None = None
        self._focus: QWidget | None = None
        screens.installEventFilter(self)
        HELP.wanted.connect(self.turn)

    @property
    def screen(self) -> HelpScreen:
        """The help, made when it is first asked for."""
        if self._made is None:
            from ui.help_screen import HelpScreen

            self._made = HelpScreen(self._settings, self._frame)
            self._made.hide()
            self._made.left.connect(self.close)
        return self._made

    @property
    def is_open(self) -> bool:
        """Whether the help lies over the screen."""
        return self._below is not None

    def heard(self, told: Told) -> None:
        """The toast says this now."""
        self._told = told

    def show_strip(self, strip: StripShown) -> None:
        """The strip says this now."""
        self._strip = strip

    def turn(self) -> None:
        """F1: open it on what the window shows, or close it."""
        if self.is_open:
            self.close()
        elif (below := self._screens.currentWidget()) is not None and below.isVisible():
            self._open(self._topic(below), below)

    def leave(self) -> None:
        """Another screen comes: the help goes, if it is there."""
        below, self._below = self._below, None
        if below is not None:
            below.setEnabled(True)
            self.screen.hide()

    def close(self) -> None:
        """Back to exactly where one was."""
        self.leave()
        focus = self._focus
        if focus is not None and isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._frame.window().setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The screens have another size or place."""
        if self.is_open and event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self.screen.setGeometry(self._screens.geometry())
        return False

    def _open(self, topic: Topic, below: QWidget) -> None:
        self._focus, self._below = QApplication.focusWidget(), below
        self._frame.window().setFocus(Qt.FocusReason.OtherFocusReason)
        below.setEnabled(False)  # so that Tab does not lead under the help
        if self._toast.isVisible() and not self._toast.must_be_read:
            self._toast.hide()
        screen = self.screen
        screen.open_on(topic)
        screen.setGeometry(self._screens.geometry())
        screen.show()
        screen.raise_()
        self._toast.raise_()

    def _topic(self, screen: QWidget) -> Topic:
        """The sentence on top counts first, then the screen, then the strip."""
        from ui.help_topics import topic_of_strip

        found = self._topic_told()
        if not found.code and isinstance(screen, Explained):
            found = screen.help_topic()
        if self._strip is None:
            return found
        if not found.code:
            found = topic_of_strip(self._strip)
        return found._replace(code_set=found.code_set or self._strip.code_set)

    def _topic_told(self) -> Topic:
        from ui.help_topics import topic_told

        is_said = self._told is not None and self._toast.isVisible()
        return topic_told(self._told) if is_said else NO_TOPIC
