"""Who stands at the till: roles, what each may do, and nothing about passwords."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.words import N_


class Role(StrEnum):
    """What an operator is to the shop."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"


ROLE_NAMES = {
    Role.CASHIER: N_("Cashier"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.MANAGER: N_("Manager"),
}


class Permission(StrEnum):
    """What a command may ask for; checked in the till, greyed out in the window."""

    SELL = "sell"
    REPRINT = "reprint"
    GIVE_BACK = "give back"
    RESOLVE = "resolve"
    SETTLE = "settle"
    STAFF = "staff"
    OTHER_CARD = "other card"


PERMISSION_NAMES = {
    Permission.SELL: N_("Take payments"),
    Permission.REPRINT: N_("Print slips again"),
    Permission.GIVE_BACK: N_("Give money back"),
    Permission.RESOLVE: N_("Note what the bank says"),
    Permission.SETTLE: N_("Settle the day"),
    Permission.STAFF: N_("Change people and roles"),
    Permission.OTHER_CARD: N_("Refund to another card"),
}

APPROVABLE = frozenset(Permission) - {Permission.SELL, Permission.STAFF}
"""What one person may approve for another, at the act; the others ask for who stands there."""

Granted = Mapping[Role, frozenset[Permission]]

BUILT_IN: Granted = {
    Role.CASHIER: frozenset({Permission.SELL, Permission.REPRINT}),
    Role.SUPERVISOR: frozenset(Permission)
    - {Permission.RESOLVE, Permission.STAFF, Permission.OTHER_CARD},
    Role.MANAGER: frozenset(Permission),
}
"""What each role may do until a manager decides otherwise."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One person of the roster; `id` is the two digits that the slip shows.

    `granted` is what the shop allows this role, where that is known; it is no part of who it is.
    """

    id: str
    name: str
    role: Role
    granted: frozenset[Permission] | None = field(default=None, compare=False, repr=False)

    @property
    def initials(self) -> str:
        """For the avatar: ML."""
        return "".join(part[0] for part in self.name.split()[:2]).upper()

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do."""
        return BUILT_IN[self.role] if self.granted is None else self.granted


def may(operator: Operator | None, permission: Permission | None) -> bool:
    """Whether this person may do that; None asks for nothing."""
    if permission is None:
        return True
    return operator is not None and permission in operator.permissions
