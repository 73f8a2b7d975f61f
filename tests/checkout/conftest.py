"""The stage for stories of the till: real journal, pad and printer, a bank that plays by the rules.

No threads and no sleeps: every worker's job waits on the stage until the story lets it happen, and
the clock moves when the story says so. `timeline` holds, in their order, the commits that SQLite
made, what the bank heard, what the screen showed and which slips came out.
"""

from __future__ import annotations

import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from acquirer.dialect import dialect_named
from acquirer.link import PinKey, SaleRequest
from checkout import commands
from checkout.notices import CheckoutShown, Notice, PaymentShown
from checkout.people_commands import AddOperator
from checkout.reports import Report, WorkerDied
from checkout.till import Parts, Till
from checkout.workers import Hands
from db.journal import Journal
from db.roster import TRAINING_ROSTER, Roster
from devices.interfaces import Devices, Health
from devices.simulators import TrainingPinPad
from devices.text_printer import TrainingPrinter
from domain.card import BadCard, Card, Hidden
from domain.ciphers import (
    TRAINING_TERMINAL_KEY,
    check_value,
    pin_block_iso0,
    tdes_decrypt,
    tdes_encrypt,
)
from domain.clock import ManualClock
from domain.document import Document
from domain.faults import DeviceFault, NoAnswer, NotSent
from domain.kinds import Kind
from domain.operators import Role
from domain.sale import (
    Answer,
    Approved,
    Declined,
    Reason,
    Sale,
    SendFailed,
    SentTwice,
    State,
    Unanswered,
)
from domain.settings import TRAINING, ReaderSettings, Settings
from domain.tracks import read_stripe
from tests.checkout.settling_bank import SettlingBank

NUMBER = "6225760008219524"
STRIPE = f";{NUMBER}=30121200000?"
PIN = "123456"
ENOUGH_STEPS = 2000
UNLOCKED = replace(TRAINING, lock_minutes=0)
"""Most stories let hours pass without anybody touching the till."""


@dataclass
class Booked:
    """One line of the bank's book."""

    state: str
    amount_minor: int
    reversals: int = 0


class ScriptedBank(SettlingBank):
    """An acquirer behind Link's interface: it books, refuses doubles, matches reversals.

    `line` is 'up', 'cut' (nothing leaves the till) or 'dead' (everything leaves, nothing arrives).
    `tricks` are played one for each sale: 'lost answer', 'lost request', 'wrong mac', 'garbage',
    'sent twice', 'keys gone', 'broken'. `reversal_codes` are answered before the book is asked.
    """

    def __init__(self, heard: Callable[[str], None]) -> None:
        super().__init__()
        self._hear = heard
        self._pin_key = b""
        self.line = "up"
        self.tricks: deque[str] = deque()
        self.reversal_codes: deque[str] = deque()
        self.advice_codes: deque[str] = deque()
        self.book: dict[int, Booked] = {}
        self.cards: list[Card] = []
        self.has_keys = False
        self.reversal_accepted = frozenset({"00", "25", "12"})
        self.temporary_codes = dialect_named("unionpay").temporary_codes
        self.ahead_seconds: float | None = None
        self.code_set = "unionpay"
        self.demand = "0"
        self.approved_codes = frozenset({"00", "10", "11", "94"})
        self.on_ask: Callable[[], None] = lambda: None
        self.on_arm: Callable[[], None] = lambda: None

    @property
    def charged(self) -> dict[int, int]:
        """Trace number to amount of everything that is charged."""
        return {s: row.amount_minor for s, row in self.book.items() if row.state == "charged"}

    @property
    def wants_sign_on(self) -> bool:
        """Whether the till is to sign on: after a code that says so, or when the story wants it."""
        return not self.has_keys or self.demand == "3"

    def account_for_pin(self, card: Card) -> Hidden:
        return Hidden(card.pan.reveal()[-13:-1])

    def arm(self, request: SaleRequest) -> bytes:
        self.cards.append(request.card)
        self.on_arm()
        sealed = {"sale": request.sale, "stan": request.stan, "amount": request.amount.minor}
        return b"SEALED:" + json.dumps(sealed).encode()

    def record(self, request: SaleRequest) -> bytes:
        self.cards.append(request.card)
        self.batches[request.stan] = request.batch
        assert request.original is not None
        sealed = {"sale": request.sale, "stan": request.stan, "amount": request.amount.minor}
        return b"ADVICE:" + json.dumps(sealed | {"rrn": request.original.rrn}).encode()

    def fingerprint(self, card: Card) -> str:
        return card.pan.reveal()[::-1].hex()[:16]

    def tell(self, sealed: bytes, sale: int) -> Answer:
        assert self.has_keys
        order = json.loads(sealed.removeprefix(b"ADVICE:"))
        assert order["sale"] == sale
        self._reach(f"refund {order['stan']}")
        code = self.advice_codes.popleft() if self.advice_codes else ""
        if code == "broken":
            raise ZeroDivisionError
        if order["stan"] in self.book and code != "96":
            return Answer("94")  # what is booked is never refused afterwards
        if code and code != "lost answer":
            return Answer(code)
        self.book[order["stan"]] = Booked("given back", order["amount"])
        if code:
            raise NoAnswer("N-06")
        return Answer("00", f"2611220000{order['stan']:02}")

    def sign_on(self, operator: str, stan: int) -> PinKey:
        self._reach("sign on")
        self._pin_key = secrets.token_bytes(16)
        self.has_keys = True
        self.demand = "0"
        wrapped = tdes_encrypt(TRAINING_TERMINAL_KEY, self._pin_key)
        return PinKey(wrapped, check_value(self._pin_key))

    def sign_off(self, stan: int) -> None:
        self.has_keys = False
        self._reach("sign off")

    def echo(self, stan: int) -> float:
        self._reach("echo")
        return 0.004

    def ask(
        self, request: SaleRequest, on_sent: Callable[[], None]
    ) -> Approved | Declined | Unanswered | SentTwice | SendFailed:
        assert self.has_keys
        trick = self.tricks.popleft() if self.tricks else ""
        if self.line == "cut":
            return SendFailed("N-04")
        self._hear(f"bank: {request.kind.value} {request.stan}")
        self.batches[request.stan] = request.batch
        on_sent()
        self.on_ask()
        if trick == "broken":
            raise ZeroDivisionError
        if self.line == "dead" or trick == "lost request":
            return Unanswered(Reason.NO_ANSWER, "N-06")
        if trick == "keys gone":
            self.has_keys = False
            return Declined(Answer("77"))
        if trick == "sent twice" or request.stan in self.book:
            return SentTwice(Answer("94"))
        code = self._judged(request)
        state = "charged" if code == "00" else "declined"
        if request.kind is Kind.VOID:
            code, state = self._voided(request, code)
        self.book[request.stan] = Booked(state, request.amount.minor)
        if trick == "lost answer":
            return Unanswered(Reason.NO_ANSWER, "N-06")
        if trick == "wrong mac":
            self.has_keys = False
            return Unanswered(Reason.WRONG_MAC, "N-08")
        if trick == "garbage":
            return Unanswered(Reason.OTHER, "N-07")
        answer = Answer(code, f"2611220000{request.stan:02}", "221346" if code == "00" else "")
        return Approved(answer) if code == "00" else Declined(answer)

    def reverse(self, sealed: bytes, sale: int, reason: Reason) -> Answer:
        assert self.has_keys
        order = json.loads(sealed.removeprefix(b"SEALED:"))
        assert order["sale"] == sale
        self._reach(f"reversal {order['stan']} {reason.value}")
        code = self.reversal_codes.popleft() if self.reversal_codes else ""
        if code == "broken":
            raise ZeroDivisionError
        if code == "no answer":
            raise NoAnswer("N-06")
        if code == "wrong mac":
            self.has_keys = False
            raise NoAnswer("N-08")
        row = self.book.setdefault(order["stan"], Booked("not found", order["amount"]))
        if code:
            return Answer(code)
        row.reversals += 1
        if row.state in {"charged", "reversed"}:
            row.state = "reversed"
            return Answer("00")
        if row.state.startswith("void of "):
            self.book[int(row.state.removeprefix("void of "))].state = "charged"
            row.state = "reversed"
            return Answer("00")
        return Answer("25")

    def stop(self) -> None:
        self.line = "cut"

    def close(self) -> None:
        self.has_keys = False

    def _reach(self, what: str) -> None:
        if self.line == "cut":
            raise NotSent("N-04")
        self._hear(f"bank: {what}")
        if self.line == "dead":
            raise NoAnswer("N-06")

    def _voided(self, request: SaleRequest, code: str) -> tuple[str, str]:
        """The charge that a void names is taken out of the book, once."""
        assert request.original is not None
        charge = self.book.get(request.original.stan)
        if charge is None or charge.state != "charged":
            code = "25"
        elif charge.amount_minor != request.amount.minor:
            code = "64"
        if code != "00":
            return code, "declined"
        assert charge is not None
        charge.state = "voided"
        return code, f"void of {request.original.stan}"

    def _judged(self, request: SaleRequest) -> str:
        if request.pin is None:
            return "00"
        account = request.card.pan.reveal()[-13:-1]
        expected = pin_block_iso0(bytearray(PIN.encode()), account)
        if tdes_decrypt(self._pin_key, request.pin.block) != bytes(expected):
            return "55"
        return "51" if request.amount.minor == 51_51 else "00"


class ScriptedReader:
    """A reader whose next swipe, or next trouble, the story decides."""

    name = "reader of the story"

    def __init__(self) -> None:
        self.next: deque[str | BadCard | DeviceFault] = deque()
        self.stops = 0
        self.cards: list[Card] = []

    def read(self, seconds: float) -> Card | None:
        if not self.next:
            return None
        came = self.next.popleft()
        if isinstance(came, str):
            self.cards.append(read_stripe(bytearray(came, "ascii")))
            return self.cards[-1]
        raise came

    def health(self) -> Health:
        return Health.READY

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        self.next.clear()


class CustomersHand(ManualClock):
    """The pad's clock: the customer presses when the pad begins to wait, then the time is over."""

    def __init__(self) -> None:
        super().__init__()
        self.pad: TrainingPinPad | None = None
        self.keys: list[str] = []

    def monotonic(self) -> float:
        assert self.pad is not None
        while self.keys:
            self.pad.press(self.keys.pop(0))
        self.seconds += 1000.0
        return self.seconds


class StageHand:
    """A worker without a thread: its jobs wait until the stage lets one happen.

    Those called `awaits` stand for a customer's act, and wait for the story to let it happen.
    """

    def __init__(self, name: str, report: Callable[[Report], None], awaits: str = "") -> None:
        self.name = name
        self.jobs: deque[Any] = deque()
        self.is_held = False
        self._report = report
        self._awaits = awaits

    def do(self, job: Any) -> None:
        self.jobs.append(job)

    def stop(self) -> None:
        self.jobs.clear()

    def work(self, *, acted: bool = False) -> bool:
        """Do one job; False where there is none that can be done."""
        if not self.jobs or self.is_held:
            return False
        if self.jobs[0].func.__name__ == self._awaits and not acted:
            return False
        try:
            self.jobs.popleft()()
        except Exception as error:  # noqa: BLE001  # as checkout/workers does
            self._report(WorkerDied(self.name, type(error).__name__))
        return True


class WatchedPrinter(TrainingPrinter):
    """The training printer, telling the timeline what came out."""

    def __init__(self, settings: Settings, folder: Path, told: Callable[[str], None]) -> None:
        super().__init__(settings, folder)
        self._told = told

    def print(self, document: Document, job: int) -> None:
        super().print(document, job)
        self._told(f"paper {job}")


class Stage:
    """One till and its world; `restart` is a power cut and a new start on the same folder."""

    number, stripe, pin = NUMBER, STRIPE, PIN

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.clock = ManualClock()
        self.timeline: list[str] = []
        self.notices: list[Notice] = []
        self.bank = ScriptedBank(self.timeline.append)
        self._build()

    def _build(self) -> None:
        self.reader = ScriptedReader()
        self.customer = CustomersHand()
        pad = TrainingPinPad(self.settings, TRAINING_TERMINAL_KEY, clock=self.customer)
        self.customer.pad = pad
        self.printer = WatchedPrinter(self.settings, self.folder / "slips", self.timeline.append)
        self.journal = Journal(self.folder / "journal.db", b"k" * 32, till=1)
        roster = Roster(self.journal.database)
        roster._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        if not roster.operators():
            for operator, pin in TRAINING_ROSTER:
                roster.add(operator, pin)
        serial = any(reader.kind == "serial" for reader in self.settings.readers)
        readers = (self.reader,) if serial else ()
        devices = Devices(
            readers,
            pad if self.settings.pin_pad == "training" else None,
            self.printer if self.settings.printer.kind == "training" else None,
        )
        link: Any = self.bank
        parts = Parts(self.settings, self.clock, self.journal, roster, link, devices)
        self.till = Till(parts, self._listen, self._make_hands)
        self.watch_commits()

    def _make_hands(self, report: Callable[[Report], None]) -> Hands:
        self.acquirer = StageHand("acquirer", report)
        self.at_printer = StageHand("printer", report)
        self.pad = StageHand("pin pad", report, "ask_for_pin")
        self.at_reader = StageHand("reader 1", report, "listen")
        serial = any(reader.kind == "serial" for reader in self.settings.readers)
        return Hands(self.acquirer, self.at_printer, self.pad, (self.at_reader,) if serial else ())

    def _listen(self, notice: Notice) -> None:
        self.notices.append(notice)
        match notice:
            case PaymentShown():
                self.timeline.append(f"screen: {notice.sale.state.value}")
            case CheckoutShown():
                self.timeline.append("screen: checkout")

    def watch_commits(self) -> None:
        """Have SQLite itself tell of every COMMIT."""

        def traced(statement: str) -> None:
            if statement.startswith("COMMIT"):
                self.timeline.append("commit")

        self.journal.database.conn.set_trace_callback(traced)

    def open(self) -> Stage:
        """Open the till and sign the cashier in."""
        self.till.open()
        self.settle()
        self.send(commands.SignIn("01", "135790"))
        return self

    def restart(self, *, printer: Health = Health.READY) -> Stage:
        """Power cut: memory is gone, what SQLite committed is not; the bank lives on."""
        self.journal.database.conn.close()
        self.bank.has_keys = False
        self.notices.clear()
        self._build()
        self.printer.set_health(printer)
        return self.open()

    def send(self, *orders: commands.Command) -> None:
        """Give commands and let everything happen that can."""
        for order in orders:
            self.till.put(order)
            self.settle()

    def settle(self) -> None:
        """Until inbox and workers have nothing left to do; held workers wait."""
        hands = (self.acquirer, self.at_printer, self.pad, self.at_reader)
        for _ in range(ENOUGH_STEPS):
            if not self.till.inbox.empty():
                self.till.step(self.till.inbox.get_nowait())
            elif not any(hand.work() for hand in hands):
                return
        raise AssertionError("the till never comes to rest")

    def wait(self, seconds: float) -> None:
        """Let time pass, and what is due happen."""
        self.clock.advance(seconds)
        self.till.step(None)
        self.settle()

    def swipe(self, stripe: str = STRIPE) -> bytearray:
        """A swipe that comes in through the keyboard; returns the buffer that the till got."""
        buffer = bytearray(stripe, "ascii")
        self.send(commands.SwipeTyped(buffer))
        return buffer

    def type_pin(self, pin: str = PIN, last: str = "enter") -> None:
        """The customer at the pad."""
        self.customer.keys = [*pin, last]
        assert self.pad.work(acted=True), "nobody asked for a PIN"
        self.settle()

    def ask_for(self, amount_minor: int = 128_00) -> None:
        """Up to the moment at which the customer types."""
        self.send(commands.StartSale(amount_minor))
        self.swipe()
        self.send(commands.Confirm())

    def sell(self, amount_minor: int = 128_00, pin: str = PIN) -> Sale:
        """One whole sale; returns it as the screen shows it."""
        self.ask_for(amount_minor)
        self.type_pin(pin)
        return self.shown.sale

    @property
    def shown(self) -> PaymentShown:
        """The payment that is on the screen."""
        last = next(
            n for n in reversed(self.notices) if isinstance(n, PaymentShown | CheckoutShown)
        )
        assert isinstance(last, PaymentShown), "no payment is on the screen"
        return last

    def told(self, kind: type[Notice]) -> list[Any]:
        """Every notice of a kind, oldest first."""
        return [notice for notice in self.notices if isinstance(notice, kind)]

    def since(self, mark: str) -> list[str]:
        """The timeline after the last time that this happened."""
        place = len(self.timeline) - self.timeline[::-1].index(mark)
        return self.timeline[place:]

    def papers(self) -> list[str]:
        """The names of the slips that came out."""
        return sorted(path.name for path in (self.folder / "slips").glob("*.txt"))

    def paper(self, name: str) -> str:
        """What stands on one."""
        return (self.folder / "slips" / name).read_text(encoding="utf-8")

    def fill_disk(self, table: str) -> None:
        """From now on SQLite refuses to insert into that table."""
        self.journal.database.conn.execute(
            f"CREATE TRIGGER disk_is_full BEFORE INSERT ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )

    def free_disk(self) -> None:
        """Somebody made room."""
        self.journal.database.conn.execute("DROP TRIGGER disk_is_full")

    def lose_disk(self) -> None:
        """The disk is pulled out: nothing can be read or written."""
        self.journal.database.conn.close()
        self.journal._path = self.folder / "pulled out" / "journal.db"

    def bring_disk_back(self) -> None:
        """It is plugged in again."""
        self.journal._path = self.folder / "journal.db"

    def check_books(self) -> None:
        """What the bank has charged is what the journal calls approved, to the cent."""
        approved = {
            sale.stan: sale.amount.minor
            for number in range(1, self.journal.next_sale())
            if (sale := self.journal.sale(number))
            and (sale.kind, sale.state) == (Kind.SALE, State.APPROVED)
        }
        assert self.bank.charged == approved
        assert self.journal.chain_holds()


@pytest.fixture
def stage(data_folder: Path) -> Iterator[Stage]:
    """A till with the keyboard's reader, opened, a cashier at it."""
    stage = Stage(data_folder, UNLOCKED).open()
    yield stage
    stage.journal.database.conn.close()


@pytest.fixture
def make_stage(data_folder: Path) -> Iterator[Callable[..., Stage]]:
    """A till of other settings, not opened yet."""
    stages: list[Stage] = []

    def make(*, serial: bool = False, **changes: Any) -> Stage:
        settings = replace(UNLOCKED, **changes)
        if serial:
            settings = replace(settings, readers=(ReaderSettings("serial", "story"),))
        stages.append(Stage(data_folder, settings))
        return stages[-1]

    yield make
    for stage in stages:
        stage.journal.database.conn.close()


@pytest.fixture
def manager(stage: Stage) -> Stage:
    """The manager at the till."""
    stage.send(commands.SignOut(), commands.SignIn("02", "246801"))
    stage.notices.clear()
    return stage


@pytest.fixture
def sam(manager: Stage) -> Stage:
    """A new cashier, number 03, with a first PIN; nobody at the till."""
    manager.send(AddOperator("Sam Reyes", Role.CASHIER, "482613"), commands.SignOut())
    manager.notices.clear()
    return manager
