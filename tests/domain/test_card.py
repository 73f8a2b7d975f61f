"""Guards that a card number shows nowhere: no text, log, traceback, copy or file holds its digits."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from dataclasses import replace

import pytest

from domain.card import BadCard, Card, EntryMode, Hidden, Pan, RememberedCard, luhn_holds, scheme_of

DIGITS = "4761739001010119"


@pytest.fixture
def pan() -> Pan:
    return Pan(bytearray(DIGITS.encode()))


@pytest.fixture
def card(pan: Pan) -> Card:
    track2 = Hidden(bytearray(DIGITS.encode() + b"=2712201"))
    return Card(pan, EntryMode.SWIPE, "2712", "201", track2)


def test_no_text_of_a_number_holds_it(pan: Pan) -> None:
    for text in (repr(pan), str(pan), f"{pan}", f"{pan!r:>40}", "%s" % pan, f"{[pan]}"):  # noqa: UP031
        assert DIGITS not in text
        assert "hidden" in text


def test_no_text_of_a_card_holds_number_track_or_expiry(card: Card) -> None:
    for text in (repr(card), str(card)):
        assert DIGITS not in text
        assert "2712" not in text
        assert "201" not in text


def test_no_log_holds_it(pan: Pan, card: Card, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("till").warning("%s %r %s", pan, pan, card)
    assert DIGITS not in caplog.text


def test_no_traceback_with_locals_holds_it(card: Card) -> None:
    def fails(card: Card) -> None:
        number = card.pan
        raise RuntimeError(f"no answer for {number}")

    try:
        fails(card)
    except RuntimeError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(shown.format())
    assert "number = Pan(hidden)" in text
    assert DIGITS not in text


@pytest.mark.parametrize(
    "keep", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, hash, lambda pan: {pan}]
)
def test_a_number_is_never_copied_stored_or_hashed(pan: Pan, keep: object) -> None:
    with pytest.raises(TypeError) as refusal:
        keep(pan)  # type: ignore[operator]
    assert DIGITS not in str(refusal.value)


@pytest.mark.parametrize("keep", [pickle.dumps, copy.deepcopy])
def test_neither_is_the_card_around_it(card: Card, keep: object) -> None:
    with pytest.raises(TypeError):
        keep(card)  # type: ignore[operator]


def test_a_wiped_card_reveals_nothing_and_is_remembered(card: Card) -> None:
    buffer = card.pan.reveal()
    card.wipe()
    assert buffer == bytearray()
    assert card.remembered == RememberedCard("476173******0119", "Visa", EntryMode.SWIPE)
    with pytest.raises(ValueError, match="wiped"):
        card.pan.reveal()


def test_equal_digits_are_equal_numbers(pan: Pan) -> None:
    assert pan == Pan(bytearray(DIGITS.encode()))
    assert pan != Pan(bytearray(b"4111111111111111"))
    assert pan != DIGITS


@pytest.mark.parametrize(
    ("digits", "why"),
    [
        (b"4761739001010118", "check digit"),
        (b"47617390010", "length"),
        (b"47617390010101194761", "length"),
        (b"476173900101011A", "length"),
        ("٤٧٦١٧٣٩٠٠١٠١".encode(), "length"),
        (b"", "length"),
    ],
)
def test_what_is_no_number_is_refused_without_saying_it(digits: bytes, why: str) -> None:
    with pytest.raises(BadCard) as refusal:
        Pan(bytearray(digits))
    assert refusal.value.why == why
    assert str(refusal.value) == why


def test_every_wrong_check_digit_is_seen() -> None:
    right = [last for last in range(10) if luhn_holds(b"476173900101011%d" % last)]
    assert right == [9]


@pytest.mark.parametrize(
    ("service_code", "has_chip"),
    [("201", True), ("601", True), ("101", False), ("", False), ("120", False)],
)
def test_the_service_code_tells_of_a_chip(card: Card, service_code: str, has_chip: bool) -> None:
    assert replace(card, service_code=service_code).has_chip is has_chip


def test_the_remembered_number_is_grouped_from_the_left() -> None:
    remembered = RememberedCard("622202******1234", "UnionPay", EntryMode.CHIP)
    assert remembered.grouped() == "6222 02•• •••• 1234"
    assert remembered.grouped("*") == "6222 02** **** 1234"
    assert remembered.last4 == "1234"


def test_an_unknown_issuer_is_a_card() -> None:
    assert scheme_of("990000") == "Card"
