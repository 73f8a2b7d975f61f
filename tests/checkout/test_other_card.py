"""Guards the refund to a card that did not pay: allowed by the profile, by a manager, and loudly."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from checkout import commands
from checkout.notices import RefusalTold
from domain.faults import Moved
from domain.kinds import Kind
from domain.sale import State
from domain.settings import AcquirerProfile

OTHER_STRIPE = ";6212345678901240=30121200000?"
ASKED = commands.RefundToOtherCard(1, 40_00, "card closed by its bank")


def other_cards(stage: Any) -> list[dict[str, Any]]:
    """The entries of that kind."""
    found = stage.journal.database.conn.execute(
        "SELECT body FROM entries WHERE kind = 'refund to another card' ORDER BY number"
    )
    return [json.loads(body) for (body,) in found]


@pytest.fixture
def allowed(make_stage: Any) -> Any:
    """A manager in a shop whose contract lets money go to another card; sale 1 is paid."""
    stage = make_stage(acquirer=replace(AcquirerProfile(), refund_to_other_card=True))
    stage.open()
    stage.sell(128_00)
    stage.send(commands.LeaveSale(), commands.SignOut(), commands.SignIn("02", "246801"))
    stage.notices.clear()
    return stage


def test_it_goes_to_the_other_card_and_says_so_everywhere(allowed: Any) -> None:
    allowed.send(ASKED)
    allowed.swipe(OTHER_STRIPE)
    allowed.send(commands.Confirm())
    refund = allowed.journal.sale(2)
    assert (refund.kind, refund.state, refund.to_other_card) == (Kind.REFUND, State.DELIVERED, True)
    assert refund.card.masked.endswith("1240")
    assert allowed.shown.moved is Moved.TO_OTHER_CARD
    (entry,) = other_cards(allowed)
    assert entry == {
        "state": "queued",
        "original": 1,
        "amount_minor": 40_00,
        "card": refund.card.masked,
        "reason": "card closed by its bank",
    }
    for paper in allowed.papers()[1:]:
        assert "ANOTHER CARD" in allowed.paper(paper)
        assert "card closed by its bank" in allowed.paper(paper)
    allowed.check_books()


def test_what_went_to_another_card_counts_as_given_back(allowed: Any) -> None:
    allowed.send(ASKED)
    allowed.swipe(OTHER_STRIPE)
    allowed.send(commands.Confirm(), commands.LeaveSale())
    allowed.send(replace(ASKED, amount_minor=100_00))
    assert allowed.told(RefusalTold)[-1] == RefusalTold("RefundToOtherCard", "")
    assert allowed.journal.next_sale() == 3


def test_the_card_that_paid_is_not_another_card(allowed: Any) -> None:
    allowed.send(ASKED)
    allowed.swipe()
    assert (allowed.shown.sale.state, allowed.shown.sale.fault) == (State.DRAFT, "R-08")
    allowed.send(commands.Cancel())
    assert [entry["state"] for entry in other_cards(allowed)] == ["abandoned"]


def test_the_usual_way_still_takes_the_card_that_paid_only(allowed: Any) -> None:
    allowed.send(commands.GiveBack(1, 40_00, "torn"))
    allowed.swipe(OTHER_STRIPE)
    assert (allowed.shown.sale.state, allowed.shown.sale.fault) == (State.DRAFT, "R-07")


def test_a_profile_that_says_nothing_allows_none(manager: Any) -> None:
    manager.sell(128_00)
    manager.send(commands.LeaveSale(), ASKED)
    assert manager.told(RefusalTold)[-1] == RefusalTold("RefundToOtherCard", "H-01")
    assert manager.journal.next_sale() == 2


def test_nobody_below_a_manager_may(allowed: Any) -> None:
    allowed.send(commands.SignOut(), commands.SignIn("01", "135790"), ASKED)
    assert allowed.told(RefusalTold)[-1] == RefusalTold("RefundToOtherCard", "A-03")
    assert allowed.journal.next_sale() == 2


def test_a_reason_is_asked_for(allowed: Any) -> None:
    allowed.send(replace(ASKED, reason="  "))
    assert allowed.told(RefusalTold)[-1] == RefusalTold("RefundToOtherCard", "")


def test_it_survives_a_power_cut_before_the_bank_has_heard(allowed: Any) -> None:
    allowed.bank.line = "dead"
    allowed.send(ASKED)
    allowed.swipe(OTHER_STRIPE)
    allowed.send(commands.Confirm())
    assert allowed.journal.sale(2).state is State.QUEUED
    allowed.bank.line = "up"
    allowed.restart()
    assert allowed.journal.sale(2).state is State.DELIVERED
    assert allowed.journal.sale(2).to_other_card
