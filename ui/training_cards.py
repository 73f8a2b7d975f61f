"""Cards to swipe with a finger: for training without a reader, or without a card."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from checkout.commands import SwipeTyped
from domain.training import TrainingCard
from ui.buttons import Button
from ui.label import Label
from ui.room import ROOM
from ui.stage import Send
from ui.tongue import say


class TrainingCards(QWidget):
    """A row of them; empty, and so not there, in a live shop."""

    def __init__(self, cards: tuple[TrainingCard, ...], send: Send) -> None:
        super().__init__()
        self._cards = cards
        self._title = Label("", 15, 400, "ink2", wrap=True)
        self._buttons = tuple(Button("secondary", "small") for _ in cards)
        for card, button in zip(cards, self._buttons, strict=True):
            button.clicked.connect(partial(_swipe, card, send))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(12)
        for button in self._buttons:
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)
        self._column.addLayout(self._row)
        self.setVisible(bool(cards))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._column.setContentsMargins(
            *ROOM.pick((24, 0, 24, 16), (36, 0, 36, 24), (56, 0, 56, 36))
        )
        self._row.setSpacing(ROOM.pick(8, 12, 16))

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        pins = " / ".join(dict.fromkeys(card.pin for card in self._cards if card.pin))
        self._title.setText(say("No card at hand? Take a training card, PIN {pin}:", pin=pins))
        for card, button in zip(self._cards, self._buttons, strict=True):
            button.set_text(say(card.outcome))


def _swipe(card: TrainingCard, send: Send) -> None:
    send(SwipeTyped(bytearray(card.stripe, "ascii")))
