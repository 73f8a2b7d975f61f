"""The cashier of a simulated day: serves customers by what the screen shows, and errs as people do.

Double taps, cancels at any moment, impatience, a wrong PIN at the sign-in, keys that mean nothing.
What customers want beside paying comes from `wishes`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from checkout import commands
from checkout.commands import Command
from checkout.notices import (
    CheckoutShown,
    DayShown,
    Notice,
    PaymentShown,
    SaleShown,
    SalesShown,
    SignInShown,
    TrayShown,
)
from checkout.people_notices import ApprovalShown
from domain.sale import State
from tests.safety.simulation.agenda import Agenda, Event
from tests.safety.simulation.counter_devices import stripe_of
from tests.safety.simulation.wishes import CASHIER, MANAGER, PINS, Wishes

PATIENCE = 12.0
"""Seconds after which a cashier looks at the screen again though nothing has changed."""
JUNK: tuple[type[Command], ...] = (
    commands.Confirm,
    commands.Cancel,
    commands.TryAgain,
    commands.LeaveSale,
    commands.KeepAmount,
    commands.PrintCustomerCopy,
    commands.ReprintLast,
    commands.Look,
    commands.SignOut,
)
SCREENS = (
    SignInShown,
    CheckoutShown,
    PaymentShown,
    SalesShown,
    SaleShown,
    TrayShown,
    DayShown,
    ApprovalShown,
)


class Cashier:
    """One person with so many customers to serve; `send` gives a command to the till."""

    def __init__(
        self,
        agenda: Agenda,
        dice: Random,
        send: Callable[[Command], None],
        *,
        wishes: Wishes,
        card: Callable[[], str],
        customers: int,
        types_stripes: bool,
    ) -> None:
        self._agenda = agenda
        self._dice = dice
        self._send = send
        self._types_stripes = types_stripes
        self._wishes = wishes
        self._card = card
        self.customers = customers
        self.clumsiness = 0.04
        self.is_home = False
        self._served = 0
        self._screen: Notice | None = None
        self._act_next: Event | None = None

    def see(self, notice: Notice) -> None:
        """A new screen."""
        if isinstance(notice, SCREENS):
            self._screen = notice
            self._think(self._dice.uniform(0.4, 4.0))

    def power_is_gone(self) -> None:
        self._screen = None

    def _think(self, seconds: float) -> None:
        if self._act_next is not None:
            self._act_next.action = None
        self._act_next = self._agenda.at(self._agenda.now + seconds, self._act)

    def _act(self) -> None:
        if self._screen is None:
            return
        self._think(PATIENCE)
        dice = self._dice
        if dice.random() < self.clumsiness:
            self._say(self._junk())
            return
        command = self._wanted()
        if command is not None:
            self._say(command)
            if dice.random() < self.clumsiness and not isinstance(command, commands.SwipeTyped):
                self._say(command)

    def _junk(self) -> Command:
        kind = self._dice.choice((*JUNK, commands.SwipeTyped, commands.StartSale, None))
        if kind is None:
            return self._wishes.junk(self._served)
        if kind is commands.SwipeTyped:
            return commands.SwipeTyped(stripe_of(self._card()))
        return commands.StartSale(self._amount()) if kind is commands.StartSale else kind()

    def _say(self, command: Command) -> None:
        self._agenda.trace(f"cashier: {type(command).__name__}")
        self._send(command)

    def _wanted(self) -> Command | None:
        screen = self._screen
        if self.is_home and not isinstance(screen, PaymentShown):
            return self._closing_up(screen)
        if isinstance(screen, SignInShown):
            if self._dice.random() < 2 * self.clumsiness:
                return commands.StartSale(self._amount())
            who = self._wishes.who
            self._wishes.who = CASHIER if self._dice.random() < 0.4 else MANAGER
            return commands.SignIn(who, PINS[who] if self._dice.random() > 0.03 else "000000")
        if isinstance(screen, CheckoutShown):
            return self._next_customer(screen)
        if isinstance(screen, PaymentShown):
            self._served = max(self._served, screen.sale.number)
            return self._in_payment(screen.sale.state)
        return self._wishes.elsewhere(screen) if screen is not None else None

    @property
    def is_done(self) -> bool:
        """Whether the shop is closed, and nothing is left to do for people."""
        return self.is_home and self._wishes.is_done

    def _closing_up(self, screen: Notice | None) -> Command | None:
        if self._wishes.is_done:
            return None
        if isinstance(screen, SignInShown):
            return commands.SignIn(MANAGER, PINS[MANAGER])
        return self._wishes.closing_up(screen) if screen is not None else None

    def _next_customer(self, screen: CheckoutShown) -> Command | None:
        if self.customers <= 0 or self.is_home:
            return None
        wanted = self._wishes.at_checkout(screen)
        if wanted is None:
            self.customers -= 1
            return commands.StartSale(self._amount())
        return wanted

    def _amount(self) -> int:
        return self._dice.choice((1, 2, 999, 5_00, 12_80, 64_99, 128_00, 999_99, 12_345_67))

    def _in_payment(self, state: State) -> Command | None:
        dice = self._dice
        roll = dice.random()
        match state:
            case State.DRAFT:
                return self._at_draft(roll)
            case State.CAPTURED:
                return commands.Cancel() if roll < 0.04 else commands.Confirm()
            case State.PIN_ENTRY:
                return commands.Cancel() if roll < 0.03 else None
            case State.ARMED | State.WAITING:
                return commands.Cancel() if roll < 0.3 else commands.StartSale(self._amount())
            case State.APPROVED | State.QUEUED | State.DELIVERED:
                if roll < 0.10:
                    return commands.PrintCustomerCopy()
                return self._go_on(roll)
            case State.DECLINED | State.NOT_SENT | State.REVERSED:
                if roll < 0.2:
                    return commands.KeepAmount()
                return commands.TryAgain() if roll < 0.4 else self._go_on(roll)
            case State.REVERSAL_PENDING:
                return commands.LeaveSale() if roll < 0.6 else None
            case _:
                return commands.LeaveSale()

    def _at_draft(self, roll: float) -> Command | None:
        if roll < 0.03:
            return commands.Cancel()
        if not self._types_stripes or roll < 0.05:
            return None
        if roll < 0.07:
            return commands.SwipeTyped(bytearray(b";12345?"))
        return commands.SwipeTyped(stripe_of(self._card()))

    def _go_on(self, roll: float) -> Command | None:
        if roll < 0.7 and self.customers > 0 and not self.is_home:
            self.customers -= 1
            return commands.StartSale(self._amount())
        return commands.LeaveSale()
