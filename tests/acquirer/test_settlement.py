"""Guards the end of the day with the training acquirer as a program, over TLS, in each dialect.

And with a scripted one, what a bank may answer that ours never would.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from acquirer.dialect import Dialect
from acquirer.link import BatchCall, Link, SaleRequest
from acquirer.simulator_accounts import ACCOUNTS
from acquirer.simulator_ledger import LedgerRow, read_ledger
from acquirer.simulator_settlement import MISBOOKED_AMOUNTS, Misbooking
from acquirer.training import RunningAcquirer, start_training_acquirer
from domain.batch import BatchRow, BatchTotals, RowWord, Verdict, totals_of
from domain.ciphers import TRAINING_TERMINAL_KEY, pin_block_iso0, tdes_decrypt, tdes_encrypt
from domain.clock import SystemClock
from domain.faults import NoAnswer
from domain.kinds import Kind
from domain.money import CNY, Money
from domain.sale import Approved, EncryptedPin, OriginalFacts
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe

UNIONPAY, LONG, VISA = (
    next(account for account in ACCOUNTS.values() if account.number == number)
    for number in ("6225760008219524", "6205500000000000004", "4111111111111111")
)


@dataclass
class Day:
    """A till's link and the rows that it would settle."""

    link: Link
    folder: Path
    terminal: str
    pin_key: bytes
    stan: int = 10
    rows: list[tuple[BatchRow, bytes]] = field(default_factory=list)

    def request(
        self, kind: Kind, minor: int, account: Any, original: OriginalFacts | None = None
    ) -> SaleRequest:
        self.stan += 1
        card = read_stripe(bytearray(account.stripe, "ascii"))
        digits = self.link.account_for_pin(card).reveal()
        clear = pin_block_iso0(bytearray(account.pin, "ascii"), digits)
        pin = EncryptedPin(tdes_encrypt(self.pin_key, clear))
        now = datetime.now(UTC)
        return SaleRequest(
            self.stan, Money(minor), card, pin, self.stan, 1, now, "01", kind, original
        )

    def pay(
        self,
        minor: int,
        account: Any = UNIONPAY,
        kind: Kind = Kind.SALE,
        original: OriginalFacts | None = None,
    ) -> OriginalFacts:
        """A payment that is approved, and its row."""
        request = self.request(kind, minor, account, original)
        sealed = self.link.arm(request)
        event = self.link.ask(request, lambda: None)
        assert isinstance(event, Approved), event
        scheme = request.card.remembered.scheme
        row = BatchRow(self.stan, self.stan, Money(minor), kind is Kind.VOID, scheme)
        self.rows.append((row, sealed))
        answer = event.answer
        return OriginalFacts(1, self.stan, answer.rrn, answer.auth_code, answer.host_at[:4])

    @property
    def call(self) -> BatchCall:
        self.stan += 1
        return BatchCall(1, self.stan, "02", CNY)

    def totals(self) -> tuple[BatchTotals, BatchTotals]:
        rows = [row for row, _ in self.rows]
        return (
            totals_of((row for row in rows if not row.is_foreign), CNY),
            totals_of((row for row in rows if row.is_foreign), CNY),
        )

    def row(self, stan: int) -> LedgerRow:
        rows = [row for row in read_ledger(self.folder) if row.terminal == self.terminal]
        return next(row for row in rows if row.stan == stan)


@pytest.fixture(scope="module", params=["unionpay", "ansi87"])
def training(request: Any, tmp_path_factory: Any) -> Iterator[tuple[RunningAcquirer, Path, str]]:
    folder = tmp_path_factory.mktemp("bank")
    command = [sys.executable, "-m", "acquirer.simulator", "--dialect", request.param]
    running = start_training_acquirer(command, folder)
    yield running, folder, request.param
    try:
        running.close()
    except subprocess.TimeoutExpired:
        running.process.kill()


@pytest.fixture
def day(training: Any, request: Any) -> Iterator[Day]:
    running, folder, dialect = training
    terminal = f"{abs(hash(request.node.name)) % 10**8:08d}"
    profile = running.profile(AcquirerProfile(terminal=terminal, dialect=dialect))
    profile = replace(profile, answer_seconds=1.0, reversal_seconds=2.0)
    link = Link(profile, SystemClock(), TRAINING_TERMINAL_KEY, bytes(32))
    pin_key = tdes_decrypt(TRAINING_TERMINAL_KEY, link.sign_on("01", 1).wrapped)
    yield Day(link, folder, terminal, pin_key)
    link.close()


def test_totals_of_sales_and_voids_of_all_cards_match(day: Day) -> None:
    facts = day.pay(128_00)
    day.pay(30_00, VISA)
    day.pay(128_00, kind=Kind.VOID, original=facts)

    answered = day.link.settle(day.call, *day.totals())

    assert answered.verdict is Verdict.BALANCED
    assert answered.bank == day.totals()[0] + day.totals()[1]
    assert day.link.end_batch(day.call, 0, balanced=True).bank_only == ()
    assert day.row(0).state == "ended"


def test_an_empty_day_matches(day: Day) -> None:
    assert day.link.settle(day.call, *day.totals()).verdict is Verdict.BALANCED


def test_every_misbooked_amount_is_found_by_the_upload(day: Day) -> None:
    day.pay(10_00)
    day.pay(20_80, LONG)
    day.pay(30_81, VISA)
    day.pay(40_82)
    answered = day.link.settle(day.call, *day.totals())
    assert answered.verdict is Verdict.NOT_BALANCED
    assert answered.bank is not None
    assert answered.bank.debit.minor == 10_00 + 30_81 - 1_00 + 2 * 40_82

    for _ in range(2):  # what is repeated is answered again, and booked once
        taken = day.link.upload(day.call, day.rows)
        ended = day.link.end_batch(day.call, 4, balanced=False)

    assert taken.count == 4
    assert [(word.word, word.amount.minor) for word in taken.words] == [
        (RowWord.SAME, 10_00),
        (RowWord.SAME, 20_80),
        (RowWord.OTHER_AMOUNT, 29_81),
        (RowWord.SAME, 40_82),
    ]
    assert [(row.amount.minor, row.is_credit) for row in ended.bank_only] == [(40_82, False)]
    lost = day.row(day.rows[1][0].stan)
    assert (lost.state, lost.amount_minor, lost.uploaded) == ("charged", 20_80, True)
    assert {kind for kind, _ in MISBOOKED_AMOUNTS.values()} == set(Misbooking)


def test_a_row_that_the_bank_lost_is_said_to_be_booked_now(day: Day) -> None:
    day.pay(20_80)
    taken = day.link.upload(day.call, day.rows)
    assert [word.word for word in taken.words] == [RowWord.NOT_HELD]


def test_a_row_of_another_card_is_found(day: Day) -> None:
    day.pay(10_00)
    row, _ = day.rows[0]
    other = replace(day.request(Kind.SALE, 10_00, VISA), sale=row.sale, stan=row.stan)
    taken = day.link.upload(day.call, [(row, day.link.arm(other))])
    assert [word.word for word in taken.words] == [RowWord.OTHER_CARD]


def test_the_most_rows_that_a_dialect_takes_fit_into_a_message(day: Day) -> None:
    day.pay(10_00, LONG)
    row, sealed = day.rows[0]
    taken = day.link.upload(day.call, [(row, sealed)] * day.link.upload_rows)
    assert len(taken.words) == taken.count == day.link.upload_rows


def test_a_lost_step_is_no_answer_and_may_be_repeated(day: Day, training: Any) -> None:
    day.pay(10_00)
    training[0].order(fault="lost answer")
    with pytest.raises(NoAnswer):
        day.link.settle(day.call, *day.totals())
    assert day.link.settle(day.call, *day.totals()).verdict is Verdict.BALANCED


def said(code: str | None, listed: str | None, mac: bool) -> Callable[..., Any]:
    """One scripted answer of a bank."""

    def answer(bank: Any) -> None:
        changes = {39: code, 48: listed}
        bank.script.append(
            lambda request: [bank.answer(request, code or "00", changes, mac=b"" if mac else None)]
        )

    return answer


def nothing() -> BatchTotals:
    return totals_of((), CNY)


def answers_to_totals(dialect: Dialect) -> dict[str, tuple[str | None, str | None]]:
    """Of the same meaning in each dialect: the code and field 48."""
    if dialect.batch_verdict == "code":
        return {
            "balanced": ("00", None),
            "not balanced": ("95", "0" * 30),
            "error": ("30", None),
            "silent": ("91", None),
            "keys": ("63", None),
        }
    half = "0" * 30
    return {
        "balanced": (None, half + "1" + half + "0"),
        "not balanced": (None, half + "1" + half + "2"),
        "error": (None, half + "3" + half + "2"),
        "silent": (None, None),
        "keys": ("77", None),
    }


@pytest.mark.parametrize("verdict", ["balanced", "not balanced", "error"])
def test_the_worst_word_on_the_totals_counts(
    link: Link, bank: Any, dialect: Dialect, verdict: str
) -> None:
    said(*answers_to_totals(dialect)[verdict], mac=dialect.batch_mac)(bank)
    answered = link.settle(BatchCall(7, 5, "02", CNY), nothing(), nothing())
    assert answered.verdict.value == verdict


@pytest.mark.parametrize(("what", "fault"), [("silent", {"N-06", "N-07"}), ("keys", {"N-08"})])
def test_an_answer_without_a_word_on_the_totals_is_none(
    link: Link, bank: Any, dialect: Dialect, what: str, fault: set[str]
) -> None:
    said(*answers_to_totals(dialect)[what], mac=dialect.batch_mac)(bank)
    with pytest.raises(NoAnswer) as caught:
        link.settle(BatchCall(7, 5, "02", CNY), nothing(), nothing())
    assert caught.value.fault.code in fault
    assert link.has_keys == (what != "keys")


def test_the_bytes_of_the_totals_are_those_of_the_description(
    link: Link, bank: Any, dialect: Dialect
) -> None:
    said(*answers_to_totals(dialect)["balanced"], mac=dialect.batch_mac)(bank)
    domestic = BatchTotals(2, Money(128_00), 1, Money(28_00))
    foreign = BatchTotals(1, Money(5_00), 0, Money(0))
    link.settle(BatchCall(7, 5, "02", CNY), domestic, foreign)
    request = bank.requests[-1]
    listed = request.card[48].decode()
    if dialect.foreign_totals:
        assert (request.mti, request.fields[60]) == ("0500", "00000007201")
        assert listed == "000000012800002000000002800001" + "0" + "000000000500001" + "0" * 16
        assert len(listed) == 62
        assert 64 not in request.fields
    else:
        assert (request.mti, request.fields[60]) == ("0500", "500000007")
        assert listed == "003000000013300001000000002800"
        assert 64 in request.fields
    assert request.fields[63] == "02 "


@pytest.mark.parametrize("listed", ["", "0", "9" * 40, "not digits", "08" + "1" * 20])
def test_an_upload_is_acknowledged_whatever_its_answer_lists(
    link: Link,
    bank: Any,
    dialect: Dialect,
    request_for: Callable[..., SaleRequest],
    listed: str,
) -> None:
    if not listed.isdigit() and dialect.digits == "packed":
        listed = ""
    said("00", listed or None, mac=dialect.batch_mac)(bank)
    request = request_for()
    row = BatchRow(request.sale, request.stan, request.amount, scheme="UnionPay")
    taken = link.upload(BatchCall(7, 5, "02", CNY), [(row, link.arm(request))])
    assert (taken.count, taken.words) == (1, ())


def test_a_step_that_is_refused_is_not_done(
    link: Link, bank: Any, dialect: Dialect, request_for: Callable[..., SaleRequest]
) -> None:
    said("12", None, mac=dialect.batch_mac)(bank)
    with pytest.raises(NoAnswer):
        link.end_batch(BatchCall(7, 5, "02", CNY), 0, balanced=True)


def test_the_card_number_of_a_row_is_zero_filled_and_stands_in_no_str(
    link: Link, bank: Any, dialect: Dialect, request_for: Callable[..., SaleRequest]
) -> None:
    said("00", None, mac=dialect.batch_mac)(bank)
    request = request_for()
    row = BatchRow(request.sale, request.stan, request.amount, scheme="UnionPay")
    link.upload(BatchCall(7, 5, "02", CNY), [(row, link.arm(request))])
    received = bank.requests[-1]
    number = bytes(request.card.pan.reveal())
    assert number.rjust(20, b"0") in received.card[48]
    assert number.decode() not in repr(received)


@pytest.mark.parametrize("mac", [None, b"\x11" * 16])
def test_where_a_dialect_signs_its_batches_a_wrong_mac_is_no_answer(
    link: Link, bank: Any, dialect: Dialect, mac: bytes | None
) -> None:
    changes = {48: None if dialect.batch_verdict == "code" else "0" * 30 + "1" + "0" * 31}
    bank.script.append(lambda request: [bank.answer(request, "00", changes, mac=mac)])
    if not dialect.batch_mac:
        answered = link.settle(BatchCall(7, 5, "02", CNY), nothing(), nothing())
        assert answered.verdict is Verdict.BALANCED
        return
    with pytest.raises(NoAnswer) as caught:
        link.settle(BatchCall(7, 5, "02", CNY), nothing(), nothing())
    assert caught.value.fault.code == "N-08"
    assert not link.has_keys
