"""Guards the bytes on the wire: a published sale, hostile bodies, and that no number becomes text."""

from __future__ import annotations

import random
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from acquirer import codec
from acquirer.codec import Envelope, Message
from acquirer.dialect import Dialect, dialect_named
from domain.faults import LinkFault

FULL_0200 = bytes.fromhex((Path(__file__).parent.parent / "vectors" / "full0200.hex").read_text())
NUMBER = b"6225760008219524"
TRACK2 = b"6225760008219524=30122010000012345678"
DIALECT = dialect_named("unionpay")
F_PADDED = replace(DIALECT, pad_nibble="F")


def body() -> bytearray:
    return codec.unframe(bytearray(FULL_0200), DIALECT)[1]


def refusal_of(sale: bytearray) -> LinkFault | None:
    try:
        codec.decode(sale, DIALECT)
    except LinkFault as fault:
        return fault
    return None


def odd_numbered(dialect: Dialect) -> bytearray:
    message = Message("0210", {3: "000000", 39: "00"}, {2: bytearray(b"6205500000000000004")})
    return codec.encode(message, dialect)


def test_the_published_sale_is_read_whole() -> None:
    envelope, sale = codec.unframe(bytearray(FULL_0200), DIALECT)
    message = codec.decode(sale, DIALECT)
    assert envelope.tpdu.hex() == "6000030000"
    assert envelope.header.hex() == "603100311000"
    assert message.mti == "0200"
    assert message.fields[4] == "000000001234"
    assert message.fields[22] == "051"
    assert message.fields[23] == "001"
    assert message.fields[60] == "22000001000600"
    assert message.card[2] == NUMBER
    assert message.card[35] == TRACK2
    assert message.card[52].hex() == "3f4402baf45013f3"


def test_the_published_sale_is_written_byte_for_byte() -> None:
    envelope, sale = codec.unframe(bytearray(FULL_0200), DIALECT)
    message = codec.decode(sale, DIALECT)
    wire = codec.frame(envelope, codec.encode(message, DIALECT), DIALECT)
    assert wire[:2].hex() == "0114"
    assert wire[2:] == FULL_0200


def test_no_text_of_a_read_message_holds_the_number() -> None:
    message = codec.decode(body(), DIALECT)
    assert {2, 35, 52}.isdisjoint(message.fields)
    assert NUMBER.decode() not in repr(message)
    assert not any(NUMBER.decode() in text for text in message.fields.values())


def test_reading_wipes_the_buffer_that_it_read_from() -> None:
    sale = body()
    codec.decode(sale, DIALECT)
    assert sale == bytes(len(sale))


def test_wiping_a_message_zeroes_the_buffers_themselves() -> None:
    message = codec.decode(body(), DIALECT)
    number = message.card[2]
    message.wipe()
    assert number == bytes(16)
    assert message.card == {}


@pytest.mark.parametrize("written", [DIALECT, F_PADDED])
@pytest.mark.parametrize("read", [DIALECT, F_PADDED])
def test_both_paddings_are_read_whichever_is_ours(written: Dialect, read: Dialect) -> None:
    assert codec.decode(odd_numbered(written), read).card[2] == b"6205500000000000004"


def test_an_odd_number_ends_in_the_configured_half_byte() -> None:
    assert odd_numbered(DIALECT)[20] == 0x40
    assert odd_numbered(F_PADDED)[20] == 0x4F


def test_texts_of_the_bank_are_read_as_gbk() -> None:
    written = codec.encode(Message("0210", {39: "00", 63: "CUP交易成功"}), DIALECT)
    assert "交易成功".encode("gbk") in written
    assert codec.decode(written, DIALECT).fields[63] == "CUP交易成功"


def test_broken_gbk_does_not_spoil_an_answer() -> None:
    written = codec.encode(Message("0210", {39: "00", 63: "CUPabc"}), DIALECT)
    written[-1] = 0xFF
    assert codec.decode(written, DIALECT).fields[63].startswith("CUPab")


@pytest.mark.parametrize("number", sorted({3, 4, 11, 12, 13, 60}))
def test_letters_in_packed_digits_are_no_answer(number: int) -> None:
    fields = {3: "000000", 4: "0" * 12, 11: "000001", 12: "1" * 6, 13: "1122", 60: "22000001000"}
    written = codec.encode(Message("0210", fields), DIALECT)
    place = next(p for p in codec.places(written, DIALECT.fields) if p.number == number)
    written[place.start] = 0xA1
    with pytest.raises(LinkFault, match=f"N-07 field {number}"):
        codec.decode(written, DIALECT)


def test_letters_in_a_card_number_are_no_answer() -> None:
    written = odd_numbered(DIALECT)
    written[12] = 0xAB
    with pytest.raises(LinkFault, match="field 2"):
        codec.decode(written, DIALECT)


@pytest.mark.parametrize("length", range(0, 265, 9))
def test_a_message_that_is_cut_is_no_message(length: int) -> None:
    with pytest.raises(LinkFault, match="N-07"):
        codec.decode(body()[:length], DIALECT)


def test_bytes_behind_the_last_field_are_no_message() -> None:
    with pytest.raises(LinkFault, match="N-07"):
        codec.decode(body() + b"\0", DIALECT)


def test_fields_that_no_dialect_has_are_refused() -> None:
    sale = body()
    sale[2] |= 0x80  # a second bitmap
    with pytest.raises(LinkFault, match="field 1"):
        codec.decode(sale, DIALECT)
    sale = body()
    sale[2] |= 0x08  # field 5
    with pytest.raises(LinkFault, match="field 5"):
        codec.decode(sale, DIALECT)


def test_hostile_bodies_raise_a_link_fault_and_nothing_else() -> None:
    chance = random.Random(20261122)
    refused = 0
    for _ in range(1500):
        sale = body()
        for _ in range(chance.randint(1, 6)):
            sale[chance.randrange(len(sale))] = chance.randrange(256)
        if chance.random() < 0.3:
            del sale[chance.randrange(len(sale)) :]
        refused += refusal_of(sale) is not None
    assert refused > 500


def test_no_error_holds_a_digit_of_the_card_not_even_in_its_context() -> None:
    for place in range(len(body())):
        sale = body()
        sale[place] ^= 0xFF
        fault = refusal_of(sale)
        if fault is not None:
            assert fault.__cause__ is None
            assert fault.__context__ is None
            shown = "".join(traceback.TracebackException.from_exception(fault).format())
            assert "6225760" not in shown
            assert "19524" not in shown


def test_a_field_that_does_not_fit_cannot_be_sent() -> None:
    for fields in ({4: "1" * 13}, {5: "1"}, {37: "short"}):
        with pytest.raises(LinkFault, match="cannot be sent") as refusal:
            codec.encode(Message("0200", {**fields}, {2: bytearray(NUMBER)}), DIALECT)
        assert refusal.value.__context__ is None


def test_a_message_over_the_limit_is_not_framed() -> None:
    envelope = Envelope(bytes(5), bytes(6))
    with pytest.raises(LinkFault, match="too long"):
        codec.frame(envelope, bytearray(codec.MAX_MESSAGE), DIALECT)


def test_an_answers_envelope_goes_back_where_the_request_came_from() -> None:
    envelope = Envelope(bytes.fromhex("6000030000"), bytes.fromhex("603100311000"))
    assert envelope.turned().tpdu.hex() == "6000000003"


def test_the_banks_demand_is_the_sixth_digit_of_the_header() -> None:
    assert Envelope(bytes(5), bytes.fromhex("603103311000")).demand == "3"


def test_one_field_is_overwritten_in_place() -> None:
    written = codec.encode(Message("0400", {39: "06", 64: "0" * 16}), DIALECT)
    codec.put(written, 39, b"98", DIALECT)
    assert codec.decode(bytearray(written), DIALECT).fields[39] == "98"
    with pytest.raises(LinkFault):
        codec.put(written, 39, b"980", DIALECT)
    with pytest.raises(LinkFault):
        codec.put(written, 38, b"123456", DIALECT)
