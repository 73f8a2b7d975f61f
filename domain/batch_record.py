"""A batch as plain JSON and back, for the journal: exact, free of secrets; and its journal lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.batch import (
    BankRow,
    Batch,
    BatchEvent,
    BatchState,
    BatchTotals,
    RowVerdict,
    RowWord,
    Silent,
    SoldOn,
    Verdict,
)
from domain.entries import VERSION, Entry, EntryKind
from domain.money import CURRENCIES, Money


def to_record(batch: Batch) -> dict[str, Any]:
    """Everything that a batch knows, as JSON values."""
    return {
        "number": batch.number,
        "opened_at": batch.opened_at.isoformat(),
        "state": batch.state.value,
        "begun_by": batch.begun_by,
        "begun_at": batch.begun_at.isoformat() if batch.begun_at else None,
        "domestic": _of_totals(batch.domestic),
        "foreign": _of_totals(batch.foreign),
        "verdict": batch.verdict.value,
        "bank": _of_totals(batch.bank),
        "of": batch.of,
        "sent": batch.sent,
        "words": [[row.stan, row.word.value, *_of_money(row.amount)] for row in batch.words],
        "bank_only": [[row.stan, *_of_money(row.amount), row.is_credit] for row in batch.bank_only],
        "unsent": list(batch.unsent),
        "stan": batch.stan,
        "silences": batch.silences,
        "fault": batch.fault,
        "sells_on": batch.sells_on,
        "closed_at": batch.closed_at.isoformat() if batch.closed_at else None,
    }


def from_record(record: dict[str, Any]) -> Batch:
    """The batch that `to_record` wrote. Raises KeyError, ValueError or TypeError for anything else."""
    begun, closed = record["begun_at"], record["closed_at"]
    return Batch(
        number=record["number"],
        opened_at=datetime.fromisoformat(record["opened_at"]),
        state=BatchState(record["state"]),
        begun_by=record["begun_by"],
        begun_at=datetime.fromisoformat(begun) if begun else None,
        domestic=_totals(record["domestic"]),
        foreign=_totals(record["foreign"]),
        verdict=Verdict(record["verdict"]),
        bank=_totals(record["bank"]),
        of=record["of"],
        sent=record["sent"],
        words=tuple(
            RowVerdict(stan, RowWord(word), _money(minor, currency))
            for stan, word, minor, currency in record["words"]
        ),
        bank_only=tuple(
            BankRow(stan, _money(minor, currency), is_credit)
            for stan, minor, currency, is_credit in record["bank_only"]
        ),
        unsent=tuple(record["unsent"]),
        stan=record["stan"],
        silences=record["silences"],
        fault=record["fault"],
        sells_on=record["sells_on"],
        closed_at=datetime.fromisoformat(closed) if closed else None,
    )


def batch_entry(batch: Batch, event: BatchEvent, at: datetime, operator: str) -> Entry:
    """The step of a batch as a line of the journal."""
    body: dict[str, Any] = {
        "version": VERSION,
        "batch": batch.number,
        "state": batch.state.value,
        "step": batch.stage.value,
        "event": type(event).__name__,
        "stan": batch.stan,
        "verdict": batch.verdict.value,
        "till": _of_totals(batch.till),
        "bank": _of_totals(batch.bank),
        "sent": batch.sent,
        "of": batch.of,
    }
    if isinstance(event, Silent):
        body["fault"] = event.fault
    if isinstance(event, SoldOn):
        body["by"] = event.by
    return Entry(EntryKind.BATCH, at, operator, body)


def _of_totals(totals: BatchTotals | None) -> list[Any] | None:
    if totals is None:
        return None
    return [
        totals.debit_count,
        *_of_money(totals.debit),
        totals.credit_count,
        *_of_money(totals.credit),
    ]


def _totals(record: list[Any] | None) -> BatchTotals | None:
    if record is None:
        return None
    debits, debit, debit_currency, credits_, credit, credit_currency = record
    return BatchTotals(
        debits, _money(debit, debit_currency), credits_, _money(credit, credit_currency)
    )


def _of_money(amount: Money) -> tuple[int, str]:
    return amount.minor, amount.currency.code


def _money(minor: int, currency: str) -> Money:
    return Money(minor, CURRENCIES[currency])
