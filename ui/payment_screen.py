"""The payment on the screen: trail on top, the truth about the money left, what happens now right.

Widgets are built once; each notice of the till is drawn into them. Nothing is remembered here that
a notice does not carry.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QStackedWidget, QWidget

from checkout.notices import PaymentShown
from domain.kinds import Kind
from domain.sale import State
from domain.settings import Settings
from domain.training import TrainingCard
from ui.announce import announce
from ui.help_topics import topic_of_payment
from ui.help_wish import NO_TOPIC, Topic
from ui.motion import MOTION
from ui.payment_words import money_words
from ui.room import ROOM
from ui.stage import Send, Stage
from ui.stage_approved import ApprovedStage
from ui.stage_balance import BalanceStage
from ui.stages_card import ConfirmStage, WaitingStage
from ui.stages_pin import AuthorisingStage, PinStage
from ui.stages_reversal import ReversedStage, ReversingStage
from ui.stages_trouble import DeclinedStage, ManualStage, NotSentStage
from ui.step_trail import StepTrail
from ui.tongue import TONGUE
from ui.truth_pane import TruthPane

USUAL_WIDTH = 1250
"""Of this screen in the usual window."""


class _Stack(QStackedWidget):
    """As large as the stage that is shown needs, whatever the others would like."""

    def sizeHint(self) -> QSize:  # Qt's name
        shown = self.currentWidget()
        return shown.sizeHint() if shown is not None else QSize()

    def minimumSizeHint(self) -> QSize:  # Qt's name
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else QSize()


class PaymentScreen(QWidget):
    """Shows a payment in every state; ABANDONED is never shown, the checkout follows it at once."""

    def __init__(
        self,
        settings: Settings,
        send: Send,
        parent: QWidget | None = None,
        *,
        training_cards: tuple[TrainingCard, ...] = (),
    ) -> None:
        super().__init__(parent)
        MOTION.follow_desktop()
        self.trail = StepTrail()
        self.truth = TruthPane()
        authorising = AuthorisingStage(settings, send)
        approved = ApprovedStage(settings, send)
        declined = DeclinedStage(settings, send)
        self._stages: dict[State, Stage] = {
            State.DRAFT: WaitingStage(settings, send, training_cards),
            State.CAPTURED: ConfirmStage(settings, send),
            State.PIN_ENTRY: PinStage(settings, send),
            State.ARMED: authorising,
            State.WAITING: authorising,
            State.APPROVED: approved,
            State.VOIDED: approved,
            State.QUEUED: approved,
            State.DELIVERED: approved,
            State.COMPLETED: approved,
            State.DECLINED: declined,
            State.REJECTED: declined,
            State.NOT_SENT: NotSentStage(settings, send),
            State.REVERSAL_PENDING: ReversingStage(settings, send),
            State.REVERSED: ReversedStage(settings, send),
            State.MANUAL: ManualStage(settings, send),
        }
        self._balance = BalanceStage(settings, send)
        self._notice: PaymentShown | None = None
        self._said = ""
        self._stack = _Stack()
        for stage in self._each():
            self._stack.addWidget(stage)
        self._grid = QGridLayout(self)
        self._grid.addWidget(self.trail, 0, 0, 1, 2)
        self._grid.addWidget(self.truth, 1, 0)
        self._grid.addWidget(self._stack, 1, 1)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(1, 1)
        self.refit()
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.retranslate)

    @property
    def stage(self) -> Stage:
        """The panel that is shown now."""
        if self._notice is None:
            return self._stages[State.DRAFT]
        sale = self._notice.sale
        is_balance = sale.kind is Kind.BALANCE and sale.state is State.APPROVED
        return self._balance if is_balance else self._stages[sale.state]

    def _each(self) -> tuple[Stage, ...]:
        return tuple(dict.fromkeys((*self._stages.values(), self._balance)))

    def show_payment(self, notice: PaymentShown) -> None:
        """Draw this payment."""
        if notice.sale.state is State.ABANDONED:
            return
        self._notice = notice
        self.trail.set_sale(notice.sale)
        self.truth.show_payment(notice)
        self.stage.show_payment(notice)
        if self._stack.currentWidget() is not self.stage:
            self._let_go_of_focus()
            self._stack.setCurrentWidget(self.stage)
            self._stack.updateGeometry()
        self._announce(notice)

    def retranslate(self) -> None:
        """Say everything again in the language of the screen; clocks go on."""
        self.refit()
        if self._notice is not None:
            self.trail.set_sale(self._notice.sale)
            self.truth.show_payment(self._notice)
            self.stage.retranslate()

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._grid.setContentsMargins(edge, edge, edge, edge)
        self._grid.setHorizontalSpacing(ROOM.pick(16, 20, 28))
        self._grid.setVerticalSpacing(ROOM.pick(12, 16, 24))
        self._fit_truth()
        self.truth.refit()
        for stage in self._each():
            stage.refit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        super().resizeEvent(event)
        self._fit_truth()

    def _fit_truth(self) -> None:
        """Below the usual width the left pane gives way first, down to its narrow size."""
        usual = max(292, min(372, 372 - round((USUAL_WIDTH - self.width()) * 0.6)))
        self.truth.setFixedWidth(ROOM.pick(292, usual, 480))

    def primary(self) -> None:
        """Do what Enter does here: the primary action, or nothing where there is none."""
        stage = self.stage
        stage.touched()
        if isinstance(stage, PinStage) and stage.pad_on_screen:
            stage.press_pad("enter")
        elif stage.primary is not None and self._notice is not None:
            stage.primary.click()

    def key(self, event: QKeyEvent) -> bool:
        """A key that nobody else wanted; whether it meant something here."""
        stage = self.stage
        if event.key() == Qt.Key.Key_Escape and stage.holds_escape:
            stage.flash()
            return True
        stage.touched()
        return stage.key(event)

    def help_topic(self) -> Topic:
        """The code of the payment; whoever asks for help is there, and no clock runs on."""
        self.stage.touched()
        return topic_of_payment(self._notice) if self._notice is not None else NO_TOPIC

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        self.stage.touched()
        super().mousePressEvent(event)

    def _let_go_of_focus(self) -> None:
        """Qt would hand the focus of a button that goes to the next one, wherever that is."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self.window().setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self, notice: PaymentShown) -> None:
        stage = self.stage
        line = stage.line.rstrip(".")
        said = f"{stage.title}. {line}. {money_words(notice).line}"
        if said != self._said:
            self._said = said
            self.setAccessibleName(said)
            announce(self, said)
