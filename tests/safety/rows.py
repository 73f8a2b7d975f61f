"""One line of the safety scoreboard, and the list in which every measured line stands.

A row is measured by a function that takes a Budget and returns a Row; `@row` puts it into ROWS.
The scoreboard imports each file of this folder whose name begins with `row_`, in the order of
their names, and calls what stands in ROWS then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

CAUGHT, MISSED, NONE = "caught", "MISSED", "cannot run here"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be measured: the quick scoreboard ends within 50 seconds, all rows together.

    `seconds` is about how long the row may take; the scoreboard shares out what is left.
    """

    quick: bool
    seconds: float = 90.0


@dataclass(frozen=True, slots=True)
class Row:
    """What was tried how often, and how often it went wrong.

    `control` says whether a variant that is known to be bad was noticed by the very same check:
    CAUGHT, MISSED, or NONE where this machine cannot try it. A row without it could be empty.
    """

    name: str
    count: int
    violations: int
    control: str
    seed: int
    seconds: float

    @property
    def is_green(self) -> bool:
        """Something was tried, nothing went wrong, and what is wrong would have been noticed."""
        return self.count > 0 and self.violations == 0 and self.control != MISSED

    def as_json(self) -> dict[str, object]:
        """The row as it is written to a file."""
        return asdict(self)


Measure = Callable[[Budget], Row]
ROWS: list[Measure] = []


def row(measure: Measure) -> Measure:
    """Put a measuring function into the scoreboard."""
    ROWS.append(measure)
    return measure


def control(*, caught: bool) -> str:
    """The word for a negative control."""
    return CAUGHT if caught else MISSED
