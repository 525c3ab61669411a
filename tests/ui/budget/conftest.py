"""The real budget page over a real workspace file."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from qihua_desktop.services import budget_view
from qihua_desktop.services.session import Session
from tests.services.budget_samples import add_event, open_session
from ui.budget.page import BudgetPage
from ui.common.actions import ActionRegistry
from ui.common.context import AppContext
from ui.common.jobs import Jobs
from ui.common.theme import ThemeMode, theme


@dataclass
class Window:
    """A shown page and what stands behind it."""

    host: BudgetPage
    session: Session
    context: AppContext
    qtbot: QtBot

    @property
    def page(self):
        return self.host.allocation

    @property
    def view(self):
        return budget_view.load_budget(self.session, self.page.project_id)

    def row(self, name):
        return next(row for row in self.view.lines if row.line.name == name)

    def amount(self, name):
        return self.row(name).line.amount // 100

    def cell(self, name, key):
        return self.page.model.index_of(self.row(name).line.id, self.page.model.column_number(key))

    def words(self, name, key):
        return self.cell(name, key).data()

    def go(self, name, key="name"):
        tree = self.page.tree
        tree.select_identity(self.row(name).line.id)
        tree.setCurrentIndex(self.cell(name, key))
        tree.setFocus()

    def editor(self):
        """The open editor; closed ones wait for their end."""
        found = [one for one in self.page.tree.viewport().findChildren(QLineEdit) if one.isVisible()]
        return found[-1] if found else None

    def write(self, field, text):
        """Type a text; what no keyboard key stands for arrives as from an input method."""
        if text.isascii():
            self.qtbot.keyClicks(field, text)
        else:
            field.insert(text)

    def type(self, text, key=Qt.Key.Key_Return):
        editor = self.editor()
        self.write(editor, text)
        self.qtbot.keyClick(editor, key)
        QApplication.processEvents()

    def enter(self, name, key, text, leave=Qt.Key.Key_Return):
        self.go(name, key)
        self.qtbot.keyClick(self.page.tree, Qt.Key.Key_Return)
        self.type(text, leave)


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def window(session, qtbot):
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if theme().mode is not ThemeMode.LIGHT or not app.styleSheet():
        theme().apply(app, ThemeMode.LIGHT)
    project_id = add_event(session)
    holder = QWidget()
    context = AppContext(session, theme(), Jobs(holder), ActionRegistry(holder))
    context.project_id = project_id
    page = BudgetPage(context)
    qtbot.addWidget(page)
    qtbot.addWidget(holder)
    page.resize(1180, 760)
    page.reload()
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    yield Window(page, session, context, qtbot)
    page.hide()
    context.close()
