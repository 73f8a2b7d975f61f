"""Which words a payment calls for: everything is chosen here, nothing is drawn.

Messages stay English here; whoever shows them says them in the language of the screen.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from checkout.notices import PaymentShown, SlipShown
from domain.card import EntryMode
from domain.entries import SlipKind, SlipState
from domain.faults import CATALOGUE, MONEY_LINES, NEXT_STEPS, Fault, Moved, Next
from domain.give_back import refuses_voids
from domain.kinds import Kind, Lane
from domain.response_codes import ResponseCode
from domain.sale import Sale, State
from domain.truth import meaning
from domain.words import N_
from ui.kind_words import kind_words
from ui.tongue import say

READ_BY = {
    EntryMode.SWIPE: N_("Stripe"),
    EntryMode.CHIP: N_("Chip"),
    EntryMode.TAP: N_("Contactless"),
    EntryMode.TYPED: N_("Typed in"),
}

SLIP_STATES = {
    SlipState.OWED: N_("waiting for the printer"),
    SlipState.PRINTING: N_("printing"),
    SlipState.PRINTED: N_("printed"),
}

CUSTOMER = {
    State.DRAFT: N_("Please swipe your card"),
    State.CAPTURED: N_("Please check the amount"),
    State.PIN_ENTRY: N_("Enter your PIN on the pad"),
    State.ARMED: N_("Please wait"),
    State.WAITING: N_("Please wait"),
    State.NOT_SENT: N_("Not completed. You have not been charged"),
    State.APPROVED: N_("Approved, thank you"),
    State.DECLINED: N_("Not accepted. You have not been charged"),
    State.REVERSAL_PENDING: N_("One moment. You will not be charged"),
    State.REVERSED: N_("Cancelled. You have not been charged"),
    State.MANUAL: N_("One moment. We are asking the bank"),
    State.ABANDONED: N_("Cancelled. You have not been charged"),
    State.VOIDED: N_("Cancelled. You get your money back"),
    State.QUEUED: N_("Refund recorded, waiting for the bank"),
    State.DELIVERED: N_("Refunded to your card, usually in 1 to 7 days"),
    State.REJECTED: N_("Not refunded. Please wait"),
}
"""What the cashier can tell the customer, who has no screen of their own yet."""

_CARD_STAYS = {
    State.ARMED: N_("Please wait, leave the card in"),
    State.WAITING: N_("Please wait, leave the card in"),
}

MONEY_KINDS = {
    Moved.NONE: "none",
    Moved.ASKING: "asking",
    Moved.CHARGED: "charged",
    Moved.NOT_CHARGED: "not",
    Moved.WILL_NOT: "mid",
    Moved.UNKNOWN: "mid",
    Moved.GETTING_BACK: "asking",
    Moved.GIVEN_BACK: "charged",
    Moved.STAYS: "not",
    Moved.BACK_UNKNOWN: "mid",
    Moved.RECORDED: "hold",
    Moved.COMING_BACK: "charged",
    Moved.TO_OTHER_CARD: "charged",
    Moved.HELD: "held",
    Moved.HOLD_CHARGED: "charged",
    Moved.RELEASING: "asking",
    Moved.RELEASED: "not",
    Moved.STAYS_HELD: "not",
    Moved.RELEASE_UNKNOWN: "mid",
    Moved.CHARGE_RECORDED: "hold",
}

_CAME_TO_NOTHING = {Moved.NOT_CHARGED, Moved.WILL_NOT}

LEAVE_CARD = N_("Leave the card in the reader until you choose.")


WRONG_PINS = {1: N_("First wrong PIN on this till."), 2: N_("Second wrong PIN on this till.")}


class MoneyWords(NamedTuple):
    """The money line: kind of surface, sentence, smaller second sentence."""

    kind: str
    line: str
    small: str


class Fact(NamedTuple):
    """One line of the facts: both sides said already; a scheme is shown as a tag."""

    caption: str
    value: str
    tag: bool = False


def clock_time(at: datetime) -> str:
    """A moment as the clock on the wall showed it."""
    return at.astimezone().strftime("%H:%M:%S")


def trace_of(sale: Sale) -> str:
    """The bank's trace number in six digits, '' before it is known."""
    return f"{sale.stan:06d}" if sale.stan is not None else ""


def is_noted_by_people(sale: Sale) -> bool:
    """Whether a manager has settled it, after a call to the bank."""
    return bool(sale.history) and sale.history[-1].event in {"FoundCharged", "FoundNotCharged"}


def card_is_in(sale: Sale) -> bool:
    """Whether a card sits in the reader until the payment is over: only one read by its chip."""
    return sale.card is not None and sale.card.entry is EntryMode.CHIP


def customer_words(sale: Sale) -> str:
    """What the customer is told now."""
    stays = _CARD_STAYS.get(sale.state) if card_is_in(sale) else None
    own = kind_words(sale).customer.get(sale.state)
    return say(stays or own or CUSTOMER[sale.state])


def money_words(notice: PaymentShown) -> MoneyWords:
    """The answer to "has money moved?"."""
    return moved_words(notice.moved, notice.sale)


def moved_words(moved: Moved, sale: Sale) -> MoneyWords:
    """The same for any payment, on whatever screen."""
    words = kind_words(sale)
    message = words.money.get(moved, MONEY_LINES[moved])
    line, kind, small = say(message, amount=str(sale.amount)), MONEY_KINDS[moved], ""
    if sale.state is State.NOT_SENT and sale.row.lane is not Lane.ENQUIRY:
        kind, small = "not", say("The request never left this till.")
    elif sale.state is State.REVERSED and sale.finished_at is not None:
        at = clock_time(sale.finished_at)
        small = (
            say("Noted by a manager at {time}.", time=at)
            if is_noted_by_people(sale)
            else say("Confirmed by the bank at {time}.", time=at)
        )
    elif moved in _CAME_TO_NOTHING and words.stopped:
        small = say(words.stopped)
    return MoneyWords(kind, line, small)


def facts(notice: PaymentShown) -> tuple[Fact, ...]:
    """The facts under the money line, the most useful ones first."""
    sale = notice.sale
    if sale.card is None:
        found = [Fact(say("Card"), say("not read yet"))]
    else:
        found = [
            Fact(say("Scheme"), sale.card.scheme, tag=True),
            Fact(say("Number"), sale.card.grouped()),
            Fact(say("Read by"), say(READ_BY[sale.card.entry])),
        ]
    if sale.stan is not None:
        found.append(Fact(say("Trace"), trace_of(sale)))
    match sale.state:
        case State.APPROVED | State.MANUAL if sale.kind is not Kind.BALANCE:
            found.append(Fact(say("Batch"), f"{sale.batch:06d}"))
        case State.NOT_SENT if sale.kind is Kind.SALE or sale.row.gives_back:
            found.append(Fact(say("Sale"), say("kept, not lost")))
        case State.REVERSAL_PENDING | State.REVERSED:
            found.append(Fact(say("Started"), clock_time(sale.started_at)))
        case State.DECLINED:
            slip = slip_of(notice, SlipKind.DECLINED)
            if slip is not None:
                found.append(Fact(say("Declined slip"), say(SLIP_STATES[SlipState(slip.state)])))
        case _:
            pass
    if len(found) < 6 and sale.state in {State.DRAFT, State.APPROVED}:
        found.append(Fact(say("Operator"), sale.operator.name))
    return tuple(found)


def slip_of(notice: PaymentShown, kind: SlipKind) -> SlipShown | None:
    """The slip of that kind, if the sale on the screen has one."""
    return next((slip for slip in notice.slips if slip.kind == kind.value), None)


def fault_of(sale: Sale) -> Fault | None:
    """The row of the catalogue, if the sale met with a fault."""
    return CATALOGUE.get(sale.fault)


def refusal_of(sale: Sale) -> Fault:
    """What it means that the bank will not book what it was told of."""
    return CATALOGUE["N-11"] if sale.row.gives_back else CATALOGUE["H-02"]


def declined_steps(sale: Sale) -> tuple[str, ...]:
    """What to do after a decline, three sentences at most."""
    answer = meaning(sale)
    if sale.row.gives_back:
        return _stays_steps(sale, answer)
    if sale.state is State.REJECTED:
        return (say(refusal_of(sale).remedy),)
    if sale.row.completes and answer.next is Next.OTHER:
        only = say("Only the card with the held amount can be charged here.")
        return (only, say("Charge less, or ask the customer to pay in another way."))
    remedy = say(answer.remedy, code=answer.code)
    stays = (say(LEAVE_CARD),) if card_is_in(sale) else ()
    if answer.code == "55":
        still = say("Still wrong? Use another card or another way to pay.")
        again = () if stays else (say("Press Try again, then swipe the card once more."),)
        return (remedy, *again, *((still,) if sale.kind is Kind.SALE else ()), *stays)
    return (remedy, *_next_step(sale, answer), *stays)


def _next_step(sale: Sale, answer: ResponseCode) -> tuple[str, ...]:
    """What to do next; where nothing is being paid there is no other way to pay."""
    if sale.kind is not Kind.SALE and answer.next is Next.OTHER:
        return (say("Try with another card."),)
    if sale.kind is not Kind.SALE and answer.next is Next.NO:
        return ()
    return (say(NEXT_STEPS[answer.next]),)


def _stays_steps(sale: Sale, answer: ResponseCode) -> tuple[str, ...]:
    """The same where nothing was given back."""
    is_release = sale.kind is Kind.PREAUTH_VOID
    moved = Moved.STAYS_HELD if is_release else Moved.STAYS
    stays = say(MONEY_LINES[moved], amount=str(sale.amount))
    if is_not_voidable(sale):
        instead = say("Press Refund instead: the money goes back to the same card.")
        return (say("The bank does not cancel this sale any more."), instead)
    if sale.state is State.REJECTED:
        return (say(refusal_of(sale).remedy),)
    if answer.code == "55":
        again = say("Press Try again, then swipe the card once more.")
        return (say(answer.remedy, code=answer.code), again)
    if answer.next is Next.YES:
        return (stays, say(NEXT_STEPS[Next.YES]))
    return (stays, say("Ask your acquirer what this code means for this card."))


def is_not_voidable(sale: Sale) -> bool:
    """Whether the bank's answer to a void means that a refund is the way."""
    return (
        sale.row.undoes_original
        and sale.kind is not Kind.PREAUTH_VOID
        and sale.state is State.DECLINED
        and refuses_voids(sale.answer)
    )


def fault_steps(sale: Sale, pin_seconds: float) -> tuple[str, ...]:
    """What to do after a fault, three sentences at most."""
    if sale.fault == "N-02":
        steps = [say("Restart the router and wait one minute."), say("Press Try again.")]
        if sale.kind is Kind.SALE:
            steps.append(say("Still down? Ask for another way to pay."))
        return tuple(steps)
    fault = fault_of(sale)
    if fault is None:
        return (say(NEXT_STEPS[Next.YES]),)
    steps = [say(fault.remedy, s=round(pin_seconds))]
    if "Try again" not in fault.remedy and (sale.kind is Kind.SALE or fault.next is Next.YES):
        steps.append(say(NEXT_STEPS[fault.next]))
    if card_is_in(sale):
        steps.append(say(LEAVE_CARD))
    return tuple(steps)


def manual_steps(sale: Sale, acquirer: str) -> tuple[str, ...]:
    """What to do where only people can find out: never charge again."""
    return (
        say(kind_words(sale).manual),
        say(
            "Call {acquirer} with the trace number {trace}.",
            acquirer=acquirer,
            trace=trace_of(sale),
        ),
        say("A manager then notes the result."),
    )
