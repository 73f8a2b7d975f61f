"""The rail at the left: where one can go, and what one can switch."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from domain.words import LANGUAGES, N_
from ui import paint
from ui.buttons import Pressable
from ui.parts import Brand
from ui.theme import THEME, icon
from ui.tongue import TONGUE, say
from ui.typeset import Style, draw_line, width_of

WIDTH = 116
ITEM = QSize(102, 80)
_TRACKING = -0.015


class RailItem(Pressable):
    """A place or a switch; the one that is on has a bar at the window's edge."""

    def __init__(self, picture: str, px: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._px = px
        self._on = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_picture(self, picture: str) -> None:
        """Another icon."""
        self._picture = picture
        self.update()

    def set_on(self, *, on: bool) -> None:
        """Whether this is the place where the window is."""
        self._on = on
        self.update()

    def sizeHint(self) -> QSize:
        return ITEM

    def minimumSizeHint(self) -> QSize:
        return QSize(round(width_of(self.text(), self._style())), ITEM.height())

    def _style(self) -> Style:
        return Style(15, 600 if self._on else 500, _TRACKING)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self._on:
            paint.surface(painter, rect, 12, "surface", "line")
        elif self.isDown() or (self.underMouse() and self.isEnabled()):
            paint.surface(painter, rect, 12, "press" if self.isDown() else "sunken")
        ink = "accent" if self._on else "ink2" if self.isEnabled() else "edge"
        top = (self.height() - self._px - 6 - 18) / 2
        corner = QPointF(round((self.width() - self._px) / 2), round(top))
        painter.drawPixmap(corner, icon(self._picture, ink, self._px))
        style = self._style()
        left = (self.width() - width_of(self.text(), style)) / 2
        draw_line(painter, left, top + self._px + 6 + 9, self.text(), style, THEME.color(ink))


class Rail(QWidget):
    """Brand, places, switches. Places that this version does not have yet are shown, and off."""

    checkout_wanted = Signal()
    transactions_wanted = Signal()
    day_end_wanted = Signal()
    language_wanted = Signal()
    theme_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.checkout = RailItem("checkout")
        self.transactions = RailItem("transactions")
        self.day_end = RailItem("dayend")
        self.devices = RailItem("devices")
        self.language = RailItem("language", 26)
        self.theme = RailItem("moon", 26)
        self.lock = RailItem("lock", 26)
        self._place = self.checkout
        self.checkout.set_on(on=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 14, 7, 12)
        column.setSpacing(8)
        column.addWidget(Brand(44), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(14)
        for item in (self.checkout, self.transactions, self.day_end, self.devices):
            column.addWidget(item)
        column.addStretch()
        for item in (self.language, self.theme, self.lock):
            column.addWidget(item)
        self.devices.setEnabled(False)
        self.retranslate()
        self.checkout.clicked.connect(self.checkout_wanted)
        self.transactions.clicked.connect(self.transactions_wanted)
        self.day_end.clicked.connect(self.day_end_wanted)
        self.language.clicked.connect(self.language_wanted)
        self.theme.clicked.connect(self.theme_wanted)
        self.lock.clicked.connect(self.lock_wanted)
        TONGUE.changed.connect(self.retranslate)
        THEME.changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self.checkout.set_text(say("Checkout"))
        self.transactions.set_text(say("Transactions"))
        self.day_end.set_text(say("End of day"))
        self.devices.set_text(say("Devices"))
        self.language.set_text(LANGUAGES[TONGUE.language])
        language = say("Language")
        self.language.setAccessibleName(f"{language}: {LANGUAGES[TONGUE.language]}")
        self.theme.set_text(say(theme_word()))
        self.theme.set_picture(theme_picture())
        self.lock.set_text(say("Lock"))

    def set_place(self, place: RailItem) -> None:
        """Where the window is."""
        for item in (self.checkout, self.transactions, self.day_end):
            item.set_on(on=item is place)
        self._place = place
        self.update()

    def set_busy(self, *, busy: bool) -> None:
        """Between confirm and result nobody leaves."""
        self.checkout.setEnabled(not busy)
        self.transactions.setEnabled(not busy)
        self.day_end.setEnabled(not busy)
        self.lock.setEnabled(not busy)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), THEME.color("line"))
        if self._place.isVisible():
            bar = QRectF(-4, self._place.y() + 20, 8, self._place.height() - 40)
            paint.surface(painter, bar, 4, "accent")


def theme_word() -> str:
    """What the theme's switch leads to."""
    return N_("Dark") if THEME.name == "light" else N_("Light")


def theme_picture() -> str:
    """And its icon."""
    return "moon" if THEME.name == "light" else "sun"
