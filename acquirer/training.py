"""Starts the training acquirer as a process of its own, and ends it with this one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.faults import LinkFault
from domain.settings import AcquirerProfile

ENDS_BY_ITSELF_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class RunningAcquirer:
    """A running training acquirer; it ends when `close` is called or this process dies."""

    process: subprocess.Popen[str]
    port: int
    pin_sha256: str

    def profile(self, profile: AcquirerProfile) -> AcquirerProfile:
        """The profile of a till that speaks to it."""
        return replace(
            profile,
            host="127.0.0.1",
            port=self.port,
            server_name="",
            pin_sha256=self.pin_sha256,
            tls=True,
        )

    def order(self, **order: object) -> None:
        """Ask for trouble, or for patience: see acquirer/simulator. It holds when this returns."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        if not json.loads(self.process.stdout.readline())["ok"]:
            raise ValueError(f"not an order: {order}")

    def close(self) -> None:
        """Let it end by itself."""
        dismiss(self.process)


def start_training_acquirer(command: Sequence[str], folder: Path) -> RunningAcquirer:
    """Start it with that command and wait until it listens. Raises LinkFault C-02."""
    return when_it_listens(launch_training_acquirer(command, folder))


def launch_training_acquirer(command: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    """Start it and go on at once: it takes as long to come up as the till does."""
    return subprocess.Popen(  # main's own command line
        [*command, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def in_dialect_of(profile: AcquirerProfile) -> list[str]:
    """What main's own command line says, so that the training acquirer speaks like this profile."""
    spoken = {"dialect": profile.dialect, "dialect_options": profile.dialect_options}
    return ["--training-dialect", json.dumps(spoken)]


def when_it_listens(process: subprocess.Popen[str]) -> RunningAcquirer:
    """Wait for one that was launched. Raises LinkFault C-02, and it is gone then.

    It waits for as long as that process lives: whoever has no such patience ends the process.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        ready = json.loads(line)
        return RunningAcquirer(process, ready["port"], ready["pin_sha256"])
    except (ValueError, KeyError):
        process.kill()
        raise LinkFault("C-02", "it ended") from None


def dismiss(process: subprocess.Popen[str]) -> None:
    """Let one end by itself, whether it listens already or not: its standard input ends."""
    with process:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=ENDS_BY_ITSELF_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
