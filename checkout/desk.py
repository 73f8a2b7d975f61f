"""The payment on the screen: what an operator may do with it, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from checkout.commands import NotTheMoment
from checkout.notices import FaultTold, SettledTold
from checkout.pictures import OnScreen, payment_shown
from domain import receipts
from domain.card import BadCard
from domain.card_rules import why_unreadable
from domain.entries import Decision, EntryKind, Slip, SlipState
from domain.faults import Refused, StoreFault
from domain.kinds import Kind, Lane
from domain.money import MAX_MINOR, Money
from domain.sale import (
    DRAFTS,
    OPEN,
    Approved,
    Cancelled,
    CardCaptured,
    CardRefused,
    Confirmed,
    Declined,
    Event,
    Recorded,
    Sale,
    Sent,
    State,
)
from domain.tracks import read_stripe
from domain.words import words

if TYPE_CHECKING:
    from checkout.till import Till

ASKING = frozenset({State.ARMED, State.WAITING})
UNCHARGED = frozenset({State.NOT_SENT, State.DECLINED, State.REVERSED})
SETTLED = frozenset({State.REVERSED, State.MANUAL, State.APPROVED, State.DELIVERED, State.REJECTED})
"""Where a payment that is not on the screen comes to its end, or to people."""
WRONG_PIN = "55"


class Desk:
    """What is on the screen during a payment; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._screen: OnScreen | None = None
        self._wrong_pins: dict[str, int] = {}

    def start(self, amount_minor: int) -> None:
        """Take this amount by card."""
        if not 0 < amount_minor <= MAX_MINOR:
            raise NotTheMoment
        self.begin(self.draft(Money(amount_minor, self._till.parts.settings.money)))

    def draft(self, amount: Money) -> Sale:
        """A new payment by whoever stands here, with the number that it would take."""
        till, operator = self._till, self._till.counter.operator
        assert operator is not None  # may() let only an operator through
        return Sale(
            till.parts.journal.next_sale(),
            amount,
            operator,
            till.parts.clock.now(),
            batch=self.open_batch,
            approver=till.people.approvals.approver_name,
        )

    @property
    def open_batch(self) -> int:
        """The bank's batch that payments go into now."""
        return self._till.settlement.open_batch

    def begin(self, sale: Sale) -> None:
        """Take a draft to the screen. Raises Refused where it cannot be written down."""
        till = self._till
        current = self._current()
        if current is not None and current.state in DRAFTS | OPEN:
            raise NotTheMoment
        till.settlement.refuse(sale)
        self._put_aside()
        if sale.original is None:
            till.transactions.forget()
        self._screen = OnScreen(sale.number)
        try:
            till.payments.begin(sale)
        except StoreFault as fault:
            self._screen = None
            till.surely(partial(till.show_between, _kept(sale)))
            raise Refused(fault.fault.code) from fault
        self.show()

    @property
    def is_shown(self) -> bool:
        """Whether a payment is on the screen."""
        return self._screen is not None

    @property
    def is_busy(self) -> bool:
        """Whether the payment on the screen still needs its cashier, or the bank's answer."""
        sale = self._current()
        return sale is not None and sale.state in DRAFTS | ASKING

    @property
    def shown_sale(self) -> Sale | None:
        """The payment on the screen."""
        return self._current()

    def clear(self) -> None:
        """Put what is on the screen aside, if that may be left."""
        if self.is_busy:
            raise NotTheMoment
        self._put_aside()

    def swiped(self, stripe: bytearray) -> None:
        """A stripe from the keyboard: a card where one is awaited, else wiped and forgotten."""
        sale = self._current()
        if sale is None or sale.state is not State.DRAFT:
            discard(stripe)
            raise NotTheMoment
        try:
            event: Event = CardCaptured(read_stripe(stripe))
        except BadCard as bad:
            event = CardRefused(why_unreadable(bad))
        self._till.payments.happen(sale.number, event)

    def confirm(self) -> None:
        """The amount is right: on to the PIN, or into what the bank is told."""
        sale = self._current()
        is_told = sale is not None and sale.row.lane is Lane.ADVICE
        self._happen_in(frozenset({State.CAPTURED}), Recorded() if is_told else Confirmed())

    def cancel(self) -> None:
        """End a draft; anything later can only be answered or reversed."""
        self._happen_in(DRAFTS, Cancelled())

    def press_pad_key(self, key: str) -> None:
        """A key of the pad on the screen."""
        pad = self._till.parts.devices.pin_pad
        sale = self._current()
        if pad is None or sale is None or sale.state is not State.PIN_ENTRY:
            raise NotTheMoment
        pad.press(key)

    def try_again(self) -> None:
        """The same amount once more, as a new sale, where the last one did not charge."""
        sale = self._current()
        if sale is None or sale.state not in UNCHARGED:
            raise NotTheMoment
        if sale.kind is Kind.SALE:
            self.start(sale.amount.minor)
        elif not sale.row.gives_back:
            self._till.holds.again(sale)
        else:
            self._till.transactions.again(sale)

    def leave(self) -> None:
        """Put the sale aside: it is over, or the till goes on reversing it by itself."""
        if self._current() is None:
            raise NotTheMoment
        self.clear()
        self._till.show_between()

    def keep_amount(self) -> None:
        """Put a sale that did not charge aside and offer its amount for another way to pay."""
        sale = self._current()
        if sale is None or sale.state not in UNCHARGED or sale.kind is not Kind.SALE:
            raise NotTheMoment
        self._put_aside()
        self._till.counter.show(sale.amount)

    def sign_out(self, body: dict[str, object] | None = None) -> None:
        """Lock the till, unless a payment needs its cashier; `body` is what its entry adds."""
        self.clear()
        self._till.transactions.forget()
        self._till.counter.sign_out(body)

    def print_customer_copy(self) -> None:
        """Paper for the customer; the second time it is marked as a copy."""
        sale = self._current()
        if sale is None or not receipts.may_have_customer_paper(sale):
            raise NotTheMoment
        slip = receipts.customer_slip(sale, self._till.parts.settings)
        same = self._same_papers(slip)
        self._owe(self._copy(slip) if same else slip)

    def reprint_last(self) -> None:
        """The last slip again, marked as a copy; who asked for it is journaled."""
        last = self._till.parts.journal.last_slip()
        if last is None or last.state is not SlipState.PRINTED:
            # It comes out by itself; an older payment's paper in its place would mislead.
            raise NotTheMoment
        self._same_papers(last)
        self._owe(self._copy(last))

    def print_again(self, number: int, *, for_customer: bool) -> None:
        """The newest paper of one payment again, marked as a copy; who asked for it is journaled.

        The customer's first paper of a payment that can have one is no copy.
        """
        till = self._till
        sale = till.parts.journal.sale(number)
        if sale is None or self.is_shown:
            raise NotTheMoment
        papers = [
            slip
            for slip in till.parts.journal.slips_of(number)
            if (slip.kind in receipts.FOR_THE_SHOP) is not for_customer
        ]
        if papers:
            self._same_papers(papers[-1])
            self._owe(self._copy(papers[-1]))
        elif for_customer and receipts.may_have_customer_paper(sale):
            self._owe(receipts.customer_slip(sale, till.parts.settings))
        else:
            raise NotTheMoment
        till.transactions.show()

    def changed(self, sale: Sale, event: Event) -> None:
        """A sale took a step: show it, or tell of it where it is not on the screen."""
        self._count_wrong_pins(sale, event)
        screen = self._screen
        if screen is None or screen.sale != sale.number:
            if sale.state in SETTLED:
                self._till.tell(SettledTold(sale))
                if screen is None and self._till.counter.operator is not None:
                    self._till.show_between()
            return
        if isinstance(event, Approved):
            screen.balance = event.balance
        if sale.state not in {State.DRAFT, *ASKING} or not isinstance(event, Sent | CardRefused):
            self.clear_wait(sale.number)
        if sale.state is not State.DRAFT:
            self._till.timers.drop("card")
        if sale.state is State.ABANDONED:
            self._put_aside()
            self._till.show_between(_kept(sale))
            return
        self.show()

    def shows(self, number: int) -> bool:
        """Whether that sale is on the screen."""
        return self._screen is not None and self._screen.sale == number

    def wait_for(self, number: int, seconds: float, name: str, action: Callable[[], None]) -> None:
        """Set a deadline of the till, and show it if the sale is on the screen."""
        due = self._till.timers.set(name, seconds, action)
        if self._screen is not None and self._screen.sale == number:
            self._screen.deadline, self._screen.allowed = due, seconds

    def show_wait(self, number: int, seconds: float) -> None:
        """Show a wait that somebody else ends: the pad, the bank, a reversal's next try."""
        if self._screen is not None and self._screen.sale == number:
            self._screen.deadline = self._till.parts.clock.monotonic() + seconds
            self._screen.allowed = seconds
            self.show()

    def clear_wait(self, number: int) -> None:
        """Nothing is waited for any more."""
        if self._screen is not None and self._screen.sale == number:
            self._screen.deadline, self._screen.allowed = None, 0.0
            self._screen.pin_digits = None

    def pin_digits(self, number: int, count: int) -> None:
        """So many digits stand on the pad; one that asks for a sale long gone is told to stop."""
        sale = self._till.payments.sales.get(number)
        if sale is None or sale.state is not State.PIN_ENTRY:
            self._till.customer.stop_pin()
        elif self._screen is not None and self._screen.sale == number:
            self._screen.pin_digits = count
            self.show()

    def show(self) -> bool:
        """Show the payment on the screen; False if there is none."""
        sale, screen, operator = self._current(), self._screen, self._till.counter.operator
        if sale is None or screen is None or operator is None:
            return False
        till, parts = self._till, self._till.parts
        screen.slip_faults = till.slips.faults
        screen.reversing_now = sale.number in till.bank.reversing
        screen.awaits_keys = sale.state is State.PIN_ENTRY and till.customer.waits_for_keys
        till.tell(
            payment_shown(
                sale,
                screen,
                self._slips_of(sale),
                parts.settings,
                operator,
                now=parts.clock.now(),
                monotonic=parts.clock.monotonic(),
                wrong_pins=self._wrong_pins.get(sale.card.masked, 0) if sale.card else 0,
            )
        )
        return True

    def _slips_of(self, sale: Sale) -> tuple[Slip, ...]:
        if sale.state in DRAFTS | ASKING:
            return ()
        try:
            return self._till.parts.journal.slips_of(sale.number)
        except StoreFault as fault:
            # Whoever stands here must see what became of the payment, whatever the disk does.
            self._till.tell(FaultTold(fault.fault.code))
            return ()

    def _count_wrong_pins(self, sale: Sale, event: Event) -> None:
        """Per card, until its bank approves: the screen says how many tries are left."""
        if sale.card is None:
            return
        if isinstance(event, Declined) and event.answer.code == WRONG_PIN:
            self._wrong_pins[sale.card.masked] = self._wrong_pins.get(sale.card.masked, 0) + 1
        elif isinstance(event, Approved):
            self._wrong_pins.pop(sale.card.masked, None)

    def _current(self) -> Sale | None:
        return self._till.payments.sales.get(self._screen.sale) if self._screen else None

    def _happen_in(self, states: frozenset[State], event: Event) -> None:
        sale = self._current()
        if sale is None or sale.state not in states:
            raise NotTheMoment
        self._till.payments.happen(sale.number, event)

    def _put_aside(self) -> None:
        sale = self._current()
        self._screen = None
        self._till.timers.drop("card")
        if sale is not None and sale.state not in OPEN:
            self._till.payments.sales.pop(sale.number, None)

    def _same_papers(self, slip: Slip) -> list[Slip]:
        """Papers of this kind and sale; a double tap, while one is not out yet, owes no other."""
        slips = self._till.parts.journal.slips_of(slip.sale)
        same = [before for before in slips if before.kind is slip.kind]
        if any(before.state is not SlipState.PRINTED for before in same):
            raise NotTheMoment
        return same

    def _copy(self, slip: Slip) -> Slip:
        speaking = words(self._till.parts.settings.slip_language)
        document = receipts.as_copy(slip.document, speaking)
        return replace(slip, number=0, copies=0, state=SlipState.OWED, document=document)

    def _owe(self, slip: Slip) -> None:
        till = self._till
        body: dict[str, object] = {"kind": slip.kind.value, "asked": True}
        entry = till.entry(EntryKind.SLIP, body, slip.sale)
        till.remember(Decision((entry,), slips=(slip,)))
        till.slips.try_now()
        self.show()
        till.show_strip()


def discard(stripe: bytearray) -> None:
    """Wipe a stripe that nobody asked for."""
    for index in range(len(stripe)):
        stripe[index] = 0


def _kept(sale: Sale) -> Money | None:
    """The amount that the checkout offers again after a draft: that of a sale only."""
    return sale.amount if sale.kind is Kind.SALE else None
