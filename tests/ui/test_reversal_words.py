"""Guards what the screen says of an outcome that nobody knows: silence, a lost line, a code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.sale import Answer, Moment, State
from tests.ui.payment_notices import REVERSING, moment
from ui.stages_reversal import reversal_rows


def moments(unanswered_after: int, *, sent: bool = True) -> tuple[Moment, ...]:
    went = (moment(1, "Sent"),) if sent else ()
    return (*went, moment(1 + unanswered_after, "Unanswered", "N-06"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"history": moments(30)}, "No answer in 30 s, outcome unknown"),
        ({"history": moments(4)}, "Line lost after 4 s, outcome unknown"),
        ({"history": moments(4, sent=False)}, "Line lost while sending, outcome unknown"),
        ({"history": moments(4), "answer": Answer("68")}, "Bank code 68, outcome unknown"),
        (
            {"history": moments(4), "answer": Answer("00"), "state": State.REVERSED},
            "No final answer after 4 s, outcome unknown",
        ),
    ],
)
def test_it_is_said_why_nobody_knows(changes: dict[str, Any], said: str) -> None:
    rows = reversal_rows(replace(REVERSING.sale, **changes), 30.0)
    assert said in [row.words for row in rows]
