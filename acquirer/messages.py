"""A request into fields, an answer out of fields: the only file that opens a card number.

The digits go from the card's own buffer straight into the message's buffer, and both are
bytearrays that are wiped. What cannot be wiped: the copy that the TLS library encrypts, the copy
that AES-GCM seals, and Card.expiry, which is a str from the start.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime

from acquirer import codec
from acquirer.balances import balance_in
from acquirer.codec import Message
from acquirer.dialect import Dialect, KindCodes
from acquirer.keys import KeyRing, PinKey
from acquirer.original_fields import repeated_fields, request_fields
from acquirer.requests import Expected, SaleRequest
from domain.card import Card, EntryMode, Hidden
from domain.faults import LinkFault
from domain.kinds import KINDS, Kind, Lane
from domain.money import CURRENCIES, Money
from domain.sale import Answer, Reason
from domain.settings import AcquirerProfile

NO_BATCH = 0
BALANCE_FIELD = 54
ENTRY_CODES = {
    EntryMode.TYPED: "01",
    EntryMode.SWIPE: "02",
    EntryMode.CHIP: "05",
    EntryMode.TAP: "07",
}
HOST_TIME_DIGITS = 10
MAX_TRACK2 = 37
MAX_TRACK3 = 104
NO_MAC = "0" * 16


def sale_request(
    request: SaleRequest, profile: AcquirerProfile, dialect: Dialect, keys: KeyRing
) -> tuple[bytearray, Expected]:
    """A request with its MAC, to be wiped once sent. Raises LinkFault K-01 without keys."""
    message = Message(_codes(request, dialect).message, _sale_fields(request, profile, dialect))
    message.fields |= request_fields(request, dialect)
    message.fields[64] = NO_MAC
    _add_card(message, request, dialect)
    if request.pin is not None:
        message.fields[26] = dialect.pin_max
        if dialect.pin_control:
            message.fields[53] = dialect.pin_control
        message.card[52] = bytearray(request.pin.block)
    try:
        body = codec.encode(message, dialect)
    finally:
        message.wipe()
    expected = expected_of(message)
    if request.kind is Kind.BALANCE:
        expected = replace(expected, balance_in=request.amount.currency.number)
    return with_mac(body, keys), expected


def reversal_body(request: SaleRequest, profile: AcquirerProfile, dialect: Dialect) -> bytearray:
    """The 0400 that could undo this sale, ready but for reason and MAC; seal and wipe it.

    It repeats the sale's fields and never carries a track or a PIN block.
    """
    message = Message(dialect.reversal_message, _sale_fields(request, profile, dialect))
    message.fields[39] = dialect.reason_code(Reason.OTHER)
    message.fields[64] = NO_MAC
    message.card[2] = bytearray(request.card.pan.reveal())
    try:
        return codec.encode(message, dialect)
    finally:
        message.wipe()


def reversal_request(
    body: bytearray, reason: Reason, dialect: Dialect, keys: KeyRing
) -> tuple[bytearray, Expected]:
    """The opened 0400 with its reason and a fresh MAC. Raises LinkFault K-01 without keys."""
    codec.put(body, 39, dialect.reason_code(reason).encode(), dialect)
    message = codec.decode(bytearray(body), dialect)
    message.wipe()
    return with_mac(body, keys), expected_of(message)


def advice_body(request: SaleRequest, profile: AcquirerProfile, dialect: Dialect) -> bytearray:
    """The advice of something decided here, ready but for its MAC; seal and wipe it.

    It may lie on disk for days, and so never carries a track.
    """
    message = Message(_codes(request, dialect).message, _sale_fields(request, profile, dialect))
    message.fields |= request_fields(request, dialect)
    message.fields[64] = NO_MAC
    message.card[2] = bytearray(request.card.pan.reveal())
    try:
        return codec.encode(message, dialect)
    finally:
        message.wipe()


def advice_request(body: bytearray, dialect: Dialect, keys: KeyRing) -> tuple[bytearray, Expected]:
    """The opened advice with a fresh MAC. Raises LinkFault K-01 without keys."""
    message = codec.decode(bytearray(body), dialect)
    message.wipe()
    return with_mac(body, keys), expected_of(message)


def sign_on_request(
    operator: str, stan: int, profile: AcquirerProfile, dialect: Dialect
) -> tuple[bytearray, Expected]:
    """A 0800 that asks for working keys."""
    serial = (dialect.device_serial or profile.terminal).encode()
    message = _admin(dialect.sign_on_message, dialect.key_scheme, stan, profile, dialect)
    message.fields[62] = (b"Sequence No%02d" % len(serial) + serial).hex()
    message.fields[63] = operator_field(operator)
    return codec.encode(message, dialect), expected_of(message)


def echo_request(
    stan: int, profile: AcquirerProfile, dialect: Dialect
) -> tuple[bytearray, Expected]:
    """A message that wants nothing but an answer."""
    message = _admin(dialect.echo_message, dialect.echo_code, stan, profile, dialect)
    return codec.encode(message, dialect), expected_of(message)


def sign_off_request(
    stan: int, profile: AcquirerProfile, dialect: Dialect
) -> tuple[bytearray, Expected]:
    """A message that ends the day; the working keys are worthless after it."""
    message = _admin(dialect.sign_off_message, dialect.sign_off_code, stan, profile, dialect)
    return codec.encode(message, dialect), expected_of(message)


def pin_key(message: Message, keys: KeyRing) -> PinKey:
    """Install the working keys of a sign-on answer. Raises LinkFault K-01."""
    try:
        return keys.install(bytes.fromhex(message.fields.get(62, "")))
    finally:
        message.fields.pop(62, None)


def answer_of(message: Message, dialect: Dialect) -> Answer:
    """What may be kept of an answer, with everything odd in its texts left out.

    Raises LinkFault N-07 where there is no usable code in field 39.
    """
    code = message.fields.get(39, "")
    if not (len(code) == 2 and code.isascii() and code.isalnum()):
        raise LinkFault("N-07", "field 39")
    banks = message.fields.get(dialect.banks_field, "")
    return Answer(
        code=code,
        rrn=_plain(message.fields.get(37, "")),
        auth_code=_plain(message.fields.get(38, "")),
        host_at=_host_at(message),
        issuer=_plain(banks[:11]),
        acquirer=_plain(banks[11:22]),
        remark=_plain(message.fields.get(dialect.remark_field, "")[dialect.remark_skips :]),
        code_set=dialect.code_set,
    )


def balance_of(message: Message, expected: Expected) -> Money | None:
    """The balance that an enquiry asked for; None where field 54 does not hold it."""
    minor = balance_in(message.fields.get(BALANCE_FIELD, ""), expected.balance_in)
    found = [money for money in CURRENCIES.values() if money.number == expected.balance_in]
    return None if minor is None or not found else Money(minor, found[0])


def ahead_seconds(message: Message, now: datetime) -> float | None:
    """How far the bank's clock is ahead of `now`, which is local time as the bank's is.

    None where the message does not tell the time. The bank names no year: the nearest is meant.
    """
    told = _host_at(message)
    if len(told) != HOST_TIME_DIGITS:
        return None
    month, day, hour, minute, second = (int(told[at : at + 2]) for at in range(0, len(told), 2))
    distances = []
    for year in (now.year - 1, now.year, now.year + 1):
        try:
            then = datetime(year, month, day, hour, minute, second, tzinfo=now.tzinfo)
        except ValueError:
            continue  # no such day, or not in that year
        distances.append((then - now).total_seconds())
    return min(distances, key=abs, default=None)


def account_for_pin(card: Card) -> Hidden:
    """The twelve digits that a PIN block binds to: the rightmost without the check digit."""
    return Hidden(bytearray(card.pan.reveal()[-13:-1]).rjust(12, b"0"))


def fingerprint(card: Card, key: bytes) -> str:
    """A keyed hash of the card number in hex: equal for the same card, worthless without the key."""
    return hmac.digest(key, card.pan.reveal(), "sha256").hex()


def _codes(request: SaleRequest, dialect: Dialect) -> KindCodes:
    return dialect.codes_of(request.kind.value)


def _sale_fields(
    request: SaleRequest, profile: AcquirerProfile, dialect: Dialect
) -> dict[int, str]:
    """What the payment and its reversal have in common, but for the card number."""
    codes = _codes(request, dialect)
    fields = {
        3: codes.code,
        11: f"{request.stan:06d}",
        22: ENTRY_CODES[request.card.entry] + ("1" if request.pin is not None else "2"),
        25: codes.condition,
        41: profile.terminal,
        42: profile.merchant,
        49: request.amount.currency.number,
        60: _payment_kind(codes.kind, request.batch, dialect),
    }
    if KINDS[request.kind].lane is not Lane.ENQUIRY:
        fields[4] = f"{request.amount.minor:012d}"
    if request.card.expiry:
        fields[14] = request.card.expiry
    if dialect.send_local_time:
        fields[12], fields[13] = f"{request.at:%H%M%S}", f"{request.at:%m%d}"
    if dialect.send_operator:
        fields[63] = operator_field(request.operator)
    return fields | repeated_fields(request, dialect)


def _add_card(message: Message, request: SaleRequest, dialect: Dialect) -> None:
    """Copies of number and tracks, which the codec writes into the message and we then wipe."""
    card = request.card
    if card.track2 is not None and len(card.track2.reveal()) <= MAX_TRACK2:
        message.card[35] = bytearray(card.track2.reveal())
    if dialect.send_track3 and card.track3 is not None:
        track3 = card.track3.reveal()
        if len(track3) <= MAX_TRACK3 and all(0x30 <= character <= 0x3F for character in track3):
            message.card[36] = bytearray(track3)
    if dialect.send_pan_with_track2 or 35 not in message.card:
        message.card[2] = bytearray(card.pan.reveal())


def _payment_kind(kind: str, batch: int, dialect: Dialect) -> str:
    """Field 60 of a payment, as much of it as this acquirer wants."""
    whole = dialect.composed(
        "payment",
        kind=kind,
        batch=f"{batch:06d}",
        reader=dialect.reader_capability,
        account=dialect.account_type,
    )
    return whole[: dialect.f60_digits or None]


def _admin(
    mti: str, network_code: str, stan: int, profile: AcquirerProfile, dialect: Dialect
) -> Message:
    fields = {
        11: f"{stan:06d}",
        41: profile.terminal,
        42: profile.merchant,
        60: dialect.composed("admin", batch=f"{NO_BATCH:06d}", network=network_code),
    }
    return Message(mti, fields)


def expected_of(request: Message) -> Expected:
    """What an answer to this must repeat."""
    fields = request.fields
    mti = f"{int(request.mti) + 10:04d}"
    return Expected(mti, fields[11], fields[41], fields[42], fields.get(3, ""), fields.get(4, ""))


def with_mac(body: bytearray, keys: KeyRing) -> bytearray:
    """The body with a fresh MAC in its last field; wiped where there are no keys (LinkFault K-01)."""
    try:
        with memoryview(body) as whole:
            whole[-codec.MAC_BYTES :] = keys.mac(whole[: -codec.MAC_BYTES])
    except LinkFault:
        codec.wipe(body)
        raise
    return body


def operator_field(name: str) -> str:
    """Who asks, in the three characters of field 63."""
    return "".join(filter(str.isalnum, name.encode("ascii", "ignore").decode()))[:3].ljust(3)


def _host_at(message: Message) -> str:
    """MMDDhhmmss where the bank sent both halves of it."""
    date, time = message.fields.get(13, ""), message.fields.get(12, "")
    return date + time if date and time else ""


def _plain(text: str) -> str:
    """Printable characters only, without the spaces around: these texts reach screen and slip."""
    return "".join(filter(str.isprintable, text)).strip()
