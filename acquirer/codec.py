"""Fields into bytes and back: length word, TPDU, header, message type, bitmap, fields.

pyiso8583 works with str, and card data must never become one. So it is shown zeros of the right
length, and the real digits are written over them in the bytearray (encoding), or lifted out and
zeroed before it looks (decoding). Its errors carry whole messages; none of them leaves this file,
not even as a cause or context.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import iso8583

from acquirer.dialect import CARD_BYTES, CARD_DIGITS, CARD_LISTS, LENGTH_BYTES, Dialect
from acquirer.field_formats import FieldSpec
from domain.faults import LinkFault

MAX_MESSAGE = 2048
MAC_BYTES = 8
_HEX = frozenset(b"0123456789ABCDEFabcdef")
_TRACK_CHARACTERS = frozenset(range(0x30, 0x40))
_SECRET = CARD_DIGITS | CARD_BYTES | CARD_LISTS


@dataclass(slots=True)
class Message:
    """A message without its envelope; `card` holds what may not be a str, and is to be wiped."""

    mti: str
    fields: dict[int, str]
    card: dict[int, bytearray] = field(default_factory=dict, repr=False)

    def wipe(self) -> None:
        """Zero what belongs to the card."""
        for data in self.card.values():
            wipe(data)
        self.card.clear()


class Envelope(NamedTuple):
    """What stands before the message: the route and the header."""

    tpdu: bytes
    header: bytes

    @property
    def demand(self) -> str:
        """What the acquirer wants the terminal to do next (header digit 6); '0' is nothing."""
        return self.header.hex()[5:6] or "0"

    def before(self, body: bytearray) -> bytearray:
        """The whole message but for its length word. The body is copied: wipe both."""
        payload = bytearray(self.tpdu + self.header)
        payload += body
        return payload

    def turned(self) -> Envelope:
        """The envelope of an answer: sender and receiver change places."""
        return Envelope(self.tpdu[:1] + self.tpdu[3:5] + self.tpdu[1:3], self.header)


def wipe(buffer: bytearray) -> None:
    """Overwrite in place."""
    buffer[:] = bytes(len(buffer))


def encode(message: Message, dialect: Dialect) -> bytearray:
    """The body: message type, bitmap and fields. A field 64 is left as eight zero bytes.

    Raises LinkFault N-07 where the fields do not fit the dialect, which is a mistake of ours.
    """
    shown = {"t": message.mti}
    for number, text in message.fields.items():
        is_text = number in dialect.text_fields
        shown[str(number)] = (
            text.encode(dialect.text_encoding, "replace").hex() if is_text else text
        )
    for number, data in message.card.items():
        shown[str(number)] = "0" * (2 * len(data) if number in CARD_BYTES else len(data))
    wrong = ""
    body = bytearray()
    try:
        body, _ = iso8583.encode(shown, dialect.fields)
    except iso8583.EncodeError as error:
        wrong = error.field
    except KeyError as error:
        wrong = str(error.args[0])
    if wrong:
        raise LinkFault("N-07", f"field {wrong} cannot be sent")
    for place in places(body, dialect.fields):
        if place.number in message.card:
            _write(body, place, message.card[place.number])
    return body


def length_of(word: bytes | bytearray, dialect: Dialect) -> int:
    """What a length word says; 0 where it is none that a message has."""
    if dialect.length_word == "ascii":
        length = int(word) if word.isdigit() else 0
    else:
        length = int.from_bytes(word, "big")
    return length if length <= MAX_MESSAGE else 0


def length_word(length: int, dialect: Dialect) -> bytes:
    """The way back of `length_of`."""
    size = LENGTH_BYTES[dialect.length_word]
    return (
        b"%0*d" % (size, length) if dialect.length_word == "ascii" else length.to_bytes(size, "big")
    )


def decode(body: bytearray, dialect: Dialect) -> Message:
    """A message out of a body, whose card data is moved out of it. Raises LinkFault N-07."""
    wrong = ""
    for spec in dialect.readings:
        message = _decoded(body, spec, dialect)
        if isinstance(message, Message):
            return message
        wrong = wrong or message
    raise LinkFault("N-07", wrong)


def _decoded(body: bytearray, spec: dict[str, FieldSpec], dialect: Dialect) -> Message | str:
    """The message, or in a few safe words what is wrong with it."""
    card: dict[int, bytearray] = {}
    blank = bytearray(body)
    try:
        for place in places(body, spec):
            if place.number in _SECRET:
                card[place.number] = _lifted(blank, place)
        decoded, _ = iso8583.decode(blank, spec)
    except LinkFault as fault:
        wrong = fault.detail
    except iso8583.DecodeError as error:
        wrong = f"field {error.field}"
    else:
        message = Message(decoded.pop("t"), _texts(decoded, dialect), card)
        wrong = _misfit(message, dialect)
        if not wrong:
            wipe(body)
            return message
    for data in card.values():
        wipe(data)
    wipe(blank)
    return wrong


def _texts(decoded: dict[str, str], dialect: Dialect) -> dict[int, str]:
    """Numbered fields as text, the card's and the bitmap left out."""
    texts: dict[int, str] = {}
    for name, text in decoded.items():
        number = int(name) if name.isdecimal() else 0
        if number > 1 and number not in _SECRET:
            is_text = number in dialect.text_fields
            data = bytes.fromhex(text) if is_text else b""
            texts[number] = data.decode(dialect.text_encoding, "replace") if is_text else text
    return texts


def _misfit(message: Message, dialect: Dialect) -> str:
    """What pyiso8583 lets pass: letters among digits."""
    if not (message.mti.isascii() and message.mti.isdigit()):
        return "message type"
    for number in dialect.digit_fields & message.fields.keys():
        if not message.fields[number].isdigit():
            return f"field {number}"
    if 2 in message.card and not message.card[2].isdigit():
        return "field 2"
    for number in CARD_DIGITS & message.card.keys():
        if not _TRACK_CHARACTERS.issuperset(message.card[number]):
            return f"field {number}"
    return ""


class Place(NamedTuple):
    """Where a field's data stands: from `start`, `length` digits or bytes, `size` bytes."""

    number: int
    start: int
    length: int
    size: int
    is_packed: bool


def places(body: bytearray | bytes, spec: dict[str, FieldSpec]) -> Iterator[Place]:
    """Walk the fields that the bitmap names. Raises LinkFault N-07 where the body ends early."""
    bits, at = _bitmap(body, spec)
    if bits < 0:
        raise LinkFault("N-07", "shorter than a bitmap")
    for number in range(1, 65):
        if not bits >> 64 - number & 1:
            continue
        field_spec = spec.get(str(number))
        if field_spec is None or number == 1:
            raise LinkFault("N-07", f"field {number}")
        count = field_spec["max_len"]
        if field_spec["len_type"]:
            prefix = body[at : at + field_spec["len_type"]]
            at += field_spec["len_type"]
            digits = prefix.hex() if field_spec["len_enc"] == "bcd" else prefix.decode("latin-1")
            if not (digits.isascii() and digits.isdigit()) or int(digits) > count:
                raise LinkFault("N-07", f"length of field {number}")
            count = int(digits)
        is_packed = field_spec["len_count"] == "nibbles"
        size = (count + 1) // 2 if is_packed else count
        if at + size > len(body):
            raise LinkFault("N-07", f"field {number} is cut")
        yield Place(number, at, count, size, is_packed)
        at += size


def has_field(body: bytearray | bytes, number: int, dialect: Dialect) -> bool:
    """Whether the bitmap names the field; False where there is no bitmap."""
    bits, _ = _bitmap(body, dialect.fields)
    return bits >= 0 and bool(bits >> 64 - number & 1)


def _bitmap(body: bytearray | bytes, spec: dict[str, FieldSpec]) -> tuple[int, int]:
    """The sixty-four bits, or -1 where there are none, and where the fields begin."""
    start = 2 if spec["t"]["data_enc"] == "b" else 4
    end = start + spec["p"]["max_len"]
    bitmap = bytes(body[start:end])
    if len(body) < end:
        return -1, end
    if spec["p"]["data_enc"] == "b":
        return int.from_bytes(bitmap, "big"), end
    is_hex = _HEX.issuperset(bitmap)
    return int(bitmap, 16) if is_hex else -1, end


def put(body: bytearray, number: int, data: bytes, dialect: Dialect) -> None:
    """Overwrite a field's bytes with as many others."""
    for place in places(body, dialect.fields):
        if place.number == number and place.size == len(data):
            body[place.start : place.start + place.size] = data
            return
    raise LinkFault("N-07", f"field {number} cannot be sent")


def _write(body: bytearray, place: Place, data: bytearray) -> None:
    """Card data over its zeros; the characters 0 to ? of ISO 7813 are the half bytes 0 to F."""
    if not place.is_packed:
        body[place.start : place.start + place.size] = data
        return
    for index, character in enumerate(data):
        at, left = place.start + index // 2, index % 2 == 0
        half = character & 0x0F
        body[at] = body[at] & 0x0F | half << 4 if left else body[at] & 0xF0 | half


def _lifted(body: bytearray, place: Place) -> bytearray:
    """Card data out of the body, which keeps zeros in its place (and its own padding)."""
    end = place.start + place.size
    if not place.is_packed:
        data = body[place.start : end]
        body[place.start : end] = b"0" * place.size
        return data
    data = bytearray(place.length)
    for index in range(place.length):
        at, left = place.start + index // 2, index % 2 == 0
        data[index] = 0x30 | (body[at] >> 4 if left else body[at] & 0x0F)
        body[at] = body[at] & 0x0F if left else body[at] & 0xF0
    return data


def frame(envelope: Envelope, body: bytearray, dialect: Dialect) -> bytearray:
    """What goes onto the wire. The body is copied: wipe both."""
    size = len(envelope.tpdu) + len(envelope.header) + len(body)
    if size > MAX_MESSAGE:
        raise LinkFault("N-07", "message too long to be sent")
    wire = bytearray(length_word(size, dialect) + envelope.tpdu + envelope.header)
    wire += body
    return wire


def unframe(payload: bytearray, dialect: Dialect) -> tuple[Envelope, bytearray]:
    """Envelope and body out of a frame without its length word. Raises LinkFault N-07."""
    after_tpdu = len(dialect.tpdu) // 2
    after_header = after_tpdu + len(dialect.header) // 2
    body = payload[after_header:]
    if _bitmap(body, dialect.fields)[0] < 0:
        wipe(body)
        raise LinkFault("N-07", "shorter than a message")
    return Envelope(bytes(payload[:after_tpdu]), bytes(payload[after_tpdu:after_header])), body
