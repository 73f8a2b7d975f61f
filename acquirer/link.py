"""The front door of the acquirer: ask, reverse, tell, sign on, echo, close a batch.

One thread uses a link; `arm`, `record`, `fingerprint` and `account_for_pin` touch neither the
connection nor the keys and may be called from another, `stop` from any. A link consumes no trace
numbers and remembers no payment: both are its caller's.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from typing import NamedTuple

from acquirer import batch_messages, codec, messages
from acquirer.answers import Mac, judge, mac_of
from acquirer.batch_messages import BatchCall
from acquirer.channel import Channel
from acquirer.codec import Envelope, Message
from acquirer.dialect import dialect_for
from acquirer.keys import KeyRing, PinKey, seal, unseal
from acquirer.requests import Expected, SaleRequest
from domain.batch import BatchRow, BatchTotals, Ended, RowsTaken, TotalsAnswered, Verdict
from domain.card import Card, Hidden
from domain.clock import Clock
from domain.faults import LinkFault, NoAnswer, NotSent
from domain.sale import (
    Answer,
    Approved,
    Declined,
    Reason,
    SendFailed,
    SentTwice,
    Unanswered,
)
from domain.settings import AcquirerProfile

__all__ = ["BatchCall", "Link", "PinKey", "SaleRequest"]

SIGN_ON_AGAIN = "3"
MAX_FOREIGN = 100
"""Answers of others that are skipped while waiting; a flood of them is no answer."""


class Link:
    """The acquirer of one profile, as one terminal.

    `terminal_key` is the terminal's master key (TMK), `sealing_key` 32 bytes for what waits on disk,
    `fingerprint_key` as many for the hashes that tell a card again (without one it is drawn from the
    sealing key). Raises SettingsFault C-01 where the profile cannot be spoken.
    """

    def __init__(
        self,
        profile: AcquirerProfile,
        clock: Clock,
        terminal_key: bytes,
        sealing_key: bytes,
        fingerprint_key: bytes = b"",
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._dialect = dialect_for(profile)
        self._envelope = Envelope(
            bytes.fromhex(self._dialect.tpdu), bytes.fromhex(self._dialect.header)
        )
        self._keys = KeyRing(terminal_key, self._dialect.mac)
        self._sealing_key = sealing_key
        self._fingerprint_key = fingerprint_key or hmac.digest(
            sealing_key, b"card fingerprint", "sha256"
        )
        self._channel = Channel(profile, clock, self._dialect)
        self._armed = (0, 0)
        self.demand = "0"
        """What the acquirer's last header wants done next ('3': sign on again); '0' is nothing."""
        self.ahead_seconds: float | None = None
        """How far the acquirer's clock is ahead of ours, by its last answer that told the time."""
        self.foreign_answers = 0
        """How many answers that were not ours have been skipped, for the log."""

    @property
    def has_keys(self) -> bool:
        """Whether payments can be sent; False asks for a sign-on."""
        return self._keys.has_keys

    @property
    def wants_sign_on(self) -> bool:
        """Whether new working keys are due: there are none, or the acquirer asks for others."""
        return not self._keys.has_keys or self.demand == SIGN_ON_AGAIN

    @property
    def reversal_accepted(self) -> frozenset[str]:
        """Codes on a reversal that say: nothing is charged."""
        return self._dialect.reversal_accepted

    @property
    def temporary_codes(self) -> frozenset[str]:
        """Codes of an acquirer in trouble: on a reversal or an advice they settle nothing."""
        return self._dialect.temporary_codes

    @property
    def approved_codes(self) -> frozenset[str]:
        """Codes on an advice that say: booked, now or when it came before."""
        return self._dialect.approved_codes | self._dialect.sent_twice_codes

    @property
    def code_set(self) -> str:
        """Which set of codes the bank answers with (domain/response_codes)."""
        return self._dialect.code_set

    @property
    def keeps_for_upload(self) -> bool:
        """Whether what is sealed of a payment is needed until its batch is closed."""
        return self._dialect.upload != "never"

    @property
    def upload_rows(self) -> int:
        """How many rows the acquirer takes at once."""
        return self._dialect.upload_rows

    def is_uploaded(self, verdict: Verdict) -> bool:
        """Whether the rows of a batch are uploaded after that verdict on its totals."""
        rule = self._dialect.upload
        return rule == "always" or (rule == "unbalanced" and verdict is not Verdict.BALANCED)

    def fingerprint(self, card: Card) -> str:
        """By which the card is known again when money goes back to it."""
        return messages.fingerprint(card, self._fingerprint_key)

    def record(self, request: SaleRequest) -> bytes:
        """The sealed advice of something that the bank is told of: commit it, then `tell`."""
        return self._sealed(request, messages.advice_body(request, self._profile, self._dialect))

    def account_for_pin(self, card: Card) -> Hidden:
        """What a PIN pad needs of the card number, to be wiped by the caller."""
        return messages.account_for_pin(card)

    def arm(self, request: SaleRequest) -> bytes:
        """The sealed reversal of a sale that is about to be asked for: commit it first."""
        self.prepare(request)
        return self._sealed(request, messages.reversal_body(request, self._profile, self._dialect))

    def prepare(self, request: SaleRequest) -> None:
        """An enquiry is about to be asked: nothing could undo it, so nothing is sealed."""
        self._armed = (request.sale, self._keys.generation)

    def ask(
        self, request: SaleRequest, on_sent: Callable[[], None]
    ) -> Approved | Declined | Unanswered | SentTwice | SendFailed:
        """Ask the bank, once; never raises a LinkFault.

        `on_sent` is called once, after the last byte went to the socket and before the wait.
        SendFailed K-01 means that keys are missing, or came after the PIN was typed: the bank
        would take that block for a wrong PIN, and count it.
        """
        sale, generation = self._armed
        if request.pin and sale == request.sale and generation != self._keys.generation:
            return SendFailed("K-01")
        try:
            body, expected = messages.sale_request(
                request, self._profile, self._dialect, self._keys
            )
            self._send(body)
        except NoAnswer as fault:
            return Unanswered(Reason.NO_ANSWER, fault.fault.code)
        except LinkFault as fault:
            return SendFailed(fault.fault.code)
        on_sent()
        deadline = self._clock.monotonic() + self._profile.answer_seconds
        event = self._awaited_event(expected, deadline)
        answer = event.answer
        if answer is not None and answer.code in self._dialect.sign_on_codes:
            self._keys.forget()
        if isinstance(event, Unanswered):
            self._channel.drop()
            if event.reason is Reason.WRONG_MAC:
                self._keys.forget()
        return event

    def reverse(self, sealed: bytes, sale: int, reason: Reason) -> Answer:
        """Send the sealed reversal, with a fresh MAC and the trace number of old.

        Raises NotSent (K-01 without keys or where the seal does not open) and NoAnswer: N-06, or
        N-07 and N-08 for an answer that cannot be used. It may always be repeated.
        """
        body = self._opened(sealed, sale)
        try:
            body, expected = messages.reversal_request(body, reason, self._dialect, self._keys)
        except LinkFault as fault:
            codec.wipe(body)
            raise NotSent(fault.fault.code, fault.detail) from None
        return self._answered(body, expected, self._dialect.reversal_accepted)

    def tell(self, sealed: bytes, sale: int) -> Answer:
        """Send the sealed advice, with a fresh MAC and the trace number of old.

        Raises as `reverse` does. It may always be repeated: the bank knows it by its trace number.
        """
        body = self._opened(sealed, sale)
        try:
            body, expected = messages.advice_request(body, self._dialect, self._keys)
        except LinkFault as fault:
            codec.wipe(body)
            raise NotSent(fault.fault.code, fault.detail) from None
        return self._answered(body, expected, self.approved_codes)

    def settle(
        self, call: BatchCall, domestic: BatchTotals, foreign: BatchTotals
    ) -> TotalsAnswered:
        """Tell the totals of a batch and hear the verdict.

        Raises as `reverse` does, as the other two steps do. Each of the three may be repeated.
        """
        body, expected = batch_messages.totals_request(
            call, domestic, foreign, self._profile, self._dialect
        )
        reply = self._batch_answer(body, expected)
        code = reply.message.fields.get(39, "")
        return batch_messages.totals_answered(
            code, reply.listed, domestic + foreign, call.currency, self._dialect
        )

    def upload(self, call: BatchCall, rows: Sequence[tuple[BatchRow, bytes]]) -> RowsTaken:
        """Send rows of a batch, each with its sealed message."""
        body, expected = batch_messages.rows_request(
            call,
            [row for row, _ in rows],
            lambda place: self._opened(rows[place][1], rows[place][0].sale),
            self._profile,
            self._dialect,
        )
        reply = self._batch_answer(body, expected, must_be_good=True)
        return batch_messages.rows_answered(reply.listed, len(rows), call.currency, self._dialect)

    def end_batch(self, call: BatchCall, sent: int, *, balanced: bool) -> Ended:
        """Close the batch at the acquirer, after so many rows."""
        body, expected = batch_messages.end_request(
            call, sent, self._profile, self._dialect, balanced=balanced
        )
        reply = self._batch_answer(body, expected, must_be_good=True)
        return batch_messages.end_answered(reply.listed, call.currency, self._dialect)

    def sign_on(self, operator: str, stan: int) -> PinKey:
        """Fetch working keys: all of them, or none. Raises LinkFault; K-01 for a refusal too."""
        body, expected = messages.sign_on_request(operator, stan, self._profile, self._dialect)
        reply = self._exchange(body, expected)
        answer = messages.answer_of(reply.message, self._dialect)
        if answer.code not in self._dialect.approved_codes:
            raise LinkFault("K-01", f"code {answer.code}")
        pin_key = messages.pin_key(reply.message, self._keys)
        if self.demand == SIGN_ON_AGAIN:
            self.demand = "0"
        return pin_key

    def sign_off(self, stan: int) -> None:
        """Say good-bye on a connection that is open, and forget the keys. Raises LinkFault."""
        if not (self._keys.has_keys and self._channel.is_open):
            return
        self._keys.forget()
        body, expected = messages.sign_off_request(stan, self._profile, self._dialect)
        self._exchange(body, expected)

    def echo(self, stan: int) -> float:
        """Seconds of one round trip, connecting included where need be. Raises LinkFault."""
        body, expected = messages.echo_request(stan, self._profile, self._dialect)
        began = self._clock.monotonic()
        self._exchange(body, expected)
        return self._clock.monotonic() - began

    def stop(self) -> None:
        """End a blocked call and refuse all that follow. From any thread."""
        self._channel.stop()

    def close(self) -> None:
        """Let go of the connection and the keys."""
        self._channel.close()
        self._keys.forget()

    def _sealed(self, request: SaleRequest, body: bytearray) -> bytes:
        try:
            return seal(self._sealing_key, request.sale, body)
        finally:
            codec.wipe(body)

    def _opened(self, sealed: bytes, sale: int) -> bytearray:
        try:
            return unseal(self._sealing_key, sale, sealed)
        except LinkFault as fault:
            raise NotSent(fault.fault.code, fault.detail) from None

    def _answered(self, body: bytearray, expected: Expected, good: frozenset[str]) -> Answer:
        """The answer to something repeatable, if it can be relied upon; see `reverse`."""
        reply = self._exchange(body, expected)
        if not expected.agrees_with(reply.message, must_be_there=False):
            raise NoAnswer("N-07", "the answer is about another amount")
        answer = messages.answer_of(reply.message, self._dialect)
        if answer.code in self._dialect.sign_on_codes:
            self._keys.forget()
            raise NoAnswer("N-08", f"code {answer.code}")
        tolerated = reply.mac is Mac.MISSING and self._dialect.declines_may_lack_mac
        if reply.mac is not Mac.RIGHT and (answer.code in good or not tolerated):
            self._keys.forget()
            raise NoAnswer("N-08", "MAC of the answer")
        if answer.code in self._dialect.unknown_codes:
            raise NoAnswer("N-06", f"code {answer.code}")
        return answer

    def _batch_answer(
        self, body: bytearray, expected: Expected, *, must_be_good: bool = False
    ) -> _Reply:
        """The answer to a step of closing a batch; a good one has an approving code, or none."""
        if self._dialect.batch_mac:
            try:
                body = messages.with_mac(body, self._keys)
            except LinkFault as fault:
                raise NotSent(fault.fault.code, fault.detail) from None
        reply = self._exchange(body, expected, may_lack_code=True)
        code = reply.message.fields.get(39, "")
        if code in self._dialect.sign_on_codes or (
            self._dialect.batch_mac and reply.mac is not Mac.RIGHT
        ):
            self._keys.forget()
            raise NoAnswer("N-08", f"code {code}")
        if code in self._dialect.temporary_codes | self._dialect.unknown_codes:
            raise NoAnswer("N-06", f"code {code}")
        if must_be_good and code and code not in self._dialect.approved_codes:
            raise NoAnswer("N-07", f"code {code}")
        return reply

    def _exchange(
        self, body: bytearray, expected: Expected, *, may_lack_code: bool = False
    ) -> _Reply:
        """Send something that may be repeated, and wait for its answer.

        Raises NotSent and NoAnswer only: whatever comes that is no answer leaves us without one.
        """
        self._send(body)
        deadline = self._clock.monotonic() + self._profile.reversal_seconds
        try:
            for _ in range(MAX_FOREIGN):
                reply = self._received(deadline)
                if expected.is_answered_by(reply.message):
                    if not may_lack_code:
                        messages.answer_of(reply.message, self._dialect)
                    return reply
                self.foreign_answers += 1
        except NoAnswer:
            raise
        except LinkFault as fault:
            self._channel.drop()
            raise NoAnswer(fault.fault.code, fault.detail) from None
        self._channel.drop()
        raise NoAnswer("N-07", "answers of others only")

    def _awaited_event(
        self, expected: Expected, deadline: float
    ) -> Approved | Declined | Unanswered | SentTwice:
        try:
            for _ in range(MAX_FOREIGN):
                reply = self._received(deadline)
                event = judge(reply.message, reply.mac, expected, self._dialect)
                if event is not None:
                    return event
                self.foreign_answers += 1
        except NoAnswer:
            return Unanswered(Reason.NO_ANSWER, "N-06")
        except LinkFault:
            return Unanswered(Reason.OTHER, "N-07")
        return Unanswered(Reason.OTHER, "N-07")

    def _send(self, body: bytearray) -> None:
        """Frame, send, and wipe both buffers."""
        wire = bytearray()
        try:
            wire = codec.frame(self._envelope, body, self._dialect)
            self._channel.send(wire)
        finally:
            codec.wipe(body)
            codec.wipe(wire)

    def _received(self, deadline: float) -> _Reply:
        """One message, without what it may say of a card. Raises NoAnswer, LinkFault N-07."""
        payload = self._channel.receive(deadline)
        body = bytearray()
        try:
            envelope, body = codec.unframe(payload, self._dialect)
            mac = mac_of(body, self._keys, self._dialect)
            message = codec.decode(body, self._dialect)
            listed = bytearray(message.card.get(batch_messages.LIST, b""))
            message.wipe()
        finally:
            codec.wipe(payload)
            codec.wipe(body)
        self.demand = envelope.demand
        ahead = messages.ahead_seconds(message, self._clock.now().astimezone())
        self.ahead_seconds = self.ahead_seconds if ahead is None else ahead
        return _Reply(message, mac, listed)


class _Reply(NamedTuple):
    message: Message
    mac: Mac
    listed: bytearray
    """What field 48 lists, for the answers to a batch."""
