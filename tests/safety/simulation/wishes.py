"""What people want at a till beside paying: money back, a look into the tray, a word with the bank.

The cashier follows them by what the screens show; which payment it is, the list says.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from checkout import commands
from checkout.commands import Command
from checkout.notices import CheckoutShown, Notice, SaleLine, SaleShown, SalesShown, TrayShown
from domain.give_back import Way
from domain.kinds import Kind
from domain.operators import Role
from domain.sale import State

CASHIER, MANAGER = "01", "02"
WHY = "the customer came back"


class Wishes:
    """The wishes of a day; `asks_bank` tells whether a payment stands at the bank."""

    def __init__(
        self,
        dice: Random,
        asks_bank: Callable[[int], bool],
        rate: float | None = None,
        often: tuple[str, ...] = (),
    ) -> None:
        self._dice = dice
        self._asks_bank = asks_bank
        self.rate = dice.choice((0.05, 0.15, 0.35)) if rate is None else rate
        self._often = often
        self.who = MANAGER
        """Who signs in next."""

    def at_checkout(self, screen: CheckoutShown) -> Command | None:
        """What is wanted in place of a sale, if anything is."""
        dice = self._dice
        if dice.random() >= self.rate:
            return None
        if screen.operator.role is Role.CASHIER and dice.random() < 0.8:
            self.who = MANAGER
            return commands.SignOut()
        roll = dice.random()
        if "tray" in self._often and roll < 0.6:
            return commands.ShowTray()
        if roll < 0.45:
            return self._back_of(screen.last_five)
        if roll < 0.85:
            return commands.ShowSales()
        return commands.ShowTray()

    def elsewhere(self, screen: Notice) -> Command | None:
        """What is wanted on a screen of the list, or of the tray."""
        dice = self._dice
        match screen:
            case SalesShown(rows=rows) if rows and dice.random() < 0.8:
                likely = [row for row in rows if row.state is State.APPROVED] or list(rows)
                row = dice.choice(likely if dice.random() < 0.9 else list(rows))
                return commands.ShowSale(row.number)
            case SaleShown() if screen.way_back.kind is not Way.NONE and dice.random() < 0.75:
                return self._gift(screen.sale.number, screen.way_back.amount.minor)
            case TrayShown(rows=rows):
                return self._tray([row.sale.number for row in rows if row.sale.state == "manual"])
        return commands.CloseList()

    def junk(self, numbers: int) -> Command:
        """Something that nobody should ask for now, or at all."""
        dice, number = self._dice, self._dice.randint(0, numbers + 1)
        return dice.choice(
            (
                commands.GiveBack(number, dice.choice((0, 1, 12_80, 12_345_67)), WHY),
                commands.GiveBack(number, 12_80, " "),
                commands.ShowSale(number, dice.choice((None, 1, 0))),
                commands.ShowSales(search="12.80"),
                commands.ShowTray(),
                commands.CloseList(),
            )
        )

    def _back_of(self, rows: tuple[SaleLine, ...]) -> Command | None:
        """Money back for one of the last, without a look at the list."""
        sold = [row for row in rows if row.state is State.APPROVED and row.kind is Kind.SALE]
        if not sold:
            return None
        row = self._dice.choice(sold)
        return self._gift(row.number, row.amount.minor)

    def _gift(self, number: int, minor: int) -> Command:
        """All of it, a part of it, and sometimes more than there was."""
        roll = self._dice.random()
        if "refund" in self._often or (roll < 0.45 and "void" not in self._often):
            minor = self._dice.randint(1, minor)
        elif roll < 0.5:
            minor += 1
        return commands.GiveBack(number, minor, WHY)

    def _tray(self, manual: list[int]) -> Command:
        if not manual:
            return commands.CloseList()
        number = self._dice.choice(manual)
        return commands.Resolve(number, self._asks_bank(number), "by telephone")
