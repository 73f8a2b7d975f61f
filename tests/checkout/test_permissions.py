"""Guards rights: every command, for every role and for nobody, against what the command asks for."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields
from typing import Any, get_args, get_type_hints

import pytest

from checkout.commands import Command
from checkout.notices import RefusalTold
from checkout.people_notices import ApprovalShown
from domain.entries import Decision, Entry, EntryKind
from domain.operators import APPROVABLE, BUILT_IN, Operator, Permission, Role
from domain.staff import Member, StaffRow

COMMANDS = get_args(Command)
ROLES = (None, *Role)
WITHOUT_PERMISSION = {
    "SignIn", "SignOut", "SwipeTyped", "PressPadKey", "Look", "Quit", "ChoosePin",
    "FirstOperator", "SwitchUser", "Stay", "StillHere", "Approve", "RefuseApproval",
}  # fmt: skip
"""Written out by hand: a new command that asks for nothing has to be thought about."""
SAMPLES: dict[Any, Any] = {
    int: 1,
    str: "01",
    bool: True,
    bytearray: bytearray(b";6225760008219524=30121200000?"),
    Role: Role.CASHIER,
    frozenset[Permission]: frozenset({Permission.SELL}),
}


def sample(kind: type) -> Command:
    """A command with something in each of its fields."""
    hints = get_type_hints(kind)
    needed = (field for field in fields(kind) if field.default is MISSING)
    return kind(**{field.name: SAMPLES[hints[field.name]] for field in needed})


def stand(stage, role: Role | None) -> None:
    stage.till.counter.operator = Operator("07", "Sam", role) if role is not None else None


def carried_out(stage, command: Command) -> bool:
    """Whether the till would have done it; nothing of it is done."""
    done: list[Command] = []
    stage.till.carry_out = stage.till.people.carry_out = done.append
    stage.send(command)
    return done == [command]


def test_every_command_says_what_it_asks_for() -> None:
    assert len(COMMANDS) > 40
    assert {kind.__name__ for kind in COMMANDS if kind.needs is None} == WITHOUT_PERMISSION
    assert all(isinstance(kind.needs, Permission | types.NoneType) for kind in COMMANDS)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "nobody")
def test_a_command_is_carried_out_for_who_has_its_permission_and_for_nobody_else(
    stage, role: Role | None
) -> None:
    table = {}
    for kind in COMMANDS:
        stand(stage, role)
        stage.notices.clear()
        table[kind.__name__] = carried_out(stage, sample(kind))
        refused = [told for told in stage.told(RefusalTold) if told.fault == "A-03"]
        assert bool(refused) is not table[kind.__name__], kind

    granted = BUILT_IN[role] if role is not None else frozenset()
    assert table == {
        kind.__name__: kind.needs is None or kind.needs in granted for kind in COMMANDS
    }


@pytest.mark.parametrize("role", list(Role))
def test_what_is_refused_is_journaled_and_may_be_approved_where_that_is_meant(
    stage, role: Role
) -> None:
    for kind in COMMANDS:
        if kind.needs is None or kind.needs in BUILT_IN[role]:
            continue
        stand(stage, role)
        stage.notices.clear()
        before = len(list(stage.journal.entries()))
        assert not carried_out(stage, sample(kind))
        entries = list(stage.journal.entries())[before:]
        assert [(entry[1], entry[2], entry[4]) for entry in entries] == [
            ("not allowed", "07", {"command": kind.__name__, "permission": kind.needs.value})
        ]
        assert bool(stage.told(ApprovalShown)) is (kind.needs in APPROVABLE)


@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_that_is_granted_one_thing_may_do_that_alone(stage, permission: Permission) -> None:
    sam = Operator("07", "Sam", Role.CASHIER, frozenset({permission}))
    for kind in COMMANDS:
        stage.till.counter.operator = sam
        assert carried_out(stage, sample(kind)) is (kind.needs in {None, permission}), kind


def test_an_old_role_of_the_file_grants_nothing_that_was_taken_away(stage) -> None:
    """The table is that of the file, not that of the program."""
    entry = Entry(EntryKind.STAFF, stage.clock.now(), "02", {})
    sam = Member(Operator("07", "Sam", Role.SUPERVISOR))
    stage.journal.remember(Decision((entry,), staff=(StaffRow(sam, "x"),)))
    assert stage.till.parts.roster.member("07").operator.permissions == BUILT_IN[Role.SUPERVISOR]
