"""A reader of magnetic stripes on a serial cable: what came in, cut into stripes, read as cards.

A stripe ends at a carriage return, or where the line falls silent. A swipe that nobody asked for is
thrown away, so that no sale ever takes a card that was read before it. Whether a card may be used
(expiry, service code) is not judged here.
"""

from __future__ import annotations

from devices.interfaces import Health
from devices.serial_port import SerialPort
from domain.card import BadCard, Card
from domain.clock import Clock, SystemClock
from domain.faults import DeviceFault
from domain.tracks import MAX_STRIPE, read_stripe

ENDS = b"\r\n"
SILENCE_SECONDS = 0.2
STALE_SECONDS = 0.5
"""Between two calls: what is older than this was swiped while nobody asked."""

NEVER = float("-inf")
LONGEST_STRIPE_SECONDS = 3.0
LONGEST_STRIPE = MAX_STRIPE + 8


class MagstripeReader:
    """Cards from a serial reader; one thread reads, `stop` may come from any other."""

    def __init__(self, port: SerialPort, *, clock: Clock | None = None) -> None:
        self.name = f"card reader at {port.port}"
        self._port = port
        self._clock = clock or SystemClock()
        self._pending = bytearray()
        self._asked_last = NEVER

    def read(self, seconds: float) -> Card | None:
        """The next card; None when the time is over or `stop` was called during this call.

        A stripe that has begun is read to its end, even past `seconds`.
        """
        self._port.ready_again()
        deadline = self._clock.monotonic() + seconds
        try:
            self._port.open(seconds)
            self._forget_what_is_stale()
            stripe = self._next_stripe(deadline)
            self._asked_last = self._clock.monotonic()
        except DeviceFault:
            if self._port.is_stopped:
                return None
            raise
        if stripe is None:
            return None
        card = read_stripe(stripe)
        # One card a payment: what stands behind it must not wait for the next one.
        self._asked_last = NEVER
        _zero(self._pending)
        return card

    def health(self) -> Health:
        """Whether the cable is there; a stripe reader says nothing by itself."""
        return Health.READY if self._port.is_there() else Health.ABSENT

    def stop(self) -> None:
        """End a `read` that is running; without one, nothing happens."""
        self._port.stop()

    def close(self) -> None:
        """Let go of the cable."""
        self._port.close()
        _zero(self._pending)

    def _forget_what_is_stale(self) -> None:
        if self._clock.monotonic() - self._asked_last > STALE_SECONDS:
            _zero(self._pending)
            self._port.forget_input()

    def _next_stripe(self, deadline: float) -> bytearray | None:
        """Characters up to an end mark or a silence; None when time or patience is over.

        Raises BadCard where a stripe is longer than any card's, or never ends.
        """
        begun = heard = self._clock.monotonic()
        overlong = False
        while True:
            stripe = _cut(self._pending)
            if stripe is not None and not overlong:
                return stripe
            if stripe is not None:
                _zero(stripe)
                raise BadCard("length")
            now = self._clock.monotonic()
            if len(self._pending) > LONGEST_STRIPE:
                _zero(self._pending)
                overlong = True
            in_a_stripe = bool(self._pending) or overlong
            if in_a_stripe and (now - heard > SILENCE_SECONDS):
                if overlong:
                    _zero(self._pending)
                    raise BadCard("length")
                return _taken(self._pending, len(self._pending))
            if in_a_stripe and now - begun > LONGEST_STRIPE_SECONDS:
                _zero(self._pending)
                raise BadCard("length")
            if self._port.is_stopped or (now >= deadline and not in_a_stripe):
                _zero(self._pending)
                return None
            chunk = self._port.read()
            if chunk:
                heard = self._clock.monotonic()
                begun = begun if in_a_stripe else heard
                self._pending += chunk
                _zero(chunk)


def _cut(pending: bytearray) -> bytearray | None:
    """The first stripe that has its end mark, taken out of `pending`; lone end marks fall out."""
    while pending and pending[0] in ENDS:
        del pending[0]
    ends = [place for mark in ENDS if (place := pending.find(mark)) >= 0]
    return _taken(pending, min(ends)) if ends else None


def _taken(pending: bytearray, length: int) -> bytearray:
    """The first characters, moved out without leaving a copy behind."""
    stripe = pending[:length]
    rest = pending[length:]
    _zero(pending)
    pending += rest
    _zero(rest)
    return stripe


def _zero(buffer: bytearray) -> None:
    for index in range(len(buffer)):
        buffer[index] = 0
    del buffer[:]
