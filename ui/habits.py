"""The language and the theme that somebody chose at this till, for its next start: a file beside it.

It lies in the till's own folder, never in the settings of the system. What the set-up says comes
first again as soon as the set-up says something else than it did when the choice was made.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QSettings

from domain.settings import Settings
from domain.words import LANGUAGES
from ui.theme import THEME, ThemeName
from ui.tongue import TONGUE

FILE = "window.ini"
THEMES = ("light", "dark")


class Habits(QObject):
    """Reads the choices before the window is built, and writes each one that is made afterwards."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._file = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        self._set_up = ("", "")

    def applied_to(self, settings: Settings) -> Settings:
        """The set-up with what was chosen since; a file that says nonsense says nothing."""
        self._set_up = (settings.language, settings.theme)
        language, theme = self._read("language"), self._read("theme")
        if self._read("set-up language") == settings.language and language in LANGUAGES:
            settings = replace(settings, language=language)
        if self._read("set-up theme") == settings.theme and theme in THEMES:
            settings = replace(settings, theme=cast("ThemeName", theme))
        return settings

    def watch(self) -> None:
        """From now on a change is a choice."""
        TONGUE.changed.connect(self.on_language_changed)
        THEME.changed.connect(self.on_theme_changed)

    def on_language_changed(self) -> None:
        """Somebody wants another language."""
        self._write("language", TONGUE.language, self._set_up[0])

    def on_theme_changed(self) -> None:
        """Somebody wants it darker, or lighter."""
        self._write("theme", THEME.name, self._set_up[1])

    def _read(self, key: str) -> str:
        value = self._file.value(key, "")
        return value if isinstance(value, str) else ""

    def _write(self, key: str, value: str, set_up: str) -> None:
        self._file.setValue(key, value)
        self._file.setValue(f"set-up {key}", set_up)
        self._file.sync()
