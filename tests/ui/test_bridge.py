"""Guards the one way from a thread to a widget: in order, on the GUI thread, without a leak."""

from __future__ import annotations

import sys
from threading import Thread, current_thread, main_thread

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from checkout.notices import RefusalTold
from ui.bridge import Bridge

MANY = 10_000


class Listener(QObject):
    """Keeps what it is told and where it was told it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []
        self.threads: set[object] = set()

    def on_notice(self, notice: object) -> None:
        self.told.append(notice)
        self.threads.add(current_thread())


def test_notices_of_a_thread_arrive_in_order_on_the_gui_thread(qtbot: QtBot) -> None:
    bridge, listener = Bridge(), Listener()
    bridge.notice.connect(listener.on_notice, Qt.ConnectionType.QueuedConnection)
    notices = [RefusalTold("Cancel", str(number)) for number in range(200)]

    def tell() -> None:
        for notice in notices:
            bridge.tell(notice)

    thread = Thread(target=tell, name="teller")
    thread.start()
    thread.join()
    assert listener.told == []
    qtbot.waitUntil(lambda: len(listener.told) == len(notices))
    assert listener.told == notices
    assert listener.threads == {main_thread()}


def test_ten_thousand_notices_leave_no_reference_behind(qtbot: QtBot) -> None:
    """PySide6 6.12.0 lost one reference to None, True or False a call, and aborted in the end."""
    bridge, listener = Bridge(), Listener()
    bridge.notice.connect(listener.on_notice)
    label = QLabel()
    qtbot.addWidget(label)
    notice = RefusalTold("Cancel", "")
    before = [sys.getrefcount(thing) for thing in (None, True, False)]
    for _ in range(MANY):
        bridge.tell(notice)
        label.setText("¥128.00")
        label.setVisible(False)
        label.isVisible()
    listener.told.clear()
    after = [sys.getrefcount(thing) for thing in (None, True, False)]
    assert all(abs(a - b) < MANY // 100 for a, b in zip(after, before, strict=True)), (
        before,
        after,
    )
