"""Field 54 of the answer to a balance enquiry: account, kind, currency, sign and amount."""

from __future__ import annotations

import re

LENGTH = 20
_ONE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{3})([CD])([0-9]{12})")
AVAILABLE, LEDGER = "02", "01"
"""Kinds of balance: what may be spent, and what the account's book says."""


def balance_in(text: str, currency: str) -> int | None:
    """Minor units of what is available in that currency, below zero where it is owed.

    None where the field holds anything that is not a whole balance, or no such one.
    """
    if not text or len(text) % LENGTH:
        return None
    found: dict[str, int] = {}
    for at in range(0, len(text), LENGTH):
        one = _ONE.fullmatch(text[at : at + LENGTH])
        if one is None:
            return None
        _, kind, number, sign, amount = one.groups()
        if number == currency:
            found.setdefault(kind, int(amount) if sign == "C" else -int(amount))
    return found.get(AVAILABLE, found.get(LEDGER))


def balance_text(minor: int, currency: str) -> str:
    """One available balance of a default account, as a bank sends it."""
    return f"00{AVAILABLE}{currency}{'D' if minor < 0 else 'C'}{abs(minor):012d}"
