"""The customer's side of a payment: the card that a reader hears, the PIN that a pad takes.

It holds the live card, the only place of the till that does, and wipes it when it is told to.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from acquirer.link import PinKey
from checkout import errands
from checkout.crash_points import passing
from checkout.reports import Happened
from devices.interfaces import PinRequest
from domain.card import Card
from domain.sale import PinEntered, Sale, State

if TYPE_CHECKING:
    from checkout.till import Till

READER_RETRY_SECONDS = 1.0


class Customer:
    """Readers and PIN pad, as the till's thread sees them."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.card: Card | None = None
        self._asked_under: PinKey | None = None
        self.waits_for_keys = False
        """Whether the sale on the screen can go on only when the bank has sent its keys."""

    @property
    def awaits_pin_key(self) -> bool:
        """Whether a PIN cannot be asked for yet, because the bank's key is not here."""
        return self._asked_under is None

    @property
    def pin_is_void(self) -> bool:
        """Whether the PIN was encrypted under keys that are gone: the bank would call it wrong."""
        return self._asked_under is not self._till.bank.pin_key

    def listen(self, sale: Sale) -> None:
        """Have every reader wait for a card."""
        till = self._till
        seconds = till.parts.settings.card_seconds
        wanted = partial(self._is_awaited, sale.number)
        for hand, reader in zip(till.hands.readers, till.parts.devices.readers, strict=True):
            hand.do(partial(errands.listen, reader, sale.number, seconds, wanted, till.put))

    def nothing_read(self, number: int, fault: str) -> None:
        """A reader gave up; while a card is awaited, one that is gone is asked again soon."""
        sale = self._till.payments.sales.get(number)
        if fault and sale is not None and sale.state is State.DRAFT:
            again = partial(self.listen, sale)
            self._till.timers.set("listen again", READER_RETRY_SECONDS, again)

    def stop_listening(self) -> None:
        """The readers need not wait any more."""
        for reader in self._till.parts.devices.readers:
            reader.stop()

    def begin_pin(self, sale: Sale) -> None:
        """A PIN needs the bank's PIN key in the pad: fetch it first where there is none."""
        passing("amount confirmed")
        till = self._till
        self._asked_under = None
        if till.parts.devices.pin_pad is None or not self._wants_pin(sale):
            # A shop without a pad takes cards whose bank asks for none; the bank says which.
            till.put(Happened(sale.number, PinEntered(None)))
        elif till.bank.pin_key is not None and till.parts.link.has_keys:
            self._ask_for_pin(sale, till.bank.pin_key)
        else:
            self.waits_for_keys = True
            till.desk.show()
            till.hands.acquirer.do(
                partial(
                    errands.sign_on_for_pin,
                    till.parts.link,
                    till.bank.caller(),
                    sale.number,
                    till.put,
                )
            )

    def _wants_pin(self, sale: Sale) -> bool:
        settings = self._till.parts.settings
        return sale.row.asks_pin and (settings.pin_for_void or not sale.row.undoes_original)

    def key_came(self, pin_key: PinKey) -> None:
        """Load the pad's working key, and ask for a PIN that has waited for it."""
        till = self._till
        pad = till.parts.devices.pin_pad
        if pad is not None:
            load = partial(
                errands.load_pin_key, pad, pin_key.wrapped, pin_key.check_value, till.put
            )
            till.hands.pin_pad.do(load)
        for sale in till.payments.sales.values():
            if sale.state is State.PIN_ENTRY and self._asked_under is None:
                self._ask_for_pin(sale, pin_key)

    def stop_pin(self) -> None:
        """The pad need not ask any more."""
        pad = self._till.parts.devices.pin_pad
        if pad is not None:
            pad.stop()

    def forget(self) -> None:
        """Wipe the card."""
        self.waits_for_keys = False
        if self.card is not None:
            self.card.wipe()
        self.card = None

    def _is_awaited(self, number: int) -> bool:
        """Asked by a reader's worker just before it reads."""
        sale = self._till.payments.sales.get(number)
        return sale is not None and sale.state is State.DRAFT

    def _ask_for_pin(self, sale: Sale, pin_key: PinKey) -> None:
        till = self._till
        pad = till.parts.devices.pin_pad
        if pad is None or self.card is None:
            return
        settings = till.parts.settings
        account = till.parts.link.account_for_pin(self.card)
        request = PinRequest(account, sale.amount, settings.pin_bypass)
        seconds = settings.pin_seconds
        self._asked_under = pin_key
        self.waits_for_keys = False
        till.desk.show_wait(sale.number, seconds)
        till.hands.pin_pad.do(
            partial(errands.ask_for_pin, pad, request, sale.number, seconds, till.put)
        )
