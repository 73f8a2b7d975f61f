"""The time, as everything in the till asks for it: the machine's, or a test's own."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for people and papers, monotonic seconds for deadlines."""

    def now(self) -> datetime:
        """The wall time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; meaningful as differences only."""
        ...

    def boottime(self) -> float:
        """The same, counting on while the machine sleeps, where the system tells."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def boottime(self) -> float:
        # Elsewhere than on Linux, the monotonic clock counts a sleep already.
        asleep_too = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if asleep_too is None else time.clock_gettime(asleep_too)


@dataclass
class ManualClock:
    """A clock that stands still until it is told to move: for tests and simulations."""

    wall: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 6, 32, 7, tzinfo=UTC))
    seconds: float = 1000.0
    slept: float = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def boottime(self) -> float:
        return self.seconds + self.slept

    def sleep(self, seconds: float) -> None:
        """The machine is suspended for so long."""
        self.wall += timedelta(seconds=seconds)
        self.slept += seconds

    def advance(self, seconds: float) -> None:
        """Move both hands forward."""
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds
