"""Holds, their releases and charges, and balances, as the till tells them: for the tests of the window."""

from __future__ import annotations

from dataclasses import replace

from checkout.notices import PaymentShown, SaleShown
from domain.faults import Moved
from domain.give_back import Way, WayBack
from domain.kinds import Kind
from domain.money import Money, zero
from domain.sale import Answer, State
from domain.truth import money_moved
from tests.ui.payment_notices import (
    APPROVED,
    ARMED,
    CAPTURED,
    DECLINED,
    DRAFT,
    GIVEN_UP,
    NOT_SENT,
    PIN,
    PIN_ON_SCREEN,
    REVERSED,
    REVERSING,
    TELLING,
    WAITING,
    moment,
    slip,
)
from tests.ui.sales_notices import APPROVED as LISTED
from tests.ui.sales_notices import line

MOMENTS = {
    "card awaited": DRAFT,
    "to confirm": CAPTURED,
    "PIN": PIN,
    "PIN on the screen": PIN_ON_SCREEN,
    "armed": ARMED,
    "authorising": WAITING,
    "approved": APPROVED,
    "declined": DECLINED,
    "declined, another card": replace(
        DECLINED, sale=replace(DECLINED.sale, answer=Answer("51")), wrong_pins=0
    ),
    "lost card": replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer("41")), wrong_pins=0),
    "not sent": NOT_SENT,
    "reversing": REVERSING,
    "reversed": REVERSED,
    "not certain": GIVEN_UP,
}


def of_kind(notice: PaymentShown, kind: Kind, **values: object) -> PaymentShown:
    """The same moment of a payment of another kind, with the money line that the till would say."""
    original = None if kind in {Kind.PREAUTH, Kind.BALANCE} else 411
    sale = replace(notice.sale, kind=kind, original=original, **values)
    return replace(notice, sale=sale, moved=money_moved(sale), receipt_link="")


def every_moment(kind: Kind, name: str) -> dict[str, PaymentShown]:
    return {f"{name}: {when}": of_kind(notice, kind) for when, notice in MOMENTS.items()}


HELD = of_kind(APPROVED, Kind.PREAUTH)
RECORDED = of_kind(
    replace(APPROVED, slips=(slip("charge recorded"),)),
    Kind.COMPLETION_ADVICE,
    state=State.QUEUED,
    answer=None,
    history=TELLING,
)
TOLD = of_kind(RECORDED, Kind.COMPLETION_ADVICE, state=State.DELIVERED, answer=Answer("00"))
REFUSED = of_kind(
    RECORDED, Kind.COMPLETION_ADVICE, state=State.REJECTED, answer=Answer("12"), fault="H-02"
)
ASKED = {
    when: of_kind(notice, Kind.BALANCE, amount=zero(notice.sale.amount.currency))
    for when, notice in MOMENTS.items()
    if when not in {"reversing", "reversed", "not certain"}
}
BALANCE = replace(ASKED["approved"], balance=Money(123_456_789), slips=())
SILENT = of_kind(ASKED["not sent"], Kind.BALANCE, fault="H-03")

HOLDS = {
    **every_moment(Kind.PREAUTH, "hold"),
    **every_moment(Kind.PREAUTH_VOID, "release"),
    **every_moment(Kind.COMPLETION, "completion"),
    **every_moment(Kind.COMPLETION_VOID, "completion void"),
    "completion recorded": RECORDED,
    "completion told": TOLD,
    "completion refused": REFUSED,
    **{f"balance: {when}": notice for when, notice in ASKED.items()},
    "balance": BALANCE,
    "balance not said": replace(BALANCE, balance=None),
    "balance unanswered": SILENT,
}

RELEASE = WayBack(
    Way.VOID,
    Money(12800),
    "Nothing was charged: the hold is released.",
    "The amount is free again, usually at once.",
)
HOLD = replace(
    LISTED,
    sale=replace(LISTED.sale, kind=Kind.PREAUTH),
    moved=Moved.HELD,
    way_back=RELEASE,
    completable=Money(14720),
)
CHARGED = replace(
    HOLD,
    sale=replace(
        HOLD.sale,
        state=State.COMPLETED,
        history=(*HOLD.sale.history, moment(90, "Completed", "413")),
    ),
    moved=Moved.HOLD_CHARGED,
    way_back=WayBack(
        Way.NONE, Money(12800), "The hold has been charged: give its completion back instead."
    ),
    completable=None,
    moves=(line(413, minor=10000, kind=Kind.COMPLETION),),
)
RELEASED = replace(
    HOLD,
    sale=replace(
        HOLD.sale, state=State.VOIDED, history=(*HOLD.sale.history, moment(90, "Voided", "413"))
    ),
    moved=Moved.RELEASED,
    way_back=WayBack(
        Way.NONE, Money(12800), "It has been voided: all of it is given back already."
    ),
    completable=None,
    moves=(line(413, kind=Kind.PREAUTH_VOID),),
)
COMPLETION = replace(
    LISTED, sale=replace(LISTED.sale, number=413, kind=Kind.COMPLETION, original=412)
)
DETAILS: dict[str, SaleShown] = {
    "held": HOLD,
    "charged": CHARGED,
    "released": RELEASED,
    "completion": COMPLETION,
}
ROWS = tuple(
    line(420 - place, state, kind=kind)
    for place, (state, kind) in enumerate(
        (
            (State.APPROVED, Kind.PREAUTH),
            (State.COMPLETED, Kind.PREAUTH),
            (State.VOIDED, Kind.PREAUTH),
            (State.APPROVED, Kind.PREAUTH_VOID),
            (State.APPROVED, Kind.COMPLETION),
            (State.QUEUED, Kind.COMPLETION_ADVICE),
            (State.DELIVERED, Kind.COMPLETION_ADVICE),
            (State.REJECTED, Kind.COMPLETION_ADVICE),
            (State.APPROVED, Kind.COMPLETION_VOID),
            (State.APPROVED, Kind.BALANCE),
            (State.NOT_SENT, Kind.BALANCE),
        )
    )
)
