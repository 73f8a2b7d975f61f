"""Approval at the act: what one person may not do alone, another lets happen, and both are named.

Whoever stands at the till stays there. The act is kept until somebody approves or refuses it, or
until anything else is asked for; nothing of it has happened before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from checkout import commands as ask_for
from checkout.commands import Command, NotTheMoment
from checkout.people_commands import Approve, RefuseApproval, StillHere
from checkout.people_notices import ApprovalShown
from domain.entries import Decision, EntryKind
from domain.faults import Refused
from domain.money import Money
from domain.operators import APPROVABLE, Operator, Permission, may
from domain.sale import Sale

if TYPE_CHECKING:
    from checkout.till import Till

LEAVES_IT = (
    Approve,
    RefuseApproval,
    StillHere,
    ask_for.Look,
    ask_for.SwipeTyped,
    ask_for.PressPadKey,
)
"""What may be asked while an act waits for its approval; everything else gives that up."""


class NotAllowed(Exception):
    """Whoever stands here lacks this permission."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.value)
        self.permission = permission


class _Asked(NamedTuple):
    command: Command
    permission: Permission


class Approvals:
    """The act that waits for its approval, if one does; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._asked: _Asked | None = None
        self._approver: Operator | None = None

    @property
    def is_asked(self) -> bool:
        """Whether an act waits for somebody who may do it."""
        return self._asked is not None

    @property
    def approver_name(self) -> str:
        """Who approves what happens just now; '' where nobody has to."""
        return self._approver.name if self._approver is not None else ""

    def require(self, permission: Permission | None) -> None:
        """Raises NotAllowed where neither who stands here nor who approves may do that."""
        if permission is None or may(self._till.counter.operator, permission):
            return
        if not may(self._approver, permission):
            raise NotAllowed(permission)

    def forget(self) -> None:
        """Nobody waits for an approval any more."""
        self._asked = None

    def before(self, command: Command) -> None:
        """Something else is asked for: what waits is given up."""
        if not isinstance(command, LEAVES_IT):
            self.forget()

    def lack(self, command: Command, permission: Permission) -> None:
        """Write down that this was not allowed, and ask for somebody who may do it."""
        till = self._till
        if till.counter.operator is None:
            return
        body: dict[str, object] = {"command": type(command).__name__, "permission": permission}
        till.remember(Decision((till.entry(EntryKind.NOT_ALLOWED, body),)))
        if permission in APPROVABLE and not till.desk.is_busy:
            self._asked = _Asked(command, permission)
            self.show()

    def approve(self, operator_id: str, pin: str) -> None:
        """Let it happen, or say why not; both are journaled."""
        asked = self._asked
        if asked is None:
            raise NotTheMoment
        try:
            self._approver = self._checked(operator_id, pin, asked.permission)
        except Refused as refused:
            body: dict[str, object] = {
                "command": type(asked.command).__name__,
                "approver": operator_id,
                "fault": refused.fault.code,
            }
            entry = self._till.entry(EntryKind.APPROVAL_REFUSED, body)
            self._till.remember(Decision((entry,)))
            self.show(operator_id, refused.fault.code)
            return
        self._asked = None
        try:
            self._till.carry_out(asked.command)
        finally:
            self._approver = None
            self._till.show_all()

    def refuse(self) -> None:
        """It does not happen, and the screen is what it was."""
        if self._asked is None:
            raise NotTheMoment
        body: dict[str, object] = {"command": type(self._asked.command).__name__, "fault": ""}
        self._asked = None
        self._till.remember(Decision((self._till.entry(EntryKind.APPROVAL_REFUSED, body),)))
        self._till.show_all()

    def signed(self, decision: Decision) -> Decision:
        """The same decision, each entry with the name of who approves it."""
        if self._approver is None:
            return decision
        name = {"approved_by": self._approver.id, "approver": self._approver.name}
        entries = (replace(entry, body=entry.body | name) for entry in decision.entries)
        return replace(decision, entries=tuple(entries))

    def show(self, chosen: str = "", fault: str = "") -> None:
        """Show what waits."""
        operator, asked = self._till.counter.operator, self._asked
        if asked is None or operator is None:
            return
        roster = self._till.parts.roster
        sale, amount, reason = self._about(asked.command)
        approvers = (one.operator for one in roster.members() if not one.is_blocked)
        self._till.tell(
            ApprovalShown(
                operator=operator,
                command=type(asked.command).__name__,
                permission=asked.permission,
                approvers=tuple(
                    one for one in approvers if one.id != operator.id and may(one, asked.permission)
                ),
                sale=sale,
                amount=amount,
                reason=reason,
                chosen=chosen,
                fault=fault,
                tries_left=roster.tries_left(chosen) if fault else 0,
            )
        )

    def _checked(self, operator_id: str, pin: str, permission: Permission) -> Operator:
        """Who approves. Raises Refused where this PIN, or this person, cannot."""
        roster, clock = self._till.parts.roster, self._till.parts.clock
        here = self._till.counter.operator
        if here is not None and operator_id == here.id:
            raise Refused("A-11")
        approver = roster.check(operator_id, pin, clock.now(), clock.boottime())
        member = roster.member(operator_id)
        if member is None or member.must_change:
            raise Refused("A-12")
        if not may(approver, permission):
            raise Refused("A-03")
        return approver

    def _about(self, command: Command) -> tuple[Sale | None, Money | None, str]:
        """The payment that an act is about, how much of it, and why."""
        if isinstance(command, ask_for.TryAgain):
            sale = self._till.desk.shown_sale
            return sale, sale.amount if sale is not None else None, ""
        number = getattr(command, "number", None)
        sale = self._till.parts.journal.sale(number) if number is not None else None
        amount = sale.amount if sale is not None else None
        minor = getattr(command, "amount_minor", None)
        if minor is not None:
            amount = Money(minor, self._till.parts.settings.money)
        return sale, amount, getattr(command, "reason", "")
