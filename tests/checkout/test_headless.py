"""Guards the JSON lines: every command of docs/headless.md is understood, nothing secret comes back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from checkout import commands
from checkout.headless import COMMANDS, BadLine, Headless
from checkout.notices import Closed, RefusalTold, SignInShown
from domain.operators import Operator, Role

PAGE = Path(__file__).resolve().parents[2] / "docs" / "headless.md"

LINES = {
    '{"command": "sign_in", "operator": "01", "pin": "135790"}': commands.SignIn("01", "135790"),
    '{"command": "sign_out"}': commands.SignOut(),
    '{"command": "start_sale", "amount_minor": 12800}': commands.StartSale(12800),
    '{"command": "confirm"}': commands.Confirm(),
    '{"command": "pad", "key": "enter"}': commands.PressPadKey("enter"),
    '{"command": "cancel"}': commands.Cancel(),
    '{"command": "try_again"}': commands.TryAgain(),
    '{"command": "leave"}': commands.LeaveSale(),
    '{"command": "keep_amount"}': commands.KeepAmount(),
    '{"command": "customer_copy"}': commands.PrintCustomerCopy(),
    '{"command": "reprint"}': commands.ReprintLast(),
    '{"command": "show_day"}': commands.ShowDay(),
    '{"command": "settle"}': commands.Settle(),
    '{"command": "sell_on"}': commands.SellOn(),
    '{"command": "print_settlement", "batch": 12}': commands.PrintSettlement(12),
    '{"command": "look"}': commands.Look(),
    '{"command": "quit"}': commands.Quit(),
}
BAD_LINES = (
    "no JSON",
    "[]",
    "{}",
    '{"command": 7}',
    '{"command": "pay"}',
    '{"command": "start_sale", "amount_minor": true}',
    '{"command": "start_sale", "amount_minor": 1.5}',
    '{"command": "print_settlement"}',
    '{"command": "swipe"}',
    '{"command": "swipe", "stripe": "卡"}',
    '{"command": "type_amount", "keys": "-1"}',
)


def front() -> tuple[Headless, io.StringIO]:
    answers = io.StringIO()
    return Headless(answers), answers


@pytest.mark.parametrize(("line", "command"), LINES.items())
def test_a_line_is_a_command(line: str, command: commands.Command) -> None:
    assert front()[0].command_of(line) == command


def test_every_command_stands_in_the_documentation() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f'"command": "{name}"' not in page] == []


@pytest.mark.parametrize("line", BAD_LINES)
def test_what_is_no_command_is_refused(line: str) -> None:
    with pytest.raises(BadLine):
        front()[0].command_of(line)


def test_a_line_that_is_not_understood_is_never_repeated() -> None:
    headless, answers = front()
    stripe = ";6225760008219524=30121200000?"
    headless.run(io.StringIO(f'{{"command": "swipe", "stripes": "{stripe}"}}\n'), lambda _: None)
    assert json.loads(answers.getvalue())["notice"] == "not_understood"
    assert "6225760008219524" not in answers.getvalue()


def test_typed_digits_wait_for_the_sale() -> None:
    headless, answers = front()
    sent: list[commands.Command] = []
    lines = (
        '{"command": "type_amount", "keys": "1285"}',
        '{"command": "type_amount", "keys": "back"}',
        '{"command": "start_sale"}',
        '{"command": "start_sale"}',
    )
    headless.run(io.StringIO("\n".join(lines)), sent.append)
    assert sent == [commands.StartSale(128), commands.StartSale(0), commands.Quit()]
    assert [json.loads(line)["minor"] for line in answers.getvalue().splitlines()] == [1285, 128]


def test_the_end_of_the_input_closes_the_till() -> None:
    sent: list[commands.Command] = []
    front()[0].run(io.StringIO(""), sent.append)
    assert sent == [commands.Quit()]


def test_a_notice_is_one_line_of_plain_values() -> None:
    headless, answers = front()
    headless.show_notice(SignInShown((Operator("01", "林美", Role.CASHIER),)))
    headless.show_notice(RefusalTold("Confirm", ""))
    headless.show_notice(Closed())
    lines = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert lines[0]["operators"] == [{"id": "01", "name": "林美", "role": "cashier"}]
    assert lines[1] == {"notice": "refusal_told", "command": "Confirm", "fault": ""}
    assert headless.is_closed


HOSTILE_LINES = (
    '{"command": "sign_in", "operator": "01", "pin": "\\ud800"}',
    '{"command": "sign_in", "operator": 1, "pin": "135790"}',
    '{"command": "sign_in", "operator": "01", "pin": ["1"]}',
    '{"command": "sign_in", "operator": "01", "pin": "1234567890123"}',
    '{"command": "type_amount", "keys": "' + "9" * 13 + '"}',
    '{"command": "pad", "key": "' + "x" * 13 + '"}',
    "[" * 4000,
    "[" * 100_000,
    '{"command": "confirm", "note": "' + "x" * 5000 + '"}',
)


@pytest.mark.parametrize("line", HOSTILE_LINES, ids=range(len(HOSTILE_LINES)))
def test_a_hostile_line_is_answered_and_the_next_one_obeyed(line: str) -> None:
    headless, answers = front()
    sent: list[commands.Command] = []
    headless.run(io.StringIO(f"{line}\n{json.dumps({'command': 'look'})}\n"), sent.append)
    assert json.loads(answers.getvalue().splitlines()[0])["notice"] == "not_understood"
    assert sent == [commands.Look(), commands.Quit()]
