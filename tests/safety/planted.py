"""Known-bad variants of engine, journal, printing and recovery, one at a time, and who notices.

A bug is a small change of one function's source, or of one line of TABLE, made in this process and
taken back again. The simulation lives through days until an invariant breaks. A change whose place
is not found any more is an error, so that no bug falls out of the list unseen. What is planted in
the link and the codec is caught by the hostile tests.

    python -m tests.safety.planted [WORD ...]     prints k/k, and the seed that caught each
"""

from __future__ import annotations
import __future__

import importlib
import inspect
import multiprocessing
import os
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FunctionType
from typing import Any

from domain import sale as rules
from domain.sale import TABLE, Errand, Row, State
from tests.safety.simulation.day import Plan, simulate

SEED = 7_000
MOST_DAYS = 60
"""Days after which a bug counts as missed."""
CUSTOMERS = 50

Change = Callable[[], Callable[[], None]]
"""Makes a change, and returns what takes it back."""


@dataclass(frozen=True)
class Bug:
    """One planted bug: its name says what the careless programmer did."""

    name: str
    changes: tuple[Change, ...]

    @contextmanager
    def planted(self) -> Iterator[None]:
        undo = [change() for change in self.changes]
        try:
            yield
        finally:
            for take_back in reversed(undo):
                take_back()


def patched(place: str, *edits: tuple[str, str]) -> Change:
    """A change of the function at 'module:Name.name': each old text stands in it once."""

    def make() -> Callable[[], None]:
        function = function_at(place)
        source = textwrap.dedent(inspect.getsource(function))
        for old, new in edits:
            if source.count(old) != 1:
                raise LookupError(f"{place} has changed: {old!r}")
            source = source.replace(old, new)
        namespace: dict[str, Any] = {}
        flags = __future__.annotations.compiler_flag
        code = compile(source, f"<planted in {place}>", "exec", flags, dont_inherit=True)
        exec(code, {**function.__globals__}, namespace)  # noqa: S102  # our own text
        before = function.__code__
        changed = namespace[function.__name__]
        function.__code__ = getattr(changed, "fget", changed).__code__
        return lambda: setattr(function, "__code__", before)

    return make


def function_at(place: str) -> FunctionType:
    module, _, path = place.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = inspect.getattr_static(found, name)
    if isinstance(found, property):
        found = found.fget
    assert isinstance(found, FunctionType)
    return found


def row(state: State, event: type, to: Row | None) -> Change:
    """Another line in TABLE; None takes it out."""

    def make() -> Callable[[], None]:
        before = TABLE.get((state, event))
        _set(state, event, to)
        return lambda: _set(state, event, before)

    return make


def _set(state: State, event: type, to: Row | None) -> None:
    if to is None:
        TABLE.pop((state, event), None)
    else:
        TABLE[state, event] = to


def replaced(place: str, value: object) -> Change:
    """Another value for 'module:NAME' or 'module:Class.name'."""

    def make() -> Callable[[], None]:
        module, _, path = place.partition(":")
        owner: Any = importlib.import_module(module)
        *outer, name = path.split(".")
        for part in outer:
            owner = getattr(owner, part)
        before = getattr(owner, name)
        setattr(owner, name, value)
        return lambda: setattr(owner, name, before)

    return make


WIPE_PRINT = (Errand.WIPE, Errand.PRINT)
REVERSING = (Errand.WIPE, Errand.PRINT, Errand.REVERSE)
REMEMBER = "        self._remember(sale, step, arm, event)\n"

BUGS = (
    Bug(
        "the sale is asked for before it is on disk",
        (
            patched(
                "checkout.payment:Payments.happen",
                (REMEMBER, "        pass\n"),
                (
                    "    self._settle_in(step, event)\n",
                    "    self._settle_in(step, event)\n    self._remember(sale, step, arm, event)\n",
                ),
            ),
        ),
    ),
    Bug(
        "the outcome is shown before it is on disk",
        (
            patched(
                "checkout.payment:Payments.happen",
                (
                    REMEMBER.lstrip(),
                    (
                        "self.sales[number] = step.sale;"
                        " self._till.desk.changed(step.sale, event);"
                        " self._remember(sale, step, arm, event)\n"
                    ),
                ),
            ),
        ),
    ),
    Bug(
        "a sale is armed without the reversal that could undo it",
        (patched("checkout.payment:Payments._remember", ("arm=arm,", "arm=None,")),),
    ),
    Bug(
        "a reversal is given up after three tries",
        (
            patched(
                "checkout.bank:Bank.reverse_in_turn",
                (
                    "    till = self._till\n",
                    "    till = self._till\n    if sale.reversal_tries >= 3:\n        return\n",
                ),
            ),
            patched("checkout.bank:Bank.is_back", ("self.reverse_now(number)", "pass")),
        ),
    ),
    Bug(
        "the reversal of another sale is sent",
        (patched("db.in_doubt:sealed", ("WHERE sale = ?", "WHERE sale <> ? OR 1")),),
    ),
    Bug(
        "the trace number is not counted in the commit that uses it",
        (patched("db.journal:Journal._write", ('self._count("stan", sale.stan or 0)', "pass")),),
    ),
    Bug(
        "a payment takes the trace number of one that is in doubt",
        (
            patched(
                "db.journal:Journal.peek_stan",
                (
                    "return self.counter",
                    "return next((s.stan for s in self.open_sales() if s.stan), 0) or self.counter",
                ),
            ),
        ),
    ),
    Bug(
        "a late approval revives a sale that is being reversed",
        (
            row(
                State.REVERSAL_PENDING,
                rules.Approved,
                Row(State.APPROVED, WIPE_PRINT),
            ),
        ),
    ),
    Bug(
        "silence counts as a decline",
        (row(State.WAITING, rules.Unanswered, Row(State.DECLINED, WIPE_PRINT)),),
    ),
    Bug(
        "silence counts as never sent",
        (row(State.WAITING, rules.Unanswered, Row(State.NOT_SENT, (Errand.WIPE,))),),
    ),
    Bug(
        "silence counts as approved",
        (row(State.WAITING, rules.Unanswered, Row(State.APPROVED, WIPE_PRINT)),),
    ),
    Bug(
        "a sale that the bank holds under this number already is reversed",
        (row(State.WAITING, rules.SentTwice, Row(State.REVERSAL_PENDING, REVERSING)),),
    ),
    Bug(
        "the start forgets what was armed",
        (
            patched(
                "checkout.recovery:recover",
                (
                    "if sale.state is State.MANUAL:",
                    "if sale.state in {State.MANUAL, State.ARMED}:",
                ),
            ),
        ),
    ),
    Bug(
        "the start calls what was armed reversed, and asks nobody",
        (row(State.ARMED, rules.PowerReturned, Row(State.REVERSED, (Errand.PRINT,))),),
    ),
    Bug(
        "the start calls what was armed approved",
        (row(State.ARMED, rules.PowerReturned, Row(State.APPROVED, (Errand.PRINT,))),),
    ),
    Bug(
        "a bank in trouble counts as a reversal accepted",
        (
            patched(
                "domain.sale:judge_reversal",
                ("if answer.code in accepted:", "if answer.code in accepted | temporary:"),
            ),
        ),
    ),
    Bug(
        "a reversal that was refused once too often counts as done",
        (row(State.REVERSAL_PENDING, rules.ReversalGivenUp, Row(State.REVERSED, (Errand.PRINT,))),),
    ),
    Bug(
        "a reversal is repeated without a pause",
        (replaced("checkout.bank:REVERSAL_WAITS", (0.0,)),),
    ),
    Bug(
        "putting a payment aside forgets it, though it is in doubt",
        (patched("checkout.desk:Desk._put_aside", ("sale.state not in OPEN", "sale.state")),),
    ),
    Bug(
        "a second payment may begin while the first is with the bank",
        (patched("checkout.desk:Desk.begin", ("in DRAFTS | OPEN", "in DRAFTS")),),
    ),
    Bug(
        "a cancel is obeyed after the bank has been asked",
        (
            row(State.WAITING, rules.Cancelled, Row(State.ABANDONED, (Errand.WIPE,))),
            patched(
                "checkout.desk:Desk.cancel", ("_happen_in(DRAFTS,", "_happen_in(DRAFTS | OPEN,")
            ),
        ),
    ),
    Bug(
        "the request is asked for twice",
        (
            patched(
                "checkout.bank:Bank.ask",
                (
                    "\n    till.hands.acquirer.do(\n",
                    (
                        "\n    till.hands.acquirer.do(partial(errands.ask, till.parts.link,"
                        " self.caller(), request, sent, till.put))\n    till.hands.acquirer.do(\n"
                    ),
                ),
            ),
        ),
    ),
    Bug(
        "what was sealed stays on disk when the sale is settled",
        (patched("db.in_doubt:destroy", ("WHERE sale = ?", "WHERE sale = -?")),),
    ),
    Bug(
        "what was sealed is destroyed while the sale is in doubt",
        (
            patched(
                "checkout.payment:Payments._remember",
                ("settled=sale.state in FINAL and", "settled=sale.state is not State.ARMED and"),
            ),
        ),
    ),
    Bug(
        "an approval counts twice in the day's total",
        (patched("db.journal:Journal._write_sale", ("count, minor)", "count, minor * 2)")),),
    ),
    Bug(
        "a lost commit is taken for a good one",
        (
            patched(
                "db.journal:Journal.remember",
                ('raise StoreFault("J-01", str(error)) from None', "return"),
            ),
        ),
    ),
    Bug(
        "a commit that failed is taken for lost without a look",
        (
            patched(
                "db.journal:Journal.remember",
                ("if (self._number, self._chain) == (number, chain):", "if not self._db:"),
            ),
        ),
    ),
    Bug(
        "an outcome that no disk took is shown all the same",
        (
            patched(
                "checkout.mishaps:step_without_disk",
                ("if isinstance(event, OUTCOMES):", "if isinstance(event, ()):"),
            ),
        ),
    ),
    Bug(
        "a chain value does not carry the one before",
        (patched("db.journal:Journal._link", ("chain + text.encode()", "text.encode()")),),
    ),
    Bug(
        "a number is left out in the journal",
        (
            patched(
                "db.journal:Journal.remember", ("        number += 1\n", "        number += 2\n")
            ),
        ),
    ),
    Bug(
        "a slip that may have come out is printed again without the mark",
        (
            patched(
                "checkout.printing:SlipQueue.push",
                ("if slip.number in self._left_printing or slip.copies:", "if slip.copies:"),
            ),
        ),
    ),
    Bug(
        "a slip that nobody confirmed is printed once more",
        (
            patched(
                "checkout.printing:SlipQueue.done",
                ("if report.fault == UNCONFIRMED:", "if not report:"),
            ),
        ),
    ),
    Bug(
        "a slip counts as out though the printer had no paper",
        (
            patched(
                "checkout.printing:SlipQueue.done",
                ("state = SlipState.OWED if report.fault else", "state ="),
            ),
        ),
    ),
    Bug(
        "a slip is printed before that is on disk",
        (
            patched(
                "checkout.printing:SlipQueue._taken_up",
                ("        self._note(slip.number, SlipState.PRINTING)\n", ""),
            ),
        ),
    ),
    Bug(
        "an approval owes no slip",
        (
            patched(
                "checkout.payment:Payments._remember",
                ("if Errand.PRINT in step.errands:", "if sale.state is State.REVERSED:"),
            ),
        ),
    ),
    Bug(
        "the card is not wiped after the answer",
        (patched("checkout.customer:Customer.forget", ("self.card.wipe()", "pass")),),
    ),
    Bug(
        "a swipe that nobody asked for is not wiped",
        (patched("checkout.desk:discard", ("stripe[index] = 0", "pass")),),
    ),
    Bug(
        "the whole card number is remembered",
        (patched("domain.card:Pan.masked", ("self._remembered", "self._bytes.decode()")),),
    ),
    Bug(
        "anybody may begin a sale",
        (replaced("checkout.commands:StartSale.needs", None),),
    ),
)


@dataclass(frozen=True)
class Verdict:
    """Who noticed a bug: the invariant and the seed; neither where nobody did."""

    bug: str
    invariant: str = ""
    seed: int = 0
    days: int = 0


def hunt(number: int, days: int = MOST_DAYS) -> Verdict:
    """Plant one bug and live on until it is noticed."""
    bug = BUGS[number]
    try:
        with bug.planted():
            return _hunted(bug, days)
    except LookupError as gone:
        return Verdict(bug.name, str(gone))


def _hunted(bug: Bug, days: int) -> Verdict:
    for day in range(days):
        report = simulate(Plan(SEED + day, customers=CUSTOMERS, storm=1.0))
        if report.broken:
            return Verdict(bug.name, report.broken, SEED + day, day + 1)
    return Verdict(bug.name, f"not in {days} days")


def is_caught(name: str) -> bool:
    """Whether the simulation notices that bug."""
    return bool(hunt([bug.name for bug in BUGS].index(name)).seed)


def hunt_all(numbers: Sequence[int] = range(len(BUGS))) -> list[Verdict]:
    """Every bug, over all processors."""
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        return pool.map(hunt, numbers, chunksize=1)


def hunt_some(seconds: float, seed: int) -> list[Verdict]:
    """As many bugs as the time allows, in an order of the seed's; in this process."""
    began = time.perf_counter()
    numbers = list(range(len(BUGS)))
    Random(seed).shuffle(numbers)
    verdicts: list[Verdict] = []
    for number in numbers:
        verdicts.append(hunt(number))
        if time.perf_counter() - began > seconds:
            break
    return verdicts


def main(words: list[str]) -> int:
    """Print each bug with what caught it, then k/k."""
    began = time.perf_counter()
    numbers = [n for n, bug in enumerate(BUGS) if all(word in bug.name for word in words)]
    verdicts = hunt_all(numbers=numbers)
    for verdict in verdicts:
        caught = f"{verdict.invariant} (seed {verdict.seed}, day {verdict.days})"
        print(f"{verdict.bug}: {caught if verdict.seed else f'MISSED: {verdict.invariant}'}")
    caught = sum(verdict.seed > 0 for verdict in verdicts)
    print(f"{caught}/{len(verdicts)} planted bugs caught in {time.perf_counter() - began:.1f} s")
    return 0 if caught == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
