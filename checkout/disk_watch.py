"""Tells of a disk that fills up, while there is still room for what is in motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkout.notices import FaultTold
from domain.faults import StoreFault

if TYPE_CHECKING:
    from checkout.till import Till

LEAST_FREE_BYTES = 500_000_000


class DiskWatch:
    """Whether the journal's disk has room; lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._has_told = False

    def look(self) -> None:
        """Tell once that it is nearly full (S-01), and again when it was well meanwhile."""
        if self._till.counter.operator is None:
            return  # nobody would read it
        try:
            is_full = self._till.parts.journal.free_bytes() < LEAST_FREE_BYTES
        except StoreFault:
            return  # whoever writes next hears of that disk
        if is_full and not self._has_told:
            self._till.tell(FaultTold("S-01"))
        self._has_told = is_full
