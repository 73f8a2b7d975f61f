"""Guards the journal against a power cut in a real kernel, where the machine lets us make one."""

from __future__ import annotations

from tests.safety import loudly, power_cuts

CUTS = 6


def test_nothing_acknowledged_is_lost_when_the_power_goes() -> None:
    loudly.unless_possible(power_cuts.why_not())
    result = power_cuts.cut_many(CUTS)
    assert result.wrong == []
    assert result.acknowledged > 0
    assert result.caught, "a till that does not wait for the disk was not noticed"
