"""What may still be done with an amount that is held on a card: charge it, once, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.kinds import Kind
from domain.money import MAX_MINOR, Money
from domain.sale import OPEN, Sale, State
from domain.settings import AcquirerProfile
from domain.words import N_


@dataclass(frozen=True, slots=True)
class Completable:
    """The most that may be charged now, or None, and then as a message why nothing may."""

    most: Money | None
    why_not: str = ""


def completable(
    held: Sale, moves: Iterable[Sale], profile: AcquirerProfile, now: datetime
) -> Completable:
    """How much of a held amount may be charged now; `moves` are the payments that refer to it.

    `why_not` is empty for what holds nothing: nobody would ask.
    """
    if held.kind is not Kind.PREAUTH or held.state is not State.APPROVED:
        return Completable(None)
    why_not = _why_not(held, moves, profile, now)
    if why_not:
        return Completable(None, why_not)
    most = held.amount.minor * profile.completion_percent // 100
    return Completable(Money(min(most, MAX_MINOR), held.amount.currency))


def _why_not(held: Sale, moves: Iterable[Sale], profile: AcquirerProfile, now: datetime) -> str:
    if not held.fingerprint:
        return N_("The till does not know the card of this old hold.")
    if now - (held.finished_at or held.started_at) > timedelta(days=profile.hold_days):
        return N_("The hold is too old: the bank does not let it be charged any more.")
    if any(move.state in OPEN for move in moves):
        return N_("Another payment for this hold is not finished yet.")
    return ""
