"""A page in a window of its own: it keeps to its project, stays live, and closes with the main window."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from ui.common.actions import Action, ActionRegistry
from ui.common.context import AppContext
from ui.common.icons import application_icon
from ui.common.jobs import Jobs

from .export import ExportMenu
from .header import Header
from .project_titles import show_project_in
from .registry import PageSpec

_WIDTH, _HEIGHT = 1180, 760


class PageWindow(QWidget):
    """One page beside the main window, with actions and background work of its own.

    Signals:
        closed(object): the window was closed.
    """

    closed = Signal(object)

    def __init__(self, page: PageSpec, main: AppContext, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowIcon(application_icon())
        self.spec = page
        self._main = main
        self.context = AppContext(
            main.session, main.theme, Jobs(self), ActionRegistry(self), self, view_state=main.view_state
        )
        self.context.project_id = main.project_id if page.per_project else None
        self.context.choose_actor = main.choose_actor
        self.context.page_requested.connect(main.page_requested)
        self.context.notice_posted.connect(main.notice_posted)
        main.actor_changed.connect(self.context.actor_changed)
        self._add_actions()
        self.export_menu = ExportMenu(self.context, self)
        self.header = Header(self.export_menu)
        self.header.set_search_visible(False)
        self.page = page.load()(self.context)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.page, 1)
        self.page.reload()
        self.refresh()
        self.context.changed.connect(lambda _changed: self.refresh())
        self.resize(_WIDTH, _HEIGHT)
        kept = main.view_state.read(self._place_key)
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii")))

    @property
    def project_id(self) -> EntityId | None:
        """The project the window keeps to."""
        return self.context.project_id

    @property
    def _place_key(self) -> str:
        return f"window/{self.spec.key}"

    def refresh(self) -> None:
        """Show project and page in the head and the title; a deleted project closes the window."""
        title = self.spec.title
        if self.spec.per_project:
            name = show_project_in(self.header, self.context)
            if name is None:
                self.close()
                return
            self.header.set_search_visible(False)
            title = f"{name} — {title}"
        else:
            self.header.show_page(title)
        self.setWindowTitle(title)

    def _add_actions(self) -> None:
        main, actions = self._main.actions, self.context.actions
        shared = ("edit.undo", "edit.redo", "edit.search")
        for action in (main.get(key) for key in shared):
            self.addAction(action)
        for name, text, keys, go in (
            ("next", _("To the next control, out of a table"), "F6", self.focusNextChild),
            ("previous", _("To the control before"), "Shift+F6", self.focusPreviousChild),
        ):
            actions.add(Action(f"view.{name}", text, go, shortcut=keys, group=_("View")))
        actions.add(Action("window.close", _("Close this window"), self.close, shortcut="Ctrl+W", group=_("View")))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._main.view_state.write(self._place_key, self.saveGeometry().toBase64().toStdString())
        self.context.close()
        self.closed.emit(self)
        super().closeEvent(event)
