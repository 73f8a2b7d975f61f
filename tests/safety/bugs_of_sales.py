"""Bugs of the engine, the journal and the printing that a sale brings to light."""

from __future__ import annotations

from domain import sale as rules
from domain.sale import Errand, Row, State
from tests.safety.planting import Bug, patched, replaced, row

WIPE_PRINT = (Errand.WIPE, Errand.PRINT)
REVERSING = (Errand.WIPE, Errand.PRINT, Errand.REVERSE)
REMEMBER = "        self._remember(sale, step, arm, event)\n"

BUGS = (
    Bug(
        "the sale is asked for before it is on disk",
        (
            patched(
                "checkout.payment:Payments.happen",
                (REMEMBER, "        pass\n"),
                (
                    "    self._settle_in(step, event)\n",
                    "    self._settle_in(step, event)\n    self._remember(sale, step, arm, event)\n",
                ),
            ),
        ),
    ),
    Bug(
        "the outcome is shown before it is on disk",
        (
            patched(
                "checkout.payment:Payments.happen",
                (
                    REMEMBER.lstrip(),
                    (
                        "self.sales[number] = step.sale;"
                        " self._till.desk.changed(step.sale, event);"
                        " self._remember(sale, step, arm, event)\n"
                    ),
                ),
            ),
        ),
    ),
    Bug(
        "a sale is armed without the reversal that could undo it",
        (patched("checkout.payment:Payments._remember", ("arm=arm,", "arm=None,")),),
    ),
    Bug(
        "a reversal is given up after three tries",
        (
            patched(
                "checkout.bank:Bank.reverse_now",
                (
                    "    till = self._till\n",
                    (
                        "    till = self._till\n"
                        "    if till.payments.sales[number].reversal_tries >= 3:\n        return\n"
                    ),
                ),
            ),
        ),
        often=("line_dead", "line_cut", "answer lost"),
    ),
    Bug(
        "the reversal of another sale is sent",
        (patched("db.in_doubt:sealed", ("WHERE sale = ?", "WHERE sale <> ? OR 1")),),
    ),
    Bug(
        "the trace number is not counted in the commit that uses it",
        (patched("db.journal:Journal._write", ('self._count("stan", sale.stan or 0)', "pass")),),
    ),
    Bug(
        "a payment takes the trace number of one that is in doubt",
        (
            patched(
                "db.journal:Journal.peek_stan",
                (
                    "return self.counter",
                    "return next((s.stan for s in self.open_sales() if s.stan), 0) or self.counter",
                ),
            ),
        ),
    ),
    Bug(
        "a late approval revives a sale that is being reversed",
        (
            row(
                State.REVERSAL_PENDING,
                rules.Approved,
                Row(State.APPROVED, WIPE_PRINT),
            ),
        ),
        often=("late_word", "answer lost"),
    ),
    Bug(
        "silence counts as a decline",
        (row(State.WAITING, rules.Unanswered, Row(State.DECLINED, WIPE_PRINT)),),
    ),
    Bug(
        "silence counts as never sent",
        (row(State.WAITING, rules.Unanswered, Row(State.NOT_SENT, (Errand.WIPE,))),),
    ),
    Bug(
        "silence counts as approved",
        (row(State.WAITING, rules.Unanswered, Row(State.APPROVED, WIPE_PRINT)),),
    ),
    Bug(
        "a sale that the bank holds under this number already is reversed",
        (row(State.WAITING, rules.SentTwice, Row(State.REVERSAL_PENDING, REVERSING)),),
    ),
    Bug(
        "the start forgets what was armed",
        (
            patched(
                "checkout.recovery:_taken_up",
                (
                    "if sale.state is State.MANUAL:",
                    "if sale.state in {State.MANUAL, State.ARMED}:",
                ),
            ),
        ),
        often=("power",),
    ),
    Bug(
        "the start calls what was armed reversed, and asks nobody",
        (row(State.ARMED, rules.PowerReturned, Row(State.REVERSED, (Errand.PRINT,))),),
        often=("power",),
    ),
    Bug(
        "the start calls what was armed approved",
        (row(State.ARMED, rules.PowerReturned, Row(State.APPROVED, (Errand.PRINT,))),),
        often=("power",),
    ),
    Bug(
        "a bank in trouble counts as a reversal accepted",
        (
            patched(
                "domain.sale:judge_reversal",
                ("if answer.code in accepted:", "if answer.code in accepted | temporary:"),
            ),
        ),
        often=("code 91", "code 96", "answer lost"),
    ),
    Bug(
        "a reversal that was refused once too often counts as done",
        (row(State.REVERSAL_PENDING, rules.ReversalGivenUp, Row(State.REVERSED, (Errand.PRINT,))),),
        often=("reversals_refused", "answer lost"),
    ),
    Bug(
        "a reversal is repeated without a pause",
        (replaced("checkout.bank:REVERSAL_WAITS", (0.0, 0.0)),),
        often=("line_dead", "line_cut", "answer lost"),
    ),
    Bug(
        "putting a payment aside forgets it, though it is in doubt",
        (patched("checkout.desk:Desk._put_aside", ("sale.state not in OPEN", "sale.state")),),
    ),
    Bug(
        "a second payment may begin while the first is with the bank",
        (patched("checkout.desk:Desk.begin", ("in DRAFTS | OPEN", "in DRAFTS")),),
    ),
    Bug(
        "a cancel is obeyed after the bank has been asked",
        (
            row(State.WAITING, rules.Cancelled, Row(State.ABANDONED, (Errand.WIPE,))),
            patched(
                "checkout.desk:Desk.cancel", ("_happen_in(DRAFTS,", "_happen_in(DRAFTS | OPEN,")
            ),
        ),
    ),
    Bug(
        "the request is asked for twice",
        (
            patched(
                "checkout.bank:Bank.ask",
                (
                    "\n    till.hands.acquirer.do(\n",
                    (
                        "\n    till.hands.acquirer.do(partial(errands.ask, till.parts.link,"
                        " self.caller(), request, sent, till.put))\n    till.hands.acquirer.do(\n"
                    ),
                ),
            ),
        ),
    ),
    Bug(
        "what was sealed stays on disk when the sale is settled",
        (patched("db.in_doubt:destroy", ("WHERE sale = ?", "WHERE sale = -?")),),
    ),
    Bug(
        "what was sealed is destroyed while the sale is in doubt",
        (
            patched(
                "checkout.payment:Payments._remember",
                ("settled=sale.state in FINAL and", "settled=sale.state is not State.ARMED and"),
            ),
        ),
    ),
    Bug(
        "an approval counts twice in the day's total",
        (patched("db.journal:Journal._write_sale", ("count, minor)", "count, minor * 2)")),),
    ),
    Bug(
        "a lost commit is taken for a good one",
        (
            patched(
                "db.journal:Journal.remember",
                ('raise StoreFault("J-01", str(error)) from None', "return"),
            ),
        ),
        often=("commit_fails",),
    ),
    Bug(
        "a commit that failed is taken for lost without a look",
        (
            patched(
                "db.journal:Journal.remember",
                ("if (self._number, self._chain) == (number, chain):", "if not self._db:"),
            ),
        ),
        often=("commit_fails",),
    ),
    Bug(
        "an outcome that no disk took is shown all the same",
        (
            patched(
                "checkout.mishaps:step_without_disk",
                ("if isinstance(event, OUTCOMES):", "if isinstance(event, ()):"),
            ),
        ),
        often=("commit_fails",),
    ),
    Bug(
        "a chain value does not carry the one before",
        (patched("db.journal:Journal._link", ("chain + text.encode()", "text.encode()")),),
    ),
    Bug(
        "a number is left out in the journal",
        (
            patched(
                "db.journal:Journal.remember", ("        number += 1\n", "        number += 2\n")
            ),
        ),
    ),
    Bug(
        "a slip that may have come out is printed again without the mark",
        (
            patched(
                "checkout.printing:SlipQueue.push",
                ("if slip.number in self._left_printing or slip.copies:", "if slip.copies:"),
            ),
        ),
        often=("power",),
    ),
    Bug(
        "a slip that nobody confirmed is printed once more",
        (
            patched(
                "checkout.printing:SlipQueue.done",
                ("if report.fault == UNCONFIRMED:", "if not report:"),
            ),
        ),
        often=("printer_out",),
    ),
    Bug(
        "a slip counts as out though the printer had no paper",
        (
            patched(
                "checkout.printing:SlipQueue.done",
                ("state = SlipState.OWED if report.fault else", "state ="),
            ),
        ),
    ),
    Bug(
        "a slip is printed before that is on disk",
        (
            patched(
                "checkout.printing:SlipQueue._taken_up",
                ("        self._note(slip.number, SlipState.PRINTING)\n", ""),
            ),
        ),
    ),
    Bug(
        "an approval owes no slip",
        (
            patched(
                "checkout.payment:Payments._remember",
                ("if Errand.PRINT in step.errands:", "if sale.state is State.REVERSED:"),
            ),
        ),
    ),
    Bug(
        "the card is not wiped after the answer",
        (patched("checkout.customer:Customer.forget", ("self.card.wipe()", "pass")),),
    ),
    Bug(
        "a swipe that nobody asked for is not wiped",
        (patched("checkout.desk:discard", ("stripe[index] = 0", "pass")),),
    ),
    Bug(
        "the whole card number is remembered",
        (patched("domain.card:Pan.masked", ("self._remembered", "self._bytes.decode()")),),
    ),
    Bug(
        "anybody may begin a sale",
        (replaced("checkout.commands:StartSale.needs", None),),
    ),
)
