"""Counts, through strace, how often the journal reaches the disk between Confirm and APPROVED."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from cashier import AMOUNT_MINOR, OPERATOR, OPERATOR_PIN, PIN, STRIPE

ROOT = Path(__file__).resolve().parent.parent.parent
SYNC = re.compile(r"f(?:data)?sync\(\d+<[^>]*journal\.db[^>]*>")
UNHEARD_SECONDS = 0.3
"""A PIN pad that has not begun to ask does not hear; the till under strace is slow."""


def measure(folder: Path) -> int | None:
    """Syncs of the journal in one headless sale; None where there is no strace."""
    strace = shutil.which("strace")
    if strace is None:
        return None
    trace = folder / "strace.txt"
    watched = ["-f", "-y", "-s", "4096", "-e", "trace=read,write,fsync,fdatasync"]
    till = [str(ROOT / "main.py"), "--headless", "--training", "--data", str(folder / "strace")]
    with subprocess.Popen(
        [strace, *watched, "-o", str(trace), sys.executable, *till],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        take_sale(program.stdin, program.stdout)
    return syncs_between(trace.read_text(encoding="utf-8", errors="replace"))


def take_sale(commands: IO[str], notices: IO[str]) -> None:
    """One sale over JSON lines, then the end."""

    def send(command: str, **fields: object) -> None:
        commands.write(json.dumps({"command": command, **fields}) + "\n")
        commands.flush()

    def until(state: str, digits: int = 0) -> None:
        for line in notices:
            notice = json.loads(line)
            shown = notice.get("sale", {}).get("state", notice["notice"])
            if shown == state and notice.get("pin_digits", 0) == digits:
                return
        raise RuntimeError(f"the till ended before it showed {state}")

    until("sign_in_shown")
    send("sign_in", operator=OPERATOR.id, pin=OPERATOR_PIN)
    until("checkout_shown")
    send("start_sale", amount_minor=AMOUNT_MINOR)
    until("draft")
    send("swipe", stripe=STRIPE.decode())
    until("captured")
    send("confirm")
    until("pin")
    time.sleep(UNHEARD_SECONDS)
    for count, key in enumerate(PIN, 1):
        send("pad", key=key)
        until("pin", count)
    send("pad", key="enter")
    until("approved")
    send("quit")
    until("closed")


def syncs_between(trace: str) -> int:
    """Lines of the trace that sync the journal, from the command read to the notice written."""
    lines = trace.splitlines()
    confirmed = next(at for at, line in enumerate(lines) if r"\"command\": \"confirm\"" in line)
    approved = next(at for at, line in enumerate(lines) if r"\"state\": \"approved\"" in line)
    return sum(bool(SYNC.search(line)) for line in lines[confirmed:approved])
