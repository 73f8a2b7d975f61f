"""Guards the training acquirer as a program: its stories, its book, and its faults, over real TLS."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from acquirer.dialect import dialect_named
from acquirer.link import Link, PinKey, SaleRequest
from acquirer.simulator import (
    ACCOUNTS,
    FAULT_AMOUNTS,
    TRAINING_TERMINAL_KEY,
    Account,
    Fault,
    LedgerRow,
    read_ledger,
)
from acquirer.simulator_ledger import locked
from domain.card import luhn_holds
from domain.ciphers import pin_block_iso0, tdes_decrypt, tdes_encrypt
from domain.clock import SystemClock
from domain.money import Money
from domain.sale import (
    Approved,
    Declined,
    EncryptedPin,
    Reason,
    SendFailed,
    SentTwice,
    Unanswered,
)
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe

ROOT = Path(__file__).resolve().parent.parent.parent
BY_NUMBER = {account.number: account for account in ACCOUNTS.values()}
GOOD = BY_NUMBER["6212345678901232"]
STORIES = """
6212345678901232       90.00  -> 00
6225760008219524       90.00  -> 00
6205500000000000004    90.00  -> 00
4111111111111111       90.00  -> 00
4242424242424242       90.00  -> 00
378282246310005        90.00  -> 00
6212345678901265       50.00  -> 00
6212345678901265        0.01  -> 51
6200000000000005      100.00  -> 00
6200000000000005      100.01  -> 61
4000000000000002       90.00  -> 05
5105105105105100       90.00  -> 54
4000000000000069       90.00  -> 54
4000000000009979       90.00  -> 43
4000000000009987       90.00  -> 41
6011111111111117       90.00  -> 62
4000000000000119       90.00  -> 96
"""


@dataclass
class Training:
    """The running program."""

    folder: Path
    dialect: str
    process: subprocess.Popen[str]
    port: int
    pin_sha256: str

    @property
    def codes(self) -> dict[str, str]:
        return dialect_named(self.dialect).training_codes

    def order(self, **order: object) -> None:
        """One control line, carried out when this returns."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        assert json.loads(self.process.stdout.readline()) == {"ok": True}

    def end(self) -> int:
        """Close its standard input, as the end of its parent would."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(10)

    @property
    def rows(self) -> dict[int, LedgerRow]:
        return {row.stan: row for row in read_ledger(self.folder)}


def started(folder: Path, dialect: str) -> Training:
    process = subprocess.Popen(
        [sys.executable, "-m", "acquirer.simulator", str(folder), "--dialect", dialect],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    return Training(folder, dialect, process, ready["port"], ready["pin_sha256"])


def ended(training: Training) -> None:
    if training.process.poll() is None:
        training.process.kill()
        training.process.wait(10)
    for pipe in (training.process.stdin, training.process.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()


@pytest.fixture(scope="module", params=["unionpay", "ansi87"])
def training(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Training]:
    program = started(tmp_path_factory.mktemp("training"), request.param)
    yield program
    ended(program)


@dataclass
class Till:
    """A terminal of its own, so that tests do not share trace numbers."""

    link: Link
    pin_key: PinKey
    stan: int = 0

    def request(self, account: Account = GOOD, minor: int = 90_00, pin: str = "") -> SaleRequest:
        self.stan += 1
        card = read_stripe(bytearray(account.stripe.encode()))
        block = None
        if pin or account.pin:
            key = tdes_decrypt(TRAINING_TERMINAL_KEY, self.pin_key.wrapped)
            number = self.link.account_for_pin(card).reveal()
            clear = pin_block_iso0(bytearray((pin or account.pin).encode()), number)
            block = EncryptedPin(tdes_encrypt(key, clear))
        return SaleRequest(
            self.stan, Money(minor), card, block, self.stan, 1, datetime.now(UTC), "01"
        )

    def ask(self, request: SaleRequest) -> Any:
        return self.link.ask(request, lambda: None)

    def sign_on(self) -> None:
        self.pin_key = self.link.sign_on("01", 999)


@pytest.fixture
def till_at() -> Iterator[Callable[..., Till]]:
    made: list[Link] = []

    def make(training: Training, terminal: str, **times: float) -> Till:
        seconds = {"answer_seconds": 5.0, "reversal_seconds": 5.0} | times
        profile = AcquirerProfile(
            host="127.0.0.1",
            port=training.port,
            pin_sha256=training.pin_sha256,
            server_name="acquirer.training",
            terminal=terminal,
            dialect=training.dialect,
        )
        made.append(
            Link(replace(profile, **seconds), SystemClock(), TRAINING_TERMINAL_KEY, bytes(32))
        )
        return Till(made[-1], made[-1].sign_on("01", 1))

    yield make
    for link in made:
        link.close()


@pytest.fixture
def till(training: Training, till_at: Callable[..., Till], request: Any) -> Till:
    """A terminal whose name comes from the test's own; its rows are gone with the module."""
    terminal = f"{abs(hash(request.node.name)) % 10**8:08d}"
    return till_at(training, terminal)


def row_of(training: Training, till: Till, stan: int) -> LedgerRow | None:
    terminal = till.link._profile.terminal
    rows = {(row.terminal, row.stan): row for row in read_ledger(training.folder)}
    return rows.get((terminal, stan))


def test_every_published_card_has_its_story(training: Training, till: Till) -> None:
    for line in STORIES.strip().splitlines():
        number, amount, _, code = line.split()
        event = till.ask(till.request(BY_NUMBER[number], int(amount.replace(".", ""))))
        assert event.answer.code == code, line
        assert isinstance(event, Approved if code == "00" else Declined), line
        row = row_of(training, till, till.stan)
        assert row is not None
        assert row.state == ("charged" if code == "00" else "declined"), line


def test_an_approval_names_what_a_slip_needs(training: Training, till: Till) -> None:
    answer = till.ask(till.request()).answer
    assert len(answer.rrn) == 12
    assert len(answer.auth_code) == 6
    assert len(answer.host_at) == 10
    assert answer.remark == "TRAINING"
    assert bool(answer.issuer and answer.acquirer) is (training.dialect == "unionpay")


def test_three_wrong_pins_lock_a_card_and_a_right_one_resets_the_count(till: Till) -> None:
    account = BY_NUMBER["5555555555554444"]
    codes = [
        till.ask(till.request(account, pin=pin)).answer.code
        for pin in ("0000", "0000", "4321", "0000", "0000", "0000", "4321")
    ]
    assert codes == ["55", "55", "00", "55", "55", "75", "75"]


def test_a_card_with_a_pin_is_not_sold_without_one(till: Till) -> None:
    assert till.ask(replace(till.request(), pin=None)).answer.code == "55"


def test_a_number_that_is_not_its_own_is_unknown(till: Till) -> None:
    stranger = Account("4917610000000000", "nobody's")
    assert till.ask(till.request(stranger)).answer.code == "14"


def test_a_trace_number_used_twice_is_refused_and_charged_once(
    training: Training, till: Till
) -> None:
    first = till.request(minor=10_00)
    assert isinstance(till.ask(first), Approved)
    again = replace(till.request(minor=20_00), stan=first.stan)
    assert isinstance(till.ask(again), SentTwice)
    row = row_of(training, till, first.stan)
    assert row is not None
    assert (row.state, row.amount_minor) == ("charged", 10_00)


def test_a_reversal_of_a_charge_counts_once_however_often_it_comes(
    training: Training, till: Till
) -> None:
    request = till.request()
    sealed = till.link.arm(request)
    assert isinstance(till.ask(request), Approved)
    for _ in range(3):
        assert till.link.reverse(sealed, request.sale, Reason.NO_ANSWER).code == "00"
    row = row_of(training, till, request.stan)
    assert row is not None
    assert (row.state, row.reversals) == ("reversed", 3)


def test_a_reversal_gives_the_money_back(till: Till) -> None:
    account = BY_NUMBER["6200000000000005"]
    for _ in range(3):
        request = till.request(account, 100_00)
        sealed = till.link.arm(request)
        assert isinstance(till.ask(request), Approved)
        assert till.link.reverse(sealed, request.sale, Reason.OTHER).code == "00"


def test_a_request_that_arrives_after_its_reversal_is_not_charged(
    training: Training, till: Till
) -> None:
    request = till.request()
    sealed = till.link.arm(request)
    assert till.link.reverse(sealed, request.sale, Reason.NO_ANSWER).code == "25"
    assert isinstance(till.ask(request), SentTwice)
    row = row_of(training, till, request.stan)
    assert row is not None
    assert row.state == "not found"


def test_a_reversal_of_a_decline_finds_nothing(till: Till) -> None:
    request = till.request(BY_NUMBER["4000000000000002"])
    sealed = till.link.arm(request)
    assert isinstance(till.ask(request), Declined)
    assert till.link.reverse(sealed, request.sale, Reason.WRONG_MAC).code == "25"


def test_a_reversal_of_another_amount_is_refused(training: Training, till: Till) -> None:
    request = till.request(minor=10_00)
    assert isinstance(till.ask(request), Approved)
    sealed = till.link.arm(replace(request, amount=Money(10_01)))
    assert (
        till.link.reverse(sealed, request.sale, Reason.OTHER).code == training.codes["wrong_amount"]
    )


FAULT_STORIES = """
no mac           N-08  charged      00
lost request     N-06  -            25
lost answer      N-06  charged      00
late             N-06  charged      00
dropped before   N-06  -            25
dropped after    N-06  charged      00
wrong mac        N-08  charged      00
garbage          N-07  charged      00
half amount      N-07  charged      00
"""


@pytest.mark.parametrize("story", FAULT_STORIES.strip().splitlines())
def test_every_fault_on_demand_ends_in_a_reversal_that_settles_it(
    story: str, training: Training, till_at: Callable[..., Till]
) -> None:
    name, fault, state, code = (part for part in story.split("  ") if part.strip())
    till = till_at(training, f"F{abs(hash(story)) % 10**7:07d}")
    cents = next(cents for cents, (kind, _) in FAULT_AMOUNTS.items() if kind == name.strip())
    request = till.request(minor=12_00 + cents)
    sealed = till.link.arm(request)
    till.link._profile = replace(till.link._profile, answer_seconds=0.2)
    event = till.ask(request)
    assert isinstance(event, Unanswered)
    assert event.fault == fault.strip()
    row = row_of(training, till, request.stan)
    assert (row.state if row else "-") == state.strip()
    if not till.link.has_keys:
        till.sign_on()
    assert till.link.reverse(sealed, request.sale, event.reason).code == code.strip()
    assert row_of(training, till, request.stan).state in {"reversed", "not found"}  # type: ignore[union-attr]


def test_an_answer_to_something_else_before_the_right_one_is_skipped(till: Till) -> None:
    assert isinstance(till.ask(till.request(minor=12_79)), Approved)
    assert till.link.foreign_answers == 1


def test_every_fault_can_be_had_by_an_amount() -> None:
    assert {kind for kind, _ in FAULT_AMOUNTS.values()} == set(Fault)
    assert all(sentence.endswith(".") for _, sentence in FAULT_AMOUNTS.values())


def test_faults_and_times_can_be_ordered(training: Training, till: Till) -> None:
    training.order(fault="dropped after", times=2)
    assert isinstance(till.ask(till.request()), Unanswered)
    assert isinstance(till.ask(till.request()), Unanswered)
    assert isinstance(till.ask(till.request()), Approved)
    training.order(answer_seconds=0.15)
    clock = SystemClock()
    began = clock.monotonic()
    assert isinstance(till.ask(till.request()), Approved)
    assert clock.monotonic() - began >= 0.15
    training.order(answer_seconds=0)
    training.order(drop_connections=True)
    assert isinstance(till.ask(till.request()), Approved)


def test_a_bank_that_forgot_the_keys_asks_for_a_sign_on(training: Training, till: Till) -> None:
    training.order(forget_keys=True)
    request = till.request()
    sealed = till.link.arm(request)
    event = till.ask(request)
    assert isinstance(event, Unanswered)
    assert event.answer is not None
    assert event.answer.code == training.codes["keys_missing"]
    assert not till.link.has_keys
    till.sign_on()
    assert till.link.reverse(sealed, request.sale, event.reason).code == "25"


def test_a_till_with_other_keys_is_told_so(
    training: Training, till: Till, till_at: Callable[..., Till]
) -> None:
    request = till.request()
    till_at(training, till.link._profile.terminal)  # the same terminal signs on elsewhere
    event = till.ask(request)
    assert isinstance(event, Unanswered)
    assert event.answer is not None
    assert event.answer.code == training.codes["wrong_mac"]
    assert row_of(training, till, request.stan) is None


def test_a_wrong_terminal_key_gets_no_usable_keys(
    training: Training, till_at: Callable[..., Till]
) -> None:
    till = till_at(training, "10000001")
    stranger = Link(till.link._profile, SystemClock(), bytes(range(16)), bytes(32))
    with pytest.raises(Exception, match="K-01"):
        stranger.sign_on("01", 1)
    assert stranger.ask(till.request(), lambda: None) == SendFailed("K-01")
    stranger.close()


@pytest.mark.parametrize("dialect", ["unionpay", "ansi87"])
def test_the_book_survives_a_kill_and_a_torn_line(
    dialect: str, tmp_path: Path, till_at: Callable[..., Till]
) -> None:
    before = started(tmp_path, dialect)
    till = till_at(before, "10000002")
    request = till.request(minor=77_00)
    sealed = till.link.arm(request)
    assert isinstance(till.ask(request), Approved)
    ended(before)
    with next(tmp_path.glob("*.jsonl")).open("ab") as book:
        book.write(b'{"terminal":"10000002","ba')
    after = started(tmp_path, dialect)
    try:
        assert after.pin_sha256 == before.pin_sha256
        again = till_at(after, "10000002")
        assert again.link.reverse(sealed, request.sale, Reason.OTHER).code == "00"
        assert after.rows[request.stan].state == "reversed"
        assert after.end() == 0
    finally:
        ended(after)


def test_the_book_is_held_against_a_second_reader_of_it(tmp_path: Path) -> None:
    turns: list[str] = []

    def wait_for_it() -> None:
        with locked(tmp_path):
            turns.append("second")

    second = threading.Thread(target=wait_for_it)
    with locked(tmp_path):
        second.start()
        second.join(0.1)
        turns.append("first")
    second.join(5)
    assert turns == ["first", "second"]


def test_a_second_program_takes_over_from_the_first(tmp_path: Path) -> None:
    first = started(tmp_path, "unionpay")
    second = subprocess.Popen(
        [sys.executable, "-m", "acquirer.simulator", str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.end() == 0
    ended(first)
    assert second.stdout is not None
    assert "port" in json.loads(second.stdout.readline())
    told, _ = second.communicate(timeout=10)
    assert (told, second.returncode) == ("", 0)


def test_the_book_holds_no_card_number_and_no_pin(training: Training, till: Till) -> None:
    till.ask(till.request())
    kept = b"".join(path.read_bytes() for path in training.folder.iterdir())
    for account in ACCOUNTS.values():
        assert account.number.encode() not in kept
        assert account.track2.encode() not in kept
    assert b"123456" not in kept.replace(b'"621234', b"")


def test_the_cards_are_valid_and_tell_each_other_apart() -> None:
    assert len({account.number for account in ACCOUNTS.values()}) == len(ACCOUNTS)
    for masked, account in ACCOUNTS.items():
        assert masked == account.masked
        assert luhn_holds(account.number.encode())
        card = read_stripe(bytearray(account.stripe.encode()))
        assert card.pan.masked == masked
        assert card.has_chip is ("chip" in account.story)


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"fault": "nonsense"}', "garbage"])
def test_a_control_line_that_is_none_is_refused(line: str, training: Training) -> None:
    assert training.process.stdin is not None
    assert training.process.stdout is not None
    training.process.stdin.write(line + "\n")
    training.process.stdin.flush()
    assert json.loads(training.process.stdout.readline())["ok"] is False
