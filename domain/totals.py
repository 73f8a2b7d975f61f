"""What a payment adds to the total of a day: the money that stands, the same wherever it is summed."""

from __future__ import annotations

from domain.give_back import CHARGED_KINDS, GIVEN
from domain.kinds import Kind
from domain.sale import Sale, State


def booked(sale: Sale) -> tuple[int, int]:
    """How many charges, and how many minor units, this payment stands for as it is now.

    A refund counts from its recording on; a void takes its charge out, and counts for nothing.
    """
    if sale.kind in CHARGED_KINDS and sale.state is State.APPROVED:
        return 1, sale.amount.minor
    if sale.kind is Kind.REFUND and sale.state in GIVEN:
        return 0, -sale.amount.minor
    return 0, 0
