"""The places of its work at which a test may kill the program, by name.

`TILLWRIGHT_CRASH_AT=name` makes the process end there as a power cut would: no clean-up, no
farewell. A live till never looks at the variable.
"""

from __future__ import annotations

import os
import signal

POINTS = (
    "before signing on",
    "keys received",
    "keys remembered",
    "pad loaded",
    "draft remembered",
    "card captured",
    "amount confirmed",
    "pin entered",
    "before arming",
    "armed",
    "before asking",
    "request sent",
    "answer received",
    "before outcome",
    "outcome remembered",
    "outcome shown",
    "slip taken up",
    "slip printed",
    "slip remembered",
    "before reversing",
    "reversal answered",
    "reversal remembered",
    "advice recorded",
    "before advising",
    "advice answered",
    "advice remembered",
    "settlement begun",
    "totals remembered",
    "before settling",
    "totals answered",
    "verdict remembered",
    "row uploaded",
    "row remembered",
    "batch ended",
    "batch closed",
    "recovery begun",
    "recovery remembered",
)

_chosen = ""


def arm_from_environment() -> None:
    """Take the chosen point over from the environment; called by main in training mode only.

    Raises ValueError for a name that is not in POINTS, so that no test passes by a typing mistake.
    """
    global _chosen  # noqa: PLW0603  # set once at start, before any thread
    _chosen = os.environ.get("TILLWRIGHT_CRASH_AT", "")
    if _chosen and _chosen not in POINTS:
        raise ValueError(f"no crash point is called {_chosen}")


def passing(point: str) -> None:
    """Go on, or die here."""
    if _chosen and point == _chosen:
        os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
