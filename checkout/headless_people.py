"""The lines of the headless front that are about people, as commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkout import people_commands as commands
from checkout.people_commands import PeopleCommand
from domain.operators import Permission, Role
from domain.staff import LONGEST_PIN

Line = dict[str, Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _digits(value: Any) -> str:
    """A number or a PIN, as a keypad gives it."""
    text = _text(value)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_PIN):
        raise ValueError
    return text


def _permissions(value: Any) -> frozenset[Permission]:
    if not isinstance(value, list):
        raise TypeError
    return frozenset(map(Permission, value))


PEOPLE: dict[str, Callable[[Line], PeopleCommand]] = {
    "choose_pin": lambda line: commands.ChoosePin(_digits(line["pin"])),
    "first_manager": lambda line: commands.FirstOperator(_text(line["name"]), _digits(line["pin"])),
    "switch_user": lambda _: commands.SwitchUser(),
    "stay": lambda _: commands.Stay(),
    "still_here": lambda _: commands.StillHere(),
    "approve": lambda line: commands.Approve(_digits(line["operator"]), _digits(line["pin"])),
    "refuse_approval": lambda _: commands.RefuseApproval(),
    "show_staff": lambda _: commands.ShowStaff(),
    "add_operator": lambda line: commands.AddOperator(
        _text(line["name"]), Role(line["role"]), _digits(line["pin"])
    ),
    "rename_operator": lambda line: commands.RenameOperator(
        _digits(line["operator"]), _text(line["name"])
    ),
    "change_role": lambda line: commands.ChangeRole(_digits(line["operator"]), Role(line["role"])),
    "block_operator": lambda line: commands.BlockOperator(_digits(line["operator"])),
    "unblock_operator": lambda line: commands.UnblockOperator(_digits(line["operator"])),
    "reset_pin": lambda line: commands.ResetPin(_digits(line["operator"]), _digits(line["pin"])),
    "edit_role": lambda line: commands.EditRole(
        Role(line["role"]), _permissions(line["permissions"])
    ),
}
