"""The bank's batches as whoever watches knows them: what is on disk of each, and what it must be."""

from __future__ import annotations

from dataclasses import dataclass

from domain.batch import Batch, BatchTotals
from domain.entries import Decision
from tests.safety.simulation.agenda import Agenda
from tests.safety.simulation.papers import Papers
from tests.safety.simulation.rules import BATCH, BOOKED_AS, STANDING, Known

MOST_STAN = 999_999


@dataclass(slots=True)
class KnownBatch:
    """How far the settlement of a batch has come on disk."""

    state: str
    stan: int = 0
    totals: tuple[int, int, int, int] | None = None
    sent: int = 0
    sells_on: bool = False


class Batches(Papers):
    """Batch after batch: each begun once, closed once, and never joined by anything after its cut."""

    def __init__(self, agenda: Agenda) -> None:
        super().__init__(agenda)
        self.sales: dict[int, Known] = {}
        self.stans: dict[int, int] = {}
        self.batches: dict[int, KnownBatch] = {}
        self.open_batch = 1

    def note_batch(self, decision: Decision) -> None:
        """A commit took a batch one step on."""
        batch = decision.batch
        if batch is None:
            return
        known, state = self.batches.get(batch.number), batch.state.value
        before = known.state if known is not None else None
        self.demand(
            batch.number == self.open_batch, "I8", f"batch {batch.number} is not the open one"
        )
        self.demand(state in BATCH[before], "I8", f"batch {batch.number}: {before} -> {state}")
        known = self.batches.setdefault(batch.number, KnownBatch(state))
        known.state = state
        self._agenda.trace(f"disk: batch {batch.number} {state}")
        self._note_stan(known, batch, decision)
        self._note_totals(known, batch)
        self.demand(batch.sent >= known.sent, "I8", f"batch {batch.number} sends rows again")
        known.sent, known.sells_on = batch.sent, batch.sells_on
        if state == "closed":
            self.open_batch += 1
            self.seen["batches closed"] += 1
            self.seen[f"batches {batch.verdict.value}"] += 1

    def may_join(self, number: int, batch: int) -> None:
        """I8: a payment goes into the batch that takes payments now, and into no other."""
        known = self.batches.get(self.open_batch)
        self.demand(
            known is None or known.sells_on, "I8", f"{number} is begun while a day is settled"
        )
        now = self.open_batch + (known is not None)
        self.demand(batch == now, "I8", f"{number} goes into batch {batch}, not {now}")

    def settling(self, kind: str, batch: int, stan: int, told: object = None) -> None:
        """A step is being sent: what it says is on disk, and nothing of its batch is open."""
        known = self.batches.get(batch)
        self.demand(
            known is not None, "I5", f"{kind} of batch {batch} is sent before it is on disk"
        )
        assert known is not None
        wanted = "closing" if kind == "totals" else "uploading"
        self.demand(known.state == wanted, "I5", f"{kind} of batch {batch}, which is {known.state}")
        self.demand(known.stan == stan, "I10", f"{kind} under another trace number")
        if kind == "totals":
            self.demand(told == known.totals, "I8", f"{told} is told, on disk is {known.totals}")
        self._agenda.trace(f"sent: {kind} of batch {batch}")

    def totals_of(self, number: int) -> tuple[int, int, int, int]:
        """What the payments of a batch come to, by the books of whoever watches."""
        ours = [0, 0, 0, 0]
        for known in self.sales.values():
            side = BOOKED_AS.get(known.kind)
            if known.batch == number and side is not None and known.state in STANDING:
                ours[side] += 1
                ours[side + 1] += known.amount
        return (ours[0], ours[1], ours[2], ours[3])

    def _note_stan(self, known: KnownBatch, batch: Batch, decision: Decision) -> None:
        if not decision.takes_stan:
            return
        stan = decision.takes_stan
        self.demand(batch.stan == stan, "I10", f"batch {batch.number} takes {stan}, and another")
        self.demand(0 < stan <= MOST_STAN, "I10", f"trace number {stan}")
        self.demand(stan not in self.stans, "I10", f"trace number {stan} used again")
        self.stans[stan] = 0
        known.stan = stan

    def _note_totals(self, known: KnownBatch, batch: Batch) -> None:
        """I8: totals are those of the payments, none of which is open, and never change."""
        if batch.domestic is None or batch.foreign is None:
            return
        told = added(batch.domestic, batch.foreign)
        open_ones = [
            n
            for n, sale in self.sales.items()
            if sale.batch == batch.number
            and sale.state in {"armed", "reversal_pending", "queued", "manual"}
            and sale.kind != "balance"
        ]
        self.demand(not open_ones, "I8", f"batch {batch.number} has totals, open are {open_ones}")
        ours = self.totals_of(batch.number)
        self.demand(told == ours, "I8", f"batch {batch.number}: {told}, the payments say {ours}")
        self.demand(known.totals in {None, told}, "I8", f"batch {batch.number} changed its totals")
        known.totals = told


def added(domestic: BatchTotals, foreign: BatchTotals) -> tuple[int, int, int, int]:
    """Both sorts of cards together, in plain numbers."""
    return (
        domestic.debit_count + foreign.debit_count,
        domestic.debit.minor + foreign.debit.minor,
        domestic.credit_count + foreign.credit_count,
        domestic.credit.minor + foreign.credit.minor,
    )
