"""Guards the rules that a reviewer would otherwise have to remember, and proves each can fail."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("domain", "devices", "acquirer", "db", "checkout", "ui", "packaging", "docs", "tests")
NOT_OURS = {"build", "dist", "data", "screenshots", "__pycache__"}
TEXT = {".py", ".md", ".toml", ".in", ".txt", ".spec", ".rules", ".json", ".svg", ".po", ".pot", ""}

LONGEST_FILE, LONGEST_FUNCTION = 420, 70
LONGEST_TEST_FILE, LONGEST_TEST = 700, 90


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the project's root, its text and its tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def is_one_of(self, *starts: str) -> bool:
        return self.path.startswith(starts)

    @property
    def is_product(self) -> bool:
        """Part of the till itself, not a tool or a test beside it."""
        return not self.is_one_of("tests/", "packaging/", "docs/", "bootstrap.py")


def sources() -> Iterator[Source]:
    paths = [*ROOT.glob("*.py"), *(p for folder in FOLDERS for p in ROOT.glob(f"{folder}/**/*.py"))]
    for path in sorted(paths):
        yield Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call with its dotted name, as far as it has one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case _:
            return "?"


def opens_with_one_sentence(source: Source) -> Iterator[str]:
    docstring = ast.get_docstring(source.tree)
    if not docstring:
        yield "has no first sentence that says its job"
        return
    first = docstring.splitlines()[0]
    if not first.endswith("."):
        yield f"its first line is not a sentence: {first}"
    if re.match(r"(?i)this (module|file|package)", first):
        yield "its first sentence speaks of itself instead of its job"


def reveals_a_card_in_one_file_only(source: Source) -> Iterator[str]:
    # The training PIN pad plays the part of the hardware that would get the account number.
    if source.is_one_of("acquirer/messages.py", "devices/simulators.py", "tests/"):
        return
    for call, name in calls(source.tree):
        if name.endswith(".reveal"):
            yield f"line {call.lineno} opens a card number"


def catches_everything_in_two_places_only(source: Source) -> Iterator[str]:
    if source.is_one_of("checkout/workers.py", "main.py", "tests/"):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler) or only_tidies_up(node):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {dotted(kind) if kind else "everything" for kind in caught}
        if names & {"Exception", "BaseException", "everything"}:
            yield f"line {node.lineno} catches everything"


def only_tidies_up(handler: ast.ExceptHandler) -> bool:
    """It lets the error pass, and so catches nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def asks_the_clock_for_the_time(source: Source) -> Iterator[str]:
    if source.path == "domain/clock.py" or not source.is_product:
        return
    forbidden = re.compile(
        r"(^|\.)(datetime\.(now|utcnow|today)|date\.today"
        r"|time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|localtime))$"
    )
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and forbidden.search(dotted(node)):
            yield f"line {node.lineno} asks the machine for the time: {dotted(node)}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield f"line {node.lineno} takes names out of time"


def starts_threads_in_the_checkout_only(source: Source) -> Iterator[str]:
    if source.is_one_of("checkout/", "acquirer/simulator", "tests/"):
        return
    starters = {"Thread", "Timer", "ThreadPoolExecutor", "QThread", "QThreadPool", "QtConcurrent"}
    for node in ast.walk(source.tree):
        used = [node.func] if isinstance(node, ast.Call) else []
        used += node.bases if isinstance(node, ast.ClassDef) else []
        for name in map(dotted, used):
            if starters.intersection(name.split(".")):
                yield f"line {node.lineno} starts a thread: {name}"


def takes_colours_from_the_theme(source: Source) -> Iterator[str]:
    if not source.is_one_of("ui/"):
        return
    colour = re.compile(
        r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3}(?=$|[;\s]))(?![0-9a-z])", re.IGNORECASE
    )
    tree = source.tree
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            for found in colour.findall(node.value):
                yield f"line {node.lineno} has a colour of its own: {found}"


def is_short(source: Source) -> Iterator[str]:
    in_tests = source.is_one_of("tests/")
    longest_file = LONGEST_TEST_FILE if in_tests else LONGEST_FILE
    longest = LONGEST_TEST if in_tests else LONGEST_FUNCTION
    lines = source.text.count("\n")
    if lines > longest_file:
        yield f"has {lines} lines: is it two files?"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > longest:
                yield f"line {node.lineno}: {node.name} has {length} lines"


def prints_only_where_a_terminal_listens(source: Source) -> Iterator[str]:
    talkers = ("main.py", "checkout/headless.py", "acquirer/simulator")
    if source.is_one_of(*talkers) or not source.is_product:
        return
    for call, name in calls(source.tree):
        if name == "print":
            yield f"line {call.lineno} prints"


def leaves_the_registry_to_main(source: Source) -> Iterator[str]:
    if source.is_one_of("main.py", "devices/registry.py", "tests/"):
        return
    for node in ast.walk(source.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)]
        if "devices.registry" in names:
            yield f"line {node.lineno} builds devices"


def names_things_for_what_they_are(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and re.search(
            r"(Manager|Helper|Utils?|Handler|Base|Impl)$", node.name
        ):
            yield f"line {node.lineno}: {node.name} says nothing about its work"


Rule = Callable[[Source], Iterator[str]]

BROKEN: list[tuple[Rule, str, str]] = [
    (opens_with_one_sentence, "db/x.py", "x = 1\n"),
    (opens_with_one_sentence, "db/x.py", '"""Half a sentence"""\n'),
    (opens_with_one_sentence, "db/x.py", '"""This module holds things."""\n'),
    (reveals_a_card_in_one_file_only, "db/x.py", "digits = card.pan.reveal()\n"),
    (catches_everything_in_two_places_only, "db/x.py", "try: f()\nexcept Exception: pass\n"),
    (catches_everything_in_two_places_only, "db/x.py", "try: f()\nexcept: pass\n"),
    (catches_everything_in_two_places_only, "ui/x.py", "try: f()\nexcept (A, Exception): pass\n"),
    (asks_the_clock_for_the_time, "db/x.py", "at = datetime.now(UTC)\n"),
    (asks_the_clock_for_the_time, "db/x.py", "at = datetime.datetime.now()\n"),
    (asks_the_clock_for_the_time, "ui/x.py", "began = time.monotonic()\n"),
    (asks_the_clock_for_the_time, "ui/x.py", "from time import monotonic\n"),
    (starts_threads_in_the_checkout_only, "db/x.py", "threading.Thread(target=f).start()\n"),
    (starts_threads_in_the_checkout_only, "ui/x.py", "class Worker(QThread): pass\n"),
    (takes_colours_from_the_theme, "ui/x.py", "style = 'color: #0B5FFF; border: 0'\n"),
    (takes_colours_from_the_theme, "ui/x.py", "QColor('#fff')\n"),
    (is_short, "db/x.py", "x = 1\n" * (LONGEST_FILE + 1)),
    (is_short, "db/x.py", "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    (prints_only_where_a_terminal_listens, "db/x.py", "print('here')\n"),
    (leaves_the_registry_to_main, "ui/x.py", "from devices.registry import build\n"),
    (leaves_the_registry_to_main, "ui/x.py", "from devices import registry\n"),
    (names_things_for_what_they_are, "db/x.py", "class SaleManager: pass\n"),
]
RULES: list[Rule] = list(dict.fromkeys(rule for rule, _, _ in BROKEN))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: Rule) -> None:
    broken = [f"{source.path}: {what}" for source in sources() for what in rule(source)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_a_rule_notices_when_it_is_broken(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


PLACES = re.compile(
    r"(?<![\w.])/(?:w[o]rk|r[o]ot|f[a]rm)/"
    r"|\.\./sh[a]red"
    r"|--(?:extra-)?index-[u]rl|--find-[l]inks|/s[i]mple/"
)
"""Folders of one machine and addresses of package indexes; written so as not to find itself."""


def texts() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".gitignore"} for part in parts)
        if not hidden and NOT_OURS.isdisjoint(parts) and path.is_file() and path.suffix in TEXT:
            yield path


def test_no_file_names_a_place_of_one_machine_or_of_the_network() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:90]}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PLACES.search(line) and "no-emit-" not in line
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line", ["see /w" + "ork/notes", "../sha" + "red/x", "--index-" + "url https://x"]
)
def test_the_hunt_for_places_finds_one(line: str) -> None:
    assert PLACES.search(line)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_one_way() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


WRONG_IMPORTS = {
    "domain/money.py": "import socket",
    "devices/printer.py": "import db.journal",
    "acquirer/codec.py": "import PySide6",
    "db/journal.py": "import threading, sqlite3",
    "checkout/till.py": "import acquirer.codec",
    "ui/window.py": "import db.journal",
}


def test_each_import_contract_notices_when_it_is_broken(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, line in WRONG_IMPORTS.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(line + "\n")
    answer = lint_imports(tmp_path)
    kept = re.findall(r"^\d\. .* KEPT", answer.stdout, re.MULTILINE)
    broken = re.findall(r"^\d\. .* BROKEN", answer.stdout, re.MULTILINE)
    assert len(broken) == 7, answer.stdout + answer.stderr
    assert not kept
