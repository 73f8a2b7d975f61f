"""Guards amounts: whole minor units, one currency, twelve digits, and how they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import CNY, CURRENCIES, MAX_MINOR, Money, zero

EUR, JPY, KWD = CURRENCIES["EUR"], CURRENCIES["JPY"], CURRENCIES["KWD"]


@pytest.mark.parametrize("amount", [1.0, True, "1", None, Decimal(1)])
def test_only_a_whole_number_is_an_amount(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("minor", [MAX_MINOR + 1, -MAX_MINOR - 1])
def test_an_amount_fits_into_field_4(minor: int) -> None:
    with pytest.raises(ValueError, match="twelve"):
        Money(minor)


def test_a_sum_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="twelve"):
        Money(MAX_MINOR) + Money(1)


def test_currencies_do_not_mix() -> None:
    for mixed in (
        lambda: Money(1) + Money(1, EUR),
        lambda: Money(1) - Money(1, EUR),
        lambda: Money(1) < Money(1, EUR),
        lambda: Money(1) <= Money(1, EUR),
    ):
        with pytest.raises(ValueError, match="currencies"):
            mixed()
    assert Money(1) != Money(1, EUR)


@pytest.mark.parametrize(
    ("money", "shown", "printed"),
    [
        (Money(12800), "¥128.00", "CNY 128.00"),
        (Money(5), "¥0.05", "CNY 0.05"),
        (Money(0), "¥0.00", "CNY 0.00"),
        (Money(-128000), "−¥1,280.00", "CNY -1280.00"),
        (Money(128000, JPY), "¥128,000", "JPY 128000"),
        (Money(1234, KWD), "KD1.234", "KWD 1.234"),
        (Money(MAX_MINOR), "¥9,999,999,999.99", "CNY 9999999999.99"),
    ],
)
def test_an_amount_is_written_as_its_currency_is(money: Money, shown: str, printed: str) -> None:
    assert str(money) == shown
    assert money.printed == printed
    assert money.printed.isascii()


@given(st.integers(-(10**11), 10**11), st.integers(-(10**11), 10**11))
def test_sums_are_those_of_whole_numbers(left: int, right: int) -> None:
    assert (Money(left) + Money(right)).minor == left + right
    assert (Money(left) - Money(right)).minor == left - right
    assert (-Money(left)).minor == -left
    assert (Money(left) < Money(right)) == (left < right)


def test_nothing_is_false() -> None:
    assert not zero(CNY)
    assert Money(1)
