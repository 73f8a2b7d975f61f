"""Guards the reading of stripes: every good one is a card, anything else is BadCard, all is wiped.

The numbers are the card schemes' public test numbers.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.card import BadCard, EntryMode
from domain.tracks import MAX_STRIPE, read_stripe

PUBLIC_NUMBERS = {
    "4111111111111111": "Visa",
    "4012888888881881": "Visa",
    "4761739001010119": "Visa",
    "5555555555554444": "Mastercard",
    "5105105105105100": "Mastercard",
    "2223003122003222": "Mastercard",
    "378282246310005": "American Express",
    "371449635398431": "American Express",
    "30569309025904": "Diners Club",
    "38520000023237": "Diners Club",
    "6011111111111117": "Discover",
    "3530111333300000": "JCB",
    "6250947000000014": "UnionPay",
    "6210948000000029": "UnionPay",
    "6759649826438453": "Maestro",
}
PAN = b"4761739001010119"
T1 = b"%B" + PAN + b"^DOE/JANE^27122011000?"
T2 = b";" + PAN + b"=27122011758928889?"
T3 = b"01" + PAN + b"==1561560000000000003000999999?"


def lrc_of(track: bytes, base: int, bits: int) -> bytes:
    value = 0
    for character in track:
        value ^= (character - base) & bits
    return bytes((value + base,))


def lrc1(track: bytes) -> bytes:
    return track + lrc_of(track, 0x20, 0x3F)


def lrc2(track: bytes) -> bytes:
    return track + lrc_of(track, 0x30, 0x0F)


def why(stripe: bytes) -> str:
    buffer = bytearray(stripe)
    with pytest.raises(BadCard) as refusal:
        read_stripe(buffer)
    assert not any(buffer)
    return refusal.value.why


@pytest.mark.parametrize(("number", "scheme"), PUBLIC_NUMBERS.items())
def test_every_public_test_number_is_read_from_either_track(number: str, scheme: str) -> None:
    digits = number.encode()
    for stripe in (b";" + digits + b"=2712201?", b"%B" + digits + b"^A/B^2712201?"):
        card = read_stripe(bytearray(stripe))
        assert card.pan.reveal() == digits
        assert card.remembered.scheme == scheme
        assert card.remembered.masked == number[:6] + "*" * (len(number) - 10) + number[-4:]
        assert card.entry is EntryMode.SWIPE


@pytest.mark.parametrize(
    "stripe",
    [
        T1 + T2,
        T1 + T2 + b"\r",
        T1 + T2 + b"\r\n",
        T2,
        T1 + T2 + b";" + T3,
        T1 + T2 + b"+" + T3,
        T2 + b";" + T3,
        lrc1(T1) + lrc2(T2),
        lrc1(T1) + lrc2(T2) + lrc2(b";" + T3) + b"\r",
        T1 + T2 + b"+E?",
        T1 + T2 + b"\x00\x00",
    ],
)
def test_every_usual_form_of_a_stripe_is_the_same_card(stripe: bytes) -> None:
    buffer = bytearray(stripe)
    card = read_stripe(buffer)
    assert card.remembered.masked == "476173******0119"
    assert (card.expiry, card.service_code) == ("2712", "201")
    assert card.track2 is not None
    assert card.track2.reveal() == T2[1:-1]
    assert not any(buffer)


@pytest.mark.parametrize("begin", [b";", b"+"])
def test_track_3_is_kept_with_the_card(begin: bytes) -> None:
    card = read_stripe(bytearray(T2 + begin + T3))
    assert card.track3 is not None
    assert card.track3.reveal() == T3[:-1]


def test_track_1_alone_is_a_card_without_track_2() -> None:
    card = read_stripe(bytearray(T1))
    assert card.track2 is None
    assert (card.expiry, card.service_code) == ("2712", "201")


@pytest.mark.parametrize(
    ("stripe", "word"),
    [
        (b"", "nothing"),
        (b"\r\n", "nothing"),
        (b"+" + T3, "nothing"),
        (b"%E?", "unreadable"),
        (b";E?", "unreadable"),
        (T1 + b";E?", "unreadable"),
        (b"%E?" + T2, "unreadable"),
        (T2[:-1], "unreadable"),
        (T1[:-1] + T2[:5], "unreadable"),
        (b"4761739001010119=2712201", "unreadable"),
        (b";" + PAN + b"?", "unreadable"),
        (b";" + PAN + b"=2712?", "unreadable"),
        (b";" + PAN + b"=2712ABC?", "unreadable"),
        (b"%B" + PAN + b"^DOE^?", "expiry"),
        (b"%A" + PAN + b"^DOE/JANE^2712201?", "unreadable"),
        (b"%B" + PAN + b"?", "unreadable"),
        (b";" + PAN + b"==201?", "expiry"),
        (b";" + PAN + b"=2713201?", "expiry"),
        (b";" + PAN + b"=2700201?", "expiry"),
        (b";4761739001010118=2712201?", "check digit"),
        (b";47617390=2712201?", "length"),
        (b";47617390010101194761=2712201?", "length"),
        (b"1" * (MAX_STRIPE + 9), "length"),
        (T2 + b"x", "lrc"),
        (lrc2(T2)[:-1] + b"\x7f", "lrc"),
    ],
)
def test_what_is_no_card_says_why_in_one_word(stripe: bytes, word: str) -> None:
    assert why(stripe) == word


def test_an_lrc_that_looks_like_a_sentinel_is_an_lrc() -> None:
    seen = set()
    for number in range(10_000):
        track = b";" + PAN + b"=2712201%04d?" % number
        lrc = lrc_of(track, 0x30, 0x0F)
        if lrc in {b";", b"?", b"="}:
            seen.add(lrc)
            for after in (b"", b"\r", b";" + T3, b"+" + T3):
                card = read_stripe(bytearray(track + lrc + after))
                assert card.remembered.masked == "476173******0119"
        if len(seen) == 3:
            break
    assert seen == {b";", b"?", b"="}


def test_a_percent_or_plus_as_lrc_of_track_1_is_an_lrc() -> None:
    seen = set()
    for number in range(10_000):
        track = b"%B" + PAN + b"^DOE/JANE^2712201%04d?" % number
        lrc = lrc_of(track, 0x20, 0x3F)
        if lrc in {b"%", b";", b"+"}:
            seen.add(lrc)
            assert read_stripe(bytearray(track + lrc + T2)).track2 is not None
    assert seen


@settings(max_examples=400)
@given(st.binary(max_size=MAX_STRIPE + 20))
def test_any_bytes_are_a_card_or_a_bad_card_and_are_wiped(noise: bytes) -> None:
    buffer = bytearray(noise)
    try:
        read_stripe(buffer).wipe()
    except BadCard as refusal:
        assert refusal.__cause__ is None
    assert not any(buffer)


@settings(max_examples=400)
@given(st.text("%;+?^=BE0123456789/ \r\n", max_size=MAX_STRIPE))
def test_any_mixture_of_track_characters_is_a_card_or_a_bad_card(noise: str) -> None:
    buffer = bytearray(noise.encode())
    try:
        read_stripe(buffer).wipe()
    except BadCard as refusal:
        assert refusal.why in {"nothing", "unreadable", "lrc", "expiry", "length", "check digit"}
    assert not any(buffer)


@settings(max_examples=200)
@given(st.integers(0, len(T1 + T2) - 1), st.integers(0, 255))
def test_one_wrong_byte_never_makes_another_card(place: int, byte: int) -> None:
    stripe = bytearray(lrc1(T1) + lrc2(T2))
    stripe[place] = byte
    try:
        card = read_stripe(stripe)
    except BadCard:
        return
    assert card.pan.reveal() == PAN
