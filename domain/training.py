"""What a training till knows: who may stand at it, and cards for people who have no reader."""

from __future__ import annotations

from dataclasses import dataclass

from domain.operators import Operator, Role
from domain.words import N_

TRAINING_ROSTER = (
    (Operator("01", "Mei Lin", Role.CASHIER), "135790"),
    (Operator("02", "Grace Okafor", Role.MANAGER), "246801"),
)
"""Who a training till knows at its first start, with PINs that the sign-in screen shows."""
TRAINING_PINS = ", ".join(f"{operator.name} {pin}" for operator, pin in TRAINING_ROSTER)


OUTCOMES = (N_("Approved"), N_("No PIN, approved"), N_("Over its limit"), N_("Stolen"))
"""What the training bank will say to the cards that the screen offers, in that order."""


@dataclass(frozen=True, slots=True)
class TrainingCard:
    """A published test card: what the training bank will say, as an English message, and its PIN.

    `stripe` is what a reader would send; it belongs to nobody, so it need not hide.
    """

    outcome: str
    pin: str
    stripe: str
