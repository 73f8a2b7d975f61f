"""The least that a durable card sale can cost here: what the till's time is held against.

Encode with pyiso8583, MAC, one durable commit, one TLS round trip, decode, MAC, one durable
commit, on one thread, with nothing around it; rows and messages have the sizes of the till's own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import socket
import ssl
from pathlib import Path

import iso8583
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB
from sqlite_utils.utils import sqlite3

from acquirer.dialect import dialect_named

REQUEST = {
    "t": "0200",
    "2": "6225760008219524",
    "3": "000000",
    "4": "000000000101",
    "11": "000001",
    "14": "3012",
    "22": "021",
    "25": "00",
    "26": "12",
    "35": "6225760008219524D30121200000",
    "41": "31060218",
    "42": "310290053110478",
    "49": "156",
    "52": "0123456789ABCDEF",
    "53": "2600000000000000",
    "60": "22000001000200",
    "64": "0000000000000000",
}
ANSWER = {
    "t": "0210",
    "2": "6225760008219524",
    "3": "000000",
    "4": "000000000101",
    "11": "000001",
    "12": "120000",
    "13": "1122",
    "15": "1122",
    "25": "00",
    "32": "48213100",
    "37": "261122000001",
    "38": "123456",
    "39": "00",
    "41": "31060218",
    "42": "310290053110478",
    "44": b"01020000   48213100   ".hex(),
    "49": "156",
    "60": "22000001000200",
    "63": b"CUPTRAINING".hex(),
    "64": "0000000000000000",
}
LENGTH_BYTES = 2
ENVELOPE_BYTES = 11
MAC_KEY = bytes.fromhex("1F3E5D7C9BBAD9F81F3E5D7C9BBAD9F81F3E5D7C9BBAD9F8")


class Floor:
    """One line to the echo, one database file; `sale` is one bare sale."""

    def __init__(self, folder: Path, echo_port: int, sizes: tuple[int, int]) -> None:
        self._fields = dialect_named("unionpay").fields
        self._answer = bytes(iso8583.encode(dict(ANSWER), self._fields)[0])
        self._des = Cipher(TripleDES(MAC_KEY), ECB())
        self._texts = [secrets.token_hex(size // 2 + 1)[:size] for size in sizes]
        self._line = connected(echo_port)
        self._store = opened(folder / "floor.db")
        self._chain_key = secrets.token_bytes(32)
        self._chain = bytes(32)
        self._number = 0

    def sale(self) -> None:
        body, _ = iso8583.encode(dict(REQUEST), self._fields)
        body[-8:] = self._mac(body[:-8])
        self._remember(self._texts[0])
        self._round_trip(body)
        iso8583.decode(self._answer, self._fields)
        self._mac(self._answer[:-8])
        self._remember(self._texts[1])

    def close(self) -> None:
        self._line.close()
        self._store.close()

    def _remember(self, text: str) -> None:
        """One row, chained to the one before, in one durable commit."""
        self._number += 1
        row = (self._number, "2026-11-22T06:32:07+00:00", "sale", text)
        line = json.dumps(row, separators=(",", ":")).encode()
        self._chain = hmac.digest(self._chain_key, self._chain + line, hashlib.sha256)
        self._store.execute("BEGIN IMMEDIATE")
        self._store.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (*row, self._chain))
        self._store.execute("COMMIT")

    def _round_trip(self, body: bytearray) -> None:
        answer_size = ENVELOPE_BYTES + len(self._answer)
        payload = answer_size.to_bytes(LENGTH_BYTES, "big") + bytes(ENVELOPE_BYTES - 2) + body
        self._line.sendall(len(payload).to_bytes(LENGTH_BYTES, "big") + payload)
        self._received(int.from_bytes(self._received(LENGTH_BYTES), "big"))

    def _received(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            data += self._line.recv(count - len(data))
        return data

    def _mac(self, covered: bytes | bytearray) -> bytes:
        """UnionPay's ECB MAC: fold to one block, encrypt its hex in two chained halves."""
        folded = 0
        for at in range(0, len(covered), 8):
            folded ^= int.from_bytes(covered[at : at + 8].ljust(8, b"\0"), "big")
        text = b"%016X" % folded
        first = self._encrypted(text[:8])
        mixed = int.from_bytes(first, "big") ^ int.from_bytes(text[8:], "big")
        return self._encrypted(mixed.to_bytes(8, "big")).hex().upper()[:8].encode()

    def _encrypted(self, block: bytes) -> bytes:
        encryptor = self._des.encryptor()
        return encryptor.update(block) + encryptor.finalize()


def connected(port: int) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain)


def opened(path: Path) -> sqlite3.Connection:
    """The journal's own pragmas: the floor is as durable as the till."""
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA locking_mode=exclusive")
    store.execute("PRAGMA journal_mode=wal")
    store.execute("PRAGMA synchronous=FULL")
    store.execute(
        "CREATE TABLE entries (number INTEGER PRIMARY KEY, at TEXT, kind TEXT, body TEXT, chain BLOB)"
    )
    return store
