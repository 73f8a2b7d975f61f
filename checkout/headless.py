"""The till without a window: JSON lines in, JSON lines out, the same till below.

For people who integrate it, for support, and for tests. docs/headless.md describes every line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any, TextIO

from checkout import commands
from checkout.commands import Command
from checkout.headless_people import PEOPLE
from checkout.notices import Closed, Notice
from domain.card import RememberedCard
from domain.document import Document, typeset
from domain.money import MAX_MINOR, Money

PREVIEW_COLUMNS = 48
LONGEST_LINE = 4096
AMOUNT_DIGITS = len(str(MAX_MINOR))


class BadLine(ValueError):
    """A line that is no command; the text says what was expected."""


class Headless:
    """Reads commands from one stream, writes notices to the other, a line each."""

    def __init__(self, answers: TextIO) -> None:
        self._answers = answers
        self._amount = ""
        self.is_closed = False

    def show_notice(self, notice: Notice) -> None:
        """Write a notice; called from the till's thread."""
        self._write({"notice": _snake(type(notice).__name__), **plain(notice)})
        self.is_closed = isinstance(notice, Closed)

    def run(self, lines: TextIO, send: Callable[[Command], None]) -> None:
        """Obey until the commands end; the end of the stream is a `quit`."""
        for line in lines:
            if not line.strip():
                continue
            try:
                command = self.command_of(line)
            except BadLine as bad:
                self._write({"notice": "not_understood", "expected": str(bad)})
                continue
            if command is None:
                self._write({"notice": "amount_typed", "minor": int(self._amount or 0)})
                continue
            send(command)
            if isinstance(command, commands.Quit):
                return
        send(commands.Quit())

    def command_of(self, line: str) -> Command | None:
        """The command in a line; None for typed digits, which wait for `start_sale`.

        Raises BadLine, which never repeats what stood in the line: it may hold a stripe.
        """
        if len(line) > LONGEST_LINE:
            raise BadLine(f"{LONGEST_LINE} characters at most")
        try:
            order = json.loads(line)
            name = order["command"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise BadLine('a JSON object with "command"') from None
        make = COMMANDS.get(name if isinstance(name, str) else "")
        if make is None:
            raise BadLine(f"one of {', '.join(sorted(COMMANDS))}")
        try:
            return make(self, order)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BadLine(f"the fields of {name}: see docs/headless.md") from None

    def type_amount(self, order: dict[str, Any]) -> None:
        """Digits of minor units, or 'back', or 'clear'."""
        keys = order["keys"]
        if keys == "clear":
            self._amount = ""
        elif keys == "back":
            self._amount = self._amount[:-1]
        elif keys.isascii() and keys.isdigit() and len(self._amount + keys) <= AMOUNT_DIGITS:
            self._amount += keys
        else:
            raise ValueError

    def start_sale(self, order: dict[str, Any]) -> Command:
        """With an amount of its own, or with the one that was typed."""
        minor = order.get("amount_minor", self._amount or 0)
        self._amount = ""
        if isinstance(minor, bool) or not isinstance(minor, int | str):
            raise TypeError
        return commands.StartSale(int(minor))

    def _write(self, line: dict[str, Any]) -> None:
        self._answers.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")
        self._answers.flush()


def _of_people(
    make: Callable[[dict[str, Any]], Command], _: Headless, order: dict[str, Any]
) -> Command:
    return make(order)


COMMANDS: dict[str, Callable[[Headless, dict[str, Any]], Command | None]] = {
    "sign_in": lambda _, order: commands.SignIn(_digits(order["operator"]), _digits(order["pin"])),
    "sign_out": lambda _, __: commands.SignOut(),
    "type_amount": lambda front, order: front.type_amount(order),
    "start_sale": lambda front, order: front.start_sale(order),
    "start_preauth": lambda _, order: commands.StartPreauth(int(order["amount_minor"])),
    "complete": lambda _, order: commands.Complete(
        int(order["number"]), int(order["amount_minor"])
    ),
    "check_balance": lambda _, __: commands.CheckBalance(),
    "swipe": lambda _, order: commands.SwipeTyped(bytearray(order["stripe"], "ascii")),
    "confirm": lambda _, __: commands.Confirm(),
    "cancel": lambda _, __: commands.Cancel(),
    "pad": lambda _, order: commands.PressPadKey(_short(order["key"])),
    "try_again": lambda _, __: commands.TryAgain(),
    "leave": lambda _, __: commands.LeaveSale(),
    "keep_amount": lambda _, __: commands.KeepAmount(),
    "customer_copy": lambda _, __: commands.PrintCustomerCopy(),
    "reprint": lambda _, __: commands.ReprintLast(),
    "print_again": lambda _, order: commands.PrintAgain(
        int(order["number"]), _yes_or_no(order["for_customer"])
    ),
    "show_sales": lambda _, order: commands.ShowSales(
        str(order.get("search", "")), str(order.get("day", "")), _number(order.get("before"))
    ),
    "show_sale": lambda _, order: commands.ShowSale(
        int(order["number"]), _number(order.get("amount_minor"))
    ),
    "give_back": lambda _, order: commands.GiveBack(
        int(order["number"]), int(order["amount_minor"]), str(order["reason"])
    ),
    "refund_to_other_card": lambda _, order: commands.RefundToOtherCard(
        int(order["number"]), int(order["amount_minor"]), str(order["reason"])
    ),
    "show_tray": lambda _, __: commands.ShowTray(),
    "resolve": lambda _, order: commands.Resolve(
        int(order["number"]), _yes_or_no(order["charged"]), str(order["reason"])
    ),
    "show_day": lambda _, __: commands.ShowDay(),
    "settle": lambda _, __: commands.Settle(),
    "sell_on": lambda _, __: commands.SellOn(),
    "print_settlement": lambda _, order: commands.PrintSettlement(int(order["batch"])),
    "close_list": lambda _, __: commands.CloseList(),
    "look": lambda _, __: commands.Look(),
    "quit": lambda _, __: commands.Quit(),
    **{name: partial(_of_people, make) for name, make in PEOPLE.items()},
}


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def plain(thing: Any) -> Any:
    """A notice as JSON values: codes and numbers stay what they are, a page becomes its lines."""
    match thing:
        case Money():
            return {"minor": thing.minor, "currency": thing.currency.code}
        case RememberedCard():
            return {"number": thing.masked, "scheme": thing.scheme, "entry": thing.entry.value}
        case Document():
            return [line.qr or line.text.rstrip() for line in typeset(thing, PREVIEW_COLUMNS)]
        case Enum():
            return thing.value
        case datetime():
            return thing.isoformat()
        case tuple():
            return [plain(item) for item in thing]
        case frozenset():
            return sorted(plain(item) for item in thing)
    if is_dataclass(thing):
        # What hides from a log hides here: the fingerprint of a card.
        return {f.name: plain(getattr(thing, f.name)) for f in fields(thing) if f.repr}
    return thing


def _digits(text: Any) -> str:
    """Digits as a keypad gives them. Raises ValueError for anything else."""
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 12):
        raise ValueError
    return text


def _short(text: Any) -> str:
    """The name of a key. Raises ValueError for anything else."""
    if not (isinstance(text, str) and text.isascii() and len(text) <= 12):
        raise ValueError
    return text


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def standard_streams() -> tuple[TextIO, TextIO]:
    """Standard input and output, in UTF-8 whatever the system's habit is."""
    for stream in (sys.stdin, sys.stdout):
        # A byte that is no UTF-8 spoils its own line, not the till.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # both are text files here
    return sys.stdin, sys.stdout
