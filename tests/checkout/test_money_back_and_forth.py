"""Guards sales, voids and refunds under a bad line and power cuts, in any order that a seed throws.

At the end the line works and everything has come to rest: then till and bank must agree on every
charge, every void and every refund, and nothing was given back twice or above its charge.
"""

from __future__ import annotations

import random

import pytest

from checkout import commands
from checkout.notices import PaymentShown
from domain.kinds import Kind
from domain.sale import DRAFTS, OPEN, State

SEEDS = range(12)
ACTS = 30
TRICKS = (*[""] * 12, "lost answer", "lost request", "garbage", "wrong mac", "keys gone", "broken")
ADVICES = ("", "", "lost answer", "96", "25", "broken")
LINES = (*["up"] * 8, "dead", "cut")
REST_SECONDS = 400


class Walk:
    """One till and its bank, and a dice that decides what people and the line do."""

    def __init__(self, stage, seed: int) -> None:
        self.stage = stage
        self.dice = random.Random(seed)

    def act(self) -> None:
        """One thing that may happen at a counter."""
        stage, dice = self.stage, self.dice
        stage.bank.line = dice.choice(LINES)
        stage.bank.tricks.clear()
        stage.bank.tricks.append(dice.choice(TRICKS))
        if dice.random() < 0.3:
            stage.bank.advice_codes.append(dice.choice(ADVICES))
        act = dice.choice((*[self.sell] * 3, *[self.give_back] * 4, self.wait, self.restart))
        act()

    def sell(self) -> None:
        self.leave()
        self.stage.send(commands.StartSale(self.dice.choice((100, 5_00, 128_00))))
        self.pay()

    def give_back(self) -> None:
        self.leave()
        sales = all_sales(self.stage)
        standing = [s for s in sales if (s.kind, s.state) == (Kind.SALE, State.APPROVED)]
        if not sales:
            return
        sale = self.dice.choice(standing or sales if self.dice.random() < 0.8 else sales)
        number = sale.number
        amount = self.dice.choice((sale.amount.minor, sale.amount.minor // 2, 1))
        self.stage.send(commands.GiveBack(number, amount, "torn"))
        self.pay()

    def pay(self) -> None:
        """The customer's part of whatever is on the screen; sometimes the power goes in the middle."""
        stage = self.stage
        if not stage.till.desk.is_shown:
            return
        stage.swipe()
        if self.dice.random() < 0.1:
            stage.send(commands.Cancel())
            return
        stage.send(commands.Confirm())
        if stage.pad.jobs and isinstance(stage.notices[-1], PaymentShown):
            stage.acquirer.is_held = self.dice.random() < 0.15
            stage.type_pin()
            if stage.acquirer.is_held:
                self.restart()

    def leave(self) -> None:
        self.stage.send(commands.LeaveSale(), commands.CloseList())

    def wait(self) -> None:
        self.stage.wait(self.dice.choice((1, 6, 20, 70)))

    def restart(self) -> None:
        self.stage.restart()
        self.stage.send(commands.SignOut(), commands.SignIn("02", "246801"))

    def rest(self) -> None:
        """The line works from now on, and time goes by."""
        bank = self.stage.bank
        bank.line = "up"
        for left in (bank.tricks, bank.advice_codes, bank.reversal_codes):
            left.clear()
        for _ in range(6):
            self.stage.wait(REST_SECONDS)


def all_sales(stage):
    numbers = range(1, stage.journal.next_sale())
    return [sale for n in numbers if (sale := stage.journal.sale(n)) is not None]


@pytest.mark.parametrize("seed", SEEDS)
def test_till_and_bank_agree_on_every_cent_that_went_back_and_forth(stage, seed: int) -> None:
    stage.send(commands.SignOut(), commands.SignIn("02", "246801"))
    walk = Walk(stage, seed)
    for _ in range(ACTS):
        walk.act()
        assert stage.till.parts.journal.counter("sale") == stage.journal.next_sale() - 1
    walk.rest()

    stage.check_books()
    sales = all_sales(stage)
    assert not [sale for sale in sales if sale.state in OPEN | DRAFTS - {State.DRAFT}]
    for sale in sales:
        moves = [move for move in sales if move.original == sale.number]
        voids = [m for m in moves if (m.kind, m.state) == (Kind.VOID, State.APPROVED)]
        refunds = [m for m in moves if (m.kind, m.state) == (Kind.REFUND, State.DELIVERED)]
        assert len(voids) == (sale.state is State.VOIDED)
        assert not (voids and refunds)
        assert sum(refund.amount.minor for refund in refunds) <= sale.amount.minor
        for void in voids:
            assert stage.bank.book[void.stan].state == f"void of {sale.stan}"
            assert stage.bank.book[sale.stan].state == "voided"
    told = {sale.stan: sale.amount.minor for sale in sales if sale.state is State.DELIVERED}
    book = stage.bank.book.items()
    assert told == {s: row.amount_minor for s, row in book if row.state == "given back"}
    stans = [sale.stan for sale in sales if sale.stan is not None]
    assert len(stans) == len(set(stans))
    rows = stage.journal.database.conn.execute("SELECT count(*) FROM in_doubt").fetchone()
    assert rows == (0,)


def test_the_dice_do_throw_everything(make_stage, tmp_path_factory) -> None:
    """The negative control: a walk in which nothing is ever given back would prove nothing."""
    stage = make_stage().open()
    stage.send(commands.SignOut(), commands.SignIn("02", "246801"))
    walk = Walk(stage, 7)
    for _ in range(4 * ACTS):
        walk.act()
    walk.rest()
    ends = {(sale.kind, sale.state) for sale in all_sales(stage)}
    assert {
        (Kind.SALE, State.VOIDED),
        (Kind.SALE, State.REVERSED),
        (Kind.VOID, State.APPROVED),
        (Kind.VOID, State.REVERSED),
        (Kind.REFUND, State.DELIVERED),
    } <= ends
