"""The ring around whatever the keyboard is on: two pixels wide, two pixels outside the control."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui import paint
from ui.theme import RADIUS_CARD, RADIUS_CONTROL, THEME

GAP = 2
WIDTH = 2
_TALL = 60


class FocusRing(QWidget):
    """Lies over a window and follows its focus; hidden while the focus came by touch."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._control: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self.on_focus_changed)
        THEME.changed.connect(self.update)

    def on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """The keyboard is somewhere else."""
        if self._control is not None:
            self._control.removeEventFilter(self)
        inside = new is not None and new is not self.window() and self.window().isAncestorOf(new)
        self._control = new if inside else None
        if self._control is not None:
            self._control.installEventFilter(self)
        self.follow()

    def follow(self) -> None:
        """Go to where the control is now."""
        control = self._control
        if control is None or not control.isVisible() or control.inherits("QLineEdit"):
            self.hide()
            return
        corner = control.mapTo(self.window(), QPoint(0, 0))
        reach = GAP + WIDTH
        self.setGeometry(QRect(corner, control.size()).adjusted(-reach, -reach, reach, reach))
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._control and event.type() in {
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Hide,
            QEvent.Type.Show,
        }:
            self.follow()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        radius = (RADIUS_CARD if self.height() > _TALL else RADIUS_CONTROL) + GAP + WIDTH
        rect = QRectF(self.rect())
        paint.surface(QPainter(self), rect, radius, border="focus", width=WIDTH)
