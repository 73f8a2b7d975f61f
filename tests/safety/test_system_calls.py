"""Guards "never lost, never doubled" at write system calls: a sample of them, chosen by the seed."""

from __future__ import annotations

import pytest

from tests.safety import system_calls

SECONDS = 40.0

reason = system_calls.why_not()


@pytest.mark.skipif(bool(reason), reason=f"NOT TRIED, no kill at a system call: {reason}")
def test_a_till_that_dies_at_a_system_call_agrees_with_its_bank_afterwards() -> None:
    killed = system_calls.kill_many(None, seconds=SECONDS)
    assert killed.wrong == ()
    assert killed.tried >= 5
    assert killed.caught, "a till that remembers too late was not noticed"
