"""What a payment is called in lists: its result, its kind, its amount, and its history in words."""

from __future__ import annotations

from typing import NamedTuple

from checkout.notices import SaleLine
from domain.kinds import KINDS, Kind
from domain.sale import Moment, Sale, State
from domain.words import N_
from ui.history_log import LogRow
from ui.payment_words import clock_time
from ui.tongue import say


class Result(NamedTuple):
    """How a state looks in a list; `struck` where no money came of it."""

    icon: str
    token: str
    word: str
    struck: bool


RESULTS = {
    State.APPROVED: Result("approved", "ok", N_("Approved"), struck=False),
    State.DECLINED: Result("declined", "bad", N_("Declined"), struck=True),
    State.REVERSED: Result("reversing", "ink2", N_("Reversed"), struck=True),
    State.REVERSAL_PENDING: Result("reversing", "warn", N_("Reversing"), struck=False),
    State.NOT_SENT: Result("fault", "bad", N_("Not sent"), struck=True),
    State.MANUAL: Result("warn", "warn", N_("Not certain"), struck=False),
    State.VOIDED: Result("void", "ink2", N_("Voided"), struck=True),
    State.QUEUED: Result("hourglass", "warn", N_("Refund waits"), struck=False),
    State.DELIVERED: Result("refund", "ok", N_("Refunded"), struck=False),
    State.REJECTED: Result("declined", "bad", N_("Refund refused"), struck=True),
}
_OF_A_KIND = {
    (Kind.PREAUTH, State.APPROVED): Result("lock", "accent", N_("Held"), struck=False),
    (Kind.PREAUTH, State.COMPLETED): Result("check", "ink2", N_("Completed"), struck=False),
    (Kind.PREAUTH, State.VOIDED): Result("void", "ink2", N_("Released"), struck=True),
    (Kind.PREAUTH_VOID, State.APPROVED): Result("approved", "ok", N_("Released"), struck=False),
    (Kind.COMPLETION_ADVICE, State.QUEUED): Result(
        "hourglass", "warn", N_("Charge waits"), struck=False
    ),
    (Kind.COMPLETION_ADVICE, State.DELIVERED): Result(
        "approved", "ok", N_("Charged"), struck=False
    ),
    (Kind.COMPLETION_ADVICE, State.REJECTED): Result(
        "declined", "bad", N_("Charge refused"), struck=True
    ),
    (Kind.BALANCE, State.APPROVED): Result("approved", "ink2", N_("Answered"), struck=False),
    (Kind.BALANCE, State.NOT_SENT): Result("fault", "ink2", N_("No answer"), struck=False),
}
"""The states that another kind of payment gives another meaning."""
_RUNNING = Result("hourglass", "ink2", N_("Authorising"), struck=False)

TITLES = {
    Kind.SALE: N_("Sale {n}"),
    Kind.VOID: N_("Void of sale {n}"),
    Kind.REFUND: N_("Refund of sale {n}"),
    Kind.PREAUTH: N_("Hold {n}"),
    Kind.PREAUTH_VOID: N_("Release of hold {n}"),
    Kind.COMPLETION: N_("Charge of hold {n}"),
    Kind.COMPLETION_ADVICE: N_("Charge of hold {n}"),
    Kind.COMPLETION_VOID: N_("Void of sale {n}"),
    Kind.BALANCE: N_("Balance {n}"),
}
_SHORT = {
    Kind.PREAUTH: N_("Hold"),
    Kind.PREAUTH_VOID: N_("Release"),
    Kind.COMPLETION_VOID: N_("Void"),
    Kind.BALANCE: N_("Balance"),
}
"""What stands in a list, where the word of the bank's trade would be too long."""
_EVENTS = {
    "CardCaptured": ("card", N_("Card read")),
    "Confirmed": ("check", N_("Amount confirmed")),
    "PinEntered": ("pinpad", N_("PIN accepted by the pad")),
    "Sent": ("upload", N_("Request sent to the bank")),
    "Approved": ("approved", N_("The bank approved")),
    "Declined": ("declined", N_("The bank declined, code {note}")),
    "SendFailed": ("fault", N_("Not sent, fault {note}")),
    "PinFailed": ("fault", N_("No PIN, fault {note}")),
    "CardRefused": ("fault", N_("Card not taken, fault {note}")),
    "SentTwice": ("warn", N_("The bank says: sent twice")),
    "Unanswered": ("hourglass", N_("No answer, outcome unknown")),
    "PowerReturned": ("warn", N_("Power was lost during the payment")),
    "ReversalAccepted": ("approved", N_("The bank confirmed the cancellation")),
    "ReversalRefused": ("declined", N_("The bank refused the cancellation, code {note}")),
    "ReversalGivenUp": ("warn", N_("The bank refused the cancellation, code {note}")),
    "Recorded": ("stored", N_("Refund recorded on this till")),
    "AdviceDelivered": ("approved", N_("The bank knows of the refund")),
    "AdviceRejected": ("declined", N_("The bank refused the refund, code {note}")),
    "Voided": ("void", N_("Voided by payment {note}")),
    "Completed": ("check", N_("Charged by payment {note}")),
    "HeldAgain": ("lock", N_("Held as before, after payment {note}")),
    "FoundCharged": ("user-check", N_("A manager noted that it was charged. {note}")),
    "FoundNotCharged": ("user-check", N_("A manager noted that it was not charged. {note}")),
}
_OF_A_CHARGE = {
    "Recorded": ("stored", N_("Charge recorded on this till")),
    "AdviceDelivered": ("approved", N_("The bank knows of the charge")),
    "AdviceRejected": ("declined", N_("The bank refused the charge, code {note}")),
    "AdviceUnanswered": ("upload", N_("Charge told to the bank, no answer, tries: {n}")),
}
"""The same where the bank is told of a completion."""
_TRIES = {
    "ReversalUnanswered": ("reversing", N_("Cancellation sent, no answer, tries: {n}")),
    "AdviceUnanswered": ("upload", N_("Refund told to the bank, no answer, tries: {n}")),
}
_SIGN_TOKENS = {"approved": "ok", "declined": "bad", "fault": "bad", "warn": "warn"}


def result_of(line: SaleLine) -> Result:
    """The word beside a payment in a list."""
    own = _OF_A_KIND.get((line.kind, line.state))
    return own or RESULTS.get(line.state, _RUNNING)


def kind_word(kind: Kind) -> str:
    """What kind of payment it is, in the language of the screen."""
    return say(_SHORT.get(kind, KINDS[kind].title))


def title_of(kind: Kind, number: int, original: int | None) -> str:
    """The head of a payment: what gives money back is named after the sale that it belongs to."""
    if kind in TITLES:
        return say(TITLES[kind], n=f"{original or number:04d}")
    return f"{kind_word(kind)} {number:04d}"


def amount_text(line: SaleLine) -> str:
    """The amount, with a minus where it goes back to the customer; a dash where there is none."""
    if line.kind is Kind.BALANCE:
        return "–"
    if line.kind is Kind.PREAUTH_VOID:
        return str(line.amount)  # it was never the shop's
    return str(-line.amount if KINDS[line.kind].gives_back else line.amount)


def paid_with(line: SaleLine, *, short: bool = False) -> tuple[str, str]:
    """Scheme and masked number; the short number still shows the last four digits."""
    card = line.card
    if card is None:
        return "", "–"
    return card.scheme, f"•• {card.last4}" if short else card.grouped()


def trace_text(stan: int | None) -> str:
    """The bank's trace number, or a dash."""
    return f"{stan:06d}" if stan is not None else "–"


_OF_MONEY_BACK = {
    "FoundCharged": ("user-check", N_("A manager noted that the money goes back. {note}")),
    "FoundNotCharged": ("user-check", N_("A manager noted that nothing goes back. {note}")),
}


def history_rows(sale: Sale) -> tuple[LogRow, ...]:
    """What has happened to it in plain words; tries that came to nothing share one line."""
    rows: list[LogRow] = []
    tries = 0
    for place, moment in enumerate(sale.history):
        if moment.event in _TRIES:
            tries += 1
            following = sale.history[place + 1 : place + 2]
            if following and following[0].event == moment.event:
                continue
            icon, message = _own_event(sale, moment) or _TRIES[moment.event]
            rows.append(LogRow(icon, clock_time(moment.at), say(message, n=tries), "", "warn"))
            tries = 0
        elif moment.event in _EVENTS:
            rows.append(_row(sale, moment))
    return tuple(rows)


def _own_event(sale: Sale, moment: Moment) -> tuple[str, str] | None:
    """What an event is called in the life of this kind of payment; None: as in any other's."""
    if sale.kind is Kind.PREAUTH and moment.event == "Voided":
        return "void", N_("Released by payment {note}")
    if sale.row.gives_back and moment.event in _OF_MONEY_BACK:
        return _OF_MONEY_BACK[moment.event]
    return _OF_A_CHARGE.get(moment.event) if sale.row.completes else None


def _row(sale: Sale, moment: Moment) -> LogRow:
    icon, message = _own_event(sale, moment) or _EVENTS[moment.event]
    words = say(message, note=moment.note).rstrip()
    return LogRow(icon, clock_time(moment.at), words, "", _SIGN_TOKENS.get(icon, ""))
