"""What the pane that gives money back says of each way: a void, a refund, or the release of a hold."""

from __future__ import annotations

from typing import NamedTuple

from domain.give_back import Way
from domain.kinds import Kind
from domain.sale import Sale
from domain.words import N_


class WayWords(NamedTuple):
    """One way's words, as English messages; `icon` is empty where the button needs none."""

    title: str
    confirm: str
    keep: str
    reasons: tuple[str, str, str]
    line: str = ""
    small: str = ""
    icon: str = ""


VOID = WayWords(
    N_("Void sale {n}?"),
    N_("Void {amount}"),
    N_("Keep the sale"),
    (N_("Wrong amount"), N_("Charged twice"), N_("Customer changed their mind")),
    N_("The customer gets {amount} back."),
    N_("The bank cancels the charge."),
    "void",
)
RELEASE = WayWords(
    N_("Release hold {n}?"),
    N_("Release {amount}"),
    N_("Keep the hold"),
    (N_("Wrong amount"), N_("Paid in another way"), N_("Customer changed their mind")),
    N_("{amount} is free again on the card."),
    N_("Nothing was charged."),
)
REFUND = WayWords(
    N_("Refund sale {n}"),
    N_("Refund {amount}"),
    N_("Back"),
    (N_("Goods returned"), N_("Price was wrong"), N_("Something else")),
    N_("Back to {scheme} •• {last4}"),
    N_("Usually in 1 to 7 days. No cash."),
)


def words_of_way(way: Way, sale: Sale) -> WayWords:
    """The words for giving back this payment in this way."""
    if sale.kind is Kind.PREAUTH:
        return RELEASE
    return VOID if way is Way.VOID else REFUND
