"""Guards what the pre-authorisation family and the enquiry say, field by field, in each dialect.

Each table is a message whole: the fields that all have in common stand in COMMON, and a field that
is in no table must not be in the message.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acquirer import codec, messages
from acquirer.answers import Mac, judge
from acquirer.balances import balance_in, balance_text
from acquirer.codec import Message
from acquirer.dialect import dialect_named
from acquirer.requests import SaleRequest
from domain.kinds import KINDS, Kind, Lane
from domain.money import CURRENCIES, Money
from domain.sale import Approved, Declined, EncryptedPin, OriginalFacts, Unanswered
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe

PROFILE = AcquirerProfile()
NUMBER = b"6225760008219524"
TRACK = NUMBER + b"=30121200000"
HELD = OriginalFacts(86, 412, "632614000412", "418207", "1121")
CHARGED = OriginalFacts(87, 413, "632614000413", "418208", "1122")
COMMON = {
    "unionpay": {
        11: "000415",
        14: "3012",
        22: "021",
        26: "12",
        41: "31060218",
        42: "310290053110478",
        49: "156",
        53: "2600000000000000",
    },
    "ansi87": {
        11: "000415",
        12: "120000",
        13: "1122",
        14: "3012",
        22: "021",
        26: "12",
        41: "31060218",
        42: "310290053110478",
        49: "156",
    },
}
CARD = {"unionpay": {2, 35, 52}, "ansi87": {35, 52}}
AMOUNT = {4: "000000004000"}
BY_CODE = {38: "418207"}

# What each kind says of its own: message type, fields beside the common ones.
SAID = {
    ("unionpay", Kind.PREAUTH): ("0100", {3: "030000", **AMOUNT, 25: "06", 60: "10000087000200"}),
    ("unionpay", Kind.PREAUTH_VOID): (
        "0100",
        {3: "200000", **AMOUNT, 25: "06", **BY_CODE, 60: "11000087000200", 61: "0000860004121121"},
    ),
    ("unionpay", Kind.COMPLETION): (
        "0200",
        {3: "000000", **AMOUNT, 25: "06", **BY_CODE, 60: "20000087000200", 61: "0000000000001121"},
    ),
    ("unionpay", Kind.COMPLETION_VOID): (
        "0200",
        {
            3: "200000",
            **AMOUNT,
            25: "06",
            37: "632614000413",
            38: "418208",
            60: "21000087000200",
            61: "000087000413",
        },
    ),
    ("unionpay", Kind.BALANCE): ("0200", {3: "310000", 25: "00", 60: "01000087000200"}),
    ("ansi87", Kind.PREAUTH): ("0100", {3: "000000", **AMOUNT, 25: "06", 60: "102000087"}),
    ("ansi87", Kind.PREAUTH_VOID): (
        "0100",
        {3: "020000", **AMOUNT, 25: "06", **BY_CODE, 60: "112000087", 61: "1121000412000086"},
    ),
    ("ansi87", Kind.COMPLETION): (
        "0200",
        {3: "000000", **AMOUNT, 25: "06", **BY_CODE, 60: "202000087", 61: "1121000000000000"},
    ),
    ("ansi87", Kind.COMPLETION_VOID): (
        "0200",
        {
            3: "020000",
            **AMOUNT,
            25: "06",
            37: "632614000413",
            38: "418208",
            60: "212000087",
            61: "000413000087",
        },
    ),
    ("ansi87", Kind.BALANCE): ("0100", {3: "310000", 25: "00", 60: "012000087"}),
}
TOLD = {
    "unionpay": {
        3: "000000",
        **AMOUNT,
        22: "022",
        25: "06",
        **BY_CODE,
        60: "24000087000200",
        61: "0000000000001121",
    },
    "ansi87": {
        3: "000000",
        **AMOUNT,
        22: "022",
        25: "06",
        **BY_CODE,
        60: "242000087",
        61: "1121000000000000",
    },
}
REVERSIBLE = [(name, kind) for name, kind in SAID if KINDS[kind].lane is Lane.REVERSIBLE]
PIN_ONLY = {26, 53}


class Keys:
    """Working keys whose MAC nobody looks at."""

    def mac(self, covered: object) -> bytes:
        return b"MACMACMA"


def a_request(kind: Kind) -> SaleRequest:
    original = {Kind.COMPLETION_VOID: CHARGED}.get(kind, HELD)
    return SaleRequest(
        sale=9,
        amount=Money(0 if kind is Kind.BALANCE else 40_00),
        card=read_stripe(bytearray(b";" + TRACK + b"?")),
        pin=None if kind is Kind.COMPLETION_ADVICE else EncryptedPin(b"PINBLOCK"),
        stan=415,
        batch=87,
        at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        operator="02",
        kind=kind,
        original=original if KINDS[kind].needs_original else None,
    )


def read(body: bytearray, name: str) -> Message:
    message = codec.decode(bytearray(body), dialect_named(name))
    message.fields.pop(64)
    return message


def asked(name: str, kind: Kind) -> tuple[Message, messages.Expected]:
    keys: messages.KeyRing = Keys()  # type: ignore[assignment]
    body, expected = messages.sale_request(a_request(kind), PROFILE, dialect_named(name), keys)
    return read(body, name), expected


@pytest.mark.parametrize(("name", "kind"), SAID)
def test_each_kind_says_exactly_this(name: str, kind: Kind) -> None:
    mti, own = SAID[name, kind]

    message, expected = asked(name, kind)

    assert message.mti == mti
    assert message.fields == COMMON[name] | own
    assert set(message.card) == CARD[name]
    assert message.card[35] == TRACK
    assert message.card[52] == b"PINBLOCK"
    assert (expected.mti, expected.stan) == (f"{int(mti) + 10:04}", "000415")
    assert (expected.code, expected.amount) == (own[3], own.get(4, ""))


@pytest.mark.parametrize(("name", "kind"), REVERSIBLE)
def test_the_reversal_of_each_says_exactly_this(name: str, kind: Kind) -> None:
    """As its own, but for track, PIN and the bank's number, and with a reason."""
    dialect = dialect_named(name)
    own = dict(SAID[name, kind][1])
    own.pop(37, None)

    message = read(messages.reversal_body(a_request(kind), PROFILE, dialect), name)

    assert message.mti == "0400"
    without_pin = {n: text for n, text in COMMON[name].items() if n not in PIN_ONLY}
    assert message.fields == without_pin | own | {39: "06"}
    assert dict(message.card) == {2: bytearray(NUMBER)}


@pytest.mark.parametrize("name", TOLD)
def test_a_completion_that_is_told_says_exactly_this(name: str) -> None:
    body = messages.advice_body(a_request(Kind.COMPLETION_ADVICE), PROFILE, dialect_named(name))

    message = read(body, name)

    assert message.mti == "0220"
    without_pin = {n: text for n, text in COMMON[name].items() if n not in PIN_ONLY}
    assert message.fields == without_pin | TOLD[name]
    assert dict(message.card) == {2: bytearray(NUMBER)}


def test_a_hold_without_a_code_is_named_by_its_day_alone() -> None:
    keys: messages.KeyRing = Keys()  # type: ignore[assignment]
    request = replace(a_request(Kind.COMPLETION), original=replace(HELD, auth_code=""))
    dialect = dialect_named("unionpay")
    message = read(messages.sale_request(request, PROFILE, dialect, keys)[0], "unionpay")
    assert 38 not in message.fields
    assert message.fields[61] == "0000000000001121"


# text of field 54 | what is there to spend
BALANCES = """
0002156C000000005000                                             | 5000
0002156D000000000150                                             | -150
0001156C000000009900                                             | 9900
0001156C0000000099000002156C000000005000                         | 5000
0002840C0000000070000002156C000000005000                         | 5000
0002840C000000007000                                             | none
                                                                 | none
0002156C00000000500                                              | none
0002156C0000000050000                                            | none
0002156X000000005000                                             | none
000215 C000000005000                                             | none
0002156c000000005000                                             | none
0002156C00000000500A                                             | none
0002156C-00000005000                                             | none
0001156C0000000099000002156C0000000050XX                         | none
٠٠02156C000000005000                                             | none
"""


@pytest.mark.parametrize("line", [line for line in BALANCES.splitlines() if line])
def test_a_balance_is_read_strictly_or_not_at_all(line: str) -> None:
    text, found = (part.strip() for part in line.split("|"))
    assert balance_in(text, "156") == (None if found == "none" else int(found))


@pytest.mark.parametrize("minor", [0, 1, -1, 10**12 - 1, -(10**12 - 1)])
def test_a_balance_survives_the_wire(minor: int) -> None:
    assert len(balance_text(minor, "156")) == 20
    assert balance_in(balance_text(minor, "156"), "156") == minor


def answered(name: str, mac: Mac = Mac.RIGHT, **fields: str) -> object:
    message, expected = asked(name, Kind.BALANCE)
    given = {n: message.fields[n] for n in (3, 11, 41, 42)} | {39: "00", 37: "632614000415"}
    given |= {int(number.removeprefix("f")): text for number, text in fields.items()}
    return judge(Message(expected.mti, given), mac, expected, dialect_named(name))


@pytest.mark.parametrize("name", ["unionpay", "ansi87"])
def test_the_answer_to_an_enquiry_is_its_balance_or_nothing(name: str) -> None:
    right = answered(name, f54="0002156C000000005000")
    assert isinstance(right, Approved)
    assert right.balance == Money(50_00, CURRENCIES["CNY"])
    assert "50" not in repr(right).replace("632614000415", "")

    assert isinstance(answered(name), Unanswered)
    assert isinstance(answered(name, f54="rubbish"), Unanswered)
    assert isinstance(answered(name, Mac.WRONG, f54="0002156C000000005000"), Unanswered)
    assert isinstance(answered(name, f39="51"), Declined)


def test_an_amount_that_a_bank_adds_to_its_balance_is_not_looked_at() -> None:
    event = answered("unionpay", f4="000000000000", f54="0002156C000000005000")
    assert isinstance(event, Approved)
