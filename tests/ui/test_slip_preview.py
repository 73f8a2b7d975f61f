"""Guards the slip on the screen: black on white, as long as its text, in its columns."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from domain.document import Document, Text
from tests.ui.payment_notices import LINK, PAGE
from ui.qr import qr_modules
from ui.slip_preview import SlipPaper, slip_font
from ui.theme import THEME


def paper(width: int = 400) -> SlipPaper:
    made = SlipPaper(48)
    made.set_width(width)
    made.set_document(PAGE)
    return made


def test_paper_is_black_on_white_in_both_themes(dressed: QApplication) -> None:
    pictures = []
    for theme in ("light", "dark"):
        THEME.use(theme)
        made = paper()
        above_the_torn_edge = made.rect().adjusted(0, 0, 0, -20)
        pictures.append(made.grab(above_the_torn_edge).toImage())

    assert pictures[0] == pictures[1]
    assert pictures[0].pixelColor(3, 3).name() == "#ffffff"


def test_a_longer_page_makes_a_longer_paper(dressed: QApplication) -> None:
    short, long = paper(), paper()
    long.set_document(Document((*PAGE.parts, Text("Thank you"), Text("Thank you"))))

    assert long.height() > short.height()


def test_every_character_is_exactly_one_cell_wide(dressed: QApplication) -> None:
    for cell in (4.0, 7.5, 9.1):
        line = QFontMetricsF(slip_font(cell, bold=False)).horizontalAdvance(
            "MERCHANT 310290053110478"
        )

        assert abs(line - 24 * cell) < 1


def test_the_slip_can_be_heard(dressed: QApplication) -> None:
    assert "PLUM LANE STORES" in paper().accessibleName()


def test_a_qr_code_is_square_and_has_its_three_eyes() -> None:
    modules = qr_modules(LINK)
    last = len(modules) - 1

    assert all(len(row) == len(modules) for row in modules)
    for y, x in ((0, 0), (0, last - 6), (last - 6, 0)):
        assert all(modules[y][x + step] and modules[y + step][x] for step in range(7))
