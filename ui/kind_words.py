"""What each kind of payment says on its screens, where a sale says something else: English messages.

A hold says that nothing is charged, a release that the amount is free again, a completion that the
hold stays if it fails, and a balance that no money moves at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.faults import Moved
from domain.kinds import Kind
from domain.sale import Sale, State
from domain.words import N_


@dataclass(frozen=True, slots=True)
class KindWords:
    """One kind's words, stage by stage; what is left out is said as of a sale."""

    present: str = ""
    """The sentence under "Present card"; '' for the usual one."""
    check: str = N_("Check the amount")
    read: str = N_("Read it to the customer, then confirm.")
    confirm: str = N_("Confirm {amount}")
    sent: str = N_("Payment request sent")
    done: str = N_("Approved")
    done_line: str = N_("{amount} on {scheme} •• {last4}")
    done_more: str = ""
    close: str = N_("Next sale")
    closes: str = N_("Next sale starts in {s} s.")
    end: str = N_("End this sale")
    stopped: str = ""
    """What stays as it was, under the money line of a try that came to nothing."""
    keep: str = N_("Keep the goods. Do not charge again")
    undone: str = N_("Bank confirmed: nothing is charged")
    again: str = N_("Charge again")
    safe: str = N_("It is safe to charge again.")
    manual: str = N_("Do not charge again: the customer may have paid already.")
    customer: Mapping[State, str] = field(default_factory=dict)
    money: Mapping[Moved, str] = field(default_factory=dict)


SALE = KindWords()
_ENDS = KindWords(close=N_("Close"), closes=N_("This closes in {s} s."), end=N_("Close"))
_BACK = replace(
    _ENDS,
    present=N_("Only the card that paid: money goes back to no other."),
    confirm=N_("Give back {amount}"),
    done_line=N_("{amount} back to {scheme} •• {last4}"),
    keep=N_("Do not give the money back again"),
    undone=N_("Bank confirmed: the sale stays as it was"),
    again=N_("Try again"),
    safe=N_("It is safe to try again. Nothing has been given back."),
    manual=N_("Do not give the money back again: the customer may have it already."),
    customer={
        State.DRAFT: N_("Please swipe the card that paid"),
        State.NOT_SENT: N_("Not completed. Nothing has been given back"),
        State.APPROVED: N_("Cancelled. You get your money back"),
        State.DECLINED: N_("Not accepted. Nothing has been given back"),
        State.REVERSAL_PENDING: N_("One moment. We are asking the bank"),
        State.REVERSED: N_("Not completed. Nothing has been given back"),
        State.ABANDONED: N_("Not completed. Nothing has been given back"),
    },
)
_NOTHING_HELD = N_("Not completed. Nothing is held or charged")
_HOLD = replace(
    SALE,
    read=N_("Say that it is held on the card, not charged. Then confirm."),
    confirm=N_("Hold {amount}"),
    sent=N_("Request to hold sent"),
    done=N_("Held"),
    done_more=N_("Not charged"),
    end=N_("Close"),
    keep=N_("Do not hold the amount again"),
    undone=N_("Bank confirmed: nothing is held"),
    again=N_("Hold again"),
    safe=N_("It is safe to hold the amount again."),
    manual=N_("Do not hold it again: the amount may be held already."),
    customer={
        State.NOT_SENT: _NOTHING_HELD,
        State.APPROVED: N_("The amount is held on your card, not charged"),
        State.DECLINED: N_("Not accepted. Nothing is held or charged"),
        State.REVERSAL_PENDING: N_("One moment. Nothing will be held or charged"),
        State.REVERSED: N_("Cancelled. Nothing is held or charged"),
        State.ABANDONED: _NOTHING_HELD,
        State.VOIDED: N_("The amount is free again. Nothing was charged"),
    },
    money={
        Moved.ASKING: N_("Not held yet. Waiting for the bank."),
        Moved.NOT_CHARGED: N_("Nothing is held and nothing is charged."),
        Moved.WILL_NOT: N_("Nothing will stay held on the card, nothing will be charged."),
        Moved.UNKNOWN: N_("Not certain. Check Transactions before holding again."),
    },
)
_WITH_THE_HOLD = N_("Only the card on which the amount is held.")
_SWIPE_IT = N_("Please swipe the card with the held amount")
_STAYS_HELD = N_("Not completed. The amount stays held")
_RELEASE = replace(
    _ENDS,
    present=_WITH_THE_HOLD,
    confirm=N_("Release {amount}"),
    sent=N_("Request to release sent"),
    done=N_("Released"),
    done_more=N_("Free again, nothing was charged"),
    keep=N_("Do not release the hold again"),
    undone=N_("Bank confirmed: the amount stays held"),
    again=N_("Try again"),
    safe=N_("It is safe to try again. The amount is still held."),
    manual=N_("Do not release it again: the amount may be free already."),
    customer={
        State.DRAFT: _SWIPE_IT,
        State.NOT_SENT: _STAYS_HELD,
        State.APPROVED: N_("The amount is free again. Nothing was charged"),
        State.DECLINED: N_("Not accepted. The amount stays held"),
        State.REVERSAL_PENDING: N_("One moment. We are asking the bank"),
        State.REVERSED: _STAYS_HELD,
        State.ABANDONED: _STAYS_HELD,
    },
)
_STILL_HELD = N_("The amount is still held on the card.")
_COMPLETION = replace(
    _ENDS,
    present=_WITH_THE_HOLD,
    confirm=N_("Charge {amount}"),
    stopped=_STILL_HELD,
    keep=N_("Do not charge the hold again"),
    undone=N_("Bank confirmed: nothing is charged, the amount stays held"),
    safe=N_("It is safe to charge again. The amount is still held."),
    customer={
        State.DRAFT: _SWIPE_IT,
        State.QUEUED: N_("Charge recorded, waiting for the bank"),
        State.DELIVERED: N_("Charged, thank you"),
        State.REJECTED: N_("Not charged. Please wait"),
    },
)
_BALANCE = replace(
    _ENDS,
    present=N_("The bank is asked what is on it. Nothing is charged."),
    check=N_("Ask for the balance?"),
    read=N_("The bank is asked what is on this card. Nothing is charged."),
    confirm=N_("Ask the bank"),
    sent=N_("Question sent"),
    done=N_("Balance"),
    again=N_("Ask again"),
    customer={
        State.CAPTURED: N_("We ask your bank what is on your card"),
        State.NOT_SENT: N_("No answer. Nothing was charged"),
        State.APPROVED: N_("This is what is on your card"),
        State.DECLINED: N_("Your bank does not say. Nothing was charged"),
        State.ABANDONED: N_("Cancelled. Nothing was charged"),
    },
)
_BY_KIND = {
    Kind.VOID: replace(_BACK, done=N_("Voided")),
    Kind.COMPLETION_VOID: replace(_BACK, done=N_("Voided")),
    Kind.REFUND: _BACK,
    Kind.PREAUTH: _HOLD,
    Kind.PREAUTH_VOID: _RELEASE,
    Kind.COMPLETION: _COMPLETION,
    Kind.COMPLETION_ADVICE: _COMPLETION,
    Kind.BALANCE: _BALANCE,
}


_REFUND = _BY_KIND[Kind.REFUND]
_OTHER_CARD = replace(
    _REFUND,
    present=N_("Any card but the one that paid: the money goes to it."),
    done_line=N_("{amount} to {scheme} •• {last4}, another card"),
    customer={
        **_REFUND.customer,
        State.DRAFT: N_("Please swipe the card that gets the money"),
    },
)
"""A refund to a card that did not pay."""


def kind_words(sale: Sale) -> KindWords:
    """The words of this payment's kind."""
    return _OTHER_CARD if sale.to_other_card else _BY_KIND.get(sale.kind, SALE)
