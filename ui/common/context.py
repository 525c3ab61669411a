"""What every page is handed: the session, the theme, background jobs and actions; no global main window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.services.session import Session

from .actions import ActionRegistry
from .dialogs import show_error
from .jobs import Jobs
from .layouts import MemoryViewState, ViewState
from .theme import Theme


class AppContext(QObject):
    """Shared by the shell and its pages.

    Signals:
        changed(frozenset[tuple[str, bytes]]): rows changed by a committed edit, undo or redo.
        project_chosen(object): the current project's id, or None.
        actor_changed(object): the person who works now, or None.
        page_requested(str, object): go to a page by its key, optionally to a project or row by its id.
        notice_posted(str): a short message for the status bar.
        export_requested(str, object): make a document by its key and show it; optionally options for
            ``reports.catalogue.prepare`` by name, such as version_id.
    """

    changed = Signal(object)
    project_chosen = Signal(object)
    actor_changed = Signal(object)
    page_requested = Signal(str, object)
    notice_posted = Signal(str)
    export_requested = Signal(str, object)

    def __init__(
        self,
        session: Session,
        theme: Theme,
        jobs: Jobs,
        actions: ActionRegistry,
        parent: QObject | None = None,
        *,
        view_state: ViewState | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.theme = theme
        self.jobs = jobs
        self.actions = actions
        self.view_state: ViewState = view_state or MemoryViewState()
        self.project_id: EntityId | None = None
        self._unsubscribe = session.subscribe(self.changed.emit)

    def choose_project(self, project_id: EntityId | None) -> None:
        """Make a project the current one; every page follows."""
        if project_id != self.project_id:
            self.project_id = project_id
            self.project_chosen.emit(project_id)

    def choose_actor(self, person: Person | None) -> None:
        """Change who works now."""
        self.session.actor = person
        self.actor_changed.emit(person)

    def attempt(self, action: Callable[[], object], parent: QWidget | None = None) -> bool:
        """Run a service call; show what is wrong in plain words and return False when it is refused."""
        try:
            action()
        except QihuaError as error:
            show_error(parent, error)
            return False
        return True

    def close(self) -> None:
        """Stop listening and finish background work; the workspace itself is closed by its owner."""
        self._unsubscribe()
        self.jobs.close()
