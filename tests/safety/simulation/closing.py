"""What must hold when a simulated day has come to rest: both books, cent by cent, and the papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.batch import rows_of
from domain.entries import SlipKind, SlipState
from domain.match import differences_of
from tests.safety.simulation.counter_devices import NUMBERS
from tests.safety.simulation.rules import BOOK, NOTHING, OWED

if TYPE_CHECKING:
    from tests.safety.simulation.day import Day

OPEN = frozenset({"armed", "reversal_pending", "queued"})


def check(day: Day, *, whole: bool = True) -> None:
    """Every invariant of a quiet till; what only a change of the file could break is looked at once."""
    _money(day)
    _sales(day)
    _papers(day)
    _batches(day)
    for card in day.oracle.cards:
        day.oracle.demand(not any(card.pan._bytes), "I20", "a card was not wiped")
    if whole:
        _journal(day)
        _secrets(day)


def _money(day: Day) -> None:
    """I1, I2: each payment stands at the bank as it stands here, in its place, to the last cent."""
    demand, terminal = day.oracle.demand, day.settings.acquirer.terminal
    book = day.acquirer.book
    known_places = set()
    unknown = {n for n, known in day.oracle.sales.items() if known.state == "manual"}
    # What only people can settle, nobody knows; nor what it did to the payment that it names.
    unknown |= {day.oracle.sales[n].original or 0 for n in unknown}
    unknown |= {day.oracle.sales[n].original or 0 for n in unknown if n}
    differing = {
        (terminal, batch, stan)
        for batch, stans in day.acquirer.settling.differing.items()
        for stan in stans
    }
    for number, known in day.oracle.sales.items():
        if known.stan is None:
            continue
        place = (terminal, known.batch, known.stan)
        known_places.add(place)
        if number in unknown or place in differing:
            continue
        row, wanted = book.get(place), BOOK[known.kind].get(known.state)
        state = row.state if row is not None else "never came"
        what = f"{known.kind} {number} is {known.state}, at the bank {state}"
        demand(state == wanted if wanted else state in NOTHING, "I1", what)
        if wanted and row is not None:
            demand(row.amount == known.amount, "I1", f"{what}: {row.amount}, not {known.amount}")
            demand(row.card == known.card, "I2", f"{what}: another card")
            demand(row.given <= row.amount, "I2", f"{what}: {row.given} given back")
    unheard = set(book) - known_places - differing
    demand(not unheard, "I1", f"the bank holds what the till never asked for: {unheard}")
    demand(not day.acquirer.wrong_key_pins, "I6", "a PIN under keys that are gone reached the bank")


def _batches(day: Day) -> None:
    """I8: what was closed here is closed there, once; each difference is named, and nothing else."""
    assert day.till is not None
    demand, journal = day.oracle.demand, day.till.parts.journal
    closed = [number for number, known in day.oracle.batches.items() if known.state == "closed"]
    demand(
        day.acquirer.settling.closed == closed, "I8", f"closed: {closed}, at the bank other ones"
    )
    number = journal.counter("batch")
    demand(
        max(1, number) == len(closed) + 1, "I8", f"batch {number} after {len(closed)} closed ones"
    )
    for number in closed:
        batch = journal.batches.find(number)
        assert batch is not None
        ours = rows_of(journal.batches.sales(number))
        named = {line.stan for line in differences_of(batch, ours)}
        wanted = set(day.acquirer.settling.differing.get(number, {}))
        demand(named == wanted, "I8", f"batch {number}: {named} differ, {wanted} do")
    slips = [p for p in day.oracle.papers.values() if p.sale is None and not p.was_marked]
    demand(len(slips) == len(closed), "I18", f"{len(slips)} slips of {len(closed)} closed batches")
    rows = journal.database.conn.execute("SELECT DISTINCT batch FROM for_upload").fetchall()
    demand(
        not {batch for (batch,) in rows} & set(closed), "I20", "what is sealed outlives its batch"
    )


def _sales(day: Day) -> None:
    """I3, I4: one end for each sale, and a reversal acknowledged for each that was in doubt."""
    demand, oracle = day.oracle.demand, day.oracle
    assert day.till is not None
    journal = day.till.parts.journal
    for number, known in oracle.sales.items():
        demand(known.state not in OPEN, "I3", f"{number} is open")
        # The end of a draft that a failing disk refused; no money can have moved.
        lost = number in oracle.unwritten or day.disk.errors
        demand(known.state != "draft" or lost, "I3", f"sale {number} is a draft for ever")
        sale = journal.sale(number)
        demand(sale is not None, "I13", f"sale {number} is gone")
        assert sale is not None
        found = (sale.state.value, sale.amount.minor, sale.stan)
        told = (known.state, known.amount, known.stan)
        demand(found == told, "I13", f"sale {number}: {found} on disk, {told} was acknowledged")
        if known.state == "reversed" and not known.was_manual:
            demand(known.reversals, "I4", f"sale {number} reversed without a reversal")
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
        owed = OWED.get(known.state) if known.kind != "balance" else 0
        if number not in day.oracle.unwritten and not known.was_manual:
            demand(owed is None or len(kinds) == owed, "I18", f"sale {number}: {kinds}")


def _secrets(day: Day) -> None:
    """I20: no card number in the file, where the papers stand too."""
    everything = day.disk.everything()
    for number in NUMBERS:
        demand = day.oracle.demand
        digits = number.encode()
        for form in (number, digits.hex(), number[::-1], digits.hex().upper()):
            demand(form not in everything, "I20", f"a card number ({form[:6]}...) is on disk")
