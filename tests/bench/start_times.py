"""Times the start of the real window against a blank one of the same Qt, in turn."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BLANK = Path(__file__).with_name("blank_window.py")
SCREEN = "1366x768x24"


def measure(folder: Path, starts: int) -> dict[str, list[float]]:
    """Milliseconds from the start of the process: `blank`, `painted`, `ready`."""
    till = [str(ROOT / "main.py"), "--data", str(folder / "start")]
    times: dict[str, list[float]] = {"blank": [], "painted": [], "ready": []}
    with screen() as environment:
        # The very first start makes keys, operators and a certificate, and compiles the program.
        moments_of(till, "ready", environment)
        moments_of([str(BLANK)], "painted", environment)
        for _ in range(starts):
            times["blank"].append(moments_of([str(BLANK)], "painted", environment)["painted"])
            moments = moments_of(till, "ready", environment)
            times["painted"].append(moments["painted"])
            times["ready"].append(moments["ready"])
    return times


def moments_of(words: Sequence[str], last: str, environment: Mapping[str, str]) -> dict[str, float]:
    """Start a program, hear its moments until the last one, and end it."""
    moments: dict[str, float] = {}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, *words],
        env={**os.environ, **environment, "TILLWRIGHT_TIMES": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stderr is not None
        for line in program.stderr:
            if not line.startswith("{"):
                continue
            for name, moment in json.loads(line).items():
                moments[name] = (moment - began) * 1000
            if last in moments:
                break
        program.terminate()
    if last not in moments:
        raise RuntimeError(f"{words[0]} ended before it was {last}")
    return moments


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """A screen that nobody sees, where Xvfb is here; else Qt draws into memory."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    ours, theirs = os.pipe()
    with subprocess.Popen(
        [xvfb, "-displayfd", str(theirs), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(theirs)
        with os.fdopen(ours) as told:
            display = told.readline().strip()
        yield {"DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
        server.terminate()
