"""The accounts of the training acquirer: published test card numbers, each with a story.

None of these numbers belongs to anybody: card schemes and payment services publish them for tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.training import OUTCOMES, TrainingCard

PLENTY = 100_000_000_000
"""A balance in fen that no day of training uses up."""
NO_CHIP_PIN, NO_CHIP, CHIP = "120", "101", "220"


@dataclass(frozen=True, slots=True)
class Account:
    """One card: `expiry` is YYMM, `pin` empty where the bank asks for none, amounts are in fen.

    `code` is what the bank always answers for this card, '' where it looks at PIN and money.
    """

    number: str
    story: str
    pin: str = "123456"
    expiry: str = "3012"
    service: str = NO_CHIP_PIN
    balance: int = PLENTY
    limit: int = PLENTY
    code: str = ""

    @property
    def track2(self) -> str:
        """As on the stripe, without sentinels."""
        return f"{self.number}={self.expiry}{self.service}0000012345678"[:37]

    @property
    def stripe(self) -> str:
        """As a reader that types sends it."""
        return f";{self.track2}?"

    @property
    def masked(self) -> str:
        """First six and last four; no two accounts share it."""
        return f"{self.number[:6]}{'*' * (len(self.number) - 10)}{self.number[-4:]}"


ACCOUNTS = {
    account.masked: account
    for account in (
        Account("6212345678901232", "approved"),
        Account("6225760008219524", "approved"),
        Account("6205500000000000004", "approved; a number of 19 digits"),
        Account("6212345678901265", "not enough money above 50.00", balance=50_00),
        Account("6200000000000005", "limit of 100.00 a sale", limit=100_00),
        Account("4111111111111111", "approved; PIN 1234", pin="1234", service=NO_CHIP),
        Account("4242424242424242", "approved; the customer signs", pin="", service=NO_CHIP),
        Account("5555555555554444", "approved; PIN 4321", pin="4321", service=NO_CHIP),
        Account("378282246310005", "approved; 15 digits, signs", pin="", service=NO_CHIP),
        Account("3530111333300000", "approved; signs", pin="", service=NO_CHIP),
        Account("4012888888881881", "approved; has a chip, PIN 1234", pin="1234", service=CHIP),
        Account("4000000000000002", "refused without a reason", code="05"),
        Account("5105105105105100", "expired on its stripe", expiry="2401"),
        Account("4000000000000069", "expired at the bank", code="54"),
        Account("4000000000009979", "stolen", code="43"),
        Account("4000000000009987", "lost", code="41"),
        Account("6011111111111117", "restricted", code="62"),
        Account("4000000000000119", "the bank's computer is down", code="96"),
        Account("4000056655665556", "ring the bank", code="01"),
        Account("5454545454545454", "the bank answers too late", code="68"),
    )
}
"""Every account under its masked number."""

MAX_WRONG_PINS = 3
"""After so many the card is locked (75) until the training acquirer starts again."""


def training_cards() -> tuple[TrainingCard, ...]:
    """A few of them to show on the screen: two that are approved, and two that are not."""
    shown = (
        ("621234******1232", OUTCOMES[0]),
        ("424242******4242", OUTCOMES[1]),
        ("620000******0005", OUTCOMES[2]),
        ("400000******9979", OUTCOMES[3]),
    )
    return tuple(
        TrainingCard(outcome, ACCOUNTS[masked].pin, ACCOUNTS[masked].stripe)
        for masked, outcome in shown
    )
