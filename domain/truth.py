"""Has money moved? One answer for every state of a sale, the same on every screen and slip."""

from __future__ import annotations

from domain.faults import Moved
from domain.kinds import Kind, Lane
from domain.response_codes import ResponseCode, meaning_of
from domain.sale import Sale, State

_BY_STATE = {
    State.DRAFT: Moved.NONE,
    State.CAPTURED: Moved.NONE,
    State.PIN_ENTRY: Moved.NONE,
    State.ARMED: Moved.ASKING,
    State.WAITING: Moved.ASKING,
    State.NOT_SENT: Moved.NONE,
    State.APPROVED: Moved.CHARGED,
    State.REVERSAL_PENDING: Moved.WILL_NOT,
    State.REVERSED: Moved.NOT_CHARGED,
    State.MANUAL: Moved.UNKNOWN,
    State.ABANDONED: Moved.NONE,
    State.VOIDED: Moved.GIVEN_BACK,
    State.QUEUED: Moved.RECORDED,
    State.DELIVERED: Moved.COMING_BACK,
    State.REJECTED: Moved.STAYS,
    State.COMPLETED: Moved.HOLD_CHARGED,
}
_OF_MONEY_BACK = {
    **_BY_STATE,
    State.ARMED: Moved.GETTING_BACK,
    State.WAITING: Moved.GETTING_BACK,
    State.APPROVED: Moved.GIVEN_BACK,
    State.DECLINED: Moved.STAYS,
    State.REVERSAL_PENDING: Moved.BACK_UNKNOWN,
    State.REVERSED: Moved.STAYS,
    State.MANUAL: Moved.BACK_UNKNOWN,
}
_OF_A_HOLD = {**_BY_STATE, State.APPROVED: Moved.HELD, State.VOIDED: Moved.RELEASED}
_OF_A_RELEASE = {
    **_BY_STATE,
    State.ARMED: Moved.RELEASING,
    State.WAITING: Moved.RELEASING,
    State.APPROVED: Moved.RELEASED,
    State.DECLINED: Moved.STAYS_HELD,
    State.REVERSAL_PENDING: Moved.RELEASE_UNKNOWN,
    State.REVERSED: Moved.STAYS_HELD,
    State.MANUAL: Moved.RELEASE_UNKNOWN,
}
_OF_A_TOLD_CHARGE = {
    **_BY_STATE,
    State.QUEUED: Moved.CHARGE_RECORDED,
    State.DELIVERED: Moved.CHARGED,
    State.REJECTED: Moved.NOT_CHARGED,
}
_BY_KIND = {
    Kind.PREAUTH: _OF_A_HOLD,
    Kind.PREAUTH_VOID: _OF_A_RELEASE,
    Kind.COMPLETION_ADVICE: _OF_A_TOLD_CHARGE,
}


def money_moved(sale: Sale) -> Moved:
    """What may be said of the customer's money now."""
    if sale.row.lane is Lane.ENQUIRY:
        return Moved.NONE
    if sale.to_other_card and sale.state is State.DELIVERED:
        return Moved.TO_OTHER_CARD
    if sale.row.gives_back:
        return _BY_KIND.get(sale.kind, _OF_MONEY_BACK)[sale.state]
    if sale.state is State.DECLINED:
        return meaning(sale).moved
    return _BY_KIND.get(sale.kind, _BY_STATE)[sale.state]


def meaning(sale: Sale) -> ResponseCode:
    """What the bank's answer to it means, in the words of the bank that gave it."""
    answer = sale.answer
    return meaning_of(answer.code, answer.code_set) if answer is not None else meaning_of("")
