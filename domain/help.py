"""What F1 says: one page for each fault of the till and each answer of the bank, from their tables.

docs/faults.md is generated from the same pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.fault import CALLS, Call, Fault
from domain.faults import CATALOGUE
from domain.moved import MONEY_LINES, NEXT_STEPS, Moved, Next
from domain.response_codes import CODE_SETS, USUAL_SET, Kind, ResponseCode, meaning_of
from domain.words import N_

MONEY_OF_A_CODE = MONEY_LINES | {
    Moved.CHARGED: N_("The customer has been charged."),
    Moved.HELD: N_("The amount is held on the card, not charged."),
}
"""The money line where no payment is meant, and so no amount."""

_IN_DOUBT = N_("We are asking the bank. Please do not pay again; we tell you what it says.")
_UNDONE = N_("You will not be charged. If your account shows the amount, it is given back.")
CUSTOMER_LINES = {
    Moved.NONE: N_("You have not been charged."),
    Moved.CHARGED: N_("Your payment went through."),
    Moved.NOT_CHARGED: N_("You have not been charged."),
    Moved.WILL_NOT: _UNDONE,
    Moved.UNKNOWN: _IN_DOUBT,
    Moved.STAYS: N_("Nothing has been given back. Your payment stands as it was."),
}
"""What the customer is told of a fault, by what became of the money."""

_OF_KIND = {
    Kind.APPROVED: (N_("Your payment went through."), Call.NOBODY),
    Kind.DECLINED: (
        N_("Your bank did not accept this. You have not been charged."),
        Call.OWN_BANK,
    ),
    Kind.CALL: (
        N_("Your bank wants to be asked first. You have not been charged."),
        Call.ISSUER,
    ),
    Kind.KEEP: (
        N_("Your bank does not accept this card. Please ask it. You have not been charged."),
        Call.MANAGER,
    ),
    Kind.TERMINAL: (N_("Our till is not ready. You have not been charged."), Call.ACQUIRER),
    Kind.RETRY: (
        N_("The bank cannot answer just now. You have not been charged."),
        Call.NOBODY,
    ),
    Kind.REPEATED: (_IN_DOUBT, Call.ACQUIRER),
}


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One code explained; everything but the code is a message, steps and call with {values}."""

    code: str
    of_bank: bool
    title: str
    means: str
    moved: Moved
    steps: tuple[str, ...]
    customer: str
    call: str


def page_of_fault(code: str) -> HelpPage:
    """The page of one of the till's own faults. Raises KeyError for a code that there is not."""
    fault = CATALOGUE[code]
    return HelpPage(
        code,
        of_bank=False,
        title=fault.title,
        means=fault.means,
        moved=fault.moved,
        steps=_steps(fault),
        customer=CUSTOMER_LINES[fault.moved],
        call=CALLS[fault.call],
    )


def page_of_answer(code: str, code_set: str = "") -> HelpPage:
    """The page of what the bank answered, also where nobody has described it."""
    answer = meaning_of(code, code_set)
    customer, call = _OF_KIND[answer.kind]
    return HelpPage(
        code,
        of_bank=True,
        title=answer.title,
        means=answer.means,
        moved=answer.moved,
        steps=_steps(answer),
        customer=_UNDONE if answer.next is Next.AUTO else customer,
        call=CALLS[call],
    )


def all_pages(code_set: str = "") -> tuple[HelpPage, ...]:
    """Every fault, then every answer of a bank that speaks this set, each in order of the code."""
    codes = sorted(CODE_SETS[code_set or USUAL_SET])
    return (
        *(page_of_fault(code) for code in sorted(CATALOGUE)),
        *(page_of_answer(code, code_set) for code in codes),
    )


def holds(page: HelpPage, wanted: str, say: Callable[[str], str]) -> bool:
    """Whether a page is one of those that are looked for, in the words of the screen."""
    seen = " ".join((page.code, *map(say, (page.title, page.means, *page.steps))))
    return all(word in seen.casefold() for word in wanted.casefold().split())


def _steps(row: Fault | ResponseCode) -> tuple[str, ...]:
    """The remedy, and the next step where the remedy does not name it."""
    says_it = "Try again" in row.remedy or "try again" in row.remedy
    if row.next is Next.AUTO or (row.next is Next.YES and says_it):
        return (row.remedy,)
    if isinstance(row, ResponseCode) and row.kind is Kind.APPROVED:
        return (row.remedy,)
    if isinstance(row, Fault) and row.next is Next.NO:
        return (row.remedy,)
    return (row.remedy, NEXT_STEPS[row.next])
