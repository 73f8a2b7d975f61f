"""Guards what stands on every slip, in three languages and on both widths of paper, to the column.

The pictures in tests/domain/slips are what a person has looked at; a slip that changes must be
looked at again: delete the picture, run the test once, and read what it wrote.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.text_printer import text_lines
from domain.card import EntryMode, RememberedCard
from domain.document import Document, Qr, Text, typeset, width_of
from domain.entries import SlipKind
from domain.kinds import Kind
from domain.money import CURRENCIES, Money
from domain.operators import Operator, Role
from domain.receipts import as_copy, customer_slip, local_time, receipt_link, slips_for
from domain.sale import Answer, OriginalFacts, Sale, State
from domain.settings import Settings, Shop
from domain.words import words

PICTURES = Path(__file__).with_name("slips")
SALE = Sale(
    number=412,
    amount=Money(12800),
    operator=Operator("01", "Mei Lin", Role.CASHIER),
    started_at=datetime(2026, 11, 22, 6, 32, 7, tzinfo=UTC),
    state=State.APPROVED,
    card=RememberedCard("622202******1234", "UnionPay", EntryMode.SWIPE),
    stan=412,
    batch=87,
    pin_entered=True,
    answer=Answer("00", "632614000412", "418207", "1122143209"),
)
TOLD = Answer("55", "", "", "1122143209")
SALES = {
    "approved": SALE,
    "declined": replace(SALE, state=State.DECLINED, answer=TOLD),
    "pending": replace(SALE, state=State.REVERSAL_PENDING, answer=replace(TOLD, code="A0")),
    "reversed": replace(SALE, state=State.REVERSED, answer=replace(TOLD, code="00")),
    "unresolved": replace(SALE, state=State.MANUAL, answer=replace(TOLD, code="94")),
}
FACTS = OriginalFacts(87, 412, "632614000412", "418207", "1122")
VOID = replace(
    SALE,
    number=415,
    stan=415,
    kind=Kind.VOID,
    original=412,
    facts=FACTS,
    answer=Answer("00", "632614000415", "418209", "1122144051"),
)
REFUND = replace(VOID, kind=Kind.REFUND, amount=Money(4000), pin_entered=False)
SALES |= {
    "void": VOID,
    "void_declined": replace(VOID, state=State.DECLINED, answer=replace(TOLD, code="25")),
    "void_pending": replace(VOID, state=State.REVERSAL_PENDING, answer=None),
    "void_reversed": replace(VOID, state=State.REVERSED, answer=replace(TOLD, code="00")),
    "void_unresolved": replace(VOID, state=State.MANUAL, answer=replace(TOLD, code="94")),
    "refund_recorded": replace(REFUND, state=State.QUEUED, answer=None),
    "refund": replace(REFUND, state=State.DELIVERED),
    "refund_refused": replace(REFUND, state=State.REJECTED, answer=replace(TOLD, code="25")),
}
HOLD = replace(SALE, kind=Kind.PREAUTH)
RELEASE = replace(VOID, kind=Kind.PREAUTH_VOID)
COMPLETION = replace(VOID, kind=Kind.COMPLETION, amount=Money(11550))
TOLD_CHARGE = replace(COMPLETION, kind=Kind.COMPLETION_ADVICE, pin_entered=False)
SALES |= {
    "hold": HOLD,
    "release": RELEASE,
    "release_declined": replace(RELEASE, state=State.DECLINED, answer=replace(TOLD, code="25")),
    "release_pending": replace(RELEASE, state=State.REVERSAL_PENDING, answer=None),
    "release_reversed": replace(RELEASE, state=State.REVERSED, answer=replace(TOLD, code="00")),
    "release_unresolved": replace(RELEASE, state=State.MANUAL, answer=replace(TOLD, code="94")),
    "completion": COMPLETION,
    "completion_recorded": replace(TOLD_CHARGE, state=State.QUEUED, answer=None),
    "completion_told": replace(TOLD_CHARGE, state=State.DELIVERED),
    "completion_refused": replace(
        TOLD_CHARGE, state=State.REJECTED, answer=replace(TOLD, code="25")
    ),
    "completion_void": replace(VOID, kind=Kind.COMPLETION_VOID),
}
LIVE = Settings(training=False, customer_slip="always", till=2)
TRAINING_MARK = "*** TRAINING, NOT A PAYMENT ***"


def text_of(document: Document, columns: int = 48) -> str:
    return "".join(f"{line}\n" for line in text_lines(document, columns))


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW"])
@pytest.mark.parametrize("name", SALES)
def test_a_slip_looks_as_it_was_seen(name: str, language: str, columns: int) -> None:
    settings = replace(LIVE, slip_language=language)
    slips = slips_for(SALES[name], settings)
    text = "\f\n".join(text_of(slip.document, columns) for slip in slips)
    picture = PICTURES / f"{name}_{language}_{columns}.txt"
    if not picture.exists():
        picture.write_text(text, encoding="utf-8")
        pytest.fail(f"{picture.name} is new: look at it")
    assert text == picture.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("name", SALES)
def test_no_line_is_wider_than_the_paper(name: str, columns: int) -> None:
    for slip in slips_for(SALES[name], replace(LIVE, slip_language="zh_CN")):
        for line in typeset(slip.document, columns):
            assert width_of(line.text) * (1 + line.double) <= columns


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        (State.DRAFT, ()),
        (State.CAPTURED, ()),
        (State.PIN_ENTRY, ()),
        (State.ARMED, ()),
        (State.WAITING, ()),
        (State.NOT_SENT, ()),
        (State.ABANDONED, ()),
        (State.APPROVED, (SlipKind.MERCHANT,)),
        (State.DECLINED, (SlipKind.DECLINED,)),
        (State.REVERSAL_PENDING, (SlipKind.REVERSAL_PENDING,)),
        (State.REVERSED, (SlipKind.REVERSED,)),
        (State.MANUAL, (SlipKind.UNRESOLVED,)),
    ],
)
def test_each_state_owes_its_papers(state: State, kinds: tuple[SlipKind, ...]) -> None:
    slips = slips_for(replace(SALE, state=state), Settings())
    assert tuple(slip.kind for slip in slips) == kinds
    assert all(slip.sale == SALE.number for slip in slips)


def test_the_customers_paper_is_owed_where_the_shop_always_gives_it() -> None:
    kinds = [slip.kind for slip in slips_for(SALE, LIVE)]
    assert kinds == [SlipKind.MERCHANT, SlipKind.CUSTOMER]


def test_a_sale_without_an_outcome_has_no_customer_paper() -> None:
    with pytest.raises(ValueError, match="waiting"):
        customer_slip(replace(SALE, state=State.WAITING), LIVE)


@pytest.mark.parametrize("name", SALES)
def test_customers_see_the_last_four_digits_only(name: str) -> None:
    assert "622202" not in text_of(customer_slip(SALES[name], LIVE).document).replace(" ", "")
    shown = customer_slip(SALES[name], replace(LIVE, customer_slip_first6=True))
    assert "6222 02** **** 1234" in text_of(shown.document)


def test_a_nineteen_digit_number_keeps_its_length() -> None:
    card = RememberedCard("622202*********1234", "UnionPay", EntryMode.SWIPE)
    slip = slips_for(replace(SALE, card=card), LIVE)[0]
    assert "6222 02** **** ***1 234" in text_of(slip.document)


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("name", SALES)
def test_every_slip_of_training_says_so_twice(name: str, columns: int) -> None:
    for slip in slips_for(SALES[name], Settings(customer_slip="always")):
        assert text_of(slip.document, columns).count(TRAINING_MARK) == 2
    for slip in slips_for(SALES[name], LIVE):
        assert TRAINING_MARK not in text_of(slip.document, columns)


def test_a_copy_is_marked_once_and_changes_nothing_else() -> None:
    original = customer_slip(SALE, LIVE).document
    copy = as_copy(original, words("en"))
    assert text_of(copy).count("*** DUPLICATE ***") == 1
    assert as_copy(copy, words("en")) == copy
    without = [part for part in copy.parts if part not in set(copy.parts) - set(original.parts)]
    assert Document(tuple(without)) == original


def test_a_copy_of_a_page_without_a_line_is_marked_at_its_top() -> None:
    copy = as_copy(Document((Text("x"),)), words("en"))
    assert text_of(copy).split() == ["***", "DUPLICATE", "***", "x"]


def test_the_signature_line_is_the_shops_choice() -> None:
    merchant = slips_for(SALE, replace(LIVE, signature_line=False))[0]
    assert "SIGNATURE" not in text_of(merchant.document)
    assert "SIGNATURE" not in text_of(customer_slip(SALE, LIVE).document)


def test_a_sale_without_pin_says_nothing_of_one() -> None:
    slip = slips_for(replace(SALE, pin_entered=False), LIVE)[0]
    assert "PIN" not in text_of(slip.document)


@pytest.mark.parametrize(
    ("link", "rrn", "expected"),
    [
        ("https://r.example/e/", "632614000412", "https://r.example/e/632614000412"),
        ("https://r.example/收据/", "6326", "https://r.example/%E6%94%B6%E6%8D%AE/6326"),
        ("https://r.example/?a=1&r=", "63/26 14\n", "https://r.example/?a=1&r=63%2F26%2014%0A"),
        ("", "632614000412", ""),
        ("https://r.example/e/", "", ""),
    ],
)
def test_the_link_is_the_shops_address_and_the_encoded_rrn(
    link: str, rrn: str, expected: str
) -> None:
    sale = replace(SALE, answer=replace(TOLD, rrn=rrn))
    settings = replace(LIVE, shop=Shop(receipt_link=link))
    assert receipt_link(sale, settings) == expected
    codes = [
        part.data for part in customer_slip(sale, settings).document.parts if isinstance(part, Qr)
    ]
    assert codes == ([expected] if expected else [])


@pytest.mark.parametrize("name", ["declined", "pending", "reversed", "unresolved"])
def test_only_an_approved_sale_has_an_e_slip(name: str) -> None:
    sale = replace(SALES[name], answer=SALE.answer)
    assert receipt_link(sale, LIVE) == ""
    assert "418207" not in text_of(customer_slip(sale, LIVE).document)


def test_an_answer_that_could_not_be_trusted_gives_no_number() -> None:
    pending = replace(SALE, state=State.REVERSAL_PENDING)
    assert "632614000412" not in text_of(slips_for(pending, LIVE)[0].document)


@pytest.mark.parametrize(
    ("started", "host_at", "expected"),
    [
        (datetime(2026, 11, 22, 6, 32, tzinfo=UTC), "1122143209", "2026-11-22 14:32:09"),
        (datetime(2026, 12, 31, 16, 0, 5, tzinfo=UTC), "0101000006", "2027-01-01 00:00:06"),
        (datetime(2027, 1, 1, 15, 0, tzinfo=UTC), "1231235959", "2026-12-31 23:59:59"),
        (datetime(2028, 2, 29, 4, 0, tzinfo=UTC), "0229120001", "2028-02-29 12:00:01"),
    ],
)
def test_the_banks_time_has_the_year_that_comes_closest(
    started: datetime, host_at: str, expected: str
) -> None:
    sale = replace(SALE, started_at=started, answer=replace(TOLD, host_at=host_at))
    assert str(local_time(sale)) == expected


@pytest.mark.parametrize("host_at", ["", "1340000000", "112214320", "11221432AB", "٠٠٠٠٠٠٠٠٠٠"])
def test_without_a_usable_time_of_the_bank_the_tills_own_stands(host_at: str) -> None:
    sale = replace(SALE, answer=replace(TOLD, host_at=host_at))
    own = SALE.started_at.astimezone().replace(tzinfo=None)
    assert local_time(sale) == own


def test_an_amount_without_decimals_is_printed_as_its_currency_does() -> None:
    slip = slips_for(replace(SALE, amount=Money(1280, CURRENCIES["JPY"])), LIVE)[0]
    assert "JPY 1280\n" in text_of(slip.document)


def test_a_page_comes_back_from_the_journal_as_it_went() -> None:
    for slip in slips_for(SALE, LIVE):
        assert Document.from_json(slip.document.to_json()) == slip.document


@pytest.mark.parametrize("name", [name for name in SALES if name.startswith(("void", "refund"))])
def test_a_slip_of_money_back_never_speaks_of_a_charge(name: str) -> None:
    for slip in slips_for(SALES[name], replace(LIVE, customer_slip="always")):
        text = text_of(slip.document)
        assert "ORIGINAL TRACE" in text
        assert "CNY -" in text
        assert "CHARGE" not in text
        assert "I agree to pay" not in text
        assert "e-receipt" not in text
