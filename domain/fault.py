"""One row of the catalogue of faults: its code, its sentences, the money, the next step, the call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.moved import Moved, Next
from domain.words import N_


class Call(StrEnum):
    """Whom to call about a fault, or about an answer of the bank."""

    NOBODY = "nobody"
    MANAGER = "manager"
    NETWORK = "network"
    ACQUIRER = "acquirer"
    SUPPORT = "support"
    ISSUER = "issuer"
    OWN_BANK = "own bank"


CALLS = {
    Call.NOBODY: N_("Nobody. If it comes back again and again, call support."),
    Call.MANAGER: N_("A supervisor or a manager of the shop."),
    Call.NETWORK: N_("Whoever looks after the shop's network."),
    Call.ACQUIRER: N_("Your acquirer, {acquirer}."),
    Call.SUPPORT: N_("Support. Read this code out to them."),
    Call.ISSUER: N_("The bank of the card. Its number stands on the back of the card."),
    Call.OWN_BANK: N_("Nobody. The customer can ask the bank of the card."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The texts are English messages, translated where they are shown.

    `means` says what is behind it, `remedy` what the cashier does about it.
    """

    code: str
    title: str
    remedy: str
    moved: Moved
    next: Next
    means: str = ""
    call: Call = Call.NOBODY
