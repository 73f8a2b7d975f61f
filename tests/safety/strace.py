"""Takes hold of a till's threads with strace, before the first instruction of any of them.

A till under it is a fork that is held (tests/warm_tills) until strace says that it has it.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.till_process import MAIN, TillProcess, World
from tests.warm_tills import MAIN_THREAD, WarmTill

ATTACH_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 0.001


def why_not() -> str:
    """Why no till can be traced here; empty where one can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    trial = [strace, "-qq", "-e", "trace=none", "true"]
    answer = subprocess.run(trial, capture_output=True, check=False)
    return "" if answer.returncode == 0 else "strace may not trace here (ptrace)"


@dataclass
class Tracers:
    """Starts tills under strace; every strace has ended when this is closed."""

    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def till(
        self,
        world: World,
        data: Path,
        profile: Path,
        words: Sequence[str],
        *,
        thread: str = "",
        program: Path = MAIN,
    ) -> TillProcess:
        """A till of which strace, with these words, watches that thread; all, without a name."""
        till = world.till(data, profile, program=program, held=thread or MAIN_THREAD)
        process = till.process
        assert isinstance(process, WarmTill)
        number = process.born(thread or MAIN_THREAD)
        every = [] if thread else ["-f"]
        command = ["strace", "-qq", *every, *words, "-p", str(number)]
        tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self.running.append(tracer)
        status = Path(f"/proc/{process.pid}/task/{number}/status")
        until = time.monotonic() + ATTACH_SECONDS
        while f"TracerPid:\t{tracer.pid}\n" not in status.read_text():
            assert tracer.poll() is None, "strace did not hold on"
            assert time.monotonic() < until, "strace did not come"
            time.sleep(LOOK_AGAIN_SECONDS)
        process.let_on()
        return till

    def wait(self) -> None:
        """Until each strace has ended, as it does with the till that it watches."""
        while self.running:
            self.running.pop().wait()
