"""The operators of this till: names, roles, and PINs as argon2id hashes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlite_utils
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from db.database import SqliteError
from domain.faults import Refused, StoreFault
from domain.operators import Operator, Role
from domain.training import TRAINING_ROSTER

__all__ = ["TRAINING_ROSTER", "Roster"]

WRONG_TRIES = 3
"""Wrong PINs in a row that lock a name; the count outlives a restart."""
LOCKED_FOR = timedelta(minutes=30)
"""Unless a manager signs in, which unlocks everybody."""


class Roster:
    """The people who may stand at this till; used by the till's thread.

    Every method may raise StoreFault J-01.
    """

    def __init__(self, database: sqlite_utils.Database) -> None:
        self._db = database
        self._hasher = PasswordHasher()

    def operators(self) -> tuple[Operator, ...]:
        """Everybody, in the order of their numbers."""
        rows = self._read("SELECT id, name, role FROM operators ORDER BY id")
        return tuple(Operator(number, name, Role(role)) for number, name, role in rows)

    def add(self, operator: Operator, pin: str) -> None:
        """Take somebody up; costs a tenth of a second, on purpose (argon2id)."""
        self._write(
            "INSERT INTO operators (id, name, role, pin_hash) VALUES (?, ?, ?, ?)",
            operator.id,
            operator.name,
            operator.role.value,
            self._hasher.hash(pin),
        )

    def check(self, operator_id: str, pin: str, now: datetime) -> Operator:
        """Who this is, if the PIN is right. Raises Refused A-01 (wrong) or A-02 (locked).

        The count of wrong tries is on disk before the answer is known, so that pulling the plug
        wins no further try. Right or wrong, this costs a tenth of a second (argon2id).
        """
        rows = self._read(
            "SELECT name, role, pin_hash, wrong_tries, tried_at FROM operators WHERE id = ?",
            operator_id,
        )
        if not rows:
            raise Refused("A-01", "no such operator")
        name, role, pin_hash, wrong_tries, tried_at = rows[0]
        if wrong_tries >= WRONG_TRIES:
            if now - datetime.fromisoformat(tried_at) < LOCKED_FOR:
                raise Refused("A-02")
            wrong_tries = 0
        self._write(
            "UPDATE operators SET wrong_tries = ?, tried_at = ? WHERE id = ?",
            wrong_tries + 1,
            now.isoformat(),
            operator_id,
        )
        try:
            self._hasher.verify(pin_hash, pin)
        except (VerifyMismatchError, InvalidHashError):
            raise Refused("A-02" if wrong_tries + 1 >= WRONG_TRIES else "A-01") from None
        everybody = Role(role) is Role.MANAGER
        self._write(
            "UPDATE operators SET wrong_tries = 0 WHERE id = ? OR ?", operator_id, everybody
        )
        return Operator(operator_id, name, Role(role))

    def tries_left(self, operator_id: str) -> int:
        """How many more wrong PINs this name may type."""
        rows = self._read("SELECT wrong_tries FROM operators WHERE id = ?", operator_id)
        return max(0, WRONG_TRIES - rows[0][0]) if rows else WRONG_TRIES

    def _read(self, statement: str, *values: object) -> list[Any]:
        try:
            rows: list[Any] = self._db.conn.execute(statement, values).fetchall()
        except SqliteError as error:
            raise StoreFault("J-01", str(error)) from None
        return rows

    def _write(self, statement: str, *values: object) -> None:
        try:
            with self._db.atomic():
                self._db.conn.execute(statement, values)
        except SqliteError as error:
            raise StoreFault("J-01", str(error)) from None
