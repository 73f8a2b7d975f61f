"""The training acquirer's voids and refunds: which charge they name, and whether it lets them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acquirer.simulator_ledger import BOOKED, CHARGED, VOIDED, Ledger, LedgerRow

if TYPE_CHECKING:
    from acquirer.codec import Message
    from acquirer.dialect import Dialect

NOT_FOUND_CODE = "25"
ALREADY_DONE_CODE = "12"
VOID, REFUND = "void", "refund"


def original_of(kind: str, message: Message, ledger: Ledger, dialect: Dialect) -> LedgerRow | None:
    """The charge that a message refers to: by batch and trace number, or by the bank's own number."""
    reference = message.fields.get(61, "")
    name = "original advice" if kind == REFUND else "original"
    rrn = message.fields.get(37, "").strip()
    stan = int(dialect.part(name, reference, "original_stan") or 0)
    if stan:
        batch = int(dialect.part(name, reference, "original_batch") or 0)
        found = ledger.rows.get((message.fields[41], batch, stan))
    else:
        found = ledger.by_rrn(rrn)
    return None if found is not None and rrn and found.rrn != rrn else found


def refusal(
    kind: str, original: LedgerRow | None, masked: str, amount: int, ledger: Ledger, wrong: str
) -> str:
    """Why this cannot be given back, '' where it can; `wrong` is the code of a wrong amount."""
    if original is None or original.kind != "sale" or original.masked != masked:
        return NOT_FOUND_CODE
    if original.state != CHARGED:
        return ALREADY_DONE_CODE if original.state == VOIDED else NOT_FOUND_CODE
    given = ledger.refunded(original)
    if kind == VOID:
        return wrong if amount != original.amount_minor or given else ""
    return wrong if given + amount > original.amount_minor else ""


def rows_of(kind: str, row: LedgerRow, original: LedgerRow | None) -> tuple[LedgerRow, ...]:
    """What is written for one that was let: it, and the charge that a void takes out."""
    assert original is not None  # one that was let has found its charge
    booked = replace(row, state=BOOKED, original=original.rrn)
    return (booked, replace(original, state=VOIDED)) if kind == VOID else (booked,)


def undone(row: LedgerRow, ledger: Ledger) -> tuple[LedgerRow, ...]:
    """What a reversal of a booked void writes: the charge stands again."""
    original = ledger.by_rrn(row.original)
    return (replace(original, state=CHARGED),) if original is not None else ()
