"""How an acquirer of the protocol's description closes a batch: totals, rows one by one, the end.

Debit is what was charged, whether or not it was voided later; credit is what was voided or given
back. Each step may come again and is answered as before. Now and then its book differs from the
till's when the totals come: a row is lost, has another amount, or there is one more.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.safety.simulation.acquirer import Row

DEBIT = frozenset({"sale", "completion", "completion advice"})
CREDIT = frozenset({"void", "refund", "completion void"})
STANDING = frozenset({"charged", "voided", "done", "given back"})
DIFFERENCES = ("lost", "other amount", "one more")
Totals = tuple[int, int, int, int]
"""Count and sum of debits, count and sum of credits."""


class Settling:
    """The batches of one terminal."""

    def __init__(self, dice: Random, book: dict[tuple[str, int, int], Row]) -> None:
        self._dice = dice
        self._book = book
        self.difference_rate = 0.25
        self.differing: dict[int, dict[int, str]] = {}
        """By batch: the trace numbers where the books differ on purpose, and how."""
        self.closed: list[int] = []
        self._said: dict[tuple[int, int], tuple[str, int]] = {}
        self._heard: dict[int, Totals] = {}

    def totals(self, terminal: str, batch: int, told: Totals) -> tuple[bool, Totals]:
        """Whether they are ours, and what ours are."""
        if batch not in self._heard and self._dice.random() < self.difference_rate:
            self._differ(terminal, batch)
        self._heard[batch] = told
        ours = [0, 0, 0, 0]
        for row in self._rows(terminal, batch).values():
            side = 0 if row.kind in DEBIT else 2
            ours[side] += 1
            ours[side + 1] += row.amount
        found = (ours[0], ours[1], ours[2], ours[3])
        return found == told, found

    def row(self, terminal: str, batch: int, stan: int, amount: int, row: Row) -> tuple[str, int]:
        """What is said of one row of the till's; one that is not here is booked now."""
        known = self._said.get((batch, stan))
        if known is not None:
            return known
        ours = self._book.get((terminal, batch, stan))
        word = ("same", amount)
        if ours is None:
            self._book[terminal, batch, stan] = row
            word = ("not held", amount)
        elif ours.amount != amount:
            word = ("other amount", ours.amount)
        self._said[batch, stan] = word
        return word

    def end(self, terminal: str, batch: int, *, was_compared: bool) -> list[tuple[int, int, bool]]:
        """Close it; where rows were compared, those that only we have."""
        if batch not in self.closed:
            self.closed.append(batch)
        rows = self._rows(terminal, batch)
        for row in rows.values():
            row.is_settled = True
        if not was_compared:
            return []
        return [
            (stan, row.amount, row.kind in CREDIT)
            for stan, row in rows.items()
            if (batch, stan) not in self._said
        ]

    def _rows(self, terminal: str, batch: int) -> dict[int, Row]:
        return {
            place[2]: row
            for place, row in self._book.items()
            if place[:2] == (terminal, batch)
            and row.state in STANDING
            and row.kind in DEBIT | CREDIT
        }

    def _differ(self, terminal: str, batch: int) -> None:
        sold = {
            stan: row
            for stan, row in self._rows(terminal, batch).items()
            if row.kind == "sale" and row.state == "charged" and not row.given
        }
        how = self._dice.choice(DIFFERENCES)
        if not sold:
            return
        stan = self._dice.choice(sorted(sold))
        row = sold[stan]
        if how == "lost":
            del self._book[terminal, batch, stan]
        elif how == "other amount":
            row.amount += 1_00
        else:
            stan = 900_000 + stan
            self._book[terminal, batch, stan] = type(row)("charged", 7_77, "sale", row.card)
        self.differing[batch] = {stan: how}
