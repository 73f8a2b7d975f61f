"""Guards a card sale from the window to the slip: every part real, nothing in between replaced.

The window (offscreen), the till's own threads, the acquirer's own process behind TLS, a serial
reader on a pseudo-terminal, an ESC/POS printer on a TCP socket, the journal on disk.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from acquirer.simulator_accounts import ACCOUNTS
from acquirer.simulator_ledger import read_ledger
from acquirer.training import RunningAcquirer, start_training_acquirer
from checkout.notices import (
    CheckoutShown,
    DayShown,
    Notice,
    PaymentShown,
    SignInShown,
    StripShown,
)
from checkout.people_notices import ApprovalShown
from db.journal import Journal
from db.key_store import KeyStore
from db.roster import TRAINING_ROSTER
from domain.batch import BatchState
from domain.match import Differing
from domain.sale import State
from domain.settings import TRAINING, PrinterSettings, ReaderSettings, Settings
from main import front_of
from tests.devices.receipt_printer import Mood, TcpPrinter, read_page
from ui.application import Dress
from ui.front import Front
from ui.rehearsal import ENTER_IS_DEAF_SECONDS, Rehearsal
from ui.theme import load_fonts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")

ROOT = Path(__file__).resolve().parent.parent
CARD = ACCOUNTS["621234******1232"]
POOR_CARD = ACCOUNTS["621234******1265"]
PATIENCE_MS = 20_000


@dataclass
class Shop:
    """A whole shop, and hands to work in it."""

    front: Front
    play: Rehearsal
    reader: int
    printer: TcpPrinter
    acquirer: RunningAcquirer
    folder: Path
    qtbot: QtBot

    def until(self, kind: type[Notice], *states: State) -> Notice:
        """Wait until the screen shows that, and Enter is heard on it."""

        def there() -> None:
            assert isinstance(self.play.screen, kind), self.play.screen
            if isinstance(self.play.screen, PaymentShown):
                assert self.play.screen.sale.state in states, self.play.screen.sale

        self.qtbot.waitUntil(lambda: _holds(there), timeout=PATIENCE_MS)
        self.qtbot.wait(int(ENTER_IS_DEAF_SECONDS * 1000))
        assert self.play.screen is not None
        return self.play.screen

    def sell(self, amount: str, stripe: str, pin: str) -> None:
        """From the empty checkout to the green key of the PIN pad."""
        self.play.press(*amount, "enter")
        self.until(PaymentShown, State.DRAFT)
        os.write(self.reader, stripe.encode() + b"\r")
        self.until(PaymentShown, State.CAPTURED)
        self.play.press("enter")
        self.until(PaymentShown, State.PIN_ENTRY)
        self.play.press(*pin, "enter")

    def payment(self) -> PaymentShown:
        """The payment on the screen."""
        assert isinstance(self.play.screen, PaymentShown)
        return self.play.screen

    def papers(self, count: int) -> list[str]:
        """The text of so many papers, when they are out."""
        self.qtbot.waitUntil(lambda: len(self.printer.jobs) >= count, timeout=PATIENCE_MS)
        assert len(self.printer.jobs) == count
        return ["\n".join(read_page(job).lines) for job in self.printer.jobs]


def _holds(claim: object) -> bool:
    try:
        claim()  # type: ignore[operator]
    except AssertionError:
        return False
    return True


@pytest.fixture
def shop(qapp: QApplication, qtbot: QtBot, data_folder: Path) -> Iterator[Shop]:
    load_fonts()
    Dress(qapp)
    reader, cable = os.openpty()
    printer = TcpPrinter(Mood())
    acquirer = start_training_acquirer(
        [sys.executable, str(ROOT / "main.py"), "--training-acquirer"], data_folder / "bank"
    )
    settings = settings_for(acquirer, os.ttyname(cable), printer.port)
    front = front_of(qapp, settings, data_folder / "till")
    play = Rehearsal(front.window, lambda _: None)
    front.listen(play.notice_came)
    front.window.show()
    shop = Shop(front, play, reader, printer, acquirer, data_folder, qtbot)
    shop.until(SignInShown)
    play.press(*TRAINING_ROSTER[0][1], "enter")
    shop.until(CheckoutShown)
    yield shop
    front.window.close()
    front.opening.close()
    front.let_go()
    acquirer.close()
    printer.close()
    for handle in (reader, cable):
        os.close(handle)


def settings_for(acquirer: RunningAcquirer, port: str, printer_port: int) -> Settings:
    profile = replace(acquirer.profile(TRAINING.acquirer), answer_seconds=1.0, reversal_seconds=2.0)
    return replace(
        TRAINING,
        acquirer=profile,
        readers=(ReaderSettings("serial", port),),
        printer=PrinterSettings("network", host="127.0.0.1", port=printer_port),
    )


def test_a_card_sale_from_the_window_to_the_printed_slip(shop: Shop) -> None:
    shop.sell("128", CARD.stripe, CARD.pin)
    shop.until(PaymentShown, State.APPROVED)
    merchant, *_ = shop.papers(1)
    assert "CNY 128.00" in merchant
    assert "6212 34** **** 1232" in merchant
    shop.play.press("p")
    customer = shop.papers(2)[1]
    assert "CUSTOMER COPY" in customer
    assert "6212 34" not in customer
    shop.play.press("enter")
    screen = shop.until(CheckoutShown)
    assert isinstance(screen, CheckoutShown)
    assert (screen.today_count, screen.today_total.minor) == (1, 12800)
    assert books(shop) == ([(12800, "charged")], [(12800, "approved")])


def test_a_declined_card_and_then_another_one(shop: Shop) -> None:
    shop.sell("75", POOR_CARD.stripe, POOR_CARD.pin)
    shop.until(PaymentShown, State.DECLINED)
    answer = shop.payment().sale.answer
    assert answer is not None
    assert answer.code == "51"
    shop.play.press("enter")
    shop.until(CheckoutShown)  # with the amount kept
    shop.sell("", CARD.stripe, CARD.pin)
    shop.until(PaymentShown, State.APPROVED)
    charged = [row for row in books(shop)[0] if row[1] == "charged"]
    assert charged == [(7500, "charged")]


def test_a_lost_answer_is_reversed_while_nobody_does_anything(shop: Shop) -> None:
    shop.acquirer.order(fault="lost answer", times=1)
    shop.sell("36", CARD.stripe, CARD.pin)
    shop.until(PaymentShown, State.REVERSED)
    assert books(shop) == ([(3600, "reversed")], [(3600, "reversed")])
    assert [slip.kind for slip in shop.payment().slips] == ["reversal pending", "reversed"]


def test_a_dead_printer_stops_no_sale_and_the_slip_comes_once_it_is_back(shop: Shop) -> None:
    shop.printer.mood.paper = 0x7E  # the paper is out
    shop.sell("12", CARD.stripe, CARD.pin)
    shop.until(PaymentShown, State.APPROVED)
    shop.qtbot.waitUntil(
        lambda: any(slip.fault == "L-01" for slip in shop.payment().slips), timeout=PATIENCE_MS
    )
    strip = shop.play.latest[StripShown]
    assert isinstance(strip, StripShown)
    assert strip.owed == 1
    assert shop.printer.jobs == []
    shop.printer.mood.paper = 0x12
    assert "CNY 12.00" in shop.papers(1)[0]


def test_a_bad_swipe_says_why_and_the_next_one_is_taken(shop: Shop) -> None:
    shop.play.press(*"5", "enter")
    shop.until(PaymentShown, State.DRAFT)
    os.write(shop.reader, b";6212345678901233=30121200000?\r")
    shop.qtbot.waitUntil(lambda: shop.payment().sale.fault == "R-02", timeout=PATIENCE_MS)
    os.write(shop.reader, CARD.stripe.encode() + b"\r")
    shop.until(PaymentShown, State.CAPTURED)


def test_a_day_is_settled_and_its_forced_difference_explained(shop: Shop) -> None:
    for amount in ("128", "36.81"):
        shop.sell(amount, CARD.stripe, CARD.pin)
        shop.until(PaymentShown, State.APPROVED)
        shop.play.press("enter")
        shop.until(CheckoutShown)
    shop.play.press("f8")
    shop.until(DayShown)
    shop.play.press("f10", "f10")
    shop.until(ApprovalShown)
    shop.play.press(*TRAINING_ROSTER[1][1], "enter")
    shop.until(DayShown)
    shop.qtbot.waitUntil(lambda: day_of(shop).state is BatchState.CLOSED, timeout=PATIENCE_MS)
    settled = day_of(shop)
    assert [found.kind for found in settled.differences] == [Differing.AMOUNT]
    assert settled.till.debit.minor == 12800 + 3681
    assert "SETTLEMENT" in shop.papers(3)[2]
    shop.qtbot.wait(int(ENTER_IS_DEAF_SECONDS * 1000))
    shop.play.press("enter")
    shop.until(CheckoutShown)
    shop.play.press("f8")
    following = shop.until(DayShown)
    assert isinstance(following, DayShown)
    assert following.last is not None
    assert (following.batch, following.last.number) == (settled.batch + 1, settled.batch)
    assert following.last.differences == settled.differences


def day_of(shop: Shop) -> DayShown:
    """The end of the day on the screen."""
    assert isinstance(shop.play.screen, DayShown)
    return shop.play.screen


def books(shop: Shop) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Amount and state in the acquirer's ledger, and in the journal; closes the till first."""
    shop.front.window.close()
    shop.front.opening.close()
    folder = shop.folder / "till"
    key = KeyStore(folder, live=False).secret("journal chain")
    journal = Journal(folder / "journal.db", key, till=1)
    sales = list(reversed(journal.last_sales(10)))
    assert journal.chain_holds()
    assert journal.open_sales() == ()
    journal.close()
    ledger = read_ledger(shop.folder / "bank")
    return (
        [(row.amount_minor, row.state) for row in ledger],
        [(sale.amount.minor, sale.state.value) for sale in sales],
    )
