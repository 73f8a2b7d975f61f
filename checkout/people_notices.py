"""What the till tells about people: a PIN to choose, a first manager, an approval, the whole staff."""

from __future__ import annotations

from dataclasses import dataclass

from domain.money import Money
from domain.operators import Operator, Permission
from domain.sale import Sale
from domain.staff import Member, RoleRow


@dataclass(frozen=True, slots=True)
class FirstRunShown:
    """The till knows nobody: its first manager is awaited. `fault` is why a try was not taken."""

    fault: str = ""


@dataclass(frozen=True, slots=True)
class NewPinShown:
    """The PIN was right, and is to be changed first. `shortest` digits at least."""

    operator: Operator
    shortest: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalShown:
    """An act waits for somebody who may do it; nothing has happened yet.

    `operator` asks, for `command`. `sale`, `amount` and `reason` say what about, where it is about
    a payment. `chosen` typed a PIN that `fault` tells of.
    """

    operator: Operator
    command: str
    permission: Permission
    approvers: tuple[Operator, ...]
    sale: Sale | None = None
    amount: Money | None = None
    reason: str = ""
    chosen: str = ""
    fault: str = ""
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class StaffShown:
    """Everybody, and what each role may do."""

    members: tuple[Member, ...]
    roles: tuple[RoleRow, ...]


PeopleNotice = FirstRunShown | NewPinShown | ApprovalShown | StaffShown
