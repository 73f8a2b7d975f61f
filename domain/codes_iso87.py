"""The codes of ISO 8583:1987 that mean something else there than in the UnionPay set, or only there.

The names are those of the standard's table of response codes; what is not described here means the
same in both sets (see domain/response_codes).
"""

from __future__ import annotations

from domain.answer_meanings import Kind, table
from domain.moved import Next
from domain.words import N_

_ASK_ANOTHER = N_("Ask for another card or another way to pay.")
_NO_ACCOUNT = (
    Kind.DECLINED,
    N_("No such account"),
    N_("The card has no account of the kind that was asked for."),
    _ASK_ANOTHER,
    Next.OTHER,
)
_FRAUD = (
    Kind.KEEP,
    N_("Suspected fraud"),
    N_("The card's bank suspects that somebody misuses this card."),
    N_("Do not hand over the goods. Ask for another way to pay, and call your manager."),
    Next.NO,
)
_CALL_ACQUIRER = (
    Kind.CALL,
    N_("Call your acquirer"),
    N_("The shop's bank wants to speak with you before it goes on."),
    N_("Call your acquirer with the trace number, or ask for another way to pay."),
    Next.OTHER,
)
_NOT_DONE = (
    Kind.RETRY,
    N_("Bank system fault"),
    N_("Something is wrong at the bank. It has booked nothing."),
    N_("Try again in a moment."),
    Next.YES,
)
_STILL_UNKNOWN = N_(
    "The till reverses the payment by itself. Wait for Reversed, then charge again."
)

ISO87 = table(
    (
        "08",
        Kind.APPROVED,
        N_("Approved, look at an identity card"),
        N_("The bank has booked the payment, and wants the name on the card to be checked."),
        N_("Compare the name on the card with an identity card before you hand over the goods."),
        Next.NO,
    ),
    (
        "16",
        Kind.APPROVED,
        N_("Approved"),
        N_("The bank has booked the payment for the full amount."),
        N_("Give the customer the card and the receipt."),
        Next.NO,
    ),
    (
        "09",
        Kind.RETRY,
        N_("Bank is still at it"),
        N_("The bank works on the payment and cannot say yet whether it books it."),
        _STILL_UNKNOWN,
        Next.AUTO,
    ),
    (
        "10",
        Kind.RETRY,
        N_("Only a part was approved"),
        N_("The card does not hold the whole amount. This till takes all of an amount, or none."),
        _STILL_UNKNOWN,
        Next.AUTO,
    ),
    (
        "06",
        Kind.DECLINED,
        N_("Not approved"),
        N_("The bank could not deal with the payment."),
        _ASK_ANOTHER,
        Next.OTHER,
    ),
    (
        "17 18",
        Kind.DECLINED,
        N_("Stopped by the customer"),
        N_("The customer has called the payment off with the bank, or objects to it."),
        _ASK_ANOTHER,
        Next.OTHER,
    ),
    (
        "19",
        Kind.RETRY,
        N_("Enter it again"),
        N_("The bank has booked nothing and wants the payment as a new one."),
        N_("Try again in a moment."),
        Next.YES,
    ),
    ("20 22 32", *_NOT_DONE),
    (
        "21",
        Kind.DECLINED,
        N_("Nothing was done"),
        N_("The bank found nothing to change for what it was asked."),
        N_("Check the receipt and the date."),
        Next.NO,
    ),
    (
        "23",
        Kind.DECLINED,
        N_("Fee refused"),
        N_("The bank does not accept the fee of this payment."),
        N_("This till is not set up for this payment. Call your acquirer."),
        Next.NO,
    ),
    (
        "31",
        Kind.DECLINED,
        N_("Card's bank not connected"),
        N_("The shop's bank has no way to the bank of this card."),
        _ASK_ANOTHER,
        Next.OTHER,
    ),
    (
        "33",
        Kind.KEEP,
        N_("Card expired"),
        N_("The date on the card is over, and its bank wants it back."),
        N_("The bank asks you to keep this card. Only do so if it is safe."),
        Next.NO,
    ),
    (
        "38",
        Kind.KEEP,
        N_("PIN tried too often"),
        N_("A wrong PIN was typed too often, and the card's bank wants it back."),
        N_("The bank asks you to keep this card. Only do so if it is safe."),
        Next.NO,
    ),
    ("34 59", *_FRAUD),
    ("39 42 44 52 53", *_NO_ACCOUNT),
    (
        "56",
        Kind.DECLINED,
        N_("Card number not valid"),
        N_("The card's bank does not know this card."),
        N_("Read the card again or ask for another card."),
        Next.YES,
    ),
    ("60 66", *_CALL_ACQUIRER),
    (
        "63",
        Kind.TERMINAL,
        N_("Security check failed"),
        N_("The check code of the request did not fit: till and bank hold other keys."),
        N_("The till signs on by itself. Then try again."),
        Next.YES,
    ),
    (
        "93",
        Kind.DECLINED,
        N_("Against the law"),
        N_("The bank may not book this payment by law."),
        _ASK_ANOTHER,
        Next.OTHER,
    ),
    (
        "95",
        Kind.DECLINED,
        N_("Totals do not agree"),
        N_("The bank counts other totals for this batch than the till."),
        N_("The till sends each payment of the batch, and the bank says which one it lacks."),
        Next.NO,
    ),
)
UNIONPAY_ONLY = frozenset({"77", "97", "98", "99", "A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7"})
"""Codes that the standard of 1987 leaves free: here they are codes that nobody has described."""
