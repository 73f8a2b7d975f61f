"""Bugs that could creep into link, codec and channel; the hostile acquirer must notice each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from acquirer import answers, channel, codec, keys, link
from acquirer.answers import Mac
from acquirer.channel import Channel
from acquirer.codec import Message
from acquirer.dialect import Dialect
from acquirer.messages import Expected
from tests.safety import attacks
from tests.safety.hostile_acquirer import HASTY_SECONDS, played, strangers_get_nothing

MOST_TRIES = 600
Planted = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Bug:
    """A mutation of the product, and the attacks that should bring it to light."""

    name: str
    planted: Planted
    kinds: tuple[attacks.Kind, ...]

    def is_caught(self) -> bool:
        """Plant it, attack, and look whether anybody complains."""
        with self.planted():
            if not self.kinds:
                return strangers_get_nothing() != ""
            result = played(attacks.of(*self.kinds), MOST_TRIES, until_wrong=True)
        return bool(result.wrong)


def mac_ignored(when: Callable[[Message, Dialect], bool]) -> Planted:
    """Judge as if the MAC were right, for some answers."""
    judge = answers.judge

    def careless(message: Message, mac: Mac, expected: Expected, dialect: Dialect) -> Any:
        chosen = Mac.RIGHT if when(message, dialect) else mac
        return judge(message, chosen, expected, dialect)

    return lambda: patch.object(link, "judge", careless)


def _is_positive(message: Message, dialect: Dialect) -> bool:
    return message.fields.get(39) in dialect.approved_codes


def mac_of_reversals_ignored() -> AbstractContextManager[Any]:
    """Every reply carries a right MAC; sales are still judged by the real one."""
    mac_of, judge = link.mac_of, answers.judge
    real: list[Mac] = []

    def careless(*words: Any) -> Mac:
        real[:] = [mac_of(*words)]
        return Mac.RIGHT

    def careful(message: Message, _: Mac, expected: Expected, dialect: Dialect) -> Any:
        return judge(message, real[0], expected, dialect)

    return patch.multiple(link, mac_of=careless, judge=careful)


def missing_mac_is_right() -> AbstractContextManager[Any]:
    """A message without field 64 counts as one whose MAC fits."""
    mac_of = link.mac_of

    def careless(*words: Any) -> Mac:
        mac = mac_of(*words)
        return Mac.RIGHT if mac is Mac.MISSING else mac

    return patch.object(link, "mac_of", careless)


def half_a_mac() -> AbstractContextManager[Any]:
    """Compare the first four of its eight bytes."""
    compare = keys.hmac.compare_digest
    return patch.object(keys.hmac, "compare_digest", lambda one, other: compare(one[:4], other[:4]))


def identity_ignored(number: int) -> Planted:
    """Do not compare one of MTI (0), 11, 41 and 42."""
    names = {11: "stan", 41: "terminal", 42: "merchant"}

    def careless(self: Expected, message: Message) -> bool:
        if number != 0 and message.mti != self.mti:
            return False
        return all(
            message.fields.get(field) == getattr(self, name)
            for field, name in names.items()
            if field != number
        )

    return lambda: patch.object(Expected, "is_answered_by", careless)


def payment_ignored(number: int, *, absent_only: bool = False) -> Planted:
    """Do not compare processing code (3) or amount (4), or let them be absent from approvals."""

    def careless(self: Expected, message: Message, *, must_be_there: bool) -> bool:
        for field, wanted in ((3, self.code), (4, self.amount)):
            given = message.fields.get(field)
            if given == wanted or (given is None and not must_be_there):
                continue
            if field != number or (absent_only and given is not None):
                return False
        return True

    return lambda: patch.object(Expected, "agrees_with", careless)


def no_length_cap() -> AbstractContextManager[Any]:
    """Wait for as many bytes as the length word promises."""
    return patch.object(codec, "MAX_MESSAGE", 1 << 16)


def any_key_will_do() -> AbstractContextManager[Any]:
    """Trust every certificate."""
    return patch.object(channel, "_must_be_pinned", lambda *_: None)


def any_flood_will_do() -> AbstractContextManager[Any]:
    """Skip answers of others without end."""
    return patch.object(link, "MAX_FOREIGN", 1 << 16)


@contextmanager
def deadline_restarts() -> Iterator[None]:
    """Let every byte that arrives stretch the wait."""
    wait = Channel._wait

    def patient(self: Channel, on: Any, deadline: float, *, writing: bool) -> None:
        wait(self, on, self._clock.monotonic() + HASTY_SECONDS, writing=writing)

    with patch.object(Channel, "_wait", patient):
        yield


def codes_ignored(name: str) -> Planted:
    """Take an answer that settles nothing for a decline: 68, or 94."""
    judge = answers.judge

    def careless(message: Message, mac: Mac, expected: Expected, dialect: Dialect) -> Any:
        if message.fields.get(39) == name:
            message.fields[39] = "05"
        return judge(message, mac, expected, dialect)

    return lambda: patch.object(link, "judge", careless)


BUGS = (
    Bug("MAC unchecked on approvals", mac_ignored(_is_positive), (attacks.wrong_mac,)),
    Bug(
        "MAC unchecked on declines",
        mac_ignored(lambda message, dialect: not _is_positive(message, dialect)),
        (attacks.wrong_mac,),
    ),
    Bug("MAC unchecked on reversals", mac_of_reversals_ignored, (attacks.false_reversal,)),
    Bug("a missing MAC is right", missing_mac_is_right, (attacks.wrong_mac,)),
    Bug("half of the MAC compared", half_a_mac, (attacks.nearly_right_mac,)),
    Bug("message type not compared", identity_ignored(0), (attacks.foreign,)),
    Bug("trace number not compared", identity_ignored(11), (attacks.foreign,)),
    Bug("terminal not compared", identity_ignored(41), (attacks.foreign,)),
    Bug("shop not compared", identity_ignored(42), (attacks.foreign,)),
    Bug("processing code not compared", payment_ignored(3), (attacks.other_payment,)),
    Bug("amount not compared", payment_ignored(4), (attacks.other_payment,)),
    Bug("absent amount let pass", payment_ignored(4, absent_only=True), (attacks.other_payment,)),
    Bug("length cap removed", no_length_cap, (attacks.oversized,)),
    Bug("pin check removed", any_key_will_do, ()),
    Bug("flood of others waited out", any_flood_will_do, (attacks.flood,)),
    Bug("each byte restarts the deadline", deadline_restarts, (attacks.dripped,)),
    Bug("68 taken for a decline", codes_ignored("68"), (attacks.undecided,)),
    Bug("94 taken for a decline", codes_ignored("94"), (attacks.undecided,)),
)
