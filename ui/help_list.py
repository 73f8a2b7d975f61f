"""The list of everything that can be explained: the till's faults and the bank's answers."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from domain.help import HelpPage, holds
from ui import paint
from ui.announce import announce
from ui.buttons import Pressable
from ui.parts import Label
from ui.room import ROOM
from ui.slip_preview import SlimScrollBar
from ui.theme import THEME, font
from ui.tongue import TONGUE, say
from ui.typeset import Style, draw_line

_CODE, _TITLE = Style(15, 600), Style(15, 400)
_LEFT, _CODE_WIDTH = 14, 58
_RADIUS = 10


class HelpItem(Pressable):
    """One code and its title, shortened where it is too long; pressing it opens its page."""

    leaves_arrows: ClassVar[bool] = True

    def __init__(self, page: HelpPage) -> None:
        super().__init__()
        self.page = page
        self._chosen = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()

    def retranslate(self) -> None:
        """Its title in the language of the screen."""
        self.setText(say(self.page.title))
        self.setAccessibleName(f"{self.page.code} {self.text()}")

    def set_chosen(self, *, chosen: bool) -> None:
        """Whether its page is the one that is shown."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROOM.pick(44, 44, 52))

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        if self._chosen:
            paint.surface(painter, rect, _RADIUS, "accentTint", "accent", 2)
        elif self.isDown() or self.underMouse():
            paint.surface(painter, rect, _RADIUS, "press" if self.isDown() else "sunken")
        middle = self.height() / 2
        ink = THEME.color("accent" if self._chosen else "ink")
        draw_line(painter, _LEFT, middle, self.page.code, _CODE, ink)
        left = _LEFT + _CODE_WIDTH
        room = self.width() - left - _LEFT
        painter.setFont(font(*_TITLE))
        text = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, max(0, room)
        )
        draw_line(painter, left, middle, text, _TITLE, THEME.color("ink"))


class HelpList(QScrollArea):
    """`chosen` where another page shall be shown. The arrows move the choice, a search thins it."""

    chosen = Signal(HelpPage)

    def __init__(self) -> None:
        super().__init__()
        self._items: list[HelpItem] = []
        self._page: HelpPage | None = None
        self._wanted = ""
        self._heads = (Label("", 15, 600, "ink2"), Label("", 15, 600, "ink2"))
        self._nothing = Label("", 17, 400, "ink3", wrap=True)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 10, 0)
        self._column.setSpacing(0)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(SlimScrollBar())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self.restyle()
        THEME.changed.connect(self.restyle)
        TONGUE.changed.connect(self.retranslate)

    @property
    def pages(self) -> tuple[HelpPage, ...]:
        """What the search has left, in order."""
        return tuple(item.page for item in self._items if not item.isHidden())

    def set_pages(self, pages: tuple[HelpPage, ...]) -> None:
        """Everything there is to read."""
        for item in self._items:
            self._column.removeWidget(item)
            item.deleteLater()
        self._items = [HelpItem(page) for page in pages]
        for of_bank, head in enumerate(self._heads):
            self._column.addWidget(head)
            for item in self._items:
                if item.page.of_bank == bool(of_bank):
                    self._column.addWidget(item)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        for item in self._items:
            item.clicked.connect(self.on_item)
        self.retranslate()

    def search(self, wanted: str) -> None:
        """Leave those that hold these words; the first of them is shown."""
        self._wanted = wanted
        for item in self._items:
            item.setVisible(holds(item.page, wanted, say))
        for of_bank, head in enumerate(self._heads):
            head.setVisible(any(page.of_bank == bool(of_bank) for page in self.pages))
        self._nothing.setVisible(not self.pages)
        if self.pages and self._page not in self.pages:
            self.chosen.emit(self.pages[0])

    def choose(self, page: HelpPage) -> None:
        """Mark this one."""
        self._page = page
        for item in self._items:
            item.set_chosen(chosen=item.page == page)
        QTimer.singleShot(0, self, self.show_choice)  # behind the layout of what has changed

    def show_choice(self) -> None:
        """Bring the marked row into view."""
        for item in self._items:
            if item.page == self._page and not item.isHidden():
                self.ensureWidgetVisible(item, 0, item.height())

    def go_by(self, steps: int) -> None:
        """Another page, so many further."""
        pages = self.pages
        if not pages:
            return
        place = pages.index(self._page) + steps if self._page in pages else 0
        self.chosen.emit(pages[max(0, min(len(pages) - 1, place))])

    def page_length(self) -> int:
        """How many rows can be seen at once."""
        return max(1, self.viewport().height() // ROOM.pick(44, 44, 52))

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._heads[0].setText(say("Faults of this till"))
        self._heads[1].setText(say("Answers of the bank"))
        self._nothing.setText(say("Nothing found."))
        for item in self._items:
            item.retranslate()
        self.setAccessibleName(say("Faults and answers of the bank"))
        self.search(self._wanted)

    def restyle(self) -> None:
        """The scroll bar in the colours of the theme."""
        self.verticalScrollBar().setStyleSheet(THEME.scroll_bar())

    def on_item(self) -> None:
        """A row was pressed."""
        item = self.sender()
        if isinstance(item, HelpItem):
            announce(self, item.accessibleName())
            self.chosen.emit(item.page)
