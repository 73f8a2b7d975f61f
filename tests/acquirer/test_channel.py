"""Guards the wire: a pinned key, nothing sent to strangers, kept connections, frames that attack."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from acquirer import channel as channel_file
from acquirer.channel import Channel
from acquirer.dialect import Dialect, dialect_named
from acquirer.simulator import _certificate
from domain.clock import ManualClock, SystemClock
from domain.faults import LinkFault, NoAnswer, NotSent, SettingsFault
from domain.settings import AcquirerProfile

UNIONPAY = dialect_named("unionpay")
WIRE = bytearray(b"\x00\x04abcd")


@pytest.fixture
def dialect() -> Dialect:
    """The wire is the same for all but the length word, of which there are tests of its own."""
    return UNIONPAY


@pytest.fixture
def open_channel() -> Iterator[Callable[..., Channel]]:
    made: list[Channel] = []

    def make(profile: AcquirerProfile, clock: Any = None) -> Channel:
        made.append(Channel(profile, clock or SystemClock(), UNIONPAY))
        return made[-1]

    yield make
    for channel in made:
        channel.close()


@dataclass
class PlainServer:
    """One TCP connection, whose bytes the test writes itself."""

    listener: socket.socket

    @property
    def profile(self) -> AcquirerProfile:
        port = self.listener.getsockname()[1]
        return AcquirerProfile(host="127.0.0.1", port=port, tls=False, connect_seconds=5.0)

    def accept(self) -> socket.socket:
        connection, _ = self.listener.accept()
        connection.settimeout(5)
        return connection


@pytest.fixture
def server() -> Iterator[PlainServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        yield PlainServer(listener)


def soon(seconds: float = 5.0) -> float:
    return SystemClock().monotonic() + seconds


def test_a_server_with_another_key_gets_not_one_byte_of_the_request(
    bank: Any, profile: AcquirerProfile, open_channel: Callable[..., Channel], tmp_path: Path
) -> None:
    stranger = type(bank)(_certificate(tmp_path / "stranger.pem"), UNIONPAY)
    channel = open_channel(replace(profile, port=stranger.port))
    with pytest.raises(NotSent, match="N-05 another key"):
        channel.send(WIRE)
    assert stranger.gone.acquire(timeout=5)
    assert stranger.connections == 1
    assert stranger.received == []
    assert not channel.is_open
    stranger.close()


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"pin_sha256": ""}, "another key"),
        ({"pin_sha256": "0" * 64}, "another key"),
        ({"server_name": "bank.example"}, "another name"),
    ],
)
def test_a_certificate_that_does_not_fit_the_profile_is_not_trusted(
    change: dict[str, str],
    detail: str,
    bank: Any,
    profile: AcquirerProfile,
    open_channel: Callable[..., Channel],
) -> None:
    with pytest.raises(NotSent, match=f"N-05 .*{detail}"):
        open_channel(replace(profile, **change)).send(WIRE)
    assert bank.gone.acquire(timeout=5)
    assert bank.received == []


def test_a_till_whose_clock_is_decades_off_trusts_nobody(
    profile: AcquirerProfile, open_channel: Callable[..., Channel]
) -> None:
    clock = ManualClock(wall=datetime(2012, 1, 1, tzinfo=UTC))
    with pytest.raises(NotSent, match="N-05 certificate out of date"):
        open_channel(profile, clock).send(WIRE)


def test_a_pin_in_capitals_and_no_server_name_are_fine(
    profile: AcquirerProfile, bank: Any, open_channel: Callable[..., Channel]
) -> None:
    trusting = replace(profile, pin_sha256=profile.pin_sha256.upper(), server_name="")
    channel = open_channel(trusting)
    channel.send(WIRE)
    assert channel.is_open


def test_a_server_without_tls_is_not_trusted(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    def talk() -> None:
        with server.accept() as connection:
            connection.recv(1024)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    talker = threading.Thread(target=talk)
    talker.start()
    with pytest.raises(NotSent, match="N-05"):
        open_channel(replace(server.profile, tls=True, pin_sha256="0" * 64)).send(WIRE)
    talker.join(5)


def test_plain_tcp_to_another_machine_is_refused_before_anything_is_tried() -> None:
    with pytest.raises(SettingsFault, match=r"C-01 acquirer\.tls"):
        Channel(AcquirerProfile(host="192.0.2.1", port=1, tls=False), SystemClock(), UNIONPAY)


def test_plain_tcp_on_this_machine_is_possible(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as connection:
        assert connection.recv(64) == WIRE
        assert channel._live().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.sendall(b"\x00\x03xyz")
        assert channel.receive(soon()) == b"xyz"


def test_a_closed_port_is_a_bank_that_does_not_answer(
    profile: AcquirerProfile, open_channel: Callable[..., Channel]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(NotSent, match="N-04"):
        open_channel(replace(profile, port=port)).send(WIRE)


def test_a_handshake_that_never_ends_is_given_up(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    silent = replace(server.profile, tls=True, pin_sha256="0" * 64, connect_seconds=0.1)
    with pytest.raises(NotSent, match="N-04"):
        open_channel(silent).send(WIRE)


def test_a_handshake_that_is_cut_is_a_bank_that_does_not_answer(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    def cut() -> None:
        with server.accept() as connection:
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    cutter = threading.Thread(target=cut)
    cutter.start()
    with pytest.raises(NotSent, match="N-04"):
        open_channel(replace(server.profile, tls=True, pin_sha256="0" * 64)).send(WIRE)
    cutter.join(5)


@pytest.mark.parametrize(("has_network", "code"), [(True, "N-03"), (False, "N-01")])
def test_a_name_that_nobody_knows_is_told_from_a_cable_that_is_out(
    has_network: bool,
    code: str,
    profile: AcquirerProfile,
    open_channel: Callable[..., Channel],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(channel_file, "_has_network", lambda: has_network)
    with pytest.raises(NotSent, match=code):
        open_channel(replace(profile, host="bank.example")).send(WIRE)


@pytest.mark.parametrize(("number", "code"), [("ENETUNREACH", "N-01"), ("EHOSTUNREACH", "N-02")])
def test_no_network_is_told_from_no_way_to_the_bank(
    number: str,
    code: str,
    profile: AcquirerProfile,
    open_channel: Callable[..., Channel],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = getattr(channel_file.errno, number)
    monkeypatch.setattr(socket.socket, "connect_ex", lambda *_: failed)
    with pytest.raises(NotSent, match=code):
        open_channel(profile).send(WIRE)


def test_a_kept_connection_is_used_again(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as connection:
        assert connection.recv(64) == WIRE
        channel.send(WIRE)
        assert connection.recv(64) == WIRE


def test_a_kept_connection_that_the_bank_closed_is_noticed_before_sending(
    profile: AcquirerProfile, bank: Any, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(profile)
    channel.send(WIRE)
    assert bank.gone.acquire(timeout=5)  # four letters are no message: it hangs up
    channel.send(WIRE)
    assert bank.gone.acquire(timeout=5)
    assert bank.connections == 2
    assert len(bank.received) == 2


def test_bytes_that_wait_on_a_kept_connection_are_never_taken_for_an_answer(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as old:
        old.recv(64)
        old.sendall(b"\x00\x04late")
        channel.send(WIRE)
        with server.accept() as new:
            assert new.recv(64) == WIRE
            new.sendall(b"\x00\x05right")
            assert channel.receive(soon()) == b"right"


def test_a_frame_in_single_bytes_is_put_together(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"\x00\x05whole\x00\x01x":
            connection.sendall(bytes([byte]))
        assert channel.receive(soon()) == b"whole"
        assert channel.receive(soon()) == b"x"


def test_dripping_does_not_stretch_the_deadline(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as connection:
        over = threading.Event()

        def drip() -> None:
            connection.sendall(b"\x01\x00")
            while not over.wait(0.02):
                connection.sendall(b"x")

        dripper = threading.Thread(target=drip)
        dripper.start()
        began = SystemClock().monotonic()
        with pytest.raises(NoAnswer, match="N-06"):
            channel.receive(soon(0.2))
        took = SystemClock().monotonic() - began
        over.set()
        dripper.join(5)
    assert 0.15 < took < 2


@pytest.mark.parametrize("length", [0, 2049, 65535])
def test_a_length_that_no_message_has_ends_the_connection(
    length: int, server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as connection:
        connection.sendall(length.to_bytes(2, "big"))
        with pytest.raises(LinkFault, match="N-07"):
            channel.receive(soon())
    assert not channel.is_open


@pytest.mark.parametrize("sent", [b"", b"\x00", b"\x00\x04ab"])
@pytest.mark.parametrize("linger", [True, False])
def test_a_connection_that_ends_before_the_answer_leaves_no_answer(
    sent: bytes, linger: bool, server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept() as connection:
        connection.recv(64)
        connection.sendall(sent)
        if not linger:  # closed with RST instead of FIN
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with pytest.raises(NoAnswer, match="N-06"):
        channel.receive(soon())
    assert not channel.is_open


def test_a_send_that_gets_stuck_may_have_arrived(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(replace(server.profile, connect_seconds=0.2))
    channel.send(WIRE)
    with server.accept(), pytest.raises(NoAnswer, match="N-06"):
        channel.send(bytearray(32 * 1024 * 1024))


def test_stop_ends_a_wait_at_once_and_for_good(
    server: PlainServer, open_channel: Callable[..., Channel]
) -> None:
    channel = open_channel(server.profile)
    channel.send(WIRE)
    with server.accept():
        waker = threading.Timer(0.05, channel.stop)
        waker.start()
        with pytest.raises(NoAnswer, match="N-06"):
            channel.receive(soon(20))
        waker.join(5)
    with pytest.raises(NotSent):
        channel.send(WIRE)


def test_stop_ends_a_handshake(server: PlainServer, open_channel: Callable[..., Channel]) -> None:
    channel = open_channel(replace(server.profile, tls=True, pin_sha256="0" * 64))
    waker = threading.Timer(0.05, channel.stop)
    waker.start()
    with pytest.raises(NotSent, match="stopped"):
        channel.send(WIRE)
    waker.join(5)


def test_stopping_a_closed_channel_harms_nobody(profile: AcquirerProfile) -> None:
    channel = Channel(profile, SystemClock(), UNIONPAY)
    channel.close()
    channel.stop()


def test_only_modern_tls_is_spoken(certificate: Path, open_channel: Callable[..., Channel]) -> None:
    assert channel_file._tls_context().minimum_version.name == "TLSv1_2"


def test_a_wildcard_stands_for_one_label(profile: AcquirerProfile) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.DNSName("*.bank.example"), x509.DNSName("b.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(names, critical=True)
        .sign(key, hashes.SHA256())
    )
    for name, fits in {
        "pos.bank.example": True,
        "POS.Bank.Example.": True,
        "b.example": True,
        "bank.example": False,
        "a.pos.bank.example": False,
        "example": False,
    }.items():
        assert channel_file._is_named(certificate, name) is fits


def test_the_probe_for_a_network_sends_nothing() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)
        assert channel_file._has_network() in {True, False}
        with pytest.raises(BlockingIOError):
            silent.recv(1)
