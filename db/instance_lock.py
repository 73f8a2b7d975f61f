"""One till, one program: the lock that a second start runs into."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from domain.faults import StoreFault


class InstanceLock:
    """Held while the program lives; the operating system lets go of it when the program dies.

    Raises StoreFault J-03 where another program holds it, J-01 where the folder cannot be had.
    """

    def __init__(self, folder: Path) -> None:
        try:
            # Nobody else's business, and no other user's either.
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = os.open(folder / "till.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreFault("J-01", f"{folder}: {error.strerror}") from None
        try:
            _lock(self._handle)
        except OSError:
            os.close(self._handle)
            raise StoreFault("J-03", str(folder)) from None

    def release(self) -> None:
        """Let the next start in."""
        os.close(self._handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
