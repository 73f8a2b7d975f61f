"""A sale into the papers that the shop owes for it, as in the design's picture of the slips.

Composed once, when the outcome is decided, and kept with the sale; a printer only ever gets what is
on disk. The words are those of the slip's language, in capitals where a label stands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from domain import receipts_holds
from domain.card import EntryMode, RememberedCard
from domain.document import Align, Blank, Document, Pair, Part, Qr, Ruled, Text
from domain.entries import Slip, SlipKind
from domain.kinds import Kind, Lane
from domain.receipts_back import original_of, outcome_of
from domain.sale import Sale, State
from domain.settings import Settings
from domain.truth import meaning
from domain.version import VERSION
from domain.words import N_, Words, words

KIND_OF = {
    State.APPROVED: SlipKind.MERCHANT,
    State.DECLINED: SlipKind.DECLINED,
    State.REVERSAL_PENDING: SlipKind.REVERSAL_PENDING,
    State.REVERSED: SlipKind.REVERSED,
    State.MANUAL: SlipKind.UNRESOLVED,
    State.QUEUED: SlipKind.REFUND_RECORDED,
    State.DELIVERED: SlipKind.MERCHANT,
    State.REJECTED: SlipKind.REFUND_REFUSED,
}
"""The paper that each outcome owes at the moment when it is decided."""
KIND_OF_A_TOLD_CHARGE = {
    State.QUEUED: SlipKind.CHARGE_RECORDED,
    State.DELIVERED: SlipKind.MERCHANT,
    State.REJECTED: SlipKind.CHARGE_REFUSED,
}
"""The same of a completion that the bank is only told of."""

FOR_THE_SHOP = frozenset(
    {
        SlipKind.MERCHANT,
        SlipKind.UNRESOLVED,
        SlipKind.REFUND_REFUSED,
        SlipKind.CHARGE_REFUSED,
    }
)
"""Papers that stay in the drawer and so show the first six digits too."""

READ_BY = {
    EntryMode.SWIPE: N_("SWIPE (S)"),
    EntryMode.CHIP: N_("CHIP (I)"),
    EntryMode.TAP: N_("TAP (C)"),
    EntryMode.TYPED: N_("TYPED (M)"),
}

URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"


def slips_for(sale: Sale, settings: Settings) -> tuple[Slip, ...]:
    """What is owed at the moment when the sale comes into its present state."""
    kind = _kind_of(sale)
    if kind is None:
        return ()
    slip = Slip(sale.number, kind, _page(sale, settings, kind))
    if sale.state is State.APPROVED and settings.customer_slip == "always":
        return (slip, customer_slip(sale, settings))
    return (slip,)


def customer_slip(sale: Sale, settings: Settings) -> Slip:
    """The customer's paper of a sale with an outcome. Raises ValueError for one without."""
    if _kind_of(sale) is None:
        raise ValueError(f"nothing to print of a sale that is {sale.state.value}")
    return Slip(sale.number, SlipKind.CUSTOMER, _page(sale, settings, SlipKind.CUSTOMER))


def has_papers(sale: Sale) -> bool:
    """Whether anything is printed of it in its present state; an enquiry leaves no paper."""
    return _kind_of(sale) is not None


def may_have_customer_paper(sale: Sale) -> bool:
    """Whether the customer can be given a paper of it now."""
    return sale.state in {State.APPROVED, State.QUEUED, State.DELIVERED} and has_papers(sale)


def as_copy(document: Document, words: Words) -> Document:
    """The same page, marked above its first line as one that has been printed before."""
    mark = _centred(words.say("*** DUPLICATE ***"), bold=True)
    if mark in document.parts:
        return document
    place = next((place for place, part in enumerate(document.parts) if isinstance(part, Ruled)), 0)
    return Document((*document.parts[:place], mark, *document.parts[place:]))


def receipt_link(sale: Sale, settings: Settings) -> str:
    """Where the customer finds this slip; empty where the shop has no such place, or no RRN."""
    base, rrn = settings.shop.receipt_link, _rrn(sale)
    if not base or not rrn or sale.state is not State.APPROVED or sale.row.gives_back:
        return ""
    return quote(base, safe=URL_CHARACTERS) + quote(rrn, safe="")


def local_time(sale: Sale) -> datetime:
    """When the bank says that it was, in its own time; the till's local time where it said nothing.

    The bank sends no year: it is the one that comes closest to the till's own time.
    """
    own = (sale.finished_at or sale.started_at).astimezone().replace(tzinfo=None, microsecond=0)
    said = sale.answer.host_at if sale.answer is not None else ""
    near = [time for year in (own.year - 1, own.year, own.year + 1) if (time := _dated(year, said))]
    return min(near, key=lambda time: abs(time - own), default=own)


def _kind_of(sale: Sale) -> SlipKind | None:
    if sale.row.lane is Lane.ENQUIRY:
        return None
    by_state = KIND_OF_A_TOLD_CHARGE if sale.kind is Kind.COMPLETION_ADVICE else KIND_OF
    return by_state.get(sale.state)


def _dated(year: int, said: str) -> datetime | None:
    if not (said.isascii() and said.isdigit() and len(said) == 10):
        return None
    try:
        # Not by strptime, which imports its module at the first call: in the middle of a sale.
        return datetime(year, *(int(said[at : at + 2]) for at in range(0, 10, 2)))  # type: ignore[arg-type]  # noqa: DTZ001  # no zone sent
    except ValueError:
        return None


def _page(sale: Sale, settings: Settings, kind: SlipKind) -> Document:
    say = words(settings.slip_language)
    parts = [*_head(settings, say, kind), *_facts(sale, settings, say, kind)]
    match sale.state:
        case _ if sale.row.gives_back:
            parts += outcome_of(sale, say)
        case _ if sale.kind is Kind.COMPLETION_ADVICE:
            parts += receipts_holds.told_charge(sale, say)
        case State.APPROVED if sale.kind is Kind.PREAUTH:
            parts += _pin_line(sale, say)
            parts += receipts_holds.held(say)
            parts += _signature(say, receipts_holds.agreement(say), settings, kind)
        case State.APPROVED if kind is SlipKind.MERCHANT:
            parts += _approved_for_the_shop(sale, settings, say)
        case State.APPROVED:
            parts += _approved_for_the_customer(sale, settings, say)
        case State.DECLINED:
            parts += _declined(sale, say)
        case State.REVERSAL_PENDING:
            parts += _pending(say)
        case State.REVERSED:
            parts += _reversed(say)
        case _:
            parts += _unresolved(say)
    return Document((*parts, *_foot(sale, settings, say, kind)))


def _head(settings: Settings, say: Words, kind: SlipKind) -> list[Part]:
    shop = settings.shop
    parts: list[Part] = [_centred(shop.name.upper(), bold=True, double=True)]
    if shop.address:
        parts.append(_centred(shop.address))
    if shop.phone:
        parts.append(_centred(say.say("Tel {number}", number=shop.phone)))
    parts.append(Blank())
    if settings.training:
        parts.append(_training_line(say))
    if kind in FOR_THE_SHOP:
        parts.append(_centred(say.say("*** MERCHANT COPY ***"), bold=True))
    else:
        parts.append(_centred(say.say("*** CUSTOMER COPY ***"), bold=True))
    return parts


def _facts(sale: Sale, settings: Settings, say: Words, kind: SlipKind) -> list[Part]:
    """Everything between the copy mark and the outcome: who, which card, when, how much."""
    acquirer, stands = settings.acquirer, sale.state in {State.APPROVED, State.DELIVERED}
    reversal = sale.state in {State.REVERSAL_PENDING, State.REVERSED}
    auth_code = sale.answer.auth_code if stands and sale.answer is not None else ""
    amount = -sale.amount if sale.row.gives_back else sale.amount
    trace = "-" if sale.stan is None else f"{sale.stan:06}"
    return [
        Ruled("="),
        Pair(say.say("MERCHANT"), acquirer.merchant),
        Pair(say.say("TERMINAL"), acquirer.terminal),
        Pair(say.say("OPERATOR"), f"{sale.operator.id} {sale.operator.name.upper()}"),
        Pair(say.say("ACQUIRER"), f"{acquirer.name.upper()} {acquirer.id}"),
        Ruled(),
        *_card(sale.card, settings, say, kind),
        Pair(
            say.say("TYPE"),
            say.say("REVERSAL") if reversal else say.say(sale.row.label),
            double=True,
        ),
        Ruled(),
        Pair(say.say("DATE/TIME"), f"{local_time(sale):%Y-%m-%d %H:%M:%S}"),
        Pair(
            say.say("BATCH {number}", number=f"{sale.batch:06}"),
            say.say("TRACE {number}", number=trace),
        ),
        Pair(say.say("AUTH CODE"), auth_code or "-", bold=True),
        Pair(say.say("RRN"), _rrn(sale) or "-"),
        Ruled(),
        Pair(say.say("AMOUNT"), amount.printed, double=True),
        Ruled("="),
    ]


def _card(
    card: RememberedCard | None, settings: Settings, say: Words, kind: SlipKind
) -> list[Part]:
    if card is None:
        return []
    if kind not in FOR_THE_SHOP and not settings.customer_slip_first6:
        card = replace(card, masked="*" * (len(card.masked) - 4) + card.last4)
    return [
        Pair(say.say("CARD"), card.scheme.upper()),
        Pair(say.say("NUMBER"), card.grouped("*"), bold=True),
        Pair(say.say("READ BY"), say.say(READ_BY[card.entry])),
    ]


def _approved_for_the_shop(sale: Sale, settings: Settings, say: Words) -> list[Part]:
    agreement = say.say(
        "I agree to pay the amount above to the card issuer under the cardholder agreement."
    )
    return [
        *_pin_line(sale, say),
        *(original_of(sale, say) if sale.row.completes else []),
        Blank(),
        *_signature(say, agreement, settings, SlipKind.MERCHANT),
    ]


def _signature(say: Words, agreement: str, settings: Settings, kind: SlipKind) -> list[Part]:
    if not settings.signature_line or kind is not SlipKind.MERCHANT:
        return []
    return [
        Blank(),
        Pair(say.say("SIGNATURE"), "", fill="_"),
        Blank(),
        _centred(agreement),
        Blank(),
    ]


def _approved_for_the_customer(sale: Sale, settings: Settings, say: Words) -> list[Part]:
    parts: list[Part] = [*_pin_line(sale, say), Blank()]
    link = receipt_link(sale, settings)
    if link:
        parts += [
            Qr(link),
            _centred(say.say("Scan for your e-receipt")),
            _centred(link.split("://", 1)[-1]),
            Blank(),
        ]
    return parts


def _pin_line(sale: Sale, say: Words) -> list[Part]:
    return [_centred(say.say("PIN VERIFIED ONLINE"))] if sale.pin_entered else []


def _declined(sale: Sale, say: Words) -> list[Part]:
    code = sale.answer.code if sale.answer is not None else ""
    title = say.say(meaning(sale).title).upper()
    return [
        Blank(),
        _centred(say.say("** DECLINED {code} {why} **", code=code, why=title), bold=True),
        _centred(say.say("YOU HAVE NOT BEEN CHARGED"), bold=True),
        Blank(),
    ]


def _pending(say: Words) -> list[Part]:
    return [
        Blank(),
        _centred(say.say("** CANCELLATION NOT CONFIRMED YET **"), bold=True),
        _centred(say.say("YOU WILL NOT BE CHARGED"), bold=True),
        _centred(
            say.say(
                "The bank is asked until it confirms."
                " If your account shows the amount, it is given back."
            )
        ),
        Blank(),
    ]


def _reversed(say: Words) -> list[Part]:
    return [
        Blank(),
        _centred(say.say("** PAYMENT CANCELLED **"), bold=True),
        _centred(say.say("YOU HAVE NOT BEEN CHARGED"), bold=True),
        _centred(say.say("The bank has confirmed it.")),
        Blank(),
    ]


def _unresolved(say: Words) -> list[Part]:
    return [
        Blank(),
        _centred(say.say("** RESULT NOT KNOWN **"), bold=True),
        _centred(say.say("DO NOT CHARGE AGAIN"), bold=True),
        _centred(say.say("The shop asks the bank with the trace number above.")),
        Blank(),
    ]


def _foot(sale: Sale, settings: Settings, say: Words, kind: SlipKind) -> list[Part]:
    last = (
        say.say("Keep this copy with the day's papers")
        if kind in FOR_THE_SHOP
        else say.say("Thank you")
    )
    training = [_training_line(say)] if settings.training else []
    till = f"Tillwright {VERSION}  T{settings.till}  {local_time(sale):%Y-%m-%d}"
    return [*training, _centred(last), _centred(till)]


def _training_line(say: Words) -> Text:
    return _centred(say.say("*** TRAINING, NOT A PAYMENT ***"), bold=True)


def _rrn(sale: Sale) -> str:
    """The bank's number; while a reversal is pending, no answer can be trusted."""
    if sale.answer is None or sale.state is State.REVERSAL_PENDING:
        return ""
    return sale.answer.rrn


def _centred(text: str, *, bold: bool = False, double: bool = False) -> Text:
    return Text(text, Align.CENTRE, bold, double)
