"""The threads of the till, all of them: one that decides, one for each thing that blocks."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from checkout.reports import Report, WorkerDied

log = logging.getLogger("till.workers")

CAPACITY = 256
"""Jobs that may wait for one worker; a till that has more is in trouble that waiting won't cure."""

Job = Callable[[], object]


class Hand(Protocol):
    """Somebody who carries out jobs, one after the other."""

    def do(self, job: Job) -> None:
        """Take a job up; returns at once."""
        ...

    def stop(self) -> None:
        """Finish the job in hand and take no more."""
        ...


@dataclass(frozen=True, slots=True)
class Hands:
    """Who carries out the errands: one worker for each thing that blocks."""

    acquirer: Hand
    printer: Hand
    pin_pad: Hand
    readers: tuple[Hand, ...]

    def all(self) -> tuple[Hand, ...]:
        """Every one of them."""
        return (self.acquirer, self.printer, self.pin_pad, *self.readers)


class Worker:
    """A thread with an inbox of jobs. A job that raises is reported and does not end the thread."""

    def __init__(self, name: str, report: Callable[[Report], None]) -> None:
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
            except Exception as error:  # the worker loop: whatever it is, the till must hear of it
                # The text of an unforeseen error may hold anything, a card number too.
                log.error("%s met %s", self._thread.name, type(error).__name__)
                self._report(WorkerDied(self._thread.name, type(error).__name__))


def make_hands(readers: int) -> Callable[[Callable[[Report], None]], Hands]:
    """The workers of a till with so many readers, still without the till they report to."""

    def with_report(report: Callable[[Report], None]) -> Hands:
        return Hands(
            acquirer=Worker("acquirer", report),
            printer=Worker("printer", report),
            pin_pad=Worker("pin pad", report),
            readers=tuple(Worker(f"reader {number + 1}", report) for number in range(readers)),
        )

    return with_report


class Running(Protocol):
    """A thread that was started here."""

    def join(self, timeout: float | None = None) -> None:
        """Wait until it has ended, for so many seconds at most."""
        ...


def run_in_thread(run: Callable[[], None], name: str, died: Callable[[str], None]) -> Running:
    """Start the one thread that decides; `died` hears the type of the error that ended it."""

    def run_or_tell() -> None:
        try:
            run()
        except Exception as error:  # the till's own loop: nothing may end it unheard
            log.error("%s met %s", name, type(error).__name__)
            died(type(error).__name__)

    thread = threading.Thread(target=run_or_tell, name=name, daemon=True)
    thread.start()
    return thread
