"""Guards the sign-in: wrong PINs are counted on disk, lock a name out, and a manager lets it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from db.journal import Journal
from db.key_store import KeyStore
from db.roster import LOCKED_FOR_SECONDS, TRAINING_ROSTER, Roster
from domain.entries import Decision, Entry, EntryKind
from domain.faults import Refused, StoreFault
from domain.operators import BUILT_IN, Operator, Permission, Role, may
from domain.staff import RoleRow, StaffRow

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
UP = 500.0
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
        self.roster.open(UP)

    def restart(self) -> None:
        self.journal.close()
        self.open()

    def tried(
        self, pin: str, minutes: float = 0, operator: str = "01", clock_days: float = 0
    ) -> str:
        """What a try says: 'in', or the fault's code; `clock_days` is how wrong the clock is."""
        now = NOON + timedelta(minutes=minutes, days=clock_days)
        try:
            found = self.roster.check(operator, pin, now, UP + 60 * minutes)
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
        desk.roster.check("01", WRONG, NOON, UP)
    desk.restart()
    assert desk.roster.tries_left("01") == 2


def test_a_lock_ends_after_half_an_hour(desk) -> None:
    for _ in range(3):
        desk.tried(WRONG)
    minutes = LOCKED_FOR_SECONDS / 60
    assert desk.tried(RIGHT, minutes=minutes - 1) == "A-02"
    assert desk.tried(RIGHT, minutes=minutes) == "in"
    assert desk.roster.tries_left("01") == 3


@pytest.mark.parametrize("days", [1, 3650, -1, -3650])
def test_no_clock_unlocks_a_name(desk, days: float) -> None:
    for _ in range(3):
        desk.tried(WRONG)
    assert desk.tried(RIGHT, clock_days=days) == "A-02"
    desk.restart()
    assert desk.tried(RIGHT, minutes=29, clock_days=days) == "A-02"


def test_after_a_restart_the_half_hour_begins_anew_and_ends(desk) -> None:
    for _ in range(3):
        desk.tried(WRONG, minutes=20)
    desk.restart()
    assert desk.tried(RIGHT, minutes=29) == "A-02"
    assert desk.tried(RIGHT, minutes=30) == "in"


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


def written(desk, *rows: StaffRow, roles: tuple[RoleRow, ...] = ()) -> None:
    entry = Entry(EntryKind.STAFF, NOON, "02", {})
    desk.journal.remember(Decision((entry,), staff=rows, roles=roles))


def test_a_blocked_name_is_on_no_list_and_no_pin_lets_it_in(desk) -> None:
    mei = desk.roster.member("01")
    written(desk, StaffRow(replace(mei, is_blocked=True)))
    desk.restart()
    assert [operator.id for operator in desk.roster.operators()] == ["02"]
    assert desk.tried(RIGHT) == "A-04"
    assert desk.roster.member("01").is_blocked


def test_a_new_pin_lets_in_and_the_last_ones_are_not_taken_again(desk) -> None:
    mei = desk.roster.member("01")
    pins = [RIGHT, "482613", "913572", "640281", "715309", "286041"]
    for pin in pins[1:]:
        written(desk, StaffRow(mei, desk.roster.hash_of(pin, mei.operator)))
    assert [desk.tried(pin) for pin in (RIGHT, pins[-1])] == ["A-01", "in"]
    for pin in pins[1:]:
        with pytest.raises(Refused, match="A-07"):
            desk.roster.hash_of(pin, mei.operator)
    assert desk.roster.hash_of(RIGHT, mei.operator)


def test_a_reset_pin_unlocks_its_name(desk) -> None:
    for _ in range(3):
        desk.tried(WRONG)
    mei = desk.roster.member("01")
    written(
        desk, StaffRow(replace(mei, must_change=True), desk.roster.hash_of("482613", mei.operator))
    )
    assert desk.tried("482613") == "in"
    assert desk.roster.member("01").must_change


def test_what_a_role_may_do_is_kept_with_the_people(desk) -> None:
    assert desk.roster.roles() == BUILT_IN
    written(
        desk, roles=(RoleRow(Role.CASHIER, frozenset({Permission.SELL, Permission.GIVE_BACK})),)
    )
    desk.restart()
    mei, grace = desk.roster.operators()
    assert may(mei, Permission.GIVE_BACK)
    assert not may(mei, Permission.REPRINT)
    assert may(grace, Permission.STAFF)


def test_a_change_whose_entry_is_not_written_changes_nobody(desk) -> None:
    desk.journal.database.conn.execute(
        "CREATE TRIGGER disk_is_full BEFORE INSERT ON entries"
        " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    mei = desk.roster.member("01")
    with pytest.raises(StoreFault, match="J-01"):
        written(desk, StaffRow(replace(mei, is_blocked=True), "hash"))
    assert desk.tried(RIGHT) == "in"


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
        desk.roster.check("01", RIGHT, NOON, UP)
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
