"""What must hold when a simulated day has come to rest: both books, cent by cent, and the papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.entries import SlipKind, SlipState
from tests.safety.simulation.counter_devices import NUMBERS

if TYPE_CHECKING:
    from tests.safety.simulation.day import Day

OWED = {"approved": 1, "declined": 1, "reversed": 2}
"""Papers for the outcome of a sale, customer's copies apart; others owe none or one."""


def check(day: Day, *, whole: bool = True) -> None:
    """Every invariant of a quiet till; what only a change of the file could break is looked at once."""
    _money(day)
    _sales(day)
    _papers(day)
    if whole:
        _journal(day)
        _secrets(day)


def _money(day: Day) -> None:
    """I1, I2: what is charged is what is approved, under the same place in the book."""
    demand, terminal = day.oracle.demand, day.settings.acquirer.terminal
    known = day.oracle.sales
    approved = {
        (terminal, sale.batch, sale.stan): sale.amount
        for sale in known.values()
        if sale.state == "approved"
    }
    unresolved = {
        (terminal, sale.batch, sale.stan) for sale in known.values() if sale.state == "manual"
    }
    charged = {
        place: amount for place, amount in day.acquirer.charged.items() if place not in unresolved
    }
    demand(
        charged == approved, "I1", f"charged and approved differ: {_difference(charged, approved)}"
    )
    demand(not day.acquirer.wrong_key_pins, "I6", "a PIN under keys that are gone reached the bank")


def _difference(charged: dict, approved: dict) -> str:
    return f"{charged.items() - approved.items()} / {approved.items() - charged.items()}"


def _sales(day: Day) -> None:
    """I3, I4: one end for each sale, and a reversal acknowledged for each that was in doubt."""
    demand, oracle = day.oracle.demand, day.oracle
    assert day.till is not None
    journal = day.till.parts.journal
    for number, known in oracle.sales.items():
        demand(known.state not in {"armed", "reversal_pending"}, "I3", f"{number} is open")
        # The end of a draft that a failing disk refused; no money can have moved.
        lost = number in oracle.unwritten or day.disk.errors
        demand(known.state != "draft" or lost, "I3", f"sale {number} is a draft for ever")
        sale = journal.sale(number)
        demand(sale is not None, "I13", f"sale {number} is gone")
        assert sale is not None
        found = (sale.state.value, sale.amount.minor, sale.stan)
        told = (known.state, known.amount, known.stan)
        demand(found == told, "I13", f"sale {number}: {found} on disk, {told} was acknowledged")
        if known.state == "reversed":
            demand(known.reversals, "I4", f"sale {number} reversed without a reversal")
        if known.state == "not_sent":
            place = (day.settings.acquirer.terminal, known.batch, known.stan)
            row = day.acquirer.book.get(place) if known.stan is not None else None
            demand(row is None or row.state != "charged", "I1", f"sale {number} not sent, charged")
    kept = journal.database.conn.execute("SELECT sale FROM in_doubt ORDER BY sale").fetchall()
    manual = [(number,) for number, known in oracle.sales.items() if known.state == "manual"]
    demand(kept == manual, "I20", f"sealed reversals of {kept}, in doubt are {manual}")
    demand(journal.next_sale() == len(oracle.sales) + 1, "I10", "the sale's number")


def _journal(day: Day) -> None:
    """I10 to I13: every acknowledged entry, in its place, unchanged, and its chain."""
    assert day.till is not None
    journal, demand = day.till.parts.journal, day.oracle.demand
    rows = journal.database.conn.execute(
        "SELECT number, at, kind, operator, sale, body, chain FROM entries ORDER BY number"
    ).fetchall()
    demand([r[0] for r in rows] == list(range(1, len(rows) + 1)), "I10", "a gap in the journal")
    demand([tuple(r[1:6]) for r in rows] == day.oracle.entries, "I12", "an entry has changed")
    demand([r[6] for r in rows] == day.oracle.chain_values(journal.epoch), "I11", "the chain")
    totals = journal.database.conn.execute("SELECT day, sales, amount_minor FROM day_totals")
    for when, count, minor in totals.fetchall():
        known = (day.oracle.day_totals[when, "count"], day.oracle.day_totals[when, "minor"])
        demand((count, minor) == known, "I8", f"{when}: {count} sales, {minor}; known: {known}")


def _papers(day: Day) -> None:
    """Each slip came out, once, or was marked as a copy; nothing came out that is not owed."""
    demand, papers = day.oracle.demand, day.oracle.papers
    for number, paper in papers.items():
        demand(paper.state is SlipState.PRINTED, "I22", f"slip {number} is {paper.state.value}")
        demand(paper.originals <= 1, "I18", f"slip {number}: {paper.originals} originals")
        out = paper.originals + paper.copies + paper.unsure
        demand(out >= 1, "I13", f"slip {number} says that it is out, and is not")
    kinds_of: dict[int, list[SlipKind]] = {}
    for paper in papers.values():
        if paper.kind is not SlipKind.CUSTOMER and not paper.was_marked:
            kinds_of.setdefault(paper.sale, []).append(paper.kind)
    for number, known in day.oracle.sales.items():
        kinds = kinds_of.get(number, [])
        demand(len(kinds) == len(set(kinds)), "I18", f"sale {number} owes a paper twice")
        owed = OWED.get(known.state)
        if number not in day.oracle.unwritten:
            demand(owed is None or len(kinds) == owed, "I18", f"sale {number}: {kinds}")


def _secrets(day: Day) -> None:
    """I20: no card number in the file, where the papers stand too, and none left in memory."""
    everything = day.disk.everything()
    for number in NUMBERS:
        demand = day.oracle.demand
        digits = number.encode()
        for form in (number, digits.hex(), number[::-1], digits.hex().upper()):
            demand(form not in everything, "I20", f"a card number ({form[:6]}...) is on disk")
    for card in day.oracle.cards:
        day.oracle.demand(not any(card.pan._bytes), "I20", "a card was not wiped")
