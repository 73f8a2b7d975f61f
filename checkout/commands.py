"""What an operator may ask of the till, and the permission that each asks for.

Windows and the headless front put these into the till's inbox. The till alone checks `needs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from checkout.people_commands import PeopleCommand
from domain.operators import Permission


@dataclass(frozen=True, slots=True)
class SignIn:
    """Stand at the till, with one's own PIN."""

    operator: str
    pin: str = field(repr=False)
    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class SignOut:
    """Lock the till; refused while a payment runs."""

    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class StartSale:
    """Take this amount by card."""

    amount_minor: int
    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class StartPreauth:
    """Hold this amount on a card, to be charged later. Refused H-01 where the shop does not."""

    amount_minor: int
    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class Complete:
    """Charge this much of a held amount; the same card is read again."""

    number: int
    amount_minor: int
    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class CheckBalance:
    """Ask the bank what is on a card. Refused H-01 where the shop does not."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class SwipeTyped:
    """A stripe that came in through the keyboard; the till wipes the buffer."""

    stripe: bytearray = field(repr=False)
    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """The amount is right."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class Cancel:
    """End a draft. Refused once the bank has been asked."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class PressPadKey:
    """A key of the PIN pad that is drawn on the screen (training only)."""

    key: str = field(repr=False)
    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Take the same amount again, as a new sale, after one that did not charge."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class LeaveSale:
    """Put the sale on the screen aside: next sale, end this sale, serve the next customer."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class KeepAmount:
    """Put a sale that did not charge aside, and offer its amount for another way to pay."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class PrintCustomerCopy:
    """The customer wants paper for the sale on the screen."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class ReprintLast:
    """A copy of the last slip, marked as one."""

    needs: ClassVar[Permission | None] = Permission.REPRINT


@dataclass(frozen=True, slots=True)
class PrintAgain:
    """A copy of one payment's paper out of the list, the customer's or the shop's."""

    number: int
    for_customer: bool
    needs: ClassVar[Permission | None] = Permission.REPRINT


@dataclass(frozen=True, slots=True)
class ShowSales:
    """The list of payments, newest first: those that hold `search` (amount, last 4, trace, code).

    `day` is YYYY-MM-DD or '' for all; `before` is the number of the last row seen, for more rows.
    """

    search: str = ""
    day: str = ""
    before: int | None = None
    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class ShowSale:
    """One payment whole, and how this much of it would be given back (None: all that is left)."""

    number: int
    amount_minor: int | None = None
    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Give this much of a payment back to the card that paid; the till picks the way."""

    number: int
    amount_minor: int
    reason: str
    needs: ClassVar[Permission | None] = Permission.GIVE_BACK


@dataclass(frozen=True, slots=True)
class RefundToOtherCard:
    """Refund this much of a sale to a card that did not pay; only where the profile allows it."""

    number: int
    amount_minor: int
    reason: str
    needs: ClassVar[Permission | None] = Permission.OTHER_CARD


@dataclass(frozen=True, slots=True)
class ShowTray:
    """Everything in doubt: its history, who acts next, and what the customer is told."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class Resolve:
    """Note what the bank said by telephone of a payment that only people can settle."""

    number: int
    charged: bool
    reason: str
    needs: ClassVar[Permission | None] = Permission.RESOLVE


@dataclass(frozen=True, slots=True)
class ShowDay:
    """The end of the day: the open batch, and how far its settlement has come."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle the open batch with the bank, or try the step again that has no answer."""

    needs: ClassVar[Permission | None] = Permission.SETTLE


@dataclass(frozen=True, slots=True)
class SellOn:
    """Take payments, into the next batch, while the bank stays silent about this one."""

    needs: ClassVar[Permission | None] = Permission.SETTLE


@dataclass(frozen=True, slots=True)
class PrintSettlement:
    """A copy of the slip of a closed batch, marked as one."""

    batch: int
    needs: ClassVar[Permission | None] = Permission.REPRINT


@dataclass(frozen=True, slots=True)
class CloseList:
    """Back from the list of payments, the tray or the end of the day to the checkout."""

    needs: ClassVar[Permission | None] = Permission.SELL


@dataclass(frozen=True, slots=True)
class Look:
    """Tell everything that is on the screen once more: for a front that has just been connected."""

    needs: ClassVar[Permission | None] = None


@dataclass(frozen=True, slots=True)
class Quit:
    """Close the till: what is in doubt stays sealed on disk and is settled at the next start."""

    needs: ClassVar[Permission | None] = None


ListCommand = ShowSales | ShowSale | GiveBack | RefundToOtherCard | PrintAgain
"""What is asked of the list of payments, or of one payment in it."""
Command = (
    SignIn
    | SignOut
    | StartSale
    | StartPreauth
    | Complete
    | CheckBalance
    | SwipeTyped
    | Confirm
    | Cancel
    | PressPadKey
    | TryAgain
    | LeaveSale
    | KeepAmount
    | PrintCustomerCopy
    | ReprintLast
    | PrintAgain
    | ShowSales
    | ShowSale
    | GiveBack
    | RefundToOtherCard
    | ShowTray
    | Resolve
    | ShowDay
    | Settle
    | SellOn
    | PrintSettlement
    | CloseList
    | Look
    | Quit
    | PeopleCommand
)


class NotTheMoment(Exception):
    """A command that means nothing on this screen: a double tap, a late key. Nothing happens."""
