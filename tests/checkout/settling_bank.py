"""The end of the day at the bank of the stage: it compares with its own book, row by row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from acquirer.link import BatchCall
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
from domain.faults import NoAnswer
from domain.money import Money

DEBITS = ("charged", "voided")
BEFORE_BOOKING = frozenset({"lost request", "garbage", "broken"})


class SettlingBank:
    """The three steps of closing a batch.

    `settling` are tricks, one for each step: 'lost answer', 'lost request', 'garbage' and 'broken'.
    `taken` counts how often each row came, `ended` how often each batch was ended.
    """

    book: dict[int, Any]
    _reach: Callable[[str], None]

    def __init__(self) -> None:
        self.keeps_for_upload = True
        self.upload_rows = 2
        self.uploads = "unbalanced"
        self.settling: deque[str] = deque()
        self.stans: list[int] = []
        self.taken: dict[int, int] = {}
        self.ended: dict[int, int] = {}
        self.batches: dict[int, int] = {}
        """Trace number to batch, of what is in the book."""

    def is_uploaded(self, verdict: Verdict) -> bool:
        return self.uploads == "always" or verdict is not Verdict.BALANCED

    def settle(
        self, call: BatchCall, domestic: BatchTotals, foreign: BatchTotals
    ) -> TotalsAnswered:
        self._step(call, f"totals {call.batch}")
        ours = self._totals(call)
        verdict = Verdict.BALANCED if ours == domestic + foreign else Verdict.NOT_BALANCED
        return self._answered(TotalsAnswered(verdict, ours))

    def upload(self, call: BatchCall, rows: Sequence[tuple[BatchRow, bytes]]) -> RowsTaken:
        self._step(call, f"rows {len(rows)}")
        words = []
        for row, sealed in rows:
            assert str(row.stan).encode() in sealed
            self.taken[row.stan] = self.taken.get(row.stan, 0) + 1
            held = self.book.get(row.stan)
            word, amount = RowWord.SAME, row.amount
            if held is None:
                word = RowWord.NOT_HELD
                self.book[row.stan] = type(next(iter(self.book.values())))(
                    "charged", row.amount.minor
                )
                self.batches[row.stan] = call.batch
            elif held.amount_minor != row.amount.minor:
                word, amount = RowWord.OTHER_AMOUNT, Money(held.amount_minor, call.currency)
            words.append(RowVerdict(row.stan, word, amount))
        return self._answered(RowsTaken(len(rows), tuple(words)))

    def end_batch(self, call: BatchCall, sent: int, *, balanced: bool) -> Ended:
        self._step(call, f"end {call.batch} after {sent}")
        self.ended[call.batch] = self.ended.get(call.batch, 0) + 1
        alone = tuple(
            BankRow(stan, Money(row.amount_minor, call.currency))
            for stan, row in self._rows(call.batch).items()
            if sent and stan not in self.taken
        )
        return self._answered(Ended(alone))

    def _step(self, call: BatchCall, what: str) -> None:
        assert call.stan not in self.book, "a trace number of a payment was taken again"
        self.stans.append(call.stan)
        self._reach(f"{what} as {call.stan}")
        if self.settling and self.settling[0] in BEFORE_BOOKING:
            trick = self.settling.popleft()
            if trick == "broken":
                raise ZeroDivisionError
            raise NoAnswer("N-07" if trick == "garbage" else "N-06")

    def _answered(self, event: Any) -> Any:
        if self.settling and self.settling.popleft() == "lost answer":
            raise NoAnswer("N-06")
        return event

    def _rows(self, batch: int) -> dict[int, Any]:
        return {
            stan: row
            for stan, row in self.book.items()
            if self.batches.get(stan, 1) == batch
            and (row.state in {*DEBITS, "given back"} or row.state.startswith("void of "))
        }

    def _totals(self, call: BatchCall) -> BatchTotals:
        rows = self._rows(call.batch).values()
        debits = [row.amount_minor for row in rows if row.state in DEBITS]
        credits_ = [row.amount_minor for row in rows if row.state not in DEBITS]
        return BatchTotals(
            len(debits),
            Money(sum(debits), call.currency),
            len(credits_),
            Money(sum(credits_), call.currency),
        )
