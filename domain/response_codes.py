"""What the bank's two characters in field 39 mean: the kind of answer, sentences, the next step.

Which set of codes a bank speaks stands in its dialect (`code_set`), and in each of its answers, so
that an old answer keeps its meaning. A code that its set does not hold is a plain decline.
"""

from __future__ import annotations

from domain.answer_meanings import Kind, ResponseCode, table
from domain.codes_iso87 import ISO87, UNIONPAY_ONLY
from domain.moved import Next
from domain.words import N_

__all__ = [
    "CODE_SETS",
    "RESPONSE_CODES",
    "USUAL_SET",
    "Kind",
    "ResponseCode",
    "is_yes_anywhere",
    "meaning_of",
]

_KEEP = (
    Kind.KEEP,
    N_("Keep the card"),
    N_("The card's bank wants this card back: it may be lost, stolen or misused."),
    N_("The bank asks you to keep this card. Only do so if it is safe."),
    Next.NO,
)
_NUMBER = (
    Kind.DECLINED,
    N_("Card number not valid"),
    N_("No bank knows this card number, or it was read wrongly."),
    N_("Read the card again or ask for another card."),
    Next.YES,
)
_NOT_THIS = (
    Kind.DECLINED,
    N_("Card does not allow this"),
    N_("The card's bank does not offer this kind of payment with this card."),
    N_("Ask for another card or take cash."),
    Next.OTHER,
)
_TYPE = (
    Kind.DECLINED,
    N_("Not allowed"),
    N_("The bank does not take this kind of payment with this card, or not now."),
    N_("This card cannot do this kind of payment. Ask for another card."),
    Next.OTHER,
)
_AMOUNT = N_("The bank cannot book this amount.")
_EXPIRED = (
    Kind.DECLINED,
    N_("Card expired"),
    N_("The date on the card is over."),
    N_("Ask for another card."),
    Next.OTHER,
)
_PIN_BLOCKED = (
    Kind.DECLINED,
    N_("PIN tried too often"),
    N_("A wrong PIN was typed too often, here or elsewhere."),
    N_("The bank has blocked the PIN. Ask for another card."),
    Next.OTHER,
)
_ISSUER_AWAY = (
    Kind.RETRY,
    N_("Card's bank not answering"),
    N_("The shop's bank answers, and cannot reach the bank of this card."),
    N_("Try again in a moment or ask for another card."),
    Next.YES,
)
_BANK_FAULT = (
    Kind.RETRY,
    N_("Bank system fault"),
    N_("Something is wrong at the bank. It has booked nothing."),
    N_("Try again in a moment."),
    Next.YES,
)

RESPONSE_CODES = table(
    (
        "00 10 11",
        Kind.APPROVED,
        N_("Approved"),
        N_("The bank has booked the payment for the full amount."),
        N_("Give the customer the card and the receipt."),
        Next.NO,
    ),
    (
        "A2 A4 A5 A6",
        Kind.APPROVED,
        N_("Approved"),
        N_("The bank has booked the payment; the bank of the card confirms it later."),
        N_("Give the customer the card and the receipt."),
        Next.NO,
    ),
    (
        "01 02",
        Kind.CALL,
        N_("Call the bank"),
        N_("The card's bank wants to be asked by telephone before it agrees."),
        N_("Ask for another card, or phone the bank for a code and type it in."),
        Next.OTHER,
    ),
    (
        "03",
        Kind.TERMINAL,
        N_("Shop not recognised"),
        N_("The number of this shop is not known to the bank, or is closed there."),
        N_("The bank does not know this shop number. Call your acquirer."),
        Next.NO,
    ),
    ("04 07 34 35 36 37 67", *_KEEP),
    (
        "05",
        Kind.DECLINED,
        N_("Not approved"),
        N_("The card's bank says no, and does not say why."),
        N_("The bank gave no reason. Ask for another card or another way to pay."),
        Next.OTHER,
    ),
    ("12 A1 A3", *_TYPE),
    (
        "13",
        Kind.DECLINED,
        N_("Amount refused"),
        _AMOUNT,
        N_("Check the amount and start again."),
        Next.YES,
    ),
    ("14 15 59", *_NUMBER),
    (
        "21",
        Kind.DECLINED,
        N_("Card not in use"),
        N_("The card has not been activated, or has slept for too long."),
        N_("Ask for another card. The customer can ask the bank about this one."),
        Next.OTHER,
    ),
    (
        "22",
        Kind.DECLINED,
        N_("Original does not fit"),
        N_("The earlier payment cannot be changed in this way, or is too old for it."),
        N_("Check the day and the trace number of the original."),
        Next.NO,
    ),
    (
        "25",
        Kind.DECLINED,
        N_("Original sale not found"),
        N_("The bank has no payment like the one that this refers to."),
        N_("Check the receipt and the date, then refund by card instead of voiding."),
        Next.NO,
    ),
    (
        "30",
        Kind.RETRY,
        N_("Message refused"),
        N_("The bank could not read what this till sent."),
        N_("Try once more. If it returns, copy the support bundle and call support."),
        Next.YES,
    ),
    ("31 40 57 66", *_NOT_THIS),
    ("33 54", *_EXPIRED),
    ("38 75", *_PIN_BLOCKED),
    (
        "41",
        Kind.KEEP,
        N_("Card reported lost"),
        N_("Its owner has told the bank that the card is lost."),
        N_("Do not hand the card back if it is safe to keep it. Ask for another way to pay."),
        Next.NO,
    ),
    (
        "43",
        Kind.KEEP,
        N_("Card reported stolen"),
        N_("Its owner has told the bank that the card was stolen."),
        N_("Do not hand the card back if it is safe to keep it. Call your manager."),
        Next.NO,
    ),
    (
        "51",
        Kind.DECLINED,
        N_("Not enough money"),
        N_("The account of the card does not hold this amount now."),
        N_("Ask for another card, or charge a smaller amount."),
        Next.OTHER,
    ),
    (
        "55",
        Kind.RETRY,
        N_("Incorrect PIN"),
        N_("The PIN that was typed is not that of the card. The bank counts such tries."),
        N_("Ask the customer to try the PIN again, slowly."),
        Next.YES,
    ),
    (
        "58",
        Kind.DECLINED,
        N_("Till does not allow this"),
        N_("The bank has not opened this kind of payment for this till."),
        N_("This till is not set up for this payment. Call your acquirer."),
        Next.NO,
    ),
    (
        "61",
        Kind.DECLINED,
        N_("Over the card's limit"),
        N_("The card may not pay that much at once, or on one day."),
        N_("Ask for another card, or charge a smaller amount."),
        Next.OTHER,
    ),
    (
        "62",
        Kind.DECLINED,
        N_("Card restricted"),
        N_("The card's bank has limited where or how this card can be used."),
        N_("Ask for another card."),
        Next.OTHER,
    ),
    (
        "64",
        Kind.DECLINED,
        N_("Amount differs from the original"),
        N_("The bank holds another amount for the payment that this refers to."),
        N_("Check the amount of the original and start again."),
        Next.YES,
    ),
    (
        "65",
        Kind.DECLINED,
        N_("Used too often today"),
        N_("The card has been used as often as its bank allows."),
        N_("Ask for another card, or insert the chip if it was tapped."),
        Next.OTHER,
    ),
    (
        "68",
        Kind.RETRY,
        N_("Bank answered too late"),
        N_("The card's bank did not answer in time, so nobody knows yet what it booked."),
        N_("The till reverses the payment by itself. Wait for Reversed, then charge again."),
        Next.AUTO,
    ),
    (
        "77",
        Kind.TERMINAL,
        N_("Sign on first"),
        N_("The bank wants new keys before the next payment."),
        N_("The till signs on by itself. Then try again."),
        Next.YES,
    ),
    (
        "90",
        Kind.RETRY,
        N_("Bank is closing its day"),
        N_("The bank changes from one business day to the next."),
        N_("Wait one minute, then try again."),
        Next.YES,
    ),
    ("91 92", *_ISSUER_AWAY),
    (
        "94",
        Kind.REPEATED,
        N_("Sent twice"),
        N_("The bank holds another payment of this till under the same trace number."),
        N_("Check Transactions before charging again: the first may be approved."),
        Next.NO,
    ),
    ("96 A7", *_BANK_FAULT),
    (
        "97",
        Kind.TERMINAL,
        N_("Till not registered"),
        N_("The number of this till is not known to the bank, or belongs to another shop."),
        N_("The bank does not know this till number. Call your acquirer."),
        Next.NO,
    ),
    (
        "98",
        Kind.RETRY,
        N_("Bank answered too late"),
        N_("The card's bank did not answer in time, and the payment was called off."),
        N_("Try again in a moment."),
        Next.YES,
    ),
    (
        "99",
        Kind.TERMINAL,
        N_("PIN format refused"),
        N_("The bank could not open the encrypted PIN: till and bank hold other keys."),
        N_("The till signs on by itself. Then try again."),
        Next.YES,
    ),
    (
        "A0",
        Kind.TERMINAL,
        N_("Security check failed"),
        N_("The check code of the request did not fit: till and bank hold other keys."),
        N_("The till signs on by itself. Then try again."),
        Next.YES,
    ),
)
"""The UnionPay set, and the general ISO 8583 codes that come through from foreign issuers."""

USUAL_SET = "unionpay"
"""The set of an answer that names none."""
CODE_SETS = {
    USUAL_SET: RESPONSE_CODES,
    "iso87": {c: row for c, row in RESPONSE_CODES.items() if c not in UNIONPAY_ONLY} | ISO87,
}


def is_yes_anywhere(code: str) -> bool:
    """Whether some bank means a yes by this code."""
    return any(code in rows and rows[code].kind is Kind.APPROVED for rows in CODE_SETS.values())


def meaning_of(code: str, code_set: str = "") -> ResponseCode:
    """The row of its set, or a plain decline for a code that nobody has described."""
    known = CODE_SETS.get(code_set, RESPONSE_CODES).get(code)
    if known is not None:
        return known
    return ResponseCode(
        code,
        Kind.DECLINED,
        N_("Not approved"),
        N_("The bank answered with a code that this till does not know."),
        N_("The bank answered {code}. Ask for another card or another way to pay."),
        Next.OTHER,
    )
