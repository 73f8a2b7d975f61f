"""Prove that the package works: the frozen program takes a training sale and prints the slip.

It talks to `tillwright --headless --training` as docs/headless.md describes, answers each notice
with the next command, and looks for the printed slip in the data folder. Then the window takes a
sale of its own, offscreen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "dist" / "tillwright" / ("tillwright.exe" if os.name == "nt" else "tillwright")
PATIENCE_SECONDS = 60.0
STRIPE = ";6225760008219524=30121200000?"
PIN = "123456"

COMMANDS: dict[str, list[dict[str, Any]]] = {
    "sign_in_shown": [{"command": "sign_in", "operator": "01", "pin": "135790"}],
    "checkout_shown": [{"command": "start_sale", "amount_minor": 12800}],
    "draft": [{"command": "swipe", "stripe": STRIPE}],
    "captured": [{"command": "confirm"}],
    "pin": [*({"command": "pad", "key": k} for k in PIN), {"command": "pad", "key": "enter"}],
    "printed": [{"command": "quit"}],
}
"""What is said once, when the till first shows this notice, state of the sale, or state of a slip."""


class Failed(Exception):
    """The package does not do what it is for."""


def main(arguments: list[str]) -> int:
    """Take one sale with the program that is named, or with the one that was just built."""
    program = [str(ROOT / "main.py")] if arguments == ["--unfrozen"] else [str(PROGRAM)]
    if arguments == ["--unfrozen"]:
        program.insert(0, sys.executable)
    with tempfile.TemporaryDirectory(prefix="tillwright-") as folder:
        try:
            slips = sale(program, Path(folder))
            show_window(program, Path(folder))
        except Failed as failed:
            print(f"The package failed: {failed}.")
            return 1
    print(slips)
    print("The package took a training sale, printed its slip, and showed its window.")
    return 0


def sale(program: list[str], folder: Path) -> str:
    """Take a sale and quit; the text of the slips. Raises Failed."""
    data, said = folder / "data", folder / "notices"
    command = [*program, "--headless", "--training", "--data", str(data)]
    # Output goes through a file: reading it can then end by the clock, on Windows too.
    with (
        said.open("wb") as out,
        said.open(encoding="utf-8") as notices,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, bufsize=0) as till,
    ):
        try:
            talk(till, notices)
        except BrokenPipeError:
            raise Failed("it ended in the middle") from None
        finally:
            till.kill()
    slips = sorted((data / "slips").glob("*.txt"))
    if not slips or "128.00" not in slips[0].read_text(encoding="utf-8"):
        raise Failed("no slip with the amount was printed")
    return slips[0].read_text(encoding="utf-8")


def show_window(program: list[str], folder: Path) -> None:
    """Let the window take its demonstration sale where nobody sees it. Raises Failed."""
    command = [*program, "--demo", "--data", str(folder / "demo")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        shown = subprocess.run(
            command, env=environment, check=False, capture_output=True, timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise Failed("its window did not come to an end in time") from None
    if shown.returncode != 0 or not shown.stdout.strip():
        words = shown.stderr.decode(errors="replace").strip().splitlines()[-3:]
        raise Failed(f"its window ended with {shown.returncode}: {' '.join(words)}")


def talk(till: subprocess.Popen[bytes], notices: TextIO) -> None:
    """Answer the till's notices until it has closed. Raises Failed."""
    assert till.stdin is not None
    left = dict(COMMANDS)
    for notice in lines(till, notices):
        if notice["notice"] in {"refusal_told", "not_understood"}:
            raise Failed(f"it refused a command: {notice}")
        for shown in names(notice):
            for command in left.pop(shown, ()):
                till.stdin.write(json.dumps(command).encode() + b"\n")
    if left:
        raise Failed(f"it never came to: {', '.join(left)}")


def names(notice: dict[str, Any]) -> Iterator[str]:
    """The words of a notice that a command may wait for."""
    yield notice["notice"]
    yield notice.get("sale", {}).get("state", "")
    if any(slip["state"] == "printed" for slip in notice.get("slips", ())):
        yield "printed"


def lines(till: subprocess.Popen[bytes], notices: TextIO) -> Iterator[dict[str, Any]]:
    """Every notice as it comes, until the program has ended. Raises Failed when time is over."""
    end = time.monotonic() + PATIENCE_SECONDS
    rest = ""
    while time.monotonic() < end:
        ended = till.poll() is not None
        rest += notices.read()
        *whole, rest = rest.split("\n")
        for line in whole:
            yield json.loads(line)
        if ended:
            return
        if not whole:
            time.sleep(0.02)
    raise Failed("it did not come to an end in time")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
