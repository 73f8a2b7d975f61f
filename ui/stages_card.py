"""The stages before the bank is asked: present the card, check the amount."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Cancel, Confirm
from checkout.notices import PaymentShown
from domain.card import EntryMode
from domain.kinds import Kind
from domain.settings import Settings
from domain.training import TrainingCard
from domain.words import N_
from ui.amount_display import AmountDisplay
from ui.drawings import BankCardDrawing, ReaderDrawing, TimeBar
from ui.kind_words import SALE, KindWords, kind_words
from ui.lead_text import LeadText
from ui.parts import Card, Label, Picture
from ui.payment_words import READ_BY, card_is_in, fault_of
from ui.room import ROOM
from ui.stage import (
    ENTER,
    Foot,
    PaymentButton,
    Send,
    Stage,
    Wait,
    body_margins,
    fit_say,
    fit_state_word,
    say_label,
    state_word,
)
from ui.tongue import say
from ui.training_cards import TrainingCards

ESC = (Qt.Key.Key_Escape, False)
BACKSPACE = (Qt.Key.Key_Backspace, False)

WAYS = {
    EntryMode.TAP: ("tap", N_("Tap on the waves")),
    EntryMode.CHIP: ("insert", N_("Insert, chip first")),
    EntryMode.SWIPE: ("swipe", N_("Swipe the stripe")),
}

ENTRIES = {"serial": (EntryMode.SWIPE,), "wedge": (EntryMode.SWIPE,)}
"""What each kind of reader can read."""

CARD_WORDS = {
    EntryMode.SWIPE: N_("Card swiped, stripe read"),
    EntryMode.CHIP: N_("Card is in, chip read"),
    EntryMode.TAP: N_("Card tapped"),
    EntryMode.TYPED: N_("Card typed in"),
}
CARD_ICONS = {
    EntryMode.SWIPE: "swipe",
    EntryMode.CHIP: "insert",
    EntryMode.TAP: "tap",
    EntryMode.TYPED: "keyed",
}


def ways_of(settings: Settings) -> tuple[EntryMode, ...]:
    """The ways in which this till's readers take a card."""
    found = {entry for reader in settings.readers for entry in ENTRIES[reader.kind]}
    return tuple(entry for entry in WAYS if entry in found)


class WayTile(Card):
    """One way to present a card."""

    def __init__(self, entry: EntryMode) -> None:
        super().__init__("surface", "accentLine")
        picture, self._message = WAYS[entry]
        self._words = Label("", 17, 600, wrap=True, line=22)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 20, 16)
        row.setSpacing(14)
        row.addWidget(Picture(picture, "accent", 36))
        row.addWidget(self._words, 1)
        self.setMinimumWidth(240)

    def retranslate(self) -> None:
        """Say it in the language of the screen."""
        self._words.setText(say(self._message))


class RefusedCard(Card):
    """Why the last card was not taken: a warning that cannot be overlooked."""

    def __init__(self) -> None:
        super().__init__("warnTint", "warn", 2)
        self._title = Label("", 20, 600, "warn", -0.01, wrap=True)
        self._remedy = Label("", 17, 400, "warn", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 16, 18, 16)
        row.setSpacing(16)
        row.addWidget(Picture("warn", "warn", 36), alignment=Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def set_words(self, title: str, remedy: str) -> None:
        """Both sentences, said already."""
        self._title.setText(title)
        self._remedy.setText(remedy)
        self.setAccessibleName(f"{title}. {remedy}")


class CountdownRow(QWidget):
    """A bar and the seconds in words."""

    def __init__(self, fill: str, border: str, message: str) -> None:
        super().__init__()
        self._message = message
        self._bar = TimeBar(fill, border)
        self._words = Label("", 15, 600)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addWidget(self._bar, 1)
        self._row.addWidget(self._words)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._row.setContentsMargins(*ROOM.pick((24, 0, 24, 20), (36, 0, 36, 28), (56, 0, 56, 44)))
        self._words.set_style(ROOM.pick(15, 15, 17), 600)

    def show_wait(self, wait: Wait) -> None:
        """How much is left."""
        self.setVisible(wait.running)
        self._bar.set_part(wait.part)
        self._words.setText(say(self._message, s=round(wait.left)))


class WaitingStage(Stage):
    """C0: the till waits for a card."""

    def __init__(
        self, settings: Settings, send: Send, training_cards: tuple[TrainingCard, ...] = ()
    ) -> None:
        super().__init__(settings, send)
        self.set_look("accentTint", "accent")
        ways = ways_of(settings)
        self._only_stripes = ways == (EntryMode.SWIPE,)
        self._word = state_word("accent")
        self._say = say_label()
        self._tiles = tuple(WayTile(entry) for entry in ways)
        self._refused = RefusedCard()
        self._reader = ReaderDrawing(stripes=self._only_stripes)
        self._left = CountdownRow("accent", "accentLine", N_("{s} s left"))
        self.wait: Wait = Wait(self.on_tick, self)
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self._tiles:
            tiles.addWidget(tile)
        tiles.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(16)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._say)
        words.addSpacing(12)
        words.addLayout(tiles)
        words.addWidget(self._refused)
        words.addStretch(1)
        self._body = QHBoxLayout()
        self._body.addLayout(words, 1)
        self._body.addWidget(self._reader, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.buttons = (PaymentButton(N_("Cancel"), Cancel, send, keys=(ESC,), keycap="Esc"),)
        self._foot = Foot(self.buttons)
        self._training_cards = TrainingCards(training_cards, send)
        self.column.addLayout(self._body, 1)
        self.column.addWidget(self._training_cards)
        self.column.addWidget(self._left)
        self.column.addWidget(self._foot)

    @property
    def title(self) -> str:
        return say("Present card")

    @property
    def line(self) -> str:
        refused = fault_of(self.notice.sale) if self.notice is not None else None
        if refused is not None:
            return f"{say(refused.title)}. {say(refused.remedy)}"
        return self._how()

    def _how(self) -> str:
        if self.notice is not None and kind_words(self.notice.sale).present:
            return say(kind_words(self.notice.sale).present)
        if self._only_stripes:
            return say("Swipe it through the reader.")
        return say("Tap, insert or swipe. Any way works.")

    def begin(self, notice: PaymentShown) -> None:
        super().begin(notice)
        self._reader.set_amount(str(notice.sale.amount) if notice.sale.amount else "")

    def retranslate(self) -> None:
        super().retranslate()
        self._word.setText(self.title)
        for tile in self._tiles:
            tile.retranslate()
        refused = fault_of(self.notice.sale) if self.notice is not None else None
        self._say.setText(self._how())
        for tile in self._tiles:
            tile.setVisible(refused is None)
        self._refused.setVisible(refused is not None)
        if refused is not None:
            self._refused.set_words(say(refused.title), say(refused.remedy))
        self._training_cards.retranslate()
        self.on_tick()

    def refit(self) -> None:
        fit_state_word(self._word)
        fit_say(self._say)
        self._body.setContentsMargins(*body_margins())
        self._body.setSpacing(ROOM.pick(20, 32, 32))
        self._reader.set_height(ROOM.pick(230, 330, 480))
        self._training_cards.refit()
        self._left.refit()
        self._foot.refit()

    def on_tick(self) -> None:
        """Another fifth of a second has passed."""
        self._left.show_wait(self.wait)


class ConfirmStage(Stage):
    """C1: the cashier reads the amount to the customer and confirms it."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send)
        self.set_look("surface", "accent")
        self._word = state_word("ink")
        self._say = say_label()
        self._amount = AmountDisplay(108)
        self._hand = Picture("hand", "ink2", 26)
        self._note = LeadText("ink2")
        self._card = BankCardDrawing()
        self._entry = Picture("swipe", "accent", 24)
        self._read = Label("", 17, 600, "accent", wrap=True)
        note = QHBoxLayout()
        note.setSpacing(12)
        note.addWidget(self._hand)
        note.addWidget(self._note, 1)
        words = QVBoxLayout()
        words.setSpacing(14)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._say)
        words.addWidget(self._amount)
        words.addSpacing(12)
        words.addLayout(note)
        words.addStretch(1)
        read = QHBoxLayout()
        read.setSpacing(8)
        read.addWidget(self._entry)
        read.addWidget(self._read, 1)
        card = QVBoxLayout()
        card.setSpacing(16)
        card.addStretch(1)
        card.addWidget(self._card)
        card.addLayout(read)
        card.addStretch(1)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.addLayout(words, 1)
        self._body.addLayout(card)
        cancel = PaymentButton(N_("Cancel"), Cancel, send, keys=(ESC,), keycap="Esc")
        self._change = change = PaymentButton(
            N_("Change amount"), Cancel, send, keys=(BACKSPACE,), keycap="⌫"
        )
        self.primary = PaymentButton(
            N_("Confirm {amount}"), Confirm, send, keycap=ENTER, kind="primary", size="xl"
        )
        self.buttons = (cancel, change, self.primary)
        self._foot = Foot((cancel, change), self.primary, primary_width=340)
        self.column.addLayout(self._body, 1)
        self.column.addWidget(self._foot)

    @property
    def title(self) -> str:
        return say(self._words.check)

    @property
    def line(self) -> str:
        return say(self._words.read)

    @property
    def _words(self) -> KindWords:
        return kind_words(self.notice.sale) if self.notice is not None else SALE

    def retranslate(self) -> None:
        if self.notice is None or self.notice.sale.card is None:
            return
        sale = self.notice.sale
        card = self.notice.sale.card
        if self.primary is not None:
            self.primary.set_message(self._words.confirm, amount=str(sale.amount))
            self._change.setVisible(sale.kind is Kind.SALE)
        super().retranslate()
        self._word.setText(self.title)
        self._say.setText(self.line)
        self._amount.set_money(sale.amount)
        self._amount.setVisible(bool(sale.amount))
        stays = card_is_in(sale)
        self._note.set_words(
            "",
            say("Leave the card in the reader.")
            if stays
            else say("Keep the card at hand until the bank has answered."),
        )
        self._card.set_card(card, say(READ_BY[card.entry]))
        self._entry.set_icon(CARD_ICONS[card.entry], "accent")
        self._read.setText(say(CARD_WORDS[card.entry]))
        self._foot.refit()

    def refit(self) -> None:
        narrow = ROOM.width == "narrow"
        fit_state_word(self._word)
        fit_say(self._say)
        self._body.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._body.setContentsMargins(*body_margins())
        self._body.setSpacing(ROOM.pick(12, 32, 32))
        self._card.setVisible(not narrow)
        self._card.set_height(ROOM.pick(164, 164, 238))
        self._amount.set_px(ROOM.pick(88, 108, 124))
        self._amount.setFixedHeight(ROOM.pick(104, 132, 148))
        self._foot.refit()
