"""Screen A: who is at the till, and the PIN that says so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Command, SignIn
from checkout.notices import SignInShown
from checkout.people_commands import ShowStaff, Stay
from domain.clock import Clock
from domain.operators import ROLE_NAMES, Operator, Permission, may
from domain.settings import Settings
from domain.words import LANGUAGES
from ui import paint
from ui.buttons import Button, Pressable
from ui.help_wish import HelpButton, Topic
from ui.keypad import CLEAR
from ui.parts import Avatar, Brand, Card, Label, Picture
from ui.pin_entry import PinPad
from ui.rail import theme_picture, theme_word
from ui.room import ROOM
from ui.theme import RADIUS_CARD, THEME
from ui.tongue import TONGUE, say

WRONG_PIN, LOCKED, BLOCKED = "A-01", "A-02", "A-04"
_CENTRE = Qt.AlignmentFlag.AlignCenter


class OperatorTile(Pressable):
    """One person to choose."""

    def __init__(self, operator: Operator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.operator = operator
        self._chosen = False
        self._avatar = Avatar(56, 20)
        self._avatar.set_initials(operator.initials)
        self._name = Label(operator.name, 20, 600, tracking=-0.01, line=26)
        self._role = Label("", 15, 400, "ink2")
        self._tick = Picture("check", "accent", 20, stroke=2.5)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(self._name)
        words.addWidget(self._role)
        words.addStretch()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._avatar)
        self._row.addLayout(words, 1)
        self._row.addWidget(self._tick, 0, Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(108)
        self.setAccessibleName(operator.name)
        self.refit()
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._role.setText(say(ROLE_NAMES[self.operator.role]))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        if hasattr(self, "_row"):
            self._row.setContentsMargins(
                *ROOM.pick((12, 14, 12, 14), (20, 14, 14, 14), (20, 14, 14, 14))
            )
            self._row.setSpacing(ROOM.pick(12, 16, 16))
            self._avatar.set_size(*ROOM.pick((44, 17), (56, 20), (56, 20)))
            self._name.set_style(
                *ROOM.pick((17, 600, -0.01, 24), (20, 600, -0.01, 26), (20, 600, -0.01, 26))
            )
        super().refit()

    def set_chosen(self, *, chosen: bool) -> None:
        """Whether the PIN is this person's."""
        self._chosen = chosen
        self._avatar.set_selected(selected=chosen)
        self._tick.setVisible(chosen)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._row.sizeHint().width(), 108)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._row.minimumSize().width(), 108)

    def paintEvent(self, _event: QPaintEvent) -> None:
        rect = QRectF(self.rect())
        if self._chosen:
            paint.surface(QPainter(self), rect, RADIUS_CARD, "accentTint", "accent", 2)
        else:
            fill = "press" if self.isDown() else "sunken" if self.underMouse() else "surface"
            paint.surface(QPainter(self), rect, RADIUS_CARD, fill, "edge")


class SignInScreen(QWidget):
    """Draws SignInShown; sends SignIn. `hint` names the PINs where they are no secret, or is ''."""

    language_wanted = Signal()
    theme_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        send: Callable[[Command], None],
        hint: str,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._send = send
        self._training_pins = hint
        self._clock = clock
        self._shown = SignInShown(())
        self._tiles: list[OperatorTile] = []
        self._chosen: Operator | None = None
        self._where = Label("", 17, 400, "ink2")
        self._question = Label("", 20, 600, tracking=-0.01)
        self._prompt = Label("", 20, 600, tracking=-0.01, align=_CENTRE, elide=True)
        self._rule = Label("", 15, 400, "ink2", align=_CENTRE, wrap=True)
        self.pad = PinPad()
        self.keypad = self.pad.keypad
        self._back = Button("secondary", "small", keycap="Esc")
        self.people = Button("secondary", "small", icon="user-check")
        self._sign_in = Button("primary", "xl", keycap="Enter ↵")
        self._hint = Label("", 17, 500, "warn", wrap=True)
        self._hint_card = Card("warnTint", "warnLine")
        self._language = Button("quiet", "small", icon="language")
        self._theme = Button("quiet", "small", icon="moon")
        self._lay_out()
        self.refit()
        self.retranslate()
        self.pad.changed.connect(self._say_rule)
        self._back.clicked.connect(self.on_back)
        self.people.clicked.connect(self.on_people)
        self._sign_in.clicked.connect(self.primary)
        self._language.clicked.connect(self.language_wanted)
        self._theme.clicked.connect(self.theme_wanted)
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.retranslate)
        THEME.changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        shop = QHBoxLayout()
        shop.setSpacing(16)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(Label(self._settings.shop.name, 26, 700, tracking=-0.015))
        names.addWidget(self._where)
        shop.addWidget(Brand(60))
        shop.addLayout(names, 1)
        self._grid = QGridLayout()
        hint = QHBoxLayout(self._hint_card)
        hint.setContentsMargins(16, 11, 16, 11)
        hint.setSpacing(12)
        hint.addWidget(Picture("info", "warn", 24))
        hint.addWidget(self._hint, 1)
        switches = QHBoxLayout()
        switches.setContentsMargins(0, 0, 0, 0)
        switches.setSpacing(8)
        switches.addWidget(self._language)
        switches.addWidget(self._theme)
        switches.addWidget(self._back)
        switches.addWidget(self.people)
        switches.addWidget(HelpButton())
        switches.addStretch()
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addStretch()
        left.addLayout(shop)
        left.addSpacing(44)
        left.addWidget(self._question)
        left.addSpacing(16)
        left.addLayout(self._grid)
        left.addSpacing(24)
        left.addWidget(self._hint_card)
        left.addSpacing(12)
        left.addLayout(switches)
        left.addStretch()
        self._panel = Card()
        panel = QVBoxLayout(self._panel)
        panel.setContentsMargins(28, 26, 28, 28)
        panel.setSpacing(20)
        heads = QVBoxLayout()
        heads.setSpacing(2)
        heads.addWidget(self._prompt)
        heads.addWidget(self._rule)
        panel.addLayout(heads)
        panel.addWidget(self.pad, 1)
        panel.addWidget(self._sign_in)
        self._inside = QWidget()
        self._columns = QHBoxLayout(self._inside)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._panel)
        self._outside = QHBoxLayout(self)
        self._outside.addStretch(1)
        self._outside.addWidget(self._inside, 1000)
        self._outside.addStretch(1)

    def show_sign_in(self, shown: SignInShown) -> None:
        """A new picture: the roster, and what became of the last try."""
        if shown.operators != self._shown.operators:
            self._set_tiles(shown.operators)
        chosen = next((o for o in shown.operators if o.id == shown.operator), self._chosen)
        if shown.staying is not None and not shown.operator:
            chosen = None
        self._shown = shown
        self.on_clear()
        others = [o for o in shown.operators if o != shown.staying] or list(shown.operators)
        self.choose(chosen if chosen in shown.operators else others[0])

    def _set_tiles(self, operators: tuple[Operator, ...]) -> None:
        for tile in self._tiles:
            self._grid.removeWidget(tile)
            tile.deleteLater()
        self._tiles = [OperatorTile(operator) for operator in operators]
        for place, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, place // 2, place % 2)
            tile.clicked.connect(self.on_tile)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)

    def choose(self, operator: Operator) -> None:
        """The PIN is this person's."""
        self._chosen = operator
        for tile in self._tiles:
            tile.set_chosen(chosen=tile.operator == operator)
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        day = TONGUE.day(self._clock.now())
        self._where.setText(say("Till {n}, {day}", n=self._settings.till, day=day))
        self._question.setText(say("Who is at the till?"))
        self._sign_in.set_text(say("Sign in"))
        self._hint.setText(say("Training PINs: {pins}", pins=self._training_pins))
        self._hint_card.setVisible(bool(self._training_pins))
        self._back.set_text(say("Back"))
        self._back.setVisible(self._shown.staying is not None)
        self.people.set_text(say("People"))
        self.people.setVisible(may(self._shown.staying, Permission.STAFF))
        self._language.set_text(LANGUAGES[TONGUE.language])
        self._theme.set_text(say(theme_word()))
        self._theme.set_icon(theme_picture())
        for tile in self._tiles:
            tile.retranslate()
        if self._chosen is not None:
            self._prompt.setText(say("{name}, type your PIN", name=self._chosen.name))
        self._say_rule()

    def _say_rule(self) -> None:
        shown = self._shown
        concerned = self._chosen is not None and shown.operator == self._chosen.id
        text, token = say("6 to 12 digits. Three wrong tries lock the name."), "ink2"
        if concerned and shown.fault == LOCKED:
            text, token = say("Locked. Ask a manager to unlock."), "bad"
        elif concerned and shown.fault == BLOCKED:
            text, token = say("This name is blocked. Ask a manager."), "bad"
        elif concerned and shown.fault == WRONG_PIN and not len(self.pad):
            left = shown.tries_left
            text = say("Wrong PIN. {n} tries left.", n=left)
            if left == 1:
                text = say("Wrong PIN. One try left.")
            token = "bad"
        self._rule.setText(text)
        self._rule.set_token(token)
        self._rule.set_style(15, 600 if token == "bad" else 400)
        self._sign_in.setEnabled(self.pad.is_enough)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._outside.setContentsMargins(
            *ROOM.pick((16, 32, 16, 32), (20, 36, 20, 36), (32, 92, 32, 92))
        )
        self._inside.setMaximumWidth(ROOM.pick(1180, 1180, 1400))
        self._panel.setFixedWidth(ROOM.pick(360, 420, 520))
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(ROOM.pick(28, 64, 64))
        self._grid.setSpacing(ROOM.pick(12, 16, 16))

    def primary(self) -> None:
        """What Enter does: sign in, once six digits stand there."""
        if self._chosen is not None and self.pad.is_enough:
            self._send(SignIn(self._chosen.id, self.pad.take()))

    def help_topic(self) -> Topic:
        """Why the last try to sign in failed."""
        return Topic(self._shown.fault)

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        key = event.key()
        if self.pad.key(event):
            return True
        if key == Qt.Key.Key_Escape and not len(self.pad) and self._shown.staying is not None:
            self.on_back()
        elif key == Qt.Key.Key_Escape:
            self.on_clear()
        elif key in _ARROWS:
            self._move(_ARROWS[Qt.Key(key)])
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        place = next((i for i, t in enumerate(self._tiles) if t.operator == self._chosen), 0)
        if 0 <= place + step < len(self._tiles):
            self.choose(self._tiles[place + step].operator)
            self.on_clear()

    def on_tile(self) -> None:
        """A name was pressed."""
        tile = self.sender()
        if isinstance(tile, OperatorTile):
            self.choose(tile.operator)
            self.on_clear()

    def on_clear(self) -> None:
        """No digit typed."""
        self.pad.on_key(CLEAR)

    def on_people(self) -> None:
        """Whoever is here may change people and roles."""
        self._send(ShowStaff())

    def on_back(self) -> None:
        """Nobody else came."""
        self._send(Stay())


_ARROWS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -2,
    Qt.Key.Key_Down: 2,
}
