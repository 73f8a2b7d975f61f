"""A till of its own process for tests that kill it: main.py --headless, driven line by line."""

from __future__ import annotations

import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from acquirer.training import RunningAcquirer, in_dialect_of, start_training_acquirer
from db.database import open_database
from db.roster import TRAINING_ROSTER
from domain.settings import AcquirerProfile
from tests.warm_tills import WarmTill, WarmTills

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / "main.py"
NUMBER = "6225760008219524"
STRIPE = f";{NUMBER}=30121200000?"
PIN = "123456"
PATIENCE_SECONDS = 25.0
SWIPE_AGAIN_SECONDS = 0.1
CHECKED_AFTER = (
    "approved",
    "declined",
    "reversed",
    "not_sent",
    "manual",
    "delivered",
    "rejected",
)
CASHIER, MANAGER = ("01", "135790"), ("02", "246801")

Notice = dict[str, Any]


def start_acquirer(folder: Path, dialect: str = "unionpay") -> RunningAcquirer:
    """A training acquirer that outlives any till."""
    spoken = in_dialect_of(AcquirerProfile(dialect=dialect))
    return start_training_acquirer(
        [sys.executable, str(ROOT / "main.py"), *spoken, "--training-acquirer"], folder
    )


def write_profile(
    path: Path, acquirer: RunningAcquirer, *, terminal: str, reader: str = "", more: str = ""
) -> Path:
    """A set-up file of a training till that speaks to that acquirer, under a terminal of its own."""
    lines = [
        "training = true",
        "[acquirer]",
        'host = "127.0.0.1"',
        f"port = {acquirer.port}",
        f'pin_sha256 = "{acquirer.pin_sha256}"',
        f'terminal = "{terminal}"',
        more,
    ]
    if reader:
        lines += ["[[readers]]", 'kind = "serial"', f'port = "{reader}"']
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@dataclass
class World:
    """The bank, a till's folder that has been opened once, and a place for each test's own."""

    bank: Path
    acquirer: RunningAcquirer
    fresh: Path
    warm: WarmTills | None
    dialect: str = "unionpay"
    numbers: Iterator[int] = field(default_factory=partial(itertools.count, 1))

    def new_till(self, folder: Path, reader: str = "", more: str = "") -> tuple[Path, Path, str]:
        """A data folder as after a first start, its set-up file, and a terminal of its own."""
        terminal = f"CR{next(self.numbers):06}"
        data = folder / "data"
        shutil.copytree(self.fresh, data)
        profile = write_profile(
            folder / "till.toml",
            self.acquirer,
            terminal=terminal,
            reader=reader,
            more=f'dialect = "{self.dialect}"\n{more}',
        )
        return data, profile, terminal

    def till(
        self,
        data: Path,
        profile: Path,
        *,
        crash_at: str = "",
        program: Path = MAIN,
        held: str = "",
    ) -> TillProcess:
        """A run of the program that starts warm, where this system lets it."""
        return TillProcess(
            data, profile, crash_at=crash_at, program=program, warm=self.warm, held=held
        )

    def close(self) -> None:
        """The bank closes, and nobody starts tills any more."""
        if self.warm is not None:
            self.warm.close()
        self.acquirer.close()


def open_world(folder: Path, dialect: str = "unionpay") -> World:
    """A bank that outlives every till, and a till whose operators sign in quickly."""
    warm = WarmTills() if sys.platform == "linux" else None
    acquirer = start_acquirer(folder / "bank", dialect)
    profile = write_profile(
        folder / "till.toml", acquirer, terminal="CR000000", more=f'dialect = "{dialect}"'
    )
    first = TillProcess(folder / "fresh", profile)
    first.settle()
    first.quit()
    let_sign_in_be_quick(folder / "fresh")
    return World(folder / "bank", acquirer, folder / "fresh", warm, dialect)


def let_sign_in_be_quick(data: Path) -> None:
    """The same PINs, hashed without the tenth of a second that protects real ones."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    database = open_database(data / "journal.db")
    for operator, pin in TRAINING_ROSTER:
        database.conn.execute(
            "UPDATE operators SET pin_hash = ? WHERE id = ?", (quick.hash(pin), operator.id)
        )
    database.close()


class Ended(Exception):
    """The till's output has ended: it closed, or was killed."""


class TillProcess:
    """One run of the program; `seen` holds every notice of it.

    `program` is another one than main.py, in which a bug is planted. A `warm` one is a fork, of
    which one thread can be held.
    """

    def __init__(
        self,
        data: Path,
        profile: Path,
        *,
        crash_at: str = "",
        program: Path = MAIN,
        warm: WarmTills | None = None,
        held: str = "",
    ) -> None:
        self.errors = (data.parent / "errors.txt").open("ab")
        words = ["--headless", "--data", str(data), "--profile", str(profile)]
        self.process: subprocess.Popen[bytes] | WarmTill
        if warm is not None:
            plant = "" if program == MAIN else f"tests.safety.{program.stem}"
            self.process = warm.start(
                words, crash_at=crash_at, errors=self.errors, plant=plant, held=held
            )
        else:
            self.process = subprocess.Popen(
                [sys.executable, str(program), *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env={**os.environ, "TILLWRIGHT_CRASH_AT": crash_at, "PYTHONUNBUFFERED": "1"},
                bufsize=0,
            )
        self.seen: list[Notice] = []
        self.output = b""
        self._rest = b""

    def send(self, **command: object) -> None:
        """One command; a till that is dead does not hear it."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
        except BrokenPipeError:
            raise Ended from None

    def next(self, seconds: float = PATIENCE_SECONDS) -> Notice | None:
        """The next notice; None when none came in time. Raises Ended."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        while b"\n" not in self._rest:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self.process.stdout], [], [], left)[0]:
                return None
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise Ended
            self.output += more
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        notice: Notice = json.loads(line)
        self.seen.append(notice)
        return notice

    def until(self, wanted: Callable[[Notice], bool]) -> Notice:
        """The next notice of that kind. Raises Ended, and AssertionError where it never comes."""
        while True:
            notice = self.next()
            assert notice is not None, f"the till fell silent after {self.seen[-1:]}"
            if wanted(notice):
                return notice

    def sell(
        self,
        amount_minor: int,
        swipe: Callable[[], None] | None = None,
        *,
        pin: str = PIN,
        stripe: str = STRIPE,
        on_notice: Callable[[], None] = lambda: None,
        who: tuple[str, str] = CASHIER,
        begin: dict[str, object] | None = None,
    ) -> Notice:
        """Sign in, take one sale, see its slips printed. Raises Ended where the till dies.

        `begin` is the command that begins it, where that is not a sale.
        """
        said: set[str] = set()
        first = begin or {"command": "start_sale", "amount_minor": amount_minor}

        def by_keyboard() -> None:
            self.send(command="swipe", stripe=stripe)

        swipe_now = swipe or by_keyboard
        while True:
            notice = self.next(SWIPE_AGAIN_SECONDS if "draft" in said else PATIENCE_SECONDS)
            if notice is None:
                assert "captured" not in said, "the till fell silent"
                swipe_now()
                continue
            on_notice()
            key = _key_of(notice)
            if _is_over(notice):
                return notice
            if key in said or not key:
                continue
            said.add(key)
            if key == "captured":
                said.discard("draft")
            self._answer(key, first, swipe_now, pin, who)

    def give_back(
        self, number: int, amount_minor: int, on_notice: Callable[[], None] = lambda: None
    ) -> Notice:
        """A manager gives this much of a payment back; otherwise like `sell`."""
        begin: dict[str, object] = {
            "command": "give_back",
            "number": number,
            "amount_minor": amount_minor,
            "reason": "wrong amount",
        }
        return self.sell(amount_minor, who=MANAGER, begin=begin, on_notice=on_notice)

    def hold(self, amount_minor: int) -> Notice:
        """Hold an amount on the card; otherwise like `sell`."""
        begin: dict[str, object] = {"command": "start_preauth", "amount_minor": amount_minor}
        return self.sell(amount_minor, begin=begin)

    def complete(self, number: int, amount_minor: int, *, stripe: str = STRIPE) -> Notice:
        """Charge so much of what that payment holds; otherwise like `sell`."""
        begin: dict[str, object] = {
            "command": "complete",
            "number": number,
            "amount_minor": amount_minor,
        }
        return self.sell(amount_minor, begin=begin, stripe=stripe)

    def check_balance(self, *, stripe: str = STRIPE) -> Notice:
        """Ask what is on the card; otherwise like `sell`."""
        return self.sell(0, begin={"command": "check_balance"}, stripe=stripe)

    def _answer(
        self,
        key: str,
        first: dict[str, object],
        swipe: Callable[[], None],
        pin: str,
        who: tuple[str, str],
    ) -> None:
        match key:
            case "sign_in_shown":
                self.send(command="sign_in", operator=who[0], pin=who[1])
            case "checkout_shown":
                self.send(**first)
            case "draft":
                swipe()
            case "captured":
                self.send(command="confirm")
            case "pin":
                for press in [*pin, "enter"]:
                    self.send(command="pad", key=press)

    def settle(self) -> None:
        """Until nothing is in doubt and no slip is owed."""
        self.until(lambda notice: notice["notice"] == "sign_in_shown")
        self.send(command="look")
        self.until(lambda notice: notice["notice"] == "sign_in_shown")
        strip = [notice for notice in self.seen if notice["notice"] == "strip_shown"][-1]
        while strip["in_doubt"] or strip["owed"]:
            strip = self.until(lambda notice: notice["notice"] == "strip_shown")

    def quit(self) -> None:
        """Close it in an orderly way."""
        self.send(command="quit")
        self.until(lambda notice: notice["notice"] == "closed")
        assert self.process.wait(timeout=PATIENCE_SECONDS) == 0
        self.let_go()

    def die(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.let_go()

    def let_go(self) -> int:
        """Wait for its end and close its pipes."""
        status = self.process.wait(timeout=PATIENCE_SECONDS)
        for pipe in (self.process.stdin, self.process.stdout, self.errors):
            assert pipe is not None
            pipe.close()
        return status


def _key_of(notice: Notice) -> str:
    """What the notice asks of the cashier."""
    if notice["notice"] != "payment_shown":
        return str(notice["notice"])
    state = str(notice["sale"]["state"])
    return "" if state == "pin" and not notice["pad_on_screen"] else state


def _is_over(notice: Notice) -> bool:
    if notice["notice"] != "payment_shown" or notice["sale"]["state"] not in CHECKED_AFTER:
        return False
    return all(slip["state"] == "printed" for slip in notice["slips"])
