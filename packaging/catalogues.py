"""Keep the translations in step with the code: `python packaging/catalogues.py [--check]`.

Without an argument it collects the messages of the code, brings every catalogue up to date and
compiles it. With --check it changes nothing and exits with 1 where that would change anything, or
where a message is untranslated, uncertain, or loses one of its {values}.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "packaging" / "locale"
TEMPLATE = LOCALE / "tillwright.pot"
FOLDERS = ("ui", "domain", "checkout", "devices")
KEYWORDS = {"say": None, "N_": None}
LANGUAGES = ("zh_CN", "zh_TW")
DATE = datetime(2026, 11, 22, tzinfo=UTC)
"""In every header, so that a catalogue changes only when a text does."""

NOBODY = "Tillwright"


def main(arguments: list[str]) -> int:
    """Update, or check; the exit code."""
    if arguments == ["--check"]:
        faults = list(complaints())
        for fault in faults:
            print(fault)
        return 1 if faults else 0
    if arguments:
        print(__doc__)
        return 2
    update()
    return 0


def update() -> None:
    """Write template, catalogues and compiled catalogues, and count what is left to translate."""
    template = collected()
    LOCALE.mkdir(exist_ok=True)
    with TEMPLATE.open("wb") as out:
        _write(out, template)
    for language in LANGUAGES:
        catalogue = _read(language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.creation_date = catalogue.revision_date = DATE
        catalogue.header_comment = f"# The texts of Tillwright in {catalogue.locale_identifier}."
        catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = NOBODY
        path = _path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            _write(out, catalogue)
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue)
        missing = list(_texts(catalogue).values()).count("")
        print(f"{language}: {len(catalogue)} messages, {missing} untranslated")


def collected() -> Catalog:
    """Every message that the code marks with say or N_, with the files that use it."""
    template = Catalog(
        project="Tillwright",
        version="1",
        header_comment="# The messages of Tillwright, in English.",
        msgid_bugs_address=NOBODY,
        last_translator=NOBODY,
        language_team=NOBODY,
        creation_date=DATE,
        revision_date=DATE,
        fuzzy=False,
    )
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for line, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            template.add(message, locations=[(place, line)])
    return template


def complaints() -> Iterator[str]:
    """What keeps the translations from being complete and fresh, a sentence each."""
    wanted = _texts(collected()).keys()
    with TEMPLATE.open("rb") as file:
        if _texts(read_po(file)).keys() != wanted:
            yield "the template is not that of the code"
    for language in LANGUAGES:
        known = _texts(_read(language))
        for text in sorted(wanted - known.keys()):
            yield f"{language}: not in the catalogue: {text!r}"
        for text in sorted(known.keys() - wanted):
            yield f"{language}: no longer in the code: {text!r}"
        with _path(language).with_suffix(".mo").open("rb") as file:
            compiled = GNUTranslations(file)
        for text, translated in sorted(known.items()):
            if not translated:
                yield f"{language}: not translated, or uncertain: {text!r}"
            elif _values(text) != _values(translated):
                yield f"{language}: other values than {text!r}: {translated!r}"
            elif compiled.gettext(text) != translated:
                yield f"{language}: compiled before this was translated: {text!r}"


def _texts(catalogue: Catalog) -> dict[str, str]:
    """Message to translation, '' where there is none that can be relied upon."""
    return {
        str(message.id): "" if message.fuzzy else str(message.string)
        for message in catalogue
        if message.id
    }


def _read(language: str) -> Catalog:
    if not _path(language).exists():
        return Catalog(locale=language, project="Tillwright", version="1", fuzzy=False)
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "tillwright.po"


def _write(out: BinaryIO, catalogue: Catalog) -> None:
    write_po(out, catalogue, sort_output=True, include_lineno=False, ignore_obsolete=True, width=98)


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
