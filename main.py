"""Opens the shop: reads the settings, builds each part once, hands them to each other.

main.py                         the window, in training, with nothing to configure
main.py --profile FILE          the window, as that set-up file says
main.py --headless              the same till, as JSON lines on standard input and output
main.py --demo                  the window, offscreen, through one training sale
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from domain.faults import LinkFault, SettingsFault, StoreFault, TillError
from domain.settings import TRAINING, AcquirerProfile, Settings, read_settings

if TYPE_CHECKING:
    from subprocess import Popen

    from PySide6.QtWidgets import QApplication

    from acquirer.training import RunningAcquirer
    from checkout.notices import Notice
    from checkout.till import Till
    from ui.front import Front

NO_DISPLAY = 2
NOT_OPENED = 3
ALREADY_OPEN = 4
STOPPED = 5
BANK_COMES_UP_SECONDS = 30.0
TIMES = "TILLWRIGHT_TIMES"
"""Set in the environment, it makes the start tell its moments on standard error (tests/bench)."""


def main(arguments: list[str] | None = None) -> int:
    """Open the shop; the exit status says how it ended (docs/headless.md lists them)."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(threadName)s %(message)s")
    if options.training_acquirer:
        from acquirer.simulator import serve

        serve(options.training_acquirer, profile=AcquirerProfile(**options.training_dialect))
        return 0
    try:
        settings = read_settings(options.profile) if options.profile else TRAINING
        folder = options.data or default_folder(settings)
        if options.load_terminal_key:
            return load_terminal_key(folder)
        if options.headless:
            return open_headless(settings, folder)
        if options.demo:
            return open_demo(settings, folder)
        if not has_display():
            say_no_display()
            return NO_DISPLAY
        return open_window(settings, folder)
    except TillError as error:
        say_fault(error)
        return ALREADY_OPEN if error.fault.code == "J-03" else NOT_OPENED


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="tillwright", description="The checkout of a shop counter."
    )
    parser.add_argument("--profile", type=Path, metavar="FILE", help="the set-up of this till")
    parser.add_argument("--training", action="store_true", help="the training set-up (the default)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything in this folder")
    parser.add_argument("--headless", action="store_true", help="JSON lines instead of a window")
    parser.add_argument("--demo", action="store_true", help="one training sale, offscreen")
    parser.add_argument(
        "--load-terminal-key", action="store_true", help="take in the key of a live till"
    )
    parser.add_argument("--training-acquirer", type=Path, metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--training-dialect", type=json.loads, default={}, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.training and options.profile:
        parser.error("--training and --profile exclude each other")
    if options.load_terminal_key and not options.profile:
        parser.error("--load-terminal-key needs the --profile of a live shop")
    return options


def load_terminal_key(folder: Path) -> int:
    """Two people type the key that the acquirer sent them; it goes into the system's key store."""
    import getpass

    from acquirer.key_ceremony import BadComponent, ask_for_terminal_key
    from db.key_store import KeyStore

    try:
        key = ask_for_terminal_key(getpass.getpass, print)
    except BadComponent as bad:
        sys.stderr.write(f"Not taken: {bad}.\n")
        return NOT_OPENED
    store = KeyStore(folder, live=True)
    store.put("terminal key", key)
    place = f"a file below {folder}" if store.is_file else "the key store of the system"
    sys.stdout.write(f"The key is in {place}.\n")
    return 0


def open_headless(settings: Settings, folder: Path) -> int:
    """The till without a window; this thread reads the commands."""
    from checkout.headless import Headless, standard_streams
    from checkout.notices import Closed, FaultTold
    from checkout.workers import run_in_thread

    commands, answers = standard_streams()
    front = Headless(answers)
    till, close = build(settings, folder, front.show_notice)

    def died(error: str) -> None:
        front.show_notice(FaultTold("X-01", error))
        front.show_notice(Closed())
        close()
        # The other thread waits for a line that may never come; everything is on disk.
        os._exit(STOPPED)

    thread = run_in_thread(till.run, "till", died)
    try:
        front.run(commands, till.put_patiently)
        thread.join()
    finally:
        close()
    return 0


def open_window(settings: Settings, folder: Path) -> int:
    """The till with its window, on the screen of this machine."""
    load_qt()
    from ui.application import make_application
    from ui.first_window import FirstWindow, call_first_window

    application = make_application(sys.argv)
    if call_first_window(folder):
        raise StoreFault("J-03", str(folder))
    front = front_of(application, settings, folder)
    first = FirstWindow(folder, front.window)
    front.window.open_on(application.primaryScreen())
    status = front.run()
    first.deleteLater()
    return status


def open_demo(settings: Settings, folder: Path) -> int:
    """The same window, offscreen, through one training sale; the slip goes to standard output."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    load_qt()
    from acquirer.simulator_accounts import ACCOUNTS
    from db.roster import TRAINING_ROSTER
    from ui.application import make_application
    from ui.demo import SIZE, Demo

    front = front_of(make_application(sys.argv), settings, folder)
    account = next(account for account in ACCOUNTS.values() if account.pin)
    demo = Demo(
        front.window,
        folder / "pictures",
        operator_pin=TRAINING_ROSTER[0][1],
        stripe=account.stripe,
        card_pin=account.pin,
    )
    front.listen(demo.rehearsal.notice_came)
    front.window.resize(*SIZE)
    front.window.show()
    demo.begin()
    status = front.run()
    if status or demo.failed is not None:
        sys.stderr.write(f"The demonstration stopped: {demo.failed}\n")
        return status or 1
    sys.stdout.write(f"{demo.slip}\n\nPictures: {folder / 'pictures'}\n")
    return 0


def load_qt() -> None:
    """Load Qt without collecting garbage meanwhile (see ui/application), and keep Python's import.

    Qt's bindings put theirs in its place, which reads the source of every module that comes after
    them (a twentieth of the start), for a feature that nobody uses here.
    """
    import builtins
    import gc
    import importlib

    gc.disable()
    own_import = builtins.__import__
    importlib.import_module("PySide6.QtWidgets")
    builtins.__import__ = own_import


def front_of(application: QApplication, settings: Settings, folder: Path) -> Front:
    """The window of this till; it builds the till when it has been painted."""
    from acquirer.simulator_accounts import training_cards
    from ui.front import Front

    def build_till(tell: Callable[[Notice], None]) -> tuple[Till, Callable[[], None]]:
        return build(settings, folder, noting(tell) if TIMES in os.environ else tell)

    return Front(
        application,
        settings,
        build_till,
        sign_in_hint=training_hint(settings),
        training_cards=training_cards() if settings.training else (),
        painted=partial(note, "painted"),
        folder=folder,
    )


def noting(tell: Callable[[Notice], None]) -> Callable[[Notice], None]:
    """The same listener, which also notes when the till first asks who is there."""

    def tell_and_note(notice: Notice) -> None:
        tell(notice)
        if type(notice).__name__ == "SignInShown":
            note("ready")

    return tell_and_note


def note(moment: str) -> None:
    """Tell standard error that a moment of the start has come, in monotonic seconds, if asked to."""
    if TIMES in os.environ:
        from domain.clock import SystemClock

        sys.stderr.write(f'{{"{moment}": {SystemClock().monotonic()}}}\n')


def build(
    settings: Settings, folder: Path, tell: Callable[[Notice], None]
) -> tuple[Till, Callable[[], None]]:
    """Every part of a till, built once; and what to call when the till has closed.

    Raises StoreFault, SettingsFault or LinkFault; nothing stays open then.
    """
    from acquirer.dialect import dialect_for
    from acquirer.training import dismiss, in_dialect_of, launch_training_acquirer
    from db.instance_lock import InstanceLock

    bank: Popen[str] | None = None
    with ExitStack() as opened:
        opened.callback(InstanceLock(folder).release)
        if settings.training and not settings.acquirer.host:
            # First of all: it comes up in its own process while this one imports the till.
            dialect_for(settings.acquirer)
            bank = launch_training_acquirer(
                [
                    *this_program(),
                    *in_dialect_of(settings.acquirer),
                    "--training-acquirer",
                ],
                folder / "training-acquirer",
            )
            opened.callback(dismiss, bank)
        till = assembled(settings, folder, tell, bank)
        return till, opened.pop_all().close


def assembled(
    settings: Settings, folder: Path, tell: Callable[[Notice], None], bank: Popen[str] | None
) -> Till:
    """The till, of its parts; `bank` is the training acquirer that is coming up for it."""
    from acquirer.link import Link
    from checkout import crash_points
    from checkout.till import Parts, Till
    from checkout.workers import make_hands
    from db.journal import Journal
    from db.key_store import KeyStore
    from db.roster import Roster
    from devices.registry import make_devices
    from domain.ciphers import TRAINING_TERMINAL_KEY
    from domain.clock import SystemClock
    from domain.training import TRAINING_ROSTER

    keys = KeyStore(folder, live=not settings.training)
    journal = Journal(folder / "journal.db", keys.secret("journal chain"), till=settings.till)
    roster = Roster(journal.database)
    terminal_key = keys.get("terminal key")
    if settings.training:
        crash_points.arm_from_environment()
        terminal_key = TRAINING_TERMINAL_KEY
        if not roster.members():
            for operator, pin in TRAINING_ROSTER:
                roster.add(operator, pin)
    if terminal_key is None:
        raise SettingsFault("K-01", "no terminal key")
    devices = make_devices(settings, folder, terminal_key)
    if bank is not None:
        profile = soon_listening(bank).profile(settings.acquirer)
        settings = replace(settings, acquirer=profile)
    clock = SystemClock()
    sealing, fingerprints = keys.secret("sealing"), keys.secret("card fingerprint")
    link = Link(settings.acquirer, clock, terminal_key, sealing, fingerprints)
    parts = Parts(settings, clock, journal, roster, link, devices)
    return Till(parts, tell, make_hands(len(devices.readers)))


def soon_listening(bank: Popen[str], seconds: float = BANK_COMES_UP_SECONDS) -> RunningAcquirer:
    """The training bank, once it listens. Raises LinkFault C-02 where it does not come up in time."""
    from acquirer.training import when_it_listens
    from checkout.workers import run_in_thread

    came: list[RunningAcquirer] = []

    def listen() -> None:
        with suppress(LinkFault):
            came.append(when_it_listens(bank))

    run_in_thread(listen, "training bank", lambda _: None).join(timeout=seconds)
    if not came:
        bank.kill()
        raise LinkFault("C-02")
    return came[0]


def this_program() -> list[str]:
    """The command that starts this program once more, frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve())]


def default_folder(settings: Settings) -> Path:
    """Where a till keeps its things when nobody says where: training apart from live."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "tillwright" / ("training" if settings.training else "live")


def has_display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def training_hint(settings: Settings) -> str:
    """Which PIN to type in training; empty in a live shop."""
    from domain.training import TRAINING_PINS

    return TRAINING_PINS if settings.training else ""


def say_no_display() -> None:
    """No screen: name the alternatives."""
    sys.stderr.write(
        "There is no display to show the window on (DISPLAY and WAYLAND_DISPLAY are not set).\n"
        "  main.py --headless      the same till, as JSON lines\n"
        "  main.py --demo          the window offscreen, through one training sale\n"
        "  xvfb-run main.py        the window on a screen that nobody sees\n"
    )


def say_fault(error: TillError) -> None:
    """A fault before there is a window: code, sentence, remedy."""
    fault = error.fault
    sys.stderr.write(
        f"{fault.code} {fault.title}. {fault.remedy}\n{error.detail}\n".rstrip() + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
