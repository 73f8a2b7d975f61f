"""A link of the till in the simulation: requests and answers by the rules of the protocol.

`SimLink` stands in for acquirer.link.Link at the level of requests and answers, by the rules of
the protocol's description (which answer is ours, which is trusted, what silence means).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from acquirer.link import BatchCall, PinKey, SaleRequest
from domain.batch import (
    BankRow,
    BatchRow,
    BatchTotals,
    Ended,
    RowsTaken,
    RowVerdict,
    RowWord,
    TotalsAnswered,
    Verdict,
)
from domain.card import Card, Hidden
from domain.faults import LinkFault, NoAnswer, NotSent
from domain.money import Money
from domain.sale import (
    Answer,
    Approved,
    Declined,
    Reason,
    SendFailed,
    SentTwice,
    Unanswered,
)
from tests.safety.simulation.acquirer import NO_KEYS, NOBODY, Reply, Request
from tests.safety.simulation.agenda import Fuse, Workshop
from tests.safety.simulation.batches import added
from tests.safety.simulation.line import Line

APPROVED = frozenset({"00", "10", "11", "A2", "A4", "A5", "A6"})
SIGN_ON = frozenset({"77", "99", "A0"})
UNKNOWN = frozenset({"68"})
TEMPORARY = frozenset({"68", "77", "90", "91", "92", "96", "98", "99", "A0", "A7"})
CONNECT = 0.02


class SimLink:
    """A link of one run of the till; its keys die with it."""

    def __init__(
        self, line: Line, shop: Workshop, fuse: Fuse, watcher: Any, terminal: str, patience: float
    ) -> None:
        self._line = line
        self._shop = shop
        self._fuse = fuse
        self._watcher = watcher
        self._terminal = terminal
        self._patience = patience
        self._keys = NO_KEYS
        self._armed = (0, NO_KEYS)
        self.reversal_accepted = frozenset({"00", "25", "12"})
        self.approved_codes = APPROVED | {"94"}
        self.temporary_codes = TEMPORARY
        self.keeps_for_upload = True
        self.upload_rows = 8
        self.uploads_always = False
        self.ahead_seconds: float | None = None
        self.code_set = "unionpay"
        self.demand = "0"
        self.foreign_answers = 0
        line.hang_up()

    @property
    def has_keys(self) -> bool:
        return self._keys != NO_KEYS

    def fingerprint(self, card: Card) -> str:
        return card.remembered.masked

    def account_for_pin(self, card: Card) -> Hidden:
        return Hidden(card.pan.reveal()[-13:-1])

    def arm(self, request: SaleRequest) -> bytes:
        self._armed = (request.sale, self._keys)
        return self.record(request)

    def record(self, request: SaleRequest) -> bytes:
        said = self._request(request)
        row = (request.sale, said.kind, said.stan, said.batch, said.amount)
        sealed = json.dumps([row, said.card, said.original]).encode()
        self._watcher.armed(request, sealed)
        return sealed

    def prepare(self, request: SaleRequest) -> None:
        self._armed = (request.sale, self._keys)
        self._watcher.prepared(request)

    def is_uploaded(self, verdict: Verdict) -> bool:
        return self.uploads_always or verdict is not Verdict.BALANCED

    def settle(
        self, call: BatchCall, domestic: BatchTotals, foreign: BatchTotals
    ) -> TotalsAnswered:
        told = added(domestic, foreign)
        is_same, ours = self._batch_step("totals", call, told)
        verdict = Verdict.BALANCED if is_same else Verdict.NOT_BALANCED
        bank = BatchTotals(
            ours[0], Money(ours[1], call.currency), ours[2], Money(ours[3], call.currency)
        )
        return TotalsAnswered(verdict, bank)

    def upload(self, call: BatchCall, rows: Sequence[tuple[BatchRow, bytes]]) -> RowsTaken:
        said = []
        for row, sealed in rows:
            (number, _, stan, _, _), card, _ = json.loads(sealed)
            if (number, stan) != (row.sale, row.stan):
                raise NotSent("K-01")
            said.append((row.stan, row.amount.minor, card))
        answers = self._batch_step("rows", call, said)
        words = tuple(
            RowVerdict(row.stan, RowWord(word), Money(minor, call.currency))
            for (row, _), (word, minor) in zip(rows, answers, strict=True)
        )
        return RowsTaken(len(rows), words)

    def end_batch(self, call: BatchCall, sent: int, *, balanced: bool) -> Ended:
        alone = self._batch_step("end", call, bool(sent))
        return Ended(
            tuple(
                BankRow(stan, Money(minor, call.currency), is_credit)
                for stan, minor, is_credit in alone
            )
        )

    def _batch_step(self, kind: str, call: BatchCall, body: Any) -> Any:
        self._fuse.passing(f"link: {kind}")
        self._watcher.settling(kind, call.batch, call.stan, body)
        asked = Request(kind, self._terminal, call.stan, call.batch, body=body)
        reply = self._exchange(asked, 10.0)
        if reply.amount != asked.amount:
            raise NoAnswer("N-07")
        self._fuse.passing(f"link: {kind} answered")
        return reply.body

    def ask(
        self, request: SaleRequest, on_sent: Callable[[], None]
    ) -> Approved | Declined | Unanswered | SentTwice | SendFailed:
        if request.pin and self._armed != (request.sale, self._keys):
            return SendFailed("K-01")
        self._fuse.passing("link: ask")
        self._watcher.asking(request)
        shop = self._shop
        shop.spend(CONNECT)
        asked = self._request(request)
        asked.keys, asked.pin = self._keys, request.pin.block if request.pin else None
        answers = self._line.exchange(asked, shop.cursor)
        if answers is None:
            return SendFailed("N-04")
        self._watcher.sent(request)
        on_sent()
        self._fuse.passing("link: sent")
        event = self._event(asked, answers, shop.cursor + self._patience)
        if isinstance(event, SentTwice):
            self._watcher.told_twice(request)
        if isinstance(event, Unanswered):
            self._line.hang_up()
        if isinstance(event, Unanswered) and event.reason is Reason.WRONG_MAC:
            self._keys = NO_KEYS
        if event.answer is not None and event.answer.code in SIGN_ON:
            self._keys = NO_KEYS
        self._fuse.passing("link: answered")
        if asked.kind == "balance" and isinstance(event, Approved):
            return replace(event, balance=Money(1_234_56, request.amount.currency))
        return event

    def reverse(self, sealed: bytes, sale: int, reason: Reason) -> Answer:
        self._fuse.passing("link: reverse")
        self._watcher.reversing(sealed, sale, reason)
        asked = self._opened(sealed, sale)
        asked.kind = "reversal"
        answer = self._answered(asked)
        self._fuse.passing("link: reversed")
        return answer

    def tell(self, sealed: bytes, sale: int) -> Answer:
        self._fuse.passing("link: tell")
        self._watcher.telling(sealed, sale)
        answer = self._answered(self._opened(sealed, sale))
        self._fuse.passing("link: told")
        return answer

    def sign_on(self, operator: str, stan: int) -> PinKey:
        self._fuse.passing("link: sign on")
        reply = self._exchange(Request("sign on", self._terminal, stan), 10.0)
        if reply.code != "00" or not reply.keys:
            raise LinkFault("K-01")
        self._keys = reply.keys
        return PinKey(reply.keys.to_bytes(16, "big"), reply.keys.to_bytes(4, "big"))

    @property
    def wants_sign_on(self) -> bool:
        return not self.has_keys

    def sign_off(self, stan: int) -> None:
        self._keys = NO_KEYS

    def echo(self, stan: int) -> float:
        self._fuse.passing("link: echo")
        began = self._shop.cursor
        self._exchange(Request("echo", self._terminal, stan), 10.0)
        return self._shop.cursor - began

    def stop(self) -> None:
        pass

    def close(self) -> None:
        self._keys = NO_KEYS

    def _request(self, request: SaleRequest) -> Request:
        facts = request.original
        return Request(
            request.kind.value,
            self._terminal,
            request.stan,
            request.batch,
            request.amount.minor,
            card=self.fingerprint(request.card),
            original=(facts.batch, facts.stan, facts.rrn) if facts else NOBODY,
        )

    def _opened(self, sealed: bytes, sale: int) -> Request:
        (number, kind, stan, batch, amount), card, original = json.loads(sealed)
        if number != sale or self._keys == NO_KEYS:
            raise NotSent("K-01")
        said = Request(kind, self._terminal, stan, batch, amount, self._keys, card=card)
        said.original = tuple(original)
        return said

    def _answered(self, asked: Request) -> Answer:
        """The answer to what may be repeated, where it can be relied upon."""
        reply = self._exchange(asked, 10.0)
        if reply.amount != asked.amount:
            raise NoAnswer("N-07")
        if reply.code in SIGN_ON or reply.mac != "right":
            self._keys = NO_KEYS
            raise NoAnswer("N-08")
        if reply.code in UNKNOWN:
            raise NoAnswer("N-06")
        return answer_in(reply)

    def _exchange(self, asked: Request, seconds: float) -> Reply:
        shop = self._shop
        shop.spend(CONNECT)
        answers = self._line.exchange(asked, shop.cursor)
        if answers is None:
            raise NotSent("N-04")
        self._fuse.passing("link: sent")
        deadline = shop.cursor + seconds
        for when, reply in answers:
            if when > deadline:
                break
            shop.cursor = max(shop.cursor, when)
            if reply.is_garbled:
                self._line.hang_up()
                raise NoAnswer("N-07")
            if is_ours(reply, asked):
                return reply
            self.foreign_answers += 1
        shop.cursor = deadline
        self._line.hang_up()
        raise NoAnswer("N-06")

    def _event(
        self, asked: Request, answers: list[tuple[float, Reply]], deadline: float
    ) -> Approved | Declined | Unanswered | SentTwice:
        shop = self._shop
        for when, reply in answers:
            if when > deadline:
                break
            shop.cursor = max(shop.cursor, when)
            if reply.is_garbled:
                return Unanswered(Reason.OTHER, "N-07")
            if is_ours(reply, asked):
                return judged(reply, asked)
            self.foreign_answers += 1
        shop.cursor = deadline
        return Unanswered(Reason.NO_ANSWER, "N-06")


def is_ours(reply: Reply, asked: Request) -> bool:
    """Rule 1: message type, trace number and terminal."""
    return (reply.kind, reply.terminal, reply.stan) == (asked.kind, asked.terminal, asked.stan)


def judged(reply: Reply, asked: Request) -> Approved | Declined | Unanswered | SentTwice:
    """Rules 2 to 8."""
    answer = answer_in(reply)
    if reply.code == "94":
        return SentTwice(answer)
    if reply.amount != asked.amount:
        return Unanswered(Reason.OTHER, "N-07", answer)
    if reply.mac != "right":
        return Unanswered(Reason.WRONG_MAC, "N-08", answer)
    if reply.code in UNKNOWN:
        return Unanswered(Reason.NO_ANSWER, "N-06", answer)
    return Approved(answer) if reply.code in APPROVED else Declined(answer)


def answer_in(reply: Reply) -> Answer:
    return Answer(reply.code, reply.rrn, reply.auth_code, reply.host_at)
