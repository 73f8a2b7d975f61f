"""The pane for the one act that goes around the rule: a refund to a card that did not pay."""

from __future__ import annotations

from checkout.commands import Command, RefundToOtherCard
from checkout.notices import SaleShown
from domain.money import Money
from domain.words import N_
from ui.give_back_pane import WAYS, GiveBackPane
from ui.give_back_words import WayWords
from ui.tongue import say

WORDS = WayWords(
    N_("To another card?"),
    N_("Refund {amount}"),
    N_("Back"),
    (N_("The card is closed"), N_("The card is lost"), N_("Something else")),
    N_("{amount} goes to a card that did not pay. The journal notes who did it."),
)


class OtherCardPane(GiveBackPane):
    """Warns first, whatever the amount, and sends RefundToOtherCard."""

    @property
    def _is_grave(self) -> bool:
        return True

    @property
    def _words(self) -> WayWords:
        return WORDS

    def _say_money(self, shown: SaleShown) -> None:
        if self._wanted() and self._is_current() and shown.way_back.kind in WAYS:
            line = say(WORDS.line, amount=str(self._wanted()))
            self._money.set_line("mid", line)
        else:
            super()._say_money(shown)

    def _command(self, number: int, amount: Money, reason: str) -> Command:
        return RefundToOtherCard(number, amount.minor, reason)
