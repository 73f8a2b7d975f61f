"""Whether a card that was read may be used here: its expiry, its service code, this till's rules."""

from __future__ import annotations

from datetime import date

from domain.card import BadCard, Card, EntryMode
from domain.settings import Settings

UNREADABLE = "R-02"
EXPIRED = "R-05"
NOT_ITS_STRIPE = "R-06"


def why_not(card: Card, settings: Settings, today: date) -> str:
    """The fault code that stands against this card, or an empty string."""
    if _has_expired(card.expiry, today):
        return EXPIRED
    if (
        card.entry is EntryMode.SWIPE
        and card.has_chip
        and settings.stripe_of_chip_cards == "refuse"
    ):
        return NOT_ITS_STRIPE
    return ""


def why_unreadable(bad: BadCard) -> str:
    """The fault code for a stripe that is no card."""
    return EXPIRED if bad.why == "expiry" else UNREADABLE


def _has_expired(expiry: str, today: date) -> bool:
    """A card is good to the last day of its month; YY means 2000 to 2099."""
    year, month = 2000 + int(expiry[:2]), int(expiry[2:])
    return (today.year, today.month) > (year, month)
