"""What an acquirer speaks, as data: one file in acquirer/dialects for each dialect.

A profile names its dialect and may set any single value of it under `dialect_options`.
docs/add-an-acquirer.md explains every key; a file that lacks one or has another is refused by name.
"""

from __future__ import annotations

import re
import string
import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, get_origin, get_type_hints

from acquirer.field_formats import FieldSpec, kind_of, specs_of
from domain.faults import SettingsFault
from domain.response_codes import CODE_SETS
from domain.sale import Reason
from domain.settings import AcquirerProfile

FOLDER = Path(__file__).parent / "dialects"
CARD_DIGITS = frozenset({2, 35, 36})
"""Fields that identify the card; they never become a str."""
CARD_BYTES = frozenset({52})
CARD_LISTS = frozenset({48})
"""Fields that list card numbers among other digits; they never become a str either."""
LENGTH_BYTES = {"binary": 2, "ascii": 4}
"""How long the length word before each message is."""
WIDTHS = {
    "kind": 2,
    "batch": 6,
    "network": 3,
    "reader": 1,
    "account": 3,
    "original_batch": 6,
    "original_stan": 6,
    "original_date": 4,
    "debit": 12,
    "debits": 3,
    "credit": 12,
    "credits": 3,
    "flag": 1,
    "row_class": 2,
    "row_stan": 6,
    "row_card": 20,
    "row_amount": 12,
    "row_word": 1,
}
"""The parts of private fields, and how many characters each has."""


class KindCodes(NamedTuple):
    """What tells one kind of payment from the others."""

    message: str
    code: str
    condition: str
    kind: str


@dataclass(frozen=True)
class Dialect:
    """The options of one acquirer; the names are those of its file and of `dialect_options`.

    `unknown_codes` are answers that settle nothing: the payment is reversed. After one of
    `sign_on_codes` only new working keys help. On a reversal, `temporary_codes` settle nothing.
    The rows of a batch are uploaded as `upload` says, `upload_rows` at a time.
    """

    length_word: str
    tpdu: str
    header: str
    digits: str
    bitmap: str
    pad_nibble: str
    text_encoding: str
    mac: str
    pin_max: str
    pin_control: str
    f60_digits: int
    reader_capability: str
    account_type: str
    send_pan_with_track2: bool
    send_track3: bool
    send_local_time: bool
    send_operator: bool
    device_serial: str
    reversal_message: str
    sign_on_message: str
    sign_off_message: str
    echo_message: str
    key_scheme: str
    sign_off_code: str
    echo_code: str
    batch_mac: bool
    batch_verdict: str
    foreign_totals: bool
    upload: str
    upload_rows: int
    row_words: bool
    unbalanced_codes: frozenset[str]
    banks_field: int
    remark_field: int
    remark_skips: int
    declines_may_lack_mac: bool
    code_set: str
    approved_codes: frozenset[str]
    reversal_accepted: frozenset[str]
    unknown_codes: frozenset[str]
    sign_on_codes: frozenset[str]
    sent_twice_codes: frozenset[str]
    temporary_codes: frozenset[str]
    reversal_reasons: dict[str, str]
    kinds: dict[str, str]
    batch: dict[str, str]
    compositions: dict[str, str]
    training_codes: dict[str, str]
    formats: dict[str, str]

    @cached_property
    def fields(self) -> dict[str, FieldSpec]:
        """The description that messages are written and first read with."""
        return self._specs(self.pad_nibble)

    @cached_property
    def readings(self) -> tuple[dict[str, FieldSpec], ...]:
        """The descriptions to read with, in turn: packed digits may come otherwise padded."""
        if self.digits != "packed":
            return (self.fields,)
        return self.fields, self._specs("F" if self.pad_nibble == "0" else "0")

    @cached_property
    def digit_fields(self) -> frozenset[int]:
        """Fields that must hold nothing but 0 to 9; packed ones can carry A to F too."""
        return self._of_kind("n") - CARD_DIGITS

    @cached_property
    def text_fields(self) -> frozenset[int]:
        """Fields in the dialect's own encoding."""
        return self._of_kind("text")

    def codes_of(self, kind: str) -> KindCodes:
        """How a kind of payment is said; the names are those of domain/kinds."""
        return KindCodes(*self.kinds[kind].split())

    def reason_code(self, reason: Reason) -> str:
        """Field 39 of a reversal."""
        return self.reversal_reasons[reason.name.lower()]

    def composed(self, name: str, **parts: str) -> str:
        """A private field out of its parts."""
        return self.compositions[name].format(**parts)

    def part(self, name: str, text: str, part: str) -> str:
        """One part of a private field; empty where the text ends before it."""
        at = 0
        for literal, found, _, _ in string.Formatter().parse(self.compositions[name]):
            at += len(literal)
            if found == part:
                return text[at : at + WIDTHS[part]]
            at += WIDTHS[found] if found else 0
        return ""

    def _specs(self, pad: str) -> dict[str, FieldSpec]:
        return specs_of(
            self.formats,
            packed=self.digits == "packed",
            bitmap_in_hex=self.bitmap == "hex",
            pad=pad,
        )

    def _of_kind(self, kind: str) -> frozenset[int]:
        return frozenset(int(n) for n, text in self.formats.items() if kind_of(text) == kind)


_MESSAGE = r"0[0-9]{3}"
_SHAPES = {
    "length_word": r"binary|ascii",
    "tpdu": r"(60[0-9]{8})?",
    "header": r"([0-9]{12})?",
    "digits": r"packed|ascii",
    "bitmap": r"bytes|hex",
    "pad_nibble": r"[0F]",
    "text_encoding": r"gbk|ascii|latin-1|utf-8",
    "mac": r"unionpay|x9\.19",
    "pin_max": r"0[4-9]|1[0-2]",
    "pin_control": r"([0-9]{16})?",
    "f60_digits": r"0|11|13|14|17",
    "reader_capability": r"[0-9]",
    "account_type": r"[0-9]{3}",
    "device_serial": r"[0-9A-Za-z-]{0,50}",
    "reversal_message": _MESSAGE,
    "sign_on_message": _MESSAGE,
    "sign_off_message": _MESSAGE,
    "echo_message": _MESSAGE,
    "key_scheme": r"(?!006)[0-9]{3}",  # 006 is SM4, which no part of ours speaks
    "sign_off_code": r"[0-9]{3}",
    "echo_code": r"[0-9]{3}",
    "batch_verdict": r"flags|code",
    "upload": r"unbalanced|always|never",
    "upload_rows": r"[1-9]|1[0-9]|20",
    "banks_field": r"0|44|63",
    "remark_field": r"44|63",
    "remark_skips": r"[0-9]",
    "code_set": "|".join(CODE_SETS),
}
_ROWS = {
    "reversal_reasons": r"[0-9A-Z]{2}",
    "kinds": r"0[0-9]{3} [0-9]{6} [0-9]{2} [0-9]{2}",
    "batch": r"0[0-9]{3} [0-9]{3}",
    "compositions": r"([0-9]|\{(" + "|".join(WIDTHS) + r")\})+",
    "training_codes": r"[0-9A-Z]{2}",
}
_CODE = r"[0-9A-Z]{2}"


def dialect_for(profile: AcquirerProfile) -> Dialect:
    """The dialect of a profile: one of ours by name, or a file of yours by its whole path.

    Raises SettingsFault C-01 that names the option.
    """
    wanted = profile.dialect
    if wanted.endswith(".toml") and Path(wanted).is_absolute():
        dialect = read_dialect(Path(wanted))
    else:
        dialect = dialect_named(wanted)
    place = "acquirer.dialect_options."
    for name in profile.dialect_options:
        if name in _tables():
            raise SettingsFault("C-01", f"{place}{name}: not an option")
    return replace(dialect, **_checked(profile.dialect_options, place))


@cache
def dialect_named(name: str) -> Dialect:
    """One of those that come with the program. Raises SettingsFault C-01."""
    known = sorted(path.stem for path in FOLDER.glob("*.toml"))
    if name not in known:
        raise SettingsFault("C-01", f"acquirer.dialect: expected {' or '.join(known)}")
    return read_dialect(FOLDER / f"{name}.toml")


def read_dialect(path: Path) -> Dialect:
    """A dialect out of its file. Raises SettingsFault C-01 that names the key.

    `like` may name one of ours: the file then says only what is different, key by key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsFault("C-01", f"{path.name}: {type(error).__name__}") from None
    place = f"{path.name}: "
    like = table.pop("like", None)
    given = _checked(table, place)
    if like is not None:
        model = dialect_named(str(like))
        for name in _tables() & given.keys():
            given[name] = getattr(model, name) | given[name]
        return replace(model, **given)
    for option in fields(Dialect):
        if option.name not in given:
            raise SettingsFault("C-01", f"{place}{option.name}: missing")
    return Dialect(**given)


def _tables() -> frozenset[str]:
    return frozenset({*_ROWS, "formats"})


def _checked(table: dict[str, Any], place: str) -> dict[str, Any]:
    """The values in the types of their options; unknown names and wrong values are refused."""
    hints = get_type_hints(Dialect)
    known = {option.name for option in fields(Dialect)}
    checked = {}
    for name, value in table.items():
        if name not in known:
            raise SettingsFault("C-01", f"{place}{name}: not an option")
        checked[name] = _value(hints[name], name, value, place + name)
    return checked


def _value(hint: Any, name: str, value: Any, place: str) -> Any:
    if get_origin(hint) is frozenset:
        if isinstance(value, list) and all(_is_like(_CODE, code) for code in value):
            return frozenset(value)
        raise SettingsFault("C-01", f"{place}: expected a list of two-character codes")
    if get_origin(hint) is dict:
        return _rows(name, value, place)
    if type(value) is not hint:
        raise SettingsFault("C-01", f"{place}: expected {hint.__name__}")
    if name in _SHAPES and not _is_like(_SHAPES[name], str(value)):
        raise SettingsFault("C-01", f"{place}: not a value that this option knows")
    return value


def _rows(name: str, value: Any, place: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise SettingsFault("C-01", f"{place}: expected a table")
    if name == "formats":
        return _formats(value, place)
    for row, text in value.items():
        if not _is_like(_ROWS[name], text):
            raise SettingsFault("C-01", f"{place}.{row}: not a value that this table knows")
    return dict(value)


def _formats(value: dict[str, Any], place: str) -> dict[str, str]:
    for number, text in value.items():
        if not (number.isdecimal() and 2 <= int(number) <= 64):
            raise SettingsFault("C-01", f"{place}.{number}: expected a field from 2 to 64")
        try:
            kind_of(str(text))
        except ValueError as error:
            raise SettingsFault("C-01", f"{place}.{number}: {error}") from None
    return dict(value)


def _is_like(shape: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(shape, value) is not None
