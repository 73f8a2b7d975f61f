"""One measured row: a value, the reference from the same run, their ratio and the goal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What a row is to keep to: its ratio where it has one, else its value."""

    sign: str
    limit: float

    def is_met_by(self, figure: float) -> bool:
        return figure <= self.limit if self.sign == "<=" else figure == self.limit

    def __str__(self) -> str:
        return f"{self.sign} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a row without a goal is told for information."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference if self.reference else None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        judged = self.value if self.ratio is None else self.ratio
        return "ok" if self.goal.is_met_by(judged) else "SHORT"

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "reference": None if self.reference is None else round(self.reference, 4),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "goal": None if self.goal is None else str(self.goal),
        }


def at_most(limit: float) -> Goal:
    return Goal("<=", limit)


def exactly(count: int) -> Goal:
    return Goal("=", count)


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest rank: a value that was really measured."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


def table(rows: Sequence[Row]) -> str:
    """The rows as text, one line each."""
    head = ("name", "value", "unit", "reference", "ratio", "goal", "")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in {0, 2, 6} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.value:.4g}",
        row.unit,
        "" if row.reference is None else f"{row.reference:.4g}",
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.goal is None else str(row.goal),
        row.verdict,
    )
