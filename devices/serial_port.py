"""A serial cable: bytes in and out, pulled out and plugged in again; it knows no meaning.

Always 8N1: some pseudo terminals refuse any other setting when they are opened again. DTR and RTS
are left as the system sets them, since not every line has them.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import serial

from domain.clock import Clock, SystemClock
from domain.faults import DeviceFault

try:
    from termios import error as _termios_error

    # pyserial lets this one through: it is no OSError, and a lost line raises it.
    CABLE_ERRORS: tuple[type[Exception], ...] = (serial.SerialException, OSError, _termios_error)
except ImportError:  # Windows has no termios
    CABLE_ERRORS = (serial.SerialException, OSError)

OPENING_ERRORS: tuple[type[Exception], ...] = (*CABLE_ERRORS, ValueError)
CANCELLING_ERRORS: tuple[type[Exception], ...] = (*CABLE_ERRORS, AttributeError, TypeError)
"""What `cancel_read` meets on a line that the reading thread is just closing."""

SLICE_SECONDS = 0.1
"""The longest single wait; changing it while the port is open would set the line up anew."""

WRITE_SECONDS = 5.0
FIRST_BACK_OFF_SECONDS = 0.25
LONGEST_BACK_OFF_SECONDS = 4.0


class SerialPort:
    """One cable, opened when it is first used; `lost` is the fault that its device has then.

    One thread reads and writes; `stop` may come from any other.
    """

    def __init__(self, port: str, baud: int, *, lost: str, clock: Clock | None = None) -> None:
        self.port = port
        self.baud = baud
        self._lost = lost
        self._clock = clock or SystemClock()
        self._line: serial.Serial | None = None
        self._stopped = threading.Event()
        self._back_off = 0.0
        self._not_before = 0.0

    def open(self, seconds: float = 0.0) -> None:
        """Have the cable open, after waiting out the back-off if `seconds` allow it.

        Raises DeviceFault where the cable is not there.
        """
        if self._line is not None:
            return
        rest = self._not_before - self._clock.monotonic()
        if rest > 0:
            self._stopped.wait(min(rest, seconds))
            if rest > seconds or self._stopped.is_set():
                raise DeviceFault(self._lost, "not found")
        try:
            self._line = serial.Serial(
                self.port,
                self.baud,
                timeout=SLICE_SECONDS,
                write_timeout=WRITE_SECONDS,
                exclusive=True,
            )
        except OPENING_ERRORS:
            self._lose()
            raise DeviceFault(self._lost, "not found") from None
        self._back_off = 0.0

    def ready_again(self) -> None:
        """Forget a `stop` that came before this moment."""
        self._stopped.clear()

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called since `ready_again`."""
        return self._stopped.is_set()

    def read(self, *, wait: bool = True) -> bytearray:
        """What has come in, after SLICE_SECONDS at most; empty where nothing has.

        Raises DeviceFault where the cable is gone. The caller wipes the buffer.
        """
        line = self._opened()
        try:
            return bytearray(line.read(line.in_waiting or wait))
        except CABLE_ERRORS:
            self._lose()
            raise DeviceFault(self._lost, "unplugged") from None

    def write(self, data: bytes) -> None:
        """Send it all. Raises DeviceFault where the cable is gone or the other end takes nothing."""
        line = self._opened()
        try:
            line.write(data)
            line.flush()
        except CABLE_ERRORS:
            self._lose()
            raise DeviceFault(self._lost, "unplugged") from None

    def forget_input(self) -> None:
        """Throw away what came in while nobody was reading."""
        line = self._opened()
        try:
            line.reset_input_buffer()
        except CABLE_ERRORS:
            self._lose()
            raise DeviceFault(self._lost, "unplugged") from None

    def is_there(self) -> bool:
        """Whether the cable answers now; opens it if that is possible at once."""
        try:
            self.open()
            return self._opened().in_waiting >= 0 and self._still_has_a_name()
        except DeviceFault:
            return False
        except CABLE_ERRORS:
            self._lose()
            return False

    def stop(self) -> None:
        """Make a `read` return at once and the back-off end."""
        self._stopped.set()
        line = self._line
        if line is not None:
            try:
                line.cancel_read()
            except CANCELLING_ERRORS:
                return

    def close(self) -> None:
        """Let go of the cable; it opens again when it is next used."""
        line, self._line = self._line, None
        if line is not None:
            try:
                line.close()
            except CABLE_ERRORS:
                return

    def _opened(self) -> serial.Serial:
        if self._line is None:
            raise DeviceFault(self._lost, "not open")
        return self._line

    def _still_has_a_name(self) -> bool:
        """On POSIX the name of an unplugged line vanishes while its descriptor lives on."""
        return os.name != "posix" or Path(self.port).exists()

    def _lose(self) -> None:
        self.close()
        self._back_off = min(
            max(FIRST_BACK_OFF_SECONDS, self._back_off * 2), LONGEST_BACK_OFF_SECONDS
        )
        self._not_before = self._clock.monotonic() + self._back_off
