"""The ways to pay as four large buttons, and the button that charges."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.money import Money
from domain.words import N_
from ui import paint
from ui.buttons import Pressable
from ui.room import ROOM
from ui.theme import RADIUS_CARD, THEME, icon
from ui.tongue import say
from ui.typeset import Style, draw_line, width_of

HEIGHTS = (92, 104, 136)
ENTER = "Enter ↵"


class MethodButton(Pressable):
    """One way to pay; the chosen one is blue with a tick."""

    def __init__(
        self, picture: str, keycap: str, *, on: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture = picture
        self._keycap = keycap
        self._on = on
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _style(self) -> Style:
        return Style(ROOM.pick(15, 17, 20), 600)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), ROOM.pick(*HEIGHTS))

    def minimumSizeHint(self) -> QSize:
        tick = 24 if self._on else 0
        width = round(width_of(self.text(), self._style())) + tick + 2 * ROOM.pick(12, 14, 20)
        return QSize(width, ROOM.pick(*HEIGHTS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect())
        padding = ROOM.pick(12, 15, 20)
        if self._on:
            paint.surface(painter, rect, RADIUS_CARD, "accentTint", "accent", 2)
            ink, cap = "accent", "accent"
        elif self.isEnabled():
            fill = "press" if self.isDown() else "sunken" if self.underMouse() else "surface"
            paint.surface(painter, rect, RADIUS_CARD, fill, "edge")
            ink, cap = "ink", "ink2"
        else:
            paint.surface(painter, rect, RADIUS_CARD, "", "line")
            ink, cap = "ink3", "ink2"
        painter.drawPixmap(QPointF(padding, padding), icon(self._picture, ink, 30))
        cap_left = self.width() - ROOM.pick(8, 12, 18) - paint.keycap_width(self._keycap)
        cap_top = ROOM.pick(10, 15, 20)
        cap_fill = "surface" if self._on else "sunken"
        paint.keycap(painter, cap_left, cap_top, self._keycap, cap, cap_fill)
        middle = self.height() - padding - 11
        draw_line(painter, padding, middle, self.text(), self._style(), THEME.color(ink))
        if self._on:
            corner = QPointF(self.width() - padding - 20, middle - 10)
            painter.drawPixmap(corner, icon("check", ink, 20, 2.25))


class ChargeButton(Pressable):
    """The one next action of the checkout, with the amount in it."""

    _STEPS = (38, 28, 26, 24, 22, 20, 18)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._amount: Money | None = None
        self._by = ""
        self._holds = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_amount(self, amount: Money | None, *, holds: bool = False) -> None:
        """What it would charge, or hold; None while nothing is typed."""
        self._amount, self._holds = amount, holds
        self.setEnabled(amount is not None)
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._by = say("held, not charged") if self._holds else say("by card")
        if self._amount is None:
            self.set_text(say("Type the amount"))
        else:
            message = N_("Hold {amount}") if self._holds else N_("Charge {amount}")
            self.set_text(say(message, amount=self._amount))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROOM.pick(*HEIGHTS))

    minimumSizeHint = sizeHint

    def _style(self) -> Style:
        largest = ROOM.pick(26, 28, 38)
        for px in self._STEPS:
            style = Style(px, 600, -0.015)
            if px <= largest and width_of(self.text(), style) <= self.width() - 32:
                return style
        return Style(self._STEPS[-1], 600, -0.015)

    def fits(self) -> bool:
        """Whether the whole amount can be seen (for the audit of the screens)."""
        return width_of(self.text(), self._style()) <= self.width() - 16

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ready = self.isEnabled()
        fill = "press" if not ready else "accentDown" if self.isDown() else "accent"
        paint.surface(painter, QRectF(self.rect()), RADIUS_CARD, fill)
        style = self._style()
        color = THEME.color("onAccent" if ready else "ink3")
        left = (self.width() - width_of(self.text(), style)) / 2
        middle = self.height() / 2
        if not ready:
            draw_line(painter, left, middle, self.text(), Style(style.px, 600, -0.015), color)
            return
        draw_line(painter, left, middle - 14, self.text(), style, color)
        small = Style(ROOM.pick(15, 15, 17), 500)
        width = width_of(self._by, small)
        left = (self.width() - width - 8 - paint.keycap_width(ENTER)) / 2
        below = middle + ROOM.pick(19, 19, 24)
        right = draw_line(painter, left, below, self._by, small, color)
        paint.keycap(painter, right + 8, round(below - 12), ENTER, "onAccent")


class ReaderBar(QWidget):
    """Whether a card can be presented, and how."""

    def __init__(self, ways: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ways = ways
        self._found = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_found(self, *, found: bool) -> None:
        """Whether the reader answers."""
        self._found = found
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self.setAccessibleName(say("Reader ready") if self._found else say("Reader not found"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROOM.pick(56, 64, 80))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = "accent" if self._found else "bad"
        look = ("accentTint", "accentLine") if self._found else ("badTint", "badLine")
        paint.surface(painter, QRectF(self.rect()), RADIUS_CARD, *look)
        padding = ROOM.pick(14, 18, 24)
        middle = self.height() / 2
        picture = "reader" if self._found else "fault"
        painter.drawPixmap(QPointF(padding, middle - 14), icon(picture, ink, 28))
        strong = Style(ROOM.pick(17, 17, 20), 600)
        draw_line(painter, padding + 42, middle, self.accessibleName(), strong, THEME.color(ink))
        if not self._found:
            return
        right = float(self.width() - padding)
        style = Style(ROOM.pick(15, 15, 17), 500)
        words = {"tap": say("Tap"), "insert": say("Insert"), "swipe": say("Swipe")}
        for way in reversed(self._ways):
            left = right - width_of(words[way], style)
            draw_line(painter, left, middle, words[way], style, THEME.color("ink"))
            painter.drawPixmap(QPointF(round(left - 30), middle - 12), icon(way, "ink", 24))
            right = left - 30 - 16
