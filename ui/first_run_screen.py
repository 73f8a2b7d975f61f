"""Screen J, its last part: a till that knows nobody asks for the name and PIN of its first manager."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from checkout.commands import Command
from checkout.people_commands import FirstOperator
from checkout.people_notices import FirstRunShown
from domain.settings import Settings
from domain.staff import LONGEST_NAME, SHORTEST_PIN_OF_POWER
from ui.buttons import Button
from ui.help_wish import NO_TOPIC, Topic
from ui.parts import Brand, Card, Label, Picture
from ui.payment_words import Fact
from ui.pin_entry import PinField
from ui.room import ROOM
from ui.theme import RADIUS_CONTROL, THEME, font
from ui.told import fault_and_remedy
from ui.tongue import TONGUE, say
from ui.truth_pane import FactLine


class _Line(QLineEdit):
    """A line that tells when it gets the focus, and when it loses it."""

    focused = Signal(bool)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


class NameField(Card):
    """A name, typed; framed in blue while it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", "edge", radius=RADIUS_CONTROL, parent=parent)
        self.field = _Line()
        self.field.setFrame(False)
        self.field.setMaxLength(LONGEST_NAME)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.addWidget(self.field)
        self.setFixedHeight(48)
        self.restyle()
        self.field.focused.connect(self.on_focused)
        THEME.changed.connect(self.restyle)
        TONGUE.changed.connect(self.restyle)

    def on_focused(self, has_it: bool) -> None:  # a slot: Qt calls it so
        """The frame says where the keys go."""
        self.set_look("surface", "accent" if has_it else "edge", 2 if has_it else 1)

    def restyle(self) -> None:
        """The words and colours of now."""
        self.field.setAccessibleName(say("Name"))
        self.field.setFont(font(17))
        palette = self.field.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        palette.setColor(QPalette.ColorRole.Text, THEME.color("ink"))
        self.field.setPalette(palette)


class FirstRunScreen(QWidget):
    """Draws FirstRunShown; sends FirstOperator."""

    def __init__(
        self,
        settings: Settings,
        send: Callable[[Command], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._send = send
        self._shown = FirstRunShown()
        self._title = Label("", 26, 700, tracking=-0.015)
        self._line = Label("", 15, 400, "ink2", wrap=True)
        self._shop_head = Label("", 20, 600, tracking=-0.01)
        self._facts = tuple(FactLine(beside=True) for _ in range(6))
        self._shop_note = Label("", 15, 400, "ink2", wrap=True)
        self._head = Label("", 20, 600, tracking=-0.01)
        self._name_head = Label("", 15, 600)
        self.name = NameField()
        self._pin_head = Label("", 15, 600, wrap=True)
        self._again_head = Label("", 15, 600, wrap=True)
        self.pin, self.again = PinField(), PinField()
        self._hint = Label("", 15, 400, "ink2", wrap=True)
        self._fault = Label("", 15, 600, "bad", wrap=True)
        self.save = Button("primary", "xl", keycap="Enter ↵")
        self._shop = Card()
        self._form = Card("surface", "accent", 2)
        self.setFocusProxy(self.name.field)
        self._lay_out()
        self.refit()
        self.retranslate()
        self.save.clicked.connect(self.primary)
        self.name.field.textChanged.connect(self.on_changed)
        self.pin.changed.connect(self.on_changed)
        self.again.changed.connect(self.on_changed)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._line)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(Brand(52))
        head.addLayout(words, 1)
        shop = QVBoxLayout(self._shop)
        shop.setContentsMargins(24, 22, 24, 22)
        shop.setSpacing(14)
        shop.addWidget(self._shop_head)
        for fact in self._facts:
            shop.addWidget(fact)
        shop.addStretch(1)
        shop.addWidget(self._shop_note)
        pins = QHBoxLayout()
        pins.setSpacing(14)
        for label, field in ((self._pin_head, self.pin), (self._again_head, self.again)):
            column = QVBoxLayout()
            column.setSpacing(6)
            column.addStretch(1)
            column.addWidget(label)
            column.addWidget(field)
            pins.addLayout(column, 1)
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(Picture("user-check", "accent", 26))
        title.addWidget(self._head, 1)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(24, 22, 24, 22)
        form.setSpacing(8)
        form.addLayout(title)
        form.addSpacing(8)
        form.addWidget(self._name_head)
        form.addWidget(self.name)
        form.addSpacing(8)
        form.addLayout(pins)
        form.addSpacing(8)
        form.addWidget(self._hint)
        form.addWidget(self._fault)
        form.addStretch(1)
        form.addWidget(self.save)
        cards = QHBoxLayout()
        cards.addWidget(self._shop, 1)
        cards.addWidget(self._form, 1)
        self._cards = cards
        inside = QWidget()
        self._inside = inside
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(24)
        column.addLayout(head)
        column.addLayout(cards, 1)
        self._outside = QHBoxLayout(self)
        self._outside.addStretch(1)
        self._outside.addWidget(inside, 1000)
        self._outside.addStretch(1)

    def show_first_run(self, shown: FirstRunShown) -> None:
        """Who is to be the first, and why the last try was not taken."""
        self._shown = shown
        self.pin.clear()
        self.again.clear()
        self.setFocusProxy(self.pin if self.name.field.text() else self.name.field)
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        shop, acquirer = self._settings.shop, self._settings.acquirer
        self._title.setText(say("Set up this till"))
        self._line.setText(say("It knows nobody yet. Its first manager lets everybody else in."))
        self._shop_head.setText(say("Shop"))
        facts = (
            Fact(say("Shop name"), shop.name),
            Fact(say("This till"), str(self._settings.till)),
            Fact(say("Currency"), self._settings.currency),
            Fact(say("Bank"), acquirer.name),
            Fact(say("Merchant number"), acquirer.merchant),
            Fact(say("Terminal number"), acquirer.terminal),
        )
        for line, fact in zip(self._facts, facts, strict=True):
            line.set_fact(fact)
        self._shop_note.setText(say("These stand in the set-up file of this till."))
        self._head.setText(say("First manager"))
        self._name_head.setText(say("Name"))
        self._pin_head.setText(say("PIN, {n} to 12 digits", n=SHORTEST_PIN_OF_POWER))
        self._again_head.setText(say("PIN again"))
        self.pin.setAccessibleName(self._pin_head.text())
        self.again.setAccessibleName(self._again_head.text())
        self._hint.setText(say("Can approve, refund, settle and add operators."))
        self.save.set_text(say("Save"))
        self.on_changed()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self._outside.setContentsMargins(
            *ROOM.pick((16, 24, 16, 24), (20, 28, 20, 28), (32, 92, 32, 92))
        )
        self._inside.setMaximumWidth(ROOM.pick(1180, 1180, 1400))
        self._cards.setSpacing(ROOM.pick(16, 20, 28))
        for fact in self._facts:
            fact.refit()

    def primary(self) -> None:
        """What Enter does: on to the next empty field, then save."""
        name = self.name.field.text().strip()
        for field, is_full in (
            (self.name.field, bool(name)),
            (self.pin, len(self.pin.digits) > 0),
            (self.again, len(self.again.digits) > 0),
        ):
            if not is_full:
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return
        if self.save.isEnabled():
            self.again.clear()
            self._send(FirstOperator(name, self.pin.digits.take()))
            self.pin.clear()

    def key(self, _event: QKeyEvent) -> bool:
        """No key means anything outside of the fields."""
        return False

    def help_topic(self) -> Topic:
        """What was wrong with the last try."""
        return Topic(self._shown.fault) if self._shown.fault else NO_TOPIC

    def on_changed(self) -> None:
        """Something was typed: what was wrong before is over."""
        pin, again = self.pin.digits, self.again.digits
        words = ""
        if len(again) >= len(pin) > 0 and not pin.is_same(again):
            words = say("The two PINs differ.")
        elif not len(pin):
            words = fault_and_remedy(self._shown.fault)
        self._fault.setText(words)
        self._fault.setVisible(bool(words))
        self.save.setEnabled(
            bool(self.name.field.text().strip())
            and len(pin) >= SHORTEST_PIN_OF_POWER
            and pin.is_same(again)
        )
