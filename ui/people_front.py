"""The screens about people, each built when it is first wanted: approval, a new PIN, the first one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from checkout.commands import Command
from checkout.people_commands import SwitchUser
from checkout.people_notices import (
    ApprovalShown,
    FirstRunShown,
    NewPinShown,
    PeopleNotice,
    StaffShown,
)
from domain.settings import Settings
from ui.rail import Rail

if TYPE_CHECKING:
    from ui.approval_screen import ApprovalScreen
    from ui.first_run_screen import FirstRunScreen
    from ui.new_pin_screen import NewPinScreen
    from ui.staff_screen import StaffScreen


class PeopleFront(QObject):
    """Draws what the till tells about people; GUI thread only."""

    def __init__(
        self,
        settings: Settings,
        send: Callable[[Command], None],
        stack: QStackedWidget,
        rail: Rail,
    ) -> None:
        super().__init__(stack)
        self._rail = rail
        self._settings = settings
        self._send = send
        self._stack = stack
        self._approval: ApprovalScreen | None = None
        self._new_pin: NewPinScreen | None = None
        self._first_run: FirstRunScreen | None = None
        self._staff: StaffScreen | None = None

    def show(self, notice: PeopleNotice) -> QWidget:
        """Draw it; the screen that the window turns to."""
        match notice:
            case ApprovalShown():
                self.approval.show_approval(notice)
                return self.approval
            case NewPinShown():
                self.new_pin.show_new_pin(notice)
                return self.new_pin
            case FirstRunShown():
                self.first_run.show_first_run(notice)
                return self.first_run
            case StaffShown():
                self.staff.show_staff(notice)
                return self.staff

    def has_rail(self, screen: QWidget) -> bool:
        """Whether somebody stands at the till while that screen is shown."""
        return screen is not self._new_pin and screen is not self._first_run

    @property
    def approval(self) -> ApprovalScreen:
        """Somebody else is asked."""
        if self._approval is None:
            from ui.approval_screen import ApprovalScreen

            self._approval = ApprovalScreen(self._send)
            self._stack.addWidget(self._approval)
        return self._approval

    @property
    def new_pin(self) -> NewPinScreen:
        """A PIN of one's own."""
        if self._new_pin is None:
            from ui.new_pin_screen import NewPinScreen

            self._new_pin = NewPinScreen(self._send)
            self._stack.addWidget(self._new_pin)
        return self._new_pin

    @property
    def staff(self) -> StaffScreen:
        """People and roles."""
        if self._staff is None:
            from ui.staff_screen import StaffScreen

            self._staff = StaffScreen(self._send)
            self._stack.addWidget(self._staff)
        return self._staff

    @property
    def staff_shown(self) -> StaffScreen | None:
        """The one of these screens that the rail leads away from, if there is one yet."""
        return self._staff

    def on_switch_wanted(self) -> None:
        """The name on the strip: somebody else may take over, if no payment is running."""
        if self._rail.isVisible() and self._rail.lock.isEnabled():
            self._send(SwitchUser())

    @property
    def first_run(self) -> FirstRunScreen:
        """The first manager."""
        if self._first_run is None:
            from ui.first_run_screen import FirstRunScreen

            self._first_run = FirstRunScreen(self._settings, self._send)
            self._stack.addWidget(self._first_run)
        return self._first_run
