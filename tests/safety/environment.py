"""A sale while the machine lets the till down: a disk that errs, fills up, hangs or goes read-only.

Every write and every sync of one sale fails once, each in a run of its own; then the disk is full
from some write on, and stays so. Afterwards the till starts on a sound disk, and once it has come
to rest both books must agree. A sale that did not simply succeed must have been answered with a
fault on the screen. A stopped bank, a second instance and a read-only filesystem come on top.

    python -m tests.safety.environment [--sample N]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.books import read_books
from tests.safety import power_cuts
from tests.safety.strace import Tracers, why_not
from tests.till_process import (
    CASHIER,
    MAIN,
    PIN,
    ROOT,
    STRIPE,
    Ended,
    Notice,
    TillProcess,
    World,
    _is_over,
    _key_of,
    open_world,
)

SEED = 20261122
CARELESS = ROOT / "tests/safety/careless_till.py"
FIRST: dict[str, object] = {"command": "start_sale", "amount_minor": 128_00}
ALREADY_OPEN = 4
PATIENT_SECONDS, QUIET_SECONDS = 20.0, 0.7
"""A till that has told nothing for so long has told everything; sooner once it told a fault."""
SALE_SECONDS, TROUBLED_SECONDS, CLOSING_SECONDS = 120.0, 8.0, 15.0
"""A till that tries again and again tells of it for ever; one without a fault is merely slow."""
WRITES_OF_A_SALE, SYNCS_OF_A_SALE = 100, 18
"""More than there are (tests/safety/system_calls counts them): the last ones simply do not fail."""
SLOW = "delay_enter=150000"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What strace makes of one system call: an error, or a delay in microseconds."""

    call: str
    what: str
    when: str

    @property
    def words(self) -> list[str]:
        """What strace is told."""
        inject = f"--inject={self.call}:{self.what}:when={self.when}"
        return [f"--trace={self.call}", inject, "-o", os.devnull]


def troubles() -> Iterator[Trouble]:
    """Every write and sync that errs once, every write from which the disk is full, slow syncs."""
    for at in range(1, WRITES_OF_A_SALE):
        yield Trouble("pwrite64", "error=EIO", str(at))
        yield Trouble("pwrite64", "error=ENOSPC", f"{at}+")
    for at in range(1, SYNCS_OF_A_SALE):
        yield Trouble("fsync", "error=EIO", str(at))
        yield Trouble("fsync", "error=EIO", f"{at}+")
    yield Trouble("fsync", SLOW, "1+")


class Shop:
    """One bank, and a new till for every trouble."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._runs = 0

    def survives(self, trouble: Trouble, *, program: Path = MAIN) -> str:
        """Sell in trouble, start again without it; what is wrong afterwards, or nothing."""
        data, profile, terminal = self.new_till()
        tracers = Tracers()
        till = tracers.till(self._world, data, profile, trouble.words, program=program)
        sold = try_to_sell(till)
        end(till)
        tracers.wait()
        if not sold and not faults_of(till.seen):
            return f"neither a sale nor a fault, but {till.seen[-3:]}"
        return self.agrees(data, profile, terminal)

    def lives_with_a_stopped_bank(self) -> str:
        """The bank's machine hangs during the sale and comes back while it is being reversed."""
        data, profile, terminal = self.new_till(
            "connect_seconds = 0.5\nanswer_seconds = 0.5\nreversal_seconds = 0.5"
        )
        bank = self._world.acquirer.process.pid
        till = self._world.till(data, profile)

        def hang(notice: Notice) -> None:
            state = notice.get("sale", {}).get("state") if "sale" in notice else ""
            if state == "pin" and notice["pad_on_screen"]:
                os.kill(bank, signal.SIGSTOP)
            elif state in {"reversal_pending", "not_sent"}:
                os.kill(bank, signal.SIGCONT)

        try:
            try_to_sell(till, on_notice=hang)
        finally:
            os.kill(bank, signal.SIGCONT)
        end(till)
        if not faults_of(till.seen):
            return "a bank that hangs was kept quiet about"
        return self.agrees(data, profile, terminal)

    def keeps_a_second_instance_out(self) -> str:
        """The second start ends at once, and the sale of the first goes on."""
        data, profile, terminal = self.new_till()
        first = self._world.till(data, profile)
        first.until(lambda notice: notice["notice"] == "sign_in_shown")
        second = self._world.till(data, profile)
        with suppress(Ended):
            while second.next() is not None:
                continue
        status = second.let_go()
        first.send(command="look")
        sold = try_to_sell(first)
        end(first)
        if status != ALREADY_OPEN or not sold:
            return f"a second instance ended with {status}, and the sale {'well' * sold or 'badly'}"
        return self.agrees(data, profile, terminal)

    def survives_a_disk_without(self, what: str) -> str:
        """A real filesystem that goes read-only, or has no room left, once the PIN is asked for."""
        with power_cuts.disk() as disk:
            data, profile, terminal = self.new_till(folder=disk.root / "sale")
            till = self._world.till(data, profile)

            failed: list[str] = []

            def fail(notice: Notice) -> None:
                if notice.get("sale", {}).get("state") != "pin" or failed:
                    return
                failed.append(what)
                if what == "room":
                    fill(disk.root / "ballast")
                else:
                    disk.abort()

            sold = try_to_sell(till, on_notice=fail)
            end(till)
            if what == "room":
                (disk.root / "ballast").unlink()
            else:
                disk.unmount()
                disk.mount()
            if not sold and not faults_of(till.seen):
                return f"a disk without {what} was kept quiet about"
            return self.agrees(data, profile, terminal)

    def new_till(self, more: str = "", folder: Path | None = None) -> tuple[Path, Path, str]:
        """A data folder of its own."""
        self._runs += 1
        home = folder or self._folder / f"run-{self._runs}"
        home.mkdir()
        return self._world.new_till(home, more=more)

    def agrees(self, data: Path, profile: Path, terminal: str) -> str:
        """Start on a sound machine, come to rest, compare."""
        try:
            till = self._world.till(data, profile)
            till.settle()
            till.quit()
            read_books(data, self._world.bank, terminal).check(disk_failed=True)
        except Ended:
            till.let_go()
            return "the till did not open again"
        except AssertionError as difference:
            return f"the books differ: {str(difference).splitlines()[:1]}"
        shutil.rmtree(data.parent)
        return ""


def try_to_sell(till: TillProcess, on_notice: Callable[[Notice], None] = lambda _: None) -> bool:
    """As far as the till lets us; whether the sale came to its end with all its papers."""
    said: set[str] = set()
    began = time.monotonic()

    def swipe() -> None:
        till.send(command="swipe", stripe=STRIPE)

    try:
        while (notice := till.next(_patience(till))) is not None:
            allowed = TROUBLED_SECONDS if faults_of(till.seen) else SALE_SECONDS
            if time.monotonic() - began > allowed:
                return False
            on_notice(notice)
            if _is_over(notice):
                return notice["sale"]["state"] == "approved"
            key = _key_of(notice)
            if key and key not in said:
                said.add(key)
                till._answer(key, FIRST, swipe, PIN, CASHIER)
    except Ended:
        return False
    return False


def _patience(till: TillProcess) -> float:
    return QUIET_SECONDS if faults_of(till.seen) else PATIENT_SECONDS


def end(till: TillProcess) -> None:
    """Close it; one that cannot any more is killed."""
    deadline = time.monotonic() + CLOSING_SECONDS
    with suppress(Ended):
        till.send(command="quit")
        while time.monotonic() < deadline:
            till.next(0.5)
    if till.process.poll() is None:
        till.process.kill()
    till.let_go()


def faults_of(seen: list[Notice]) -> set[str]:
    """Every fault that the screen would have shown: of its own, for a refusal, with a payment."""
    telling = {"fault_told", "refusal_told"}
    codes = {str(notice.get("fault", "")) for notice in seen if notice["notice"] in telling}
    codes |= {str(notice["sale"]["fault"]) for notice in seen if notice.get("sale")}
    return codes - {""}


def fill(ballast: Path) -> None:
    """Take all the room there is."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(64))


@dataclass(frozen=True, slots=True)
class Endured:
    """How many troubles were tried, what went wrong, and whether the control was seen."""

    tried: int
    wrong: tuple[str, ...]
    caught: bool
    seconds: float


def endure(*, sample: int = 0, seconds: float = float("inf"), tell: Tell = print) -> Endured:
    """The control, the whole troubles, then those of single calls in the order of a seed."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="tillwright-trouble-"))
    world = open_world(folder)
    shop = Shop(world, folder)
    tried, wrong = 0, []
    each: list[tuple[str, Callable[[], str]]] = [
        ("a second instance", shop.keeps_a_second_instance_out),
        ("a stopped bank", shop.lives_with_a_stopped_bank),
    ]
    if not power_cuts.why_not():
        each.append(("a full disk", lambda: shop.survives_a_disk_without("room")))
        each.append(("a read-only disk", lambda: shop.survives_a_disk_without("writes")))
    singles = random.Random(SEED).sample(list(troubles()), sample or len(list(troubles())))
    each += [(str(one), lambda one=one: shop.survives(one)) for one in singles]
    try:
        control = Trouble("pwrite64", "error=EIO", "12+")
        caught = shop.survives(control, program=CARELESS) != ""
        for name, attempt in each:
            if tried and time.monotonic() - began > seconds:
                break
            tried += 1
            difference = attempt()
            if difference:
                wrong.append(f"{name}: {difference}")
                tell(wrong[-1])
    finally:
        world.close()
        shutil.rmtree(folder)
    return Endured(tried, tuple(wrong), caught, time.monotonic() - began)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Sell while the machine lets the till down.")
    parser.add_argument("--sample", type=int, default=0, help="so many single calls only")
    chosen = parser.parse_args()
    reason = why_not()
    if reason:
        sys.stderr.write(f"NOT TRIED: {reason}\n")
        return 2
    endured = endure(sample=chosen.sample)
    print(f"{endured.tried} troubles, {len(endured.wrong)} wrong, control ", end="")
    print(f"{'caught' if endured.caught else 'MISSED'}, {endured.seconds:.0f} s")
    return 1 if endured.wrong or not endured.caught else 0


if __name__ == "__main__":
    sys.exit(main())
