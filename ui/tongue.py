"""The language of the screen: the only way in which a widget gets its words.

A screen looks its words up in `retranslate`, which it connects to `TONGUE.changed`; so the language
can be switched at any moment, without a restart. English messages are the message ids.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QObject, Signal

from domain.words import LANGUAGES, words

_LOCALES = {"en": "en_GB", "zh_CN": "zh_CN", "zh_TW": "zh_TW"}
_DATES = {"en": "dddd d MMMM", "zh_CN": "M月d日 dddd", "zh_TW": "M月d日 dddd"}


class Tongue(QObject):
    """Which language the screen speaks now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = words("en")

    @property
    def language(self) -> str:
        """A key of domain.words.LANGUAGES."""
        return self._words.language

    def speak(self, language: str) -> None:
        """Switch. Raises KeyError for a language that we do not speak."""
        if language != self.language:
            self._words = words(language)
            self.changed.emit()

    def speak_next(self) -> None:
        """Switch to the next language of the list, round and round."""
        languages = list(LANGUAGES)
        self.speak(languages[(languages.index(self.language) + 1) % len(languages)])

    def say(self, message: str, **values: object) -> str:
        """The message in the language of the screen."""
        return self._words.say(message, **values)

    def day(self, at: datetime) -> str:
        """A day as people say it: Sunday 22 November."""
        locale = QLocale(_LOCALES[self.language])
        day = at.astimezone()
        return locale.toString(QDate(day.year, day.month, day.day), _DATES[self.language])


TONGUE = Tongue()
"""There is one screen, so there is one tongue."""


def say(message: str, **values: object) -> str:
    """The message in the language of the screen, with its {values} filled in."""
    return TONGUE.say(message, **values)
