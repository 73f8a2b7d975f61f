"""People and roles, for whoever may change them: a list, and beside it what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from checkout.commands import CloseList, Command
from checkout.people_notices import StaffShown
from domain.operators import ROLE_NAMES
from domain.staff import Member
from ui.buttons import Button, Pressable
from ui.help_wish import NO_TOPIC, Topic
from ui.paint import surface
from ui.parts import Avatar, Label, Picture, scrolling
from ui.room import ROOM
from ui.staff_panes import AddPane, MemberPane, RolesPane, state_of
from ui.theme import RADIUS_CARD
from ui.tongue import TONGUE, say


class MemberItem(Pressable):
    """One person in the list."""

    leaves_arrows: ClassVar[bool] = True

    def __init__(self, member: Member, *, chosen: bool) -> None:
        super().__init__()
        operator = member.operator
        self.number = operator.id
        self._chosen = chosen
        avatar = Avatar(44, 16)
        avatar.set_initials(operator.initials)
        avatar.set_selected(selected=chosen)
        name = Label(operator.name, 17, 600, elide=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(name)
        role = f"{operator.id}  {say(ROLE_NAMES[operator.role])}"
        words.addWidget(Label(role, 15, 400, "ink2"))
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(avatar)
        row.addLayout(words, 1)
        if member.is_blocked:
            row.addWidget(Picture("void", "bad", 22))
        elif member.must_change:
            row.addWidget(Picture("key", "warn", 22))
        self.setFixedHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{operator.name} {role} {state_of(member)}")

    def sizeHint(self) -> QSize:
        return QSize(200, 72)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = ("accentTint", "accent", 2) if self._chosen else ("surface", "line", 1)
        surface(QPainter(self), QRectF(self.rect()), RADIUS_CARD, *look)


class StaffScreen(QWidget):
    """Draws StaffShown; its panes send what changes people and roles."""

    def __init__(self, send: Callable[[Command], None]) -> None:
        super().__init__()
        self._send = send
        self._shown = StaffShown((), ())
        self._number = ""
        self._items: list[MemberItem] = []
        self._title = Label("", 26, 700, tracking=-0.015)
        self.add = Button("secondary", "small", icon="plus")
        self.roles = Button("secondary", "small", icon="user-check")
        self.back = Button("secondary", "money", keycap="Esc")
        self.member_pane, self.add_pane = MemberPane(send), AddPane(send)
        self.roles_pane = RolesPane(send)
        self._panes = QStackedWidget()
        for pane in (self.member_pane, self.add_pane, self.roles_pane):
            self._panes.addWidget(pane)
        self._list = QVBoxLayout()
        self._lay_out()
        self.refit()
        self.retranslate()
        self.add.clicked.connect(self.on_add)
        self.roles.clicked.connect(self.on_roles)
        self.back.clicked.connect(self.on_back)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        self._list.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.add)
        head.addWidget(self.roles)
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addLayout(head)
        left.addWidget(scrolling(self._list), 1)
        left.addWidget(self.back)
        self._columns = QHBoxLayout(self)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._panes, 1)

    def show_staff(self, shown: StaffShown) -> None:
        """Everybody as they are now; whoever was just added is chosen."""
        before = {member.operator.id for member in self._shown.members}
        new = [one.operator.id for one in shown.members if one.operator.id not in before]
        self._shown = shown
        if before and new:
            self._choose(new[0])
        elif all(one.operator.id != self._number for one in shown.members):
            self._choose(shown.members[0].operator.id if shown.members else "")
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self._title.setText(say("People"))
        self.add.set_text(say("Add"))
        self.roles.set_text(say("Roles"))
        self.back.set_text(say("Back"))
        for item in self._items:
            self._list.removeWidget(item)
            item.hide()
            item.deleteLater()
        is_member = self._panes.currentWidget() is self.member_pane
        self._items = [
            MemberItem(one, chosen=is_member and one.operator.id == self._number)
            for one in self._shown.members
        ]
        for item in self._items:
            item.clicked.connect(self.on_item)
            self._list.addWidget(item)
        self.roles_pane.show_roles(self._shown)
        for one in self._shown.members:
            if one.operator.id == self._number:
                self.member_pane.show_member(one)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._columns.setContentsMargins(edge, edge, edge, edge)
        self._columns.setSpacing(ROOM.pick(16, 20, 28))

    def primary(self) -> None:
        """Enter adds somebody, where that is on the screen, and does nothing else."""
        if self._panes.currentWidget() is self.add_pane:
            self.add_pane.primary()

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.on_back()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._shown.members:
            numbers = [one.operator.id for one in self._shown.members]
            place = numbers.index(self._number) + (1 if key == Qt.Key.Key_Down else -1)
            self._choose(numbers[max(0, min(len(numbers) - 1, place))])
            self.retranslate()
        else:
            return False
        return True

    def help_topic(self) -> Topic:
        """No fault stands here; the toast has its own."""
        return NO_TOPIC

    def _choose(self, number: str) -> None:
        self._number = number
        self._panes.setCurrentWidget(self.member_pane)

    def on_item(self) -> None:
        """Another person is chosen."""
        item = self.sender()
        if isinstance(item, MemberItem):
            self._choose(item.number)
            self.retranslate()

    def on_add(self) -> None:
        """Somebody new."""
        self._panes.setCurrentWidget(self.add_pane)
        self.add_pane.begin(self._shown)
        self.retranslate()

    def on_roles(self) -> None:
        """What the roles may do."""
        self._panes.setCurrentWidget(self.roles_pane)
        self.retranslate()

    def on_back(self) -> None:
        """From a new person or the roles to the list, and from there to the checkout."""
        if self._panes.currentWidget() is not self.member_pane:
            self._choose(self._number)
            self.retranslate()
        else:
            self._send(CloseList())
