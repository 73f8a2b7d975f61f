"""Screen G: every payment, found again; beside it one of them whole, and its money given back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from checkout.commands import CloseList, Command, PrintAgain, ShowSale, ShowSales
from checkout.notices import SaleLine, SaleShown, SalesShown
from domain.clock import Clock
from domain.operators import Operator
from domain.settings import Settings
from ui.buttons import Button
from ui.charge_hold_pane import ChargeHoldPane
from ui.give_back_pane import GiveBackPane, Segment
from ui.help_topics import topic_of_sale
from ui.help_wish import NO_TOPIC, Topic
from ui.last_five import Foot
from ui.other_card_pane import OtherCardPane
from ui.parts import Card, Label
from ui.room import ROOM
from ui.sale_detail import SaleDetail
from ui.sales_table import SalesTable
from ui.search_box import SearchBox
from ui.tongue import TONGUE, say

QUIET_MS = 120
"""So long the bar rests on a row before the payment is asked for."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_ENDS = {Qt.Key.Key_Home: -1_000_000_000, Qt.Key.Key_End: 1_000_000_000}


class TransactionsScreen(QWidget):
    """Draws SalesShown and SaleShown; asks for pages, payments, and money back."""

    changed = Signal()
    """Another pane stands beside the list: Enter has another meaning from now on."""

    def __init__(self, settings: Settings, send: Callable[[Command], None], clock: Clock) -> None:
        super().__init__()
        self._send = send
        self._clock = clock
        self._asked: tuple[str, str, int | None] | None = None
        self._shown = SalesShown((), "", "", 0, more=False)
        self.search = SearchBox()
        self.today = Segment()
        self.today.setSizePolicy(
            self.today.sizePolicy().Policy.Fixed, self.today.sizePolicy().Policy.Fixed
        )
        self._only_today = True
        self.table = SalesTable()
        self._count = Label("", 15, 400)
        self._foot = Foot()
        self.detail = SaleDetail(settings)
        self.pane = GiveBackPane(settings.money, send)
        self.charge_pane = ChargeHoldPane(settings.money, send)
        self.other_card_pane = OtherCardPane(settings.money, send)
        self._panes = (self.pane, self.charge_pane, self.other_card_pane)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._lay_out()
        self.refit()
        self.retranslate()
        self.search.searched.connect(self.on_searched)
        self.today.clicked.connect(self.on_today)
        self.table.selected.connect(self.on_selected)
        self.table.opened.connect(self.on_opened)
        self.table.more_wanted.connect(self.on_more_wanted)
        self._quiet.timeout.connect(self.on_opened)
        self.detail.back_wanted.connect(self.on_back_wanted)
        self.detail.paper_wanted.connect(self.on_paper_wanted)
        self.detail.charge_wanted.connect(self.on_charge_wanted)
        self.detail.other_card_wanted.connect(self.on_other_card_wanted)
        for pane in self._panes:
            pane.closed.connect(self.close_pane)
        ROOM.changed.connect(self.refit)
        TONGUE.changed.connect(self.retranslate)

    def _lay_out(self) -> None:
        self._filters = QHBoxLayout()
        self._filters.setSpacing(10)
        self._filters.addWidget(self.search, 1)
        self._filters.addWidget(self.today)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(self._count)
        self._foot.setFixedHeight(52)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self._foot)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addLayout(self._filters)
        left.addWidget(card, 1)
        self._columns = QHBoxLayout(self)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self.detail)
        for pane in self._panes:
            self._columns.addWidget(pane)
            pane.hide()
        QWidget.setTabOrder(self.table, self.search.field)
        QWidget.setTabOrder(self.search.field, self.today)

    def help_topic(self) -> Topic:
        """The code of the payment beside the list."""
        shown = self.detail.shown
        return topic_of_sale(shown.sale) if shown is not None else NO_TOPIC

    def begin(self) -> None:
        """Open the list of today, with nothing searched."""
        self.search.clear()
        self._only_today = True
        self._shown = SalesShown((), "", "", 0, more=False)
        self.table.set_rows([], with_days=False)
        self.detail.show_sale(None)
        self.close_pane()
        self.retranslate()
        self._ask()

    def refresh(self) -> None:
        """The payment that was open may have changed its row: ask for the list again."""
        number = self.table.number
        self._ask()
        if number:
            self._send(ShowSale(number))

    def set_operator(self, operator: Operator) -> None:
        """Whose permission counts."""
        self.detail.set_operator(operator)

    def _ask(self, before: int | None = None) -> None:
        day = self._clock.now().astimezone().date().isoformat() if self._only_today else ""
        wanted = (self.search.text, day, before)
        if before is not None and wanted == self._asked:
            return
        self._asked = wanted
        self._send(ShowSales(*wanted))

    def show_sales(self, shown: SalesShown) -> None:
        """A page: of another question it replaces the list, of the same one it is put into it."""
        same = (shown.search, shown.day) == (self._shown.search, self._shown.day)
        rows = merged(self.table.rows, shown.rows) if same else list(shown.rows)
        is_last = not rows or not shown.rows or rows[-1].number == shown.rows[-1].number
        more = shown.more if is_last else self._shown.more
        self._shown = SalesShown((), shown.search, shown.day, shown.total, more)
        self._asked = None
        before = self.table.number
        self.table.set_rows(rows, with_days=not shown.day)
        self.retranslate()
        if self.table.number and (self.table.number != before or self.detail.shown is None):
            self._quiet.start()
        if not rows:
            self.detail.show_sale(None)
            self.close_pane()

    def show_sale(self, shown: SaleShown) -> None:
        """One payment whole."""
        number = shown.sale.number
        self.detail.show_sale(shown)
        pane = self._open_pane
        if pane is not None and number == pane.number and pane.takes(shown):
            pane.show_sale(shown)
        else:
            self.close_pane()
        if any(row.number == number for row in self.table.rows):
            self.table.select(number)
            self._quiet.stop()

    def retranslate(self) -> None:
        """All words in the language of the screen."""
        self.today.set_text(say("Today"))
        self.today.set_on(on=self._only_today)
        total = self._shown.total
        self._count.setText(
            say("{n} today", n=total) if self._only_today else say("{n} found", n=total)
        )

    def refit(self) -> None:
        """Take the sizes of the window's width."""
        edge = ROOM.pick(16, 20, 32)
        self._columns.setContentsMargins(edge, edge, edge, edge)
        self._columns.setSpacing(ROOM.pick(16, 20, 28))

    def primary(self) -> None:
        """What Enter does: confirm in the pane, search in the box, else open the row."""
        pane = self._open_pane
        if pane is not None:
            pane.primary()
        elif self.search.field.hasFocus():
            self.search.search_now()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.detail.back.hasFocus() or self.detail.charge.hasFocus():
            (self.detail.back if self.detail.back.hasFocus() else self.detail.charge).click()
        else:
            self.on_opened()
            first = self.detail.back if self.detail.charge.isHidden() else self.detail.charge
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def key(self, event: QKeyEvent) -> bool:
        """A key that no control wanted. True where it meant something here."""
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control:
            if key == Qt.Key.Key_F and self._open_pane is None:
                self.search.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.search.field.selectAll()
                return True
            return False
        if self._open_pane is not None:
            return self._open_pane.key(event)
        if key in _STEPS:
            self.table.go_by(_STEPS[key])
        elif key in _PAGES:
            self.table.go_by(_PAGES[key] * self.table.page())
        elif key in _ENDS:
            self.table.go_by(_ENDS[key])
        elif key in (Qt.Key.Key_R, Qt.Key.Key_V):
            self.detail.back.click()
        elif key in (Qt.Key.Key_C, Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_O):
            self._press(
                {
                    Qt.Key.Key_C: self.detail.charge,
                    Qt.Key.Key_P: self.detail.customer_slip,
                    Qt.Key.Key_S: self.detail.shop_slip,
                    Qt.Key.Key_O: self.detail.other_card,
                }[Qt.Key(key)]
            )
        elif key == Qt.Key.Key_Escape:
            self._back()
        else:
            return False
        return True

    @staticmethod
    def _press(button: Button) -> None:
        """A key of a button, which is there for some payments only."""
        if button.isVisible():
            button.click()

    def _back(self) -> None:
        if self.search.text:
            self.search.clear()
            self._ask()
        elif self.search.field.hasFocus():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._send(CloseList())

    def on_searched(self, _text: str) -> None:
        """Something else is looked for."""
        self._ask()

    def on_today(self) -> None:
        """Today only, or all days."""
        self._only_today = not self._only_today
        self.retranslate()
        self._ask()

    def on_selected(self, _number: int) -> None:
        """The bar moves; the payment is asked for when it rests."""
        self._quiet.start()

    def on_opened(self, _number: int = 0) -> None:
        """Show the row with the bar whole."""
        self._quiet.stop()
        if self.table.number and self._open_pane is None:
            self._send(ShowSale(self.table.number))

    def on_more_wanted(self) -> None:
        """The end of what is loaded comes near."""
        if self._shown.more and self.table.rows and self._asked is None:
            self._ask(self.table.rows[-1].number)

    def on_back_wanted(self) -> None:
        """Put the pane in place of the detail."""
        self._open(self.pane)

    def on_charge_wanted(self) -> None:
        """The same for an amount that is held."""
        self._open(self.charge_pane)

    def on_other_card_wanted(self) -> None:
        """The same where the card that paid cannot be shown."""
        self._open(self.other_card_pane)

    @property
    def _open_pane(self) -> GiveBackPane | ChargeHoldPane | None:
        """What stands in the detail's place, if anything."""
        return next((pane for pane in self._panes if pane.isVisibleTo(self)), None)

    def _open(self, pane: GiveBackPane | ChargeHoldPane) -> None:
        shown = self.detail.shown
        if shown is not None:
            pane.begin(shown)
            self.detail.hide()
            pane.show()
            pane.first.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()

    def on_paper_wanted(self, for_customer: bool) -> None:  # Qt gives it so
        """A copy of a slip of the payment beside the list."""
        shown = self.detail.shown
        if shown is not None:
            self._send(PrintAgain(shown.sale.number, for_customer))

    def close_pane(self) -> None:
        """The detail again."""
        pane = self._open_pane
        if pane is None:
            return
        if self.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        pane.hide()
        self.detail.show()
        self.changed.emit()


def merged(old: tuple[SaleLine, ...], new: tuple[SaleLine, ...]) -> list[SaleLine]:
    """Both together, newest first; of two pictures of one payment the newer picture."""
    if old and new and new[0].number < old[-1].number:
        return [*old, *new]
    return sorted(
        {line.number: line for line in (*old, *new)}.values(),
        key=lambda line: line.number,
        reverse=True,
    )
