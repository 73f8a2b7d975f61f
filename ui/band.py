"""The head of a result: a sign, one large word, the reason, and the code; and the steps under it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.drawings import Octagon
from ui.help_wish import HelpButton
from ui.lead_text import LeadText
from ui.paint import surface
from ui.parts import Card, Label, Picture
from ui.room import ROOM
from ui.stage import fit_state_word
from ui.theme import RADIUS_STAGE, THEME

NARROW_HYPHEN = "\u2011"
"""Inter's tabular figures bring a hyphen as wide as a figure; this one keeps its own width."""


class CodeTag(QWidget):
    """'Bank code 55' in a frame of the text's colour."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self._label = Label("", 20, 600, token)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self._label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        THEME.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        """Another code, said already; '' hides the tag."""
        self._label.setText(text.replace("-", NARROW_HYPHEN))
        self.setVisible(bool(text))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._label.set_style(*ROOM.pick((17, 600, 0, 24), (20, 600, 0, 28), (24, 600, 0, 32)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        surface(QPainter(self), QRectF(self.rect()), 8, "", self._token, 2)


class PlugBadge(QWidget):
    """The sign of a fault: an open plug in a square."""

    def __init__(self, icon: str, token: str) -> None:
        super().__init__()
        self._token = token
        self._icon = icon
        self._picture = Picture(icon, token, 64, stroke=1.5)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignCenter)
        THEME.changed.connect(self.update)

    def set_height(self, pixels: int) -> None:
        """Another size."""
        self.setFixedSize(QSize(pixels, pixels))
        self._picture.set_icon(self._icon, self._token, round(pixels * 0.64))

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        surface(QPainter(self), QRectF(self.rect()), 20, "surface", self._token, 3)


class Band(QWidget):
    """The coloured head of a result stage."""

    def __init__(self, fill: str, ink: str, badge: str, *, border: str = "") -> None:
        super().__init__()
        self._fill = fill
        self._border = border
        self._badge: Picture | Octagon | PlugBadge
        if badge == "octagon":
            self._badge = Octagon(98)
        elif badge in {"fault", "warn"}:
            self._badge = PlugBadge(badge, ink)
        else:
            self._badge = Picture(badge, ink, 100, stroke=1.4)
        self._badge_name = badge
        self._ink = ink
        self._word = Label("", 50, 700, ink, -0.03)
        self._why = Label("", 24, 500, ink, -0.01, wrap=True)
        self._code = CodeTag(ink)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._why)
        words.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._badge, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._row.addLayout(words, 1)
        corner = QVBoxLayout()
        corner.setSpacing(4)
        corner.addWidget(self._code, alignment=Qt.AlignmentFlag.AlignRight)
        corner.addStretch(1)
        corner.addWidget(HelpButton(ink), alignment=Qt.AlignmentFlag.AlignRight)
        self._row.addLayout(corner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        THEME.changed.connect(self.update)

    def set_words(self, word: str, why: str, code: str) -> None:
        """The word, the reason and the code, said already."""
        self._word.setText(word)
        self._why.setText(why)
        self._code.set_text(code)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._row.setContentsMargins(
            *ROOM.pick((22, 18, 22, 18), (34, 24, 34, 24), (54, 42, 54, 42))
        )
        self._row.setSpacing(ROOM.pick(18, 24, 24))
        self.setMinimumHeight(ROOM.pick(132, 156, 220))
        fit_state_word(self._word)
        self._why.set_style(
            *ROOM.pick((20, 500, -0.01, 28), (24, 500, -0.01, 32), (32, 500, -0.01, 40))
        )
        self._code.refit()
        pixels = ROOM.pick(80, 100, 136)
        if isinstance(self._badge, Picture):
            self._badge.set_icon(self._badge_name, self._ink, pixels)
        else:
            self._badge.set_height(pixels)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = RADIUS_STAGE - 2
        head = QPainterPath()
        whole = QRectF(self.rect())
        head.addRoundedRect(whole.adjusted(0, 0, 0, radius), radius, radius)
        painter.setClipRect(whole)
        painter.fillPath(head, THEME.color(self._fill))
        if self._border:
            foot = QRectF(0, whole.height() - 2, whole.width(), 2)
            painter.fillRect(foot, THEME.color(self._border))


class _Step(QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = Label(str(number), 15, 600, "ink2", align=Qt.AlignmentFlag.AlignCenter)
        self._words = Label("", 19, 400, "ink", -0.005, wrap=True)
        self._circle = _Circle(self._number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._circle, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def set_words(self, words: str) -> None:
        self._words.setText(words)

    def refit(self) -> None:
        self._words.set_style(*ROOM.pick((17, 400, 0, 26), (19, 400, -0.005, 28), (24, 400, 0, 34)))
        self._circle.setFixedSize(*ROOM.pick((28, 28), (30, 30), (36, 36)))
        self._number.set_style(ROOM.pick(15, 15, 18), 600)


class _Circle(QWidget):
    def __init__(self, number: Label) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(number)
        THEME.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # Qt's name
        surface(QPainter(self), QRectF(self.rect()), self.width() / 2, "", "edge", 1.5)


class StepsList(QWidget):
    """Three numbered sentences at most."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = tuple(_Step(number) for number in (1, 2, 3))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for step in self._steps:
            self._column.addWidget(step)

    def set_steps(self, steps: tuple[str, ...]) -> None:
        """These, said already."""
        for place, step in enumerate(self._steps):
            step.setVisible(place < len(steps))
            step.set_words(steps[place] if place < len(steps) else "")

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._column.setSpacing(ROOM.pick(10, 14, 18))
        for step in self._steps:
            step.refit()


class WarningBox(Card):
    """A sentence of warning whose beginning is strong."""

    def __init__(self) -> None:
        super().__init__("warnTint", "warnLine", radius=12)
        self._words = LeadText("warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 14, 18, 14)
        row.setSpacing(12)
        row.addWidget(Picture("warn", "warn", 26))
        row.addWidget(self._words, 1)

    def set_words(self, strong: str, rest: str) -> None:
        """Both parts, said already."""
        self._words.set_words(strong, rest)


class SaidRow(QWidget):
    """An icon and a sentence whose beginning may be strong."""

    def __init__(self, icon: str, token: str = "ink", px: int = 26) -> None:
        super().__init__()
        self._icon, self._token = icon, token
        self._picture = Picture(icon, token, px)
        self._words = LeadText(token)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addWidget(self._words, 1)

    def set_words(self, strong: str, rest: str = "") -> None:
        """Both parts, said already."""
        self._words.set_words(strong, rest)

    def set_token(self, token: str) -> None:
        """Another colour."""
        self._picture.set_icon(self._icon, token)
        self._words.set_token(token)
