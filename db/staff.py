"""People and roles as they stand, written in the commit of the entry that explains the change."""

from __future__ import annotations

import json
from collections.abc import Iterable

import sqlite_utils

from domain.entries import EntryKind
from domain.operators import BUILT_IN, Granted, Operator, Permission, Role
from domain.staff import FORMER_PINS, Member, RoleRow, StaffRow


def write(
    database: sqlite_utils.Database, people: Iterable[StaffRow], roles: Iterable[RoleRow]
) -> None:
    """Write them as they are from now on; part of the caller's transaction."""
    for role in roles:
        database.conn.execute(
            "INSERT INTO roles VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET permissions = excluded.permissions",
            (role.role.value, json.dumps(sorted(role.permissions))),
        )
    for row in people:
        operator = row.member.operator
        database.conn.execute(
            "INSERT INTO operators (id, name, role, pin_hash, blocked, must_change)"
            " VALUES (?, ?, ?, '', ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name,"
            " role = excluded.role, blocked = excluded.blocked,"
            " must_change = excluded.must_change",
            (
                operator.id,
                operator.name,
                operator.role.value,
                row.member.is_blocked,
                row.member.must_change,
            ),
        )
        if row.pin_hash:
            _write_pin(database, operator.id, row.pin_hash)


def _write_pin(database: sqlite_utils.Database, operator_id: str, pin_hash: str) -> None:
    """A new PIN, with no wrong tries; the one before is remembered as given up."""
    was, former = hashes(database, operator_id)
    kept = [one for one in (was, *former) if one][:FORMER_PINS]
    database.conn.execute(
        "UPDATE operators SET pin_hash = ?, former = ?, wrong_tries = 0 WHERE id = ?",
        (pin_hash, json.dumps(kept), operator_id),
    )


def hashes(database: sqlite_utils.Database, operator_id: str) -> tuple[str, list[str]]:
    """The hash of a person's PIN, and of the last ones that were given up."""
    pin_hash, former = database.conn.execute(
        "SELECT pin_hash, former FROM operators WHERE id = ?", (operator_id,)
    ).fetchone()
    return pin_hash, json.loads(former)


def roles(database: sqlite_utils.Database) -> Granted:
    """What each role may do; a permission that this version does not know grants nothing."""
    known = {permission.value: permission for permission in Permission}
    changed = {
        Role(role): frozenset(known[name] for name in json.loads(names) if name in known)
        for role, names in database.conn.execute("SELECT role, permissions FROM roles")
    }
    return {**BUILT_IN, **changed}


def were_known(database: sqlite_utils.Database) -> bool:
    """Whether the journal tells of anybody; read only where the table itself knows nobody."""
    found = database.conn.execute(
        "SELECT 1 FROM entries WHERE kind = ? LIMIT 1", (EntryKind.STAFF.value,)
    ).fetchone()
    return found is not None


def members(database: sqlite_utils.Database) -> tuple[Member, ...]:
    """Everybody, blocked or not, in the order of their numbers."""
    granted = roles(database)
    return tuple(
        Member(
            Operator(number, name, Role(role), granted[Role(role)]),
            bool(blocked),
            bool(must_change),
        )
        for number, name, role, blocked, must_change in database.conn.execute(
            "SELECT id, name, role, blocked, must_change FROM operators ORDER BY id"
        ).fetchall()
    )
