"""Guards the batch: its steps in their order, its totals, and the record that outlives a power cut."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.batch import (
    TABLE,
    AllFinished,
    BankRow,
    Batch,
    BatchErrand,
    BatchNotNow,
    BatchRow,
    BatchState,
    BatchTotals,
    Begun,
    Ended,
    RowsTaken,
    RowVerdict,
    RowWord,
    Silent,
    SoldOn,
    Stage,
    TakenUp,
    TotalsAnswered,
    Verdict,
    advance,
    fills,
    row_of,
    rows_of,
    totals_of,
)
from domain.batch_record import batch_entry, from_record, to_record
from domain.card import EntryMode, RememberedCard
from domain.kinds import Kind
from domain.money import CNY, Money
from domain.operators import Operator, Role
from domain.sale import Sale, State

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
NOTHING = totals_of((), CNY)
MEI = Operator("01", "Mei Lin", Role.CASHIER)
WORD = RowVerdict(7, RowWord.OTHER_AMOUNT, Money(29_00))
EVENTS = {
    "begun": Begun("02 Grace Okafor"),
    "finished": AllFinished(NOTHING, NOTHING),
    "match": TotalsAnswered(Verdict.BALANCED, NOTHING),
    "differ": TotalsAnswered(Verdict.NOT_BALANCED, None, 3),
    "rows": RowsTaken(2, (WORD,)),
    "row": RowsTaken(1),
    "ended": Ended((BankRow(900, Money(5_00)),)),
    "silent": Silent("N-06"),
    "power": TakenUp(),
    "sell-on": SoldOn("02 Grace Okafor"),
}
STORIES = """
begun                                              -> finishing
begun finished                                     -> comparing
begun finished match                               -> ending
begun finished match ended                         -> closed
begun finished differ                              -> uploading
begun finished differ rows                         -> uploading
begun finished differ rows row                     -> ending
begun finished differ rows row ended               -> closed
begun power finished power match power ended       -> closed
begun finished silent silent silent sell-on match  -> ending
begun sell-on finished match ended                 -> closed
begun silent                                       -> not now
begun begun                                        -> not now
begun match                                        -> not now
begun finished finished                            -> not now
begun finished ended                               -> not now
begun finished rows                                -> not now
begun finished match match                         -> not now
begun finished match rows                          -> not now
begun finished differ ended                        -> not now
begun finished differ rows rows                    -> not now
begun finished match ended ended                   -> not now
begun finished match ended power                   -> not now
finished                                           -> not now
power                                              -> not now
"""


def play(events: str) -> Batch:
    batch = Batch(3, NOON)
    for number, name in enumerate(events.split(), 1):
        batch = advance(batch, EVENTS[name], NOON, 100 + number).batch
    return batch


@pytest.mark.parametrize("story", STORIES.strip().splitlines())
def test_a_story_of_a_batch(story: str) -> None:
    events, _, end = (part.strip() for part in story.partition("->"))
    if end == "not now":
        with pytest.raises(BatchNotNow):
            play(events)
    else:
        assert play(events).stage is Stage(end)


@pytest.mark.parametrize("state", BatchState)
@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: type(event).__name__)
def test_what_the_table_does_not_say_changes_nothing(state: BatchState, event: object) -> None:
    if (state, type(event)) not in TABLE:
        with pytest.raises(BatchNotNow):
            advance(Batch(1, NOON, state), event, NOON)  # type: ignore[arg-type]  # one of them


def test_every_try_takes_a_trace_number_and_nothing_else_does() -> None:
    batch, taken = Batch(3, NOON), []
    for number, name in enumerate(
        ["begun", "sell-on", "finished", "silent", "power", "differ", "rows", "row", "ended"]
    ):
        step = advance(batch, EVENTS[name], NOON, 100 + number)
        batch = step.batch
        if step.takes_stan:
            taken.append(name)
            assert batch.stan == 100 + number
    assert taken == ["finished", "silent", "power", "differ", "rows", "row"]


def test_silences_are_counted_until_the_bank_speaks() -> None:
    batch = play("begun finished silent silent")
    assert (batch.silences, batch.fault) == (2, "N-06")
    assert play("begun finished silent silent power").silences == 2
    heard = play("begun finished silent silent match")
    assert (heard.silences, heard.fault) == (0, "")


def test_a_power_cut_goes_on_in_its_step() -> None:
    assert advance(play("begun"), TakenUp(), NOON).errands == (BatchErrand.FINISH,)
    for events in ("begun finished", "begun finished differ", "begun finished match"):
        assert advance(play(events), TakenUp(), NOON).errands == (BatchErrand.SEND,)


@pytest.mark.parametrize(
    "events", [story.partition("->")[0] for story in STORIES.splitlines() if "not now" not in story]
)
def test_a_record_is_exact(events: str) -> None:
    batch = replace(play(events), unsent=(4, 5))
    assert from_record(json.loads(json.dumps(to_record(batch)))) == batch
    entry = batch_entry(batch, Silent("N-06"), NOON, "02")
    assert json.loads(json.dumps(entry.body))["fault"] == "N-06"


def sale(kind: Kind, state: State, scheme: str = "UnionPay", minor: int = 10_00) -> Sale:
    card = RememberedCard("622202******1234", scheme, EntryMode.SWIPE)
    return Sale(1, Money(minor), MEI, NOON, state, card, 7, 3, kind=kind)


ROWS = """
sale              approved          debit
sale              voided            debit
sale              reversed          -
sale              declined          -
sale              reversal_pending  -
sale              manual            -
void              approved          credit
void              declined          -
void              reversed          -
refund            queued            credit
refund            delivered         credit
refund            rejected          -
preauth           approved          -
preauth           completed         -
preauth void      approved          -
completion        approved          debit
completion        voided            debit
completion advice delivered         debit
completion advice voided            debit
completion void   approved          credit
balance           approved          -
"""


@pytest.mark.parametrize("row", ROWS.strip().splitlines())
def test_what_stands_under_debit_and_what_under_credit(row: str) -> None:
    kind, state, side = row[:18].strip(), row[18:36].strip(), row[36:].strip()
    found = row_of(sale(Kind(kind), State(state)))
    assert (found and ("credit" if found.is_credit else "debit")) == (side if side != "-" else None)


def test_totals_are_added_up_by_side() -> None:
    rows = rows_of(
        [
            sale(Kind.SALE, State.VOIDED),
            sale(Kind.VOID, State.APPROVED),
            sale(Kind.SALE, State.APPROVED, "Visa", 5_00),
            sale(Kind.SALE, State.DECLINED),
        ]
    )
    totals = totals_of(rows, CNY)
    assert totals == BatchTotals(2, Money(15_00), 1, Money(10_00))
    assert totals.net == Money(5_00)
    assert [row.is_foreign for row in rows] == [False, False, True]
    assert totals + totals == BatchTotals(4, Money(30_00), 2, Money(20_00))


@pytest.mark.parametrize(
    ("rows", "limit", "fault"),
    [(0, 10, ""), (8, 10, ""), (9, 10, "B-02"), (10, 10, "B-03"), (11, 10, "B-03"), (1, 1, "B-03")],
)
def test_a_batch_warns_before_it_is_full(rows: int, limit: int, fault: str) -> None:
    assert fills(rows, limit) == fault


def test_a_row_names_its_sale_and_its_trace_number() -> None:
    assert row_of(sale(Kind.SALE, State.APPROVED)) == BatchRow(
        1, 7, Money(10_00), False, "UnionPay"
    )
