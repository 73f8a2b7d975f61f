"""People and roles, for whoever may change them: every change is one commit with its entry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from checkout import people_commands as ask_for
from checkout.commands import NotTheMoment
from checkout.people_commands import StaffCommand
from checkout.people_notices import StaffShown
from domain.entries import Decision, Entry, EntryKind
from domain.faults import Refused
from domain.operators import Granted, Operator, Permission, Role
from domain.staff import (
    LAST_MANAGER,
    NO_NAME,
    NO_NUMBER,
    Member,
    RoleRow,
    StaffRow,
    next_number,
    regranted,
    somebody_may_edit,
    spoken_name,
    with_change,
)

if TYPE_CHECKING:
    from checkout.till import Till


class Staff:
    """Whether the people are on the screen, and what is done to them; on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._is_open = False

    def carry_out(self, command: StaffCommand) -> None:
        """Do that. Raises Refused where a rule of domain/staff speaks against it."""
        match command:
            case ask_for.ShowStaff():
                self._till.desk.clear()
                self._till.transactions.forget()
                self._is_open = True
                self.show()
            case ask_for.AddOperator(name, role, pin):
                self._add(name, role, pin)
            case ask_for.RenameOperator(number, name):
                member = self._member(number)
                operator = replace(member.operator, name=self._free_name(name, number))
                self._change("renamed", replace(member, operator=operator))
            case ask_for.ChangeRole(number, role):
                self._change_role(self._member(number), role)
            case ask_for.BlockOperator(number):
                self._change("blocked", replace(self._member(number), is_blocked=True))
            case ask_for.UnblockOperator(number):
                self._change("unblocked", replace(self._member(number), is_blocked=False))
            case ask_for.ResetPin(number, pin):
                member = replace(self._member(number), must_change=True)
                self._change("PIN reset", member, self._hash(pin, member.operator))
            case ask_for.EditRole(role, permissions):
                self._edit(role, permissions)

    def forget(self) -> None:
        """The people are not on the screen any more."""
        self._is_open = False

    def show(self) -> bool:
        """Show them as they are now, if they are open; False where they are not."""
        operator = self._till.counter.operator
        if not self._is_open or operator is None:
            return False
        if Permission.STAFF not in operator.permissions:
            self._is_open = False
            return False
        roster = self._till.parts.roster
        roles = tuple(RoleRow(role, granted) for role, granted in roster.roles().items())
        self._till.tell(StaffShown(roster.members(), roles))
        return True

    def _add(self, name: str, role: Role, pin: str) -> None:
        members = self._till.parts.roster.members()
        number = next_number(members)
        if not number:
            raise Refused(NO_NUMBER)
        granted = self._till.parts.roster.roles()[role]
        operator = Operator(number, self._free_name(name, number), role, granted)
        member = Member(operator, must_change=True)
        self._write("added", member, self._hash(pin, operator))

    def _change_role(self, member: Member, role: Role) -> None:
        granted = self._till.parts.roster.roles()[role]
        changed = regranted(member, granted)
        operator = replace(changed.operator, role=role)
        self._change("role", replace(changed, operator=operator))

    def _change(self, change: str, member: Member, pin_hash: str = "") -> None:
        roster = self._till.parts.roster
        self._must_leave_an_editor(with_change(roster.members(), member), roster.roles())
        self._write(change, member, pin_hash)

    def _write(self, change: str, member: Member, pin_hash: str = "") -> None:
        operator = member.operator
        body: dict[str, object] = {
            "change": change,
            "person": operator.id,
            "name": operator.name,
            "role": operator.role.value,
        }
        entry = self._till.entry(EntryKind.STAFF, body)
        self._remember(entry, (StaffRow(member, pin_hash),))

    def _edit(self, role: Role, permissions: frozenset[Permission]) -> None:
        roster = self._till.parts.roster
        roles, members = dict(roster.roles()), roster.members()
        before, roles[role] = roles[role], permissions
        self._must_leave_an_editor(members, roles)
        theirs = (member for member in members if member.operator.role is role)
        body: dict[str, object] = {
            "role": role.value,
            "permissions": sorted(permissions),
            "before": sorted(before),
        }
        rows = tuple(StaffRow(regranted(member, permissions)) for member in theirs)
        self._remember(self._till.entry(EntryKind.ROLE, body), rows, (RoleRow(role, permissions),))

    def _remember(
        self, entry: Entry, staff: tuple[StaffRow, ...], roles: tuple[RoleRow, ...] = ()
    ) -> None:
        self._till.remember(Decision((entry,), staff=staff, roles=roles))
        self._till.counter.look_again()
        self._till.show_between()

    def _hash(self, pin: str, operator: Operator) -> str:
        return self._till.parts.roster.hash_of(pin, operator)

    def _member(self, number: str) -> Member:
        member = self._till.parts.roster.member(number)
        if member is None:
            raise NotTheMoment
        return member

    def _free_name(self, text: str, number: str) -> str:
        """A name that nobody else has. Raises Refused A-09."""
        name = spoken_name(text)
        others = (one.operator for one in self._till.parts.roster.members())
        taken = {other.name.casefold() for other in others if other.id != number}
        if not name or name.casefold() in taken:
            raise Refused(NO_NAME)
        return name

    def _must_leave_an_editor(self, members: tuple[Member, ...], roles: Granted) -> None:
        if not somebody_may_edit(members, roles):
            raise Refused(LAST_MANAGER)
