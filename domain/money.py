"""Amounts of money: whole minor units of one ISO 4217 currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass

MAX_MINOR = 999_999_999_999
"""ISO 8583 field 4 holds twelve digits."""


@dataclass(frozen=True, slots=True)
class Currency:
    """One ISO 4217 currency: letters, numeric code, decimals, and the sign shown on the screen."""

    code: str
    number: str
    exponent: int
    symbol: str


CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("CNY", "156", 2, "¥"),
        Currency("HKD", "344", 2, "HK$"),
        Currency("TWD", "901", 2, "NT$"),
        Currency("JPY", "392", 0, "¥"),
        Currency("EUR", "978", 2, "€"),
        Currency("USD", "840", 2, "$"),
        Currency("GBP", "826", 2, "£"),
        Currency("KWD", "414", 3, "KD"),
    )
}
CNY = CURRENCIES["CNY"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units; sums and comparisons need the same currency.

    Raises TypeError for anything but an int, ValueError for mixed currencies or an amount that
    field 4 of ISO 8583 cannot hold.
    """

    minor: int
    currency: Currency = CNY

    def __post_init__(self) -> None:
        if type(self.minor) is not int:  # bool is an int too, and never an amount
            raise TypeError("an amount is a whole number of minor units")
        if abs(self.minor) > MAX_MINOR:
            raise ValueError("the amount does not fit into twelve digits")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError("amounts of different currencies do not mix")
        return other

    @property
    def figures(self) -> str:
        """The amount as grouped figures without a sign of currency: 1,280.00."""
        whole, part = divmod(abs(self.minor), 10**self.currency.exponent)
        decimals = f".{part:0{self.currency.exponent}d}" if self.currency.exponent else ""
        return f"{'−' if self.minor < 0 else ''}{whole:,}{decimals}"

    def __str__(self) -> str:
        """As the screen shows it, with the minus before the currency: −¥1,280.00."""
        figures = self.figures
        minus, figures = ("−", figures[1:]) if self.minor < 0 else ("", figures)
        return f"{minus}{self.currency.symbol}{figures}"

    @property
    def printed(self) -> str:
        """As a slip shows it, in plain ASCII with the currency's letters: CNY 1280.00."""
        minus = "-" if self.minor < 0 else ""
        return f"{self.currency.code} {minus}{self.figures.lstrip('−').replace(',', '')}"


def zero(currency: Currency) -> Money:
    """Nothing, in that currency."""
    return Money(0, currency)
