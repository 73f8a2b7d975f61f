"""Guards MAC, working keys and seal: published vectors, all keys or none, a seal for one sale."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import psec
import pytest

from acquirer.keys import KeyRing, is_weak, retail_mac, seal, unionpay_mac, unseal
from domain.ciphers import check_value, tdes_encrypt
from domain.faults import LinkFault

MAC_KEY = bytes.fromhex("C24A8FB57AA20123")
COVERED_A = bytes.fromhex(
    "0200302004C020C0 9811000000000000 0000510018340210 0006324392260009 "
    "942820D131210112 0084393136363838 3031343030303030 3030303030303030 "
    "3031313536ACF46E 73838A82F9260000 0000000000000822 0000010000000000 "
)
FULL_0200 = Path(__file__).parent.parent / "vectors" / "full0200.hex"
SIGN_ON_KEY = b"1" * 16
SIGN_ON_62 = bytes.fromhex(
    "492B274F0AB4DBCEC93F4BAB890B640608D7B4FB1E47A3A8ED986E0900000000000000000547DB3E"
    "064DA5FDC5493F70796CD5C72C7AB14E491510CA"
)
PIN_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


def wrapped(key: bytes, size: int = 16) -> bytes:
    return tdes_encrypt(SIGN_ON_KEY, key).ljust(size, b"\0") + check_value(key)


def ring() -> KeyRing:
    keys = KeyRing(SIGN_ON_KEY)
    keys.install(SIGN_ON_62)
    return keys


def test_the_mac_of_a_published_demo() -> None:
    assert unionpay_mac(MAC_KEY, COVERED_A) == b"8A9E91B8"


def test_the_mac_of_a_full_sale_that_three_codecs_agree_on() -> None:
    payload = bytes.fromhex(FULL_0200.read_text())
    assert unionpay_mac(MAC_KEY, payload[11:-8]) == payload[-8:] == b"361ACC8D"


def test_a_mac_under_a_double_key_uses_triple_des() -> None:
    assert unionpay_mac(MAC_KEY * 2, COVERED_A) == b"8A9E91B8"
    assert unionpay_mac(PIN_KEY, COVERED_A) != b"8A9E91B8"


@pytest.mark.parametrize("mac", [unionpay_mac, retail_mac])
def test_every_byte_that_is_covered_changes_the_mac(mac: Callable[..., bytes]) -> None:
    right = mac(PIN_KEY, COVERED_A)
    for place in range(len(COVERED_A)):
        changed = bytearray(COVERED_A)
        changed[place] ^= 0x10
        assert mac(PIN_KEY, changed) != right


def test_the_published_vector_of_the_retail_mac() -> None:
    assert retail_mac(PIN_KEY, b"Hello World !!!!").hex().upper() == "23CA64DF47907E6C"


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 63, 64, 275])
def test_the_retail_mac_agrees_with_psec(length: int) -> None:
    chance = random.Random(length)
    for _ in range(5):
        key, covered = chance.randbytes(16), chance.randbytes(length)
        theirs = psec.mac.generate_retail_mac(key[:8], key[8:], covered, 1)
        assert retail_mac(key, memoryview(covered)) == theirs


def test_the_retail_mac_takes_no_key_of_eight_bytes() -> None:
    keys = KeyRing(SIGN_ON_KEY, "x9.19")
    with pytest.raises(LinkFault, match="K-01 length of the MAC key"):
        keys.install(wrapped(PIN_KEY) + wrapped(MAC_KEY))
    assert not keys.has_keys
    keys.install(wrapped(PIN_KEY) + wrapped(PIN_KEY[::-1]))
    assert keys.mac(COVERED_A) == retail_mac(PIN_KEY[::-1], COVERED_A)
    assert keys.mac_fits(COVERED_A, keys.mac(COVERED_A))


def test_the_keys_of_a_published_sign_on_are_installed() -> None:
    keys = KeyRing(SIGN_ON_KEY)
    assert not keys.has_keys
    pin_key = keys.install(SIGN_ON_62)
    assert keys.has_keys
    assert pin_key.wrapped == SIGN_ON_62[:16]
    assert pin_key.check_value.hex() == "08d7b4fb"
    assert keys.mac(COVERED_A) == b"8A9E91B8"


@pytest.mark.parametrize("size", [8, 16])
def test_keys_without_a_track_key_are_installed_in_both_lengths(size: int) -> None:
    pin_key = PIN_KEY[:size]
    keys = KeyRing(SIGN_ON_KEY)
    keys.install(wrapped(pin_key, size) + wrapped(MAC_KEY, size))
    assert keys.mac(COVERED_A) == b"8A9E91B8"


@pytest.mark.parametrize("place", [0, 17, 20, 39, 40, 59])
def test_one_wrong_byte_installs_no_key_at_all_and_keeps_the_old_ones(place: int) -> None:
    keys = ring()
    before = keys.mac(COVERED_A)
    other = bytearray(wrapped(PIN_KEY) + wrapped(MAC_KEY[::-1]) + wrapped(PIN_KEY[::-1]))
    other[place] ^= 0x10
    with pytest.raises(LinkFault, match="K-01"):
        keys.install(bytes(other))
    assert keys.mac(COVERED_A) == before


@pytest.mark.parametrize(
    "weak",
    [
        bytes(8),
        b"\x01" * 8,
        b"\xfe" * 8,
        bytes.fromhex("E0FEE0FEF1FEF1FE"),
        PIN_KEY[:8] * 2,
        bytes(8) + PIN_KEY[:8],
    ],
)
def test_a_weak_key_is_refused_though_its_check_value_is_right(weak: bytes) -> None:
    assert is_weak(weak)
    keys = KeyRing(SIGN_ON_KEY)
    size = 16 if len(weak) == 16 else 8
    with pytest.raises(LinkFault, match="weak"):
        keys.install(wrapped(weak, size) + wrapped(MAC_KEY, size))
    assert not keys.has_keys


@pytest.mark.parametrize("length", [0, 23, 25, 39, 41, 84, 120])
def test_a_field_of_keys_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(LinkFault, match="K-01"):
        KeyRing(SIGN_ON_KEY).install(bytes(length))


def test_without_keys_no_mac_is_made_and_none_fits() -> None:
    keys = ring()
    keys.forget()
    with pytest.raises(LinkFault, match="K-01"):
        keys.mac(COVERED_A)
    assert not keys.mac_fits(COVERED_A, b"8A9E91B8")


def test_a_key_ring_shows_no_key() -> None:
    assert repr(ring()) == "KeyRing(hidden)"


def test_what_is_sealed_for_a_sale_opens_for_it_alone(sealing_key: bytes) -> None:
    sealed = seal(sealing_key, 1284, bytearray(b"0400 with a number"))
    assert unseal(sealing_key, 1284, sealed) == b"0400 with a number"
    with pytest.raises(LinkFault, match="K-01"):
        unseal(sealing_key, 1285, sealed)
    with pytest.raises(LinkFault, match="K-01"):
        unseal(bytes(32), 1284, sealed)


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_a_seal_with_one_other_byte_does_not_open(place: int, sealing_key: bytes) -> None:
    sealed = bytearray(seal(sealing_key, 7, bytearray(b"0400")))
    sealed[place] ^= 1
    with pytest.raises(LinkFault, match="K-01"):
        unseal(sealing_key, 7, bytes(sealed))


def test_a_cut_seal_does_not_open(sealing_key: bytes) -> None:
    sealed = seal(sealing_key, 7, bytearray(b"0400"))
    for length in range(len(sealed)):
        with pytest.raises(LinkFault, match="K-01"):
            unseal(sealing_key, 7, sealed[:length])


def test_the_same_reversal_is_never_sealed_into_the_same_bytes(sealing_key: bytes) -> None:
    body = bytearray(b"0400")
    assert seal(sealing_key, 7, body) != seal(sealing_key, 7, body)
