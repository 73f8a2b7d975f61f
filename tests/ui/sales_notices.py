"""The list of payments and single ones of it, as the till tells them: for the tests of the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from checkout.notices import PaymentShown, SaleLine, SaleShown, SalesShown, TrayRow, TrayShown
from domain.faults import Moved
from domain.give_back import Way, WayBack
from domain.kinds import Kind
from domain.money import Money
from domain.operators import Operator, Role
from domain.sale import Answer, State
from domain.tray import doubt_of
from tests.ui.payment_notices import (
    ASKED,
    BACK,
    GIVEN_UP,
    QUEUED,
    REVERSING,
    SALE,
    moment,
    slip,
)
from tests.ui.shop_window import AT, card

TOMAS = Operator("02", "Tomás Rivera", Role.SUPERVISOR)
TODAY = "2026-11-22"


def line(
    number: int,
    state: State = State.APPROVED,
    minor: int = 12800,
    last4: str = "1234",
    kind: Kind = Kind.SALE,
) -> SaleLine:
    """One row; the older, the smaller its number."""
    used = card("UnionPay", last4)
    at = AT - timedelta(minutes=7 * (412 - number))
    return SaleLine(number, state, Money(minor), used, at, kind, stan=number)


EVERY_STATE = tuple(
    line(
        412 - place,
        state,
        minor=999_999_999 if state is State.REVERSED else 4800,
        kind=kind,
    )
    for place, (state, kind) in enumerate(
        (
            (State.APPROVED, Kind.SALE),
            (State.DECLINED, Kind.SALE),
            (State.REVERSED, Kind.SALE),
            (State.REVERSAL_PENDING, Kind.SALE),
            (State.NOT_SENT, Kind.SALE),
            (State.MANUAL, Kind.VOID),
            (State.VOIDED, Kind.SALE),
            (State.QUEUED, Kind.REFUND),
            (State.DELIVERED, Kind.REFUND),
            (State.REJECTED, Kind.REFUND),
        )
    )
)
SALES = SalesShown(EVERY_STATE, "", TODAY, 62, more=True)


def page(first: int, count: int, *, more: bool = True, search: str = "") -> SalesShown:
    """So many rows from this number downwards."""
    rows = tuple(line(number) for number in range(first, first - count, -1))
    return SalesShown(rows, search, TODAY, 100_000, more)


VOID = WayBack(
    Way.VOID,
    Money(12800),
    "The day is still open at the bank, so the charge itself is cancelled.",
    "The charge disappears, usually at once.",
)
APPROVED = SaleShown(
    replace(
        SALE,
        state=State.APPROVED,
        answer=Answer("00", "632614000412", "418207"),
        history=(*ASKED, moment(7, "Approved", "00")),
    ),
    Moved.CHARGED,
    (slip("merchant"),),
    Money(0),
    VOID,
)
PART = replace(
    APPROVED,
    way_back=WayBack(
        Way.REFUND,
        Money(4000),
        "A part goes back as a refund.",
        "It goes back to the same card, usually in 1 to 7 days.",
    ),
)
VOIDED = replace(
    APPROVED,
    sale=replace(APPROVED.sale, state=State.VOIDED),
    moved=Moved.GIVEN_BACK,
    way_back=WayBack(
        Way.NONE, Money(12800), "It has been voided: all of it is given back already."
    ),
    moves=(line(413, kind=Kind.VOID),),
)
REFUND = replace(
    APPROVED,
    sale=replace(
        APPROVED.sale,
        number=407,
        kind=Kind.REFUND,
        original=388,
        state=State.QUEUED,
        given_reason="Goods returned",
        tells=3,
        history=(
            moment(0, "CardCaptured"),
            moment(2, "Recorded"),
            moment(5, "AdviceUnanswered", "N-06"),
            moment(15, "AdviceUnanswered", "N-06"),
        ),
    ),
    moved=Moved.RECORDED,
    way_back=WayBack(Way.NONE, Money(12800), "Only a sale can be given back."),
)


def doubtful(notice: PaymentShown, number: int, tries: int = 0) -> TrayRow:
    """A payment in the tray, with the words that the till finds for it."""
    sale = replace(notice.sale, number=number)
    doubt = doubt_of(sale)
    assert doubt is not None
    return TrayRow(sale, notice.moved, doubt.who, doubt.next, doubt.customer, tries, 8.0)


TRAY = TrayShown(
    (
        doubtful(GIVEN_UP, 412, 3),
        doubtful(BACK["void not certain"], 414),
        doubtful(REVERSING, 415, 2),
        doubtful(QUEUED, 416, 1),
    ),
    blocks_settlement=True,
)
