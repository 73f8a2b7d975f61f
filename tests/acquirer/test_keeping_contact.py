"""Guards what goes on between payments: new keys on demand, the good-bye, and the bank's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from acquirer import messages
from acquirer.codec import Message
from acquirer.link import Link, SaleRequest
from domain.clock import SystemClock
from domain.faults import NoAnswer
from domain.sale import Approved
from domain.settings import AcquirerProfile

Requests = Callable[..., SaleRequest]
DEMANDING = "603103311000"


@pytest.mark.parametrize("dialect", ["unionpay"], indirect=True)
def test_an_answer_whose_header_demands_a_sign_on_wants_one_until_it_came(
    link: Link, bank: Any, request_for: Requests
) -> None:
    assert not link.wants_sign_on
    bank.script.append(lambda r: [bank.answer(r, "00", header=DEMANDING)])
    assert isinstance(link.ask(request_for(), lambda: None), Approved)
    assert link.has_keys
    assert link.wants_sign_on
    link.sign_on("01", 2)
    assert not link.wants_sign_on


@pytest.mark.parametrize("dialect", ["unionpay"], indirect=True)
def test_a_bank_that_demands_it_for_ever_is_obeyed_once_an_answer(link: Link, bank: Any) -> None:
    def again(request: Any) -> list[bytes]:
        return [bank.keys_for(request, header=DEMANDING)]

    again.is_for_sign_on = True  # type: ignore[attr-defined]
    bank.script.append(again)
    link.sign_on("01", 2)
    assert not link.wants_sign_on


def test_a_link_without_keys_wants_a_sign_on(link: Link, bank: Any, request_for: Requests) -> None:
    code = min(bank.dialect.sign_on_codes)
    bank.script.append(lambda r: [bank.answer(r, code)])
    link.ask(request_for(), lambda: None)
    assert link.wants_sign_on


def test_a_sign_off_says_so_and_ends_the_keys(link: Link, bank: Any) -> None:
    link.sign_off(7)
    sent = bank.requests[-1]
    assert sent.mti == bank.dialect.sign_off_message
    assert bank.dialect.part("admin", sent.fields[60], "network") == "002"
    assert sent.fields[11] == "000007"
    assert not link.has_keys
    link.sign_off(8)
    assert len(bank.requests) == 2


def test_nobody_connects_only_to_say_good_bye(link: Link, bank: Any) -> None:
    link._channel.drop()
    link.sign_off(7)
    assert [request.mti for request in bank.requests] == ["0800"]


def test_a_bank_that_does_not_answer_the_good_bye_is_no_answer(hasty: Link, bank: Any) -> None:
    bank.script.append(lambda _: [])
    with pytest.raises(NoAnswer, match="N-06"):
        hasty.sign_off(7)
    assert not hasty.has_keys


@pytest.mark.parametrize("seconds", [-600, 0, 600])
def test_the_banks_clock_is_compared_with_ours(seconds: int, link: Link, bank: Any) -> None:
    now = SystemClock().now().astimezone() + timedelta(seconds=seconds)
    told: dict[int, str | None] = {12: f"{now:%H%M%S}", 13: f"{now:%m%d}"}
    bank.script.append(lambda r: [bank.answer(r, "00", changes=told, mac=None)])
    link.echo(3)
    assert link.ahead_seconds == pytest.approx(seconds, abs=5)


def test_an_answer_without_a_time_leaves_what_was_known(
    link_to: Callable[[AcquirerProfile], Link], profile: AcquirerProfile, bank: Any
) -> None:
    link = link_to(replace(profile))
    bank.script.append(lambda r: [bank.answer(r, "00", changes={12: None}, mac=None)])
    link.echo(3)
    assert link.ahead_seconds is None


CLOCKS = """
2026-11-22 14:32:07  1122143207        0
2026-11-22 14:32:07  1122143407      120
2026-12-31 23:59:50  0101000010       20
2027-01-01 00:00:10  1231235950      -20
2028-02-29 00:00:01  0229000000       -1
2026-11-22 14:32:07  1399143207     none
2026-11-22 14:32:07  1122           none
"""


@pytest.mark.parametrize("line", CLOCKS.strip().splitlines())
def test_a_time_without_a_year_means_the_nearest(line: str) -> None:
    day, time, told, ahead = line.split()
    now = datetime.fromisoformat(f"{day}T{time}+08:00")
    message = Message("0830", {13: told[:4], 12: told[4:]})
    expected = None if ahead == "none" else float(ahead)
    assert messages.ahead_seconds(message, now) == expected
