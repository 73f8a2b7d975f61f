"""The till's side of the bank: keys, the one request under way, reversals until they are accepted.

Every call hands a job to the acquirer's worker; what the bank says comes back as a report.
"""

from __future__ import annotations

import queue
from functools import partial
from typing import TYPE_CHECKING

from acquirer.link import PinKey, SaleRequest
from checkout import errands
from checkout.crash_points import passing
from checkout.notices import FaultTold
from checkout.reports import Happened, SignedOff
from domain.faults import StoreFault
from domain.sale import Sale, Sent, State

if TYPE_CHECKING:
    from checkout.till import Till

REVERSAL_WAITS = (0.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds before each try of a reversal while the bank is silent; the last one for ever after."""
ANSWERING_SECONDS = 20.0
"""A bank that answers hears again within so long of what it has not settled, and not much sooner."""
GONE_ECHO_SECONDS = 10.0
KEYS_GONE = "K-01"
ANSWERED_BADLY = frozenset({"N-07", "N-08", KEYS_GONE})
"""Faults of a reversal that a line which works does not cure: it waits for its turn."""
PIN_UNDER_WAY = frozenset({State.PIN_ENTRY, State.ARMED, State.WAITING})
"""States in which new working keys would make the customer's PIN worthless."""
SIGN_ON_SECONDS = 5.0
OBEY_AGAIN_SECONDS = 60.0
DEMANDS = {
    "1": "1, stripe parameters",
    "2": "2, status upload",
    "4": "4, chip keys",
    "5": "5, chip parameters",
    "6": "6, terminal management",
    "7": "7, blocked card ranges",
    "8": "8, exchange rates",
    "9": "9, contactless parameters",
    "b": "b, ranges without PIN",
    "c": "c, ranges without signature",
}
"""What a bank may want of a terminal, by the sixth digit of the header; for whoever is called."""
SIGN_OFF_SECONDS = 1.0
"""So long may the good-bye to the bank delay the closing of the till."""


class Bank:
    """The bank, as the till's thread sees it."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.pin_key: PinKey | None = None
        self.reversing: set[int] = set()
        self._has_told_time = False
        self._demands_told: set[str] = set()
        self._obeyed_at: float | None = None
        self._answers = False
        self._hurried: dict[int, float] = {}

    def sign_on(self) -> None:
        """Fetch the working keys; what the pad has is void from now on."""
        self.pin_key = None
        self._fetch_keys()

    def sign_on_wanted(self, *, keys_are_good: bool) -> None:
        """Sign on once more, but never between a customer's PIN and the answer to it."""
        if self._is_asking:
            again = partial(self.sign_on_wanted, keys_are_good=keys_are_good)
            self._till.timers.set("sign on", SIGN_ON_SECONDS, again)
        elif keys_are_good:
            # A bank that wants it in every answer would get nothing else.
            now = self._till.parts.clock.monotonic()
            if self._obeyed_at is None or now - self._obeyed_at >= OBEY_AGAIN_SECONDS:
                self._obeyed_at = now
                self._fetch_keys()
        else:
            self.sign_on()

    def demands(self, demand: str) -> None:
        """The bank wants this till to load something that it cannot load: tell of it once."""
        if demand not in self._demands_told:
            self._demands_told.add(demand)
            self._till.tell(FaultTold("K-02", DEMANDS.get(demand, demand)))

    def sign_off(self) -> None:
        """The till closes: say so, unless something is in doubt that keys are needed for."""
        till = self._till
        if self.pin_key is None or self._is_asking or till.payments.in_doubt:
            return
        till.hands.acquirer.do(
            partial(errands.sign_off, till.parts.link, self.caller().stan, till.put)
        )
        until = till.parts.clock.monotonic() + SIGN_OFF_SECONDS
        while (left := until - till.parts.clock.monotonic()) > 0:
            try:
                if isinstance(till.inbox.get(timeout=left), SignedOff):
                    return
            except queue.Empty:
                return

    def clock_seen(self, ahead_seconds: float) -> None:
        """Say once that one of the two clocks is wrong, and again when it was right meanwhile."""
        is_wrong = abs(ahead_seconds) > self._till.parts.settings.acquirer.clock_drift_seconds
        if is_wrong and not self._has_told_time:
            self._till.tell(FaultTold("T-01", f"{ahead_seconds:+.0f} s"))
        self._has_told_time = is_wrong

    def signed_on(self, pin_key: PinKey) -> None:
        """New working keys: the PIN key goes to the pad, still wrapped."""
        passing("keys remembered")
        self.pin_key = pin_key
        self._till.customer.key_came(pin_key)
        self.echo()
        self.is_back()

    def is_back(self) -> None:
        """An answer came through: no need to wait for the next try of a reversal."""
        self._answers = True
        for sale in list(self._till.payments.sales.values()):
            if sale.state is State.REVERSAL_PENDING:
                self._reverse_soon(sale)
        if self.pin_key is None:
            self.sign_on()
        self._till.advices.flush()
        self._till.settlement.is_back()
        self._echo_in(self._till.parts.settings.acquirer.echo_seconds)

    def is_gone(self) -> None:
        """No answer: look again soon."""
        self._answers = False
        self._echo_in(min(GONE_ECHO_SECONDS, self._till.parts.settings.acquirer.echo_seconds))

    def ask(self, sale: Sale, request: SaleRequest) -> None:
        """Ask for the money. One try at the oldest reversal goes first; then the sale is served."""
        till = self._till
        sales = till.payments.sales
        waiting = [number for number, s in sales.items() if s.state is State.REVERSAL_PENDING]
        if waiting:
            till.surely(partial(self.reverse_now, waiting[0]))
        till.desk.show_wait(sale.number, till.parts.settings.acquirer.answer_seconds)

        def sent(number: int = sale.number) -> None:
            till.put(Happened(number, Sent()))
            passing("request sent")

        till.hands.acquirer.do(
            partial(errands.ask, till.parts.link, self.caller(), request, sent, till.put)
        )

    def reverse_in_turn(self, sale: Sale) -> None:
        """Send a reversal: the first at once, each later one after its wait."""
        till = self._till
        seconds = self.pause(sale.reversal_tries)
        if seconds == 0.0:
            self.reverse_now(sale.number)
            return
        till.timers.set(f"reverse {sale.number}", seconds, partial(self.reverse_now, sale.number))
        till.desk.show_wait(sale.number, seconds)

    def pause(self, tries: int) -> float:
        """Seconds before the next try of something that the bank has not settled."""
        seconds = REVERSAL_WAITS[min(tries, len(REVERSAL_WAITS) - 1)]
        return min(seconds, ANSWERING_SECONDS) if self._answers else seconds

    def pause_now(self, sale: Sale) -> float:
        """The same at the moment at which the bank answers: none, unless that did not help lately.

        An echo may be answered while reversals are not: each answer would bring another try.
        """
        last = sale.history[-1].note if sale.history else ""
        if sale.reversal_refusals or last in ANSWERED_BADLY:
            return ANSWERING_SECONDS
        now = self._till.parts.clock.monotonic()
        return max(0.0, self._hurried.get(sale.number, now) - now)

    def hurries(self, number: int) -> None:
        """Something is sent before its turn; what is not settled by that waits for a while."""
        now = self._till.parts.clock.monotonic()
        self._hurried = {n: until for n, until in self._hurried.items() if until > now}
        self._hurried[number] = now + ANSWERING_SECONDS

    def _reverse_soon(self, sale: Sale) -> None:
        """Now that the bank answers, do not wait for the whole of the next try's turn."""
        timers, name = self._till.timers, f"reverse {sale.number}"
        seconds = self.pause_now(sale)
        if seconds == 0.0:
            self._hurry(sale.number)
        elif (timers.left(name) or 0.0) > seconds:
            timers.set(name, seconds, partial(self._hurry, sale.number))
            self._till.desk.show_wait(sale.number, seconds)

    def _hurry(self, number: int) -> None:
        self.hurries(number)
        self.reverse_now(number)

    def reverse_now(self, number: int) -> None:
        """Send the reversal of a sale, unless a try is under way."""
        till = self._till
        if number in self.reversing:
            return
        try:
            sealed = till.parts.journal.sealed_message(number)
        except StoreFault:
            again = partial(self.reverse_now, number)
            till.timers.set(f"reverse {number}", REVERSAL_WAITS[1], again)
            raise
        till.timers.drop(f"reverse {number}")
        if sealed is None:
            # A commit that seemed to have failed had settled it: what the disk says, stands.
            till.payments.take_from_disk(number)
            return
        self.reversing.add(number)
        till.desk.clear_wait(number)
        sale = till.payments.sales[number]
        till.hands.acquirer.do(
            partial(errands.reverse, till.parts.link, self.caller(), sale, sealed, till.put)
        )

    def echo(self) -> None:
        """See whether the bank is there; never between a request and its answer.

        The line's own buffers hold a request until the next one: an echo after each outcome
        overwrites the card number in them.
        """
        till = self._till
        asking = {State.ARMED, State.WAITING}
        if not any(sale.state in asking for sale in till.payments.sales.values()):
            till.hands.acquirer.do(
                partial(errands.echo, till.parts.link, self.caller().stan, till.put)
            )
        self._echo_in(till.parts.settings.acquirer.echo_seconds)

    def caller(self) -> errands.Caller:
        """For messages about the link: they may share the next sale's trace number, and leave it."""
        operator = self._till.counter.operator
        return errands.Caller(
            operator.id if operator else "01", self._till.parts.journal.peek_stan()
        )

    def _fetch_keys(self) -> None:
        till = self._till
        till.hands.acquirer.do(partial(errands.sign_on, till.parts.link, self.caller(), till.put))

    @property
    def _is_asking(self) -> bool:
        """Whether a payment stands between its PIN and the answer to it."""
        sales = self._till.payments.sales.values()
        return any(sale.state in PIN_UNDER_WAY for sale in sales)

    def _echo_in(self, seconds: float) -> None:
        self._till.timers.set("echo", seconds, self.echo)
