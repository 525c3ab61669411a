"""Where the parts of the Gantt window stand, and what is shown when there is no plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from qihua_desktop.i18n import _
from ui.common.widgets import EmptyState

_TABLE_WIDTH: Final = 468
_LEAST_TABLE: Final = 160
_LEAST_CHART: Final = 200


class PageStack:
    """The plan, the empty plan with its first action, or the hint that no project is chosen."""

    def __init__(self, page: QWidget, add_task: Callable[[], object], import_plan: Callable[[], object]) -> None:
        self._plan = QWidget()
        self._empty = EmptyState(
            "chart-gantt",
            _("No tasks yet"),
            _("Add the first task, paste rows from a spreadsheet, or start a project from a template."),
            action_text=_("Add task"),
            callback=add_task,
            second_text=_("Import a plan file…"),
            second=import_plan,
        )
        self._nothing = EmptyState("folder-kanban", _("No project chosen"), _("Choose a project to see its plan."))
        self._stack = QStackedLayout(page)
        for one in (self._plan, self._empty, self._nothing):
            self._stack.addWidget(one)

    def show_nothing(self) -> None:
        """Say that no project is chosen."""
        self._stack.setCurrentWidget(self._nothing)

    def show_plan(self, *, has_tasks: bool) -> None:
        """Show the plan, or what to do first."""
        self._stack.setCurrentWidget(self._plan if has_tasks else self._empty)

    def arrange(
        self,
        toolbar: QWidget,
        notice: QWidget,
        table: QWidget,
        chart: tuple[QWidget, QWidget],
        panel: QWidget,
        strip: QWidget,
    ) -> QSplitter:
        """Put the parts in their places: tools above, table | head over chart | panel, workload below."""
        right = QWidget()
        column = _column(right)
        column.addWidget(chart[0])
        column.addWidget(chart[1], 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(table)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setHandleWidth(1)
        splitter.setSizes([_TABLE_WIDTH, 800])
        table.setMinimumWidth(_LEAST_TABLE)
        right.setMinimumWidth(_LEAST_CHART)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(splitter, 1)
        middle.addWidget(panel)
        inside = _column(self._plan)
        inside.addWidget(toolbar)
        inside.addWidget(notice)
        inside.addLayout(middle, 1)
        inside.addWidget(strip)
        return splitter


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
