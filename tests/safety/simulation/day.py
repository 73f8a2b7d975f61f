"""One day of one till under a seed: built, disturbed, brought to rest, and looked through.

The till is the product's own (checkout.till.Till with the real journal); its world is simulated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from argon2 import PasswordHasher

import db.journal
from checkout import commands, crash_points
from checkout.notices import CheckoutShown, Notice, RefusalTold
from checkout.reports import Happened
from checkout.till import Parts, Till
from checkout.workers import Hands
from db.journal import Journal
from db.roster import TRAINING_ROSTER, Roster
from devices.interfaces import Devices, Health
from domain.clock import ManualClock
from domain.entries import Decision
from domain.faults import StoreFault
from domain.sale import CardCaptured, State
from domain.settings import TRAINING, ReaderSettings, Settings
from tests.safety.simulation import closing
from tests.safety.simulation.acquirer import Acquirer
from tests.safety.simulation.agenda import (
    Agenda,
    Broken,
    CrashPoint,
    Fuse,
    PowerCut,
    VirtualHand,
    Workshop,
)
from tests.safety.simulation.cashier import Cashier
from tests.safety.simulation.counter_devices import NUMBERS, SimPad, SimPrinter, SimReader
from tests.safety.simulation.disk import Disk, FileDisk
from tests.safety.simulation.line import FAULTS, Line
from tests.safety.simulation.link import SimLink
from tests.safety.simulation.oracle import CHAIN_KEY, Oracle
from tests.safety.simulation.rules import MAY
from tests.safety.simulation.troubles import Troubles
from tests.safety.simulation.wishes import Wishes

SALES_A_DAY = 100
ANSWER_SECONDS = 30.0
MOST_EVENTS = 400_000
QUIET_WITHIN = 1500.0
"""Seconds within which, with all troubles over, everything open must be settled."""


@dataclass(slots=True)
class Plan:
    """What kind of day it will be; everything else follows from the seed."""

    seed: int
    customers: int = SALES_A_DAY
    folder: Path | None = None
    """Where the journal is a real file; None keeps it in memory."""
    storm: float | None = None
    """How much trouble: 0 none, 1 a lot; None lets the seed say."""
    wishes: float | None = None
    """How often people want something else than to pay; None lets the seed say."""
    often: tuple[str, ...] = ()
    """Troubles and wishes that come much more often than others."""


@dataclass(slots=True)
class Report:
    """What came of a day."""

    seed: int
    sales: int = 0
    asked: int = 0
    faults: int = 0
    crashes: int = 0
    restarts: int = 0
    in_doubt: int = 0
    broken: str = ""
    trace_hash: str = ""
    waits: list[float] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    tail: list[str] = field(default_factory=list)


def simulate(plan: Plan) -> Report:
    """Live through one day; a broken invariant is told in the report."""
    day = Day(plan)
    report = Report(plan.seed)
    talks = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        day.live()
    except Broken as broken:
        report.broken = str(broken)
        report.tail = list(day.agenda.tail)
    finally:
        logging.disable(talks)
        day.clear_away()
    oracle = day.oracle
    report.sales = oracle.seen["sales"]
    report.asked = sum(known.asked for known in oracle.sales.values())
    report.faults = day.line.faults + day.troubles.count + day.fuse.blown
    report.crashes = day.fuse.blown
    report.restarts = day.starts
    report.waits = oracle.waits
    report.in_doubt = sum(
        k.state in {"armed", "reversal_pending", "queued"} for k in oracle.sales.values()
    )
    report.trace_hash = day.agenda.trace_hash
    report.seen = dict(oracle.seen)
    return report


class WatchedJournal(Journal):
    """The product's journal, telling the oracle of every commit."""

    day: Day

    def remember(self, decision: Decision) -> None:
        day = self.day
        day.fuse.passing("journal: before")
        state = decision.sale.state if decision.sale else State.DRAFT
        if state in OUTCOMES or (state is State.ARMED and day.troubles.hits_arming()):
            day.disk.trouble = day.disk.trouble or day.disk.trouble_of_a_sale
            day.disk.trouble_of_a_sale = ""
        commits = day.disk.commits
        try:
            super().remember(decision)
        except BaseException as error:
            if day.disk.commits > commits:
                day.oracle.remembered(decision)
            if isinstance(error, StoreFault) and decision.sale is not None:
                day.oracle.unwritten.add(decision.sale.number)
            raise
        day.oracle.remembered(decision)
        day.oracle.head_is(self._number)
        day.fuse.passing("journal: after")


class SimTill(Till):
    """The product's till; its inbox is the agenda."""

    world: Day

    def put(self, message: Any) -> None:
        self.world.workshop.deliver(message)


class Day:
    """The world of one till for one day."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        dice = Random(plan.seed)
        self._dice = dice
        self.clock = ManualClock()
        self.agenda = Agenda(self.clock)
        self.fuse = Fuse(self.agenda)
        self.oracle = Oracle(self.agenda)
        self.settings = settings_of(dice)
        self.acquirer = Acquirer(Random(dice.random()), self._bank_time)
        self.line = Line(self.acquirer, Random(dice.random()), self.agenda.trace)
        self.line.often = tuple(fault for fault in FAULTS if fault in plan.often)
        self.disk = FileDisk(self.fuse) if plan.folder else Disk(self.fuse)
        self.oracle.disk_fails = lambda: self.disk.is_away
        self.oracle.spoiled_at = lambda: self.line.spoiled_at
        self.workshop = Workshop(self.agenda, dice, self.fuse)
        self.workshop.deal = self._deal
        self.workshop.died = self._worker_died
        self.device_dice = Random(dice.random())
        self.printer_mood = Health.READY
        self.cashier = Cashier(
            self.agenda,
            Random(dice.random()),
            self._command,
            wishes=Wishes(Random(dice.random()), self._ask_bank, plan.wishes, plan.often),
            card=self._card,
            customers=plan.customers,
            types_stripes=self.settings.readers[0].kind == "wedge",
        )
        storm = dice.choice((0.0, 0.3, 0.6, 1.0)) if plan.storm is None else plan.storm
        self.troubles = Troubles(self, Random(dice.random()), storm, plan.often)
        self.till: SimTill | None = None
        self.printer: SimPrinter | None = None
        self.reader: SimReader | None = None
        self.starts = 0
        self.is_peace = False
        self._told_refusal = False

    def live(self) -> None:
        """From the first start to the last look at the books."""
        self._enter()
        self.troubles.begin()
        self._start()
        self._run(lambda: self.cashier.customers <= 0 and self._is_between())
        self.troubles.end()
        self.is_peace = True
        if self.till is None:
            self._start()
        self.cashier.is_home = True
        began = self.agenda.now
        self._run(lambda: self.is_at_rest() or self.agenda.now > began + QUIET_WITHIN)
        self.oracle.demand(self.is_at_rest(), "I22", self._restless())
        self.line.let_all_arrive()
        if not self.oracle.unwritten:
            # What a failing disk refused to write is put right by the next start.
            closing.check(self, whole=False)
        self.power_cut()
        self._start()
        self._run(self.is_at_rest)
        closing.check(self)

    def is_at_rest(self) -> bool:
        """Nothing open, nothing owed, nobody busy."""
        till = self.till
        if till is None or any(hand.is_busy for hand in self._hands):
            return False
        journal = till.parts.journal
        waiting = any(
            s.state in {"reversal_pending", "queued"} for s in till.payments.sales.values()
        )
        settling = till.settlement.batch is not None or not self.cashier.is_done
        return not waiting and not settling and not journal.count_not_out() and self._is_between()

    def _restless(self) -> str:
        open_ones = [f"{n} {k.state}" for n, k in self.oracle.sales.items() if k.state in OPEN]
        busy = [hand.name for hand in self._hands if hand.is_busy]
        sales = [f"{n} {s.state}" for n, s in self.till.payments.sales.items()] if self.till else []
        owed = [n for n, paper in self.oracle.papers.items() if paper.state != "printed"]
        return (
            f"{QUIET_WITHIN:.0f} s after the last trouble open: {open_ones}, busy: {busy},"
            f" in motion: {sales}, slips: {owed}"
        )

    def _is_between(self) -> bool:
        """No payment in motion at this moment."""
        till = self.till
        busy = {"draft", "captured", "pin", "armed", "waiting"}
        return till is not None and all(s.state not in busy for s in till.payments.sales.values())

    def _enter(self) -> None:
        self._real_open = db.journal.open_database
        db.journal.open_database = self.disk.open  # type: ignore[assignment]
        point = CrashPoint("every point")
        point.fuse = self.fuse
        crash_points._chosen = point

    def clear_away(self) -> None:
        """Leave the process as it was."""
        db.journal.open_database = self._real_open
        crash_points._chosen = ""
        self.disk.close()

    def _start(self) -> None:
        """Switch the till on; a disk that is away keeps it off for a while."""
        self.starts += 1
        self.agenda.trace("power on")
        try:
            self._build()
            assert self.till is not None
            self.till.open()
        except StoreFault as fault:
            self.agenda.trace(f"the till does not start: {fault.fault.code}")
            self._put_out()
            self.agenda.at(self.agenda.now + 5.0, self._start)
        except PowerCut:
            self.power_cut()
            self._switch_on_later()

    def _build(self) -> None:
        plan, fuse, shop = self.plan, self.fuse, self.workshop
        WatchedJournal.day = SimTill.world = self
        path = (plan.folder or Path()) / "journal.db"
        journal = WatchedJournal(path, CHAIN_KEY, till=1)
        self.oracle.head_is(journal._number)
        roster = Roster(journal.database)
        if not roster.operators():
            roster._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            for operator, pin in TRAINING_ROSTER:
                roster.add(operator, pin)
        self.reader = SimReader(shop, fuse, self.device_dice, self._card)
        self.pad = SimPad(shop, fuse, self.device_dice, self._asked_for_pin)
        self.printer = SimPrinter(shop, fuse, self.device_dice, self.oracle)
        self.printer.mood = self.printer_mood
        self.printer.fault_rate = self.troubles.unconfirmed_rate
        serial = self.settings.readers[0].kind == "serial"
        devices = Devices(
            (self.reader,) if serial else (),
            self.pad if self.settings.pin_pad == "training" else None,
            self.printer if self.settings.printer.kind == "training" else None,
        )
        link: Any = SimLink(
            self.line,
            shop,
            fuse,
            self.oracle,
            self.settings.acquirer.terminal,
            self.settings.acquirer.answer_seconds,
        )
        parts = Parts(self.settings, self.clock, journal, roster, link, devices)
        self.till = SimTill(parts, self._listen, self._make_hands)

    def _make_hands(self, _report: Callable[[Any], None]) -> Hands:
        acquirer, printer, pad, reader = (
            VirtualHand(self.workshop, name)
            for name in ("acquirer", "printer", "pin pad", "reader 1")
        )
        self._hands = (acquirer, printer, pad, reader)
        assert self.reader is not None
        self.reader.hand, self.pad.hand = reader, pad
        serial = self.settings.readers[0].kind == "serial"
        return Hands(acquirer, printer, pad, (reader,) if serial else ())

    def _run(self, is_over: Callable[[], bool]) -> None:
        """Let time pass until then."""
        agenda = self.agenda
        for _ in range(MOST_EVENTS):
            if is_over():
                return
            following, due = agenda.next_time(), self._till_is_due()
            try:
                if following is not None and (due is None or following <= due):
                    agenda.take()()
                elif due is not None:
                    agenda.move_to(due)
                    self._step(None)
                else:
                    raise Broken("I22", "nothing will ever happen again")
            except PowerCut:
                self.power_cut()
                self._switch_on_later()
        raise Broken("I22", "the day never ends")

    def _till_is_due(self) -> float | None:
        if self.till is None:
            return None
        until = self.till.timers.until_next()
        return None if until is None else self.agenda.now + until

    def power_cut(self) -> None:
        """Memory is gone; what the disk has committed, the bank and the papers are not."""
        self.disk.power_cut()
        self._put_out()

    def _put_out(self) -> None:
        self.till = None
        self.workshop.hand = None
        self.agenda.life += 1
        self.oracle.power_is_gone()
        self.cashier.power_is_gone()

    def _switch_on_later(self) -> None:
        self.troubles.after_a_crash()
        self.agenda.at(self.agenda.now + self._dice.uniform(2.0, 40.0), self._start)

    def _command(self, command: commands.Command) -> None:
        """The cashier's, or the keyboard's; a swipe must be wiped whatever becomes of it."""
        if self.till is None:
            return
        self._told_refusal = False
        operator = self.till.counter.operator
        sales = len(self.oracle.sales)
        self._step(command)
        if isinstance(command, commands.SwipeTyped):
            self.oracle.demand(not any(command.stripe), "I20", "a swipe was not wiped")
        name = type(command).__name__
        if name in MAY and (operator is None or operator.role not in MAY[name]):
            right = self._told_refusal and len(self.oracle.sales) == sales
            who = operator.role.value if operator else "nobody"
            self.oracle.demand(right, "I19", f"{name} by {who}")

    def _deal(self, message: Any) -> None:
        if isinstance(message, Happened) and isinstance(message.event, CardCaptured):
            self.oracle.cards.append(message.event.card)
        self.agenda.trace(type(message).__name__)
        self._step(message)

    def _step(self, message: Any) -> None:
        if self.till is None:
            return
        try:
            self.till.step(message)
        except Exception as error:  # whatever it is, the till would be gone
            raise Broken("I23", f"the till raised {type(error).__name__}: {error}") from error

    def _worker_died(self, name: str, error: Exception) -> None:
        raise Broken("I23", f"{name} raised {type(error).__name__}: {error}") from error

    def _listen(self, notice: Notice) -> None:
        self.fuse.passing("notice: before")
        if isinstance(notice, RefusalTold):
            self._told_refusal = True
        self.oracle.shown(notice)
        if isinstance(notice, CheckoutShown):
            today = self.clock.wall.astimezone().date().isoformat()
            self.oracle.shown_total(notice, today)
        self.cashier.see(notice)
        self.fuse.passing("notice: after")

    def _card(self) -> str:
        """The card that somebody holds out: where money goes back, mostly the one that paid."""
        sales = self.till.payments.sales.values() if self.till is not None else ()
        paid = next((s.fingerprint for s in sales if s.state == "draft" and s.fingerprint), "")
        if paid and self.device_dice.random() < 0.85:
            return next(number for number in NUMBERS if number[-4:] == paid[-4:])
        return self.device_dice.choice(NUMBERS)

    def _ask_bank(self, number: int) -> bool:
        """What the acquirer says by telephone of a payment that only people can settle."""
        known = self.oracle.sales[number]
        place = (self.settings.acquirer.terminal, known.batch, known.stan or 0)
        return self.acquirer.asked_by_telephone(place)

    def _asked_for_pin(self) -> int | None:
        if self.till is None:
            return None
        sales = self.till.payments.sales.values()
        return next((s.number for s in sales if s.state == "pin"), None)

    def _bank_time(self) -> str:
        return f"{self.clock.wall:%m%d%H%M%S}"

    def jump_clock(self, seconds: float) -> None:
        """Somebody set the wall clock; deadlines do not care."""
        self.clock.wall += timedelta(seconds=seconds)


OUTCOMES = {State.APPROVED, State.DECLINED, State.REVERSAL_PENDING, State.MANUAL, State.REVERSED}
OPEN = {"draft", "armed", "reversal_pending", "queued"}


def settings_of(dice: Random) -> Settings:
    """A shop as the seed wants it."""
    reader = dice.choice(("wedge", "serial"))
    return replace(
        TRAINING,
        readers=(ReaderSettings(reader, "simulated" if reader == "serial" else ""),),
        lock_minutes=0,
        pin_pad=dice.choice(("training", "training", "none")),
        customer_slip=dice.choice(("on request", "always")),
        acquirer=replace(
            TRAINING.acquirer,
            answer_seconds=ANSWER_SECONDS,
            completion=dice.choice(("request", "request", "advice")),
            batch_rows=dice.choice((30, 500, 500)),
        ),
    )
