"""The window and all that it hangs on: paint first, build the till behind it, close in order.

What is imported inside of a function here would hold up the first paint.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from domain.faults import TillError
from domain.settings import Settings
from ui.application import when_painted
from ui.bridge import Bridge
from ui.checkout_window import CheckoutWindow
from ui.habits import Habits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from checkout.commands import Command
    from checkout.notices import Notice
    from checkout.till import Till
    from checkout.workers import Running
    from domain.training import TrainingCard
    from ui.wedge import Wedge

    Build = Callable[[Callable[[Notice], None]], tuple[Till, Callable[[], None]]]

NOT_OPENED = 3
CLOSING_SECONDS = 15.0
"""How long the till may take to finish its errands when the window is closed."""

log = logging.getLogger("front")


class Front:
    """The window of a till that `build` makes; `painted` is called when it can first be seen.

    In `folder` the window keeps its habits: the language and the theme that somebody chose.
    """

    def __init__(
        self,
        application: QApplication,
        settings: Settings,
        build: Build,
        *,
        sign_in_hint: str = "",
        training_cards: tuple[TrainingCard, ...] = (),
        painted: Callable[[], None] | None = None,
        folder: Path | None = None,
    ) -> None:
        if folder is not None:
            self._habits = Habits(folder)
            settings = self._habits.applied_to(settings)
        self._settings = settings
        self._application = application
        self._bridge = Bridge()
        self._painted = painted
        self.opening = Opening(build, self._bridge.tell)
        self.window = CheckoutWindow(
            settings, self.opening.send, sign_in_hint, training_cards=training_cards
        )
        if folder is not None:
            self._habits.watch()
        self._wedge: Wedge | None = None
        when_painted(self.window, self.begin)

    def begin(self) -> None:
        """The window can be seen: build the till, and listen to it and to the keys.

        Not earlier, because the first use of Qt's namespace makes a hundred enumerations.
        """
        if self._painted is not None:
            self._painted()
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

    def __init__(self, build: Build, tell: Callable[[Notice], None]) -> None:
        self._build = build
        self._tell = tell
        self._early: list[Command] = []
        self._till: Till | None = None
        self._thread: Running | None = None
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

        self._thread = run_in_thread(self._run, "till", self._died)

    def _run(self) -> None:
        from checkout.notices import FaultTold

        try:
            till, close = self._build(self._tell)
        except TillError as error:
            log.error("%s", error)
            self.status = NOT_OPENED
            self._tell(FaultTold(error.fault.code, error.detail))
            return
        self._till = till
        for command in self._early:
            till.put(command)
        try:
            till.run()
        finally:
            close()

    def _died(self, error: str) -> None:
        from checkout.notices import Closed, FaultTold

        self.status = NOT_OPENED
        self._tell(FaultTold("X-01", error))
        self._tell(Closed())

    def close(self) -> None:
        """The window is gone: let the till finish its commit and close its files."""
        from checkout.commands import Quit

        self.send(Quit())
        if self._thread is not None:
            self._thread.join(timeout=CLOSING_SECONDS)
