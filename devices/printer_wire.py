"""The ways to a receipt printer: network, serial line, or a device file; bytes only.

Every wire raises DeviceFault L-02 where the printer cannot be reached; what that means once data
has been sent is for devices/escpos_printer.py to say.
"""

from __future__ import annotations

import errno
import os
import select
import socket
from typing import Protocol

from devices.serial_port import SLICE_SECONDS, SerialPort
from domain.faults import DeviceFault
from domain.settings import PrinterSettings

NETWORK_SECONDS = 5.0
ANSWER_BYTES = 256
BITS_A_BYTE = 10
"""On a serial line: a start bit, eight, and a stop bit."""


class PrinterWire(Protocol):
    """One way to a printer. `answers` is False where nothing can ever come back."""

    name: str
    answers: bool

    def open(self) -> None:
        """Reach the printer, or find it reachable still."""
        ...

    def write(self, data: bytes) -> None:
        """Send it all."""
        ...

    def read(self, *, wait: bool = True) -> bytes:
        """What has come back, after SLICE_SECONDS at most; empty where nothing has."""
        ...

    def seconds_for(self, size: int) -> float:
        """How long so many bytes are on the way, at the least."""
        ...

    def rest(self) -> None:
        """The conversation is over; another till may have its turn."""
        ...

    def close(self) -> None:
        """Let go of the cable."""
        ...


class NetworkWire:
    """Raw TCP, port 9100 as a rule; every conversation has a connection of its own.

    A kept one may have been closed by the printer, and the first writes to it would seem to work.
    """

    answers = True

    def __init__(self, host: str, port: int) -> None:
        self.name = f"printer at {host}:{port}"
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self) -> None:
        if self._socket is not None:
            return
        try:
            self._socket = socket.create_connection(self._address, NETWORK_SECONDS)
        except OSError:
            raise DeviceFault("L-02", "not reached") from None

    def write(self, data: bytes) -> None:
        try:
            self._opened().sendall(data)
        except OSError:
            raise DeviceFault("L-02", "connection lost") from None

    def read(self, *, wait: bool = True) -> bytes:
        line = self._opened()
        try:
            ready, _, _ = select.select([line], [], [], SLICE_SECONDS if wait else 0.0)
            if not ready:
                return b""
            answer = line.recv(ANSWER_BYTES)
        except OSError:
            raise DeviceFault("L-02", "connection lost") from None
        if not answer:
            raise DeviceFault("L-02", "connection closed")
        return answer

    def seconds_for(self, size: int) -> float:  # noqa: ARG002  # a network's speed is not ours to know
        return 0.0

    def rest(self) -> None:
        self.close()

    def close(self) -> None:
        line, self._socket = self._socket, None
        if line is not None:
            line.close()

    def _opened(self) -> socket.socket:
        if self._socket is None:
            raise DeviceFault("L-02", "not open")
        return self._socket


class SerialWire:
    """A serial line that stays open, since many printers start anew whenever it is opened."""

    answers = True

    def __init__(self, port: SerialPort) -> None:
        self.name = f"printer at {port.port}"
        self._port = port

    def open(self) -> None:
        self._port.ready_again()
        self._port.open()

    def write(self, data: bytes) -> None:
        # In pieces that each fit into the time that a write may take.
        piece = max(1, self._port.baud // BITS_A_BYTE)
        for start in range(0, len(data), piece):
            self._port.write(data[start : start + piece])

    def read(self, *, wait: bool = True) -> bytes:
        return bytes(self._port.read(wait=wait))

    def seconds_for(self, size: int) -> float:
        return size * BITS_A_BYTE / self._port.baud

    def rest(self) -> None:
        """The line stays."""

    def close(self) -> None:
        self._port.close()


class FileWire:
    """A device file such as /dev/usb/lp0, or a plain file: nothing comes back."""

    answers = False

    def __init__(self, device: str) -> None:
        self.name = f"printer at {device}"
        self._device = device
        self._file: int | None = None

    def open(self) -> None:
        if self._file is not None:
            return
        flags = (
            os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        if not self._device.startswith("/dev/"):
            flags |= os.O_CREAT  # in /dev a plain file would take the place of an unplugged printer
        try:
            self._file = os.open(self._device, flags, 0o600)
        except OSError:
            raise DeviceFault("L-02", "not found") from None

    def write(self, data: bytes) -> None:
        if self._file is None:
            raise DeviceFault("L-02", "not open")
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._file, left) :]
            except BlockingIOError:
                _, ready, _ = select.select([], [self._file], [], NETWORK_SECONDS)
                if not ready:
                    raise DeviceFault("L-02", "takes nothing") from None
            except OSError as error:
                # The kernel's printer driver says this of an empty roll.
                code = "L-01" if error.errno == errno.ENOSPC else "L-02"
                raise DeviceFault(code, "write failed") from None

    def read(self, *, wait: bool = True) -> bytes:  # noqa: ARG002  # nothing ever comes
        return b""

    def seconds_for(self, size: int) -> float:  # noqa: ARG002  # nothing is awaited
        return 0.0

    def rest(self) -> None:
        self.close()

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def wire_for(printer: PrinterSettings) -> PrinterWire:
    """The way that the settings name. Raises ValueError for a printer without one."""
    match printer.kind:
        case "network":
            return NetworkWire(printer.host, printer.port)
        case "serial":
            return SerialWire(SerialPort(printer.device, printer.baud, lost="L-02"))
        case "file":
            return FileWire(printer.device)
        case _:
            raise ValueError(f"a {printer.kind} printer has no wire")
