"""The wish for help: whatever shows a fault offers it here, and the window opens the help."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from checkout.notices import (
    BatchClosedTold,
    FaultTold,
    RecoveryTold,
    RefusalTold,
    SettledTold,
)
from ui import paint
from ui.buttons import Pressable
from ui.theme import RADIUS_CONTROL, THEME
from ui.tongue import TONGUE, say
from ui.typeset import Style, draw_line, width_of

if TYPE_CHECKING:
    from domain.sale import Sale

KEY = "F1"
HEIGHT = 44
_STYLE = Style(15, 600)
_SIDE, _GAP = 12, 8


Told = RefusalTold | FaultTold | RecoveryTold | SettledTold | BatchClosedTold


class Topic(NamedTuple):
    """What help is wanted on: a code, of the bank or of the till, and the payment that met it.

    With a payment the help says what became of its money; else what the code says of any.
    """

    code: str = ""
    of_bank: bool = False
    code_set: str = ""
    sale: Sale | None = None


NO_TOPIC = Topic()


class HelpWish(QObject):
    """`wanted` means F1: help on what the window shows."""

    wanted = Signal()


HELP = HelpWish()
"""There is one window, so there is one help."""


class HelpButton(Pressable):
    """'Help F1' in the ink of whatever it stands on."""

    def __init__(self, ink: str = "ink2", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retranslate()
        self.clicked.connect(HELP.wanted)
        TONGUE.changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Its word in the language of the screen."""
        self.set_text(say("Help"))

    def sizeHint(self) -> QSize:
        words = width_of(self.text(), _STYLE) + paint.keycap_width(KEY)
        return QSize(round(words + 0.999) + 2 * _SIDE + _GAP, HEIGHT)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            inner = QRectF(self.rect()).adjusted(0, 3, 0, -3)
            paint.surface(painter, inner, RADIUS_CONTROL, "", self._ink, 1)
        middle = self.height() / 2
        right = draw_line(painter, _SIDE, middle, self.text(), _STYLE, THEME.color(self._ink))
        top = round(middle - paint.KEYCAP_HEIGHT / 2)
        paint.keycap(painter, right + _GAP, top, KEY, self._ink)
