"""The training acquirer's mind: what it answers to a message, and which faults it plays.

Written from the acquirer's side of the protocol: it verifies the MAC and the PIN for real, refuses
what it has seen before, and books before it answers.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from acquirer import codec
from acquirer.balances import balance_text
from acquirer.codec import Envelope, Message
from acquirer.keys import MAC_KEY_BYTES, MACS, is_weak
from acquirer.simulator_accounts import ACCOUNTS, MAX_WRONG_PINS, Account
from acquirer.simulator_faults import BEFORE_BOOKING, FAILING, FAULT_AMOUNTS, Fault
from acquirer.simulator_givebacks import NAMED_BY, original_of, refusal, rows_of, undone
from acquirer.simulator_ledger import (
    ANSWERED,
    BOOKED,
    CHARGED,
    DECLINED,
    HELD,
    NOT_FOUND,
    REVERSED,
    Ledger,
    LedgerRow,
)
from acquirer.simulator_settlement import FORGOTTEN, Settlement, misbook
from domain.card import luhn_holds
from domain.ciphers import check_value, pin_block_iso0, tdes_decrypt, tdes_encrypt
from domain.kinds import Kind

if TYPE_CHECKING:
    from acquirer.dialect import Dialect
    from domain.clock import Clock


PAYMENTS = frozenset({"01", "02", "04"})
"""How the types of messages begin that carry a MAC."""
STANDS = {Kind.PREAUTH: HELD, Kind.BALANCE: ANSWERED}
"""How an approved payment stands in the book, where it is no charge."""


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
        self._codes = {kind: dialect.codes_of(kind.value) for kind in Kind}
        self._settlement = Settlement(ledger, dialect)
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
        closes_batch = self._settlement.knows(message)
        if not closes_batch or dialect.batch_mac:
            refusal = self._refusal_of_mac(signed, message)
            if refusal:
                return self._reply(envelope, message, {39: refusal})
        if closes_batch:
            return self._of_the_batch(envelope, message)
        kind = self._kind_of(message)
        if kind is None and message.mti != dialect.reversal_message:
            return self._reply(envelope, message, {39: dialect.training_codes["unsupported"]})
        fault = self._fault_for(message)
        if fault in BEFORE_BOOKING:
            return Reply([], fault)
        booked = self._taken_back(message) if kind is None else self._decided(kind, message)
        return self._reply(envelope, message, booked, fault)

    def _of_the_batch(self, envelope: Envelope, message: Message) -> Reply:
        """A step of closing a batch; every fault that is ordered may befall it."""
        fault = self._faults.pop(0) if self._faults else None
        if fault in BEFORE_BOOKING:
            return Reply([], fault)
        return self._reply(envelope, message, self._settlement.answer(message), fault)

    def _fault_for(self, message: Message) -> Fault | None:
        if self._faults:
            return self._faults.pop(0)
        amount = int(message.fields.get(4, "0"))
        if self._kind_of(message) in FAILING and amount >= 100:
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

    def _kind_of(self, message: Message) -> Kind | None:
        """Which kind of payment this is; None for none that we know."""
        fields = message.fields
        said = self._dialect.part("payment", fields.get(60, ""), "kind")
        for kind, codes in self._codes.items():
            same = (message.mti, fields.get(3)) == (codes.message, codes.code)
            if same and fields.get(25) == codes.condition and said in {"", codes.kind}:
                return kind
        return None

    def _decided(self, kind: Kind, message: Message) -> dict[int, str]:
        """Decide on a payment and book it."""
        fields = message.fields
        key = self._key_of(message)
        if key in self._ledger.rows:
            return {39: "94"}
        account, masked = _account_in(message)
        now = self._clock.now().astimezone()
        row = LedgerRow(
            *key,
            DECLINED,
            int(fields.get(4, "0")),
            masked,
            f"{now:%y%m%d}{(self._ledger.lines + 1) % 1_000_000:06d}",
            "14",
            kind=kind.value,
            day=f"{now:%Y-%m-%d}",
        )
        original = None
        if kind in NAMED_BY:
            original = original_of(kind, message, masked, self._ledger, self._dialect)
        if account is not None:
            judged = self._judged_again if kind in NAMED_BY else self._judged
            row = replace(row, code=judged(account, original, row, message))
        code = row.code
        if code == "00":
            row = replace(row, auth_code=f"{secrets.randbelow(900_000) + 100_000}")
        self._write(kind, row, original)
        misbook(self._ledger.rows[key], self._ledger)
        booked = {39: code, 37: row.rrn, 32: "48213100"}
        if self._dialect.banks_field:
            booked[self._dialect.banks_field] = f"{'01020000':<11}{'48213100':<11}"
        if code == "00":
            booked[38] = row.auth_code
            booked[self._dialect.remark_field] = "CUP"[: self._dialect.remark_skips] + "TRAINING"
        if code == "00" and kind is Kind.BALANCE and account is not None:
            left = account.balance - self._ledger.spent(masked)
            booked[54] = balance_text(left, fields[49])
        return booked

    def _write(self, kind: Kind, row: LedgerRow, original: LedgerRow | None) -> None:
        """Book what was decided, with the earlier payment that it changes."""
        if row.code != "00":
            self._ledger.write(row)
        elif original is None:
            self._ledger.write(replace(row, state=STANDS.get(kind, CHARGED)))
        else:
            self._ledger.write(*rows_of(kind, row, original, self._ledger))

    def _key_of(self, message: Message) -> tuple[str, int, int]:
        """Terminal, batch and trace number. Raises KeyError or ValueError for a message that lacks one."""
        batch = self._dialect.part("payment", message.fields[60], "batch")
        return message.fields[41], int(batch), int(message.fields[11])

    def _judged(
        self, account: Account, _: LedgerRow | None, row: LedgerRow, message: Message
    ) -> str:
        """The code for a payment of its own by a card that is ours."""
        today = f"{self._clock.now():%y%m}"
        if account.code:
            return account.code
        if message.fields.get(14, account.expiry) != account.expiry:
            return "14"
        if account.expiry < today:
            return "54"
        refused = self._refusal_of_pin(account, message)
        if refused:
            return refused
        if row.amount_minor > account.limit:
            return "61"
        left = account.balance - self._ledger.spent(account.masked)
        return "51" if row.amount_minor > max(left, 0) else "00"

    def _judged_again(
        self, account: Account, original: LedgerRow | None, row: LedgerRow, message: Message
    ) -> str:
        """The code for one that names an earlier payment; it wants a PIN only where one came."""
        pin = self._refusal_of_pin(account, message) if 52 in message.card else ""
        wrong = self._dialect.training_codes["wrong_amount"]
        kind = Kind(row.kind)
        return pin or refusal(kind, original, row, self._ledger, wrong) or "00"

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
        if row.state in {CHARGED, REVERSED, BOOKED, HELD, FORGOTTEN}:
            stood = row.state != REVERSED
            self._ledger.reverse(row, *(undone(row, self._ledger) if stood else ()))
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
        if fault is Fault.HALF_AMOUNT and 4 in fields:
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
        signs = answer.mti[:2] in PAYMENTS or (
            self._dialect.batch_mac and answer.mti[:2] in {"03", "05"}
        )
        signs = signs and keys is not None and fault is not Fault.NO_MAC
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
