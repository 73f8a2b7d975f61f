"""An acquirer that lies, against the real link over real TLS: no wrong answer is ever taken.

Each try is one message that a hostile or broken acquirer could send. A try goes wrong where the
link takes it for an approval, a decline or an accepted reversal, waits beyond its deadline, or
raises anything but our own faults. Genuine answers stand between them, and must be taken.

Known and not tried: UnionPay's MAC folds all blocks by XOR, so that whoever may change two blocks
of one message alike is not found by it. The pinned TLS around it is what keeps him out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from acquirer.codec import Message
from acquirer.link import Link, SaleRequest
from acquirer.simulator import SERVER_NAME, _certificate
from domain.clock import SystemClock
from domain.faults import TillError
from domain.money import Money
from domain.sale import Approved, Declined, EncryptedPin, Reason, SentTwice
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe
from tests.acquirer.conftest import MAC_KEY, SEALING_KEY, TERMINAL_KEY, TRACK2, ScriptedAcquirer

SEED = 20261122
WAIT_SECONDS = 20.0
"""For answers that come: long, so that a busy machine fails no try."""
HASTY_SECONDS = 0.03
SLACK_SECONDS = 3.0
"""How much later than its deadline a busy machine may return."""
OTHER_KEY = bytes.fromhex("0123456789ABCDEF")
AT = datetime(2026, 11, 22, 14, 32, 7, tzinfo=UTC)
MERCHANT, TERMINAL = "310290053110478", "31060218"

Forge = Callable[[Message, ScriptedAcquirer], list[bytes] | None]
"""What is sent for a request, in pieces; None closes the connection."""


@dataclass(frozen=True, slots=True)
class Attack:
    """What is sent for one request, and how many tries that is.

    `ends_well` says that the genuine answer is among what is sent, and must be taken; `fault`
    which fault must be told instead, where any would not do.
    """

    name: str
    forge: Forge
    tries: int = 1
    ends_well: bool = False
    hasty: bool = False
    reversal: bool = False
    code: str = "00"
    fault: str = ""


@dataclass(slots=True)
class Result:
    """What the tries came to; `wrong` names the first of each kind."""

    tries: int = 0
    genuine: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    grown_bytes: int = 0


class Front:
    """One link, and the acquirer that lies to it."""

    def __init__(self, bank: ScriptedAcquirer, profile: AcquirerProfile) -> None:
        self.bank = bank
        self.profile = profile
        self.link = Link(profile, SystemClock(), TERMINAL_KEY, SEALING_KEY)
        self._stan = 0

    def request(self, minor: int = 0, stan: int = 0) -> SaleRequest:
        """A payment that nobody asked for before, unless its numbers are given."""
        self._stan = self._stan % 900_000 + 1
        card = read_stripe(bytearray(f";{TRACK2}?".encode()))
        number = stan or self._stan
        amount = Money(minor or 1000 + number)
        pin = EncryptedPin(b"PINBLOCK")
        return SaleRequest(number, amount, card, pin, number, 7, AT, "01")

    def play(self, attack: Attack) -> str:
        """One attack; what is wrong with how the link took it, or nothing."""
        if not self.link.has_keys:
            self.link.sign_on("01", 1)
        seconds = HASTY_SECONDS if attack.hasty else WAIT_SECONDS
        self.link._profile = replace(self.profile, answer_seconds=seconds, reversal_seconds=seconds)
        self.bank.script[:] = [lambda message: attack.forge(message, self.bank)]
        request = self.request()
        began = time.monotonic()
        try:
            taken = self._reversed(request) if attack.reversal else self._asked(request)
        except TillError as fault:
            taken = fault.fault.code
        except Exception as error:  # noqa: BLE001  # exactly that must never come
            return f"{attack.name}: raised {type(error).__name__}"
        if time.monotonic() - began > seconds + SLACK_SECONDS:
            return f"{attack.name}: waited {time.monotonic() - began:.1f} s"
        wanted = ("taken " + attack.code) if attack.ends_well else ""
        if taken.startswith("taken") != attack.ends_well or not taken.startswith(wanted):
            return f"{attack.name}: {taken} where {wanted or 'nothing'} was right"
        if attack.fault and taken != attack.fault:
            return f"{attack.name}: {taken} where {attack.fault} was right"
        return ""

    def _asked(self, request: SaleRequest) -> str:
        self.link.arm(request)
        event = self.link.ask(request, lambda: None)
        if isinstance(event, Approved | Declined):
            return f"taken {event.answer.code}"
        return "" if isinstance(event, SentTwice) else event.fault

    def _reversed(self, request: SaleRequest) -> str:
        sealed = self.link.arm(request)
        answer = self.link.reverse(sealed, request.sale, Reason.NO_ANSWER)
        return f"taken {answer.code}"


@contextmanager
def front(*, stranger: bool = False) -> Iterator[Front]:
    """A link and its acquirer, on this machine; the stranger shows another key than the pinned."""
    with TemporaryDirectory(prefix="tillwright-hostile-") as folder:
        bank = ScriptedAcquirer(_certificate(Path(folder) / "bank.pem"))
        pin = "ab" * 32 if stranger else bank.pin_sha256
        profile = AcquirerProfile(
            host="127.0.0.1",
            port=bank.port,
            pin_sha256=pin,
            server_name=SERVER_NAME,
            terminal=TERMINAL,
            merchant=MERCHANT,
            connect_seconds=WAIT_SECONDS,
        )
        made = Front(bank, profile)
        try:
            yield made
        finally:
            made.link.close()
            bank.close()


def strangers_get_nothing() -> str:
    """A server with another key than the pinned one is told nothing at all."""
    with front(stranger=True) as made:
        request = made.request()
        made.link.arm(request)
        try:
            made.link.sign_on("01", 1)
        except TillError as fault:
            made.link._keys._mac_key = MAC_KEY
            event = made.link.ask(request, lambda: None)
            trusted = fault.fault.code != "N-05" or isinstance(event, Approved | Declined)
        else:
            trusted = True
        return "a stranger was trusted" if trusted or made.bank.received else ""


def played(
    attacks: Iterator[Attack],
    tries: int,
    *,
    seconds: float = float("inf"),
    until_wrong: bool = False,
) -> Result:
    """Attacks until there were so many tries, or the time is over."""
    began = time.monotonic()
    result = Result()
    with front() as made:
        for attack in attacks:
            if result.tries >= tries or time.monotonic() - began > seconds:
                break
            wrong = made.play(attack)
            result.tries += attack.tries
            result.genuine += attack.ends_well and not wrong
            if wrong:
                result.wrong.append(wrong)
                if until_wrong:
                    break
            made.bank.received.clear()
            made.bank.requests.clear()
            del made.bank._open[:-1]
            if result.tries >= 1000 and not result.grown_bytes:
                result.grown_bytes = -resident_bytes()
    if result.grown_bytes:
        result.grown_bytes += resident_bytes()
    result.seconds = time.monotonic() - began
    return result


def resident_bytes() -> int:
    """Memory that this process holds now; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * 4096


def dice() -> random.Random:
    """The seed of every attack."""
    return random.Random(SEED)
