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

from acquirer.link import SaleRequest
from checkout.bank import KEYS_GONE
from checkout.crash_points import passing
from checkout.mishaps import OUTCOMES, STOPPED, step_without_disk
from checkout.notices import RecoveryTold
from domain import receipts
from domain.batch import row_of
from domain.card_rules import why_not
from domain.consequences import consequence_of
from domain.entries import Decision, Entry, EntryKind, Slip, sale_entry
from domain.faults import LinkFault, StoreFault
from domain.give_back import why_not_this_card
from domain.kinds import Lane
from domain.sale import (
    FINAL,
    AdviceDelivered,
    AdviceRejected,
    Approved,
    Cancelled,
    CardCaptured,
    CardRefused,
    Declined,
    Errand,
    Event,
    FoundCharged,
    FoundNotCharged,
    NotNow,
    PinEntered,
    PinFailed,
    Recorded,
    Sale,
    SendFailed,
    Sent,
    State,
    Step,
    advance,
)

if TYPE_CHECKING:
    from checkout.till import Till

log = logging.getLogger("till.payment")

DOUBTFUL = frozenset({State.REVERSAL_PENDING, State.MANUAL, State.QUEUED})


class Payments:
    """The sales in motion; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.sales: dict[int, Sale] = {}
        self._request: SaleRequest | None = None

    def begin(self, sale: Sale) -> None:
        """A new draft: remember it and wait for its card. Raises StoreFault."""
        self._till.remember(Decision((sale_entry(sale, sale.started_at),), sale))
        passing("draft remembered")
        self.sales[sale.number] = sale
        seconds = self._till.parts.settings.card_seconds
        self._till.desk.wait_for(
            sale.number, seconds, "card", partial(self.happen, sale.number, Cancelled())
        )
        self._till.customer.listen(sale)

    def resume(self, step: Step) -> None:
        """A sale that the start found in doubt goes on from here."""
        self.sales[step.sale.number] = step.sale
        self._do(step)

    def happen(self, number: int, event: Event) -> None:
        """Decide what an event means for a sale, remember it, then do what follows."""
        sale = self._sale_for(number, event)
        event = self._judged(sale, event)
        step = self._step(sale, number, event)
        if step is None or sale is None:
            return
        if isinstance(event, CardCaptured):
            self._till.customer.card = event.card
            passing("card captured")
        try:
            step, arm = self._armed(step, event)
            self._remember(sale, step, arm, event)
        except StoreFault as fault:
            self._could_not_remember(sale, event, fault)
            return
        except LinkFault:
            # It cannot be put into a message, nor sent.
            is_told = isinstance(event, Recorded)
            self.happen(number, SendFailed(STOPPED) if is_told else PinFailed(STOPPED))
            return
        self._settle_in(step, event)

    def take_from_disk(self, number: int) -> None:
        """A sale that is over on disk, while a failing disk made the till think otherwise."""
        sale = self._till.parts.journal.sale(number)
        if sale is None or sale.state not in FINAL:
            return
        self.sales[number] = sale
        if not self._till.desk.shows(number):
            del self.sales[number]
            if sale.state is State.APPROVED:
                self._till.tell(RecoveryTold((), sale))
        self._till.desk.show()
        self._till.show_strip()
        self._till.slips.push()

    def forget_card(self) -> None:
        """Wipe what is still in memory of a card."""
        self._till.customer.forget()
        self._request = None

    @property
    def are_at_rest(self) -> bool:
        """Whether no sale is in motion: a moment for what would hold one up."""
        return all(sale.state in FINAL for sale in self.sales.values())

    @property
    def in_doubt(self) -> int:
        """How many sales the bank still owes a word on."""
        return sum(sale.state in DOUBTFUL for sale in self.sales.values())

    def _step(self, sale: Sale | None, number: int, event: Event) -> Step | None:
        """What TABLE says; None for an event that comes too late, whose card is wiped."""
        if sale is not None:
            try:
                return advance(sale, event, self._till.parts.clock.now())
            except NotNow as late:
                log.info("sale %s: %s is too late", number, late)
        if isinstance(event, CardCaptured) and event.card is not self._till.customer.card:
            event.card.wipe()
        return None

    def _sale_for(self, number: int, event: Event) -> Sale | None:
        """The sale that an event is for: a card belongs to the draft that waits for one."""
        if isinstance(event, CardCaptured | CardRefused):
            for sale in self.sales.values():
                if sale.state is State.DRAFT:
                    return sale
        return self.sales.get(number)

    def _judged(self, sale: Sale | None, event: Event) -> Event:
        """What breaks a rule of this till is refused before it becomes part of a sale."""
        pin_came = isinstance(event, PinEntered) and event.pin is not None
        if pin_came and self._till.customer.pin_is_void:
            return PinFailed(KEYS_GONE)
        if isinstance(event, CardCaptured):
            today = self._till.parts.clock.now().astimezone().date()
            fault = why_not(event.card, self._till.parts.settings, today)
            fingerprint = "" if fault else self._till.parts.link.fingerprint(event.card)
            if not fault and sale is not None and sale.row.needs_original:
                fault = why_not_this_card(sale, fingerprint)
            if fault:
                event.card.wipe()
                return CardRefused(fault)
            return replace(event, fingerprint=fingerprint)
        return event

    def _armed(self, step: Step, event: Event) -> tuple[Step, bytes | None]:
        """For what goes to the bank: its trace number, and what is sealed for it.

        That is the reversal that could undo a request, or the advice of what is only told.
        """
        if not isinstance(event, PinEntered | Recorded):
            return step, None
        passing("pin entered")
        parts = self._till.parts
        sale = replace(step.sale, stan=parts.journal.peek_stan())
        card = self._till.customer.card
        assert card is not None  # a sale comes to its PIN with a card only
        request = SaleRequest(
            sale=sale.number,
            amount=sale.amount,
            card=card,
            pin=event.pin if isinstance(event, PinEntered) else None,
            stan=sale.stan or 0,
            batch=sale.batch,
            at=parts.clock.now().astimezone(),
            operator=sale.operator.id,
            kind=sale.kind,
            original=sale.facts,
        )
        passing("before arming")
        if sale.row.lane is Lane.ENQUIRY:
            # It moves nothing, so nothing could undo it.
            self._request = request
            parts.link.prepare(request)
            return replace(step, sale=sale), None
        if isinstance(event, Recorded):
            return replace(step, sale=sale), parts.link.record(request)
        self._request = request
        return replace(step, sale=sale), parts.link.arm(request)

    def _remember(self, before: Sale, step: Step, arm: bytes | None, event: Event) -> None:
        if not step.durable:
            return
        sale = step.sale
        at = self._till.parts.clock.now()
        slips: tuple[Slip, ...] = ()
        if Errand.PRINT in step.errands:
            papers = receipts.slips_for(sale, self._till.parts.settings)
            slips = self._till.slips.promise(papers)
        if arm is None and before.state in {State.ARMED, State.WAITING}:
            passing("before outcome")
        also = self._changed_with(before, sale)
        self._till.remember(
            Decision(
                (
                    *(sale_entry(one, at) for one in (sale, *also)),
                    *self._beside(before, sale, event),
                ),
                sale,
                also,
                arm=arm,
                settled=sale.state in FINAL and before.stan is not None,
                for_upload=row_of(sale) is not None and self._till.parts.link.keeps_for_upload,
                slips=slips,
            )
        )
        if isinstance(event, PinEntered | Recorded):
            passing("advice recorded" if sale.state is State.QUEUED else "armed")
        elif before.state is State.QUEUED:
            passing("advice remembered")
        elif before.state in {State.ARMED, State.WAITING}:
            passing("outcome remembered")
        elif before.state is State.REVERSAL_PENDING:
            passing("reversal remembered")

    def _beside(self, before: Sale, sale: Sale, event: Event) -> tuple[Entry, ...]:
        """What a manager answers for has an entry of its own: see _resolution, _other_card."""
        if sale.to_other_card and before.state is not State.QUEUED:
            return self._other_card(sale)
        return self._resolution(sale, event)

    def _other_card(self, sale: Sale) -> tuple[Entry, ...]:
        """The entry of money that goes, or was meant to go, to a card that did not pay."""
        body: dict[str, object] = {
            "state": sale.state.value,
            "original": sale.original,
            "amount_minor": sale.amount.minor,
            "card": sale.card.masked if sale.card else "",
            "reason": sale.given_reason,
        }
        return (self._till.entry(EntryKind.OTHER_CARD, body, sale.number),)

    def _resolution(self, sale: Sale, event: Event) -> tuple[Entry, ...]:
        """The entry of the manager who noted what the bank said."""
        if not isinstance(event, FoundCharged | FoundNotCharged):
            return ()
        body: dict[str, object] = {
            "charged": isinstance(event, FoundCharged),
            "reason": event.why,
        }
        return (self._till.entry(EntryKind.RESOLVED, body, sale.number),)

    def _changed_with(self, before: Sale, sale: Sale) -> tuple[Sale, ...]:
        """The earlier payments that change with this one: a void's sale, and the hold behind it."""
        event = None if before.state is sale.state else consequence_of(sale)
        original = self._till.parts.journal.sale(sale.original or 0) if event else None
        if event is None or original is None:
            return ()
        try:
            changed = advance(original, event, self._till.parts.clock.now()).sale
        except NotNow as too_late:
            log.error("sale %s: sale %s was %s", sale.number, original.number, too_late)
            return ()
        return (changed, *self._changed_with(original, changed))

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
            self._till.bank.reversing.discard(sale.number)
            self._till.advices.over(sale.number)
        self.sales[sale.number] = sale
        self._till.surely(partial(self._till.desk.changed, sale, event))
        if isinstance(event, OUTCOMES):
            passing("outcome shown")
        self._do(step)
        if isinstance(event, Approved | Declined) and sale.state in FINAL:
            self._till.bank.echo()
        if sale.state in FINAL and not self._till.desk.shows(sale.number):
            self.sales.pop(sale.number, None)
        if isinstance(event, AdviceDelivered | AdviceRejected):
            self._till.advices.flush()
        self._till.show_strip()
        self._till.surely(self._till.tray.refresh)
        self._till.surely(partial(self._till.settlement.payment_changed, sale))

    def _do(self, step: Step) -> None:
        till = self._till
        errand_of: dict[Errand, Callable[[Sale], None]] = {
            Errand.LISTEN: till.customer.listen,
            Errand.STOP_LISTENING: lambda _: till.customer.stop_listening(),
            Errand.ASK_FOR_PIN: till.customer.begin_pin,
            Errand.STOP_PIN: lambda _: till.customer.stop_pin(),
            Errand.ASK: self._ask,
            Errand.REVERSE: till.bank.reverse_in_turn,
            Errand.DELIVER: till.advices.tell_in_turn,
            Errand.SIGN_ON: lambda _: till.bank.sign_on(),
            Errand.PRINT: lambda _: till.slips.push(),
            Errand.WIPE: lambda _: self.forget_card(),
        }
        for errand in step.errands:
            self._till.surely(partial(errand_of[errand], step.sale))

    def _ask(self, sale: Sale) -> None:
        assert self._request is not None  # armed in the commit before
        self._till.bank.ask(sale, self._request)
