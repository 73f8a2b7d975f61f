"""What may still be done with an amount that is held on a card: charge it, once, up to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.kinds import Kind
from domain.money import MAX_MINOR, Money
from domain.sale import OPEN, Sale, State
from domain.settings import AcquirerProfile
from domain.words import N_

EXPIRED = N_("The hold is too old: the bank does not let it be charged any more.")


def is_expired(held: Sale, profile: AcquirerProfile, now: datetime) -> bool:
    """Whether the bank no longer charges it; it goes off the card by itself."""
    return now - (held.finished_at or held.started_at) > timedelta(days=profile.hold_days)


def completable(
    held: Sale, moves: Iterable[Sale], profile: AcquirerProfile, now: datetime
) -> Money | None:
    """The most that may be charged of a held amount now; None where nothing may.

    `moves` are the payments that refer to it: while one of them is unfinished, nothing may.
    """
    if held.kind is not Kind.PREAUTH or held.state is not State.APPROVED or not held.fingerprint:
        return None
    if is_expired(held, profile, now) or any(move.state in OPEN for move in moves):
        return None
    most = held.amount.minor * profile.completion_percent // 100
    return Money(min(most, MAX_MINOR), held.amount.currency)
