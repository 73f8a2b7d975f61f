"""What is asked of the bank, and how its answer is told from the answers of others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from acquirer.codec import Message
from domain.card import Card
from domain.kinds import Kind
from domain.money import Money
from domain.sale import EncryptedPin, OriginalFacts


@dataclass(frozen=True, slots=True)
class SaleRequest:
    """Everything that a payment by card says to the bank; `at` is local wall time."""

    sale: int
    amount: Money
    card: Card = field(repr=False)
    pin: EncryptedPin | None
    stan: int
    batch: int
    at: datetime
    operator: str
    kind: Kind = Kind.SALE
    original: OriginalFacts | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must repeat to be ours (MTI, 11, 41, 42) and to be about this (3, 4).

    `balance_in` is the number of the currency in which an enquiry wants its answer.
    """

    mti: str
    stan: str
    terminal: str
    merchant: str
    code: str = ""
    amount: str = ""
    balance_in: str = ""

    def is_answered_by(self, message: Message) -> bool:
        """Whether this message answers our request and not another."""
        return (message.mti, *(message.fields.get(number) for number in (11, 41, 42))) == (
            self.mti,
            self.stan,
            self.terminal,
            self.merchant,
        )

    def agrees_with(self, message: Message, *, must_be_there: bool) -> bool:
        """Whether processing code and amount are ours; absent ones may be tolerated.

        What we did not say ourselves, like the amount of an enquiry, is not looked at.
        """
        for number, wanted in ((3, self.code), (4, self.amount)):
            given = message.fields.get(number)
            if wanted and given != wanted and (given is not None or must_be_there):
                return False
        return True
