"""An acquirer as the protocol describes it: accounts, one row a trace number, reversals, keys.

Written from the description of the protocol, not from the till's code nor from the training
acquirer. It speaks of requests and answers; what the line makes of them is told in `line`.

- A financial request under a trace number that its batch knows is answered 94.
- A reversal finds its original by terminal, batch and trace number. Booked: it is undone, 00, and
  what it had done to an earlier payment is undone with it. Undone already, or unknown: 25, and an
  original that comes after its own reversal is refused. Another amount: 64. Declined before: 25,
  at some acquirers 01.
- Repeated reversals count once.
- A void, a completion and a refund name an earlier payment by batch and trace number, or by the
  acquirer's own number, and come from the same card; each of them is let once, see `LETS`.
- An advice is booked when it comes first, and answered 94 from then on; one that was refused is
  refused again.
- Without working keys, or with other ones, nothing but a sign-on is dealt with (77, A0), and the
  answer carries no MAC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.safety.simulation.settling import Settling

NO_KEYS = 0
NOBODY = (0, 0, "")
BOOKED = {"charged", "held", "done", "given back"}
COMPLETION_PERCENT = 115


@dataclass(slots=True)
class Request:
    """What the till says to the acquirer; `keys` names the working keys of MAC and PIN.

    `original` is batch, trace number and the acquirer's own number of an earlier payment.
    """

    kind: str
    terminal: str
    stan: int
    batch: int = 0
    amount: int = 0
    keys: int = NO_KEYS
    pin: bytes | None = None
    card: str = ""
    original: tuple[int, int, str] = NOBODY
    body: Any = None


@dataclass(slots=True)
class Reply:
    """What the acquirer says, or what the line made of it."""

    kind: str
    terminal: str
    stan: int
    amount: int
    code: str
    mac: str = "right"
    rrn: str = ""
    auth_code: str = ""
    host_at: str = ""
    is_garbled: bool = False
    keys: int = NO_KEYS
    body: Any = None


@dataclass(slots=True)
class Row:
    """One transaction in the acquirer's book; `before` is what the earlier payment was before it."""

    state: str
    amount: int
    kind: str = ""
    card: str = ""
    rrn: str = ""
    reversals: int = 0
    code: str = ""
    given: int = 0
    original: Row | None = None
    before: str = ""
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Lets:
    """What a kind becomes in the book, which earlier payment it needs, and what that becomes."""

    to: str
    of: frozenset[str] = frozenset()
    needs: str = ""
    makes: str = ""


CHARGES = frozenset({"sale", "completion", "completion advice"})
LETS = {
    "sale": Lets("charged"),
    "preauth": Lets("held"),
    "void": Lets("done", CHARGES, "charged", "voided"),
    "refund": Lets("given back", CHARGES, "charged"),
    "preauth void": Lets("done", frozenset({"preauth"}), "held", "released"),
    "completion": Lets("charged", frozenset({"preauth"}), "held", "completed"),
    "completion advice": Lets("charged", frozenset({"preauth"}), "held", "completed"),
    "completion void": Lets("done", CHARGES, "charged", "voided"),
    "balance": Lets(""),
}
ADVICES = frozenset({"refund", "completion advice"})
UNSIGNED = frozenset({"sign on", "echo", "totals", "rows", "end"})
"""What carries no MAC."""
WHOLE_BATCH = frozenset({"void", "completion void"})
"""What is let only while the batch of the earlier payment is open."""


def pin_block(keys: int, *, is_right: bool) -> bytes:
    """What a pad hands out in the simulation: whose key it is under, and whether it is right."""
    return keys.to_bytes(7, "big") + bytes([is_right])


class Acquirer:
    """The book and the keys of one acquirer."""

    def __init__(self, dice: Random, at: Callable[[], str]) -> None:
        self._dice = dice
        self._at = at
        self.declined_reversal = dice.choices(["25", "12", "01"], [88, 10, 2])[0]
        self.keys = NO_KEYS
        self._keys_given = NO_KEYS
        self._answered = 0
        self.book: dict[tuple[str, int, int], Row] = {}
        self._by_rrn: dict[str, Row] = {}
        self.settling = Settling(Random(dice.random()), self.book)
        self.reversal_trouble: list[str] = []
        self.wrong_key_pins = 0
        self.serves: dict[str, Callable[[Request], Reply]] = {
            "reversal": self._reversal,
            "sign on": self._sign_on,
            "echo": lambda request: self._reply(request, "00"),
            "totals": self._step_of_a_batch,
            "rows": self._step_of_a_batch,
            "end": self._step_of_a_batch,
        } | dict.fromkeys(LETS, self._payment)

    def hear(self, request: Request) -> Reply:
        """Deal with a request that arrived."""
        if request.kind not in UNSIGNED:
            if self.keys == NO_KEYS:
                return self._reply(request, "77", mac="missing")
            if request.keys != self.keys:
                return self._reply(request, "A0", mac="missing")
        return self.serves[request.kind](request)

    def forget_keys(self) -> None:
        """A restart, or a key change that the till has not heard of; the book stays."""
        self.keys = NO_KEYS

    def asked_by_telephone(self, place: tuple[str, int, int]) -> bool:
        """Whether that payment stands; one that never came is refused from now on.

        What stands for a part only is taken back while the shop is on the telephone.
        """
        row = self.book.setdefault(place, Row("never came", 0))
        if row.state in BOOKED and row.code == "10":
            self._undo(row)
        return row.state in BOOKED

    def _payment(self, request: Request) -> Reply:
        place = (request.terminal, request.batch, request.stan)
        known = self.book.get(place)
        if known is not None:
            refused = request.kind in ADVICES and known.state == "declined"
            return self._reply(request, known.code if refused else "94")
        original = self._original(request) if LETS[request.kind].of else None
        code, amount = self._judge(request)
        if code in {"00", "10", "11"}:
            code = self._why_not(request, original) or code
        lets = LETS[request.kind]
        is_booked = code in {"00", "10", "11"}
        if request.kind == "balance" or (request.kind in ADVICES and code in {"68", "91", "96"}):
            # An acquirer in trouble has booked nothing, and takes the same advice again.
            return self._reply(request, code)
        reply = self._reply(request, code, amount=amount)
        reply.auth_code = f"{self._answered % 1_000_000:06}" if is_booked else ""
        row = Row(lets.to if is_booked else "declined", amount, request.kind, request.card)
        row.code, row.rrn, row.original = code, reply.rrn, original
        self.book[place] = self._by_rrn[reply.rrn] = row
        if is_booked and original is not None:
            row.before = original.state
            original.state = lets.makes or original.state
            original.given += amount if request.kind == "refund" else 0
            if request.kind == "completion void" and original.original is not None:
                original.original.state = "held"
        return reply

    def _original(self, request: Request) -> Row | None:
        batch, stan, rrn = request.original
        row = self.book.get((request.terminal, batch, stan)) if stan else self._by_rrn.get(rrn)
        return row if row is not None and row.rrn == rrn else None

    def _why_not(self, request: Request, original: Row | None) -> str:
        """The code that refuses what refers to an earlier payment; '' where it is let."""
        lets = LETS[request.kind]
        if not lets.of:
            return ""
        if original is None or original.kind not in lets.of or original.card != request.card:
            return "25"
        if original.state != lets.needs:
            return "12"
        if request.kind in WHOLE_BATCH and original.is_settled:
            return "22"
        if request.kind == "refund":
            return "64" if original.given + request.amount > original.amount else ""
        if lets.to == "charged":
            limit = original.amount * COMPLETION_PERCENT // 100
            return "64" if request.amount > limit else ""
        return "64" if request.amount != original.amount or original.given else ""

    def _judge(self, request: Request) -> tuple[str, int]:
        if request.pin is not None and request.pin != pin_block(request.keys, is_right=True):
            if request.pin[:7] != request.keys.to_bytes(7, "big"):
                self.wrong_key_pins += 1
            return "55", request.amount
        roll = self._dice.random()
        if roll < 0.86 or (request.kind in ADVICES and roll < 0.96):
            return ("11" if roll < 0.02 else "00"), request.amount
        if roll < 0.88 and request.amount > 1 and not LETS[request.kind].of:
            return "10", request.amount // 2
        code = self._dice.choice(["51", "05", "61", "54", "91", "96", "68", "75", "41", "Z9", "30"])
        return code, request.amount

    def _reversal(self, request: Request) -> Reply:
        if self.reversal_trouble:
            return self._reply(request, self.reversal_trouble.pop())
        place = (request.terminal, request.batch, request.stan)
        row = self.book.setdefault(place, Row("never came", request.amount))
        row.reversals += 1
        if row.state in BOOKED:
            # An approval for a part is undone whole: the request says what was asked for.
            if request.amount != row.amount and row.code != "10":
                return self._reply(request, "64")
            self._undo(row)
            return self._reply(request, "00")
        return self._reply(request, self.declined_reversal if row.state == "declined" else "25")

    def _undo(self, row: Row) -> None:
        row.state = "reversed"
        if row.original is not None:
            row.original.state = row.before
            if row.kind == "completion void" and row.original.original is not None:
                row.original.original.state = "completed"

    def _step_of_a_batch(self, request: Request) -> Reply:
        reply = self._reply(request, "00", mac="missing")
        settling, batch, body = self.settling, request.batch, request.body
        if request.kind == "totals":
            reply.body = settling.totals(request.terminal, batch, body)
        elif request.kind == "rows":
            reply.body = [
                settling.row(
                    request.terminal,
                    batch,
                    stan,
                    amount,
                    Row("charged", amount, "sale", card, rrn=reply.rrn),
                )
                for stan, amount, card in body
            ]
        else:
            reply.body = settling.end(request.terminal, batch, was_compared=body)
        return reply

    def _sign_on(self, request: Request) -> Reply:
        self._keys_given += 1
        self.keys = self._keys_given
        reply = self._reply(request, "00", mac="missing")
        reply.keys = self.keys
        return reply

    def _reply(
        self, request: Request, code: str, *, mac: str = "right", amount: int | None = None
    ) -> Reply:
        self._answered += 1
        return Reply(
            request.kind,
            request.terminal,
            request.stan,
            request.amount if amount is None else amount,
            code,
            mac,
            rrn=f"{self._answered:012}",
            host_at=self._at(),
        )
