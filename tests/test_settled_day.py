"""Guards a whole day settled by a real till with the real training bank, in each dialect.

Sales, a void, a refund, a completion, and the three amounts that the bank books wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.batch import Verdict
from tests.books import read_books
from tests.safety.flows import end_the_day, give_back, live, sell
from tests.till_process import TillProcess, World, open_world

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs warm tills")

LOST, LESS, TWICE = 20_80, 30_81, 40_82
VISA = ";4242424242424242=30121010000012345678?"


@pytest.fixture(scope="module", params=["unionpay", "ansi87"])
def world(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("days"), request.param)
    yield world
    world.close()


def settled(till: TillProcess) -> dict[str, Any]:
    """The end of the day as a manager sees it."""
    end_the_day(till)
    return till.seen[-1]


def test_a_day_of_every_kind_matches_to_the_cent(world: World, tmp_path: Path) -> None:
    data, profile, terminal = world.new_till(tmp_path)
    for act in (
        sell(100_00),
        sell(50_00),
        give_back(1, 100_00),
        give_back(2, 20_00),
        lambda till: till.hold(80_00),
        lambda till: till.complete(5, 70_00),
        lambda till: till.sell(9_00, stripe=VISA),
    ):
        live(world.till(data, profile), act)
    till = world.till(data, profile)
    shown = settled(till)
    till.quit()

    assert shown["verdict"] == "balanced"
    assert (shown["till"]["debit_count"], shown["till"]["credit_count"]) == (4, 2)
    assert shown["net"]["minor"] == 100_00 + 50_00 - 100_00 - 20_00 + 70_00 + 9_00
    assert [(line["scheme"], line["count"]) for line in shown["schemes"]] == [
        ("UnionPay", 3),
        ("Visa", 1),
    ]
    assert shown["differences"] == []
    books = read_books(data, world.bank, terminal)
    books.check()
    assert books.closed is not None
    assert books.closed.verdict is Verdict.BALANCED
    assert books.for_upload == 0


def test_a_day_that_the_bank_booked_wrongly_is_explained_line_by_line(
    world: World, tmp_path: Path
) -> None:
    data, profile, terminal = world.new_till(tmp_path)
    for amount in (10_00, LOST, LESS, TWICE):
        live(world.till(data, profile), sell(amount))
    till = world.till(data, profile)
    shown = settled(till)
    till.quit()

    assert (shown["verdict"], shown["sent"], shown["of"]) == ("not balanced", 4, 4)
    found = [(line["kind"], line["till"], line["bank"]) for line in shown["differences"]]
    currency = {"currency": "CNY"}
    assert found == [
        ("not at the bank", {"minor": LOST, **currency}, None),
        ("amount", {"minor": LESS, **currency}, {"minor": LESS - 1_00, **currency}),
        ("only at the bank", None, {"minor": TWICE, **currency}),
    ]
    page = "\n".join(shown["slip"]["document"])
    assert "TOTALS DIFFER" in page
    assert "The upload has booked it." in page
    books = read_books(data, world.bank, terminal)
    assert sorted(books.charged.values()) == sorted([10_00, LOST, LESS - 1_00, TWICE, TWICE])
    assert books.for_upload == 0


def test_the_next_day_begins_where_the_last_one_ended(world: World, tmp_path: Path) -> None:
    data, profile, terminal = world.new_till(tmp_path)
    for _ in range(2):
        live(world.till(data, profile), sell(10_00))
        live(world.till(data, profile), end_the_day)
    books = read_books(data, world.bank, terminal)
    assert books.charged == books.approved
    assert [sale.batch for sale in books.sales] == [1, 2]
    assert [row.batch for row in books.ledger if row.kind == "settlement"] == [1, 2]
