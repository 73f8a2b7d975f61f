"""Guards "never lost, never doubled" at write system calls: a sample of them, chosen by the seed."""

from __future__ import annotations

from tests.safety import loudly, system_calls

SECONDS, LEAST = 40.0, 20


def test_a_till_that_dies_at_a_system_call_agrees_with_its_bank_afterwards() -> None:
    loudly.unless_possible(system_calls.why_not())
    killed = system_calls.kill_many(seconds=SECONDS, least=LEAST, beside=2)
    assert killed.wrong == []
    assert killed.tried >= LEAST
    assert killed.died
    assert killed.caught, "a till that remembers too late was not noticed"
