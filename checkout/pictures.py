"""What the screen shows, made from what the journal and the till know: pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from checkout.notices import PaymentShown, SaleLine, SlipShown
from domain.entries import Slip
from domain.money import Money
from domain.operators import Operator
from domain.receipts import has_papers
from domain.sale import Sale, State
from domain.settings import Settings
from domain.truth import money_moved


@dataclass(slots=True)
class OnScreen:
    """What belongs to the payment on the screen and to nobody's memory: gone when it is left.

    `deadline` is monotonic seconds, `allowed` the wait in full.
    """

    sale: int
    deadline: float | None = None
    allowed: float = 0.0
    pin_digits: int | None = None
    """None until the pad says that it is asking."""
    reversing_now: bool = False
    balance: Money | None = None
    awaits_keys: bool = False
    slip_faults: dict[int, str] = field(default_factory=dict)


def payment_shown(  # a picture has as many parts as the screen
    sale: Sale,
    screen: OnScreen,
    slips: tuple[Slip, ...],
    settings: Settings,
    operator: Operator,
    *,
    now: datetime,
    monotonic: float,
    wrong_pins: int,
) -> PaymentShown:
    """The payment on the screen, whole."""
    return PaymentShown(
        sale=sale,
        moved=money_moved(sale),
        as_of=now,
        operator=operator,
        deadline=None if screen.deadline is None else max(0.0, screen.deadline - monotonic),
        allowed=screen.allowed,
        pin_digits=screen.pin_digits or 0,
        pad_on_screen=settings.pin_pad == "training"
        and sale.state is State.PIN_ENTRY
        and screen.pin_digits is not None,
        reversing_now=screen.reversing_now,
        slips=tuple(slip_shown(slip, screen.slip_faults) for slip in slips),
        receipt_link=_receipt_link(sale, settings),
        wrong_pins=wrong_pins,
        balance=screen.balance,
        awaits_keys=screen.awaits_keys,
    )


def slip_shown(slip: Slip, faults: dict[int, str]) -> SlipShown:
    """One paper of a payment."""
    fault = faults.get(slip.number, "")
    return SlipShown(slip.kind.value, slip.state.value, fault, slip.document)


def sale_line(sale: Sale) -> SaleLine:
    """One of the last five, or one row of the list."""
    return SaleLine(
        sale.number,
        sale.state,
        sale.amount,
        sale.card,
        sale.finished_at or sale.started_at,
        sale.kind,
        sale.stan,
        sale.answer.auth_code if sale.answer is not None else "",
        sale.original,
    )


def _receipt_link(sale: Sale, settings: Settings) -> str:
    if sale.state is not State.APPROVED or sale.answer is None or not has_papers(sale):
        return ""
    if not sale.answer.rrn:
        return ""
    link = settings.shop.receipt_link
    return link + quote(sale.answer.rrn, safe="") if link else ""
