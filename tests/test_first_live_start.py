"""Guards the first start of a live shop: a real till of its own process asks for its first manager."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from db.key_store import KeyStore
from domain.ciphers import TRAINING_TERMINAL_KEY

ROOT = Path(__file__).resolve().parents[1]
NO_SYSTEM_STORE = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
PROFILE = """
training = false
pin_pad = "none"
[shop]
name = "Plum Lane Stores"
address = "18 Plum Lane"
receipt_link = ""
[acquirer]
name = "Eastbridge"
id = "48213100"
host = "127.0.0.1"
port = 9
tls = false
merchant = "310290053110478"
terminal = "31060218"
[printer]
kind = "none"
"""
ADA = {"operator": "01", "pin": "91537264"}


def started(folder: Path, *orders: dict[str, Any]) -> list[dict[str, Any]]:
    """What a live till says to these commands; nobody but this machine is reached."""
    done = subprocess.run(  # our own program
        [
            sys.executable,
            str(ROOT / "main.py"),
            "--headless",
            "--profile",
            str(folder / "shop.toml"),
            "--data",
            str(folder / "till"),
        ],
        input="".join(json.dumps(order) + "\n" for order in orders),
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **NO_SYSTEM_STORE},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    notices = [json.loads(line) for line in done.stdout.splitlines()]
    quiet = {"strip_shown", "fault_told", "closed"}
    return [notice for notice in notices if notice["notice"] not in quiet]


def test_a_live_till_asks_for_its_first_manager_and_then_for_who_is_there(
    data_folder: Path, monkeypatch: Any
) -> None:
    for name, value in NO_SYSTEM_STORE.items():
        monkeypatch.setenv(name, value)
    (data_folder / "shop.toml").write_text(PROFILE, encoding="utf-8")
    keys = KeyStore(data_folder / "till", live=False)
    keys.put("terminal key", TRAINING_TERMINAL_KEY)

    first = started(
        data_folder,
        {"command": "sign_in", "operator": "02", "pin": "246801"},
        {"command": "first_manager", "name": "Ada Wu", "pin": "12345678"},
        {"command": "first_manager", "name": "Ada Wu", "pin": ADA["pin"]},
        {"command": "sign_in", **ADA},
        {"command": "add_operator", "name": "Sam", "role": "cashier", "pin": "482613"},
        {"command": "show_staff"},
    )
    assert [notice["notice"] for notice in first] == [
        "first_run_shown",
        "first_run_shown",
        "first_run_shown",
        "sign_in_shown",
        "checkout_shown",
        "checkout_shown",
        "staff_shown",
    ]
    assert [notice["fault"] for notice in first[:3]] == ["", "", "A-06"]
    people = [member["operator"]["name"] for member in first[-1]["members"]]
    assert people == ["Ada Wu", "Sam"]
    assert [member["must_change"] for member in first[-1]["members"]] == [False, True]

    again = started(
        data_folder,
        {"command": "first_manager", "name": "Eve", "pin": "80246135"},
        {"command": "sign_in", "operator": "02", "pin": "482613"},
        {"command": "choose_pin", "pin": "915372"},
        {"command": "start_sale", "amount_minor": 100},
        {"command": "cancel"},
        {"command": "settle"},
        {"command": "approve", **ADA},
    )
    kinds = [notice["notice"] for notice in again]
    assert kinds[:4] == ["sign_in_shown", "refusal_told", "new_pin_shown", "checkout_shown"]
    assert "payment_shown" in kinds
    approval = next(notice for notice in again if notice["notice"] == "approval_shown")
    assert [one["name"] for one in approval["approvers"]] == ["Ada Wu"]
