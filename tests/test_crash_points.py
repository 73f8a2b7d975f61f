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

from acquirer.simulator_bank import FAULT_AMOUNTS
from checkout.crash_points import POINTS
from tests.till_process import (
    STRIPE,
    Ended,
    TillProcess,
    World,
    open_world,
    read_books,
    write_profile,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

KILLED = -9
DROPPED_AFTER_BOOKING = 128_75
REVERSING = ("before reversing", "reversal answered", "reversal remembered")
RECOVERING = ("recovery begun", "recovery remembered")
ADVISING = ("advice recorded", "before advising", "advice answered", "advice remembered")
"""Points of a refund, which tests/test_crashes_of_money_back.py passes."""
UNSURE_OF_PAPER = ("slip taken up", "slip printed", *REVERSING)
"""Where a slip may be in the printer when the power goes: the paper of the pending reversal too."""
KILLS_FROM_OUTSIDE = 15
SEED = 20261122


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("crashes"))
    yield world
    world.close()


def sell_until_death(till: TillProcess, amount: int) -> None:
    with pytest.raises(Ended):
        till.sell(amount)
    assert till.let_go() == KILLED


@pytest.mark.parametrize("point", [point for point in POINTS if point not in ADVISING])
def test_a_till_that_dies_here_agrees_with_its_bank_afterwards(
    world: World, tmp_path: Path, point: str
) -> None:
    data, profile, terminal = world.new_till(tmp_path)
    amount = DROPPED_AFTER_BOOKING if point in REVERSING else 128_00
    if point in RECOVERING:
        sell_until_death(TillProcess(data, profile, crash_at="request sent"), amount)
        again = TillProcess(data, profile, crash_at=point)
        with pytest.raises(Ended):
            again.settle()
        assert again.let_go() == KILLED
    else:
        sell_until_death(TillProcess(data, profile, crash_at=point), amount)

    till = TillProcess(data, profile)
    till.settle()
    till.quit()

    books = read_books(data, world.bank, terminal)
    books.check()
    assert len(books.sales) == 1
    if point not in UNSURE_OF_PAPER:
        assert [books.papers(slip.number) for slip in books.slips] == [(1, 0)] * len(books.slips)


def test_the_bank_was_asked_once_whatever_happened(world: World, tmp_path: Path) -> None:
    """The negative control: without a death the same sale is simply approved."""
    data, profile, terminal = world.new_till(tmp_path)
    till = TillProcess(data, profile)
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
        till = TillProcess(data, profile)
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
    till = TillProcess(data, profile)
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
    till = TillProcess(data, profile)
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
