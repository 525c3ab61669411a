"""A department page over a workspace of its own, driven by mouse and keys."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.opening import open_workspace
from qihua_desktop.services.session import Session
from ui.common.actions import ActionRegistry
from ui.common.context import AppContext
from ui.common.jobs import Jobs
from ui.common.page import Page
from ui.common.theme import ThemeMode, theme


@dataclass
class Shown:
    """A shown page, what stands behind it, and where it asked to go."""

    page: Any
    session: Session
    context: AppContext
    qtbot: QtBot
    gone: list[tuple[str, object]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    exported: list[tuple[str, object]] = field(default_factory=list)

    def cell(self, table: Any, identity: bytes, key: str) -> Any:
        """Return the index of a cell."""
        model = table.model()
        keys = [column.key for column in model.columns]
        return model.index_of(identity, keys.index(key))

    def click(self, table: Any, identity: bytes, key: str = "name") -> None:
        """Click on a cell."""
        place: QPoint = table.visualRect(self.cell(table, identity, key)).center()
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def type(self, table: Any, identity: bytes, key: str, text: str) -> None:
        """Go to a cell, open its editor with F2, type and press Enter."""
        table.setCurrentIndex(self.cell(table, identity, key))
        table.setFocus()
        self.qtbot.keyClick(table, Qt.Key.Key_F2)
        editors = [one for one in table.viewport().findChildren(QLineEdit) if one.isVisible()]
        assert editors, f"{key} has no editor"
        editors[-1].selectAll()
        editors[-1].insert(text)
        self.qtbot.keyClick(editors[-1], Qt.Key.Key_Return)
        QApplication.processEvents()

    def choose(self, table: Any, identity: bytes, key: str, value: Any) -> None:
        """Edit a cell by choosing, as its list would hand the value over."""
        index = self.cell(table, identity, key)
        assert index.flags() & Qt.ItemFlag.ItemIsEditable
        assert table.model().setData(index, value)
        QApplication.processEvents()

    def check(self, table: Any, identity: bytes, key: str) -> None:
        """Press space on a check box."""
        table.setCurrentIndex(self.cell(table, identity, key))
        table.setFocus()
        self.qtbot.keyClick(table, Qt.Key.Key_Space)

    def press(self, action: str) -> None:
        """Carry out an action of the page as its key would."""
        found = self.page.actions_of_page.get(action)
        assert found.isEnabled(), action
        found.trigger()
        QApplication.processEvents()

    def paste(self, table: QAbstractItemView, text: str) -> None:
        """Paste into a table."""
        QGuiApplication.clipboard().setText(text)
        table.setFocus()
        self.qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def undo(self) -> None:
        """Undo the last step."""
        self.session.workspace.undo()
        QApplication.processEvents()


@contextmanager
def shown_page(kind: type[Page], session: Session, qtbot: QtBot) -> Generator[Shown]:
    """Show a page in a size of the smaller screen."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if theme().mode is not ThemeMode.LIGHT or not app.styleSheet():
        theme().apply(app, ThemeMode.LIGHT)
    holder = QWidget()
    context = AppContext(session, theme(), Jobs(holder), ActionRegistry(holder))
    page = kind(context)
    qtbot.addWidget(page)
    qtbot.addWidget(holder)
    made = Shown(page, session, context, qtbot)
    context.page_requested.connect(lambda key, target: made.gone.append((key, target)))
    context.notice_posted.connect(made.said.append)
    context.export_requested.connect(lambda key, options: made.exported.append((key, options)))
    page.resize(1171, 685)
    page.reload()
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    QApplication.processEvents()
    yield made
    page.hide()
    context.close()


def reopened(session: Session) -> Session:
    """Close a workspace and return a session that may only look at it."""
    path = session.workspace.path
    session.workspace.close()
    return Session(open_workspace(path, read_only=True), session.actor, session.local_now)
