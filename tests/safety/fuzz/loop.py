"""Feeds targets with mutated examples from one seed; needs nothing that is not always here."""

from __future__ import annotations

import random
import time
import traceback
from dataclasses import dataclass

from tests.safety.fuzz.targets import Target

SEED = 20261122
LONGEST = 4096
SLOW_SECONDS = 0.05
TELLING = (
    b"\0",
    b"\xff",
    b"?",
    b";",
    b"=",
    b"%",
    b"^",
    b'"',
    b"{",
    b"[",
    b"\n",
    b"\x1b",
    b"9" * 20,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Bytes that a target should have coped with, and what it did instead."""

    target: str
    data: bytes
    what: str

    def __str__(self) -> str:
        return f"{self.target}: {self.what}\n    {self.data.hex()}"


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """How much was fed, and the first finding."""

    count: int
    finding: Finding | None


def fuzz(
    target: Target,
    *,
    seconds: float = float("inf"),
    count: int = 1 << 62,
    seed: int = SEED,
    timed: bool = False,
) -> Fuzzed:
    """Until there is a finding, the time is over, or so many inputs were fed."""
    chance = random.Random(f"{seed} {target.name}")
    corpus = list(target.seeds)
    deadline = time.monotonic() + seconds
    for fed in range(count):
        if fed % 64 == 0 and time.monotonic() > deadline:
            return Fuzzed(fed, None)
        data = target.seeds[fed] if fed < len(target.seeds) else mutated(corpus, chance)
        finding = tried(target, data, timed=timed)
        if finding is not None:
            return Fuzzed(fed + 1, finding)
    return Fuzzed(count, None)


def tried(target: Target, data: bytes, *, timed: bool = False) -> Finding | None:
    """One input. A slow one is tried again, since the machine has other work too."""
    quickest = SLOW_SECONDS
    for _ in range(3):
        began = time.perf_counter()
        try:
            target.read(data)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what we look for
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__} {error} at {place.name}:{place.lineno}"
            return Finding(target.name, data, what)
        quickest = min(quickest, time.perf_counter() - began)
        if not timed or quickest < SLOW_SECONDS:
            return None
    return Finding(target.name, data, "slow")


def mutated(corpus: list[bytes], chance: random.Random) -> bytes:
    """An example, changed in one to six places."""
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        match chance.randrange(8):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + chance.randint(1, 8)]
            case 2:
                data[at:at] = chance.randbytes(chance.randint(1, 8))
            case 3:
                data[at:at] = chance.choice(TELLING)
            case 4:
                data[at:at] = data[at : at + chance.randint(1, 64)] * chance.randint(1, 4)
            case 5:
                other = chance.choice(corpus)
                data[at:] = other[chance.randint(0, len(other)) :]
            case 6 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case _ if at < len(data):
                data[at] = (data[at] + chance.choice((-1, 1))) % 256
    return bytes(data[:LONGEST])
