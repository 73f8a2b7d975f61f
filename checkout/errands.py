"""One short function for every errand: it runs on a worker, and reports what came of it.

None of them decides anything. Where they may block: a reader, the pad, the bank, the printer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from acquirer.link import Link, SaleRequest
from checkout.crash_points import passing
from checkout.reports import (
    BankClockSeen,
    BankDemands,
    BankSeen,
    DeviceSeen,
    Happened,
    NothingRead,
    PinDigits,
    Report,
    SignedOff,
    SignedOn,
    SignOnWanted,
    SlipDone,
)
from devices.interfaces import CardReader, Health, PinPad, PinRequest, Printer
from domain.card import BadCard
from domain.card_rules import why_unreadable
from domain.document import Document
from domain.faults import DeviceFault, LinkFault
from domain.sale import (
    AdviceUnanswered,
    CardCaptured,
    CardRefused,
    PinEntered,
    PinFailed,
    Reason,
    ReversalUnanswered,
    Sale,
    SendFailed,
    Unanswered,
    judge_advice,
    judge_reversal,
)

Tell = Callable[[Report], None]
NO_DEMAND = "0"


def listen(
    reader: CardReader, sale: int, seconds: float, is_wanted: Callable[[], bool], tell: Tell
) -> None:
    """Wait for a card at one reader, if one is still wanted when the worker comes to it."""
    if not is_wanted():
        return
    try:
        card = reader.read(seconds)
    except BadCard as bad:
        tell(Happened(sale, CardRefused(why_unreadable(bad))))
    except DeviceFault as fault:
        tell(DeviceSeen("reader", Health.ABSENT))
        tell(NothingRead(sale, fault.fault.code))
    else:
        if card is None:
            tell(NothingRead(sale, ""))
        else:
            tell(Happened(sale, CardCaptured(card)))


def ask_for_pin(pad: PinPad, request: PinRequest, sale: int, seconds: float, tell: Tell) -> None:
    """Wait for the customer at the pad."""

    def told_digits(count: int) -> None:
        tell(PinDigits(sale, count))

    try:
        pin = pad.read_pin(request, seconds, told_digits)
    except DeviceFault as fault:
        tell(Happened(sale, PinFailed(fault.fault.code)))
    else:
        tell(Happened(sale, PinEntered(pin)))
    finally:
        request.account.wipe()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signs on where keys are missing, and under which trace number."""

    operator: str
    stan: int


def sign_on(link: Link, caller: Caller, tell: Tell) -> str:
    """Fetch new working keys; the fault code where that failed, else empty."""
    passing("before signing on")
    try:
        pin_key = link.sign_on(caller.operator, caller.stan)
    except LinkFault as fault:
        tell(BankSeen(None, fault.fault.code))
        return fault.fault.code
    passing("keys received")
    tell(SignedOn(pin_key))
    return ""


def sign_on_for_pin(link: Link, caller: Caller, sale: int, tell: Tell) -> None:
    """Fetch the keys that a sale's PIN needs; without them the sale ends, unsent.

    Where an errand before this one has fetched them, its report lets the pad ask.
    """
    fault = "" if link.has_keys else sign_on(link, caller, tell)
    if fault:
        tell(Happened(sale, PinFailed(fault)))


def ask(
    link: Link, caller: Caller, request: SaleRequest, sent: Callable[[], None], tell: Tell
) -> None:
    """Ask the bank for the money; `sent` is called when the last byte has gone to the socket."""
    passing("before asking")
    fault = "" if link.has_keys else sign_on(link, caller, tell) or _void_pin(request)
    event = SendFailed(fault) if fault else link.ask(request, sent)
    passing("answer received")
    tell(Happened(request.sale, event))
    if isinstance(event, SendFailed):
        tell(BankSeen(None, event.fault))
    elif not isinstance(event, Unanswered):
        tell(BankSeen(None))
        _heed(link, tell)


def _heed(link: Link, tell: Tell) -> None:
    """What the header of the last answer demands of this till."""
    if link.wants_sign_on:
        tell(SignOnWanted(link.has_keys))
    elif link.demand != NO_DEMAND:
        tell(BankDemands(link.demand))


def _void_pin(request: SaleRequest) -> str:
    """A PIN that was encrypted under keys which are gone: the bank would count it as wrong."""
    return "" if request.pin is None else "K-01"


def reverse(link: Link, caller: Caller, sale: Sale, sealed: bytes, tell: Tell) -> None:
    """Ask the bank, once, to cancel a sale whose outcome is unknown."""
    passing("before reversing")
    fault = "" if link.has_keys else sign_on(link, caller, tell)
    if fault:
        tell(Happened(sale.number, ReversalUnanswered(fault)))
        return
    try:
        answer = link.reverse(sealed, sale.number, sale.reason or Reason.OTHER)
    except LinkFault as unanswered:
        tell(BankSeen(None, unanswered.fault.code))
        tell(Happened(sale.number, ReversalUnanswered(unanswered.fault.code)))
        return
    passing("reversal answered")
    tell(BankSeen(None))
    event = judge_reversal(sale, answer, link.reversal_accepted, link.temporary_codes)
    tell(Happened(sale.number, event))
    _heed(link, tell)


def tell(link: Link, caller: Caller, sale: Sale, sealed: bytes, tell_till: Tell) -> None:
    """Tell the bank, once, of something that was decided here."""
    passing("before advising")
    fault = "" if link.has_keys else sign_on(link, caller, tell_till)
    if fault:
        tell_till(Happened(sale.number, AdviceUnanswered(fault)))
        return
    try:
        answer = link.tell(sealed, sale.number)
    except LinkFault as unanswered:
        tell_till(BankSeen(None, unanswered.fault.code))
        tell_till(Happened(sale.number, AdviceUnanswered(unanswered.fault.code)))
        return
    passing("advice answered")
    tell_till(BankSeen(None))
    event = judge_advice(answer, link.approved_codes, link.temporary_codes)
    tell_till(Happened(sale.number, event))
    _heed(link, tell_till)


def echo(link: Link, stan: int, tell: Tell) -> None:
    """See whether the bank is there, and how far away."""
    try:
        seconds = link.echo(stan)
    except LinkFault as fault:
        tell(BankSeen(None, fault.fault.code))
    else:
        tell(BankSeen(round(seconds * 1000)))
        if link.ahead_seconds is not None:
            tell(BankClockSeen(link.ahead_seconds))
        if link.has_keys:
            _heed(link, tell)


def sign_off(link: Link, stan: int, tell: Tell) -> None:
    """Tell the bank that the till closes; it does not matter whether it hears."""
    try:
        link.sign_off(stan)
    except LinkFault as fault:
        tell(BankSeen(None, fault.fault.code))
    tell(SignedOff())


def load_pin_key(pad: PinPad, wrapped: bytes, check_value: bytes, tell: Tell) -> None:
    """Hand the working PIN key to the pad, still wrapped."""
    try:
        pad.load_pin_key(wrapped, check_value)
    except DeviceFault as fault:
        tell(BankSeen(None, fault.fault.code))
    else:
        passing("pad loaded")


def print_slip(printer: Printer, document: Document, slip: int, tell: Tell) -> None:
    """Print one page; the fault tells whether it came out, did not, or nobody knows."""
    try:
        printer.print(document, slip)
    except DeviceFault as fault:
        tell(SlipDone(slip, fault.fault.code))
    else:
        passing("slip printed")
        tell(SlipDone(slip, ""))


def look_at_printer(printer: Printer, tell: Tell) -> None:
    """Ask the printer how it is."""
    tell(DeviceSeen("printer", printer.health()))


def look_at_reader(reader: CardReader, tell: Tell) -> None:
    """Ask the reader how it is; never while it reads."""
    tell(DeviceSeen("reader", reader.health()))
