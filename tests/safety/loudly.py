"""A proof that a machine cannot carry out is skipped so that nobody takes it for a green one."""

from __future__ import annotations

import sys

import pytest


def unless_possible(reason: str) -> None:
    """Go on where there is no reason against it; else say so past pytest's capture, and skip."""
    if reason:
        line = f"NOT TRIED: {reason}"
        if sys.__stderr__ is not None:
            sys.__stderr__.write(f"\n{line}\n")
        pytest.skip(line)
