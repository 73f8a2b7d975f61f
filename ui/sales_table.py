"""The table of payments, painted: only the rows that can be seen cost anything, however many.

It holds the pages that it was given; whoever shows it asks for more when `more_wanted` comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from checkout.notices import SaleLine
from domain.words import N_
from ui.announce import announce
from ui.paint import surface
from ui.room import ROOM
from ui.sale_words import amount_text, kind_word, paid_with, result_of, trace_text
from ui.slip_preview import SlimScrollBar
from ui.theme import RADIUS_CARD, RADIUS_KEY, THEME, icon
from ui.tongue import TONGUE, say
from ui.typeset import Lines, Style, draw_line, width_of

HEADER = 44
AHEAD = 12
"""Rows before the end of what is loaded at which more are asked for."""
DRAG_PIXELS = 12
PLAIN, STRONG, AMOUNT, TAG = Style(15), Style(15, 600), Style(17, 600), Style(13, 600, 0.01)
SIGN = 28
"""The icon before a result, with its gap."""
TAG_PADDING, TAG_GAP = 16, 12
BAR = 4


class Column(NamedTuple):
    """One column: its heading, where it begins, how wide it is, and whether it leans right."""

    heading: str
    left: float
    width: float
    right: bool = False


class SalesTable(QWidget):
    """Time, type, paid with, amount, result, trace; the selected row has a bar at its edge."""

    selected = Signal(int)
    """Another row has the bar: the number of its payment."""
    opened = Signal(int)
    """A row was pressed."""
    more_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[SaleLine] = []
        self._number = 0
        self._with_days = False
        self._columns: tuple[Column, ...] = ()
        self._short = False
        self._pressed_at: tuple[float, int] | None = None
        self._dragged = False
        self._bar = SlimScrollBar(self)
        self._bar.setStyleSheet(THEME.scroll_bar())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bar.valueChanged.connect(self.on_scrolled)
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.refit)
        THEME.changed.connect(self.update)

    @property
    def rows(self) -> tuple[SaleLine, ...]:
        """Every row that is loaded, newest first."""
        return tuple(self._rows)

    @property
    def number(self) -> int:
        """The payment under the bar; 0 for none."""
        return self._number

    def set_rows(self, rows: list[SaleLine], *, with_days: bool) -> None:
        """Other rows; the bar stays on its payment, or goes to the first row."""
        self._rows = rows
        self._with_days = with_days
        if all(row.number != self._number for row in rows):
            self._number = rows[0].number if rows else 0
            self._bar.setValue(0)
        self.refit()

    def refit(self) -> None:
        """Measure the columns again."""
        self._columns = self._measured()
        visible = self.height() - HEADER
        self._bar.setRange(0, max(0, len(self._rows) * self._row_height() - visible))
        self._bar.setPageStep(max(1, visible))
        self._bar.setSingleStep(self._row_height())
        self.update()

    def go_by(self, steps: int) -> None:
        """Move the bar by so many rows."""
        place = self._place()
        if self._rows:
            self.select(self._rows[max(0, min(len(self._rows) - 1, place + steps))].number)

    def page(self) -> int:
        """How many rows can be seen at once."""
        return max(1, (self.height() - HEADER) // self._row_height())

    def select(self, number: int) -> None:
        """Put the bar on this payment and bring it into view."""
        changed = number != self._number
        self._number = number
        top = self._place() * self._row_height()
        visible = self.height() - HEADER
        if top < self._bar.value():
            self._bar.setValue(top)
        elif top + self._row_height() > self._bar.value() + visible:
            self._bar.setValue(top + self._row_height() - visible)
        self.update()
        if changed:
            self._say_row()
            self.selected.emit(number)
        if len(self._rows) - self._place() <= AHEAD:
            self.more_wanted.emit()

    def _say_row(self) -> None:
        line = self._rows[self._place()]
        words = (self._time(line), kind_word(line.kind), *paid_with(line), amount_text(line))
        said = " ".join((*words, say(result_of(line).word)))
        self.setAccessibleName(said)
        announce(self, said)

    def _place(self) -> int:
        for place, row in enumerate(self._rows):
            if row.number == self._number:
                return place
        return 0

    @staticmethod
    def _row_height() -> int:
        return ROOM.pick(52, 52, 60)

    def _time(self, line: SaleLine) -> str:
        return line.at.astimezone().strftime("%m-%d %H:%M" if self._with_days else "%H:%M")

    def _measured(self) -> tuple[Column, ...]:
        """The columns as wide as what stands in them; the card takes the rest."""
        narrow = ROOM.width == "narrow"
        edge, gap = ROOM.pick((14, 10), (18, 15), (28, 15))
        seen = self._rows[-300:]
        trace_least, type_least = ROOM.pick((0, 0), (60, 58), (120, 120))
        widths = [
            (N_("Time"), self._widest((self._time(r) for r in seen[:1]), PLAIN, 46), False),
            (N_("Type"), self._widest((kind_word(r.kind) for r in seen), PLAIN, type_least), False),
            (N_("Paid with"), 0.0, False),
            (
                N_("Amount"),
                self._widest((amount_text(r) for r in seen), AMOUNT, ROOM.pick(86, 92, 160)),
                True,
            ),
            (
                N_("Result"),
                SIGN
                + self._widest(
                    (say(result_of(r).word) for r in seen), STRONG, ROOM.pick(86, 84, 152)
                ),
                False,
            ),
            (N_("Trace"), float(trace_least), False),
        ]
        if narrow:
            widths = [width for place, width in enumerate(widths) if place not in {1, 5}]
        widths = [
            (heading, max(width, width_of(say(heading), STRONG)) if width else 0.0, right)
            for heading, width, right in widths
        ]
        taken = sum(width for _, width, _ in widths) + gap * (len(widths) - 1) + 2 * edge
        rest = max(0.0, self.width() - taken)
        self._short = narrow or any(self._paid_width(row) > rest for row in seen)
        columns, left = [], float(edge)
        for heading, width, right in widths:
            wide = width or rest
            columns.append(Column(heading, left, wide, right))
            left += wide + gap
        return tuple(columns)

    @staticmethod
    def _widest(texts: Iterable[str], style: Style, least: float) -> float:
        return max([least, *(width_of(text, style) for text in set(texts))])

    @staticmethod
    def _paid_width(line: SaleLine) -> float:
        scheme, number = paid_with(line)
        tag = width_of(scheme, TAG) + TAG_PADDING + TAG_GAP if scheme else 0.0
        return tag + width_of(number, PLAIN)

    def on_scrolled(self) -> None:
        """Other rows can be seen."""
        self.update()
        last = (self._bar.value() + self.height() - HEADER) // self._row_height()
        if self._rows and len(self._rows) - last <= AHEAD:
            self.more_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bar.setGeometry(self.width() - 12, HEADER, 12, max(0, self.height() - HEADER))
        self.refit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._bar.setValue(self._bar.value() - round(event.angleDelta().y() / 120 * 104))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = (event.position().y(), self._bar.value())
        self._dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        y, value = self._pressed_at
        moved = event.position().y() - y
        if abs(moved) > DRAG_PIXELS:
            self._dragged = True
        if self._dragged:
            self._bar.setValue(round(value - moved))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_drag, self._pressed_at = self._dragged, None
        y = event.position().y() - HEADER
        place = int((y + self._bar.value()) // self._row_height())
        if not was_drag and y >= 0 and place < len(self._rows):
            number = self._rows[place].number
            self.select(number)
            self.opened.emit(number)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_header(painter)
        body = QRectF(0, HEADER, self.width(), self.height() - HEADER)
        if not self._rows:
            words = Lines(say("Nothing matches. Clear the filters."), Style(17), body.width() - 36)
            words.draw(painter, 18, HEADER + 18, THEME.color("ink2"))
            return
        painter.setClipRect(body)
        height, offset = self._row_height(), self._bar.value()
        first = offset // height
        for place in range(first, min(len(self._rows), first + self.page() + 2)):
            top = HEADER + place * height - offset
            self._paint_row(painter, self._rows[place], QRectF(0, top, self.width(), height))

    def _paint_header(self, painter: QPainter) -> None:
        head = QPainterPath()
        radius = RADIUS_CARD - 1
        head.addRoundedRect(QRectF(0, 0, self.width(), HEADER + radius), radius, radius)
        painter.setClipRect(QRectF(0, 0, self.width(), HEADER))
        painter.fillPath(head, THEME.color("sunken"))
        painter.fillRect(QRectF(0, HEADER - 1, self.width(), 1), THEME.color("line"))
        for column in self._columns:
            words = say(column.heading)
            left = column.left
            if column.right:
                left += column.width - width_of(words, STRONG)
            draw_line(painter, left, HEADER / 2, words, STRONG, THEME.color("ink2"))
        painter.setClipping(False)

    def _paint_row(self, painter: QPainter, line: SaleLine, rect: QRectF) -> None:
        if line.number == self._number:
            painter.fillRect(rect, THEME.color("accentTint"))
            painter.fillRect(QRectF(0, rect.top(), BAR, rect.height()), THEME.color("accent"))
        painter.fillRect(QRectF(0, rect.bottom() - 1, rect.width(), 1), THEME.color("line"))
        middle = rect.center().y()
        ink, ink2 = THEME.color("ink"), THEME.color("ink2")
        for column in self._columns:
            match column.heading:
                case "Time":
                    draw_line(painter, column.left, middle, self._time(line), PLAIN, ink)
                case "Type":
                    draw_line(painter, column.left, middle, kind_word(line.kind), PLAIN, ink)
                case "Paid with":
                    self._paint_card(painter, line, column.left, middle)
                case "Amount":
                    self._paint_amount(painter, line, column, middle)
                case "Result":
                    result = result_of(line)
                    sign = icon(result.icon, result.token, 20)
                    painter.drawPixmap(QPointF(column.left, round(middle - 10)), sign)
                    color = THEME.color(result.token)
                    left = column.left + SIGN - 2
                    draw_line(painter, left, middle, say(result.word), STRONG, color)
                case "Trace":
                    draw_line(painter, column.left, middle, trace_text(line.stan), PLAIN, ink2)

    def _paint_card(self, painter: QPainter, line: SaleLine, left: float, middle: float) -> None:
        scheme, number = paid_with(line, short=self._short)
        if scheme:
            tag = QRectF(left, middle - 12, width_of(scheme, TAG) + TAG_PADDING, 24)
            surface(painter, tag, RADIUS_KEY, "surface", "edge")
            draw_line(painter, left + TAG_PADDING / 2, middle, scheme, TAG, THEME.color("ink"))
            left = tag.right() + TAG_GAP
        draw_line(painter, left, middle, number, PLAIN, THEME.color("ink"))

    @staticmethod
    def _paint_amount(painter: QPainter, line: SaleLine, column: Column, middle: float) -> None:
        words, struck = amount_text(line), result_of(line).struck
        color = THEME.color("ink2" if struck else "ink")
        left = column.left + column.width - width_of(words, AMOUNT)
        right = draw_line(painter, left, middle, words, AMOUNT, color)
        if struck:
            painter.fillRect(QRectF(left, round(middle), right - left, 2), color)
