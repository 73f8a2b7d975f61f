"""The steps of a payment along the top: what is done, where it stands, where it stopped."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.kinds import Kind
from domain.sale import Sale, State
from domain.words import N_
from ui import paint
from ui.drawings import rounded_pen
from ui.room import ROOM
from ui.theme import THEME, font, icon
from ui.tongue import TONGUE, say
from ui.typeset import Style, draw_line, width_of

STEPS = (N_("Amount"), N_("Card"), N_("PIN"), N_("Bank"), N_("Receipt"))

WITHOUT_PIN = tuple(step for step in STEPS if step != "PIN")
OF_A_BALANCE = (N_("Card"), N_("PIN"), N_("Bank"), N_("Balance"))


class Mark(StrEnum):
    """How a step stands."""

    DONE = "done"
    NOW = "now"
    STOP = "stop"
    MID = "mid"
    NEXT = "next"


# fill, border, inside and text, as tokens
_LOOKS = {
    Mark.DONE: ("ink", "ink", "surface", "ink"),
    Mark.NOW: ("accent", "accent", "onAccent", "accent"),
    Mark.STOP: ("surface", "bad", "bad", "bad"),
    Mark.MID: ("amber", "warn", "onAmber", "warn"),
    Mark.NEXT: ("surface", "edge", "ink2", "ink2"),
}
_ICONS = {Mark.DONE: "check", Mark.STOP: "x"}

_REACHED = {
    State.DRAFT: (1, Mark.NOW),
    State.CAPTURED: (1, Mark.NOW),
    State.PIN_ENTRY: (2, Mark.NOW),
    State.ARMED: (3, Mark.NOW),
    State.WAITING: (3, Mark.NOW),
    State.APPROVED: (4, Mark.NOW),
    State.DECLINED: (3, Mark.STOP),
    State.REVERSAL_PENDING: (3, Mark.MID),
    State.REVERSED: (3, Mark.STOP),
    State.MANUAL: (3, Mark.MID),
    State.ABANDONED: (1, Mark.STOP),
    State.VOIDED: (4, Mark.NOW),
    State.QUEUED: (3, Mark.MID),
    State.DELIVERED: (4, Mark.NOW),
    State.REJECTED: (3, Mark.STOP),
    State.COMPLETED: (4, Mark.NOW),
}


def steps_of(sale: Sale) -> tuple[str, ...]:
    """What this kind of payment goes through."""
    if sale.kind is Kind.BALANCE:
        return OF_A_BALANCE
    return STEPS if sale.row.asks_pin else WITHOUT_PIN


def marks_of(sale: Sale) -> tuple[Mark, ...]:
    """The mark of each step."""
    if sale.state is State.NOT_SENT:
        # A PIN pad that gave up stopped the sale one step before the bank.
        reached, mark = (2 if sale.fault.startswith("P-") else 3), Mark.STOP
    else:
        reached, mark = _REACHED[sale.state]
    steps = len(steps_of(sale))
    if reached > 1 or sale.kind is Kind.BALANCE:
        reached -= len(STEPS) - steps
    later = steps - reached - 1
    return (*(Mark.DONE,) * reached, mark, *(Mark.NEXT,) * later)


class StepTrail(QWidget):
    """Draws the steps with lines between them over its whole width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[str, ...] = STEPS
        self._marks: tuple[Mark, ...] = (Mark.NOW, *(Mark.NEXT,) * 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.refit()
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.update)
        ROOM.changed.connect(self.refit)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self.setFixedHeight(ROOM.pick(40, 48, 64))
        self.update()

    def set_sale(self, sale: Sale) -> None:
        """Show how far this sale has come."""
        self._steps = steps_of(sale)
        self._marks = marks_of(sale)
        here = max(i for i, mark in enumerate(self._marks) if mark is not Mark.NEXT)
        self.setAccessibleName(f"{here + 1}/{len(self._steps)} {say(self._steps[here])}")
        self.update()

    def sizeHint(self) -> QSize:  # Qt's name
        return QSize(600, self.height())

    def fits(self) -> bool:
        """Whether lines are left between the words (for the audit of the screens)."""
        return self._line_width() >= 16

    def _weight(self, mark: Mark) -> int:
        return 500 if mark in {Mark.DONE, Mark.NEXT} else 700

    def _word_width(self, place: int) -> float:
        return width_of(
            say(self._steps[place]), Style(ROOM.pick(15, 17, 20), self._weight(self._marks[place]))
        )

    def _line_width(self) -> float:
        dot, gap, word_gap = ROOM.pick((28, 8, 8), (32, 12, 10), (40, 12, 10))
        words = sum(dot + word_gap + self._word_width(place) for place in range(len(self._steps)))
        spaces = len(self._steps) - 1
        return (self.width() - words - spaces * 2 * gap) / spaces

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot, gap, word_gap = ROOM.pick((28, 8, 8), (32, 12, 10), (40, 12, 10))
        px = ROOM.pick(15, 17, 20)
        middle = self.height() / 2
        line = self._line_width()
        x = 0.0
        for place, mark in enumerate(self._marks):
            self._paint_dot(painter, QRectF(x, middle - dot / 2, dot, dot), place, mark)
            style = Style(px, self._weight(mark))
            ink = THEME.color(_LOOKS[mark][3])
            x = draw_line(painter, x + dot + word_gap, middle, say(self._steps[place]), style, ink)
            if place + 1 < len(self._steps):
                token = "ink" if mark is Mark.DONE else "line"
                painter.fillRect(QRectF(x + gap, middle - 1, line, 2), THEME.color(token))
                x += gap + line + gap

    def _paint_dot(self, painter: QPainter, rect: QRectF, place: int, mark: Mark) -> None:
        fill, border, inside, _ = _LOOKS[mark]
        paint.surface(painter, rect, rect.width() / 2, fill, border, 2)
        if mark in {Mark.NOW, Mark.NEXT}:
            painter.setFont(font(ROOM.pick(15, 15, 17), 600))
            painter.setPen(THEME.color(inside))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(place + 1))
        elif mark is Mark.MID:
            _back_arrow(painter, rect, inside)
        else:
            px = 18 if mark is Mark.DONE else 16
            corner = rect.center() - QPointF(px / 2, px / 2)
            painter.drawPixmap(corner, icon(_ICONS[mark], inside, px, 2.5))


def _back_arrow(painter: QPainter, rect: QRectF, token: str) -> None:
    """The arrow of the reversing diamond without its diamond, which would not be seen so small."""
    painter.save()
    painter.translate(rect.center())
    painter.setPen(rounded_pen(token, 1.9))
    painter.drawPolyline([QPointF(-2, -5), QPointF(-5, -2), QPointF(-2, 1)])
    painter.drawLine(QPointF(-5, -2), QPointF(2, -2))
    painter.drawArc(QRectF(-1, -2, 6, 6), 90 * 16, -180 * 16)
    painter.drawLine(QPointF(2, 4), QPointF(-1, 4))
    painter.restore()
