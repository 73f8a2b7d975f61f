"""Guards the way in which a live till gets its master key."""

from __future__ import annotations

import pytest

from acquirer.key_ceremony import BadComponent, ask_for_terminal_key
from domain.ciphers import TRAINING_TERMINAL_KEY, check_value

FIRST = "0123456789ABCDEFFEDCBA9876543210"
SECOND = "89B07B35A1B3F47E89B07B35A1B3F488"


def entered(*typed: str) -> tuple[bytes, list[str]]:
    waiting, told = list(typed), []
    key = ask_for_terminal_key(lambda _: waiting.pop(0), told.append)
    return key, told


def test_the_key_is_the_sum_of_its_components_and_its_check_values_are_shown() -> None:
    key, told = entered(FIRST, SECOND)
    assert key.hex() == "88933e5228183991776cc1add7e7c698"
    assert told[-1].endswith(check_value(key).hex().upper())
    assert told[0].endswith("08D7B4FB")  # published with this key
    assert not any(FIRST in line or key.hex().upper() in line for line in told)


@pytest.mark.parametrize("typed", ["", "0123", FIRST + "00", "Z" * 32])
def test_what_is_no_component_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(BadComponent) as refused:
        entered(typed)
    assert not typed or typed not in str(refused.value)


def test_a_published_or_simple_key_is_refused() -> None:
    for key in (TRAINING_TERMINAL_KEY, bytes(16), bytes(range(8)) * 2):
        with pytest.raises(BadComponent):
            entered("00" * 16, key.hex())
