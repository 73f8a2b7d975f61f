"""Guards the link against an acquirer that lies, and the proof of it against blindness."""

from __future__ import annotations

import pytest

from tests.safety import attacks
from tests.safety.hostile_acquirer import played, strangers_get_nothing
from tests.safety.planted_in_link import BUGS, Bug

TRIES = 3_000


def test_no_lie_is_believed_and_every_genuine_answer_is() -> None:
    result = played(attacks.attacks(), TRIES)
    assert result.wrong == []
    assert result.tries >= TRIES
    assert result.genuine > TRIES / 100


def test_a_stranger_is_told_nothing() -> None:
    assert strangers_get_nothing() == ""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_link_that_would_believe_is_noticed(bug: Bug) -> None:
    assert bug.is_caught()
