"""The left pane of every payment screen: how much, what happened to the money, and the facts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from checkout.notices import PaymentShown
from ui.amount_display import AmountDisplay
from ui.parts import Card, Label, MoneyLine, Picture, SchemeTag
from ui.payment_words import Fact, customer_words, facts, money_words
from ui.room import ROOM
from ui.sale_words import title_of
from ui.tongue import say

MOST_FACTS = 6
MOST_FACTS_NARROW = 4


class FactLine(QWidget):
    """A caption and its value: side by side, or one above the other where the window is narrow."""

    def __init__(self, parent: QWidget | None = None, *, beside: bool = False) -> None:
        super().__init__(parent)
        self._beside = beside
        self._caption = Label("", 15, 400, "ink2")
        self._value = Label("", 15, 600)
        self._tag = SchemeTag()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._caption)
        self._row.addStretch(1)
        self._row.addWidget(self._value)
        self._row.addWidget(self._tag)

    def set_fact(self, fact: Fact) -> None:
        """Show this one."""
        self._caption.setText(fact.caption)
        self._value.setText("" if fact.tag else fact.value)
        self._tag.set_text(fact.value if fact.tag else "")
        self._value.setVisible(not fact.tag)
        self._tag.setVisible(fact.tag)
        self.setAccessibleName(f"{fact.caption}: {fact.value}")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        narrow = ROOM.width == "narrow" and not self._beside
        self._row.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self._row.setSpacing(2 if narrow else 8)
        px = ROOM.pick(15, 15, 17)
        self._caption.set_style(px, 400)
        self._value.set_style(px, 600, 0.02)


class CustomerBox(Card):
    """The sentence for the customer, who has no screen of their own yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", radius=12, parent=parent)
        self._caption = Label("", 15, 400, "ink3", line=20)
        self._sentence = Label("", 15, 600, wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._caption)
        words.addWidget(self._sentence)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._row.addWidget(Picture("user", px=26))
        self._row.addLayout(words, 1)

    def set_sentence(self, sentence: str) -> None:
        """What to tell them now."""
        self._caption.setText(say("Tell the customer"))
        self._sentence.setText(sentence)
        caption = say("Tell the customer")
        self.setAccessibleName(f"{caption}: {sentence}")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._row.setContentsMargins(
            *ROOM.pick((12, 10, 12, 10), (16, 12, 16, 12), (18, 14, 18, 14))
        )


class TruthPane(Card):
    """Sale number, amount, money line, facts, and what to tell the customer.

    The amount never moves from one screen of a payment to the next.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._number = Label("", 20, 600, tracking=-0.01)
        self._method = Label("", 15, 400, "ink3", line=20)
        self._amount = AmountDisplay(64)
        self._money = MoneyLine()
        self._facts = tuple(FactLine() for _ in range(MOST_FACTS))
        self._customer = CustomerBox()
        head = QHBoxLayout()
        head.addWidget(self._number)
        head.addStretch(1)
        head.addWidget(self._method, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._list = QVBoxLayout()
        for fact in self._facts:
            self._list.addWidget(fact)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        self._column.addSpacing(6)
        self._column.addWidget(self._amount)
        self._column.addSpacing(24)
        self._column.addWidget(self._money)
        self._column.addSpacing(20)
        self._column.addLayout(self._list)
        self._column.addStretch(1)
        self._column.addSpacing(8)
        self._column.addWidget(self._customer)
        self._shown = 0
        self.refit()

    def show_payment(self, notice: PaymentShown) -> None:
        """Draw this payment."""
        sale = notice.sale
        self._number.setText(title_of(sale.kind, sale.number, sale.original))
        self._method.setText(say("Card"))
        self._amount.set_money(sale.amount)
        self._amount.setVisible(bool(sale.amount))  # a question about a balance has none
        money = money_words(notice)
        self._money.set_line(money.kind, money.line, money.small)
        words = say("Please wait") if notice.awaits_keys else customer_words(sale)
        self._customer.set_sentence(words)
        known = facts(notice)
        self._shown = len(known)
        for line, fact in zip(self._facts, known, strict=False):
            line.set_fact(fact)
        self._show_facts()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._column.setContentsMargins(
            *ROOM.pick((18, 18, 18, 16), (24, 24, 24, 20), (36, 36, 36, 36))
        )
        self._amount.set_px(ROOM.pick(56, 64, 92))
        self._amount.setFixedHeight(ROOM.pick(64, 72, 104))
        self._list.setSpacing(ROOM.pick(8, 12, 18))
        for line in self._facts:
            line.refit()
        self._customer.refit()
        self._show_facts()

    def _show_facts(self) -> None:
        most = MOST_FACTS_NARROW if ROOM.width == "narrow" else MOST_FACTS
        for place, line in enumerate(self._facts):
            line.setVisible(place < min(self._shown, most))
