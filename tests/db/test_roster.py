"""Guards the sign-in: wrong PINs are counted on disk, lock a name out, and a manager lets it in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from db.journal import Journal
from db.key_store import KeyStore
from db.roster import LOCKED_FOR, TRAINING_ROSTER, Roster
from domain.faults import Refused, StoreFault
from domain.operators import Operator, Role

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RIGHT, WRONG, MANAGERS = "135790", "000000", "246801"


class Desk:
    """A roster that can be closed and opened again."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "journal.db"
        self.open()
        for operator, pin in TRAINING_ROSTER:
            self.roster.add(operator, pin)

    def open(self) -> None:
        self.journal = Journal(self._path, b"k" * 32, till=1)
        self.roster = Roster(self.journal.database)
        self.roster._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def restart(self) -> None:
        self.journal.close()
        self.open()

    def tried(self, pin: str, minutes: float = 0, operator: str = "01") -> str:
        """What a try says: 'in', or the fault's code."""
        try:
            found = self.roster.check(operator, pin, NOON + timedelta(minutes=minutes))
        except Refused as refused:
            return refused.fault.code
        assert found.id == operator
        return "in"


@pytest.fixture
def desk(data_folder: Path):
    desk = Desk(data_folder)
    yield desk
    desk.journal.close()


def test_the_right_pin_lets_in_and_a_wrong_one_does_not(desk) -> None:
    assert [desk.tried(RIGHT), desk.tried(WRONG), desk.tried(RIGHT)] == ["in", "A-01", "in"]
    assert desk.tried(RIGHT, operator="99") == "A-01"
    assert [o.name for o in desk.roster.operators()] == ["Mei Lin", "Grace Okafor"]


def test_three_wrong_pins_lock_a_name_even_for_the_right_one(desk) -> None:
    assert [desk.tried(WRONG) for _ in range(3)] == ["A-01", "A-01", "A-02"]
    assert desk.tried(RIGHT, minutes=1) == "A-02"
    assert desk.roster.tries_left("01") == 0
    assert desk.tried(MANAGERS, operator="02") == "in"


def test_the_count_outlives_a_restart_between_any_two_tries(desk) -> None:
    said = []
    for _ in range(3):
        said.append(desk.tried(WRONG))
        desk.restart()
    assert said == ["A-01", "A-01", "A-02"]
    assert desk.tried(RIGHT, minutes=29) == "A-02"


def test_the_count_is_on_disk_before_the_pin_is_looked_at(desk) -> None:
    class PulledPlug(Exception):
        """The power goes while the hash is computed."""

    def pull(*_: object) -> bool:
        raise PulledPlug

    desk.roster._hasher = type("Plug", (), {"verify": staticmethod(pull)})()
    with pytest.raises(PulledPlug):
        desk.roster.check("01", WRONG, NOON)
    desk.restart()
    assert desk.roster.tries_left("01") == 2


def test_a_lock_ends_after_half_an_hour(desk) -> None:
    for _ in range(3):
        desk.tried(WRONG)
    minutes = LOCKED_FOR.total_seconds() / 60
    assert desk.tried(RIGHT, minutes=minutes - 1) == "A-02"
    assert desk.tried(RIGHT, minutes=minutes) == "in"
    assert desk.roster.tries_left("01") == 3


def test_after_a_lock_a_name_has_three_tries_again_and_no_more(desk) -> None:
    for _ in range(3):
        desk.tried(WRONG)
    assert [desk.tried(WRONG, minutes=31) for _ in range(3)] == ["A-01", "A-01", "A-02"]
    assert desk.tried(RIGHT, minutes=32) == "A-02"


def test_a_manager_who_signs_in_unlocks_everybody(desk) -> None:
    for _ in range(3):
        desk.tried(WRONG)
    assert desk.tried(MANAGERS, operator="02") == "in"
    assert desk.tried(RIGHT) == "in"


def test_a_cashier_who_signs_in_unlocks_nobody_else(desk) -> None:
    desk.roster.add(Operator("03", "Lee", Role.CASHIER), RIGHT)
    for _ in range(3):
        desk.tried(WRONG, operator="03")
    assert desk.tried(RIGHT) == "in"
    assert desk.tried(RIGHT, operator="03") == "A-02"


def test_no_pin_stands_in_the_file(desk, data_folder: Path) -> None:
    for _ in range(2):
        desk.tried(WRONG)
    desk.journal.tidy()
    kept = (data_folder / "journal.db").read_bytes()
    assert b"$argon2id$" in kept
    assert not any(pin.encode() in kept for pin in (RIGHT, WRONG, MANAGERS))


def test_a_roster_whose_disk_is_gone_says_so(desk) -> None:
    desk.journal.database.conn.close()
    with pytest.raises(StoreFault, match="J-01"):
        desk.roster.operators()
    with pytest.raises(StoreFault, match="J-01"):
        desk.roster.check("01", RIGHT, NOON)
    with pytest.raises(StoreFault, match="J-01"):
        desk.roster.tries_left("01")
    desk.open()


def test_keys_are_made_once_and_lie_where_only_their_owner_reads(data_folder: Path) -> None:
    first = KeyStore(data_folder, live=False).secret("sealing")
    again = KeyStore(data_folder, live=False)
    assert again.secret("sealing") == first
    assert again.secret("journal chain") != first
    assert again.get("terminal key") is None
    assert len(first) == 32
    assert (data_folder / "keys" / "sealing").stat().st_mode & 0o077 == 0
    assert (data_folder / "keys").stat().st_mode & 0o077 == 0
