"""Buttons: the four kinds of the design in three sizes, with a key cap and an icon where wanted."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui import paint
from ui.room import ROOM
from ui.theme import RADIUS_CONTROL, THEME, icon
from ui.tongue import TONGUE
from ui.typeset import Style, draw_line, width_of

Kind = Literal["primary", "secondary", "danger", "quiet", "void"]
Size = Literal["xl", "money", "small"]

_ARROWS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right})


class Pressable(QAbstractButton):
    """What every pressable thing shares: drawn by itself, no focus by touch, repaints by itself.

    Enter is not its key: Enter means the primary action of the screen. Space presses it.
    """

    leaves_arrows: ClassVar[bool] = False
    """The arrows belong to the list beside it; to Qt they would move the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.refit)
        ROOM.changed.connect(self.refit)

    def refit(self) -> None:
        """Measure again after a change of language or width."""
        self.updateGeometry()
        self.update()

    def set_text(self, text: str) -> None:
        """The inscription, which is the accessible name too."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (self.leaves_arrows and key in _ARROWS):
            event.ignore()
            return
        super().keyPressEvent(event)

    def fits(self) -> bool:
        """Whether the whole inscription can be seen (for the audit of the screens)."""
        wanted = self.minimumSizeHint()
        return wanted.width() <= self.width() + 1 and wanted.height() <= self.height() + 1


class _Look(NamedTuple):
    fill: str
    border: str
    ink: str
    hover: str
    pressed: str


_LOOKS = {
    "primary": _Look("accent", "", "onAccent", "accent", "accentDown"),
    "secondary": _Look("surface", "edge", "ink", "sunken", "press"),
    "danger": _Look("surface", "bad", "bad", "sunken", "press"),
    "quiet": _Look("", "", "ink2", "press", "press"),
    "void": _Look("badFill", "", "onBad", "badFill", "bad"),
}
_OFF = _Look("press", "", "ink3", "press", "press")

# height, px, padding, gap, for the three widths of the window
_SIZES = {
    "xl": ((72, 22, 28, 10), (72, 22, 28, 10), (88, 26, 28, 12)),
    "money": ((56, 17, 20, 10), (56, 17, 20, 10), (64, 20, 24, 10)),
    "small": ((44, 15, 14, 8), (44, 15, 14, 8), (48, 17, 16, 8)),
}
_ICON_PX = {"xl": 26, "money": 22, "small": 20}


class Button(Pressable):
    """A button with a word; `keycap` shows the key that does the same."""

    def __init__(
        self,
        kind: Kind = "secondary",
        size: Size = "money",
        text: str = "",
        *,
        keycap: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: Kind = kind
        self._size: Size = size
        self._keycap = keycap
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        self.refit()

    def set_kind(self, kind: Kind) -> None:
        """Another kind, where the primary action of a screen changes."""
        self._kind = kind
        self.update()

    def set_icon(self, name: str) -> None:
        """Another icon, or '' for none."""
        self._icon = name
        self.refit()

    def _measures(self) -> tuple[int, int, int, int]:
        return ROOM.pick(*_SIZES[self._size])

    def _style(self) -> Style:
        return Style(self._measures()[1], 600)

    def _content_width(self) -> float:
        gap = self._measures()[3]
        width = width_of(self.text(), self._style())
        if self._icon:
            width += _ICON_PX[self._size] + gap
        if self._keycap:
            width += paint.keycap_width(self._keycap) + gap
        return width

    def sizeHint(self) -> QSize:
        height, _, padding, _ = self._measures()
        return QSize(round(self._content_width() + 0.999) + 2 * padding, height)

    def minimumSizeHint(self) -> QSize:
        height, _, padding, _ = self._measures()
        return QSize(round(self._content_width() + 0.999) + padding, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = _LOOKS[self._kind] if self.isEnabled() else _OFF
        fill = look.pressed if self.isDown() else look.hover if self.underMouse() else look.fill
        painter = QPainter(self)
        paint.surface(painter, QRectF(self.rect()), RADIUS_CONTROL, fill, look.border)
        gap = self._measures()[3]
        x = (self.width() - self._content_width()) / 2
        middle = self.height() / 2
        if self._icon:
            px = _ICON_PX[self._size]
            corner = QPointF(round(x), round(middle - px / 2))
            painter.drawPixmap(corner, icon(self._icon, look.ink, px))
            x += px + gap
        ink = THEME.color(look.ink)
        x = draw_line(painter, x, middle, self.text(), self._style(), ink)
        if self._keycap:
            inverse = self._kind in {"primary", "void"} and self.isEnabled()
            paint.keycap(
                painter,
                x + gap,
                round(middle - paint.KEYCAP_HEIGHT / 2),
                self._keycap,
                look.ink if inverse else "ink2",
                "" if inverse else "sunken",
            )
