"""Guards what stands under the window: garbage, fonts, colours, icons, words, and the first paint."""

from __future__ import annotations

import ast
import gc
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPaintEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.application import GarbageRound, when_painted
from ui.buttons import Button
from ui.label import Label
from ui.room import ROOM
from ui.theme import ASSETS, THEME, font, icon
from ui.tongue import TONGUE, say


class Painted(QWidget):
    """Counts its paints."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0
        self.paints_at_the_call: list[int] = []

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        self.paints += 1

    def on_painted(self) -> None:
        self.paints_at_the_call.append(self.paints)


def test_the_rest_of_the_work_begins_once_and_behind_the_first_paint(qtbot: QtBot) -> None:
    window = Painted()
    qtbot.addWidget(window)
    when_painted(window, window.on_painted)
    assert window.paints_at_the_call == []
    window.show()
    qtbot.waitUntil(lambda: bool(window.paints_at_the_call))
    window.repaint()
    QApplication.processEvents()
    assert len(window.paints_at_the_call) == 1
    assert window.paints_at_the_call[0] >= 1


def test_only_our_own_round_collects_garbage(dressed: QApplication) -> None:
    GarbageRound(dressed).deleteLater()
    assert not gc.isenabled()


def test_figures_are_of_equal_width_in_every_weight(dressed: QApplication) -> None:
    for weight in (400, 500, 600, 700):
        metrics = QFontMetricsF(font(92, weight))
        widths = {round(metrics.horizontalAdvance(figure * 3), 2) for figure in "0123456789"}
        assert len(widths) == 1


def test_strong_type_is_really_stronger(dressed: QApplication) -> None:
    assert QFontInfo(font(20)).family() == "Inter"
    widths = [QFontMetricsF(font(50, w)).horizontalAdvance("Approved") for w in (400, 600, 700)]
    assert widths == sorted(set(widths))


def test_both_themes_have_the_same_tokens() -> None:
    colors = json.loads((ASSETS / "tokens.json").read_text(encoding="utf-8"))["colors"]
    assert colors["light"].keys() == colors["dark"].keys()


def test_an_unknown_token_is_an_error_and_not_black() -> None:
    with pytest.raises(KeyError):
        THEME.color("azure")


def test_an_icon_takes_the_colour_of_its_token(dressed: QApplication) -> None:
    for theme in ("light", "dark"):
        THEME.use(theme)
        image = icon("check", "accent", 96).toImage()
        seen = {
            image.pixelColor(x, y).name()
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert THEME.color("accent").name() in seen


def test_every_icon_of_the_set_can_be_drawn(dressed: QApplication) -> None:
    for path in (ASSETS / "icons").glob("*.svg"):
        assert not icon(path.stem, "ink", 24).isNull()


def test_an_unknown_language_is_an_error_and_changes_nothing() -> None:
    with pytest.raises(KeyError):
        TONGUE.speak("tlh")
    assert TONGUE.language == "en"
    assert say("{n} sales", n=3) == "3 sales"


def test_no_message_hides_in_an_f_string() -> None:
    """Babel does not look into them on Python 3.11, and the message would stay English."""
    hidden = [
        f"{path.name}:{call.lineno}"
        for path in ASSETS.parent.glob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"say", "N_"}
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_the_language_goes_round() -> None:
    spoken = []
    for _ in range(3):
        TONGUE.speak_next()
        spoken.append(TONGUE.language)
    assert spoken == ["zh_CN", "zh_TW", "en"]


@pytest.mark.parametrize(
    ("pixels", "width"),
    [(1024, "narrow"), (1299, "narrow"), (1300, "normal"), (1699, "normal"), (1700, "wide")],
)
def test_the_breakpoints(pixels: int, width: str) -> None:
    ROOM.measure(pixels)
    assert ROOM.width == width
    ROOM.measure(1366)


def test_a_label_keeps_its_line_whatever_it_says(dressed: QApplication) -> None:
    heights = {Label(text, 20, 600).sizeHint().height() for text in ("Approved", "交易成功", "")}
    assert heights == {28}


def test_a_wrapped_label_asks_for_all_of_its_lines(dressed: QApplication) -> None:
    label = Label("Keep the goods. Do not charge again until this turns to Reversed.", wrap=True)
    assert label.heightForWidth(10_000) == 22
    assert label.heightForWidth(200) >= 66


def test_enter_does_not_press_the_button_that_has_the_focus(qtbot: QtBot) -> None:
    button = Button("secondary", "money", "Cancel")
    qtbot.addWidget(button)
    presses = QSignalSpy(button.clicked)
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Enter)
    assert presses.count() == 0
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert presses.count() == 1


def test_nothing_before_the_first_paint_needs_the_one_name_that_is_slow_to_make() -> None:
    for name in ("application", "checkout_window", "theme", "tongue", "room"):
        text = (ASSETS.parent / f"{name}.py").read_text(encoding="utf-8")
        imported = {
            alias.name
            for node in ast.parse(text).body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert "Qt" not in imported, name
