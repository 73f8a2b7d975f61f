"""The slips that the till owes: journaled before the printer hears of them, printed one by one.

The order is: PRINTING on disk, then the printer, then PRINTED or OWED on disk. A slip found in
PRINTING at a start may have come out or not: it is printed again, marked as a copy, so that there
is never a second original.

Where the printer is free, the commit of an outcome writes its slip as PRINTING already: the paper
need not wait for a commit of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from checkout.crash_points import passing
from checkout.errands import look_at_printer, print_slip
from checkout.reports import Report, SlipDone
from checkout.timers import Timers
from checkout.workers import Hand
from db.journal import Journal
from devices.interfaces import Printer
from domain.clock import Clock
from domain.entries import Decision, Entry, EntryKind, Slip, SlipState
from domain.faults import StoreFault
from domain.receipts import as_copy
from domain.words import Words

RETRY_SECONDS = 5.0
UNCONFIRMED = "L-03"


class SlipQueue:
    """Owed slips, oldest first; lives on the till's thread."""

    def __init__(  # its whole world, handed over once
        self,
        journal: Journal,
        printer: Printer | None,
        hand: Hand,
        timers: Timers,
        clock: Clock,
        words: Words,
        tell: Callable[[Report], None],
    ) -> None:
        self._journal = journal
        self._printer = printer
        self._hand = hand
        self._timers = timers
        self._clock = clock
        self._words = words
        self._tell = tell
        self._in_hand: int | None = None
        self._left_printing: set[int] = set()
        self._not_begun: set[int] = set()
        self._promised: int | None = None
        self.faults: dict[int, str] = {}

    def recover(self) -> tuple[Slip, ...]:
        """At the start: what was printing is owed again, as a copy. Returns all that is owed."""
        slips = self._journal.slips_not_out()
        self._left_printing = {slip.number for slip in slips if slip.state is SlipState.PRINTING}
        return slips

    @property
    def owed(self) -> int:
        """How many slips have not come out."""
        return self._journal.count_not_out()

    def promise(self, slips: tuple[Slip, ...]) -> tuple[Slip, ...]:
        """For the commit that makes them owed, before a `push`: the first one as PRINTING.

        As they are, where the printer is busy, or others are owed, or it is waited for.
        """
        if not slips or not self._is_free or self.owed:
            return slips
        self._promised = slips[0].sale
        return (replace(slips[0], state=SlipState.PRINTING), *slips[1:])

    def push(self) -> None:
        """Hand the oldest owed slip to the printer, unless it has one in hand or is waited for."""
        if self._printer is None or not self._is_free:
            return
        try:
            slip = self._taken_up()
        except StoreFault:
            self._timers.set("print again", RETRY_SECONDS, self.push)
            raise
        if slip is None:
            return
        document = slip.document
        if slip.number in self._left_printing or slip.copies:
            document = as_copy(document, self._words)
        passing("slip taken up")
        self._in_hand = slip.number
        self._hand.do(partial(print_slip, self._printer, document, slip.number, self._tell))

    def _taken_up(self) -> Slip | None:
        """The slip that comes out next, noted as printing."""
        promised = self._kept_promise()
        if promised is not None:
            return promised
        slip = self._journal.oldest_owed(self._left_printing | self._not_begun)
        if slip is not None:
            # Where the disk fails, PRINTING may be on it all the same: this one needs no mark.
            self._not_begun.add(slip.number)
            self._note(slip.number, SlipState.PRINTING)
            self._not_begun.discard(slip.number)
        return slip

    def _kept_promise(self) -> Slip | None:
        """The slip that its outcome's commit noted as printing; None where that commit failed."""
        sale = self._promised
        slips = self._journal.slips_of(sale) if sale is not None else ()
        self._promised = None
        for slip in slips:
            if slip.state is SlipState.PRINTING and slip.number not in self._left_printing:
                return slip
        return None

    @property
    def _is_free(self) -> bool:
        """Whether the printer has nothing in hand and is not being waited for."""
        waits = self._timers.is_set("print again")
        return self._printer is not None and self._in_hand is None and not waits

    def try_now(self) -> None:
        """Do not wait for the next try: the printer is well again, or somebody pressed a key."""
        self._timers.drop("print again")
        self.push()

    def done(self, report: SlipDone) -> None:
        """A slip came back from the printer; nothing else is printed until that is on disk."""
        state = SlipState.OWED if report.fault else SlipState.PRINTED
        if report.fault == UNCONFIRMED:
            # Nobody knows whether it came out: a person looks, and asks for a copy if not.
            state = SlipState.PRINTED
        if report.fault:
            self.faults[report.slip] = report.fault
        else:
            self.faults.pop(report.slip, None)
        try:
            self._note(report.slip, state, fault=report.fault)
        except StoreFault:
            self._timers.set("note slip", RETRY_SECONDS, partial(self.done, report))
            raise
        self._in_hand = None
        if state is SlipState.OWED:
            self._timers.set("print again", RETRY_SECONDS, self.push)
        else:
            self._left_printing.discard(report.slip)
            passing("slip remembered")
        self.push()

    def printer_died(self) -> None:
        """The printer's worker met something unforeseen: nobody knows what became of the slip."""
        if self._in_hand is not None:
            self.done(SlipDone(self._in_hand, UNCONFIRMED))

    def look(self) -> None:
        """Ask the printer how it is, unless it is busy printing."""
        if self._printer is not None and self._in_hand is None:
            self._hand.do(partial(look_at_printer, self._printer, self._tell))

    def _note(self, slip: int, state: SlipState, *, fault: str = "") -> None:
        body = {"slip": slip, "state": state.value, "fault": fault}
        entry = Entry(EntryKind.SLIP, self._clock.now(), "", body)
        self._journal.remember(Decision((entry,), print_states=((slip, state),)))
