"""What the slips of a hold, of its release and of a charge that is only told say of their outcome."""

from __future__ import annotations

from domain.document import Align, Blank, Part, Text
from domain.sale import Sale, State
from domain.truth import meaning
from domain.words import Words


def held(say: Words) -> list[Part]:
    """An amount is held; nobody may take the slip for one of a payment."""
    return [
        Blank(),
        _line(say.say("** HELD, NOT CHARGED **"), bold=True),
        _line(say.say("The amount above is held on the card until it is charged or released.")),
        Blank(),
    ]


def agreement(say: Words) -> str:
    """What the customer signs."""
    return say.say("I agree that the amount above is held on my card.")


def release(sale: Sale, say: Words) -> list[Part]:
    """What became of the release of a hold."""
    match sale.state:
        case State.APPROVED:
            pin = [_line(say.say("PIN VERIFIED ONLINE"))] if sale.pin_entered else []
            released = say.say("** HOLD RELEASED **")
            return [*pin, *_said(released, say.say("NOTHING WAS CHARGED"))]
        case State.DECLINED:
            return _said(_refused(sale, say), say.say("THE AMOUNT STAYS HELD"))
        case State.REVERSAL_PENDING:
            return _said(
                say.say("** CANCELLATION NOT CONFIRMED YET **"),
                say.say("NOT CERTAIN YET WHETHER IT IS RELEASED"),
                say.say("The bank is asked until it confirms that the hold stands."),
            )
        case State.REVERSED:
            return _said(
                say.say("** NOT RELEASED **"),
                say.say("THE AMOUNT STAYS HELD"),
                say.say("The bank has confirmed it."),
            )
    return _said(
        say.say("** RESULT NOT KNOWN **"),
        say.say("DO NOT RELEASE AGAIN"),
        say.say("The shop asks the bank with the trace number above."),
    )


def told_charge(sale: Sale, say: Words) -> list[Part]:
    """What became of a completion that the bank is told of."""
    match sale.state:
        case State.QUEUED:
            parts = _said(
                say.say("** CHARGE RECORDED **"),
                "",
                say.say("The bank is told of it until it has confirmed."),
            )
        case State.REJECTED:
            parts = _said(_refused(sale, say), say.say("YOU HAVE NOT BEEN CHARGED"))
        case _:
            parts = _said(say.say("** CHARGE CONFIRMED **"))
    return [*parts, Blank()]


def _said(title: str, line: str = "", small: str = "") -> list[Part]:
    return [
        Blank(),
        _line(title, bold=True),
        *([_line(line, bold=True)] if line else []),
        *([_line(small)] if small else []),
    ]


def _refused(sale: Sale, say: Words) -> str:
    code = sale.answer.code if sale.answer is not None else ""
    title = say.say(meaning(sale).title).upper()
    return say.say("** DECLINED {code} {why} **", code=code, why=title)


def _line(text: str, *, bold: bool = False) -> Text:
    return Text(text, Align.CENTRE, bold, double=False)
