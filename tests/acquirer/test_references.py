"""Guards what a void and a refund say of the payment that they refer to (fields 37, 38, 61, 63)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acquirer import codec, messages
from acquirer.codec import Message
from acquirer.dialect import dialect_named
from acquirer.messages import SaleRequest
from domain.kinds import Kind
from domain.money import Money
from domain.sale import EncryptedPin, OriginalFacts
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STRIPE = ";6225760008219524=30121200000?"
OTHER_STRIPE = ";6212345678901232=30121200000?"
ORIGINAL = OriginalFacts(87, 412, "632614000412", "418207", "1122")
DIALECT = dialect_named("unionpay")


def a_request(kind: Kind, *, batch: int = 87) -> SaleRequest:
    pin = None if kind is Kind.REFUND else EncryptedPin(bytes(8))
    return SaleRequest(
        sale=9,
        amount=Money(40_00),
        card=read_stripe(bytearray(STRIPE, "ascii")),
        pin=pin,
        stan=415,
        batch=batch,
        at=NOON,
        operator="02",
        kind=kind,
        original=ORIGINAL,
    )


def said(body: bytearray) -> Message:
    return codec.decode(bytearray(body), DIALECT)


class Keys:
    """Working keys whose MAC nobody looks at."""

    def mac(self, covered: object) -> bytes:
        return b"MACMACMA"


def asked(request: SaleRequest) -> Message:
    keys: messages.KeyRing = Keys()  # type: ignore[assignment]
    return said(messages.sale_request(request, AcquirerProfile(), DIALECT, keys)[0])


def test_a_void_names_the_charge_by_batch_trace_and_the_banks_number() -> None:
    message = asked(a_request(Kind.VOID))

    assert (message.mti, message.fields[3], message.fields[25]) == ("0200", "200000", "00")
    assert message.fields[60].startswith("23000087")
    assert message.fields[61] == "000087000412"
    assert (message.fields[37], message.fields[38]) == ("632614000412", "418207")
    assert {2, 35, 52} <= set(message.card)


def test_the_reversal_of_a_void_repeats_the_voids_own_reference() -> None:
    message = said(messages.reversal_body(a_request(Kind.VOID), AcquirerProfile(), DIALECT))

    assert (message.mti, message.fields[3]) == ("0400", "200000")
    assert message.fields[11] == "000415"
    assert message.fields[61] == "000087000412"
    assert message.fields[38] == "418207"
    assert 37 not in message.fields
    assert set(message.card) == {2}


@pytest.mark.parametrize(
    ("batch", "reference"), [(87, "0000870004121122"), (88, "0000000000001122")]
)
def test_a_refund_names_the_day_and_of_another_batch_nothing_else(
    batch: int, reference: str
) -> None:
    request = a_request(Kind.REFUND, batch=batch)
    message = said(messages.advice_body(request, AcquirerProfile(), DIALECT))

    assert (message.mti, message.fields[3]) == ("0220", "200000")
    assert message.fields[60].startswith(f"25{batch:06d}")
    assert message.fields[61] == reference
    assert message.fields[37] == "632614000412"
    assert message.fields[63] == "CUP"
    assert message.fields[4] == "000000004000"


def test_the_other_dialect_says_the_same_in_its_own_order() -> None:
    ansi87 = dialect_named("ansi87")
    keys: messages.KeyRing = Keys()  # type: ignore[assignment]
    body, _ = messages.sale_request(a_request(Kind.VOID), AcquirerProfile(), ansi87, keys)
    void = codec.decode(body, ansi87)
    assert (void.mti, void.fields[3], void.fields[25]) == ("0200", "020000", "00")
    assert void.fields[60] == "232000087"
    assert void.fields[61] == "000412000087"
    assert (void.fields[37], void.fields[38]) == ("632614000412", "418207")
    refund = codec.decode(
        messages.advice_body(a_request(Kind.REFUND), AcquirerProfile(), ansi87), ansi87
    )
    assert (refund.mti, refund.fields[3]) == ("0220", "200000")
    assert refund.fields[61] == "1122000412000087"
    assert set(refund.card) == {2}


def test_what_waits_on_disk_for_the_bank_never_carries_a_track() -> None:
    message = said(messages.advice_body(a_request(Kind.REFUND), AcquirerProfile(), DIALECT))
    assert set(message.card) == {2}


def test_a_sale_refers_to_nothing() -> None:
    request = replace(a_request(Kind.SALE), original=None)
    message = asked(request)
    assert not {37, 38, 61} & set(message.fields)


def test_a_card_is_known_again_by_its_fingerprint_under_the_key_only() -> None:
    card, same = (read_stripe(bytearray(STRIPE, "ascii")) for _ in range(2))
    other = read_stripe(bytearray(OTHER_STRIPE, "ascii"))
    mark = messages.fingerprint(card, b"k" * 32)

    assert mark == messages.fingerprint(same, b"k" * 32)
    assert mark != messages.fingerprint(other, b"k" * 32)
    assert mark != messages.fingerprint(card, b"l" * 32)
