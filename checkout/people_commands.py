"""What people may ask about themselves and each other: who stands here, who approves, who may what.

Like the commands of checkout/commands, they go into the till's inbox, and it alone checks `needs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from domain.operators import Permission, Role


@dataclass(frozen=True, slots=True)
class ChoosePin:
    """A PIN of one's own, in place of the first one, which a manager knows."""

    pin: str = field(repr=False)
    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class FirstOperator:
    """The first person of a till that knows nobody yet; refused once it knows anybody."""

    name: str
    pin: str = field(repr=False)
    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class SwitchUser:
    """Ask who stands here now; whoever did stays until somebody else has signed in."""

    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Nobody else came: go on as before."""

    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class StillHere:
    """Somebody touched screen or keyboard without asking for anything: the till is not idle."""

    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class Approve:
    """Let the act happen that another may not do alone; `operator` is whoever approves it."""

    operator: str
    pin: str = field(repr=False)
    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class RefuseApproval:
    """The act does not happen."""

    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class ShowStaff:
    """Everybody, blocked or not, and what each role may do. CloseList leads back."""

    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class AddOperator:
    """A new person, who gets the next number and changes this first PIN at once."""

    name: str
    role: Role
    pin: str = field(repr=False)
    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class RenameOperator:
    """Another name for the same person."""

    operator: str
    name: str
    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Another role; one that may do more may ask for a longer PIN."""

    operator: str
    role: Role
    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class BlockOperator:
    """This person does not stand here any more; nobody is ever deleted."""

    operator: str
    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class UnblockOperator:
    """This person may stand here again."""

    operator: str
    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class ResetPin:
    """A new first PIN for who has forgotten theirs; it unlocks the name too."""

    operator: str
    pin: str = field(repr=False)
    needs: ClassVar[Permission | None] = Permission.STAFF


@dataclass(frozen=True, slots=True)
class EditRole:
    """What a role may do from now on."""

    role: Role
    permissions: frozenset[Permission]
    needs: ClassVar[Permission | None] = Permission.STAFF


StaffCommand = (
    ShowStaff
    | AddOperator
    | RenameOperator
    | ChangeRole
    | BlockOperator
    | UnblockOperator
    | ResetPin
    | EditRole
)
PeopleCommand = (
    ChoosePin
    | FirstOperator
    | SwitchUser
    | Stay
    | StillHere
    | Approve
    | RefuseApproval
    | StaffCommand
)
