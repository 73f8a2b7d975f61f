"""Kills a real till at its named crash points, and compares its books with the bank's afterwards.

python -m tests.safety.crash_points        prints every point, and what was wrong
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from checkout.crash_points import POINTS
from tests.till_process import ROOT, Ended, TillProcess, World, open_world, read_books

SEED = 20261122
KILLED = -9
MAIN = ROOT / "main.py"
FORGETFUL = ROOT / "tests/safety/forgetful_till.py"
"""The negative control: a till that remembers a sale only after the bank has answered."""
FORGOTTEN_AT = "answer received"
BOOKED_THEN_DROPPED = 128_75
REFUNDED = 50_00
REVERSING = frozenset({"before reversing", "reversal answered", "reversal remembered"})
RECOVERING = frozenset({"recovery begun", "recovery remembered"})
ADVISING = frozenset({"advice recorded", "before advising", "advice answered", "advice remembered"})


@dataclass(slots=True)
class Killed:
    """What came of many deaths."""

    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    caught: bool = False
    seconds: float = 0.0


def kill_at(world: World, folder: Path, point: str, program: Path = MAIN) -> str:
    """One till that dies there, its next start, and what is wrong then; empty where nothing is."""
    folder.mkdir()
    data, profile, terminal = world.new_till(folder)
    till = TillProcess(data, profile, crash_at=point, program=program)
    if point in RECOVERING:
        _die(TillProcess(data, profile, crash_at="request sent"), _sell(128_00))
        _die(till, TillProcess.settle)
    elif point in ADVISING:
        _live(TillProcess(data, profile), _sell(128_00))
        _die(till, _give_back)
    else:
        _die(till, _sell(BOOKED_THEN_DROPPED if point in REVERSING else 128_00))
    _live(TillProcess(data, profile), TillProcess.settle)
    try:
        read_books(data, world.bank, terminal).check()
    except AssertionError as wrong:
        return f"{point}: {str(wrong).splitlines()[0] if str(wrong) else 'the books differ'}"
    return ""


def _sell(amount: int) -> Callable[[TillProcess], object]:
    return lambda till: till.sell(amount)


def _give_back(till: TillProcess) -> object:
    return till.give_back(1, REFUNDED)


def _live(till: TillProcess, act: Callable[[TillProcess], object]) -> None:
    act(till)
    till.quit()


def _die(till: TillProcess, act: Callable[[TillProcess], object]) -> None:
    try:
        act(till)
    except Ended:
        assert till.let_go() == KILLED
    else:
        till.die()
        raise AssertionError("the till passed the crash point alive")


def kill_many(
    points: Sequence[str] = POINTS, seconds: float = 0.0, tell: Callable[[str], object] = print
) -> Killed:
    """Every point, or as many as the time allows, and the negative control."""
    began = time.perf_counter()
    killed = Killed()
    points = list(points)
    if seconds:
        Random(SEED).shuffle(points)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        world = open_world(folder)
        try:
            killed.caught = bool(kill_at(world, folder / "control", FORGOTTEN_AT, FORGETFUL))
            for number, point in enumerate(points):
                if seconds and number and time.perf_counter() - began > seconds:
                    break
                wrong = kill_at(world, folder / str(number), point)
                killed.tried += 1
                if wrong:
                    killed.wrong.append(wrong)
                tell(f"{point}: {wrong or 'in agreement'}\n")
        finally:
            world.close()
    killed.seconds = time.perf_counter() - began
    return killed


def main() -> int:
    """Print what came of every point."""
    killed = kill_many(tell=sys.stdout.write)
    print(
        f"{killed.tried - len(killed.wrong)}/{killed.tried} crash points in agreement,"
        f" control {'caught' if killed.caught else 'MISSED'}, {killed.seconds:.1f} s"
    )
    return 1 if killed.wrong or not killed.caught else 0


if __name__ == "__main__":
    sys.exit(main())
