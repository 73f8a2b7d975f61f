"""The one door to translated text: a language, and what to say in it.

Everywhere else text travels as its English message, marked with N_ where it is defined, and is
looked up as late as possible, so that a switch of language needs no restart.
"""

from __future__ import annotations

import gettext
import sys
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文", "zh_TW": "繁體中文"}
"""Code to its own name, in the order in which a switch offers them."""

CATALOGUES = (
    Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "packaging" / "locale"
)


def N_(message: str) -> str:  # noqa: N802  # gettext's own name, known to every extraction tool
    """Mark a message for translation without looking it up."""
    return message


class Words:
    """One language. English needs no catalogue: the messages are its text."""

    def __init__(self, language: str) -> None:
        """Raises KeyError for a language that we do not speak."""
        self.language = language if language in LANGUAGES else _unknown(language)
        self._catalogue = gettext.translation(
            "tillwright", CATALOGUES, [language], fallback=language == "en"
        )

    def say(self, message: str, **values: object) -> str:
        """The message in this language with its {values} filled in."""
        text = self._catalogue.gettext(message) if message else ""
        return text.format(**values) if values else text


@cache
def words(language: str) -> Words:
    """The words of a language, read from disk once."""
    return Words(language)


def _unknown(language: str) -> str:
    raise KeyError(f"no catalogue for {language}")
