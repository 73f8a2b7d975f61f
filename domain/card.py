"""A payment card in memory: a number that hides itself, and the little of it that may be kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn


class EntryMode(StrEnum):
    """How the card's data came in (ISO 8583 field 22, first two digits)."""

    SWIPE = "swipe"
    CHIP = "chip"
    TAP = "tap"
    TYPED = "typed"


class Hidden:
    """Bytes that must not leave memory: they hide in repr, refuse to be copied, and can be wiped.

    `reveal` is for acquirer/messages.py alone (a house rule checks it).
    """

    __slots__ = ("_bytes",)

    def __init__(self, data: bytearray) -> None:
        """Take the buffer over; the giver must not keep it."""
        self._bytes = data

    def reveal(self) -> bytearray:
        """The live buffer itself, not a copy. Raises ValueError once wiped."""
        if self.is_wiped:
            raise ValueError("these bytes have been wiped")
        return self._bytes

    def wipe(self) -> None:
        """Overwrite the bytes and forget them."""
        for index in range(len(self._bytes)):
            self._bytes[index] = 0
        del self._bytes[:]

    @property
    def is_wiped(self) -> bool:
        """Whether there is nothing left to reveal."""
        return not self._bytes

    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is never copied or stored")

    __reduce__ = __reduce_ex__ = __copy__ = __deepcopy__ = __getstate__ = _refuse


class Pan(Hidden):
    """A primary account number: 12 to 19 ASCII digits with a right check digit (ISO 7812, Luhn).

    Raises BadCard where the digits cannot be a card number. Two numbers are equal if their digits
    are; hashing is refused, so that no set or dict keeps one.
    """

    __slots__ = ("_remembered",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, digits: bytearray) -> None:
        if not 12 <= len(digits) <= 19 or not digits.isdigit():
            raise BadCard("length")
        if not luhn_holds(digits):
            raise BadCard("check digit")
        super().__init__(digits)
        masked = "*" * (len(digits) - 10)
        self._remembered = f"{digits[:6].decode()}{masked}{digits[-4:].decode()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pan) and self._bytes == other._bytes

    @property
    def masked(self) -> str:
        """First six and last four, the only truncation that we ever keep: 622202******1234."""
        return self._remembered


class BadCard(ValueError):
    """These characters are not a card; `why` is one word that is safe to show and log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def luhn_holds(digits: bytearray | bytes) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = (digit - 0x30) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@dataclass(frozen=True, slots=True)
class RememberedCard:
    """What journal, screen, slip and log may know of a card."""

    masked: str
    scheme: str
    entry: EntryMode

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.masked[-4:]

    def grouped(self, dot: str = "•") -> str:
        """In groups of four from the left: 6222 02•• •••• 1234."""
        shown = self.masked.replace("*", dot)
        return " ".join(shown[place : place + 4] for place in range(0, len(shown), 4))


@dataclass(slots=True)
class Card:
    """A card as captured, alive for one payment only: wipe it when the payment is over.

    `expiry` is YYMM as on the track; `service_code` three digits, or empty where the card was
    typed. The tracks keep their separators ('=') and carry no sentinels.
    """

    pan: Pan
    entry: EntryMode
    expiry: str = field(repr=False)
    service_code: str = field(default="", repr=False)
    track2: Hidden | None = None
    track3: Hidden | None = None

    @property
    def remembered(self) -> RememberedCard:
        """The part that may be kept."""
        return RememberedCard(self.pan.masked, scheme_of(self.pan.masked[:6]), self.entry)

    @property
    def has_chip(self) -> bool:
        """A service code that begins with 2 or 6 says that the card carries a chip (ISO 7813)."""
        return self.service_code[:1] in {"2", "6"}

    def wipe(self) -> None:
        """Forget number and tracks; what was remembered stays."""
        for secret in (self.pan, self.track2, self.track3):
            if secret is not None:
                secret.wipe()


SCHEMES = (
    ("UnionPay", ((62, 62), (81, 81))),
    ("Visa", ((4, 4),)),
    ("Mastercard", ((51, 55), (2221, 2720))),
    ("American Express", ((34, 34), (37, 37))),
    ("JCB", ((3528, 3589),)),
    ("Diners Club", ((300, 305), (36, 36), (38, 39))),
    ("Discover", ((6011, 6011), (644, 649), (65, 65))),
    ("Maestro", ((50, 50), (56, 58), (60, 61), (63, 64), (66, 69))),
)
"""Issuer ranges by their leading digits, narrowest scheme first where ranges touch."""


def scheme_of(first6: str) -> str:
    """The card scheme that issued this number; 'Card' where none is known."""
    for name, ranges in SCHEMES:
        for low, high in ranges:
            if low <= int(first6[: len(str(low))]) <= high:
                return name
    return "Card"
