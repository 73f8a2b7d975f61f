"""What comes back from errands: into the till's inbox, beside the commands, on the same thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.batch import BatchEvent
from domain.sale import Event

if TYPE_CHECKING:
    # The window starts its first thread with these; the link is imported on that thread.
    from acquirer.link import PinKey


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened to a sale."""

    sale: int
    event: Event


@dataclass(frozen=True, slots=True)
class BatchHappened:
    """Something came of a step of settling a batch."""

    batch: int
    event: BatchEvent


@dataclass(frozen=True, slots=True)
class NothingRead:
    """A reader stopped reading: its time was over, it was told to, or it is gone (`fault`)."""

    sale: int
    fault: str


@dataclass(frozen=True, slots=True)
class PinDigits:
    """So many digits stand on the pad."""

    sale: int
    count: int


@dataclass(frozen=True, slots=True)
class SignedOn:
    """The acquirer gave new working keys."""

    pin_key: PinKey


@dataclass(frozen=True, slots=True)
class SignOnWanted:
    """The acquirer asks for a sign-on; until then it takes payments under the old keys, or none."""

    keys_are_good: bool


@dataclass(frozen=True, slots=True)
class BankDemands:
    """The header of an answer wants something of this till that it cannot do by itself."""

    demand: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """The acquirer has heard that this till closes, or will not hear it."""


@dataclass(frozen=True, slots=True)
class BankClockSeen:
    """The acquirer's clock is so many seconds ahead of ours."""

    ahead_seconds: float


@dataclass(frozen=True, slots=True)
class BankSeen:
    """The acquirer answered, after so many milliseconds where that was measured, or did not."""

    milliseconds: int | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    """How a device is: `device` is 'reader' or 'printer', `health` a Health value."""

    device: str
    health: str


@dataclass(frozen=True, slots=True)
class SlipDone:
    """A slip came out (`fault` empty), or did not."""

    slip: int
    fault: str


@dataclass(frozen=True, slots=True)
class WorkerDied:
    """A worker met something that nobody foresaw; `error` is a type's name, never its text."""

    worker: str
    error: str


Report = (
    Happened
    | BatchHappened
    | NothingRead
    | PinDigits
    | SignedOn
    | SignOnWanted
    | SignedOff
    | BankClockSeen
    | BankDemands
    | BankSeen
    | DeviceSeen
    | SlipDone
    | WorkerDied
)
