"""A payment in each of its states, as the till tells it: for the tests of the payment screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from checkout.notices import PaymentShown, SlipShown
from domain.card import EntryMode, RememberedCard
from domain.document import Align, Document, Pair, Qr, Ruled, Text
from domain.faults import Moved
from domain.kinds import Kind
from domain.money import Money
from domain.operators import Operator, Role
from domain.sale import Answer, Moment, Sale, State

AT = datetime(2026, 11, 22, 6, 32, 7, tzinfo=UTC)
MEI = Operator("01", "Mei Lin", Role.CASHIER)
SWIPED = RememberedCard("622202******1234", "UnionPay", EntryMode.SWIPE)
LINK = "https://r.plumlane.example/e/632614000412"
PAGE = Document(
    (
        Text("PLUM LANE STORES", Align.CENTRE, double=True),
        Ruled("="),
        Pair("商户", "梅巷商店"),
        Pair("AMOUNT", "CNY 128.00", double=True),
        Qr(LINK),
    )
)
SALE = Sale(412, Money(12800), MEI, AT, card=SWIPED, stan=412, batch=87)


def moment(seconds: float, event: str, note: str = "") -> Moment:
    return Moment(AT + timedelta(seconds=seconds), event, note)


ASKED = (
    moment(0, "CardCaptured"),
    moment(1, "Confirmed"),
    moment(5, "PinEntered"),
    moment(5, "Sent"),
)
LOST = (*ASKED, moment(35, "Unanswered", "N-06"), moment(45, "ReversalUnanswered", "N-06"))


def shown(state: State, moved: Moved, **values: object) -> PaymentShown:
    """A notice; values of the sale and of the notice may be mixed."""
    of_notice = {name: values.pop(name) for name in tuple(values) if name in NOTICE_FIELDS}
    return PaymentShown(replace(SALE, state=state, **values), moved, AT, MEI, **of_notice)


NOTICE_FIELDS = frozenset(PaymentShown.__slots__)


def slip(kind: str, state: str = "printed", fault: str = "") -> SlipShown:
    return SlipShown(kind, state, fault, PAGE)


DRAFT = shown(State.DRAFT, Moved.NONE, card=None, stan=None, deadline=72.0, allowed=90.0)
REFUSED = shown(
    State.DRAFT, Moved.NONE, card=None, stan=None, fault="R-06", deadline=72.0, allowed=90.0
)
CAPTURED = shown(State.CAPTURED, Moved.NONE, stan=None)
PIN = shown(State.PIN_ENTRY, Moved.NONE, stan=None, deadline=43.0, allowed=60.0, pin_digits=4)
PIN_ON_SCREEN = replace(PIN, pad_on_screen=True)
ARMED = shown(State.ARMED, Moved.ASKING, history=ASKED[:3], pin_entered=True)
WAITING = shown(
    State.WAITING, Moved.ASKING, history=ASKED, pin_entered=True, deadline=28.2, allowed=30.0
)
APPROVED = shown(
    State.APPROVED,
    Moved.CHARGED,
    answer=Answer("00", "632614000412", "418207"),
    slips=(slip("merchant"),),
    receipt_link=LINK,
)
PAPER_OUT = replace(APPROVED, slips=(slip("merchant", "owed", "L-01"),))
DECLINED = shown(
    State.DECLINED,
    Moved.NOT_CHARGED,
    answer=Answer("55"),
    wrong_pins=1,
    slips=(slip("declined"),),
)
NOT_SENT = shown(State.NOT_SENT, Moved.NONE, fault="N-02")
PIN_FAILED = shown(State.NOT_SENT, Moved.NONE, fault="P-01", stan=None)
REVERSING = shown(
    State.REVERSAL_PENDING,
    Moved.WILL_NOT,
    fault="N-06",
    history=LOST,
    reversal_tries=1,
    reversing_now=True,
    deadline=6.0,
    allowed=10.0,
)
REVERSED = shown(
    State.REVERSED,
    Moved.NOT_CHARGED,
    fault="N-06",
    answer=Answer("00"),
    history=(*LOST, moment(50, "ReversalAccepted", "00")),
    reversal_tries=2,
    finished_at=AT + timedelta(seconds=50),
    slips=(slip("reversed"),),
)
SENT_TWICE = shown(State.MANUAL, Moved.UNKNOWN, answer=Answer("94"), history=ASKED)
GIVEN_UP = shown(State.MANUAL, Moved.UNKNOWN, fault="N-09", answer=Answer("12"), history=LOST)


def back(notice: PaymentShown, kind: Kind, moved: Moved = Moved.STAYS) -> PaymentShown:
    """The same moment of a payment that gives the money of sale 412 back."""
    sale = replace(notice.sale, number=413, kind=kind, original=412, given_reason="Goods returned")
    return replace(notice, sale=sale, moved=moved, receipt_link="")


TELLING = (moment(0, "CardCaptured"), moment(1, "Recorded"))
QUEUED = back(
    shown(State.QUEUED, Moved.RECORDED, history=TELLING, slips=(slip("refund recorded"),)),
    Kind.REFUND,
    Moved.RECORDED,
)
BACK = {
    "void, card awaited": back(DRAFT, Kind.VOID, Moved.NONE),
    "void to confirm": back(CAPTURED, Kind.VOID, Moved.NONE),
    "refund to confirm": back(CAPTURED, Kind.REFUND, Moved.NONE),
    "void authorising": back(WAITING, Kind.VOID, Moved.GETTING_BACK),
    "voided": back(APPROVED, Kind.VOID, Moved.GIVEN_BACK),
    "void declined": back(DECLINED, Kind.VOID),
    "void too late": back(
        replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer("25")), wrong_pins=0), Kind.VOID
    ),
    "void refused": back(
        replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer("05")), wrong_pins=0), Kind.VOID
    ),
    "void not sent": back(NOT_SENT, Kind.VOID, Moved.NONE),
    "void reversing": back(REVERSING, Kind.VOID),
    "void reversed": back(REVERSED, Kind.VOID),
    "void not certain": back(GIVEN_UP, Kind.VOID, Moved.UNKNOWN),
    "refund recorded": QUEUED,
    "refunded": replace(
        QUEUED, sale=replace(QUEUED.sale, state=State.DELIVERED), moved=Moved.COMING_BACK
    ),
    "refund refused": back(
        shown(State.REJECTED, Moved.STAYS, answer=Answer("12"), history=TELLING), Kind.REFUND
    ),
}

ALL = {
    **BACK,
    "card awaited": DRAFT,
    "card refused": REFUSED,
    "amount to confirm": CAPTURED,
    "PIN on a pad": PIN,
    "PIN on the screen": PIN_ON_SCREEN,
    "armed": ARMED,
    "authorising": WAITING,
    "approved": APPROVED,
    "approved, paper out": PAPER_OUT,
    "declined": DECLINED,
    "lost card": replace(DECLINED, sale=replace(DECLINED.sale, answer=Answer("41"))),
    "not sent": NOT_SENT,
    "no PIN": PIN_FAILED,
    "reversing": REVERSING,
    "reversed": REVERSED,
    "sent twice": SENT_TWICE,
    "reversal given up": GIVEN_UP,
}
