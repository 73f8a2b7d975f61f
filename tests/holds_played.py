"""Plays holds and a balance at the real till, for its pictures and for a test that reads the books.

Begins and ends at the checkout, with somebody signed in who may release a hold.
"""

from __future__ import annotations

from collections.abc import Callable

from acquirer.simulator_accounts import ACCOUNTS
from checkout.notices import CheckoutShown, PaymentShown, SaleShown
from domain.kinds import Kind
from domain.sale import State
from ui.rehearsal import Rehearsal, Script

CARD = ACCOUNTS["621234******1232"]
SIGNED_CARD = ACCOUNTS["424242******4242"]
"""Its bank asks for no PIN."""

Take = Callable[[str], Script]


def play_holds(play: Rehearsal, take: Take) -> Script:
    """A balance, a hold of which less is charged, and one that is released."""
    yield from _balance(play, take)
    yield from _held(play, take, "128")
    yield from _charged(play, take)
    yield from _held(play, _nothing, "64")
    yield from _released(play, take)


def _balance(play: Rehearsal, take: Take) -> Script:
    play.press("b")
    yield play.payment_in(State.DRAFT)
    play.press(*SIGNED_CARD.stripe, "enter")
    yield play.payment_in(State.CAPTURED)
    yield from take("C1_balance")
    play.press("enter")
    yield play.payment_in(State.PIN_ENTRY)
    play.press("enter")
    yield play.payment_in(State.APPROVED)
    shown = play.screen
    assert isinstance(shown, PaymentShown)
    assert shown.balance
    yield from take("D_balance")
    play.press("enter")
    yield play.shown(CheckoutShown)


def _held(play: Rehearsal, take: Take, amount: str) -> Script:
    play.press(*amount, "h")
    yield play.seconds(0.3)
    yield from take("B_checkout_hold")
    play.press("enter")
    yield play.payment_in(State.DRAFT)
    yield from take("C0_hold")
    yield from _same_card(play, take, "hold")
    yield from take("D_held")
    play.press("enter")
    yield play.shown(CheckoutShown)


def _charged(play: Rehearsal, take: Take) -> Script:
    """More than may be is not taken; less is."""
    play.press("f7")
    yield play.shown(SaleShown)
    yield from take("G_hold")
    play.press("c", *"999", "enter")
    yield play.seconds(1.0)
    assert isinstance(play.screen, SaleShown), "more than may be charged must not be asked for"
    yield from take("G4_too_much")
    play.press("back", "back", "back", *"100")
    yield play.seconds(0.5)
    yield from take("G4_charge_hold")
    play.press("enter")
    yield play.payment_in(State.DRAFT)
    yield from _same_card(play, take, "completion")
    yield from take("D_completed")
    play.press("enter")
    yield play.shown(SaleShown)
    yield from take("G_completed")
    play.press("esc")
    yield play.shown(CheckoutShown)


def _released(play: Rehearsal, take: Take) -> Script:
    play.press("f7")
    yield play.shown(SaleShown)
    play.press("r", "down")
    yield play.seconds(1.0)
    yield from take("G2_release")
    play.press("enter")
    yield play.payment_in(State.DRAFT)
    yield from _same_card(play, take, "release")
    yield from take("D_released")
    play.press("enter")
    yield play.shown(SaleShown)
    play.press("esc")
    yield play.shown(CheckoutShown)


def _same_card(play: Rehearsal, take: Take, what: str) -> Script:
    """From the reader to the bank's yes."""
    play.press(*CARD.stripe, "enter")
    yield play.payment_in(State.CAPTURED)
    yield from take(f"C1_{what}")
    play.press("enter")
    yield play.payment_in(State.PIN_ENTRY)
    play.press(*CARD.pin, "enter")
    yield play.payment_in(State.APPROVED)
    shown = play.screen
    assert isinstance(shown, PaymentShown)
    assert shown.sale.kind is not Kind.SALE
    yield from ()


def _nothing(_name: str) -> Script:
    yield from ()
