"""Cuts the power of a real filesystem under a working till, and looks at what is left of it.

An ext4 filesystem in a file is mounted and shut down by the kernel (EXT4_IOC_SHUTDOWN without a
flush) while it is written to: whatever was not synced is gone, as when the plug is pulled. It is
mounted again, and every acknowledged entry must be there, every payment in both books.

    python -m tests.safety.power_cuts [--cuts N]
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from db.journal import Journal
from domain.faults import TillError
from tests.books import read_books
from tests.safety.journal_writer import CHAIN_KEY
from tests.till_process import ROOT, Ended, TillProcess, World, open_world

SEED = 20261122
MEGABYTES = 32
SHUT_DOWN = 0x8004587D
WITHOUT_FLUSHING = struct.pack("I", 2)
REMOUNT = 32
MAIN = ROOT / "main.py"
UNSYNCED = ROOT / "tests/safety/unsynced_till.py"
AMOUNTS = (128_00, 64_00, 128_75)


class Disk:
    """A filesystem of its own, whose power can be cut."""

    def __init__(self, folder: Path) -> None:
        self._image = folder / "disk.img"
        self.root = folder / "disk"
        self.root.mkdir()
        with self._image.open("wb") as file:
            file.truncate(MEGABYTES << 20)
        _call("mkfs.ext4", "-q", "-F", "-m", "0", str(self._image))
        self.mount()

    def mount(self) -> None:
        """The power is back."""
        _call("mount", "-o", "loop", str(self._image), str(self.root))

    def settle(self) -> None:
        """Let everything reach the disk that was prepared for a test."""
        _call("sync", "-f", str(self.root))

    def cut(self) -> None:
        """The plug is pulled: nothing reaches the disk from here on."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUT_DOWN, WITHOUT_FLUSHING)
        finally:
            os.close(handle)

    def abort(self) -> None:
        """As after an error of the disk: the kernel lets nobody write any more (EROFS)."""
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(None, str(self.root).encode(), None, REMOUNT, b"abort") != 0:
            raise OSError(ctypes.get_errno(), "remount")

    def unmount(self) -> None:
        """Throw away what only the memory knew; nobody may have a file open."""
        _call("umount", str(self.root))


@contextmanager
def disk() -> Iterator[Disk]:
    """One, which is gone afterwards whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="tillwright-disk-"))
    made = None
    try:
        made = Disk(folder)
        yield made
    finally:
        if made is not None and os.path.ismount(made.root):
            # Lazily: a till that a failed test left behind may still hold a file there.
            _call("umount", "--lazy", str(made.root))
        shutil.rmtree(folder)


def why_not() -> str:
    """Why no power can be cut here; empty where it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "mounting a filesystem needs root"
    missing = [name for name in ("mkfs.ext4", "mount", "umount") if shutil.which(name) is None]
    if missing:
        return f"{missing[0]} is not installed"
    try:
        with disk() as tried:
            tried.cut()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no filesystem can be mounted and shut down ({type(error).__name__})"
    return ""


@dataclass
class Cut:
    """What the cuts came to."""

    cuts: int = 0
    acknowledged: int = 0
    in_doubt: int = 0
    wrong: list[str] = field(default_factory=list)
    caught: bool = False
    seconds: float = 0.0


def cut_many(cuts: int, *, seconds: float = float("inf"), sales: bool = True) -> Cut:
    """The controls first; then cuts under a busy journal and under a whole sale, in turn."""
    began = time.monotonic()
    chance = random.Random(SEED)
    with disk() as ours:
        caught = cut_a_journal(ours, chance, Cut(), unsynced=True) != ""
        result = Cut(caught=caught)
        world = open_world(_home(ours.root.parent / "world")) if sales else None
        try:
            if world is not None:
                result.caught = cut_an_unsynced_sale(ours, world) != "" and caught
            while result.cuts < cuts and (result.cuts < 2 or time.monotonic() - began < seconds):
                if world is not None and result.cuts % 2:
                    wrong = cut_a_sale(ours, world, chance)
                else:
                    wrong = cut_a_journal(ours, chance, result)
                result.cuts += 1
                if wrong:
                    result.wrong.append(wrong)
        finally:
            if world is not None:
                world.close()
    result.seconds = time.monotonic() - began
    return result


def cut_a_journal(ours: Disk, chance: random.Random, result: Cut, *, unsynced: bool = False) -> str:
    """Cut while entries are written at full speed; what is wrong afterwards, or nothing."""
    folder = _home(ours.root / "busy")
    command = [sys.executable, "-m", "tests.safety.journal_writer", str(folder / "journal.db")]
    if unsynced:
        command.append("--unsynced")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(chance.randrange(20, 300))]
        select.select([], [], [], chance.uniform(0, 0.002))
        cut_at = time.monotonic_ns()
        ours.cut()
        writer.kill()
        said += writer.stdout.readlines()
    ours.unmount()
    ours.mount()
    # A sync that was under way at the cut may still say yes: with the power gone, to nobody.
    heard = [int(number) for number, at in map(bytes.split, said) if int(at) < cut_at]
    acknowledged = max(heard)
    try:
        journal = Journal(folder / "journal.db", CHAIN_KEY, till=1)
    except TillError as fault:
        return f"a cut left no journal: {fault.fault.code}"
    try:
        found = sum(1 for _ in journal.entries())
        holds = journal.chain_holds()
    finally:
        journal.close()
    shutil.rmtree(folder)
    result.acknowledged += acknowledged
    result.in_doubt += max(0, found - acknowledged)
    if not holds or not acknowledged <= found <= len(said) + 1:
        return f"{acknowledged} acknowledged, {found} found, chain {'whole' if holds else 'broken'}"
    return ""


def cut_a_sale(ours: Disk, world: World, chance: random.Random) -> str:
    """Cut at some moment of a sale, start again, compare the books."""
    left = chance.randint(2, 26)

    def maybe_cut() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            select.select([], [], [], chance.uniform(0, 0.01))
            ours.cut()
            till.process.kill()

    data, profile, terminal = world.new_till(_home(ours.root / "sale"))
    ours.settle()
    till = TillProcess(data, profile)
    try:
        till.sell(chance.choice(AMOUNTS), on_notice=maybe_cut)
    except Ended:
        till.let_go()
    else:
        ours.cut()
        till.die()
    return _after_the_cut(ours, world, data, profile, terminal)


def cut_an_unsynced_sale(ours: Disk, world: World) -> str:
    """The negative control: the power goes just after a till said 'approved'."""
    data, profile, terminal = world.new_till(_home(ours.root / "sale"))
    ours.settle()
    till = TillProcess(data, profile, program=UNSYNCED)
    till.sell(128_00)
    ours.cut()
    till.die()
    return _after_the_cut(ours, world, data, profile, terminal)


def _after_the_cut(ours: Disk, world: World, data: Path, profile: Path, terminal: str) -> str:
    ours.unmount()
    ours.mount()
    wrong = ""
    try:
        till = TillProcess(data, profile)
        till.settle()
        till.quit()
        read_books(data, world.bank, terminal).check()
    except Ended:
        till.let_go()
        wrong = "the till did not open again"
    except AssertionError as difference:
        wrong = f"the books differ: {str(difference).splitlines()[:1]}"
    shutil.rmtree(data.parent)
    return wrong


def _home(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _call(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Cut the power of a working till.")
    parser.add_argument("--cuts", type=int, default=100)
    chosen = parser.parse_args()
    reason = why_not()
    if reason:
        sys.stderr.write(f"NOT TRIED: {reason}\n")
        return 2
    result = cut_many(chosen.cuts)
    for wrong in result.wrong:
        print(wrong)
    print(f"{result.cuts} cuts, {result.acknowledged} acknowledged entries, ", end="")
    print(f"{result.in_doubt} in doubt kept, {len(result.wrong)} wrong, ", end="")
    print(f"control {'caught' if result.caught else 'MISSED'}, {result.seconds:.0f} s")
    return 1 if result.wrong or not result.caught else 0


if __name__ == "__main__":
    sys.exit(main())
