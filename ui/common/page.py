"""The base of every page of the shell; a page can also stand in a window of its own."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.ids import EntityId

from .context import AppContext


class Page(QWidget):
    """A page; subclasses build their widgets in ``__init__`` and fill them in ``reload``.

    ``key`` names the page (``gantt``), ``icon`` its icon, ``per_project`` whether it shows the current project.
    ``title()`` is translated at call time. A page that is not seen is dormant: it puts off refreshing until it is.
    """

    key: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    per_project: ClassVar[bool] = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.project_id: EntityId | None = context.project_id if self.per_project else None
        self._dormant = False
        self._wake_project: list[object] = []
        self._stale = False
        context.changed.connect(self._on_changed)
        if self.per_project:
            context.project_chosen.connect(self._on_project_chosen)

    @classmethod
    def title(cls) -> str:
        """Return the page's name in the user's language."""
        raise NotImplementedError

    def show_project(self, project_id: object) -> None:
        """Show another project; None shows the empty state."""
        self.project_id = project_id if project_id is None else EntityId(bytes(project_id))  # type: ignore[arg-type]
        self.reload()

    def reload(self) -> None:
        """Fetch everything shown anew."""
        raise NotImplementedError

    def set_dormant(self, *, dormant: bool) -> None:
        """Put off refreshing, or catch up with what happened meanwhile."""
        self._dormant = dormant
        if dormant:
            return
        chosen, self._wake_project = self._wake_project, []
        stale, self._stale = self._stale, False
        if chosen:
            self.show_project(chosen[-1])
        elif stale:
            self.reload()

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Return whether a change touches what is shown; pages narrow this to their tables."""
        return bool(changed)

    def _on_project_chosen(self, project_id: object) -> None:
        if self._dormant:
            self._wake_project = [project_id]
        else:
            self.show_project(project_id)

    def _on_changed(self, changed: frozenset[tuple[str, bytes]]) -> None:
        if not self.concerns(changed):
            return
        if self._dormant:
            self._stale = True
        else:
            self.reload()
