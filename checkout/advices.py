"""What the bank is told of, in the order in which it was recorded, until it says that it knows.

The same bytes under the same trace number for ever: a bank that had heard it already answers 94.
Nothing is told between a request and its answer, and never one thing before an older one.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from checkout import errands
from checkout.bank import REVERSAL_WAITS
from domain.faults import StoreFault
from domain.sale import Sale, State

if TYPE_CHECKING:
    from checkout.till import Till

TIMER = "tell the bank"


class Advices:
    """The advice lane; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.telling: int | None = None

    def tell_in_turn(self, sale: Sale) -> None:
        """The first try at once, each later one after its wait; whoever is older goes first."""
        oldest = self._oldest()
        if oldest is None or oldest.number != sale.number:
            return
        seconds = self._till.bank.pause(sale.tells)
        if seconds == 0.0:
            self._tell(sale)
            return
        self._till.timers.set(TIMER, seconds, self._tell_oldest)
        self._till.desk.show_wait(sale.number, seconds)

    def flush(self) -> None:
        """The bank answers: tell the oldest now, or soon where that did not help lately."""
        oldest = self._oldest()
        if oldest is None:
            return
        seconds = self._till.bank.pause_now(oldest)
        if seconds == 0.0:
            self._till.bank.hurries(oldest.number)
            self._tell(oldest)
        elif (self._till.timers.left(TIMER) or 0.0) > seconds:
            self._till.timers.set(TIMER, seconds, self._tell_oldest)
            self._till.desk.show_wait(oldest.number, seconds)

    def over(self, number: int) -> None:
        """What was told has its answer, or will have none."""
        if self.telling == number:
            self.telling = None

    def _oldest(self) -> Sale | None:
        queued = (sale for sale in self._till.payments.sales.values() if sale.state is State.QUEUED)
        return min(queued, key=lambda sale: sale.number, default=None)

    def _tell_oldest(self) -> None:
        oldest = self._oldest()
        if oldest is not None:
            self._tell(oldest)

    def _tell(self, sale: Sale) -> None:
        till = self._till
        asking = {State.ARMED, State.WAITING}
        if self.telling is not None:
            return
        if any(other.state in asking for other in till.payments.sales.values()):
            # Its answer flushes this lane; should none come, the next try in turn does.
            till.timers.set(TIMER, REVERSAL_WAITS[1], self._tell_oldest)
            return
        try:
            sealed = till.parts.journal.sealed_message(sale.number)
        except StoreFault:
            till.timers.set(TIMER, REVERSAL_WAITS[1], self._tell_oldest)
            raise
        till.timers.drop(TIMER)
        if sealed is None:
            return
        self.telling = sale.number
        till.desk.clear_wait(sale.number)
        till.hands.acquirer.do(
            partial(errands.tell, till.parts.link, till.bank.caller(), sale, sealed, till.put)
        )
