"""Kills a real till at every write system call of a flow, with strace, and compares the books.

A first run, which nobody kills, tells which thread makes which call how often. Then the same flow
runs once for every one of those calls and dies (SIGKILL) as it enters it. The till starts again;
once it has come to rest its journal and the bank's ledger must name the same money, nothing may be
in doubt, and each slip has come out.

    python -m tests.safety.system_calls [--sample N]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.till_process import ROOT, Ended, TillProcess, World, open_world, read_books

SEED = 20261122
KILLED = -9
MAIN = ROOT / "main.py"
Tell = Callable[[str], None]
FORGETFUL = ROOT / "tests/safety/forgetful_till.py"
"""The negative control: a till that remembers a sale only after the bank has answered."""

OF_THE_JOURNAL = ("pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "rename")
"""Calls that name a file; counted from the program's first instruction on."""
OF_THE_WIRES = ("write", "sendto")
"""Calls on sockets, pipes and slip files; counted by thread, from the sign-in screen on."""

BOOKED_THEN_DROPPED = 128_75
DECLINED = 128_51
GIVING_BACK = frozenset({"void", "refund"})
"""Flows that begin with a sale of 128.00 by a till that lives."""
DYING = {"recovery": "request sent", "recovery of a reversal": "before reversing"}
"""Flows that begin with a till that died at a named point."""
FLOWS = {
    "sale": 128_00,
    "void": 128_00,
    "refund": 50_00,
    "reversal": BOOKED_THEN_DROPPED,
    "recovery": 128_00,
    "recovery of a reversal": BOOKED_THEN_DROPPED,
}


@dataclass(frozen=True, slots=True)
class Point:
    """One system call of a flow; `thread` is its rank among the till's, or -1 for any."""

    flow: str
    thread: int
    call: str
    number: int


def why_not() -> str:
    """Why no till can be killed this way here; empty where one can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    trial = [strace, "-qq", "-e", "trace=none", "true"]
    answer = subprocess.run(trial, capture_output=True, check=False)
    return "" if answer.returncode == 0 else "strace may not trace here (ptrace)"


class Killer:
    """Runs flows against one bank, each in a folder and under a terminal of its own."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._runs = 0
        self._threads: list[int] = []

    def points(self, flow: str, *, wires: bool = True) -> list[Point]:
        """Every system call of the flow at which it can be killed; of files only, without wires."""
        trace = self._folder / "trace.txt"
        # A recovery is over before anything could be fastened to it.
        calls = OF_THE_JOURNAL + (OF_THE_WIRES if flow in DYING else ())
        self.run(flow, under=[*_strace(calls), "-o", str(trace)])
        most: Counter[str] = Counter()
        for (_, call), count in _counted(trace).items():
            most[call] = max(most[call], count)
        points = [Point(flow, -1, call, at) for call in most for at in _up_to(most[call])]
        if wires and flow not in DYING:
            self.run(flow, beside=[*_strace(OF_THE_WIRES), "-o", str(trace)])
            for (tid, call), count in _counted(trace).items():
                rank = self._threads.index(tid)
                points += [Point(flow, rank, call, at) for at in _up_to(count)]
        return points

    def kill(self, point: Point) -> str:
        """Die there, start again; what is wrong with the books afterwards, or nothing."""
        inject = f"inject={point.call}:signal=SIGKILL:when={point.number}"
        strace = [*_strace((point.call,)), "-e", inject, "-o", os.devnull]
        if point.thread < 0:
            return self.run(point.flow, under=strace)
        return self.run(point.flow, beside=strace, thread=point.thread)

    def kill_the_forgetful(self) -> str:
        """The negative control: a known-bad till, killed before it writes the bank's answer down."""
        return self.run("sale", crash_at="before outcome", program=FORGETFUL)

    def run(
        self,
        flow: str,
        *,
        under: Sequence[str] = (),
        beside: Sequence[str] = (),
        thread: int = -1,
        crash_at: str = "",
        program: Path = MAIN,
    ) -> str:
        """One flow: under strace from its start, or with strace beside it from the sign-in on."""
        self._runs += 1
        folder = self._folder / f"run-{self._runs}"
        folder.mkdir()
        data, profile, terminal = self._world.new_till(folder)
        if flow in DYING:
            _until_death(TillProcess(data, profile, crash_at=DYING[flow]), "sale", FLOWS[flow])
        if flow in GIVING_BACK:
            earlier = TillProcess(data, profile)
            earlier.sell(FLOWS["sale"])
            earlier.quit()
        till = TillProcess(data, profile, under=under, crash_at=crash_at, program=program)
        with self._fastened(till, beside, thread) if beside else nullcontext():
            _until_death(till, flow, FLOWS[flow])
        last = TillProcess(data, profile)
        last.settle()
        last.quit()
        wrong = ""
        try:
            read_books(data, self._world.bank, terminal).check()
        except AssertionError as difference:
            wrong = f"the books differ: {str(difference).splitlines()[:1]}"
        shutil.rmtree(folder)
        return wrong

    @contextmanager
    def _fastened(self, till: TillProcess, strace: Sequence[str], thread: int) -> Iterator[None]:
        """Strace on a till that shows its sign-in screen: on one thread of it, or on all."""
        till.until(lambda notice: notice["notice"] == "sign_in_shown")
        pid = till.process.pid
        self._threads = sorted(int(task.name) for task in Path(f"/proc/{pid}/task").iterdir())
        watched = self._threads[thread] if thread >= 0 else pid
        # A filter cannot be put on a process that runs already, and -f would take every thread.
        unfit = {"--seccomp-bpf", "-f"} if thread >= 0 else {"--seccomp-bpf"}
        command = [word for word in strace if word not in unfit]
        with subprocess.Popen([*command, "-p", str(watched)]) as tracer:
            status = Path(f"/proc/{pid}/task/{self._threads[-1] if thread < 0 else watched}/status")
            while f"TracerPid:\t{tracer.pid}\n" not in status.read_text():
                assert tracer.poll() is None, "strace did not hold on"
            till.send(command="look")
            yield


def _until_death(till: TillProcess, flow: str, amount: int) -> None:
    """What the flow is about, then close; or be killed on the way."""
    try:
        if flow in DYING:
            till.settle()
        elif flow in GIVING_BACK:
            till.give_back(1, amount)
        else:
            till.sell(amount)
        till.quit()
    except Ended:
        assert till.let_go() == KILLED


def _strace(calls: tuple[str, ...]) -> list[str]:
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={','.join(calls)}"]


def _up_to(count: int) -> range:
    return range(1, count + 1)


def _counted(trace: Path) -> Counter[tuple[int, str]]:
    """How often each thread made each call."""
    calls: Counter[tuple[int, str]] = Counter()
    for line in trace.read_text(errors="replace").splitlines():
        tid, text = line.split(None, 1)
        name, bracket, _ = text.partition("(")
        if bracket and name.isalnum():
            calls[int(tid), name] += 1
    return calls


@dataclass(frozen=True, slots=True)
class Killed:
    """How many points of how many were tried, what went wrong, and whether the control was seen."""

    tried: int
    of: int
    wrong: tuple[str, ...]
    caught: bool
    seconds: float


def kill_many(
    sample: int | None = None,
    *,
    flows: Sequence[str] = tuple(FLOWS),
    wires: bool = True,
    seconds: float = float("inf"),
    least: int = 1,
    tell: Tell = print,
) -> Killed:
    """Kill at every point, or at a sample that the seed chooses, until the time is over.

    At `least` so many are tried, however slow the machine is.
    """
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="tillwright-kills-"))
    world = open_world(folder)
    try:
        killer = Killer(world, folder)
        caught = killer.kill_the_forgetful() != ""
        points = [point for flow in flows for point in killer.points(flow, wires=wires)]
        chosen = random.Random(SEED).sample(points, sample or len(points))
        wrong = []
        tried = 0
        for point in chosen:
            if tried >= least and time.monotonic() - began > seconds:
                break
            tried += 1
            difference = killer.kill(point)
            if difference:
                wrong.append(f"{point}: {difference}")
                tell(wrong[-1])
        return Killed(tried, len(points), tuple(wrong), caught, time.monotonic() - began)
    finally:
        world.close()
        shutil.rmtree(folder)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Kill a till at its write system calls.")
    parser.add_argument("--sample", type=int, help="so many points only; all without it")
    chosen = parser.parse_args()
    reason = why_not()
    if reason:
        sys.stderr.write(f"NOT TRIED: {reason}\n")
        return 2
    killed = kill_many(chosen.sample)
    print(f"{killed.tried} of {killed.of} points, {len(killed.wrong)} wrong, control ", end="")
    print(f"{'caught' if killed.caught else 'MISSED'}, seed {SEED}, {killed.seconds:.0f} s")
    return 1 if killed.wrong or not killed.caught else 0


if __name__ == "__main__":
    sys.exit(main())
