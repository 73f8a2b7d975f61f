"""Colours, type and icons as the design's tokens say: the only place that knows a hex value.

Widgets ask for a token by name when they paint; `THEME.changed` tells them to paint again.
This file is loaded before the first paint, so it leaves `Qt` alone: PySide takes some 20 ms to make
that one name, for all the enumerations in it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QByteArray, QObject, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPainter, QPixmap

from ui.tongue import TONGUE

ASSETS = Path(__file__).resolve().parent / "assets"

RADIUS_KEY, RADIUS_CONTROL, RADIUS_CARD, RADIUS_STAGE, RADIUS_CHIP = 6, 10, 14, 18, 22

ThemeName = Literal["light", "dark"]

_SIMPLIFIED = ("Noto Sans CJK SC", "Microsoft YaHei UI")
_TRADITIONAL = ("Noto Sans CJK TC", "Microsoft JhengHei UI")
_EITHER = ("WenQuanYi Micro Hei",)


class Theme(QObject):
    """Light or dark, switchable at any moment."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tokens: dict[str, dict[str, str]] = json.loads(
            (ASSETS / "tokens.json").read_text(encoding="utf-8")
        )["colors"]
        self._name: ThemeName = "light"
        self._colors = {
            name: {token: QColor(value) for token, value in tokens.items()}
            for name, tokens in self._tokens.items()
        }

    @property
    def name(self) -> ThemeName:
        """Which of the two is on."""
        return self._name

    def use(self, name: ThemeName) -> None:
        """Switch to that theme; everything on the screen paints itself again."""
        if name != self._name:
            self._name = name
            self.changed.emit()

    def toggle(self) -> None:
        """The other one."""
        self.use("dark" if self._name == "light" else "light")

    def color(self, token: str) -> QColor:
        """The colour of a token. Raises KeyError for a token that the design does not have."""
        return self._colors[self._name][token]

    def hex(self, token: str) -> str:
        """The same as text: #15171C."""
        return self._tokens[self._name][token]

    def scroll_bar(self) -> str:
        """The style sheet of a scroll bar, the one thing that does not paint itself."""
        return (
            "QScrollBar { background: transparent; width: 10px; margin: 0; }"
            f"QScrollBar::handle {{ background: {self.hex('edge')}; border-radius: 4px;"
            " min-height: 40px; margin: 1px; }"
            "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
            "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
        )


THEME = Theme()
"""There is one screen, so there is one theme."""


def load_fonts() -> None:
    """Take Inter in; once, after the application object exists."""
    spec = find_spec("fontpkg_inter")
    if spec is not None and spec.origin is not None:
        file = Path(spec.origin).parent / "files" / "Inter[opsz,wght].ttf"
        QFontDatabase.addApplicationFont(str(file))


def font(px: int, weight: int = 400, tracking: float = 0.0) -> QFont:
    """Inter at that size with figures of equal width; `tracking` in em, as the design gives it."""
    return QFont(_font(px, weight, tracking, TONGUE.language))


def bold_chinese(px: int) -> QFont:
    """For the Chinese characters in a strong text, whose weight Inter's axis does not reach."""
    made = QFont()
    made.setFamilies(_chinese(TONGUE.language))
    made.setPixelSize(px)
    made.setWeight(QFont.Weight.Bold)
    return made


def _chinese(language: str) -> list[str]:
    if language == "zh_TW":
        return [*_TRADITIONAL, *_SIMPLIFIED, *_EITHER]
    return [*_SIMPLIFIED, *_TRADITIONAL, *_EITHER]


@cache
def _font(px: int, weight: int, tracking: float, language: str) -> QFont:
    made = QFont()
    made.setFamilies(["Inter", *_chinese(language)])
    made.setPixelSize(px)
    # Inter is one variable font and its weight an axis; a weight of 700 would be thickened again.
    made.setWeight(QFont.Weight(min(weight, 600)))
    made.setVariableAxis(QFont.Tag.fromString("wght"), weight)
    made.setFeature(QFont.Tag.fromString("tnum"), 1)
    if tracking:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, px * tracking)
    return made


def icon(name: str, token: str, px: int, stroke: float = 1.75) -> QPixmap:
    """An icon of the set in a token's colour, sharp at this screen's pixel ratio."""
    app = cast("QGuiApplication", QGuiApplication.instance())
    return _icon(name, THEME.hex(token), px, stroke, app.devicePixelRatio())


@cache
def _icon(name: str, color: str, px: int, stroke: float, ratio: float) -> QPixmap:
    svg = (ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    svg = svg.replace("currentColor", color)  # QtSvg would draw it black
    svg = svg.replace('stroke-width="1.75"', f'stroke-width="{stroke}"')
    return _drawn(svg, px, ratio)


def brand(px: int) -> QPixmap:
    """The mark of the program."""
    app = cast("QGuiApplication", QGuiApplication.instance())
    return _brand(THEME.name, px, app.devicePixelRatio())


@cache
def _brand(_theme: ThemeName, px: int, ratio: float) -> QPixmap:
    svg = (ASSETS / "brand.svg").read_text(encoding="utf-8")
    for token in ("ink", "surface", "amber"):
        svg = svg.replace(f"token({token})", THEME.hex(token))
    return _drawn(svg, px, ratio)


def _drawn(svg: str, px: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # the blank window paints without it

    pixmap = QPixmap(round(px * ratio), round(px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, px, px))
    painter.end()
    return pixmap
