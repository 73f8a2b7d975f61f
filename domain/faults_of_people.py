"""The faults of people and PINs: who may stand here, and which PIN is one."""

from __future__ import annotations

from domain.fault import Call, Fault
from domain.moved import Moved, Next
from domain.words import N_

FAULTS = (
    Fault(
        "A-04",
        N_("This name is blocked"),
        N_("Ask a manager."),
        Moved.NONE,
        Next.NO,
        means=N_("A manager has blocked this person at this till."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-05",
        N_("PIN too short"),
        N_("Take 6 to 12 digits; 8 at least for whoever may do more than sell."),
        Moved.NONE,
        Next.NO,
        means=N_("The more a person may do, the longer their PIN."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-06",
        N_("PIN too easy"),
        N_("Take digits that are no row and no repeated group."),
        Moved.NONE,
        Next.NO,
        means=N_("A PIN such as 123456 or 010101 is the first that anybody tries."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-07",
        N_("PIN used before"),
        N_("Take one that is not among your last ones."),
        Moved.NONE,
        Next.NO,
        means=N_("A PIN that was given up may be known to somebody."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-08",
        N_("Nobody could change people any more"),
        N_("Give that right to somebody else first."),
        Moved.NONE,
        Next.NO,
        means=N_("The last person who may change people and roles keeps that right."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-09",
        N_("This name cannot be taken"),
        N_("Type a name that nobody here has."),
        Moved.NONE,
        Next.NO,
        means=N_("The name is empty, or somebody has it already."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-10",
        N_("No number is left"),
        N_("Call support."),
        Moved.NONE,
        Next.NO,
        means=N_("A till knows 99 people, and gives no number twice."),
        call=Call.SUPPORT,
    ),
    Fault(
        "A-11",
        N_("Somebody else must approve"),
        N_("Ask another supervisor or manager."),
        Moved.NONE,
        Next.NO,
        means=N_("Nobody approves what they do themselves."),
        call=Call.MANAGER,
    ),
    Fault(
        "A-12",
        N_("A first PIN is to be changed"),
        N_("Sign in once and choose a PIN of your own."),
        Moved.NONE,
        Next.NO,
        means=N_("A PIN that a manager has given is known to two people."),
        call=Call.MANAGER,
    ),
)
