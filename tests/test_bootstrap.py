"""Guards the set-up: what is asked of the system, what a stamp covers, what a till without display does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(__file__).resolve().parent.parent
PINS = re.compile(r"^([\w.-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PINS.findall((ROOT / "requirements" / f"{name}.txt").read_text()))


@pytest.mark.parametrize("name", ["run", "test", "package"])
def test_every_requirement_has_a_hash_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) == len(pins(name))
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


@pytest.mark.parametrize("name", ["test", "package"])
def test_what_covers_the_run_time_holds_all_of_it_in_the_same_versions(name: str) -> None:
    assert pins("run").items() <= pins(name).items()


def test_qt_and_the_libraries_of_the_wire_are_pinned_as_decided() -> None:
    run = pins("run")
    decided = ("pyside6-essentials", "pyserial", "python-escpos", "pyiso8583")
    assert [run[name] for name in decided] == ["6.11.3", "3.5", "3.1", "4.0.1"]
    assert run["sqlite-utils"].startswith("4.")


@pytest.mark.parametrize(
    ("words", "ours", "theirs"),
    [
        (["run"], ["run"], []),
        (["run", "--", "--data", "D"], ["run"], ["--data", "D"]),
        (["test", "--no-system", "--", "-k", "a", "--", "b"], None, ["-k", "a", "--", "b"]),
    ],
)
def test_words_behind_the_dashes_go_to_the_program(
    words: list[str], ours: list[str] | None, theirs: list[str]
) -> None:
    assert bootstrap.split(words) == (ours or ["test", "--no-system"], theirs)


@pytest.mark.parametrize(
    ("platform", "environment", "shown"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":1"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "vnc"}, True),
        ("win32", {}, True),
    ],
)
def test_a_window_needs_a_display_on_linux_only(
    platform: str, environment: dict[str, str], shown: bool
) -> None:
    assert bootstrap.has_display(platform, environment) is shown


def test_one_package_of_a_group_is_enough_and_the_first_is_installed() -> None:
    groups = [("libgl1",), ("libglib2.0-0", "libglib2.0-0t64"), ("fonts-a", "fonts-b")]
    assert bootstrap.missing_packages(groups, {"libglib2.0-0t64"}) == ["libgl1", "fonts-a"]
    assert bootstrap.missing_packages(groups, {"libgl1", "libglib2.0-0", "fonts-b"}) == []


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A project with a virtual environment in which nothing is installed yet; the installs done."""
    done: list[str] = []
    (tmp_path / "requirements").mkdir()
    for name in ("run", "test", "package"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", tmp_path / "requirements")
    monkeypatch.setattr(bootstrap, "make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "install", lambda path: not done.append(path.stem))
    return done


STORIES = """
run                      -> run
run run run              -> run
test run                 -> test
package run              -> package
run test test run        -> run test
run run.txt run          -> run run
test run.txt test        -> test
test test.txt test       -> test test
test run test.txt run    -> test run
"""
"""Commands, and files that change in between, and what is installed."""


@pytest.mark.parametrize("story", STORIES.strip().splitlines())
def test_packages_are_installed_when_their_file_has_changed_and_never_else(
    story: str, small_project: list[str]
) -> None:
    words, expected = story.split("->")
    for word in words.split():
        if word.endswith(".txt"):
            with (bootstrap.REQUIREMENTS / word).open("a") as file:
                file.write("more==1\n")
        else:
            bootstrap.provide_packages(word)
    assert small_project == expected.split()


def test_an_installation_that_fails_leaves_no_stamp(
    small_project: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "install", lambda _: False)
    with pytest.raises(SystemExit) as ended:
        bootstrap.provide_packages("run")
    assert ended.value.code == 1
    assert not bootstrap.stamp("run").exists()


def test_without_rights_it_says_what_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None if name == "sudo" else name)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(bootstrap, "installed_packages", lambda _: {"libgl1"})
    with pytest.raises(SystemExit) as ended:
        bootstrap.provide_system((("libgl1",), ("libegl1",)))
    assert ended.value.code == bootstrap.SYSTEM_MISSING
    said = capsys.readouterr().out
    assert "apt-get install --yes --no-install-recommends libegl1\n" in said


@pytest.mark.parametrize(("words", "status"), [(["help"], 0), ([], 0), (["sell"], 2)])
def test_it_explains_itself(words: list[str], status: int) -> None:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "bootstrap.py"), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == status
    assert "bootstrap.py COMMAND" in answer.stdout + answer.stderr


def test_it_needs_the_standard_library_only() -> None:
    imported = re.findall(
        r"^(?:import|from) (\w+)", (ROOT / "bootstrap.py").read_text(), re.MULTILINE
    )
    assert set(imported) <= set(sys.stdlib_module_names)
