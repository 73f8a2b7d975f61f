"""One payment by card, from amount to receipt: its states, its events, and the TABLE that joins them.

A sale is decided here and nowhere else. `advance` looks the pair (state, event) up in TABLE; an
event that a state does not expect raises NotNow and changes nothing. The rules behind the table:

- Nothing is sent before ARMED is on disk, together with the reversal that could undo it.
- Once asked, a sale cannot be cancelled, only answered or reversed.
- Every outcome that is not known leads to REVERSAL_PENDING, and only the bank's word leads out.
- A late approval never revives a sale whose reversal is pending.
- 94 (sent twice) must not be reversed: it could undo the earlier sale with the same trace number.
- What is recorded for the bank (a refund) is told until it says that it knows; never reversed.
- A sale is VOIDED by its void's approval alone, in the same commit.
- A held amount is COMPLETED by its completion's approval, or recording, in the same commit, and
  held again where the completion is voided or rejected.
- An enquiry is never reversed: what is not answered has moved nothing (ENQUIRY_ROWS).
- MANUAL is left only by a manager who has heard from the bank.
- The printer changes nothing here: what is approved stays approved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.card import RememberedCard
from domain.events import (
    AdviceDelivered,
    AdviceRejected,
    AdviceUnanswered,
    Answer,
    Approved,
    Cancelled,
    CardCaptured,
    CardRefused,
    Completed,
    Confirmed,
    Declined,
    EncryptedPin,
    Event,
    FoundCharged,
    FoundNotCharged,
    HeldAgain,
    PinEntered,
    PinFailed,
    PowerReturned,
    Reason,
    Recorded,
    ReversalAccepted,
    ReversalGivenUp,
    ReversalRefused,
    ReversalUnanswered,
    SendFailed,
    Sent,
    SentTwice,
    Unanswered,
    Voided,
)
from domain.kinds import KINDS, Kind, KindRow, Lane
from domain.money import Money
from domain.operators import Operator
from domain.states import DRAFTS, FINAL, OPEN, State

__all__ = [
    "DRAFTS",
    "ENQUIRY_ROWS",
    "FINAL",
    "MAX_REFUSED_REVERSALS",
    "OPEN",
    "TABLE",
    "AdviceDelivered",
    "AdviceRejected",
    "AdviceUnanswered",
    "Answer",
    "Approved",
    "Cancelled",
    "CardCaptured",
    "CardRefused",
    "Completed",
    "Confirmed",
    "Declined",
    "EncryptedPin",
    "Errand",
    "Event",
    "FoundCharged",
    "FoundNotCharged",
    "HeldAgain",
    "Moment",
    "NotNow",
    "OriginalFacts",
    "PinEntered",
    "PinFailed",
    "PowerReturned",
    "Reason",
    "Recorded",
    "ReversalAccepted",
    "ReversalGivenUp",
    "ReversalRefused",
    "ReversalUnanswered",
    "Row",
    "Sale",
    "SendFailed",
    "Sent",
    "SentTwice",
    "State",
    "Step",
    "Unanswered",
    "Voided",
    "advance",
    "judge_advice",
    "judge_reversal",
]

MAX_REFUSED_REVERSALS = 3
"""A bank that refuses a reversal this often is asked by telephone: MANUAL."""
NOT_LEARNT = "H-03"
"""The fault of every enquiry without an answer, whatever kept it away."""


class Errand(StrEnum):
    """What is to be done once a decision is remembered."""

    LISTEN = "listen"
    STOP_LISTENING = "stop listening"
    ASK_FOR_PIN = "ask for PIN"
    STOP_PIN = "stop PIN"
    ASK = "ask the bank"
    REVERSE = "reverse"
    DELIVER = "tell the bank"
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
    (State.CAPTURED, Recorded): Row(State.QUEUED, (_.WIPE, _.PRINT, _.DELIVER)),
    (State.CAPTURED, SendFailed): Row(State.NOT_SENT, (_.WIPE,)),
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
    (State.MANUAL, FoundCharged): Row(State.APPROVED, (_.PRINT,)),
    (State.MANUAL, FoundNotCharged): Row(State.REVERSED, (_.PRINT,)),
    (State.QUEUED, PowerReturned): Row(State.QUEUED, (_.DELIVER,), durable=False),
    (State.QUEUED, AdviceUnanswered): Row(State.QUEUED, (_.DELIVER,)),
    (State.QUEUED, AdviceDelivered): Row(State.DELIVERED, (_.PRINT,)),
    (State.QUEUED, AdviceRejected): Row(State.REJECTED, (_.PRINT,)),
    (State.APPROVED, Voided): Row(State.VOIDED),
    (State.APPROVED, Completed): Row(State.COMPLETED),
    (State.COMPLETED, HeldAgain): Row(State.APPROVED),
    (State.DELIVERED, Voided): Row(State.VOIDED),
}
ENQUIRY_ROWS: dict[tuple[State, type[Event]], Row] = {
    (State.ARMED, Unanswered): Row(State.NOT_SENT, (_.WIPE,)),
    (State.ARMED, PowerReturned): Row(State.NOT_SENT),
    (State.WAITING, Unanswered): Row(State.NOT_SENT, (_.WIPE,)),
    (State.WAITING, SentTwice): Row(State.NOT_SENT, (_.WIPE,)),
}
"""What an enquiry does in place of TABLE's line: it moves nothing, so that nothing is reversed."""
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
class OriginalFacts:
    """What the bank is told of the earlier payment (fields 37, 38 and 61); `date` is MMDD."""

    batch: int
    stan: int
    rrn: str
    auth_code: str
    date: str


@dataclass(frozen=True, slots=True)
class Sale:
    """A payment by card; it holds nothing that may not be written down.

    `number` counts the shop's sales, `stan` is the bank's trace number (ISO 8583 field 11), known
    from ARMED on. `history` is the part of its life that people are shown. Whatever refers to an
    earlier payment names its number in `original`, and in `given_reason` why it was asked for.
    `fingerprint` is a keyed hash of the card number, `tells` counts the tries of an advice.
    `to_other_card` marks a refund that a manager sends to a card that did not pay.
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
    approver: str = ""
    """Who let it happen, where whoever took it might not do so alone."""
    kind: Kind = Kind.SALE
    original: int | None = None
    facts: OriginalFacts | None = None
    fingerprint: str = field(default="", repr=False)
    given_reason: str = ""
    tells: int = 0
    to_other_card: bool = False

    @property
    def row(self) -> KindRow:
        """What its kind needs."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Step:
    """What `advance` decided: the sale as it is now, whether to write it down, what to do then."""

    sale: Sale
    errands: tuple[Errand, ...]
    durable: bool


def advance(sale: Sale, event: Event, at: datetime) -> Step:
    """The next step of a sale. Raises NotNow, with the sale as it was."""
    row = _row_of(sale, event)
    if row is None or _is_of_another_kind(sale, event):
        raise NotNow(sale.state, type(event))
    after = _noted(replace(sale, state=row.to), event, at)
    if sale.row.lane is Lane.ENQUIRY and (sale.state, type(event)) in ENQUIRY_ROWS:
        after = replace(after, reason=None, fault=NOT_LEARNT)
    if row.to in FINAL | {State.QUEUED} and after.finished_at is None:
        after = replace(after, finished_at=at)
    errands = row.errands
    if isinstance(event, Unanswered) and event.reason is Reason.WRONG_MAC:
        # Keys that no longer agree would spoil the reversal's MAC too.
        errands = (Errand.SIGN_ON, *errands)
    return Step(after, errands, row.durable)


def judge_reversal(
    sale: Sale,
    answer: Answer,
    accepted: frozenset[str],
    temporary: frozenset[str],
) -> Event:
    """What the bank's code on a reversal means; the sets are the dialect's.

    A `temporary` code settles nothing: the reversal is repeated for ever.
    """
    if answer.code in accepted:
        return ReversalAccepted(answer)
    if answer.code in temporary:
        return ReversalUnanswered("N-06")
    if sale.reversal_refusals + 1 >= MAX_REFUSED_REVERSALS:
        return ReversalGivenUp(answer)
    return ReversalRefused(answer)


def judge_advice(answer: Answer, known: frozenset[str], temporary: frozenset[str]) -> Event:
    """What the bank's code on an advice means; the sets are the dialect's.

    `known` are those of a bank that knows of it: now, or since it was told before.
    """
    if answer.code in known:
        return AdviceDelivered(answer)
    if answer.code in temporary:
        return AdviceUnanswered("N-06")
    return AdviceRejected(answer)


def _row_of(sale: Sale, event: Event) -> Row | None:
    key = (sale.state, type(event))
    is_enquiry = sale.row.lane is Lane.ENQUIRY
    return (ENQUIRY_ROWS.get(key) if is_enquiry else None) or TABLE.get(key)


def _is_of_another_kind(sale: Sale, event: Event) -> bool:
    """Whether an advice would be asked for, a request only recorded, a refund voided, and so on."""
    match event:
        case Confirmed():
            return sale.row.lane is Lane.ADVICE
        case Recorded():
            return sale.row.lane is not Lane.ADVICE
        case Voided():
            return sale.row.gives_back or sale.row.lane is Lane.ENQUIRY
        case Completed() | HeldAgain():
            return sale.kind is not Kind.PREAUTH
    return False


def _noted(sale: Sale, event: Event, at: datetime) -> Sale:
    """What the event adds to the sale beside its state."""
    note = ""
    match event:
        case CardCaptured(card, fingerprint):
            sale = replace(sale, card=card.remembered, fault="", fingerprint=fingerprint)
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
        case _:
            sale, note = _noted_of_an_end(sale, event)
    return replace(sale, history=(*sale.history, Moment(at, type(event).__name__, note)))


def _noted_of_an_end(sale: Sale, event: Event) -> tuple[Sale, str]:
    """The same for what ends an advice, a doubt, or a sale that was over."""
    match event:
        case AdviceUnanswered(fault):
            return replace(sale, tells=sale.tells + 1, fault=fault), fault
        case AdviceDelivered(answer) | AdviceRejected(answer):
            return replace(sale, tells=sale.tells + 1, answer=answer, fault=""), answer.code
        case Voided(by) | Completed(by) | HeldAgain(by):
            return sale, str(by)
        case FoundCharged(operator, why) | FoundNotCharged(operator, why):
            return replace(sale, fault=""), f"{operator.id} {operator.name}: {why}"
    return sale, ""
