"""The operators of this till: names, roles, and PINs as argon2id hashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import sqlite_utils
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from db import staff
from db.database import SqliteError
from domain.faults import Refused, StoreFault
from domain.operators import Granted, Operator, Permission, may
from domain.staff import USED_BEFORE, Member, why_no_pin
from domain.training import TRAINING_ROSTER

__all__ = ["TRAINING_ROSTER", "Roster"]

T = TypeVar("T")

WRONG_TRIES = 3
"""Wrong PINs in a row that lock a name; the count outlives a restart."""
LOCKED_FOR_SECONDS = 30 * 60.0
"""Of time that this till has been open, so that neither a wrong clock nor a restart shortens it.

Unless somebody who may change people signs in, which unlocks everybody.
"""


class Roster:
    """The people who may stand at this till; used by the till's thread.

    Every method may raise StoreFault J-01. Changes are written by the journal, with their entries.
    `up_seconds` is always the clock's `boottime`.
    """

    def __init__(self, database: sqlite_utils.Database) -> None:
        self._db = database
        self._hasher = PasswordHasher()
        self._opened_at: float | None = None
        self._locked_at: dict[str, float] = {}

    def open(self, up_seconds: float) -> None:
        """The till opens now: names that are locked on disk are locked from here on."""
        self._opened_at = up_seconds

    def members(self) -> tuple[Member, ...]:
        """Everybody, blocked or not, in the order of their numbers."""
        return self._read(lambda: staff.members(self._db))

    def member(self, operator_id: str) -> Member | None:
        """One of them."""
        return next((one for one in self.members() if one.operator.id == operator_id), None)

    def operators(self) -> tuple[Operator, ...]:
        """Who may sign in, in the order of their numbers."""
        return tuple(member.operator for member in self.members() if not member.is_blocked)

    def lost_everybody(self) -> bool:
        """Whether there were people once: then somebody has been at the file."""
        return not self.members() and self._read(lambda: staff.were_known(self._db))

    def roles(self) -> Granted:
        """What each role may do."""
        return self._read(lambda: staff.roles(self._db))

    def add(self, operator: Operator, pin: str) -> None:
        """Take somebody up who needs no entry: the people of training.

        It costs a tenth of a second, on purpose (argon2id).
        """
        self._write(
            "INSERT INTO operators (id, name, role, pin_hash) VALUES (?, ?, ?, ?)",
            operator.id,
            operator.name,
            operator.role.value,
            self._hasher.hash(pin),
        )

    def hash_of(self, pin: str, operator: Operator) -> str:
        """The hash of a PIN that this person may have from now on. Raises Refused A-05 to A-07."""
        fault = why_no_pin(pin, operator)
        if fault:
            raise Refused(fault)
        if self.member(operator.id) is not None:
            was, former = self._read(lambda: staff.hashes(self._db, operator.id))
            if any(self._fits(pin_hash, pin) for pin_hash in (was, *former)):
                raise Refused(USED_BEFORE)
        return self._hasher.hash(pin)

    def check(self, operator_id: str, pin: str, now: datetime, up_seconds: float) -> Operator:
        """Who this is, if the PIN is right. Raises Refused A-01 (wrong), A-02 (locked), A-04.

        The count of wrong tries is on disk before the answer is known, so that pulling the plug
        wins no further try. Right or wrong, this costs a tenth of a second (argon2id).
        """
        member = self.member(operator_id)
        if member is None:
            raise Refused("A-01", "no such operator")
        if member.is_blocked:
            raise Refused("A-04")
        pin_hash, wrong_tries = self._rows(
            "SELECT pin_hash, wrong_tries FROM operators WHERE id = ?", operator_id
        )[0]
        if wrong_tries >= WRONG_TRIES:
            if self._is_locked(operator_id, up_seconds):
                raise Refused("A-02")
            wrong_tries = 0
        self._write(
            "UPDATE operators SET wrong_tries = ?, tried_at = ? WHERE id = ?",
            wrong_tries + 1,
            now.isoformat(),
            operator_id,
        )
        if not self._fits(pin_hash, pin):
            if wrong_tries + 1 < WRONG_TRIES:
                raise Refused("A-01")
            self._locked_at[operator_id] = up_seconds
            raise Refused("A-02")
        everybody = may(member.operator, Permission.STAFF)
        self._write(
            "UPDATE operators SET wrong_tries = 0 WHERE id = ? OR ?", operator_id, everybody
        )
        return member.operator

    def tries_left(self, operator_id: str) -> int:
        """How many more wrong PINs this name may type."""
        rows = self._rows("SELECT wrong_tries FROM operators WHERE id = ?", operator_id)
        return max(0, WRONG_TRIES - rows[0][0]) if rows else WRONG_TRIES

    def _is_locked(self, operator_id: str, up_seconds: float) -> bool:
        if self._opened_at is None:
            self._opened_at = up_seconds
        since = self._locked_at.get(operator_id, self._opened_at)
        return up_seconds - since < LOCKED_FOR_SECONDS

    def _fits(self, pin_hash: str, pin: str) -> bool:
        try:
            return self._hasher.verify(pin_hash, pin)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _rows(self, statement: str, *values: object) -> list[Any]:
        rows: list[Any] = self._read(lambda: self._db.conn.execute(statement, values).fetchall())
        return rows

    def _read(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except SqliteError as error:
            raise StoreFault("J-01", str(error)) from None

    def _write(self, statement: str, *values: object) -> None:
        try:
            with self._db.atomic():
                self._db.conn.execute(statement, values)
        except SqliteError as error:
            raise StoreFault("J-01", str(error)) from None
