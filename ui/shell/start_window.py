"""What is seen while no workspace is open: recent ones, a new one, an existing one, the sample."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

import qihua_desktop
from qihua_desktop.i18n import _
from ui.common.actions import Action, ActionRegistry
from ui.common.icons import application_icon
from ui.common.theme import SPACE_2, SPACE_3, SPACE_6
from ui.common.widgets import Card, PlainLabel, Tone, button, icon_button, link_button, muted_label, primary_button

from . import file_actions
from .navigation import BrandMark
from .pages.rows import Line, LineButton
from .ports import Desk


class StartWindow(QWidget):
    """The start screen; a workspace dropped on it is opened.

    Signals:
        closed(): the user closed the window.
    """

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle(_("Qihua Desktop"))
        self.setAccessibleName(_("Start"))
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 420)
        self.resize(920, 580)
        self.actions_registry = ActionRegistry(self)
        group = _("File")
        for identifier, text, callback, keys in (
            ("file.new", _("New workspace…"), lambda: desk.new_workspace(self), "Ctrl+Shift+N; Ctrl+N"),
            ("file.open", _("Open workspace…"), lambda: file_actions.open_workspace(desk, self), "Ctrl+O"),
            ("file.demo", _("Open the sample workspace"), lambda: desk.open_demo(self), "Ctrl+D"),
            ("file.quit", _("Quit"), desk.quit, "Ctrl+Q"),
            ("help.shortcuts", _("Keyboard shortcuts"), lambda: file_actions.show_shortcuts(self), "F1"),
        ):
            self.actions_registry.add(Action(identifier, text, callback, shortcut=keys, group=group))
        row = QHBoxLayout(self)
        row.setContentsMargins(48, 40, 48, 32)
        row.setSpacing(40)
        row.addLayout(self._left(), 2)
        self._recent = Card(_("Recent workspaces"))
        self._recent.body.setContentsMargins(6, 6, 6, 6)
        self._recent.body.setSpacing(0)
        row.addWidget(self._recent, 3)
        self.refresh()

    def refresh(self) -> None:
        """List the recent workspaces anew."""
        body = self._recent.body
        while (item := body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows: list[LineButton] = []
        for path in self.desk.store.recent_files():
            body.addWidget(self._recent_row(path))
        if not self.rows:
            note = muted_label(_("Workspaces you open appear here."), wrap=True)
            note.setContentsMargins(10, 8, 10, 8)
            body.addWidget(note)
        body.addStretch(1)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        head.addWidget(BrandMark(side=44))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(_("Qihua Desktop"), size=20, bold=True))
        names.addWidget(muted_label(_("Version {version}").format(version=qihua_desktop.__version__)))
        head.addLayout(names, 1)
        column.addLayout(head)
        column.addSpacing(SPACE_6)
        self.new_button = primary_button(
            _("New workspace"), lambda: self.desk.new_workspace(self), icon_name="file-plus"
        )
        self.open_button = button(
            _("Open…"), lambda: file_actions.open_workspace(self.desk, self), icon_name="folder-open"
        )
        self.demo_button = button(_("Look at the sample"), lambda: self.desk.open_demo(self), icon_name="gift")
        self.restore_button = link_button(_("Restore a backup…"), self._restore)
        for one in (self.new_button, self.open_button, self.demo_button, self.restore_button):
            one.setMinimumHeight(36)
            column.addWidget(one)
        column.addStretch(1)
        column.addWidget(
            muted_label(
                _("A workspace is one file: plans, budgets, reviews and surveys of the department. It works offline."),
                wrap=True,
            )
        )
        return column

    def _recent_row(self, path: Path) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        exists = path.is_file()
        changed = datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M") if exists else ""
        line = Line(
            path,
            path.stem,
            str(path.parent),
            changed if exists else _("Not found"),
            Tone.NEUTRAL if exists else Tone.WARN,
        )
        one = LineButton(line)
        one.clicked.connect(lambda _checked=False: self.desk.open_path(path, self))
        self.rows.append(one)
        row.addWidget(one, 1)
        row.addWidget(
            icon_button("x", _("Take {name} off this list").format(name=path.stem), lambda: self._forget(path))
        )
        return holder

    def _forget(self, path: Path) -> None:
        self.desk.store.forget_recent(path)
        self.refresh()

    def _restore(self) -> None:
        self.desk.restore(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.desk.open_path(Path(url.toLocalFile()), self)
                return

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        super().closeEvent(event)
