"""The window: draws what the till tells, and turns keys and touches into commands.

At its first paint it is an empty canvas; the screens are built right behind it, so that a start
shows something at once. It remembers nothing of a payment: every notice is a whole picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from checkout.commands import Command, LeaveSale, Look, SignOut
from checkout.notices import (
    CheckoutShown,
    FaultTold,
    Notice,
    PaymentShown,
    RecoveryTold,
    RefusalTold,
    SettledTold,
    SignInShown,
    StripShown,
)
from domain.clock import Clock, SystemClock
from domain.sale import Sale, State
from domain.settings import Settings
from ui.room import ROOM
from ui.theme import THEME
from ui.tongue import TONGUE

if TYPE_CHECKING:
    from ui.checkout_screen import CheckoutScreen
    from ui.payment_screen import PaymentScreen
    from ui.rail import Rail
    from ui.sign_in_screen import SignInScreen
    from ui.status_strip import StatusStrip
    from ui.toast import Toast

SMALLEST = QSize(1024, 768)
USUAL = QSize(1366, 768)
ENTER_IS_DEAF_SECONDS = 0.6
"""So long after a screen has changed: an Enter meant for one screen never confirms the next."""

RUNNING = frozenset(
    {State.DRAFT, State.CAPTURED, State.PIN_ENTRY, State.ARMED, State.WAITING}
)
"""A payment in these states is not left by the rail."""



class CheckoutWindow(QWidget):
    """Frame and screens of one till. All its methods belong to the GUI thread."""

    def __init__(
        self,
        settings: Settings,
        send: Callable[[Command], None],
        sign_in_hint: str = "",
        *,
        clock: Clock | None = None,
        deaf_seconds: float = ENTER_IS_DEAF_SECONDS,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._send = send
        self._hint = sign_in_hint
        self._clock = clock or SystemClock()
        self.deaf_seconds = deaf_seconds
        self._changed_at = self._clock.monotonic()
        self._on_screen: tuple[object, ...] = ()
        self._furnished = False
        self._furnishing = False
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=False)
        self.setWindowTitle(f"Tillwright · {settings.shop.name}")
        self.setMinimumSize(SMALLEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        TONGUE.speak(settings.language)
        THEME.use(settings.theme)
        self.resize(USUAL)
        THEME.changed.connect(self.update)

    def open_on(self, screen: QScreen) -> None:
        """Fill that screen."""
        self.setGeometry(screen.availableGeometry())
        self.showMaximized()

    def furnish(self) -> None:
        """Build the screens; happens by itself behind the first paint or with the first notice."""
        if self._furnished:
            return
        self._furnished = True
        from ui.checkout_screen import CheckoutScreen  # noqa: PLC0415  # behind the first paint
        from ui.focus_ring import FocusRing  # noqa: PLC0415
        from ui.payment_screen import PaymentScreen  # noqa: PLC0415
        from ui.rail import Rail  # noqa: PLC0415
        from ui.sign_in_screen import SignInScreen  # noqa: PLC0415
        from ui.status_strip import StatusStrip  # noqa: PLC0415
        from ui.toast import Toast  # noqa: PLC0415

        ROOM.measure(self.width())
        settings, send, clock = self._settings, self._send, self._clock
        self.rail: Rail = Rail()
        self.strip: StatusStrip = StatusStrip(settings, clock)
        self.sign_in: SignInScreen = SignInScreen(settings, send, self._hint, clock)
        self.checkout: CheckoutScreen = CheckoutScreen(settings.money, send)
        self.payment: PaymentScreen = PaymentScreen(settings, send)
        self.stack = QStackedWidget()
        for screen in (self.sign_in, self.checkout, self.payment):
            self.stack.addWidget(screen)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.strip)
        right.addWidget(self.stack, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.rail)
        columns.addLayout(right, 1)
        self.toast: Toast = Toast(self)
        self.ring = FocusRing(self)
        self.rail.hide()
        self.stack.hide()
        self._connect()

    def _connect(self) -> None:
        self.rail.checkout_wanted.connect(self.on_checkout_wanted)
        self.rail.lock_wanted.connect(self.on_lock_wanted)
        for place in (self.rail, self.sign_in):
            place.language_wanted.connect(TONGUE.speak_next)
            place.theme_wanted.connect(THEME.toggle)

    def show_notice(self, notice: Notice) -> None:
        """Draw what the till told. Connected to the bridge."""
        self.furnish()
        match notice:
            case SignInShown():
                self.sign_in.show_sign_in(notice)
                self.strip.show_operator(None)
                self._turn_to(self.sign_in, ())
            case CheckoutShown():
                self._show_checkout(notice)
            case PaymentShown(sale=Sale(state=State.ABANDONED)):
                pass  # the checkout follows at once
            case PaymentShown():
                self.payment.show_payment(notice)
                self.strip.show_operator(notice.operator)
                self.rail.set_busy(busy=notice.sale.state in RUNNING)
                self._turn_to(self.payment, (notice.sale.number, notice.sale.state))
            case StripShown():
                self.strip.show_strip(notice)
                self.checkout.reader.set_found(found=notice.reader != "absent")
            case RefusalTold() | FaultTold() | RecoveryTold() | SettledTold():
                self._tell(notice)
            case _:
                self.close()

    def _show_checkout(self, notice: CheckoutShown) -> None:
        self.strip.show_operator(notice.operator)
        self.rail.set_busy(busy=False)
        if self.stack.currentWidget() is self.checkout and notice.keep_amount is None:
            self.checkout.refresh(notice)
        else:
            self.checkout.show_checkout(notice)
        self._turn_to(self.checkout, ())

    def _tell(self, notice: RefusalTold | FaultTold | RecoveryTold | SettledTold) -> None:
        from ui.told import words_of  # noqa: PLC0415  # loaded with the screens

        told = words_of(notice)
        if told is not None:
            self.toast.tell(*told)

    def _turn_to(self, screen: QWidget, step: tuple[object, ...]) -> None:
        """Show a screen; from now on Enter is deaf for a moment, if it is another one."""
        on_screen = (screen, *step)
        if on_screen == self._on_screen:
            return
        self._on_screen = on_screen
        self._changed_at = self._clock.monotonic()
        self.rail.setVisible(screen is not self.sign_in)
        self.stack.show()
        if self.stack.currentWidget() is not screen or not screen.isVisible():
            self.stack.setCurrentWidget(screen)
        if screen is not self.payment:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def enter_is_deaf(self) -> bool:
        """Whether the screen has only just changed."""
        return self._clock.monotonic() - self._changed_at < self.deaf_seconds

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        if not self._furnished:
            return
        key = event.key()
        if key == Qt.Key.Key_F11:
            self.on_full_screen_wanted()
        elif key == Qt.Key.Key_F12:
            self.on_lock_wanted()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.enter_is_deaf and not event.isAutoRepeat():
                self._screen().primary()
        elif not self._screen().key(event):
            super().keyPressEvent(event)

    def _screen(self) -> SignInScreen | CheckoutScreen | PaymentScreen:
        current = self.stack.currentWidget()
        for screen in (self.sign_in, self.checkout, self.payment):
            if current is screen:
                return screen
        raise AssertionError

    def on_full_screen_wanted(self) -> None:
        """F11: all of the screen, or the window again."""
        if self.isFullScreen():
            self.showMaximized()
        else:
            self.showFullScreen()

    def on_lock_wanted(self) -> None:
        """F12 or the rail: nobody is at the till, if no payment is running."""
        if self.stack.currentWidget() is not self.sign_in and self.rail.lock.isEnabled():
            self._send(SignOut())

    def on_checkout_wanted(self) -> None:
        """The rail: back to the checkout, from a result."""
        if self.stack.currentWidget() is self.payment:
            self._send(LeaveSale())
        else:
            self._send(Look())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        super().resizeEvent(event)
        ROOM.measure(self.width())
        if self._furnished:
            self.toast.place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), THEME.color("canvas"))
        if self._furnished:
            return
        if not self._furnishing:
            self._furnishing = True
            QTimer.singleShot(0, self, self.furnish)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        event.accept()
