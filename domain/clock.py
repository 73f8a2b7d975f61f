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


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class ManualClock:
    """A clock that stands still until it is told to move: for tests and simulations."""

    wall: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 6, 32, 7, tzinfo=UTC))
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Move both hands forward."""
        self.wall += timedelta(seconds=seconds)
        self.seconds += seconds
