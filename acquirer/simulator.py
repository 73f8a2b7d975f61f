"""The training acquirer: a TLS server in a program of its own, that dies with its parent.

`python -m acquirer.simulator FOLDER [--dialect NAME]` keeps certificate and book in FOLDER and
prints one JSON line when it is ready: {"port": ..., "pin_sha256": ...}. It ends when its standard
input ends. Until then each line there may be a JSON object that changes how it behaves:

    {"fault": "lost answer", "times": 1}    see simulator_bank.Fault
    {"answer_seconds": 0.4}                 think that long before every answer
    {"late_seconds": 40}                    how late a late answer is
    {"forget_keys": true}                   every terminal must sign on again
    {"drop_connections": true}              close every connection, as a bank does at night

Each is confirmed with the line {"ok": true} once it holds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import socket
import ssl
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from acquirer import codec
from acquirer.dialect import LENGTH_BYTES, Dialect, dialect_for
from acquirer.simulator_accounts import ACCOUNTS, Account
from acquirer.simulator_bank import Bank, Reply
from acquirer.simulator_faults import FAULT_AMOUNTS, Fault
from acquirer.simulator_ledger import Ledger, LedgerRow, locked, read_ledger
from domain.ciphers import TRAINING_TERMINAL_KEY
from domain.clock import SystemClock
from domain.faults import LinkFault
from domain.settings import AcquirerProfile

__all__ = [
    "ACCOUNTS",
    "FAULT_AMOUNTS",
    "TRAINING_TERMINAL_KEY",
    "Account",
    "Fault",
    "LedgerRow",
    "read_ledger",
    "serve",
]

CERTIFICATE = "acquirer-certificate.pem"
SERVER_NAME = "acquirer.training"
IDLE_SECONDS = 3600.0


class TrainingAcquirer:
    """The listening socket, its connections, and the bank behind them."""

    def __init__(self, bank: Bank, certificate: Path, port: int, dialect: Dialect) -> None:
        self._bank = bank
        self._dialect = dialect
        self._one_at_a_time = threading.Lock()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._tls.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._connections: set[socket.socket] = set()
        self._over = threading.Event()
        self.answer_seconds = 0.0
        self.late_seconds = 40.0

    @property
    def port(self) -> int:
        """Where it listens, on this machine only."""
        return int(self._listener.getsockname()[1])

    def start(self) -> None:
        """Accept connections in the background."""
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def stop(self) -> None:
        """Close everything."""
        self._over.set()
        self._listener.close()
        self.drop_connections()

    def drop_connections(self) -> None:
        """Close every connection, and tell the other side so."""
        for connection in list(self._connections):
            try:
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            except OSError:
                continue

    def obey(self, order: dict[str, object]) -> None:
        """Carry out one control line. Raises ValueError or KeyError for one that is none."""
        match order:
            case {"fault": str(name)}:
                with self._one_at_a_time:
                    self._bank.play(Fault(name), int(str(order.get("times", 1))))
            case {"answer_seconds": int() | float() as seconds}:
                self.answer_seconds = float(seconds)
            case {"late_seconds": int() | float() as seconds}:
                self.late_seconds = float(seconds)
            case {"forget_keys": True}:
                with self._one_at_a_time:
                    self._bank.forget_keys()
            case {"drop_connections": True}:
                self.drop_connections()
            case _:
                raise KeyError("order")

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._attend, args=(plain,), name="connection", daemon=True
            ).start()

    def _attend(self, plain: socket.socket) -> None:
        """One connection, until either side ends it."""
        try:
            plain.settimeout(IDLE_SECONDS)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._tls.wrap_socket(plain, server_side=True) as connection:
                self._connections.add(connection)
                try:
                    while self._answered(connection):
                        pass
                finally:
                    self._connections.discard(connection)
        except (OSError, ValueError):
            plain.close()

    def _answered(self, connection: ssl.SSLSocket) -> bool:
        """Serve one request; False ends the connection."""
        word = _exactly(connection, LENGTH_BYTES[self._dialect.length_word])
        length = codec.length_of(word, self._dialect)
        if not length:
            return False
        payload = _exactly(connection, length)
        try:
            with self._one_at_a_time:
                reply = self._bank.answer(payload)
        except (LinkFault, KeyError):
            return False  # a message that is none has no answer
        finally:
            payload[:] = bytes(len(payload))
        return self._sent(connection, reply)

    def _sent(self, connection: ssl.SSLSocket, reply: Reply) -> bool:
        match reply.fault:
            case Fault.LOST_REQUEST | Fault.LOST_ANSWER:
                return True
            case Fault.DROPPED_BEFORE | Fault.DROPPED_AFTER:
                return False
            case Fault.GARBAGE:
                connection.sendall(codec.length_word(0x20, self._dialect) + b"\xa5" * 0x20)
                return True
        if self._over.wait(self.late_seconds if reply.fault is Fault.LATE else self.answer_seconds):
            return False
        for payload in reply.payloads:
            connection.sendall(codec.length_word(len(payload), self._dialect) + payload)
        return True


def serve(
    folder: Path,
    port: int = 0,
    terminal_key: bytes = TRAINING_TERMINAL_KEY,
    answer_seconds: float = 0.0,
    profile: AcquirerProfile = AcquirerProfile(),  # noqa: B008  # frozen
) -> None:
    """Be the training acquirer, in the dialect of a profile, until standard input ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        ledger = Ledger(folder)
        dialect = dialect_for(profile)
        bank = Bank(ledger, dialect, SystemClock(), terminal_key)
        acquirer = TrainingAcquirer(bank, _certificate(folder / CERTIFICATE), port, dialect)
        acquirer.answer_seconds = answer_seconds
        acquirer.start()
        _say({"port": acquirer.port, "pin_sha256": _pin_of(folder / CERTIFICATE)})
        for line in sys.stdin:
            try:
                acquirer.obey(json.loads(line))
            except (ValueError, KeyError) as error:
                _say({"ok": False, "error": type(error).__name__})
            else:
                _say({"ok": True})
        acquirer.stop()
        ledger.close()


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _exactly(connection: ssl.SSLSocket, count: int) -> bytearray:
    data = bytearray(count)
    view = memoryview(data)
    got = 0
    while got < count:
        more = connection.recv_into(view[got:])
        if more == 0:
            raise ConnectionResetError
        got += more
    return data


def _certificate(path: Path) -> Path:
    """A certificate with its key, made once: P-256, signed by itself, good for a century."""
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SERVER_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SERVER_NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Renamed into place, so that a power cut never leaves half a certificate.
    half = path.with_suffix(".new")
    half.touch(mode=0o600)
    half.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    half.replace(path)
    return path


def _pin_of(path: Path) -> str:
    """The SHA-256 of the public key, as a profile pins it."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description="The training acquirer")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--answer-seconds", type=float, default=0.0)
    parser.add_argument("--dialect", default=AcquirerProfile().dialect)
    chosen = parser.parse_args()
    serve(
        chosen.folder,
        chosen.port,
        answer_seconds=chosen.answer_seconds,
        profile=AcquirerProfile(dialect=chosen.dialect),
    )


if __name__ == "__main__":
    main()
