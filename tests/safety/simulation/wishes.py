"""What people want at a till beside paying: money back, a look into the tray, a word with the bank.

The cashier follows them by what the screens show; which payment it is, the list says.
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
    SaleLine,
    SaleShown,
    SalesShown,
    TrayShown,
)
from checkout.people_commands import Approve, RefuseApproval
from checkout.people_notices import ApprovalShown
from domain.give_back import Way
from domain.kinds import Kind
from domain.operators import Role
from domain.sale import State

CASHIER, MANAGER = "01", "02"
PINS = {CASHIER: "135790", MANAGER: "246801"}
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
        self.settles = dice.random() < 0.5
        """Whether the day is settled with the bank when the shop closes."""
        self._has_looked = False
        self.is_done = False

    def at_checkout(self, screen: CheckoutShown) -> Command | None:
        """What is wanted in place of a sale, if anything is."""
        dice = self._dice
        if dice.random() >= self.rate:
            return None
        may_wait = {"tray", "settle"} & set(self._often)
        if screen.operator.role is Role.CASHIER and not may_wait and dice.random() < 0.8:
            self.who = MANAGER
            return commands.SignOut()
        roll = dice.random()
        if {"void", "refund"} & set(self._often) and roll < 0.8:
            return self._back_of(screen.last_five) if roll < 0.5 else commands.ShowSales()
        if "tray" in self._often and roll < 0.6:
            return commands.ShowTray()
        if "balance" in self._often and roll < 0.6:
            return commands.CheckBalance()
        if "hold" in self._often and roll < 0.8:
            return commands.StartPreauth(128_00) if roll < 0.4 else commands.ShowSales()
        if roll < 0.4:
            return self._back_of(screen.last_five)
        if "settle" in self._often or roll > 0.97:
            return commands.ShowDay()
        if roll < 0.66:
            return commands.StartPreauth(dice.choice((1, 999, 64_99, 128_00)))
        if roll < 0.69:
            return commands.CheckBalance()
        return commands.ShowSales() if roll < 0.93 else commands.ShowTray()

    def elsewhere(self, screen: Notice) -> Command | None:
        """What is wanted on a screen of the list, or of the tray."""
        dice = self._dice
        match screen:
            case SalesShown(rows=rows) if rows and dice.random() < 0.8:
                likely = [row for row in rows if row.state is State.APPROVED] or list(rows)
                held = [row for row in likely if row.kind is Kind.PREAUTH]
                likely = held if held and dice.random() < 0.4 else likely
                row = dice.choice(likely if dice.random() < 0.9 else list(rows))
                return commands.ShowSale(row.number)
            case SaleShown(completable=most) if most is not None and dice.random() < 0.6:
                return commands.Complete(screen.sale.number, dice.randint(1, most.minor))
            case SaleShown() if screen.way_back.kind is not Way.NONE and dice.random() < 0.75:
                return self._gift(screen.sale.number, screen.way_back.amount.minor)
            case TrayShown(rows=rows):
                return self._tray([row.sale.number for row in rows if row.sale.state == "manual"])
            case DayShown():
                return self._day(screen)
            case ApprovalShown():
                if dice.random() < 0.3:
                    return RefuseApproval()
                return Approve(MANAGER, PINS[MANAGER] if dice.random() < 0.9 else "000000")
        return commands.CloseList()

    def closing_up(self, screen: Notice) -> Command | None:
        """The shop is closed: what is in doubt is settled, and perhaps the day."""
        match screen:
            case TrayShown(rows=rows):
                manual = [row.sale.number for row in rows if row.sale.state == "manual"]
                self._has_looked = not manual
                return self._tray(manual)
            case CheckoutShown() if screen.operator.role is Role.CASHIER:
                self.who = MANAGER
                return commands.SignOut()
            case CheckoutShown() if not self._has_looked:
                return commands.ShowTray()
            case CheckoutShown() if not self.is_done:
                return commands.ShowDay()
            case DayShown() if screen.in_the_way and any(o.by_people for o in screen.in_the_way):
                self._has_looked = False
            case DayShown() if screen.can_settle and screen.state == "open" and self.settles:
                return commands.Settle()
            case DayShown() if screen.state in {"closing", "uploading"}:
                return None
            case DayShown():
                self.is_done = True
            case CheckoutShown():
                return None
            case ApprovalShown():
                return RefuseApproval()
        return commands.CloseList()

    def _day(self, screen: DayShown) -> Command | None:
        roll = self._dice.random()
        if screen.can_settle and screen.state == "open":
            return commands.Settle() if roll < 0.6 else commands.CloseList()
        if screen.can_sell_on and roll < 0.5:
            return commands.SellOn()
        if screen.state in {"closing", "uploading"} and roll < 0.6:
            return commands.Settle() if roll < 0.1 else None
        if screen.last is not None and roll < 0.1:
            return commands.PrintSettlement(screen.last.number)
        if screen.in_the_way and roll < 0.4:
            return commands.ShowTray()
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
                commands.Complete(number, dice.choice((0, 1, 999, 12_345_67))),
                commands.CheckBalance(),
                commands.StartPreauth(0),
                commands.ShowDay(),
                commands.Settle(),
                commands.SellOn(),
                commands.PrintSettlement(dice.randint(0, 3)),
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
