"""Guards the amount that is typed: what each key does to it, and that it is never more than Money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import CURRENCIES, MAX_MINOR, Money
from ui.amount_pad import AmountPad

# keys pressed (< is Backspace, C is clear) · minor units · what is typed · what is paler behind it
TYPED = """
-            0        -          0.00
1            100      1          .00
128          12800    128        .00
1280         128000   1,280      .00
128.         12800    128.       00
128.5        12850    128.5      0
128.50       12850    128.50     -
128.509      12850    128.50     -
.5           50       0.5        0
.            0        0.         00
0            0        0          .00
007          700      7          .00
00           0        0          .00
1..2         120      1.2        0
12<          100      1          .00
1.2<         100      1.         00
1.2<<        100      1          .00
1.2<<<       0        -          0.00
<<           0        -          0.00
128.50C      0        -          0.00
128C5        500      5          .00
99999999999  999999999900  9,999,999,999  .00
"""


def press(pad: AmountPad, keys: str) -> None:
    for key in keys:
        if key == "<":
            pad.backspace()
        elif key == "C":
            pad.clear()
        else:
            pad.press(key)


@pytest.mark.parametrize("row", TYPED.strip().splitlines())
def test_keys_make_an_amount(row: str) -> None:
    keys, minor, typed, rest = row.split()
    pad = AmountPad()
    press(pad, keys.replace("-", ""))
    assert pad.money == Money(int(minor))
    assert (pad.typed or "-", pad.rest or "-") == (typed, rest)


def test_double_zero_is_two_zeros() -> None:
    pad = AmountPad()
    pad.press("1")
    pad.press("00")
    assert pad.money == Money(10_000)


def test_a_currency_without_decimals_takes_no_point() -> None:
    pad = AmountPad(CURRENCIES["JPY"])
    press(pad, "12.8")
    assert pad.money == Money(128, CURRENCIES["JPY"])
    assert (pad.typed, pad.rest) == ("128", "")


def test_a_currency_with_three_decimals_takes_three() -> None:
    pad = AmountPad(CURRENCIES["KWD"])
    press(pad, "1.2345")
    assert pad.money == Money(1234, CURRENCIES["KWD"])


@pytest.mark.parametrize(("minor", "typed"), [(12800, "128"), (12850, "128.50"), (50, "0.50")])
def test_a_kept_amount_is_offered_as_it_was(minor: int, typed: str) -> None:
    pad = AmountPad()
    pad.take(Money(minor))
    assert (pad.money, pad.typed) == (Money(minor), typed)


def test_a_digit_after_a_kept_amount_begins_a_new_one() -> None:
    pad = AmountPad()
    pad.take(Money(12800))
    press(pad, "5")
    assert pad.money == Money(500)


def test_backspace_edits_a_kept_amount() -> None:
    pad = AmountPad()
    pad.take(Money(12800))
    press(pad, "<9")
    assert pad.money == Money(12900)


@given(st.text(alphabet="0123456789.<C", max_size=40))
def test_whatever_is_typed_the_screen_shows_the_amount_that_enter_would_charge(keys: str) -> None:
    pad = AmountPad()
    press(pad, keys)
    assert 0 <= pad.money.minor <= MAX_MINOR
    assert pad.typed + pad.rest == pad.money.figures
