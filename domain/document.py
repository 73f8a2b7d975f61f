"""A printed page as data: what stands on it, not how a printer is told.

`typeset` turns a page into lines of so many columns; every renderer (paper, screen, text file)
starts there, so that the slip looks the same on all of them. A Chinese character takes two columns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Align(StrEnum):
    """Where a text stands on its line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; longer than the line, it wraps at spaces."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left edge and its value at the right one, `fill` between them."""

    label: str
    value: str
    bold: bool = False
    double: bool = False
    fill: str = " "


@dataclass(frozen=True, slots=True)
class Ruled:
    """A line across the page of one character."""

    character: str = "-"


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code; renderers without one print nothing, the text beneath says it again."""

    data: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Empty lines."""

    lines: int = 1


Part = Text | Pair | Ruled | Qr | Blank
PARTS = {part.__name__: part for part in (Text, Pair, Ruled, Qr, Blank)}


@dataclass(frozen=True, slots=True)
class Document:
    """One page, cut off below its last part."""

    parts: tuple[Part, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """For the journal: plain lists and dicts."""
        return [
            {"part": type(part).__name__} | {name: getattr(part, name) for name in part.__slots__}
            for part in self.parts
        ]

    @staticmethod
    def from_json(rows: list[dict[str, Any]]) -> Document:
        """The page that `to_json` wrote. Raises KeyError or TypeError for anything else."""
        parts = []
        for row in rows:
            fields = {name: value for name, value in row.items() if name != "part"}
            if "align" in fields:
                fields["align"] = Align(fields["align"])
            parts.append(PARTS[row["part"]](**fields))
        return Document(tuple(parts))


@dataclass(frozen=True, slots=True)
class Line:
    """One typeset line: its characters, already padded, and how they look."""

    text: str
    bold: bool = False
    double: bool = False
    qr: str = ""


def typeset(document: Document, columns: int) -> Iterator[Line]:
    """The page as lines of so many columns (48 on 80 mm paper, 32 on 58 mm).

    A double line holds half as many. A QR code comes as an empty line that carries its data.
    """
    for part in document.parts:
        match part:
            case Text(text, align, bold, double):
                for line in wrapped(clean(text), columns // (2 if double else 1)):
                    width = columns // (2 if double else 1)
                    yield Line(aligned(line, width, align), bold, double)
            case Pair(label, value, bold, double, fill):
                width = columns // (2 if double else 1)
                for line in _paired(clean(label), clean(value), width, clean(fill)):
                    yield Line(line, bold, double)
            case Ruled(character):
                ruled = clean(character)
                yield Line(ruled * (columns // max(1, width_of(ruled))))
            case Qr(data):
                yield Line("", qr=data)
            case Blank(lines):
                for _ in range(lines):
                    yield Line("")


def clean(text: str) -> str:
    """The text without anything that could command a printer or turn the line around.

    Control characters (C0, C1), bidirectional marks and zero-width characters fall out; tabs, line
    ends and every other kind of space become a space. Letters and their marks are joined (NFC).
    """
    spaced = (
        " " if c in "\t\r\n" or unicodedata.category(c) in {"Zs", "Zl", "Zp"} else c for c in text
    )
    kept = (c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return unicodedata.normalize("NFC", "".join(kept))


def width_of(text: str) -> int:
    """Columns that the text takes: two for wide and full-width characters, none for marks."""
    columns = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        columns += 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
    return columns


def aligned(text: str, columns: int, align: Align) -> str:
    """The text with spaces around it, for exactly so many columns where it fits."""
    room = max(0, columns - width_of(text))
    match align:
        case Align.LEFT:
            return text + " " * room
        case Align.RIGHT:
            return " " * room + text
        case Align.CENTRE:
            return " " * (room // 2) + text + " " * (room - room // 2)


def wrapped(text: str, columns: int) -> list[str]:
    """The text broken at spaces, and inside a word only where the word alone is too long."""
    lines: list[str] = [""]
    for word in text.split(" "):
        for piece in _pieces(word, columns):
            joined = f"{lines[-1]} {piece}" if lines[-1] else piece
            if width_of(joined) <= columns:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines


def _pieces(word: str, columns: int) -> list[str]:
    pieces = [""]
    for character in word:
        if width_of(pieces[-1] + character) > columns:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _paired(label: str, value: str, columns: int, fill: str) -> list[str]:
    room = columns - width_of(label) - width_of(value)
    if room >= 1:
        # One space keeps a filled line, as for a signature, apart from its label.
        filled = fill * ((room - 1) // max(1, width_of(fill)))
        return [f"{label} {aligned(filled, room - 1, Align.LEFT)}{value}"]
    left = [aligned(line, columns, Align.LEFT) for line in wrapped(label, columns)]
    return left + [aligned(line, columns, Align.RIGHT) for line in wrapped(value, columns)]
