"""Guards the card reader on a serial cable, end to end over a pseudo terminal.

Whatever comes in, in whatever pieces, becomes a card, a BadCard or nothing; a cable that is pulled
is found again; a reader that waits lets go at once.
"""

from __future__ import annotations

import os
import termios
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.interfaces import Health
from devices.magstripe_reader import MagstripeReader
from devices.serial_port import SerialPort
from domain.card import BadCard
from domain.faults import DeviceFault

TRACK1 = b"%B4761739001010119^DOE/JANE^27122011000?"
TRACK2 = b";4761739001010119=27122011758928889?"
OTHER = b";5555555555554444=27122010000?"
SWIPE = TRACK1 + TRACK2 + b"\r"


class Cable:
    """A pseudo terminal behind a name that can vanish and come back."""

    def __init__(self, name: Path) -> None:
        self.name = name
        self.plug()

    def plug(self) -> None:
        self.far, near = os.openpty()
        tty.setraw(near)
        self.near = near
        self.name.symlink_to(os.ttyname(near))

    def unplug(self) -> None:
        self.name.unlink()
        os.close(self.near)
        os.close(self.far)

    def send(self, data: bytes) -> None:
        os.write(self.far, data)

    def wait_until_taken(self) -> None:
        """Until the reader has taken everything that was sent."""
        while int.from_bytes(_waiting(self.near), "little"):
            os.sched_yield()


def _waiting(near: int) -> bytes:
    import fcntl

    return fcntl.ioctl(near, termios.FIONREAD, bytes(4))


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    cable = Cable(tmp_path / "reader")
    yield cable
    if cable.name.is_symlink():
        cable.unplug()


@pytest.fixture
def reader(cable: Cable) -> Iterator[MagstripeReader]:
    reader = MagstripeReader(SerialPort(str(cable.name), 9600, lost="R-01"))
    yield reader
    reader.close()


def swiped(reader: MagstripeReader, cable: Cable, *pieces: bytes, seconds: float = 5.0) -> object:
    """What the reader makes of these pieces, sent once it is listening."""
    heard: list[object] = []

    def listen() -> None:
        try:
            heard.append(reader.read(seconds))
        except (BadCard, DeviceFault) as error:
            heard.append(error)

    listener = threading.Thread(target=listen)
    listening = listening_once(reader)
    listener.start()
    listening.wait(5)
    for piece in pieces:
        cable.send(piece)
        cable.wait_until_taken()
    listener.join(10)
    assert not listener.is_alive()
    return heard[0]


def listening_once(reader: MagstripeReader) -> threading.Event:
    """Set when the reader asks its cable for the first time."""
    begun = threading.Event()
    port = reader._port
    read = port.read

    def read_and_tell(*, wait: bool = True) -> bytearray:
        begun.set()
        return read(wait=wait)

    port.read = read_and_tell  # type: ignore[method-assign]
    return begun


def masked(result: object) -> str:
    return result.pan.masked  # type: ignore[attr-defined, no-any-return]


def test_a_whole_frame_is_a_card(reader: MagstripeReader, cable: Cable) -> None:
    card = swiped(reader, cable, SWIPE)
    assert masked(card) == "476173******0119"
    assert (card.expiry, card.service_code) == ("2712", "201")  # type: ignore[attr-defined]


def test_a_frame_byte_by_byte_is_the_same_card(reader: MagstripeReader, cable: Cable) -> None:
    pieces = [SWIPE[place : place + 1] for place in range(len(SWIPE))]
    assert masked(swiped(reader, cable, *pieces)) == "476173******0119"


def test_a_frame_that_ends_in_silence_is_a_card(reader: MagstripeReader, cable: Cable) -> None:
    assert masked(swiped(reader, cable, TRACK2)) == "476173******0119"


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n", b"\r\r\n"])
def test_every_usual_end_is_an_end(reader: MagstripeReader, cable: Cable, end: bytes) -> None:
    assert masked(swiped(reader, cable, TRACK2 + end)) == "476173******0119"


def test_a_right_lrc_is_taken_and_a_wrong_one_refused(
    reader: MagstripeReader, cable: Cable
) -> None:
    lrc = 0
    for character in TRACK2:
        lrc ^= (character - 0x30) & 0x0F
    right, wrong = bytes((lrc + 0x30,)), bytes(((lrc ^ 1) + 0x30,))
    assert masked(swiped(reader, cable, TRACK2 + right + b"\r")) == "476173******0119"
    assert swiped(reader, cable, TRACK2 + wrong + b"\r").why == "lrc"  # type: ignore[attr-defined]


def test_the_second_of_two_glued_swipes_is_not_kept_for_the_next_payment(
    reader: MagstripeReader, cable: Cable
) -> None:
    assert masked(swiped(reader, cable, SWIPE + OTHER + b"\r")) == "476173******0119"
    assert reader.read(0.05) is None


def test_after_a_bad_swipe_the_good_one_glued_to_it_counts(
    reader: MagstripeReader, cable: Cable
) -> None:
    bad = swiped(reader, cable, b";E?\r" + OTHER + b"\r")
    assert bad.why == "unreadable"  # type: ignore[attr-defined]
    assert masked(reader.read(5)) == "555555******4444"


def test_a_swipe_before_anybody_asked_is_thrown_away(reader: MagstripeReader, cable: Cable) -> None:
    assert reader.health() is Health.READY
    cable.send(OTHER + b"\r")
    assert reader.read(0.05) is None


@pytest.mark.parametrize("noise", [b"\x00\xff\x1b[A\r", b"hello\r", b"?;?\r", b"%?\r", b";=?\r"])
def test_noise_is_a_bad_card_and_the_next_swipe_is_good(
    reader: MagstripeReader, cable: Cable, noise: bytes
) -> None:
    assert isinstance(swiped(reader, cable, noise), BadCard)
    assert masked(swiped(reader, cable, SWIPE)) == "476173******0119"


def test_a_frame_without_end_is_bounded(reader: MagstripeReader, cable: Cable) -> None:
    result = swiped(reader, cable, *[b"1" * 100] * 20)
    assert isinstance(result, BadCard)
    assert result.why == "length"
    assert not reader._pending


def test_nothing_is_nothing_when_the_time_is_over(reader: MagstripeReader, cable: Cable) -> None:
    assert reader.read(0.0) is None
    assert cable.name.is_symlink()


def test_stop_from_another_thread_ends_a_read_at_once(
    reader: MagstripeReader, cable: Cable
) -> None:
    listening = listening_once(reader)
    ended: list[tuple[object, float]] = []
    listener = threading.Thread(target=lambda: ended.append((reader.read(60), time.monotonic())))
    listener.start()
    assert listening.wait(5)
    stopped_at = time.monotonic()
    reader.stop()
    listener.join(5)
    result, ended_at = ended[0]
    assert result is None
    assert ended_at - stopped_at < 1.0
    assert masked(swiped(reader, cable, SWIPE)) == "476173******0119"


def test_a_stop_while_nobody_reads_is_forgotten(reader: MagstripeReader, cable: Cable) -> None:
    reader.stop()
    assert masked(swiped(reader, cable, SWIPE)) == "476173******0119"


def test_a_pulled_cable_is_r01_and_a_plugged_one_is_found_again(
    reader: MagstripeReader, cable: Cable
) -> None:
    assert reader.health() is Health.READY
    cable.unplug()
    assert reader.health() is Health.ABSENT
    with pytest.raises(DeviceFault, match="R-01"):
        reader.read(0.1)
    cable.plug()
    assert masked(swiped(reader, cable, SWIPE)) == "476173******0119"
    assert reader.health() is Health.READY


def test_a_cable_pulled_during_a_read_is_r01(reader: MagstripeReader, cable: Cable) -> None:
    listening = listening_once(reader)
    faults: list[str] = []

    def listen() -> None:
        try:
            reader.read(60)
        except DeviceFault as fault:
            faults.append(fault.fault.code)

    listener = threading.Thread(target=listen)
    listener.start()
    assert listening.wait(5)
    cable.unplug()
    listener.join(10)
    assert faults == ["R-01"]


def test_a_stop_ends_the_wait_for_a_lost_cable_without_a_fault(
    reader: MagstripeReader, cable: Cable
) -> None:
    cable.unplug()
    for _ in range(4):
        with pytest.raises(DeviceFault, match="R-01"):
            reader.read(0.0)
    ended: list[object] = []
    reader._port._not_before = time.monotonic() + 60
    listener = threading.Thread(target=lambda: ended.append(reader.read(90)))
    listener.start()
    while reader._port.is_stopped or not listener.is_alive():
        os.sched_yield()
    while not ended:
        reader.stop()
        listener.join(0.05)
    assert ended == [None]


def test_one_line_has_one_reader(reader: MagstripeReader, cable: Cable) -> None:
    assert reader.health() is Health.READY
    second = MagstripeReader(SerialPort(str(cable.name), 9600, lost="R-01"))
    assert second.health() is Health.ABSENT


def test_no_error_of_a_swipe_holds_its_digits(reader: MagstripeReader, cable: Cable) -> None:
    result = swiped(reader, cable, b";4761739001010118=27122011758928889?\r")
    assert isinstance(result, BadCard)
    assert "47617390" not in repr(result) + str(result.__cause__) + str(result.__context__)
