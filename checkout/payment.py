"""Sales in motion: decide, remember, do, and then the same with whatever comes back.

`happen` is the heart of the till. Most of the time one sale is in motion, the one on the screen;
beside it there may be others whose reversal the bank has not confirmed yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from acquirer.link import PinKey, SaleRequest
from checkout import errands
from checkout.crash_points import passing
from checkout.mishaps import OUTCOMES, STOPPED, step_without_disk
from checkout.reports import Happened
from devices.interfaces import PinRequest
from domain import receipts
from domain.card import Card
from domain.card_rules import why_not
from domain.entries import Decision, Slip, sale_entry
from domain.faults import LinkFault, StoreFault
from domain.sale import (
    FINAL,
    Approved,
    Cancelled,
    CardCaptured,
    CardRefused,
    Declined,
    Errand,
    Event,
    NotNow,
    PinEntered,
    PinFailed,
    Sale,
    Sent,
    State,
    Step,
    advance,
)

if TYPE_CHECKING:
    from checkout.till import Till

log = logging.getLogger("till.payment")

REVERSAL_WAITS = (0.0, 5.0, 15.0, 60.0, 300.0)
"""Seconds before each try of a reversal; the last one for ever after."""
READER_RETRY_SECONDS = 1.0
GONE_ECHO_SECONDS = 10.0
KEYS_GONE = "K-01"
ANSWERED_BADLY = frozenset({"N-07", "N-08", KEYS_GONE})
"""Faults of a reversal that a line which works does not cure: only its next try in turn may."""
SIGN_ON_CODES = frozenset({"77", "99", "A0"})
"""Answers after which the working keys are fetched anew."""


class Payments:
    """The sales in motion; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.sales: dict[int, Sale] = {}
        self._card: Card | None = None
        self._request: SaleRequest | None = None
        self._pin_key: PinKey | None = None
        self._pin_asked_under: PinKey | None = None
        self.reversing: set[int] = set()

    def begin(self, sale: Sale) -> None:
        """A new draft: remember it and wait for its card. Raises StoreFault."""
        self._till.remember(Decision((sale_entry(sale, sale.started_at),), sale))
        passing("draft remembered")
        self.sales[sale.number] = sale
        seconds = self._till.parts.settings.card_seconds
        self._till.desk.wait_for(
            sale.number, seconds, "card", partial(self.happen, sale.number, Cancelled())
        )
        self._listen(sale)

    def resume(self, step: Step) -> None:
        """A sale that the start found in doubt goes on from here."""
        self.sales[step.sale.number] = step.sale
        self._do(step)

    def happen(self, number: int, event: Event) -> None:
        """Decide what an event means for a sale, remember it, then do what follows."""
        sale = self._sale_for(number, event)
        event = self._judged(event)
        step = self._step(sale, number, event)
        if step is None or sale is None:
            return
        if isinstance(event, CardCaptured):
            self._card = event.card
            passing("card captured")
        try:
            step, arm = self._armed(step, event)
            self._remember(sale, step, arm)
        except StoreFault as fault:
            self._could_not_remember(sale, event, fault)
            return
        except LinkFault:
            self.happen(number, PinFailed(STOPPED))  # it cannot be put into a message, nor sent
            return
        self._settle_in(step, event)

    def signed_on(self, pin_key: PinKey) -> None:
        """New working keys: the PIN key goes to the pad, still wrapped."""
        till = self._till
        self._pin_key = pin_key
        pad = till.parts.devices.pin_pad
        if pad is not None:
            load = partial(
                errands.load_pin_key, pad, pin_key.wrapped, pin_key.check_value, till.put
            )
            till.hands.pin_pad.do(load)
        for sale in self.sales.values():
            if sale.state is State.PIN_ENTRY and self._pin_asked_under is None:
                self._ask_for_pin(sale)
        self._echo()
        self.bank_is_back()

    def bank_is_back(self) -> None:
        """An answer came through: no need to wait for the next try of a reversal."""
        for number, sale in self.sales.items():
            last = sale.history[-1].note if sale.history else ""
            if sale.state is State.REVERSAL_PENDING and not (
                sale.reversal_refusals or last in ANSWERED_BADLY
            ):
                self.reverse_now(number)
        if self._pin_key is None:
            self.sign_on()
        self._echo_later(self._till.parts.settings.acquirer.echo_seconds)

    def bank_is_gone(self) -> None:
        """No answer: look again soon."""
        self._echo_later(min(GONE_ECHO_SECONDS, self._till.parts.settings.acquirer.echo_seconds))

    def sign_on(self) -> None:
        """Fetch the working keys; what the pad has is void from now on."""
        self._pin_key = None
        till = self._till
        till.hands.acquirer.do(partial(errands.sign_on, till.parts.link, self._caller(), till.put))

    def reverse_now(self, number: int) -> None:
        """Send the reversal of a sale, unless a try is under way."""
        till = self._till
        sale = self.sales[number]
        if number in self.reversing:
            return
        try:
            sealed = till.parts.journal.sealed_reversal(number)
        except StoreFault:
            again = partial(self.reverse_now, number)
            till.timers.set(f"reverse {number}", REVERSAL_WAITS[1], again)
            raise
        till.timers.drop(f"reverse {number}")
        if sealed is None:
            return
        self.reversing.add(number)
        till.desk.clear_wait(number)
        till.hands.acquirer.do(
            partial(errands.reverse, till.parts.link, self._caller(), sale, sealed, till.put)
        )

    @property
    def awaits_pin_key(self) -> bool:
        """Whether a customer's PIN cannot be asked for yet, because the bank's key is not here."""
        return self._pin_asked_under is None

    def stop_pin(self) -> None:
        """The pad need not ask any more."""
        pad = self._till.parts.devices.pin_pad
        if pad is not None:
            pad.stop()

    @property
    def are_at_rest(self) -> bool:
        """Whether no sale is in motion: a moment for what would hold one up."""
        return all(sale.state in FINAL for sale in self.sales.values())

    @property
    def in_doubt(self) -> int:
        """How many sales the bank still owes a word on."""
        doubtful = {State.REVERSAL_PENDING, State.MANUAL}
        return sum(sale.state in doubtful for sale in self.sales.values())

    def forget_cards(self) -> None:
        """Wipe what is still in memory of a card."""
        if self._card is not None:
            self._card.wipe()
        self._card = self._request = None

    def _step(self, sale: Sale | None, number: int, event: Event) -> Step | None:
        """What TABLE says; None for an event that comes too late, whose card is wiped."""
        if sale is not None:
            try:
                return advance(sale, event, self._till.parts.clock.now())
            except NotNow as late:
                log.info("sale %s: %s is too late", number, late)
        if isinstance(event, CardCaptured) and event.card is not self._card:
            event.card.wipe()
        return None

    def _sale_for(self, number: int, event: Event) -> Sale | None:
        """The sale that an event is for: a card belongs to the draft that waits for one."""
        if isinstance(event, CardCaptured | CardRefused):
            for sale in self.sales.values():
                if sale.state is State.DRAFT:
                    return sale
        return self.sales.get(number)

    def _judged(self, event: Event) -> Event:
        """What breaks a rule of this till is refused before it becomes part of a sale."""
        of_old_keys = self._pin_asked_under is not self._pin_key
        if isinstance(event, PinEntered) and event.pin is not None and of_old_keys:
            # The bank would call it a wrong PIN, and count it.
            return PinFailed(KEYS_GONE)
        if isinstance(event, CardCaptured):
            today = self._till.parts.clock.now().astimezone().date()
            fault = why_not(event.card, self._till.parts.settings, today)
            if fault:
                event.card.wipe()
                return CardRefused(fault)
        return event

    def _armed(self, step: Step, event: Event) -> tuple[Step, bytes | None]:
        """For a sale about to be asked: its trace number, and the reversal that could undo it."""
        if not isinstance(event, PinEntered):
            return step, None
        passing("pin entered")
        parts = self._till.parts
        sale = replace(step.sale, stan=parts.journal.peek_stan())
        assert self._card is not None  # a sale comes to its PIN with a card only
        self._request = SaleRequest(
            sale=sale.number,
            amount=sale.amount,
            card=self._card,
            pin=event.pin,
            stan=sale.stan or 0,
            batch=sale.batch,
            at=parts.clock.now().astimezone(),
            operator=sale.operator.id,
        )
        passing("before arming")
        return replace(step, sale=sale), parts.link.arm(self._request)

    def _remember(self, before: Sale, step: Step, arm: bytes | None) -> None:
        if not step.durable:
            return
        sale = step.sale
        at = self._till.parts.clock.now()
        slips: tuple[Slip, ...] = ()
        if Errand.PRINT in step.errands:
            slips = receipts.slips_for(sale, self._till.parts.settings)
        if arm is None and before.state in {State.ARMED, State.WAITING}:
            passing("before outcome")
        self._till.remember(
            Decision(
                (sale_entry(sale, at),),
                sale,
                arm=arm,
                settled=sale.state in FINAL and before.stan is not None,
                slips=slips,
            )
        )
        if arm is not None:
            passing("armed")
        elif before.state in {State.ARMED, State.WAITING}:
            passing("outcome remembered")
        elif before.state is State.REVERSAL_PENDING:
            passing("reversal remembered")

    def _could_not_remember(self, before: Sale, event: Event, fault: StoreFault) -> None:
        """In memory only: the next start finds the sale as the disk last saw it, and reverses it."""
        log.error("sale %s: %s %s", before.number, fault.fault.code, fault.detail)
        at = self._till.parts.clock.now()
        self._settle_in(step_without_disk(before, event, fault.fault.code, at), event)

    def _settle_in(self, step: Step, event: Event) -> None:
        """Show the step that is now remembered, then do its errands."""
        sale = step.sale
        if sale.state is not State.DRAFT:
            self._till.timers.drop("listen again")
        if not isinstance(event, Sent):
            self.reversing.discard(sale.number)
        self.sales[sale.number] = sale
        self._till.surely(partial(self._till.desk.changed, sale, event))
        if isinstance(event, OUTCOMES):
            passing("outcome shown")
        self._do(step)
        if isinstance(event, Approved | Declined) and event.answer.code in SIGN_ON_CODES:
            self.sign_on()
        if sale.state in FINAL and not self._till.desk.shows(sale.number):
            self.sales.pop(sale.number, None)
        self._till.show_strip()

    def _do(self, step: Step) -> None:
        errand_of: dict[Errand, Callable[[Sale], None]] = {
            Errand.LISTEN: self._listen,
            Errand.STOP_LISTENING: self._stop_listening,
            Errand.ASK_FOR_PIN: self._begin_pin,
            Errand.STOP_PIN: lambda _: self.stop_pin(),
            Errand.ASK: self._ask,
            Errand.REVERSE: self._reverse_later,
            Errand.SIGN_ON: lambda _: self.sign_on(),
            Errand.PRINT: lambda _: self._till.slips.push(),
            Errand.WIPE: lambda _: self.forget_cards(),
        }
        for errand in step.errands:
            self._till.surely(partial(errand_of[errand], step.sale))

    def _stop_listening(self, _: Sale) -> None:
        for reader in self._till.parts.devices.readers:
            reader.stop()

    def _listen(self, sale: Sale) -> None:
        till = self._till
        seconds = till.parts.settings.card_seconds
        wanted = partial(self._awaits_card, sale.number)
        for hand, reader in zip(till.hands.readers, till.parts.devices.readers, strict=True):
            hand.do(partial(errands.listen, reader, sale.number, seconds, wanted, till.put))

    def _awaits_card(self, number: int) -> bool:
        """Asked by a reader's worker just before it reads."""
        sale = self.sales.get(number)
        return sale is not None and sale.state is State.DRAFT

    def nothing_read(self, number: int, fault: str) -> None:
        """A reader gave up; while a card is awaited, one that is gone is asked again soon."""
        sale = self.sales.get(number)
        if fault and sale is not None and sale.state is State.DRAFT:
            again = partial(self._listen, sale)
            self._till.timers.set("listen again", READER_RETRY_SECONDS, again)

    def _begin_pin(self, sale: Sale) -> None:
        """A PIN needs the bank's PIN key in the pad: fetch it first where there is none."""
        passing("amount confirmed")
        till = self._till
        self._pin_asked_under = None
        if till.parts.devices.pin_pad is None:
            # A shop without a pad takes cards whose bank asks for none; the bank says which.
            till.put(Happened(sale.number, PinEntered(None)))
        elif self._pin_key is not None and till.parts.link.has_keys:
            self._ask_for_pin(sale)
        else:
            till.hands.acquirer.do(
                partial(
                    errands.sign_on_for_pin,
                    till.parts.link,
                    self._caller(),
                    sale.number,
                    till.put,
                )
            )

    def _ask_for_pin(self, sale: Sale) -> None:
        till = self._till
        pad = till.parts.devices.pin_pad
        if pad is None or self._card is None:
            return
        settings = till.parts.settings
        request = PinRequest(
            till.parts.link.account_for_pin(self._card), sale.amount, settings.pin_bypass
        )
        seconds = settings.pin_seconds
        self._pin_asked_under = self._pin_key
        till.desk.show_wait(sale.number, seconds)
        till.hands.pin_pad.do(
            partial(errands.ask_for_pin, pad, request, sale.number, seconds, till.put)
        )

    def _ask(self, sale: Sale) -> None:
        till = self._till
        assert self._request is not None  # armed in the commit before
        waiting = [n for n, s in self.sales.items() if s.state is State.REVERSAL_PENDING]
        if waiting:
            # One try at the oldest reversal goes first; a healthy line then serves the sale.
            till.surely(partial(self.reverse_now, waiting[0]))
        till.desk.show_wait(sale.number, till.parts.settings.acquirer.answer_seconds)

        def sent(number: int = sale.number) -> None:
            till.put(Happened(number, Sent()))
            passing("request sent")

        till.hands.acquirer.do(
            partial(errands.ask, till.parts.link, self._caller(), self._request, sent, till.put)
        )

    def _reverse_later(self, sale: Sale) -> None:
        till = self._till
        seconds = REVERSAL_WAITS[min(sale.reversal_tries, len(REVERSAL_WAITS) - 1)]
        if seconds == 0.0:
            self.reverse_now(sale.number)
            return
        till.timers.set(f"reverse {sale.number}", seconds, partial(self.reverse_now, sale.number))
        till.desk.show_wait(sale.number, seconds)

    def _echo_later(self, seconds: float) -> None:
        self._till.timers.set("echo", seconds, self._echo)

    def _echo(self) -> None:
        till = self._till
        if not any(s.state in {State.ARMED, State.WAITING} for s in self.sales.values()):
            till.hands.acquirer.do(
                partial(errands.echo, till.parts.link, self._caller().stan, till.put)
            )
        self._echo_later(till.parts.settings.acquirer.echo_seconds)

    def _caller(self) -> errands.Caller:
        """For messages about the link: they may share the next sale's trace number, and leave it."""
        operator = self._till.counter.operator
        return errands.Caller(
            operator.id if operator else "01", self._till.parts.journal.peek_stan()
        )
