"""The slip of a settled batch: what the till has, what the bank says, and every difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from domain.batch import Batch, BatchRow, BatchTotals, Verdict
from domain.document import Align, Blank, Document, Pair, Part, Ruled, Text
from domain.entries import Slip, SlipKind
from domain.match import Difference
from domain.money import Money, zero
from domain.settings import Settings
from domain.version import VERSION
from domain.words import N_, Words, words

VERDICTS = {
    Verdict.NONE: "",
    Verdict.BALANCED: N_("TOTALS MATCH"),
    Verdict.NOT_BALANCED: N_("TOTALS DIFFER"),
    Verdict.ERROR: N_("THE BANK COULD NOT COMPARE"),
}


def settlement_slip(
    batch: Batch, rows: Iterable[BatchRow], differences: Iterable[Difference], settings: Settings
) -> Slip:
    """The paper that a closed batch owes."""
    say = words(settings.slip_language)
    known, differing = tuple(rows), tuple(differences)
    parts = [
        *_head(batch, settings, say),
        *_schemes(known, say),
        *_totals(batch, settings, say),
        *_verdict(batch, say),
        *_differences(differing, say),
        *_foot(batch, settings, say),
    ]
    return Slip(None, SlipKind.SETTLEMENT, Document(tuple(parts)), batch=batch.number)


def by_scheme(rows: Iterable[BatchRow]) -> tuple[tuple[str, int, Money], ...]:
    """What was charged, by card organisation in the order of their names: how often, how much."""
    found: dict[str, list[BatchRow]] = defaultdict(list)
    for row in rows:
        if not row.is_credit:
            found[row.scheme].append(row)
    lines = []
    for scheme in sorted(found):
        total = zero(found[scheme][0].amount.currency)
        for row in found[scheme]:
            total += row.amount
        lines.append((scheme, len(found[scheme]), total))
    return tuple(lines)


def _head(batch: Batch, settings: Settings, say: Words) -> list[Part]:
    acquirer, shop = settings.acquirer, settings.shop
    parts: list[Part] = [_centred(shop.name.upper(), bold=True, double=True)]
    if shop.address:
        parts.append(_centred(shop.address))
    parts.append(Blank())
    if settings.training:
        parts.append(_centred(say.say("*** TRAINING, NOT A PAYMENT ***"), bold=True))
    return [
        *parts,
        _centred(say.say("*** SETTLEMENT ***"), bold=True),
        Ruled("="),
        Pair(say.say("MERCHANT"), acquirer.merchant),
        Pair(say.say("TERMINAL"), acquirer.terminal),
        Pair(say.say("OPERATOR"), batch.begun_by.upper()),
        Pair(say.say("ACQUIRER"), f"{acquirer.name.upper()} {acquirer.id}"),
        Ruled(),
        Pair(say.say("DATE/TIME"), f"{_closed(batch):%Y-%m-%d %H:%M:%S}"),
        Pair(say.say("BATCH"), f"{batch.number:06}", double=True),
        Ruled(),
    ]


def _schemes(rows: tuple[BatchRow, ...], say: Words) -> list[Part]:
    lines = [
        Pair(f"{scheme.upper()} x{count}", amount.printed)
        for scheme, count, amount in by_scheme(rows)
    ]
    return [*(lines or [Pair(say.say("NO CHARGES"), "")]), Ruled()]


def _totals(batch: Batch, settings: Settings, say: Words) -> list[Part]:
    nothing = zero(settings.money)
    till = batch.till or BatchTotals(0, nothing, 0, nothing)
    parts: list[Part] = [
        Pair(say.say("CHARGED x{count}", count=till.debit_count), till.debit.printed),
        Pair(say.say("GIVEN BACK x{count}", count=till.credit_count), (-till.credit).printed),
        Pair(say.say("NET"), till.net.printed, double=True),
        Ruled("="),
    ]
    bank = batch.bank
    if bank is not None and bank != till:
        parts += [
            Pair(say.say("BANK CHARGED x{count}", count=bank.debit_count), bank.debit.printed),
            Pair(
                say.say("BANK GAVE BACK x{count}", count=bank.credit_count),
                (-bank.credit).printed,
            ),
            Pair(say.say("BANK NET"), bank.net.printed, bold=True),
            Ruled("="),
        ]
    return parts


def _verdict(batch: Batch, say: Words) -> list[Part]:
    return [
        Blank(),
        _centred(f"** {say.say(VERDICTS[batch.verdict])} **", bold=True),
        Blank(),
    ]


def _differences(differences: tuple[Difference, ...], say: Words) -> list[Part]:
    parts: list[Part] = []
    for place, difference in enumerate(differences, 1):
        parts += [
            Text(f"{place}. {say.say(difference.text, **difference.printed_parts)}", bold=True),
            Text(say.say(difference.cure)),
            Blank(),
        ]
    return parts


def _foot(batch: Batch, settings: Settings, say: Words) -> list[Part]:
    parts: list[Part] = []
    if settings.training:
        parts.append(_centred(say.say("*** TRAINING, NOT A PAYMENT ***"), bold=True))
    parts.append(_centred(say.say("Keep this copy with the day's papers")))
    parts.append(_centred(f"Tillwright {VERSION}  T{settings.till}  {_closed(batch):%Y-%m-%d}"))
    return parts


def _closed(batch: Batch) -> datetime:
    return (batch.closed_at or batch.opened_at).astimezone()


def _centred(text: str, *, bold: bool = False, double: bool = False) -> Text:
    return Text(text, Align.CENTRE, bold, double)
