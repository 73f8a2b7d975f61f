"""R13 and R5b: a hostile acquirer is never believed, and bugs that would believe it are noticed."""

from __future__ import annotations

import time

from tests.safety import attacks
from tests.safety.hostile_acquirer import SEED, played, strangers_get_nothing
from tests.safety.planted_in_link import BUGS
from tests.safety.rows import Budget, Row, control, row

TRIES = 10_000
MOST_GROWTH = 8 << 20


@row
def hostile_acquirer(budget: Budget) -> Row:
    """Ten thousand lies, or as many as the time allows."""
    result = played(attacks.attacks(), TRIES, seconds=budget.seconds)
    stranger = strangers_get_nothing()
    violations = len(result.wrong) + bool(stranger) + (result.grown_bytes > MOST_GROWTH)
    careless = next(bug for bug in BUGS if bug.name == "MAC unchecked on approvals")
    return Row(
        "R13 hostile acquirer: lies believed",
        result.tries + 1,
        violations,
        control(caught=careless.is_caught() and result.genuine > 0),
        SEED,
        result.seconds,
    )


@row
def planted_in_link(_: Budget) -> Row:
    """Every planted bug of link, codec and channel; a violation is one that nobody noticed."""
    began = time.monotonic()
    missed = [bug.name for bug in BUGS if not bug.is_caught()]
    unharmed = played(attacks.attacks(), 500)
    return Row(
        "R5b planted bugs of link and channel: missed",
        len(BUGS),
        len(missed),
        # The other way round here: without a bug, nothing may be noticed.
        control(caught=not unharmed.wrong),
        SEED,
        time.monotonic() - began,
    )
