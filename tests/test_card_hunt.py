"""Guards the one secret that a till must not keep: hunts a canary card in everything it leaves.

After sales of every kind, faults, a kill and a recovery, every file of the till and of its bank,
all that the program said, and its memory while it is idle are searched for the number, the track,
the PIN and its block, in every spelling that a program might leave behind. First six and last four
digits are allowed; one digit more is not.
"""

from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from acquirer.simulator_accounts import ACCOUNTS
from acquirer.training import RunningAcquirer
from domain.ciphers import pin_block_iso0
from tests.books import read_books
from tests.till_process import (
    MANAGER,
    Ended,
    TillProcess,
    start_acquirer,
    write_profile,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

ACCOUNT = next(account for account in ACCOUNTS.values() if account.number == "6225760008219524")
STRIPE = ACCOUNT.stripe
PIN = "927461"
"""Wrong for the account, and like no number that a file holds by chance."""

IDLE_SECONDS = 0.4
LOST_BY_THE_BANK = 128_80
"""Approved, and then missing in the bank's own book: its row is uploaded."""

SALES = """
128.00  123456  approved
128.00  927461  declined
128.75  123456  reversed
128.76  123456  reversed
128.77  123456  reversed
128.70  123456  reversed
"""


def spellings(digits: str) -> dict[str, bytes]:
    """Every way in which digits may lie in a file or in memory."""
    text = digits.encode()
    even = digits if len(digits) % 2 == 0 else digits + "0"
    packed = bytes.fromhex(even)
    found = {
        "ascii": text,
        "reversed": text[::-1],
        "utf-16 little": digits.encode("utf-16-le"),
        "utf-16 big": digits.encode("utf-16-be"),
        "utf-32": digits.encode("utf-32-le"),
        "base64": base64.b64encode(text).rstrip(b"=")[:-1],
        "hex": text.hex().encode(),
        "HEX": text.hex().upper().encode(),
        "spaced": b" ".join(text[place : place + 4] for place in range(0, len(text), 4)),
        "dashed": b"-".join(text[place : place + 4] for place in range(0, len(text), 4)),
    }
    if len(packed) >= 6:
        found |= {"bcd": packed, "bcd, odd": bytes.fromhex(f"0{even}0")[: len(packed) + 1][1:]}
    return found


def canaries() -> dict[str, bytes]:
    """What must not be found, by a name that says what it is."""
    number = ACCOUNT.number
    block = pin_block_iso0(bytearray(PIN.encode()), bytearray(number[-13:-1].encode()))
    right = pin_block_iso0(bytearray(ACCOUNT.pin.encode()), bytearray(number[-13:-1].encode()))
    hunted = {
        "number": number,
        "one digit more than first six": number[:7] + "0",
        "middle": number[6:-4] + number[-4:],
        "track 2": ACCOUNT.track2.partition("=")[2],
        "PIN": PIN,
    }
    named = {f"{what}, {how}": b for what, s in hunted.items() for how, b in spellings(s).items()}
    packed = ACCOUNT.track2.replace("=", "D")
    named["track 2, packed"] = bytes.fromhex(packed + "0" * (len(packed) % 2))
    named["track 2, packed from its middle"] = bytes.fromhex(
        packed[1 : 1 + len(packed) // 2 * 2 - 2]
    )
    for what, clear in (("PIN block", block), ("right PIN block", right)):
        named[what] = bytes(clear)
        named[f"{what}, hex"] = clear.hex().encode()
        named[f"{what}, HEX"] = clear.hex().upper().encode()
    return named


def hits(data: bytes) -> list[str]:
    """The names of the canaries in there."""
    return [name for name, canary in canaries().items() if canary in data]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, RunningAcquirer]]:
    folder = tmp_path_factory.mktemp("hunt") / "bank"
    acquirer = start_acquirer(folder)
    yield folder, acquirer
    acquirer.close()


@pytest.fixture
def cable() -> Iterator[tuple[int, str]]:
    ours, theirs = os.openpty()
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("how", sorted(canaries()))
def test_the_hunter_finds_what_is_planted(how: str) -> None:
    planted = b"\x00\x17 some bytes" + canaries()[how] + b"and more\xff"
    assert how in hits(planted)


def test_the_hunter_lets_first_six_and_last_four_pass() -> None:
    assert hits(b'"622576******9524" 6225 76** **** 9524 **** **** **** 9524') == []


def test_nothing_of_a_card_is_left_by_sales_faults_a_kill_and_a_recovery(
    tmp_path: Path, bank: tuple[Path, RunningAcquirer], cable: tuple[int, str]
) -> None:
    folder, acquirer = bank
    ours, theirs = cable
    data = tmp_path / "data"
    profile = write_profile(tmp_path / "till.toml", acquirer, terminal="HUNTED01", reader=theirs)

    def swipe() -> None:
        os.write(ours, STRIPE.encode() + b"\r")

    said = b""
    ended = []
    for line in SALES.strip().splitlines():
        amount, pin, state = line.split()
        till = TillProcess(data, profile)
        notice = till.sell(int(amount.replace(".", "")), swipe, pin=pin)
        ended.append(notice["sale"]["state"] == state)
        till.send(command="customer_copy")
        till.quit()
        said += till.output
    assert all(ended)
    hold = len(ended) + 1
    for begin in (
        {"command": "start_preauth", "amount_minor": 200_00},
        {"command": "complete", "number": hold, "amount_minor": 150_00},
        {"command": "check_balance"},
    ):
        till = TillProcess(data, profile)
        assert till.sell(0, swipe, pin=ACCOUNT.pin, begin=begin)["sale"]["state"] == "approved"
        till.quit()
        said += till.output
    doomed = TillProcess(data, profile, crash_at="request sent")
    with pytest.raises(Ended):
        doomed.sell(128_00, swipe)
    doomed.let_go()
    till = TillProcess(data, profile)
    till.settle()
    found_while_open = {
        path.name: found
        for path in [*data.rglob("*"), *folder.rglob("*")]
        if path.is_file() and (found := hits(path.read_bytes()))
    }
    till.quit()
    said += doomed.output + till.output

    assert found_while_open == {}
    assert hits(said) == []
    assert hits((tmp_path / "errors.txt").read_bytes()) == []
    for path in [*tmp_path.rglob("*"), *folder.rglob("*")]:
        if path.is_file():
            assert hits(path.read_bytes()) == [], path.name
    books = read_books(data, folder, "HUNTED01")
    books.check()
    assert b"622576******9524" in (data / "journal.db").read_bytes()
    assert any("9524" in path.read_text() for path in (data / "slips").iterdir())


def memory_of(process: int) -> Iterator[tuple[str, bytes]]:
    """Everything that the process could write to, region by region."""
    maps = Path(f"/proc/{process}/maps").read_text(encoding="ascii")
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw\S* \S+ \S+ \S+\s*(.*)", line)
            if found is None or found[3].startswith("[v"):
                continue
            start, end = int(found[1], 16), int(found[2], 16)
            try:
                memory.seek(start)
                yield found[3], memory.read(end - start)
            except OSError:
                continue


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_an_idle_till_holds_no_card_in_its_memory(
    tmp_path: Path, bank: tuple[Path, RunningAcquirer], cable: tuple[int, str]
) -> None:
    """OpenSSL keeps the last message in its record buffer until the next one: here an echo."""
    _, acquirer = bank
    ours, theirs = cable
    data = tmp_path / "data"
    profile = write_profile(
        tmp_path / "till.toml",
        acquirer,
        terminal="HUNTED02",
        reader=theirs,
        more="echo_seconds = 0.3",
    )
    till = TillProcess(data, profile)
    till.sell(128_00, lambda: os.write(ours, STRIPE.encode() + b"\r") and None, pin=ACCOUNT.pin)
    till.send(command="leave")
    till.until(lambda notice: notice["notice"] == "checkout_shown")
    for _ in range(4):
        till.next(IDLE_SECONDS)

    assert left_in_memory(till) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_till_that_has_uploaded_its_batch_holds_no_card_in_its_memory(
    tmp_path: Path, bank: tuple[Path, RunningAcquirer], cable: tuple[int, str]
) -> None:
    """The card number comes out of its seal once more, for a message that lists it."""
    folder, acquirer = bank
    ours, theirs = cable
    data = tmp_path / "data"
    profile = write_profile(
        tmp_path / "till.toml",
        acquirer,
        terminal="HUNTED03",
        reader=theirs,
        more="echo_seconds = 0.3",
    )
    till = TillProcess(data, profile)
    swipe = STRIPE.encode() + b"\r"
    till.sell(
        LOST_BY_THE_BANK, lambda: os.write(ours, swipe) and None, pin=ACCOUNT.pin, who=MANAGER
    )
    till.send(command="settle")
    settled = till.until(lambda notice: notice["notice"] == "day_shown" and notice["slip"])
    assert (settled["verdict"], settled["sent"]) == ("not balanced", 1)
    for _ in range(4):
        till.next(IDLE_SECONDS)

    assert left_in_memory(till) == []
    for path in [*data.rglob("*"), *folder.rglob("*")]:
        if path.is_file():
            assert hits(path.read_bytes()) == [], path.name


def left_in_memory(till: TillProcess) -> list[tuple[str, str]]:
    """Where in the till's memory something of the card lies; closes the till."""
    try:
        regions = list(memory_of(till.process.pid))
    except PermissionError:
        pytest.skip("this user may not read another process's memory")
    finally:
        till.quit()
    in_memory = {
        name: canary
        for name, canary in canaries().items()
        if name.startswith(("number", "middle", "track 2", "right PIN block"))
    }
    found = [
        (place, name)
        for place, region in regions
        for name, canary in in_memory.items()
        if canary in region
    ]
    assert any(b"622576******9524" in region for _, region in regions)
    return found
