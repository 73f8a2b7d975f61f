"""The tray of unknown results: everything in doubt in one place, until somebody's word settles it.

It is drawn from what the journal and the till know, and so is the same after a restart or a change
of shift. What no machine can settle is settled by a manager who has asked the bank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkout.advices import TIMER
from checkout.commands import NotTheMoment
from checkout.notices import TrayRow, TrayShown
from domain.faults import Refused, StoreFault
from domain.sale import FINAL, FoundCharged, FoundNotCharged, Sale, State
from domain.tray import blocks_settlement, doubt_of, in_doubt
from domain.truth import money_moved

if TYPE_CHECKING:
    from checkout.till import Till

LONGEST_REASON = 120


class Tray:
    """Whether the tray is open, and what lies in it; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._is_open = False

    def open(self) -> None:
        """Show the tray. Not over a payment that is not over."""
        self._till.desk.clear()
        self._is_open = True
        self.show()

    def forget(self) -> None:
        """The tray is closed."""
        self._is_open = False

    def show(self) -> bool:
        """Show it as it is now, if it is open; False where it is not."""
        if not self._is_open or self._till.counter.operator is None:
            return False
        sales = self._till.payments.sales.values()
        rows = tuple(map(self._row, in_doubt(sales)))
        self._till.tell(TrayShown(rows, blocks_settlement(sales)))
        return True

    def refresh(self) -> None:
        """Something changed: show it again, unless a payment lies over it."""
        if self._is_open and not self._till.desk.is_shown:
            self.show()

    def resolve(self, number: int, *, charged: bool, reason: str) -> None:
        """Note what the bank said of a payment that only people can settle.

        Raises Refused J-01 where it could not be written down: then it is in doubt as before.
        """
        till, why = self._till, " ".join(reason.split())[:LONGEST_REASON]
        sale = till.payments.sales.get(number)
        operator = till.counter.operator
        if sale is None or sale.state is not State.MANUAL or not why or operator is None:
            raise NotTheMoment
        if self._is_settled_on_disk(number):
            return
        found = FoundCharged if charged else FoundNotCharged
        till.payments.happen(number, found(operator, why))
        after = till.payments.sales.get(number)
        if after is not None and after.state is State.MANUAL:
            raise Refused("J-01")

    def _is_settled_on_disk(self, number: int) -> bool:
        """Whether an earlier word reached the disk, though it said no: that word stands."""
        try:
            on_disk = self._till.parts.journal.sale(number)
        except StoreFault as fault:
            raise Refused(fault.fault.code) from fault
        if on_disk is None or on_disk.state not in FINAL:
            return False
        self._till.payments.take_from_disk(number)
        self.refresh()
        return True

    def _row(self, sale: Sale) -> TrayRow:
        doubt = doubt_of(sale)
        assert doubt is not None  # in_doubt picks those that have one
        name = TIMER if sale.state is State.QUEUED else f"reverse {sale.number}"
        return TrayRow(
            sale=sale,
            moved=money_moved(sale),
            who=doubt.who,
            next=doubt.next,
            customer=doubt.customer,
            tries=sale.tells or sale.reversal_tries,
            next_try_seconds=self._till.timers.left(name),
        )
