"""The people around the till: who may ask for what, who approves, who is idle, who is on the staff.

While somebody is asked to approve, or who stands here now, that covers every other picture; what
lies beneath goes on, and is shown again when the cover is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkout import commands as ask_for
from checkout.approvals import LEAVES_IT, Approvals
from checkout.commands import Command, NotTheMoment
from checkout.idle import Idle
from checkout.notices import (
    CheckoutShown,
    DayShown,
    Notice,
    PaymentShown,
    SaleShown,
    SalesShown,
    TrayShown,
)
from checkout.people_commands import (
    Approve,
    ChoosePin,
    FirstOperator,
    PeopleCommand,
    RefuseApproval,
    StaffCommand,
    Stay,
    StillHere,
    SwitchUser,
)
from checkout.people_notices import StaffShown
from checkout.staff import Staff

if TYPE_CHECKING:
    from checkout.till import Till

COVERED = (
    CheckoutShown,
    PaymentShown,
    SalesShown,
    SaleShown,
    TrayShown,
    DayShown,
    StaffShown,
)
LEAVES_A_SWITCH = (*LEAVES_IT, ask_for.SignIn, ask_for.SignOut, ChoosePin, Stay)
"""What may be asked while it is asked who stands here now; everything else ends the question."""
BY_NOBODY = (ask_for.Look, ask_for.Quit)
"""No sign of anybody in front of the till."""


class People:
    """Lives on the till's thread."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.approvals = Approvals(till)
        self.staff = Staff(till)
        self.idle = Idle(till)

    def let(self, command: Command) -> None:
        """Let a command through. Raises NotAllowed, or NotTheMoment where the till locks first."""
        if self.idle.look() and not isinstance(command, (*BY_NOBODY, ask_for.SignIn)):
            raise NotTheMoment
        if not isinstance(command, BY_NOBODY):
            self.idle.touch()
        self.approvals.before(command)
        if self._till.counter.is_switching and not isinstance(command, LEAVES_A_SWITCH):
            self._till.counter.stay()
        if not isinstance(command, (*LEAVES_IT, StaffCommand)):
            self.staff.forget()
        self.approvals.require(command.needs)

    def carry_out(self, command: PeopleCommand) -> None:
        """Do what is asked about people."""
        counter = self._till.counter
        match command:
            case Approve(operator, pin):
                self.approvals.approve(operator, pin)
            case RefuseApproval():
                self.approvals.refuse()
            case ChoosePin(pin):
                counter.choose_pin(pin)
            case FirstOperator(name, pin):
                counter.take_first_manager(name, pin)
            case SwitchUser():
                if self._till.desk.is_busy:
                    raise NotTheMoment
                counter.switch()
            case Stay():
                counter.stay()
                self._till.show_all()
            case StillHere():
                pass
            case _:
                self.staff.carry_out(command)

    @property
    def are_covering(self) -> bool:
        """Whether a question to people lies over everything else."""
        return self.approvals.is_asked or self._till.counter.is_switching

    def hide(self, notice: Notice) -> bool:
        """Whether that picture lies beneath a question."""
        return isinstance(notice, COVERED) and self.are_covering

    def show_cover(self) -> bool:
        """Show the question that lies over everything else; False where there is none."""
        if self.approvals.is_asked:
            self.approvals.show()
        elif self._till.counter.is_switching:
            self._till.counter.show()
        else:
            return False
        return True
