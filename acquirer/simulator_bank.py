"""The training acquirer's mind: what it answers to a message, and which faults it plays.

Written from the acquirer's side of the protocol: it verifies the MAC and the PIN for real, refuses
what it has seen before, and books before it answers.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from acquirer import codec
from acquirer.codec import Envelope, Message
from acquirer.keys import MAC_KEY_BYTES, MACS, is_weak
from acquirer.simulator_accounts import ACCOUNTS, MAX_WRONG_PINS, Account
from acquirer.simulator_givebacks import (
    REFUND,
    VOID,
    original_of,
    refusal,
    rows_of,
    undone,
)
from acquirer.simulator_ledger import (
    BOOKED,
    CHARGED,
    DECLINED,
    NOT_FOUND,
    REVERSED,
    Ledger,
    LedgerRow,
)
from domain.card import luhn_holds
from domain.ciphers import check_value, pin_block_iso0, tdes_decrypt, tdes_encrypt

if TYPE_CHECKING:
    from acquirer.dialect import Dialect
    from domain.clock import Clock


class Fault(StrEnum):
    """What the training acquirer can do wrong; 'lost request' books nothing, 'lost answer' does."""

    LOST_REQUEST = "lost request"
    LOST_ANSWER = "lost answer"
    LATE = "late"
    DROPPED_BEFORE = "dropped before"
    DROPPED_AFTER = "dropped after"
    WRONG_MAC = "wrong mac"
    NO_MAC = "no mac"
    GARBAGE = "garbage"
    HALF_AMOUNT = "half amount"
    FOREIGN_FIRST = "foreign first"


PAYMENTS = frozenset({"01", "02", "04"})
"""How the types of messages begin that carry a MAC."""
BEFORE_BOOKING = frozenset({Fault.LOST_REQUEST, Fault.DROPPED_BEFORE})

FAULT_AMOUNTS = {
    70: (Fault.NO_MAC, "The payment is booked, and the answer carries no MAC."),
    71: (Fault.LOST_REQUEST, "The request is lost: nothing is booked, nothing is answered."),
    72: (Fault.LOST_ANSWER, "The payment is booked, and the answer is lost."),
    73: (Fault.LATE, "The payment is booked, and the answer comes too late."),
    74: (Fault.DROPPED_BEFORE, "The connection drops before anything is booked."),
    75: (Fault.DROPPED_AFTER, "The payment is booked, then the connection drops."),
    76: (Fault.WRONG_MAC, "The payment is booked, and the answer's MAC is wrong."),
    77: (Fault.GARBAGE, "The payment is booked, and the answer is garbage."),
    78: (Fault.HALF_AMOUNT, "The answer approves half the amount only."),
    79: (Fault.FOREIGN_FIRST, "The answer to another request comes before the right one."),
}
"""The last two figures of an amount of at least 1.00 that make the training acquirer fail."""


@dataclass(slots=True)
class WorkingKeys:
    """The keys that one terminal was given at its last sign-on."""

    pin: bytes = field(repr=False)
    mac: bytes = field(repr=False)


@dataclass(slots=True)
class Reply:
    """An answer on its way: frames without their length word, or none, and what to do wrong."""

    payloads: list[bytearray]
    fault: Fault | None = None


class Bank:
    """Accounts, keys and book; calls must not overlap."""

    def __init__(self, ledger: Ledger, dialect: Dialect, clock: Clock, terminal_key: bytes) -> None:
        self._ledger = ledger
        self._dialect = dialect
        self._mac = MACS[dialect.mac]
        self._codes = {kind: dialect.codes_of(kind) for kind in ("sale", VOID, REFUND)}
        self._clock = clock
        self._terminal_key = terminal_key
        self._keys: dict[str, WorkingKeys] = {}
        self._wrong_pins: Counter[str] = Counter()
        self._faults: list[Fault] = []

    def play(self, fault: Fault, times: int) -> None:
        """Do this wrong with the next payments or reversals, whatever their amount."""
        self._faults.extend([fault] * times)

    def forget_keys(self) -> None:
        """As after a restart of the bank: every terminal has to sign on again."""
        self._keys.clear()

    def answer(self, payload: bytearray) -> Reply:
        """What to send back for one frame. Raises LinkFault N-07 for one that is none."""
        envelope, body = codec.unframe(payload, self._dialect)
        signed = bytearray(body)
        message = codec.decode(body, self._dialect)
        try:
            return self._answered(envelope, signed, message)
        finally:
            message.wipe()
            codec.wipe(signed)

    def _answered(self, envelope: Envelope, signed: bytearray, message: Message) -> Reply:
        dialect = self._dialect
        if message.mti in {dialect.sign_on_message, dialect.echo_message, dialect.sign_off_message}:
            return self._reply(envelope, message, self._administered(message))
        refusal = self._refusal_of_mac(signed, message)
        if refusal:
            return self._reply(envelope, message, {39: refusal})
        kind = self._kind_of(message)
        if not kind and message.mti != dialect.reversal_message:
            return self._reply(envelope, message, {39: dialect.training_codes["unsupported"]})
        fault = self._fault_for(message)
        if fault in BEFORE_BOOKING:
            return Reply([], fault)
        booked = self._decided(kind, message) if kind else self._taken_back(message)
        return self._reply(envelope, message, booked, fault)

    def _fault_for(self, message: Message) -> Fault | None:
        if self._faults:
            return self._faults.pop(0)
        amount = int(message.fields.get(4, "0"))
        if self._kind_of(message) == "sale" and amount >= 100:
            return FAULT_AMOUNTS.get(amount % 100, (None, ""))[0]
        return None

    def _administered(self, message: Message) -> dict[int, str]:
        """Sign-on, sign-off and echo, which some dialects tell apart by their code alone."""
        wanted = self._dialect.part("admin", message.fields.get(60, ""), "network")
        if (message.mti, wanted) == (self._dialect.sign_on_message, self._dialect.key_scheme):
            return self._signed_on(message)
        if (message.mti, wanted) == (self._dialect.sign_off_message, self._dialect.sign_off_code):
            self._keys.pop(message.fields[41], None)
        elif wanted != self._dialect.echo_code:
            return {39: "12"}
        return {39: "00"}

    def _signed_on(self, message: Message) -> dict[int, str]:
        """Fresh keys under the terminal's master key: a PIN key, and the shortest MAC key."""
        pin_key = _fresh_key(16)
        mac_key = _fresh_key(MAC_KEY_BYTES[self._dialect.mac][0])
        self._keys[message.fields[41]] = WorkingKeys(pin_key, mac_key)
        wrapped = tdes_encrypt(self._terminal_key, pin_key) + check_value(pin_key)
        wrapped += tdes_encrypt(self._terminal_key, mac_key).ljust(16, b"\0") + check_value(mac_key)
        return {39: "00", 62: wrapped.hex()}

    def _refusal_of_mac(self, signed: bytearray, message: Message) -> str:
        keys = self._keys.get(message.fields.get(41, ""))
        if keys is None:
            return self._dialect.training_codes["keys_missing"]
        given = bytes.fromhex(message.fields.get(64, ""))
        right = hmac.compare_digest(self._mac(keys.mac, signed[:-8]), given)
        return "" if right else self._dialect.training_codes["wrong_mac"]

    def _kind_of(self, message: Message) -> str:
        """Which kind of payment this is; '' for none that we know."""
        fields = message.fields
        said = self._dialect.part("payment", fields.get(60, ""), "kind")
        for kind, codes in self._codes.items():
            same = (message.mti, fields.get(3)) == (codes.message, codes.code)
            if same and fields.get(25) == codes.condition and said in {"", codes.kind}:
                return kind
        return ""

    def _decided(self, kind: str, message: Message) -> dict[int, str]:
        """Decide on a payment and book it."""
        fields = message.fields
        key = self._key_of(message)
        if key in self._ledger.rows:
            return {39: "94"}
        account, masked = _account_in(message)
        original = None
        if kind != "sale":
            original = original_of(kind, message, self._ledger, self._dialect)
        if account is None:
            code = "14"
        elif kind == "sale":
            code = self._judged(account, message)
        else:
            code = self._judged_back(kind, account, original, message)
        row = LedgerRow(
            *key,
            CHARGED if code == "00" else DECLINED,
            int(fields[4]),
            masked,
            f"{self._clock.now():%y%m%d}{(self._ledger.lines + 1) % 1_000_000:06d}",
            code,
            kind=kind,
        )
        is_back = kind != "sale" and code == "00"
        self._ledger.write(*(rows_of(kind, row, original) if is_back else (row,)))
        booked = {39: code, 37: row.rrn, 32: "48213100"}
        if self._dialect.banks_field:
            booked[self._dialect.banks_field] = f"{'01020000':<11}{'48213100':<11}"
        if code == "00":
            booked[38] = f"{secrets.randbelow(900_000) + 100_000}"
            booked[self._dialect.remark_field] = "CUP"[: self._dialect.remark_skips] + "TRAINING"
        return booked

    def _key_of(self, message: Message) -> tuple[str, int, int]:
        """Terminal, batch and trace number. Raises KeyError or ValueError for a message that lacks one."""
        batch = self._dialect.part("payment", message.fields[60], "batch")
        return message.fields[41], int(batch), int(message.fields[11])

    def _judged(self, account: Account, message: Message) -> str:
        """The code for a card that is ours."""
        today = f"{self._clock.now():%y%m}"
        amount = int(message.fields[4])
        if account.code:
            return account.code
        if message.fields.get(14, account.expiry) != account.expiry:
            return "14"
        if account.expiry < today:
            return "54"
        refusal = self._refusal_of_pin(account, message)
        if refusal:
            return refusal
        if amount > account.limit:
            return "61"
        return "51" if amount + self._ledger.spent(account.masked) > account.balance else "00"

    def _judged_back(
        self, kind: str, account: Account, original: LedgerRow | None, message: Message
    ) -> str:
        """The code for money that goes back to a card that is ours; a PIN only where one came."""
        pin = self._refusal_of_pin(account, message) if 52 in message.card else ""
        amount, wrong = int(message.fields[4]), self._dialect.training_codes["wrong_amount"]
        return pin or refusal(kind, original, account.masked, amount, self._ledger, wrong) or "00"

    def _refusal_of_pin(self, account: Account, message: Message) -> str:
        if not account.pin:
            return ""
        if self._wrong_pins[account.masked] >= MAX_WRONG_PINS:
            return "75"
        clear = tdes_decrypt(self._keys[message.fields[41]].pin, message.card.get(52, bytearray(8)))
        digits = bytearray(account.number.encode())
        expected = pin_block_iso0(bytearray(account.pin.encode()), digits[-13:-1].rjust(12, b"0"))
        if hmac.compare_digest(clear, bytes(expected)):
            self._wrong_pins[account.masked] = 0
            return ""
        self._wrong_pins[account.masked] += 1
        return "75" if self._wrong_pins[account.masked] >= MAX_WRONG_PINS else "55"

    def _taken_back(self, message: Message) -> dict[int, str]:
        """Match a reversal with what is booked; a repeated one counts once."""
        fields = message.fields
        key = self._key_of(message)
        row = self._ledger.rows.get(key)
        amount = int(fields[4])
        if row is None:
            _, masked = _account_in(message)
            self._ledger.write(LedgerRow(*key, NOT_FOUND, amount, masked, "", "25", 1))
            return {39: "25"}
        if row.state in {DECLINED, NOT_FOUND}:
            return {39: "25"}
        if row.amount_minor != amount:
            return {39: self._dialect.training_codes["wrong_amount"]}
        if row.state in {CHARGED, REVERSED, BOOKED}:
            self._ledger.reverse(row, *(undone(row, self._ledger) if row.state == BOOKED else ()))
        return {39: "00", 37: row.rrn}

    def _reply(
        self,
        envelope: Envelope,
        request: Message,
        booked: dict[int, str],
        fault: Fault | None = None,
    ) -> Reply:
        now = self._clock.now().astimezone()
        asked = request.fields
        fields: dict[int, str] = {
            number: asked[number] for number in (3, 4, 11, 25, 41, 42, 49) if number in asked
        }
        fields |= {12: f"{now:%H%M%S}", 13: f"{now:%m%d}", 15: f"{now:%m%d}", 32: "48213100"}
        fields |= {60: asked[60]} | booked
        answer = Message(f"{int(request.mti) + 10:04d}", fields)
        if 2 in request.card:
            answer.card[2] = bytearray(request.card[2])
        if fault is Fault.HALF_AMOUNT:
            fields[4] = f"{int(fields[4]) // 2:012d}"
        payloads = [self._sealed(envelope, answer, fault)]
        if fault is Fault.FOREIGN_FIRST:
            answer.fields[11] = f"{int(fields[11]) % 999_999 + 1:06d}"
            payloads.insert(0, self._sealed(envelope, answer, None))
        answer.wipe()
        return Reply(payloads, fault)

    def _sealed(self, envelope: Envelope, answer: Message, fault: Fault | None) -> bytearray:
        """The payload, with a MAC where the message has one and the terminal has keys."""
        keys = self._keys.get(answer.fields[41])
        signs = answer.mti[:2] in PAYMENTS and keys is not None and fault is not Fault.NO_MAC
        answer.fields.pop(64, None)
        if signs:
            answer.fields[64] = "0" * 16
        body = codec.encode(answer, self._dialect)
        if signs and keys is not None:
            mac = self._mac(keys.mac, body[:-8])
            body[-8:] = mac[::-1] if fault is Fault.WRONG_MAC else mac
        return envelope.turned().before(body)


def _fresh_key(size: int) -> bytes:
    """A random DES key with odd parity that no terminal would refuse."""
    while True:
        key = bytes(
            byte & 0xFE | (byte & 0xFE).bit_count() % 2 ^ 1 for byte in secrets.token_bytes(size)
        )
        if not is_weak(key):
            return key


def _account_in(message: Message) -> tuple[Account | None, str]:
    """The account, and the masked number even where there is none."""
    digits = message.card.get(2)
    track2 = message.card.get(35)
    if track2 is not None:
        number = track2[: track2.find(b"=")]
        if digits is not None and digits != number:
            return None, ""
        digits = number
    if digits is None or not 12 <= len(digits) <= 19 or not luhn_holds(digits):
        return None, ""
    masked = f"{digits[:6].decode()}{'*' * (len(digits) - 10)}{digits[-4:].decode()}"
    account = ACCOUNTS.get(masked)
    if account is not None and account.number.encode() != digits:
        return None, masked
    return account, masked
