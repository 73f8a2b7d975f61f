"""The training acquirer's payments that name an earlier one: which it is, and whether they are let.

Voids, refunds, completions and the release of a hold, each with the rows that it changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from acquirer.original_fields import BY_DAY_ALONE, DATED, UNDATED, WITH_THE_DAY
from acquirer.simulator_ledger import (
    BOOKED,
    CHARGED,
    COMPLETED,
    HELD,
    VOIDED,
    Ledger,
    LedgerRow,
)
from domain.kinds import Kind

if TYPE_CHECKING:
    from acquirer.codec import Message
    from acquirer.dialect import Dialect

NOT_FOUND_CODE = "25"
ALREADY_DONE_CODE = "12"
TOO_OLD_CODE = "22"
MOST_PERCENT, MOST_DAYS = 115, 30
"""A completion charges so much of a hold at most, and so many days after it at the latest."""
COMPLETIONS = frozenset({Kind.COMPLETION, Kind.COMPLETION_ADVICE})
NAMED_BY = {
    Kind.VOID: {Kind.SALE},
    Kind.REFUND: {Kind.SALE, *COMPLETIONS},
    Kind.PREAUTH_VOID: {Kind.PREAUTH},
    Kind.COMPLETION: {Kind.PREAUTH},
    Kind.COMPLETION_ADVICE: {Kind.PREAUTH},
    Kind.COMPLETION_VOID: COMPLETIONS,
}
"""What each of them may name."""


def original_of(
    kind: Kind, message: Message, masked: str, ledger: Ledger, dialect: Dialect
) -> LedgerRow | None:
    """The payment that a message names: by batch and trace number, by the bank's own, or by code."""
    reference = message.fields.get(61, "")
    name = DATED if kind in WITH_THE_DAY else UNDATED
    rrn = message.fields.get(37, "").strip()
    auth_code = message.fields.get(38, "").strip()
    stan = int(dialect.part(name, reference, "original_stan") or 0)
    if kind in BY_DAY_ALONE:
        day = dialect.part(name, reference, "original_date")
        return ledger.by_code(masked, auth_code, day) if auth_code and not stan else None
    if stan:
        batch = int(dialect.part(name, reference, "original_batch") or 0)
        found = ledger.rows.get((message.fields[41], batch, stan))
    else:
        found = ledger.by_rrn(rrn)
    if found is None or (rrn and found.rrn != rrn):
        return None
    return None if kind is Kind.PREAUTH_VOID and found.auth_code != auth_code else found


def refusal(
    kind: Kind, original: LedgerRow | None, row: LedgerRow, ledger: Ledger, wrong: str
) -> str:
    """Why this is not let, '' where it is; `wrong` is the code of a wrong amount."""
    if original is None or original.kind not in NAMED_BY[kind] or original.masked != row.masked:
        return NOT_FOUND_CODE
    stands = HELD if original.kind == Kind.PREAUTH else CHARGED
    if original.state != stands:
        is_done = original.state in {VOIDED, COMPLETED}
        return ALREADY_DONE_CODE if is_done else NOT_FOUND_CODE
    if kind in COMPLETIONS:
        return _refusal_of_completion(original, row, wrong)
    given = ledger.refunded(original)
    if kind is Kind.REFUND:
        return wrong if given + row.amount_minor > original.amount_minor else ""
    return wrong if row.amount_minor != original.amount_minor or given else ""


def _refusal_of_completion(held: LedgerRow, row: LedgerRow, wrong: str) -> str:
    if (date.fromisoformat(row.day) - date.fromisoformat(held.day)).days > MOST_DAYS:
        return TOO_OLD_CODE
    return wrong if row.amount_minor * 100 > held.amount_minor * MOST_PERCENT else ""


def rows_of(
    kind: Kind, row: LedgerRow, original: LedgerRow, ledger: Ledger
) -> tuple[LedgerRow, ...]:
    """What is written for one that was let: it, and what it changes."""
    state = CHARGED if kind in COMPLETIONS else BOOKED
    booked = replace(row, state=state, original=original.rrn)
    match kind:
        case Kind.REFUND:
            return (booked,)
        case Kind.COMPLETION | Kind.COMPLETION_ADVICE:
            return booked, replace(original, state=COMPLETED)
    return booked, replace(original, state=VOIDED), *_hold_behind(original, ledger, HELD)


def undone(row: LedgerRow, ledger: Ledger) -> tuple[LedgerRow, ...]:
    """What a reversal of one that was let changes back."""
    original = ledger.by_rrn(row.original)
    if original is None or row.kind == Kind.REFUND:
        return ()
    if original.kind == Kind.PREAUTH:
        return (replace(original, state=HELD),)
    return replace(original, state=CHARGED), *_hold_behind(original, ledger, COMPLETED)


def _hold_behind(charge: LedgerRow, ledger: Ledger, state: str) -> tuple[LedgerRow, ...]:
    """What a completion had charged, where the charge was one, in that state."""
    held = ledger.by_rrn(charge.original)
    return () if held is None else (replace(held, state=state),)
