"""After a crash: settle what was left in doubt, and tell the cashier in words.

A sale found ARMED may or may not have reached the bank; its reversal does no harm where it did
not. An enquiry has moved nothing, and just ends. Drafts are dropped: nothing of them ever left the
till.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkout.crash_points import passing
from checkout.notices import RecoveryTold
from domain import receipts
from domain.entries import Decision, Slip, sale_entry
from domain.sale import FINAL, Cancelled, Errand, PowerReturned, Sale, State, advance

if TYPE_CHECKING:
    from checkout.till import Till


def recover(till: Till) -> None:
    """Take up every sale that is not final. Raises StoreFault."""
    passing("recovery begun")
    journal = till.parts.journal
    _drop_draft(till)
    owed = till.slips.recover()
    taken_up = [_taken_up(till, sale) for sale in journal.open_sales()]
    reversing = tuple(sale for sale in taken_up if sale.state is State.REVERSAL_PENDING)
    last_approved = _approved_without_paper(till, owed)
    if reversing or last_approved:
        till.tell(RecoveryTold(reversing, last_approved))


def take_up_forgotten(till: Till) -> None:
    """What a failing disk kept though the till was told otherwise; as at a start. Raises StoreFault."""
    for sale in till.parts.journal.open_sales():
        known = till.payments.sales.get(sale.number)
        if known is None or known.state in FINAL:
            _taken_up(till, sale)


def _taken_up(till: Till, sale: Sale) -> Sale:
    if sale.state is State.MANUAL:
        till.payments.sales[sale.number] = sale
        return sale
    step = advance(sale, PowerReturned(), till.parts.clock.now())
    if step.durable:
        slips: tuple[Slip, ...] = ()
        if Errand.PRINT in step.errands:
            slips = receipts.slips_for(step.sale, till.parts.settings)
        entry = sale_entry(step.sale, till.parts.clock.now())
        till.remember(Decision((entry,), step.sale, slips=slips))
        passing("recovery remembered")
    if step.sale.state not in FINAL:
        till.payments.resume(step)
    return step.sale


def _drop_draft(till: Till) -> None:
    """The newest sale, if the till went down before its PIN."""
    journal = till.parts.journal
    newest = journal.sale(journal.counter("sale"))
    if newest is not None and newest.state is State.DRAFT:
        step = advance(newest, Cancelled(), till.parts.clock.now())
        till.remember(Decision((sale_entry(step.sale, till.parts.clock.now()),), step.sale))


def _approved_without_paper(till: Till, owed: tuple[Slip, ...]) -> Sale | None:
    """The newest approved sale whose slip was not out: its cashier may not know that it is paid."""
    sales = {slip.sale for slip in owed if slip.sale is not None}
    for number in sorted(sales, reverse=True):
        sale = till.parts.journal.sale(number)
        if sale is not None and sale.state is State.APPROVED:
            return sale
    return None
