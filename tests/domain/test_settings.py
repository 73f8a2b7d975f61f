"""Guards the set-up file: what is wrong in it is refused, and named by its key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from domain.faults import SettingsFault
from domain.settings import TRAINING, Settings, check, read_settings

LIVE = """
training = false
pin_pad = "none"
[shop]
name = "Corner Shop"
address = "1 High Street"
receipt_link = ""
[acquirer]
name = "Some Bank"
id = "48213100"
merchant = "310290053110478"
terminal = "31060218"
host = "pos.bank.example"
port = 9443
pin_sha256 = "{pin}"
[printer]
kind = "network"
host = "10.0.0.9"
""".format(pin="0a" * 32)


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "till.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def test_an_empty_file_is_a_training_till(tmp_path: Path) -> None:
    assert read(tmp_path, "") == TRAINING


def test_a_live_file_is_read_as_it_stands(tmp_path: Path) -> None:
    settings = read(tmp_path, LIVE + '[[readers]]\nkind = "serial"\nport = "/dev/ttyS0"\n')
    assert not settings.training
    assert settings.acquirer.port == 9443
    assert settings.printer.columns == 48
    assert [reader.port for reader in settings.readers] == ["/dev/ttyS0"]


@pytest.mark.parametrize("key", ["name =", "address", "receipt_link", "id", "merchant", "terminal"])
def test_a_live_shop_says_for_itself_who_it_is(tmp_path: Path, key: str) -> None:
    lines = LIVE.splitlines()
    left_out = next(line for line in lines if line.startswith(key))
    lines.remove(left_out)
    with pytest.raises(SettingsFault, match="expected in a live shop"):
        read(tmp_path, "\n".join(lines))


def test_narrow_paper_has_32_columns(tmp_path: Path) -> None:
    assert read(tmp_path, '[printer]\npaper = "58"\n').printer.columns == 32


def test_whole_numbers_may_stand_for_seconds(tmp_path: Path) -> None:
    assert read(tmp_path, "card_seconds = 30\n").card_seconds == 30.0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 1", "colour: not a setting"),
        ("[shop]\nnam = 'x'", "shop.nam: not a setting"),
        ("till = '1'", "till: expected int"),
        ("till = true", "till: expected int"),
        ("till = 0", "till: expected a number from 1 to 99"),
        ("till = 100", "till: expected a number from 1 to 99"),
        ("card_seconds = 'x'", "card_seconds: expected float"),
        ("card_seconds = true", "card_seconds: expected float"),
        ("card_seconds = 0", "card_seconds: expected 0.05 to 600 seconds"),
        ("pin_seconds = -1", "pin_seconds: expected 0.05 to 600 seconds"),
        ("training = 1", "training: expected bool"),
        ("theme = 'pink'", "theme: expected light or dark"),
        ("currency = 'XXX'", "currency: expected one that the till knows"),
        ("language = 'tlh'", "language: expected"),
        ("slip_language = 'tlh'", "slip_language: expected"),
        ("shop = 'x'", "shop: expected Shop"),
        ("readers = 'x'", "readers: expected"),
        ("[[readers]]\nkind = 'brain'", "readers.kind: expected serial or wedge"),
        ("[[readers]]\nkind = 'serial'", "readers.port: expected a port"),
        ("[acquirer]\nmerchant = '1'", "acquirer.merchant: expected 15 characters"),
        ("[acquirer]\nterminal = '1234567ü'", "acquirer.terminal: expected 8 characters"),
        ("[acquirer]\nport = 70000", "acquirer.port: expected a port number"),
        ("card_seconds = inf", "card_seconds: expected 0.05 to 600 seconds"),
        ("[acquirer]\necho_seconds = 0", "acquirer.echo_seconds: expected 0.05 to 600 seconds"),
        ("[acquirer]\nhost = 'x'", "acquirer.host: expected an address on this machine"),
        ("[acquirer]\nhost = '::1'", "acquirer.pin_sha256: expected 64 hex digits"),
        ("training = false\n[acquirer]\nhost = 'x'\ntls = false", "pin_pad: expected a real pad"),
        ("[printer]\nkind = 'network'", "printer.host: expected an address"),
        ("[printer]\nkind = 'serial'", "printer.device: expected a device or file"),
        ("[printer]\nkind = 'file'", "printer.device: expected a device or file"),
        ("[printer]\npaper = 80", "printer.paper: expected 80 or 58"),
        ("training = false", "acquirer.host: expected an address, in a live shop"),
        ("till =", "till.toml: "),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsFault) as refusal:
        read(tmp_path, text)
    assert refusal.value.fault.code == "C-01"
    assert refusal.value.detail.startswith(named)


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"pin_pad": "training"}, "pin_pad"), ({"printer": TRAINING.printer}, "printer.kind")],
)
def test_a_live_shop_has_no_training_device(
    tmp_path: Path, changed: dict[str, object], named: str
) -> None:
    with pytest.raises(SettingsFault, match=named):
        check(replace(read(tmp_path, LIVE), **changed))  # type: ignore[arg-type]


def test_plain_text_goes_to_this_machine_only(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "::1", "localhost"):
        assert not read(tmp_path, f"[acquirer]\nhost = '{host}'\ntls = false\n").acquirer.tls


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "till.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsFault, match=r"C-01 till\.toml"):
        read_settings(path)
