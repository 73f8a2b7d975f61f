"""What a hostile acquirer sends: every kind of lie, in endless variation from one seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from itertools import cycle, pairwise

from acquirer.codec import Message
from tests.acquirer.conftest import MAC_KEY, ScriptedAcquirer
from tests.safety.hostile_acquirer import HASTY_SECONDS, OTHER_KEY, Attack, Forge, dice

FOREIGN_AT_ONCE = 90
"""Answers of others in one go; the link gives up at a hundred."""
OTHER_FIELDS: tuple[dict[int, str | None], ...] = (
    {4: "000000000001"},
    {4: None},
    {3: "200000"},
    {3: None},
)
FOREIGN_FIELDS: tuple[dict[int, str | None], ...] = (
    {11: "999999"},
    {41: "99999999"},
    {42: "999999999999999"},
    {11: None},
    {41: None},
    {42: None},
)
LENGTH_WORDS = (b"\x00\x00", b"\x00\x01", b"\x08\x01", b"\x10\x00", b"\x7f\xff", b"\xff\xff")


def attacks(chance: random.Random | None = None) -> Iterator[Attack]:
    """Endless: each round tries every kind once, with other bytes than the round before."""
    chance = chance or dice()
    while True:
        for kind in KINDS:
            yield kind(chance)


def genuine(chance: random.Random) -> Attack:
    """The positive control: the right answer, in as many pieces as it pleases the network."""
    code = chance.choice(["00", "51", "05", "11"])

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        return torn(bank.answer(message, code), chance)

    return Attack("genuine", forge, ends_well=True, code=code)


def recorded(chance: random.Random) -> Attack:
    """Recorded answers of other payments, each with its right MAC; the genuine one comes last."""
    stans = chance.sample(range(910_000, 999_999), FOREIGN_AT_ONCE)

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        others = [
            bank.answer(
                message,
                chance.choice(["00", "51"]),
                changes={11: f"{stan:06}", 4: f"{1000 + stan:012}"},
            )
            for stan in stans
        ]
        return [b"".join(others), bank.answer(message, "00")]

    return Attack("recorded answers of others", forge, FOREIGN_AT_ONCE, ends_well=True)


def foreign(chance: random.Random) -> Attack:
    """Answers with one identifying field changed, MAC right; the genuine decline comes last."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        others = [bank.answer(message, "00", changes=change) for change in FOREIGN_FIELDS]
        others.append(bank.answer(message, "00", mti="0410"))
        others.append(bank.answer(message, "00", mti="0230"))
        chance.shuffle(others)
        return [*others, bank.answer(message, "51")]

    return Attack("foreign", forge, 8, ends_well=True, code="51")


def other_payment(chance: random.Random) -> Attack:
    """The right trace number, but another amount or kind of payment."""
    change = chance.choice(OTHER_FIELDS)
    return simple("another payment", lambda m, bank: [bank.answer(m, "00", changes=change)])


def wrong_mac(chance: random.Random) -> Attack:
    """An approval or a decline that anybody could have written."""
    mac = chance.choice([None, OTHER_KEY, chance.randbytes(8)])
    code = chance.choice(["00", "11", "51", "55"])
    return simple("wrong MAC", lambda m, bank: [bank.answer(m, code, mac=mac)])


def nearly_right_mac(chance: random.Random) -> Attack:
    """A MAC of which one bit is wrong."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        frame = bytearray(bank.answer(message, "00"))
        frame[-chance.randrange(1, 9)] ^= 1 << chance.randrange(8)
        return [bytes(frame)]

    return Attack("MAC with a wrong bit", forge)


def undecided(chance: random.Random) -> Attack:
    """Codes that settle nothing, MAC right: neither an approval nor a decline."""
    code = chance.choice(["94", "68"])
    return simple("undecided", lambda m, bank: [bank.answer(m, code)])


def flood(chance: random.Random) -> Attack:
    """More answers of others than anybody has: no answer, whatever comes behind them."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        other = bank.answer(message, "00", changes={11: f"{chance.randrange(910_000, 999_999)}"})
        return [other * 150, bank.answer(message, "00")]

    return Attack("flood", forge, 150, fault="N-07")


def flipped(chance: random.Random) -> Attack:
    """The genuine answer with one bit changed behind its header."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        frame = bytearray(bank.answer(message, chance.choice(["00", "51"])))
        bit = chance.randrange(13 * 8, len(frame) * 8)
        frame[bit // 8] ^= 1 << bit % 8
        return [bytes(frame)]

    # A flip in trace number or terminal makes it foreign, and the wait ends by itself.
    return Attack("bit flipped", forge, hasty=True)


def truncated(chance: random.Random) -> Attack:
    """The genuine answer, cut short; then silence, or the end."""
    closes = chance.random() < 0.8

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        frame = bank.answer(message, "00")
        return [frame[: chance.randrange(len(frame))]]

    if not closes:
        return Attack("truncated", forge, hasty=True)
    return Attack("truncated and closed", closing(forge), hasty=True)


def shortened(chance: random.Random) -> Attack:
    """The genuine answer under a length word that is not its own."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        frame = bank.answer(message, "00")
        right = int.from_bytes(frame[:2], "big")
        wrong = chance.choice([n for n in (right - 1, right + 1, right - 8, 11) if n != right])
        return [wrong.to_bytes(2, "big") + frame[2:]]

    return Attack("wrong length", forge, hasty=True)


def oversized(chance: random.Random) -> Attack:
    """A length that no message has, and plenty to go with it."""
    word = chance.choice(LENGTH_WORDS)
    rest = chance.randbytes(64)
    return Attack("oversized", lambda *_: [word + rest], hasty=True, fault="N-07")


def garbage(chance: random.Random) -> Attack:
    """Random bytes in a proper frame."""
    size = chance.choice([1, 10, 21, 60, 200, 2048])
    rest = chance.randbytes(size)
    return simple("garbage", lambda *_: [size.to_bytes(2, "big") + rest], hasty=True)


def garbled_body(chance: random.Random) -> Attack:
    """A proper head, then anything."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        frame = bytearray(bank.answer(message, "00"))
        at = chance.randrange(15, len(frame))
        frame[at:] = chance.randbytes(len(frame) - at)
        return [bytes(frame)]

    return Attack("garbled", forge, hasty=True)


def dripped(chance: random.Random) -> Attack:
    """The genuine answer, a byte now and then: it would be whole long after the deadline."""
    pause = chance.uniform(0.003, 0.006)

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes] | None:
        connection = bank._open[-1]
        for byte in bank.answer(message, "00"):
            connection.sendall(bytes([byte]))
            threading.Event().wait(pause)
        return None

    return Attack("drip-fed", forge, hasty=True)


def late(chance: random.Random) -> Attack:
    """The genuine answer, after its deadline."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        threading.Event().wait(HASTY_SECONDS * chance.uniform(1.5, 3))
        return [bank.answer(message, "00")]

    return Attack("late", forge, hasty=True)


def twice(chance: random.Random) -> Attack:
    """The genuine answer twice; the second must not be taken for the next payment's."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        return [bank.answer(message, "00") * 2]

    return Attack("duplicate", forge, ends_well=True)


def false_reversal(chance: random.Random) -> Attack:
    """An accepted reversal that was never accepted."""
    forge: Forge = chance.choice(
        [
            lambda m, bank: [bank.answer(m, "00", mac=OTHER_KEY)],
            lambda m, bank: [bank.answer(m, "25", mac=None)],
            lambda m, bank: [bank.answer(m, "00", changes={4: "000000000001"})],
            lambda m, bank: [bank.answer(m, "00", changes={39: None})],
            lambda *_: [b"\x00\x20" + b"\xa5" * 32],
        ]
    )
    return Attack("false reversal", forge, reversal=True)


def foreign_reversal(chance: random.Random) -> Attack:
    """Answers to other reversals, and the answer to a sale; the genuine one comes last."""

    def forge(message: Message, bank: ScriptedAcquirer) -> list[bytes]:
        others = [bank.answer(message, "00", changes=change) for change in FOREIGN_FIELDS]
        others.append(bank.answer(message, "00", mti="0210"))
        return [*others, bank.answer(message, "25", mac=MAC_KEY)]

    return Attack("foreign reversal", forge, 7, ends_well=True, reversal=True, code="25")


def simple(name: str, forge: Forge, *, hasty: bool = False) -> Attack:
    """One message that must not be taken."""
    return Attack(name, forge, hasty=hasty)


def closing(forge: Forge) -> Forge:
    """The same pieces, behind which the connection ends."""

    def and_close(message: Message, bank: ScriptedAcquirer) -> list[bytes] | None:
        bank._open[-1].sendall(b"".join(forge(message, bank) or []))
        return None

    return and_close


def torn(frame: bytes, chance: random.Random) -> list[bytes]:
    """A frame in one to four pieces."""
    cuts = sorted(chance.sample(range(1, len(frame)), chance.randrange(4)))
    edges = [0, *cuts, len(frame)]
    return [frame[a:b] for a, b in pairwise(edges)]


Kind = Callable[[random.Random], Attack]
KINDS: tuple[Kind, ...] = (
    genuine,
    recorded,
    foreign,
    other_payment,
    wrong_mac,
    nearly_right_mac,
    undecided,
    flood,
    flipped,
    truncated,
    shortened,
    oversized,
    garbage,
    garbled_body,
    dripped,
    late,
    twice,
    false_reversal,
    foreign_reversal,
)
"""Every kind of attack, each endless in variations."""


def of(*kinds: Kind) -> Iterator[Attack]:
    """Endless attacks of these kinds only, for a link with a planted bug."""
    chance = dice()
    return (kind(chance) for kind in cycle(kinds))
