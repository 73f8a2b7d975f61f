"""The sentences of the toast: refusals, faults, and what a start found unsettled."""

from __future__ import annotations

from typing import NamedTuple

from checkout.notices import (
    BatchClosedTold,
    FaultTold,
    RecoveryTold,
    RefusalTold,
    SettledTold,
)
from domain.faults import CATALOGUE
from domain.kinds import Kind
from domain.sale import Sale, State
from domain.words import N_
from ui.payment_words import is_noted_by_people
from ui.toast import LONG_MS, SHORT_MS
from ui.tongue import TONGUE, say

UNTIL_TOUCHED = 0
STAYS = {"J-01", "J-02", "X-01", "B-05"}
"""Faults after which this till cannot go on selling, and one that costs somebody a call."""
OF_THE_BATCH = {"B-01", "B-03", "B-04"}
"""Refusals that send people to another screen: they take longer to read."""


class Told(NamedTuple):
    """A sentence, its icon, and for how many milliseconds it stays."""

    text: str
    icon: str
    milliseconds: int


_HELD_BACK = Told(
    N_("The charge of hold {n} was not done. The amount stays held."), "reversing", LONG_MS
)
_OF_A_HOLD = {
    (Kind.PREAUTH, State.APPROVED): Told(
        N_("Hold {n} is settled: {amount} is held, not charged."), "approved", LONG_MS
    ),
    (Kind.PREAUTH, State.REVERSED): Told(
        N_("Hold {n} of {amount} is cancelled. Nothing is held or charged."), "reversing", LONG_MS
    ),
    (Kind.PREAUTH_VOID, State.REVERSED): Told(
        N_("The release of hold {n} was not done. The amount stays held."), "reversing", LONG_MS
    ),
    (Kind.COMPLETION, State.REVERSED): _HELD_BACK,
    (Kind.COMPLETION_ADVICE, State.DELIVERED): Told(
        N_("The bank has taken the charge of {amount} for hold {n}."), "approved", LONG_MS
    ),
    (Kind.COMPLETION_ADVICE, State.REJECTED): Told(
        N_("The bank refused the charge of {amount} for hold {n}. Nothing was charged."),
        "warn",
        UNTIL_TOUCHED,
    ),
}
"""What became of a hold, of its release or its charge; the texts are messages."""


def words_of(
    notice: RefusalTold | FaultTold | RecoveryTold | SettledTold | BatchClosedTold,
) -> Told | None:
    """What to tell; None where the screen says it already."""
    match notice:
        case RefusalTold(fault=""):
            return None
        case RefusalTold(fault=code) if code in OF_THE_BATCH:
            return Told(_fault(code, ""), "warn", LONG_MS)
        case RefusalTold(fault=code):
            return Told(_fault(code, ""), "info", SHORT_MS)
        case FaultTold(code, detail):
            stays = UNTIL_TOUCHED if code in STAYS else LONG_MS
            return Told(_fault(code, detail), "warn", stays)
        case SettledTold():
            return _settled(notice)
        case BatchClosedTold(batch, net):
            text = say(
                "Batch {n} of {amount} is settled, and the totals match. Payments are taken again.",
                n=f"{batch:06d}",
                amount=net,
            )
            return Told(text, "approved", LONG_MS)
        case RecoveryTold():
            return _recovery(notice)


def is_result_of_the_day(notice: object) -> bool:
    """Whether the end of the day tells it with all its lines."""
    return isinstance(notice, BatchClosedTold) or (
        isinstance(notice, FaultTold) and notice.fault == "B-05"
    )


def _fault(code: str, detail: str) -> str:
    fault = CATALOGUE[code]
    title = say(fault.title)
    inside = f" ({detail})" if detail else ""
    return f"{title}{inside}. {say(fault.remedy)}"


def fault_and_remedy(code: str) -> str:
    """What is wrong and what to do, in two sentences; '' for no fault."""
    fault = CATALOGUE.get(code)
    if fault is None:
        return ""
    gap = "" if TONGUE.language.startswith("zh") else " "
    title = say("{sentence}.", sentence=say(fault.title))
    return f"{title}{gap}{say(fault.remedy)}"


def _settled(notice: SettledTold) -> Told:
    sale = notice.sale
    number = f"{sale.number:04d}"
    original = f"{sale.original or sale.number:04d}"
    own = _OF_A_HOLD.get((sale.kind, sale.state))
    if own is not None:
        return Told(say(own.text, n=original, amount=sale.amount), own.icon, own.milliseconds)
    if is_noted_by_people(sale):
        return _noted(sale, number, original)
    match sale.state:
        case State.APPROVED:
            text = say("Sale {n} of {amount} is settled: charged.", n=number, amount=sale.amount)
            return Told(text, "approved", LONG_MS)
        case State.DELIVERED:
            text = say(
                "The bank has taken the refund of {amount} for sale {n}.",
                n=original,
                amount=sale.amount,
            )
            return Told(text, "refund", LONG_MS)
        case State.REJECTED:
            text = say(
                "The bank refused the refund of {amount} for sale {n}. Nothing was given back.",
                n=original,
                amount=sale.amount,
            )
            return Told(text, "warn", UNTIL_TOUCHED)
        case State.REVERSED if sale.row.gives_back:
            text = say("The void of sale {n} was not done. The sale stays as it was.", n=original)
            return Told(text, "reversing", LONG_MS)
        case _:
            return _settled_sale(sale, number)


def _noted(sale: Sale, number: str, original: str) -> Told:
    """What a manager has just noted, who needs it for a moment only."""
    yes = sale.state is State.APPROVED
    if sale.row.gives_back:
        text = (
            say("The void of sale {n} is settled: the money goes back.", n=original)
            if yes
            else say("The void of sale {n} was not done. The sale stays as it was.", n=original)
        )
    elif yes:
        text = say("Sale {n} of {amount} is settled: charged.", n=number, amount=sale.amount)
    else:
        text = say("Sale {n} of {amount} is settled: not charged.", n=number, amount=sale.amount)
    return Told(text, "user-check", SHORT_MS)


def _settled_sale(sale: Sale, number: str) -> Told:
    if sale.state is State.REVERSED:
        text = say(
            "Sale {n} of {amount} is reversed. The customer has not been charged.",
            n=number,
            amount=sale.amount,
        )
        return Told(text, "reversing", LONG_MS)
    if sale.row.gives_back:
        text = say(
            "The bank has not settled the void of sale {n}."
            " Call the bank before giving the money back again.",
            n=f"{sale.original or sale.number:04d}",
        )
        return Told(text, "warn", UNTIL_TOUCHED)
    text = say(
        "The bank has not settled sale {n} of {amount}. Call the bank before charging it again.",
        n=number,
        amount=sale.amount,
    )
    return Told(text, "warn", UNTIL_TOUCHED)


def _recovery(notice: RecoveryTold) -> Told | None:
    sentences = []
    if len(notice.reversing) == 1:
        sale = notice.reversing[0]
        sentences.append(
            say(
                "This till went off during sale {n} of {amount}."
                " It is asking the bank to cancel it. Do not charge it again until it is reversed.",
                n=f"{sale.number:04d}",
                amount=sale.amount,
            )
        )
    elif notice.reversing:
        sentences.append(
            say(
                "This till went off during {n} sales. It is asking the bank to cancel them."
                " Do not charge them again until they are reversed.",
                n=len(notice.reversing),
            )
        )
    if notice.last_approved is not None:
        sentences.append(
            say(
                "Sale {n} of {amount} was approved before this till went off."
                " Look whether its slip came out.",
                n=f"{notice.last_approved.number:04d}",
                amount=notice.last_approved.amount,
            )
        )
    if not sentences:
        return None
    return Told(" ".join(sentences), "info", UNTIL_TOUCHED)
