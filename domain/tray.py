"""What is in doubt, in words: who acts next, what they do, and what the customer is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.kinds import Kind
from domain.sale import OPEN, Sale, State
from domain.words import N_


class Who(StrEnum):
    """Whose turn it is."""

    BANK = "bank"
    TILL = "till"
    MANAGER = "manager"


WHO_ACTS = {
    Who.BANK: N_("The bank"),
    Who.TILL: N_("This till"),
    Who.MANAGER: N_("A manager"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One payment in doubt: the next step and the sentence for the customer, as messages."""

    who: Who
    next: str
    customer: str


_ASKING = Doubt(
    Who.BANK, N_("The bank is being asked. Wait for its answer."), N_("One moment, please.")
)
_DOUBTS = {
    State.ARMED: _ASKING,
    State.WAITING: _ASKING,
    State.REVERSAL_PENDING: Doubt(
        Who.TILL,
        N_("Do not charge again for this sale: the till cancels it until the bank confirms."),
        N_("You will not be charged. If your account shows the amount, it is given back."),
    ),
    State.QUEUED: Doubt(
        Who.TILL,
        N_("The till tells the bank of the refund until it confirms."),
        N_("Your refund is recorded. It reaches your card, usually in 1 to 7 days."),
    ),
    State.MANUAL: Doubt(
        Who.MANAGER,
        N_("Call the acquirer with the trace number, then note here what it says."),
        N_("We are asking the bank. Please do not pay again; we tell you what it says."),
    ),
}
_BACK = {
    State.REVERSAL_PENDING: Doubt(
        Who.TILL,
        N_("Do not give it back again: the till cancels this try until the bank confirms."),
        N_("One moment, we are asking the bank. Then your payment stands as it was."),
    ),
    State.MANUAL: Doubt(
        Who.MANAGER,
        N_("Call the acquirer with the trace number, then note here what it says."),
        N_("We are asking the bank whether you got your money back. We tell you what it says."),
    ),
}
_RELEASE = {
    State.REVERSAL_PENDING: Doubt(
        Who.TILL,
        N_("Do not release it again: the till cancels this try until the bank confirms."),
        N_("One moment, we are asking the bank. Nothing has been charged."),
    ),
    State.MANUAL: Doubt(
        Who.MANAGER,
        N_("Call the acquirer with the trace number, then note here what it says."),
        N_("We are asking the bank whether the amount is free again. We tell you what it says."),
    ),
}
_TOLD_CHARGE = {
    State.QUEUED: Doubt(
        Who.TILL,
        N_("The till tells the bank of the charge until it confirms."),
        N_("Your charge is recorded, in place of the amount that was held."),
    ),
}
_BY_KIND = {Kind.PREAUTH_VOID: _RELEASE, Kind.COMPLETION_ADVICE: _TOLD_CHARGE}


def doubt_of(sale: Sale) -> Doubt | None:
    """What is to be said of a payment in doubt; None for one that is not."""
    of_its_kind = _BY_KIND.get(sale.kind, _BACK if sale.row.gives_back else {})
    return of_its_kind.get(sale.state) or _DOUBTS.get(sale.state)


def in_doubt(sales: Iterable[Sale]) -> tuple[Sale, ...]:
    """The payments of the tray: those that need people first, then the oldest first."""
    doubtful = (sale for sale in sales if sale.state in OPEN)
    return tuple(sorted(doubtful, key=lambda s: (s.state is not State.MANUAL, s.number)))


def blocks_settlement(sales: Iterable[Sale]) -> bool:
    """Whether people must speak before the day can be settled with the bank."""
    return any(sale.state is State.MANUAL for sale in sales)
