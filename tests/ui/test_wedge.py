"""Guards the filter in front of every widget: a swipe presses nothing, a person is not disturbed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from domain.clock import ManualClock
from tests.ui.shop_window import Sent, deliver, press
from ui import scan_codes
from ui.wedge import Wedge
from ui.wedge_sense import ENTER

TRACK = "%B6222021234567894^LIN/MEI ^2712201?;6222021234567894=2712201?"
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Shop(QWidget):
    """A window with a button that has the focus and a field to type into."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QPushButton("Void")
        self.field = QLineEdit()
        column = QVBoxLayout(self)
        column.addWidget(self.button)
        column.addWidget(self.field)
        self.presses = 0
        self.button.clicked.connect(self.on_clicked)

    def on_clicked(self) -> None:
        self.presses += 1


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def wedge(qapp: QApplication, sent: Sent, clock: ManualClock) -> Iterator[Wedge]:
    filtering = Wedge(sent.append, clock=clock)
    qapp.installEventFilter(filtering)
    yield filtering
    qapp.removeEventFilter(filtering)


@pytest.fixture
def shop(qtbot: QtBot, wedge: Wedge) -> Shop:
    window = Shop()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.button.setFocus()
    return window


def swipe(window: QWidget, text: str = TRACK) -> None:
    for character in text:
        press(window, "space" if character == " " else character)
    press(window, "enter")


def test_a_swipe_goes_to_the_till_and_presses_no_button(shop: Shop, sent: Sent) -> None:
    swipe(shop)
    assert sent.stripes == [TRACK.encode()]
    assert shop.presses == 0


def test_without_the_filter_the_same_swipe_presses_the_button(
    qapp: QApplication, wedge: Wedge, shop: Shop
) -> None:
    qapp.removeEventFilter(wedge)
    swipe(shop)
    assert shop.presses > 0


def test_a_swipe_leaves_no_trace_in_a_text_field(shop: Shop, sent: Sent) -> None:
    shop.field.setFocus()
    swipe(shop)
    assert shop.field.text() == ""
    assert len(sent) == 1


def test_a_swipe_does_not_accept_a_dialog_that_is_open(
    qtbot: QtBot, shop: Shop, sent: Sent
) -> None:
    dialog = QDialog(shop)
    button = QPushButton("Accept", dialog)
    button.setDefault(True)
    button.clicked.connect(dialog.accept)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    swipe(dialog)
    assert dialog.isVisible()
    assert len(sent) == 1
    press(dialog, "enter")
    assert dialog.isVisible(), "an Enter right behind a swipe belongs to it"


def test_where_no_reader_types_a_swipe_is_swallowed_and_told_to_nobody(
    qapp: QApplication, wedge: Wedge, shop: Shop, sent: Sent
) -> None:
    qapp.removeEventFilter(wedge)
    deaf = Wedge(sent.append, reader=False)
    qapp.installEventFilter(deaf)
    swipe(shop)
    qapp.removeEventFilter(deaf)
    assert sent == []
    assert shop.presses == 0


def test_a_person_who_types_a_percent_sign_gets_it_a_moment_later(
    qtbot: QtBot, shop: Shop, sent: Sent
) -> None:
    shop.field.setFocus()
    press(shop, "%")
    assert shop.field.text() == ""
    qtbot.waitUntil(lambda: shop.field.text() != "", timeout=1000)
    assert shop.field.text() == "%"
    assert sent == []


def test_a_person_can_press_the_button_with_space(qtbot: QtBot, shop: Shop) -> None:
    press(shop, "space")
    qtbot.waitUntil(lambda: shop.presses == 1, timeout=1000)


def test_letters_and_keys_that_type_nothing_keep_their_order(shop: Shop) -> None:
    shop.field.setFocus()
    press(shop, "a", "b", "backspace")
    assert shop.field.text() == "a"


def test_a_scan_reaches_no_field_and_its_enter_no_button(qtbot: QtBot, shop: Shop) -> None:
    shop.field.setFocus()
    press(shop, *"4006381333931", "enter")
    press(shop, "tab")
    assert shop.field.text() == ""
    assert shop.presses == 0


def test_keys_held_down_repeat_without_being_a_scan(shop: Shop) -> None:
    shop.field.setFocus()
    press(shop, *"12345678", "backspace")
    assert shop.field.text() == "1234567"


@pytest.mark.parametrize(("platform", "offset"), [("xcb", 8), ("wayland", 8), ("windows", 0)])
def test_every_key_of_a_reader_is_known_by_its_place(
    platform: str, offset: int, monkeypatch: pytest.MonkeyPatch, shop: Shop, sent: Sent
) -> None:
    """A French layout with CapsLock on gives other texts; the scan codes are the reader's."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    places = {code: (place, False) for place, code in scan_codes.PLAIN.items()}
    places |= {code: (place, True) for place, code in scan_codes.SHIFTED.items() if code != 0x20}
    for character in TRACK:
        place, shifted = places[ord(character)]
        modifiers = SHIFT if shifted else Qt.KeyboardModifier.NoModifier
        deliver(shop, Qt.Key.Key_unknown, "q", modifiers, scan_code=place + offset)
    press(shop, "enter")
    assert sent.stripes == [TRACK.encode()]
    assert shop.presses == 0


def test_the_table_knows_every_character_that_a_track_can_hold() -> None:
    known = {*scan_codes.PLAIN.values(), *scan_codes.SHIFTED.values()}
    assert set(range(0x20, 0x7F)) <= known
    assert ENTER not in known
