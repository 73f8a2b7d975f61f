"""Guards holds and balances from the window to the bank's books: every part real but the reader."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from acquirer.simulator_accounts import ACCOUNTS
from acquirer.simulator_ledger import read_ledger
from acquirer.training import start_training_acquirer
from checkout.notices import CheckoutShown, SignInShown
from db.journal import Journal
from db.key_store import KeyStore
from domain.kinds import Kind
from domain.sale import State
from domain.settings import TRAINING
from domain.training import TRAINING_ROSTER
from main import front_of
from tests.holds_played import CARD, play_holds
from ui.application import dress
from ui.habits import FILE
from ui.rehearsal import Rehearsal, Script
from ui.theme import THEME
from ui.tongue import TONGUE

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_MS = 120_000


def test_a_balance_a_hold_that_is_charged_and_one_that_is_released(
    qapp: QApplication, qtbot: QtBot, data_folder: Path
) -> None:
    dress()
    bank = start_training_acquirer(
        [sys.executable, str(ROOT / "main.py"), "--training-acquirer"], data_folder / "bank"
    )
    settings = replace(TRAINING, acquirer=bank.profile(TRAINING.acquirer))
    front = front_of(qapp, settings, data_folder / "till")
    ends: list[Exception | None] = []
    play = Rehearsal(front.window, ends.append)
    front.listen(play.notice_came)
    front.window.show()
    play.begin(morning(play))
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE_MS)
    front.window.close()
    front.opening.close()
    front.let_go()
    bank.close()
    assert ends == [None]
    charged = [
        (row.kind, row.amount_minor)
        for row in read_ledger(data_folder / "bank")
        if row.state == "charged" and row.masked == CARD.masked
    ]
    assert charged == [("completion", 10000)]
    keys = KeyStore(data_folder / "till", live=False)
    journal = Journal(data_folder / "till" / "journal.db", keys.secret("journal chain"), till=1)
    sales = [journal.sale(number) for number in range(1, journal.next_sale())]
    assert [(sale.kind, sale.state) for sale in sales if sale is not None] == [
        (Kind.BALANCE, State.APPROVED),
        (Kind.PREAUTH, State.COMPLETED),
        (Kind.COMPLETION, State.APPROVED),
        (Kind.PREAUTH, State.VOIDED),
        (Kind.PREAUTH_VOID, State.APPROVED),
    ]
    journal.close()


def morning(play: Rehearsal) -> Script:
    yield play.shown(SignInShown)
    play.press("right", *TRAINING_ROSTER[1][1], "enter")
    yield play.shown(CheckoutShown)
    yield from play_holds(play, nothing)


def nothing(_name: str) -> Script:
    yield from ()


def test_a_till_opens_in_the_language_and_theme_that_somebody_chose(
    qapp: QApplication, data_folder: Path
) -> None:
    data_folder.mkdir(exist_ok=True)
    first = front_of(qapp, TRAINING, data_folder)
    TONGUE.speak("zh_TW")
    THEME.use("dark")
    first.window.deleteLater()
    TONGUE.speak("en")
    TONGUE.speak("zh_TW")
    assert (data_folder / FILE).exists()
    second = front_of(qapp, TRAINING, data_folder)
    assert (TONGUE.language, THEME.name) == ("zh_TW", "dark")
    second.window.deleteLater()
    third = front_of(qapp, replace(TRAINING, language="zh_CN"), data_folder)
    assert (TONGUE.language, THEME.name) == ("zh_CN", "dark"), "the set-up says something new"
    third.window.deleteLater()
    TONGUE.speak("en")
    THEME.use("light")


def test_a_file_of_nonsense_changes_nothing(qapp: QApplication, data_folder: Path) -> None:
    data_folder.mkdir(exist_ok=True)
    (data_folder / FILE).write_bytes(
        b"[General]\nlanguage=tlh\nset-up%20language=en\ntheme=\xff\x00"
    )
    front = front_of(qapp, TRAINING, data_folder)
    assert (TONGUE.language, THEME.name) == ("en", "light")
    front.window.deleteLater()


def test_the_no_pin_card_is_offered_in_training() -> None:
    assert TRAINING.pin_bypass
    assert not ACCOUNTS["424242******4242"].pin
