"""An acquirer as the protocol describes it: accounts, one row a trace number, reversals, keys.

Written from the description of the protocol, not from the till's code nor from the training
acquirer. It speaks of requests and answers; what the line makes of them is told in `line`.

- A financial request under a trace number that the open batch knows is answered 94.
- A reversal finds its original by terminal, batch and trace number. Charged: it is undone, 00.
  Undone already, or unknown: 25, and an original that comes after its own reversal is refused.
  Another amount: 64. Declined before: 25, at some acquirers 01.
- Repeated reversals count once.
- Without working keys, or with other ones, nothing but a sign-on is dealt with (77, A0), and the
  answer carries no MAC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

NO_KEYS = 0


@dataclass(slots=True)
class Request:
    """What the till says to the acquirer; `keys` names the working keys of MAC and PIN."""

    kind: str
    terminal: str
    stan: int
    batch: int = 0
    amount: int = 0
    keys: int = NO_KEYS
    pin: bytes | None = None
    reason: str = ""


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


@dataclass(slots=True)
class Row:
    """One transaction in the acquirer's book."""

    state: str
    amount: int
    reversals: int = 0
    code: str = ""


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
        self.reversal_trouble: list[str] = []
        self.wrong_key_pins = 0
        self.serves: dict[str, Callable[[Request], Reply]] = {
            "sale": self._sale,
            "reversal": self._reversal,
            "sign on": self._sign_on,
            "echo": lambda request: self._reply(request, "00"),
        }

    def hear(self, request: Request) -> Reply:
        """Deal with a request that arrived."""
        if request.kind not in {"sign on", "echo"}:
            if self.keys == NO_KEYS:
                return self._reply(request, "77", mac="missing")
            if request.keys != self.keys:
                return self._reply(request, "A0", mac="missing")
        return self.serves[request.kind](request)

    def forget_keys(self) -> None:
        """A restart, or a key change that the till has not heard of; the book stays."""
        self.keys = NO_KEYS

    @property
    def charged(self) -> dict[tuple[str, int, int], int]:
        """What is charged now: place in the book to amount."""
        return {place: row.amount for place, row in self.book.items() if row.state == "charged"}

    def _sale(self, request: Request) -> Reply:
        place = (request.terminal, request.batch, request.stan)
        if place in self.book:
            return self._reply(request, "94")
        code, amount = self._judge(request)
        state = "charged" if code in {"00", "11", "10"} else "declined"
        self.book[place] = Row(state, amount, code=code)
        auth = f"{self._answered % 1_000_000:06}" if state == "charged" else ""
        return self._reply(request, code, amount=amount, auth_code=auth)

    def _judge(self, request: Request) -> tuple[str, int]:
        if request.pin is not None and request.pin != pin_block(request.keys, is_right=True):
            if request.pin[:7] != request.keys.to_bytes(7, "big"):
                self.wrong_key_pins += 1
            return "55", request.amount
        roll = self._dice.random()
        if roll < 0.86:
            return ("11" if roll < 0.02 else "00"), request.amount
        if roll < 0.88 and request.amount > 1:
            return "10", request.amount // 2
        code = self._dice.choice(["51", "05", "61", "54", "91", "96", "68", "75", "41", "Z9", "30"])
        return code, request.amount

    def _reversal(self, request: Request) -> Reply:
        if self.reversal_trouble:
            return self._reply(request, self.reversal_trouble.pop())
        place = (request.terminal, request.batch, request.stan)
        row = self.book.setdefault(place, Row("never came", request.amount))
        row.reversals += 1
        if row.state == "charged":
            # An approval for a part is undone whole: the request says what was asked for.
            if request.amount != row.amount and row.code != "10":
                return self._reply(request, "64")
            row.state = "reversed"
            return self._reply(request, "00")
        return self._reply(request, self.declined_reversal if row.state == "declined" else "25")

    def _sign_on(self, request: Request) -> Reply:
        self._keys_given += 1
        self.keys = self._keys_given
        reply = self._reply(request, "00", mac="missing")
        reply.keys = self.keys
        return reply

    def _reply(
        self,
        request: Request,
        code: str,
        *,
        mac: str = "right",
        amount: int | None = None,
        auth_code: str = "",
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
            auth_code=auth_code,
            host_at=self._at(),
        )
