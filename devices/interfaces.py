"""The front door of the devices: what a reader, a PIN pad and a printer can be asked.

Every call blocks, for `seconds` at most, and is made from one thread; `stop` may be called from
any other and makes a blocked call return or raise at once. Errors are DeviceFault, and never carry
anything that was read from a card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.card import Card, Hidden
from domain.document import Document
from domain.money import Money
from domain.sale import EncryptedPin


class Health(StrEnum):
    """What the status strip says of a device. Silence is UNKNOWN, never READY."""

    READY = "ready"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    PAPER_LOW = "paper low"
    PAPER_OUT = "paper out"
    COVER_OPEN = "cover open"


class CardReader(Protocol):
    """A reader of cards; `name` is for the log and the strip."""

    name: str

    def read(self, seconds: float) -> Card | None:
        """The next card, or None when the time is over or `stop` was called.

        What was swiped before the call is thrown away: it belongs to no payment.
        Raises BadCard where the card cannot be used (ask again), DeviceFault R-01 where the reader
        is gone (asking again tries to find it).
        """
        ...

    def health(self) -> Health:
        """Whether the reader is there, without waiting for it."""
        ...

    def stop(self) -> None:
        """End a `read` that is running; a stop while nobody reads is forgotten."""
        ...

    def close(self) -> None:
        """Let go of the cable."""
        ...


@dataclass(frozen=True, slots=True)
class PinRequest:
    """What a pad needs to ask for a PIN and to build its block (ISO 9564 format 0).

    `account` is the twelve rightmost digits of the card number without the check digit.
    """

    account: Hidden
    amount: Money
    bypass_allowed: bool = False


class PinPad(Protocol):
    """A PIN pad: PIN digits go in at its keys and leave it as an encrypted block only."""

    name: str

    def load_pin_key(self, wrapped: bytes, check_value: bytes) -> None:
        """Take the working PIN key, encrypted under the terminal's master key in the pad.

        Raises DeviceFault K-01 where the check value does not fit.
        """
        ...

    def read_pin(
        self, request: PinRequest, seconds: float, on_digits: Callable[[int], None]
    ) -> EncryptedPin | None:
        """The encrypted PIN; None where the customer pressed Enter alone and that is allowed.

        `on_digits` hears how many digits stand there, never which; the first 0 says that the pad
        is asking. Raises DeviceFault P-01 (time over, or cancelled), P-02 (tampered), P-03 (not
        there), K-01 (no key).
        """
        ...

    def press(self, key: str) -> None:
        """A key of a pad that is drawn on the screen: 0 to 9, 'clear', 'cancel', 'enter'.

        Pads with keys of their own ignore it. May be called from any thread.
        """
        ...

    def stop(self) -> None:
        """End a `read_pin` that is running; it raises P-01. Otherwise nothing happens."""
        ...


class Printer(Protocol):
    """A receipt printer."""

    name: str

    def print(self, document: Document, job: int) -> None:
        """Print one page and return when the printer has said that it is out.

        `job` is the slip's number in the journal; a printer that keeps its papers never keeps one
        job twice. Raises DeviceFault: L-01 paper, L-02 not found, L-04 cover (nothing was printed),
        L-03 sent but not confirmed (nobody knows).
        """
        ...

    def health(self) -> Health:
        """Ask the printer; silence is UNKNOWN."""
        ...

    def close(self) -> None:
        """Let go of the cable."""
        ...


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices of one till."""

    readers: tuple[CardReader, ...]
    pin_pad: PinPad | None
    printer: Printer | None
