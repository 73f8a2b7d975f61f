"""Guards holds and enquiries end to end: a real till, the real training bank, TLS between them.

After every story till and bank must agree what is held, what is charged and what went back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.sale import State
from tests.books import Books, read_books
from tests.till_process import MANAGER, STRIPE, Ended, Notice, TillProcess, World, open_world

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

KILLED = -9
OTHER = ";6212345678901232=30121200000?"
HELD = 200_00
ADVICE = 'completion = "advice"'
Act = Callable[[TillProcess], object]


@pytest.fixture(scope="module", params=["unionpay", "ansi87"])
def world(request, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("holds"), dialect=request.param)
    yield world
    world.close()


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(world, tmp_path)
    yield shop
    shop.close()


class Shop:
    """One till of that world; each `do` is a run of the program of its own unless one is open."""

    def __init__(self, world: World, folder: Path, more: str = "") -> None:
        self.world = world
        quick = f"answer_seconds = 0.5\nreversal_seconds = 1.0\n{more}"
        self.data, self.profile, self.terminal = world.new_till(folder, more=quick)
        self.till: TillProcess | None = None

    def do(self, act: Act, *, crash_at: str = "") -> Notice:
        """One act by a till that closes afterwards; returns what the screen showed last."""
        self.till = self.world.till(self.data, self.profile, crash_at=crash_at)
        shown = act(self.till)
        self.till.quit()
        self.till = None
        return shown if isinstance(shown, dict) else {}

    def die(self, act: Act, point: str) -> None:
        """One act, and the power is cut on the way."""
        self.till = self.world.till(self.data, self.profile, crash_at=point)
        with pytest.raises(Ended):
            act(self.till)
        assert self.till.let_go() == KILLED
        self.till = None

    def books(self) -> Books:
        """Both books, in agreement."""
        books = read_books(self.data, self.world.bank, self.terminal)
        books.check()
        return books

    def states(self) -> list[str]:
        """How each payment stands, oldest first."""
        return [f"{sale.kind.value} {sale.state.value}" for sale in self.books().sales]

    def close(self) -> None:
        if self.till is not None:
            self.till.die()


def hold(till: TillProcess) -> Notice:
    return till.hold(HELD)


def complete(amount: int = 150_00) -> Act:
    return lambda till: till.complete(1, amount)


def give_back(number: int, amount: int) -> Act:
    return lambda till: till.give_back(number, amount)


def settle(till: TillProcess) -> None:
    till.settle()


def test_a_hold_is_no_takings_and_its_completion_is(shop: Shop) -> None:
    held = shop.do(hold)
    assert (held["sale"]["kind"], held["moved"]) == ("preauth", "held")
    assert list(shop.books().held.values()) == [("held", HELD)]
    assert not shop.books().charged

    charged = shop.do(complete(150_00))

    assert (charged["sale"]["kind"], charged["moved"]) == ("completion", "charged")
    assert list(shop.books().charged.values()) == [150_00]
    assert shop.states() == ["preauth completed", "completion approved"]


def test_a_completion_may_be_of_a_little_more_and_not_of_one_cent_above(shop: Shop) -> None:
    shop.do(hold)

    def too_much(till: TillProcess) -> None:
        till.until(lambda notice: notice["notice"] == "sign_in_shown")
        till.send(command="sign_in", operator=MANAGER[0], pin=MANAGER[1])
        till.send(command="complete", number=1, amount_minor=230_01)
        shown = till.until(lambda notice: notice["notice"] == "sale_shown")
        assert shown["completable"]["minor"] == 230_00
        till.until(lambda notice: notice["notice"] == "refusal_told")

    shop.do(too_much)
    assert shop.states() == ["preauth approved"]
    shop.do(complete(230_00))
    assert list(shop.books().charged.values()) == [230_00]


def test_a_hold_is_released(shop: Shop) -> None:
    shop.do(hold)

    released = shop.do(give_back(1, HELD))

    assert (released["sale"]["kind"], released["moved"]) == ("preauth void", "released")
    assert shop.states() == ["preauth voided", "preauth void approved"]
    assert not shop.books().held


def test_a_voided_completion_leaves_the_amount_held_and_it_is_completed_again(shop: Shop) -> None:
    shop.do(hold)
    shop.do(complete(150_00))
    assert shop.do(give_back(2, 150_00))["sale"]["kind"] == "completion void"
    assert shop.states() == ["preauth approved", "completion voided", "completion void approved"]
    assert list(shop.books().held.values()) == [("held", HELD)]

    shop.do(complete(99_00))

    assert list(shop.books().charged.values()) == [99_00]


def test_a_completion_is_refunded_in_part(shop: Shop) -> None:
    shop.do(hold)
    shop.do(complete(150_00))

    refund = shop.do(give_back(2, 40_00))

    assert (refund["sale"]["kind"], refund["sale"]["state"]) == ("refund", "delivered")
    assert list(shop.books().given_back.values()) == [("refund", 40_00)]


def test_a_completion_that_is_told_is_charged_voided_and_charged_again(
    world: World, tmp_path: Path
) -> None:
    shop = Shop(world, tmp_path, ADVICE)
    shop.do(hold)

    told = shop.do(complete(230_00))

    assert (told["sale"]["kind"], told["sale"]["state"]) == ("completion advice", "delivered")
    assert not told["sale"]["pin_entered"]
    assert list(shop.books().charged.values()) == [230_00]
    shop.do(give_back(2, 230_00))
    assert shop.states()[:2] == ["preauth approved", "completion advice voided"]
    shop.do(complete(100_00))
    assert list(shop.books().charged.values()) == [100_00]


def test_only_the_card_that_holds_is_charged(shop: Shop) -> None:
    shop.do(hold)

    def with_both(till: TillProcess) -> Notice:
        cards = iter([OTHER])
        begin: dict[str, object] = {"command": "complete", "number": 1, "amount_minor": 150_00}

        def swipe() -> None:
            till.send(command="swipe", stripe=next(cards, STRIPE))

        return till.sell(0, swipe, begin=begin)

    shown = shop.do(with_both)

    assert shown["sale"]["state"] == "approved"
    assert next(moment["note"] for moment in shown["sale"]["history"]) == "H-04"
    assert list(shop.books().charged.values()) == [150_00]


def test_a_declined_completion_leaves_the_amount_held(shop: Shop) -> None:
    shop.do(hold)
    begin: dict[str, object] = {"command": "complete", "number": 1, "amount_minor": 150_00}

    shown = shop.do(lambda till: till.sell(0, begin=begin, pin="000000"))

    assert shown["sale"]["state"] == "declined"
    assert shop.states() == ["preauth approved", "completion declined"]
    shop.do(complete(150_00))
    assert shop.states()[0] == "preauth completed"


def test_what_is_held_is_not_there_to_spend_and_the_balance_says_so(shop: Shop) -> None:
    card = ";6212345678901265=30121200000?"

    def balance() -> int:
        shown = shop.do(lambda till: till.check_balance(stripe=card))
        assert (shown["sale"]["state"], shown["moved"]) == ("approved", "none")
        assert not shown["slips"]
        return int(shown["balance"]["minor"])

    def hold_some(till: TillProcess) -> Notice:
        return till.sell(0, begin={"command": "start_preauth", "amount_minor": 26_34}, stripe=card)

    assert balance() == 50_00
    assert shop.do(hold_some)["sale"]["state"] == "approved"
    assert balance() == 23_66
    assert shop.do(hold_some)["sale"]["answer"]["code"] == "51"
    assert shop.states().count("balance approved") == 2
    written = b"".join(path.read_bytes() for path in shop.data.rglob("*") if path.is_file())
    assert b"2634" in written
    assert b"2366" not in written


SILENT = """
hold                             hold                | preauth reversed
hold, release                    release             | preauth approved, preauth void reversed
hold, completion                 completion          | preauth approved, completion reversed
hold, completed, completion void completion void     | preauth completed, completion approved, \
completion void reversed
"""
ACTS: dict[str, Act] = {
    "hold": hold,
    "release": give_back(1, HELD),
    "completion": complete(),
    "completed": complete(),
    "completion void": give_back(2, 150_00),
}


@pytest.mark.parametrize("fault", ["lost answer", "lost request", "wrong mac"])
@pytest.mark.parametrize("story", [line for line in SILENT.splitlines() if line])
def test_silence_is_reversed_and_what_was_before_stands(shop: Shop, story: str, fault: str) -> None:
    acts, end = story.split("|")
    *before, last = (act.strip() for act in acts[:32].split(","))
    for act in before:
        shop.do(ACTS[act])
    shop.world.acquirer.order(fault=fault)

    shown = shop.do(ACTS[last])

    assert shown["sale"]["state"] == "reversed"
    assert shop.states() == [state.strip() for state in end.split(",")]


@pytest.mark.parametrize("fault", ["lost answer", "lost request", "wrong mac"])
def test_silence_to_a_told_completion_repeats_it(world: World, tmp_path: Path, fault: str) -> None:
    shop = Shop(world, tmp_path, ADVICE)
    shop.do(hold)
    world.acquirer.order(fault=fault)

    shop.do(complete())
    shop.do(settle)

    assert shop.states() == ["preauth completed", "completion advice delivered"]
    assert list(shop.books().charged.values()) == [150_00]


@pytest.mark.parametrize("fault", ["lost answer", "lost request", "wrong mac"])
def test_silence_to_an_enquiry_ends_it_and_reverses_nothing(shop: Shop, fault: str) -> None:
    shop.world.acquirer.order(fault=fault)

    shown = shop.do(lambda till: till.check_balance())

    assert (shown["sale"]["state"], shown["sale"]["fault"]) == ("not_sent", "H-03")
    assert shown["moved"] == "none"
    assert all(row.reversals == 0 for row in shop.books().ledger)


NOT_ASKED = (
    "draft remembered",
    "card captured",
    "amount confirmed",
    "pin entered",
    "before arming",
)
ASKED = ("armed", "before asking", "request sent", "answer received", "before outcome")
KNOWN = ("outcome remembered", "outcome shown", "slip taken up", "slip printed", "slip remembered")
REVERSING = ("before reversing", "reversal answered", "reversal remembered")
ADVISING = ("advice recorded", "before advising", "advice answered", "advice remembered")


@pytest.fixture(scope="module")
def one_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = open_world(tmp_path_factory.mktemp("cuts"))
    yield world
    world.close()


@pytest.mark.parametrize("point", [*NOT_ASKED, *ASKED, *KNOWN])
def test_a_power_cut_while_an_amount_is_held(one_world: World, tmp_path: Path, point: str) -> None:
    shop = Shop(one_world, tmp_path)
    shop.die(hold, point)

    shop.do(settle)

    wanted = [("held", HELD)] if point in KNOWN else []
    assert list(shop.books().held.values()) == wanted


@pytest.mark.parametrize("point", [*NOT_ASKED, *ASKED, *KNOWN])
def test_a_power_cut_during_a_completion(one_world: World, tmp_path: Path, point: str) -> None:
    shop = Shop(one_world, tmp_path)
    shop.do(hold)
    shop.die(complete(), point)

    shop.do(settle)

    books = shop.books()
    assert list(books.charged.values()) == ([150_00] if point in KNOWN else [])
    wanted = "completed" if point in KNOWN else "held"
    assert list(books.held.values()) == [(wanted, HELD)]


@pytest.mark.parametrize("point", REVERSING)
@pytest.mark.parametrize("act", ["hold", "completion"])
def test_a_power_cut_while_one_is_reversed(
    one_world: World, tmp_path: Path, point: str, act: str
) -> None:
    shop = Shop(one_world, tmp_path)
    if act == "completion":
        shop.do(hold)
    one_world.acquirer.order(fault="dropped after")
    shop.die(ACTS[act], point)

    shop.do(settle)

    assert not shop.books().charged
    assert len(shop.books().held) == (act == "completion")


@pytest.mark.parametrize("then", ["recovery begun", "recovery remembered", "reversal answered"])
@pytest.mark.parametrize("act", ["hold", "completion"])
def test_a_second_power_cut_while_one_is_settled(
    one_world: World, tmp_path: Path, then: str, act: str
) -> None:
    shop = Shop(one_world, tmp_path)
    if act == "completion":
        shop.do(hold)
    shop.die(ACTS[act], "request sent")
    shop.die(settle, then)

    shop.do(settle)

    assert not shop.books().charged
    assert len(shop.books().held) == (act == "completion")


@pytest.mark.parametrize("point", ["before arming", *ADVISING])
def test_a_power_cut_while_a_completion_is_told(
    one_world: World, tmp_path: Path, point: str
) -> None:
    shop = Shop(one_world, tmp_path, ADVICE)
    shop.do(hold)
    shop.die(complete(), point)

    shop.do(settle)

    books = shop.books()
    assert list(books.charged.values()) == ([] if point == "before arming" else [150_00])


@pytest.mark.parametrize("point", ["before arming", "armed", "request sent", "answer received"])
def test_a_power_cut_during_an_enquiry_uses_its_trace_number_up(
    one_world: World, tmp_path: Path, point: str
) -> None:
    shop = Shop(one_world, tmp_path)
    shop.die(lambda till: till.check_balance(), point)

    shop.do(settle)
    shop.do(lambda till: till.sell(12_00))

    books = shop.books()
    wanted = State.ABANDONED if point == "before arming" else State.NOT_SENT
    assert books.sales[0].state is wanted
    assert all(row.reversals == 0 for row in books.ledger)
    assert books.sales[1].state is State.APPROVED


def test_holds_and_their_charges_settle_without_a_difference(world: World, tmp_path: Path) -> None:
    shop = Shop(world, tmp_path)
    for act in (hold, complete(), give_back(2, 150_00), complete(230_00), give_back(4, 30_00)):
        shop.do(act)
    shop.do(hold)
    shop.do(give_back(6, HELD))
    shop.do(hold)
    shop.do(lambda till: till.check_balance())

    def settle_the_day(till: TillProcess) -> Notice:
        till.until(lambda notice: notice["notice"] == "sign_in_shown")
        till.send(command="sign_in", operator=MANAGER[0], pin=MANAGER[1])
        till.send(command="settle")
        return till.until(
            lambda notice: notice["notice"] == "day_shown" and notice["state"] == "closed"
        )

    day = shop.do(settle_the_day)

    assert (day["verdict"], day["differences"]) == ("balanced", [])
    assert (day["till"]["debit_count"], day["till"]["debit"]["minor"]) == (2, 380_00)
    assert (day["till"]["credit_count"], day["till"]["credit"]["minor"]) == (2, 180_00)
    assert shop.do(lambda till: till.complete(8, 60_00))["sale"]["batch"] == 2
    assert list(shop.books().charged.values()) == [230_00, 60_00]
    assert shop.do(give_back(4, 10_00))["sale"]["kind"] == "refund"
