"""An amount in large figures that steps down in size until it fits."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.money import Money
from ui.theme import THEME, font
from ui.tongue import TONGUE

STEPS = (168, 132, 108, 92, 80, 76, 64, 56, 52, 44)
BLINK_MS = 530


class AmountDisplay(QWidget):
    """Currency and figures on one baseline; with a caret where the amount is being typed.

    `figures` are drawn in ink, `rest` behind them in a paler one: the decimals nobody has typed.
    """

    def __init__(
        self,
        px: int = 64,
        *,
        caret: bool = False,
        token: str = "ink",
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._px = px
        self._token = token
        self._align = align
        self._symbol = ""
        self._figures = ""
        self._rest = ""
        self._caret = caret
        self._caret_on = True
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_MS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._blink.timeout.connect(self.on_blink)
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.update)
        if caret:
            self._blink.start()

    def set_money(self, money: Money) -> None:
        """A whole amount."""
        text = money.figures
        sign = "−" if text.startswith("−") else ""
        self.set_figures(sign + money.currency.symbol, text.removeprefix("−"))

    def set_figures(self, symbol: str, figures: str, rest: str = "") -> None:
        """An amount that is being typed."""
        self._symbol, self._figures, self._rest = symbol, figures, rest
        self._caret_on = True
        self.setAccessibleName(f"{symbol}{figures}{rest}")
        self.update()

    def set_px(self, px: int) -> None:
        """The largest size to try."""
        self._px = px
        self.updateGeometry()
        self.update()

    def set_token(self, token: str) -> None:
        """Another colour of the figures."""
        self._token = token
        self.update()

    def on_blink(self) -> None:
        """The caret goes on or off."""
        if self.isVisible():
            self._caret_on = not self._caret_on
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._px * 1.11))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 58)

    def fits(self) -> bool:
        """Whether the whole amount can be seen (for the audit of the screens)."""
        return self._width(self._fitting()) <= self.width()

    def _fonts(self, px: int) -> tuple[QFont, QFont]:
        return font(px, 600, -0.04), font(round(px * 0.6), 500)

    def _parts(self, px: int) -> tuple[float, float, float, float]:
        figures, symbol = self._fonts(px)
        metrics = QFontMetricsF(figures)
        gap = px * 0.06 + px * 0.06 * (len(self._symbol) == 1)
        return (
            QFontMetricsF(symbol).horizontalAdvance(self._symbol) + gap,
            metrics.horizontalAdvance(self._figures),
            metrics.horizontalAdvance(self._rest),
            px * 0.1 + 4 if self._caret else 0.0,
        )

    def _width(self, px: int) -> float:
        return sum(self._parts(px))

    def _fitting(self) -> int:
        for px in (self._px, *(step for step in STEPS if step < self._px)):
            if self._width(px) <= self.width():
                return px
        return STEPS[-1]

    def paintEvent(self, _event: QPaintEvent) -> None:
        px = self._fitting()
        figures_font, symbol_font = self._fonts(px)
        symbol, figures, rest, _ = self._parts(px)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        if self._align & Qt.AlignmentFlag.AlignHCenter:
            left = (self.width() - self._width(px)) / 2
        metrics = QFontMetricsF(figures_font)
        baseline = round(self.height() / 2 + metrics.capHeight() / 2)
        painter.setFont(symbol_font)
        painter.setPen(THEME.color("ink2"))
        painter.drawText(QPointF(left, baseline), self._symbol)
        painter.setFont(figures_font)
        painter.setPen(THEME.color(self._token if self._figures else "ink3"))
        painter.drawText(QPointF(left + symbol, baseline), self._figures)
        painter.setPen(THEME.color("ink3"))
        painter.drawText(QPointF(left + symbol + figures, baseline), self._rest)
        if self._caret and self._caret_on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(THEME.color("accent"))
            x = left + symbol + figures + rest + px * 0.1
            painter.drawRoundedRect(QRectF(x, baseline - px * 0.69, 4, px * 0.78), 2, 2)
