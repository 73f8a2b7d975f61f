"""The two commands of the README, `run` and `test`, and their siblings: standard library only.

Every command first makes sure of what it needs: the system's libraries (Debian and Ubuntu), a
virtual environment in .venv, and the packages of one requirement file with their hashes. A stamp
in .venv remembers what was installed, so that the next call starts at once. Packages come ready
built only: nothing is compiled, and no package's own set-up code runs on this machine.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
OLDEST, NEWEST = (3, 11), (3, 14)
SYSTEM_MISSING = 3
INTERRUPTED = 130

WINDOW_LIBRARIES = (
    ("libxcb-icccm4",),
    ("libxcb-keysyms1",),
    ("libxcb-cursor0",),
    ("libxkbcommon-x11-0",),
    ("libxcb-shape0",),
    ("libgl1",),
    ("libegl1",),
    ("libxkbcommon0",),
    ("libfontconfig1",),
    ("libdbus-1-3",),
    ("libglib2.0-0", "libglib2.0-0t64"),
    ("fonts-wqy-microhei", "fonts-noto-cjk", "fonts-wqy-zenhei", "fonts-droid-fallback"),
)
"""Packages of Debian and Ubuntu; of each group any one will do, and the first is installed."""

SCREEN_TOOLS = (("xvfb",), ("xauth",), ("xdotool",), ("x11-xkb-utils",), ("openbox",))
"""What the tests need to type a swipe into a real window on a screen that nobody sees."""

PROOF_TOOLS = (("strace",),)
"""What kills a till in the middle of a system call, or makes one fail."""

WITHOUT_A_WINDOW = frozenset({"--headless", "--demo", "--help", "-h", "--version"})
"""Arguments with which main.py needs no display."""

LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS = (
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("-m", "ruff", "check", "--quiet", "--output-format", "concise", ".")),
    ("types", ("-m", "mypy", "--no-error-summary")),
    # A cache would remember imports of files that have come or gone since.
    ("import contracts", ("-c", LINT_IMPORTS, "--no-logo", "--no-cache")),
    ("translations", ("packaging/catalogues.py", "--check")),
    ("generated pages", ("docs/generate.py", "--check")),
)


def main(words: Sequence[str]) -> int:
    """Carry out one command; the exit status is that of the program that it ran."""
    ours, theirs = split(words)
    options = parse(ours)
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        here = ".".join(map(str, sys.version_info[:2]))
        say(f"Tillwright needs Python 3.11 to 3.14, and this is Python {here}.")
        return 2
    command = COMMANDS[options.command]
    if command.packages and not options.no_system:
        provide_system(command.system)
    if command.packages:
        provide_packages(command.packages)
    return command.work(theirs)


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is meant for us, and what stands behind `--` and is meant for the program."""
    words = list(words)
    if "--" not in words:
        return words, []
    cut = words.index("--")
    return words[:cut], words[cut + 1 :]


def parse(words: list[str]) -> argparse.Namespace:
    """Our own arguments; anything wrong ends here with a sentence and exit status 2."""
    lines = "\n".join(f"  {name:12} {command.purpose}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="bootstrap.py",
        usage="python3 bootstrap.py COMMAND [--no-system] [-- ARGUMENTS FOR THE PROGRAM]",
        description="Set Tillwright up, where that has not been done yet, and start it.",
        epilog=f"commands:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=[*COMMANDS, "help"], metavar="COMMAND")
    parser.add_argument(
        "--no-system", action="store_true", help="leave the packages of the system alone"
    )
    options = parser.parse_args(words or ["help"])
    if options.command == "help":
        parser.print_help()
        parser.exit()
    return options


def say(sentence: str) -> None:
    """Tell the person who called; flushed, so that it stands before what the program prints."""
    print(sentence, flush=True)


def provide_system(groups: Sequence[tuple[str, ...]]) -> None:
    """Install what Debian or Ubuntu lacks, or say what to type and exit; elsewhere do nothing."""
    if not (sys.platform == "linux" and shutil.which("dpkg-query") and shutil.which("apt-get")):
        return
    missing = missing_packages(groups, installed_packages(groups))
    if not uv() and not python_in_venv().exists() and not importlib.util.find_spec("ensurepip"):
        missing.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    say(f"This system lacks {', '.join(missing)}.")
    prefix = rights()
    if prefix is None:
        say("Installing them needs an administrator. Please type, or have typed:")
        say(f"    {' '.join(install)}")
        say("Then call bootstrap.py again. With --no-system it goes on without them.")
        sys.exit(SYSTEM_MISSING)
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
    if subprocess.call([*quiet, *install]) == 0:
        return
    say("That did not work; the list of packages may be old. Fetching it and trying once more.")
    subprocess.call([*quiet, "apt-get", "update"])
    if subprocess.call([*quiet, *install]) != 0:
        say(f"They could not be installed. Please type: {' '.join([*prefix, *install])}")
        sys.exit(SYSTEM_MISSING)


def installed_packages(groups: Iterable[tuple[str, ...]]) -> set[str]:
    """Which of these the package database calls installed, asked once for all."""
    names = [name for group in groups for name in group]
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split() for line in answer.stdout.splitlines())
    return {row[1] for row in rows if row[0] == "installed"}


def missing_packages(groups: Iterable[tuple[str, ...]], installed: set[str]) -> list[str]:
    """The first name of every group of which nothing is there."""
    return [group[0] for group in groups if not installed.intersection(group)]


def rights() -> list[str] | None:
    """What to put before a command that needs root; None where there is no way."""
    if os.geteuid() == 0:
        return []
    return ["sudo"] if shutil.which("sudo") else None


def provide_packages(name: str) -> None:
    """Make .venv and install one requirement file into it, unless its stamp says it is there."""
    make_venv()
    wanted = fingerprint(name)
    if any(
        stamp(other).is_file() and stamp(other).read_text() == fingerprint(other)
        for other in COVERS[name]
    ):
        return
    say(f"Installing the packages of requirements/{name}.txt into .venv.")
    stamp(name).unlink(missing_ok=True)
    if not install(REQUIREMENTS / f"{name}.txt"):
        say("The packages could not be installed; the lines above say why.")
        say("If .venv itself is broken, delete that folder and call bootstrap.py again.")
        sys.exit(1)
    stamp(name).parent.mkdir(exist_ok=True)
    stamp(name).write_text(wanted)


COVERS = {"run": ("run", "test", "package"), "test": ("test",), "package": ("package",)}
"""Which stamps prove that a set is installed: test.txt and package.txt hold all of run.txt."""


def fingerprint(name: str) -> str:
    """Changes with the requirement file, with Python, and with the machine's kind."""
    text = (REQUIREMENTS / f"{name}.txt").read_bytes()
    return hashlib.sha256(text + sys.version.encode() + sys.platform.encode()).hexdigest()


def stamp(name: str) -> Path:
    """Where it is remembered that a set was installed whole."""
    return VENV / "stamps" / name


def make_venv() -> None:
    """Make .venv with this Python; one that belongs to another version of Python is made anew."""
    version = venv_version()
    here = ".".join(map(str, sys.version_info[:2]))
    if version == here and python_in_venv().exists():
        return
    if version:
        say(f".venv belongs to Python {version}; it is made anew for Python {here}.")
        shutil.rmtree(VENV)
    else:
        say("Making a virtual environment in .venv.")
    tool = uv()
    if tool and subprocess.call([*tool, "venv", "--quiet", "--python", sys.executable, VENV]) == 0:
        return
    if not importlib.util.find_spec("ensurepip"):
        say("This Python cannot make virtual environments: its module ensurepip is missing.")
        say("Install the package of your system that holds it (python3-venv or alike).")
        sys.exit(SYSTEM_MISSING)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)


def venv_version() -> str:
    """Major and minor version of the Python in .venv, or nothing where there is no .venv."""
    try:
        lines = (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    settings = dict(line.partition(" = ")[::2] for line in lines)
    full = settings.get("version") or settings.get("version_info") or "of unknown version"
    return ".".join(full.split(".")[:2])


def python_in_venv() -> Path:
    """The interpreter in .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def uv() -> list[str]:
    """How to call uv, which installs some ten times faster than pip; empty where it is not here."""
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    found = shutil.which("uv")
    return [found] if found else []


def install(requirements: Path) -> bool:
    """Install a requirement file with its hashes: with uv if it is here, else with pip."""
    tool, python = uv(), str(python_in_venv())
    if tool:
        command = [*tool, "pip", "install", "--quiet", "--python", python, "--no-build"]
        if subprocess.call([*command, "--require-hashes", "--requirement", requirements]) == 0:
            return True
        say("uv could not install them; pip tries now.")
    quiet = ["-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    strict = ["--require-hashes", "--only-binary=:all:", "--requirement", str(requirements)]
    if subprocess.call([python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL) != 0:
        subprocess.call([python, "-m", "ensurepip"])
    return subprocess.call([python, *quiet, *strict]) == 0


def lock(_arguments: list[str]) -> int:
    """Write requirements/*.txt anew from *.in, for Linux and Windows and every Python we name."""
    tool = uv()
    if not tool:
        say("Writing the requirement files needs uv: install it with `pip install uv`.")
        return 1
    options = ["--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"]
    silent = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    for name in ("run", "test", "package"):
        # The run-time versions are chosen once, and bind the other two files.
        bound = [] if name == "run" else ["--constraint", "requirements/run.txt"]
        files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
        status = subprocess.call(
            [*tool, "pip", "compile", "--upgrade", *options, *silent, *bound, *files], cwd=ROOT
        )
        if status:
            return status
    return 0


def run(arguments: list[str]) -> int:
    """Start the till; without a display, show on paper what the window would have shown."""
    if has_display(sys.platform, os.environ) or WITHOUT_A_WINDOW.intersection(arguments):
        hand_over([str(ROOT / "main.py"), *arguments], {})
    say("There is no display here, so the window is drawn where nobody sees it.")
    say("It takes one training sale by itself; with `-- --headless` you talk to the till in JSON.")
    hand_over([str(ROOT / "main.py"), "--demo", *arguments], {"QT_QPA_PLATFORM": "offscreen"})


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Whether a window could be shown; a Qt platform that was asked for by name is believed."""
    if platform != "linux":
        return True
    return any(environment.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def test(arguments: list[str]) -> int:
    """Run the tests; the window is drawn offscreen unless QT_QPA_PLATFORM says otherwise."""
    offscreen = {} if os.environ.get("QT_QPA_PLATFORM") else {"QT_QPA_PLATFORM": "offscreen"}
    return call(["-m", "pytest", *arguments], offscreen, folder=ROOT)


def check(_arguments: list[str]) -> int:
    """Run every check to its end, so that one call shows all that is wrong."""
    wrong = []
    for name, command in CHECKS:
        began = time.perf_counter()
        status = call(list(command), {}, folder=ROOT)
        say(f"{name}: {'wrong' if status else 'right'} ({time.perf_counter() - began:.1f} s)")
        if status:
            wrong.append(name)
    say(f"Wrong: {', '.join(wrong)}." if wrong else "Every check is right.")
    return 1 if wrong else 0


def bench(arguments: list[str]) -> int:
    """Measure the till against its floor."""
    return call([str(ROOT / "tests/bench/run.py"), *arguments], {"PYTHONPATH": str(ROOT)})


def safety(arguments: list[str]) -> int:
    """Try to make the till lose or double money, and print how often that worked."""
    return call([str(ROOT / "tests/safety/scoreboard.py"), *arguments], {"PYTHONPATH": str(ROOT)})


def screenshots(arguments: list[str]) -> int:
    """Drive the real window through real flows and save what it shows."""
    return call([str(ROOT / "tests/screenshots.py"), *arguments], {"PYTHONPATH": str(ROOT)})


def package(arguments: list[str]) -> int:
    """Build the folder that runs without Python, and take a training sale with it."""
    spec = ["packaging/tillwright.spec", "--distpath", "dist", "--workpath", "build"]
    quiet = ["--noconfirm", "--log-level", "WARN"]
    status = call(["-m", "PyInstaller", *spec, *quiet, *arguments], {}, folder=ROOT)
    if status:
        say("The package could not be built.")
        return status
    return call(["packaging/smoke.py"], {}, folder=ROOT)


def call(words: list[str], extra: Mapping[str, str], folder: Path | None = None) -> int:
    """Run the Python of .venv, with `extra` in its environment, and wait for its end."""
    environment = {**os.environ, **extra}
    try:
        return subprocess.call([str(python_in_venv()), *words], env=environment, cwd=folder)
    except KeyboardInterrupt:
        return INTERRUPTED


def hand_over(words: list[str], extra: Mapping[str, str]) -> NoReturn:
    """Become the Python of .venv: signals reach the till itself, and nothing of us stays."""
    if os.name == "nt":
        # Windows starts a new process for exec, and the console would not wait for it.
        sys.exit(call(words, extra))
    python = str(python_in_venv())
    os.execve(python, [python, *words], {**os.environ, **extra})


@dataclass(frozen=True)
class Command:
    """One command: its work, what it is for, and what .venv and the system must hold before."""

    work: Callable[[list[str]], int]
    purpose: str
    packages: str = "test"
    system: tuple[tuple[str, ...], ...] = WINDOW_LIBRARIES


COMMANDS = {
    "run": Command(run, "start the till", "run"),
    "test": Command(test, "run the tests", system=WINDOW_LIBRARIES + SCREEN_TOOLS + PROOF_TOOLS),
    "check": Command(check, "format, lint, types, import contracts, pages", system=()),
    "bench": Command(bench, "measure the till against its floor"),
    "safety": Command(
        safety,
        "try to make the till lose or double money",
        system=WINDOW_LIBRARIES + PROOF_TOOLS,
    ),
    "screenshots": Command(screenshots, "save every screen as a picture"),
    "package": Command(package, "build the package and take a sale with it", "package"),
    "lock": Command(lock, "write the requirement files anew (needs uv)", "", ()),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
