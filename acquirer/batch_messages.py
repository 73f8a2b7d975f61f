"""Closing a batch, in messages: the totals, the rows of the upload, the end, and their answers.

Field 48 lists card numbers among other digits. They are copied from one buffer that is wiped into
another, and never become a str; see acquirer/codec.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
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
    message = _message("totals", call, listed.encode(), profile, dialect)
    message.fields[49] = call.currency.number
    return codec.encode(message, dialect), expected_of(message)


def rows_request(
    call: BatchCall,
    rows: Iterable[tuple[BatchRow, bytearray]],
    profile: AcquirerProfile,
    dialect: Dialect,
) -> tuple[bytearray, Expected]:
    """Rows of the upload: each with the opened message of its payment, which is wiped.

    Raises LinkFault N-07 for a message without a card number.
    """
    listed = bytearray()
    count = 0
    try:
        for row, body in rows:
            sealed = codec.decode(body, dialect)
            try:
                listed += _of_row(row, sealed, dialect)
            finally:
                sealed.wipe()
                codec.wipe(body)
            count += 1
        message = _message("rows", call, b"%02d" % count + listed, profile, dialect)
    finally:
        codec.wipe(listed)
    try:
        return codec.encode(message, dialect), expected_of(message)
    finally:
        message.wipe()


def end_request(
    call: BatchCall, sent: int, profile: AcquirerProfile, dialect: Dialect, *, balanced: bool
) -> tuple[bytearray, Expected]:
    """The batch is over; so many rows were uploaded."""
    step = "end balanced" if balanced else "end"
    message = _message(step, call, b"%04d" % sent, profile, dialect)
    return codec.encode(message, dialect), expected_of(message)


def totals_answered(
    code: str, listed: bytearray, till: BatchTotals, currency: Currency, dialect: Dialect
) -> TotalsAnswered:
    """What the bank says of the totals. Raises NoAnswer where it says nothing that can be used.

    Its own totals are known where they differ from the till's, or nothing does.
    """
    text = _digits(listed)
    size = _width("totals", dialect)
    halves = [text[at : at + size] for at in range(0, len(text) - size + 1, size)]
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
    for text in _rows("row word", _digits(listed), dialect) if dialect.row_words else ():
        word = ROW_WORDS.get(dialect.part("row word", text, "row_word"))
        if word is not None:
            words.append(RowVerdict(_stan(text, dialect), word, _amount(text, currency, dialect)))
    return RowsTaken(count, tuple(words))


def end_answered(listed: bytearray, currency: Currency, dialect: Dialect) -> Ended:
    """The rows that the bank alone has, where it says which."""
    text = _digits(listed)[TOTAL_DIGITS:]
    rows = _rows("row word", text, dialect) if dialect.row_words else ()
    return Ended(
        tuple(
            BankRow(
                _stan(row, dialect),
                _amount(row, currency, dialect),
                dialect.part("row word", row, "row_word") == CREDIT,
            )
            for row in rows
        )
    )


def _message(
    step: str, call: BatchCall, listed: bytes, profile: AcquirerProfile, dialect: Dialect
) -> Message:
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
    return Message(mti, fields, {LIST: bytearray(listed)})


def _of_totals(totals: BatchTotals, dialect: Dialect) -> str:
    return dialect.composed(
        "totals",
        debit=f"{totals.debit.minor:012d}",
        debits=f"{totals.debit_count:03d}",
        credit=f"{totals.credit.minor:012d}",
        credits=f"{totals.credit_count:03d}",
        flag="0",
    )


def _of_row(row: BatchRow, sealed: Message, dialect: Dialect) -> bytearray:
    """One row, its card number copied from the sealed message's buffer."""
    number = sealed.card.get(2)
    if number is None or len(number) > WIDTHS["row_card"]:
        raise LinkFault("N-07", "no card number for the upload")
    card = number.rjust(WIDTHS["row_card"], b"0")
    parts = {
        "row_class": b"01" if row.is_foreign else b"00",
        "row_stan": b"%06d" % row.stan,
        "row_card": card,
        "row_amount": b"%012d" % row.amount.minor,
    }
    listed = bytearray()
    for literal, name, _, _ in string.Formatter().parse(dialect.compositions["row"]):
        listed += literal.encode() + parts[name] if name else literal.encode()
    codec.wipe(card)
    return listed


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


def _rows(name: str, text: str, dialect: Dialect) -> tuple[str, ...]:
    """The rows behind their count; none where the text is not what it says."""
    size = _width(name, dialect)
    count = int(text[:ROWS_DIGITS] or 0)
    listed = text[ROWS_DIGITS:]
    if len(listed) != count * size:
        return ()
    return tuple(listed[at : at + size] for at in range(0, len(listed), size))


def _width(name: str, dialect: Dialect) -> int:
    parts = string.Formatter().parse(dialect.compositions[name])
    return sum(len(literal) + (WIDTHS[found] if found else 0) for literal, found, _, _ in parts)


def _stan(row: str, dialect: Dialect) -> int:
    return int(dialect.part("row word", row, "row_stan"))


def _amount(row: str, currency: Currency, dialect: Dialect) -> Money:
    return Money(int(dialect.part("row word", row, "row_amount")), currency)


def _digits(listed: bytearray) -> str:
    """What an answer lists: totals and verdicts, never a card number; '' for anything but digits.

    An acquirer that repeats our rows here has more digits in them than a verdict has: see `_rows`.
    """
    return listed.decode("ascii", "replace") if listed.isdigit() else ""
