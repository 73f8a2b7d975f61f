"""Where a payment can stand: its states, and the three groups that they fall into."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a sale stands. Everything up to PIN_ENTRY is a draft: no money can have moved."""

    DRAFT = "draft"
    CAPTURED = "captured"
    PIN_ENTRY = "pin"
    ARMED = "armed"
    WAITING = "waiting"
    NOT_SENT = "not_sent"
    APPROVED = "approved"
    DECLINED = "declined"
    REVERSAL_PENDING = "reversal_pending"
    REVERSED = "reversed"
    MANUAL = "manual"
    ABANDONED = "abandoned"
    VOIDED = "voided"
    QUEUED = "queued"
    DELIVERED = "delivered"
    REJECTED = "rejected"
    COMPLETED = "completed"


DRAFTS = frozenset({State.DRAFT, State.CAPTURED, State.PIN_ENTRY})
OPEN = frozenset({State.ARMED, State.WAITING, State.REVERSAL_PENDING, State.MANUAL, State.QUEUED})
"""States in which the bank still owes a word, or people owe one in its place."""
FINAL = frozenset(
    {
        State.NOT_SENT,
        State.APPROVED,
        State.DECLINED,
        State.REVERSED,
        State.ABANDONED,
        State.VOIDED,
        State.DELIVERED,
        State.REJECTED,
        State.COMPLETED,
    }
)
"""States that are the end of it; what is approved may still be voided, or completed if held."""
