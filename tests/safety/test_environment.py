"""Guards a sale against the machine it runs on: failing disks, a hanging bank, a second instance."""

from __future__ import annotations

from tests.safety import environment, loudly
from tests.safety.strace import why_not

SAMPLE = 4


def test_a_failing_machine_costs_no_payment_and_is_never_kept_quiet() -> None:
    loudly.unless_possible(why_not())
    endured = environment.endure(sample=SAMPLE)
    assert endured.wrong == ()
    assert endured.tried > SAMPLE
    assert endured.caught, "a till that takes no notice of its disk was not noticed"
