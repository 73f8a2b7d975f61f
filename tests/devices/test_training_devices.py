"""Guards the devices of training: a pad that lets no digit out, a printer that keeps each job once.

Neither can be had in a live shop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from devices.interfaces import Health, PinRequest
from devices.registry import make_devices
from devices.simulators import TrainingPinPad
from devices.text_printer import TrainingPrinter, text_lines
from domain.card import Hidden
from domain.ciphers import check_value, tdes_decrypt, tdes_encrypt
from domain.document import Align, Blank, Document, Pair, Qr, Text
from domain.faults import DeviceFault, SettingsFault
from domain.money import Money
from domain.settings import TRAINING, PrinterSettings, ReaderSettings, Settings

TERMINAL_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PIN_KEY = bytes.fromhex("1C3B5A79A8C7E60515263748596A7B8C")
WRAPPED = tdes_encrypt(TERMINAL_KEY, PIN_KEY)
ACCOUNT = b"173901010010"
LIVE = replace(TRAINING, training=False)
PAGE = Document((Text("SLIP"),))


@pytest.fixture
def pad() -> TrainingPinPad:
    pad = TrainingPinPad(TRAINING, TERMINAL_KEY)
    pad.load_pin_key(WRAPPED, check_value(PIN_KEY))
    return pad


def request(*, bypass: bool = False) -> PinRequest:
    return PinRequest(Hidden(bytearray(ACCOUNT)), Money(12800), bypass)


def pressing(pad: TrainingPinPad, *keys: str) -> tuple[list[int], Callable[[int], None]]:
    """A listener that presses these keys as soon as the pad says that it is asking."""
    counts: list[int] = []

    def on_digits(count: int) -> None:
        counts.append(count)
        if len(counts) == 1:
            for key in keys:
                pad.press(key)

    return counts, on_digits


def clear_block(block: bytes) -> bytes:
    account = bytes.fromhex("0000" + ACCOUNT.decode())
    return bytes(a ^ b for a, b in zip(tdes_decrypt(PIN_KEY, block), account, strict=True))


@pytest.mark.parametrize(
    ("keys", "block", "counts"),
    [
        ("1234", "041234FFFFFFFFFF", [0, 1, 2, 3, 4]),
        ("123456789012", "0C123456789012FF", list(range(13))),
        ("1234567890123456", "0C123456789012FF", list(range(13))),
    ],
)
def test_the_block_is_iso_format_0_of_the_digits(
    pad: TrainingPinPad, keys: str, block: str, counts: list[int]
) -> None:
    heard, on_digits = pressing(pad, *keys, "enter")
    pin = pad.read_pin(request(), 5, on_digits)
    assert pin is not None
    assert clear_block(pin.block).hex().upper() == block
    assert heard == counts


def test_clear_begins_again(pad: TrainingPinPad) -> None:
    heard, on_digits = pressing(pad, *"99", "clear", *"1234", "enter")
    pin = pad.read_pin(request(), 5, on_digits)
    assert pin is not None
    assert clear_block(pin.block).hex().upper() == "041234FFFFFFFFFF"
    assert heard == [0, 1, 2, 0, 1, 2, 3, 4]


def test_three_digits_are_not_enough_and_unknown_keys_are_not_heard(pad: TrainingPinPad) -> None:
    heard, on_digits = pressing(pad, *"123", "enter", "F1", "", "12", "4", "enter")
    assert pad.read_pin(request(), 5, on_digits) is not None
    assert heard == [0, 1, 2, 3, 4]


def test_enter_alone_is_no_pin_where_that_is_allowed(pad: TrainingPinPad) -> None:
    _, on_digits = pressing(pad, "enter")
    assert pad.read_pin(request(bypass=True), 5, on_digits) is None


@pytest.mark.parametrize(
    ("keys", "seconds", "detail"),
    [(("1", "cancel"), 5, "cancelled"), (("1", "enter"), 0.0, "time over"), ((), 0.0, "time over")],
)
def test_a_pin_that_does_not_come_is_p01(
    pad: TrainingPinPad, keys: tuple[str, ...], seconds: float, detail: str
) -> None:
    _, on_digits = pressing(pad, *keys)
    with pytest.raises(DeviceFault, match=f"P-01 {detail}"):
        pad.read_pin(request(), seconds, on_digits)


def test_stop_ends_the_question(pad: TrainingPinPad) -> None:
    def stop_at_first(_: int) -> None:
        pad.stop()

    with pytest.raises(DeviceFault, match="P-01 stopped"):
        pad.read_pin(request(), 60, stop_at_first)


def test_keys_and_stops_while_nobody_asks_are_forgotten(pad: TrainingPinPad) -> None:
    for key in ("9", "9", "9", "9", "enter"):
        pad.press(key)
    pad.stop()
    with pytest.raises(DeviceFault, match="P-01 time over"):
        pad.read_pin(request(), 0.0, print)


@pytest.mark.parametrize(
    ("wrapped", "value"),
    [
        (WRAPPED, bytes(4)),
        (WRAPPED, b""),
        (WRAPPED, check_value(PIN_KEY)[:3]),
        (WRAPPED[:8], check_value(PIN_KEY)),
        (WRAPPED[:5], check_value(PIN_KEY)),
        (b"", check_value(PIN_KEY)),
        (b"", b""),
    ],
)
def test_a_key_that_does_not_fit_is_k01_and_the_old_one_stays(
    pad: TrainingPinPad, wrapped: bytes, value: bytes
) -> None:
    with pytest.raises(DeviceFault, match="K-01"):
        pad.load_pin_key(wrapped, value)
    _, on_digits = pressing(pad, *"1234", "enter")
    assert pad.read_pin(request(), 5, on_digits) is not None


def test_without_a_key_there_is_no_question() -> None:
    with pytest.raises(DeviceFault, match="K-01"):
        TrainingPinPad(TRAINING, TERMINAL_KEY).read_pin(request(), 5, print)


def test_the_digits_are_wiped_whatever_happens(pad: TrainingPinPad) -> None:
    kept: list[bytearray] = []
    _, on_digits = pressing(pad, *"1234", "enter")
    collect = pad._collect

    def keep(pin: bytearray, *rest: object, **named: object) -> bool:
        kept.append(pin)
        return collect(pin, *rest, **named)  # type: ignore[arg-type]

    pad._collect = keep  # type: ignore[assignment]
    pad.read_pin(request(), 5, on_digits)
    assert kept == [bytearray()]


def test_the_pad_shows_and_logs_nothing(
    pad: TrainingPinPad, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, on_digits = pressing(pad, *"4921", "enter")
    pin = pad.read_pin(request(), 5, on_digits)
    assert caplog.text == ""
    assert repr(pad) == "TrainingPinPad(keys hidden)"
    assert pin is not None
    assert pin.block.hex() not in repr(pin)


def test_the_printer_keeps_each_job_once(tmp_path: Path) -> None:
    printer = TrainingPrinter(TRAINING, tmp_path / "slips")
    for _ in range(3):
        printer.print(PAGE, 12)
    printer.print(PAGE, 13)
    names = sorted(path.name for path in (tmp_path / "slips").iterdir())
    assert names == ["slip-000012.txt", "slip-000013.txt"]


def test_a_different_page_of_the_same_job_is_kept_as_its_copy(tmp_path: Path) -> None:
    printer = TrainingPrinter(TRAINING, tmp_path)
    printer.print(PAGE, 12)
    printer.print(Document((Text("*** DUPLICATE ***"), Text("SLIP"))), 12)
    assert (tmp_path / "slip-000012.txt").read_text() == "SLIP\n"
    assert (tmp_path / "copy-000012.txt").read_text() == "*** DUPLICATE ***\nSLIP\n"


@pytest.mark.parametrize(
    ("health", "code"),
    [(Health.PAPER_OUT, "L-01"), (Health.ABSENT, "L-02"), (Health.COVER_OPEN, "L-04")],
)
def test_played_trouble_prints_nothing_until_it_is_over(
    tmp_path: Path, health: Health, code: str
) -> None:
    printer = TrainingPrinter(TRAINING, tmp_path)
    printer.set_health(health)
    with pytest.raises(DeviceFault, match=code):
        printer.print(PAGE, 1)
    assert printer.health() is health
    assert list(tmp_path.iterdir()) == []
    printer.set_health(Health.PAPER_LOW)
    printer.print(PAGE, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["slip-000001.txt"]


def test_a_played_silence_prints_and_is_l03(tmp_path: Path) -> None:
    printer = TrainingPrinter(TRAINING, tmp_path)
    printer.set_health(Health.UNKNOWN)
    with pytest.raises(DeviceFault, match="L-03"):
        printer.print(PAGE, 1)
    assert (tmp_path / "slip-000001.txt").exists()


def test_a_folder_that_cannot_be_written_is_a_printer_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceFault, match="L-02"):
        TrainingPrinter(TRAINING, tmp_path / "file" / "slips").print(PAGE, 1)


def test_text_lines_spread_what_paper_doubles() -> None:
    page = Document(
        (
            Text("SHOP", Align.CENTRE, double=True),
            Pair("TYPE", "SALE", double=True),
            Text("LEFT", double=True),
            Blank(),
            Qr("https://r.example/1"),
        )
    )
    assert list(text_lines(page, 32)) == [
        "              SHOP",
        "TYPE                        SALE",
        "LEFT",
        "",
        "[QR https://r.example/1]",
    ]


@pytest.mark.parametrize("settings", [LIVE, replace(LIVE, pin_pad="none")])
def test_a_live_shop_gets_no_training_device(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="C-01"):
        make_devices(settings, tmp_path, TERMINAL_KEY)


def test_training_has_a_pad_and_a_printer_and_the_window_reads_the_stripes(tmp_path: Path) -> None:
    devices = make_devices(TRAINING, tmp_path, TERMINAL_KEY)
    assert devices.readers == ()
    assert isinstance(devices.pin_pad, TrainingPinPad)
    assert isinstance(devices.printer, TrainingPrinter)


@pytest.mark.parametrize(
    ("printer", "name"),
    [
        (PrinterSettings("network", host="10.0.0.9"), "printer at 10.0.0.9:9100"),
        (PrinterSettings("serial", device="/dev/ttyUSB0"), "printer at /dev/ttyUSB0"),
        (PrinterSettings("file", device="/dev/usb/lp0"), "printer at /dev/usb/lp0"),
    ],
)
def test_every_kind_of_printer_can_be_had(
    printer: PrinterSettings, name: str, tmp_path: Path
) -> None:
    settings = replace(LIVE, pin_pad="none", printer=printer)
    made = make_devices(settings, tmp_path, TERMINAL_KEY).printer
    assert made is not None
    assert made.name == name


def test_a_shop_may_have_no_printer_and_two_readers(tmp_path: Path) -> None:
    readers = (ReaderSettings("serial", "/dev/ttyS0"), ReaderSettings("serial", "COM12"))
    settings = replace(
        TRAINING, readers=(*readers, ReaderSettings()), printer=PrinterSettings("none")
    )
    devices = make_devices(settings, tmp_path, TERMINAL_KEY)
    assert [reader.name for reader in devices.readers] == [
        "card reader at /dev/ttyS0",
        "card reader at COM12",
    ]
    assert devices.printer is None
