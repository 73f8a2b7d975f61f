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

from dataclasses import dataclass

from domain.batch_faults import BATCH_FAULTS
from domain.moved import MONEY_LINES, NEXT_STEPS, Moved, Next
from domain.words import N_

__all__ = [
    "CATALOGUE",
    "MONEY_LINES",
    "NEXT_STEPS",
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


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the catalogue; the texts are English messages, translated where they are shown."""

    code: str
    title: str
    remedy: str
    moved: Moved
    next: Next
    call_support: bool = False


CATALOGUE = {
    fault.code: fault
    for fault in (
        Fault(
            "N-01",
            N_("Network cable unplugged"),
            N_("Plug in the cable or turn on Wi-Fi, then press Try again."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "N-02",
            N_("No internet connection"),
            N_("Restart the router, wait one minute, then press Try again."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "N-03",
            N_("Bank's address not found"),
            N_("Ask your network person to check DNS, or use the second DNS in Devices."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "N-04",
            N_("Bank not answering"),
            N_("The bank's system may be down. Try again or take cash."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "N-05",
            N_("Bank's certificate not trusted"),
            N_("Do not continue. Check this till's clock, then call your acquirer."),
            Moved.NONE,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "N-06",
            N_("No answer from the bank"),
            N_("The till reverses the payment by itself. Wait for Reversed."),
            Moved.WILL_NOT,
            Next.AUTO,
        ),
        Fault(
            "R-01",
            N_("Card reader not found"),
            N_("Check the reader's cable and power, then press Try again."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "R-02",
            N_("Card could not be read"),
            N_("Wipe the card and swipe it again, in one steady move."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "R-03",
            N_("Card removed too early"),
            N_("Insert the card again and leave it in."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "R-04",
            N_("Chip not read, use swipe"),
            N_("The chip failed three times. Swipe the card."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "P-01",
            N_("No answer on the PIN pad"),
            N_("Nobody typed a PIN in {s} s. Start again when the customer is ready."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "P-02",
            N_("PIN pad locked"),
            N_("The pad has detected tampering. Stop using it and call support."),
            Moved.NONE,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "L-01",
            N_("Printer out of paper"),
            N_("The payment is complete. Load paper, then press Reprint."),
            Moved.CHARGED,
            Next.NO,
        ),
        Fault(
            "L-02",
            N_("Printer not found"),
            N_("The payment is complete. Offer the e-receipt, then check the cable."),
            Moved.CHARGED,
            Next.NO,
        ),
        Fault(
            "D-01",
            N_("Drawer did not open"),
            N_("Open it with the key and check its cable."),
            Moved.NONE,
            Next.NO,
        ),
        Fault(
            "T-01",
            N_("Clock is wrong"),
            N_("This till is more than 2 minutes off. Correct the clock before charging."),
            Moved.NONE,
            Next.NO,
        ),
        Fault(
            "S-01",
            N_("Disk almost full"),
            N_("Less than 500 MB left. Export old reports or call support."),
            Moved.NONE,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "K-01",
            N_("Bank keys missing"),
            N_("Sign on again in Devices. If it fails, call your acquirer."),
            Moved.NONE,
            Next.YES,
            call_support=True,
        ),
        Fault(
            "R-05",
            N_("Card expired"),
            N_("Ask for another card."),
            Moved.NONE,
            Next.OTHER,
        ),
        Fault(
            "R-06",
            N_("Card has a chip"),
            N_(
                "This till reads stripes. Ask the bank whether the stripe may be used,"
                " or ask for another way to pay."
            ),
            Moved.NONE,
            Next.OTHER,
        ),
        Fault(
            "R-07",
            N_("Not the card that paid"),
            N_("Money goes back to the card that paid only. Ask for that card."),
            Moved.NONE,
            Next.OTHER,
        ),
        Fault(
            "P-03",
            N_("PIN pad not found"),
            N_("Check the PIN pad's cable and power, then press Try again."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "N-07",
            N_("Bank's answer not understood"),
            N_("The till reverses the payment by itself. Wait for Reversed."),
            Moved.WILL_NOT,
            Next.AUTO,
            call_support=True,
        ),
        Fault(
            "N-08",
            N_("Bank's answer failed the security check"),
            N_("The till reverses the payment by itself and signs on again. Wait for Reversed."),
            Moved.WILL_NOT,
            Next.AUTO,
        ),
        Fault(
            "N-09",
            N_("Bank refused the cancellation"),
            N_("Call your acquirer with the trace number. A manager then notes the result."),
            Moved.UNKNOWN,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "N-11",
            N_("Bank refused the refund"),
            N_("Nothing was given back. Call your acquirer with the trace number of the refund."),
            Moved.STAYS,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "H-01",
            N_("Not offered in this shop"),
            N_("The shop's contract with its bank does not include this."),
            Moved.NONE,
            Next.NO,
        ),
        Fault(
            "H-02",
            N_("Bank refused the completion"),
            N_("Nothing was charged and the amount is still held. Call your acquirer."),
            Moved.NOT_CHARGED,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "H-03",
            N_("No answer to the balance enquiry"),
            N_("An enquiry moves no money. Ask again, or go on without it."),
            Moved.NONE,
            Next.YES,
        ),
        Fault(
            "N-10",
            N_("Power was lost during the payment"),
            N_("The till asked the bank to cancel it. Wait for Reversed before charging again."),
            Moved.WILL_NOT,
            Next.AUTO,
        ),
        Fault(
            "L-03",
            N_("Printer did not confirm"),
            N_("Look whether the slip came out. If not, press Reprint."),
            Moved.CHARGED,
            Next.NO,
        ),
        Fault(
            "L-04",
            N_("Printer cover open"),
            N_("The payment is complete. Close the cover, then press Reprint."),
            Moved.CHARGED,
            Next.NO,
        ),
        Fault(
            "J-01",
            N_("The journal cannot be written"),
            N_(
                "Nothing was sent to the bank. Free some disk space or call support, then press Try again."
            ),
            Moved.NONE,
            Next.YES,
            call_support=True,
        ),
        Fault(
            "J-02",
            N_("The journal failed its check"),
            N_("Do not sell on this till. Call support; nothing has been changed."),
            Moved.UNKNOWN,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "J-03",
            N_("This till is open already"),
            N_("Use the window that is open."),
            Moved.NONE,
            Next.NO,
        ),
        Fault(
            "J-04",
            N_("SQLite is too old"),
            N_("This version can damage the journal. Install Tillwright from its package again."),
            Moved.NONE,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "C-01",
            N_("Set-up file not valid"),
            N_("Correct the line that is named, then start again."),
            Moved.NONE,
            Next.NO,
            call_support=True,
        ),
        Fault(
            "X-01",
            N_("A part of the till stopped"),
            N_("Restart Tillwright. A payment that was running is settled at the start."),
            Moved.UNKNOWN,
            Next.NO,
            call_support=True,
        ),
        Fault("A-01", N_("Wrong PIN"), N_("Type the PIN again, slowly."), Moved.NONE, Next.YES),
        Fault(
            "A-02",
            N_("This name is locked"),
            N_("Ask a manager to unlock it, or wait."),
            Moved.NONE,
            Next.NO,
        ),
        Fault(
            "A-03",
            N_("Not allowed for this role"),
            N_("Ask a supervisor or a manager."),
            Moved.NONE,
            Next.NO,
        ),
        *(Fault(code, title, remedy, Moved.NONE, Next.NO) for code, title, remedy in BATCH_FAULTS),
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
