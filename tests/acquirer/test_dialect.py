"""Guards the options of a dialect: the documented defaults, and a refusal that names the option."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acquirer.dialect import FOLDER, dialect_for, dialect_named, read_dialect
from domain.faults import SettingsFault
from domain.kinds import KINDS
from domain.moved import Moved
from domain.response_codes import CODE_SETS, Kind, meaning_of
from domain.sale import Reason
from domain.settings import AcquirerProfile


def test_a_profile_without_options_speaks_the_first_named_defaults() -> None:
    dialect = dialect_for(AcquirerProfile())
    assert dialect == dialect_named("unionpay")
    assert dialect.pin_max == "12"
    assert dialect.reversal_accepted == {"00", "25", "12"}
    assert dialect.unknown_codes == {"68"}
    assert dialect.send_pan_with_track2
    assert not dialect.declines_may_lack_mac


def test_options_of_a_profile_replace_the_defaults() -> None:
    options = {"pin_max": "06", "reversal_accepted": ["00"], "send_pan_with_track2": False}
    dialect = dialect_for(AcquirerProfile(dialect_options=options))
    assert dialect.pin_max == "06"
    assert dialect.reversal_accepted == {"00"}
    assert not dialect.send_pan_with_track2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pinmax", "06"),
        ("fields", {}),
        ("pin_max", 6),
        ("pin_max", "13"),
        ("pad_nibble", "E"),
        ("f60_digits", 12),
        ("f60_digits", True),
        ("send_track3", "no"),
        ("approved_codes", "00"),
        ("approved_codes", ["000"]),
        ("tpdu", "0000030000"),
        ("header", "6031"),
        ("key_scheme", "006"),
        ("device_serial", "中文"),
    ],
)
def test_an_option_that_is_none_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(SettingsFault, match=f"C-01 acquirer.dialect_options.{name}"):
        dialect_for(AcquirerProfile(dialect_options={name: value}))


def test_the_texts_of_every_dialect_of_ours_say_all_that_payments_need() -> None:
    for path in FOLDER.glob("*.toml"):
        dialect = read_dialect(path)
        assert dialect.kinds.keys() >= {kind.value for kind in KINDS}
        assert dialect.compositions.keys() >= {"payment", "admin", "original", "dated original"}
        assert {reason.name.lower() for reason in Reason} == dialect.reversal_reasons.keys()
        assert {2, 3, 4, 11, 37, 38, 39, 41, 42, 60, 61, 62, 64} <= {
            int(number) for number in dialect.formats
        }


def test_a_part_of_a_private_field_is_found_again() -> None:
    for name in ("unionpay", "ansi87"):
        dialect = dialect_named(name)
        parts = {"original_batch": "000007", "original_stan": "000123", "original_date": "1122"}
        text = dialect.composed("dated original", **parts)
        assert {part: dialect.part("dated original", text, part) for part in parts} == parts
        assert dialect.part("dated original", "", "original_date") == ""


def test_two_brands_of_one_dialect_differ_by_a_few_lines(tmp_path: Path) -> None:
    brand = tmp_path / "northbank.toml"
    brand.write_text(
        'like = "ansi87"\nheader = "603100311000"\nunknown_codes = ["68"]\n'
        '[formats]\n48 = "n..120 LLL"\n',
        encoding="utf-8",
    )
    dialect = dialect_for(AcquirerProfile(dialect=str(brand)))
    ansi87 = dialect_named("ansi87")
    assert dialect.formats == ansi87.formats | {"48": "n..120 LLL"}
    assert dialect.unknown_codes == {"68"}
    assert (
        replace(
            dialect,
            header="",
            unknown_codes=ansi87.unknown_codes,
            formats=ansi87.formats,
        )
        == ansi87
    )


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ('tpud = ""', "tpud: not an option"),
        ('length_word = "little"', "length_word: not a value"),
        ("remark_skips = true", "remark_skips: expected int"),
        ("formats = 1", "formats: expected a table"),
        ('formats.128 = "b8"', "formats.128: expected a field from 2 to 64"),
        ('formats.48 = "n120"\nformats.49 = "n,,3"', "formats.49: expected a format like"),
        ('kinds.sale = "0200"', "kinds.sale: not a value"),
        ('compositions.payment = "{batch}{card}"', "compositions.payment: not a value"),
        ("reversal_reasons.why = 6", "reversal_reasons.why: not a value"),
        ('like = "klingon"', "acquirer.dialect: expected ansi87 or unionpay"),
        ("= 1", "TOMLDecodeError"),
    ],
)
def test_a_dialect_file_with_a_wrong_line_is_refused_by_name(
    line: str, refusal: str, tmp_path: Path
) -> None:
    brand = tmp_path / "brand.toml"
    like = "" if "like" in line else 'like = "unionpay"\n'
    brand.write_text(like + line, encoding="utf-8")
    with pytest.raises(SettingsFault, match=f"C-01 .*{re.escape(refusal)}"):
        dialect_for(AcquirerProfile(dialect=str(brand)))


def test_a_dialect_file_that_is_not_whole_names_what_it_lacks(tmp_path: Path) -> None:
    text = (FOLDER / "ansi87.toml").read_text(encoding="utf-8")
    brand = tmp_path / "brand.toml"
    brand.write_text(text.replace("pin_max", "#"), encoding="utf-8")
    with pytest.raises(SettingsFault, match="pin_max: missing"):
        read_dialect(brand)
    with pytest.raises(SettingsFault, match="FileNotFoundError"):
        read_dialect(tmp_path / "nowhere.toml")


def test_a_dialect_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(SettingsFault, match=r"acquirer\.dialect"):
        dialect_for(AcquirerProfile(dialect="klingon"))


@pytest.mark.parametrize("name", ["unionpay", "ansi87"])
def test_a_dialect_s_codes_and_their_meanings_agree(name: str) -> None:
    dialect = dialect_named(name)

    def kinds(codes: frozenset[str]) -> set[Kind]:
        return {meaning_of(code, dialect.code_set).kind for code in codes}

    assert kinds(dialect.approved_codes) == {Kind.APPROVED}
    assert kinds(dialect.sent_twice_codes) == {Kind.REPEATED}
    assert kinds(dialect.sign_on_codes) == {Kind.TERMINAL}
    assert kinds(dialect.temporary_codes) <= {Kind.TERMINAL, Kind.RETRY}
    for code in dialect.unknown_codes:
        assert meaning_of(code, dialect.code_set).moved is Moved.WILL_NOT
    for code, row in CODE_SETS[dialect.code_set].items():
        assert (row.kind is Kind.APPROVED) is (code in dialect.approved_codes)
        assert (row.moved is Moved.WILL_NOT) is (code in dialect.unknown_codes)
