"""The list of payments: found again, shown whole, and given back to the card that paid.

While the list is open it lies beneath any payment that it leads to: whoever leaves that payment
comes back to the list.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from checkout.commands import (
    GiveBack,
    ListCommand,
    NotTheMoment,
    PrintAgain,
    RefundToOtherCard,
    ShowSale,
    ShowSales,
)
from checkout.notices import SaleShown, SalesShown
from checkout.pictures import sale_line, slip_shown
from domain.faults import Refused
from domain.give_back import Way, WayBack, facts_of, left_of, refunded, way_back
from domain.kinds import Kind
from domain.money import MAX_MINOR, Money
from domain.operators import Permission
from domain.sale import Sale
from domain.truth import money_moved

if TYPE_CHECKING:
    from checkout.till import Till

PAGE = 50
"""Rows that come at once."""
LONGEST_REASON = 120
KIND_OF = {Way.VOID: Kind.VOID, Way.REFUND: Kind.REFUND}
UNDOING = {
    Kind.PREAUTH: Kind.PREAUTH_VOID,
    Kind.COMPLETION: Kind.COMPLETION_VOID,
    Kind.COMPLETION_ADVICE: Kind.COMPLETION_VOID,
}
"""What voids a kind, where it is not the plain void."""


class Transactions:
    """What of the list is open; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._list: tuple[str, str, int | None] | None = None
        self._one: tuple[int, int | None] | None = None

    def carry_out(self, command: ListCommand) -> None:
        """Do what is asked of the list, or of one payment in it."""
        match command:
            case ShowSales(search, day, before):
                self.show_sales(search, day, before)
            case ShowSale(number, amount_minor):
                self.show_sale(number, amount_minor)
            case GiveBack(number, amount_minor, reason):
                self.give_back(number, amount_minor, reason)
            case RefundToOtherCard(number, amount_minor, reason):
                self.give_back(number, amount_minor, reason, to_other_card=True)
            case PrintAgain(number, for_customer):
                self._till.desk.print_again(number, for_customer=for_customer)

    def show_sales(self, search: str, day: str, before: int | None) -> None:
        """Open the list, or another page of it. Not over a payment that is not over."""
        self._till.desk.clear()
        self._till.tray.forget()
        self._list, self._one = (search, day, before), None
        self.show()

    def show_sale(self, number: int, amount_minor: int | None) -> None:
        """Open one payment of the list."""
        if self._till.parts.journal.sale(number) is None or not _fits(amount_minor):
            raise NotTheMoment
        self._till.desk.clear()
        self._till.tray.forget()
        self._one = (number, amount_minor)
        self.show()

    def close(self) -> None:
        """Back to the checkout."""
        self._till.desk.clear()
        self.forget()
        self._till.counter.show()

    def forget(self) -> None:
        """Nothing of the list is open any more, nor the tray, nor the day."""
        self._list = self._one = None
        self._till.tray.forget()
        self._till.day.forget()

    def show(self) -> bool:
        """Show what is open, as it is now; False where nothing is."""
        journal = self._till.parts.journal
        if self._till.counter.operator is None:
            return False
        if self._one is not None:
            number, amount_minor = self._one
            sale = journal.sale(number)
            if sale is not None:
                self._till.tell(self._picture(sale, amount_minor))
                return True
        if self._list is None:
            return False
        search, day, before = self._list
        found = journal.find_sales(search, day, before, PAGE)
        rows = tuple(map(sale_line, found.sales))
        self._till.tell(SalesShown(rows, search, day, found.total, found.more))
        return True

    def give_back(
        self, number: int, amount_minor: int, reason: str, *, to_other_card: bool = False
    ) -> None:
        """Begin the payment that gives this back; where there is no way, the sale says why.

        Raises Refused H-01 where the profile lets no money go to another card.
        """
        till, why = self._till, " ".join(reason.split())[:LONGEST_REASON]
        if to_other_card and not till.parts.settings.acquirer.refund_to_other_card:
            raise Refused("H-01")
        original = till.parts.journal.sale(number)
        if original is None or not why or not _fits(amount_minor):
            raise NotTheMoment
        way = self._way(original, Money(amount_minor, original.amount.currency))
        kind = KIND_OF.get(way.kind)
        if kind is None or (to_other_card and original.kind is Kind.PREAUTH):
            self.show_sale(number, amount_minor)
            raise NotTheMoment
        if to_other_card:
            kind = Kind.REFUND
        elif kind is Kind.VOID:
            kind = UNDOING.get(original.kind, kind)
        self._one = (number, amount_minor)
        till.desk.begin(
            replace(
                till.desk.draft(way.amount),
                kind=kind,
                original=number,
                facts=facts_of(original),
                fingerprint=original.fingerprint,
                given_reason=why,
                to_other_card=to_other_card,
            )
        )

    def open_beneath(self, number: int) -> None:
        """Have this payment shown when the one that begins now is left."""
        self._one = (number, None)

    def again(self, sale: Sale) -> None:
        """The same once more, after a try that gave nothing back. Raises NotAllowed."""
        other = sale.to_other_card
        permission = Permission.OTHER_CARD if other else Permission.GIVE_BACK
        self._till.people.approvals.require(permission)
        assert sale.original is not None  # of a payment that gives money back
        self.give_back(sale.original, sale.amount.minor, sale.given_reason, to_other_card=other)

    def _picture(self, sale: Sale, amount_minor: int | None) -> SaleShown:
        till, journal = self._till, self._till.parts.journal
        moves = journal.referring_to(sale.number)
        given = refunded(sale, moves)
        amount = left_of(sale, moves)
        if amount_minor is not None:
            amount = Money(amount_minor, sale.amount.currency)
        completable = till.holds.completable(sale)
        return SaleShown(
            sale=sale,
            moved=money_moved(sale),
            slips=tuple(
                slip_shown(slip, till.slips.faults) for slip in journal.slips_of(sale.number)
            ),
            refunded=given,
            way_back=self._way(sale, amount),
            moves=tuple(map(sale_line, moves)),
            completable=completable.most,
            why_not_completable=completable.why_not,
        )

    def _way(self, sale: Sale, amount: Money) -> WayBack:
        journal = self._till.parts.journal
        return way_back(
            sale, journal.referring_to(sale.number), amount, open_batch=self._till.desk.open_batch
        )


def _fits(amount_minor: int | None) -> bool:
    return amount_minor is None or 0 < amount_minor <= MAX_MINOR
