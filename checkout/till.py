"""The front door of the checkout: one thread, one inbox, one payment at a time.

Decide (domain/sale.advance), remember (one commit), then do (an errand on a worker). What comes of
an errand returns into the same inbox as the next message. A power cut between any two of these
words is recoverable: see checkout/recovery.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from acquirer.link import Link
from checkout import commands as ask_for
from checkout.advices import Advices
from checkout.approvals import NotAllowed
from checkout.bank import Bank
from checkout.commands import Command, NotTheMoment
from checkout.counter import Counter
from checkout.customer import Customer
from checkout.day import Day
from checkout.desk import Desk, discard
from checkout.disk_watch import DiskWatch
from checkout.errands import look_at_reader
from checkout.holds import Holds
from checkout.mishaps import worker_died
from checkout.notices import Closed, FaultTold, Notice, RefusalTold, StripShown
from checkout.payment import Payments
from checkout.people import People
from checkout.people_commands import PeopleCommand
from checkout.printing import SlipQueue
from checkout.recovery import recover
from checkout.reports import (
    BankClockSeen,
    BankDemands,
    BankSeen,
    BatchHappened,
    DeviceSeen,
    Happened,
    NothingRead,
    PinDigits,
    Report,
    SignedOff,
    SignedOn,
    SignOnWanted,
    SlipDone,
    WorkerDied,
)
from checkout.settlement import Settlement
from checkout.timers import Timers
from checkout.transactions import Transactions
from checkout.tray import Tray
from checkout.workers import Hands
from db.journal import Journal
from db.roster import Roster
from devices.interfaces import Devices, Health
from domain.clock import Clock
from domain.entries import Decision, Entry, EntryKind
from domain.faults import Refused, StoreFault
from domain.money import Money
from domain.sale import State
from domain.settings import Settings
from domain.words import words

log = logging.getLogger("till")

INBOX = 1024
"""Messages that may wait; a full inbox means that the till has stopped, and is an error."""
WATCH_SECONDS = 5.0
PATIENCE_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Parts:
    """What a till is built of; main.py hands it over."""

    settings: Settings
    clock: Clock
    journal: Journal
    roster: Roster
    link: Link
    devices: Devices


class Till:
    """The till. `put` may be called from any thread; everything else is the till thread's own.

    `make_hands` gets the till's `put` and returns the workers that report through it.
    """

    def __init__(
        self,
        parts: Parts,
        listener: Callable[[Notice], None],
        make_hands: Callable[[Callable[[Report], None]], Hands],
    ) -> None:
        self.parts = parts
        self.inbox: queue.Queue[Command | Report] = queue.Queue(INBOX)
        self.timers = Timers(parts.clock.monotonic)
        self.hands = make_hands(self.put)
        self._listener = listener
        self.slips = SlipQueue(
            parts.journal,
            parts.devices.printer,
            self.hands.printer,
            self.timers,
            parts.clock,
            words(parts.settings.slip_language),
            self.put,
        )
        self.counter = Counter(parts, self.tell, self._clear_screen)
        self.people = People(self)
        self.customer = Customer(self)
        self.bank = Bank(self)
        self.advices = Advices(self)
        self.payments = Payments(self)
        self.transactions = Transactions(self)
        self.tray = Tray(self)
        self.settlement = Settlement(self)
        self.day = Day(self)
        self.holds = Holds(self)
        self.desk = Desk(self)
        self.disk = DiskWatch(self)
        self._strip = StripShown(None, "", "", "", 0, 0, parts.link.code_set)
        self._is_untidy = False
        self.is_closed = False

    def put(self, message: Command | Report) -> None:
        """Hand the till a command or a report; returns at once, from any thread."""
        self.inbox.put_nowait(message)

    def put_patiently(self, command: Command) -> None:
        """For a front that reads faster than the till decides; half the inbox is for reports."""
        while self.inbox.qsize() >= INBOX // 2:
            time.sleep(PATIENCE_SECONDS)
        self.put(command)

    def tell(self, notice: Notice) -> None:
        """Tell whoever listens, unless a question to people lies over it."""
        if not self.people.hide(notice):
            self._listener(notice)

    def run(self) -> None:
        """The till's thread: open, then decide until told to quit."""
        try:
            self.open()
        except StoreFault as fault:
            self.tell(FaultTold(fault.fault.code, fault.detail))
            self.is_closed = True
        while not self.is_closed:
            try:
                message = self.inbox.get(timeout=self.timers.until_next())
            except queue.Empty:
                self.step(None)
            else:
                self.step(message)
        self.close()

    def open(self) -> None:
        """Settle what an earlier run left behind, sign on to the bank, show who may stand here."""
        self.remember(Decision((self.entry(EntryKind.OPENED, {}),)))
        self._look_around()
        self.bank.sign_on()
        recover(self)
        self.settlement.recover()
        self.counter.show()
        self.slips.push()
        self.show_strip()

    def step(self, message: Command | Report | None) -> None:
        """Deal with one message, then with every deadline that is over."""
        if message is not None:
            self.surely(partial(self._deal_with, message))
        self.surely(self.timers.fire)

    def surely(self, action: Callable[[], None]) -> None:
        """Do that; a disk that fails is told of, and holds up nothing that comes after."""
        try:
            action()
        except StoreFault as fault:
            log.error("%s %s", fault.fault.code, fault.detail)
            self.tell(FaultTold(fault.fault.code))

    def remember(self, decision: Decision) -> None:
        """One durable commit. Raises StoreFault."""
        self.parts.journal.remember(self.people.approvals.signed(decision))
        self._is_untidy = self._is_untidy or decision.destroys

    def entry(self, kind: EntryKind, body: dict[str, object], sale: int | None = None) -> Entry:
        """A journal entry of now, by whoever stands here."""
        operator = self.counter.operator
        return Entry(kind, self.parts.clock.now(), operator.id if operator else "", body, sale)

    def show_strip(self, **changes: object) -> None:
        """Tell the status strip, if anything on it is new."""
        changes |= {"owed": self.slips.owed, "in_doubt": self.payments.in_doubt}
        if any(getattr(self._strip, name) != value for name, value in changes.items()):
            self._strip = replace(
                self._strip,
                **changes,  # type: ignore[arg-type]  # the callers name fields of StripShown
            )
            self.tell(self._strip)

    def close(self) -> None:
        """Let go of everything; what is in doubt stays sealed on disk."""
        self.surely(self.bank.sign_off)
        devices = self.parts.devices
        self.parts.link.stop()
        for reader in devices.readers:
            reader.stop()
        if devices.pin_pad is not None:
            devices.pin_pad.stop()
        for hand in self.hands.all():
            hand.stop()
        self.payments.forget_card()
        self.parts.link.close()
        for reader in devices.readers:
            reader.close()
        if devices.printer is not None:
            devices.printer.close()
        self.parts.journal.close()
        self.tell(Closed())

    def _deal_with(self, message: Command | Report) -> None:
        match message:
            case Happened(sale, event):
                self.payments.happen(sale, event)
            case BatchHappened(batch, step):
                self.settlement.happened(batch, step)
            case NothingRead(sale, fault):
                self.customer.nothing_read(sale, fault)
            case PinDigits(sale, count):
                self.desk.pin_digits(sale, count)
            case (
                SignedOn()
                | SignOnWanted()
                | BankClockSeen()
                | BankDemands()
                | SignedOff()
                | BankSeen()
            ):
                self._bank_says(message)
            case DeviceSeen(device, health):
                self._device_seen(device, health)
            case SlipDone():
                self._slip_done(message)
            case WorkerDied(worker, error):
                self._worker_died(worker, error)
            case _:
                self._obey(message)

    def _bank_says(
        self, message: SignedOn | SignOnWanted | BankClockSeen | BankDemands | SignedOff | BankSeen
    ) -> None:
        match message:
            case SignedOn(pin_key):
                # The bank knows only these keys from now on, whether or not a disk takes that.
                entry = self.entry(EntryKind.BANK_SIGN_ON, {})
                self.surely(partial(self.remember, Decision((entry,))))
                self.bank.signed_on(pin_key)
            case SignOnWanted(keys_are_good):
                self.bank.sign_on_wanted(keys_are_good=keys_are_good)
            case BankClockSeen(ahead_seconds):
                self.bank.clock_seen(ahead_seconds)
            case BankDemands(demand):
                self.bank.demands(demand)
            case BankSeen(milliseconds, fault):
                self._bank_seen(milliseconds, fault)

    def _obey(self, command: Command) -> None:
        name = type(command).__name__
        try:
            self.people.let(command)
            if isinstance(command, PeopleCommand):
                self.people.carry_out(command)
            else:
                self.carry_out(command)
        except NotAllowed as lacks:
            self.tell(RefusalTold(name, "A-03"))
            self.people.approvals.lack(command, lacks.permission)
        except Refused as refused:
            self.tell(RefusalTold(name, refused.fault.code))
        except NotTheMoment:
            if isinstance(command, ask_for.SwipeTyped):
                discard(command.stripe)
            self.tell(RefusalTold(name, ""))

    def carry_out(self, command: Command) -> None:
        """Do what may be done. Raises Refused, NotTheMoment or NotAllowed."""
        desk = self.desk
        match command:
            case ask_for.SignIn(operator, pin):
                self.counter.sign_in(operator, pin)
            case ask_for.StartSale(amount_minor):
                desk.start(amount_minor)
            case ask_for.StartPreauth(amount_minor):
                self.holds.start(amount_minor)
            case ask_for.Complete(number, amount_minor):
                self.holds.complete(number, amount_minor)
            case ask_for.SwipeTyped(stripe):
                desk.swiped(stripe)
            case ask_for.PressPadKey(key):
                desk.press_pad_key(key)
            case (
                ask_for.ShowSales()
                | ask_for.ShowSale()
                | ask_for.GiveBack()
                | ask_for.RefundToOtherCard()
                | ask_for.PrintAgain()
            ):
                self.transactions.carry_out(command)
            case ask_for.Resolve(number, charged, reason):
                self.tray.resolve(number, charged=charged, reason=reason)
            case ask_for.PrintSettlement(batch):
                self.day.print_again(batch)
            case _:
                {
                    ask_for.SignOut: desk.sign_out,
                    ask_for.CheckBalance: self.holds.check_balance,
                    ask_for.Confirm: desk.confirm,
                    ask_for.Cancel: desk.cancel,
                    ask_for.TryAgain: desk.try_again,
                    ask_for.LeaveSale: desk.leave,
                    ask_for.KeepAmount: desk.keep_amount,
                    ask_for.PrintCustomerCopy: desk.print_customer_copy,
                    ask_for.ReprintLast: desk.reprint_last,
                    ask_for.ShowTray: self.tray.open,
                    ask_for.ShowDay: self.day.open,
                    ask_for.Settle: self.settlement.settle,
                    ask_for.SellOn: self.settlement.sell_on,
                    ask_for.CloseList: self.transactions.close,
                    ask_for.Look: self.show_all,
                    ask_for.Quit: self._quit,
                }[type(command)]()

    def _quit(self) -> None:
        self.is_closed = True

    def show_all(self) -> None:
        """Tell everything that is on the screen."""
        self.tell(self._strip)
        if not self.people.show_cover() and not self.desk.show():
            self.show_between()

    def _clear_screen(self) -> None:
        self.desk.clear()
        self.transactions.forget()

    def show_between(self, keep_amount: Money | None = None) -> None:
        """What the screen shows while no payment is on it: tray, list, day, or the checkout."""
        if self.people.are_covering or self.people.staff.show():
            return
        if not (self.tray.show() or self.transactions.show() or self.day.show()):
            self.counter.show(keep_amount)

    def _bank_seen(self, milliseconds: int | None, fault: str) -> None:
        if fault:
            self.show_strip(bank_fault=fault)
            self.bank.is_gone()
        else:
            # An answer to a payment says that the bank is there, not how far away it is.
            known = self._strip.bank_ms if milliseconds is None else milliseconds
            self.show_strip(bank_ms=known, bank_fault="")
            self.bank.is_back()

    def _device_seen(self, device: str, health: str) -> None:
        if device == "printer":
            was = self._strip.printer
            self.show_strip(printer=health)
            if health == "ready" and was != health:
                self.slips.try_now()
        else:
            self.show_strip(reader=health)

    def _worker_died(self, worker: str, error: str) -> None:
        self.tell(FaultTold("X-01", worker))
        entry = self.entry(EntryKind.FAULT, {"worker": worker, "error": error})
        self.surely(partial(self.remember, Decision((entry,))))
        self.surely(partial(worker_died, self, worker))
        if worker == "printer":
            self.surely(self.slips.printer_died)
            self.desk.show()

    def _slip_done(self, report: SlipDone) -> None:
        self.slips.done(report)
        self.desk.show()
        self.day.refresh()
        self.show_strip()
        if report.fault:
            self.slips.look()

    def _look_around(self) -> None:
        """Now and every few seconds: how are printer and readers."""
        self.people.idle.look()
        self.disk.look()
        self.slips.look()
        self._look_at_readers()
        self.timers.set("watch", WATCH_SECONDS, self._look_around)
        if self._is_untidy and self.payments.are_at_rest:
            # A settled reversal is gone from the file, and still stands in the log beside it.
            self.parts.journal.tidy()
            self._is_untidy = False

    def _look_at_readers(self) -> None:
        """Not while they read: a reader that waits for a card would answer too late."""
        if any(sale.state is State.DRAFT for sale in self.payments.sales.values()):
            return
        if any(reader.kind == "wedge" for reader in self.parts.settings.readers):
            # A reader that types cannot be asked; it is there as long as the keyboard is.
            self.show_strip(reader=Health.READY)
        for hand, reader in zip(self.hands.readers, self.parts.devices.readers, strict=True):
            hand.do(partial(look_at_reader, reader, self.put))
