"""The PIN pad that is drawn on the screen: training only, and impossible in a live shop.

It keeps the interface of a real pad: digits go in, an encrypted block comes out, nothing else.
"""

from __future__ import annotations

import hmac
import queue
from collections.abc import Callable

from devices.interfaces import PinRequest
from domain.ciphers import (
    CHECK_VALUE_BYTES,
    MAX_PIN_DIGITS,
    MIN_PIN_DIGITS,
    check_value,
    pin_block_iso0,
    tdes_decrypt,
    tdes_encrypt,
)
from domain.clock import Clock, SystemClock
from domain.faults import DeviceFault, SettingsFault
from domain.sale import EncryptedPin
from domain.settings import Settings

DIGITS = frozenset("0123456789")
KEYS = DIGITS | {"clear", "cancel", "enter"}
STOP = "stop"
MAX_PRESSES = 64
"""Keys that wait to be taken; a hand that is faster is not heard."""


class TrainingPinPad:
    """A pad without a case; `terminal_key` is what a real one keeps in its safe.

    Raises SettingsFault C-01 in a live shop.
    """

    def __init__(
        self, settings: Settings, terminal_key: bytes, *, clock: Clock | None = None
    ) -> None:
        if not settings.training:
            raise SettingsFault("C-01", "pin_pad: the training pad in a live shop")
        self.name = "training PIN pad"
        self._terminal_key = terminal_key
        self._pin_key = b""
        self._clock = clock or SystemClock()
        self._presses: queue.Queue[str] = queue.Queue(MAX_PRESSES)
        self._is_asking = False

    def __repr__(self) -> str:
        return "TrainingPinPad(keys hidden)"

    def load_pin_key(self, wrapped: bytes, check_value: bytes) -> None:
        """Take the working key. Raises DeviceFault K-01, and keeps the old one, if it does not fit."""
        self._pin_key = _unwrapped(self._terminal_key, wrapped, check_value)

    def read_pin(
        self, request: PinRequest, seconds: float, on_digits: Callable[[int], None]
    ) -> EncryptedPin | None:
        """Collect the digits that `press` brings; only one call at a time."""
        if not self._pin_key:
            raise DeviceFault("K-01", "no PIN key")
        self._forget_presses()
        pin = bytearray()
        self._is_asking = True
        try:
            on_digits(0)
            entered = self._collect(pin, seconds, on_digits, may_be_empty=request.bypass_allowed)
            return self._encrypted(pin, request) if entered else None
        finally:
            self._is_asking = False
            self._forget_presses()
            _zero(pin)

    def press(self, key: str) -> None:
        """A key of the drawn pad; unknown ones, and all while nobody asks, are not heard."""
        if key in KEYS:
            self._hear(key)

    def stop(self) -> None:
        """End a `read_pin` that is running; it raises P-01."""
        self._hear(STOP)

    def _hear(self, key: str) -> None:
        if self._is_asking:
            try:
                self._presses.put_nowait(key)
            except queue.Full:
                return

    def _collect(
        self,
        pin: bytearray,
        seconds: float,
        on_digits: Callable[[int], None],
        *,
        may_be_empty: bool,
    ) -> bool:
        """Fill `pin`; False where the customer pressed Enter alone."""
        deadline = self._clock.monotonic() + seconds
        while True:
            key = self._next_press(deadline - self._clock.monotonic())
            if key in DIGITS and len(pin) < MAX_PIN_DIGITS:
                pin.append(ord(key))
                on_digits(len(pin))
            elif key == "clear":
                _zero(pin)
                on_digits(0)
            elif key == "enter" and (len(pin) >= MIN_PIN_DIGITS or (may_be_empty and not pin)):
                return bool(pin)
            elif key == "cancel":
                raise DeviceFault("P-01", "cancelled")
            elif key == STOP:
                raise DeviceFault("P-01", "stopped")

    def _next_press(self, seconds: float) -> str:
        try:
            return self._presses.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise DeviceFault("P-01", "time over") from None

    def _encrypted(self, pin: bytearray, request: PinRequest) -> EncryptedPin:
        block = pin_block_iso0(pin, request.account.reveal())
        try:
            return EncryptedPin(tdes_encrypt(self._pin_key, block))
        finally:
            _zero(block)

    def _forget_presses(self) -> None:
        while True:
            try:
                self._presses.get_nowait()
            except queue.Empty:
                return


def _unwrapped(terminal_key: bytes, wrapped: bytes, expected: bytes) -> bytes:
    try:
        key = tdes_decrypt(terminal_key, wrapped)
        fits = hmac.compare_digest(check_value(key), expected)
    except ValueError:
        raise DeviceFault("K-01", "PIN key of a wrong length") from None
    if not key or len(expected) != CHECK_VALUE_BYTES or not fits:
        raise DeviceFault("K-01", "check value of the PIN key")
    return key


def _zero(buffer: bytearray) -> None:
    for index in range(len(buffer)):
        buffer[index] = 0
    del buffer[:]
