"""Guards the nine rules by which a bank's answer becomes an event, over real TLS."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from acquirer import codec
from acquirer.dialect import Dialect
from acquirer.link import Link, SaleRequest
from domain.clock import SystemClock
from domain.faults import LinkFault, NoAnswer, NotSent
from domain.sale import (
    Answer,
    Approved,
    Declined,
    Reason,
    SendFailed,
    SentTwice,
    Unanswered,
)
from domain.settings import AcquirerProfile

Requests = Callable[..., SaleRequest]
NUMBER = "6225760008219524"
OTHER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


def ask(link: Link, request: SaleRequest) -> Any:
    """Ask, and be sure that 'sent' was heard exactly once."""
    heard: list[str] = []
    event = link.ask(request, lambda: heard.append("sent"))
    assert heard == ["sent"]
    return event


# Rule 1: what is not ours is skipped.


@pytest.mark.parametrize(
    "foreign",
    [
        {"changes": {11: "000122"}},
        {"changes": {41: "99999999"}},
        {"changes": {42: "999999999999999"}},
        {"changes": {11: None}},
        {"mti": "0410"},
    ],
)
def test_an_answer_to_something_else_is_skipped_and_counted(
    foreign: dict[str, Any], link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, "51", **foreign), bank.answer(r, "00")])
    assert isinstance(ask(link, request_for()), Approved)
    assert link.foreign_answers == 1


def test_answers_to_something_else_do_not_stretch_the_wait(
    hasty: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, "00", changes={11: "000122"})] * 3)
    assert ask(hasty, request_for()) == Unanswered(Reason.NO_ANSWER, "N-06")
    assert hasty.foreign_answers == 3


def test_a_flood_of_answers_to_something_else_is_no_answer(
    link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, "00", changes={11: "000122"}) * 150])
    assert ask(link, request_for()) == Unanswered(Reason.OTHER, "N-07")


# Rule 2: another amount or code is never an approval of this sale.


@pytest.mark.parametrize(
    "changes", [{4: "000000000617"}, {4: None}, {3: "200000"}, {3: None}, {39: None}]
)
def test_an_approval_of_something_else_is_reversed(
    changes: dict[int, str | None], link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, "00", changes=changes)])
    event = ask(link, request_for())
    assert isinstance(event, Unanswered)
    assert (event.reason, event.fault) == (Reason.OTHER, "N-07")


@pytest.mark.parametrize(
    "piece",
    [
        b"\x00\x20" + b"\xa5" * 32,
        bytes(4),
        b"\xff" * 4,
        b"+032" + b"0" * 32,
        b"\x00\x05short",
        b"\x00\x40" + bytes(64),
    ],
)
def test_garbage_is_reversed_and_the_connection_dropped(
    piece: bytes, link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda _: [piece])
    assert ask(link, request_for()) == Unanswered(Reason.OTHER, "N-07")
    assert not link._channel.is_open


# Rule 3: approved.


def test_an_approval_with_a_right_mac_is_one(link: Link, bank: Any, request_for: Requests) -> None:
    texts = {38: "004512", 44: "01020000   48213100   ", 63: "CUP交易成功"}
    told = ("01020000", "48213100", "交易成功")
    if not bank.dialect.banks_field:
        texts, told = {38: "004512", 44: "Señor, merci"}, ("", "", "Señor, merci")
    bank.script.append(lambda r: [bank.answer(r, "00", changes=texts)])
    assert ask(link, request_for()) == Approved(
        Answer("00", "261122000001", "004512", "1122143207", *told, code_set=bank.dialect.code_set)
    )


def test_every_positive_code_of_the_dialect_is_an_approval(
    dialect: Dialect, link: Link, bank: Any, request_for: Requests
) -> None:
    for code in sorted(dialect.approved_codes):
        bank.script.append(partial(answered, bank, code))
        assert isinstance(ask(link, request_for()), Approved), code
    assert dialect.approved_codes >= {"00", "11"}


def answered(bank: Any, code: str, request: Any) -> list[bytes]:
    return [bank.answer(request, code)]


@pytest.mark.parametrize(
    ("dialect", "code", "expected"),
    [
        ("unionpay", "A2", Approved),
        ("ansi87", "A2", Unanswered),
        ("ansi87", "10", Unanswered),
        ("unionpay", "10", Approved),
        ("unionpay", "08", Unanswered),
        ("ansi87", "08", Approved),
        ("unionpay", "09", Declined),
        ("ansi87", "09", Unanswered),
    ],
    indirect=["dialect"],
)
def test_the_same_code_means_what_the_dialect_says(
    code: str, expected: type, link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(partial(answered, bank, code))
    assert type(ask(link, request_for())) is expected


# Rule 4: a positive code without a right MAC.


@pytest.mark.parametrize("mac", [None, OTHER_KEY])
def test_an_approval_without_a_right_mac_is_reversed_and_wants_new_keys(
    mac: bytes | None, link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, "00", mac=mac)])
    event = ask(link, request_for())
    assert isinstance(event, Unanswered)
    assert (event.reason, event.fault) == (Reason.WRONG_MAC, "N-08")
    assert not link.has_keys


# Rules 5 and 6: declined.


@pytest.mark.parametrize("code", ["05", "51", "55", "96", "98", "ZZ"])
def test_a_decline_with_a_right_mac_is_one(
    code: str, link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, code, changes={4: None})])
    event = ask(link, request_for())
    assert isinstance(event, Declined)
    assert event.answer.code == code
    assert link.has_keys


@pytest.mark.parametrize(
    ("may_lack", "mac", "code", "expected"),
    [
        (False, None, "51", Unanswered),
        (False, OTHER_KEY, "51", Unanswered),
        (True, None, "51", Declined),
        (True, OTHER_KEY, "51", Unanswered),
        (True, None, "00", Unanswered),
    ],
)
def test_a_decline_without_a_right_mac_is_reversed_unless_the_dialect_allows_it(
    may_lack: bool,
    mac: bytes | None,
    code: str,
    expected: type,
    bank: Any,
    profile: AcquirerProfile,
    link_to: Callable[[AcquirerProfile], Link],
    request_for: Requests,
) -> None:
    link = link_to(replace(profile, dialect_options={"declines_may_lack_mac": may_lack}))
    link.sign_on("01", 1)
    bank.script.append(lambda r: [bank.answer(r, code, mac=mac)])
    event = ask(link, request_for())
    assert type(event) is expected
    assert event.answer.code == code


def test_a_code_that_settles_nothing_is_reversed(
    dialect: Dialect, link: Link, bank: Any, request_for: Requests
) -> None:
    for code in sorted(dialect.unknown_codes):
        bank.script.append(partial(answered, bank, code))
        event = ask(link, request_for())
        assert isinstance(event, Unanswered)
        assert (event.reason, event.fault) == (Reason.NO_ANSWER, "N-06")


def test_a_bank_that_wants_a_sign_on_gets_one(
    dialect: Dialect, link: Link, bank: Any, request_for: Requests
) -> None:
    for code in sorted(dialect.sign_on_codes):
        bank.script.append(partial(answered, bank, code))
        assert isinstance(ask(link, request_for()), Declined)
        assert not link.has_keys
        link.sign_on("01", 2)


# Rule 7: silence and lost connections.


@pytest.mark.parametrize("length", [None, 0, 1, 9])
def test_no_whole_answer_is_reversed(
    length: int | None, hasty: Link, dialect: Dialect, bank: Any, request_for: Requests
) -> None:
    half = codec.length_word(256, dialect) + b"half of it"
    bank.script.append(lambda _: None if length is None else [half[:length]])
    began = SystemClock().monotonic()
    assert ask(hasty, request_for()) == Unanswered(Reason.NO_ANSWER, "N-06")
    assert SystemClock().monotonic() - began < 2


def test_a_request_is_never_sent_twice(link: Link, bank: Any, request_for: Requests) -> None:
    bank.script.append(lambda _: None)
    ask(link, request_for())
    link.echo(5)
    assert [sent.mti for sent in bank.requests] == ["0800", "0200", bank.dialect.echo_message]


# Rule 8: sent twice.


@pytest.mark.parametrize("mac", [b"", None])
def test_a_trace_number_that_the_bank_knows_is_not_to_be_reversed(
    mac: bytes | None, link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, "94", mac=mac)])
    assert isinstance(ask(link, request_for()), SentTwice)


# Rule 9: late answers.


def test_a_late_answer_is_never_read(hasty: Link, bank: Any, request_for: Requests) -> None:
    may_answer = threading.Event()

    def late(request: Any) -> list[bytes]:
        assert may_answer.wait(5)
        return [bank.answer(request, "00")]

    bank.script.append(late)
    assert isinstance(ask(hasty, request_for()), Unanswered)
    may_answer.set()
    bank.script.append(lambda r: [bank.answer(r, "51")])
    assert isinstance(ask(hasty, request_for(stan=124)), Declined)
    assert bank.connections == 2


# Before the first byte.


def test_without_keys_nothing_is_sent(
    link_to: Callable[[AcquirerProfile], Link],
    profile: AcquirerProfile,
    bank: Any,
    request_for: Requests,
) -> None:
    event = link_to(profile).ask(request_for(), lambda: pytest.fail("nothing was sent"))
    assert event == SendFailed("K-01")
    assert bank.connections == 0


def test_a_pin_under_keys_of_an_earlier_sign_on_is_never_sent(
    link: Link, bank: Any, request_for: Requests
) -> None:
    request = request_for()
    link.arm(request)
    link.sign_on("01", 2)
    event = link.ask(request, lambda: pytest.fail("nothing was sent"))
    assert event == SendFailed("K-01")
    assert [sent.mti for sent in bank.requests] == ["0800", "0800"]
    link.arm(request)
    assert isinstance(ask(link, request), Approved)


def test_a_sale_without_a_pin_outlives_a_sign_on(
    link: Link, bank: Any, request_for: Requests
) -> None:
    request = request_for(pin=None)
    link.arm(request)
    link.sign_on("01", 2)
    assert isinstance(ask(link, request), Approved)


def test_a_bank_that_is_not_there_leaves_the_sale_unsent(
    link: Link, bank: Any, request_for: Requests
) -> None:
    bank.close()
    bank.hang_up()
    event = link.ask(request_for(), lambda: pytest.fail("nothing was sent"))
    assert event == SendFailed("N-04")


def test_a_connection_that_was_closed_overnight_costs_no_sale(
    link: Link, bank: Any, request_for: Requests
) -> None:
    bank.hang_up()
    assert isinstance(ask(link, request_for()), Approved)


def test_stop_ends_the_wait_for_an_answer(
    bank: Any,
    profile: AcquirerProfile,
    link_to: Callable[[AcquirerProfile], Link],
    request_for: Requests,
) -> None:
    link = link_to(replace(profile, answer_seconds=30.0))
    link.sign_on("01", 1)
    bank.script.append(lambda _: [])
    event = link.ask(request_for(), link.stop)
    assert event == Unanswered(Reason.NO_ANSWER, "N-06")
    assert link.ask(request_for(stan=124), lambda: None) == SendFailed("N-04")


# The reversal.


def test_a_reversal_repeats_its_trace_number_with_a_fresh_mac(
    link: Link, bank: Any, request_for: Requests
) -> None:
    sealed = link.arm(request_for(stan=77))
    for reason in (Reason.NO_ANSWER, Reason.WRONG_MAC):
        assert link.reverse(sealed, 1284, reason).code == "00"
    first, second = bank.requests[-2:]
    assert first.mti == second.mti == "0400"
    assert first.fields[11] == second.fields[11] == "000077"
    reasons = bank.dialect.reversal_reasons
    assert first.fields[39] == reasons["no_answer"]
    assert second.fields[39] == reasons["wrong_mac"]
    assert first.fields[64] != second.fields[64]
    assert first.card[2] == NUMBER.encode()
    assert {35, 36, 52}.isdisjoint(first.card)


def test_a_sealed_reversal_outlives_the_link_and_the_card(
    bank: Any,
    profile: AcquirerProfile,
    link_to: Callable[[AcquirerProfile], Link],
    request_for: Requests,
) -> None:
    request = request_for()
    sealed = link_to(profile).arm(request)
    request.card.wipe()
    assert NUMBER.encode() not in sealed
    assert bytes.fromhex(NUMBER) not in sealed
    tomorrow = link_to(profile)
    tomorrow.sign_on("01", 1)
    assert tomorrow.reverse(sealed, 1284, Reason.OTHER).code == "00"


def test_a_reversal_without_keys_or_for_another_sale_is_not_sent(
    link: Link, bank: Any, request_for: Requests
) -> None:
    sealed = link.arm(request_for())
    with pytest.raises(NotSent, match="K-01"):
        link.reverse(sealed, 1285, Reason.OTHER)
    link._keys.forget()
    with pytest.raises(NotSent, match="K-01"):
        link.reverse(sealed, 1284, Reason.OTHER)
    assert [request.mti for request in bank.requests] == ["0800"]


@pytest.mark.parametrize("code", ["00", "25", "12", "64", "96"])
def test_the_banks_word_on_a_reversal_is_handed_on(
    code: str, link: Link, bank: Any, request_for: Requests
) -> None:
    bank.script.append(lambda r: [bank.answer(r, code)])
    assert link.reverse(link.arm(request_for()), 1284, Reason.NO_ANSWER).code == code
    accepted = {"00", "25"} | ({"12"} if bank.dialect.tpdu else set())
    assert (code in link.reversal_accepted) is (code in accepted)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"code": "00", "mac": None}, "N-08"),
        ({"code": "00", "mac": OTHER_KEY}, "N-08"),
        ({"code": "25", "mac": None}, "N-08"),
        ({"code": "sign on"}, "N-08"),
        ({"code": "68"}, "N-06"),
        ({"code": "00", "changes": {4: "000000000001"}}, "N-07"),
        ({"code": "00", "changes": {39: None}}, "N-07"),
        ({"code": "00", "changes": {11: "000001"}}, "N-06"),
        ({"code": "00", "mti": "0210"}, "N-06"),
    ],
)
def test_an_answer_to_a_reversal_that_proves_nothing_is_no_answer(
    answer: dict[str, Any], fault: str, hasty: Link, bank: Any, request_for: Requests
) -> None:
    if answer["code"] == "sign on":
        answer = {"code": min(bank.dialect.sign_on_codes)}
    bank.script.append(lambda r: [bank.answer(r, **answer)])
    with pytest.raises(NoAnswer, match=fault):
        hasty.reverse(hasty.arm(request_for()), 1284, Reason.NO_ANSWER)
    assert hasty.has_keys is (fault != "N-08")


# Sign-on and echo.


def test_a_sign_on_hands_out_the_wrapped_pin_key(link: Link) -> None:
    pin_key = link.sign_on("01", 2)
    assert pin_key.check_value.hex() == "08d7b4fb"
    assert len(pin_key.wrapped) == 16


@pytest.mark.parametrize(
    "answer",
    [{"code": "97"}, {"code": "00"}, {"code": "00", "changes": {62: "00" * 40}}],
)
def test_a_sign_on_without_good_keys_is_k_01_and_keeps_the_old_ones(
    answer: dict[str, Any], link: Link, bank: Any
) -> None:
    def refuse(request: Any) -> list[bytes]:
        return [bank.answer(request, mac=None, **answer)]

    refuse.is_for_sign_on = True  # type: ignore[attr-defined]
    bank.script.append(refuse)
    with pytest.raises(LinkFault, match="K-01"):
        link.sign_on("01", 2)
    assert link.has_keys


def test_an_echo_takes_as_long_as_the_bank_does(hasty: Link, bank: Any) -> None:
    assert 0 < hasty.echo(3) < 5
    bank.script.append(lambda _: [])
    with pytest.raises(NoAnswer, match="N-06"):
        hasty.echo(4)


def test_the_banks_demand_is_offered_where_there_is_a_header(link: Link, bank: Any) -> None:
    assert link.demand == "0"
    bank.script.append(lambda r: [bank.answer(r, "00", mac=None, header="603103311000")])
    link.echo(3)
    assert link.demand == ("3" if bank.dialect.header else "0")


# Secrets.


@pytest.mark.parametrize("piece", [b"\x00\x20" + b"\xa5" * 32, b"\xff\xff", b""])
def test_no_fault_log_or_repr_holds_the_card(
    piece: bytes,
    hasty: Link,
    bank: Any,
    request_for: Requests,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    request = request_for()
    sealed = hasty.arm(request)
    shown = repr(request) + repr(hasty)
    bank.script += [lambda _: [piece]] * 2
    shown += repr(hasty.ask(request, lambda: None))
    with pytest.raises(NoAnswer) as fault:
        hasty.reverse(sealed, 1284, Reason.NO_ANSWER)
    told = traceback.TracebackException.from_exception(fault.value, capture_locals=True)
    del told.stack[0]  # this test's own frame, which holds the bank and what it received
    shown += "".join(told.format()) + caplog.text
    for secret in (NUMBER, "225760008219", "PINBLOCK", NUMBER.encode().hex()):
        assert secret not in shown


def test_every_buffer_that_held_the_number_is_wiped(
    link: Link, bank: Any, request_for: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[bytearray] = []
    real_send = link._channel.send

    def send(wire: bytearray) -> None:
        assert bytes.fromhex(NUMBER) in wire or NUMBER.encode() in wire
        kept.append(wire)
        real_send(wire)

    monkeypatch.setattr(link._channel, "send", send)
    request = request_for()
    assert isinstance(ask(link, request), Approved)
    link.reverse(link.arm(request), 1284, Reason.OTHER)
    assert len(kept) == 2
    assert not any(any(wire) for wire in kept)


def test_a_sale_on_a_signed_on_link_imports_nothing(
    link: Link, bank: Any, request_for: Requests
) -> None:
    texts = {44: "01020000   48213100   ", 63: "CUP交易成功" if bank.dialect.tpdu else "OK"}
    bank.script.append(lambda r: [bank.answer(r, "00", changes=texts)])
    request = request_for()
    before = set(sys.modules)
    link.arm(request)
    link.ask(request, lambda: None)
    assert set(sys.modules) == before
