"""What stands in the window: rail, strip and screens, each drawn from the till's notices.

It remembers nothing of a payment: every notice is a whole picture.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from checkout.commands import CloseList, Command, LeaveSale, ShowDay, ShowTray, SignOut
from checkout.notices import (
    BatchClosedTold,
    CheckoutShown,
    Closed,
    DayShown,
    FaultTold,
    Notice,
    PaymentShown,
    RecoveryTold,
    RefusalTold,
    SaleShown,
    SalesShown,
    SettledTold,
    SignInShown,
    StripShown,
    TrayShown,
)
from checkout.people_notices import ApprovalShown, PeopleNotice
from domain.clock import Clock
from domain.operators import Operator
from domain.sale import Sale, State
from domain.settings import Settings
from domain.training import TrainingCard
from ui.checkout_screen import CheckoutScreen
from ui.focus_ring import FocusRing
from ui.help_desk import HelpDesk
from ui.people_front import PeopleFront
from ui.rail import Rail
from ui.screens import Screen, day_screen, payment_screen, transactions_screen, tray_screen
from ui.sign_in_screen import SignInScreen
from ui.status_strip import StatusStrip
from ui.theme import THEME
from ui.toast import Toast
from ui.told import is_result_of_the_day, words_of
from ui.tongue import TONGUE

if TYPE_CHECKING:
    from ui.day_screen import DayScreen
    from ui.not_open_screen import NotOpenScreen
    from ui.payment_screen import PaymentScreen
    from ui.transactions_screen import TransactionsScreen
    from ui.tray_screen import TrayScreen

RUNNING = frozenset({State.DRAFT, State.CAPTURED, State.PIN_ENTRY, State.ARMED, State.WAITING})
"""A payment in these states is not left by the rail."""

AFTER_SIGN_IN_MS = 50

Told = RefusalTold | FaultTold | RecoveryTold | SettledTold | BatchClosedTold


class Frame(QWidget):
    """Fills the window. Enter is deaf for `deaf_seconds` after the screen has changed."""

    def __init__(
        self,
        settings: Settings,
        send: Callable[[Command], None],
        sign_in_hint: str,
        clock: Clock,
        deaf_seconds: float,
        parent: QWidget,
        training_cards: tuple[TrainingCard, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._clock = clock
        self.deaf_seconds = deaf_seconds
        self._changed_at = clock.monotonic()
        self._on_screen: tuple[object, ...] = ()
        parent.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strip = StatusStrip(settings, clock)
        self.sign_in = SignInScreen(settings, send, sign_in_hint, clock)
        self.checkout = CheckoutScreen(settings.money, send)
        self._payment: PaymentScreen | None = None
        self._not_open: NotOpenScreen | None = None
        self._make_payment = partial(payment_screen, settings, send, training_cards)
        self._transactions: TransactionsScreen | None = None
        self._tray: TrayScreen | None = None
        self._day: DayScreen | None = None
        self._make_day = partial(day_screen, settings, send)
        self._make_transactions = partial(transactions_screen, settings, send, clock)
        self.rail = Rail()
        self.stack = QStackedWidget()
        self.people = PeopleFront(settings, send, self.stack, self.rail)
        self.strip.person.pressed.connect(self.people.on_switch_wanted)
        # A screen that is not shown must not ask for more room than the window has.
        room = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        room.setRetainSizeWhenHidden(True)
        self.stack.setSizePolicy(room)
        for screen in (self.sign_in, self.checkout):
            self.stack.addWidget(screen)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.strip)
        right.addWidget(self.stack, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addLayout(right, 1)
        columns.insertWidget(0, self.rail)  # last in, so that Tab comes to it last
        self.toast = Toast(self.stack, self)
        self.help = HelpDesk(settings, self.stack, self.toast, self)
        self._told: Told | None = None
        self._operator: Operator | None = None
        self.ring = FocusRing(self)
        self.rail.hide()
        self.stack.hide()
        self.rail.checkout_wanted.connect(self.on_checkout_wanted)
        self.rail.lock_wanted.connect(self.on_lock_wanted)
        self.strip.in_doubt.pressed.connect(self.on_tray_wanted)
        self.rail.transactions_wanted.connect(self.on_transactions_wanted)
        self.rail.day_end_wanted.connect(self.on_day_wanted)
        self.checkout.last_five.all_wanted.connect(self.on_transactions_wanted)
        for place in (self.rail, self.sign_in):
            place.language_wanted.connect(TONGUE.speak_next)
            place.theme_wanted.connect(THEME.toggle)
        TONGUE.changed.connect(self.on_language_changed)

    @property
    def payment(self) -> PaymentScreen:
        """The screens of a payment, half of all there is to build: made while somebody signs in."""
        if self._payment is None:
            self._payment = self._make_payment()
            self.stack.addWidget(self._payment)
        return self._payment

    @property
    def transactions(self) -> TransactionsScreen:
        """The list of payments, made at the same time."""
        if self._transactions is None:
            self._transactions = self._make_transactions()
            self._transactions.changed.connect(self.on_pane_changed)
            self.stack.addWidget(self._transactions)
        return self._transactions

    @property
    def tray(self) -> TrayScreen:
        """What is in doubt: made when it is first asked for, which is rare."""
        if self._tray is None:
            self._tray = tray_screen(self._send)
            self.stack.addWidget(self._tray)
        return self._tray

    @property
    def day(self) -> DayScreen:
        """The end of the day: made when it is first asked for, once or twice a day."""
        if self._day is None:
            self._day = self._make_day()
            self._day.set_owed(self.strip.owed)
            self.stack.addWidget(self._day)
        return self._day

    def on_signing_in(self) -> None:
        """The sign-in stands; the hand that types a PIN is slow enough for the rest."""
        self.payment.ensurePolished()
        QTimer.singleShot(AFTER_SIGN_IN_MS, self, self.on_payment_built)

    def on_payment_built(self) -> None:
        """One long piece of work would be felt under the fingers; two short ones are not."""
        self.transactions.ensurePolished()

    def show_notice(self, notice: Notice) -> None:
        """Draw what the till told."""
        match notice:
            case SignInShown():
                self.sign_in.show_sign_in(notice)
                self._show_operator(notice.staying)
                self._turn_to(self.sign_in, ())
                if self._payment is None:
                    QTimer.singleShot(AFTER_SIGN_IN_MS, self, self.on_signing_in)
            case CheckoutShown():
                self._show_checkout(notice)
            case PaymentShown(sale=Sale(state=State.ABANDONED)):
                pass  # the checkout follows at once
            case PaymentShown():
                self.payment.show_payment(notice)
                self._show_operator(notice.operator)
                self.rail.set_busy(busy=notice.sale.state in RUNNING)
                if self._transactions is not None:
                    self._transactions.close_pane()
                self._turn_to(self.payment, (notice.sale.number, notice.sale.state))
            case SalesShown() | SaleShown():
                self._show_list(notice)
            case TrayShown() | DayShown():
                self._show_tray_or_day(notice)
            case StripShown():
                self._show_strip(notice)
            case RefusalTold() | FaultTold() | RecoveryTold() | SettledTold() | BatchClosedTold():
                self._tell(notice)
            case Closed():
                self._stop()
            case _:
                self._show_people(notice)

    def _show_strip(self, notice: StripShown) -> None:
        self.strip.show_strip(notice)
        self.help.show_strip(notice)
        if self._day is not None:
            self._day.set_owed(notice.owed)
        self.checkout.reader.set_found(found=notice.reader != "absent")

    def _show_people(self, notice: PeopleNotice) -> None:
        screen = self.people.show(notice)
        if isinstance(notice, ApprovalShown) and isinstance(self._told, RefusalTold):
            self.toast.hide()  # the screen says the same, and the way out
        if not self.people.has_rail(screen):
            self._show_operator(None)
        self.rail.set_busy(busy=screen is not self.people.staff_shown)
        self._turn_to(screen, ())
        if screen.focusProxy() is not None:
            screen.setFocus()

    def _show_operator(self, operator: Operator | None) -> None:
        self._operator = operator
        self.strip.show_operator(operator)
        if self._transactions is not None and operator is not None:
            self._transactions.set_operator(operator)

    def _show_list(self, notice: SalesShown | SaleShown) -> None:
        screen = self.transactions
        back_from_payment = self.stack.currentWidget() is self._payment
        if self._operator is not None:
            screen.set_operator(self._operator)
        if isinstance(notice, SalesShown):
            screen.show_sales(notice)
        else:
            screen.show_sale(notice)
        self.rail.set_busy(busy=False)
        self._turn_to(screen, ())
        if back_from_payment:
            screen.refresh()

    def _show_tray_or_day(self, notice: TrayShown | DayShown) -> None:
        self.rail.set_busy(busy=False)
        screen = self.day if isinstance(notice, DayShown) else self.tray
        if self._operator is not None:
            screen.set_operator(self._operator)
        if isinstance(notice, DayShown):
            self.day.show_day(notice)
            self._turn_to(self.day, (notice.state,))
        else:
            self.tray.show_tray(notice)
            self._turn_to(self.tray, ())

    def _show_checkout(self, notice: CheckoutShown) -> None:
        self._show_operator(notice.operator)
        self.rail.set_busy(busy=False)
        if self.stack.currentWidget() is self.checkout and notice.keep_amount is None:
            self.checkout.refresh(notice)
        else:
            self.checkout.show_checkout(notice)
        self._turn_to(self.checkout, ())

    def _tell(self, notice: Told) -> None:
        if isinstance(notice, FaultTold) and not self._on_screen:
            self._say_not_open(notice)
            return
        if isinstance(notice, SettledTold) and isinstance(self._told, RecoveryTold):
            self.toast.hide()  # "do not charge again until it is reversed" has come true
        if self._day is not None and self.stack.currentWidget() is self._day:
            if is_result_of_the_day(notice):
                return  # the screen says it already, line by line
            self._day.refused()
        told = words_of(notice)
        if told is not None and self.toast.tell(*told):
            self._told = notice
            self.help.heard(notice)

    def _say_not_open(self, notice: FaultTold) -> None:
        """The till told of a fault before it had anything else to show: it cannot be opened."""
        from ui.not_open_screen import NotOpenScreen

        self._not_open = NotOpenScreen()
        self.stack.addWidget(self._not_open)
        self._not_open.show_fault(notice)
        self._turn_to(self._not_open, ())
        self.rail.hide()

    def _stop(self) -> None:
        """The till has stopped: what is on the screen stays, to be read, and nothing can be done."""
        if self._not_open is not None and self.stack.currentWidget() is self._not_open:
            return  # its one button closes the window
        for part in (self.stack, self.rail):
            part.setEnabled(False)

    def on_language_changed(self) -> None:
        """The screens change their words themselves; the toast has them from here."""
        told = words_of(self._told) if self._told is not None else None
        if told is not None:
            self.toast.set_text(told.text)

    def _turn_to(self, screen: QWidget, step: tuple[object, ...]) -> None:
        """Show a screen; from now on Enter is deaf for a moment, if it is another one."""
        on_screen = (screen, *step)
        if on_screen == self._on_screen:
            return
        self._on_screen = on_screen
        self.help.leave()
        self._changed_at = self._clock.monotonic()
        self.rail.setVisible(screen is not self.sign_in and self.people.has_rail(screen))
        is_list = screen in (self._transactions, self._tray)
        place = self.rail.day_end if screen is self._day else self.rail.checkout
        self.rail.set_place(self.rail.transactions if is_list else place)
        self.stack.show()
        is_new = self.stack.currentWidget() is not screen
        if is_new or not screen.isVisible():
            self.stack.setCurrentWidget(screen)
        if is_new or screen is not self._payment:  # a payment keeps it from stage to stage
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def bank_is_asked(self) -> bool:
        """Whether the payment on the screen waits for the bank: nobody leaves it now."""
        return self._on_screen[-1:] in {(State.ARMED,), (State.WAITING,)}

    @property
    def enter_is_deaf(self) -> bool:
        """Whether the screen has only just changed."""
        return self._clock.monotonic() - self._changed_at < self.deaf_seconds

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something."""
        key = event.key()
        if key == Qt.Key.Key_F11:
            self.on_full_screen_wanted()
        elif key == Qt.Key.Key_F1:
            self.help.turn()
        elif not self.stack.isEnabled() or not self._on_screen:
            return False
        elif key == Qt.Key.Key_Escape and self.toast.must_be_read:
            self.toast.hide()
        elif key == Qt.Key.Key_F12:
            self.on_lock_wanted()
        elif key == Qt.Key.Key_F7:
            self.on_transactions_wanted()
        elif key == Qt.Key.Key_F8:
            self.on_day_wanted()
        elif key == Qt.Key.Key_U and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.on_tray_wanted()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.enter_is_deaf and not event.isAutoRepeat():
                self._screen().primary()
        else:
            return self._screen().key(event)
        return True

    def _screen(self) -> Screen:
        current = self.help.screen if self.help.is_open else self.stack.currentWidget()
        return cast("Screen", current)

    def on_full_screen_wanted(self) -> None:
        """F11: all of the screen, or the window again."""
        window = self.window()
        if window.isFullScreen():
            window.showMaximized()
        else:
            window.showFullScreen()

    def on_lock_wanted(self) -> None:
        """F12 or the rail: nobody is at the till, if no payment is running."""
        if self.stack.currentWidget() is not self.sign_in and self.rail.lock.isEnabled():
            self._send(SignOut())

    def on_checkout_wanted(self) -> None:
        """The rail: back to the checkout, from a result or from the list."""
        current = self.stack.currentWidget()
        if current in (self._transactions, self._tray, self._day, self.people.staff_shown):
            self._send(CloseList())
        elif current is self._payment:
            self._send(LeaveSale())

    def on_transactions_wanted(self) -> None:
        """F7, the rail or the last five: the list of payments, if no payment is running."""
        current = self.stack.currentWidget()
        if current in (self.sign_in, self._transactions) or not self.rail.transactions.isEnabled():
            return
        self.transactions.begin()

    def on_tray_wanted(self) -> None:
        """Ctrl U or the strip's chip: everything in doubt, if no payment is running."""
        if self.stack.currentWidget() is not self.sign_in and self.rail.transactions.isEnabled():
            self._send(ShowTray())

    def on_day_wanted(self) -> None:
        """F8 or the rail: the end of the day, if no payment is running."""
        current = self.stack.currentWidget()
        if current not in (self.sign_in, self._day) and self.rail.day_end.isEnabled():
            self._send(ShowDay())

    def on_pane_changed(self) -> None:
        """Enter means something else beside the list now."""
        self._changed_at = self._clock.monotonic()
