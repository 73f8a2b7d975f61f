"""The stages in which everybody waits: the customer's PIN, then the bank's answer."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Cancel, PressPadKey
from checkout.notices import PaymentShown
from domain.kinds import Lane
from domain.sale import State
from domain.settings import Settings
from domain.words import N_
from ui.drawings import RingDrawing
from ui.history_log import HistoryLog, LogRow
from ui.lead_text import LeadText
from ui.parts import Label, Picture
from ui.payment_words import card_is_in, clock_time
from ui.pin_pad import PinDots, PinPadDrawing, TouchPinPad
from ui.room import ROOM
from ui.stage import (
    ENTER,
    Foot,
    PaymentButton,
    Send,
    Stage,
    Wait,
    body_margins,
    fit_say,
    fit_state_word,
    say_label,
    state_word,
)
from ui.stages_card import ESC, CountdownRow
from ui.tongue import say

FLASH_MS = 450
_REVERSES_BY_ITSELF = N_(
    "Cannot be cancelled now. With no answer in {s} s the till reverses it by itself."
)
_ENDS_BY_ITSELF = N_("Cannot be cancelled now. With no answer in {s} s it ends, and nothing moves.")
PAD_KEYS = {
    Qt.Key.Key_Backspace: "clear",
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Enter: "enter",
    **{Qt.Key(Qt.Key.Key_0.value + digit): str(digit) for digit in range(10)},
}


class PinStage(Stage):
    """C2: the customer types the PIN, on a pad of its own or, in training, on the screen."""

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send)
        self.set_look("pinTint", "pin")
        self._word = state_word("pin")
        self._say = say_label()
        self._dots = PinDots()
        self._digits = Label("", 17, 600)
        self._eye = Picture("eye-off", "ink", 26)
        self._note = LeadText()
        self._drawing = PinPadDrawing()
        self._pad = TouchPinPad(self.press_pad)
        self._left = CountdownRow("pin", "pinLine", N_("{s} s left"))
        self.wait: Wait = Wait(self.on_tick, self)
        note = QHBoxLayout()
        note.setSpacing(12)
        note.addWidget(self._eye)
        note.addWidget(self._note, 1)
        words = QVBoxLayout()
        words.setSpacing(16)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._say)
        words.addSpacing(18)
        words.addWidget(self._dots)
        words.addWidget(self._digits)
        words.addSpacing(8)
        words.addLayout(note)
        words.addStretch(1)
        self._body = QHBoxLayout()
        self._body.addLayout(words, 1)
        self._body.addWidget(self._drawing, alignment=Qt.AlignmentFlag.AlignVCenter)
        self._body.addWidget(self._pad, alignment=Qt.AlignmentFlag.AlignVCenter)
        cancel = PaymentButton(N_("Cancel"), Cancel, send, keys=(ESC,), keycap="Esc")
        self.no_pin = PaymentButton(
            N_("No PIN on this card"), partial(PressPadKey, "enter"), send, keycap=ENTER
        )
        self.buttons = (cancel, self.no_pin)
        self._foot = Foot(self.buttons)
        self.column.addLayout(self._body, 1)
        self.column.addWidget(self._left)
        self.column.addWidget(self._foot)

    @property
    def title(self) -> str:
        return say("Waiting for the bank") if self.awaits_keys else say("PIN on the pad")

    @property
    def line(self) -> str:
        if self.awaits_keys:
            return say("The bank sends new keys before a PIN can be typed.")
        if self.settings.pin_bypass:
            return say("The customer types the PIN, or none, and presses the green key.")
        return say("The customer types the PIN and presses the green key.")

    @property
    def awaits_keys(self) -> bool:
        """Whether nobody can type anything yet: the bank has not sent its keys."""
        return self.notice is not None and self.notice.awaits_keys

    @property
    def pad_on_screen(self) -> bool:
        """Whether the keys of the drawn pad can be pressed."""
        return self.notice is not None and self.notice.pad_on_screen

    def press_pad(self, key: str) -> None:
        """A key of the pad on the screen; nothing here remembers it."""
        self.send(PressPadKey(key))

    def key(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        pad_key = PAD_KEYS.get(Qt.Key(event.key())) if plain and self.pad_on_screen else None
        if pad_key is not None:
            if not event.isAutoRepeat():
                self.press_pad(pad_key)
            return True
        return super().key(event)

    def begin(self, notice: PaymentShown) -> None:
        super().begin(notice)
        for shows_digits in (self._dots, self._drawing, self._pad):
            shows_digits.set_digits(notice.pin_digits)
        self._drawing.setVisible(not notice.pad_on_screen)
        self._pad.setVisible(notice.pad_on_screen)
        self._dots.setVisible(not notice.pad_on_screen and not notice.awaits_keys)
        self._digits.setVisible(not notice.awaits_keys)
        self.no_pin.setVisible(notice.pad_on_screen and self.settings.pin_bypass)
        self.no_pin.setEnabled(not notice.pin_digits)
        self._fit_body()

    def retranslate(self) -> None:
        super().retranslate()
        self._word.setText(self.title)
        self._say.setText(self.line)
        digits = self.notice.pin_digits if self.notice is not None else 0
        self._digits.setText(
            say("1 digit so far") if digits == 1 else say("{n} digits so far", n=digits)
        )
        if self.awaits_keys:
            self._note.set_words("", say("Nothing has been sent. Cancel works at any time."))
        elif self.pad_on_screen:
            self._note.set_words(
                say("This is a training pad."),
                say(
                    "Type on it or on the keyboard. In a live shop the PIN never reaches the till."
                ),
            )
        else:
            self._note.set_words("", say("Please look away. The PIN never reaches this till."))
        self._pad.retranslate()
        self.on_tick()

    def refit(self) -> None:
        fit_say(self._say)
        self._digits.set_style(ROOM.pick(17, 17, 20), 600)
        self._drawing.set_height(ROOM.pick(250, 350, 500))
        self._left.refit()
        self._foot.refit()
        self._fit_body()

    def _fit_body(self) -> None:
        fit_state_word(self._word)
        left, top, right, bottom = body_margins()
        if self.pad_on_screen:  # its keys are to be touched, so it takes what height there is
            top, bottom = 16, 12
            if ROOM.width == "narrow":
                self._word.set_style(36, 700, -0.03, 44)
        self._body.setContentsMargins(left, top, right, bottom)
        self._body.setSpacing(ROOM.pick(20, 32, 48))

    def on_tick(self) -> None:
        """Another fifth of a second has passed."""
        self._left.show_wait(self.wait)


class AuthorisingStage(Stage):
    """C3: the bank has been asked; nothing can be pressed."""

    holds_escape: ClassVar[bool] = True

    def __init__(self, settings: Settings, send: Send) -> None:
        super().__init__(settings, send)
        self.set_look("night", "night")
        self._word = state_word("onNight")
        self._say = say_label("onNight2")
        self._log = HistoryLog(3, ink="onNight", faint="onNight2", rule="nightLine")
        self._ring = RingDrawing()
        self._padlock = Picture("lock", "onNight2", 24)
        self._note = LeadText("onNight2")
        self._flash = QTimer(self)
        self._flash.setSingleShot(True)
        self._flash.setInterval(FLASH_MS)
        self._flash.timeout.connect(self.on_flash_over)
        words = QVBoxLayout()
        words.setSpacing(16)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._say)
        words.addSpacing(20)
        words.addWidget(self._log)
        words.addStretch(1)
        self._body = QHBoxLayout()
        self._body.addLayout(words, 1)
        self._body.addWidget(self._ring, alignment=Qt.AlignmentFlag.AlignVCenter)
        foot = QWidget()
        self._foot = QHBoxLayout(foot)
        self._foot.setSpacing(12)
        self._foot.addWidget(self._padlock)
        self._foot.addWidget(self._note, 1)
        self.column.addLayout(self._body, 1)
        self.column.addWidget(foot)

    @property
    def title(self) -> str:
        return say("Authorising")

    @property
    def line(self) -> str:
        if self.notice is not None and card_is_in(self.notice.sale):
            return say("Waiting for the bank. Do not remove the card.")
        return say("Waiting for the bank.")

    def begin(self, notice: PaymentShown) -> None:
        waited = notice.allowed - notice.deadline if notice.deadline is not None else 0.0
        self._ring.set_seconds(waited)

    def retranslate(self) -> None:
        super().retranslate()
        self._word.setText(self.title)
        self._say.setText(self.line)
        self._log.set_rows(self._rows())
        is_enquiry = self.notice is not None and self.notice.sale.row.lane is Lane.ENQUIRY
        message = _ENDS_BY_ITSELF if is_enquiry else _REVERSES_BY_ITSELF
        seconds = round(self.settings.acquirer.answer_seconds)
        self._note.set_words("", say(message, s=seconds))

    def _rows(self) -> tuple[LogRow, ...]:
        if self.notice is None:
            return ()
        sale = self.notice.sale
        acquirer = self.settings.acquirer.name
        rows = []
        for moment in sale.history:
            if moment.event == "PinEntered":
                pin = (
                    say("PIN accepted by the pad")
                    if sale.pin_entered
                    else say("No PIN on this card")
                )
                rows.append(LogRow("check", clock_time(moment.at), pin))
            elif moment.event == "Sent":
                sent = say("Request sent to {acquirer}", acquirer=acquirer)
                rows.append(LogRow("check", clock_time(moment.at), sent))
        now = (
            say("Waiting for the answer")
            if sale.state is State.WAITING
            else say("Sending the request to {acquirer}", acquirer=acquirer)
        )
        return (*rows, LogRow("running", say("now"), now))

    def refit(self) -> None:
        fit_state_word(self._word)
        fit_say(self._say)
        self._log.refit()
        self._ring.set_height(ROOM.pick(180, 232, 340))
        self._body.setContentsMargins(*body_margins())
        self._body.setSpacing(ROOM.pick(20, 32, 32))
        self._foot.setContentsMargins(*ROOM.pick((24, 0, 24, 20), (36, 0, 36, 28), (56, 0, 56, 44)))

    def flash(self) -> None:
        self._padlock.set_icon("lock", "amber")
        self._note.set_token("amber")
        self._flash.start()

    def on_flash_over(self) -> None:
        """Once is enough."""
        self._padlock.set_icon("lock", "onNight2")
        self._note.set_token("onNight2")

    def showEvent(self, event: QShowEvent) -> None:  # Qt's name
        self.on_flash_over()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        self._flash.stop()
        super().hideEvent(event)
