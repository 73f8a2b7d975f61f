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

from acquirer.dialect import CARD_BYTES, CARD_DIGITS, DIGITS, GBK_TEXT, Dialect, FieldSpec
from domain.faults import LinkFault

MAX_MESSAGE = 2048
LENGTH_BYTES = 2
TPDU_BYTES = 5
HEADER_BYTES = 6
ENVELOPE_BYTES = TPDU_BYTES + HEADER_BYTES
BODY_HEAD_BYTES = 2 + 8
MAC_BYTES = 8


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
        return self.header.hex()[5]

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
        shown[str(number)] = text.encode("gbk", "replace").hex() if number in GBK_TEXT else text
    for number, data in message.card.items():
        shown[str(number)] = "0" * (len(data) if number in CARD_DIGITS else 2 * len(data))
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


def decode(body: bytearray, dialect: Dialect) -> Message:
    """A message out of a body, whose card data is moved out of it. Raises LinkFault N-07."""
    wrong = ""
    for spec in (dialect.fields, dialect.fields_otherwise_padded):
        message = _decoded(body, spec)
        if isinstance(message, Message):
            return message
        wrong = wrong or message
    raise LinkFault("N-07", wrong)


def _decoded(body: bytearray, spec: dict[str, FieldSpec]) -> Message | str:
    """The message, or in a few safe words what is wrong with it."""
    card: dict[int, bytearray] = {}
    blank = bytearray(body)
    try:
        for place in places(body, spec):
            if place.number in CARD_DIGITS or place.number in CARD_BYTES:
                card[place.number] = _lifted(blank, place)
        decoded, _ = iso8583.decode(blank, spec)
    except LinkFault as fault:
        wrong = fault.detail
    except iso8583.DecodeError as error:
        wrong = f"field {error.field}"
    else:
        message = Message(decoded.pop("t"), _texts(decoded), card)
        wrong = _misfit(message)
        if not wrong:
            wipe(body)
            return message
    for data in card.values():
        wipe(data)
    wipe(blank)
    return wrong


def _texts(decoded: dict[str, str]) -> dict[int, str]:
    """Numbered fields as text, the card's and the bitmap left out."""
    texts: dict[int, str] = {}
    for name, text in decoded.items():
        number = int(name) if name.isdecimal() else 0
        if number > 1 and number not in CARD_DIGITS and number not in CARD_BYTES:
            texts[number] = (
                bytes.fromhex(text).decode("gbk", "replace") if number in GBK_TEXT else text
            )
    return texts


def _misfit(message: Message) -> str:
    """What pyiso8583 lets pass: letters in packed decimals."""
    if not (message.mti.isascii() and message.mti.isdigit()):
        return "message type"
    for number in DIGITS & message.fields.keys():
        if not message.fields[number].isdigit():
            return f"field {number}"
    if 2 in message.card and not message.card[2].isdigit():
        return "field 2"
    return ""


class Place(NamedTuple):
    """Where a field's data stands: from `start`, `length` half bytes or bytes, `size` bytes."""

    number: int
    start: int
    length: int
    size: int


def places(body: bytearray | bytes, spec: dict[str, FieldSpec]) -> Iterator[Place]:
    """Walk the fields that the bitmap names. Raises LinkFault N-07 where the body ends early."""
    if len(body) < BODY_HEAD_BYTES:
        raise LinkFault("N-07", "shorter than a bitmap")
    at = BODY_HEAD_BYTES
    for number in range(1, 65):
        if not has_field(body, number):
            continue
        field_spec = spec.get(str(number))
        if field_spec is None or number == 1:
            raise LinkFault("N-07", f"field {number}")
        count = field_spec["max_len"]
        if field_spec["len_type"]:
            digits = body[at : at + field_spec["len_type"]].hex()
            at += field_spec["len_type"]
            if not digits.isdigit() or int(digits) > count:
                raise LinkFault("N-07", f"length of field {number}")
            count = int(digits)
        size = (count + 1) // 2 if field_spec["len_count"] == "nibbles" else count
        if at + size > len(body):
            raise LinkFault("N-07", f"field {number} is cut")
        yield Place(number, at, count, size)
        at += size


def has_field(body: bytearray | bytes, number: int) -> bool:
    """Whether the bitmap names the field."""
    return bool(body[2 + (number - 1) // 8] & 0x80 >> (number - 1) % 8)


def put(body: bytearray, number: int, data: bytes, dialect: Dialect) -> None:
    """Overwrite a field's bytes with as many others."""
    for place in places(body, dialect.fields):
        if place.number == number and place.size == len(data):
            body[place.start : place.start + place.size] = data
            return
    raise LinkFault("N-07", f"field {number} cannot be sent")


def _write(body: bytearray, place: Place, data: bytearray) -> None:
    """Card data over its zeros; the characters 0 to ? of ISO 7813 are the half bytes 0 to F."""
    if place.number in CARD_BYTES:
        body[place.start : place.start + place.size] = data
        return
    for index, character in enumerate(data):
        at, left = place.start + index // 2, index % 2 == 0
        half = character & 0x0F
        body[at] = body[at] & 0x0F | half << 4 if left else body[at] & 0xF0 | half


def _lifted(body: bytearray, place: Place) -> bytearray:
    """Card data out of the body, which keeps zeros in its place (and its own padding)."""
    end = place.start + place.size
    if place.number in CARD_BYTES:
        data = body[place.start : end]
        body[place.start : end] = bytes(place.size)
        return data
    data = bytearray(place.length)
    for index in range(place.length):
        at, left = place.start + index // 2, index % 2 == 0
        data[index] = 0x30 | (body[at] >> 4 if left else body[at] & 0x0F)
        body[at] = body[at] & 0x0F if left else body[at] & 0xF0
    return data


def frame(envelope: Envelope, body: bytearray) -> bytearray:
    """What goes onto the wire. The body is copied: wipe both."""
    size = ENVELOPE_BYTES + len(body)
    if size > MAX_MESSAGE:
        raise LinkFault("N-07", "message too long to be sent")
    wire = bytearray(size.to_bytes(LENGTH_BYTES, "big"))
    wire += envelope.tpdu
    wire += envelope.header
    wire += body
    return wire


def unframe(payload: bytearray) -> tuple[Envelope, bytearray]:
    """Envelope and body out of a frame without its length word. Raises LinkFault N-07."""
    if len(payload) < ENVELOPE_BYTES + BODY_HEAD_BYTES:
        raise LinkFault("N-07", "shorter than a message")
    header = payload[TPDU_BYTES:ENVELOPE_BYTES]
    return Envelope(bytes(payload[:TPDU_BYTES]), bytes(header)), payload[ENVELOPE_BYTES:]
