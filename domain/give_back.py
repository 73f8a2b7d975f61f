"""The way that money takes back to the customer: the till picks it, nobody else.

A payment that is still in doubt undoes itself. An approved one is voided while its batch is open
and all of it goes back; otherwise it is refunded, in parts and days later, never above the
original, and to the card that paid only. What is only held is released.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.kinds import OF_A_HOLD, Kind, Lane
from domain.money import Money, zero
from domain.sale import OPEN, Answer, OriginalFacts, Sale, State
from domain.words import N_


class Way(StrEnum):
    """How the money comes back."""

    REVERSAL = "reversal"
    VOID = "void"
    REFUND = "refund"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way for one amount: `why` it is this one, and when the money `arrives`, as messages."""

    kind: Way
    amount: Money
    why: str
    arrives: str = ""


GIVEN = frozenset({State.QUEUED, State.DELIVERED})
"""States of a refund that counts: recorded, whether the bank knows of it yet or not."""
_UNVOIDABLE = {
    "": frozenset({"12", "22", "25", "40", "57", "58"}),
    "iso87": frozenset({"12", "21", "25", "40", "57", "58"}),
}
"""Codes that answer a void by: a refund is the way; by the set of codes, '' is the usual one."""
CHARGED_KINDS = frozenset({Kind.SALE, Kind.COMPLETION, Kind.COMPLETION_ADVICE})
_UNCHARGED = N_("The customer was not charged.")
_BY_STATE = {
    State.VOIDED: N_("It has been voided: all of it is given back already."),
    State.MANUAL: N_("Nobody knows yet whether this was charged. Resolve it with the bank first."),
    State.QUEUED: N_("This gives money back itself."),
    State.COMPLETED: N_("The hold has been charged: give its completion back instead."),
}


def is_charge(sale: Sale) -> bool:
    """Whether this payment has charged the customer and still does; an advice has once recorded."""
    told = GIVEN if sale.row.lane is Lane.ADVICE else frozenset({State.APPROVED})
    return sale.kind in CHARGED_KINDS and sale.state in told


def refunded(original: Sale, moves: Iterable[Sale]) -> Money:
    """How much refunds have given back; `moves` are the payments that refer to the original."""
    total = zero(original.amount.currency)
    for move in moves:
        if move.kind is Kind.REFUND and move.state in GIVEN:
            total += move.amount
    return total


def refuses_voids(answer: Answer | None) -> bool:
    """Whether the bank no longer cancels this charge, whatever becomes of its refund."""
    usual = _UNVOIDABLE[""]
    return answer is not None and answer.code in _UNVOIDABLE.get(answer.code_set, usual)


def why_not_this_card(sale: Sale, fingerprint: str) -> str:
    """The fault of a card that this is not for, '' where it is: the one that paid, and only it.

    A refund that a manager sends to another card takes any card but that one.
    """
    if sale.to_other_card:
        return "R-08" if fingerprint == sale.fingerprint else ""
    other = "H-04" if sale.kind in OF_A_HOLD else "R-07"
    return "" if fingerprint == sale.fingerprint else other


def left_of(original: Sale, moves: Iterable[Sale]) -> Money:
    """How much could still be given back."""
    return original.amount - refunded(original, moves)


def way_back(original: Sale, moves: tuple[Sale, ...], amount: Money, *, open_batch: int) -> WayBack:
    """How this much of a payment is given back, or why it is not."""
    none = _why_none(original, moves, amount)
    if none is not None:
        return none
    if original.kind is Kind.PREAUTH:
        return WayBack(
            Way.VOID,
            amount,
            N_("Nothing was charged: the hold is released."),
            N_("The amount is free again, usually at once."),
        )
    refused = any(
        move.row.undoes_original and move.state is State.DECLINED and refuses_voids(move.answer)
        for move in moves
    )
    if original.batch == open_batch and amount == original.amount and not refused:
        return WayBack(
            Way.VOID,
            amount,
            N_("The day is still open at the bank, so the charge itself is cancelled."),
            N_("The charge disappears, usually at once."),
        )
    if amount < original.amount:
        why = N_("A part goes back as a refund.")
    elif refused:
        why = N_("The bank does not void this sale any more, so it is refunded.")
    else:
        why = N_("The day of the sale is settled, so it is refunded.")
    return WayBack(
        Way.REFUND, amount, why, N_("It goes back to the same card, usually in 1 to 7 days.")
    )


def facts_of(original: Sale) -> OriginalFacts:
    """What the bank is told of a payment that it approved."""
    answer, finished = original.answer, original.finished_at or original.started_at
    said = answer.host_at[:4] if answer is not None else ""
    return OriginalFacts(
        batch=original.batch,
        stan=original.stan or 0,
        rrn=answer.rrn if answer is not None else "",
        auth_code=answer.auth_code if answer is not None else "",
        date=said or f"{finished.astimezone():%m%d}",
    )


def _why_none(original: Sale, moves: tuple[Sale, ...], amount: Money) -> WayBack | None:
    """No way, or none that anybody need take; None where there is one."""
    if original.kind not in CHARGED_KINDS | {Kind.PREAUTH}:
        return WayBack(Way.NONE, amount, N_("Only a sale can be given back."))
    if original.state in {State.ARMED, State.WAITING, State.REVERSAL_PENDING}:
        return WayBack(
            Way.REVERSAL,
            amount,
            N_("The till is still asking the bank, and cancels this by itself if need be."),
            N_("The customer is not charged."),
        )
    if original.kind is Kind.PREAUTH and original.state is State.VOIDED:
        return WayBack(Way.NONE, amount, N_("The hold has been released already."))
    is_held = original.kind is Kind.PREAUTH and original.state is State.APPROVED
    if not is_held and not is_charge(original):
        return WayBack(Way.NONE, amount, _BY_STATE.get(original.state, _UNCHARGED))
    if any(move.state in OPEN - {State.QUEUED} for move in moves):
        return WayBack(
            Way.NONE, amount, N_("Another payment back for this sale is not finished yet.")
        )
    if original.state is State.QUEUED:
        return WayBack(Way.NONE, amount, N_("The bank has not confirmed this charge yet."))
    left = left_of(original, moves)
    if not left:
        return WayBack(Way.NONE, amount, N_("All of it is given back already."))
    if not original.fingerprint:
        return WayBack(Way.NONE, amount, N_("The till does not know the card of this old sale."))
    if amount.minor <= 0 or left < amount:
        return WayBack(Way.NONE, amount, N_("That is more than what is left of this sale."))
    if original.kind is Kind.PREAUTH and amount != original.amount:
        return WayBack(Way.NONE, amount, N_("A held amount is released whole, or not at all."))
    return None
