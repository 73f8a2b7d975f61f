"""The line between till and acquirer: what is lost, late, doubled or spoiled on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.safety.simulation.acquirer import LETS, Acquirer, Reply, Request

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
FINANCIAL = frozenset({*LETS, "reversal"})


class Line:
    """The network. `state` is 'up', 'cut' (nothing leaves) or 'dead' (it leaves and is lost)."""

    def __init__(self, acquirer: Acquirer, dice: Random, trace: Callable[[str], None]) -> None:
        self.acquirer = acquirer
        self._dice = dice
        self._trace = trace
        self.state = "up"
        self.fault_rate = 0.0
        self.often: tuple[str, ...] = ()
        self.spoiled_at = 0.0
        """When line or bank last kept a message from its right answer."""
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
        if fault or (request.kind == "reversal" and self.acquirer.reversal_trouble):
            self.spoiled_at = now
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
        is_usual = not self.often or self._dice.random() < 0.5
        fault = self._dice.choice(FAULTS if is_usual else self.often)
        self._trace(f"line: {fault}")
        return fault

    def _heard(self, request: Request, fault: str) -> Reply:
        acquirer = self.acquirer
        if fault == "keys forgotten":
            acquirer.forget_keys()
        elif fault.startswith("code ") and request.kind in FINANCIAL:
            mac = "missing" if fault == "code A0" else "right"
            return Reply(
                request.kind, request.terminal, request.stan, request.amount, fault[5:], mac
            )
        elif fault == "sent twice" and request.kind in LETS:
            acquirer.hear(request)
        return acquirer.hear(request)

    def _returned(
        self, reply: Reply, request: Request, back: float, fault: str
    ) -> list[tuple[float, Reply]]:
        """The answer as it comes out of the line."""
        old = self._old
        if reply.kind in FINANCIAL:
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
                # Never so much that an approval for a part would look like one for the whole.
                reply.amount += 3
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
