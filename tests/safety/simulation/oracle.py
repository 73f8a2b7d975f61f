"""What must hold at every step of a simulated day, told in the words of the invariants.

The oracle keeps its own books: what was committed, what was asked, what was shown, which papers
came out. It never asks the till what the till believes, only what can be seen from outside.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from acquirer.link import SaleRequest
from checkout.notices import CheckoutShown, Notice, PaymentShown
from domain.card import Card
from domain.document import Document
from domain.entries import Decision, Entry, EntryKind, SlipKind, SlipState
from domain.money import MAX_MINOR
from domain.sale import Reason, Sale
from tests.safety.simulation.agenda import Agenda, Broken

NEXT = {
    None: {"draft"},
    "draft": {"abandoned", "not_sent", "armed"},
    "armed": {"not_sent", "approved", "declined", "reversal_pending", "manual"},
    "reversal_pending": {"reversal_pending", "reversed", "manual"},
    "manual": set(),
    "abandoned": set(),
    "not_sent": set(),
    "approved": set(),
    "declined": set(),
    "reversed": set(),
}
"""The states in which a sale may be found on disk, one after the other; written out by hand."""
MAY_SHOW = {
    "approved": {"approved"},
    "declined": {"declined"},
    "reversed": {"reversed"},
    "manual": {"manual"},
    "reversal_pending": {"reversal_pending", "armed"},
    "armed": {"armed"},
    "waiting": {"armed"},
}
"""What must be on disk before a screen says so: an armed sale on disk is its durable reversal."""
REVERSALS_A_MINUTE = 40
BODY = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
LINK = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
CHAIN_KEY = b"the simulation's chain key, 32 by"[:32]
TILL = 1


def nobody(_sale: int) -> None:
    """Wants to hear of the next sale in doubt."""


@dataclass(slots=True)
class Known:
    """A sale as the disk has it, and what was done about it."""

    state: str
    amount: int
    stan: int | None = None
    batch: int = 0
    sealed: bytes = b""
    pending_since: float = 0.0
    asked: int = 0
    sent: bool = False
    sent_twice: bool = False
    reversals: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Paper:
    """One slip: what is on disk of it, and what came out of the printer."""

    sale: int
    kind: SlipKind
    state: SlipState
    originals: int = 0
    copies: int = 0
    unsure: int = 0
    was_marked: bool = False


class Oracle:
    """The books of whoever watches."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self.sales: dict[int, Known] = {}
        self.papers: dict[int, Paper] = {}
        self.stans: dict[int, int] = {}
        self.entries: list[tuple[Any, ...]] = []
        self.cards: list[Card] = []
        self.seen: Counter[str] = Counter()
        self.waits: list[float] = []
        self.line_up_since = 0.0
        self.day_totals: Counter[tuple[str, str]] = Counter()
        self._kinds: set[tuple[int, SlipKind]] = set()
        self._chain: list[bytes] = []
        self.unwritten: set[int] = set()
        self.disk_fails: Callable[[], bool] = lambda: False
        self.at_next_doubt: Callable[[int], None] = nobody
        self._armed: tuple[int, bytes] = (0, b"")

    def demand(self, holds: object, invariant: str, what: str) -> None:
        if not holds:
            raise Broken(invariant, what)

    # What the journal does.

    def remembered(self, decision: Decision) -> None:
        """A commit is on disk, whether or not the till was told so."""
        self._apply(decision)

    def head_is(self, number: int) -> None:
        """The till believes that its newest entry has this number."""
        known = len(self.entries)
        self.demand(number == known, "I10", f"entry {number} is the newest, {known} are on disk")

    def _apply(self, decision: Decision) -> None:
        for entry in decision.entries:
            self._note_entry(entry)
        if decision.sale is not None:
            self._note_sale(decision.sale, decision)
        for slip in decision.slips:
            self.papers[len(self.papers) + 1] = Paper(slip.sale, slip.kind, slip.state)
            self.papers[len(self.papers)].was_marked = (slip.sale, slip.kind) in self._kinds
            self._kinds.add((slip.sale, slip.kind))
        for number, state in decision.print_states:
            self.papers[number].state = state
        self.seen["commits"] += 1

    def _note_entry(self, entry: Entry) -> None:
        row = (
            entry.at.isoformat(),
            entry.kind.value,
            entry.operator,
            entry.sale,
            BODY.encode(entry.body),
        )
        self.entries.append(row)
        if entry.kind is EntryKind.SALE:
            self.demand(entry.operator, "I19", f"entry {len(self.entries)} names nobody")

    def _note_sale(self, sale: Sale, decision: Decision) -> None:
        known = self.sales.get(sale.number)
        state = sale.state.value
        if known is None:
            self.demand(sale.number == len(self.sales) + 1, "I10", f"sale {sale.number}")
            known = self.sales[sale.number] = Known("", sale.amount.minor)
            self.seen["sales"] += 1
        before = known.state or None
        amount = sale.amount.minor
        unwritten = before == "armed" and sale.number in self.unwritten
        allowed = NEXT[before] | (NEXT["reversal_pending"] if unwritten else set())
        self.demand(state in allowed, "I3", f"sale {sale.number}: {before} -> {state}")
        self.demand(type(amount) is int and 0 < amount <= MAX_MINOR, "I9", f"amount {amount!r}")
        self.demand(amount == known.amount, "I9", f"sale {sale.number} changed its amount")
        known.state = state
        self._agenda.trace(f"disk: sale {sale.number} {state}")
        match state:
            case "armed":
                self._note_armed(sale, known, decision)
            case "reversal_pending" if before == "armed":
                known.pending_since = self._agenda.now
                told, self.at_next_doubt = self.at_next_doubt, nobody
                told(sale.number)
            case "reversed":
                began = max(known.pending_since, self.line_up_since)
                self.waits.append(max(0.0, self._agenda.now - began))
            case "approved":
                day = decision.entries[0].at.astimezone().date().isoformat()
                self.day_totals[day, "count"] += 1
                self.day_totals[day, "minor"] += amount
        if state in {"approved", "declined", "reversed", "not_sent"} and known.stan is not None:
            self.demand(decision.settled, "I20", f"sale {sale.number}: what is sealed stays")
        self.seen[state] += 1

    def _note_armed(self, sale: Sale, known: Known, decision: Decision) -> None:
        known.stan, known.batch = sale.stan, sale.batch
        number, sealed = self._armed
        self.demand(decision.arm, "I4", f"sale {sale.number} armed without its reversal")
        self.demand(decision.arm == sealed and number == sale.number, "I4", "another's reversal")
        known.sealed = sealed
        stan = sale.stan or 0
        self.demand(1 <= stan <= 999_999, "I10", f"trace number {stan}")
        self.demand(stan not in self.stans, "I10", f"trace number {stan} used again")
        self.stans[stan] = sale.number
        others = [n for n, k in self.sales.items() if k.state == "armed" and n != sale.number]
        self.demand(not set(others) - self.unwritten, "I7", f"armed while {others} are armed")

    # What the link is asked for.

    def armed(self, request: SaleRequest, sealed: bytes) -> None:
        self._armed = (request.sale, sealed)
        self.cards.append(request.card)

    def asking(self, request: SaleRequest) -> None:
        known = self.sales.get(request.sale)
        self.demand(
            known is not None and known.state == "armed", "I5", "asked before it is on disk"
        )
        assert known is not None
        self.demand(known.stan == request.stan, "I10", "asked under another trace number")
        self.demand(known.amount == request.amount.minor, "I9", "asked for another amount")
        known.asked += 1
        self.demand(known.asked == 1, "I2", f"sale {request.sale} asked for twice")

    def told_twice(self, request: SaleRequest) -> None:
        """The acquirer said 94: another sale may stand under this trace number."""
        self.sales[request.sale].sent_twice = True

    def sent(self, request: SaleRequest) -> None:
        self._agenda.trace(f"sent: sale {request.sale} stan {request.stan}")
        self.sales[request.sale].sent = True

    def reversing(self, sealed: bytes, sale: int, reason: Reason) -> None:
        known = self.sales.get(sale)
        self.demand(known is not None, "I4", f"reversal of sale {sale}, which nobody knows")
        assert known is not None
        self._agenda.trace(f"sent: reversal of {sale} {reason.value}")
        self.demand(sealed == known.sealed, "I4", f"reversal of {sale} changed")
        self.demand(
            known.state in {"armed", "reversal_pending"}, "I4", f"reversal of a sale {known.state}"
        )
        self.demand(not known.sent_twice, "I4", f"sale {sale} is reversed after a 94")
        now = self._agenda.now
        known.pending_since = known.pending_since or now
        known.reversals.append(now)
        recent = sum(now - at < 60.0 for at in known.reversals[-REVERSALS_A_MINUTE - 1 :])
        self.demand(recent <= REVERSALS_A_MINUTE, "I22", f"reversal storm of sale {sale}")

    def power_is_gone(self) -> None:
        """What the till had in memory only, nobody knows any more."""
        self.cards.clear()
        for known in self.sales.values():
            known.sent_twice = known.sent_twice and known.state == "manual"

    # What people see.

    def shown(self, notice: Notice) -> None:
        if isinstance(notice, PaymentShown):
            sale = notice.sale
            state = sale.state.value
            known = self.sales.get(sale.number)
            if state == "not_sent" and known is not None and known.state != state:
                self.unwritten.add(sale.number)
            allowed = MAY_SHOW.get(state)
            if allowed is not None:
                on_disk = known.state if known else "nothing"
                if state == "manual" and sale.number in self.unwritten:
                    # After a 94 that no disk took: never reversed by this run of the till.
                    on_disk = state
                if state == "reversal_pending" and self.disk_fails() and known is not None:
                    # Nobody can read what a failing disk took: it is believed once it is back.
                    on_disk = state
                self.demand(
                    on_disk in allowed, "I5", f"sale {sale.number} shown {state}, disk: {on_disk}"
                )
            self._agenda.trace(f"screen: {sale.number} {state}")
        elif isinstance(notice, CheckoutShown):
            self._agenda.trace("screen: checkout")

    def shown_total(self, notice: CheckoutShown, day: str) -> None:
        """The day's figures on the screen are the fold of the journal (I8)."""
        told = (notice.today_count, notice.today_total.minor)
        known = (self.day_totals[day, "count"], self.day_totals[day, "minor"])
        self.demand(told == known, "I8", f"the screen says {told}, the journal {known}")

    # What the printer does.

    def printing(self, slip: int, document: Document, *, is_copy: bool) -> None:
        paper = self.papers.get(slip)
        self.demand(paper is not None, "I5", f"slip {slip} is printed and not on disk")
        assert paper is not None
        self.demand(paper.state is SlipState.PRINTING, "I5", f"slip {slip} printed: {paper.state}")
        if not (is_copy or paper.was_marked):
            out = paper.originals + paper.unsure
            self.demand(not out, "I18", f"slip {slip}: a second original")
        if paper.was_marked:
            self.demand(is_copy, "I18", f"slip {slip}, asked for again, is not marked")

    def printed(self, slip: int, *, is_copy: bool) -> None:
        paper = self.papers[slip]
        self._agenda.trace(f"paper: {slip} {'copy' if is_copy else 'original'}")
        if is_copy:
            paper.copies += 1
        else:
            paper.originals += 1

    def unconfirmed(self, slip: int, *, is_copy: bool, came_out: bool) -> None:
        paper = self.papers[slip]
        paper.unsure += 1
        if came_out:
            self.printed(slip, is_copy=is_copy)

    def chain_values(self, epoch: str) -> list[bytes]:
        """The chain values as docs/architecture.md describes them, counted here."""
        values = self._chain
        chain = values[-1] if values else bytes(32)
        for number in range(len(values) + 1, len(self.entries) + 1):
            text = LINK.encode([TILL, number, epoch, *self.entries[number - 1]])
            chain = keyed_hash(chain + text.encode())
            values.append(chain)
        return values


INNER = hashlib.sha256(bytes(byte ^ 0x36 for byte in CHAIN_KEY.ljust(64, b"\0")))
OUTER = hashlib.sha256(bytes(byte ^ 0x5C for byte in CHAIN_KEY.ljust(64, b"\0")))


def keyed_hash(text: bytes) -> bytes:
    """HMAC-SHA-256 under the chain's key, as RFC 2104 has it: many times as quick as the library's."""
    inner, outer = INNER.copy(), OUTER.copy()
    inner.update(text)
    outer.update(inner.digest())
    return outer.digest()
