"""Who stands at the till, and what they see between two payments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from checkout.commands import NotTheMoment
from checkout.notices import CheckoutShown, Notice, SignInShown
from checkout.people_notices import FirstRunShown, NewPinShown
from checkout.pictures import sale_line
from domain.entries import Decision, Entry, EntryKind
from domain.faults import Refused
from domain.money import Money
from domain.operators import Operator, Role
from domain.staff import NO_NAME, Member, StaffRow, next_number, shortest_pin, spoken_name

if TYPE_CHECKING:
    from checkout.till import Parts

LAST = 5


class Counter:
    """The operator at the till; lives on the till's thread.

    `clear` takes away what the last one left on the screen. Raises NotTheMoment where that is a
    payment which is not over.
    """

    def __init__(
        self, parts: Parts, tell: Callable[[Notice], None], clear: Callable[[], None]
    ) -> None:
        self._parts = parts
        self._tell = tell
        self._clear = clear
        self._new_pin_of: Member | None = None
        self.operator: Operator | None = None
        self.is_switching = False
        parts.roster.open(parts.clock.boottime())

    @property
    def is_empty(self) -> bool:
        """Whether nobody stands here, nor is about to."""
        return self.operator is None and self._new_pin_of is None

    def sign_in(self, operator_id: str, pin: str) -> None:
        """Let somebody in, or say why not; both are journaled.

        Over somebody who is here only where a switch was asked for.
        """
        if self.operator is not None and not self.is_switching:
            raise NotTheMoment
        parts = self._parts
        now = parts.clock.now()
        try:
            operator = parts.roster.check(operator_id, pin, now, parts.clock.boottime())
        except Refused as refused:
            body = {"fault": refused.fault.code}
            self._remember(Entry(EntryKind.SIGN_IN_REFUSED, now, operator_id, body))
            self._ask_who(operator_id, refused.fault.code)
            return
        member = parts.roster.member(operator_id)
        if member is not None and member.must_change:
            self._new_pin_of = member
            self.show()
            return
        self._let_in(operator)

    def choose_pin(self, pin: str) -> None:
        """A PIN of one's own, and in."""
        member = self._new_pin_of
        if member is None:
            raise NotTheMoment
        operator = member.operator
        try:
            pin_hash = self._parts.roster.hash_of(pin, operator)
        except Refused as refused:
            self._ask_new_pin(operator, refused.fault.code)
            return
        row = StaffRow(replace(member, must_change=False), pin_hash)
        body = {"change": "PIN chosen", "person": operator.id}
        self._let_in(operator, Entry(EntryKind.STAFF, self._now(), operator.id, body), row)

    def take_first_manager(self, name: str, pin: str) -> None:
        """The first person of this till. Never where there is one already.

        Raises Refused J-02 where there were people once, of whom the journal still tells.
        """
        roster = self._parts.roster
        if roster.members():
            raise NotTheMoment
        if roster.lost_everybody():
            raise Refused("J-02")
        operator = Operator(next_number(()), spoken_name(name), Role.MANAGER)
        try:
            if not operator.name:
                raise Refused(NO_NAME)
            pin_hash = roster.hash_of(pin, operator)
        except Refused as refused:
            self._tell(FirstRunShown(refused.fault.code))
            return
        body = {"change": "first manager", "person": operator.id, "name": operator.name}
        self._remember(
            Entry(EntryKind.STAFF, self._now(), operator.id, body),
            staff=StaffRow(Member(operator), pin_hash),
        )
        self.show()

    def switch(self) -> None:
        """Ask who stands here now. Raises NotTheMoment where nobody does."""
        if self.operator is None:
            raise NotTheMoment
        self.is_switching = True
        self.show()

    def stay(self) -> None:
        """Nobody else came. Raises NotTheMoment where no switch was asked for."""
        if not self.is_switching:
            raise NotTheMoment
        self._new_pin_of, self.is_switching = None, False

    def sign_out(self, body: dict[str, object] | None = None) -> None:
        """Nobody stands here any more."""
        self._new_pin_of, self.is_switching = None, False
        if self.operator is not None:
            self._remember(self._signed_out(body or {}))
            self.operator = None
        self.show()

    def look_again(self) -> None:
        """People or roles have changed: whoever stands here may do what is granted now."""
        now_here = {operator.id: operator for operator in self._parts.roster.operators()}
        if self.operator is not None:
            self.operator = now_here.get(self.operator.id)

    def show(self, keep_amount: Money | None = None) -> None:
        """Show the screen between two payments."""
        parts = self._parts
        if self._new_pin_of is not None:
            self._ask_new_pin(self._new_pin_of.operator)
            return
        if self.operator is None or self.is_switching:
            self._ask_who()
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

    def _ask_who(self, operator_id: str = "", fault: str = "") -> None:
        roster = self._parts.roster
        operators = roster.operators()
        if not operators:
            self._tell(FirstRunShown())
            return
        tries_left = roster.tries_left(operator_id) if fault else 0
        staying = self.operator if self.is_switching else None
        self._tell(SignInShown(operators, operator_id, fault, tries_left, staying))

    def _ask_new_pin(self, operator: Operator, fault: str = "") -> None:
        self._tell(NewPinShown(operator, shortest_pin(operator.permissions), fault))

    def _let_in(
        self, operator: Operator, first: Entry | None = None, row: StaffRow | None = None
    ) -> None:
        entries: list[Entry] = [first] if first is not None else []
        if self.operator is not None:
            self._clear()
            entries.append(self._signed_out({"for": operator.id}))
        body = {"name": operator.name}
        entries.append(Entry(EntryKind.SIGNED_IN, self._now(), operator.id, body))
        self._remember(*entries, staff=row)
        self._new_pin_of, self.is_switching = None, False
        self.operator = operator
        self.show()

    def _signed_out(self, body: dict[str, object]) -> Entry:
        assert self.operator is not None  # somebody stands here
        return Entry(EntryKind.SIGNED_OUT, self._now(), self.operator.id, body)

    def _now(self) -> datetime:
        return self._parts.clock.now()

    def _remember(self, *entries: Entry, staff: StaffRow | None = None) -> None:
        rows = (staff,) if staff is not None else ()
        self._parts.journal.remember(Decision(entries, staff=rows))
