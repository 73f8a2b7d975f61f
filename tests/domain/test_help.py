"""Guards the catalogue of faults and the bank's codes: each complete, each raised, each explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.faults import CATALOGUE, Moved, Next
from domain.help import CUSTOMER_LINES, all_pages, holds, page_of_answer, page_of_fault
from domain.response_codes import CODE_SETS, RESPONSE_CODES, Kind, meaning_of
from domain.words import LANGUAGES, words

ROOT = Path(__file__).parents[2]
CODE = ("acquirer", "checkout", "db", "devices", "domain", "ui")

CLASSES = """
A  00 11 10 A2 A4 A5 A6
C  01 02
T  03 97 99 A0 77
P  04 34 41 43 07 35 36 37 67
D  05 12 13 64 14 15 59 21 22 25 38 75 40 57 58 31 66 51 54 33 61 65 62 A1 A3
R  30 55 68 91 92 96 98 A7 90
X  94
"""
KIND_OF_CLASS = {
    "A": Kind.APPROVED,
    "C": Kind.CALL,
    "T": Kind.TERMINAL,
    "P": Kind.KEEP,
    "D": Kind.DECLINED,
    "R": Kind.RETRY,
    "X": Kind.REPEATED,
}


def classed() -> list[tuple[str, Kind]]:
    rows = (line.split() for line in CLASSES.strip().splitlines())
    return [(code, KIND_OF_CLASS[kind]) for kind, *codes in rows for code in codes]


@pytest.mark.parametrize(("code", "kind"), classed())
def test_every_code_of_the_bank_is_of_its_class(code: str, kind: Kind) -> None:
    assert meaning_of(code).kind is kind


def test_no_code_stands_outside_of_the_classes() -> None:
    assert set(RESPONSE_CODES) == {code for code, _ in classed()}


@pytest.mark.parametrize("code_set", CODE_SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_everything_in_every_language(language: str, code_set: str) -> None:
    say = words(language).say
    values = {"s": 60, "acquirer": "Eastbridge", "code": "55"}
    for page in all_pages(code_set):
        for message in (page.title, page.means, *page.steps, page.customer, page.call):
            said = say(message, **values)
            assert said, (page.code, message)
            assert "{" not in said
        assert 1 <= len(page.steps) <= 3


def test_an_unknown_code_is_a_decline_that_names_itself() -> None:
    page = page_of_answer("ZZ")
    assert page.moved is Moved.NOT_CHARGED
    assert "ZZ" in words("en").say(page.steps[0], code="ZZ")


def test_what_is_known_in_another_set_only_is_unknown() -> None:
    assert meaning_of("A0", "iso87").kind is Kind.DECLINED
    assert meaning_of("08").kind is Kind.DECLINED
    assert meaning_of("08", "iso87").kind is Kind.APPROVED


def test_a_code_may_mean_another_thing_to_another_bank() -> None:
    assert meaning_of("63", "iso87").kind is Kind.TERMINAL
    assert meaning_of("09", "iso87").moved is Moved.WILL_NOT
    assert meaning_of("10", "iso87").moved is Moved.WILL_NOT
    assert meaning_of("10").moved is Moved.CHARGED


def test_every_line_about_money_has_a_sentence_for_the_customer() -> None:
    assert {fault.moved for fault in CATALOGUE.values()} <= set(CUSTOMER_LINES)


def test_what_the_till_finishes_by_itself_never_says_that_nothing_is_charged() -> None:
    for page in all_pages():
        if page.moved is Moved.WILL_NOT:
            assert "have not been charged" not in page.customer


def test_every_fault_is_raised_somewhere() -> None:
    catalogue = {path.name for path in (ROOT / "domain").glob("*faults*.py")}
    text = (ROOT / "main.py").read_text(encoding="utf-8") + "".join(
        path.read_text(encoding="utf-8")
        for folder in CODE
        for path in (ROOT / folder).rglob("*.py")
        if path.name not in catalogue
    )
    raised = set(re.findall(r'"([A-Z]-[0-9]{2})"', text))
    assert raised <= set(CATALOGUE)
    assert set(CATALOGUE) - raised == set(), "take it out, or raise it"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("55", "55"), ("n-02", "N-02"), ("router", "N-02"), ("PIN incorrect", "55")],
)
def test_a_page_is_found_by_its_code_and_by_its_words(wanted: str, code: str) -> None:
    say = words("en").say
    assert code in {page.code for page in all_pages() if holds(page, wanted, say)}


def test_a_page_is_found_in_the_language_of_the_screen() -> None:
    say = words("zh_CN").say
    found = {page.code for page in all_pages() if holds(page, "路由器", say)}
    assert found == {"N-02"}


def test_the_next_step_is_said_once() -> None:
    assert page_of_fault("N-02").steps == (CATALOGUE["N-02"].remedy,)
    assert len(page_of_answer("51").steps) == 2
    assert RESPONSE_CODES["51"].next is Next.OTHER
