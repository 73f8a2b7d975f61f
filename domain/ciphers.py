"""DES and triple DES as payment devices use them: blocks, check values, the clear PIN block.

The one wrapper over `cryptography`, which keeps triple DES among its decrepit ciphers and has
announced the end of 8- and 16-byte keys there: every key is expanded to 24 bytes first. Single DES
is triple DES with one key three times.
"""

from __future__ import annotations

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK_BYTES = 8
CHECK_VALUE_BYTES = 4
MIN_PIN_DIGITS = 4
MAX_PIN_DIGITS = 12
TRAINING_TERMINAL_KEY = bytes.fromhex("1F3E5D7C9BBAD9F80123456789ABCDEF")
"""The master key that training shares between its PIN pad, its link and its acquirer: no secret."""


def tdes_encrypt(key: bytes | bytearray, data: bytes | bytearray) -> bytes:
    """Electronic codebook over whole blocks. Raises ValueError for odd lengths."""
    encryptor = _cipher(key).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def tdes_decrypt(key: bytes | bytearray, data: bytes | bytearray) -> bytes:
    """The way back of `tdes_encrypt`. Raises ValueError for odd lengths."""
    decryptor = _cipher(key).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def check_value(key: bytes | bytearray) -> bytes:
    """The first four bytes of eight zero bytes under the key (KCV): tells keys apart, not more."""
    return tdes_encrypt(key, bytes(BLOCK_BYTES))[:CHECK_VALUE_BYTES]


def pin_block_iso0(pin: bytearray, account12: bytearray) -> bytearray:
    """The clear block of ISO 9564-1 format 0, to be encrypted and wiped by the caller.

    `account12` is the twelve rightmost digits of the card number without its check digit. Raises
    ValueError where either is not digits of the right length; the text never holds a digit.
    """
    if not MIN_PIN_DIGITS <= len(pin) <= MAX_PIN_DIGITS or not pin.isdigit():
        raise ValueError("a PIN has 4 to 12 digits")
    if len(account12) != 12 or not account12.isdigit():
        raise ValueError("an account part has 12 digits")
    block = bytearray(b"\xff" * BLOCK_BYTES)
    block[0] = len(pin)
    for place, digit in enumerate(pin):
        _set_nibble(block, 2 + place, digit - 0x30)
    for place, digit in enumerate(account12):
        block[2 + place // 2] ^= (digit - 0x30) << (0 if place % 2 else 4)
    return block


def _cipher(key: bytes | bytearray) -> Cipher[ECB]:
    return Cipher(TripleDES(_expanded(key)), ECB())


def _expanded(key: bytes | bytearray) -> bytes:
    match len(key):
        case 8:
            return bytes(key) * 3
        case 16:
            return bytes(key) + bytes(key[:8])
        case 24:
            return bytes(key)
    raise ValueError("a DES key has 8, 16 or 24 bytes")


def _set_nibble(block: bytearray, place: int, value: int) -> None:
    """Overwrite the half byte at `place`, counted from the left."""
    if place % 2:
        block[place // 2] = block[place // 2] & 0xF0 | value
    else:
        block[place // 2] = block[place // 2] & 0x0F | value << 4
