"""The catalogue of faults: a numbered code, a sentence, a remedy, and whether money has moved.

A code never changes its meaning and is never used again for another. Errors carry a fault, never
prose, and never anything read from a card:

    TillError(fault)
        DeviceFault             a device did not do it
        LinkFault               the acquirer was not reached or not understood
            NotSent             not one byte of the request left this till
            NoAnswer            the request may have arrived: the outcome is unknown
        StoreFault              the journal could not be read or written
        SettingsFault           the set-up is not valid
        Refused                 this operator may not do this
"""

from __future__ import annotations

from domain import batch_faults, faults_of_people, faults_of_the_till, faults_on_the_way
from domain.fault import Call, Fault
from domain.moved import MONEY_LINES, NEXT_STEPS, Moved, Next

__all__ = [
    "CATALOGUE",
    "MONEY_LINES",
    "NEXT_STEPS",
    "Call",
    "DeviceFault",
    "Fault",
    "LinkFault",
    "Moved",
    "Next",
    "NoAnswer",
    "NotSent",
    "Refused",
    "SettingsFault",
    "StoreFault",
    "TillError",
]

CATALOGUE = {
    fault.code: fault
    for fault in (
        *faults_on_the_way.FAULTS,
        *batch_faults.FAULTS,
        *faults_of_the_till.FAULTS,
        *faults_of_people.FAULTS,
    )
}


class TillError(Exception):
    """Something went wrong that a person must hear of; `detail` names it for support, secret-free."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".rstrip())
        self.fault = CATALOGUE[code]
        self.detail = detail


class DeviceFault(TillError):
    """A reader, pad, printer or drawer did not do what it was asked."""


class LinkFault(TillError):
    """The acquirer was not reached, or what came back cannot be used."""


class NotSent(LinkFault):
    """Not one byte of the request left this till."""


class NoAnswer(LinkFault):
    """The request may have arrived; its outcome is unknown."""


class StoreFault(TillError):
    """The journal could not be opened, read or written."""


class SettingsFault(TillError):
    """The set-up is not valid; `detail` names the place and what was expected there."""


class Refused(TillError):
    """This operator may not do this, or not now."""
