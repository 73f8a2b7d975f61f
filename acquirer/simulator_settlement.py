"""The training acquirer's end of the day: it compares totals and rows with its own book.

Written from the acquirer's side, with sums of its own. Some amounts make it book a payment wrongly,
so that a settlement has something to find.
"""

from __future__ import annotations

import string
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from acquirer.dialect import WIDTHS
from acquirer.simulator_ledger import BOOKED, CHARGED, VOIDED, Ledger, LedgerRow

if TYPE_CHECKING:
    from acquirer.codec import Message
    from acquirer.dialect import Dialect

FORGOTTEN, ENDED = "forgotten", "ended"
"""A payment that was approved and lost; the mark of a batch that was closed."""
SETTLEMENT = "settlement"
DEBITS = frozenset({"sale", "completion", "completion advice"})
CREDITS = frozenset({"void", "refund", "completion void"})
SAME, OTHER_AMOUNT, OTHER_CARD, NOT_HELD = "1", "2", "3", "4"
DEBIT, CREDIT = "1", "2"
DOMESTIC = ("62", "81")
"""How the numbers of UnionPay's cards begin."""
MOST_LISTED = 15
"""Rows that the answer to the end has room for."""
GHOST = 500_000
"""So far from the real trace number stands that of a payment which the till does not know."""


class Misbooking(StrEnum):
    """How the training acquirer can spoil its own book."""

    LOST_ROW = "lost row"
    OTHER_AMOUNT = "other amount"
    EXTRA_ROW = "extra row"


MISBOOKED_AMOUNTS = {
    80: (Misbooking.LOST_ROW, "The bank loses the sale after it has approved it."),
    81: (Misbooking.OTHER_AMOUNT, "The bank books 1.00 less than it has approved."),
    82: (Misbooking.EXTRA_ROW, "The bank books another sale that the till does not know."),
}
"""The last two figures of an amount of more than 1.00 that the settlement finds differing."""


def misbook(row: LedgerRow, ledger: Ledger) -> None:
    """Spoil the book where the amount of an approved sale asks for it."""
    if row.kind != "sale" or row.state != CHARGED or row.amount_minor <= 100:
        return
    match MISBOOKED_AMOUNTS.get(row.amount_minor % 100, (None, ""))[0]:
        case Misbooking.LOST_ROW:
            ledger.write(replace(row, state=FORGOTTEN))
        case Misbooking.OTHER_AMOUNT:
            ledger.write(replace(row, amount_minor=row.amount_minor - 100))
        case Misbooking.EXTRA_ROW:
            stan = (row.stan + GHOST) % 1_000_000
            ledger.write(replace(row, stan=stan, rrn=f"{row.rrn[:-1]}X"))


class Settlement:
    """Answers to the three steps of closing a batch; the book is its only memory."""

    def __init__(self, ledger: Ledger, dialect: Dialect, approved: str = "00") -> None:
        self._ledger = ledger
        self._dialect = dialect
        self._approved = approved

    def knows(self, message: Message) -> bool:
        """Whether this is one of the three steps."""
        return any(step.startswith(message.mti) for step in self._dialect.batch.values())

    def answer(self, message: Message) -> dict[int, str]:
        """The fields of the answer. Raises KeyError for a step that there is not."""
        dialect = self._dialect
        field60 = message.fields[60]
        network = dialect.part("admin", field60, "network")
        batch = int(dialect.part("admin", field60, "batch"))
        listed = message.card.get(48, bytearray()).decode("ascii")
        said = f"{message.mti} {network}"
        terminal = message.fields[41]
        if said == dialect.batch["totals"]:
            return self._compared(self._standing(terminal, batch), listed)
        if said == dialect.batch["rows"]:
            return self._taken(terminal, batch, listed)
        if said in {dialect.batch["end"], dialect.batch["end balanced"]}:
            return self._ended(terminal, batch, listed)
        return {39: dialect.training_codes["unsupported"]}

    def _standing(self, terminal: str, batch: int) -> list[LedgerRow]:
        """What the bank has booked in a batch."""
        return [
            row
            for row in self._ledger.rows.values()
            if (row.terminal, row.batch) == (terminal, batch)
            and (
                (row.kind in DEBITS and row.state in {CHARGED, VOIDED, BOOKED})
                or (row.kind in CREDITS and row.state == BOOKED)
            )
        ]

    def _compared(self, rows: list[LedgerRow], listed: str) -> dict[int, str]:
        """Our own totals, with a flag behind each half, or a code for both."""
        halves = [rows]
        if self._dialect.foreign_totals:
            foreign = [row for row in rows if not row.masked.startswith(DOMESTIC)]
            halves = [[row for row in rows if row not in foreign], foreign]
        size = self._size("totals")
        answer, same = "", True
        for place, half in enumerate(halves):
            told = listed[place * size : (place + 1) * size]
            ours = self._totals(half)
            flag = "1" if self._without_flag(told) == self._without_flag(ours) else "2"
            same = same and flag == "1"
            answer += self._totals(half, flag)
        if self._dialect.batch_verdict == "flags":
            return {48: answer}
        return {48: answer, 39: self._approved if same else self._unbalanced}

    @property
    def _unbalanced(self) -> str:
        return min(self._dialect.unbalanced_codes, default="95")

    def _totals(self, rows: list[LedgerRow], flag: str = "0") -> str:
        debits = [row.amount_minor for row in rows if row.kind in DEBITS]
        credits_ = [row.amount_minor for row in rows if row.kind in CREDITS]
        return self._dialect.composed(
            "totals",
            debit=f"{sum(debits):012d}",
            debits=f"{len(debits):03d}",
            credit=f"{sum(credits_):012d}",
            credits=f"{len(credits_):03d}",
            flag=flag,
        )

    def _without_flag(self, totals: str) -> tuple[str, ...]:
        names = ("debit", "debits", "credit", "credits")
        return tuple(self._dialect.part("totals", totals, name) for name in names)

    def _taken(self, terminal: str, batch: int, listed: str) -> dict[int, str]:
        """Look each row up, book those that are missing, and say what was found."""
        size = self._size("row")
        rows = [listed[at : at + size] for at in range(2, len(listed), size)]
        words = [self._judged(terminal, batch, row) for row in rows]
        answer = {39: self._approved}
        if self._dialect.row_words:
            answer[48] = f"{len(words):02d}{''.join(words)}"
        return answer

    def _judged(self, terminal: str, batch: int, text: str) -> str:
        stan = int(self._dialect.part("row", text, "row_stan"))
        amount = int(self._dialect.part("row", text, "row_amount"))
        number = self._dialect.part("row", text, "row_card").lstrip("0")
        masked = f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
        row = self._ledger.rows.get((terminal, batch, stan))
        if row is None or row not in self._standing(terminal, batch):
            lost = row or LedgerRow(terminal, batch, stan, CHARGED, amount, masked, "", "00")
            state = BOOKED if lost.kind in CREDITS else CHARGED
            self._ledger.write(
                replace(lost, state=state, amount_minor=amount, code="00", uploaded=True)
            )
            return self._word(stan, NOT_HELD, amount)
        self._ledger.write(replace(row, uploaded=True))
        if row.masked != masked:
            return self._word(stan, OTHER_CARD, row.amount_minor)
        word = SAME if row.amount_minor == amount else OTHER_AMOUNT
        return self._word(stan, word, row.amount_minor)

    def _ended(self, terminal: str, batch: int, listed: str) -> dict[int, str]:
        """Close the batch; after an upload, list what we alone have."""
        standing = self._standing(terminal, batch)
        ours = [row for row in standing if not row.uploaded] if int(listed[:4]) else []
        mark = self._ledger.rows.get((terminal, batch, 0))
        again = mark.reversals + 1 if mark is not None else 0
        self._ledger.write(
            LedgerRow(terminal, batch, 0, ENDED, 0, "", "", "00", again, kind=SETTLEMENT)
        )
        answer = {39: self._approved}
        if self._dialect.row_words:
            words = [
                self._word(row.stan, CREDIT if row.kind in CREDITS else DEBIT, row.amount_minor)
                for row in ours[:MOST_LISTED]
            ]
            answer[48] = f"{int(listed[:4]):04d}{len(words):02d}{''.join(words)}"
        return answer

    def _word(self, stan: int, word: str, amount: int) -> str:
        return self._dialect.composed(
            "row word", row_stan=f"{stan:06d}", row_word=word, row_amount=f"{amount:012d}"
        )

    def _size(self, name: str) -> int:
        parts = string.Formatter().parse(self._dialect.compositions[name])
        return sum(len(literal) + (WIDTHS[found] if found else 0) for literal, found, _, _ in parts)
