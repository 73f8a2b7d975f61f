"""Reader, PIN pad and printer of a simulated counter, with the customer at them.

What a device does is decided at once and takes its time: see `agenda`. Every card that was handed
to the till is kept here, so that the oracle can see that it was wiped.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from checkout.reports import Happened, NothingRead
from devices.interfaces import Health, PinRequest
from domain.card import BadCard, Card
from domain.document import Document, Text
from domain.faults import DeviceFault
from domain.sale import EncryptedPin, PinFailed
from domain.tracks import read_stripe
from tests.safety.simulation.acquirer import pin_block
from tests.safety.simulation.agenda import Fuse, VirtualHand, Workshop

NUMBERS = ("6225760008219524", "4111111111111111", "5555555555554444", "6222021234567894")
COPY = "*** DUPLICATE ***"


def stripe_of(number: str) -> bytearray:
    """Track 2 as a reader sends it."""
    return bytearray(f";{number}=30121200000?", "ascii")


class SimReader:
    """A reader with a cable; its customer swipes, waits, or goes away."""

    name = "reader of the simulation"

    def __init__(self, shop: Workshop, fuse: Fuse, dice: Random, card: Callable[[], str]) -> None:
        self._shop = shop
        self._fuse = fuse
        self._dice = dice
        self._card = card
        self.hand: VirtualHand | None = None
        self.is_unplugged = False
        self._sale = 0
        self._reads = False

    def read(self, seconds: float) -> Card | None:
        self._fuse.passing("reader: read")
        if self.is_unplugged:
            raise DeviceFault("R-01")
        self._reads = True
        roll = self._dice.random()
        if roll < 0.03:
            self._shop.spend(seconds)
            return None
        self._shop.spend(self._dice.uniform(0.8, 6.0))
        if roll < 0.05:
            raise BadCard("unreadable")
        if roll < 0.06:
            self._fall_out()
            raise DeviceFault("R-01")
        return read_stripe(stripe_of(self._card()))

    def _fall_out(self) -> None:
        """Somebody's elbow; somebody sees it and plugs it in."""
        self.is_unplugged = True
        agenda = self._shop.agenda
        agenda.at(agenda.now + 20.0, self.plug_in)

    def plug_in(self) -> None:
        self.is_unplugged = False

    def health(self) -> Health:
        return Health.ABSENT if self.is_unplugged else Health.READY

    def stop(self) -> None:
        if self._reads and self.hand is not None:
            self.hand.interrupt(NothingRead(self._sale, ""))

    def close(self) -> None:
        pass


class SimPad:
    """A PIN pad; `keys` are those whose PIN key was loaded last."""

    name = "pad of the simulation"

    def __init__(
        self, shop: Workshop, fuse: Fuse, dice: Random, asked: Callable[[], int | None]
    ) -> None:
        self._shop = shop
        self._fuse = fuse
        self._dice = dice
        self._asked = asked
        self._keys = 0
        self._asks_for: int | None = None
        self._until = 0.0
        self.hand: VirtualHand | None = None

    def load_pin_key(self, wrapped: bytes, check_value: bytes) -> None:
        self._fuse.passing("pad: key")
        self._shop.spend(0.05)
        if int.from_bytes(wrapped, "big") != int.from_bytes(check_value, "big"):
            raise DeviceFault("K-01")
        self._keys = int.from_bytes(wrapped, "big")

    def read_pin(
        self, request: PinRequest, seconds: float, on_digits: Callable[[int], None]
    ) -> EncryptedPin | None:
        self._fuse.passing("pad: PIN")
        if not self._keys:
            raise DeviceFault("K-01")
        on_digits(0)
        self._asks_for = self._asked()
        roll = self._dice.random()
        wait = seconds if roll < 0.02 else self._dice.uniform(1.5, 9.0)
        self._shop.spend(wait)
        self._until = self._shop.cursor
        if roll < 0.02:
            raise DeviceFault("P-01")
        if roll < 0.03:
            raise DeviceFault("P-03")
        return EncryptedPin(pin_block(self._keys, is_right=roll < 0.96))

    def press(self, key: str) -> None:
        pass

    def stop(self) -> None:
        if self._asks_for is not None and self._shop.agenda.now < self._until and self.hand:
            self.hand.interrupt(Happened(self._asks_for, PinFailed("P-01")))
        self._asks_for = None


class SimPrinter:
    """A printer; `papers` counts what came out for each slip: unmarked and marked as a copy."""

    name = "printer of the simulation"

    def __init__(self, shop: Workshop, fuse: Fuse, dice: Random, watcher: Any) -> None:
        self._shop = shop
        self._fuse = fuse
        self._dice = dice
        self._watcher = watcher
        self.mood = Health.READY
        self.fault_rate = 0.0

    def print(self, document: Document, job: int) -> None:
        self._fuse.passing("printer: before")
        is_copy = any(isinstance(p, Text) and p.text == COPY for p in document.parts)
        self._watcher.printing(job, document, is_copy=is_copy)
        if self.mood is not Health.READY:
            self._shop.spend(0.5)
            raise DeviceFault("L-02" if self.mood is Health.ABSENT else "L-01")
        self._shop.spend(self._dice.uniform(0.5, 2.5))
        if self._dice.random() < self.fault_rate:
            came_out = self._dice.random() < 0.5
            self._watcher.unconfirmed(job, is_copy=is_copy, came_out=came_out)
            raise DeviceFault("L-03")
        self._watcher.printed(job, is_copy=is_copy)
        self._fuse.passing("printer: after")

    def health(self) -> Health:
        return self.mood

    def close(self) -> None:
        pass
