"""Everything that reads bytes from outside, each behind one function that takes any bytes at all.

A target lets nothing through but our own errors, and asserts what must hold of what it accepts:
what was read can be written and read again, what held a card is wiped, what is printed fits.
"""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from acquirer import codec
from acquirer.codec import Envelope, Message
from acquirer.dialect import Dialect, dialect_named
from acquirer.keys import KeyRing
from checkout.headless import BadLine, Headless
from devices.escpos_printer import EscposPrinter
from domain.card import BadCard
from domain.ciphers import TRAINING_TERMINAL_KEY, check_value, tdes_encrypt
from domain.clock import ManualClock
from domain.document import Blank, Document, Pair, Ruled, Text, clean, typeset, width_of
from domain.faults import DeviceFault, LinkFault, SettingsFault
from domain.settings import read_settings
from domain.tracks import read_stripe

COLUMNS = 32
PIN_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
MAC_KEY = bytes.fromhex("C24A8FB57AA20123")


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of bytes, and examples of what it should understand."""

    name: str
    read: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _message_reader(dialect: Dialect) -> Callable[[bytes], None]:
    """A frame without its length word, and back."""

    def read(data: bytes) -> None:
        with suppress(LinkFault):
            _, body = codec.unframe(bytearray(data), dialect)
            message = codec.decode(body, dialect)
            assert not any(body), "a body that was read is not wiped"
            _write_again(message, dialect)

    return read


def _write_again(message: Message, dialect: Dialect) -> None:
    """What was read can be sent, and is then read as the same."""
    fields = dict(message.fields)
    card = {number: bytes(data) for number, data in message.card.items()}
    if any("\ufffd" in text for text in fields.values()):
        return  # bytes that are no text of the bank's: shown as such, never sent
    try:
        body = codec.encode(message, dialect)
    finally:
        message.wipe()
    again = codec.decode(body, dialect)
    assert again.fields == fields, "another message after a round trip"
    assert {n: bytes(d) for n, d in again.card.items()} == card, "another card"


def read_length(data: bytes) -> None:
    """A length word of either style."""
    for dialect in DIALECTS:
        length = codec.length_of(data[:4], dialect)
        assert 0 <= length <= codec.MAX_MESSAGE


def read_keys(data: bytes) -> None:
    """Field 62 of a sign-on: all keys or none."""
    ring = KeyRing(TRAINING_TERMINAL_KEY)
    with suppress(LinkFault):
        ring.install(data)
        assert ring.has_keys
        return
    assert not ring.has_keys, "half a set of keys"


def read_track(data: bytes) -> None:
    """A stripe: a card or a reason, and never a digit left behind."""
    stripe = bytearray(data)
    with suppress(BadCard):
        card = read_stripe(stripe)
        assert len(card.expiry) == 4
        assert not any(digit in repr(card) for digit in (data[1:13].decode("latin-1"),))
        card.wipe()
    assert not any(stripe), "a stripe is not wiped"


class _Page:
    """A set-up file that lies in memory."""

    name = "till.toml"

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read_text(self, encoding: str) -> str:
        return self._data.decode(encoding)


def read_profile(data: bytes) -> None:
    """A set-up file."""
    with suppress(SettingsFault):
        read_settings(_Page(data))


class _Wire:
    """A printer's cable that says what the fuzzer says; then nothing more."""

    name, answers = "fuzzed", True

    def __init__(self, said: bytes, clock: ManualClock) -> None:
        self._said = said
        self._clock = clock

    def read(self, *, wait: bool = True) -> bytes:
        if wait:
            self._clock.advance(0.25)
        piece, self._said = self._said[:7], self._said[7:]
        return piece

    def write(self, data: bytes) -> None:
        """Swallow it."""

    def open(self) -> None:
        """It is open."""

    def rest(self) -> None:
        """It stays so."""

    def close(self) -> None:
        """It stays so."""

    def seconds_for(self, size: int) -> float:
        return size / 10_000


class _Composer:
    """Pages are another matter."""

    def warm_up(self) -> None:
        """Nothing is cold."""

    def bytes_of(self, document: Document) -> bytes:
        return b"page"


def read_printer(data: bytes) -> None:
    """What a printer says of itself, before and after a page."""
    clock = ManualClock()
    printer = EscposPrinter(_Wire(data, clock), _Composer(), clock=clock)
    printer.health()
    with suppress(DeviceFault):
        printer.print(Document(()), 1)


def read_line(data: bytes) -> None:
    """A line of the till without a window; what it complains of never repeats the line."""
    line = data.decode("utf-8", "replace")
    try:
        Headless(io.StringIO()).command_of(line)
    except BadLine as bad:
        assert len(line) < 40 or line not in str(bad)


def read_text(data: bytes) -> None:
    """Any text on a slip: nothing that commands a printer, nothing wider than the paper."""
    text = data.decode("utf-8", "replace")
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(unicodedata.category(c)[0] == "C" for c in cleaned)
    half = len(text) // 2
    parts = (Text(text), Pair(text[:half], text[half:]), Ruled(text[:1] or "-"), Blank())
    page = Document(parts)
    assert Document.from_json(json.loads(json.dumps(page.to_json()))) == page
    for line in typeset(page, COLUMNS):
        assert width_of(line.text) <= COLUMNS, "wider than the paper"


def _answers(dialect: Dialect) -> tuple[bytes, ...]:
    """Messages as a bank sends them."""
    fields = {3: "000000", 4: "000000001234", 11: "000123", 12: "143207", 13: "1122"}
    fields |= {37: "261122000001", 38: "004512", 39: "00", 41: "31060218"}
    fields |= {42: "310290053110478", 49: "156", 64: "0" * 16}
    known = {number: text for number, text in fields.items() if str(number) in dialect.readings[0]}
    made = []
    for mti in ("0210", "0410", "0810"):
        message = Message(mti, dict(known), {2: bytearray(b"6225760008219524")})
        body = codec.encode(message, dialect)
        envelope = Envelope(bytes.fromhex(dialect.tpdu), bytes.fromhex(dialect.header))
        framed = codec.frame(envelope, body, dialect)
        made.append(bytes(framed[len(codec.length_word(0, dialect)) :]))
    return tuple(made)


DIALECTS = (dialect_named("unionpay"), dialect_named("ansi87"))
_KEYS = tdes_encrypt(TRAINING_TERMINAL_KEY, PIN_KEY) + check_value(PIN_KEY)
_KEYS += tdes_encrypt(TRAINING_TERMINAL_KEY, MAC_KEY) + bytes(8) + check_value(MAC_KEY)
_STRIPES = (
    b";6225760008219524=30121200000?",
    b"%B6225760008219524^LI/MEI^30121200000?;6225760008219524=30121200000?+123=4?",
    b";6225760008219524=30121200000?;015678?",
    b"%E?;E?",
)
_PROFILES = (
    b'training = true\ntill = 3\n[acquirer]\nhost = "127.0.0.1"\nport = 9000\n',
    b'[[readers]]\nkind = "serial"\nport = "/dev/ttyS0"\n[printer]\nkind = "file"\ndevice = "x"\n',
    b"till = " + b"9" * 4400,
    b"till = " + b"[" * 3000,
    b"started = 2026-02-31",
    b'currency = "CNY"\nlanguage = "zh_TW"\n[acquirer.dialect_options]\npad_nibble = "F"\n',
)
_LINES = (
    b'{"command": "start_sale", "amount_minor": 12800}',
    b'{"command": "swipe", "stripe": ";6225760008219524=30121200000?"}',
    b'{"command": "type_amount", "keys": "128"}',
    b'{"command": "pad", "key": "enter"}',
    b"[" * 3000,
    b'{"command": "start_sale", "amount_minor": ' + b"9" * 4400 + b"}",
    b'{"command": "start_sale", "amount_minor": "' + b"9" * 4400 + b'"}',
    b'{"command": "start_sale", "amount_minor": 1e999}',
)
_TEXTS = (
    b"Plum Lane Stores, 18 Plum Lane",
    "交易成功 ＝1＋1 \u202eabc\u200b".encode(),
    b"\x1b@\x1dV\x00\x10\x14\x01\x00\x05",
    ("e\u0301" * 40).encode(),
)
TARGETS = (
    *(
        Target(f"message-{name}", _message_reader(dialect), _answers(dialect))
        for name, dialect in zip(("unionpay", "ansi87"), DIALECTS, strict=True)
    ),
    Target("length", read_length, (b"\x00\x40", b"0064", b"\xff\xff")),
    Target("keys", read_keys, (_KEYS, bytes(40), bytes(60))),
    Target("track", read_track, _STRIPES),
    Target("profile", read_profile, _PROFILES),
    Target(
        "printer", read_printer, (b"\x12\x12\x12\x00", b"\x16\x32\x72\x0c", b"\x14\x00\x00\x0f")
    ),
    Target("line", read_line, _LINES),
    Target("text", read_text, _TEXTS),
)
