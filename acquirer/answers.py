"""What an answer to a sale means: the rules by which a message becomes an event, in one place.

1. Another message type, trace number, terminal or shop: not ours, keep waiting.
2. Another processing code or amount: never an approval of this sale, so it is reversed.
3. A positive code with a right MAC, for the full amount: approved.
4. A positive code without a right MAC: reversed, with new keys.
5. A negative code with a right MAC: declined.
6. A negative code without a right MAC: reversed too (harmless), unless the dialect says that this
   acquirer sends its declines without one. A code that settles nothing here, or that is positive
   in other dialects only, is reversed whatever its MAC.
7. Silence or a lost connection: reversed (the link's part).
8. Code 94 (`sent_twice_codes`): the bank holds another sale under this trace number. Never
   reversed, MAC or not: a reversal could undo that other sale.
9. An approved enquiry without a balance that can be read is no answer.
10. What comes after a decision is never read: the connection is dropped with it.
"""

from __future__ import annotations

from enum import Enum

from acquirer import codec, messages
from acquirer.codec import Message
from acquirer.dialect import Dialect
from acquirer.keys import KeyRing
from acquirer.messages import answer_of
from acquirer.requests import Expected
from domain.response_codes import is_yes_anywhere
from domain.sale import Approved, Declined, Reason, SentTwice, Unanswered


class Mac(Enum):
    """What field 64 says of a message."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


def mac_of(body: bytearray, keys: KeyRing, dialect: Dialect) -> Mac:
    """Judge the MAC over the bytes as they came, before anybody interprets them."""
    if not codec.has_field(body, 64, dialect):
        return Mac.MISSING
    with memoryview(body) as whole:
        fits = keys.mac_fits(whole[: -codec.MAC_BYTES], whole[-codec.MAC_BYTES :])
    return Mac.RIGHT if fits else Mac.WRONG


def judge(
    message: Message, mac: Mac, expected: Expected, dialect: Dialect
) -> Approved | Declined | Unanswered | SentTwice | None:
    """The event in an answer to a sale; None where it is not ours. Raises LinkFault N-07."""
    if not expected.is_answered_by(message):
        return None
    answer = answer_of(message, dialect)
    if answer.code in dialect.sent_twice_codes:
        return SentTwice(answer)
    positive = answer.code in dialect.approved_codes
    if not expected.agrees_with(message, must_be_there=positive):
        return Unanswered(Reason.OTHER, "N-07", answer)
    tolerated = mac is Mac.MISSING and not positive and dialect.declines_may_lack_mac
    if mac is not Mac.RIGHT and not tolerated:
        return Unanswered(Reason.WRONG_MAC, "N-08", answer)
    is_positive_elsewhere = is_yes_anywhere(answer.code) and not positive
    if answer.code in dialect.unknown_codes or is_positive_elsewhere:
        return Unanswered(Reason.NO_ANSWER, "N-06", answer)
    if not positive:
        return Declined(answer)
    if not expected.balance_in:
        return Approved(answer)
    balance = messages.balance_of(message, expected)
    if balance is None:
        return Unanswered(Reason.OTHER, "N-07", answer)
    return Approved(answer, balance)
