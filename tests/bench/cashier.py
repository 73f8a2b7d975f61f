"""A till on this machine with real threads, TLS and disk, and a cashier who takes sales at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from acquirer.link import Link
from checkout.commands import (
    Command,
    Confirm,
    LeaveSale,
    PressPadKey,
    Quit,
    SignIn,
    StartSale,
    SwipeTyped,
)
from checkout.notices import CheckoutShown, Notice, PaymentShown, SignInShown, StripShown
from checkout.till import Parts, Till
from checkout.workers import make_hands
from db.journal import Journal
from db.key_store import KeyStore
from db.roster import Roster
from devices.interfaces import Devices, PinRequest
from devices.simulators import TrainingPinPad
from devices.text_printer import TrainingPrinter
from domain.ciphers import TRAINING_TERMINAL_KEY
from domain.clock import SystemClock
from domain.document import Document
from domain.sale import EncryptedPin, State
from domain.settings import TRAINING, AcquirerProfile, Settings
from domain.training import TRAINING_ROSTER

OPERATOR, OPERATOR_PIN = TRAINING_ROSTER[0]
PIN = "123456"
STRIPE = b";6225760008219524=30121200000?"
AMOUNT_MINOR = 101
HUMAN_SECONDS = 0.02
"""How long a person leaves the till alone before the last key: the disk goes idle, caches cool."""
TOO_LONG = 20.0
"""A sale that hangs longer than this ends the measurement with an error."""
LOST_KEY_SECONDS = 0.25
"""A pad that has not begun to ask does not hear: the first digit is pressed again after this."""


class Waiting:
    """One condition on notices, looked at on the till's thread so that nobody else is woken."""

    def __init__(self) -> None:
        self._wanted: Callable[[Notice], bool] | None = None
        self._came = threading.Event()
        self.payment: PaymentShown | None = None
        self.at = 0.0

    def hear(self, notice: Notice) -> None:
        """For the till's thread: see whether this is the awaited notice."""
        if isinstance(notice, PaymentShown):
            self.payment = notice
        if self._wanted is not None and self._wanted(notice):
            self._wanted = None
            self.at = time.perf_counter()
            self._came.set()

    def want(self, wanted: Callable[[Notice], bool]) -> None:
        self._came.clear()
        self._wanted = wanted

    def came(self, seconds: float = TOO_LONG) -> bool:
        return self._came.wait(seconds)


class NotedPad(TrainingPinPad):
    """The training PIN pad, noting when it has given the PIN: the last act of a person."""

    given_at = 0.0

    def read_pin(
        self, request: PinRequest, seconds: float, on_digits: Callable[[int], None]
    ) -> EncryptedPin | None:
        pin = super().read_pin(request, seconds, on_digits)
        self.given_at = time.perf_counter()
        return pin


class NotedPrinter(TrainingPrinter):
    """The training printer, noting when a slip is handed to it."""

    handed_at = 0.0

    def print(self, document: Document, job: int) -> None:
        self.handed_at = time.perf_counter()
        super().print(document, job)


@dataclass(frozen=True, slots=True)
class SaleTimes:
    """Moments of one sale: amount confirmed, PIN given, its end told, slip handed to the printer."""

    confirmed: float
    pin_given: float
    shown: float
    handed: float


class NotedLink(Link):
    """The link, noting when it gives an answer up: from then on it is the till's own time."""

    gave_up_at = 0.0

    def ask(self, request, on_sent):
        event = super().ask(request, on_sent)
        self.gave_up_at = time.perf_counter()
        return event


class Cashier:
    """Opens a till in a folder, signs in, and takes sales one after the other."""

    def __init__(self, folder: Path, acquirer: AcquirerProfile) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.settings: Settings = replace(TRAINING, acquirer=acquirer)
        self.printer = NotedPrinter(self.settings, folder / "slips")
        self.pad = NotedPad(self.settings, TRAINING_TERMINAL_KEY)
        self.journal, self.till = self._built(folder)
        self._waiting = Waiting()
        self._thread = threading.Thread(target=self.till.run, name="till", daemon=True)

    def open(self) -> None:
        """The till runs, has reached its bank, and somebody has signed in."""
        self._waiting.want(lambda notice: isinstance(notice, SignInShown))
        self._thread.start()
        self._must_come("sign-in")
        self._after(SignIn(OPERATOR.id, OPERATOR_PIN), lambda n: isinstance(n, CheckoutShown))
        self._waiting.want(lambda n: isinstance(n, StripShown) and n.bank_ms is not None)
        if self.till._strip.bank_ms is None:
            self._must_come("the bank's first answer")

    def take_sale(
        self,
        human_seconds: float = HUMAN_SECONDS,
        *,
        amount_minor: int = AMOUNT_MINOR,
        ends: State = State.APPROVED,
    ) -> SaleTimes:
        """One sale from the amount to the printed slip, and back to the checkout."""
        self._after(StartSale(amount_minor), in_state(State.DRAFT))
        self._after(SwipeTyped(bytearray(STRIPE)), in_state(State.CAPTURED))
        confirmed = time.perf_counter()
        self._confirm_and_type_pin()
        time.sleep(human_seconds)
        self._waiting.want(in_state(ends))
        self.till.put(PressPadKey("enter"))
        self._must_come(ends.value)
        shown = self._waiting.at
        self._wait_for_paper()
        self._after(LeaveSale(), lambda notice: isinstance(notice, CheckoutShown))
        return SaleTimes(confirmed, self.pad.given_at, shown, self.printer.handed_at)

    def close(self) -> None:
        self.till.put(Quit())
        self._thread.join()

    def _built(self, folder: Path) -> tuple[Journal, Till]:
        settings, clock = self.settings, SystemClock()
        keys = KeyStore(folder, live=False)
        journal = Journal(folder / "journal.db", keys.secret("journal chain"), till=settings.till)
        roster = Roster(journal.database)
        for operator, pin in () if roster.operators() else TRAINING_ROSTER:
            roster.add(operator, pin)
        link = NotedLink(settings.acquirer, clock, TRAINING_TERMINAL_KEY, keys.secret("sealing"))
        self.link = link
        devices = Devices((), self.pad, self.printer)
        parts = Parts(settings, clock, journal, roster, link, devices)
        return journal, Till(parts, self._hear, make_hands(len(devices.readers)))

    def _hear(self, notice: Notice) -> None:
        self._waiting.hear(notice)

    def _confirm_and_type_pin(self) -> None:
        self._after(Confirm(), in_state(State.PIN_ENTRY))
        for count, key in enumerate(PIN, 1):
            self._waiting.want(lambda n, count=count: getattr(n, "pin_digits", 0) == count)
            self.till.put(PressPadKey(key))
            while not self._waiting.came(LOST_KEY_SECONDS):
                self.till.put(PressPadKey(key))

    def _wait_for_paper(self) -> None:
        def all_out(notice: Notice) -> bool:
            return isinstance(notice, PaymentShown) and is_printed(notice)

        self._waiting.want(all_out)
        # It may have come out while nobody was waiting for it yet.
        if self._waiting.payment is None or not is_printed(self._waiting.payment):
            self._must_come("the slip")

    def _after(self, command: Command, wanted: Callable[[Notice], bool]) -> None:
        self._waiting.want(wanted)
        self.till.put(command)
        self._must_come(type(command).__name__)

    def _must_come(self, what: str) -> None:
        if not self._waiting.came():
            raise TimeoutError(f"the till did not show what follows {what}")


def in_state(state: State) -> Callable[[Notice], bool]:
    return lambda notice: isinstance(notice, PaymentShown) and notice.sale.state is state


def is_printed(notice: PaymentShown) -> bool:
    return bool(notice.slips) and all(slip.state == "printed" for slip in notice.slips)
