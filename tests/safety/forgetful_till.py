"""A till with a planted bug: it asks the bank first and remembers that it did so afterwards.

The negative control of the kills; main.py in everything else.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def plant() -> None:
    """Hold the commit that arms a sale back until the next commit."""
    from db.journal import Journal
    from domain.entries import Decision

    remember = Journal.remember
    held: list[Decision] = []

    def remember_later(journal: Journal, decision: Decision) -> None:
        if decision.arm is not None:
            held.append(decision)
            return
        for earlier in [*held, decision]:
            remember(journal, earlier)
        held.clear()

    Journal.remember = remember_later


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import main

    plant()
    sys.exit(main.main())
