"""Guards the screens about people: approval at the act, a PIN of one's own, the first, a switch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from checkout.commands import CloseList, SignIn, SignOut
from checkout.notices import RefusalTold, SignInShown
from checkout.people_commands import (
    AddOperator,
    Approve,
    BlockOperator,
    ChangeRole,
    ChoosePin,
    EditRole,
    FirstOperator,
    RefuseApproval,
    RenameOperator,
    ResetPin,
    ShowStaff,
    Stay,
    StillHere,
    SwitchUser,
    UnblockOperator,
)
from checkout.people_notices import ApprovalShown, FirstRunShown, NewPinShown, StaffShown
from domain.clock import ManualClock
from domain.money import Money
from domain.operators import BUILT_IN, Operator, Permission, Role
from domain.settings import Settings
from domain.staff import Member, RoleRow
from domain.words import LANGUAGES
from tests.ui.payment_notices import APPROVED
from tests.ui.shop_window import CHECKOUT, MEI, TOMAS, Sent, press
from tests.ui.test_payment_fit import RAIL, SETTLE, STRIP, WINDOWS, cut_off
from ui.approval_screen import ApprovalScreen
from ui.checkout_window import CheckoutWindow
from ui.first_run_screen import FirstRunScreen
from ui.new_pin_screen import NewPinScreen
from ui.parts import Label
from ui.room import ROOM
from ui.staff_screen import StaffScreen
from ui.tongue import TONGUE
from ui.wedge import TELL_SECONDS, Wedge

GRACE = Operator("04", "Grace Okafor", Role.MANAGER)
LONG = Money(99_999_999)
APPROVAL = ApprovalShown(
    MEI, "GiveBack", Permission.GIVE_BACK, (GRACE, TOMAS), APPROVED.sale, LONG, "Goods returned"
)
WRONG = replace(APPROVAL, chosen="02", fault="A-01", tries_left=2)
STAFF = StaffShown(
    (Member(MEI), Member(TOMAS, is_blocked=True), Member(GRACE)),
    tuple(RoleRow(role, granted) for role, granted in BUILT_IN.items()),
)
APPROVALS = {
    "asked": APPROVAL,
    "wrong": WRONG,
    "locked": replace(WRONG, fault="A-02", tries_left=0),
    "self": replace(WRONG, fault="A-11"),
    "nobody": replace(APPROVAL, approvers=()),
    "settle": ApprovalShown(MEI, "Settle", Permission.SETTLE, (GRACE,)),
}


def texts(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(Label) if label.isVisible()]


@pytest.fixture
def asked(window: CheckoutWindow, sent: Sent) -> CheckoutWindow:
    window.show_notice(CHECKOUT)
    window.show_notice(RefusalTold("GiveBack", "A-03"))
    window.show_notice(APPROVAL)
    sent.clear()
    return window


def test_a_pin_and_enter_approve_in_the_name_of_the_first_who_may(
    asked: CheckoutWindow, sent: Sent
) -> None:
    press(asked, "enter", *"24680", "enter")
    assert sent == []
    press(asked, "1", "enter")
    assert sent == [Approve("04", "246801")]
    assert {"Manager approval", "Grace Okafor", "Mei Lin", "Nothing has happened yet."} <= set(
        texts(asked)
    )


def test_the_cashier_stays_on_the_strip_and_nothing_can_be_left_for(
    asked: CheckoutWindow, sent: Sent
) -> None:
    assert asked.frame.rail.isVisible()
    assert asked.frame.strip.person.name.text() == "Mei Lin"
    press(asked, "f7", "f8", "f12")
    asked.frame.strip.person.pressed.emit()
    assert sent == []


def test_the_refusal_is_not_told_twice(asked: CheckoutWindow) -> None:
    assert not asked.frame.toast.isVisible()


def test_someone_else_is_the_next_who_may_and_the_digits_are_forgotten(
    asked: CheckoutWindow, sent: Sent
) -> None:
    press(asked, *"246801")
    screen = asked.frame.people.approval
    screen.someone_else.click()
    assert not screen.approve.isEnabled()
    assert {"Supervisor approval", "Tomás Rivera"} <= set(texts(asked))
    press(asked, *"135790", "enter")
    assert sent == [Approve("02", "135790")]
    press(asked, "down", *"246801", "enter")
    assert sent[-1] == Approve("04", "246801")


def test_esc_refuses(asked: CheckoutWindow, sent: Sent) -> None:
    press(asked, *"246801", "esc")
    assert sent == [RefuseApproval()]


def test_a_wrong_pin_is_said_until_the_next_digit(asked: CheckoutWindow) -> None:
    asked.show_notice(WRONG)
    assert "Wrong PIN. 2 tries left." in texts(asked)
    assert "Tomás Rivera" in texts(asked)
    press(asked, "1")
    assert "Wrong PIN. 2 tries left." not in texts(asked)


def test_where_nobody_may_approve_it_only_refusing_is_left(
    asked: CheckoutWindow, sent: Sent
) -> None:
    asked.show_notice(APPROVALS["nobody"])
    press(asked, *"246801", "enter")
    assert sent == []
    assert "Nobody here may approve this." in texts(asked)
    press(asked, "esc")
    assert sent == [RefuseApproval()]


def test_a_new_pin_is_typed_twice(window: CheckoutWindow, sent: Sent) -> None:
    window.show_notice(NewPinShown(MEI, 6))
    assert not window.frame.rail.isVisible()
    press(window, *"915372", "enter")
    assert "Type it once more" in texts(window)
    press(window, *"915373", "enter")
    assert "The two PINs differ." in texts(window)
    press(window, *"915372", "enter", *"915372", "enter")
    assert sent == [ChoosePin("915372")]
    window.show_notice(NewPinShown(MEI, 6, "A-07"))
    assert any(text.startswith("PIN used before") for text in texts(window))
    press(window, "esc")
    assert sent[-1] == SignOut()


def test_the_first_manager_is_named_with_a_pin_typed_twice(
    window: CheckoutWindow, sent: Sent
) -> None:
    window.show_notice(FirstRunShown())
    assert not window.frame.rail.isVisible()
    press(window, *"Ada", "enter", *"91537264", "enter", *"91537265")
    assert "The two PINs differ." in texts(window)
    press(window, "enter")
    assert sent == []
    press(window, "backspace", "4", "enter")
    assert sent == [FirstOperator("Ada", "91537264")]
    window.show_notice(FirstRunShown("A-06"))
    assert any(text.startswith("PIN too easy") for text in texts(window))


def test_no_pin_stands_in_a_text_field(window: CheckoutWindow) -> None:
    window.show_notice(FirstRunShown())
    press(window, *"Ada", "enter", *"91537264")
    screen = window.frame.people.first_run
    assert screen.name.field.text() == "Ada"
    assert len(screen.pin.digits) == 8


def test_the_name_on_the_strip_lets_somebody_else_take_over(
    window: CheckoutWindow, sent: Sent
) -> None:
    window.show_notice(CHECKOUT)
    window.frame.strip.person.pressed.emit()
    assert sent == [SwitchUser()]
    window.show_notice(SignInShown((MEI, TOMAS), staying=MEI))
    assert window.frame.strip.person.name.text() == "Mei Lin"
    press(window, *"000000", "enter")
    assert sent[-1] == SignIn("02", "000000")
    press(window, "1", "esc")
    assert sent[-1] == SignIn("02", "000000")
    press(window, "esc")
    assert sent[-1] == Stay()


def test_at_an_empty_till_there_is_nothing_to_go_back_to(
    window: CheckoutWindow, sent: Sent
) -> None:
    press(window, "esc")
    window.frame.strip.person.pressed.emit()
    assert sent == []


def test_twelve_digits_are_a_pin_and_a_thirteenth_is_none(
    window: CheckoutWindow, sent: Sent
) -> None:
    press(window, *"1234567890123", "enter")
    assert sent == [SignIn("01", "123456789012")]


def test_a_blocked_name_is_told_so(window: CheckoutWindow) -> None:
    window.show_notice(SignInShown((MEI, TOMAS), "02", "A-04"))
    assert "This name is blocked. Ask a manager." in texts(window)


def test_the_till_hears_now_and_then_that_somebody_is_here(
    dressed: QApplication, sent: Sent, clock: ManualClock
) -> None:
    wedge, target = Wedge(sent.append, clock=clock), QWidget()
    click = QMouseEvent(
        QEvent.Type.MouseButtonPress, QPointF(), QPointF(), Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    for _ in range(3):
        assert not wedge.eventFilter(target, click)
    assert sent == []
    clock.sleep(TELL_SECONDS)
    for _ in range(3):
        assert not wedge.eventFilter(target, click)
    assert sent == [StillHere()]


@pytest.fixture
def staff(window: CheckoutWindow, sent: Sent) -> CheckoutWindow:
    """A manager looks at the people."""
    window.show_notice(replace(CHECKOUT, operator=GRACE))
    window.show_notice(STAFF)
    sent.clear()
    return window


def test_a_manager_comes_to_the_people_from_the_question_who_is_here(
    window: CheckoutWindow, sent: Sent
) -> None:
    window.show_notice(SignInShown((MEI, GRACE), staying=MEI))
    assert not window.frame.sign_in.people.isVisible()
    window.show_notice(SignInShown((MEI, GRACE), staying=GRACE))
    window.frame.sign_in.people.click()
    assert sent == [ShowStaff()]


def test_one_person_is_renamed_promoted_blocked_and_given_a_first_pin(
    staff: CheckoutWindow, sent: Sent
) -> None:
    pane = staff.frame.people.staff.member_pane
    assert not pane.rename.isEnabled()
    pane.name.field.setText("Mei L.")
    pane.rename.click()
    pane.role.segments[Role.SUPERVISOR].click()
    pane.role.segments[Role.CASHIER].click()
    pane.pin.setFocus()
    press(staff, *"48261")
    assert not pane.reset.isEnabled()
    press(staff, "3")
    pane.reset.click()
    pane.block.click()
    assert sent == [
        RenameOperator("01", "Mei L."),
        ChangeRole("01", Role.SUPERVISOR),
        ResetPin("01", "482613"),
        BlockOperator("01"),
    ]
    staff.setFocus()
    press(staff, "down")
    pane.block.click()
    assert sent[-1] == UnblockOperator("02")


def test_somebody_is_added_by_keyboard_and_chosen_then(staff: CheckoutWindow, sent: Sent) -> None:
    screen = staff.frame.people.staff
    screen.add.click()
    press(staff, *"Sam")
    screen.add_pane.pin.setFocus()
    press(staff, *"482613", "enter")
    assert sent == [AddOperator("Sam", Role.CASHIER, "482613")]
    sam = Member(Operator("05", "Sam", Role.CASHIER), must_change=True)
    staff.show_notice(replace(STAFF, members=(*STAFF.members, sam)))
    assert {"05  Sam", "Chooses a PIN at the next sign-in"} <= set(texts(staff))


def test_a_switch_gives_a_role_a_permission_or_takes_it(staff: CheckoutWindow, sent: Sent) -> None:
    screen = staff.frame.people.staff
    screen.roles.click()
    screen.roles_pane.switches[Role.CASHIER, Permission.SETTLE].click()
    screen.roles_pane.switches[Role.CASHIER, Permission.REPRINT].click()
    assert sent == [
        EditRole(Role.CASHIER, BUILT_IN[Role.CASHIER] | {Permission.SETTLE}),
        EditRole(Role.CASHIER, BUILT_IN[Role.CASHIER] - {Permission.REPRINT}),
    ]


def test_esc_and_the_rail_lead_back_from_the_people(staff: CheckoutWindow, sent: Sent) -> None:
    staff.frame.people.staff.roles.click()
    press(staff, "esc")
    assert sent == []
    press(staff, "esc")
    staff.frame.rail.checkout.click()
    assert sent == [CloseList(), CloseList()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("window", WINDOWS)
def test_every_screen_of_people_fits(
    dressed: QApplication, window: tuple[int, int], language: str
) -> None:
    ROOM.measure(window[0])
    TONGUE.speak(language)
    approval, new_pin = ApprovalScreen(lambda _: None), NewPinScreen(lambda _: None)
    first = FirstRunScreen(Settings(), lambda _: None)
    pictures: list[tuple[str, QWidget, int]] = [(name, approval, RAIL) for name in APPROVALS]
    pictures += [("new pin", new_pin, 0), ("first", first, 0)]
    staff = StaffScreen(lambda _: None)
    pictures += [("member", staff, RAIL), ("add", staff, RAIL), ("roles", staff, RAIL)]
    for name, screen, rail in pictures:
        screen.setFixedSize(window[0] - rail, window[1] - STRIP)
        screen.show()
        if screen is approval:
            approval.show_approval(APPROVALS[name])
        staff.show_staff(STAFF)
        {"add": staff.on_add, "roles": staff.on_roles}.get(name, staff.update)()
        new_pin.show_new_pin(NewPinShown(GRACE, 8, "A-06"))
        first.show_first_run(FirstRunShown("A-05"))
        for _ in range(SETTLE):
            QApplication.processEvents()
        assert (name, cut_off(screen)) == (name, [])
    for screen in (approval, new_pin, first, staff):
        screen.close()
        screen.deleteLater()
    ROOM.measure(1366)
