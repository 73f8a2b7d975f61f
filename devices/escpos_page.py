"""A page into the bytes of an ESC/POS printer, one buffer, with nothing in it that a text commands.

Three ways for a line: the printer's code pages where they hold every character; its own Chinese
(GB18030 between FS & and FS .) where the settings say that it has one; an image otherwise. Whatever
the way, a line keeps its columns: what cannot be printed becomes as many question marks.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

from domain.document import Document, Line, Pair, Part, Text, clean, typeset, width_of
from domain.settings import PrinterSettings

if TYPE_CHECKING:
    from devices.line_image import LineImages

CODE_PAGES = ("CP437", "CP1252", "CP858", "CP852", "CP866")
"""What nearly every printer has, most likely first; tried in this order for each character."""

CHINESE_ON, CHINESE_OFF = b"\x1c&", b"\x1c."
CHINESE_DOUBLE, CHINESE_SINGLE = b"\x1c!\x0c", b"\x1c!\x00"
SPELLED_FOR_CHINESE = str.maketrans({"¥": "￥", "€": "EUR"})
"""In GB18030 these two are four-byte codes, which Chinese printers print as junk."""

UNKNOWN, UNKNOWN_WIDE = "?", "？"
FEED_LINES = 3
QR_DOTS = {"80": 6, "58": 5}
QR_CORRECTION_M = 1

Escpos = Any
"""python-escpos has no types, and is not imported before the first page or health question."""


class PageComposer:
    """Pages for one printer; `folder` holds what python-escpos would leave in the temp folder."""

    def __init__(self, printer: PrinterSettings, folder: Path) -> None:
        self._printer = printer
        self._folder = folder
        self._dummy: Any = None

    def warm_up(self) -> None:
        """Do the slow imports now, so that no sale has to wait for them."""
        self.bytes_of(Document((Text(UNKNOWN_WIDE),)))

    def bytes_of(self, document: Document) -> bytes:
        """The whole page, from initialising the printer to cutting the paper."""
        page = self._new_page()
        page.hw("INIT")
        if self._printer.chinese == "native":
            document = Document(tuple(_respelled(part) for part in document.parts))
            _put(page, CHINESE_OFF)
        for line in typeset(document, self._printer.columns):
            if line.qr:
                self._put_qr(page, line.qr)
            else:
                self._put_line(page, replace(line, text=clean(line.text)))
        page.print_and_feed(FEED_LINES)
        page.cut(feed=False)
        return bytes(page.output)

    def _put_line(self, page: Escpos, line: Line) -> None:
        if self._printer.chinese == "image" and not _fits_code_pages(page, line.text):
            images = self._images
            if images is not None:
                _put(page, images.draw(line, self._printer.columns))
                return
        page.set(bold=line.bold)
        page.set(custom_size=True, width=1 + line.double, height=1 + line.double)
        for way, run in self._runs(page, line.text):
            if way == "GB18030":
                size = CHINESE_DOUBLE if line.double else CHINESE_SINGLE
                _put(page, CHINESE_ON + size + run.encode("gb18030") + CHINESE_OFF)
            elif way == UNKNOWN:
                _put(page, (UNKNOWN * width_of(run)).encode("ascii"))
            elif way == UNKNOWN_WIDE:
                count = width_of(run) // 2
                _put(page, CHINESE_ON + (UNKNOWN_WIDE * count).encode("gb18030") + CHINESE_OFF)
            else:
                page.magic.write_with_encoding(way, run)
        _put(page, b"\n")

    def _put_qr(self, page: Escpos, data: str) -> None:
        if not (data.isascii() and data.isprintable()):
            raise ValueError("a QR code on a slip holds an encoded link only")
        page.set(align="center")
        page.qr(data, ec=QR_CORRECTION_M, size=QR_DOTS[self._printer.paper], native=True)
        page.set(align="left")

    def _runs(self, page: Escpos, text: str) -> Iterator[tuple[str, str]]:
        """The line in pieces that go the same way: a code page, the printer's Chinese, unknown."""
        code_page = page.magic.encoding or CODE_PAGES[0]
        way, run = "", ""
        for character in text:
            if width_of(character) == 0:
                continue
            before = way
            way = self._way_of(page, character, code_page)
            if way in CODE_PAGES:
                code_page = way
            if run and way != before:
                yield before, run
                run = ""
            run += character
        if run:
            yield way, run

    def _way_of(self, page: Escpos, character: str, code_page: str) -> str:
        """How to print the character, with the present code page wherever that holds it."""
        if width_of(character) == 1:
            return _code_page_of(page, character, code_page) or UNKNOWN
        if self._printer.chinese != "native":
            return UNKNOWN
        return "GB18030" if len(character.encode("gb18030")) == 2 else UNKNOWN_WIDE

    @cached_property
    def _images(self) -> LineImages | None:
        """None where this machine has no Chinese font: the page then says it in question marks."""
        from devices.line_image import LineImages

        return LineImages.with_chinese()

    def _new_page(self) -> Escpos:
        """A page that collects its bytes. Every one begins with no code page chosen."""
        if self._dummy is None:
            self._dummy = _imported_dummy(self._folder)
        return self._dummy()


def _respelled(part: Part) -> Part:
    match part:
        case Text():
            return replace(part, text=part.text.translate(SPELLED_FOR_CHINESE))
        case Pair():
            return replace(
                part,
                label=part.label.translate(SPELLED_FOR_CHINESE),
                value=part.value.translate(SPELLED_FOR_CHINESE),
            )
        case _:
            return part


def _fits_code_pages(page: Escpos, text: str) -> bool:
    return all(width_of(c) == 0 or _code_page_of(page, c, CODE_PAGES[0]) for c in text)


def _code_page_of(page: Escpos, character: str, present: str) -> str:
    """The first code page that holds the character, beginning with the present one; '' for none."""
    if character.isascii():
        return present
    can_encode = page.magic.encoder.can_encode
    return next((name for name in (present, *CODE_PAGES) if can_encode(name, character)), "")


def _put(page: Escpos, data: bytes) -> None:
    page._raw(data)  # noqa: SLF001  # python-escpos has no other door for bytes


def _imported_dummy(folder: Path) -> Any:
    """python-escpos' collecting printer, imported without its two side effects.

    It would leave a folder in the temp folder at each start, and set up the root logger.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = str(folder)
    _prepare_capabilities(folder)
    root, guard, temp = logging.getLogger(), logging.NullHandler(), tempfile.tempdir
    root.addHandler(guard)  # basicConfig does nothing to a logger that has a handler
    try:
        # It makes a temporary folder even where it has been told another one.
        with tempfile.TemporaryDirectory(dir=folder) as tempfile.tempdir:
            from escpos.printer import Dummy
    finally:
        tempfile.tempdir = temp
        root.removeHandler(guard)
    return Dummy


def _prepare_capabilities(folder: Path) -> None:
    """Write the table that python-escpos would parse as YAML for 0.1 s: the file is JSON too."""
    kept = folder / f"{python_version()}.capabilities.pickle"
    package = find_spec("escpos")
    if package is None or not package.submodule_search_locations:
        return
    source = Path(package.submodule_search_locations[0]) / "capabilities.json"
    if kept.exists() and kept.stat().st_mtime >= source.stat().st_mtime:
        return
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(pickle.dumps(json.loads(source.read_text(encoding="utf-8"))))
    unfinished.replace(kept)
