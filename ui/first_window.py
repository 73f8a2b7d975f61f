"""One till, one window: a second start calls the first one to the front."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

CONNECT_MS = 300


class FirstWindow(QObject):
    """Listens for later starts over the same folder and brings the window up for them."""

    def __init__(self, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # A till that was killed leaves its socket behind; nobody listens there any more.
        QLocalServer.removeServer(_name(folder))
        self._server.listen(_name(folder))
        self._server.newConnection.connect(self.on_called)

    def on_called(self) -> None:
        """Another start asked for us."""
        caller = self._server.nextPendingConnection()
        if caller is not None:
            caller.disconnectFromServer()
            caller.deleteLater()
        if self._window.isMinimized():
            self._window.showMaximized()
        self._window.raise_()
        self._window.activateWindow()


def call_first_window(folder: Path) -> bool:
    """Whether a window over this folder is open already; it comes to the front."""
    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    return socket.waitForConnected(CONNECT_MS)


def _name(folder: Path) -> str:
    return "tillwright-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
