"""What this acquirer speaks, as data: the fields of the UnionPay POS style, and its options.

Public sources disagree on many points; each of them is a named option here, whose default is what
most sources say. A profile sets options under `dialect_options`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from domain.faults import SettingsFault
from domain.settings import AcquirerProfile

FieldSpec = dict[str, Any]
"""The description of one field as pyiso8583 wants it."""


def _bcd(digits: int, pad: str = "") -> FieldSpec:
    spec = _spec("b", digits, 0, "nibbles")
    return {**spec, pad: "0"} if pad else spec


def _bcd_var(digits: int, length_bytes: int, pad: str) -> FieldSpec:
    return {**_spec("b", digits, length_bytes, "nibbles"), "right_pad": pad}


def _ascii(characters: int) -> FieldSpec:
    return _spec("ascii", characters, 0, "bytes")


def _bytes(count: int, length_bytes: int = 0) -> FieldSpec:
    return _spec("b", count, length_bytes, "bytes")


def _spec(encoding: str, longest: int, length_bytes: int, counts: str) -> FieldSpec:
    return {
        "data_enc": encoding,
        "len_enc": "bcd",
        "len_type": length_bytes,
        "max_len": longest,
        "len_count": counts,
        "desc": "",
    }


def unionpay_fields(pad: str) -> dict[str, FieldSpec]:
    """Every field of the UnionPay POS style; `pad` fills the odd half byte of digits.

    Fields 44 and 63 are bytes here: banks put GBK text into them. TPDU and header are not
    fields, so 'h' is empty.
    """
    return {
        "h": _bytes(0),
        "t": _bcd(4),
        "p": _bytes(8),
        "1": _bytes(8),
        "2": _bcd_var(19, 1, pad),
        "3": _bcd(6),
        "4": _bcd(12),
        "11": _bcd(6),
        "12": _bcd(6),
        "13": _bcd(4),
        "14": _bcd(4),
        "15": _bcd(4),
        "22": _bcd(3, "right_pad"),
        "23": _bcd(3, "left_pad"),
        "25": _bcd(2),
        "26": _bcd(2),
        "32": _bcd_var(11, 1, pad),
        "35": _bcd_var(37, 1, pad),
        "36": _bcd_var(104, 2, pad),
        "37": _ascii(12),
        "38": _ascii(6),
        "39": _ascii(2),
        "41": _ascii(8),
        "42": _ascii(15),
        "44": _bytes(25, 1),
        "48": _bcd_var(322, 2, pad),
        "49": _ascii(3),
        "52": _bytes(8),
        "53": _bcd(16),
        "54": {**_ascii(20), "len_type": 2},
        "55": _bytes(255, 2),
        "58": _bytes(100, 2),
        "60": _bcd_var(30, 2, pad),
        "61": _bcd_var(29, 2, pad),
        "62": _bytes(512, 2),
        "63": _bytes(163, 2),
        "64": _bytes(8),
    }


DIGITS = frozenset({3, 4, 11, 12, 13, 14, 15, 22, 23, 25, 26, 32, 48, 53, 60, 61})
"""Fields that must hold nothing but 0 to 9; packed decimals on the wire can carry A to F too."""
CARD_DIGITS = frozenset({2, 35, 36})
"""Fields that identify the card; they never become a str."""
CARD_BYTES = frozenset({52})
GBK_TEXT = frozenset({44, 63})


@dataclass(frozen=True)
class Dialect:
    """The options of one acquirer; the names are those of `dialect_options` in a profile.

    `pad_nibble` is what we send, and both '0' and 'F' are read. `pin_max` is field 26.
    `f60_digits` says how much of field 60 a payment carries: 11 ends after the network code, 13
    after the chip condition, 14 after the partial-approval mark, 17 after the account type.
    `unknown_codes` are answers that settle nothing: the payment is reversed.
    """

    tpdu: str = "6000030000"
    header: str = "603100311000"
    pad_nibble: str = "0"
    pin_max: str = "12"
    f60_digits: int = 14
    reader_capability: str = "2"
    account_type: str = "048"
    send_pan_with_track2: bool = True
    send_track3: bool = True
    send_local_time: bool = False
    send_operator: bool = False
    key_scheme: str = "003"
    device_serial: str = ""
    declines_may_lack_mac: bool = False
    approved_codes: frozenset[str] = frozenset({"00", "10", "11", "A2", "A4", "A5", "A6"})
    reversal_accepted: frozenset[str] = frozenset({"00", "25", "12"})
    unknown_codes: frozenset[str] = frozenset({"68"})
    sign_on_codes: frozenset[str] = frozenset({"77", "99", "A0"})
    """Answers after which only new working keys help."""

    @cached_property
    def fields(self) -> dict[str, FieldSpec]:
        """The description that messages are written and first read with."""
        return unionpay_fields(self.pad_nibble)

    @cached_property
    def fields_otherwise_padded(self) -> dict[str, FieldSpec]:
        """The second try at a message that the first description could not read."""
        return unionpay_fields("F" if self.pad_nibble == "0" else "0")


_SHAPES = {
    "tpdu": r"60[0-9]{8}",
    "header": r"[0-9]{12}",
    "pad_nibble": r"[0F]",
    "pin_max": r"0[4-9]|1[0-2]",
    "f60_digits": r"11|13|14|17",
    "reader_capability": r"[0-9]",
    "account_type": r"[0-9]{3}",
    "key_scheme": r"001|003|004",
    "device_serial": r"[0-9A-Za-z-]{0,50}",
}


def dialect_for(profile: AcquirerProfile) -> Dialect:
    """The dialect of a profile. Raises SettingsFault C-01 that names the option."""
    if profile.dialect != "unionpay":
        raise SettingsFault("C-01", "acquirer.dialect: expected unionpay")
    defaults = Dialect()
    known = {option.name for option in fields(Dialect)}
    chosen: dict[str, Any] = {}
    for name, value in profile.dialect_options.items():
        place = f"acquirer.dialect_options.{name}"
        if name not in known:
            raise SettingsFault("C-01", f"{place}: not an option")
        chosen[name] = _checked(place, name, value, getattr(defaults, name))
    return replace(defaults, **chosen)


def _checked(place: str, name: str, value: Any, default: Any) -> Any:
    """The value in the type of its default."""
    if isinstance(default, frozenset):
        if isinstance(value, list) and all(_is_code(code) for code in value):
            return frozenset(value)
        raise SettingsFault("C-01", f"{place}: expected a list of two-character codes")
    if type(value) is not type(default):
        raise SettingsFault("C-01", f"{place}: expected {type(default).__name__}")
    if name in _SHAPES and not re.fullmatch(_SHAPES[name], str(value)):
        raise SettingsFault("C-01", f"{place}: not a value that this option knows")
    return value


def _is_code(code: object) -> bool:
    return isinstance(code, str) and re.fullmatch(r"[0-9A-Z]{2}", code) is not None
