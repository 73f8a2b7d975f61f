"""Amounts that are held on a card, and what is on it: the payments that begin with no sale.

A hold becomes a charge by its completion, with the same card once more; its release is a way of
giving back, see checkout/transactions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from checkout.commands import NotTheMoment
from domain.faults import Refused
from domain.give_back import facts_of
from domain.holds import Completable, completable
from domain.kinds import Kind
from domain.money import MAX_MINOR, Money, zero
from domain.sale import Sale

if TYPE_CHECKING:
    from checkout.till import Till

NOT_OFFERED = "H-01"
COMPLETED_BY = {"request": Kind.COMPLETION, "advice": Kind.COMPLETION_ADVICE}


class Holds:
    """Pre-authorisations, completions and balance enquiries; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._profile = till.parts.settings.acquirer

    def start(self, amount_minor: int) -> None:
        """Hold this amount on a card. Raises Refused H-01 where the shop does not."""
        if not self._profile.preauthorisation:
            raise Refused(NOT_OFFERED)
        if not 0 < amount_minor <= MAX_MINOR:
            raise NotTheMoment
        amount = Money(amount_minor, self._till.parts.settings.money)
        self._till.desk.begin(replace(self._till.desk.draft(amount), kind=Kind.PREAUTH))

    def complete(self, number: int, amount_minor: int) -> None:
        """Charge this much of a held amount; where that may not be, the sale says why."""
        till = self._till
        held = till.parts.journal.sale(number)
        if held is None or held.kind is not Kind.PREAUTH:
            raise NotTheMoment
        most = self.completable(held).most
        if most is None or not 0 < amount_minor <= most.minor:
            till.transactions.show_sale(number, None)
            raise NotTheMoment
        draft = till.desk.draft(Money(amount_minor, held.amount.currency))
        till.transactions.open_beneath(number)
        till.desk.begin(
            replace(
                draft,
                kind=COMPLETED_BY[self._profile.completion],
                original=number,
                facts=facts_of(held),
                fingerprint=held.fingerprint,
            )
        )

    def check_balance(self) -> None:
        """Ask the bank what is on a card. Raises Refused H-01 where the shop does not."""
        if not self._profile.balance_enquiry:
            raise Refused(NOT_OFFERED)
        nothing = zero(self._till.parts.settings.money)
        self._till.desk.begin(replace(self._till.desk.draft(nothing), kind=Kind.BALANCE))

    def again(self, sale: Sale) -> None:
        """The same once more, after a try that came to nothing."""
        if sale.kind is Kind.PREAUTH:
            self.start(sale.amount.minor)
        elif sale.kind is Kind.BALANCE:
            self.check_balance()
        else:
            assert sale.original is not None  # of a completion
            self.complete(sale.original, sale.amount.minor)

    def completable(self, held: Sale) -> Completable:
        """How much of a held amount may be charged now, or why nothing may."""
        moves = self._till.parts.journal.referring_to(held.number)
        return completable(held, moves, self._profile, self._till.parts.clock.now())
