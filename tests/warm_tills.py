"""Tills that start warm: one process imports the program once, and every till is a fork of it.

Most of what a till does until it can be signed in to is to import itself. Whoever kills thousands
of them asks here for one: the same program with the same threads, files and connections, in a
fortieth of a second. A fork can also be held at the birth of one of its threads, so that strace
takes hold of that thread alone, before its first instruction.

Linux only. Called by path it is the process that forks, until its standard input ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
LISTENING = 64
MAIN_THREAD = "MainThread"
ORDER_BYTES = 65536
IMPORTED = (
    "main",
    "acquirer.link",
    "checkout.headless",
    "checkout.till",
    "checkout.workers",
    "cryptography.x509",
    "db.instance_lock",
    "db.journal",
    "db.key_store",
    "db.roster",
    "devices.registry",
    "devices.simulators",
    "devices.text_printer",
    "encodings.gbk",
    "encodings.idna",
    "keyring.backends.fail",
)


class WarmTills:
    """The process that forks, seen from the one that tests."""

    def __init__(self) -> None:
        # In Linux's own namespace: no file, and no limit on how deep a test's folder lies.
        self._address = f"\0tillwright-{os.getpid()}-{secrets.token_hex(4)}"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self._address)
        listener.listen(LISTENING)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(listener.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
        )
        listener.close()

    def start(
        self, words: Sequence[str], *, crash_at: str, errors: IO[bytes], plant: str, held: str
    ) -> WarmTill:
        """A till of that command line; `plant` names the module of a bug that it gets first."""
        order = {"words": [*words], "crash_at": crash_at, "plant": plant, "held": held}
        return WarmTill(self._address, order, errors)

    def close(self) -> None:
        """No more tills; those that live are left alone."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class WarmTill:
    """One fork, with as much of Popen's face as tests/till_process looks at.

    A held one does nothing from the birth of the thread `held` on, until `let_on` is called.
    """

    def __init__(self, address: str, order: dict[str, object], errors: IO[bytes]) -> None:
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(address)
        handles = [theirs_in, theirs_out, errors.fileno()]
        socket.send_fds(self._line, [json.dumps(order).encode()], handles)
        os.close(theirs_in)
        os.close(theirs_out)
        self.stdin = os.fdopen(ours_in, "wb", buffering=0)
        self.stdout = os.fdopen(ours_out, "rb", buffering=0)
        self._told = b""
        self.returncode: int | None = None
        self.pid = 0
        self.threads: dict[int, str] = {}
        """Name of every thread by its number, in the order of their births."""
        while not self.pid:
            self._hear()

    def born(self, thread: str) -> int:
        """Wait until that thread lives, and return its number. Raises EOFError where none came."""
        while True:
            for number, name in self.threads.items():
                if name == thread:
                    return number
            if not self._hear():
                raise EOFError(f"no thread called {thread}")

    def let_on(self) -> None:
        """The thread that was held goes on."""
        self._line.sendall(b"!")

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, negative where a signal ended it. Raises TimeoutError."""
        while self.returncode is None:
            if not self._hear(timeout):
                raise EOFError("the process that forks is gone")
        return self.returncode

    def poll(self) -> int | None:
        """The exit status of one that has ended, as far as it has been heard of."""
        while self.returncode is None and (
            b"\n" in self._told or select.select([self._line], [], [], 0)[0]
        ):
            if not self._hear():
                break
        return self.returncode

    def kill(self) -> None:
        """Kill -9."""
        if self.poll() is None:
            # It may have ended in this moment, and nobody has told so yet.
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def _hear(self, seconds: float | None = None) -> bool:
        """Take in what the fork tells next; False where it never tells anything any more."""
        self._line.settimeout(seconds)
        while b"\n" not in self._told:
            more = self._line.recv(4096)
            if not more:
                return False
            self._told += more
        text, _, self._told = self._told.partition(b"\n")
        told = json.loads(text)
        self.pid = told.get("pid", self.pid)
        if "thread" in told:
            self.threads[told["number"]] = told["thread"]
        if "status" in told:
            self.returncode = told["status"]
            self._line.close()
        return True


def serve(listener: socket.socket) -> None:
    """Fork a till for everyone who connects, and tell how it ended."""
    from domain.settings import AcquirerProfile

    for name in IMPORTED:
        importlib.import_module(name)
    sys.modules["acquirer.link"].dialect_for(AcquirerProfile())
    gc.collect()
    gc.freeze()
    woken, wakes = socket.socketpair()
    for end in (woken, wakes):
        end.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    alive: dict[int, socket.socket] = {}
    while True:
        ready = select.select([listener, woken, sys.stdin], [], [])[0]
        if woken in ready:
            woken.recv(4096)
            _bury(alive)
        if listener in ready:
            line, _ = listener.accept()
            text, handles, _, _ = socket.recv_fds(line, ORDER_BYTES, 3)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for other in (listener, woken, wakes, *alive.values()):
                    other.close()
                _be_a_till(line, json.loads(text), handles)
            for handle in handles:
                os.close(handle)
            alive[pid] = line
        if sys.stdin in ready:
            return


def _bury(alive: dict[int, socket.socket]) -> None:
    while alive:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        with alive.pop(pid) as line:
            _tell(line, status=os.waitstatus_to_exitcode(status))


def _tell(line: socket.socket, **told: object) -> None:
    try:
        line.sendall(json.dumps(told).encode() + b"\n")
    except OSError:
        # Nobody listens any more: the till was left alone.
        return


def _be_a_till(line: socket.socket, order: dict[str, object], handles: Sequence[int]) -> None:
    """Become the till of that order; never returns."""
    status = 1
    try:
        for ours, theirs in enumerate(handles):
            os.dup2(theirs, ours)
            os.close(theirs)
        # The text files of the process that forked remember what they stood for.
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
        os.environ["TILLWRIGHT_CRASH_AT"] = str(order["crash_at"])
        held = order["held"]
        run = threading.Thread.run

        def tell_of_birth() -> None:
            name = threading.current_thread().name
            _tell(line, thread=name, number=threading.get_native_id())
            if name == held:
                line.recv(1)

        def run_and_tell(thread: threading.Thread) -> None:
            tell_of_birth()
            run(thread)

        threading.Thread.run = run_and_tell  # type: ignore[method-assign]  # in this fork only
        if order["plant"]:
            importlib.import_module(str(order["plant"])).plant()
        _tell(line, pid=os.getpid())
        tell_of_birth()
        main = importlib.import_module("main")
        status = main.main(order["words"])
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        # Nothing of the process that forked may be tidied up here.
        os._exit(status)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    serve(socket.socket(fileno=int(sys.argv[1])))
