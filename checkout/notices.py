"""What the till tells whoever listens: whole pictures, so that a listener needs no memory.

A notice carries codes, numbers and English messages (to be translated where they are shown), and
never anything that a screen, a log or a slip may not show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from checkout.people_notices import PeopleNotice
from domain.batch import BatchState, BatchTotals, Stage, Verdict
from domain.card import RememberedCard
from domain.document import Document
from domain.faults import Moved
from domain.give_back import WayBack
from domain.kinds import Kind
from domain.match import Difference
from domain.money import Money
from domain.operators import Operator
from domain.sale import Sale, State
from domain.tray import Who


@dataclass(frozen=True, slots=True)
class SignInShown:
    """It is asked who is at the till. `fault` is A-01, A-02 or A-04 after a try by `operator`.

    `staying` is whoever stands there until somebody else has signed in; None where nobody does.
    """

    operators: tuple[Operator, ...]
    operator: str = ""
    fault: str = ""
    tries_left: int = 0
    staying: Operator | None = None


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One of the last five, or one row of the list."""

    number: int
    state: State
    amount: Money
    card: RememberedCard | None
    at: datetime
    kind: Kind = Kind.SALE
    stan: int | None = None
    auth_code: str = ""
    original: int | None = None


@dataclass(frozen=True, slots=True)
class CheckoutShown:
    """Somebody is at the till and no payment is on the screen."""

    operator: Operator
    next_sale: int
    last_five: tuple[SaleLine, ...]
    today_count: int
    today_total: Money
    keep_amount: Money | None = None
    """An amount to offer again: after 'change amount' or 'other payment'."""
    holds: bool = False
    """Whether the shop takes pre-authorisations."""
    asks_balance: bool = False


@dataclass(frozen=True, slots=True)
class SlipShown:
    """What became of a slip of the sale on the screen; state is owed, printing or printed."""

    kind: str
    state: str
    fault: str
    document: Document


@dataclass(frozen=True, slots=True)
class PaymentShown:
    """The payment on the screen, whole.

    `deadline` is seconds from `as_of` until the till acts by itself (card or PIN awaited, bank's
    answer due, next try of a reversal), or None; `allowed` is that wait in full. `pin_digits`
    counts what stands on the pad; `awaits_keys`: no PIN is asked for before the bank has sent its
    keys. `receipt_link` is what the customer's QR code opens. `balance` is
    the answer to an enquiry: for this screen only, it is in no journal and on no paper.
    """

    sale: Sale
    moved: Moved
    as_of: datetime
    operator: Operator
    deadline: float | None = None
    allowed: float = 0.0
    pin_digits: int = 0
    pad_on_screen: bool = False
    reversing_now: bool = False
    slips: tuple[SlipShown, ...] = ()
    receipt_link: str = ""
    wrong_pins: int = 0
    balance: Money | None = None
    awaits_keys: bool = False


@dataclass(frozen=True, slots=True)
class SalesShown:
    """The list of payments that was asked for; `total` counts all that fit, `more` says on."""

    rows: tuple[SaleLine, ...]
    search: str
    day: str
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class SaleShown:
    """One payment out of the list, whole, with what was given back and how more could be.

    `way_back` is for the amount that was asked about. `moves` are the payments that refer to it.
    `completable` is the most that may be charged of a held amount; None where nothing may, or
    nothing is held. `why_not_completable` says of a hold that cannot be charged, why.
    """

    sale: Sale
    moved: Moved
    slips: tuple[SlipShown, ...]
    refunded: Money
    way_back: WayBack
    moves: tuple[SaleLine, ...] = ()
    completable: Money | None = None
    why_not_completable: str = ""


@dataclass(frozen=True, slots=True)
class TrayRow:
    """One payment in doubt; `next` and `customer` are messages, the history is the sale's own.

    For a payment that gives money back, resolving it as charged means: the bank gave it back.
    """

    sale: Sale
    moved: Moved
    who: Who
    next: str
    customer: str
    tries: int
    next_try_seconds: float | None


@dataclass(frozen=True, slots=True)
class TrayShown:
    """Everything in doubt: what needs people first, then the oldest first."""

    rows: tuple[TrayRow, ...]
    blocks_settlement: bool


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """What one card organisation comes to in a batch; `scheme` is empty for all of them."""

    scheme: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A payment that must come to its end first; `text` is a message, `by_people` who ends it."""

    sale: int
    text: str
    by_people: bool


@dataclass(frozen=True, slots=True)
class LastBatch:
    """The batch that was closed last."""

    number: int
    closed_at: datetime
    verdict: Verdict
    net: Money
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class DayShown:
    """The end of the day: a batch, and how far its settlement has come.

    `schemes` are charges, `refunds` everything that went back. `sent` of `of` rows are uploaded;
    `fault` and `next_try_seconds` tell of a bank that is silent. While it is being settled,
    `sells` says whether payments are taken. `slip` is None until the batch is closed.
    """

    batch: int
    state: BatchState
    opened_at: datetime
    can_settle: bool
    can_sell_on: bool
    sells: bool
    rows: int
    rows_allowed: int
    schemes: tuple[SchemeLine, ...]
    refunds: SchemeLine
    net: Money
    till: BatchTotals
    bank: BatchTotals | None = None
    verdict: Verdict = Verdict.NONE
    step: Stage = Stage.NONE
    sent: int = 0
    of: int = 0
    fault: str = ""
    next_try_seconds: float | None = None
    in_the_way: tuple[InTheWay, ...] = ()
    differences: tuple[Difference, ...] = ()
    slip: SlipShown | None = None
    last: LastBatch | None = None


@dataclass(frozen=True, slots=True)
class StripShown:
    """The status strip. `bank_ms` is the last round trip; `bank_fault` is empty while it answers.

    Reader and printer are a Health value each ('' where none is set up); `owed` counts slips that
    wait for paper, `in_doubt` the reversals that the bank has not confirmed yet. `code_set` is the
    set of codes that the bank answers with (domain/response_codes).
    """

    bank_ms: int | None
    bank_fault: str
    reader: str
    printer: str
    owed: int
    in_doubt: int
    code_set: str = ""


@dataclass(frozen=True, slots=True)
class RefusalTold:
    """A command was not carried out; `fault` says why, '' where it was simply not the moment."""

    command: str
    fault: str


@dataclass(frozen=True, slots=True)
class FaultTold:
    """Something that concerns no payment on the screen: a device, the disk, a part of the till."""

    fault: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryTold:
    """What the start found unsettled: sales now being reversed, and the last one that is approved.

    `last_approved` is set where the till went down after an approval whose slip was not confirmed.
    """

    reversing: tuple[Sale, ...]
    last_approved: Sale | None


@dataclass(frozen=True, slots=True)
class SettledTold:
    """A sale that is not on the screen came to its end: reversed, or people must talk (MANUAL)."""

    sale: Sale


@dataclass(frozen=True, slots=True)
class BatchClosedTold:
    """The bank's batch was closed and nothing differs; where something does, that is B-05."""

    batch: int
    net: Money


@dataclass(frozen=True, slots=True)
class Closed:
    """The till has stopped; nothing follows."""


Notice = (
    SignInShown
    | CheckoutShown
    | PaymentShown
    | SalesShown
    | SaleShown
    | TrayShown
    | DayShown
    | StripShown
    | RefusalTold
    | FaultTold
    | RecoveryTold
    | SettledTold
    | BatchClosedTold
    | Closed
    | PeopleNotice
)
