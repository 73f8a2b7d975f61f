"""The one virtual time of a simulated day: what happens when, and workers that work in it.

A worker's job runs at its beginning and at once; what it waits for moves its own `cursor`, and its
reports reach the till at the moment to which the cursor has come by then. So everything is plain
calls on one thread, and still a cancel, a power cut or a second tap falls in between.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from checkout.reports import Report, WorkerDied
from domain.clock import ManualClock

TAIL = 80
LINES_AT_ONCE = 500


class PowerCut(BaseException):
    """The power goes: nothing in the till may catch it, and nothing of the till is left."""


class Broken(BaseException):
    """An invariant does not hold; nothing in the till may catch it."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant


class Event:
    """Something that will happen, unless its `action` is taken away or its till has died."""

    __slots__ = ("action", "life", "when")

    def __init__(self, when: float, action: Callable[[], None] | None, life: int) -> None:
        self.when = when
        self.action = action
        self.life = life


class Agenda:
    """A heap of (time, order, event) and the clock that it moves."""

    FOREVER = -1

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.life = 0
        self._heap: list[tuple[float, int, Event]] = []
        self._order = 0
        self._trace = hashlib.blake2b(digest_size=16)
        self._lines: list[str] = []
        self._before: list[str] = []

    @property
    def now(self) -> float:
        return self.clock.seconds

    def at(self, when: float, action: Callable[[], None], *, of_till: bool = False) -> Event:
        """Do that then; what is the till's own does not outlive it."""
        event = Event(when, action, self.life if of_till else self.FOREVER)
        self._order += 1
        heapq.heappush(self._heap, (when, self._order, event))
        return event

    def next_time(self) -> float | None:
        """When the next event happens; forgotten ones are thrown away."""
        heap = self._heap
        while heap:
            event = heap[0][2]
            if event.action is not None and event.life in {self.FOREVER, self.life}:
                return heap[0][0]
            heapq.heappop(heap)
        return None

    def take(self) -> Callable[[], None]:
        """The action of the event that `next_time` told of, with the clock moved to it."""
        when, _, event = heapq.heappop(self._heap)
        self.move_to(when)
        assert event.action is not None
        return event.action

    def move_to(self, when: float) -> None:
        if when > self.clock.seconds:
            self.clock.wall += timedelta(seconds=when - self.clock.seconds)
            self.clock.seconds = when

    def trace(self, line: str) -> None:
        """One line of what happened; the trace of a seed is the same for ever."""
        self._lines.append(f"{self.clock.seconds:.3f} {line}")
        if len(self._lines) >= LINES_AT_ONCE:
            self._hash_lines()

    @property
    def trace_hash(self) -> str:
        self._hash_lines()
        return self._trace.hexdigest()

    @property
    def tail(self) -> list[str]:
        """The last lines, to be read after a violation."""
        return [*self._before, *self._lines][-TAIL:]

    def _hash_lines(self) -> None:
        self._trace.update("".join(self._lines).encode())
        self._before = self._lines
        self._lines = []


class Fuse:
    """Cuts the power at the so-manyth call of a port from now on; before or after its effect."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self.calls_left = 0
        self.blown = 0
        self.is_guarded = False

    def passing(self, port: str) -> None:
        if self.calls_left and not self.is_guarded:
            self.calls_left -= 1
            if self.calls_left == 0:
                self.blown += 1
                self._agenda.trace(f"POWER CUT at {port}")
                raise PowerCut(port)


class CrashPoint(str):
    """A chosen crash point that every named point of the engine compares itself with."""

    __slots__ = ("fuse",)
    fuse: Fuse

    def __eq__(self, point: object) -> bool:
        self.fuse.passing(f"point {point}")
        return False

    def __ne__(self, point: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class VirtualHand:
    """A worker of the till: one job after the other, in virtual time."""

    def __init__(self, workshop: Workshop, name: str) -> None:
        self._workshop = workshop
        self._agenda = workshop.agenda
        self.name = name
        self.jobs: deque[Any] = deque()
        self.is_busy = False
        self.reports: list[Event] = []
        self._end: Event | None = None

    def do(self, job: Any) -> None:
        self.jobs.append(job)
        if self.is_busy:
            return
        self.is_busy = True
        if self._workshop.dice.random() < 0.5:
            self._begin()
        else:
            self._agenda.at(self._agenda.now, self._begin, of_till=True)

    def stop(self) -> None:
        self.jobs.clear()

    def interrupt(self, instead: Report) -> None:
        """Somebody told the device to stop waiting: this comes of the job, now."""
        if self._end is None or self._end.when <= self._agenda.now:
            return
        for report in self.reports:
            if report.when > self._agenda.now:
                report.action = None
        self._end.action = None
        self._workshop.deliver(instead)
        self._end = self._agenda.at(self._agenda.now, self._finish, of_till=True)

    def _begin(self) -> None:
        if not self.jobs:
            self.is_busy = False
            return
        job = self.jobs.popleft()
        shop = self._workshop
        outer, shop.hand, shop.cursor = shop.hand, self, self._agenda.now
        self.reports.clear()
        try:
            job()
        except Exception as error:  # noqa: BLE001  # as checkout/workers does
            shop.died(self.name, error)
            shop.deliver(WorkerDied(self.name, type(error).__name__))
        finally:
            shop.hand = outer
        self._end = self._agenda.at(shop.cursor, self._finish, of_till=True)

    def _finish(self) -> None:
        self._end = None
        self.is_busy = False
        if self.jobs:
            self.is_busy = True
            self._begin()


class Workshop:
    """Where the workers are: whose job runs now, and to which moment it has come."""

    def __init__(self, agenda: Agenda, dice: Random, fuse: Fuse) -> None:
        self.agenda = agenda
        self.dice = dice
        self.fuse = fuse
        self.hand: VirtualHand | None = None
        self.cursor = 0.0
        self.deal: Callable[[Any], None] = lambda _: None
        self.died: Callable[[str, Exception], None] = lambda _name, _error: None

    def spend(self, seconds: float) -> None:
        """The job that runs takes so long."""
        self.cursor += seconds

    def deliver(self, message: Any) -> None:
        """Into the till's inbox: at the job's own time, or now where no job runs."""
        when = self.agenda.now if self.hand is None else self.cursor
        event = self.agenda.at(when, lambda: self.deal(message), of_till=True)
        if self.hand is not None:
            self.hand.reports.append(event)
