"""A scripted acquirer behind real TLS, cards, and a link that is signed on to it."""

from __future__ import annotations

import contextlib
import secrets
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from acquirer import codec
from acquirer.codec import Envelope, Message
from acquirer.dialect import LENGTH_BYTES, Dialect, dialect_named
from acquirer.keys import MACS
from acquirer.link import Link, SaleRequest
from acquirer.simulator import SERVER_NAME, _certificate, _pin_of
from domain.ciphers import check_value, tdes_encrypt
from domain.clock import SystemClock
from domain.faults import LinkFault
from domain.money import Money
from domain.sale import EncryptedPin
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe

TERMINAL_KEY = bytes.fromhex("31323334353637388182838485868788")
SEALING_KEY = bytes(range(32))
PIN_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
MAC_KEY = bytes.fromhex("C24A8FB57AA20123")
MAC_KEYS = {
    "unionpay": MAC_KEY,
    "x9.19": bytes.fromhex("C24A8FB57AA201231F3E5D7C9BBAD9F8"),
}
UNIONPAY = dialect_named("unionpay")
DIALECTS = ("unionpay", "ansi87")
NUMBER = "6225760008219524"
TRACK2 = NUMBER + "=30121200000012345678"

SOME_PIN = EncryptedPin(b"PINBLOCK")

Act = Callable[[Message], list[bytes] | None]
"""What the acquirer sends for a request: raw pieces, or None to close the connection."""


@dataclass
class ScriptedAcquirer:
    """A TLS server that does what its script says, one act a payment or reversal."""

    certificate: Path
    dialect: Dialect = UNIONPAY
    script: list[Act] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    requests: list[Message] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.mac_key = MAC_KEYS[self.dialect.mac]
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(self.certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.pin_sha256 = _pin_of(self.certificate)
        self._open: list[socket.socket] = []
        self.gone = threading.Semaphore(0)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._attend, args=(plain,), daemon=True).start()

    def _attend(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError, LinkFault):
            plain.settimeout(20)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = self._tls.wrap_socket(plain, server_side=True)
            self._open.append(connection)
            with connection:
                while self._serve(connection):
                    pass
        plain.close()
        self.gone.release()

    def _serve(self, connection: ssl.SSLSocket) -> bool:
        word = connection.recv(LENGTH_BYTES[self.dialect.length_word])
        if not word:
            return False
        payload = b""
        while len(payload) < codec.length_of(word, self.dialect):
            more = connection.recv(4096)
            if not more:
                return False
            payload += more
        self.received.append(payload)
        _, body = codec.unframe(bytearray(payload), self.dialect)
        request = codec.decode(body, self.dialect)
        self.requests.append(request)
        pieces = self._pieces(request)
        if pieces is None:
            return False
        for piece in pieces:
            connection.sendall(piece)
        return True

    def _pieces(self, request: Message) -> list[bytes] | None:
        if self.is_sign_on(request):
            if self.script and getattr(self.script[0], "is_for_sign_on", False):
                return self.script.pop(0)(request)
            return [self.keys_for(request)]
        if self.script:
            return self.script.pop(0)(request)
        return [self.answer(request, code="00")]

    def keys_for(self, request: Message, **changed: Any) -> bytes:
        """The answer to a sign-on."""
        keys = tdes_encrypt(TERMINAL_KEY, PIN_KEY) + check_value(PIN_KEY)
        keys += tdes_encrypt(TERMINAL_KEY, self.mac_key).ljust(16, b"\0")
        keys += check_value(self.mac_key)
        return self.answer(request, code="00", changes={62: keys.hex()}, mac=None, **changed)

    def is_sign_on(self, request: Message) -> bool:
        """Whether it asks for keys: in one dialect the echo has the same message type."""
        wanted = self.dialect.part("admin", request.fields.get(60, ""), "network")
        return (request.mti, wanted) == (self.dialect.sign_on_message, self.dialect.key_scheme)

    def answer(
        self,
        request: Message,
        code: str,
        changes: dict[int, str | None] | None = None,
        mac: bytes | None = b"",
        mti: str = "",
        header: str = "603100311000",
    ) -> bytes:
        """A whole frame; `changes` of None leave a field out, `mac` None sends none.

        Another `mac` is the key to make it with; the `header` is left out where there is none.
        """
        asked = request.fields
        fields = {n: asked[n] for n in (3, 4, 11, 25, 41, 42, 49, 60) if n in asked}
        fields |= {12: "143207", 13: "1122", 37: "261122000001", 39: code}
        for number, value in (changes or {}).items():
            fields.pop(number, None)
            if value is not None:
                fields[number] = value
        if mac is not None:
            fields[64] = "0" * 16
        message = Message(mti or f"{int(request.mti) + 10:04d}", fields)
        if 2 in request.card:
            message.card[2] = bytearray(request.card[2])
        body = codec.encode(message, self.dialect)
        if mac is not None:
            body[-8:] = MACS[self.dialect.mac](mac or self.mac_key, body[:-8])
        tpdu = "6000000003" if self.dialect.tpdu else ""
        header = header if self.dialect.header else ""
        envelope = Envelope(bytes.fromhex(tpdu), bytes.fromhex(header))
        return bytes(codec.frame(envelope, body, self.dialect))

    def hang_up(self) -> None:
        """Close every connection that is open, and wait until it is."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            assert self.gone.acquire(timeout=5)
        self._open.clear()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # close alone leaves a blocked accept
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _certificate(tmp_path_factory.mktemp("bank") / "certificate.pem")


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Every test that takes a bank, a profile or a dialect runs once in each."""
    return dialect_named(request.param)


@pytest.fixture
def bank(certificate: Path, dialect: Dialect) -> Iterator[ScriptedAcquirer]:
    acquirer = ScriptedAcquirer(certificate, dialect)
    yield acquirer
    acquirer.close()


@pytest.fixture
def profile(bank: ScriptedAcquirer) -> AcquirerProfile:
    return AcquirerProfile(
        host="127.0.0.1",
        port=bank.port,
        pin_sha256=bank.pin_sha256,
        server_name=SERVER_NAME,
        dialect=next(name for name in DIALECTS if dialect_named(name) is bank.dialect),
        connect_seconds=5.0,
        answer_seconds=5.0,
        reversal_seconds=5.0,
    )


@pytest.fixture
def link_to() -> Iterator[Callable[[AcquirerProfile], Link]]:
    made: list[Link] = []

    def make(profile: AcquirerProfile) -> Link:
        made.append(Link(profile, SystemClock(), TERMINAL_KEY, SEALING_KEY))
        return made[-1]

    yield make
    for link in made:
        link.close()


@pytest.fixture
def link(link_to: Callable[[AcquirerProfile], Link], profile: AcquirerProfile) -> Link:
    """Signed on."""
    made = link_to(profile)
    made.sign_on("01", 1)
    return made


@pytest.fixture
def hasty(link_to: Callable[[AcquirerProfile], Link], profile: AcquirerProfile) -> Link:
    """Signed on, and soon tired of waiting."""
    made = link_to(profile)
    made.sign_on("01", 1)
    made._profile = replace(profile, answer_seconds=0.15, reversal_seconds=0.15)
    return made


@pytest.fixture
def request_for() -> Callable[..., SaleRequest]:
    def make(
        minor: int = 12_34,
        stan: int = 123,
        stripe: str = f";{TRACK2}?",
        pin: EncryptedPin | None = SOME_PIN,
    ) -> SaleRequest:
        card = read_stripe(bytearray(stripe.encode()))
        at = datetime(2026, 11, 22, 14, 32, 7, tzinfo=UTC)
        return SaleRequest(1284, Money(minor), card, pin, stan, 7, at, "01")

    return make


@pytest.fixture
def sealing_key() -> bytes:
    return secrets.token_bytes(32)
