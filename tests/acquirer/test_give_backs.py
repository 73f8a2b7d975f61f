"""Guards voids and refunds with the training acquirer as a program, over TLS, in each dialect."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acquirer.dialect import dialect_named
from acquirer.link import Link, SaleRequest
from acquirer.simulator_accounts import ACCOUNTS
from acquirer.simulator_ledger import LedgerRow, read_ledger
from acquirer.training import RunningAcquirer, start_training_acquirer
from domain.ciphers import TRAINING_TERMINAL_KEY, pin_block_iso0, tdes_decrypt, tdes_encrypt
from domain.clock import SystemClock
from domain.faults import NoAnswer
from domain.kinds import Kind
from domain.money import Money
from domain.sale import Approved, Declined, EncryptedPin, OriginalFacts, Reason
from domain.settings import AcquirerProfile
from domain.tracks import read_stripe

GOOD, OTHER = (
    next(account for account in ACCOUNTS.values() if account.number == number)
    for number in ("6225760008219524", "6212345678901232")
)


@dataclass
class Terminal:
    """A till's link, its next trace number, and the book of its bank."""

    link: Link
    folder: Path
    terminal: str
    pin_key: bytes
    wrong_amount: str
    stan: int = 10

    def request(
        self, kind: Kind, minor: int, original: OriginalFacts | None = None, account=GOOD
    ) -> SaleRequest:
        self.stan += 1
        card = read_stripe(bytearray(account.stripe, "ascii"))
        digits = self.link.account_for_pin(card).reveal()
        clear = pin_block_iso0(bytearray(account.pin, "ascii"), digits)
        pin = None if kind is Kind.REFUND else EncryptedPin(tdes_encrypt(self.pin_key, clear))
        now = datetime.now(UTC)
        return SaleRequest(
            self.stan, Money(minor), card, pin, self.stan, 1, now, "01", kind, original
        )

    def ask(self, request: SaleRequest):
        return self.link.ask(request, lambda: None)

    def sell(self, minor: int = 128_00) -> OriginalFacts:
        event = self.ask(self.request(Kind.SALE, minor))
        assert isinstance(event, Approved)
        answer = event.answer
        return OriginalFacts(1, self.stan, answer.rrn, answer.auth_code, answer.host_at[:4])

    def code_of(self, request: SaleRequest) -> str:
        event = self.ask(request)
        assert isinstance(event, Approved | Declined), event
        return event.answer.code

    def tell(self, request: SaleRequest) -> str:
        return self.link.tell(self.link.record(request), request.sale).code

    def row(self, stan: int) -> LedgerRow:
        rows = [row for row in read_ledger(self.folder) if row.terminal == self.terminal]
        return next(row for row in rows if row.stan == stan)


@pytest.fixture(scope="module", params=["unionpay", "ansi87"])
def bank(request, tmp_path_factory) -> Iterator[tuple[RunningAcquirer, Path, str]]:
    folder = tmp_path_factory.mktemp("bank")
    command = [sys.executable, "-m", "acquirer.simulator", "--dialect", request.param]
    running = start_training_acquirer(command, folder)
    yield running, folder, request.param
    try:
        running.close()
    except subprocess.TimeoutExpired:
        running.process.kill()


@pytest.fixture
def till(bank, request) -> Iterator[Terminal]:
    running, folder, dialect = bank
    terminal = f"{abs(hash(request.node.name)) % 10**8:08d}"
    profile = running.profile(AcquirerProfile(terminal=terminal, dialect=dialect))
    profile = replace(profile, answer_seconds=1.0, reversal_seconds=2.0)
    link = Link(profile, SystemClock(), TRAINING_TERMINAL_KEY, bytes(32))
    pin_key = tdes_decrypt(TRAINING_TERMINAL_KEY, link.sign_on("01", 1).wrapped)
    wrong = dialect_named(dialect).training_codes["wrong_amount"]
    yield Terminal(link, folder, terminal, pin_key, wrong)
    link.close()


def test_a_void_takes_its_charge_out_once(till) -> None:
    sale = till.sell()

    assert till.code_of(till.request(Kind.VOID, 128_00, sale)) == "00"
    assert till.row(sale.stan).state == "voided"
    assert (till.row(till.stan).kind, till.row(till.stan).state) == ("void", "booked")
    assert till.code_of(till.request(Kind.VOID, 128_00, sale)) == "12"


def test_a_void_of_another_amount_card_or_number_is_refused(till) -> None:
    sale = till.sell()

    assert till.code_of(till.request(Kind.VOID, 64_00, sale)) == till.wrong_amount
    assert till.code_of(till.request(Kind.VOID, 128_00, sale, OTHER)) == "25"
    stranger = replace(sale, rrn="999999999999")
    assert till.code_of(till.request(Kind.VOID, 128_00, stranger)) == "25"
    assert till.code_of(till.request(Kind.VOID, 128_00, replace(sale, stan=999))) == "25"
    assert till.row(sale.stan).state == "charged"


def test_a_reversed_void_lets_the_charge_stand_again(till, bank) -> None:
    sale = till.sell()
    void = till.request(Kind.VOID, 128_00, sale)
    sealed = till.link.arm(void)
    assert isinstance(till.ask(void), Approved)

    assert till.link.reverse(sealed, void.sale, Reason.NO_ANSWER).code == "00"
    assert till.row(sale.stan).state == "charged"
    assert till.row(void.stan).state == "reversed"
    assert till.link.reverse(sealed, void.sale, Reason.NO_ANSWER).code == "00"
    assert till.row(sale.stan).state == "charged"


def test_refunds_come_in_parts_up_to_the_charge_and_are_booked_once_each(till) -> None:
    sale = till.sell()
    first = till.request(Kind.REFUND, 100_00, sale)
    sealed = till.link.record(first)

    assert till.link.tell(sealed, first.sale).code == "00"
    assert till.link.tell(sealed, first.sale).code == "94"
    assert till.tell(till.request(Kind.REFUND, 28_01, sale)) == till.wrong_amount
    assert till.tell(till.request(Kind.REFUND, 28_00, sale)) == "00"
    assert till.tell(till.request(Kind.REFUND, 1, sale)) == till.wrong_amount
    assert till.row(sale.stan).state == "charged"


def test_a_refund_in_a_later_batch_finds_its_charge_by_the_banks_number(till) -> None:
    sale = till.sell()
    later = replace(till.request(Kind.REFUND, 128_00, sale), batch=2)
    assert till.tell(later) == "00"


def test_a_refunded_charge_is_not_voided_nor_a_voided_one_refunded(till) -> None:
    sale, other = till.sell(), till.sell()
    assert till.tell(till.request(Kind.REFUND, 1_00, sale)) == "00"
    assert till.code_of(till.request(Kind.VOID, 128_00, sale)) == till.wrong_amount
    assert till.code_of(till.request(Kind.VOID, 128_00, other)) == "00"
    assert till.tell(till.request(Kind.REFUND, 1_00, other)) == "12"


@pytest.mark.parametrize("fault", ["lost answer", "wrong mac", "garbage", "dropped after"])
def test_an_advice_whose_answer_is_lost_is_told_again_and_booked_once(till, bank, fault) -> None:
    sale = till.sell()
    refund = till.request(Kind.REFUND, 5_00, sale)
    sealed = till.link.record(refund)
    bank[0].order(fault=fault)
    with pytest.raises(NoAnswer):
        till.link.tell(sealed, refund.sale)

    if not till.link.has_keys:
        till.link.sign_on("01", 1)
    assert till.link.tell(sealed, refund.sale).code == "94"
    assert till.row(refund.stan).state == "booked"
