"""Saves every screen as a picture: the real window, driven through real flows against a real bank.

    python3 bootstrap.py screenshots
    python3 bootstrap.py screenshots -- --out DIR --languages en --themes light --sizes 1366x768

Nothing is posed: each picture is taken where the till has come to by itself.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from acquirer.simulator_accounts import ACCOUNTS  # noqa: E402  # behind the path
from acquirer.training import RunningAcquirer, start_training_acquirer  # noqa: E402
from checkout.notices import (  # noqa: E402
    CheckoutShown,
    DayShown,
    PaymentShown,
    SaleShown,
    SignInShown,
    TrayShown,
)
from checkout.people_notices import ApprovalShown, StaffShown  # noqa: E402
from db.roster import TRAINING_ROSTER  # noqa: E402
from domain.batch import BatchState, Stage  # noqa: E402
from domain.give_back import Way  # noqa: E402
from domain.sale import State  # noqa: E402
from domain.settings import TRAINING, Settings  # noqa: E402
from domain.words import LANGUAGES  # noqa: E402
from main import front_of  # noqa: E402
from tests.holds_played import play_holds  # noqa: E402
from ui.application import make_application  # noqa: E402
from ui.front import Front  # noqa: E402
from ui.rehearsal import Condition, Rehearsal, Script  # noqa: E402
from ui.theme import THEME  # noqa: E402
from ui.tongue import TONGUE  # noqa: E402

SIZES = ("1366x768", "1024x768", "1920x1080")
THEMES = ("light", "dark")
CARD = ACCOUNTS["621234******1232"]
OTHER_CARD = ACCOUNTS["411111******1111"]
SETTLING_SECONDS = 0.08
"""After a change of size or language, until every layout has been done again."""
OTHER_AMOUNT_AT_THE_BANK = "88.81"
"""The training bank books another amount than this one: the day ends with a difference."""
BANK_WAITS_SECONDS = 4.0
"""How long the till of the pictures waits for an answer."""


@dataclass
class Album:
    """Where pictures go, and in how many ways each screen is taken."""

    folder: Path
    languages: list[str]
    themes: list[str]
    sizes: list[str]
    taken: list[Path] = field(default_factory=list)


def main(arguments: list[str]) -> int:
    """Take all pictures; 1 where the till got stuck on the way."""
    options = parse(arguments)
    album = Album(options.out, options.languages, options.themes, options.sizes)
    application = make_application(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="tillwright-") as folder:
        acquirer = start_training_acquirer(
            [sys.executable, str(ROOT / "main.py"), "--training-acquirer"], Path(folder) / "bank"
        )
        front = front_of(application, settings_for(acquirer), Path(folder) / "till")
        photographer = Photographer(front, acquirer, album)
        front.window.show()
        photographer.begin()
        status = front.run()
        if photographer.failed is not None:
            sys.stderr.write(f"stuck: {photographer.failed}\n")
            return 1
    sys.stdout.write(f"{len(album.taken)} pictures in {album.folder}\n")
    return status


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="screenshots")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES), choices=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=list(THEMES), choices=THEMES)
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    return parser.parse_args(arguments)


def settings_for(acquirer: RunningAcquirer) -> Settings:
    """Training, with a bank whose patience fits into a film."""
    profile = replace(
        acquirer.profile(TRAINING.acquirer),
        answer_seconds=BANK_WAITS_SECONDS,
        reversal_seconds=BANK_WAITS_SECONDS,
    )
    return replace(TRAINING, acquirer=profile)


class Photographer:
    """Plays a morning at the till and takes every screen on the way."""

    def __init__(self, front: Front, acquirer: RunningAcquirer, album: Album) -> None:
        self._front = front
        self._acquirer = acquirer
        self._album = album
        self.failed: Exception | None = None
        self._play = Rehearsal(front.window, self._finished)
        front.listen(self._play.notice_came)

    def begin(self) -> None:
        """Start; the window closes at the end."""
        self._play.begin(self._morning())

    def _morning(self) -> Script:
        play = self._play
        yield play.shown(SignInShown)
        yield from self._take("A_sign_in")
        play.press(*"111111", "enter")
        yield play.seconds(1.5)
        yield from self._take("A_wrong_pin")
        play.press(*TRAINING_ROSTER[0][1], "enter")
        yield play.shown(CheckoutShown)
        yield from self._approved()
        yield from self._declined()
        yield from self._reversed()
        yield from self._sold("58.5", OTHER_CARD.stripe, OTHER_CARD.pin)
        yield play.payment_in(State.APPROVED)
        play.press("enter")
        yield play.shown(CheckoutShown)
        play.press(*"36.5")
        yield play.seconds(0.2)
        yield from self._take("B_checkout")
        play.press("esc")
        yield from self._approval_refused()
        yield from self._voided()
        yield from self._refunded()
        play.press("esc")
        yield play.shown(CheckoutShown)
        yield from play_holds(play, self._take)
        yield from self._in_doubt()
        yield from self._day_ended()
        yield from self._people()
        yield from self._not_sent()

    def _approved(self) -> Script:
        play = self._play
        play.press(*"128", "enter")
        yield play.payment_in(State.DRAFT)
        yield from self._take("C0_waiting_for_card")
        play.press(*";E?", "enter")
        yield play.seconds(1.0)
        yield from self._take("C0_card_not_read")
        play.press(*CARD.stripe, "enter")
        yield play.payment_in(State.CAPTURED)
        yield from self._take("C1_confirm_amount")
        play.press("enter")
        yield play.payment_in(State.PIN_ENTRY)
        play.press(*CARD.pin[:4])
        yield play.seconds(0.3)
        yield from self._take("C2_pin_on_pad")
        self._acquirer.order(fault="lost answer", times=1)
        play.press(*CARD.pin[4:], "enter")
        yield self._in(State.WAITING)
        yield from self._take("C3_authorising")
        yield play.payment_in(State.REVERSED, State.REVERSAL_PENDING)
        yield play.payment_in(State.REVERSED)
        play.press("enter")
        yield play.payment_in(State.DRAFT)
        play.press(*CARD.stripe, "enter")
        yield play.payment_in(State.CAPTURED)
        play.press("enter")
        yield play.payment_in(State.PIN_ENTRY)
        play.press(*CARD.pin, "enter")
        yield play.payment_in(State.APPROVED)
        yield self._slips_are_out
        yield from self._take("D_approved")
        play.press("enter")
        yield play.shown(CheckoutShown)

    def _declined(self) -> Script:
        play = self._play
        yield from self._sold("128", CARD.stripe, "654321")
        yield play.payment_in(State.DECLINED)
        yield from self._take("E1_declined_55")
        play.press("f1")
        yield play.seconds(0.2)
        yield from self._take("F1_help_55")
        play.press("esc")
        yield play.seconds(0.2)
        play.press("esc")
        yield play.shown(CheckoutShown)

    def _reversed(self) -> Script:
        play = self._play
        self._acquirer.order(fault="lost answer", times=1)
        yield from self._sold("212", CARD.stripe, CARD.pin)
        yield self._in(State.WAITING)
        self._acquirer.order(fault="lost request", times=1)
        yield self._waiting_for_next_try
        yield from self._take("E3_reversing")
        yield play.payment_in(State.REVERSED)
        yield from self._take("E3b_reversed")
        play.press("esc")
        yield play.shown(CheckoutShown)

    def _approval_refused(self) -> Script:
        """A cashier asks for what is not theirs to do; a manager looks at it, and refuses."""
        play = self._play
        play.press("f7")
        yield play.shown(SaleShown)
        play.press("r", "down")
        yield play.seconds(1.0)
        play.press("enter")
        yield play.shown(ApprovalShown)
        play.press(*TRAINING_ROSTER[1][1][:3])
        yield play.seconds(0.3)
        yield from self._take("F2_manager_approval")
        play.press(*"000", "enter")
        yield play.seconds(1.5)
        yield from self._take("F2_wrong_pin")
        play.press("esc")
        yield play.shown(SaleShown)

    def _people(self) -> Script:
        """A manager looks at the people, adds one, and looks at the roles."""
        play, frame = self._play, self._front.window.frame
        frame.strip.person.pressed.emit()
        yield play.shown(SignInShown)
        yield from self._take("A_switch_user")
        frame.sign_in.people.click()
        yield play.shown(StaffShown)
        yield from self._take("S_people")
        frame.people.staff.add.click()
        yield play.seconds(0.3)
        yield from self._take("S_add_somebody")
        frame.people.staff.roles.click()
        yield play.seconds(0.3)
        yield from self._take("S_roles")
        play.press("esc", "esc")
        yield play.shown(CheckoutShown)

    def _voided(self) -> Script:
        """A supervisor takes the last sale back on the same day."""
        play = self._play
        play.press("f12")
        yield play.shown(SignInShown)
        play.press("right", *TRAINING_ROSTER[1][1], "enter")
        yield play.shown(CheckoutShown)
        play.press("f7")
        yield play.shown(SaleShown)
        yield from self._take("G_transactions")
        play.press("r", "down")
        yield play.seconds(1.0)
        yield from self._take("G2_void")
        play.press("enter")
        yield from self._card_again(OTHER_CARD.stripe, "void")
        play.press("enter")
        yield play.payment_in(State.PIN_ENTRY)
        play.press(*OTHER_CARD.pin, "enter")
        yield play.payment_in(State.APPROVED)
        yield self._slips_are_out
        yield from self._take("D_voided")
        play.press("enter")
        yield play.shown(SaleShown)

    def _refunded(self) -> Script:
        """A part of an earlier sale, of which the bank does not hear at once."""
        play = self._play
        yield from self._down_to_an_approved_sale()
        play.press("r", *"40")
        yield play.seconds(0.5)
        play.press("down")
        yield play.seconds(1.0)
        yield from self._take("G3_refund")
        play.press("enter")
        yield from self._card_again(CARD.stripe, "refund")
        self._acquirer.order(fault="lost answer", times=1)
        play.press("enter")
        yield play.payment_in(State.QUEUED)
        yield self._slips_are_out
        yield from self._take("D_refund_recorded")
        play.press("enter")
        yield play.shown(SaleShown)

    def _in_doubt(self) -> Script:
        play = self._play
        play.press("u", control=True)
        yield play.shown(TrayShown)
        yield from self._take("T_tray")
        play.press("esc")
        yield play.shown(CheckoutShown)

    def _day_ended(self) -> Script:
        """A day with a forced difference is settled, and the next one without."""
        play = self._play
        yield from self._sold(OTHER_AMOUNT_AT_THE_BANK, OTHER_CARD.stripe, OTHER_CARD.pin)
        yield play.payment_in(State.APPROVED)
        play.press("enter")
        yield play.shown(CheckoutShown)
        yield from self._in_the_way()
        yield self._all_is_quiet
        yield from self._take("H_end_of_day")
        self._acquirer.order(answer_seconds=BANK_WAITS_SECONDS - 1)
        play.press("f10")
        yield self._day_is(Stage.UPLOADING)
        yield from self._take("H2_settling")
        self._acquirer.order(answer_seconds=0.0)
        yield self._day_is(Stage.CLOSED)
        yield play.shown(DayShown)
        yield from self._take("H3_settled_with_difference")
        play.press("enter")
        yield play.shown(CheckoutShown)
        yield from self._sold("58.5", OTHER_CARD.stripe, OTHER_CARD.pin)
        yield play.payment_in(State.APPROVED)
        play.press("enter")
        yield play.shown(CheckoutShown)
        play.press("f8")
        yield play.shown(DayShown)
        yield from self._take("H_after_a_difference")
        play.press("f10")
        yield self._day_is(Stage.CLOSED)
        yield play.shown(DayShown)
        yield from self._take("H3_settled")
        play.press("enter")
        yield play.shown(CheckoutShown)

    def _in_the_way(self) -> Script:
        """The end of the day is looked at while a reversal is not confirmed yet."""
        play = self._play
        self._acquirer.order(fault="lost answer", times=1)
        yield from self._sold("75", CARD.stripe, CARD.pin)
        yield self._in(State.WAITING)
        self._acquirer.order(fault="lost request", times=2)
        yield self._waiting_for_next_try
        play.press("n", control=True)
        yield play.shown(CheckoutShown)
        play.press("f8")
        yield play.shown(DayShown)
        yield from self._take("H_in_the_way")

    def _all_is_quiet(self) -> bool:
        """Nothing is in doubt any more, and nobody is being told of anything."""
        screen, toast = self._play.screen, self._front.window.frame.toast
        return isinstance(screen, DayShown) and not screen.in_the_way and not toast.isVisible()

    def _day_is(self, step: Stage) -> Condition:
        """The settlement has come there; at its end its slip is out too."""

        def is_there() -> bool:
            screen = self._play.screen
            if not isinstance(screen, DayShown) or screen.step is not step:
                return False
            if screen.state is not BatchState.CLOSED:
                return True
            return screen.slip is not None and screen.slip.state == "printed"

        return is_there

    def _card_again(self, stripe: str, what: str) -> Script:
        play = self._play
        yield play.payment_in(State.DRAFT)
        yield from self._take(f"C0_{what}")
        play.press(*stripe, "enter")
        yield play.payment_in(State.CAPTURED)
        yield from self._take(f"C1_{what}")

    def _down_to_an_approved_sale(self) -> Script:
        """Down the list, row by row, to a sale whose money can be given back."""
        play = self._play
        for _ in range(12):
            screen = play.screen
            if isinstance(screen, SaleShown) and screen.way_back.kind is Way.VOID:
                return
            play.press("down")
            yield play.seconds(0.6)

    def _not_sent(self) -> Script:
        play = self._play
        yield play.seconds(0.2)
        self._acquirer.close()
        yield from self._sold("128", CARD.stripe, CARD.pin)
        yield play.payment_in(State.NOT_SENT)
        yield from self._take("E2_not_sent")

    def _sold(self, amount: str, stripe: str, pin: str) -> Script:
        """From a typed amount to the moment when the pad's green key was pressed."""
        play = self._play
        play.press(*amount, "enter")
        yield play.payment_in(State.DRAFT)
        play.press(*stripe, "enter")
        yield play.payment_in(State.CAPTURED)
        play.press("enter")
        yield play.payment_in(State.PIN_ENTRY)
        play.press(*pin, "enter")

    def _take(self, name: str) -> Script:
        """The screen in every language, theme and size; then as it was."""
        window, album = self._front.window, self._album
        for size, theme, language in itertools.product(album.sizes, album.themes, album.languages):
            TONGUE.speak(language)
            THEME.use(theme)
            width, height = map(int, size.split("x"))
            window.resize(width, height)
            yield self._play.seconds(SETTLING_SECONDS)
            folder = album.folder / size / theme / language
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{name}.png"
            window.grab().save(str(path))
            album.taken.append(path)

    def _in(self, state: State) -> Condition:
        """At once when the payment is there, without waiting for Enter."""

        def is_there() -> bool:
            screen = self._play.screen
            return isinstance(screen, PaymentShown) and screen.sale.state is state

        return is_there

    def _waiting_for_next_try(self) -> bool:
        screen = self._play.screen
        return (
            isinstance(screen, PaymentShown)
            and screen.sale.state is State.REVERSAL_PENDING
            and screen.sale.reversal_tries > 0
            and not screen.reversing_now
        )

    def _slips_are_out(self) -> bool:
        screen = self._play.screen
        return isinstance(screen, PaymentShown) and all(
            slip.state == "printed" for slip in screen.slips
        )

    def _finished(self, error: Exception | None) -> None:
        self.failed = error
        self._front.window.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
