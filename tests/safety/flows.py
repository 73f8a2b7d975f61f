"""What a till does before it dies, flow by flow, and what must hold once it has come to rest.

The one place that says so: crash_points kills these flows at points with names, system_calls at
every system call that writes. After each death, or two, the till starts again and settles what is
in doubt; then journal and bank must name the same money (tests/books), and `holds` be true.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from acquirer.simulator_settlement import SETTLEMENT
from domain.batch import Verdict
from domain.sale import State
from tests.books import Books, read_books
from tests.till_process import MAIN, MANAGER, Ended, Notice, TillProcess, World

KILLED = -9
Act = Callable[[TillProcess], object]
Start = Callable[[Path, Path], TillProcess]
"""Starts the till that is about to die, given its folder and its set-up file."""

PRICE, REFUNDED, SOLD_LATER = 128_00, 50_00, 64_00
HELD, COMPLETED = 200_00, 150_00
LOST_BY_THE_BANK = 64_80
"""Approved, and then missing in the bank's own book: the totals differ, and rows are uploaded."""
TELLS_COMPLETIONS = 'completion = "advice"'
BOOKED_THEN_DROPPED = 128_75
"""The bank books a payment of this amount and never says so."""

TAKING_A_CARD = (
    "draft remembered",
    "card captured",
    "amount confirmed",
    "pin entered",
    "before arming",
)
ASKING = (
    "armed",
    "before asking",
    "request sent",
    "answer received",
    "before outcome",
    "outcome remembered",
    "outcome shown",
)
PRINTING = ("slip taken up", "slip printed", "slip remembered")
REVERSING = ("before reversing", "reversal answered", "reversal remembered")
ADVISING = ("advice recorded", "before advising", "advice answered", "advice remembered")
RECOVERING = ("recovery begun", "recovery remembered")
SETTLING = (
    "settlement begun",
    "totals remembered",
    "before settling",
    "totals answered",
    "verdict remembered",
    "batch ended",
    "batch closed",
)
UPLOADING = ("row uploaded", "row remembered")
SIGNING_ON = ("before signing on", "keys received", "keys remembered", "pad loaded")


def sell(amount_minor: int) -> Act:
    """One sale, printed."""
    return lambda till: till.sell(amount_minor)


def give_back(number: int, amount_minor: int) -> Act:
    """So much of a payment; the till picks void or refund."""
    return lambda till: till.give_back(number, amount_minor)


def hold(till: TillProcess) -> object:
    """A pre-authorisation."""
    return till.hold(HELD)


def complete(till: TillProcess) -> object:
    """Charge a part of what the first payment holds."""
    return till.complete(1, COMPLETED)


def check_balance(till: TillProcess) -> object:
    """An enquiry, of which nothing may remain."""
    return till.check_balance()


def sign_on(till: TillProcess) -> None:
    """Until the keys are here, the pad has its own, and an echo has come back."""
    till.until(lambda notice: notice["notice"] == "strip_shown" and notice["bank_ms"] is not None)


def end_the_day(till: TillProcess) -> None:
    """A manager settles, or sees through what is being settled, until the batch is closed."""
    till.settle()
    till.send(command="sign_in", operator=MANAGER[0], pin=MANAGER[1])
    till.until(lambda notice: notice["notice"] == "checkout_shown")
    till.send(command="settle")
    till.until(_is_settled)


def _is_settled(notice: Notice) -> bool:
    if notice["notice"] != "day_shown":
        return False
    if notice["state"] == "closed":
        return bool(notice["slip"] and notice["slip"]["state"] == "printed")
    return bool(notice["state"] == "open" and notice["last"] and not notice["rows"])


def sold_once(books: Books) -> None:
    """One payment, or a draft that came to nothing."""
    assert len(books.sales) <= 1


def charged_unless_voided(books: Books) -> None:
    """The sale stands, or its void does; never both, never neither."""
    assert books.sales[0].state in {State.APPROVED, State.VOIDED}
    assert bool(books.charged) != bool(books.given_back)


def given_back_once_at_most(books: Books) -> None:
    """The sale stands, and of it no more came back than was asked for."""
    assert list(books.charged.values()) == [PRICE]
    assert list(books.given_back.values()) in ([], [("refund", REFUNDED)])


def nothing_charged(books: Books) -> None:
    """What was in doubt has been reversed."""
    assert not books.charged


def held_or_nothing(books: Books) -> None:
    """An amount is held, or the card is free; nothing is charged."""
    assert not books.charged
    assert list(books.held.values()) in ([], [("held", HELD)])


def held_or_released(books: Books) -> None:
    """The hold stands, or its release does."""
    assert not books.charged
    assert bool(books.held) != (books.sales[0].state is State.VOIDED)


def held_or_charged(books: Books) -> None:
    """The amount is held and nothing charged, or it is completed and charged."""
    charged = list(books.charged.values())
    assert list(books.held.values()) == [("completed" if charged else "held", HELD)]
    assert charged in ([], [COMPLETED])


def nothing_moved(books: Books) -> None:
    """Nothing was booked, and nothing had to be reversed."""
    assert not books.charged
    assert not books.held
    assert all(row.reversals == 0 for row in books.ledger)


def settled(verdict: Verdict) -> Callable[[Books], None]:
    """One batch is closed, the bank's verdict known, and what was sealed for it destroyed."""

    def holds(books: Books) -> None:
        assert books.closed is not None
        assert (books.closed.number, books.closed.verdict) == (1, verdict)
        assert books.for_upload == 0
        assert sum(row.kind == SETTLEMENT for row in books.ledger) == 1
        assert sum(slip.batch == 1 for slip in books.slips) == 1

    return holds


def sells_again(books: Books) -> None:
    """The sale after the deaths is approved: its keys are good."""
    assert list(books.charged.values()) == [SOLD_LATER]


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow: what it passes on its way, and what comes before, after and of it."""

    act: Act
    points: tuple[str, ...]
    """The named crash points that it passes."""
    holds: Callable[[Books], None]
    before: tuple[Act, ...] = ()
    """What tills that lived have done."""
    died_at: str = ""
    """Where a till died before, while it sold for `died_selling`."""
    died_selling: int = 0
    after: tuple[Act, ...] = ()
    """What the till can still do once all is settled."""
    rest: Act = TillProcess.settle
    """How the till comes to rest after a death."""
    more: str = ""
    """What its set-up says besides."""
    is_first_start: bool = False
    """Whether the till has never been opened before."""


FLOWS = {
    "sale": Flow(sell(PRICE), (*TAKING_A_CARD, *ASKING, *PRINTING), sold_once),
    "void": Flow(
        give_back(1, PRICE),
        (*TAKING_A_CARD, *ASKING, *PRINTING),
        charged_unless_voided,
        before=(sell(PRICE),),
    ),
    "refund": Flow(
        give_back(1, REFUNDED),
        ("draft remembered", "card captured", "before arming", *ADVISING, *PRINTING),
        given_back_once_at_most,
        before=(sell(PRICE),),
    ),
    "reversal": Flow(
        sell(BOOKED_THEN_DROPPED),
        (*TAKING_A_CARD, *ASKING, *REVERSING, *PRINTING),
        nothing_charged,
    ),
    "pre-auth": Flow(hold, (*TAKING_A_CARD, *ASKING, *PRINTING), held_or_nothing),
    "release": Flow(
        give_back(1, HELD),
        (*TAKING_A_CARD, *ASKING, *PRINTING),
        held_or_released,
        before=(hold,),
    ),
    "completion": Flow(
        complete, (*TAKING_A_CARD, *ASKING, *PRINTING), held_or_charged, before=(hold,)
    ),
    "completion's void": Flow(
        give_back(2, COMPLETED),
        (*TAKING_A_CARD, *ASKING, *PRINTING),
        held_or_charged,
        before=(hold, complete),
    ),
    "told completion": Flow(
        complete,
        ("draft remembered", "card captured", "before arming", *ADVISING, *PRINTING),
        held_or_charged,
        before=(hold,),
        more=TELLS_COMPLETIONS,
    ),
    "balance": Flow(check_balance, (*TAKING_A_CARD, *ASKING), nothing_moved),
    "settlement": Flow(
        end_the_day,
        (*SETTLING, *PRINTING),
        settled(Verdict.BALANCED),
        before=(sell(PRICE), sell(SOLD_LATER), give_back(2, SOLD_LATER)),
        rest=end_the_day,
    ),
    "batch upload": Flow(
        end_the_day,
        (*SETTLING, *UPLOADING, *PRINTING),
        settled(Verdict.NOT_BALANCED),
        before=(sell(PRICE), sell(LOST_BY_THE_BANK)),
        rest=end_the_day,
    ),
    "sign-on": Flow(sign_on, SIGNING_ON, sells_again, after=(sell(SOLD_LATER),)),
    "first start": Flow(
        sign_on, SIGNING_ON, sells_again, after=(sell(SOLD_LATER),), is_first_start=True
    ),
    "recovery": Flow(
        TillProcess.settle,
        (*RECOVERING, *REVERSING),
        nothing_charged,
        died_at="request sent",
        died_selling=PRICE,
    ),
    "recovery of a reversal": Flow(
        TillProcess.settle,
        ("recovery begun", *REVERSING),
        nothing_charged,
        died_at="before reversing",
        died_selling=BOOKED_THEN_DROPPED,
    ),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a flow that was to be killed came out."""

    died: bool
    died_again: bool
    wrong: str
    """What is wrong with the books; empty where nothing is."""


def play(
    world: World, folder: Path, flow: Flow, start: Start, again: Start | None = None
) -> Ending:
    """One till through the flow and, with `again`, through a recovery that may die as well."""
    folder.mkdir()
    data, profile, terminal = world.new_till(folder, more=flow.more)
    if flow.is_first_start:
        shutil.rmtree(data)
    if flow.died_at:
        dead = world.till(data, profile, crash_at=flow.died_at)
        assert dies(dead, sell(flow.died_selling)), "the till passed the crash point alive"
    for act in flow.before:
        live(world.till(data, profile), act)
    died = dies(start(data, profile), flow.act)
    died_again = again is not None and dies(again(data, profile), flow.rest)
    live(world.till(data, profile), flow.rest)
    for act in flow.after:
        live(world.till(data, profile), act)
    try:
        books = read_books(data, world.bank, terminal)
        books.check()
        flow.holds(books)
    except AssertionError as difference:
        return Ending(died, died_again, f"the books differ: {str(difference).splitlines()[:1]}")
    shutil.rmtree(folder)
    return Ending(died, died_again, "")


def live(till: TillProcess, act: Act) -> None:
    """Do it and close."""
    act(till)
    till.quit()


def dies(till: TillProcess, act: Act) -> bool:
    """Do it and close, or be killed on the way; whether it was."""
    try:
        act(till)
        till.quit()
    except Ended:
        assert till.let_go() == KILLED
        return True
    return False


def at_point(world: World, point: str, program: Path = MAIN) -> Start:
    """A till that dies at a point with a name."""
    return lambda data, profile: world.till(data, profile, crash_at=point, program=program)
