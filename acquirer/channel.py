"""Frames over TLS to one pinned acquirer, on a connection that is kept open between payments.

The rule of this file: once a byte of a frame may have left, that frame is never sent again.
A kept connection is therefore looked at before it is used, and every failure from the first send on
is NoAnswer. One thread uses a channel; `stop` may be called from any.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import ipaddress
import select
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from acquirer import codec
from acquirer.dialect import LENGTH_BYTES, Dialect
from domain.clock import Clock
from domain.faults import LinkFault, NoAnswer, NotSent, SettingsFault
from domain.settings import AcquirerProfile

if TYPE_CHECKING:
    from cryptography import x509

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NO_ADAPTER = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_NO_ROUTE = frozenset({errno.EHOSTUNREACH, errno.EHOSTDOWN})
_CONNECTING = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY})
_NOWHERE = ("192.0.2.1", 9)
"""An address of RFC 5737: a UDP socket 'connects' to it without sending anything."""

T = TypeVar("T")


class Channel:
    """One connection to the acquirer of a profile, made when it is first needed.

    Raises SettingsFault C-01 where the profile wants plain TCP to another machine.
    """

    def __init__(self, profile: AcquirerProfile, clock: Clock, dialect: Dialect) -> None:
        if not profile.tls and profile.host not in _LOOPBACK:
            raise SettingsFault("C-01", "acquirer.tls: expected true, except on this machine")
        self._profile = profile
        self._clock = clock
        self._dialect = dialect
        self._tls = _tls_context() if profile.tls else None
        self._socket: socket.socket | None = None
        self._stopped = False
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.setblocking(False)

    @property
    def is_open(self) -> bool:
        """Whether a connection is kept, alive or not."""
        return self._socket is not None

    def send(self, wire: bytearray) -> None:
        """Hand a whole frame to the socket, connecting first where need be.

        Raises NotSent while not a byte has left (N-01 to N-05), NoAnswer N-06 after that.
        """
        if self._socket is not None and not self._is_alive(self._socket):
            self.drop()
        if self._socket is None:
            self._connect()
        deadline = self._clock.monotonic() + self._profile.connect_seconds
        left = memoryview(wire)
        try:
            while left:
                left = left[self._patiently(deadline, partial(self._live().send, left)) :]
        except (OSError, _Stopped):
            self.drop()
            raise NoAnswer("N-06", "lost while sending") from None
        finally:
            left.release()

    def receive(self, deadline: float) -> bytearray:
        """The next frame without its length word, until that time of the monotonic clock.

        Raises NoAnswer N-06 (time over, connection lost, stopped), LinkFault N-07 for a length that no
        message has. The connection is dropped then: what may still come must not be read as the
        answer to something else.
        """
        try:
            word = self._exactly(LENGTH_BYTES[self._dialect.length_word], deadline)
            length = codec.length_of(word, self._dialect)
            if length:
                return self._exactly(length, deadline)
        except (OSError, _Stopped) as error:
            self.drop()
            raise NoAnswer("N-06", type(error).__name__) from None
        self.drop()
        raise LinkFault("N-07", "length of a frame")

    def drop(self) -> None:
        """Let the connection go; the next `send` makes a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def stop(self) -> None:
        """End a blocked call, and refuse all that follow. From any thread."""
        self._stopped = True
        try:
            self._wake_writer.send(b"\0")
        except OSError:
            return  # closed already: nobody is waiting

    def close(self) -> None:
        """Let go of everything; from the thread that uses the channel, or after it."""
        self._stopped = True
        self.drop()
        self._wake_reader.close()
        self._wake_writer.close()

    def _connect(self) -> None:
        """Raises NotSent; nothing of a message has been shown to the other side by then."""
        deadline = self._clock.monotonic() + self._profile.connect_seconds
        addresses = _addresses(self._profile)
        fault = NotSent("N-04", "no address")
        for family, address in addresses:
            try:
                self._socket = self._connected(family, address, deadline)
            except NotSent as refusal:
                fault = refusal
            else:
                return
        raise fault from None

    def _connected(
        self, family: socket.AddressFamily, address: tuple[str, int], deadline: float
    ) -> socket.socket:
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.setblocking(False)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            _begin(plain, address)
            self._wait(plain, deadline, writing=True)
            _must_be_connected(plain)
            if self._tls is None:
                _must_be_loopback(plain)
                return plain
            return self._secured(plain, self._tls, deadline)
        except ssl.SSLEOFError:
            plain.close()
            raise NotSent("N-04", "closed during the handshake") from None
        except ssl.SSLError as error:
            plain.close()
            raise NotSent("N-05", f"TLS: {error.reason or 'handshake'}") from None
        except _Stopped:
            plain.close()
            raise NotSent("N-04", "stopped") from None
        except OSError as error:
            plain.close()
            raise NotSent(_fault_of(error), type(error).__name__) from None
        except NotSent:
            plain.close()
            raise

    def _secured(self, plain: socket.socket, tls: ssl.SSLContext, deadline: float) -> ssl.SSLSocket:
        name = self._profile.server_name or None
        secured = tls.wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
        try:
            self._patiently(deadline, secured.do_handshake, secured)
            _must_be_pinned(secured.getpeercert(binary_form=True), self._profile, self._clock)
        except BaseException:
            secured.close()
            raise
        return secured

    def _is_alive(self, kept: socket.socket) -> bool:
        """Whether a kept connection can still be used; any byte that waits there speaks against it.

        Reading is the only way to know: TLS 1.3 session tickets make a socket readable too, and
        the TLS layer swallows them here.
        """
        try:
            kept.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    def _live(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionResetError
        return self._socket

    def _exactly(self, count: int, deadline: float) -> bytearray:
        data = bytearray(count)
        view = memoryview(data)
        got = 0
        while got < count:
            more = self._patiently(deadline, partial(self._live().recv_into, view[got:]))
            if more == 0:
                raise ConnectionResetError
            got += more
        return data

    def _patiently(
        self, deadline: float, step: Callable[[], T], on: socket.socket | None = None
    ) -> T:
        """Repeat a step that would block until it is done, stopped or too late."""
        while True:
            if self._stopped:
                raise _Stopped
            try:
                return step()
            except ssl.SSLWantWriteError:
                writing = True
            except ssl.SSLWantReadError:
                writing = False
            except BlockingIOError:
                writing = False
            self._wait(on or self._live(), deadline, writing=writing)

    def _wait(self, on: socket.socket, deadline: float, *, writing: bool) -> None:
        """Until the socket is ready. Raises TimeoutError, or _Stopped when woken."""
        left = deadline - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError
        # Windows tells of a connection that failed through the third list only.
        reading = [self._wake_reader] if writing else [self._wake_reader, on]
        ready = select.select(reading, [on] if writing else [], [on], left)
        if self._stopped or self._wake_reader in ready[0]:
            raise _Stopped
        if not any(ready):
            raise TimeoutError


class _Stopped(Exception):
    """Somebody called `stop`."""


def _tls_context() -> ssl.SSLContext:
    """TLS 1.2 or newer. Trust comes from the pinned key, not from an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _addresses(profile: AcquirerProfile) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """Where the host may be. Raises NotSent N-03, or N-01 where there is no network at all.

    The system's resolver has no deadline of ours and cannot be interrupted; an address in figures
    does not ask it.
    """
    try:
        found = socket.getaddrinfo(profile.host, profile.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise NotSent("N-03" if _has_network() else "N-01", "name of the host")
    return [(family, (str(address[0]), int(address[1]))) for family, *_, address in found]


def _has_network() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        return probe.connect_ex(_NOWHERE) not in _NO_ADAPTER


def _begin(plain: socket.socket, address: tuple[str, int]) -> None:
    failed = plain.connect_ex(address)
    if failed not in _CONNECTING:
        raise OSError(failed, "connect")


def _must_be_connected(plain: socket.socket) -> None:
    failed = plain.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed:
        raise OSError(failed, "connect")


def _fault_of(error: OSError) -> str:
    if error.errno in _NO_ADAPTER:
        return "N-01"
    return "N-02" if error.errno in _NO_ROUTE else "N-04"


def _must_be_loopback(plain: socket.socket) -> None:
    if not ipaddress.ip_address(plain.getpeername()[0]).is_loopback:
        raise NotSent("N-05", "plain TCP to another machine")


def _must_be_pinned(certificate: bytes | None, profile: AcquirerProfile, clock: Clock) -> None:
    """Raises NotSent N-05 unless key, dates and name of the certificate are the expected ones."""
    # Imported with the first connection, long after the window was painted.
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if not certificate:
        raise NotSent("N-05", "no certificate")
    try:
        shown = x509.load_der_x509_certificate(certificate)
        key = shown.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except ValueError:
        raise NotSent("N-05", "certificate not readable") from None
    if not hmac.compare_digest(hashlib.sha256(key).hexdigest(), profile.pin_sha256.lower()):
        raise NotSent("N-05", "another key than the pinned one")
    if not shown.not_valid_before_utc <= clock.now() <= shown.not_valid_after_utc:
        raise NotSent("N-05", "certificate out of date")
    if profile.server_name and not _is_named(shown, profile.server_name):
        raise NotSent("N-05", "certificate of another name")


def _is_named(certificate: x509.Certificate, name: str) -> bool:
    """RFC 6125: a DNS name of the certificate, whose first label may be a star."""
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return False
    wanted = name.lower().rstrip(".")
    _, _, parent = wanted.partition(".")
    names = [known.lower() for known in extension.value.get_values_for_type(x509.DNSName)]
    return wanted in names or f"*.{parent}" in names
