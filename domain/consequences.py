"""What a payment does to the earlier one that it refers to, by coming into its present state.

Both change in one commit: a void and what it undoes, a completion and the hold that it charges.
"""

from __future__ import annotations

from domain.kinds import Kind
from domain.sale import Completed, Event, HeldAgain, Sale, State, Voided

CHARGES = {Kind.COMPLETION: State.APPROVED, Kind.COMPLETION_ADVICE: State.QUEUED}
"""Where each completion charges what was held: once approved, or once recorded."""


def consequence_of(sale: Sale) -> Event | None:
    """What happens to the payment that it refers to; None where nothing does."""
    if sale.row.undoes_original and sale.state is State.APPROVED:
        return Voided(sale.number)
    if sale.row.completes and sale.state is CHARGES[sale.kind]:
        return Completed(sale.number)
    if sale.row.completes and sale.state in {State.REJECTED, State.VOIDED}:
        return HeldAgain(sale.number)
    return None
