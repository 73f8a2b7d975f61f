"""The journal's front door: remember a decision in one durable commit, and read back what was.

One thread owns it, the till's. An entry's chain value is HMAC-SHA-256 over all its columns and the
chain value before it, so that a changed, removed or swapped entry shows; the mark of the end, under
the same key, shows that none was cut off there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from db import batches, in_doubt, sales, staff
from db.database import SqliteError, open_database
from db.sales import Found
from domain.document import Document
from domain.entries import Decision, Entry, Slip, SlipKind, SlipState
from domain.faults import StoreFault
from domain.money import Currency, Money
from domain.sale import Sale, State
from domain.sale_record import from_record
from domain.totals import booked

T = TypeVar("T")

GENESIS = bytes(32)
BODY = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
LINK = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
LAST_STAN = 999_999
TAIL = 500
"""Entries whose chain is checked at every start; the whole chain is for the verifier."""
PAGES_KEPT = 16
"""Slips whose text need not be read again: those of the sale on the screen, and the last few."""


class Journal:
    """An open journal. Every method may raise StoreFault J-01."""

    def __init__(self, path: Path, chain_key: bytes, *, till: int) -> None:
        """Open it, check its tail, find its head.

        Raises StoreFault as `open_database` does, and J-02 where the chain is broken.
        """
        self._path = path
        self._key = chain_key
        self._till = till
        self._pages: dict[str, Document] = {}
        self._known: dict[str, int] = {}
        """Counts that every notice asks for; forgotten with each decision, which alone changes them."""
        self._is_lost = False
        self._db = open_database(path)
        self.batches = batches.Batches(self._all)
        self.epoch = self._identity("epoch") or self._begin_epoch()
        self._number, self._chain = self._head()
        if not self.chain_holds(self._number - TAIL):
            raise StoreFault("J-02", "chain")

    def remember(self, decision: Decision) -> None:
        """Write all of a decision, durably, or nothing of it.

        A COMMIT that fails may still be on disk (SQLite reports the fsync, not the outcome), so
        the file is opened again and looked at before this raises StoreFault J-01.
        """
        self._find_again()
        self._known.clear()
        number, chain = self._number, self._chain
        rows = []
        for entry in decision.entries:
            number += 1
            row = self._row(number, entry)
            chain = self._link(chain, row)
            rows.append((*row, chain))
        try:
            with self._db.atomic():
                self._write(decision, rows)
                self._mark_end(number, chain)
        except SqliteError as error:
            self._reopen(error)
            if (self._number, self._chain) == (number, chain):
                return
            raise StoreFault("J-01", str(error)) from None
        self._number, self._chain = number, chain

    def free_bytes(self) -> int:
        """How much room its disk has left."""
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError as error:
            raise StoreFault("J-01", str(error)) from None

    def peek_stan(self) -> int:
        """The trace number that the next sale to be armed takes: 1 to 999999, round and round."""
        return self.counter("stan") % LAST_STAN + 1

    def next_sale(self) -> int:
        """The number that the next sale takes."""
        return self.counter("sale") + 1

    def counter(self, name: str) -> int:
        """How far a counter has come; 0 before its first use."""
        if name not in self._known:
            self._known[name] = self._one("SELECT value FROM counters WHERE name = ?", name) or 0
        return self._known[name]

    def sale(self, number: int) -> Sale | None:
        """One sale as it stands."""
        record = self._one("SELECT record FROM sales WHERE number = ?", number)
        return from_record(json.loads(record)) if record else None

    def open_sales(self) -> tuple[Sale, ...]:
        """Sales whose outcome nobody knows yet, oldest first."""
        rows = self._all(
            "SELECT record FROM sales INDEXED BY sales_open"
            " WHERE state IN ('armed', 'reversal_pending', 'manual', 'queued') ORDER BY number"
        )
        return tuple(from_record(json.loads(record)) for (record,) in rows)

    def last_sales(self, count: int) -> tuple[Sale, ...]:
        """The newest sales that went further than a draft, newest first."""
        rows = self._all(
            "SELECT record FROM sales WHERE state NOT IN ('draft', 'abandoned')"
            " ORDER BY number DESC LIMIT ?",
            count,
        )
        return tuple(from_record(json.loads(record)) for (record,) in rows)

    def find_sales(self, search: str, day: str, before: int | None, limit: int) -> Found:
        """A page of the list of payments; see db/sales."""
        return self._read(partial(sales.find, self._db, search, day, before, limit))

    def referring_to(self, original: int) -> tuple[Sale, ...]:
        """Every payment that refers to this one, oldest first."""
        return self._read(partial(sales.referring_to, self._db, original))

    def sealed_message(self, sale: int) -> bytes | None:
        """What the bank must still hear of a payment, sealed; None once that is settled."""
        return self._read(partial(in_doubt.sealed, self._db, sale))

    def day_total(self, day: str, currency: Currency) -> tuple[int, Money]:
        """Charges of a day (YYYY-MM-DD, the till's own) that stand, and the day's net sum."""
        rows = self._all(
            "SELECT sales, amount_minor FROM day_totals WHERE day = ? AND currency = ?",
            day,
            currency.code,
        )
        sales, amount_minor = rows[0] if rows else (0, 0)
        return sales, Money(amount_minor, currency)

    def slips_of(self, sale: int | None) -> tuple[Slip, ...]:
        """The papers of a sale, in the order in which they were owed."""
        return self._slips("WHERE sale = ? ORDER BY number", sale)

    def slips_of_batch(self, batch: int) -> tuple[Slip, ...]:
        """The papers of a settlement, in the order in which they were owed."""
        return self._slips("WHERE batch = ? ORDER BY number", batch)

    def slips_not_out(self) -> tuple[Slip, ...]:
        """Papers that are owed, or that were printing when the till went down; oldest first."""
        return self._slips("INDEXED BY slips_not_out WHERE state <> 'printed' ORDER BY number")

    def count_not_out(self) -> int:
        """How many papers those are: asked with every notice, so that none of them is read."""
        if "not out" not in self._known:
            self._known["not out"] = self._one(
                "SELECT count(*) FROM slips INDEXED BY slips_not_out WHERE state <> 'printed'"
            )
        return self._known["not out"]

    def oldest_owed(self, left_printing: Iterable[int]) -> Slip | None:
        """The paper that comes out next: owed, or one of those that a crash left printing."""
        # Through the index, whatever the planner thinks: there may be years of slips.
        number = self._one(
            "SELECT min(number) FROM slips INDEXED BY slips_not_out WHERE state <> 'printed'"
            " AND (state = 'owed' OR number IN (SELECT value FROM json_each(?)))",
            json.dumps(list(left_printing)),
        )
        slips = self._slips("WHERE number = ?", number) if number else ()
        return slips[0] if slips else None

    def last_slip(self) -> Slip | None:
        """The newest paper of the newest payment that has any, out or not."""
        slips = self._slips(
            "WHERE sale = (SELECT max(sale) FROM slips) ORDER BY number DESC LIMIT 1"
        )
        return slips[0] if slips else None

    def chain_holds(self, after: int = 0) -> bool:
        """Whether every entry behind that number still carries the right chain value."""
        chain = GENESIS
        if after > 0:
            chain = self._one("SELECT chain FROM entries WHERE number = ?", after) or GENESIS
        expected = max(after, 0)
        for *row, found in self._all(
            "SELECT number, epoch, at, kind, operator, sale, body, chain FROM entries"
            " WHERE number > ? ORDER BY number",
            expected,
        ):
            expected += 1
            chain = self._link(chain, tuple(row))
            if row[0] != expected or not hmac.compare_digest(chain, found):
                return False
        # Entries that were cut off at the end leave a chain that holds: the mark tells of them.
        return self._identity("end") == (self._end(expected, chain) if expected else None)

    def entries(self) -> Iterator[tuple[int, str, str, int | None, dict[str, Any]]]:
        """Number, kind, operator, sale and body of every entry, oldest first."""
        for number, kind, operator, sale, body in self._all(
            "SELECT number, kind, operator, sale, body FROM entries ORDER BY number"
        ):
            yield number, kind, operator, sale, json.loads(body)

    def tidy(self) -> None:
        """Move the log into the file and empty it, so that what was destroyed is gone from both.

        For quiet moments: it syncs the whole log.
        """
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; the last connection removes the log."""
        self._db.close()

    @property
    def database(self) -> Any:
        """The open database, for the other stores of the same file (db/roster)."""
        return self._db

    def _write(self, decision: Decision, rows: list[tuple[Any, ...]]) -> None:
        execute = self._db.conn.execute
        for row in rows:
            execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        sale = decision.sale
        if sale is not None:
            for written in (sale, *decision.also):
                self._write_sale(written, decision.entries[0].at)
            if decision.arm is not None:
                in_doubt.keep(self._db, sale.number, decision.arm)
            if decision.arm is not None or sale.state is State.ARMED:
                self._count("stan", sale.stan or 0)
            if decision.for_upload:
                batches.keep_for_upload(self._db, sale)
            if decision.settled:
                in_doubt.destroy(self._db, sale.number)
        if decision.batch is not None:
            batches.write(self._db, decision.batch, self._count)
        if decision.takes_stan:
            self._count("stan", decision.takes_stan)
        for slip in decision.slips:
            page = json.dumps(slip.document.to_json(), ensure_ascii=False)
            self._keep_page(page, slip.document)
            execute(
                "INSERT INTO slips (sale, kind, document, state, copies, batch)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (slip.sale, slip.kind.value, page, slip.state.value, slip.copies, slip.batch),
            )
        staff.write(self._db, decision.staff, decision.roles)
        for number, state in decision.print_states:
            execute(
                "UPDATE slips SET state = ?, copies = copies + ? WHERE number = ?",
                (state.value, int(state is SlipState.PRINTED), number),
            )

    def _write_sale(self, sale: Sale, at: datetime) -> None:
        state = self._one("SELECT state FROM sales WHERE number = ?", sale.number)
        sales.write(self._db, sale, _day(at))
        if state is None:
            self._count("sale", sale.number)
        count, minor = booked(sale)
        if state is not None:
            count_before, minor_before = booked(replace(sale, state=State(state)))
            count, minor = count - count_before, minor - minor_before
        if count or minor:
            self._db.conn.execute(
                "INSERT INTO day_totals VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " sales = sales + excluded.sales,"
                " amount_minor = amount_minor + excluded.amount_minor",
                (_day(sale.finished_at or at), sale.amount.currency.code, count, minor),
            )

    def _count(self, name: str, value: int) -> None:
        self._db.conn.execute(
            "INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _row(self, number: int, entry: Entry) -> tuple[Any, ...]:
        body = BODY.encode(entry.body)
        return (
            number,
            self.epoch,
            entry.at.isoformat(),
            entry.kind.value,
            entry.operator,
            entry.sale,
            body,
        )

    def _link(self, chain: bytes, row: tuple[Any, ...]) -> bytes:
        text = LINK.encode([self._till, *row])
        return hmac.digest(self._key, chain + text.encode(), hashlib.sha256)

    def _mark_end(self, number: int, chain: bytes) -> None:
        """Say under the key how far the journal goes; part of the commit that took it there."""
        self._db.conn.execute(
            "INSERT INTO identity VALUES ('end', ?)"
            " ON CONFLICT DO UPDATE SET value = excluded.value",
            (self._end(number, chain),),
        )

    def _end(self, number: int, chain: bytes) -> str:
        text = f"end {self._till} {number} ".encode()
        return hmac.digest(self._key, text + chain, hashlib.sha256).hex()

    def _head(self) -> tuple[int, bytes]:
        rows = self._all("SELECT number, chain FROM entries ORDER BY number DESC LIMIT 1")
        return rows[0] if rows else (0, GENESIS)

    def _identity(self, name: str) -> str | None:
        text: str | None = self._one("SELECT value FROM identity WHERE name = ?", name)
        return text

    def _begin_epoch(self) -> str:
        epoch = secrets.token_hex(8)
        with self._db.atomic():
            self._db.conn.execute("INSERT INTO identity VALUES ('epoch', ?)", (epoch,))
        return epoch

    def _slips(self, where: str, *values: object) -> tuple[Slip, ...]:
        rows = self._all(
            f"SELECT number, sale, kind, document, state, copies, batch FROM slips {where}",  # noqa: S608  # our own clauses, values apart
            *values,
        )
        return tuple(
            Slip(
                sale=sale,
                kind=SlipKind(kind),
                document=self._page(document),
                number=number,
                state=SlipState(state),
                copies=copies,
                batch=batch,
            )
            for number, sale, kind, document, state, copies, batch in rows
        )

    def _page(self, text: str) -> Document:
        """A page out of its text; a sale on the screen asks for its slips with every notice."""
        page = self._pages.get(text)
        if page is None:
            page = Document.from_json(json.loads(text))
            self._keep_page(text, page)
        return page

    def _keep_page(self, text: str, page: Document) -> None:
        if len(self._pages) >= PAGES_KEPT:
            del self._pages[next(iter(self._pages))]
        self._pages[text] = page

    def _read(self, read: Callable[[], T]) -> T:
        self._find_again()
        try:
            return read()
        except SqliteError as error:
            raise StoreFault("J-01", str(error)) from None

    def _one(self, sql: str, *values: object) -> Any:
        rows = self._all(sql, *values)
        return rows[0][0] if rows else None

    def _all(self, sql: str, *values: object) -> list[Any]:
        self._find_again()
        try:
            rows: list[Any] = self._db.conn.execute(sql, values).fetchall()
        except SqliteError as error:
            raise StoreFault("J-01", str(error)) from None
        return rows

    def _find_again(self) -> None:
        """A file that was lost may be back. Raises StoreFault J-01 while it is not."""
        if self._is_lost:
            self._reopen(StoreFault("J-01"))

    def _reopen(self, error: Exception) -> None:
        self._is_lost = True
        try:
            self._db.close()
            # The other stores of this file hold the same Database: only its connection is new.
            self._db.conn = open_database(self._path).conn
        except (SqliteError, StoreFault):
            raise StoreFault("J-01", str(error)) from None
        self._is_lost = False
        self._number, self._chain = self._head()


def _day(at: datetime) -> str:
    return at.astimezone().date().isoformat()
