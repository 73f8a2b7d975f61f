"""Guards that every payment screen fits: each state, language and window, with nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from acquirer.simulator_accounts import training_cards
from domain.money import Money
from domain.settings import TRAINING
from domain.words import LANGUAGES
from tests.ui.hold_notices import HOLDS
from tests.ui.payment_notices import ALL
from ui.payment_screen import PaymentScreen
from ui.room import ROOM
from ui.tongue import TONGUE

RAIL, STRIP = 116, 56
WINDOWS = ((1024, 768), (1280, 800), (1366, 768), (1920, 1080))
LONG = Money(99_999_999)
SETTLE = 6
"""Layouts within layouts take their turns, one for each round of events."""


@pytest.fixture
def usual_room() -> Iterator[None]:
    yield
    ROOM.measure(1366)


def cut_off(screen: QWidget) -> list[str]:
    """What cannot be seen in full, or stands outside of what it stands in."""
    found = []
    for part in screen.findChildren(QWidget):
        parent = part.parentWidget()
        if not part.isVisible() or parent is None or isinstance(parent.parentWidget(), QScrollArea):
            continue
        fits = getattr(part, "fits", None)
        if fits is not None and not fits():
            found.append(f"cut off: {type(part).__name__} {part.accessibleName()} {part.size()}")
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(part.geometry()):
            found.append(f"outside: {type(part).__name__} in {type(parent).__name__}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("window", WINDOWS)
def test_every_state_fits(
    dressed: QApplication, usual_room: None, window: tuple[int, int], language: str
) -> None:
    ROOM.measure(window[0])
    TONGUE.speak(language)
    screen = PaymentScreen(TRAINING, lambda _command: None, training_cards=training_cards())
    screen.setFixedSize(window[0] - RAIL, window[1] - STRIP)
    screen.show()
    for name, notice in {**ALL, **HOLDS}.items():
        amount = LONG if notice.sale.amount else notice.sale.amount
        screen.show_payment(replace(notice, sale=replace(notice.sale, amount=amount)))
        for _ in range(SETTLE):
            QApplication.processEvents()

        assert (name, cut_off(screen)) == (name, [])
    screen.close()
    screen.deleteLater()
