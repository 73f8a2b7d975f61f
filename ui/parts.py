"""The small parts that every screen is put together from; each paints itself from the theme."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import paint
from ui.label import Label
from ui.room import ROOM
from ui.theme import RADIUS_CARD, RADIUS_KEY, THEME, brand, icon
from ui.tongue import TONGUE

__all__ = [
    "Avatar",
    "Brand",
    "Card",
    "Divider",
    "KeyCap",
    "Label",
    "MoneyLine",
    "Picture",
    "SchemeTag",
]


class Picture(QWidget):
    """An icon of the set."""

    def __init__(
        self,
        name: str,
        token: str = "ink",
        px: int = 24,
        *,
        stroke: float = 1.75,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = (name, token, px, stroke)
        self.setFixedSize(px, px)
        THEME.changed.connect(self.update)

    def set_icon(self, name: str, token: str, px: int = 0, stroke: float = 0.0) -> None:
        """Another drawing, colour or size."""
        self._icon = (name, token, px or self._icon[2], stroke or self._icon[3])
        self.setFixedSize(self._icon[2], self._icon[2])
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._icon[0]:
            QPainter(self).drawPixmap(0, 0, icon(*self._icon))


class Brand(QWidget):
    """The mark of the program."""

    def __init__(self, px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(px, px)
        self.setAccessibleName("Tillwright")
        THEME.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(0, 0, brand(self.width()))


class KeyCap(QWidget):
    """The key that does the same as the button beside it."""

    def __init__(
        self, text: str, *, inverse: bool = False, token: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._token = token or ("onAccent" if inverse else "ink2")
        self._fill = "" if inverse else "surface" if token else "sunken"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        THEME.changed.connect(self.update)

    def set_token(self, token: str) -> None:
        """Another colour, with the fill that belongs to it."""
        self._token = token
        self._fill = "sunken" if token == "ink2" else "surface"
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(paint.keycap_width(self._text)), paint.KEYCAP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint.keycap(QPainter(self), 0, 0, self._text, self._token, self._fill)


class Card(QWidget):
    """A framed surface for other things to stand on. Fill and border are tokens or ''."""

    def __init__(
        self,
        fill: str = "surface",
        border: str = "line",
        width: float = 1.0,
        radius: float = RADIUS_CARD,
        *,
        dashed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = (radius, fill, border, width)
        self._dashed = dashed
        THEME.changed.connect(self.update)

    def set_look(self, fill: str, border: str, width: float = 1.0, *, dashed: bool = False) -> None:
        """Another fill and border."""
        self._look = (self._look[0], fill, border, width)
        self._dashed = dashed
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint.surface(QPainter(self), QRectF(self.rect()), *self._look, dashed=self._dashed)


class Divider(QWidget):
    """A thin line between things, lying or standing."""

    def __init__(
        self, token: str = "line", *, vertical: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._token = token
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        THEME.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), THEME.color(self._token))


class SchemeTag(QWidget):
    """The card scheme as a word in a small frame; no logos."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = Label(text, 13, 600, tracking=0.01, align=Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._label)
        self.setFixedHeight(24)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        """Another scheme."""
        self._label.setText(text)
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint.surface(QPainter(self), QRectF(self.rect()), RADIUS_KEY, "surface", "edge")


class Avatar(QWidget):
    """The initials of an operator in a disc."""

    def __init__(self, px: int = 36, initials_px: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials = Label(
            "", initials_px, 600, "surface", 0.02, align=Qt.AlignmentFlag.AlignCenter
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._initials)
        self._fill = "ink"
        self.set_size(px, initials_px)
        THEME.changed.connect(self.update)

    def set_size(self, px: int, initials_px: int) -> None:
        """Another diameter."""
        self.setFixedSize(px, px)
        self._initials.set_style(initials_px, 600, 0.02)

    def set_initials(self, initials: str) -> None:
        """Whose disc it is."""
        self._initials.setText(initials)

    def set_selected(self, *, selected: bool) -> None:
        """Blue for the one who is chosen."""
        self._fill = "accent" if selected else "ink"
        self._initials.set_token("onAccent" if selected else "surface")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint.surface(QPainter(self), QRectF(self.rect()), self.width() / 2, self._fill)


class _MoneyLook(NamedTuple):
    icon: str
    token: str
    fill: str
    border: str
    width: float
    dashed: bool


_MONEY_LOOKS = {
    "none": _MoneyLook("cash", "ink", "sunken", "line", 1, dashed=False),
    "asking": _MoneyLook("hourglass", "ink", "sunken", "line", 1, dashed=False),
    "charged": _MoneyLook("charged", "ok", "okTint", "okLine", 1, dashed=False),
    "not": _MoneyLook("not-charged", "ink", "surface", "ink", 2, dashed=False),
    "mid": _MoneyLook("hourglass", "warn", "warnTint", "warnLine", 1, dashed=False),
    "back": _MoneyLook("refund", "ink", "sunken", "line", 1, dashed=False),
    "card": _MoneyLook("card", "ink", "sunken", "line", 1, dashed=False),
    "held": _MoneyLook("lock", "accent", "accentTint", "accentLine", 1, dashed=False),
    "hold": _MoneyLook("stored", "hold", "holdTint", "hold", 2, dashed=True),
}


class MoneyLine(Card):
    """What has happened to the money, in words, always under the amount.

    Kinds: none (nothing moved), asking (the bank decides), charged, not (a result without a
    charge), mid (being cancelled, or not certain), hold (waits on this till), held (on the card,
    not charged), back and card (what giving money back would do).
    """

    def __init__(
        self,
        kind: str = "none",
        text: str = "",
        parent: QWidget | None = None,
        *,
        compact: bool = False,
    ) -> None:
        super().__init__("sunken", radius=12, parent=parent)
        self._compact = compact
        self._picture = Picture("cash", px=30)
        self._text = Label(text, 20, 600, tracking=-0.01, wrap=True, line=26)
        self._small = Label("", 15, 400, "ink2", wrap=True, line=20)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(self._text)
        words.addWidget(self._small)
        words.addStretch()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._picture)
        self._row.addLayout(words, 1)
        self.setMinimumHeight(70 if compact else 82)
        self.set_line(kind, text)
        self.refit()
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.updateGeometry)

    def set_line(self, kind: str, text: str, small: str = "") -> None:
        """The kind, its sentence, and a smaller second one."""
        look = _MONEY_LOOKS[kind]
        self._picture.set_icon(look.icon, look.token)
        self._text.setText(text)
        self._text.set_token(look.token)
        self._small.setText(small)
        self._small.setVisible(bool(small))
        self.set_look(look.fill, look.border, look.width, dashed=look.dashed)
        self.setAccessibleName(f"{text} {small}".strip())

    def refit(self) -> None:
        """Take the sizes of the window's width; a compact one, beside a list, keeps its own."""
        if self._compact:
            self._row.setContentsMargins(14, 10, 14, 10)
            self._row.setSpacing(12)
            self._text.set_style(17, 600, -0.01, 24)
            return
        self._row.setContentsMargins(
            *ROOM.pick((12, 12, 12, 12), (16, 14, 16, 14), (22, 20, 22, 20))
        )
        self._row.setSpacing(ROOM.pick(12, 12, 14))
        self._text.set_style(
            *ROOM.pick((18, 600, -0.01, 24), (20, 600, -0.01, 26), (24, 600, -0.01, 32))
        )


def scrolling(items: QVBoxLayout) -> QScrollArea:
    """A list that may become longer than its screen; the arrows move in it, Tab passes it by."""
    inside = QWidget()
    holder = QVBoxLayout(inside)
    holder.setContentsMargins(0, 0, 0, 0)
    holder.addLayout(items)
    holder.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidget(inside)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.viewport().setAutoFillBackground(False)
    inside.setAutoFillBackground(False)
    return scroll
