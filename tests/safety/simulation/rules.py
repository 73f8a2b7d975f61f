"""What a payment may do and mean, written out by hand from the protocol's description.

None of this comes from the till's own tables: where both err alike, both were written wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.operators import Role

REVERSIBLE = {
    None: {"draft"},
    "draft": {"abandoned", "not_sent", "armed"},
    "armed": {"not_sent", "approved", "declined", "reversal_pending", "manual"},
    "reversal_pending": {"reversal_pending", "reversed", "manual"},
    "manual": {"approved", "reversed"},
}
"""The states in which a payment that is asked for may be found on disk, one after the other."""
ADVICE = {
    None: {"draft"},
    "draft": {"abandoned", "not_sent", "queued"},
    "queued": {"queued", "delivered", "rejected"},
}
ENQUIRY = {
    None: {"draft"},
    "draft": {"abandoned", "not_sent", "armed"},
    "armed": {"not_sent", "approved", "declined"},
}
ADVICES = frozenset({"refund", "completion advice"})
GIVING_BACK = frozenset({"void", "refund", "preauth void", "completion void"})
REFERRING = GIVING_BACK | {"completion", "completion advice"}


def may_follow(kind: str, state: str | None) -> set[str]:
    """The states that may come after this one."""
    table = ADVICE if kind in ADVICES else ENQUIRY if kind == "balance" else REVERSIBLE
    return table.get(state, set())


CHANGES = {
    ("void", "approved"): {"approved": "voided", "delivered": "voided"},
    ("completion void", "approved"): {"approved": "voided", "delivered": "voided"},
    ("preauth void", "approved"): {"approved": "voided"},
    ("completion", "approved"): {"approved": "completed"},
    ("completion advice", "queued"): {"approved": "completed"},
    ("completion advice", "rejected"): {"completed": "approved"},
}
"""What the payment referred to becomes in the commit that brings the other into that state."""
HELD_AGAIN = {"completed": "approved"}
"""What the pre-authorisation becomes whose completion is voided, in that commit too."""

BATCH = {
    None: {"closing"},
    "closing": {"closing", "uploading"},
    "uploading": {"uploading", "closed"},
    "closed": set(),
}
"""The states of a batch on disk, from its cut on."""
BOOKED_AS = {
    "sale": 0,
    "completion": 0,
    "completion advice": 0,
    "void": 2,
    "refund": 2,
    "completion void": 2,
}
"""What counts as debit (0) and as credit (2) in a batch."""
STANDING = frozenset({"approved", "voided", "delivered"})

MAY_SHOW = {
    "approved": {"approved"},
    "declined": {"declined"},
    "reversed": {"reversed"},
    "manual": {"manual"},
    "reversal_pending": {"reversal_pending", "armed"},
    "armed": {"armed"},
    "waiting": {"armed"},
    "queued": {"queued"},
    "delivered": {"delivered"},
    "rejected": {"rejected"},
    "voided": {"voided"},
    "completed": {"completed"},
}
"""What must be on disk before a screen says so: an armed sale on disk is its durable reversal."""

BOOK = {
    "sale": {"approved": "charged", "voided": "voided"},
    "void": {"approved": "done"},
    "refund": {"delivered": "given back"},
    "preauth": {"approved": "held", "voided": "released", "completed": "completed"},
    "preauth void": {"approved": "done"},
    "completion": {"approved": "charged", "voided": "voided"},
    "completion advice": {"delivered": "charged", "voided": "voided"},
    "completion void": {"approved": "done"},
    "balance": {},
}
"""How a payment stands at the bank; whatever is not named stands for nothing there."""
NOTHING = frozenset({"declined", "reversed", "never came"})

OWED = {"approved": 1, "declined": 1, "reversed": 2, "delivered": 2, "rejected": 2}
"""Papers for the outcome of a payment, customer's copies apart; others owe none or one."""

ANYBODY = frozenset(Role)
LEADERS = frozenset({Role.SUPERVISOR, Role.MANAGER})
MAY = {
    "GiveBack": LEADERS,
    "Settle": LEADERS,
    "SellOn": LEADERS,
    "Resolve": frozenset({Role.MANAGER}),
} | dict.fromkeys(
    (
        "StartSale",
        "StartPreauth",
        "Complete",
        "CheckBalance",
        "ShowDay",
        "PrintSettlement",
        "Confirm",
        "Cancel",
        "TryAgain",
        "LeaveSale",
        "KeepAmount",
        "PrintCustomerCopy",
        "ReprintLast",
        "ShowSales",
        "ShowSale",
        "ShowTray",
        "CloseList",
    ),
    ANYBODY,
)
"""What nobody may do at a till at which nobody stands, and who may do it there."""


@dataclass(slots=True)
class Known:
    """A payment as the disk has it, and what was done about it."""

    kind: str
    state: str
    amount: int
    original: int | None = None
    card: str = ""
    stan: int | None = None
    batch: int = 0
    rrn: str = ""
    auth_code: str = ""
    sealed: bytes = b""
    pending_since: float = 0.0
    booked_on: str = ""
    asked: int = 0
    sent: bool = False
    sent_twice: bool = False
    was_manual: bool = False
    reversals: list[float] = field(default_factory=list)
    tells: list[float] = field(default_factory=list)


def counts(known: Known) -> tuple[int, int]:
    """How many charges of the day, and how much money, a payment stands for."""
    charge = {"sale", "completion"}, {"approved"}
    told = {"completion advice"}, {"queued", "delivered"}
    if any(known.kind in kinds and known.state in states for kinds, states in (charge, told)):
        return 1, known.amount
    if known.kind == "refund" and known.state in {"queued", "delivered"}:
        return 0, -known.amount
    return 0, 0
