"""Guards that every message of the program is said in every language, with all its values."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from domain.words import LANGUAGES, words

TOOL = Path(__file__).resolve().parent.parent / "packaging" / "catalogues.py"


def test_every_message_is_translated_fresh_and_compiled() -> None:
    check = subprocess.run(  # our own tool
        [sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False
    )

    assert check.stdout == ""
    assert check.returncode == 0


def test_the_two_sentences_about_money_stay_two_in_every_language() -> None:
    for language in LANGUAGES:
        say = words(language).say

        assert say("The customer will not be charged for this sale.") != say(
            "The customer has not been charged."
        )


def test_values_arrive_in_every_language() -> None:
    for language in LANGUAGES:
        said = words(language).say("The customer has been charged {amount}.", amount="¥128.00")

        assert "¥128.00" in said
