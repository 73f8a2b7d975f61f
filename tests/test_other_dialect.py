"""Guards that a till of another dialect is the same till: the whole program, over the example."""

from __future__ import annotations

from pathlib import Path

import pytest

from acquirer.simulator import read_ledger
from tests.till_process import ROOT, TillProcess

EXAMPLE = ROOT / "packaging" / "examples" / "training-ansi87.toml"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """The example, with a bank that is waited for half a second."""
    text = EXAMPLE.read_text(encoding="utf-8")
    patient = text.replace("[acquirer]\n", "[acquirer]\nanswer_seconds = 0.5\n")
    (tmp_path / "till.toml").write_text(patient, encoding="utf-8")
    return tmp_path / "till.toml"


def test_sale_and_lost_answer_in_the_other_dialect(tmp_path: Path, profile: Path) -> None:
    data = tmp_path / "data"
    till = TillProcess(data, profile)
    assert till.sell(128_00)["sale"]["state"] == "approved"
    till.quit()
    till = TillProcess(data, profile)
    assert till.sell(12_72)["sale"]["state"] == "reversed"
    till.quit()
    rows = read_ledger(data / "training-acquirer")
    assert [(row.amount_minor, row.state) for row in rows] == [
        (128_00, "charged"),
        (12_72, "reversed"),
    ]


def test_an_option_that_is_none_stops_the_start_with_its_name(tmp_path: Path) -> None:
    profile = tmp_path / "till.toml"
    profile.write_text('[acquirer]\ndialect = "klingon"\n', encoding="utf-8")
    till = TillProcess(tmp_path / "data", profile)
    assert till.let_go() != 0
    told = (tmp_path / "errors.txt").read_text(encoding="utf-8")
    assert "C-01" in told
    assert "acquirer.dialect: expected ansi87 or unionpay" in told
