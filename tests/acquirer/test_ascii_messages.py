"""Guards the bytes of the ASCII dialect: what it writes, what it refuses, no number as text."""

from __future__ import annotations

import random
import traceback

import iso8583
import pytest
from iso8583.specs import default_ascii

from acquirer import codec
from acquirer.codec import Envelope, Message
from acquirer.dialect import dialect_named
from domain.faults import LinkFault

ANSI87 = dialect_named("ansi87")
NUMBER = b"6225760008219524"
TRACK2 = b"6225760008219524=30122010000012345678"
SALE = (
    b"0200" + b"703C04C020C09011" + b"16" + NUMBER + b"000000" + b"000000001234"
    b"000123"
    + b"143207"
    + b"1122"
    + b"3012"
    + b"021"
    + b"00"
    + b"12"
    + b"37"
    + TRACK2
    + b"31060218"
    + b"310290053110478"
    + b"156"
    + bytes.fromhex("3F4402BAF45013F3")
    + b"009"
    + b"222000007"
    + bytes.fromhex("361ACC8D00FF3D10")
)


def refusal_of(sale: bytes) -> LinkFault | None:
    try:
        codec.decode(bytearray(sale), ANSI87)
    except LinkFault as fault:
        return fault
    return None


def test_a_sale_is_read_whole() -> None:
    message = codec.decode(bytearray(SALE), ANSI87)
    assert message.mti == "0200"
    assert message.fields[4] == "000000001234"
    assert message.fields[22] == "021"
    assert message.fields[60] == "222000007"
    assert message.fields[64] == "361ACC8D00FF3D10"
    assert message.card[2] == NUMBER
    assert message.card[35] == TRACK2
    assert message.card[52].hex() == "3f4402baf45013f3"


def test_a_sale_is_written_byte_for_byte_under_a_length_of_four_digits() -> None:
    body = codec.encode(codec.decode(bytearray(SALE), ANSI87), ANSI87)
    assert body == SALE
    wire = codec.frame(Envelope(b"", b""), body, ANSI87)
    assert wire == b"%04d" % len(SALE) + SALE
    envelope, again = codec.unframe(wire[4:], ANSI87)
    assert (envelope, again) == (Envelope(b"", b""), body)
    assert (envelope.turned(), envelope.demand) == (envelope, "0")


def test_the_standards_own_table_reads_the_same_message() -> None:
    table = {name: dict(spec) for name, spec in default_ascii.items()}
    for name in ("52", "64"):
        table[name] |= {"data_enc": "b", "max_len": 8}
    theirs, _ = iso8583.decode(SALE, table)
    ours = codec.decode(bytearray(SALE), ANSI87)
    assert theirs["2"].encode() == ours.card[2]
    assert theirs["35"].encode() == ours.card[35]
    for number, text in ours.fields.items():
        assert theirs[str(number)] == text


def test_no_text_of_a_read_message_holds_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    real = iso8583.decode

    def decode(body: bytearray, spec: dict[str, dict[str, object]]) -> object:
        seen.append(bytes(body))
        return real(body, spec)

    monkeypatch.setattr(iso8583, "decode", decode)
    sale = bytearray(SALE)
    message = codec.decode(sale, ANSI87)
    assert {2, 35, 52}.isdisjoint(message.fields)
    assert NUMBER.decode() not in repr(message)
    assert sale == bytes(len(SALE))
    assert len(seen) == 1
    assert NUMBER not in seen[0]
    assert bytes.fromhex("3F4402BAF45013F3") not in seen[0]


def test_no_number_is_shown_to_the_library_when_a_message_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = codec.decode(bytearray(SALE), ANSI87)
    shown: list[dict[str, str]] = []
    real = iso8583.encode

    def encode(fields: dict[str, str], spec: dict[str, dict[str, object]]) -> object:
        shown.append(dict(fields))
        return real(fields, spec)

    monkeypatch.setattr(iso8583, "encode", encode)
    codec.encode(message, ANSI87)
    assert shown[0]["2"] == "0" * 16
    assert shown[0]["35"] == "0" * 37
    assert shown[0]["52"] == "0" * 16


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b"0200", b"02A0"),
        (b"703C04C0", b"703G04C0"),
        (b"703C04C0", b"+03C04C0"),
        (b"703C04C0", b" 03C04C0"),
        (b"703C04C0", b"F03C04C0"),
        (b"16622576", b"1A622576"),
        (b"16622576", b"20622576"),
        (b"16622576", b"16A22576"),
        (b"=3012201", b"A3012201"),
        (b"=3012201", b"\n3012201"),
        (b"000000001234", b"0000000012 4"),
        (b"143207", b"14:207"),
        (b"156", b"15\xe9"),
        (b"009222", b"999222"),
        (b"009222", b"-09222"),
    ],
)
def test_a_message_with_one_thing_wrong_is_none(found: bytes, put: bytes) -> None:
    assert SALE.count(found) == 1
    fault = refusal_of(SALE.replace(found, put))
    assert fault is not None
    assert fault.fault.code == "N-07"


@pytest.mark.parametrize("length", range(0, len(SALE), 7))
def test_a_message_that_is_cut_is_no_message(length: int) -> None:
    assert refusal_of(SALE[:length]) is not None


def test_hostile_bodies_raise_a_link_fault_and_nothing_else() -> None:
    chance = random.Random(87)
    refused = 0
    for _ in range(1500):
        sale = bytearray(SALE)
        for _ in range(chance.randint(1, 6)):
            sale[chance.randrange(len(sale))] = chance.randrange(256)
        if chance.random() < 0.3:
            del sale[chance.randrange(len(sale)) :]
        fault = refusal_of(sale)
        if fault is not None:
            refused += 1
            shown = "".join(traceback.TracebackException.from_exception(fault).format())
            assert fault.__context__ is None
            assert "6225760" not in shown
    assert refused > 500


@pytest.mark.parametrize(
    ("word", "length"),
    [(b"0276", 276), (b"2048", 2048), (b"2049", 0), (b"0000", 0), (b"+276", 0), (b"27\xb26", 0)],
)
def test_a_length_is_four_digits_and_nothing_else(word: bytes, length: int) -> None:
    assert codec.length_of(word, ANSI87) == length


def test_texts_of_the_bank_are_read_in_the_dialects_own_encoding() -> None:
    written = codec.encode(Message("0210", {39: "00", 44: "Señor"}), ANSI87)
    assert codec.decode(written, ANSI87).fields[44] == "Señor"
    assert codec.encode(Message("0210", {39: "00", 44: "成功"}), ANSI87).endswith(b"02??")


def test_one_field_is_overwritten_in_place() -> None:
    written = codec.encode(Message("0400", {39: "06", 64: "0" * 16}), ANSI87)
    codec.put(written, 39, b"68", ANSI87)
    assert codec.decode(bytearray(written), ANSI87).fields[39] == "68"
