"""The ways to hand out a receipt: on paper, by QR code, and the training printer's paper."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from checkout.notices import SlipShown
from domain.document import Document
from domain.entries import SlipKind, SlipState
from domain.faults import CATALOGUE
from domain.words import N_
from ui.band import NARROW_HYPHEN
from ui.buttons import Button, Pressable
from ui.paint import surface
from ui.parts import Card, Label, Picture
from ui.room import ROOM
from ui.slip_preview import SlipPreview, draw_qr
from ui.theme import RADIUS_CARD, RADIUS_STAGE, THEME
from ui.tongue import TONGUE, say

SLIP_WORDS = {
    (SlipKind.MERCHANT, SlipState.OWED): N_("Merchant copy waits for the printer"),
    (SlipKind.MERCHANT, SlipState.PRINTING): N_("Printing the merchant copy"),
    (SlipKind.MERCHANT, SlipState.PRINTED): N_("Merchant copy printed"),
    (SlipKind.REFUND_RECORDED, SlipState.OWED): N_("Refund slip waits for the printer"),
    (SlipKind.REFUND_RECORDED, SlipState.PRINTING): N_("Printing the refund slip"),
    (SlipKind.REFUND_RECORDED, SlipState.PRINTED): N_("Refund slip printed"),
    (SlipKind.CHARGE_RECORDED, SlipState.OWED): N_("Charge slip waits for the printer"),
    (SlipKind.CHARGE_RECORDED, SlipState.PRINTING): N_("Printing the charge slip"),
    (SlipKind.CHARGE_RECORDED, SlipState.PRINTED): N_("Charge slip printed"),
    (SlipKind.CUSTOMER, SlipState.OWED): N_("Customer copy waits for the printer"),
    (SlipKind.CUSTOMER, SlipState.PRINTING): N_("Printing the customer copy"),
    (SlipKind.CUSTOMER, SlipState.PRINTED): N_("Customer copy printed"),
}
_SIGNS = {
    SlipState.OWED: ("warn", "warn", 1.75),
    SlipState.PRINTING: ("running", "ink2", 2.0),
    SlipState.PRINTED: ("check", "ok", 2.5),
}
MAY_HAVE_PRINTED = "L-03"


class _Head(QHBoxLayout):
    def __init__(self, icon: str, message: str) -> None:
        super().__init__()
        self._message = message
        self._words = Label("", 17, 600)
        self.setSpacing(12)
        self.addWidget(Picture(icon, px=26))
        self.addWidget(self._words)
        self.addStretch(1)

    def retranslate(self) -> None:
        self._words.setText(say(self._message))

    def refit(self) -> None:
        self._words.set_style(ROOM.pick(17, 17, 20), 600)


class _SlipLine(QWidget):
    """What became of one slip."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = Picture("", "ok", 18)
        self._words = Label("", 15, 600, "ok", wrap=True, line=20)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def set_slip(self, slip: SlipShown) -> None:
        state = SlipState(slip.state)
        icon, token, stroke = _SIGNS[state]
        self._sign.set_icon(icon, token, 18, stroke)
        self._words.set_token(token)
        self._words.setText(say(SLIP_WORDS[SlipKind(slip.kind), state]))


class PaperCard(Card):
    """Slips on paper: what is printed, what is owed and why, and the customer's copy."""

    def __init__(self, copy: Button) -> None:
        super().__init__()
        self._head = _Head("printer", N_("Paper"))
        self._slips = (_SlipLine(), _SlipLine())
        self._trouble = Label("", 15, 400, "ink2", wrap=True, line=20)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(self._head)
        for line in self._slips:
            column.addWidget(line)
        column.addWidget(self._trouble)
        column.addStretch(1)
        column.addWidget(copy)

    def set_slips(self, slips: tuple[SlipShown, ...]) -> None:
        """Merchant's first, then the customer's."""
        self._head.retranslate()
        for place, line in enumerate(self._slips):
            line.setVisible(place < len(slips))
            if place < len(slips):
                line.set_slip(slips[place])
        code = next((slip.fault for slip in slips if slip.fault), "")
        self._trouble.setVisible(bool(code))
        self._trouble.setText(slip_trouble(code) if code else "")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._head.refit()


def slip_trouble(code: str) -> str:
    """Why a slip did not come out, and that it will."""
    fault = CATALOGUE[code]
    if code == MAY_HAVE_PRINTED:
        return f"{say(fault.title)}. {say(fault.remedy)}"
    return say("{fault}: it prints by itself when that is mended.", fault=say(fault.title))


class QrImage(QWidget):
    """A QR code on white, in both themes."""

    def __init__(self) -> None:
        super().__init__()
        self._link = ""
        self.setAccessibleName("QR")
        THEME.changed.connect(self.update)

    def set_link(self, link: str) -> None:
        """What it opens."""
        if link != self._link:
            self._link = link
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        rect = QRectF(self.rect())
        surface(painter, rect, 8, "paper", "line")
        if self._link:
            edge = rect.width() * 0.1
            draw_qr(
                painter,
                rect.adjusted(edge, edge, -edge, -edge),
                self._link,
                THEME.color("paperInk"),
            )


class QrCard(Card):
    """The electronic slip, to be scanned by the customer."""

    def __init__(self) -> None:
        super().__init__()
        self._code = QrImage()
        self._title = Label("", 17, 600, wrap=True)
        self._words = Label("", 15, 400, "ink2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._words)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(14)
        row.addWidget(self._code)
        row.addLayout(words, 1)

    def set_link(self, link: str) -> None:
        """What the code opens; '' shows none."""
        self._code.set_link(link)
        self._title.setText(say("E-receipt").replace("-", NARROW_HYPHEN))
        self._words.setText(say("The customer scans this code."))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        pixels = ROOM.pick(126, 126, 200)
        self._code.setFixedSize(pixels, pixels)
        self._title.set_style(ROOM.pick(17, 17, 20), 600)


class SlipCard(Pressable):
    """The training printer: the slip as it came out; a press enlarges it."""

    def __init__(self, columns: int) -> None:
        super().__init__()
        self._head = _Head("paper-roll", N_("Training printer"))
        self._preview = SlipPreview(columns, 226, scrolls=False)
        self._preview.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty = Label("", 15, 400, "ink3", wrap=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addLayout(self._head)
        column.addWidget(self._preview, 1)
        column.addWidget(self._empty)

    def set_page(self, page: Document | None) -> None:
        """The last page that came out, or None."""
        self._head.retranslate()
        self._empty.setText(say("No slip has come out yet."))
        self._empty.setVisible(page is None)
        self._preview.setVisible(page is not None)
        self._preview.set_document(page)
        self.setEnabled(page is not None)
        self.setAccessibleName(say("Enlarge the slip"))

    def refit(self) -> None:
        super().refit()
        self._head.refit()

    def sizeHint(self) -> QSize:  # Qt's name
        return ROOM.pick(QSize(274, 170), QSize(274, 206), QSize(274, 290))

    def minimumSizeHint(self) -> QSize:  # Qt's name
        return QSize(200, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        fill = "press" if self.isDown() else "sunken" if self.underMouse() else "surface"
        surface(QPainter(self), QRectF(self.rect()), RADIUS_CARD, fill, "edge")


class SlipSheet(QWidget):
    """The slip at reading size over the stage; Esc or Close puts it away."""

    def __init__(self, columns: int, stage: QWidget) -> None:
        super().__init__(stage)
        self._stage = stage
        self._title = Label("", 20, 600, tracking=-0.01)
        self._preview = SlipPreview(columns, 400, scrolls=True)
        self._close = Button("secondary", "small", keycap="Esc")
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._preview, 1)
        self.hide()
        self._close.clicked.connect(self.hide)
        THEME.changed.connect(self.update)
        TONGUE.changed.connect(self.retranslate)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language of the screen."""
        self._title.setText(say("Training printer"))
        self._close.set_text(say("Close"))

    def turn(self, steps: int) -> None:
        """Turn the paper by so many lines."""
        self._preview.scroll_by(steps)

    def set_page(self, page: Document | None) -> None:
        """The page to show; None puts the sheet away."""
        self._preview.set_document(page)
        if page is None:
            self.hide()

    def open(self) -> None:
        """Come to the front."""
        self.setGeometry(self._stage.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.color("canvas"))
        surface(painter, QRectF(self.rect()), RADIUS_STAGE, "surface", "line")
