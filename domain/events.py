"""What can happen to a payment: the events that TABLE in domain/sale knows, and what they carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from domain.card import Card
from domain.money import Money
from domain.operators import Operator


class Reason(StrEnum):
    """Why a reversal is sent (field 39 of the 0400)."""

    NO_ANSWER = "98"
    WRONG_MAC = "A0"
    OTHER = "06"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank answered, as far as it may be kept.

    `host_at` is MMDDhhmmss in the bank's own time; empty fields were not in the answer. `code_set`
    is the set of codes that `code` is one of, '' for the usual one (domain/response_codes).
    """

    code: str
    rrn: str = ""
    auth_code: str = ""
    host_at: str = ""
    issuer: str = ""
    acquirer: str = ""
    remark: str = ""
    code_set: str = ""


@dataclass(frozen=True, slots=True)
class EncryptedPin:
    """What a PIN pad hands out: the block under the terminal's PIN key, never digits (ISO 9564)."""

    block: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardCaptured:
    """A reader read this card; `fingerprint` is its keyed hash, '' where nobody made one yet."""

    card: Card
    fingerprint: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CardRefused:
    """A reader read something that cannot be used; ask again."""

    fault: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The cashier read the amount to the customer and confirmed it."""


@dataclass(frozen=True, slots=True)
class PinEntered:
    """The pad returned a block, or None where the customer has no PIN and the profile allows it."""

    pin: EncryptedPin | None


@dataclass(frozen=True, slots=True)
class PinFailed:
    """The pad gave up: time over, cancelled there, lost, tampered with."""

    fault: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The cashier, or the clock, ended a draft."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The last byte of the request went to the socket."""


@dataclass(frozen=True, slots=True)
class SendFailed:
    """Not one byte left this till."""

    fault: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A positive final answer, matched and with a right MAC, for the full amount.

    `balance` is what an enquiry learnt: for the screen, never for the journal.
    """

    answer: Answer
    balance: Money | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Declined:
    """A negative final answer with a right MAC."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Unanswered:
    """No answer, or none that can be trusted: the outcome is unknown."""

    reason: Reason
    fault: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class SentTwice:
    """The bank holds another sale under this trace number (code 94)."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class PowerReturned:
    """The till starts and finds a sale that was armed: nobody knows whether it was sent."""


@dataclass(frozen=True, slots=True)
class ReversalAccepted:
    """The bank confirmed: nothing is charged."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class ReversalUnanswered:
    """No usable answer to the reversal; it is repeated unchanged."""

    fault: str


@dataclass(frozen=True, slots=True)
class ReversalRefused:
    """The bank answered the reversal with a code that settles nothing."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class ReversalGivenUp:
    """It refused once too often: people must talk to each other now."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Recorded:
    """The cashier confirmed something that the bank is told of, and not asked for: a refund."""


@dataclass(frozen=True, slots=True)
class AdviceDelivered:
    """The bank knows of it now (00), or knew already (94)."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class AdviceUnanswered:
    """No usable answer to the advice; it is repeated unchanged."""

    fault: str


@dataclass(frozen=True, slots=True)
class AdviceRejected:
    """The bank will not have it: nothing is given back."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Voided:
    """The void of this sale was approved; `by` is the void's number."""

    by: int


@dataclass(frozen=True, slots=True)
class Completed:
    """This held amount was charged; `by` is the completion's number."""

    by: int


@dataclass(frozen=True, slots=True)
class HeldAgain:
    """The completion `by` was voided, or the bank would not have it: the amount is held as before."""

    by: int


@dataclass(frozen=True, slots=True)
class FoundCharged:
    """A manager asked the bank by telephone: it holds this payment as good."""

    operator: Operator
    why: str


@dataclass(frozen=True, slots=True)
class FoundNotCharged:
    """A manager asked the bank by telephone: it holds nothing."""

    operator: Operator
    why: str


Event = (
    CardCaptured
    | CardRefused
    | Confirmed
    | PinEntered
    | PinFailed
    | Cancelled
    | Sent
    | SendFailed
    | Approved
    | Declined
    | Unanswered
    | SentTwice
    | PowerReturned
    | ReversalAccepted
    | ReversalUnanswered
    | ReversalRefused
    | ReversalGivenUp
    | Recorded
    | AdviceDelivered
    | AdviceUnanswered
    | AdviceRejected
    | Voided
    | Completed
    | HeldAgain
    | FoundCharged
    | FoundNotCharged
)
