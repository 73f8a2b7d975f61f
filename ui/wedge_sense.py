"""Tells a swipe from a scan from a person, by what is typed and how fast: no Qt, no clock.

A swipe starts at a sentinel, a scan is a burst without one, everything else is a person. Until
that is known the keys are held back, and no widget sees them:

    sentinel            held; one or two characters, then 100 ms of silence: a person, replayed
                        Enter, or 250 ms of silence: a swipe
                        too long or too slow in all: swallowed to its end and thrown away
    other character     held for 40 ms of silence, then replayed; more than eight of them, or eight
                        and Enter within 200 ms: a scan, swallowed to its end and thrown away

Characters arrive as ASCII codes and live in one bytearray, which leaves here whole or is wiped.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

SENTINELS = b"%;+"
ENTER = 0x0D

SWIPE_GAP = 0.250
HUMAN_GAP = 0.100
HUMAN_LENGTH = 2
SWIPE_SECONDS = 3.0
SWIPE_LENGTH = 600
BURST_GAP = 0.040
BURST_LENGTH = 8
SCAN_SECONDS = 0.200
"""The shortest code of goods has eight digits; no hand types them and Enter in this time, and no
key that is held down repeats so fast."""


class Held(Enum):
    """What becomes of the keys that were held back before this one."""

    WAIT = auto()
    REPLAY = auto()
    SWIPE = auto()
    DROP = auto()


class Verdict(NamedTuple):
    """The fate of the keys held before, and whether this key is swallowed too."""

    held: Held
    swallow: bool


class _Mode(Enum):
    IDLE = auto()
    SWIPE = auto()
    BURST = auto()
    EATING = auto()
    """Thrown away until it is quiet."""
    AFTER = auto()
    """Something ended with Enter; a second one (CR, LF) belongs to it."""


class SwipeSense:
    """One keyboard's stream of characters. Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._mode = _Mode.IDLE
        self._codes = bytearray()
        self._swipe = bytearray()
        self._began = 0.0
        self._last = 0.0

    def take(self) -> bytearray:
        """The swipe that the last verdict announced, once; the taker wipes it."""
        swipe, self._swipe = self._swipe, bytearray()
        return swipe

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which `silence` must be asked; None while nothing is held."""
        if self._mode is _Mode.IDLE:
            return None
        if self._mode is _Mode.BURST:
            return BURST_GAP
        if self._mode is _Mode.AFTER or self.may_be_person:
            return HUMAN_GAP
        return SWIPE_GAP

    @property
    def may_be_person(self) -> bool:
        """Whether what is held may still have to be replayed."""
        if self._mode is _Mode.SWIPE:
            return len(self._codes) <= HUMAN_LENGTH
        return self._mode is _Mode.BURST

    def silence(self) -> Held:
        """Nothing came for `patience` seconds: what becomes of the keys held."""
        mode, self._mode = self._mode, _Mode.IDLE
        if mode is _Mode.SWIPE and len(self._codes) > HUMAN_LENGTH:
            self._swipe, self._codes = self._codes, bytearray()
            return Held.SWIPE
        self._wipe()
        if mode in (_Mode.SWIPE, _Mode.BURST):
            return Held.REPLAY
        return Held.DROP if mode is _Mode.EATING else Held.WAIT

    def key(self, code: int | None, at: float) -> Verdict:
        """A key that types this character; None for one that types none (F2, Backspace)."""
        late = self.patience is not None and at - self._last > self.patience
        before = self.silence() if late else Held.WAIT
        self._last = at
        if self._mode is _Mode.AFTER and code == ENTER:
            return Verdict(before, swallow=True)
        if self._mode in (_Mode.IDLE, _Mode.AFTER):
            return Verdict(before, swallow=self._begin(code, at))
        if self._mode is _Mode.EATING:
            if code == ENTER:
                self._mode = _Mode.AFTER
            return Verdict(Held.DROP, swallow=True)
        if code is None or code == ENTER:
            return self._end(code, at)
        return self._grow(code, at)

    def _begin(self, code: int | None, at: float) -> bool:
        if code is None or code == ENTER:
            self._mode = _Mode.IDLE
            return False
        self._mode = _Mode.SWIPE if code in SENTINELS else _Mode.BURST
        self._began = at
        self._codes.append(code)
        return True

    def _grow(self, code: int, at: float) -> Verdict:
        self._codes.append(code)
        too_much = (
            len(self._codes) > BURST_LENGTH
            if self._mode is _Mode.BURST
            else len(self._codes) > SWIPE_LENGTH or at - self._began > SWIPE_SECONDS
        )
        if not too_much:
            return Verdict(Held.WAIT, swallow=True)
        self._wipe()
        self._mode = _Mode.EATING
        return Verdict(Held.DROP, swallow=True)

    def _end(self, code: int | None, at: float) -> Verdict:
        person = self.may_be_person and not self._is_short_scan(code, at)
        if code is None and not person:
            return Verdict(Held.WAIT, swallow=True)  # no key of a reader's, and none for a widget
        if self._mode is _Mode.BURST and not person:
            self._mode = _Mode.EATING
        held = self.silence()
        if not person:
            self._mode = _Mode.AFTER
        return Verdict(held, swallow=not person)

    def _is_short_scan(self, code: int | None, at: float) -> bool:
        """Whether a burst that is short enough for a person was still too fast for one."""
        is_whole = code == ENTER and len(self._codes) == BURST_LENGTH
        return self._mode is _Mode.BURST and is_whole and at - self._began <= SCAN_SECONDS

    def _wipe(self) -> None:
        for index in range(len(self._codes)):
            self._codes[index] = 0
        self._codes.clear()
