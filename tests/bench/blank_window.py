"""The least that a window can be: blank, of the same Qt; prints the moment of its first paint."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class Blank(QMainWindow):
    """Tells once that it has painted, as ui/application does for the till's window."""

    def paintEvent(self, event) -> None:  # noqa: N802  # Qt's name
        super().paintEvent(event)
        QTimer.singleShot(0, tell)


def tell() -> None:
    sys.stderr.write(f'{{"painted": {time.monotonic()}}}\n')
    application.quit()


application = QApplication(sys.argv)
window = Blank()
window.resize(1366, 768)
window.show()
application.exec()
