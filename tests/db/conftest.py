"""A journal on disk, and sales to write into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.journal import Journal
from domain.card import EntryMode, RememberedCard
from domain.document import Document, Text
from domain.entries import Decision, Entry, EntryKind, Slip, SlipKind, sale_entry
from domain.money import Money
from domain.operators import Operator, Role
from domain.sale import Sale, State

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MEI = Operator("01", "Mei Lin", Role.CASHIER)
CARD = RememberedCard("622576******9524", "UnionPay", EntryMode.SWIPE)
KEY = b"k" * 32
SEALED = b"a reversal, sealed: canary 0xC0FFEE"


class Shelf:
    """Where a journal lies, how it is opened, and what can be written into it."""

    noon, mei, key, sealed = NOON, MEI, KEY, SEALED

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.db"
        self._open: list[Journal] = []

    def open(self, key: bytes = KEY) -> Journal:
        """Open the journal; closed again after the test."""
        self._open.append(Journal(self.path, key, till=1))
        return self._open[-1]

    def close(self) -> None:
        """Close every one that is open."""
        for journal in self._open:
            journal.close()
        self._open.clear()

    def sale(self, number: int = 1, state: State = State.DRAFT, **changes: Any) -> Sale:
        """A sale of 128.00."""
        return replace(Sale(number, Money(128_00), MEI, NOON, state, CARD, batch=1), **changes)

    def decision(self, sale: Sale, **more: Any) -> Decision:
        """The decision that writes a sale."""
        return Decision((sale_entry(sale, NOON),), sale, **more)

    def note(self, text: str = "") -> Decision:
        """A decision that is about no sale."""
        return Decision((Entry(EntryKind.OPENED, NOON, "01", {"text": text}),))

    def slip(self, sale: int = 1) -> Slip:
        """A paper."""
        return Slip(sale, SlipKind.MERCHANT, Document((Text("CNY 128.00"),)))

    def arm(self, journal: Journal, number: int = 1) -> Sale:
        """A draft, then the commit that arms it."""
        journal.remember(self.decision(self.sale(number)))
        armed = self.sale(number, State.ARMED, stan=journal.peek_stan())
        journal.remember(self.decision(armed, arm=SEALED))
        return armed

    def bytes_on_disk(self) -> bytes:
        """Database, log and all else beside them."""
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob("journal.db*")))


@pytest.fixture
def shelf(data_folder: Path) -> Iterator[Shelf]:
    shelf = Shelf(data_folder)
    yield shelf
    shelf.close()


@pytest.fixture
def journal(shelf: Shelf) -> Journal:
    return shelf.open()
