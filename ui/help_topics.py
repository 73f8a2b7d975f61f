"""Which code the window shows just now, and so which page of the help F1 opens."""

from __future__ import annotations

from typing import NamedTuple

from checkout.notices import (
    FaultTold,
    PaymentShown,
    RecoveryTold,
    RefusalTold,
    SettledTold,
    StripShown,
)
from domain.faults import CATALOGUE
from domain.sale import Sale, State
from domain.settings import Settings
from domain.tray import doubt_of
from domain.truth import money_moved
from ui.help_wish import NO_TOPIC, Told, Topic
from ui.payment_words import (
    MoneyWords,
    customer_words,
    declined_steps,
    fault_steps,
    manual_steps,
    moved_words,
)
from ui.tongue import say

READER_FAULTS = {"absent": "R-01", "unknown": "R-01"}
PRINTER_FAULTS = {"absent": "L-02", "unknown": "L-03", "paper out": "L-01", "cover open": "L-04"}
"""What stands behind a chip of the strip that is not well."""


class PaymentHelp(NamedTuple):
    """What the help says of one payment, in the language of the screen; no steps: the code's own."""

    money: MoneyWords
    steps: tuple[str, ...]
    customer: str


def topic_of_payment(notice: PaymentShown) -> Topic:
    """Of the payment on the screen: its code, or the fault of a slip that did not come out."""
    topic = topic_of_sale(notice.sale)
    slip_fault = next((slip.fault for slip in notice.slips if slip.fault in CATALOGUE), "")
    return Topic(slip_fault, sale=notice.sale) if slip_fault and not topic.code else topic


def topic_of_sale(sale: Sale) -> Topic:
    """Of a payment, wherever it is shown."""
    code, of_bank = _code_of(sale)
    code_set = sale.answer.code_set if of_bank and sale.answer is not None else ""
    return Topic(code, of_bank, code_set, sale) if code else NO_TOPIC


def payment_help(topic: Topic, settings: Settings) -> PaymentHelp | None:
    """What is said of the payment of a topic, if there is one."""
    sale = topic.sale
    if sale is None:
        return None
    doubt = doubt_of(sale)
    steps: tuple[str, ...] = ()
    if sale.state is State.MANUAL:
        steps = manual_steps(sale, settings.acquirer.name)
    elif doubt is not None:
        steps = (say(doubt.next),)
    elif topic.of_bank:
        steps = declined_steps(sale)
    elif sale.state is State.NOT_SENT:
        steps = fault_steps(sale, settings.pin_seconds)
    return PaymentHelp(moved_words(money_moved(sale), sale), steps, customer_words(sale))


def topic_told(told: Told | None) -> Topic:
    """Of the sentence that lies over the screen."""
    match told:
        case FaultTold(fault=code) | RefusalTold(fault=code):
            return Topic(code)
        case RecoveryTold(reversing=[_, *_]):
            return Topic("N-10")
        case SettledTold(sale=sale):
            return topic_of_sale(sale)
    return NO_TOPIC


def topic_of_strip(strip: StripShown) -> Topic:
    """Of what is not well on the strip, the bank first."""
    reader = READER_FAULTS.get(strip.reader, "")
    printer = PRINTER_FAULTS.get(strip.printer, "")
    return Topic(strip.bank_fault or reader or printer)


def _code_of(sale: Sale) -> tuple[str, bool]:
    """The code that its screen shows, and whether it is the bank's."""
    answer = sale.answer.code if sale.answer is not None else ""
    if sale.state in {State.DECLINED, State.REJECTED}:
        return answer, bool(answer)
    if sale.fault in CATALOGUE:
        return sale.fault, False
    if sale.state is State.MANUAL:
        return answer, bool(answer)
    return "", False
