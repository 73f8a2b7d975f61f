"""D: the sale is approved: say so at a glance, hand out the receipt, and go on to the next sale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import LeaveSale, PrintCustomerCopy
from checkout.notices import PaymentShown, SlipShown
from domain.document import Document
from domain.entries import SlipKind, SlipState
from domain.sale import State
from domain.settings import Settings
from domain.words import N_
from ui.kind_words import SALE, kind_words
from ui.paint import surface
from ui.parts import Label, Picture
from ui.payment_words import slip_of
from ui.receipt_cards import PaperCard, QrCard, SlipCard, SlipSheet
from ui.room import ROOM
from ui.stage import ENTER, PaymentButton, Send, Stage, Wait, strong_px
from ui.theme import RADIUS_STAGE, THEME
from ui.tongue import say

NEXT_SALE_SECONDS = 12.0
P = (Qt.Key.Key_P, False)
SCROLLS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -6,
    Qt.Key.Key_PageDown: 6,
}

_RECORDS = (SlipKind.REFUND_RECORDED, SlipKind.CHARGE_RECORDED)
"""What comes out in the merchant slip's place where the bank is only told."""


class ApprovedPanel(QWidget):
    """The green panel: the word, what was charged to which card, auth code and RRN."""

    def __init__(self) -> None:
        super().__init__()
        self._stored = False
        self._badge = Picture("approved", "onOk", 100, stroke=1.5)
        self._word = Label("", 64, 700, "onOk", -0.03)
        self._why = Label("", 24, 500, "onOk", -0.01, wrap=True)
        right = Qt.AlignmentFlag.AlignRight
        self._auth_caption = Label("", 17, 400, "onOk", align=right, line=24)
        self._auth = Label("", 44, 600, "onOk", -0.01, align=right, line=52)
        self._rrn = Label("", 17, 400, "onOk", align=right, line=24)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._why)
        words.addStretch(1)
        self._codes = QWidget()
        codes = QVBoxLayout(self._codes)
        codes.setContentsMargins(0, 0, 0, 0)
        codes.setSpacing(2)
        codes.addStretch(1)
        for label in (self._auth_caption, self._auth, self._rrn):
            codes.addWidget(label)
        codes.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._badge)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._codes)
        THEME.changed.connect(self.update)

    def set_words(self, word: str, why: str, auth_code: str, rrn: str) -> None:
        """All of it, said already."""
        self._word.setText(word)
        self._why.setText(why)
        self._auth_caption.setText(say("Auth code"))
        self._auth.setText(auth_code)
        name = say("RRN")
        self._rrn.setText(f"{name} {rrn}" if rrn else "")
        for label in (self._auth_caption, self._auth):
            label.setVisible(bool(auth_code))

    def set_stored(self, *, stored: bool) -> None:
        """Green where the bank has said yes; dashes where it is still only on this till."""
        self._stored = stored
        ink = "hold" if stored else "onOk"
        self._badge.set_icon("stored" if stored else "approved", ink)
        for label in (self._word, self._why, self._auth_caption, self._auth, self._rrn):
            label.set_token(ink)
        self.update()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._row.setContentsMargins(
            *ROOM.pick((24, 20, 24, 20), (36, 26, 36, 26), (56, 44, 56, 44))
        )
        self._row.setSpacing(ROOM.pick(18, 24, 24))
        pixels = ROOM.pick(80, 100, 136)
        self._badge.set_icon(
            "stored" if self._stored else "approved", "hold" if self._stored else "onOk", pixels
        )
        px, line = ROOM.pick((54, 60), (64, 70), (96, 104))
        self._word.set_style(strong_px(px), 700, -0.03, line)
        self._why.set_style(
            *ROOM.pick((20, 500, -0.01, 28), (24, 500, -0.01, 32), (32, 500, -0.01, 40))
        )
        self._codes.setVisible(ROOM.width != "narrow")
        self.setMinimumHeight(ROOM.pick(132, 156, 220))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        rect = QRectF(self.rect())
        if self._stored:
            surface(QPainter(self), rect, RADIUS_STAGE, "holdTint", "hold", 3, dashed=True)
        else:
            surface(QPainter(self), rect, RADIUS_STAGE, "okFill")


class ApprovedStage(Stage):
    """Counts down to the next sale, unless somebody touches anything or a slip needs care."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send)
        self._counted = 0
        self._words = SALE
        self.wait: Wait = Wait(self.on_tick, self)
        copy = PaymentButton(N_("Customer copy"), PrintCustomerCopy, send, keys=(P,), keycap="P")
        self._copy = copy
        self._panel = ApprovedPanel()
        self._paper = PaperCard(copy)
        self._qr = QrCard()
        self._slip = SlipCard(settings.printer.columns)
        self._sheet = SlipSheet(settings.printer.columns, self)
        self._hand = Picture("hand", "ink2", 26)
        self._note = Label("", 17, 400, "ink2", wrap=True, line=22)
        self.primary = PaymentButton(
            N_("Next sale"), LeaveSale, send, keycap=ENTER, kind="primary", size="xl"
        )
        self.buttons = (copy, self.primary)
        self._cards = QGridLayout()
        self._cards.setSpacing(12)
        for column, card in enumerate((self._paper, self._qr, self._slip)):
            self._cards.addWidget(card, 0, column)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._hand)
        foot.addWidget(self._note, 1)
        foot.addWidget(self.primary)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(self._panel, 1)
        self.column.addLayout(self._cards)
        self.column.addLayout(foot)
        self._slip.clicked.connect(self.on_slip_pressed)
        copy.clicked.connect(self.touched)

    @property
    def title(self) -> str:
        if self.notice is None:
            return say("Approved")
        sale = self.notice.sale
        if sale.state is State.QUEUED:
            return say("Recorded")
        if sale.state is State.DELIVERED:
            return say("Refunded") if sale.row.gives_back else say("Charged")
        return say(kind_words(sale).done)

    @property
    def line(self) -> str:
        if self.notice is None or self.notice.sale.card is None:
            return ""
        sale, card = self.notice.sale, self.notice.sale.card
        message = kind_words(sale).done_line
        said = say(message, amount=str(sale.amount), scheme=card.scheme, last4=card.last4)
        if kind_words(sale).done_more:
            said += "\n" + say(kind_words(sale).done_more)
        if sale.state is State.QUEUED:
            said += "\n" + say("The bank has not seen it yet")
        return said

    def begin(self, notice: PaymentShown) -> None:
        if notice.sale.number != self._counted:
            self._counted = notice.sale.number
            self._sheet.hide()
            self.wait.begin(NEXT_SALE_SECONDS, NEXT_SALE_SECONDS)
        if any(slip.fault for slip in notice.slips):
            self.wait.stop()
        self.wait.watch(shown=self.isVisible())

    def retranslate(self) -> None:
        if self.notice is None:
            return
        super().retranslate()
        sale, answer = self.notice.sale, self.notice.sale.answer
        self._words = kind_words(sale)
        if self.primary is not None:
            self.primary.set_message(self._words.close)
        self._panel.set_stored(stored=sale.state is State.QUEUED)
        self._panel.set_words(
            self.title,
            self.line,
            answer.auth_code if answer is not None else "",
            answer.rrn if answer is not None else "",
        )
        slips = tuple(
            slip
            for kind in (
                *(_RECORDS if sale.state is State.QUEUED else (SlipKind.MERCHANT,)),
                SlipKind.CUSTOMER,
            )
            if (slip := slip_of(self.notice, kind)) is not None
        )
        self._copy.setVisible(slip_of(self.notice, SlipKind.CUSTOMER) is None)
        self._paper.set_slips(slips)
        self._qr.set_link(self.notice.receipt_link)
        page = _last_printed(slips)
        self._slip.set_page(page)
        self._sheet.set_page(page)
        self._place_cards()
        self.on_tick()

    def refit(self) -> None:
        self._panel.refit()
        for card in (self._paper, self._qr, self._slip):
            card.refit()
        self._note.set_style(*ROOM.pick((17, 400, 0, 22), (17, 400, 0, 22), (20, 400, 0, 26)))
        if self.primary is not None:
            self.primary.setMinimumSize(*ROOM.pick((250, 76), (360, 76), (360, 88)))
        self._place_cards()

    def _place_cards(self) -> None:
        linked = self.notice is not None and bool(self.notice.receipt_link)
        training = self.settings.training
        self._qr.setVisible(linked)
        self._slip.setVisible(training)
        narrow = ROOM.width == "narrow"
        shown: list[QWidget] = [self._paper]
        if linked:
            shown.append(self._qr)
        for card in (self._paper, self._qr, self._slip):
            self._cards.removeWidget(card)
        for column, widget in enumerate(shown):
            self._cards.addWidget(widget, 0, column)
            self._cards.setColumnStretch(column, 100)
        if training and narrow:
            self._cards.addWidget(self._slip, 1, 0, 1, len(shown))
        elif training:
            self._cards.addWidget(self._slip, 0, len(shown))
            self._cards.setColumnStretch(len(shown), 115)
        for column in range(len(shown) + (training and not narrow), 3):
            self._cards.setColumnStretch(column, 0)

    def on_tick(self) -> None:
        """Another fifth of a second has passed."""
        note = say("Hand back the card.")
        if self.wait.running:
            seconds = max(1, round(self.wait.left))
            note += "\n" + say(self._words.closes, s=seconds)
            if self.wait.left <= 0:
                self.wait.stop()
                self.send(LeaveSale())
        self._note.setText(note)

    def touched(self) -> None:
        if self.wait.running:
            self.wait.stop()
            self.on_tick()

    def on_slip_pressed(self) -> None:
        """Show the slip as large as there is room."""
        self.touched()
        self._sheet.open()

    def key(self, event: QKeyEvent) -> bool:
        if self._sheet.isVisible():
            if event.key() == Qt.Key.Key_Escape:
                self._sheet.hide()
                return True
            steps = SCROLLS.get(Qt.Key(event.key()))
            if steps is not None:
                self._sheet.turn(steps)
                return True
        return super().key(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        self._sheet.setGeometry(self.rect())
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        """The stage has no panel of its own."""


def _last_printed(slips: tuple[SlipShown, ...]) -> Document | None:
    printed = [slip for slip in slips if slip.state == SlipState.PRINTED.value]
    return printed[-1].document if printed else None
