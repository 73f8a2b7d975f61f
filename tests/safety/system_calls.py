"""Kills a real till at every write system call of a flow, with strace, and compares the books.

A first run of each flow (tests/safety/flows), which nobody kills, tells which thread makes which
call how often. Then the same flow runs once for every one of those calls and dies (SIGKILL) as it
enters it. The till starts again and is killed once more, at a call of the recovery that the seed
chooses; where it does not come by there, it lives. After the next start all must be well.

    python -m tests.safety.system_calls [--sample N] [--seconds N] [--flow NAME ...] [--beside N]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.safety.crash_points import kill_the_forgetful
from tests.safety.flows import FLOWS, Ending, Start, play
from tests.safety.strace import Tracers, why_not
from tests.till_process import TillProcess, World, open_world

__all__ = ["FLOWS", "SEED", "kill_many", "why_not"]

SEED = 20261122
Tell = Callable[[str], object]

OF_THE_JOURNAL = ("pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "rename")
"""Calls that name a file."""
OF_THE_WIRES = ("write", "sendto")
"""Calls on sockets, pipes and slip files."""


@dataclass(frozen=True, slots=True)
class Point:
    """One system call of a flow, by one of the till's threads, counted from its birth on."""

    flow: str
    thread: str
    call: str
    number: int


class Killer:
    """Runs flows against one bank, each in a folder and under a terminal of its own."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._tracers = Tracers()
        self._runs = 0

    def points(self, flow: str, *, wires: bool = True) -> list[Point]:
        """Every system call of the flow at which it can be killed; of files only, without wires."""
        trace = self._folder / "trace.txt"
        calls = OF_THE_JOURNAL + (OF_THE_WIRES if wires else ())
        tills: list[TillProcess] = []

        def traced(data: Path, profile: Path) -> TillProcess:
            words = [f"--trace={','.join(calls)}", "-o", str(trace)]
            tills.append(self._tracers.till(self._world, data, profile, words))
            return tills[0]

        ending = self._play(flow, traced)
        assert not ending.died, "the till died of being watched"
        assert not ending.wrong, ending.wrong
        threads = tills[0].process.threads
        return [
            Point(flow, threads[number], call, at)
            for (number, call), count in sorted(_counted(trace).items())
            for at in range(1, count + 1)
        ]

    def kill(self, point: Point, then: Point | None = None) -> Ending:
        """Die there, start again, perhaps die there; what came of it."""
        return self._play(point.flow, self._killed_at(point), then and self._killed_at(then))

    def _killed_at(self, point: Point) -> Start:
        inject = f"--inject={point.call}:signal=SIGKILL:when={point.number}"
        words = [f"--trace={point.call}", inject, "-o", os.devnull]
        return lambda data, profile: self._tracers.till(
            self._world, data, profile, words, thread=point.thread
        )

    def _play(self, flow: str, start: Start, again: Start | None = None) -> Ending:
        self._runs += 1
        ending = play(self._world, self._folder / f"run-{self._runs}", FLOWS[flow], start, again)
        self._tracers.wait()
        return ending


def _counted(trace: Path) -> Counter[tuple[int, str]]:
    """How often each thread made each call."""
    calls: Counter[tuple[int, str]] = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        tid, text = line.split(None, 1)
        name, bracket, _ = text.partition("(")
        if bracket and name.isalnum():
            calls[int(tid), name] += 1
    return calls


@dataclass(slots=True)
class Killed:
    """How many points of how many were tried, what went wrong, and whether the control was seen."""

    tried: int = 0
    died: int = 0
    died_again: int = 0
    of: Counter[str] = field(default_factory=Counter)
    """How many points each flow has."""
    wrong: list[str] = field(default_factory=list)
    caught: bool = False
    seconds: float = 0.0

    def note(self, point: Point, then: Point, ending: Ending) -> str:
        """Count one kill; the line to be told where something is wrong."""
        self.tried += 1
        self.died += ending.died
        self.died_again += ending.died_again
        if not ending.wrong:
            return ""
        self.wrong.append(f"{point}, then {then}: {ending.wrong}")
        return self.wrong[-1]


def kill_many(
    sample: int | None = None,
    *,
    flows: Sequence[str] = tuple(FLOWS),
    wires: bool = True,
    seconds: float = float("inf"),
    least: int = 1,
    beside: int = 1,
    tell: Tell = print,
) -> Killed:
    """Kill at every point, or at a sample that the seed chooses, until the time is over.

    At `least` so many are tried, however slow the machine is; `beside` each other so many tills.
    """
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="tillwright-kills-"))
    world = open_world(folder)
    killed = Killed()
    dice = random.Random(SEED)
    try:
        killed.caught = kill_the_forgetful(world, folder / "control")
        first = Killer(world, folder)
        points = [point for flow in flows for point in first.points(flow, wires=wires)]
        killed.of.update(point.flow for point in points)
        second = first.points("recovery", wires=wires)
        chosen = dice.sample(points, sample or len(points))
        plans = iter([(point, dice.choice(second)) for point in chosen])
        lock = threading.Lock()

        def kill_in_turn(number: int) -> None:
            place = folder / f"killer-{number}"
            place.mkdir()
            killer = Killer(world, place)
            while plan := _next_of(plans, lock):
                if killed.tried >= least and time.monotonic() - began > seconds:
                    return
                ending = killer.kill(*plan)
                with lock:
                    line = killed.note(*plan, ending)
                if line:
                    tell(line)

        with ThreadPoolExecutor(beside) as pool:
            list(pool.map(kill_in_turn, range(beside)))
        killed.seconds = time.monotonic() - began
        return killed
    finally:
        world.close()
        shutil.rmtree(folder)


def _next_of(
    plans: Iterator[tuple[Point, Point]], lock: threading.Lock
) -> tuple[Point, Point] | None:
    with lock:
        return next(plans, None)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Kill a till at its write system calls.")
    parser.add_argument("--sample", type=int, help="so many points only; all without it")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin none after this")
    parser.add_argument("--flow", action="append", choices=[*FLOWS], help="this flow; repeatable")
    parser.add_argument("--beside", type=int, default=os.cpu_count() or 1, help="tills at a time")
    options = parser.parse_args()
    reason = why_not()
    if reason:
        sys.stderr.write(f"NOT TRIED: {reason}\n")
        return 2
    flows = options.flow or list(FLOWS)
    killed = kill_many(options.sample, flows=flows, seconds=options.seconds, beside=options.beside)
    for flow, count in killed.of.items():
        print(f"{flow}: {count} points")
    print(
        f"{killed.tried} of {killed.of.total()} points, {killed.died} deaths,"
        f" {killed.died_again} of them followed by a second, {len(killed.wrong)} wrong,"
        f" control {'caught' if killed.caught else 'MISSED'}, seed {SEED}, {killed.seconds:.0f} s,"
        f" {killed.tried / killed.seconds * 60:.0f} a minute"
    )
    return 1 if killed.wrong or not killed.caught else 0


if __name__ == "__main__":
    sys.exit(main())
