"""One running program per user: a second start hands over its file and ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject

from qihua_desktop import paths

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

_CONNECT_MS = 200
_WRITE_MS = 1_000


class InstanceServer(QObject):
    """Listens for later starts and calls back with the file each brought, or None."""

    def __init__(self, on_start: Callable[[Path | None], object], parent: QObject | None = None) -> None:
        from PySide6.QtNetwork import QLocalServer

        super().__init__(parent)
        self._on_start = on_start
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(_server_name()):
            QLocalServer.removeServer(_server_name())
            self._server.listen(_server_name())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket is not None:
            socket.readyRead.connect(lambda: self._on_message(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _on_message(self, socket: QLocalSocket) -> None:
        name = bytes(socket.readAll().data()).decode("utf-8", "replace").strip()
        self._on_start(Path(name) if name else None)


def hand_over(path: Path | None) -> bool:
    """Tell a running program to come to the front and open a file; returns whether one listens."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(_server_name())
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    socket.write(QByteArray((str(path.absolute()) if path else "").encode("utf-8") or b"\n"))
    socket.waitForBytesWritten(_WRITE_MS)
    socket.disconnectFromServer()
    return True


def _server_name() -> str:
    """Return a name of this user and settings folder, so that tests and other users are apart."""
    return "qihua-" + hashlib.sha256(str(paths.settings_file()).encode("utf-8")).hexdigest()[:16]
