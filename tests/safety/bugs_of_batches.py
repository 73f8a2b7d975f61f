"""Bugs that a held amount, an enquiry or the settlement of a day brings to light."""

from __future__ import annotations

from functools import partial

from domain import batch as day
from domain.batch import BatchErrand, BatchState, BatchStepRow
from domain.operators import Permission
from domain.sale import State
from tests.safety.planting import Bug, batch_row, patched, replaced

Hold = partial(Bug, wishes=0.7)
Settled = partial(Bug, wishes=0.4)
UNCERTAIN = ("settle", "line_dead", "answer lost", "request lost")

BUGS = (
    Hold(
        "a completion leaves the hold open",
        (
            patched(
                "checkout.payment:Payments._changed_with",
                ("if event is None or original is None:", "if sale.row.completes or not original:"),
            ),
        ),
        often=("hold",),
    ),
    Hold(
        "a hold is charged for more than the bank allows",
        (
            patched(
                "domain.holds:completable",
                ("profile.completion_percent // 100", "profile.completion_percent // 50"),
            ),
        ),
        often=("hold",),
    ),
    Hold(
        "a hold is charged while its first completion is in doubt",
        (
            patched(
                "domain.holds:_why_not",
                ("if any(move.state in OPEN for move in moves):", "if moves is None:"),
            ),
        ),
        often=("hold", "line_dead", "answer lost", "request lost"),
    ),
    Hold(
        "a hold counts as takings",
        (
            patched(
                "domain.give_back:is_charge",
                ("sale.kind in CHARGED_KINDS and", "sale.kind is not Kind.REFUND and"),
            ),
        ),
        often=("hold",),
    ),
    Hold(
        "an enquiry without an answer is reversed",
        (replaced("domain.sale:ENQUIRY_ROWS", {}),),
        often=("balance", "line_dead", "answer lost", "request lost"),
    ),
    Settled(
        "payments go on while the day is being settled",
        (
            patched(
                "checkout.settlement:Settlement.refuse",
                ("if self.batch is not None and not self.batch.sells_on:", "if sale is None:"),
            ),
        ),
        often=UNCERTAIN,
    ),
    Settled(
        "what is sold on goes into the batch that is being settled",
        (
            patched(
                "checkout.settlement:Settlement.open_batch",
                (
                    "return self.number + 1 if self.batch is not None else self.number",
                    "return self.number",
                ),
            ),
        ),
        often=UNCERTAIN,
    ),
    Settled(
        "the day is settled over what is in doubt",
        (
            patched(
                "checkout.settlement:Settlement.in_the_way",
                ("if sale.state in OPEN and", "if sale.state is State.MANUAL and"),
            ),
        ),
        often=UNCERTAIN,
    ),
    Settled(
        "the day is settled over what a failing disk kept",
        (replaced("checkout.settlement:take_up_forgotten", lambda _till: None),),
        often=("settle", "commit_fails"),
    ),
    Settled(
        "a void counts for nothing in the bank's totals",
        (replaced("domain.batch:CREDIT_KINDS", frozenset({"refund"})),),
        often=("settle",),
    ),
    Settled(
        "what was voided is left out of the bank's totals",
        (replaced("domain.batch:STANDING", day.STANDING - {State.VOIDED}),),
        often=("settle",),
    ),
    Settled(
        "a batch is closed without its rows",
        (
            patched(
                "checkout.settlement:Settlement._with_rows",
                ("if not self._till.parts.link.is_uploaded(answered.verdict):", "if answered:"),
            ),
        ),
        often=("settle",),
    ),
    Settled(
        "the bank's words on the rows are forgotten",
        (
            patched(
                "domain.batch:_noted",
                ("words=(*batch.words, *words)", "words=batch.words"),
            ),
        ),
        often=("settle",),
    ),
    Settled(
        "the rows that only the bank has are not named",
        (
            patched(
                "domain.batch:_noted",
                (
                    "replace(heard, bank_only=bank_only, closed_at=at)",
                    "replace(heard, closed_at=at)",
                ),
            ),
        ),
        often=("settle",),
    ),
    Settled(
        "a row is sent again after each silence",
        (
            patched(
                "domain.batch:_noted",
                (
                    "return replace(batch, silences=batch.silences + 1, fault=fault)",
                    "return replace(batch, silences=batch.silences + 1, fault=fault, sent=0)",
                ),
            ),
        ),
        often=UNCERTAIN,
    ),
    Settled(
        "silence counts as the end of the batch",
        (
            batch_row(
                BatchState.UPLOADING,
                day.Silent,
                BatchStepRow(BatchState.CLOSED, (BatchErrand.PRINT,)),
            ),
        ),
        often=UNCERTAIN,
    ),
    Settled(
        "the batch is counted up twice",
        (
            patched(
                "db.batches:write",
                ('count("batch", batch.number + 1)', 'count("batch", batch.number + 2)'),
            ),
        ),
        often=("settle",),
    ),
    Settled(
        "the batch is never counted up",
        (patched("db.batches:write", ('count("batch", batch.number + 1)', "pass")),),
        often=("settle",),
    ),
    Settled(
        "what was sealed outlives the batch",
        (patched("db.batches:write", ("WHERE batch <= ?", "WHERE batch < ?")),),
        often=("settle",),
    ),
    Settled(
        "the start forgets that a day was being settled",
        (
            patched(
                "checkout.settlement:Settlement.recover",
                ("self._happen(TakenUp())", "self.batch = None"),
            ),
        ),
        often=("settle", "power", "line_dead"),
    ),
    Settled(
        "a step of the settlement takes the trace number of a payment",
        (
            patched(
                "checkout.settlement:Settlement._happen",
                ("takes = stan if step.takes_stan else 0", "takes = 0"),
            ),
        ),
        often=("settle",),
    ),
    Settled(
        "a closed day owes no slip",
        (
            patched(
                "checkout.settlement:Settlement._happen",
                ("if BatchErrand.PRINT in step.errands:", "if not step.errands:"),
            ),
        ),
        often=("settle",),
    ),
    Settled(
        "a cashier may settle the day",
        (replaced("checkout.commands:Settle.needs", Permission.SELL),),
        often=("settle",),
    ),
)
