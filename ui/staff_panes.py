"""What a manager does to people and roles: one person, a new one, or what each role may do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Command
from checkout.people_commands import (
    AddOperator,
    BlockOperator,
    ChangeRole,
    EditRole,
    RenameOperator,
    ResetPin,
    UnblockOperator,
)
from checkout.people_notices import StaffShown
from domain.operators import PERMISSION_NAMES, ROLE_NAMES, Permission, Role
from domain.staff import Member, shortest_pin
from ui.buttons import Button
from ui.first_run_screen import NameField
from ui.give_back_pane import Segment
from ui.parts import Card, Divider, Label
from ui.pin_entry import PinField
from ui.room import ROOM
from ui.tongue import TONGUE, say

Send = Callable[[Command], None]


class RoleChoice(QWidget):
    """One of the roles."""

    def __init__(self, chosen: Callable[[Role], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self.segments = {role: Segment() for role in Role}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for segment in self.segments.values():
            row.addWidget(segment)
            segment.clicked.connect(self.on_segment)

    def set_role(self, role: Role) -> None:
        """This one is on."""
        for one, segment in self.segments.items():
            segment.set_text(say(ROLE_NAMES[one]))
            segment.set_on(on=one is role)

    def on_segment(self) -> None:
        """Another one is wanted."""
        sender = self.sender()
        for role, segment in self.segments.items():
            if segment is sender:
                self._chosen(role)


class _Pane(Card):
    """What the panes share: a title, and margins after the window's width."""

    def __init__(self, border: str = "line", width: float = 1.0) -> None:
        super().__init__("surface", border, width)
        self.title = Label("", 20, 600, tracking=-0.01, wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(10)
        self.column.addWidget(self.title)
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.retranslate)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        side = ROOM.pick(18, 24, 36)
        self.column.setContentsMargins(side, side, side, side)

    def retranslate(self) -> None:
        """All words in the language of the screen."""


class MemberPane(_Pane):
    """One person: name, role, a new first PIN, blocked or not."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._member: Member | None = None
        self._shortest = 0
        self._state = Label("", 15, 400, "ink2", wrap=True)
        self._name_head, self._role_head = Label("", 15, 600), Label("", 15, 600)
        self._pin_head = Label("", 15, 600)
        self._pin_hint = Label("", 15, 400, "ink2", wrap=True)
        self.name = NameField()
        self.rename = Button("secondary", "small")
        self.role = RoleChoice(self.on_role)
        self.pin = PinField()
        self.reset = Button("secondary", "small")
        self.block = Button("danger", "money")
        named, reset = QHBoxLayout(), QHBoxLayout()
        named.addWidget(self.name, 1)
        named.addWidget(self.rename)
        reset.addWidget(self.pin, 1)
        reset.addWidget(self.reset)
        self.column.addWidget(self._state)
        self.column.addWidget(self._name_head)
        self.column.addLayout(named)
        self.column.addWidget(self._role_head)
        self.column.addWidget(self.role)
        self.column.addWidget(self._pin_head)
        self.column.addLayout(reset)
        self.column.addWidget(self._pin_hint)
        self.column.addStretch(1)
        self.column.addWidget(Divider())
        self.column.addWidget(self.block)
        self.refit()
        self.name.field.textChanged.connect(self.on_changed)
        self.pin.changed.connect(self.on_changed)
        self.rename.clicked.connect(self.on_rename)
        self.reset.clicked.connect(self.on_reset)
        self.block.clicked.connect(self.on_block)

    def show_member(self, member: Member) -> None:
        """This person, as the till knows them now."""
        before = self._member
        self._member = member
        self._shortest = shortest_pin(member.operator.permissions)
        if before is None or before.operator != member.operator:
            self.name.field.setText(member.operator.name)
            self.pin.clear()
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        member = self._member
        if member is None:
            return
        operator = member.operator
        self.title.setText(f"{operator.id}  {operator.name}")
        self._state.setText(state_of(member))
        self._name_head.setText(say("Name"))
        self._role_head.setText(say("Role"))
        self._pin_head.setText(say("New first PIN"))
        self._pin_hint.setText(
            say("{n} to 12 digits. It is changed at the next sign-in.", n=self._shortest)
        )
        self.pin.setAccessibleName(self._pin_head.text())
        self.rename.set_text(say("Rename"))
        self.reset.set_text(say("Set the PIN"))
        self.block.set_text(say("Unblock") if member.is_blocked else say("Block"))
        self.block.set_kind("secondary" if member.is_blocked else "danger")
        self.role.set_role(operator.role)
        self.on_changed()

    def on_changed(self) -> None:
        """What has been typed can be saved, or not."""
        if self._member is not None:
            text = self.name.field.text().strip()
            self.rename.setEnabled(bool(text) and text != self._member.operator.name)
            self.reset.setEnabled(len(self.pin.digits) >= self._shortest)

    def on_rename(self) -> None:
        """Another name."""
        if self._member is not None:
            self._send(RenameOperator(self._member.operator.id, self.name.field.text().strip()))

    def on_role(self, role: Role) -> None:
        """Another role."""
        if self._member is not None and role is not self._member.operator.role:
            self._send(ChangeRole(self._member.operator.id, role))

    def on_reset(self) -> None:
        """A first PIN again."""
        if self._member is not None:
            pin = self.pin.digits.take()
            self.pin.clear()
            self._send(ResetPin(self._member.operator.id, pin))

    def on_block(self) -> None:
        """Not here any more, or again."""
        if self._member is not None:
            number = self._member.operator.id
            blocked = self._member.is_blocked
            self._send(UnblockOperator(number) if blocked else BlockOperator(number))


class AddPane(_Pane):
    """A new person."""

    def __init__(self, send: Send) -> None:
        super().__init__("accent", 2)
        self._send = send
        self._role = Role.CASHIER
        self._granted = dict[Role, frozenset[Permission]]()
        self._name_head, self._role_head = Label("", 15, 600), Label("", 15, 600)
        self._pin_head = Label("", 15, 600)
        self._hint = Label("", 15, 400, "ink2", wrap=True)
        self.name = NameField()
        self.role = RoleChoice(self.on_role)
        self.pin = PinField()
        self.save = Button("primary", "xl", keycap="Enter ↵")
        parts: tuple[QWidget, ...] = (self._name_head, self.name, self._role_head, self.role)
        for part in (*parts, self._pin_head, self.pin, self._hint):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.column.addWidget(self.save)
        self.refit()
        self.name.field.textChanged.connect(self.on_changed)
        self.pin.changed.connect(self.on_changed)
        self.save.clicked.connect(self.primary)

    def begin(self, shown: StaffShown) -> None:
        """Nobody yet."""
        self._granted = {row.role: row.permissions for row in shown.roles}
        self._role = Role.CASHIER
        self.name.field.clear()
        self.pin.clear()
        self.retranslate()
        self.name.field.setFocus()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self.title.setText(say("Add somebody"))
        self._name_head.setText(say("Name"))
        self._role_head.setText(say("Role"))
        self._pin_head.setText(say("First PIN"))
        self.pin.setAccessibleName(self._pin_head.text())
        self._hint.setText(
            say("{n} to 12 digits. It is changed at the next sign-in.", n=self._shortest)
        )
        self.save.set_text(say("Add"))
        self.role.set_role(self._role)
        self.on_changed()

    @property
    def _shortest(self) -> int:
        return shortest_pin(self._granted.get(self._role, frozenset()))

    def on_role(self, role: Role) -> None:
        """Another role."""
        self._role = role
        self.retranslate()

    def on_changed(self) -> None:
        """What has been typed can be saved, or not."""
        is_named = bool(self.name.field.text().strip())
        self.save.setEnabled(is_named and len(self.pin.digits) >= self._shortest)

    def primary(self) -> None:
        """What Enter does."""
        if self.save.isEnabled():
            name = self.name.field.text().strip()
            self._send(AddOperator(name, self._role, self.pin.digits.take()))
            self.pin.clear()


class RolesPane(_Pane):
    """A table of roles and permissions; each field is a switch."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._granted = dict[Role, frozenset[Permission]]()
        self._hint = Label("", 15, 400, "ink2", wrap=True)
        self._names = {permission: Label("", 15, 600, wrap=True) for permission in Permission}
        self.switches = {
            (role, permission): Segment() for permission in Permission for role in Role
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, permission in enumerate(Permission):
            grid.addWidget(self._names[permission], 2 * row, 0, 1, len(Role))
            for place, role in enumerate(Role):
                switch = self.switches[role, permission]
                grid.addWidget(switch, 2 * row + 1, place)
                grid.setColumnStretch(place, 1)
                switch.clicked.connect(self.on_switch)
        self.column.addWidget(self._hint)
        self.column.addLayout(grid)
        self.column.addStretch(1)
        self.refit()

    def show_roles(self, shown: StaffShown) -> None:
        """What each may do now."""
        self._granted = {row.role: row.permissions for row in shown.roles}
        self.retranslate()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self.title.setText(say("Roles"))
        self._hint.setText(say("What each role may do. It takes effect at once."))
        for permission, label in self._names.items():
            label.setText(say(PERMISSION_NAMES[permission]))
        for (role, permission), switch in self.switches.items():
            switch.set_text(say(ROLE_NAMES[role]))
            switch.setAccessibleName(f"{say(PERMISSION_NAMES[permission])}, {switch.text()}")
            switch.set_on(on=permission in self._granted.get(role, frozenset()))

    def on_switch(self) -> None:
        """One permission of one role is given or taken."""
        sender = self.sender()
        for (role, permission), switch in self.switches.items():
            if switch is sender:
                self._send(EditRole(role, self._granted[role] ^ {permission}))


def state_of(member: Member) -> str:
    """Whether this person can sign in, in words."""
    if member.is_blocked:
        return say("Blocked at this till")
    if member.must_change:
        return say("Chooses a PIN at the next sign-in")
    return say(ROLE_NAMES[member.operator.role])
