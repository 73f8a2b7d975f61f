"""Bugs that a void, a refund or a payment which people must settle brings to light."""

from __future__ import annotations

from functools import partial

from domain import sale as rules
from domain.operators import Permission
from domain.sale import Errand, Row, State
from tests.safety.planting import Bug, patched, replaced, row

Back = partial(Bug, wishes=0.6)
PRINT = (Errand.PRINT,)

BUGS = (
    Back(
        "a void leaves the sale that it undoes as it was",
        (
            patched(
                "checkout.payment:Payments._changed_with",
                ("if event is None or original is None:", "if event is None or original:"),
            ),
        ),
        often=("void",),
    ),
    Back(
        "a refund that stands already is not counted",
        (
            patched(
                "domain.give_back:refunded",
                ("if move.kind is Kind.REFUND and", "if move.kind is Kind.VOID and"),
            ),
        ),
        often=("refund",),
    ),
    Back(
        "a refund counts once the bank has it, not from its recording on",
        (replaced("domain.give_back:GIVEN", frozenset({State.DELIVERED})),),
        often=("refund", "line_dead", "answer lost", "request lost"),
    ),
    Back(
        "what was refunded in part is voided whole",
        (
            patched(
                "domain.give_back:way_back",
                (" and amount == original.amount and not refused", " and not refused"),
            ),
        ),
        often=("refund",),
    ),
    Back(
        "money goes back to whatever card is held out",
        (
            patched(
                "domain.give_back:why_not_this_card",
                ('return "" if fingerprint == sale.fingerprint else other', 'return ""'),
            ),
        ),
    ),
    Back(
        "a void names another payment than the one that it undoes",
        (
            patched(
                "domain.give_back:facts_of",
                ("stan=original.stan or 0", "stan=original.number"),
            ),
        ),
    ),
    Back(
        "a second way back begins while the first is in doubt",
        (
            patched(
                "domain.give_back:_why_none",
                (
                    "if any(move.state in OPEN - {State.QUEUED} for move in moves):",
                    "if moves is None:",
                ),
            ),
        ),
        often=("void", "answer lost", "request lost", "line_dead"),
    ),
    Back(
        "silence on an advice counts as delivered",
        (row(State.QUEUED, rules.AdviceUnanswered, Row(State.DELIVERED, PRINT)),),
        often=("refund",),
    ),
    Back(
        "an advice that was refused counts as delivered",
        (row(State.QUEUED, rules.AdviceRejected, Row(State.DELIVERED, PRINT)),),
        often=("refund",),
    ),
    Back(
        "an advice that the bank knows already counts as refused",
        (
            patched(
                "domain.sale:judge_advice",
                ("answer.code in known", 'answer.code in known - {"94"}'),
            ),
        ),
        often=("refund", "sent twice", "answer lost"),
    ),
    Back(
        "a bank in trouble has refused the advice",
        (
            patched(
                "domain.sale:judge_advice", ("if answer.code in temporary:", "if not temporary:")
            ),
        ),
        often=("refund", "code 91", "code 96"),
    ),
    Back(
        "the newest advice is told first",
        (patched("checkout.advices:Advices._oldest", ("return min(", "return max(")),),
        often=("refund", "line_dead", "line_cut"),
    ),
    Back(
        "the start forgets what the bank must be told",
        (
            patched(
                "checkout.recovery:_taken_up",
                (
                    "    step = advance(",
                    "    if sale.state is State.QUEUED:\n        return sale\n    step = advance(",
                ),
            ),
        ),
        often=("refund", "power", "line_dead", "line_cut"),
    ),
    Back(
        "an advice is repeated without a pause",
        (
            patched(
                "checkout.advices:Advices.tell_in_turn",
                ("seconds = self._till.bank.pause(sale.tells)", "seconds = 0.0"),
            ),
        ),
        often=("refund", "line_dead", "line_cut"),
    ),
    Back(
        "an advice is told before it is on disk",
        (
            patched(
                "checkout.payment:Payments._armed",
                (
                    "return replace(step, sale=sale), parts.link.record(request)",
                    (
                        "sealed = parts.link.record(request);"
                        " parts.link.tell(sealed, sale.number);"
                        " return replace(step, sale=sale), sealed"
                    ),
                ),
            ),
        ),
        often=("refund",),
    ),
    Back(
        "what is sealed of an advice is lost at its recording",
        (
            patched(
                "checkout.payment:Payments._remember",
                ("arm=arm,", "arm=arm if before.stan else None,"),
            ),
        ),
        often=("refund",),
    ),
    Back(
        "a cashier may give money back",
        (replaced("checkout.commands:GiveBack.needs", Permission.SELL),),
    ),
    Back(
        "anybody may settle what is in doubt",
        (replaced("checkout.commands:Resolve.needs", Permission.SELL),),
        often=("tray", "sent twice", "reversals_refused"),
    ),
    Back(
        "what the bank says by telephone is noted the wrong way round",
        (
            patched(
                "checkout.tray:Tray.resolve",
                ("found = FoundCharged if charged", "found = FoundCharged if not charged"),
            ),
        ),
        often=("tray", "sent twice", "reversals_refused"),
    ),
    Back(
        "what people settle names nobody",
        (
            patched(
                "checkout.payment:Payments._resolution",
                ("if not isinstance(event, FoundCharged | FoundNotCharged):", "if event:"),
            ),
        ),
        often=("tray", "sent twice", "reversals_refused"),
    ),
    Back(
        "a day's total keeps what was given back",
        (patched("domain.totals:booked", ("return 0, -sale.amount.minor", "return 0, 0")),),
        often=("refund",),
    ),
    Back(
        "a void counts on the day on which it is made",
        (
            patched(
                "db.journal:Journal._write_sale",
                ("_day(sale.finished_at or at)", "_day(at)"),
            ),
        ),
        often=("void", "clock_jumps"),
    ),
)
