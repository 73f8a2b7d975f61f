"""The payments as they stand: found by what people know of them, and by what refers to them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import sqlite_utils

from domain.sale import Sale
from domain.sale_record import from_record, to_record

RECORD = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
ABOVE_A_DRAFT = "state NOT IN ('draft', 'abandoned')"


class Found(NamedTuple):
    """A page of the list: newest first, how many fit in all, and whether there are more rows."""

    sales: tuple[Sale, ...]
    total: int
    more: bool


def write(database: sqlite_utils.Database, sale: Sale, day: str) -> None:
    """Write a payment as it is now; part of the caller's transaction."""
    database.conn.execute(
        "INSERT INTO sales (number, state, day, record, original, sought, batch)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number)"
        " DO UPDATE SET state = excluded.state, record = excluded.record,"
        " sought = excluded.sought",
        (
            sale.number,
            sale.state.value,
            day,
            RECORD.encode(to_record(sale)),
            sale.original,
            sought(sale),
            sale.batch,
        ),
    )


def find(
    database: sqlite_utils.Database, search: str, day: str, before: int | None, limit: int
) -> Found:
    """Payments that went further than a draft, of a day or of all, that hold the search text."""
    where, values = ABOVE_A_DRAFT, list[Any]()
    source = "sales INDEXED BY sales_sought"
    if day:
        source, where, values = "sales INDEXED BY sales_by_day", f"day = ? AND {where}", [day]
    text = wanted(search)
    if text:
        where, values = f"{where} AND instr(sought, ?)", [*values, text]
    execute = database.conn.execute
    total = execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchone()[0]  # noqa: S608  # our own clauses, values apart
    if not total:
        return Found((), 0, more=False)
    if before is not None:
        where, values = f"{where} AND number < ?", [*values, before]
    page = f"SELECT number FROM {source} WHERE {where} ORDER BY number DESC LIMIT ?"  # noqa: S608  # as above
    rows = execute(
        f"SELECT record FROM sales WHERE number IN ({page}) ORDER BY number DESC",  # noqa: S608  # as above
        [*values, limit + 1],
    ).fetchall()
    found = tuple(from_record(json.loads(record)) for (record,) in rows[:limit])
    return Found(found, total, len(rows) > limit)


def referring_to(database: sqlite_utils.Database, original: int) -> tuple[Sale, ...]:
    """Every payment that refers to this one, oldest first."""
    rows = database.conn.execute(
        "SELECT record FROM sales INDEXED BY sales_by_original WHERE original = ? ORDER BY number",
        (original,),
    ).fetchall()
    return tuple(from_record(json.loads(record)) for (record,) in rows)


def sought(sale: Sale) -> str:
    """What people may look for: amount, last four, trace, codes of the bank, the sale's number."""
    words = [f"{sale.amount.figures.replace(',', '')}", str(sale.number)]
    if sale.card is not None:
        words.append(sale.card.last4)
    if sale.stan is not None:
        words.append(f"{sale.stan:06d}")
    if sale.answer is not None:
        words += [sale.answer.auth_code.lower(), sale.answer.rrn.lower()]
    return f" {' '.join(filter(None, words))} "


def wanted(search: str) -> str:
    """The search text as `sought` has it: digits, letters and the point, in small letters."""
    return "".join(sign for sign in search.lower() if sign.isalnum() or sign == ".")
