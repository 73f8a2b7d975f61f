"""Guards the program as a person starts it: a real window on a real X screen, keys typed by xdotool.

Skipped, loudly, where there is no Xvfb or xdotool; `bootstrap.py test` installs both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acquirer.simulator_accounts import ACCOUNTS
from acquirer.simulator_ledger import read_ledger
from db.roster import TRAINING_ROSTER
from domain.clock import SystemClock

ROOT = Path(__file__).resolve().parent.parent
CARD = ACCOUNTS["621234******1232"]
PATIENCE_SECONDS = 30.0
BETWEEN_SCREENS_SECONDS = 2.0
BEFORE_ENTER_SECONDS = 0.5
"""A person looks before pressing; a machine that runs other tests beside this one is slow, too."""

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="NO XVFB OR XDOTOOL: THE WINDOW WAS NOT TRIED ON A SCREEN",
)


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """The environment of a screen of 1366 by 768 that nobody sees, with a window's focus rules."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as said:
        number = said.readline().strip()
    environment = {**os.environ, "DISPLAY": f":{number}"}
    environment.pop("QT_QPA_PLATFORM", None)
    environment.pop("WAYLAND_DISPLAY", None)
    yield environment
    server.terminate()
    server.wait()


@pytest.fixture
def program(display: dict[str, str], data_folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The program as the README starts it, over a folder of its own."""
    with start(display, data_folder) as till:
        yield till
        till.terminate()


def test_a_typed_swipe_leads_to_approved_and_a_slip(
    display: dict[str, str], data_folder: Path, program: subprocess.Popen[str]
) -> None:
    window = found_window(display)
    wait(lambda: journal_is_open(data_folder), "the journal")
    steps = (
        ([TRAINING_ROSTER[0][1]], "the sign-in"),
        (["128"], "the sale"),
        ([CARD.stripe], ""),
        ([], ""),
        ([CARD.pin], ""),
    )
    for texts, remembered in steps:
        pause(BETWEEN_SCREENS_SECONDS)
        for text in texts:
            xdotool(display, "type", "--delay", "4", text)
        pause(BEFORE_ENTER_SECONDS)
        before = written(data_folder)
        xdotool(display, "key", "Return")
        if remembered:
            wait(lambda before=before: written(data_folder) > before, remembered)
    wait(lambda: list((data_folder / "slips").glob("*.txt")), "the slip")
    slip = next((data_folder / "slips").glob("*.txt")).read_text(encoding="utf-8")
    assert "CNY 128.00" in slip
    assert "6212 34** **** 1232" in slip
    ledger = read_ledger(data_folder / "training-acquirer")
    assert [(row.amount_minor, row.state) for row in ledger] == [(12800, "charged")]
    assert window
    assert program.poll() is None


def test_a_second_start_says_so_and_leaves_the_first_alone(
    display: dict[str, str], data_folder: Path, program: subprocess.Popen[str]
) -> None:
    found_window(display)
    wait(lambda: journal_is_open(data_folder), "the journal")
    second = start(display, data_folder)
    _, said = second.communicate(timeout=PATIENCE_SECONDS)
    assert second.returncode == 4
    assert "J-03" in said
    assert program.poll() is None


def test_without_a_display_the_program_names_the_alternatives(data_folder: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    ended = subprocess.run(
        [sys.executable, "main.py", "--data", str(data_folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "--headless" in ended.stderr
    assert "--demo" in ended.stderr


def start(display: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "main.py", "--data", str(folder)],
        cwd=ROOT,
        env=display,
        stderr=subprocess.PIPE,
        text=True,
    )


def found_window(display: dict[str, str]) -> str:
    search = ["search", "--sync", "--onlyvisible", "--name", "Tillwright"]
    window = xdotool(display, *search).split()[0]
    # Without a window manager nobody gives a new window the keyboard.
    xdotool(display, "windowfocus", "--sync", window)
    return window


def xdotool(display: dict[str, str], *words: str) -> str:
    return subprocess.run(
        ["xdotool", *words],
        env=display,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    ).stdout


def journal_is_open(folder: Path) -> bool:
    return (folder / "training-acquirer" / "acquirer-ledger.jsonl").exists()


def written(folder: Path) -> int:
    """How much the running till has written into its journal, which it holds against all others."""
    return sum(path.stat().st_size for path in folder.rglob("journal.db-wal"))


def wait(condition: Callable[[], object], what: str) -> None:
    clock = SystemClock()
    end = clock.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert clock.monotonic() < end, f"{what} did not come"
        pause(0.05)


def pause(seconds: float) -> None:
    """People pause between keys; the window refuses an Enter that comes too soon."""
    subprocess.run(["sleep", str(seconds)], check=True)
