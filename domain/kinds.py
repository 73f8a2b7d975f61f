"""The kinds of payment that a till knows, and what each of them needs.

How a kind is said to the bank stands in acquirer/messages; this is what it means at the counter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.words import N_


class Kind(StrEnum):
    """What a payment does with the money."""

    SALE = "sale"
    VOID = "void"
    REFUND = "refund"
    PREAUTH = "preauth"
    PREAUTH_VOID = "preauth void"
    COMPLETION = "completion"
    COMPLETION_ADVICE = "completion advice"
    COMPLETION_VOID = "completion void"
    BALANCE = "balance"


class Lane(StrEnum):
    """How a kind comes to its end (protocol: reversible online, advice, enquiry)."""

    REVERSIBLE = "reversible"
    """Asked once; what is not answered is reversed."""
    ADVICE = "advice"
    """Decided here and told to the bank until it says that it knows; never reversed."""
    ENQUIRY = "enquiry"
    """Moves nothing: what is not answered may be asked again."""


@dataclass(frozen=True, slots=True)
class KindRow:
    """What one kind needs: a PIN of the customer, an earlier payment; whether it gives money back.

    `undoes_original` kinds cancel the whole of the earlier payment, `completes` kinds charge what it
    holds. `label` stands on the slip.
    """

    title: str
    label: str
    lane: Lane
    asks_pin: bool = True
    gives_back: bool = False
    needs_original: bool = False
    undoes_original: bool = False
    completes: bool = False


_BACK = {"gives_back": True, "needs_original": True}
_UNDO = {**_BACK, "undoes_original": True}
_COMPLETES = {"needs_original": True, "completes": True}
KINDS = {
    Kind.SALE: KindRow(N_("Sale"), N_("SALE"), Lane.REVERSIBLE),
    Kind.VOID: KindRow(N_("Void"), N_("VOID"), Lane.REVERSIBLE, **_UNDO),
    Kind.REFUND: KindRow(N_("Refund"), N_("REFUND"), Lane.ADVICE, asks_pin=False, **_BACK),
    Kind.PREAUTH: KindRow(N_("Pre-authorisation"), N_("PRE-AUTH"), Lane.REVERSIBLE),
    Kind.PREAUTH_VOID: KindRow(
        N_("Void of a pre-authorisation"), N_("PRE-AUTH VOID"), Lane.REVERSIBLE, **_UNDO
    ),
    Kind.COMPLETION: KindRow(N_("Completion"), N_("COMPLETION"), Lane.REVERSIBLE, **_COMPLETES),
    Kind.COMPLETION_ADVICE: KindRow(
        N_("Completion"), N_("COMPLETION"), Lane.ADVICE, asks_pin=False, **_COMPLETES
    ),
    Kind.COMPLETION_VOID: KindRow(
        N_("Void of a completion"), N_("COMPLETION VOID"), Lane.REVERSIBLE, **_UNDO
    ),
    Kind.BALANCE: KindRow(N_("Balance enquiry"), N_("BALANCE"), Lane.ENQUIRY),
}
OF_A_HOLD = frozenset({Kind.PREAUTH_VOID, Kind.COMPLETION, Kind.COMPLETION_ADVICE})
"""Kinds that refer to an amount that is held."""
