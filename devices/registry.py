"""Settings into devices: called once, by main alone; a driver is imported only where it is used."""

from __future__ import annotations

from pathlib import Path

from devices.interfaces import CardReader, Devices, PinPad, Printer
from domain.settings import PrinterSettings, ReaderSettings, Settings


def make_devices(settings: Settings, folder: Path, terminal_key: bytes) -> Devices:
    """The devices of this till; nothing is opened yet.

    `folder` is the till's own: the papers of the training printer stand in `slips` below it. A
    reader that types like a keyboard is the window's, not ours. Raises SettingsFault C-01 where a
    live shop asks for a training device.
    """
    return Devices(
        readers=tuple(_reader(reader) for reader in settings.readers if reader.kind == "serial"),
        pin_pad=_pin_pad(settings, terminal_key),
        printer=_printer(settings, folder),
    )


def _reader(reader: ReaderSettings) -> CardReader:
    from devices.magstripe_reader import MagstripeReader
    from devices.serial_port import SerialPort

    return MagstripeReader(SerialPort(reader.port, reader.baud, lost="R-01"))


def _pin_pad(settings: Settings, terminal_key: bytes) -> PinPad | None:
    if settings.pin_pad == "none":
        return None
    from devices.simulators import TrainingPinPad

    return TrainingPinPad(settings, terminal_key)


def _printer(settings: Settings, folder: Path) -> Printer | None:
    printer = settings.printer
    if printer.kind == "none":
        return None
    if printer.kind == "training":
        from devices.text_printer import TrainingPrinter

        return TrainingPrinter(settings, folder / "slips")
    return _paper_printer(printer, folder)


def _paper_printer(printer: PrinterSettings, folder: Path) -> Printer:
    from devices.escpos_page import PageComposer
    from devices.escpos_printer import EscposPrinter
    from devices.printer_wire import wire_for

    return EscposPrinter(wire_for(printer), PageComposer(printer, folder / "escpos"))
