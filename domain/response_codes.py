"""What the bank's two characters in field 39 mean: the kind of answer, a sentence, the next step.

The UnionPay set, and the general ISO 8583 codes that come through from foreign issuers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.faults import Moved, Next
from domain.words import N_


class Kind(StrEnum):
    """What sort of answer this is, before anybody reads its sentence."""

    APPROVED = "approved"
    DECLINED = "declined"
    CALL = "call"
    KEEP = "keep"
    TERMINAL = "terminal"
    RETRY = "retry"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class ResponseCode:
    """One answer of the bank; the texts are English messages, translated where they are shown."""

    code: str
    kind: Kind
    title: str
    remedy: str
    next: Next

    @property
    def moved(self) -> Moved:
        """The money line under a final answer of this code."""
        if self.kind is Kind.APPROVED:
            return Moved.CHARGED
        if self.kind is Kind.REPEATED:
            return Moved.UNKNOWN
        return Moved.WILL_NOT if self.next is Next.AUTO else Moved.NOT_CHARGED


RESPONSE_CODES = {
    answer.code: answer
    for answer in (
        ResponseCode(
            "00",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "01",
            Kind.CALL,
            N_("Call the bank"),
            N_("Ask for another card, or phone the bank for a code and type it in."),
            Next.OTHER,
        ),
        ResponseCode(
            "02",
            Kind.CALL,
            N_("Call the bank"),
            N_("Ask for another card, or phone the bank for a code and type it in."),
            Next.OTHER,
        ),
        ResponseCode(
            "03",
            Kind.TERMINAL,
            N_("Shop not recognised"),
            N_("The bank does not know this shop number. Call your acquirer."),
            Next.NO,
        ),
        ResponseCode(
            "04",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "05",
            Kind.DECLINED,
            N_("Not approved"),
            N_("The bank gave no reason. Ask for another card or another way to pay."),
            Next.OTHER,
        ),
        ResponseCode(
            "07",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "10",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "11",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "12",
            Kind.DECLINED,
            N_("Not allowed"),
            N_("This card cannot do this kind of payment. Ask for another card."),
            Next.OTHER,
        ),
        ResponseCode(
            "13",
            Kind.DECLINED,
            N_("Amount refused"),
            N_("Check the amount and start again."),
            Next.YES,
        ),
        ResponseCode(
            "14",
            Kind.DECLINED,
            N_("Card number not valid"),
            N_("Read the card again or ask for another card."),
            Next.YES,
        ),
        ResponseCode(
            "15",
            Kind.DECLINED,
            N_("Card number not valid"),
            N_("Read the card again or ask for another card."),
            Next.YES,
        ),
        ResponseCode(
            "21",
            Kind.DECLINED,
            N_("Card not in use"),
            N_("Ask for another card. The customer can ask the bank about this one."),
            Next.OTHER,
        ),
        ResponseCode(
            "22",
            Kind.DECLINED,
            N_("Original does not fit"),
            N_("Check the day and the trace number of the original."),
            Next.NO,
        ),
        ResponseCode(
            "25",
            Kind.DECLINED,
            N_("Original sale not found"),
            N_("Check the receipt and the date, then refund by card instead of voiding."),
            Next.NO,
        ),
        ResponseCode(
            "30",
            Kind.RETRY,
            N_("Message refused"),
            N_("Try once more. If it returns, copy the support bundle and call support."),
            Next.YES,
        ),
        ResponseCode(
            "31",
            Kind.DECLINED,
            N_("Card does not allow this"),
            N_("Ask for another card or take cash."),
            Next.OTHER,
        ),
        ResponseCode(
            "33", Kind.DECLINED, N_("Card expired"), N_("Ask for another card."), Next.OTHER
        ),
        ResponseCode(
            "34",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "35",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "36",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "37",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "38",
            Kind.DECLINED,
            N_("PIN tried too often"),
            N_("The bank has blocked the PIN. Ask for another card."),
            Next.OTHER,
        ),
        ResponseCode(
            "40",
            Kind.DECLINED,
            N_("Card does not allow this"),
            N_("Ask for another card or take cash."),
            Next.OTHER,
        ),
        ResponseCode(
            "41",
            Kind.KEEP,
            N_("Card reported lost"),
            N_("Do not hand the card back if it is safe to keep it. Ask for another way to pay."),
            Next.NO,
        ),
        ResponseCode(
            "43",
            Kind.KEEP,
            N_("Card reported stolen"),
            N_("Do not hand the card back if it is safe to keep it. Call your manager."),
            Next.NO,
        ),
        ResponseCode(
            "51",
            Kind.DECLINED,
            N_("Not enough money"),
            N_("Ask for another card, or charge a smaller amount."),
            Next.OTHER,
        ),
        ResponseCode(
            "54", Kind.DECLINED, N_("Card expired"), N_("Ask for another card."), Next.OTHER
        ),
        ResponseCode(
            "55",
            Kind.RETRY,
            N_("Incorrect PIN"),
            N_("Ask the customer to try the PIN again, slowly."),
            Next.YES,
        ),
        ResponseCode(
            "57",
            Kind.DECLINED,
            N_("Card does not allow this"),
            N_("Ask for another card or take cash."),
            Next.OTHER,
        ),
        ResponseCode(
            "58",
            Kind.DECLINED,
            N_("Till does not allow this"),
            N_("This till is not set up for this payment. Call your acquirer."),
            Next.NO,
        ),
        ResponseCode(
            "59",
            Kind.DECLINED,
            N_("Card number not valid"),
            N_("Read the card again or ask for another card."),
            Next.YES,
        ),
        ResponseCode(
            "61",
            Kind.DECLINED,
            N_("Over the card's limit"),
            N_("Ask for another card, or charge a smaller amount."),
            Next.OTHER,
        ),
        ResponseCode(
            "62", Kind.DECLINED, N_("Card restricted"), N_("Ask for another card."), Next.OTHER
        ),
        ResponseCode(
            "64",
            Kind.DECLINED,
            N_("Amount differs from the original"),
            N_("Check the amount of the original and start again."),
            Next.YES,
        ),
        ResponseCode(
            "65",
            Kind.DECLINED,
            N_("Used too often today"),
            N_("Ask for another card, or insert the chip if it was tapped."),
            Next.OTHER,
        ),
        ResponseCode(
            "67",
            Kind.KEEP,
            N_("Keep the card"),
            N_("The bank asks you to keep this card. Only do so if it is safe."),
            Next.NO,
        ),
        ResponseCode(
            "68",
            Kind.RETRY,
            N_("Bank answered too late"),
            N_("The till reverses the payment by itself. Wait for Reversed, then charge again."),
            Next.AUTO,
        ),
        ResponseCode(
            "75",
            Kind.DECLINED,
            N_("PIN tried too often"),
            N_("The bank has blocked the PIN. Ask for another card."),
            Next.OTHER,
        ),
        ResponseCode(
            "77",
            Kind.TERMINAL,
            N_("Sign on first"),
            N_("The till signs on by itself. Then try again."),
            Next.YES,
        ),
        ResponseCode(
            "90",
            Kind.RETRY,
            N_("Bank is closing its day"),
            N_("Wait one minute, then try again."),
            Next.YES,
        ),
        ResponseCode(
            "91",
            Kind.RETRY,
            N_("Card's bank not answering"),
            N_("Try again in a moment or ask for another card."),
            Next.YES,
        ),
        ResponseCode(
            "92",
            Kind.RETRY,
            N_("Card's bank not answering"),
            N_("Try again in a moment or ask for another card."),
            Next.YES,
        ),
        ResponseCode(
            "94",
            Kind.REPEATED,
            N_("Sent twice"),
            N_("Check Transactions before charging again: the first may be approved."),
            Next.NO,
        ),
        ResponseCode(
            "96", Kind.RETRY, N_("Bank system fault"), N_("Try again in a moment."), Next.YES
        ),
        ResponseCode(
            "97",
            Kind.TERMINAL,
            N_("Till not registered"),
            N_("The bank does not know this till number. Call your acquirer."),
            Next.NO,
        ),
        ResponseCode(
            "98", Kind.RETRY, N_("Bank answered too late"), N_("Try again in a moment."), Next.YES
        ),
        ResponseCode(
            "99",
            Kind.TERMINAL,
            N_("PIN format refused"),
            N_("Sign on again in Devices, then try again."),
            Next.YES,
        ),
        ResponseCode(
            "A0",
            Kind.TERMINAL,
            N_("Security check failed"),
            N_("Sign on again in Devices, then try again."),
            Next.YES,
        ),
        ResponseCode(
            "A1",
            Kind.DECLINED,
            N_("Not allowed"),
            N_("This card cannot do this kind of payment. Ask for another card."),
            Next.OTHER,
        ),
        ResponseCode(
            "A2",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "A3",
            Kind.DECLINED,
            N_("Not allowed"),
            N_("This card cannot do this kind of payment. Ask for another card."),
            Next.OTHER,
        ),
        ResponseCode(
            "A4",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "A5",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "A6",
            Kind.APPROVED,
            N_("Approved"),
            N_("Give the customer the card and the receipt."),
            Next.NO,
        ),
        ResponseCode(
            "A7", Kind.RETRY, N_("Bank system fault"), N_("Try again in a moment."), Next.YES
        ),
    )
}

PARTLY_APPROVED = "10"


def meaning_of(code: str) -> ResponseCode:
    """The row of the table, or a plain decline for a code that nobody has described."""
    known = RESPONSE_CODES.get(code)
    if known is not None:
        return known
    return ResponseCode(
        code,
        Kind.DECLINED,
        N_("Not approved"),
        N_("The bank answered {code}. Ask for another card or another way to pay."),
        Next.OTHER,
    )
