"""Guards what the till believes of a receipt printer, over real TCP, a pseudo terminal and a file.

Nothing is sent to a printer that cannot print; nothing counts as printed that was not confirmed.
"""

from __future__ import annotations

import os
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices import escpos_printer
from devices.escpos_page import PageComposer
from devices.escpos_printer import EscposPrinter
from devices.interfaces import Health
from devices.printer_wire import FileWire, NetworkWire, SerialWire
from devices.serial_port import SerialPort
from domain.document import Document, Text
from domain.faults import DeviceFault
from domain.settings import PrinterSettings
from tests.devices.receipt_printer import Mood, TcpPrinter, read_page

PAGE = Document((Text("AMOUNT CNY 128.00"),))
AUTOMATIC_REPORT = b"\x10\x00\x0f\x00"


@pytest.fixture
def composer(tmp_path_factory: pytest.TempPathFactory) -> PageComposer:
    return PageComposer(PrinterSettings(), tmp_path_factory.mktemp("escpos"))


@pytest.fixture
def printing_with(
    composer: PageComposer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Mood], tuple[EscposPrinter, TcpPrinter]]]:
    """A till's printer and the thing at the other end of its network cable."""
    # A silent printer is known for one after this long; real ones get longer.
    monkeypatch.setattr(escpos_printer, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(escpos_printer, "DONE_SECONDS", 0.3)
    opened: list[TcpPrinter] = []

    def start(mood: Mood) -> tuple[EscposPrinter, TcpPrinter]:
        far = TcpPrinter(mood)
        opened.append(far)
        return EscposPrinter(NetworkWire("127.0.0.1", far.port), composer), far

    yield start
    for far in opened:
        far.close()


Starter = Callable[[Mood], tuple[EscposPrinter, TcpPrinter]]


def test_a_page_that_came_out_is_confirmed(printing_with: Starter) -> None:
    printer, far = printing_with(Mood())
    printer.print(PAGE, 1)
    far.close()
    assert read_page(far.jobs[0]).lines == ["AMOUNT CNY 128.00".ljust(48)]
    assert read_page(far.jobs[0]).cuts == 1


def test_every_page_has_its_own_connection(printing_with: Starter) -> None:
    printer, far = printing_with(Mood())
    printer.print(PAGE, 1)
    printer.print(PAGE, 2)
    far.close()
    assert len(far.jobs) == 2


@pytest.mark.parametrize(
    ("mood", "health"),
    [
        (Mood(), Health.READY),
        (Mood(paper=0x1E), Health.PAPER_LOW),
        (Mood(paper=0x7E), Health.PAPER_OUT),
        (Mood(state=0x1A, why=0x32), Health.PAPER_OUT),
        (Mood(state=0x1A, why=0x16), Health.COVER_OPEN),
        (Mood(state=0x1A), Health.COVER_OPEN),
        (Mood(is_silent=True), Health.UNKNOWN),
        (Mood(chatter=AUTOMATIC_REPORT), Health.READY),
        (Mood(chatter=AUTOMATIC_REPORT, paper=0x7E), Health.PAPER_OUT),
        (Mood(hangs_up_after=0), Health.ABSENT),
    ],
)
def test_its_health_is_what_it_says(printing_with: Starter, mood: Mood, health: Health) -> None:
    printer, _ = printing_with(mood)
    assert printer.health() is health


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (Mood(paper=0x7E), "L-01"),
        (Mood(state=0x1A, why=0x32), "L-01"),
        (Mood(state=0x1A, why=0x16), "L-04"),
        (Mood(state=0x1A), "L-04"),
    ],
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(
    printing_with: Starter, mood: Mood, code: str
) -> None:
    printer, far = printing_with(mood)
    with pytest.raises(DeviceFault, match=code):
        printer.print(PAGE, 1)
    far.close()
    assert far.jobs == []


@pytest.mark.parametrize(
    "mood",
    [
        Mood(is_silent=True),
        Mood(hangs_up_after=10),
        Mood(done=0x0C),
        Mood(paper_ends_during_page=True),
    ],
    ids=["never answers", "closes mid-receipt", "paper out behind it", "paper ends in it"],
)
def test_a_page_that_nobody_confirmed_is_l03(printing_with: Starter, mood: Mood) -> None:
    printer, far = printing_with(mood)
    with pytest.raises(DeviceFault, match="L-03"):
        printer.print(PAGE, 1)
    far.close()
    assert len(far.jobs) == 1


def test_a_printer_that_knows_no_done_question_confirms_by_its_state(
    printing_with: Starter,
) -> None:
    printer, far = printing_with(Mood(knows_done=False))
    printer.print(PAGE, 1)
    far.close()
    assert len(far.jobs) == 1


def test_automatic_reports_are_no_answers(printing_with: Starter) -> None:
    printer, _ = printing_with(Mood(chatter=AUTOMATIC_REPORT, is_silent=True))
    with pytest.raises(DeviceFault, match="L-03"):
        printer.print(PAGE, 1)


def test_a_printer_that_is_not_there_is_l02(composer: PageComposer) -> None:
    far = TcpPrinter(Mood())
    far.close()
    printer = EscposPrinter(NetworkWire("127.0.0.1", far.port), composer)
    with pytest.raises(DeviceFault, match="L-02"):
        printer.print(PAGE, 1)
    assert printer.health() is Health.ABSENT


def test_a_printer_that_is_switched_on_again_prints(printing_with: Starter) -> None:
    mood = Mood(paper=0x7E)
    printer, far = printing_with(mood)
    with pytest.raises(DeviceFault, match="L-01"):
        printer.print(PAGE, 1)
    mood.paper = 0x12
    printer.print(PAGE, 1)
    far.close()
    assert len(far.jobs) == 1


def test_a_silent_serial_printer_is_l03_and_a_pulled_one_l02(
    composer: PageComposer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escpos_printer, "ANSWER_SECONDS", 0.0)
    monkeypatch.setattr(escpos_printer, "DONE_SECONDS", 0.0)
    far, near = os.openpty()
    tty.setraw(near)
    wire = SerialWire(SerialPort(os.ttyname(near), 115200, lost="L-02"))
    printer = EscposPrinter(wire, composer)
    with pytest.raises(DeviceFault, match="L-03"):
        printer.print(PAGE, 1)
    assert b"AMOUNT CNY 128.00" in os.read(far, 4096)
    os.close(near)
    os.close(far)
    with pytest.raises(DeviceFault, match="L-02"):
        printer.print(PAGE, 1)
    printer.close()


def test_a_device_file_takes_each_page_and_says_nothing(
    composer: PageComposer, tmp_path: Path
) -> None:
    device = tmp_path / "lp0"
    printer = EscposPrinter(FileWire(str(device)), composer)
    assert printer.health() is Health.UNKNOWN
    printer.print(PAGE, 1)
    printer.print(PAGE, 2)
    assert read_page(device.read_bytes()).cuts == 2


def test_no_file_takes_the_place_of_an_unplugged_device(composer: PageComposer) -> None:
    device = "/dev/no-such-printer"
    printer = EscposPrinter(FileWire(device), composer)
    with pytest.raises(DeviceFault, match="L-02"):
        printer.print(PAGE, 1)
    assert not Path(device).exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_kernel_that_says_no_space_means_no_paper(composer: PageComposer) -> None:
    with pytest.raises(DeviceFault, match="L-01"):
        EscposPrinter(FileWire("/dev/full"), composer).print(PAGE, 1)
