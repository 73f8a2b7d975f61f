"""What tests of people look for in a till: who is there, what was refused, what was told last."""

from __future__ import annotations

from checkout.notices import CheckoutShown, PaymentShown, RefusalTold, SignInShown
from checkout.people_notices import ApprovalShown, FirstRunShown, NewPinShown, StaffShown

MANAGER = ("02", "246801")
SAMS_FIRST, SAMS_OWN = "482613", "915372"


def here(stage) -> str:
    """The number of whoever stands at the till."""
    operator = stage.till.counter.operator
    return operator.id if operator is not None else ""


def refusals(stage) -> list[tuple[str, str]]:
    return [(told.command, told.fault) for told in stage.told(RefusalTold)]


def last(stage):
    """The last picture that was told."""
    kinds = (
        SignInShown, CheckoutShown, PaymentShown, FirstRunShown, NewPinShown, ApprovalShown,
        StaffShown,
    )  # fmt: skip
    return next(notice for notice in reversed(stage.notices) if isinstance(notice, kinds))


def entries(stage, *kinds: str):
    return [(kind, who, body) for _, kind, who, _, body in stage.journal.entries() if kind in kinds]
