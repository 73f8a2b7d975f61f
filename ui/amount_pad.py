"""The amount as it is being typed: digits, a point, decimals; Money comes out of it."""

from __future__ import annotations

from domain.money import CNY, MAX_MINOR, Currency, Money

POINT = "."


class AmountPad:
    """What has been typed so far. `128` is 128.00; a point starts the decimals.

    A kept amount (after 'change amount' or 'other payment') can be edited with Backspace, and the
    first digit typed begins a new one.
    """

    def __init__(self, currency: Currency = CNY) -> None:
        self.currency = currency
        self._whole = ""
        self._decimals: str | None = None
        self._kept = False

    def press(self, key: str) -> bool:
        """A digit, '00' or the point. False where it changes nothing."""
        if self._kept:
            self.clear()
        changed = [self._press_one(character) for character in key]
        return any(changed)

    def _press_one(self, key: str) -> bool:
        if key == POINT:
            if self._decimals is not None or not self.currency.exponent:
                return False
            self._decimals = ""
            return True
        if self._decimals is not None:
            if len(self._decimals) >= self.currency.exponent:
                return False
            self._decimals += key
            return True
        whole = (self._whole + key).lstrip("0") or "0"
        if int(whole) * 10**self.currency.exponent > MAX_MINOR or whole == self._whole:
            return False
        self._whole = whole
        return True

    def backspace(self) -> None:
        """Take the last digit or the point away."""
        self._kept = False
        if self._decimals is None:
            self._whole = self._whole[:-1]
        else:
            self._decimals = self._decimals[:-1] if self._decimals else None

    def clear(self) -> None:
        """Nothing typed."""
        self._whole, self._decimals, self._kept = "", None, False

    def take(self, money: Money) -> None:
        """Offer this amount again."""
        whole, _, decimals = money.figures.replace(",", "").partition(POINT)
        self._whole = whole
        self._decimals = decimals if decimals.strip("0") else None
        self._kept = True

    @property
    def money(self) -> Money:
        """The amount that Enter would charge."""
        decimals = (self._decimals or "").ljust(self.currency.exponent, "0")
        return Money(int((self._whole or "0") + decimals), self.currency)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been typed."""
        return not self._whole and self._decimals is None

    @property
    def typed(self) -> str:
        """What was typed, grouped: 1,280.5."""
        if self.is_empty:
            return ""
        whole = f"{int(self._whole or '0'):,}"
        return whole if self._decimals is None else f"{whole}{POINT}{self._decimals}"

    @property
    def rest(self) -> str:
        """What the amount still has behind what was typed, for the paler figures: 0."""
        return self.money.figures.removeprefix(self.typed)
