"""Guards the journal against every state in which a power cut could leave its files."""

from __future__ import annotations

from random import Random

from tests.safety import crash_states, loudly
from tests.safety.crash_states import SECTOR, Call, Disk

STATES = 400


def test_nothing_acknowledged_is_lost_in_any_state_after_a_cut() -> None:
    loudly.unless_possible(crash_states.why_not())
    recording = crash_states.record(crash_states.SEED)
    result = crash_states.try_states(recording, STATES, crash_states.SEED)
    assert result.wrong == []
    assert result.acknowledged > STATES / 10
    assert crash_states.is_control_caught(), (
        "a till that does not wait for the disk was not noticed"
    )


def test_what_was_synced_is_there_and_what_was_not_may_be_there_in_part() -> None:
    disk = Disk()
    first, second = b"a" * SECTOR * 2, b"b" * SECTOR * 2
    for call in (
        Call("make", "journal"),
        Call("sync"),
        Call("write", "journal", 0, first),
        Call("sync", "journal"),
        Call("write", "journal", 0, second),
    ):
        disk.do(call)
    found = {disk.after_a_cut(Random(seed))["journal"] for seed in range(50)}
    halves = {first[:SECTOR], second[:SECTOR]}
    assert found == {one + other for one in halves for other in halves}


def test_a_file_whose_folder_was_not_synced_may_be_missing() -> None:
    disk = Disk()
    disk.do(Call("make", "journal"))
    assert {frozenset(disk.after_a_cut(Random(seed))) for seed in range(20)} == {
        frozenset(),
        frozenset({"journal"}),
    }
