"""What a slip of money that goes back says of its outcome, and of the payment that it refers to."""

from __future__ import annotations

from domain import receipts_holds
from domain.document import Align, Blank, Pair, Part, Text
from domain.kinds import Kind
from domain.sale import Sale, State
from domain.truth import meaning
from domain.words import Words


def outcome_of(sale: Sale, say: Words) -> list[Part]:
    """Everything between the amount and the foot."""
    if sale.kind is Kind.PREAUTH_VOID:
        return [*receipts_holds.release(sale, say), *original_of(sale, say), Blank()]
    match sale.state:
        case State.APPROVED | State.DELIVERED:
            parts = _given(sale, say)
        case State.QUEUED:
            parts = _recorded(sale, say)
        case State.DECLINED | State.REJECTED:
            parts = _refused(sale, say)
        case State.REVERSAL_PENDING:
            parts = _pending(say)
        case State.REVERSED:
            parts = _undone(say)
        case _:
            parts = _unresolved(say)
    return [*parts, *original_of(sale, say), Blank()]


def original_of(sale: Sale, say: Words) -> list[Part]:
    """The payment that it refers to, as its own slip names it."""
    if sale.facts is None:
        return []
    return [Pair(say.say("ORIGINAL TRACE"), f"{sale.facts.stan:06}")]


def _given(sale: Sale, say: Words) -> list[Part]:
    parts: list[Part] = [_line(say.say("PIN VERIFIED ONLINE"))] if sale.pin_entered else []
    if sale.kind is Kind.REFUND:
        parts += _where_to(sale, say)
    return parts


def _where_to(sale: Sale, say: Words) -> list[Part]:
    """Which card gets the money, and when."""
    if not sale.to_other_card:
        return [_line(say.say("It goes back to the same card, usually in 1 to 7 days."))]
    return [
        _line(say.say("TO ANOTHER CARD THAN THE ONE THAT PAID"), bold=True),
        _line(say.say("It goes to the card above, usually in 1 to 7 days.")),
        Pair(say.say("REASON"), sale.given_reason),
    ]


def _recorded(sale: Sale, say: Words) -> list[Part]:
    return [
        Blank(),
        _line(say.say("** REFUND RECORDED **"), bold=True),
        _line(say.say("The bank is told of it until it has confirmed.")),
        *_where_to(sale, say),
    ]


def _refused(sale: Sale, say: Words) -> list[Part]:
    code = sale.answer.code if sale.answer is not None else ""
    title = say.say(meaning(sale).title).upper()
    return [
        Blank(),
        _line(say.say("** DECLINED {code} {why} **", code=code, why=title), bold=True),
        _line(say.say("NOTHING HAS BEEN GIVEN BACK"), bold=True),
    ]


def _pending(say: Words) -> list[Part]:
    return [
        Blank(),
        _line(say.say("** CANCELLATION NOT CONFIRMED YET **"), bold=True),
        _line(say.say("NOT CERTAIN YET WHETHER IT WAS GIVEN BACK"), bold=True),
        _line(say.say("The bank is asked until it confirms that the payment stands.")),
    ]


def _undone(say: Words) -> list[Part]:
    return [
        Blank(),
        _line(say.say("** NOT GIVEN BACK **"), bold=True),
        _line(say.say("THE PAYMENT STANDS AS IT WAS"), bold=True),
        _line(say.say("The bank has confirmed it.")),
    ]


def _unresolved(say: Words) -> list[Part]:
    return [
        Blank(),
        _line(say.say("** RESULT NOT KNOWN **"), bold=True),
        _line(say.say("DO NOT GIVE BACK AGAIN"), bold=True),
        _line(say.say("The shop asks the bank with the trace number above.")),
    ]


def _line(text: str, *, bold: bool = False) -> Text:
    return Text(text, Align.CENTRE, bold, double=False)
