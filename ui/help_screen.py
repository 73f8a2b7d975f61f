"""What a code means: has money moved, what is behind it, what to do and to say, whom to call.

It stands in the place of the screen below it, which stays as it is, and sends no command.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from domain.help import MONEY_OF_A_CODE, HelpPage, all_pages, page_of_answer, page_of_fault
from domain.settings import Settings
from domain.words import N_
from ui.announce import announce
from ui.band import CodeTag, StepsList
from ui.buttons import Button
from ui.help_list import HelpList
from ui.help_topics import payment_help
from ui.help_wish import NO_TOPIC, Topic
from ui.parts import Card, Label, MoneyLine, Picture
from ui.payment_words import MONEY_KINDS, MoneyWords
from ui.room import ROOM
from ui.search_box import SearchBox
from ui.slip_preview import SlimScrollBar
from ui.theme import THEME
from ui.tongue import TONGUE, say
from ui.truth_pane import CustomerBox

_ARROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
MOST_STEPS = 3
SECTION = 10
_CAPTIONS = (
    N_("Has money moved?"),
    N_("What it means"),
    N_("What to do"),
    N_("Whom to call"),
)


class HelpScreen(QWidget):
    """Draws one page of the help beside the list of all; `left` where it shall go away."""

    left = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self._settings = settings
        self._code_set: str | None = None
        self._topic = NO_TOPIC
        self.page: HelpPage | None = None
        self._title = Label("", 26, 700, tracking=-0.015)
        self.back = Button("secondary", "money", keycap="Esc")
        self.search = SearchBox(N_("Code or word"))
        self.list = HelpList()
        self._card = Card()
        self._tag = CodeTag("ink")
        self._head = Label("", 26, 700, tracking=-0.015, wrap=True)
        self._money = MoneyLine()
        self._captions = tuple(Label("", 15, 600, "ink2") for _ in _CAPTIONS)
        self._means = Label("", 17, 400, wrap=True)
        self._steps = StepsList()
        self._customer = CustomerBox()
        self._phone = Picture("phone", px=24)
        self._call = Label("", 17, 400, wrap=True)
        self._inside = QWidget()
        self._scroll = QScrollArea()
        self._lay_out()
        self.refit()
        self.retranslate()
        self.back.clicked.connect(self.left)
        self.list.chosen.connect(self.on_chosen)
        self.search.field.textEdited.connect(self.list.search)
        TONGUE.changed.connect(self.retranslate)
        THEME.changed.connect(self.restyle)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._title)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self.back)
        self._left = QWidget()
        self._left.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._head, 1)
        top.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignTop)
        money, means, do, call = self._captions
        telephone = QHBoxLayout()
        telephone.setSpacing(12)
        telephone.addWidget(self._phone)
        telephone.addWidget(self._call, 1)
        self._body = QVBoxLayout(self._inside)
        self._body.addLayout(top)
        for caption, part in ((money, self._money), (means, self._means), (do, self._steps)):
            self._body.addSpacing(SECTION)
            self._body.addWidget(caption)
            self._body.addWidget(part)
        self._body.addSpacing(SECTION)
        self._body.addWidget(self._customer)
        self._body.addSpacing(SECTION)
        self._body.addWidget(call)
        self._body.addLayout(telephone)
        self._body.addStretch(1)
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBar(SlimScrollBar())
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(2, 2, 2, 2)
        inside.addWidget(self._scroll)
        self._columns = QHBoxLayout(self)
        self._columns.addWidget(self._left)
        self._columns.addWidget(self._card, 1)
        self.restyle()

    def open_on(self, topic: Topic) -> None:
        """Explain this; without a code, the first of the list."""
        self._fill(topic.code_set)
        self.search.clear()
        self.list.search("")
        self._topic = topic
        page = self.list.pages[0]
        if topic.code:
            page = (
                page_of_answer(topic.code, topic.code_set)
                if topic.of_bank
                else page_of_fault(topic.code)
            )
        self._show(page)

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._title.setText(say("Help"))
        self.back.set_text(say("Back"))
        for label, caption in zip(self._captions, _CAPTIONS, strict=True):
            label.setText(say(caption))
        if self.page is not None:
            self._show(self.page)

    def restyle(self) -> None:
        """The scroll bar in the colours of the theme."""
        self._scroll.verticalScrollBar().setStyleSheet(THEME.scroll_bar())

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._columns.setContentsMargins(edge, edge, edge, edge)
        self._columns.setSpacing(ROOM.pick(16, 20, 28))
        self._left.setFixedWidth(ROOM.pick(332, 396, 480))
        side = ROOM.pick(20, 32, 48)
        self._body.setContentsMargins(side, ROOM.pick(18, 26, 40), side, ROOM.pick(16, 22, 36))
        self._body.setSpacing(ROOM.pick(8, 10, 16))
        self._head.set_style(*ROOM.pick((22, 700, -0.015), (26, 700, -0.015), (34, 700, -0.02)))
        for label in (self._means, self._call):
            label.set_style(ROOM.pick(17, 17, 22))
        self._tag.refit()
        self._steps.refit()
        self._customer.refit()

    @property
    def reaches_below(self) -> bool:
        """Whether the page must be scrolled (for the audit of the screens)."""
        return self._scroll.verticalScrollBar().maximum() > 0

    def primary(self) -> None:
        """Enter leads nowhere from here."""

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted: arrows turn the pages, whatever is typed is looked for."""
        key, text = event.key(), event.text()
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_F1):
            self.left.emit()
        elif key in _ARROWS:
            self.list.go_by(_ARROWS[Qt.Key(key)])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            rows = self.list.page_length()
            self.list.go_by(rows if key == Qt.Key.Key_PageDown else -rows)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.list.go_by(len(self.list.pages) * (1 if key == Qt.Key.Key_End else -1))
        elif key == Qt.Key.Key_F and control:
            self.search.field.setFocus()
        elif text.isprintable() and text.strip() and not control:
            self.search.field.setFocus()
            self.search.field.setText(self.search.field.text() + text)
            self.list.search(self.search.field.text())
        else:
            return False
        return True

    def on_chosen(self, page: HelpPage) -> None:
        """Another page out of the list."""
        self._show(page)
        announce(self, self.accessibleName())

    def _fill(self, code_set: str) -> None:
        """The list in the codes of this shop's bank; they hardly ever change."""
        if code_set != self._code_set:
            self._code_set = code_set
            self.list.set_pages(all_pages(code_set))

    def _show(self, page: HelpPage) -> None:
        self.page = page
        own = (page.code, page.of_bank) == (self._topic.code, self._topic.of_bank)
        payment = payment_help(self._topic, self._settings) if own else None
        kind = N_("Bank code {code}") if page.of_bank else N_("Fault {code}")
        tag = say(kind, code=page.code)
        self._tag.set_text(tag)
        self._head.setText(say(page.title))
        money = MoneyWords(MONEY_KINDS[page.moved], say(MONEY_OF_A_CODE[page.moved]), "")
        seconds = round(self._settings.pin_seconds)
        steps = tuple(say(step, code=page.code, s=seconds) for step in page.steps)
        customer = say(page.customer)
        if payment is not None:
            money, steps, customer = payment.money, payment.steps or steps, payment.customer
        self._money.set_line(*money)
        self._means.setText(say(page.means))
        self._steps.set_steps(steps[:MOST_STEPS])
        self._customer.set_sentence(customer)
        self._call.setText(say(page.call, acquirer=self._settings.acquirer.name))
        self.list.choose(page)
        self._scroll.verticalScrollBar().setValue(0)
        self.setAccessibleName(f"{tag}. {self._head.text()}. {money.line}")
