"""Which words the end of the day calls for: everything is chosen and said here, nothing drawn."""

from __future__ import annotations

from datetime import datetime

from checkout.notices import DayShown, InTheWay
from domain.batch import CLOSING_STATES, BatchState, BatchTotals, Stage, Verdict, fills
from domain.faults import CATALOGUE
from domain.match import Difference, Differing
from domain.money import Money, zero
from domain.words import N_
from ui.matters import Matter
from ui.settling_card import (
    BALANCED,
    DIFFERENT,
    HELD_UP,
    READY,
    RUNNING,
    Mark,
    Progress,
    Step,
)
from ui.sums import Sum
from ui.tongue import TONGUE, say

NOT_TWICE = N_("If the link drops, it continues where it stopped. Nothing is sent twice.")
_STEPS = {
    Stage.FINISHING: ("reversing", N_("Finish what is in doubt")),
    Stage.COMPARING: ("bank", N_("Compare with the bank")),
    Stage.UPLOADING: ("upload", N_("Send batch {n} to the bank")),
    Stage.ENDING: ("flag", N_("Close the batch at the bank")),
    Stage.CLOSED: ("printer", N_("Print the settlement slip")),
}
_TITLES = {
    Stage.FINISHING: N_("Finishing"),
    Stage.COMPARING: N_("Comparing"),
    Stage.UPLOADING: N_("Uploading"),
    Stage.ENDING: N_("Closing the batch"),
}
MOST_DIFFERENCES = 40
"""So many are drawn; whoever has more has the slip in hand."""
_OF_THE_BANK = {Differing.NOT_AT_BANK, Differing.AMOUNT, Differing.ONLY_AT_BANK}
_NEED_NOBODY = {Differing.NOT_AT_BANK, Differing.NOT_AT_OFFICE}


def heading(shown: DayShown) -> str:
    """The line under the title: which day, which batch, since when."""
    opened = shown.opened_at.astimezone()
    return say(
        "{day}, batch {n}, open since {time}",
        day=TONGUE.day(opened),
        n=f"{shown.batch:06d}",
        time=f"{opened:%H:%M}",
    )


def sums(shown: DayShown) -> list[Sum]:
    """What the day brought, scheme by scheme, and what went back."""
    nothing = zero(shown.net.currency)
    charged = sum((line.amount for line in shown.schemes), nothing)
    count = sum(line.count for line in shown.schemes)
    refunds = shown.refunds
    return [
        Sum(say("Card"), str(count), str(charged)),
        *(
            Sum(say(line.scheme) or say("Card"), str(line.count), str(line.amount), inside=True)
            for line in shown.schemes
        ),
        Sum(say("Refunds and voids"), str(refunds.count), str(_minus(refunds.amount))),
    ]


def net_of(shown: DayShown) -> Sum:
    """What is left of it."""
    return Sum(say("Net sales"), "", str(shown.net))


def till_and_bank(shown: DayShown) -> list[Sum]:
    """Both counts of the cards, and the difference where there is one to tell."""
    till, bank = shown.till, shown.bank
    rows = [Sum(say("This till"), str(_count(till)), str(till.net))]
    if bank is None:
        differs = shown.verdict in {Verdict.NOT_BALANCED, Verdict.ERROR}
        rows.append(Sum(say("Bank"), "", say("another total") if differs else "–"))
        return rows
    rows.append(Sum(say("Bank"), str(_count(bank)), str(bank.net)))
    if till == bank:
        rows.append(Sum(say("Difference"), "0", str(till.net - bank.net), token="ok"))
    else:
        count = abs(_count(till) - _count(bank))
        rows.append(Sum(say("Difference"), str(count), str(_gap(shown)), token="warn"))
    return rows


def comparison(shown: DayShown) -> tuple[str, str, str]:
    """Sign, colour and sentence under the two counts."""
    if shown.verdict is Verdict.BALANCED:
        return "approved", "ok", say("The bank says: the totals match.")
    if shown.verdict is Verdict.NOT_BALANCED:
        return "warn", "warn", say("The bank says: the totals differ.")
    if shown.verdict is Verdict.ERROR:
        return "warn", "warn", say("The bank could not compare the totals.")
    if shown.step is Stage.FINISHING:
        return "running", "ink2", say("The bank compares when nothing is in doubt any more.")
    if shown.state in CLOSING_STATES:
        return "running", "ink2", say("The bank is being asked.")
    return "info", "ink2", say("The bank is asked for its totals when the day is settled.")


def in_the_way(shown: DayShown, owed: int, *, may_settle: bool) -> list[Matter]:
    """What stands before the settlement, the most pressing first; behind it, what comes next."""
    matters = [_obstacle(item) for item in shown.in_the_way]
    if shown.state is BatchState.CLOSED:
        cure = say("They stand in batch {n}.", n=f"{shown.batch + 1:06d}")
        matters.append(Matter("checkout", "ink2", say("Payments are taken again."), cure))
    elif not may_settle:
        matters.append(
            Matter(
                "user-check",
                "ink2",
                say("A supervisor or a manager settles the day."),
                say("One of them approves it here with a PIN, and you stay signed in."),
            )
        )
    if shown.state is BatchState.OPEN and not (shown.rows or shown.in_the_way):
        cure = say("No payment stands in this batch yet.")
        matters.append(Matter("info", "ink2", say("There is nothing to settle."), cure))
    full = fills(shown.rows, shown.rows_allowed)
    if full and shown.state is BatchState.OPEN:
        fault = CATALOGUE[full]
        count = say("{n} of {m}", n=shown.rows, m=shown.rows_allowed)
        matters.append(Matter("warn", "warn", say(fault.title), say(fault.remedy), count))
    if owed:
        words = say("1 slip owed") if owed == 1 else say("{n} slips owed", n=owed)
        cure = say("It comes out once the printer is ready. The settlement does not wait for it.")
        matters.append(Matter("printer", "ink2", words, cure))
    return matters or [_nothing_in_the_way(shown)]


def before_or_after(shown: DayShown) -> str:
    """The title of what stands before the settlement, or of what comes behind it."""
    if shown.state is BatchState.CLOSED:
        return say("What comes next")
    return say("Before the day is settled")


def fault_of(shown: DayShown) -> str:
    """The code in the catalogue that explains the day as it stands, or empty."""
    if shown.fault and shown.state is not BatchState.CLOSED:
        return shown.fault
    if any(item.by_people for item in shown.in_the_way):
        return "B-04"
    if _differences_in_view(shown):
        return "B-05"
    return fills(shown.rows, shown.rows_allowed) if shown.state is BatchState.OPEN else ""


def _obstacle(item: InTheWay) -> Matter:
    icon, token = ("warn", "warn") if item.by_people else ("reversing", "ink2")
    return Matter(icon, token, say("Payment {n}", n=f"{item.sale:04d}"), say(item.text))


def _nothing_in_the_way(shown: DayShown) -> Matter:
    if shown.state in CLOSING_STATES:
        return Matter("approved", "ok", say("Nothing is in doubt any more."))
    return Matter("approved", "ok", say("Nothing is in the way."))


def differences(shown: DayShown) -> list[Matter]:
    """Every difference with its cure; of the last batch while this one is open."""
    found = _differences_in_view(shown)
    if found:
        rows = [_difference(difference) for difference in found[:MOST_DIFFERENCES]]
        if more := len(found) - len(rows):
            rows.append(Matter("more", "ink2", say("{n} more are on the settlement slip.", n=more)))
        return rows
    if shown.state is BatchState.CLOSED:
        return [Matter("approved", "ok", say("Till and bank have the same."))]
    if shown.state is BatchState.OPEN and shown.last is not None:
        return [Matter("approved", "ok", say("Till and bank had the same."), _at_the_end())]
    if shown.verdict is Verdict.NOT_BALANCED:
        words, cure = say("The totals differ."), say("The upload shows which payments do.")
        return [Matter("running", "ink2", words, cure)]
    return [Matter("info", "ink2", say("Nothing has been compared yet."), _at_the_end())]


def of_which_batch(shown: DayShown) -> str:
    """Beside the title of the differences: how many, or from which batch they are."""
    last = shown.last
    if shown.state is BatchState.OPEN and last is not None:
        return say("batch {n}, {time}", n=f"{last.number:06d}", time=_moment(last.closed_at))
    return str(len(shown.differences)) if shown.differences else ""


def _differences_in_view(shown: DayShown) -> tuple[Difference, ...]:
    if shown.state is BatchState.OPEN and shown.last is not None:
        return shown.last.differences
    return shown.differences


def _difference(found: Difference) -> Matter:
    icon, token = ("info", "ink2") if found.kind in _NEED_NOBODY else ("warn", "warn")
    return Matter(icon, token, say(found.text, **found.parts), say(found.cure))


def _at_the_end() -> str:
    return say("Till and bank are compared, payment by payment, when the day is settled.")


def progress(shown: DayShown) -> Progress:
    """The card of the settlement as it stands."""
    if shown.state is BatchState.CLOSED:
        return _settled(shown)
    if shown.state is BatchState.OPEN:
        return Progress(READY, say("How the day is settled"), steps=_steps(shown))
    words = (
        say("Payments go on, and stand in the next batch.")
        if shown.sells
        else say("Payments wait until this is done.")
    )
    sends = shown.step in {Stage.UPLOADING, Stage.ENDING} and shown.of > 0
    ends = 1.0 if shown.step is Stage.ENDING else 0.0
    return Progress(
        HELD_UP if shown.fault else RUNNING,
        say(_TITLES.get(shown.step, _TITLES[Stage.FINISHING])),
        words,
        say("{n} of {m}", n=shown.sent, m=shown.of) if sends else "",
        shown.sent / shown.of if sends else ends,
        _steps(shown),
    )


def _settled(shown: DayShown) -> Progress:
    batch = say("Batch {n}, {amount}.", n=f"{shown.batch:06d}", amount=shown.net)
    if shown.verdict is Verdict.BALANCED and not shown.differences:
        title = say("Settled. Totals match.")
        return Progress(BALANCED, title, batch, steps=_steps(shown))
    if gap := _gap(shown):
        title = say("Settled with a difference of {amount}.", amount=gap)
    elif shown.differences:
        title = say("Settled. Something differs.")
    else:
        title = say("Settled. The bank could not compare.")
    details = say("Details are on the settlement slip.")
    return Progress(DIFFERENT, title, _joined(batch, details), steps=_steps(shown))


def _steps(shown: DayShown) -> tuple[Step, ...]:
    stages = [stage for stage in _STEPS if stage is not Stage.UPLOADING or not _is_left_out(shown)]
    here = stages.index(shown.step) if shown.step in stages else -1
    printed = shown.slip is not None and shown.slip.state == "printed"
    if shown.step is Stage.CLOSED and printed:
        here = len(stages)
    return tuple(
        Step(
            Mark.DONE if place < here else Mark.NOW if place == here else Mark.NEXT,
            say(_STEPS[stage][1], n=f"{shown.batch:06d}"),
            _STEPS[stage][0],
        )
        for place, stage in enumerate(stages)
    )


def _is_left_out(shown: DayShown) -> bool:
    """Whether the bank wanted no rows: some do where the totals match."""
    return shown.step in {Stage.ENDING, Stage.CLOSED} and not shown.of


def note(shown: DayShown, seconds: float | None) -> tuple[str, str, str]:
    """Sign, colour and sentence at the foot of that card; `seconds` until the next try."""
    if shown.fault and shown.state is not BatchState.CLOSED:
        fault = CATALOGUE[shown.fault]
        words = [say("{sentence}.", sentence=say(fault.title))]
        if seconds is not None:
            words.append(say("Next try in {s} s.", s=round(seconds)))
        words.append(say("It continues where it stopped. Nothing is sent twice."))
        return "warn", "warn", _joined(*words)
    if shown.state is BatchState.CLOSED:
        slip = shown.slip
        if slip is not None and slip.state == "owed" and slip.fault:
            return "printer", "ink2", say("The slip comes out once the printer is ready.")
        return "", "ink2", ""
    return "info", "ink2", say(NOT_TWICE)


def last_batch(shown: DayShown) -> tuple[str, str, list[Sum]]:
    """The batch that was closed last: a title, a sentence, and its sums."""
    last = shown.last
    if last is None:
        return say("Last settled"), say("No batch has been settled on this till yet."), []
    if last.verdict is Verdict.BALANCED and not last.differences:
        words = say("Settled. Totals match.")
    else:
        words = say("Settled. Something differs.")
    return (
        say("Last settled"),
        words,
        [
            Sum(say("Batch"), "", f"{last.number:06d}"),
            Sum(say("Closed"), "", _moment(last.closed_at)),
            Sum(say("Net sales"), "", str(last.net)),
        ],
    )


def _joined(*sentences: str) -> str:
    """One after the other; a Chinese full stop brings its own space."""
    return " ".join(sentences).replace("。 ", "。")


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%m-%d %H:%M}"


def _count(totals: BatchTotals) -> int:
    return totals.debit_count + totals.credit_count


def _gap(shown: DayShown) -> Money:
    """How far till and bank are apart; of rows where the bank's totals are not known."""
    nothing = zero(shown.net.currency)
    if shown.bank is not None:
        return _without_sign(shown.till.net - shown.bank.net)
    rows = [found for found in shown.differences if found.kind in _OF_THE_BANK]
    apart = (_without_sign((row.till or nothing) - (row.bank or nothing)) for row in rows)
    return sum(apart, nothing)


def _without_sign(amount: Money) -> Money:
    return amount if amount.minor >= 0 else -amount


def _minus(amount: Money) -> Money:
    return -amount if amount.minor > 0 else amount
