"""Guards the guards: bugs that were planted on purpose are noticed, and the scoreboard says so."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.safety import scoreboard
from tests.safety.planted import BUGS, CUSTOMERS, SEED, hunt_all, is_caught
from tests.safety.rows import CAUGHT, MISSED, NONE, ROWS, Budget, Row
from tests.safety.simulation.day import Plan, simulate

MANY = 25
EVERY = 1 if os.environ.get("CI") else 5
"""One bug in so many is hunted outside CI, where all of them are."""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_every_bug_can_be_planted_and_taken_out_again(bug) -> None:
    with bug.planted():
        pass


def test_every_planted_bug_is_caught() -> None:
    verdicts = hunt_all(range(0, len(BUGS), EVERY))
    assert len(BUGS) >= MANY
    assert not [f"{v.bug}: {v.invariant}" for v in verdicts if not v.seed]


def test_the_same_days_without_a_bug_are_right() -> None:
    """What catches every bug could also be a simulation that always complains."""
    assert is_caught("silence counts as a decline")
    assert not simulate(Plan(SEED, customers=CUSTOMERS, storm=1.0)).broken


@pytest.mark.parametrize(
    ("row", "is_green"),
    [
        (Row("R", 10, 0, CAUGHT, 1, 0.5), True),
        (Row("R", 10, 0, NONE, 1, 0.5), True),
        (Row("R", 10, 1, CAUGHT, 1, 0.5), False),
        (Row("R", 0, 0, CAUGHT, 1, 0.5), False),
        (Row("R", 10, 0, MISSED, 1, 0.5), False),
    ],
)
def test_a_row_is_green_only_if_it_tried_something_and_its_control_was_caught(
    row: Row, *, is_green: bool
) -> None:
    assert row.is_green is is_green


@pytest.mark.parametrize(("violations", "status"), [(0, 0), (1, 1)])
def test_the_scoreboard_writes_its_rows_and_fails_with_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    violations: int,
    status: int,
) -> None:
    budgets: list[Budget] = []

    def measure(budget: Budget) -> Row:
        budgets.append(budget)
        return Row("R99 nothing much", 7, violations, CAUGHT, 42, 0.1)

    monkeypatch.setattr(scoreboard, "HERE", tmp_path)
    monkeypatch.setattr(scoreboard, "ROWS", [measure])
    written = tmp_path / "rows.json"

    assert scoreboard.main(["--quick", "--json", str(written)]) == status

    (row,) = json.loads(written.read_text())
    assert set(row) == {"name", "count", "violations", "control", "seed", "seconds"}
    assert "R99 nothing much" in capsys.readouterr().out
    assert budgets[0].quick
    assert measure not in ROWS
