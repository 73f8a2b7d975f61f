"""The last five sales and what the day has brought so far."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from checkout.notices import SaleLine
from domain.money import Money
from ui.buttons import Button
from ui.parts import Card, Label, Picture
from ui.room import ROOM
from ui.sale_words import amount_text, result_of
from ui.theme import THEME
from ui.tongue import TONGUE, say

ROWS = 5
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SaleRow(QWidget):
    """One sale: amount and result above, card and time below; on one line where it is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sale: SaleLine | None = None
        self._picture = Picture("", "ink", 24)
        self._amount = Label("", 20, 600, tracking=-0.01, line=26)
        self._word = Label("", 15, 600, line=20)
        self._card = Label("", 15, 400, "ink2", elide=True)
        self._time = Label("", 15, 400, "ink2", align=_RIGHT)
        self._grid = QGridLayout(self)
        self._grid.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.refit()

    def show_sale(self, sale: SaleLine | None) -> None:
        """Which sale, or none."""
        self._sale = sale
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        sale = self._sale
        for part in (self._picture, self._amount, self._word, self._card, self._time):
            part.setVisible(sale is not None)
        if sale is None:
            self.setAccessibleName("")
            return
        result = result_of(sale)
        self._picture.set_icon(result.icon, result.token)
        self._amount.setText(amount_text(sale))
        self._amount.struck = result.struck
        self._amount.set_token("ink2" if result.struck else "ink")
        self._word.setText(say(result.word))
        self._word.set_token(result.token)
        card = sale.card
        self._card.setText(f"{say(card.scheme)} •• {card.last4}" if card else say("Card"))
        self._time.setText(sale.at.astimezone().strftime("%H:%M"))
        self.setAccessibleName(
            " ".join(part.text() for part in (self._amount, self._word, self._card, self._time))
        )

    def refit(self) -> None:
        """One line or two, after the width of the window."""
        while self._grid.count():
            self._grid.takeAt(0)
        for column in range(5):
            self._grid.setColumnMinimumWidth(column, 0)
            self._grid.setColumnStretch(column, 0)
        for row in range(4):
            self._grid.setRowStretch(row, 0)
        if ROOM.width == "narrow":
            self._one_line()
        else:
            self._two_lines()

    def _one_line(self) -> None:
        self.setFixedHeight(44)
        self._grid.setContentsMargins(16, 0, 16, 0)
        self._grid.setHorizontalSpacing(14)
        self._amount.set_style(17, 600, -0.01, 24)
        self._amount.setAlignment(_RIGHT)
        self._word.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for label, px in ((self._word, 15), (self._card, 15), (self._time, 15)):
            label.set_style(px, 600 if label is self._word else 400, 0, 20)
        for column, (part, width) in enumerate(
            (
                (self._picture, 24),
                (self._amount, 96),
                (self._word, 118),
                (self._card, 0),
                (self._time, 56),
            )
        ):
            self._grid.addWidget(part, 0, column)
            self._grid.setColumnMinimumWidth(column, width)
        self._grid.setColumnStretch(3, 1)

    def _two_lines(self) -> None:
        self.setMinimumHeight(64)
        self.setMaximumHeight(1000)
        margin = ROOM.pick(20, 20, 28)
        small = ROOM.pick(15, 15, 17)
        self._grid.setContentsMargins(margin, 0, margin, 0)
        self._grid.setHorizontalSpacing(12)
        self._amount.set_style(ROOM.pick(20, 20, 24), 600, -0.01, ROOM.pick(26, 26, 30))
        self._amount.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._word.setAlignment(_RIGHT)
        self._word.set_style(small, 600, 0, 24)
        self._card.set_style(small, 400, 0, 24)
        self._time.set_style(small, 400, 0, 24)
        middle = Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self._picture, 1, 0, 2, 1, middle)
        self._grid.addWidget(self._amount, 1, 1)
        self._grid.addWidget(self._word, 1, 2)
        self._grid.addWidget(self._card, 2, 1)
        self._grid.addWidget(self._time, 2, 2)
        self._grid.setRowStretch(0, 1)
        self._grid.setRowStretch(3, 1)
        self._grid.setColumnStretch(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._sale is not None:
            QPainter(self).fillRect(QRectF(0, 0, self.width(), 1), THEME.color("line"))


class Foot(Card):
    """The day so far, on a well with the card's own lower corners."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(THEME.color("sunken"))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), self.height()), 13, 13)
        painter.drawRect(QRectF(0, 0, self.width(), self.height() / 2))
        painter.fillRect(QRectF(0, 0, self.width(), 1), THEME.color("line"))


class LastFive(Card):
    """A card with five rows and the day's totals below."""

    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._count = 0
        self._title = Label("", 20, 600, tracking=-0.01)
        self._none = Label("", 15, 400, "ink3", wrap=True)
        self.all = Button("quiet", "small", keycap="F7")
        self._rows = [SaleRow() for _ in range(ROWS)]
        self._today = Label("", 15, 400, "ink2")
        self._total = Label("", 20, 600, tracking=-0.01, align=_RIGHT)
        self._foot = Foot()
        self._foot_row = foot = QHBoxLayout(self._foot)
        foot.addWidget(self._today)
        foot.addWidget(self._total, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._none, 1)
        self._head.addStretch(0)
        self._head.addWidget(self.all)
        self._column.addLayout(self._head)
        for row in self._rows:
            self._column.addWidget(row, 1)
        self._column.addWidget(self._foot)
        self.refit()
        self.retranslate()
        ROOM.changed.connect(self.refit)
        self.all.clicked.connect(self.all_wanted)
        TONGUE.changed.connect(self.retranslate)

    def show_sales(self, lines: tuple[SaleLine, ...], count: int, total: Money) -> None:
        """A new picture of the day."""
        self._count = count
        self._total.setText(str(total))
        for place, row in enumerate(self._rows):
            row.show_sale(lines[place] if place < len(lines) else None)
        self._none.setVisible(not lines)
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._title.setText(say("Last five"))
        self.all.set_text(say("All"))
        self._none.setText(say("No sales yet."))
        sales = say("1 sale") if self._count == 1 else say("{n} sales", n=self._count)
        today = say("Today")
        self._today.setText(f"{today} · {sales}")
        for row in self._rows:
            row.retranslate()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._head.setContentsMargins(*ROOM.pick((16, 3, 4, 3), (20, 12, 6, 4), (28, 18, 12, 8)))
        self._head.setSpacing(16)
        self._none.setAlignment(_RIGHT)
        self._title.set_style(
            *ROOM.pick((17, 600, 0, 24), (20, 600, -0.01, 28), (20, 600, -0.01, 28))
        )
        self._foot.setVisible(ROOM.width != "narrow")
        self._foot_row.setContentsMargins(
            *ROOM.pick((20, 14, 20, 14), (20, 14, 20, 14), (28, 20, 28, 20))
        )
        for row in self._rows:
            row.refit()
