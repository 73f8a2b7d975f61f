"""Who stands at the till: roles, what each may do, and nothing about passwords."""

from __future__ import annotations

from dataclasses import dataclass
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


PERMISSIONS = {
    Role.CASHIER: frozenset({Permission.SELL, Permission.REPRINT}),
    Role.SUPERVISOR: frozenset(Permission) - {Permission.RESOLVE},
    Role.MANAGER: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """One person of the roster; `id` is the two digits that the slip shows."""

    id: str
    name: str
    role: Role

    @property
    def initials(self) -> str:
        """For the avatar: ML."""
        return "".join(part[0] for part in self.name.split()[:2]).upper()


def may(operator: Operator | None, permission: Permission | None) -> bool:
    """Whether this person may do that; None asks for nothing."""
    if permission is None:
        return True
    return operator is not None and permission in PERMISSIONS[operator.role]
