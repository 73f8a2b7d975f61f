"""Guards "no cent lost, none doubled" by whole days under a seed, with cables pulled and power cut."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.safety.simulation.day import Plan, simulate
from tests.safety.simulation.run import Summary, run

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_261_122
IN_CI = bool(os.environ.get("CI"))
SALES = 100_000 if IN_CI else 2_000
"""Of a fixed seed, which is all that a landing may hang on; more by command (docs/safety.md)."""


def test_no_invariant_breaks_in_days_of_a_fixed_seed() -> None:
    summary = run(SALES, SEED)
    print("\n".join(summary.lines()))
    assert not summary.broken, "\n".join(summary.lines())
    assert summary.in_doubt == 0
    assert summary.faults > summary.sales // 5


@pytest.mark.skipif(IN_CI, reason="a landing is repeatable: unseen seeds are for developers")
def test_no_invariant_breaks_in_days_that_nobody_has_seen() -> None:
    summary = run(SALES // 10, secrets.randbelow(1_000_000_000))
    print("\n".join(summary.lines()))
    assert not summary.broken, "\n".join(summary.lines())


def test_a_run_that_is_begun_again_goes_on_where_it_was(tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    half = run(200, SEED, jobs=1)
    half.keep(kept)
    resumed = run(500, SEED, jobs=1, summary=Summary.kept(kept))
    whole = run(500, SEED, jobs=1)
    assert half.days < resumed.days == whole.days
    assert (resumed.trace, resumed.waits, resumed.seen) == (whole.trace, whole.waits, whole.seen)


def test_a_seed_leaves_the_same_trace_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.safety.simulation", "--sales", "300", "--jobs", "1"]
    told = [
        subprocess.run(
            [*command, "--seed", str(SEED)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("trace ")[1]
        for hash_seed in (0, 4242)
    ]
    assert told[0] == told[1]


def test_a_real_file_and_the_disk_in_memory_lead_to_the_same_day(tmp_path: Path) -> None:
    """Without storage troubles both disks give the same answers at every moment."""
    in_memory = simulate(Plan(SEED, storm=0.0))
    in_a_file = simulate(Plan(SEED, storm=0.0, folder=tmp_path))
    assert not in_memory.broken
    assert in_memory.trace_hash == in_a_file.trace_hash


@pytest.mark.parametrize("seed", range(3))
def test_other_seeds_are_other_days(seed: int) -> None:
    assert simulate(Plan(seed)).trace_hash != simulate(Plan(seed + 1)).trace_hash
