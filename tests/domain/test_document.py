"""Guards the typesetting: every line has its columns, and no text brings anything of its own."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.document import (
    Align,
    Blank,
    Document,
    Line,
    Pair,
    Qr,
    Ruled,
    Text,
    clean,
    typeset,
    width_of,
    wrapped,
)


def lines(*parts: Text | Pair | Ruled | Qr | Blank, columns: int = 16) -> list[str]:
    return [line.text for line in typeset(Document(parts), columns)]


def test_a_text_stands_where_it_should() -> None:
    assert lines(Text("ab")) == ["ab".ljust(16)]
    assert lines(Text("ab", Align.CENTRE)) == ["       ab       "]
    assert lines(Text("ab", Align.RIGHT)) == ["ab".rjust(16)]


def test_a_chinese_character_takes_two_columns() -> None:
    assert lines(Pair("金额", "128.00")) == ["金额      128.00"]
    assert width_of("金额") == 4


def test_a_long_text_wraps_at_spaces_and_a_long_word_anywhere() -> None:
    assert [line.rstrip() for line in lines(Text("one two three four five"))] == [
        "one two three",
        "four five",
    ]
    assert [line.rstrip() for line in lines(Text("x" * 20))] == ["x" * 16, "x" * 4]
    assert wrapped("我" * 10, 16) == ["我" * 8, "我" * 2]


def test_a_pair_that_is_too_long_takes_two_lines() -> None:
    assert lines(Pair("LONG LABEL", "LONG VALUE")) == ["LONG LABEL      ", "      LONG VALUE"]


def test_a_filled_pair_is_a_line_to_write_on() -> None:
    assert lines(Pair("SIGN", "", fill="_")) == ["SIGN ___________"]


def test_a_double_line_holds_half_as_many() -> None:
    page = Document((Text("wide", double=True), Pair("a", "b", double=True)))
    assert list(typeset(page, 16)) == [
        Line("wide    ", double=True),
        Line("a      b", double=True),
    ]


def test_a_ruled_line_is_full_whatever_its_character() -> None:
    assert lines(Ruled(), Ruled("="), Ruled("="), columns=4) == ["----", "====", "===="]
    assert lines(Ruled("一"), columns=5) == ["一一"]
    assert lines(Ruled("\x1b"), columns=4) == [""]


def test_a_code_is_a_line_that_carries_it() -> None:
    assert list(typeset(Document((Qr("x"), Blank(2))), 4)) == [Line("", qr="x"), Line(""), Line("")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x\x1bp\x00\x19\xfa", "xpú"),
        ("\x10\x14\x01", ""),
        ("a\tb\r\nc", "a b  c"),
        ("a\u2028b\u2029c\u00a0d\u3000e", "a b c d e"),
        ("\u202eevil\u200b\u2066\ufeff", "evil"),
        ("\x80\x9b\x7f", ""),
        ("\ud800\ue000\uffff", ""),
        ("e\u0301", "é"),
    ],
)
def test_nothing_that_commands_is_left(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from([32, 48]), st.booleans())
def test_every_line_fits_and_is_clean(left: str, right: str, columns: int, double: bool) -> None:
    page = Document(
        (
            Text(left, Align.CENTRE, double=double),
            Pair(left, right, double=double, fill=right[:1] or " "),
            Ruled(left[:1]),
        )
    )
    for line in typeset(page, columns):
        assert width_of(line.text) * (1 + line.double) <= columns
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in line.text)


def test_a_page_survives_the_journal() -> None:
    page = Document(
        (Text("a", Align.RIGHT, bold=True), Pair("b", "c", fill="."), Qr("d"), Blank(3))
    )
    assert Document.from_json(page.to_json()) == page


@pytest.mark.parametrize("row", [{}, {"part": "Script"}, {"part": "Text", "oops": 1}])
def test_what_is_no_page_is_refused(row: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Document.from_json([row])
