"""The notation of ISO 8583 for a field, such as `n..19 LL`, into the words of pyiso8583.

KIND LENGTH [LL or LLL] [left or right]: the kinds are n (digits), z (track), a, an, ans (ASCII),
text (bytes in the dialect's own encoding) and b (bytes); `..` means up to, and then LL or LLL says
how many digits the length has. An odd number of packed digits of fixed length stands left or right.
"""

from __future__ import annotations

import re
from typing import Any

FieldSpec = dict[str, Any]
"""The description of one field as pyiso8583 wants it."""

FORMAT = re.compile(
    r"(?P<kind>n|z|a|an|ans|text|b)(?:(?P<fixed>\d{1,3})|\.\.(?P<most>\d{1,3}) (?P<length>LLL?))"
    r"(?: (?P<stands>left|right))?"
)
_PADS = {"left": "right_pad", "right": "left_pad"}


def kind_of(text: str) -> str:
    """The kind in a format. Raises ValueError for a text that is none."""
    return _match(text)["kind"]


def spec_of(text: str, *, packed: bool, pad: str) -> FieldSpec:
    """One field. `pad` fills the odd half byte of digits. Raises ValueError."""
    found = _match(text)
    halves = packed and found["kind"] in {"n", "z"}
    encoding = "b" if halves or found["kind"] in {"b", "text"} else "ascii"
    prefix = len(found["length"] or "")
    spec = {
        "data_enc": encoding,
        "len_enc": "bcd" if packed else "ascii",
        "len_type": (prefix + 1) // 2 if packed else prefix,
        "max_len": int(found["fixed"] or found["most"]),
        "len_count": "nibbles" if halves else "bytes",
        "desc": "",
    }
    if halves and prefix:
        spec["right_pad"] = pad
    elif halves and found["stands"]:
        spec[_PADS[found["stands"]]] = "0"
    return spec


def specs_of(
    formats: dict[str, str], *, packed: bool, bitmap_in_hex: bool, pad: str
) -> dict[str, FieldSpec]:
    """Every field, the message type and the bitmap; TPDU and header are none, so 'h' is empty."""
    bitmap = spec_of("an16" if bitmap_in_hex else "b8", packed=packed, pad=pad)
    return {
        "h": spec_of("b0", packed=packed, pad=pad),
        "t": spec_of("n4", packed=packed, pad=pad),
        "p": bitmap,
        "1": bitmap,
        **{number: spec_of(text, packed=packed, pad=pad) for number, text in formats.items()},
    }


def _match(text: str) -> re.Match[str]:
    found = FORMAT.fullmatch(text)
    if found is None:
        raise ValueError("expected a format like n..19 LL")
    return found
