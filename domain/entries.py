"""What the journal remembers: entries, versioned, and one decision that is written at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.batch import Batch, BatchState
from domain.document import Document
from domain.sale import Sale
from domain.staff import RoleRow, StaffRow

VERSION = 1
"""Of the entries' bodies; a reader of old entries asks for it."""


class EntryKind(StrEnum):
    """What an entry is about."""

    OPENED = "till opened"
    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGNED_OUT = "signed out"
    SALE = "sale"
    BANK_SIGN_ON = "signed on to the acquirer"
    SLIP = "slip"
    FAULT = "fault"
    RESOLVED = "resolved by people"
    STAFF = "person changed"
    ROLE = "role changed"
    NOT_ALLOWED = "not allowed"
    APPROVAL_REFUSED = "approval refused"
    BATCH = "batch"
    OTHER_CARD = "refund to another card"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal before it has a number: the body is plain JSON, free of secrets."""

    kind: EntryKind
    at: datetime
    operator: str
    body: dict[str, Any]
    sale: int | None = None


class SlipKind(StrEnum):
    """Which paper of a sale."""

    MERCHANT = "merchant"
    CUSTOMER = "customer"
    DECLINED = "declined"
    REVERSAL_PENDING = "reversal pending"
    REVERSED = "reversed"
    UNRESOLVED = "unresolved"
    REFUND_RECORDED = "refund recorded"
    REFUND_REFUSED = "refund refused"
    CHARGE_RECORDED = "charge recorded"
    CHARGE_REFUSED = "charge refused"
    SETTLEMENT = "settlement"


class SlipState(StrEnum):
    """How far a slip has come. PRINTING found at a start means: nobody knows whether it came out."""

    OWED = "owed"
    PRINTING = "printing"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Slip:
    """A paper that the till owes: composed once, kept with the sale, printed from the journal only.

    `number` is given by the journal (0 until then); `copies` counts the originals and copies that
    went to the printer, so that every one but the first is marked as a copy. The slip of a
    settlement belongs to a `batch`, and to no sale.
    """

    sale: int | None
    kind: SlipKind
    document: Document
    number: int = 0
    state: SlipState = SlipState.OWED
    copies: int = 0
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one commit writes; all of it is on disk afterwards, or none of it.

    `also` are other payments that change with this one: the sale that a void undoes. `arm` is the
    sealed, ready-to-send message that goes into db/in_doubt with the sale; `settled` takes it out,
    and `for_upload` keeps it until the batch is closed. `batch` is the bank's batch that took a step,
    `takes_stan` the trace number of the message that it sends next. `slips` are owed from this commit
    on. `print_states` moves slips by number. `staff` and `roles` are people and roles as they are
    from now on.
    """

    entries: tuple[Entry, ...]
    sale: Sale | None = None
    also: tuple[Sale, ...] = ()
    arm: bytes | None = None
    settled: bool = False
    for_upload: bool = False
    batch: Batch | None = None
    takes_stan: int = 0
    slips: tuple[Slip, ...] = ()
    print_states: tuple[tuple[int, SlipState], ...] = ()
    staff: tuple[StaffRow, ...] = ()
    roles: tuple[RoleRow, ...] = ()

    @property
    def destroys(self) -> bool:
        """Whether something sealed is destroyed with it."""
        closes = self.batch is not None and self.batch.state is BatchState.CLOSED
        return self.settled or closes


def sale_entry(sale: Sale, at: datetime) -> Entry:
    """The sale as it is now, as a line of the journal."""
    body = {
        "version": VERSION,
        "state": sale.state.value,
        "amount_minor": sale.amount.minor,
        "currency": sale.amount.currency.code,
        "stan": sale.stan,
        "batch": sale.batch,
        "fault": sale.fault,
        "pin": sale.pin_entered,
        "kind": sale.kind.value,
    }
    if sale.original is not None:
        body |= {"original": sale.original, "given_reason": sale.given_reason}
    if sale.card is not None:
        body |= {
            "card": sale.card.masked,
            "scheme": sale.card.scheme,
            "entry": sale.card.entry.value,
        }
    if sale.answer is not None:
        body |= {
            "answer": sale.answer.code,
            "rrn": sale.answer.rrn,
            "auth_code": sale.answer.auth_code,
            "host_at": sale.answer.host_at,
        }
    if sale.reason is not None:
        body |= {"reason": sale.reason.value, "reversal_tries": sale.reversal_tries}
    return Entry(EntryKind.SALE, at, sale.operator.id, body, sale.number)
