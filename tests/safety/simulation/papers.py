"""The slips of a simulated day: what is on disk of them, and what came out of the printer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from domain.document import Document
from domain.entries import Decision, SlipKind, SlipState
from tests.safety.simulation.agenda import Agenda, Broken


@dataclass(slots=True)
class Paper:
    """One slip: what is on disk of it, and what came out of the printer."""

    sale: int | None
    kind: SlipKind
    state: SlipState
    originals: int = 0
    copies: int = 0
    unsure: int = 0
    was_marked: bool = False


class Papers:
    """Whoever watches the printer."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self.papers: dict[int, Paper] = {}
        self.seen: Counter[str] = Counter()
        self._kinds: set[tuple[object, SlipKind]] = set()

    def demand(self, holds: object, invariant: str, what: str) -> None:
        """An invariant; a day in which it does not hold is over."""
        if not holds:
            raise Broken(invariant, what)

    def note_papers(self, decision: Decision) -> None:
        """A commit is on disk: these are owed now, those have come so far."""
        for slip in decision.slips:
            paper = Paper(slip.sale, slip.kind, slip.state)
            whose = slip.sale if slip.sale is not None else f"batch {slip.batch}"
            paper.was_marked = (whose, slip.kind) in self._kinds
            self.papers[len(self.papers) + 1] = paper
            self._kinds.add((whose, slip.kind))
        for number, state in decision.print_states:
            self.papers[number].state = state

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
