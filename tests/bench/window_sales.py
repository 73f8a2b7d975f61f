"""Takes sales in the real window, with a slow bank, and prints its stalls and imports as JSON.

A program of its own: window_sales.py FOLDER SALES PRINTER_PORT; port 0 is the training printer,
any other a network printer at that port of this machine.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from cashier import AMOUNT_MINOR, OPERATOR, OPERATOR_PIN, PIN, STRIPE
from PySide6.QtCore import QObject, Qt, QTimer

import main
from acquirer.training import start_training_acquirer
from checkout.commands import Confirm, LeaveSale, PressPadKey, SignIn, StartSale, SwipeTyped
from checkout.notices import CheckoutShown, Notice, PaymentShown, SignInShown
from domain.sale import State
from domain.settings import TRAINING, PrinterSettings, Settings
from ui.application import make_application
from ui.front import Front

ANSWER_SECONDS = 0.15
HUMAN_MS = 20
"""Before every act of the cashier and the customer: they look, then press."""
SIGNING_IN_MS = 1000
"""Nobody types six digits of a PIN sooner; meanwhile the window builds its other screens."""
UNHEARD_MS = 1500
SIZE = 1366, 768


class Heartbeat(QObject):
    """Beats every millisecond while the window's thread is free, and keeps how late each beat was."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.on_beat)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start(1)

    def on_beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


class Shift(QObject):
    """Cashier and customer of so many sales: answers each notice with the next command."""

    def __init__(self, front: Front, sales: int, *, leaves_early: bool) -> None:
        super().__init__()
        self._front = front
        self._left = sales
        self._leaves_early = leaves_early
        self._loaded: set[str] = set()
        self._answered: set[tuple[int, State, int]] = set()
        self.heartbeat = Heartbeat()
        self.imported: list[list[str]] = []
        self._key = PressPadKey("")
        self._unheard = QTimer(self)
        self._unheard.setInterval(UNHEARD_MS)
        self._unheard.setSingleShot(True)
        self._unheard.timeout.connect(self.on_unheard)

    def notice_came(self, notice: Notice) -> None:
        match notice:
            case SignInShown():
                self._soon(SignIn(OPERATOR.id, OPERATOR_PIN), SIGNING_IN_MS)
            case CheckoutShown():
                self._next_sale()
            case PaymentShown():
                self._pay(notice)

    def on_unheard(self) -> None:
        """The pad had not begun to ask: press the key again."""
        self._soon(self._key)

    def _next_sale(self) -> None:
        if self._loaded:
            self.imported.append(sorted(set(sys.modules) - self._loaded))
        else:
            self.heartbeat.start()
        if self._left == 0:
            self._front.window.close()
            return
        self._left -= 1
        self._loaded = set(sys.modules)
        self._soon(StartSale(AMOUNT_MINOR))

    def _pay(self, shown: PaymentShown) -> None:
        self._unheard.stop()
        is_over = self._leaves_early or (
            shown.slips and all(slip.state == "printed" for slip in shown.slips)
        )
        is_asking = shown.deadline is not None or shown.sale.state is not State.PIN_ENTRY
        answered = (shown.sale.number, shown.sale.state, shown.pin_digits)
        if answered in self._answered or not is_asking:
            return
        # With a dead printer the slip is owed, and the cashier turns to the next customer.
        if shown.sale.state is State.APPROVED and not is_over:
            return
        self._answered.add(answered)
        match shown.sale.state:
            case State.DRAFT:
                self._soon(SwipeTyped(bytearray(STRIPE)))
            case State.CAPTURED:
                self._soon(Confirm())
            case State.PIN_ENTRY:
                self._key = PressPadKey((*PIN, "enter")[shown.pin_digits])
                self._soon(self._key)
                self._unheard.start()
            case State.APPROVED:
                self._soon(LeaveSale())

    def _soon(self, command: object, milliseconds: int = HUMAN_MS) -> None:
        QTimer.singleShot(milliseconds, self, lambda: self._front.opening.send(command))


def take_sales(folder: Path, sales: int, printer_port: int) -> dict[str, object]:
    """Milliseconds between heartbeats, and what each sale imported."""
    bank = start_training_acquirer([sys.executable, "-m", "acquirer.simulator"], folder / "bank")
    bank.order(answer_seconds=ANSWER_SECONDS)
    front = main.front_of(
        make_application(sys.argv[:1]),
        settings_with(bank.profile(TRAINING.acquirer), printer_port),
        folder / "till",
    )
    shift = Shift(front, sales, leaves_early=bool(printer_port))
    front.listen(shift.notice_came)
    front.window.resize(*SIZE)
    front.window.show()
    status = front.run()
    bank.close()
    if status or shift._left:
        raise RuntimeError(f"the window ended with {status}, {shift._left} sales were left")
    return {"gaps": shift.heartbeat.gaps, "imported": shift.imported}


def settings_with(acquirer: object, printer_port: int) -> Settings:
    settings = replace(TRAINING, acquirer=acquirer)
    if not printer_port:
        return settings
    printer = PrinterSettings(kind="network", host="127.0.0.1", port=printer_port)
    return replace(settings, printer=printer)


if __name__ == "__main__":
    print(json.dumps(take_sales(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
