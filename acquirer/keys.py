"""Keys of the terminal: working keys from the sign-on, the message MAC, the seal of a reversal."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.ciphers import CHECK_VALUE_BYTES, check_value, tdes_decrypt, tdes_encrypt
from domain.faults import LinkFault

SEAL_VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
SINGLE = 8
DOUBLE = 16

_WEAK_IN_HEX = (
    "0000000000000000 fefefefefefefefe e0e0e0e0f0f0f0f0 1e1e1e1e0e0e0e0e "
    "00fe00fe00fe00fe fe00fe00fe00fe00 1ee01ee00ef00ef0 e01ee01ef00ef00e "
    "00e000e000f000f0 e000e000f000f000 1efe1efe0efe0efe fe1efe1efe0efe0e "
    "001e001e000e000e 1e001e000e000e00 e0fee0fef0fef0fe fee0fee0fef0fef0"
)
_WEAK = frozenset(bytes.fromhex(key) for key in _WEAK_IN_HEX.split())
"""The weak and half-weak keys of DES (NIST SP 800-67, 3.3.2), with the parity bits cleared."""


@dataclass(frozen=True, slots=True)
class PinKey:
    """The working PIN key as the acquirer wrapped it; only a PIN pad can open it."""

    wrapped: bytes
    check_value: bytes


class KeyRing:
    """The terminal's master key, and the MAC key of the last sign-on; `mac` is the dialect's."""

    def __init__(self, terminal_key: bytes, mac: str = "unionpay") -> None:
        self._terminal_key = terminal_key
        self._algorithm = MACS[mac]
        self._mac_key_bytes = MAC_KEY_BYTES[mac]
        self._mac_key: bytes | None = None
        self.generation = 0
        """Counts sign-ons: a PIN block made under an earlier one is worthless."""

    def __repr__(self) -> str:
        return "KeyRing(hidden)"

    @property
    def has_keys(self) -> bool:
        """Whether a sign-on has brought working keys that are still good."""
        return self._mac_key is not None

    def forget(self) -> None:
        """Drop the working keys: the acquirer no longer agrees with them."""
        self._mac_key = None

    def install(self, field62: bytes) -> PinKey:
        """Take the keys of a sign-on answer: all of them, or none.

        Raises LinkFault K-01 where a check value is wrong, a key is weak, or the field's length
        is none that we know; the keys from before then stay.
        """
        wrapped_pin, wrapped_mac, *others = _split(field62)
        opened = [self._opened(part) for part in (wrapped_pin, wrapped_mac, *others)]
        if len(opened[1]) not in self._mac_key_bytes:
            raise LinkFault("K-01", "length of the MAC key")
        self._mac_key = opened[1]
        self.generation += 1
        return PinKey(wrapped_pin.wrapped, wrapped_pin.check_value)

    def _opened(self, part: _WrappedKey) -> bytes:
        key = tdes_decrypt(self._terminal_key, part.wrapped)
        if is_weak(key):
            raise LinkFault("K-01", f"weak {part.name} key")
        if not hmac.compare_digest(check_value(key), part.check_value):
            raise LinkFault("K-01", f"check value of the {part.name} key")
        return key

    def mac(self, covered: bytes | bytearray | memoryview) -> bytes:
        """Field 64 over everything from the message type on. Raises LinkFault K-01 without keys."""
        if self._mac_key is None:
            raise LinkFault("K-01", "no MAC key")
        return self._algorithm(self._mac_key, covered)

    def mac_fits(
        self, covered: bytes | bytearray | memoryview, given: bytes | bytearray | memoryview
    ) -> bool:
        """Whether field 64 is right; without keys nothing is."""
        return self._mac_key is not None and hmac.compare_digest(
            self._algorithm(self._mac_key, covered), bytes(given)
        )


@dataclass(frozen=True, slots=True)
class _WrappedKey:
    name: str
    wrapped: bytes
    check_value: bytes


def _split(field62: bytes) -> list[_WrappedKey]:
    """PIN, MAC and where there is one track key; a MAC key may come as 8 bytes and 8 zeros."""
    size = SINGLE if len(field62) == 2 * (SINGLE + CHECK_VALUE_BYTES) else DOUBLE
    step = size + CHECK_VALUE_BYTES
    if len(field62) not in {2 * step, 3 * step}:
        raise LinkFault("K-01", "length of field 62")
    parts = []
    for name, at in zip(("PIN", "MAC", "track"), range(0, len(field62), step), strict=False):
        wrapped = field62[at : at + size]
        if name == "MAC" and wrapped[SINGLE:] == bytes(SINGLE):
            wrapped = wrapped[:SINGLE]
        parts.append(_WrappedKey(name, wrapped, field62[at + size : at + step]))
    return parts


def is_weak(key: bytes) -> bool:
    """A DES half that is weak, or two equal halves, which are single DES in disguise."""
    halves = [key[at : at + SINGLE] for at in range(0, len(key), SINGLE)]
    bare = [bytes(byte & 0xFE for byte in half) for half in halves]
    return any(half in _WEAK for half in bare) or len(set(bare)) < len(bare)


def unionpay_mac(key: bytes, covered: bytes | bytearray | memoryview) -> bytes:
    """UnionPay's ECB MAC: eight ASCII characters of upper-case hex.

    All blocks are folded into one by XOR; its hex is encrypted in two halves, chained.
    """
    folded = 0
    for at in range(0, len(covered), SINGLE):
        folded ^= int.from_bytes(bytes(covered[at : at + SINGLE]).ljust(SINGLE, b"\0"), "big")
    text = f"{folded:016X}".encode()
    first = tdes_encrypt(key, text[:SINGLE])
    mixed = bytes(one ^ other for one, other in zip(first, text[SINGLE:], strict=True))
    return tdes_encrypt(key, mixed).hex().upper()[:SINGLE].encode()


def retail_mac(key: bytes, covered: bytes | bytearray | memoryview) -> bytes:
    """ANSI X9.19, which is ISO/IEC 9797-1 algorithm 3 with padding 1: all eight bytes.

    DES in a chain under the first half of the key, and triple DES for the last block.
    """
    chained = bytes(SINGLE)
    for at in range(0, len(covered), SINGLE):
        block = bytes(covered[at : at + SINGLE]).ljust(SINGLE, b"\0")
        mixed = bytes(one ^ other for one, other in zip(chained, block, strict=True))
        chained = tdes_encrypt(key[:SINGLE], mixed)
    return tdes_encrypt(key[:SINGLE], tdes_decrypt(key[SINGLE:], chained))


MACS = {"unionpay": unionpay_mac, "x9.19": retail_mac}
"""The algorithms of field 64, by the dialect's word for them."""
MAC_KEY_BYTES = {"unionpay": (SINGLE, DOUBLE), "x9.19": (DOUBLE,)}
"""How long their keys may be; a training acquirer hands out the first."""


def seal(sealing_key: bytes, sale: int, body: bytearray) -> bytes:
    """AES-256-GCM under the sale's number: what is sealed for one sale opens for no other."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return SEAL_VERSION + nonce + AESGCM(sealing_key).encrypt(nonce, body, _binding(sale))


def unseal(sealing_key: bytes, sale: int, sealed: bytes) -> bytearray:
    """What was sealed, in a buffer to be wiped. Raises LinkFault K-01: wrong key, sale or bytes."""
    start = len(SEAL_VERSION) + NONCE_BYTES
    size = len(sealed) - start - TAG_BYTES
    if size < 0 or sealed[: len(SEAL_VERSION)] != SEAL_VERSION:
        raise LinkFault("K-01", "not a sealed reversal")
    body = bytearray(size)
    nonce = sealed[len(SEAL_VERSION) : start]
    try:
        AESGCM(sealing_key).decrypt_into(nonce, sealed[start:], _binding(sale), body)
    except InvalidTag:
        raise LinkFault("K-01", "a sealed reversal does not open") from None
    return body


def _binding(sale: int) -> bytes:
    return b"tillwright reversal of sale %d" % sale
