"""The way from the till to the bank, and where it is broken: till, router, internet, bank."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.words import N_
from ui.paint import surface
from ui.room import ROOM
from ui.theme import THEME, font, icon
from ui.tongue import TONGUE, say

NODE = 56


class Reach(StrEnum):
    """Whether a place on the way was reached."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Place(NamedTuple):
    """A place on the way: its picture, its name, how it was reached, and that in words."""

    icon: str
    name: str
    reach: Reach
    words: str


_ANSWERS, _NOT_TESTED = N_("answers"), N_("not tested")
_NOT_REACHED, _NO_ANSWER = N_("not reached"), N_("no answer")

# Router, internet and bank by fault. A fault tells where the way broke, and no more: what nobody
# has asked is "not tested".
_WAYS = {
    "N-01": ((Reach.NO, N_("no cable")), (Reach.UNKNOWN, _NOT_REACHED), (Reach.UNKNOWN, _NOT_REACHED)),
    "N-02": ((Reach.UNKNOWN, _NOT_TESTED), (Reach.NO, _NO_ANSWER), (Reach.UNKNOWN, _NOT_REACHED)),
    "N-03": ((Reach.UNKNOWN, _NOT_TESTED), (Reach.UNKNOWN, _NOT_TESTED), (Reach.NO, N_("name not found"))),
    "N-04": ((Reach.UNKNOWN, _NOT_TESTED), (Reach.UNKNOWN, _NOT_TESTED), (Reach.NO, _NO_ANSWER)),
    "N-05": ((Reach.YES, _ANSWERS), (Reach.YES, _ANSWERS), (Reach.NO, N_("not trusted"))),
}  # fmt: skip


def shows_path(fault: str) -> bool:
    """Whether this fault lies somewhere on the way to the bank."""
    return fault in _WAYS


def path_of(fault: str, till: int) -> tuple[Place, ...]:
    """The four places for this fault, said already. Raises KeyError for any other fault."""
    router, internet, bank = _WAYS[fault]
    return (
        Place("checkout", say("Till {n}", n=till), Reach.YES, say("ready")),
        Place("router", say("Router"), router[0], say(router[1])),
        Place("dns", say("Internet"), internet[0], say(internet[1])),
        Place("bank", say("Bank"), bank[0], say(bank[1])),
    )


class PathDiagram(QWidget):
    """Four places and the three links between them, each whole, broken or unknown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: tuple[Place, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(112)
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.update)

    def set_places(self, places: tuple[Place, ...]) -> None:
        """Show this way."""
        self._places = places
        self.setAccessibleName(", ".join(f"{place.name}: {place.words}" for place in places))
        self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(480, 112)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        if not self._places:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        column = ROOM.pick(96, 100, 120)
        step = (self.width() - column) / (len(self._places) - 1)
        for number, place in enumerate(self._places):
            middle = column / 2 + number * step
            self._paint_place(painter, place, middle, column)
            if number:
                gap = ROOM.pick(10, 26, 36) + NODE / 2
                self._paint_link(
                    painter, middle - step + gap, middle - gap, self._places[number - 1], place
                )

    def _paint_place(self, painter: QPainter, place: Place, middle: float, column: float) -> None:
        node = QRectF(middle - NODE / 2, 0, NODE, NODE)
        bad, unknown = place.reach is Reach.NO, place.reach is Reach.UNKNOWN
        token = "bad" if bad else "ink2" if unknown else "ink"
        surface(
            painter,
            node,
            14,
            "badTint" if bad else "surface",
            "bad" if bad else "edge",
            2 if bad else 1.5,
            dashed=unknown,
        )
        painter.drawPixmap(node.center() - QPointF(14, 14), icon(place.icon, token, 28))
        painter.setPen(THEME.color(token))
        painter.setFont(font(15, 600))
        below = QRectF(middle - column / 2 - 14, NODE + 6, column + 28, 22)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, place.name)
        painter.setPen(THEME.color("ink2"))
        painter.setFont(font(15))
        painter.drawText(below.translated(0, 25), Qt.AlignmentFlag.AlignCenter, place.words)

    def _paint_link(
        self, painter: QPainter, left: float, right: float, before: Place, after: Place
    ) -> None:
        y = NODE / 2 + 2
        whole = before.reach is Reach.YES and after.reach is Reach.YES
        broken = after.reach is Reach.NO
        pen = QPen(THEME.color("ink" if whole else "edge"), 2)
        if not whole:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        if not (whole or broken):
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            return
        centre = (left + right) / 2
        painter.drawLine(QPointF(left, y), QPointF(centre - 16, y))
        painter.drawLine(QPointF(centre + 16, y), QPointF(right, y))
        sign = icon("check", "ok", 20, 2.5) if whole else icon("x", "bad", 22, 2.75)
        half = 10 if whole else 11
        painter.drawPixmap(QPointF(centre - half, y - half), sign)
