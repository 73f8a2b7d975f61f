"""A sentence over the screen about something that is not on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import paint
from ui.announce import announce
from ui.parts import Label, Picture
from ui.theme import RADIUS_CARD, THEME

SHORT_MS, LONG_MS = 4000, 10_000
MARGIN = 20
_WIDEST = 900


class Toast(QWidget):
    """At the top, clear of the next action: for a while, or until it is touched.

    It stands over `screens`, a part of the same window.
    """

    def __init__(self, screens: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._screens = screens
        self._picture = Picture("info", "onNight", 24)
        self._text = Label("", 17, 500, "onNight", wrap=True)
        self._close = Picture("x", "onNight2", 20)
        self._keep = False
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(20, 15, 20, 15)
        row.setSpacing(14)
        row.addWidget(self._picture)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self.hide()
        screens.installEventFilter(self)
        self._timer.timeout.connect(self.hide)
        THEME.changed.connect(self.update)

    def tell(self, text: str, picture: str = "info", milliseconds: int = SHORT_MS) -> bool:
        """Show a sentence for a while; 0 keeps it until somebody touches it.

        One that must be read is not pushed away by one that goes by itself: False then.
        """
        if self.isVisible() and self._keep and milliseconds:
            return False
        self._keep = not milliseconds
        self._picture.set_icon(picture, "onNight")
        self._text.setText(text)
        self._close.setVisible(self._keep)
        self.setAccessibleName(text)
        self.place()
        self.show()
        self.raise_()
        announce(self, text)
        self._timer.stop()
        if milliseconds:
            self._timer.start(milliseconds)
        return True

    @property
    def must_be_read(self) -> bool:
        """Whether it stays until somebody has touched it, or pressed Esc."""
        return self.isVisible() and self._keep

    @property
    def text(self) -> str:
        """What it says; '' while it is not there."""
        return self._text.text() if self.isVisible() else ""

    def set_text(self, text: str) -> None:
        """The same in another language."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.place()

    def place(self) -> None:
        """In the middle of the screens, as wide as the sentence needs."""
        where = self._screens.geometry()
        around = 40 + 24 + 14 + (34 if self._keep else 0)
        width = min(_WIDEST, where.width() - 2 * MARGIN, self._text.text_width() + around)
        layout = self.layout()
        height = max(56, layout.heightForWidth(width) if layout is not None else 0)
        self.setGeometry(where.center().x() - width // 2, where.top() + 8, width, height)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The screens have moved: the rail came or went, or the window has another size."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and self.isVisible():
            self.place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint.surface(QPainter(self), QRectF(self.rect()), RADIUS_CARD, "night", "nightLine")
