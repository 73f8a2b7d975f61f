"""Kills a real till at its named crash points, and compares its books with the bank's afterwards.

python -m tests.safety.crash_points        prints every point, and what was wrong

The till that starts after the death is killed once more, at a point of its recovery that the seed
chooses; where it does not come by there, it lives.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.safety.flows import (
    ADVISING,
    FLOWS,
    PRINTING,
    RECOVERING,
    REVERSING,
    SETTLING,
    SIGNING_ON,
    UPLOADING,
    at_point,
    play,
)
from tests.till_process import ROOT, World, open_world

SEED = 20261122
FORGETFUL = ROOT / "tests/safety/forgetful_till.py"
"""The negative control: a till that remembers a sale only after the bank has answered."""
FORGOTTEN_AT = "answer received"
AT_A_START = (*SIGNING_ON, *RECOVERING, *REVERSING, *ADVISING[1:], *PRINTING)
IN_A_SETTLEMENT = (*SIGNING_ON, *SETTLING, *UPLOADING, *PRINTING)
"""Points that a till may pass while it settles what an earlier one left."""
PAIRS = tuple((name, point) for name, flow in FLOWS.items() for point in flow.points)
"""Every flow at every point that it passes."""


def second_point(dice: Random, name: str) -> str:
    """Where the till dies again, if it comes by there before it has come to rest."""
    return dice.choice(IN_A_SETTLEMENT if "batch closed" in FLOWS[name].points else AT_A_START)


@dataclass(slots=True)
class Killed:
    """What came of many deaths."""

    tried: int = 0
    twice: int = 0
    wrong: list[str] = field(default_factory=list)
    caught: bool = False
    seconds: float = 0.0


def kill_at(
    world: World, folder: Path, name: str, point: str, *, then: str = "", killed: Killed
) -> str:
    """A till that dies in that flow at that point, and at its next start perhaps again."""
    again = at_point(world, then) if then else None
    ending = play(world, folder, FLOWS[name], at_point(world, point), again)
    killed.tried += 1
    killed.twice += ending.died_again
    wrong = ending.wrong if ending.died else "it passed the point alive"
    if wrong:
        killed.wrong.append(f"{name}, {point}, then {then or 'nothing'}: {wrong}")
    return wrong


def kill_the_forgetful(world: World, folder: Path) -> bool:
    """The negative control: whether a till is noticed that remembers too late."""
    start = at_point(world, FORGOTTEN_AT, FORGETFUL)
    return bool(play(world, folder, FLOWS["sale"], start).wrong)


def kill_many(
    pairs: Sequence[tuple[str, str]] = PAIRS,
    seconds: float = 0.0,
    tell: Callable[[str], object] = print,
) -> Killed:
    """Every flow at every point, or as many as the time allows, and the negative control."""
    began = time.perf_counter()
    killed = Killed()
    dice = Random(SEED)
    pairs = list(pairs)
    if seconds:
        dice.shuffle(pairs)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        world = open_world(folder)
        try:
            killed.caught = kill_the_forgetful(world, folder / "control")
            for number, (name, point) in enumerate(pairs):
                if seconds and number and time.perf_counter() - began > seconds:
                    break
                then = second_point(dice, name)
                wrong = kill_at(world, folder / str(number), name, point, then=then, killed=killed)
                tell(f"{name}, {point}, then {then}: {wrong or 'in agreement'}\n")
        finally:
            world.close()
    killed.seconds = time.perf_counter() - began
    return killed


def main() -> int:
    """Print what came of every point."""
    killed = kill_many(tell=sys.stdout.write)
    print(
        f"{killed.tried - len(killed.wrong)}/{killed.tried} crash points in agreement,"
        f" {killed.twice} of them after a second death,"
        f" control {'caught' if killed.caught else 'MISSED'}, seed {SEED}, {killed.seconds:.1f} s"
    )
    return 1 if killed.wrong or not killed.caught else 0


if __name__ == "__main__":
    sys.exit(main())
