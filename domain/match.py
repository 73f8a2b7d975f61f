"""The three-way match: the till's rows, the bank's words, the back office's copy, line by line.

Each difference is one line: what the three of them have, a sentence that says what it means, and
what to do about it. Nothing here moves money: the bank's word and people's do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.batch import Batch, BatchRow, BatchTotals, RowWord, Verdict
from domain.money import Money
from domain.words import N_


class Differing(StrEnum):
    """What differs."""

    NOT_AT_BANK = "not at the bank"
    AMOUNT = "amount"
    CARD = "card"
    ONLY_AT_BANK = "only at the bank"
    NOT_COMPARED = "not compared"
    TOTALS = "totals"
    NOT_AT_OFFICE = "not at the back office"
    OFFICE_AMOUNT = "back office amount"
    ONLY_AT_OFFICE = "only at the back office"


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One payment as the back office has it."""

    sale: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the match; `text` and `cure` are messages, whose {parts} `parts` holds.

    `sale` is the till's number, `stan` the bank's; an amount is None where nobody has one.
    """

    kind: Differing
    sale: int | None
    stan: int | None
    till: Money | None
    bank: Money | None
    back_office: Money | None
    text: str
    cure: str

    @property
    def parts(self) -> dict[str, str]:
        """For `say`: trace number and amounts as they are shown."""
        return self._parts(str)

    @property
    def printed_parts(self) -> dict[str, str]:
        """The same as a slip shows them."""
        return self._parts(lambda amount: amount.printed)

    def _parts(self, shown: Callable[[Money], str]) -> dict[str, str]:
        amounts = {"till": self.till, "bank": self.bank, "office": self.back_office}
        said = {name: "-" if amount is None else shown(amount) for name, amount in amounts.items()}
        return {"trace": f"{self.stan:06}" if self.stan else "-", **said}


_WORDS = {
    Differing.NOT_AT_BANK: (
        N_("The bank did not have trace {trace} of {till}. The upload has booked it."),
        N_("Nothing to do now. Look whether it is on the bank's next statement."),
    ),
    Differing.AMOUNT: (
        N_("Trace {trace}: the till has {till}, the bank has {bank}."),
        N_("Call the acquirer with the trace number and the slip; it corrects the amount."),
    ),
    Differing.CARD: (
        N_("Trace {trace} of {till}: the bank has it on another card."),
        N_("Call the acquirer with the trace number and the slip before anything is refunded."),
    ),
    Differing.ONLY_AT_BANK: (
        N_("The bank has trace {trace} of {bank}, and the till has no such payment."),
        N_("Call the acquirer: it must take this payment back, or say whose it is."),
    ),
    Differing.NOT_COMPARED: (
        N_("Trace {trace} of {till} could not be sent to the bank for comparison."),
        N_("Call the acquirer and ask whether it has this payment."),
    ),
    Differing.TOTALS: (
        N_("The totals differ: the till has {till}, the bank has {bank}."),
        N_("No single payment explains it. Ask the acquirer for its list of this batch."),
    ),
    Differing.NOT_AT_OFFICE: (
        N_("The back office does not have trace {trace} of {till} yet."),
        N_("It comes with the next synchronisation. If it stays away, call support."),
    ),
    Differing.OFFICE_AMOUNT: (
        N_("Trace {trace}: the till has {till}, the back office has {office}."),
        N_("The till's journal holds. Call support with the trace number."),
    ),
    Differing.ONLY_AT_OFFICE: (
        N_("The back office has a payment of {office} that this till does not know."),
        N_("Call support: the back office must not have what no till has."),
    ),
}
_BY_WORD = {
    RowWord.OTHER_AMOUNT: Differing.AMOUNT,
    RowWord.OTHER_CARD: Differing.CARD,
    RowWord.NOT_HELD: Differing.NOT_AT_BANK,
}


def differences_of(
    batch: Batch, rows: Iterable[BatchRow], office: Iterable[OfficeRow] | None = None
) -> tuple[Difference, ...]:
    """Every difference of a batch that has its verdict.

    `office` is what the back office has of the batch, None where there is none to ask.
    """
    known = tuple(rows)
    found = [*_at_bank(batch, known)]
    if not found and batch.verdict in {Verdict.NOT_BALANCED, Verdict.ERROR}:
        found.append(_of_totals(batch.till, batch.bank))
    if office is not None:
        found += _at_office(known, tuple(office))
    return tuple(found)


def _at_bank(batch: Batch, rows: tuple[BatchRow, ...]) -> Iterable[Difference]:
    words = {word.stan: word for word in batch.words}
    for row in rows:
        word = words.get(row.stan)
        if row.sale in batch.unsent:
            yield _line(Differing.NOT_COMPARED, row, None)
        elif word is not None and word.word is not RowWord.SAME:
            bank = None if word.word is RowWord.NOT_HELD else word.amount
            yield _line(_BY_WORD[word.word], row, bank)
    for extra in batch.bank_only:
        text, cure = _WORDS[Differing.ONLY_AT_BANK]
        yield Difference(
            Differing.ONLY_AT_BANK, None, extra.stan, None, extra.amount, None, text, cure
        )


def _of_totals(till: BatchTotals | None, bank: BatchTotals | None) -> Difference:
    text, cure = _WORDS[Differing.TOTALS]
    mine, theirs = till.net if till else None, bank.net if bank else None
    return Difference(Differing.TOTALS, None, None, mine, theirs, None, text, cure)


def _at_office(rows: tuple[BatchRow, ...], office: tuple[OfficeRow, ...]) -> Iterable[Difference]:
    copies = {copy.sale: copy.amount for copy in office}
    for row in rows:
        copy = copies.pop(row.sale, None)
        if copy is None:
            yield _line(Differing.NOT_AT_OFFICE, row, row.amount)
        elif copy != row.amount:
            yield _line(Differing.OFFICE_AMOUNT, row, row.amount, copy)
    for sale, amount in copies.items():
        text, cure = _WORDS[Differing.ONLY_AT_OFFICE]
        yield Difference(Differing.ONLY_AT_OFFICE, sale, None, None, None, amount, text, cure)


def _line(
    kind: Differing, row: BatchRow, bank: Money | None, office: Money | None = None
) -> Difference:
    text, cure = _WORDS[kind]
    return Difference(kind, row.sale, row.stan, row.amount, bank, office, text, cure)
