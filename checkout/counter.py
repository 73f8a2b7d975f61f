"""Who stands at the till, and what they see between two payments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from checkout.commands import NotTheMoment
from checkout.notices import CheckoutShown, Notice, SignInShown
from checkout.pictures import sale_line
from domain.entries import Decision, Entry, EntryKind
from domain.faults import Refused
from domain.money import Money
from domain.operators import Operator

if TYPE_CHECKING:
    from checkout.till import Parts

LAST = 5


class Counter:
    """The operator at the till; lives on the till's thread."""

    def __init__(self, parts: Parts, tell: Callable[[Notice], None]) -> None:
        self._parts = parts
        self._tell = tell
        self.operator: Operator | None = None
        parts.roster.open(parts.clock.boottime())

    def sign_in(self, operator_id: str, pin: str) -> None:
        """Let somebody in, or say why not; both are journaled. Never over somebody who is here."""
        if self.operator is not None:
            raise NotTheMoment
        parts = self._parts
        now = parts.clock.now()
        try:
            operator = parts.roster.check(operator_id, pin, now, parts.clock.boottime())
        except Refused as refused:
            body = {"fault": refused.fault.code}
            self._remember(Entry(EntryKind.SIGN_IN_REFUSED, now, operator_id, body))
            self._tell(
                SignInShown(
                    parts.roster.operators(),
                    operator_id,
                    refused.fault.code,
                    parts.roster.tries_left(operator_id),
                )
            )
            return
        self._remember(Entry(EntryKind.SIGNED_IN, now, operator.id, {"name": operator.name}))
        self.operator = operator
        self.show()

    def sign_out(self) -> None:
        """Nobody stands here any more."""
        if self.operator is not None:
            self._remember(
                Entry(EntryKind.SIGNED_OUT, self._parts.clock.now(), self.operator.id, {})
            )
            self.operator = None
        self.show()

    def show(self, keep_amount: Money | None = None) -> None:
        """Show the screen between two payments."""
        parts = self._parts
        if self.operator is None:
            self._tell(SignInShown(parts.roster.operators()))
            return
        today = parts.clock.now().astimezone().date().isoformat()
        count, total = parts.journal.day_total(today, parts.settings.money)
        self._tell(
            CheckoutShown(
                operator=self.operator,
                next_sale=parts.journal.next_sale(),
                last_five=tuple(map(sale_line, parts.journal.last_sales(LAST))),
                today_count=count,
                today_total=total,
                keep_amount=keep_amount,
                holds=parts.settings.acquirer.preauthorisation,
                asks_balance=parts.settings.acquirer.balance_enquiry,
            )
        )

    def _remember(self, entry: Entry) -> None:
        self._parts.journal.remember(Decision((entry,)))
