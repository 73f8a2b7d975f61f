"""What must hold at every step of a simulated day, told in the words of the invariants.

The oracle keeps its own books: what was committed, what was asked, what was shown, which papers
came out. It never asks the till what the till believes, only what can be seen from outside.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from acquirer.link import SaleRequest
from checkout.notices import CheckoutShown, Notice, PaymentShown
from domain.card import Card
from domain.entries import Decision, Entry, EntryKind
from domain.money import MAX_MINOR
from domain.sale import Reason, Sale
from tests.safety.simulation.agenda import Agenda
from tests.safety.simulation.batches import Batches
from tests.safety.simulation.rules import (
    CHANGES,
    GIVING_BACK,
    HELD_AGAIN,
    MAY_SHOW,
    REFERRING,
    Known,
    counts,
    may_follow,
)

SENT_A_MINUTE = 12
"""So often at most may one reversal or one advice be sent within a minute."""
BODY = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
LINK = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
CHAIN_KEY = b"the simulation's chain key, 32 by"[:32]
TILL = 1
FINAL = frozenset({"approved", "declined", "reversed", "not_sent", "delivered", "rejected"})


def nobody(_sale: int) -> None:
    """Wants to hear of the next sale in doubt."""


class Oracle(Batches):
    """The books of whoever watches."""

    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self._agenda = agenda
        self.entries: list[tuple[Any, ...]] = []
        self.cards: list[Card] = []
        self.waits: list[float] = []
        self.line_up_since = 0.0
        self.day_totals: Counter[tuple[str, str]] = Counter()
        self.unwritten: set[int] = set()
        self.disk_fails: Callable[[], bool] = lambda: False
        self.spoiled_at: Callable[[], float] = lambda: 0.0
        self.at_next_doubt: Callable[[int], None] = nobody
        self._armed: tuple[int, bytes] = (0, b"")
        self._chain: list[bytes] = []

    # What the journal does.

    def remembered(self, decision: Decision) -> None:
        """A commit is on disk, whether or not the till was told so."""
        for entry in decision.entries:
            self._note_entry(entry)
        if decision.sale is not None:
            self._note_sale(decision.sale, decision)
        self.note_batch(decision)
        self.note_papers(decision)
        self.seen["commits"] += 1

    def head_is(self, number: int) -> None:
        """The till believes that its newest entry has this number."""
        known = len(self.entries)
        self.demand(number == known, "I10", f"entry {number} is the newest, {known} are on disk")

    def _note_entry(self, entry: Entry) -> None:
        self.entries.append(
            (
                entry.at.isoformat(),
                entry.kind.value,
                entry.operator,
                entry.sale,
                BODY.encode(entry.body),
            )
        )
        if entry.kind is EntryKind.SALE:
            self.demand(entry.operator, "I19", f"entry {len(self.entries)} names nobody")

    def _note_sale(self, sale: Sale, decision: Decision) -> None:
        known = self.sales.get(sale.number)
        if known is None:
            known = self._note_new(sale)
        before, state = known.state or None, sale.state.value
        allowed = may_follow(known.kind, before)
        if before == "armed" and sale.number in self.unwritten:
            allowed = allowed | may_follow(known.kind, "reversal_pending")
        self.demand(state in allowed, "I3", f"{known.kind} {sale.number}: {before} -> {state}")
        self.demand(sale.amount.minor == known.amount, "I9", f"{sale.number} changed its amount")
        counted = counts(known)
        known.state = state
        self._agenda.trace(f"disk: {known.kind} {sale.number} {state}")
        if state in {"armed", "queued"} and known.stan is None:
            self._note_armed(sale, known, decision)
        if state == "approved" and sale.answer is not None:
            known.rrn, known.auth_code = sale.answer.rrn, sale.answer.auth_code
        by_people = any(entry.kind is EntryKind.RESOLVED for entry in decision.entries)
        self.demand(by_people or before != "manual", "I19", f"{sale.number}: {state} by nobody")
        # A doubt that no disk took was settled by people all the same.
        known.was_manual = known.was_manual or by_people
        self._note_others(known, before, sale, decision)
        self._note_total(known, counted, sale, decision)
        self._note_wait(known, before, sale.number)
        if state in FINAL and known.sealed:
            self.demand(decision.settled, "I20", f"sale {sale.number}: what is sealed stays")
        self.seen[state] += 1

    def _note_new(self, sale: Sale) -> Known:
        amount, kind = sale.amount.minor, sale.kind.value
        self.demand(sale.number == len(self.sales) + 1, "I10", f"sale {sale.number}")
        enough = amount == 0 if kind == "balance" else 0 < amount <= MAX_MINOR
        self.demand(type(amount) is int and enough, "I9", f"amount {amount!r}")
        known = self.sales[sale.number] = Known(kind, "", amount, sale.original)
        self.seen["sales" if kind == "sale" else f"{kind}s"] += 1
        known.batch = sale.batch
        if kind != "balance":
            self.may_join(sale.number, sale.batch)
        if kind in REFERRING:
            self.demand(sale.original in self.sales, "I2", f"{kind} of nothing")
            self._may_refer(known, sale.number)
        return known

    def _may_refer(self, known: Known, number: int) -> None:
        """I2: what refers to a payment leaves neither bank nor customer with more than was paid."""
        original = self.sales[known.original or 0]
        others = [
            other
            for n, other in self.sales.items()
            if other.original == known.original and n != number
        ]
        open_ones = [o.kind for o in others if o.state in {"armed", "reversal_pending", "manual"}]
        self.demand(not open_ones, "I2", f"{known.kind} {number} beside an open {open_ones}")
        given = sum(o.amount for o in others if o.state in {"queued", "delivered"})
        left = original.amount - given * (known.kind == "refund")
        what = f"{known.kind} {number} of {known.amount}, {original.kind} {original.state}, {left}"
        held = original.kind == "preauth"
        self.demand(held is (known.kind not in {"void", "refund", "completion void"}), "I2", what)
        standing = {"approved"} if original.kind != "completion advice" else {"delivered"}
        self.demand(original.state in standing, "I2", what)
        if known.kind == "refund":
            self.demand(known.amount <= left, "I2", what)
        elif known.kind in GIVING_BACK:
            self.demand(known.amount == original.amount and not given, "I2", what)
        else:
            self.demand(known.amount <= original.amount * 115 // 100, "I2", what)

    def _note_armed(self, sale: Sale, known: Known, decision: Decision) -> None:
        self.demand(known.batch == sale.batch, "I8", f"{sale.number} changed its batch")
        known.stan = sale.stan
        number, sealed = self._armed
        wants_seal = known.kind != "balance"
        self.demand(
            bool(decision.arm) is wants_seal,
            "I4",
            f"{sale.number} is {sale.state} without what is sealed",
        )
        if wants_seal:
            is_its_own = decision.arm == sealed and number == sale.number
            self.demand(is_its_own, "I4", "another's is sealed")
            known.sealed = sealed
        stan = sale.stan or 0
        self.demand(1 <= stan <= 999_999, "I10", f"trace number {stan}")
        self.demand(stan not in self.stans, "I10", f"trace number {stan} used again")
        self.stans[stan] = sale.number
        others = [n for n, k in self.sales.items() if k.state == "armed" and n != sale.number]
        self.demand(not set(others) - self.unwritten, "I7", f"armed while {others} are armed")

    def _note_others(
        self, known: Known, before: str | None, sale: Sale, decision: Decision
    ) -> None:
        """I3: what a payment does to an earlier one is in the very same commit, and is all of it."""
        wanted: dict[int, str] = {}
        changes = CHANGES.get((known.kind, known.state))
        if changes is not None and before != known.state:
            original = self.sales[known.original or 0]
            self.demand(original.state in changes, "I3", f"{sale.number}: {original.state} before")
            wanted[known.original or 0] = changes[original.state]
            if known.kind == "completion void":
                held = original.original or 0
                wanted[held] = HELD_AGAIN[self.sales[held].state]
        found = {other.number: other.state.value for other in decision.also}
        self.demand(found == wanted, "I3", f"{sale.number} {known.state}: {found}, not {wanted}")
        for number, state in found.items():
            other = self.sales[number]
            counted = counts(other)
            other.state = state
            self._agenda.trace(f"disk: {other.kind} {number} {state}")
            self._count(other, counted)
            self.seen[state] += 1

    def _note_total(
        self, known: Known, counted: tuple[int, int], sale: Sale, decision: Decision
    ) -> None:
        if not known.booked_on and known.state in {"approved", "queued"}:
            known.booked_on = decision.entries[0].at.astimezone().date().isoformat()
        self._count(known, counted)

    def _count(self, known: Known, before: tuple[int, int]) -> None:
        """The day on which a payment was booked is the day that it always counts for."""
        number, minor = counts(known)
        self.day_totals[known.booked_on, "count"] += number - before[0]
        self.day_totals[known.booked_on, "minor"] += minor - before[1]

    def _note_wait(self, known: Known, before: str | None, number: int) -> None:
        if known.state == "reversal_pending" and before == "armed":
            known.pending_since = self._agenda.now
            told, self.at_next_doubt = self.at_next_doubt, nobody
            told(number)
        elif known.state == "reversed" and not known.was_manual:
            began = max(known.pending_since, self.line_up_since, self.spoiled_at())
            self.waits.append(max(0.0, self._agenda.now - began))

    # What the link is asked for.

    def armed(self, request: SaleRequest, sealed: bytes) -> None:
        self._armed = (request.sale, sealed)
        self.cards.append(request.card)
        known = self.sales[request.sale]
        known.card = request.card.remembered.masked
        if known.original is not None:
            self._is_of_its_original(request, self.sales[known.original])

    def _is_of_its_original(self, request: SaleRequest, original: Known) -> None:
        """I2: what refers to a payment names it, and comes from the card that paid."""
        facts = request.original
        self.demand(facts is not None, "I2", f"{request.sale} names no earlier payment")
        assert facts is not None
        told = (facts.batch, facts.stan, facts.rrn, facts.auth_code)
        known = (original.batch, original.stan, original.rrn, original.auth_code)
        self.demand(told == known, "I2", f"{request.sale} names {told}, not {known}")
        card = request.card.remembered.masked
        self.demand(card == original.card, "I2", f"{request.sale} is to another card")

    def prepared(self, request: SaleRequest) -> None:
        """An enquiry: nothing is sealed for what moves nothing."""
        self.cards.append(request.card)

    def asking(self, request: SaleRequest) -> None:
        known = self.sales.get(request.sale)
        self.demand(
            known is not None and known.state == "armed", "I5", "asked before it is on disk"
        )
        assert known is not None
        self.demand(known.stan == request.stan, "I10", "asked under another trace number")
        self.demand(known.amount == request.amount.minor, "I9", "asked for another amount")
        self.demand(known.kind == request.kind.value, "I9", "asked for another kind of payment")
        known.asked += 1
        self.demand(known.asked == 1, "I2", f"sale {request.sale} asked for twice")

    def told_twice(self, request: SaleRequest) -> None:
        """The acquirer said 94: another sale may stand under this trace number."""
        self.sales[request.sale].sent_twice = True

    def sent(self, request: SaleRequest) -> None:
        self._agenda.trace(f"sent: {request.kind.value} {request.sale} stan {request.stan}")
        self.sales[request.sale].sent = True

    def reversing(self, sealed: bytes, sale: int, reason: Reason) -> None:
        known = self._sealed_of(sealed, sale, "reversal")
        self._agenda.trace(f"sent: reversal of {sale} {reason.value}")
        self.demand(
            known.state in {"armed", "reversal_pending"}, "I4", f"reversal of a sale {known.state}"
        )
        self.demand(known.kind != "balance", "I4", f"reversal of {sale}, which moved nothing")
        self.demand(not known.sent_twice, "I4", f"sale {sale} is reversed after a 94")
        known.pending_since = known.pending_since or self._agenda.now
        self._is_no_storm(known.reversals, f"reversal of {sale}")

    def telling(self, sealed: bytes, sale: int) -> None:
        """I4: an advice is told unchanged, the oldest first, and never once it has its answer."""
        known = self._sealed_of(sealed, sale, "advice")
        self._agenda.trace(f"sent: advice {sale}")
        self.demand(known.state == "queued", "I4", f"advice {sale} is told: {known.state}")
        older = [n for n, k in self.sales.items() if k.state == "queued" and n < sale]
        self.demand(not set(older) - self.unwritten, "I4", f"{sale} is told before {older}")
        self._is_no_storm(known.tells, f"advice {sale}")

    def _sealed_of(self, sealed: bytes, sale: int, what: str) -> Known:
        known = self.sales.get(sale)
        self.demand(known is not None, "I4", f"{what} {sale}, which nobody knows")
        assert known is not None
        self.demand(sealed == known.sealed, "I4", f"{what} {sale} changed")
        return known

    def _is_no_storm(self, times: list[float], what: str) -> None:
        now = self._agenda.now
        times.append(now)
        recent = sum(now - at < 60.0 for at in times[-SENT_A_MINUTE - 1 :])
        self.demand(recent <= SENT_A_MINUTE, "I22", f"storm: {what}")

    def power_is_gone(self) -> None:
        """What the till had in memory only, nobody knows any more."""
        self.cards.clear()
        for known in self.sales.values():
            known.sent_twice = known.sent_twice and known.state == "manual"

    # What people see.

    def shown(self, notice: Notice) -> None:
        if isinstance(notice, PaymentShown):
            self._payment_shown(notice.sale)
        else:
            self._agenda.trace(f"screen: {type(notice).__name__}")

    def _payment_shown(self, sale: Sale) -> None:
        state, known = sale.state.value, self.sales.get(sale.number)
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

    def shown_total(self, notice: CheckoutShown, day: str) -> None:
        """The day's figures on the screen are the fold of the journal (I8)."""
        told = (notice.today_count, notice.today_total.minor)
        known = (self.day_totals[day, "count"], self.day_totals[day, "minor"])
        self.demand(told == known, "I8", f"the screen says {told}, the journal {known}")

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
    """HMAC-SHA-256 under the chain's key, as RFC 2104 has it: quicker than the library's."""
    inner, outer = INNER.copy(), OUTER.copy()
    inner.update(text)
    outer.update(inner.digest())
    return outer.digest()
