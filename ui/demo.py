"""One training sale in the real window, offscreen, and a look at the day: pictures on the way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from checkout.notices import CheckoutShown, DayShown, PaymentShown, SignInShown
from domain.document import typeset
from domain.sale import State
from ui.rehearsal import Rehearsal, Script

SIZE = (1366, 768)
COLUMNS = 48


class Demo:
    """Plays the sale; afterwards `slip` is the printed page as text and `failed` says why not."""

    def __init__(
        self, window: QWidget, pictures: Path, *, operator_pin: str, stripe: str, card_pin: str
    ) -> None:
        self._pictures = pictures
        self._operator_pin = operator_pin
        self._stripe = stripe
        self._card_pin = card_pin
        self._window = window
        self.slip = ""
        self.failed: Exception | None = None
        self.rehearsal = Rehearsal(window, self._finished)

    def begin(self) -> None:
        """Start playing; the application quits at the end."""
        self._pictures.mkdir(parents=True, exist_ok=True)
        self.rehearsal.begin(self._sale())

    def _sale(self) -> Script:
        play = self.rehearsal
        yield play.shown(SignInShown)
        self._picture("A_sign_in")
        play.press(*self._operator_pin, "enter")
        yield play.shown(CheckoutShown)
        play.press(*"128")
        yield play.seconds(0.5)
        self._picture("B_checkout")
        play.press("enter")
        yield play.payment_in(State.DRAFT)
        self._picture("C0_waiting_for_card")
        play.press(*self._stripe, "enter")
        yield play.payment_in(State.CAPTURED)
        self._picture("C1_confirm_amount")
        play.press("enter")
        yield play.payment_in(State.PIN_ENTRY)
        play.press(*self._card_pin)
        yield play.seconds(0.5)
        self._picture("C2_pin_on_pad")
        play.press("enter")
        yield play.payment_in(State.APPROVED)
        yield self._slip_is_out
        self._picture("D_approved")
        screen = play.screen
        assert isinstance(screen, PaymentShown)
        lines = typeset(screen.slips[0].document, COLUMNS)
        self.slip = "\n".join(line.text.rstrip() for line in lines)
        play.press("enter")
        yield play.shown(CheckoutShown)
        play.press("f8")
        yield play.shown(DayShown)
        self._picture("H_end_of_day")

    def _slip_is_out(self) -> bool:
        screen = self.rehearsal.screen
        if not isinstance(screen, PaymentShown) or not screen.slips:
            return False
        return all(slip.state == "printed" for slip in screen.slips)

    def _picture(self, name: str) -> None:
        self._window.grab().save(str(self._pictures / f"{name}.png"))

    def _finished(self, error: Exception | None) -> None:
        self.failed = error
        QCoreApplication.quit()
