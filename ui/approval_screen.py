"""Screen F2: somebody who may do it approves an act, beside whoever asks for it.

Whoever stands at the till stays there. The act is named in full; nothing covers the amount.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import Command
from checkout.people_commands import Approve, RefuseApproval
from checkout.people_notices import ApprovalShown
from domain.operators import PERMISSION_NAMES, ROLE_NAMES, Operator, Role
from domain.words import N_
from ui.amount_display import AmountDisplay
from ui.announce import announce
from ui.buttons import Button
from ui.help_wish import NO_TOPIC, Topic
from ui.parts import Avatar, Card, Label, MoneyLine, Picture
from ui.payment_words import Fact
from ui.pin_entry import PinPad
from ui.room import ROOM
from ui.sale_words import title_of
from ui.told import fault_and_remedy
from ui.tongue import TONGUE, say
from ui.truth_pane import FactLine

APPROVAL = {
    Role.CASHIER: N_("Approval"),
    Role.SUPERVISOR: N_("Supervisor approval"),
    Role.MANAGER: N_("Manager approval"),
}
WRONG_PIN, LOCKED = "A-01", "A-02"
MOST_FACTS = 5
_CENTRE = Qt.AlignmentFlag.AlignCenter


class ApprovalScreen(QWidget):
    """Draws ApprovalShown; sends Approve or RefuseApproval."""

    def __init__(self, send: Callable[[Command], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._shown: ApprovalShown | None = None
        self._chosen: Operator | None = None
        self._act = Label("", 20, 600, tracking=-0.01, wrap=True)
        self._sale = Label("", 15, 400, "ink3")
        self._amount = AmountDisplay(64)
        self._money = MoneyLine()
        self._facts = tuple(FactLine() for _ in range(MOST_FACTS))
        self._title = Label("", 20, 600, tracking=-0.01)
        self._avatar = Avatar(44, 17)
        self._name = Label("", 17, 600, elide=True)
        self._role = Label("", 15, 400, "ink2")
        self.someone_else = Button("quiet", "small")
        self._well = Card("sunken", radius=10)
        self._asked = FactLine(beside=True)
        self._asker = FactLine(beside=True)
        self._fault = Label("", 15, 600, "bad", align=_CENTRE, wrap=True)
        self.pad = PinPad()
        self.approve = Button("primary", "xl", keycap="Enter ↵")
        self.refuse = Button("secondary", "money", keycap="Esc")
        self._left = Card()
        self._pane = Card("surface", "accent", 2)
        self._lay_out()
        self.refit()
        self.retranslate()
        self.pad.changed.connect(self.on_digits)
        self.approve.clicked.connect(self.primary)
        self.refuse.clicked.connect(self.on_refused)
        self.someone_else.clicked.connect(self.on_someone_else)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._act, 1)
        head.addWidget(self._sale)
        self._list = QVBoxLayout()
        for fact in self._facts:
            self._list.addWidget(fact)
        self._truth = QVBoxLayout(self._left)
        self._truth.setSpacing(0)
        self._truth.addLayout(head)
        self._truth.addSpacing(6)
        self._truth.addWidget(self._amount)
        self._truth.addSpacing(18)
        self._truth.addWidget(self._money)
        self._truth.addSpacing(20)
        self._truth.addLayout(self._list)
        self._truth.addStretch(1)
        title = QHBoxLayout()
        title.setSpacing(14)
        title.addWidget(Picture("user-check", "accent", 26))
        title.addWidget(self._title, 1)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._role)
        person = QHBoxLayout()
        person.setSpacing(12)
        person.addWidget(self._avatar)
        person.addLayout(names, 1)
        person.addWidget(self.someone_else)
        well = QVBoxLayout(self._well)
        well.setContentsMargins(16, 10, 16, 10)
        well.setSpacing(4)
        well.addWidget(self._asked)
        well.addWidget(self._asker)
        self._column = QVBoxLayout(self._pane)
        self._column.addLayout(title)
        self._column.addLayout(person)
        self._column.addWidget(self._well)
        self._column.addWidget(self._fault)
        self._column.addWidget(self.pad, 1)
        refuse = QHBoxLayout()
        refuse.addWidget(self.refuse, 0, Qt.AlignmentFlag.AlignTop)
        refuse.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.addWidget(self._left, 0, 0)
        self._grid.addWidget(self._pane, 0, 1)
        self._grid.addLayout(refuse, 1, 0)
        self._grid.addWidget(self.approve, 1, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setRowStretch(0, 1)

    def show_approval(self, shown: ApprovalShown) -> None:
        """An act that waits, or what became of a try to approve it."""
        known = {operator.id: operator for operator in shown.approvers}
        before = self._chosen.id if self._chosen is not None else ""
        first = shown.approvers[0] if shown.approvers else None
        self._chosen = known.get(shown.chosen, known.get(before, first))
        self._shown = shown
        self.pad.clear()
        self.retranslate()
        announce(self, f"{self._title.text()}. {self._act.text()}. {self._fault.text()}")

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self.refuse.set_text(say("Refuse"))
        self.someone_else.set_text(say("Someone else"))
        self._money.set_line("none", say("Nothing has happened yet."))
        shown = self._shown
        if shown is None:
            self.approve.set_text(say("Approve"))
            return
        act = say(PERMISSION_NAMES[shown.permission])
        self._act.setText(act)
        self._show_act(shown)
        self._amount.setVisible(shown.amount is not None)
        if shown.amount is not None:
            self._amount.set_money(shown.amount)
            self.approve.set_text(say("Approve {amount}", amount=shown.amount))
        else:
            self.approve.set_text(say("Approve"))
        self._asked.set_fact(Fact(act, str(shown.amount) if shown.amount is not None else ""))
        self._asker.set_fact(Fact(say("Asked by"), shown.operator.name))
        self._show_approver(shown)
        self.on_digits()

    def _show_act(self, shown: ApprovalShown) -> None:
        sale = shown.sale
        self._sale.setText(title_of(sale.kind, sale.number, sale.original) if sale else "")
        facts = [Fact(say("Operator"), shown.operator.name)]
        if sale is not None:
            facts.append(Fact(say("Payment"), title_of(sale.kind, sale.number, sale.original)))
        if sale is not None and sale.card is not None:
            facts.append(Fact(say("Scheme"), sale.card.scheme, tag=True))
            facts.append(Fact(say("Card"), f"•• {sale.card.last4}"))
        if shown.reason:
            facts.append(Fact(say("Reason"), say(shown.reason)))
        for place, line in enumerate(self._facts):
            line.setVisible(place < len(facts))
            if place < len(facts):
                line.set_fact(facts[place])

    def _show_approver(self, shown: ApprovalShown) -> None:
        chosen = self._chosen
        for part in (self._avatar, self.pad):
            part.setVisible(chosen is not None)
        self.someone_else.setVisible(len(shown.approvers) > 1)
        if chosen is None:
            self._title.setText(say(APPROVAL[Role.CASHIER]))
            self._name.setText(say("Nobody here may approve this."))
            self._role.setText("")
            return
        self._title.setText(say(APPROVAL[chosen.role]))
        self._avatar.set_initials(chosen.initials)
        self._name.setText(chosen.name)
        self._role.setText(say(ROLE_NAMES[chosen.role]))

    def _fault_words(self) -> str:
        shown = self._shown
        if shown is None or self._chosen is None or shown.chosen != self._chosen.id:
            return ""
        if shown.fault == WRONG_PIN:
            if shown.tries_left == 1:
                return say("Wrong PIN. One try left.")
            return say("Wrong PIN. {n} tries left.", n=shown.tries_left)
        if shown.fault == LOCKED:
            return say("Locked. Ask a manager to unlock.")
        return fault_and_remedy(shown.fault)

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._grid.setContentsMargins(edge, edge, edge, edge)
        self._grid.setHorizontalSpacing(ROOM.pick(16, 20, 28))
        self._grid.setVerticalSpacing(ROOM.pick(12, 16, 24))
        self._pane.setFixedWidth(ROOM.pick(380, 420, 560))
        self._column.setContentsMargins(*ROOM.pick((18,) * 4, (24, 22, 24, 20), (36,) * 4))
        self._column.setSpacing(ROOM.pick(10, 12, 20))
        self._truth.setContentsMargins(
            *ROOM.pick((18, 18, 18, 16), (24, 24, 24, 20), (36, 36, 36, 36))
        )
        self._amount.set_px(ROOM.pick(56, 64, 92))
        self._amount.setFixedHeight(ROOM.pick(64, 72, 104))
        self._list.setSpacing(ROOM.pick(8, 12, 18))
        for line in (*self._facts, self._asked, self._asker):
            line.refit()

    def primary(self) -> None:
        """What Enter does: approve, once there can be a PIN."""
        if self._chosen is not None and self.pad.is_enough:
            self._send(Approve(self._chosen.id, self.pad.take()))

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        if event.key() == Qt.Key.Key_Escape:
            self.on_refused()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._choose_by(1 if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right) else -1)
        else:
            return self.pad.key(event)
        return True

    def help_topic(self) -> Topic:
        """What stands in the way of the approval."""
        return Topic(self._shown.fault) if self._shown and self._shown.fault else NO_TOPIC

    def _choose_by(self, step: int) -> None:
        approvers = self._shown.approvers if self._shown is not None else ()
        if self._chosen in approvers:
            place = (approvers.index(self._chosen) + step) % len(approvers)
            self._chosen = approvers[place]
            self.pad.clear()
            self.retranslate()

    def on_someone_else(self) -> None:
        """The next one who may."""
        self._choose_by(1)

    def on_digits(self) -> None:
        """Another digit: what was wrong with the last try is over."""
        words = self._fault_words() if not len(self.pad) else ""
        self._fault.setText(words)
        self._fault.setVisible(bool(words))
        self.approve.setEnabled(self.pad.is_enough and self._chosen is not None)

    def on_refused(self) -> None:
        """It does not happen."""
        self.pad.clear()
        self._send(RefuseApproval())
