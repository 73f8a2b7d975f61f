"""What the training acquirer can do wrong, and the amounts that make it."""

from __future__ import annotations

from enum import StrEnum

from domain.kinds import Kind


class Fault(StrEnum):
    """What the training acquirer can do wrong; 'lost request' books nothing, 'lost answer' does."""

    LOST_REQUEST = "lost request"
    LOST_ANSWER = "lost answer"
    LATE = "late"
    DROPPED_BEFORE = "dropped before"
    DROPPED_AFTER = "dropped after"
    WRONG_MAC = "wrong mac"
    NO_MAC = "no mac"
    GARBAGE = "garbage"
    HALF_AMOUNT = "half amount"
    FOREIGN_FIRST = "foreign first"


FAILING = frozenset({Kind.SALE, Kind.PREAUTH, Kind.COMPLETION})
"""Kinds of payment whose amount may order a fault."""
BEFORE_BOOKING = frozenset({Fault.LOST_REQUEST, Fault.DROPPED_BEFORE})

FAULT_AMOUNTS = {
    70: (Fault.NO_MAC, "The payment is booked, and the answer carries no MAC."),
    71: (Fault.LOST_REQUEST, "The request is lost: nothing is booked, nothing is answered."),
    72: (Fault.LOST_ANSWER, "The payment is booked, and the answer is lost."),
    73: (Fault.LATE, "The payment is booked, and the answer comes too late."),
    74: (Fault.DROPPED_BEFORE, "The connection drops before anything is booked."),
    75: (Fault.DROPPED_AFTER, "The payment is booked, then the connection drops."),
    76: (Fault.WRONG_MAC, "The payment is booked, and the answer's MAC is wrong."),
    77: (Fault.GARBAGE, "The payment is booked, and the answer is garbage."),
    78: (Fault.HALF_AMOUNT, "The answer approves half the amount only."),
    79: (Fault.FOREIGN_FIRST, "The answer to another request comes before the right one."),
}
"""The last two figures of an amount of at least 1.00 that make the training acquirer fail."""
