"""The end of the day in each of its states, as the till tells it: for the tests of its screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from checkout.notices import DayShown, InTheWay, LastBatch, SchemeLine, SlipShown
from domain.batch import BatchState, BatchTotals, Stage, Verdict
from domain.document import Align, Document, Pair, Ruled, Text
from domain.match import _WORDS, Difference, Differing
from domain.money import Money

OPENED = datetime(2026, 11, 22, 0, 52, tzinfo=UTC)
TILL = BatchTotals(56, Money(812090), 1, Money(4800))
PAGE = Document(
    (
        Text("PLUM LANE STORES", Align.CENTRE, bold=True, double=True),
        Text("*** SETTLEMENT 000087 ***", Align.CENTRE, bold=True),
        Ruled("="),
        *(Pair(f"LINE {n}", "5,214.30") for n in range(24)),
        Pair("NET", "8,072.90", double=True),
    )
)


def difference(
    kind: Differing, stan: int, till: int | None = None, bank: int | None = None
) -> Difference:
    text, cure = _WORDS[kind]
    amounts = [None if minor is None else Money(minor) for minor in (till, bank)]
    return Difference(kind, stan, stan, amounts[0], amounts[1], None, text, cure)


DIFFERENCES = (
    difference(Differing.NOT_AT_BANK, 412, 8080),
    difference(Differing.AMOUNT, 415, 8081, 8181),
    difference(Differing.ONLY_AT_BANK, 431, None, 8082),
)
LAST = LastBatch(86, OPENED - timedelta(hours=13), Verdict.BALANCED, Money(1098450), differences=())
OPEN = DayShown(
    batch=87,
    state=BatchState.OPEN,
    opened_at=OPENED,
    can_settle=True,
    can_sell_on=False,
    sells=True,
    rows=57,
    rows_allowed=500,
    schemes=(
        SchemeLine("UnionPay", 38, Money(521430)),
        SchemeLine("Visa", 9, Money(148600)),
        SchemeLine("Mastercard", 7, Money(110260)),
        SchemeLine("JCB", 2, Money(31800)),
    ),
    refunds=SchemeLine("", 1, Money(4800)),
    net=Money(807290),
    till=TILL,
    last=LAST,
)
FIRST_DAY = replace(OPEN, last=None)
EMPTY = replace(
    OPEN,
    can_settle=False,
    rows=0,
    schemes=(),
    refunds=SchemeLine("", 0, Money(0)),
    net=Money(0),
    till=BatchTotals(0, Money(0), 0, Money(0)),
)
NEARLY_FULL = replace(OPEN, rows=461)
AFTER_A_DIFFERENCE = replace(
    OPEN, last=replace(LAST, verdict=Verdict.NOT_BALANCED, differences=DIFFERENCES)
)
IN_THE_WAY = replace(
    OPEN,
    in_the_way=(
        InTheWay(
            412,
            "Call the acquirer with the trace number, then note here what it says.",
            by_people=True,
        ),
        InTheWay(
            431,
            "Do not charge again for this sale: the till cancels it until the bank confirms.",
            by_people=False,
        ),
    ),
)
FINISHING = replace(
    OPEN,
    state=BatchState.CLOSING,
    step=Stage.FINISHING,
    sells=False,
    in_the_way=IN_THE_WAY.in_the_way[1:],
)
COMPARING = replace(FINISHING, step=Stage.COMPARING, in_the_way=())
SILENT = replace(COMPARING, fault="N-06", next_try_seconds=15.0, can_sell_on=True)
UPLOADING = replace(
    COMPARING,
    state=BatchState.UPLOADING,
    step=Stage.UPLOADING,
    verdict=Verdict.NOT_BALANCED,
    sent=31,
    of=57,
)
UPLOAD_SILENT = replace(UPLOADING, fault="N-02", next_try_seconds=60.0)
ENDING = replace(UPLOADING, step=Stage.ENDING, sent=57)
SETTLED = replace(
    ENDING,
    state=BatchState.CLOSED,
    step=Stage.CLOSED,
    sells=True,
    verdict=Verdict.BALANCED,
    bank=TILL,
    slip=SlipShown("settlement", "printed", "", PAGE),
)
DIFFERENT = replace(
    SETTLED,
    verdict=Verdict.NOT_BALANCED,
    bank=BatchTotals(56, Money(812172), 1, Money(4800)),
    differences=DIFFERENCES,
    slip=SlipShown("settlement", "owed", "L-01", PAGE),
)
NOT_COMPARED = replace(SETTLED, verdict=Verdict.ERROR, bank=None)

ALL = {
    "open": OPEN,
    "first day": FIRST_DAY,
    "empty": EMPTY,
    "nearly full": NEARLY_FULL,
    "after a difference": AFTER_A_DIFFERENCE,
    "in the way": IN_THE_WAY,
    "finishing": FINISHING,
    "comparing": COMPARING,
    "silent": SILENT,
    "uploading": UPLOADING,
    "upload silent": UPLOAD_SILENT,
    "ending": ENDING,
    "settled": SETTLED,
    "different": DIFFERENT,
    "not compared": NOT_COMPARED,
}
