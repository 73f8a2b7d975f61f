"""The faults between this till and its bank: network, answers, keys, clocks and holds.

One row for each code; domain/faults puts all of them into the catalogue.
"""

from __future__ import annotations

from domain.fault import Call, Fault
from domain.moved import Moved, Next
from domain.words import N_

FAULTS = (
    Fault(
        "N-01",
        N_("Network cable unplugged"),
        N_("Plug in the cable or turn on Wi-Fi, then press Try again."),
        Moved.NONE,
        Next.YES,
        means=N_("This till has no connection to any network."),
    ),
    Fault(
        "N-02",
        N_("No internet connection"),
        N_("Restart the router, wait one minute, then press Try again."),
        Moved.NONE,
        Next.YES,
        means=N_("The shop's network works, and does not reach the internet."),
        call=Call.NETWORK,
    ),
    Fault(
        "N-03",
        N_("Bank's address not found"),
        N_("Ask your network person to check DNS, then press Try again."),
        Moved.NONE,
        Next.YES,
        means=N_("The name of the bank's computer cannot be turned into an address."),
        call=Call.NETWORK,
    ),
    Fault(
        "N-04",
        N_("Bank not answering"),
        N_("The bank's system may be down. Try again or take cash."),
        Moved.NONE,
        Next.YES,
        means=N_("The network works, and the bank's computer takes no connection."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "N-05",
        N_("Bank's certificate not trusted"),
        N_("Do not continue. Check this till's clock, then call your acquirer."),
        Moved.NONE,
        Next.NO,
        means=N_("Whoever answered could not prove to be the bank, so nothing was sent to it."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "N-06",
        N_("No answer from the bank"),
        N_("The till reverses the payment by itself. Wait for Reversed."),
        Moved.WILL_NOT,
        Next.AUTO,
        means=N_(
            "The request was sent and no answer came, or one that settles nothing: nobody"
            " knows yet what the bank did."
        ),
    ),
    Fault(
        "N-07",
        N_("Bank's answer not understood"),
        N_("The till reverses the payment by itself. Wait for Reversed."),
        Moved.WILL_NOT,
        Next.AUTO,
        means=N_(
            "What came back cannot be read, or belongs to another payment. It is never"
            " taken for an approval."
        ),
        call=Call.SUPPORT,
    ),
    Fault(
        "N-08",
        N_("Bank's answer failed the security check"),
        N_("The till reverses the payment by itself and signs on again. Wait for Reversed."),
        Moved.WILL_NOT,
        Next.AUTO,
        means=N_(
            "The answer's check code does not fit: it may come from somebody else, or the"
            " keys have changed."
        ),
        call=Call.ACQUIRER,
    ),
    Fault(
        "N-09",
        N_("Bank refused the cancellation"),
        N_("Call your acquirer with the trace number. A manager then notes the result."),
        Moved.UNKNOWN,
        Next.NO,
        means=N_(
            "The till asked the bank several times to cancel a payment, and the bank said"
            " no each time."
        ),
        call=Call.ACQUIRER,
    ),
    Fault(
        "N-10",
        N_("Power was lost during the payment"),
        N_("The till asked the bank to cancel it. Wait for Reversed before charging again."),
        Moved.WILL_NOT,
        Next.AUTO,
        means=N_(
            "This till went off after it had begun to ask the bank, so nobody knows what"
            " the bank did."
        ),
    ),
    Fault(
        "N-11",
        N_("Bank refused the refund"),
        N_("Nothing was given back. Call your acquirer with the trace number of the refund."),
        Moved.STAYS,
        Next.NO,
        means=N_("The till told the bank of the refund, and the bank will not book it."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "K-01",
        N_("Bank keys missing"),
        N_("The till signs on by itself. Try again; if it fails, call your acquirer."),
        Moved.NONE,
        Next.YES,
        means=N_("The till and the bank share no keys now, so no payment can be sent safely."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "K-02",
        N_("Bank wants this till updated"),
        N_("Payments go on. Tell your acquirer that this till cannot load it by itself."),
        Moved.NONE,
        Next.NO,
        means=N_("With an answer the bank asked this till to load new data, which it cannot do."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "T-01",
        N_("Clock is wrong"),
        N_("This till is more than 2 minutes off. Correct the clock before charging."),
        Moved.NONE,
        Next.NO,
        means=N_("The bank's clock and this till's clock do not agree."),
        call=Call.SUPPORT,
    ),
    Fault(
        "H-01",
        N_("Not offered in this shop"),
        N_("The shop's contract with its bank does not include this."),
        Moved.NONE,
        Next.NO,
        means=N_("The bank has not agreed to this kind of payment for this shop."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "H-02",
        N_("Bank refused the completion"),
        N_("Nothing was charged and the amount is still held. Call your acquirer."),
        Moved.NOT_CHARGED,
        Next.NO,
        means=N_("The till told the bank to charge a held amount, and the bank will not book it."),
        call=Call.ACQUIRER,
    ),
    Fault(
        "H-03",
        N_("No answer to the balance enquiry"),
        N_("An enquiry moves no money. Ask again, or go on without it."),
        Moved.NONE,
        Next.YES,
        means=N_("The bank was asked how much money the card has, and no answer came."),
    ),
    Fault(
        "H-04",
        N_("Not the card that holds the amount"),
        N_("The amount is held on another card. Ask for that card."),
        Moved.NONE,
        Next.OTHER,
        means=N_(
            "What is held on a card is charged to that card, or released on it, and no other."
        ),
    ),
)
