"""Guards the bytes of a page: columns kept, Chinese either way, and no text that commands.

The stream is read by a strict reader that knows only the commands which a slip may contain.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.escpos_page import PageComposer
from devices.line_image import LineImages, _raster
from domain.document import Align, Document, Line, Pair, Qr, Ruled, Text, width_of
from domain.settings import PrinterSettings
from tests.devices.receipt_printer import NotACommand, read_page

FOLDER = Path(tempfile.mkdtemp(prefix="tillwright-test-"))
atexit.register(shutil.rmtree, FOLDER)
NATIVE = PageComposer(PrinterSettings(chinese="native"), FOLDER)
IMAGE = PageComposer(PrinterSettings(chinese="image"), FOLDER)
NARROW = PageComposer(PrinterSettings(chinese="native", paper="58"), FOLDER)
COMMANDS = ("x\x1bp\x00\x19\xfa", "\x10\x14\x01\x00\x01", "\x1b@", "\x1c.", "\x1dV\x00", "\x9b1m")


def page(*parts: Text | Pair | Ruled | Qr) -> Document:
    return Document(parts)


def test_a_latin_line_needs_no_command_but_its_looks() -> None:
    paper = read_page(IMAGE.bytes_of(page(Text("Café £5 €9"), Pair("TYPE", "SALE", double=True))))
    assert paper.lines == ["Café £5 €9".ljust(48), "TYPE                SALE"]
    assert paper.cuts == 1


def test_a_double_line_is_double_both_ways() -> None:
    stream = NATIVE.bytes_of(page(Text("金额", double=True)))
    assert b"\x1d!\x11" in stream
    assert b"\x1c!\x0c\xbd\xf0\xb6\xee\x1c." in stream


@pytest.mark.parametrize("composer", [NATIVE, NARROW])
def test_native_chinese_keeps_the_columns(composer: PageComposer) -> None:
    columns = 48 if composer is NATIVE else 32
    texts = Text("商户联：梅巷商店 Plum Lane 18号", Align.CENTRE), Pair("日期/时间", "14:32:09")
    paper = read_page(composer.bytes_of(page(*texts)))
    assert [width_of(line) for line in paper.lines] == [columns, columns]
    assert paper.lines[0].strip() == texts[0].text
    assert not paper.images


def test_signs_that_chinese_printers_do_not_know_are_spelled_another_way() -> None:
    paper = read_page(NATIVE.bytes_of(page(Pair("¥128.00", "€9"))))
    assert paper.lines == ["￥128.00" + " " * 36 + "EUR9"]


def test_a_rare_character_is_a_wide_question_mark() -> None:
    paper = read_page(NATIVE.bytes_of(page(Text("㐀𠀀x"))))
    assert paper.lines[0].rstrip() == "？？x"


def test_an_image_line_is_as_wide_as_the_paper() -> None:
    paper = read_page(IMAGE.bytes_of(page(Text("小票", double=True), Text("SALE"))))
    assert paper.images == [(576, 54)]
    assert paper.lines == ["SALE".ljust(48)]


def test_a_drawn_line_has_black_dots_where_its_characters_stand() -> None:
    images = LineImages.with_chinese()
    assert images is not None, "this machine needs a Chinese font, such as fonts-wqy-microhei"
    dots = images.draw(Line("  中" + " " * 44), 48)[8:]
    rows = [dots[start : start + 72] for start in range(0, len(dots), 72)]
    assert any(any(row[3:6]) for row in rows)
    assert not any(any(row[:3]) or any(row[7:]) for row in rows)


def test_without_a_chinese_font_the_line_keeps_its_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(LineImages, "with_chinese", lambda: None)
    composer = PageComposer(PrinterSettings(), FOLDER)
    paper = read_page(composer.bytes_of(page(Pair("金额", "CNY 128.00"))))
    assert paper.lines == ["????" + " " * 34 + "CNY 128.00"]


def test_a_qr_code_is_the_printers_own() -> None:
    link = "https://r.plumlane.example/e/632614000412"
    assert read_page(IMAGE.bytes_of(page(Qr(link)))).codes == [link]


def test_a_qr_code_holds_an_encoded_link_only() -> None:
    with pytest.raises(ValueError, match="link"):
        IMAGE.bytes_of(page(Qr("https://r.example/\x10\x14")))


def test_the_strict_reader_would_see_a_command() -> None:
    with pytest.raises(NotACommand):
        read_page(b"\x1b@x\x1bp\x00\x19\xfa\n")


@pytest.mark.parametrize("composer", [NATIVE, IMAGE, NARROW], ids=["native", "image", "58 mm"])
@pytest.mark.parametrize("text", COMMANDS)
def test_no_command_gets_through_from_any_part(composer: PageComposer, text: str) -> None:
    stream = composer.bytes_of(
        page(Text(text), Text(text, double=True), Pair(text, text, fill=text), Ruled(text))
    )
    read_page(stream)
    assert b"\x1bp" not in stream
    assert b"\x10\x14" not in stream


@pytest.mark.parametrize("composer", [NATIVE, NARROW], ids=["80 mm", "58 mm"])
def test_every_character_of_the_plane_is_harmless_and_keeps_its_columns(
    composer: PageComposer,
) -> None:
    columns = 48 if composer is NATIVE else 32
    for start in range(0, 0x10000, 0x400):
        text = "".join(map(chr, range(start, start + 0x400)))
        paper = read_page(composer.bytes_of(page(Text(text))))
        assert {width_of(line) for line in paper.lines} <= {columns}, hex(start)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6), st.booleans(), st.booleans())
def test_no_text_at_all_commands_the_printer(
    texts: list[str],
    bold: bool,
    double: bool,  # drawn by hypothesis
) -> None:
    parts = [Text(text, bold=bold, double=double) for text in texts]
    pairs = [Pair(text, text[::-1], double=double) for text in texts]
    for composer in (NATIVE, NARROW):
        read_page(composer.bytes_of(page(*parts, *pairs)))


def test_importing_the_library_leaves_no_folder_and_no_log_handler(tmp_path: Path) -> None:
    program = (
        "import logging, sys; from pathlib import Path;"
        "from devices.escpos_page import PageComposer;"
        "from domain.settings import PrinterSettings;"
        "PageComposer(PrinterSettings(), Path(sys.argv[1])).warm_up();"
        "print(len(logging.getLogger().handlers))"
    )
    temp = tmp_path / "temp"
    temp.mkdir()
    run = subprocess.run(  # our own interpreter, our own words
        [sys.executable, "-c", program, str(tmp_path / "escpos")],
        env=os.environ | {"TMPDIR": str(temp), "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "0\n"
    assert run.stderr == ""
    assert list(temp.iterdir()) == []


def test_the_table_written_for_the_library_is_the_one_that_it_would_read() -> None:
    import yaml
    from escpos import capabilities

    IMAGE.warm_up()
    source = Path(capabilities.__file__).with_name("capabilities.json")
    assert yaml.safe_load(source.read_text(encoding="utf-8")) == capabilities.CAPABILITIES


def test_a_picture_holds_no_real_time_command() -> None:
    dots = b"\x10\x04\x10\x10\x14\x00\x10\x05" * 9
    picture = Image.frombytes("1", (576, 1), dots)
    kept = _raster(picture)[8:]
    assert not any(bytes((0x10, second)) in kept for second in (0x04, 0x05, 0x14))
    assert all(new & old == old for new, old in zip(kept, dots, strict=True))
