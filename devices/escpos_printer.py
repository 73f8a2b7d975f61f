"""A receipt printer that speaks ESC/POS: asked before a page and after it, so that none vanishes.

Before: no paper, an open cover or nobody there, and nothing is sent. After: the page has come out
when the printer answers a question that stood behind it. One that never answers prints too, but
nobody knows whether it did: L-03, every time.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.escpos_page import PageComposer
from devices.interfaces import Health
from devices.printer_wire import PrinterWire
from domain.clock import Clock, SystemClock
from domain.document import Document
from domain.faults import DeviceFault

ASK_STATE, ASK_WHY_OFFLINE, ASK_PAPER = b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x04"
"""DLE EOT n: answered at once, even by a printer that is off-line, in one byte."""

ASK_WHEN_DONE = b"\x1dr\x01"
"""GS r 1: answered only when everything before it has been printed."""

OFFLINE = 0x08
COVER_OPEN, STOPPED_BY_PAPER = 0x04, 0x20
PAPER_LOW, PAPER_OUT = 0x0C, 0x60
DONE_PAPER_OUT = 0x0C

ANSWER_SECONDS = 1.0
DONE_SECONDS = 8.0
MOST_STALE_READS = 16

FAULTS = {Health.PAPER_OUT: "L-01", Health.COVER_OPEN: "L-04"}


class EscposPrinter:
    """A paper printer at the end of a wire; used by one thread."""

    def __init__(
        self, wire: PrinterWire, composer: PageComposer, *, clock: Clock | None = None
    ) -> None:
        self.name = wire.name
        self._wire = wire
        self._composer = composer
        self._clock = clock or SystemClock()

    def print(self, document: Document, job: int) -> None:  # noqa: ARG002  # paper keeps no numbers
        """Print one page; returns when the printer has said that it is done."""
        page = self._composer.bytes_of(document)
        try:
            self._wire.open()
            before = self._ask_health()
            if before in FAULTS:
                raise DeviceFault(FAULTS[before], before.value)
            self._send(page)
        except DeviceFault:
            self._wire.close()
            raise
        self._wire.rest()

    def health(self) -> Health:
        """Ask the printer; the first question also does the slow imports of the first page."""
        self._composer.warm_up()
        try:
            self._wire.open()
            health = self._ask_health()
        except DeviceFault:
            self._wire.close()
            return Health.ABSENT
        self._wire.rest()
        return health

    def close(self) -> None:
        """Let go of the cable."""
        self._wire.close()

    def _send(self, page: bytes) -> None:
        """The page, and the proof that it came out. Raises DeviceFault L-03 without one."""
        try:
            if not self._wire.answers:
                self._wire.write(page)
                return
            self._wire.write(page + ASK_WHEN_DONE)
            done = self._answer(_is_done, DONE_SECONDS + self._wire.seconds_for(len(page)))
            # A printer that does not know GS r can still prove that the page arrived, and that
            # neither paper nor cover is in its way.
            after = self._ask_health() if done is None else _paper_when(done)
        except DeviceFault as fault:
            if fault.fault.code == "L-01":
                raise
            raise DeviceFault("L-03", fault.detail) from None
        if after not in {Health.READY, Health.PAPER_LOW}:
            raise DeviceFault("L-03", after.value)

    def _ask_health(self) -> Health:
        """What the printer says of itself now. Raises DeviceFault where the wire is gone."""
        if not self._wire.answers:
            return Health.UNKNOWN
        self._forget_old_answers()
        state = self._asked(ASK_STATE)
        if state is None:
            return Health.UNKNOWN
        if state & OFFLINE:
            why = self._asked(ASK_WHY_OFFLINE)
            if why is not None and why & COVER_OPEN:
                return Health.COVER_OPEN
            if why is not None and why & STOPPED_BY_PAPER:
                return Health.PAPER_OUT
        paper = self._asked(ASK_PAPER)
        if paper is not None and paper & PAPER_OUT:
            return Health.PAPER_OUT
        if state & OFFLINE:
            return Health.COVER_OPEN
        if paper is None:
            return Health.UNKNOWN
        return Health.PAPER_LOW if paper & PAPER_LOW else Health.READY

    def _asked(self, question: bytes) -> int | None:
        self._wire.write(question)
        return self._answer(_is_state, ANSWER_SECONDS)

    def _answer(self, wanted: Callable[[int], bool], seconds: float) -> int | None:
        """The next byte of the wanted shape; four-byte automatic reports (ASB) are passed over."""
        deadline = self._clock.monotonic() + seconds
        report_bytes_left = 0
        while True:
            for byte in self._wire.read():
                if report_bytes_left and not byte & 0x90:
                    report_bytes_left -= 1
                elif _begins_report(byte):
                    report_bytes_left = 3
                elif wanted(byte):
                    return byte
            if self._clock.monotonic() >= deadline:
                return None

    def _forget_old_answers(self) -> None:
        for _ in range(MOST_STALE_READS):
            if not self._wire.read(wait=False):
                return


def _paper_when(done: int) -> Health:
    return Health.PAPER_OUT if done & DONE_PAPER_OUT == DONE_PAPER_OUT else Health.READY


def _is_state(byte: int) -> bool:
    """An answer to DLE EOT: bits 1 and 4 are set, 0 and 7 are not."""
    return byte & 0x93 == 0x12


def _is_done(byte: int) -> bool:
    """An answer to GS r 1: bits 4 and 7 are clear."""
    return not byte & 0x90


def _begins_report(byte: int) -> bool:
    """The first byte of an automatic status report: bit 4 is set, 0, 1 and 7 are not."""
    return byte & 0x93 == 0x10
