"""What a training till offers to people who have no card and no reader at hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingCard:
    """A published test card: what the training bank will say, as an English message, and its PIN.

    `stripe` is what a reader would send; it belongs to nobody, so it need not hide.
    """

    outcome: str
    pin: str
    stripe: str
