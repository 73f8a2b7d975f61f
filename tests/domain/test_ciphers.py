"""Guards the block cipher wrapper and the clear PIN block with published values and psec."""

from __future__ import annotations

import secrets
import warnings

import pytest

from domain.ciphers import check_value, pin_block_iso0, tdes_decrypt, tdes_encrypt

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


def test_single_des_agrees_with_a_published_block() -> None:
    assert tdes_encrypt(b"1" * 8, b"34534668").hex() == "8e447dcd18b040ec"


def test_a_published_working_key_comes_out_of_its_wrapping() -> None:
    master = bytes.fromhex("70F2A84CCBC2AE8625CBB0F2C22AB923")
    assert tdes_decrypt(master, bytes.fromhex("96D605EA176B7E9E")).hex() == "c24a8fb57aa20123"


@pytest.mark.parametrize("length", [8, 16, 24])
def test_what_is_encrypted_is_decrypted_again(length: int) -> None:
    key, data = secrets.token_bytes(length), secrets.token_bytes(24)
    assert tdes_decrypt(key, tdes_encrypt(key, data)) == data


@pytest.mark.parametrize("length", [0, 7, 15, 17, 32])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="8, 16 or 24"):
        tdes_encrypt(bytes(length), bytes(8))


def test_check_values_agree_with_psec() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from psec.des import generate_kcv

        for key in (KEY, secrets.token_bytes(16), secrets.token_bytes(24)):
            assert check_value(key) == generate_kcv(key, 4)
    assert check_value(KEY).hex() == "08d7b4fb"


def test_the_published_pin_block_is_built() -> None:
    block = pin_block_iso0(bytearray(b"123456"), bytearray(b"576000821952"))
    assert block.hex() == "06126336ff7de6ad"
    assert tdes_encrypt(KEY, block).hex() == "3f4402baf45013f3"


def test_pin_blocks_agree_with_psec_for_every_length() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from psec.pinblock import encode_pinblock_iso_0

        for length in range(4, 13):
            pin = "739015846203"[:length]
            ours = pin_block_iso0(bytearray(pin.encode()), bytearray(b"111111111111"))
            assert bytes(ours) == encode_pinblock_iso_0(pin, "4111111111111111")


@pytest.mark.parametrize(
    ("pin", "account"),
    [(b"123", b"1" * 12), (b"1" * 13, b"1" * 12), (b"12a4", b"1" * 12), (b"1234", b"1" * 11)],
)
def test_a_pin_or_account_of_the_wrong_shape_is_refused(pin: bytes, account: bytes) -> None:
    with pytest.raises(ValueError, match="digits") as refusal:
        pin_block_iso0(bytearray(pin), bytearray(account))
    assert pin.decode() not in str(refusal.value)


def test_the_clear_pin_block_agrees_with_pydukpt() -> None:
    from pydukpt import encode_pin_block

    for pin, number in (("1234", "4012345678909"), ("123456", "6225760008219524")):
        ours = pin_block_iso0(bytearray(pin, "ascii"), bytearray(number[-13:-1], "ascii"))
        assert bytes(ours) == encode_pin_block(pin, number)


def test_triple_des_derives_the_initial_key_of_ansi_x9_24_as_pydukpt_does() -> None:
    from pydukpt import derive_ipek

    serial = bytes.fromhex("FFFF9876543210E00000")
    variant = bytes(
        byte ^ mask for byte, mask in zip(KEY, bytes.fromhex("C0C0C0C000000000") * 2, strict=True)
    )
    ours = tdes_encrypt(KEY, serial[:8]) + tdes_encrypt(variant, serial[:8])
    assert ours.hex().upper() == "6AC292FAA1315B4D858AB3A3D7D5933A"
    assert ours == derive_ipek(KEY, serial)
