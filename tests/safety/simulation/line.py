"""The line between till and acquirer, and a link on it: what is lost, late, doubled or spoiled.

`SimLink` stands in for acquirer.link.Link at the level of requests and answers, by the rules of
the protocol's description (which answer is ours, which is trusted, what silence means). Days on
the real link and codec are those of `wire`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from acquirer.link import PinKey, SaleRequest
from domain.card import Card, Hidden
from domain.faults import LinkFault, NoAnswer, NotSent
from domain.sale import (
    TEMPORARY,
    Answer,
    Approved,
    Declined,
    Reason,
    SendFailed,
    SentTwice,
    Unanswered,
)
from tests.safety.simulation.acquirer import NO_KEYS, Acquirer, Reply, Request
from tests.safety.simulation.agenda import Fuse, Workshop

REQUEST_FAULTS = ("request lost", "late request", "doubled request", "refused")
ANSWER_FAULTS = (
    "answer lost",
    "late answer",
    "doubled answer",
    "foreign answer",
    "wrong MAC",
    "no MAC",
    "garbage",
    "other amount",
)
BANK_FAULTS = ("keys forgotten", "sent twice", "code 91", "code 96", "code A0")
FAULTS = REQUEST_FAULTS + ANSWER_FAULTS + BANK_FAULTS
APPROVED = frozenset({"00", "10", "11", "A2", "A4", "A5", "A6"})
SIGN_ON = frozenset({"77", "99", "A0"})
UNKNOWN = frozenset({"68"})
CONNECT = 0.02


class Line:
    """The network. `state` is 'up', 'cut' (nothing leaves) or 'dead' (it leaves and is lost)."""

    def __init__(self, acquirer: Acquirer, dice: Random, trace: Callable[[str], None]) -> None:
        self.acquirer = acquirer
        self._dice = dice
        self._trace = trace
        self.state = "up"
        self.fault_rate = 0.0
        self.faults = 0
        self._late: list[tuple[float, Request]] = []
        self._left: list[Reply] = []
        self._old: list[Reply] = []

    def exchange(self, request: Request, now: float) -> list[tuple[float, Reply]] | None:
        """What comes back, and when; None where not one byte left."""
        self._let_late_ones_arrive(now)
        if self.state == "cut":
            return None
        fault = self._drawn()
        if fault == "refused":
            return None
        arrives = now + self._dice.uniform(0.03, 0.4)
        left, self._left = self._left, []
        heard = [(now, reply) for reply in left]
        if self.state == "dead" or fault == "request lost":
            return heard
        if fault == "late request":
            self._late.append((now + self._dice.uniform(0.5, 120.0), request))
            return heard
        reply = self._heard(request, fault)
        back = arrives + self._dice.uniform(0.03, 1.5)
        return heard + self._returned(reply, request, back, fault)

    def hang_up(self) -> None:
        """What was still under way on this connection is never read."""
        self._left.clear()

    def _drawn(self) -> str:
        if self._dice.random() >= self.fault_rate:
            return ""
        self.faults += 1
        fault = self._dice.choice(FAULTS)
        self._trace(f"line: {fault}")
        return fault

    def _heard(self, request: Request, fault: str) -> Reply:
        acquirer = self.acquirer
        if fault == "keys forgotten":
            acquirer.forget_keys()
        elif fault.startswith("code ") and request.kind in {"sale", "reversal"}:
            mac = "missing" if fault == "code A0" else "right"
            return Reply(
                request.kind, request.terminal, request.stan, request.amount, fault[5:], mac
            )
        elif fault == "sent twice" and request.kind == "sale":
            acquirer.hear(request)
        return acquirer.hear(request)

    def _returned(
        self, reply: Reply, request: Request, back: float, fault: str
    ) -> list[tuple[float, Reply]]:
        """The answer as it comes out of the line."""
        old = self._old
        if reply.kind in {"sale", "reversal"}:
            old.append(replace(reply))
            del old[:-20]
        match fault:
            case "answer lost":
                return []
            case "late answer":
                return [(back + 200.0, reply)]
            case "doubled answer":
                self._left.append(replace(reply))
            case "doubled request":
                self._left.append(self.acquirer.hear(request))
            case "foreign answer" if len(old) > 1:
                return [(back - 0.01, replace(self._dice.choice(old[:-1]))), (back, reply)]
            case "wrong MAC":
                reply.mac = "wrong"
            case "no MAC":
                reply.mac = "missing"
            case "garbage":
                reply.is_garbled = True
            case "other amount":
                reply.amount += 1
            case _:
                pass
        return [(back, reply)]

    def _let_late_ones_arrive(self, now: float) -> None:
        due = [(when, request) for when, request in self._late if when <= now]
        if due:
            self._late = [(when, request) for when, request in self._late if when > now]
            for _, request in sorted(due, key=lambda late: late[0]):
                self._trace(f"line: {request.kind} {request.stan} arrives late")
                self.acquirer.hear(request)

    def let_all_arrive(self) -> None:
        """At the end of the day nothing is under way any more."""
        self._let_late_ones_arrive(float("inf"))


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
        self.temporary_codes = TEMPORARY
        self.ahead_seconds: float | None = None
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
        sealed = f"{request.sale}|{request.stan}|{request.batch}|{request.amount.minor}".encode()
        self._watcher.armed(request, sealed)
        return sealed

    def ask(
        self, request: SaleRequest, on_sent: Callable[[], None]
    ) -> Approved | Declined | Unanswered | SentTwice | SendFailed:
        if request.pin and self._armed != (request.sale, self._keys):
            return SendFailed("K-01")
        self._fuse.passing("link: ask")
        self._watcher.asking(request)
        shop = self._shop
        shop.spend(CONNECT)
        asked = Request(
            "sale",
            self._terminal,
            request.stan,
            request.batch,
            request.amount.minor,
            self._keys,
            request.pin.block if request.pin else None,
        )
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
        return event

    def reverse(self, sealed: bytes, sale: int, reason: Reason) -> Answer:
        self._fuse.passing("link: reverse")
        self._watcher.reversing(sealed, sale, reason)
        number, stan, batch, amount = map(int, sealed.split(b"|"))
        if number != sale or self._keys == NO_KEYS:
            raise NotSent("K-01")
        asked = Request("reversal", self._terminal, stan, batch, amount, self._keys)
        reply = self._exchange(asked, 10.0)
        if reply.amount != amount:
            raise NoAnswer("N-07")
        if reply.code in SIGN_ON or reply.mac != "right":
            self._keys = NO_KEYS
            raise NoAnswer("N-08")
        if reply.code in UNKNOWN:
            raise NoAnswer("N-06")
        self._fuse.passing("link: reversed")
        return answer_in(reply)

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
