"""How a bug is planted: a small change of one function, one line of TABLE or one value, and back."""

from __future__ import annotations
import __future__

import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from domain.batch import TABLE as BATCH_TABLE
from domain.batch import BatchState, BatchStepRow
from domain.sale import TABLE, Row, State

Change = Callable[[], Callable[[], None]]
"""Makes a change, and returns what takes it back."""


@dataclass(frozen=True)
class Bug:
    """One planted bug: its name says what the careless programmer did."""

    name: str
    changes: tuple[Change, ...]
    often: tuple[str, ...] = ()
    """Troubles and wishes of the days on which it is hunted."""
    wishes: float | None = None
    """How often people want something else than to pay there."""

    @contextmanager
    def planted(self) -> Iterator[None]:
        undo = [change() for change in self.changes]
        try:
            yield
        finally:
            for take_back in reversed(undo):
                take_back()


def patched(place: str, *edits: tuple[str, str]) -> Change:
    """A change of the function at 'module:Name.name': each old text stands in it once."""

    def make() -> Callable[[], None]:
        function = function_at(place)
        source = textwrap.dedent(inspect.getsource(function))
        for old, new in edits:
            if source.count(old) != 1:
                raise LookupError(f"{place} has changed: {old!r}")
            source = source.replace(old, new)
        namespace: dict[str, Any] = {}
        flags = __future__.annotations.compiler_flag
        code = compile(source, f"<planted in {place}>", "exec", flags, dont_inherit=True)
        exec(code, {**function.__globals__}, namespace)  # noqa: S102  # our own text
        before = function.__code__
        changed = namespace[function.__name__]
        function.__code__ = getattr(changed, "fget", changed).__code__
        return lambda: setattr(function, "__code__", before)

    return make


def function_at(place: str) -> FunctionType:
    module, _, path = place.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = inspect.getattr_static(found, name)
    if isinstance(found, property):
        found = found.fget
    assert isinstance(found, FunctionType)
    return found


def row(state: State, event: type, to: Row | None) -> Change:
    """Another line in TABLE; None takes it out."""

    def make() -> Callable[[], None]:
        before = TABLE.get((state, event))
        _set(state, event, to)
        return lambda: _set(state, event, before)

    return make


def _set(state: State, event: type, to: Row | None) -> None:
    if to is None:
        TABLE.pop((state, event), None)
    else:
        TABLE[state, event] = to


def batch_row(state: BatchState, event: type, to: BatchStepRow) -> Change:
    """Another line in the TABLE of batches."""

    def make() -> Callable[[], None]:
        before = BATCH_TABLE.get((state, event))
        BATCH_TABLE[state, event] = to

        def take_back() -> None:
            if before is None:
                del BATCH_TABLE[state, event]
            else:
                BATCH_TABLE[state, event] = before

        return take_back

    return make


def replaced(place: str, value: object) -> Change:
    """Another value for 'module:NAME' or 'module:Class.name'."""

    def make() -> Callable[[], None]:
        module, _, path = place.partition(":")
        owner: Any = importlib.import_module(module)
        *outer, name = path.split(".")
        for part in outer:
            owner = getattr(owner, part)
        before = getattr(owner, name)
        setattr(owner, name, value)
        return lambda: setattr(owner, name, before)

    return make
