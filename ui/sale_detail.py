"""One payment out of the list, whole: what became of it, of the money, its history and its paper."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from checkout.notices import SaleLine, SaleShown
from domain.faults import Moved
from domain.give_back import Way
from domain.kinds import Kind
from domain.operators import Operator, Permission, may
from domain.receipts import FOR_THE_SHOP, may_have_customer_paper
from domain.settings import Settings
from ui.amount_display import AmountDisplay
from ui.buttons import Button
from ui.history_log import HistoryLog
from ui.parts import Card, Divider, Label, MoneyLine, Picture, SchemeTag
from ui.payment_words import Fact, clock_time, moved_words, trace_of
from ui.room import ROOM
from ui.sale_words import history_rows, kind_word, paid_with, result_of, title_of, trace_text
from ui.slip_preview import SlimScrollBar, SlipPaper
from ui.theme import THEME
from ui.tongue import TONGUE, say
from ui.truth_pane import FactLine

MOST_FACTS = 10
MOST_MOMENTS = 10


class BackButton(Button):
    """Stands beside the list; the arrows stay the list's."""

    leaves_arrows: ClassVar[bool] = True


class SaleDetail(Card):
    """Draws SaleShown; `back_wanted` where its money shall be given back.

    What is only held is charged (`charge_wanted`) or released, which is its way back.
    """

    back_wanted = Signal()
    charge_wanted = Signal()
    other_card_wanted = Signal()
    paper_wanted = Signal(bool)
    """A copy of a slip, the customer's or else the shop's."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: SaleShown | None = None
        self._operator: Operator | None = None
        self._title = Label("", 20, 600, tracking=-0.01, wrap=True)
        self._sign = Picture("", "ok", 20)
        self._word = Label("", 15, 600)
        self._amount = AmountDisplay(44)
        self._scheme = SchemeTag()
        self._number = Label("", 15)
        self._money = MoneyLine(compact=True)
        self._none = Label("", 17, 400, "ink3", wrap=True)
        self._facts = tuple(FactLine(beside=True) for _ in range(MOST_FACTS))
        self._history_head = Label("", 15, 600)
        self._log = HistoryLog(MOST_MOMENTS, ink="ink", faint="ink2", rule="line", small=True)
        self._paper = SlipPaper(settings.printer.columns)
        self._well = Card("press", "", radius=12)
        self._inside = QWidget()
        self._scroll = QScrollArea()
        self._head = QVBoxLayout()
        self._column = QVBoxLayout(self)
        self._foot = QVBoxLayout()
        self.back = BackButton("primary", "xl", icon="refund", keycap="R")
        self.charge = BackButton("primary", "xl", icon="card", keycap="C")
        self._why = Label("", 15, 400, "ink2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.customer_slip = BackButton("secondary", "small", keycap="P")
        self.shop_slip = BackButton("secondary", "small", keycap="S")
        self.other_card = BackButton("quiet", "small", keycap="O")
        self._other_cards = settings.acquirer.refund_to_other_card
        self._lay_out()
        self.refit()
        self.show_sale(None)
        self.back.clicked.connect(self.back_wanted)
        self.charge.clicked.connect(self.charge_wanted)
        self.other_card.clicked.connect(self.other_card_wanted)
        self.customer_slip.clicked.connect(lambda: self.paper_wanted.emit(True))
        self.shop_slip.clicked.connect(lambda: self.paper_wanted.emit(False))
        THEME.changed.connect(self.restyle)
        TONGUE.changed.connect(self.retranslate)
        ROOM.changed.connect(self.refit)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addWidget(self._sign)
        top.addWidget(self._word)
        card = QHBoxLayout()
        card.setSpacing(10)
        card.addWidget(self._scheme)
        card.addWidget(self._number)
        card.addStretch(1)
        self._head.addLayout(top)
        self._head.addWidget(self._amount)
        self._head.addLayout(card)
        self._head.addWidget(self._none)
        well = QVBoxLayout(self._well)
        well.setContentsMargins(0, 10, 0, 10)
        well.addWidget(self._paper, 0, Qt.AlignmentFlag.AlignHCenter)
        body = QVBoxLayout(self._inside)
        body.setSpacing(8)
        body.addWidget(self._money)
        body.addSpacing(4)
        for fact in self._facts:
            body.addWidget(fact)
        body.addSpacing(8)
        body.addWidget(self._history_head)
        body.addWidget(self._log)
        body.addWidget(self._well)
        body.addStretch(1)
        self._body = body
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBar(SlimScrollBar())
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addLayout(self._head)
        self._column.addWidget(Divider())
        self._column.addWidget(self._scroll, 1)
        self._column.addWidget(Divider())
        papers = QHBoxLayout()
        papers.setSpacing(10)
        papers.addWidget(self.customer_slip, 1)
        papers.addWidget(self.shop_slip, 1)
        self._foot.addLayout(papers)
        self._foot.addWidget(self.charge)
        self._foot.addWidget(self.back)
        self._foot.addWidget(self._why)
        self._foot.addWidget(self.other_card)
        self._column.addLayout(self._foot)
        self.restyle()

    @property
    def shown(self) -> SaleShown | None:
        """What it draws, if anything."""
        return self._shown

    def show_sale(self, shown: SaleShown | None) -> None:
        """Another payment, or none."""
        again = shown is not None and self._shown is not None
        same = again and shown.sale.number == self._shown.sale.number  # type: ignore[union-attr]
        self._shown = shown
        self.retranslate()
        if not same:
            self._scroll.verticalScrollBar().setValue(0)

    def set_operator(self, operator: Operator) -> None:
        """Whose permission counts."""
        self._operator = operator
        self._offer()

    def restyle(self) -> None:
        """The scroll bar in the colours of the theme."""
        self._scroll.verticalScrollBar().setStyleSheet(THEME.scroll_bar())

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        shown = self._shown
        for part in (self._sign, self._word, self._amount, self._scheme, self._number):
            part.setVisible(shown is not None)
        self._inside.setVisible(shown is not None)
        self._none.setVisible(shown is None)
        self._none.setText(say("Choose a payment in the list."))
        self._title.setVisible(shown is not None)
        is_hold = shown is not None and shown.sale.kind is Kind.PREAUTH
        self.charge.set_text(say("Charge the hold"))
        self.back.set_text(say("Release the hold") if is_hold else say("Give money back"))
        self.back.set_kind("secondary" if is_hold else "primary")
        self.back.set_icon("void" if is_hold else "refund")
        self.customer_slip.set_text(say("Customer slip"))
        self.shop_slip.set_text(say("Shop slip"))
        self.other_card.set_text(say("The card cannot be shown"))
        self._offer()
        if shown is None:
            return
        sale = shown.sale
        line = SaleLine(sale.number, sale.state, sale.amount, sale.card, sale.started_at, sale.kind)
        result = result_of(line)
        self._title.setText(title_of(sale.kind, sale.number, sale.original))
        self._sign.set_icon(result.icon, result.token)
        self._word.setText(say(result.word))
        self._word.set_token(result.token)
        is_back = sale.row.gives_back and sale.kind is not Kind.PREAUTH_VOID
        self._amount.set_money(-sale.amount if is_back else sale.amount)
        self._amount.setVisible(bool(sale.amount))
        scheme, number = paid_with(line)
        self._scheme.set_text(scheme)
        self._scheme.setVisible(bool(scheme))
        self._number.setText(number)
        money = moved_words(shown.moved, sale)
        self._money.set_line(money.kind, money.line, money.small)
        self._show_facts(shown)
        rows = history_rows(sale)
        self._history_head.setText(say("History"))
        self._history_head.setVisible(bool(rows))
        self._log.set_rows(rows)
        self._well.setVisible(bool(shown.slips))
        self._paper.set_document(shown.slips[-1].document if shown.slips else None)
        self.setAccessibleName(f"{self._title.text()}. {say(result.word)}. {money.line}")

    def _show_facts(self, shown: SaleShown) -> None:
        sale, answer = shown.sale, shown.sale.answer
        day, time = TONGUE.day(sale.started_at), clock_time(sale.started_at)
        facts = [Fact(say("Date"), day), Fact(say("Time"), time)]
        facts.append(Fact(say("Operator"), sale.operator.name))
        if sale.stan is not None:
            facts.append(Fact(say("Trace"), trace_of(sale)))
            facts.append(Fact(say("Batch"), f"{sale.batch:06d}"))
        if answer is not None and answer.auth_code:
            facts.append(Fact(say("Auth code"), answer.auth_code))
        if answer is not None and answer.rrn:
            facts.append(Fact(say("RRN"), answer.rrn))
        if sale.given_reason:
            facts.append(Fact(say("Reason"), say(sale.given_reason)))
        if sale.approver:
            facts.append(Fact(say("Approved by"), sale.approver))
        if shown.refunded:
            facts.append(Fact(say("Refunded"), str(shown.refunded)))
        for move in shown.moves:
            word = f"{kind_word(move.kind)} {trace_text(move.stan)}"
            facts.append(Fact(word, f"{move.amount} {say(result_of(move).word)}"))
        facts = facts[-MOST_FACTS:]
        for place, line in enumerate(self._facts):
            line.setVisible(place < len(facts))
            if place < len(facts):
                line.set_fact(facts[place])

    def _offer(self) -> None:
        """Whether money can be given back, and why not."""
        shown = self._shown
        why = ""
        if shown is not None and shown.way_back.kind in {Way.NONE, Way.REVERSAL}:
            why = say(shown.way_back.why)
        elif shown is not None and not may(self._operator, Permission.GIVE_BACK):
            why = say("A supervisor or a manager approves it.")
        elif shown is not None:
            why = say(shown.way_back.arrives)
        if shown is not None and shown.why_not_completable:
            why = say(shown.why_not_completable)
        is_free = shown is not None and shown.moved is Moved.RELEASED
        completable = shown.completable if shown is not None else None
        self.charge.setVisible(completable is not None)
        self.charge.setEnabled(may(self._operator, Permission.SELL))
        can = shown is not None and shown.way_back.kind in {Way.VOID, Way.REFUND}
        self.back.setEnabled(can)
        self.back.setVisible(shown is not None and not is_free)
        self._why.setText(why)
        self._why.setVisible(bool(why) and not is_free)
        kinds = {slip.kind for slip in shown.slips} if shown is not None else set()
        customers = kinds - FOR_THE_SHOP
        first = shown is not None and may_have_customer_paper(shown.sale)
        self.customer_slip.setVisible(bool(customers) or first)
        is_charge = shown is not None and shown.sale.kind is not Kind.PREAUTH
        self.other_card.setVisible(self._other_cards and can and is_charge)
        self.shop_slip.setVisible(bool(kinds & FOR_THE_SHOP))

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        self.setFixedWidth(ROOM.pick(332, 396, 480))
        side = ROOM.pick(16, 22, 28)
        self._head.setContentsMargins(side, ROOM.pick(16, 20, 28), side, 14)
        self._head.setSpacing(6)
        self._body.setContentsMargins(side, 14, side, 14)
        self._foot.setContentsMargins(*ROOM.pick((12, 12, 12, 12), (16, 14, 16, 14), (24,) * 4))
        self._foot.setSpacing(10)
        self._amount.setFixedHeight(58)
        self._paper.set_width(ROOM.pick(280, 330, 400))
        # Now, or the list beneath would take its width from the paper as it was.
        for layout in (self._well.layout(), self._body):
            if layout is not None:
                layout.activate()
        for line in self._facts:
            line.refit()
        self._log.refit()
