"""A till with a planted bug: it takes no notice of a disk that fails.

The negative control of the environment's troubles; main.py in everything else.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def plant() -> None:
    """Go on as if a commit that failed had been written."""
    from db.journal import Journal
    from domain.entries import Decision
    from domain.faults import StoreFault

    remember = Journal.remember

    def remember_or_not(journal: Journal, decision: Decision) -> None:
        try:
            remember(journal, decision)
        except StoreFault:
            return

    Journal.remember = remember_or_not


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import main

    plant()
    sys.exit(main.main())
