"""Guards what a sale, its reversal and a sign-on say, and that card data is wiped and masked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from acquirer import codec, messages
from acquirer.codec import Message
from acquirer.dialect import Dialect, dialect_named
from acquirer.keys import MACS, KeyRing
from acquirer.link import SaleRequest
from domain.card import EntryMode
from domain.ciphers import check_value, tdes_encrypt
from domain.faults import LinkFault
from domain.sale import Reason
from domain.settings import AcquirerProfile

PROFILE = AcquirerProfile()
DIALECT = dialect_named("unionpay")
ANSI87 = dialect_named("ansi87")
MASTER = b"1" * 16
PIN_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
MAC_KEY = bytes.fromhex("C24A8FB57AA201231F3E5D7C9BBAD9F8")
NUMBER = b"6225760008219524"
Requests = Callable[..., SaleRequest]


def keys(dialect: Dialect = DIALECT) -> KeyRing:
    ring = KeyRing(MASTER, dialect.mac)
    ring.install(
        tdes_encrypt(MASTER, PIN_KEY)
        + check_value(PIN_KEY)
        + tdes_encrypt(MASTER, MAC_KEY)
        + check_value(MAC_KEY)
    )
    return ring


def sale(request: SaleRequest, dialect: Dialect = DIALECT) -> Message:
    body, _ = messages.sale_request(request, PROFILE, dialect, keys(dialect))
    assert body[-8:] == MACS[dialect.mac](MAC_KEY, body[:-8])
    return codec.decode(body, dialect)


def reversal(
    request: SaleRequest, dialect: Dialect = DIALECT, reason: Reason = Reason.NO_ANSWER
) -> Message:
    body = messages.reversal_body(request, PROFILE, dialect)
    signed, _ = messages.reversal_request(body, reason, dialect, keys(dialect))
    assert signed[-8:] == MACS[dialect.mac](MAC_KEY, signed[:-8])
    return codec.decode(signed, dialect)


def test_a_sale_by_stripe_with_pin_carries_these_fields(request_for: Requests) -> None:
    message = sale(request_for())
    message.fields.pop(64)
    assert message.mti == "0200"
    assert message.fields == {
        3: "000000",
        4: "000000001234",
        11: "000123",
        14: "3012",
        22: "021",
        25: "00",
        26: "12",
        41: "31060218",
        42: "310290053110478",
        49: "156",
        53: "2600000000000000",
        60: "22000007000200",
    }
    assert message.card[2] == NUMBER
    assert message.card[35] == NUMBER + b"=30121200000012345678"
    assert message.card[52] == b"PINBLOCK"


def test_the_same_sale_in_the_other_dialect_carries_these(request_for: Requests) -> None:
    body, expected = messages.sale_request(request_for(), PROFILE, ANSI87, keys(ANSI87))
    assert bytes(body[:20]) == b"0200303C04C020C09011"
    assert NUMBER + b"=30121200000012345678" in body
    message = codec.decode(body, ANSI87)
    message.fields.pop(64)
    assert message.fields == {
        3: "000000",
        4: "000000001234",
        11: "000123",
        12: "143207",
        13: "1122",
        14: "3012",
        22: "021",
        25: "00",
        26: "12",
        41: "31060218",
        42: "310290053110478",
        49: "156",
        60: "222000007",
    }
    assert message.card == {
        35: bytearray(NUMBER + b"=30121200000012345678"),
        52: bytearray(b"PINBLOCK"),
    }
    assert (expected.mti, expected.stan) == ("0210", "000123")


def test_a_sale_without_pin_says_so_and_sends_no_block(
    dialect: Dialect, request_for: Requests
) -> None:
    message = sale(request_for(pin=None), dialect)
    assert message.fields[22] == "022"
    assert {26, 53}.isdisjoint(message.fields)
    assert 52 not in message.card


def test_the_options_of_the_dialect_change_what_is_sent(request_for: Requests) -> None:
    dialect = replace(
        DIALECT,
        pin_max="06",
        send_pan_with_track2=False,
        f60_digits=17,
        send_local_time=True,
        send_operator=True,
    )
    message = sale(request_for(), dialect)
    assert message.fields[26] == "06"
    assert 2 not in message.card
    assert message.fields[60] == "22000007000200048"
    assert (message.fields[13], message.fields[12]) == ("1122", "143207")
    assert message.fields[63] == "01 "


def test_a_stripe_with_track_1_alone_is_sold_by_its_number(
    dialect: Dialect, request_for: Requests
) -> None:
    stripe = "%B6225760008219524^LI/LEI^30121200000012345678?"
    message = sale(request_for(stripe=stripe), dialect)
    assert message.card[2] == NUMBER
    assert 35 not in message.card


def test_a_typed_card_says_that_it_was_typed(dialect: Dialect, request_for: Requests) -> None:
    request = request_for(pin=None)
    request.card.entry = EntryMode.TYPED
    request.card.track2 = None
    assert sale(request, dialect).fields[22] == "012"


def test_track_3_is_sent_unless_the_dialect_forbids_it(request_for: Requests) -> None:
    stripe = ";6225760008219524=30121200000012345678?;016225760008219524=1561?"
    assert sale(request_for(stripe=stripe)).card[36] == b"016225760008219524=1561"
    assert 36 not in sale(request_for(stripe=stripe), replace(DIALECT, send_track3=False)).card


def test_a_reversal_repeats_the_sale_without_track_and_pin(
    dialect: Dialect, request_for: Requests
) -> None:
    sold, taken_back = sale(request_for(), dialect), reversal(request_for(), dialect)
    assert taken_back.mti == "0400"
    assert taken_back.fields[39] == ("98" if dialect == DIALECT else "68")
    assert {26, 52, 53}.isdisjoint(taken_back.fields)
    assert taken_back.card == {2: bytearray(NUMBER)}
    for number in sold.fields.keys() - {26, 53, 64}:
        assert taken_back.fields[number] == sold.fields[number]


@pytest.mark.parametrize("reason", list(Reason))
def test_the_reason_of_a_reversal_is_set_when_it_is_sent(
    reason: Reason, request_for: Requests
) -> None:
    assert reversal(request_for(), reason=reason).fields[39] == reason.value
    said = reversal(request_for(), ANSI87, reason).fields[39]
    assert said == {"98": "68", "A0": "63", "06": "06"}[reason.value]


def test_building_messages_leaves_the_card_as_it_was(
    dialect: Dialect, request_for: Requests
) -> None:
    request = request_for()
    sale(request, dialect)
    reversal(request, dialect)
    assert request.card.pan.reveal() == NUMBER


def test_every_copy_of_the_card_is_wiped_once_its_message_is_built(
    dialect: Dialect, request_for: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies: list[bytearray] = []
    real_encode = codec.encode

    def encode(message: Message, dialect: Dialect) -> bytearray:
        copies.extend(message.card.values())
        assert any(copy.startswith(NUMBER) for copy in copies)
        return real_encode(message, dialect)

    monkeypatch.setattr(codec, "encode", encode)
    for build in (sale, reversal):
        copies.clear()
        build(request_for(), dialect)
        assert copies
        assert not any(any(copy) for copy in copies)


def test_nothing_is_built_without_keys(request_for: Requests) -> None:
    with pytest.raises(LinkFault, match="K-01"):
        messages.sale_request(request_for(), PROFILE, DIALECT, KeyRing(MASTER))


def test_a_sign_on_asks_for_triple_des_keys() -> None:
    body, expected = messages.sign_on_request("01", 9, PROFILE, DIALECT)
    message = codec.decode(body, DIALECT)
    assert message.mti == "0800"
    assert message.fields[11] == "000009"
    assert message.fields[60] == "00000000003"
    assert message.fields[63] == "01 "
    assert bytes.fromhex(message.fields[62]) == b"Sequence No0831060218"
    assert 64 not in message.fields
    assert expected.mti == "0810"


def test_a_sign_on_of_the_other_dialect_says_so_in_its_own_field_60() -> None:
    body, _ = messages.sign_on_request("01", 9, PROFILE, ANSI87)
    assert codec.decode(body, ANSI87).fields[60] == "001000000"
    body, expected = messages.echo_request(10, PROFILE, ANSI87)
    message = codec.decode(body, ANSI87)
    assert (message.mti, message.fields[60], expected.mti) == ("0800", "301000000", "0810")


def test_an_echo_wants_nothing_but_an_answer() -> None:
    body, expected = messages.echo_request(10, PROFILE, DIALECT)
    message = codec.decode(body, DIALECT)
    assert (message.mti, message.fields[60], expected.mti) == ("0820", "00000000301", "0830")


def test_a_pin_is_bound_to_twelve_digits_without_the_check_digit(request_for: Requests) -> None:
    account = messages.account_for_pin(request_for().card)
    assert account.reveal() == b"576000821952"
    assert "576000" not in repr(account)


def test_an_answer_keeps_only_printable_text() -> None:
    fields = {39: "00", 37: "261122000001", 38: "A1\x1b@12", 12: "143207", 13: "1122"}
    fields |= {44: "01020000   48213100", 63: "CUP\x1d\x56\x00交易成功 "}
    answer = messages.answer_of(Message("0210", fields), DIALECT)
    assert answer.auth_code == "A1@12"
    assert answer.issuer == "01020000"
    assert answer.acquirer == "48213100"
    assert answer.remark == "V交易成功"
    assert answer.host_at == "1122143207"


@pytest.mark.parametrize("code", ["", "0", "0 ", "\x00\x00", "é0"])
def test_an_answer_without_a_code_is_none(code: str) -> None:
    with pytest.raises(LinkFault, match="N-07 field 39"):
        messages.answer_of(Message("0210", {39: code}), DIALECT)


def test_a_request_shows_no_card(request_for: Requests) -> None:
    request = request_for()
    shown = repr(request) + repr(replace(request, stan=2))
    assert "6225" not in shown
    assert "PINBLOCK" not in shown
