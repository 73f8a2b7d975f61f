"""Guards docs/add-an-acquirer.md: its files are followed to the bytes of a sale, its keys are all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from acquirer import codec, messages
from acquirer.codec import Envelope
from acquirer.dialect import WIDTHS, Dialect, dialect_for
from acquirer.keys import KeyRing, retail_mac
from acquirer.link import SaleRequest
from domain.ciphers import check_value, tdes_encrypt
from domain.settings import Settings, read_settings

PAGE = (Path(__file__).parents[2] / "docs" / "add-an-acquirer.md").read_text(encoding="utf-8")
FILES = dict(
    re.findall(r"^`([a-z-]+\.toml)`:\n\n```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
)
MASTER = bytes(range(16))
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


@pytest.fixture
def northbank(tmp_path: Path) -> Settings:
    """Both files of the page, in a folder of this test."""
    for name, text in FILES.items():
        text_here = text.replace("/etc/tillwright", tmp_path.as_posix())
        (tmp_path / name).write_text(text_here, encoding="utf-8")
    return read_settings(tmp_path / "northbank-training.toml")


def test_the_page_has_both_files() -> None:
    assert set(FILES) == {"northbank.toml", "northbank-training.toml"}


def test_following_the_page_leads_to_the_bytes_of_a_sale(
    northbank: Settings, request_for: Callable[..., SaleRequest]
) -> None:
    dialect = dialect_for(northbank.acquirer)
    keys = KeyRing(MASTER, dialect.mac)
    keys.install((tdes_encrypt(MASTER, KEY) + check_value(KEY)) * 2)
    body, expected = messages.sale_request(request_for(), northbank.acquirer, dialect, keys)
    assert body[-8:] == retail_mac(KEY, body[:-8])
    envelope = Envelope(bytes.fromhex(dialect.tpdu), bytes.fromhex(dialect.header))
    wire = codec.frame(envelope, body, dialect)
    assert wire[:2] == (len(body) + 5).to_bytes(2, "big")
    assert wire[2:7].hex() == "6000120000"
    assert wire[7:11] == b"0200"
    message = codec.decode(body, dialect)
    assert message.fields[60] == "00000722"
    assert message.fields[26] == "06"
    assert message.fields[63] == "01 "
    assert expected.mti == "0210"


def test_the_page_explains_every_key_and_every_part() -> None:
    said = set(re.findall(r"`\[?([a-z0-9_]+)\]?`", PAGE))
    assert {option.name for option in fields(Dialect)} <= said
    for part, width in WIDTHS.items():
        assert re.search(rf"`{{{part}}}` {width}\b", PAGE), part
