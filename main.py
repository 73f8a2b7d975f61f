"""Opens the shop: reads the settings, builds each part once, hands them to each other.

main.py                         the window, in training, with nothing to configure
main.py --profile FILE          the window, as that set-up file says
main.py --headless              the same till, as JSON lines on standard input and output
main.py --demo                  the window, offscreen, through one training sale
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from domain.faults import SettingsFault, StoreFault, TillError
from domain.settings import TRAINING, Settings, read_settings

if TYPE_CHECKING:
    from subprocess import Popen
    from threading import Thread

    from PySide6.QtWidgets import QApplication

    from checkout.commands import Command
    from checkout.notices import Notice
    from checkout.till import Till
    from ui.wedge import Wedge

NO_DISPLAY = 2
NOT_OPENED = 3
ALREADY_OPEN = 4
CLOSING_SECONDS = 15.0
TIMES = "TILLWRIGHT_TIMES"
"""Set in the environment, it makes the start tell its moments on standard error (tests/bench)."""


def main(arguments: list[str] | None = None) -> int:
    """Open the shop; the exit status says how it ended (docs/headless.md lists them)."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(threadName)s %(message)s")
    if options.training_acquirer:
        from acquirer.simulator import serve

        serve(options.training_acquirer)
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
    from checkout.workers import run_in_thread

    commands, answers = standard_streams()
    front = Headless(answers)
    till, close = build(settings, folder, front.show_notice)
    thread = run_in_thread(till.run, "till")
    try:
        front.run(commands, till.put)
        thread.join()
    finally:
        close()
    return 0


def open_window(settings: Settings, folder: Path) -> int:
    """The till with its window, on the screen of this machine."""
    from ui.application import make_application
    from ui.first_window import FirstWindow, call_first_window

    application = make_application(sys.argv)
    if call_first_window(folder):
        raise StoreFault("J-03", str(folder))
    front = Front(application, settings, folder)
    first = FirstWindow(folder, front.window)
    front.window.open_on(application.primaryScreen())
    status = front.run()
    first.deleteLater()
    return status


def open_demo(settings: Settings, folder: Path) -> int:
    """The same window, offscreen, through one training sale; the slip goes to standard output."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from acquirer.simulator_accounts import ACCOUNTS
    from db.roster import TRAINING_ROSTER
    from ui.application import make_application
    from ui.demo import SIZE, Demo

    front = Front(make_application(sys.argv), settings, folder)
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


class Front:
    """The window and all that it hangs on; the till is built behind its first paint."""

    def __init__(self, application: QApplication, settings: Settings, folder: Path) -> None:
        from acquirer.simulator_accounts import training_cards
        from ui.application import when_painted
        from ui.bridge import Bridge
        from ui.checkout_window import CheckoutWindow

        self._settings = settings
        self._application = application
        self._bridge = Bridge()
        self.opening = Opening(settings, folder, self._bridge.tell)
        send = self.opening.send
        cards = training_cards() if settings.training else ()
        self.window = CheckoutWindow(settings, send, training_hint(settings), training_cards=cards)
        self._wedge: Wedge | None = None
        when_painted(self.window, self.begin)

    def begin(self) -> None:
        """The window can be seen: build the till, and listen to it and to the keys.

        Not earlier, because the first use of Qt's namespace makes a hundred enumerations.
        """
        note("painted")
        self.listen(self.window.show_notice)
        self.opening.begin()
        from ui.wedge import Wedge

        reads = any(reader.kind == "wedge" for reader in self._settings.readers)
        self._wedge = Wedge(self.opening.send, reader=reads)
        self._application.installEventFilter(self._wedge)

    def listen(self, slot: Callable[[Notice], None]) -> None:
        """Give every notice to that slot too, on this thread."""
        from PySide6.QtCore import Qt

        self._bridge.notice.connect(slot, Qt.ConnectionType.QueuedConnection)

    def run(self) -> int:
        """Until the window is closed; the till has closed its files when this returns."""
        status = self._application.exec()
        self.opening.close()
        self.let_go()
        return self.opening.status or status

    def let_go(self) -> None:
        """Let the application live on without this window."""
        if self._wedge is not None:
            self._application.removeEventFilter(self._wedge)


class Opening:
    """Builds the till behind the first paint; commands given meanwhile wait for it."""

    def __init__(self, settings: Settings, folder: Path, tell: Callable[[Notice], None]) -> None:
        self._settings = settings
        self._folder = folder
        self._tell = noting(tell) if TIMES in os.environ else tell
        self._early: list[Command] = []
        self._till: Till | None = None
        self._thread: Thread | None = None
        self.status = 0

    def send(self, command: Command) -> None:
        """Hand a command to the till, or keep it until there is one."""
        if self._till is None:
            self._early.append(command)
        else:
            self._till.put(command)

    def begin(self) -> None:
        """Start the thread that builds the till and then is its thread."""
        from checkout.workers import run_in_thread

        self._thread = run_in_thread(self._run, "till")

    def _run(self) -> None:
        from checkout.notices import Closed, FaultTold

        try:
            till, close = build(self._settings, self._folder, self._tell)
        except TillError as error:
            logging.getLogger("main").error("%s", error)
            self.status = NOT_OPENED
            self._tell(FaultTold(error.fault.code, error.detail))
            return
        self._till = till
        for command in self._early:
            till.put(command)
        try:
            till.run()
        except Exception as error:  # the top: the type's name is all that is safe to show
            logging.getLogger("main").error("the till stopped: %s", type(error).__name__)
            self._tell(FaultTold("X-01", type(error).__name__))
            self._tell(Closed())
        finally:
            close()

    def close(self) -> None:
        """The window is gone: let the till finish its commit and close its files."""
        from checkout.commands import Quit

        self.send(Quit())
        if self._thread is not None:
            self._thread.join(timeout=CLOSING_SECONDS)


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
    from acquirer.training import dismiss, launch_training_acquirer
    from db.instance_lock import InstanceLock

    lock = InstanceLock(folder)
    bank: Popen[str] | None = None

    def close() -> None:
        if bank is not None:
            dismiss(bank)
        lock.release()

    try:
        if settings.training and not settings.acquirer.host:
            # First of all: it comes up in its own process while this one imports the till.
            bank = launch_training_acquirer(
                [*this_program(), "--training-acquirer"], folder / "training-acquirer"
            )
        return assembled(settings, folder, tell, bank), close
    except BaseException:
        close()
        raise


def assembled(
    settings: Settings, folder: Path, tell: Callable[[Notice], None], bank: Popen[str] | None
) -> Till:
    """The till, of its parts; `bank` is the training acquirer that is coming up for it."""
    from acquirer.link import Link
    from acquirer.training import when_it_listens
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
        if not roster.operators():
            for operator, pin in TRAINING_ROSTER:
                roster.add(operator, pin)
    if terminal_key is None:
        raise SettingsFault("K-01", "no terminal key")
    devices = make_devices(settings, folder, terminal_key)
    if bank is not None:
        profile = when_it_listens(bank).profile(settings.acquirer)
        settings = replace(settings, acquirer=profile)
    clock = SystemClock()
    link = Link(settings.acquirer, clock, terminal_key, keys.secret("sealing"))
    parts = Parts(settings, clock, journal, roster, link, devices)
    return Till(parts, tell, make_hands(len(devices.readers)))


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
