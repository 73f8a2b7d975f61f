"""Movement on the screen: whether people want any, and drawings that move only while seen."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from ui.theme import THEME

FRAME_MS = 33


class Motion(QObject):
    """Less motion, as the desktop or a switch of our own asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self.reduced = False

    def follow_desktop(self) -> None:
        """Take over what the desktop says; once, after the application object exists."""
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        self.reduced = QApplication.style().styleHint(hint) == 0


MOTION = Motion()
"""There is one pair of eyes before the screen, so there is one wish."""


class Drawing(QWidget):
    """A picture in a box of its own units, as large as `set_height` says."""

    def __init__(
        self, width: float, height: float, pixels: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._box = (width, height)
        self.set_height(pixels)
        THEME.changed.connect(self.update)

    def set_height(self, pixels: int) -> None:
        """Another size on the screen."""
        width, height = self._box
        self.setFixedSize(QSize(round(pixels * width / height), pixels))

    def draw(self, painter: QPainter) -> None:
        """Draw it in its own units."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / self._box[0], self.height() / self._box[1])
        self.draw(painter)


class MovingDrawing(Drawing):
    """A drawing that is drawn thirty times a second while it is on the screen, and else rests."""

    def __init__(
        self, width: float, height: float, pixels: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(width, height, pixels, parent)
        self._clock = QElapsedTimer()
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self.on_frame)

    @property
    def seconds(self) -> float:
        """How long it has been on the screen."""
        return self._clock.elapsed() / 1000 if self._clock.isValid() else 0.0

    @property
    def moving(self) -> bool:
        """Whether a next picture will come by itself."""
        return self._frames.isActive()

    def on_frame(self) -> None:
        """The next picture is due."""
        self.update()

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        self._clock.start()
        self._frames.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._frames.stop()
        super().hideEvent(event)
