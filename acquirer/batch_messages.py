"""Closing a batch, in messages: the totals, the rows of the upload, the end, and their answers.

Field 48 lists card numbers among other digits. They are copied from one buffer that is wiped into
another, and never become a str; see acquirer/codec.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from acquirer import codec
from acquirer.codec import Message
from acquirer.dialect import WIDTHS, Dialect
from acquirer.messages import NO_MAC, expected_of, operator_field
from acquirer.requests import Expected
from domain.batch import (
    BankRow,
    BatchRow,
    BatchTotals,
    Ended,
    RowsTaken,
    RowVerdict,
    RowWord,
    TotalsAnswered,
    Verdict,
)
from domain.faults import LinkFault, NoAnswer
from domain.money import Currency, Money
from domain.settings import AcquirerProfile

LIST = 48
ROWS_DIGITS, TOTAL_DIGITS = 2, 4
"""How the count of rows stands before them, and the count of the whole upload in its end."""
_FLAGS = {"1": Verdict.BALANCED, "2": Verdict.NOT_BALANCED, "3": Verdict.ERROR}
ROW_WORDS = {
    "1": RowWord.SAME,
    "2": RowWord.OTHER_AMOUNT,
    "3": RowWord.OTHER_CARD,
    "4": RowWord.NOT_HELD,
}
"""What the digit of `row_word` says."""
DEBIT, CREDIT = "1", "2"
"""The same digit for a row that the bank alone has."""


@dataclass(frozen=True, slots=True)
class BatchCall:
    """Which batch is meant, under which trace number, and who closes it."""

    batch: int
    stan: int
    operator: str
    currency: Currency


def totals_request(
    call: BatchCall,
    domestic: BatchTotals,
    foreign: BatchTotals,
    profile: AcquirerProfile,
    dialect: Dialect,
) -> tuple[bytearray, Expected]:
    """The till's totals, for the bank to compare."""
    halves = (domestic, foreign) if dialect.foreign_totals else (domestic + foreign,)
    listed = "".join(_of_totals(half, dialect) for half in halves)
    message = _message("totals", call, bytearray(listed, "ascii"), profile, dialect)
    message.fields[49] = call.currency.number
    return codec.encode(message, dialect), expected_of(message)


def rows_request(
    call: BatchCall,
    rows: Sequence[BatchRow],
    opened: Callable[[int], bytearray],
    profile: AcquirerProfile,
    dialect: Dialect,
) -> tuple[bytearray, Expected]:
    """Rows of the upload; `opened` unseals the message of a row's payment, which is wiped here.

    Raises LinkFault N-07 for a message without a card number, and what `opened` raises.
    """
    size = _width("row", dialect)
    # Whole from the start: a buffer that grows leaves what it held behind.
    listed = bytearray(ROWS_DIGITS + len(rows) * size)
    listed[:ROWS_DIGITS] = b"%02d" % len(rows)
    message = _message("rows", call, listed, profile, dialect)
    try:
        for place, row in enumerate(rows):
            body = opened(place)
            try:
                sealed = codec.decode(body, dialect)
                _write_row(listed, ROWS_DIGITS + place * size, row, sealed, dialect)
            finally:
                codec.wipe(body)
        return codec.encode(message, dialect), expected_of(message)
    finally:
        message.wipe()


def end_request(
    call: BatchCall, sent: int, profile: AcquirerProfile, dialect: Dialect, *, balanced: bool
) -> tuple[bytearray, Expected]:
    """The batch is over; so many rows were uploaded."""
    step = "end balanced" if balanced else "end"
    message = _message(step, call, bytearray(b"%04d" % sent), profile, dialect)
    return codec.encode(message, dialect), expected_of(message)


def totals_answered(
    code: str, listed: bytearray, till: BatchTotals, currency: Currency, dialect: Dialect
) -> TotalsAnswered:
    """What the bank says of the totals. Raises NoAnswer where it says nothing that can be used.

    Its own totals are known where they differ from the till's, or nothing does.
    """
    halves = _listed("totals", listed, dialect)
    verdict = _said_by_code(code, dialect) if dialect.batch_verdict == "code" else _flagged(halves)
    if verdict is Verdict.NONE:
        raise NoAnswer("N-07", "no word on the totals")
    bank = None
    for half in halves:
        more = _totals(half, currency, dialect)
        bank = more if bank is None else bank + more
    is_told = bank is not None and (verdict is Verdict.BALANCED) == (bank == till)
    return TotalsAnswered(verdict, bank if is_told else None)


def rows_answered(listed: bytearray, count: int, currency: Currency, dialect: Dialect) -> RowsTaken:
    """What the bank says of the rows, where it says anything in our dialect."""
    words = []
    for text in _row_words(listed, dialect):
        word = ROW_WORDS.get(dialect.part("row word", text, "row_word"))
        if word is not None:
            words.append(RowVerdict(_stan(text, dialect), word, _amount(text, currency, dialect)))
    return RowsTaken(count, tuple(words))


def end_answered(listed: bytearray, currency: Currency, dialect: Dialect) -> Ended:
    """The rows that the bank alone has, where it says which."""
    return Ended(
        tuple(
            BankRow(
                _stan(row, dialect),
                _amount(row, currency, dialect),
                dialect.part("row word", row, "row_word") == CREDIT,
            )
            for row in _row_words(listed[TOTAL_DIGITS:], dialect)
        )
    )


def _message(
    step: str, call: BatchCall, listed: bytearray, profile: AcquirerProfile, dialect: Dialect
) -> Message:
    """A step whose field 48 is that buffer, not a copy of it."""
    mti, network = dialect.batch[step].split()
    fields = {
        11: f"{call.stan:06d}",
        41: profile.terminal,
        42: profile.merchant,
        60: dialect.composed("admin", batch=f"{call.batch:06d}", network=network),
        63: operator_field(call.operator),
    }
    if dialect.batch_mac:
        fields[64] = NO_MAC
    return Message(mti, fields, {LIST: listed})


def _of_totals(totals: BatchTotals, dialect: Dialect) -> str:
    return dialect.composed(
        "totals",
        debit=f"{totals.debit.minor:012d}",
        debits=f"{totals.debit_count:03d}",
        credit=f"{totals.credit.minor:012d}",
        credits=f"{totals.credit_count:03d}",
        flag="0",
    )


def _write_row(
    listed: bytearray, at: int, row: BatchRow, sealed: Message, dialect: Dialect
) -> None:
    """One row into its place, its card number straight out of the sealed message's buffer."""
    number = sealed.card.get(2, bytearray())
    parts: dict[str, bytes | bytearray] = {
        "row_class": b"01" if row.is_foreign else b"00",
        "row_stan": b"%06d" % row.stan,
        "row_card": b"0" * WIDTHS["row_card"],
        "row_amount": b"%012d" % row.amount.minor,
    }
    try:
        if not 0 < len(number) <= WIDTHS["row_card"]:
            raise LinkFault("N-07", "no card number for the upload")
        for literal, name, _, _ in string.Formatter().parse(dialect.compositions["row"]):
            for part in (literal.encode(), parts[name] if name else b""):
                listed[at : at + len(part)] = part
                at += len(part)
            if name == "row_card":
                listed[at - len(number) : at] = number
    finally:
        sealed.wipe()


def _said_by_code(code: str, dialect: Dialect) -> Verdict:
    if code in dialect.approved_codes:
        return Verdict.BALANCED
    if code in dialect.unbalanced_codes:
        return Verdict.NOT_BALANCED
    return Verdict.ERROR if code else Verdict.NONE


def _flagged(halves: list[str]) -> Verdict:
    """The worst of the flags, one behind each half; a half without cards may have none."""
    flags = {_FLAGS.get(half[-1:], Verdict.NONE) for half in halves}
    worst = (Verdict.ERROR, Verdict.NOT_BALANCED, Verdict.BALANCED)
    return next((verdict for verdict in worst if verdict in flags), Verdict.NONE)


def _totals(half: str, currency: Currency, dialect: Dialect) -> BatchTotals:
    def part(name: str) -> int:
        return int(dialect.part("totals", half, name) or 0)

    return BatchTotals(
        part("debits"),
        Money(part("debit"), currency),
        part("credits"),
        Money(part("credit"), currency),
    )


def _row_words(listed: bytearray, dialect: Dialect) -> list[str]:
    """The words on single rows behind their count; none where it is not that many.

    An acquirer that repeats our rows here has more digits in them than a word has, and so no card
    number ever becomes a str.
    """
    counted, words = listed[:ROWS_DIGITS], listed[ROWS_DIGITS:]
    count = int(counted) if counted.isdigit() else 0
    if not dialect.row_words or len(words) != count * _width("row word", dialect):
        return []
    return _listed("row word", words, dialect)


def _listed(name: str, listed: bytearray, dialect: Dialect) -> list[str]:
    """The whole ones among what is listed, one after the other; none but digits are read."""
    size = _width(name, dialect)
    if not listed.isdigit():
        return []
    return [listed[at : at + size].decode("ascii") for at in range(0, len(listed) - size + 1, size)]


def _width(name: str, dialect: Dialect) -> int:
    parts = string.Formatter().parse(dialect.compositions[name])
    return sum(len(literal) + (WIDTHS[found] if found else 0) for literal, found, _, _ in parts)


def _stan(row: str, dialect: Dialect) -> int:
    return int(dialect.part("row word", row, "row_stan"))


def _amount(row: str, currency: Currency, dialect: Dialect) -> Money:
    return Money(int(dialect.part("row word", row, "row_amount")), currency)
