"""The answer to "has money moved?", and what the cashier does next, each with its line."""

from __future__ import annotations

from enum import StrEnum

from domain.words import N_


class Moved(StrEnum):
    """The answer to "has money moved?" that a screen owes at every instant."""

    NONE = "none"
    ASKING = "asking"
    CHARGED = "charged"
    NOT_CHARGED = "not"
    WILL_NOT = "willnot"
    UNKNOWN = "unknown"
    GETTING_BACK = "getting back"
    GIVEN_BACK = "given back"
    STAYS = "stays"
    BACK_UNKNOWN = "back unknown"
    RECORDED = "recorded"
    COMING_BACK = "coming back"
    TO_OTHER_CARD = "to another card"
    HELD = "held"
    HOLD_CHARGED = "hold charged"
    RELEASING = "releasing"
    RELEASED = "released"
    STAYS_HELD = "stays held"
    RELEASE_UNKNOWN = "release unknown"
    CHARGE_RECORDED = "charge recorded"


MONEY_LINES = {
    Moved.NONE: N_("No money has moved."),
    Moved.ASKING: N_("Not charged yet. Waiting for the bank."),
    Moved.CHARGED: N_("The customer has been charged {amount}."),
    Moved.NOT_CHARGED: N_("The customer has not been charged."),
    Moved.WILL_NOT: N_("The customer will not be charged for this sale."),
    Moved.UNKNOWN: N_("Not certain. Check Transactions before charging again."),
    Moved.GETTING_BACK: N_("Nothing given back yet. Waiting for the bank."),
    Moved.GIVEN_BACK: N_("The customer gets {amount} back."),
    Moved.STAYS: N_("Nothing has been given back. The sale stays as it was."),
    Moved.BACK_UNKNOWN: N_("Not certain whether {amount} went back. Do not give it back again."),
    Moved.RECORDED: N_("Refund of {amount} recorded, waiting for the bank."),
    Moved.COMING_BACK: N_("{amount} goes back to the same card, usually in 1 to 7 days."),
    Moved.TO_OTHER_CARD: N_("{amount} goes to another card than the one that paid."),
    Moved.HELD: N_("{amount} is held on the card, not charged."),
    Moved.HOLD_CHARGED: N_("This hold has been charged: see its completion for the amount."),
    Moved.RELEASING: N_("Not released yet. Waiting for the bank."),
    Moved.RELEASED: N_("The hold of {amount} is released. Nothing was charged."),
    Moved.STAYS_HELD: N_("Not released. The hold of {amount} stays as it was."),
    Moved.RELEASE_UNKNOWN: N_("Not certain whether the hold of {amount} is released."),
    Moved.CHARGE_RECORDED: N_("Charge of {amount} recorded, waiting for the bank."),
}


class Next(StrEnum):
    """What the cashier does next, and so which button is the primary one."""

    YES = "yes"
    OTHER = "other"
    NO = "no"
    AUTO = "auto"


NEXT_STEPS = {
    Next.YES: N_("Press Try again."),
    Next.OTHER: N_("Use another card or another way to pay."),
    Next.NO: N_("End this sale."),
    Next.AUTO: N_("Wait. The till finishes this by itself."),
}
