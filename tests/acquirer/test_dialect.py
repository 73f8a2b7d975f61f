"""Guards the options of a dialect: the documented defaults, and a refusal that names the option."""

from __future__ import annotations

from typing import Any

import pytest

from acquirer.dialect import dialect_for, dialect_named
from domain.faults import SettingsFault
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


def test_a_dialect_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(SettingsFault, match=r"acquirer\.dialect"):
        dialect_for(AcquirerProfile(dialect="klingon"))
