"""The set-up of one till, typed and checked: shop, acquirer, devices, habits.

A set-up file is TOML; packaging/examples/ holds one of every kind. Whatever the file leaves out
has the value that stands here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from domain.faults import SettingsFault
from domain.money import CURRENCIES, Currency
from domain.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Shop:
    """What stands at the head of a slip."""

    name: str = "Plum Lane Stores"
    address: str = "18 Plum Lane, Jing'an, Shanghai"
    phone: str = "021 5550 0182"
    receipt_link: str = "https://r.plumlane.example/e/"
    """Where the QR code of a customer's slip leads; the sale's RRN is added. Empty: no QR code."""


@dataclass(frozen=True, slots=True)
class AcquirerProfile:
    """One acquirer: where it is, who we are to it, and which dialect it speaks.

    `host` and `port` are empty in training, where the till starts its own acquirer. `pin_sha256`
    is the hex SHA-256 of the server certificate's public key (SubjectPublicKeyInfo). Times in
    seconds. `preauthorisation` and `balance_enquiry` say what the shop offers, `completion` how a
    held amount is charged: at most `completion_percent` of it, within `hold_days`. Only where the
    contract allows it, `refund_to_other_card` lets a manager refund to a card that did not pay.
    """

    name: str = "Eastbridge"
    id: str = "48213100"
    host: str = ""
    port: int = 0
    server_name: str = ""
    pin_sha256: str = ""
    tls: bool = True
    merchant: str = "310290053110478"
    terminal: str = "31060218"
    dialect: str = "unionpay"
    dialect_options: dict[str, Any] = field(default_factory=dict)
    connect_seconds: float = 10.0
    answer_seconds: float = 30.0
    reversal_seconds: float = 10.0
    echo_seconds: float = 60.0
    clock_drift_seconds: float = 120.0
    batch_rows: int = 500
    """So many payments the bank takes in one batch; no more than three digits can count."""
    preauthorisation: bool = False
    balance_enquiry: bool = False
    completion: Literal["request", "advice"] = "request"
    completion_percent: int = 115
    hold_days: int = 30
    refund_to_other_card: bool = False


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """A card reader; `wedge` is one that types like a keyboard."""

    kind: Literal["serial", "wedge"] = "wedge"
    port: str = ""
    baud: int = 9600


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """A receipt printer: paper in millimetres, Chinese by the printer's own font or as an image."""

    kind: Literal["training", "network", "serial", "file", "none"] = "training"
    host: str = ""
    port: int = 9100
    device: str = ""
    baud: int = 115200
    paper: Literal["80", "58"] = "80"
    chinese: Literal["native", "image"] = "image"

    @property
    def columns(self) -> int:
        """Characters of Font A on one line."""
        return 48 if self.paper == "80" else 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a shop decides about one till."""

    training: bool = True
    till: int = 1
    currency: str = "CNY"
    language: str = "en"
    slip_language: str = "en"
    theme: Literal["light", "dark"] = "light"
    card_seconds: float = 90.0
    pin_seconds: float = 60.0
    pin_bypass: bool = False
    pin_for_void: bool = True
    lock_minutes: int = 5
    pin_pad: Literal["training", "none"] = "training"
    stripe_of_chip_cards: Literal["refuse", "allow"] = "refuse"
    customer_slip: Literal["on request", "always"] = "on request"
    customer_slip_first6: bool = False
    signature_line: bool = True
    shop: Shop = field(default_factory=Shop)
    acquirer: AcquirerProfile = field(default_factory=AcquirerProfile)
    readers: tuple[ReaderSettings, ...] = (ReaderSettings(),)
    printer: PrinterSettings = field(default_factory=PrinterSettings)

    @property
    def money(self) -> Currency:
        """The currency of this till."""
        return CURRENCIES[self.currency]


OFFERED_IN_TRAINING = ("preauthorisation", "balance_enquiry")
TRAINING = Settings(
    pin_bypass=True, acquirer=AcquirerProfile(preauthorisation=True, balance_enquiry=True)
)
"""What a first start opens with: nothing to configure, nothing real."""


def read_settings(path: Path) -> Settings:
    """The settings of a set-up file. Raises SettingsFault C-01 that names the line's key."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsFault("C-01", f"{path.name}: {type(error).__name__}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsFault("C-01", f"{path.name}: {error}") from error
    except (ValueError, RecursionError) as error:
        # A number of five thousand digits, brackets a thousand deep: tomllib has no word for them.
        raise SettingsFault("C-01", f"{path.name}: {type(error).__name__}") from error
    acquirer = table.setdefault("acquirer", {})
    if table.get("training", True) is True and isinstance(acquirer, dict):
        table.setdefault("pin_bypass", True)
        for key in OFFERED_IN_TRAINING:
            acquirer.setdefault(key, True)
    settings: Settings = _built(Settings, table, "")
    check(settings)
    if not settings.training:
        for part, key in OF_A_LIVE_SHOP:
            if key not in table.get(part, {}):
                raise SettingsFault("C-01", f"{part}.{key}: expected in a live shop")
    return settings


SHORTEST_SECONDS, LONGEST_SECONDS = 0.05, 600.0
LASTING = "0.05 to 600 seconds"
NUMBERS = (
    ("port", 0, 65535, "a port number"),
    ("batch_rows", 1, 999, "a number from 1 to 999"),
    ("completion_percent", 1, 200, "1 to 200"),
    ("hold_days", 1, 366, "1 to 366"),
)
"""Numbers of the acquirer, and between which two they lie."""
OF_A_LIVE_SHOP = (
    ("shop", "name"),
    ("shop", "address"),
    ("shop", "receipt_link"),
    ("acquirer", "name"),
    ("acquirer", "id"),
    ("acquirer", "merchant"),
    ("acquirer", "terminal"),
)
"""What a live set-up says for itself: the examples of training must not stand on a real slip."""


def check(settings: Settings) -> None:
    """The rules that no single value can show. Raises SettingsFault C-01 with the first broken."""
    acquirer = settings.acquirer
    live = not settings.training
    loopback = acquirer.host in {"127.0.0.1", "::1", "localhost"}
    rules = (
        (settings.currency in CURRENCIES, "currency", "one that the till knows"),
        (settings.language in LANGUAGES, "language", " or ".join(LANGUAGES)),
        (settings.slip_language in LANGUAGES, "slip_language", " or ".join(LANGUAGES)),
        (1 <= settings.till <= 99, "till", "a number from 1 to 99"),
        *_in_range(settings),
        (
            live or loopback or not acquirer.host,
            "acquirer.host",
            "an address on this machine, or training = false",
        ),
        (
            bool(re.fullmatch(r"[0-9A-Za-z]{15}", acquirer.merchant)),
            "acquirer.merchant",
            "15 characters",
        ),
        (
            bool(re.fullmatch(r"[0-9A-Za-z]{8}", acquirer.terminal)),
            "acquirer.terminal",
            "8 characters",
        ),
        (
            (0 if settings.training else 1) <= settings.lock_minutes <= 15,
            "lock_minutes",
            "1 to 15 minutes (0 for never, in training)",
        ),
        (not live or bool(acquirer.host), "acquirer.host", "an address, in a live shop"),
        (not live or settings.pin_pad != "training", "pin_pad", "a real pad, in a live shop"),
        (
            not live or settings.printer.kind != "training",
            "printer.kind",
            "a real printer, in a live shop",
        ),
        (
            acquirer.tls or loopback or not acquirer.host,
            "acquirer.tls",
            "true, except on this machine",
        ),
        (
            not acquirer.tls
            or not acquirer.host
            or bool(re.fullmatch(r"[0-9a-f]{64}", acquirer.pin_sha256)),
            "acquirer.pin_sha256",
            "64 hex digits",
        ),
        (
            all(reader.kind != "serial" or reader.port for reader in settings.readers),
            "readers.port",
            "a port",
        ),
        (
            settings.printer.kind != "network" or bool(settings.printer.host),
            "printer.host",
            "an address",
        ),
        (
            settings.printer.kind not in {"serial", "file"} or bool(settings.printer.device),
            "printer.device",
            "a device or file",
        ),
    )
    for holds, key, expected in rules:
        if not holds:
            raise SettingsFault("C-01", f"{key}: expected {expected}")


def _in_range(settings: Settings) -> Iterator[tuple[bool, str, str]]:
    """A rule for every number that lies between two others."""
    acquirer = settings.acquirer
    for holder, place in ((settings, ""), (acquirer, "acquirer.")):
        for name in holder.__slots__:
            if name.endswith("_seconds"):
                holds = SHORTEST_SECONDS <= getattr(holder, name) <= LONGEST_SECONDS
                yield holds, place + name, LASTING
    for name, low, high, expected in NUMBERS:
        yield low <= getattr(acquirer, name) <= high, f"acquirer.{name}", expected


def _built(kind: type, table: dict[str, Any], place: str) -> Any:
    """A dataclass out of a TOML table; unknown keys and wrong types are refused by name."""
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}
    for key in table:
        if key not in known:
            raise SettingsFault("C-01", f"{place}{key}: not a setting")
    return kind(**{key: _value(hints[key], value, place + key) for key, value in table.items()})


def _value(hint: Any, value: Any, place: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        if isinstance(value, dict):
            return _built(hint, value, f"{place}.")
    elif get_origin(hint) is tuple:
        if isinstance(value, list):
            item = get_args(hint)[0]
            return tuple(_value(item, row, place) for row in value)
    elif get_origin(hint) is Literal:
        if value in get_args(hint):
            return value
        raise SettingsFault("C-01", f"{place}: expected {' or '.join(get_args(hint))}")
    elif get_origin(hint) is dict:
        if isinstance(value, dict):
            return value
    elif hint is float and type(value) in {int, float}:
        return float(value)
    elif type(value) is hint:
        return value
    expected = getattr(hint, "__name__", str(hint))
    raise SettingsFault("C-01", f"{place}: expected {expected}")
