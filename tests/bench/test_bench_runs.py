"""Guards that the bench runs to its end and writes its rows; what they say is not a test's matter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEYS = {"name", "value", "unit", "reference", "ratio", "goal"}
NAMED = {
    "sale, till's own time",
    "reversal, no answer",
    "durable commits",
    "start to first paint",
    "imports during",
}


def test_the_bench_writes_its_rows(tmp_path: Path) -> None:
    written = tmp_path / "rows.json"

    bench = subprocess.run(
        [sys.executable, str(HERE / "run.py"), "--tiny", "--json", str(written)],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert bench.returncode == 0, bench.stderr
    rows = json.loads(written.read_text())
    assert all(set(row) == KEYS for row in rows)
    assert all(any(row["name"].startswith(name) for row in rows) for name in NAMED)
    counted = {row["name"]: row["value"] for row in rows if row["unit"] in {"commits", "calls"}}
    # A third commit is the slip's, where the printer is still busy with the one before.
    assert set(counted.values()) <= {2, 3}
    assert all(f"\n{row['name']}" in bench.stdout for row in rows)
