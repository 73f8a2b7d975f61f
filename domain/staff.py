"""The people of a shop as a manager sees them, and the rules that no change may break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

from domain.operators import Granted, Operator, Permission, Role

SHORTEST_PIN, SHORTEST_PIN_OF_POWER, LONGEST_PIN = 6, 8, 12
"""Digits: of who only sells, and of who may do more (PCI DSS 8.3.6 and its relief for tills)."""
FORMER_PINS = 4
"""So many earlier PINs are not taken again (PCI DSS 8.3.7)."""
LONGEST_NAME = 40
LAST_NUMBER = 99
TOO_SHORT, TOO_EASY, USED_BEFORE = "A-05", "A-06", "A-07"
LAST_MANAGER, NO_NAME, NO_NUMBER = "A-08", "A-09", "A-10"
LONGEST_GROUP = 4


@dataclass(frozen=True, slots=True)
class Member:
    """One of the people, blocked or not; `must_change` asks for a PIN of their own first."""

    operator: Operator
    is_blocked: bool = False
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member as one commit writes it; without a hash the PIN stays what it is."""

    member: Member
    pin_hash: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What a role may do from this commit on."""

    role: Role
    permissions: frozenset[Permission]


def shortest_pin(permissions: frozenset[Permission]) -> int:
    """How many digits a PIN has at least, for somebody who may do this."""
    only_sells = permissions <= {Permission.SELL, Permission.REPRINT}
    return SHORTEST_PIN if only_sells else SHORTEST_PIN_OF_POWER


def why_no_pin(pin: str, operator: Operator) -> str:
    """The code that says why this is no PIN for this person; '' where it is one."""
    if not pin.isascii() or not pin.isdigit():
        return TOO_SHORT
    if not shortest_pin(operator.permissions) <= len(pin) <= LONGEST_PIN:
        return TOO_SHORT
    return TOO_EASY if _is_easy(pin) else ""


def _is_easy(pin: str) -> bool:
    """A run of the keypad, or a group said again and again: the operator's number, too."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return True
    groups = (pin[:length] for length in range(1, LONGEST_GROUP + 1))
    return any((group * len(pin))[: len(pin)] == pin for group in groups)


def spoken_name(text: str) -> str:
    """A name without what cannot be seen, at most as long as a slip has room for."""
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(seen.split())[:LONGEST_NAME].strip()


def next_number(members: Iterable[Member]) -> str:
    """The number of the next person; none is used twice. '' where there is none left."""
    number = max((int(member.operator.id) for member in members), default=0) + 1
    return f"{number:02d}" if number <= LAST_NUMBER else ""


def somebody_may_edit(members: Iterable[Member], roles: Granted) -> bool:
    """Whether anybody is left who may change people and roles."""
    return any(
        not member.is_blocked and Permission.STAFF in roles[member.operator.role]
        for member in members
    )


def with_change(members: Iterable[Member], changed: Member) -> tuple[Member, ...]:
    """The same people, this one as it would be."""
    return tuple(
        changed if member.operator.id == changed.operator.id else member for member in members
    )


def regranted(member: Member, permissions: frozenset[Permission]) -> Member:
    """The same person with other rights: more of them may ask for a longer PIN."""
    longer = shortest_pin(permissions) > shortest_pin(member.operator.permissions)
    operator = replace(member.operator, granted=permissions)
    return replace(member, operator=operator, must_change=member.must_change or longer)
