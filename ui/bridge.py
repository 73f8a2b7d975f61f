"""Where a thread meets a widget, the only place: notices go in from any thread and come out in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    # Behind the first paint: the till brings its notices along.
    from checkout.notices import Notice


class Bridge(QObject):
    """Carries the till's notices into the GUI thread, in order; made there.

    A receiver connects to `notice` with Qt.ConnectionType.QueuedConnection, so that a notice told
    by the GUI thread itself is queued as well.
    """

    notice = Signal(object)

    def tell(self, notice: Notice) -> None:
        """For any thread; returns at once."""
        self.notice.emit(notice)
