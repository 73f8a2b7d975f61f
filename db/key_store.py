"""Keys that must outlive the program: in the operating system's key store, or beside the journal.

A training till keeps its keys in its own folder, so that the folder is complete. A live till asks
the operating system; where that has no store (a PC without a desktop session), the keys lie in a
file that only this user may read, and the till says so.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from domain.faults import StoreFault

SERVICE = "Tillwright"


class KeyStore:
    """Secrets by name, each made once, 32 random bytes unless it is put in from outside."""

    def __init__(self, folder: Path, *, live: bool) -> None:
        self._folder = folder / "keys"
        self._live = live
        self.is_file = not live or not _system_store_works()

    def secret(self, name: str) -> bytes:
        """The secret of that name; made now if it was never asked for."""
        stored = self.get(name)
        if stored is None:
            stored = secrets.token_bytes(32)
            self.put(name, stored)
        return stored

    def get(self, name: str) -> bytes | None:
        """The secret of that name, or None."""
        if self.is_file:
            path = self._folder / name
            if not path.exists():
                return None
            try:
                return base64.b64decode(path.read_bytes(), validate=True)
            except (OSError, ValueError):
                raise StoreFault("J-02", f"the key {name} cannot be read") from None
        import keyring  # 60 ms that a training till does not pay

        text = keyring.get_password(SERVICE, f"{self._folder}:{name}")
        return base64.b64decode(text) if text else None

    def put(self, name: str, value: bytes) -> None:
        """Keep a secret durably under that name."""
        text = base64.b64encode(value)
        if not self.is_file:
            import keyring

            keyring.set_password(SERVICE, f"{self._folder}:{name}", text.decode())
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / name
        beside = path.with_suffix(".new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, text)
            os.fsync(handle)
        finally:
            os.close(handle)
        beside.replace(path)


def _system_store_works() -> bool:
    import keyring
    from keyring.backends import fail

    return not isinstance(keyring.get_keyring(), fail.Keyring)
