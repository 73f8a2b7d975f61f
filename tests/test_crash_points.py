"""Guards "never lost, never doubled" by killing a real till, at every named point and at random.

After each death the program starts again; once it has come to rest its journal and the bank's
ledger must name the same money, nothing may be left open, and each slip has come out: once, or,
where nobody could know whether it had, once more and marked as a copy.
"""

from __future__ import annotations

import os
import random
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquirer.simulator import FAULT_AMOUNTS
from checkout.crash_points import POINTS
from tests.books import read_books
from tests.safety.crash_points import PAIRS, SEED, kill_the_forgetful, second_point
from tests.safety.flows import FLOWS, PRICE, at_point, dies, live, play, sell
from tests.till_process import STRIPE, Ended, TillProcess, World, open_world, write_profile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

DROPPED_AFTER_BOOKING = 128_75
SLIPS = {"before outcome": (1, 0), "outcome remembered": (0, 1), "slip remembered": (1, 0)}
"""Unmarked papers and copies of a sale that dies there: one that may have come out is a copy.

Before its outcome is known a sale is reversed, and that prints a slip of its own.
"""
KILLS_FROM_OUTSIDE = 15
TRIED = PAIRS if os.environ.get("CI") else random.Random(SEED).sample(PAIRS, len(PAIRS) // 3)
"""All of them in CI; elsewhere a third that the seed chooses."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("crashes"))
    yield world
    world.close()


def test_every_crash_point_is_passed_by_a_flow() -> None:
    assert {point for _, point in PAIRS} == set(POINTS)


@pytest.mark.parametrize(("flow", "point"), TRIED)
def test_a_till_that_dies_here_and_again_agrees_with_its_bank_afterwards(
    world: World, tmp_path: Path, flow: str, point: str
) -> None:
    """The second death is at a point of the next start that the seed chooses, if it comes by."""
    then = second_point(random.Random(f"{SEED} {flow} {point}"), flow)
    ending = play(
        world, tmp_path / "once", FLOWS[flow], at_point(world, point), at_point(world, then)
    )
    assert ending.died
    assert not ending.wrong


def test_a_till_that_remembers_too_late_is_noticed(world: World, tmp_path: Path) -> None:
    """The negative control."""
    assert kill_the_forgetful(world, tmp_path / "control")


@pytest.mark.parametrize("point", SLIPS)
def test_a_slip_that_may_have_come_out_is_marked_as_a_copy(
    world: World, tmp_path: Path, point: str
) -> None:
    data, profile, terminal = world.new_till(tmp_path)
    assert dies(world.till(data, profile, crash_at=point), sell(PRICE))
    live(world.till(data, profile), TillProcess.settle)

    books = read_books(data, world.bank, terminal)
    books.check()
    assert {books.papers(slip.number) for slip in books.slips} == {SLIPS[point]}


def test_the_program_itself_dies_and_agrees_as_its_forks_do(world: World, tmp_path: Path) -> None:
    """Everything above starts warm, where the system lets it (tests/warm_tills)."""

    def cold(point: str = "") -> TillProcess:
        return TillProcess(data, profile, crash_at=point)

    data, profile, terminal = world.new_till(tmp_path)
    assert dies(cold("request sent"), sell(PRICE))
    assert dies(cold("recovery remembered"), TillProcess.settle)
    live(cold(), TillProcess.settle)

    books = read_books(data, world.bank, terminal)
    books.check()
    assert len(books.sales) == 1
    assert not books.charged


def test_the_bank_was_asked_once_whatever_happened(world: World, tmp_path: Path) -> None:
    """The negative control: without a death the same sale is simply approved."""
    data, profile, terminal = world.new_till(tmp_path)
    till = world.till(data, profile)
    notice = till.sell(128_00)
    till.quit()

    assert notice["sale"]["state"] == "approved"
    books = read_books(data, world.bank, terminal)
    books.check()
    assert list(books.charged.values()) == [128_00]


@pytest.fixture
def cable() -> Iterator[tuple[int, str]]:
    """A serial reader's cable: our end, and the name of the till's."""
    ours, theirs = os.openpty()
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("run", range(3))
def test_kill_9_at_any_moment_leaves_journal_and_bank_in_agreement(
    world: World, tmp_path: Path, cable: tuple[int, str], run: int
) -> None:
    """Several deaths in the life of one till, each at a moment that a seed chose."""
    ours, theirs = cable
    dice = random.Random(SEED + run)
    data, profile, terminal = world.new_till(tmp_path, reader=theirs)
    for _ in range(KILLS_FROM_OUTSIDE // 3):
        till = world.till(data, profile)
        notices_left = dice.randint(3, 24)

        def count_down(till: TillProcess = till) -> None:
            nonlocal notices_left
            notices_left -= 1
            if notices_left == 0:
                select.select([], [], [], dice.uniform(0.0, 0.01))
                till.process.kill()

        try:
            till.sell(
                dice.choice([128_00, 64_00, DROPPED_AFTER_BOOKING]),
                lambda: os.write(ours, STRIPE.encode() + b"\r") and None,
                on_notice=count_down,
            )
        except Ended:
            till.let_go()
        else:
            till.die()
    till = world.till(data, profile)
    till.settle()
    till.quit()

    books = read_books(data, world.bank, terminal)
    books.check()
    assert books.sales


def test_every_fault_that_the_bank_can_play_leaves_both_books_in_agreement(
    world: World, tmp_path: Path
) -> None:
    data, _, terminal = world.new_till(tmp_path)
    patience = "answer_seconds = 0.4\nreversal_seconds = 2.0"
    profile = write_profile(
        tmp_path / "till.toml", world.acquirer, terminal=terminal, more=patience
    )
    till = world.till(data, profile)
    ended = {}
    for cents, (fault, _) in FAULT_AMOUNTS.items():
        ended[str(fault)] = till.sell(100_00 + cents)["sale"]["state"]
        till.send(command="leave")
        till.send(command="look")
    till.quit()

    assert {name for name, state in ended.items() if state != "reversed"} == {"foreign first"}
    books = read_books(data, world.bank, terminal)
    books.check()
    assert list(books.charged.values()) == [100_79]
