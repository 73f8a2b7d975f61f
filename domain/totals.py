"""What a payment adds to the total of a day: the money that stands, the same wherever it is summed."""

from __future__ import annotations

from domain.give_back import GIVEN, is_charge
from domain.kinds import Kind
from domain.sale import Sale


def booked(sale: Sale) -> tuple[int, int]:
    """How many charges, and how many minor units, this payment stands for as it is now.

    A refund, or a completion that the bank is only told of, counts from its recording on. A void
    takes its charge out and counts for nothing; an amount that is held is no takings.
    """
    if is_charge(sale):
        return 1, sale.amount.minor
    if sale.kind is Kind.REFUND and sale.state in GIVEN:
        return 0, -sale.amount.minor
    return 0, 0
