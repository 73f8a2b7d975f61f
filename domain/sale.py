"""One payment by card, from amount to receipt: its states, its events, and the TABLE that joins them.

A sale is decided here and nowhere else. `advance` looks the pair (state, event) up in TABLE; an
event that a state does not expect raises NotNow and changes nothing. The rules behind the table:

- Nothing is sent before ARMED is on disk, together with the reversal that could undo it.
- Once asked, a sale cannot be cancelled, only answered or reversed.
- Every outcome that is not known leads to REVERSAL_PENDING, and only the bank's word leads out.
- A late approval never revives a sale whose reversal is pending.
- 94 (sent twice) must not be reversed: it could undo the earlier sale with the same trace number.
- The printer changes nothing here: what is approved stays approved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.card import Card, RememberedCard
from domain.money import Money
from domain.operators import Operator

MAX_REFUSED_REVERSALS = 3
"""A bank that refuses a reversal this often is asked by telephone: MANUAL."""
TEMPORARY = frozenset({"68", "77", "90", "91", "92", "96", "98", "99", "A0", "A7"})
"""Codes of a bank in trouble: on a reversal they settle nothing, and it is repeated for ever."""


class State(StrEnum):
    """Where a sale stands. Everything up to PIN_ENTRY is a draft: no money can have moved."""

    DRAFT = "draft"
    CAPTURED = "captured"
    PIN_ENTRY = "pin"
    ARMED = "armed"
    WAITING = "waiting"
    NOT_SENT = "not_sent"
    APPROVED = "approved"
    DECLINED = "declined"
    REVERSAL_PENDING = "reversal_pending"
    REVERSED = "reversed"
    MANUAL = "manual"
    ABANDONED = "abandoned"


DRAFTS = frozenset({State.DRAFT, State.CAPTURED, State.PIN_ENTRY})
OPEN = frozenset({State.ARMED, State.WAITING, State.REVERSAL_PENDING, State.MANUAL})
"""States in which money may have moved and nobody knows yet."""
FINAL = frozenset({State.NOT_SENT, State.APPROVED, State.DECLINED, State.REVERSED, State.ABANDONED})


class Reason(StrEnum):
    """Why a reversal is sent (field 39 of the 0400)."""

    NO_ANSWER = "98"
    WRONG_MAC = "A0"
    OTHER = "06"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bank answered, as far as it may be kept.

    `host_at` is MMDDhhmmss in the bank's own time; empty fields were not in the answer.
    """

    code: str
    rrn: str = ""
    auth_code: str = ""
    host_at: str = ""
    issuer: str = ""
    acquirer: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class EncryptedPin:
    """What a PIN pad hands out: the block under the terminal's PIN key, never digits (ISO 9564)."""

    block: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardCaptured:
    """A reader read this card."""

    card: Card


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
    """A positive final answer, matched and with a right MAC, for the full amount."""

    answer: Answer


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
)


class Errand(StrEnum):
    """What is to be done once a decision is remembered."""

    LISTEN = "listen"
    STOP_LISTENING = "stop listening"
    ASK_FOR_PIN = "ask for PIN"
    STOP_PIN = "stop PIN"
    ASK = "ask the bank"
    REVERSE = "reverse"
    SIGN_ON = "sign on"
    PRINT = "print"
    WIPE = "wipe the card"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of TABLE: where the sale goes, whether that is written down, what is then done."""

    to: State
    errands: tuple[Errand, ...] = ()
    durable: bool = True


_ = Errand
TABLE: dict[tuple[State, type[Event]], Row] = {
    (State.DRAFT, CardCaptured): Row(State.CAPTURED, (_.STOP_LISTENING,), durable=False),
    (State.DRAFT, CardRefused): Row(State.DRAFT, (_.LISTEN,), durable=False),
    (State.DRAFT, Cancelled): Row(State.ABANDONED, (_.STOP_LISTENING,)),
    (State.CAPTURED, Confirmed): Row(State.PIN_ENTRY, (_.ASK_FOR_PIN,), durable=False),
    (State.CAPTURED, Cancelled): Row(State.ABANDONED, (_.WIPE,)),
    (State.PIN_ENTRY, PinEntered): Row(State.ARMED, (_.ASK,)),
    (State.PIN_ENTRY, PinFailed): Row(State.NOT_SENT, (_.WIPE,)),
    (State.PIN_ENTRY, Cancelled): Row(State.ABANDONED, (_.STOP_PIN, _.WIPE)),
    (State.ARMED, Sent): Row(State.WAITING, durable=False),
    (State.ARMED, SendFailed): Row(State.NOT_SENT, (_.WIPE,)),
    (State.ARMED, Unanswered): Row(State.REVERSAL_PENDING, (_.WIPE, _.PRINT, _.REVERSE)),
    (State.ARMED, PowerReturned): Row(State.REVERSAL_PENDING, (_.PRINT, _.REVERSE)),
    (State.WAITING, Approved): Row(State.APPROVED, (_.WIPE, _.PRINT)),
    (State.WAITING, Declined): Row(State.DECLINED, (_.WIPE, _.PRINT)),
    (State.WAITING, Unanswered): Row(State.REVERSAL_PENDING, (_.WIPE, _.PRINT, _.REVERSE)),
    (State.WAITING, SentTwice): Row(State.MANUAL, (_.WIPE, _.PRINT)),
    (State.REVERSAL_PENDING, PowerReturned): Row(
        State.REVERSAL_PENDING, (_.REVERSE,), durable=False
    ),
    (State.REVERSAL_PENDING, ReversalAccepted): Row(State.REVERSED, (_.PRINT,)),
    (State.REVERSAL_PENDING, ReversalUnanswered): Row(State.REVERSAL_PENDING, (_.REVERSE,)),
    (State.REVERSAL_PENDING, ReversalRefused): Row(State.REVERSAL_PENDING, (_.REVERSE,)),
    (State.REVERSAL_PENDING, ReversalGivenUp): Row(State.MANUAL, (_.PRINT,)),
}
del _


class NotNow(Exception):
    """This state does not expect this event; nothing has changed."""

    def __init__(self, state: State, event: type) -> None:
        super().__init__(f"{event.__name__} in {state.value}")
        self.state = state


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a sale's history: when, which event, and the word beside it."""

    at: datetime
    event: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A payment by card; it holds nothing that may not be written down.

    `number` counts the shop's sales, `stan` is the bank's trace number (ISO 8583 field 11), known
    from ARMED on. `history` is the part of its life that people are shown.
    """

    number: int
    amount: Money
    operator: Operator
    started_at: datetime
    state: State = State.DRAFT
    card: RememberedCard | None = None
    stan: int | None = None
    batch: int = 0
    pin_entered: bool = False
    answer: Answer | None = None
    fault: str = ""
    reason: Reason | None = None
    reversal_tries: int = 0
    reversal_refusals: int = 0
    finished_at: datetime | None = None
    history: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What `advance` decided: the sale as it is now, whether to write it down, what to do then."""

    sale: Sale
    errands: tuple[Errand, ...]
    durable: bool


def advance(sale: Sale, event: Event, at: datetime) -> Step:
    """The next step of a sale. Raises NotNow, with the sale as it was."""
    row = TABLE.get((sale.state, type(event)))
    if row is None:
        raise NotNow(sale.state, type(event))
    after = _noted(replace(sale, state=row.to), event, at)
    if row.to in FINAL and sale.state not in FINAL:
        after = replace(after, finished_at=at)
    errands = row.errands
    if isinstance(event, Unanswered) and event.reason is Reason.WRONG_MAC:
        # Keys that no longer agree would spoil the reversal's MAC too.
        errands = (Errand.SIGN_ON, *errands)
    return Step(after, errands, row.durable)


def judge_reversal(sale: Sale, answer: Answer, accepted: frozenset[str]) -> Event:
    """What the bank's code on a reversal means; `accepted` is the dialect's success set."""
    if answer.code in accepted:
        return ReversalAccepted(answer)
    if answer.code in TEMPORARY:
        return ReversalUnanswered("N-06")
    if sale.reversal_refusals + 1 >= MAX_REFUSED_REVERSALS:
        return ReversalGivenUp(answer)
    return ReversalRefused(answer)


def _noted(sale: Sale, event: Event, at: datetime) -> Sale:
    """What the event adds to the sale beside its state."""
    note = ""
    match event:
        case CardCaptured(card):
            sale = replace(sale, card=card.remembered, fault="")
        case CardRefused(fault) | PinFailed(fault) | SendFailed(fault):
            sale, note = replace(sale, fault=fault), fault
        case PinEntered(pin):
            sale = replace(sale, pin_entered=pin is not None, fault="")
        case Approved(answer) | Declined(answer) | SentTwice(answer):
            sale, note = replace(sale, answer=answer), answer.code
        case Unanswered(reason, fault, answer):
            sale, note = replace(sale, reason=reason, fault=fault, answer=answer), fault
        case PowerReturned():
            if sale.reason is None:
                sale = replace(sale, reason=Reason.OTHER, fault="N-10")
        case ReversalAccepted(answer):
            sale = replace(sale, reversal_tries=sale.reversal_tries + 1, answer=answer)
            note = answer.code
        case ReversalUnanswered(fault):
            sale, note = replace(sale, reversal_tries=sale.reversal_tries + 1), fault
        case ReversalRefused(answer) | ReversalGivenUp(answer):
            sale = replace(
                sale,
                reversal_tries=sale.reversal_tries + 1,
                reversal_refusals=sale.reversal_refusals + 1,
                fault="N-09" if isinstance(event, ReversalGivenUp) else sale.fault,
            )
            note = answer.code
        case Confirmed() | Cancelled() | Sent():
            pass
    return replace(sale, history=(*sale.history, Moment(at, type(event).__name__, note)))
