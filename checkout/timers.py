"""What is due when: named deadlines on the till's monotonic clock."""

from __future__ import annotations

from collections.abc import Callable


class Timers:
    """One deadline a name; setting a name again moves it."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._due: dict[str, tuple[float, Callable[[], None]]] = {}

    def set(self, name: str, seconds: float, action: Callable[[], None]) -> float:
        """Do that in so many seconds; returns the moment, in monotonic seconds."""
        due = self._monotonic() + seconds
        self._due[name] = (due, action)
        return due

    def drop(self, name: str) -> None:
        """Forget a deadline; nothing happens if there is none."""
        self._due.pop(name, None)

    def is_set(self, name: str) -> bool:
        """Whether that deadline stands."""
        return name in self._due

    def left(self, name: str) -> float | None:
        """Seconds until that deadline; None where none is set."""
        if name not in self._due:
            return None
        return max(0.0, self._due[name][0] - self._monotonic())

    def until_next(self) -> float | None:
        """Seconds to the next deadline, 0 if one is over; None where there is none."""
        if not self._due:
            return None
        return max(0.0, min(due for due, _ in self._due.values()) - self._monotonic())

    def fire(self) -> None:
        """Do what is due, earliest first; each deadline is forgotten before its action runs."""
        while True:
            now = self._monotonic()
            over = [(due, name) for name, (due, _) in self._due.items() if due <= now]
            if not over:
                return
            _, action = self._due.pop(min(over)[1])
            action()
