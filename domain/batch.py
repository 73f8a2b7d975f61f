"""The bank's batch of a day: its states, its events, and the TABLE that joins them.

Every payment that moves money stands in a batch. Settling closes it: the till stops selling, lets
what is in doubt come to its end, tells the bank its totals, uploads the rows where that is due,
and ends the batch. The rules behind the table:

- The cut and each step are on disk before anything is sent, and each step may be repeated.
- Totals are final before the bank hears them: nothing of the batch is in doubt any more.
- Every try takes a trace number of its own, in the commit that decides on it.
- The bank's verdict never changes a payment; it only says what people must look at.
- A voided sale and its void both stand: one under debit, one under credit.
- CLOSED is the end: what was sealed for the upload is destroyed with it.
- Sales that a supervisor lets go on while a batch is being settled stand in the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.money import Currency, Money, zero
from domain.sale import Sale, State

MAX_SILENCES = 3
"""After so many tries without an answer a supervisor may let the shop sell on."""
WARN_PERCENT = 90
DOMESTIC_SCHEME = "UnionPay"


class BatchState(StrEnum):
    """Where the batch stands."""

    OPEN = "open"
    CLOSING = "closing"
    UPLOADING = "uploading"
    CLOSED = "closed"


CLOSING_STATES = frozenset({BatchState.CLOSING, BatchState.UPLOADING})
"""States in which nothing new may join the batch."""


class Verdict(StrEnum):
    """What the bank says of the totals."""

    NONE = ""
    BALANCED = "balanced"
    NOT_BALANCED = "not balanced"
    ERROR = "error"


class Stage(StrEnum):
    """The step of a settlement, as the screen names it."""

    NONE = ""
    FINISHING = "finishing"
    COMPARING = "comparing"
    UPLOADING = "uploading"
    ENDING = "ending"
    CLOSED = "closed"


class RowWord(StrEnum):
    """What the bank says of one row that it was sent."""

    SAME = "same"
    OTHER_AMOUNT = "other amount"
    OTHER_CARD = "other card"
    NOT_HELD = "not held"
    """It had nothing like it, and has booked it now."""


@dataclass(frozen=True, slots=True)
class BatchTotals:
    """Debit is sale and completion, credit is refund and void; amounts are never negative."""

    debit_count: int
    debit: Money
    credit_count: int
    credit: Money

    def __add__(self, other: BatchTotals) -> BatchTotals:
        return BatchTotals(
            self.debit_count + other.debit_count,
            self.debit + other.debit,
            self.credit_count + other.credit_count,
            self.credit + other.credit,
        )

    @property
    def net(self) -> Money:
        """What the shop has coming from the bank."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One payment as a row of its batch."""

    sale: int
    stan: int
    amount: Money
    is_credit: bool = False
    scheme: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether the bank counts it apart, as a card of another organisation than its own."""
        return self.scheme != DOMESTIC_SCHEME


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What the bank says of a row; `amount` is its own."""

    stan: int
    word: RowWord
    amount: Money


@dataclass(frozen=True, slots=True)
class BankRow:
    """A row that the bank alone has."""

    stan: int
    amount: Money
    is_credit: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch from its cut to its end; it holds nothing that may not be written down.

    `domestic` and `foreign` are the till's totals, None until nothing is in doubt any more.
    `sent` of `of` rows are acknowledged, `unsent` are payments that could not be uploaded. `stan`
    is the trace number of the message that is being sent. `silences` counts the tries of this step
    that had no answer, `fault` says why.
    """

    number: int
    opened_at: datetime
    state: BatchState = BatchState.OPEN
    begun_by: str = ""
    begun_at: datetime | None = None
    domestic: BatchTotals | None = None
    foreign: BatchTotals | None = None
    verdict: Verdict = Verdict.NONE
    bank: BatchTotals | None = None
    of: int = 0
    sent: int = 0
    words: tuple[RowVerdict, ...] = ()
    bank_only: tuple[BankRow, ...] = ()
    unsent: tuple[int, ...] = ()
    stan: int = 0
    silences: int = 0
    fault: str = ""
    sells_on: bool = False
    closed_at: datetime | None = None

    @property
    def till(self) -> BatchTotals | None:
        """The till's totals, all cards together."""
        if self.domestic is None or self.foreign is None:
            return None
        return self.domestic + self.foreign

    @property
    def stage(self) -> Stage:
        """The step that it is in."""
        match self.state:
            case BatchState.CLOSING:
                return Stage.FINISHING if self.domestic is None else Stage.COMPARING
            case BatchState.UPLOADING:
                return Stage.UPLOADING if self.sent < self.of else Stage.ENDING
            case BatchState.CLOSED:
                return Stage.CLOSED
        return Stage.NONE


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody settles the day: from now on nothing joins the batch."""

    by: str


@dataclass(frozen=True, slots=True)
class AllFinished:
    """Nothing of the batch is in doubt any more: these are its totals."""

    domestic: BatchTotals
    foreign: BatchTotals


@dataclass(frozen=True, slots=True)
class TotalsAnswered:
    """The bank compared; `of` rows are to be uploaded, the payments in `unsent` cannot be."""

    verdict: Verdict
    bank: BatchTotals | None = None
    of: int = 0
    unsent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsTaken:
    """The bank acknowledged so many more rows."""

    count: int
    words: tuple[RowVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """The bank closed the batch; these rows it alone has."""

    bank_only: tuple[BankRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """No usable answer; the step is repeated."""

    fault: str


@dataclass(frozen=True, slots=True)
class TakenUp:
    """The till starts, or a person asks, and the step is tried again."""


@dataclass(frozen=True, slots=True)
class SoldOn:
    """A supervisor lets the shop sell while the bank is silent; what is sold is the next batch's."""

    by: str


BatchEvent = Begun | AllFinished | TotalsAnswered | RowsTaken | Ended | Silent | TakenUp | SoldOn


class BatchErrand(StrEnum):
    """What is to be done once a decision about a batch is remembered."""

    FINISH = "let what is in doubt come to its end"
    SEND = "send this step's message"
    SEND_LATER = "send it again after a wait"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class BatchStepRow:
    """One line of TABLE; every one of them is written down."""

    to: BatchState
    errands: tuple[BatchErrand, ...] = ()


_B, _E = BatchState, BatchErrand
TABLE: dict[tuple[BatchState, type], BatchStepRow] = {
    (_B.OPEN, Begun): BatchStepRow(_B.CLOSING, (_E.FINISH,)),
    (_B.CLOSING, AllFinished): BatchStepRow(_B.CLOSING, (_E.SEND,)),
    (_B.CLOSING, TotalsAnswered): BatchStepRow(_B.UPLOADING, (_E.SEND,)),
    (_B.CLOSING, Silent): BatchStepRow(_B.CLOSING, (_E.SEND_LATER,)),
    (_B.CLOSING, TakenUp): BatchStepRow(_B.CLOSING, (_E.FINISH, _E.SEND)),
    (_B.CLOSING, SoldOn): BatchStepRow(_B.CLOSING),
    (_B.UPLOADING, RowsTaken): BatchStepRow(_B.UPLOADING, (_E.SEND,)),
    (_B.UPLOADING, Silent): BatchStepRow(_B.UPLOADING, (_E.SEND_LATER,)),
    (_B.UPLOADING, TakenUp): BatchStepRow(_B.UPLOADING, (_E.SEND,)),
    (_B.UPLOADING, SoldOn): BatchStepRow(_B.UPLOADING),
    (_B.UPLOADING, Ended): BatchStepRow(_B.CLOSED, (_E.PRINT,)),
}
del _B, _E


class BatchNotNow(Exception):
    """This state does not expect this event; nothing has changed."""


@dataclass(frozen=True, slots=True)
class BatchStep:
    """What `advance` decided: the batch as it is now, and what to do once that is written down.

    `takes_stan` says that the message which follows takes the trace number.
    """

    batch: Batch
    errands: tuple[BatchErrand, ...]
    takes_stan: bool


def advance(batch: Batch, event: BatchEvent, at: datetime, stan: int = 0) -> BatchStep:
    """The next step of a batch; `stan` is for the message that it sends. Raises BatchNotNow."""
    row = TABLE.get((batch.state, type(event)))
    if row is None or not _fits(batch, event):
        raise BatchNotNow(f"{type(event).__name__} in {batch.state.value}")
    after = _noted(replace(batch, state=row.to), event, at)
    useless = BatchErrand.SEND if after.stage is Stage.FINISHING else BatchErrand.FINISH
    errands = tuple(errand for errand in row.errands if errand is not useless)
    sends = bool({BatchErrand.SEND, BatchErrand.SEND_LATER} & set(errands))
    return BatchStep(replace(after, stan=stan) if sends else after, errands, sends)


def _fits(batch: Batch, event: BatchEvent) -> bool:
    """Whether the step that the event belongs to is the one that the batch is in."""
    match event:
        case AllFinished():
            return batch.stage is Stage.FINISHING
        case TotalsAnswered():
            return batch.stage is Stage.COMPARING
        case RowsTaken(count):
            return batch.stage is Stage.UPLOADING and 0 < count <= batch.of - batch.sent
        case Ended():
            return batch.stage is Stage.ENDING
        case Silent():
            return batch.stage is not Stage.FINISHING
    return True


def _noted(batch: Batch, event: BatchEvent, at: datetime) -> Batch:
    """What the event adds to the batch beside its state."""
    heard = replace(batch, silences=0, fault="")
    match event:
        case Begun(by):
            return replace(batch, begun_by=by, begun_at=at)
        case AllFinished(domestic, foreign):
            return replace(heard, domestic=domestic, foreign=foreign)
        case TotalsAnswered(verdict, bank, of, unsent):
            return replace(heard, verdict=verdict, bank=bank, of=of, unsent=unsent)
        case RowsTaken(count, words):
            return replace(heard, sent=batch.sent + count, words=(*batch.words, *words))
        case Ended(bank_only):
            return replace(heard, bank_only=bank_only, closed_at=at)
        case Silent(fault):
            return replace(batch, silences=batch.silences + 1, fault=fault)
        case SoldOn():
            return replace(batch, sells_on=True)
    return batch


DEBIT_KINDS = frozenset({"sale", "completion", "completion advice"})
CREDIT_KINDS = frozenset({"void", "refund", "completion void"})
STANDING = frozenset({State.APPROVED, State.VOIDED, State.DELIVERED, State.QUEUED})
"""States of a payment that the bank books; what is still queued counts as what it will be."""


def row_of(sale: Sale) -> BatchRow | None:
    """The payment as a row of its batch; None for one that the bank books nothing for."""
    kind = sale.kind.value
    if sale.state not in STANDING or kind not in DEBIT_KINDS | CREDIT_KINDS:
        return None
    scheme = sale.card.scheme if sale.card is not None else ""
    return BatchRow(sale.number, sale.stan or 0, sale.amount, kind in CREDIT_KINDS, scheme)


def rows_of(sales: Iterable[Sale]) -> tuple[BatchRow, ...]:
    """The rows of a batch, in the order in which they were made."""
    rows = (row_of(sale) for sale in sorted(sales, key=lambda sale: sale.number))
    return tuple(row for row in rows if row is not None)


def totals_of(rows: Iterable[BatchRow], currency: Currency) -> BatchTotals:
    """What the rows come to."""
    debit, credit, debits, credits_ = zero(currency), zero(currency), 0, 0
    for row in rows:
        if row.is_credit:
            credit, credits_ = credit + row.amount, credits_ + 1
        else:
            debit, debits = debit + row.amount, debits + 1
    return BatchTotals(debits, debit, credits_, credit)


def fills(rows: int, limit: int) -> str:
    """B-02 where the batch is nearly full, B-03 where it is, else empty."""
    if rows >= limit:
        return "B-03"
    return "B-02" if rows * 100 >= limit * WARN_PERCENT else ""
