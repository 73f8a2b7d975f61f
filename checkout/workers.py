"""The threads of the till, all of them: one that decides, one for each thing that blocks."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Protocol

from checkout.reports import WorkerDied

log = logging.getLogger("till.workers")

CAPACITY = 256
"""Jobs that may wait for one worker; a till that has more is in trouble that waiting won't cure."""

Job = Callable[[], None]


class Hand(Protocol):
    """Somebody who carries out jobs, one after the other."""

    def do(self, job: Job) -> None:
        """Take a job up; returns at once."""
        ...

    def stop(self) -> None:
        """Finish the job in hand and take no more."""
        ...


class Worker:
    """A thread with an inbox of jobs. A job that raises is reported and does not end the thread."""

    def __init__(self, name: str, report: Callable[[WorkerDied], None]) -> None:
        self._report = report
        self._jobs: queue.Queue[Job | None] = queue.Queue(CAPACITY)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, job: Job) -> None:
        self._jobs.put_nowait(job)

    def stop(self) -> None:
        self._jobs.put_nowait(None)
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception as error:  # noqa: BLE001  # the worker loop: whatever it is, the till must hear of it
                # The text of an unforeseen error may hold anything, a card number too.
                log.error("%s met %s", self._thread.name, type(error).__name__)
                self._report(WorkerDied(self._thread.name, type(error).__name__))


def run_in_thread(run: Callable[[], None], name: str) -> threading.Thread:
    """Start the one thread that decides."""
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
