"""Guards money that goes back by killing a real till in the middle of a void and of a refund.

After each death the program starts again; once it has come to rest, till and bank must agree which
charges stand, which are voided and what was refunded, and no charge may be given back twice.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.sale import State
from tests.books import Books, read_books
from tests.till_process import Ended, TillProcess, World, open_world

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

KILLED = -9
NOT_ASKED = ("before arming",)
ASKED = ("armed", "request sent", "answer received", "before outcome")
KNOWN = ("outcome remembered",)
REVERSING = ("reversal answered",)
RECOVERING = ("recovery remembered",)
ADVISING = ("advice recorded", "before advising", "advice answered", "advice remembered")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("crashes"))
    yield world
    world.close()


def die_giving_back(till: TillProcess, amount: int) -> None:
    with pytest.raises(Ended):
        till.give_back(1, amount)
    assert till.let_go() == KILLED


def after_death(
    world: World, folder: Path, point: str, amount: int, *, then: str = "", fault: str = ""
) -> Books:
    """Sell 128.00, die while it is given back (and perhaps once more at the start), come to rest."""
    data, profile, terminal = world.new_till(folder)
    till = world.till(data, profile)
    till.sell(128_00)
    till.quit()
    if fault:
        world.acquirer.order(fault=fault)
    die_giving_back(world.till(data, profile, crash_at=point), amount)
    if then:
        again = world.till(data, profile, crash_at=then)
        with pytest.raises(Ended):
            again.settle()
        assert again.let_go() == KILLED
    till = world.till(data, profile)
    till.settle()
    till.quit()
    books = read_books(data, world.bank, terminal)
    books.check()
    return books


@pytest.mark.parametrize("point", [*NOT_ASKED, *ASKED])
def test_a_void_without_a_known_outcome_leaves_the_sale_charged(
    world: World, tmp_path: Path, point: str
) -> None:
    books = after_death(world, tmp_path, point, 128_00)
    assert books.sales[0].state is State.APPROVED
    assert list(books.charged.values()) == [128_00]


@pytest.mark.parametrize("point", KNOWN)
def test_a_void_whose_outcome_is_on_disk_stands(world: World, tmp_path: Path, point: str) -> None:
    books = after_death(world, tmp_path, point, 128_00)
    assert books.sales[0].state is State.VOIDED
    assert not books.charged


@pytest.mark.parametrize("point", REVERSING)
def test_a_void_that_is_being_reversed_is_reversed(
    world: World, tmp_path: Path, point: str
) -> None:
    books = after_death(world, tmp_path, point, 128_00, fault="dropped after")
    assert [sale.state for sale in books.sales] == [State.APPROVED, State.REVERSED]


@pytest.mark.parametrize("then", RECOVERING)
def test_a_second_death_while_a_void_is_settled_changes_nothing(
    world: World, tmp_path: Path, then: str
) -> None:
    books = after_death(world, tmp_path, "request sent", 128_00, then=then)
    assert [sale.state for sale in books.sales] == [State.APPROVED, State.REVERSED]


def test_a_refund_that_was_not_recorded_was_never_told(world: World, tmp_path: Path) -> None:
    books = after_death(world, tmp_path, "before arming", 40_00)
    assert not books.given_back


@pytest.mark.parametrize("point", ADVISING)
def test_a_recorded_refund_reaches_the_bank_once(world: World, tmp_path: Path, point: str) -> None:
    books = after_death(world, tmp_path, point, 40_00)
    assert list(books.given_back.values()) == [("refund", 40_00)]
    assert list(books.charged.values()) == [128_00]


def test_a_second_death_before_a_refund_is_told_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    books = after_death(world, tmp_path, "advice recorded", 40_00, then="advice answered")
    assert list(books.given_back.values()) == [("refund", 40_00)]


def test_without_a_death_the_same_is_simply_given_back(world: World, tmp_path: Path) -> None:
    """The negative control, of both kinds."""
    data, profile, terminal = world.new_till(tmp_path)
    till = world.till(data, profile)
    till.sell(128_00)
    till.quit()
    till = world.till(data, profile)
    assert till.give_back(1, 28_00)["sale"]["kind"] == "refund"
    till.quit()
    till = world.till(data, profile)
    till.sell(64_00)
    till.quit()
    till = world.till(data, profile)
    notice = till.give_back(3, 64_00)
    till.quit()

    assert (notice["sale"]["kind"], notice["sale"]["state"]) == ("void", "approved")
    assert notice["moved"] == "given back"
    assert "fingerprint" not in notice["sale"]
    books = read_books(data, world.bank, terminal)
    books.check()
    assert sorted(books.given_back.values()) == [("refund", 28_00), ("void", 64_00)]
