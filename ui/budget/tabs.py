"""A tab of the budget window: what the page hosts and knows about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view
from ui.common.context import AppContext
from ui.common.theme import SPACE_3, SPACE_4
from ui.common.widgets import Banner, Tone, Toolbar


class BudgetTab(QWidget):
    """A tab; subclasses fill ``toolbar`` and ``body`` in ``__init__``, and their figures in ``reload``.

    ``key`` names the tab, ``title()`` is translated at call time. The toolbar begins with the choice of tabs, which the
    page puts there while the tab is shown. ``reload`` is only called with a project that has a budget.

    Signals:
        tab_requested(str, object): another tab is wanted by its key, with a row's id or None.
    """

    key: ClassVar[str] = ""
    tab_requested = Signal(str, object)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.project_id: EntityId | None = None
        self.toolbar = Toolbar()
        self._switch_place = QWidget()
        place = QHBoxLayout(self._switch_place)
        place.setContentsMargins(0, 0, 0, 0)
        self.toolbar.add(self._switch_place)
        self.problem = Banner(tone=Tone.BAD, closable=True)
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(20, SPACE_4, 20, SPACE_4)
        self.body.setSpacing(SPACE_3)
        self.body.addWidget(self.problem)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(content, 1)

    @classmethod
    def title(cls) -> str:
        """Return the tab's name in the user's language."""
        raise NotImplementedError

    def show_project(self, project_id: EntityId) -> None:
        """Show a project's money; another one than before forgets what was said about the last."""
        if project_id != self.project_id:
            self.project_id = project_id
            self.problem.show_message("")
        self.reload()

    def reload(self) -> None:
        """Fetch everything shown anew."""
        raise NotImplementedError

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Return whether a change touches what is shown; tabs narrow this to their tables."""
        return bool(changed)

    def reveal(self, row_id: bytes) -> bool:
        """Show the row with an id; returns whether it belongs here."""
        return False

    def focus_first(self) -> None:
        """Take the focus the page is given."""
        self.setFocus()

    def place_switch(self, switch: QWidget) -> None:
        """Let the choice of tabs stand first in this toolbar."""
        layout = self._switch_place.layout()
        if layout is not None and switch.parentWidget() is not self._switch_place:
            layout.addWidget(switch)
            switch.show()

    def may_edit(self) -> bool:
        """Whether anything may be changed: the file is writable and the budget not closed."""
        return not self.why_not_edit()

    def why_not_edit(self) -> str:
        """Return why nothing may be changed, empty when it may."""
        if self.context.session.workspace.read_only:
            return _("This workspace is open for reading only.")
        if self.project_id is None:
            return _("No project chosen")
        stored = budget_view.find_budget(self.context.session, self.project_id)
        if stored is None:
            return _("No project chosen")
        if stored.state is BudgetState.CLOSED:
            return _("The project is closed; its budget is for reading.")
        return ""

    def perform(self, action: Callable[[], object]) -> bool:
        """Run a service call; what is refused is said above the contents, and False returned."""
        try:
            action()
        except QihuaError as error:
            self.problem.show_message(problem_words(error, " "), Tone.BAD)
            return False
        self.problem.show_message("")
        return True


def problem_words(error: QihuaError, between: str = "\n") -> str:
    """Return what is wrong, who is concerned and what to do, in one line each unless ``between`` says else."""
    names = [name if len(name) <= 40 else name[:40] + "…" for name in error.details[:6]]
    parts = [error.message, _(", ").join(names), error.advice]
    return between.join(part for part in parts if part)
