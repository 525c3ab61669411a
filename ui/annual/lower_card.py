"""Below the pools: the projects of the year, its months, and signed exceptions."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.pool_rules import PlanState
from qihua_desktop.i18n import _
from qihua_desktop.services import pools
from qihua_desktop.services.annual_overview import YearOverview, YearProject
from qihua_desktop.services.year_view import YearFigures, add_figures
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.delegates import ChoiceDelegate
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.widgets import Card, Segment, SegmentedControl, muted_label

from .columns import exception_columns, project_columns
from .month_view import MonthView

_ENDED: Final = (PlanState.CLOSED, PlanState.CANCELLED)
_ALL: Final = "all"
_POOL: Final = "pool"
_PROJECT: Final = "project"


class LowerCard(Card):
    """Three views of the year under one choice of whose money it is.

    Signals:
        project_requested(object): a project's budget is wanted, by its id.
    """

    project_requested = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(padded=False)
        self.setAccessibleName(_("Projects of the year"))
        self._context = context
        self._editable = not context.session.workspace.read_only
        self._shown: YearOverview | None = None
        self.switch = SegmentedControl(
            (
                Segment("projects", _("Projects")),
                Segment("months", _("By month")),
                Segment("exceptions", _("Exceptions")),
            ),
            accessible_name=_("View of the year"),
        )
        self.switch.current_changed.connect(self._on_switched)
        self.scope = ChoiceBox()
        self.scope.setAccessibleName(_("Whose money"))
        self.scope.currentIndexChanged.connect(lambda _at: self._apply())
        self.sums = muted_label()
        self.model = RowsModel(
            project_columns(self.may_assign), lambda row: row.project.id, on_edit=self._on_edit, parent=self
        )
        self.proxy = SortFilterModel(self.model, self)
        self.projects = DataTable(
            self.proxy, key="annual.projects", state=context.view_state, accessible_name=_("Projects of the year")
        )
        self.projects.set_delegate("pool", ChoiceDelegate(self._pool_choices))
        self.projects.row_activated.connect(lambda row: self.project_requested.emit(row.project.id))
        self.months = MonthView(context)
        self.exceptions_model = RowsModel(exception_columns(), lambda row: row.exception.id, parent=self)
        self.exceptions = DataTable(
            self.exceptions_model, key="annual.exceptions", state=context.view_state,
            accessible_name=_("Signed exceptions"),
        )  # fmt: skip
        self.exceptions.set_placeholder(_("No exception was signed for a pool of this year."))
        self.exceptions.row_activated.connect(lambda row: self.project_requested.emit(row.exception.project_id))
        self.stack = QStackedWidget()
        for widget in (self.projects, self.months, self.exceptions):
            self.stack.addWidget(widget)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 8, 16, 8)
        row.addWidget(self.switch)
        row.addWidget(self.scope)
        row.addStretch(1)
        row.addWidget(self.sums)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.stack, 1)
        self.body.addLayout(column, 1)

    def show_year(self, shown: YearOverview) -> None:
        """Show another year, or the same one anew."""
        self._shown = shown
        self._fill_scope(shown)
        self.model.set_rows(shown.projects)
        self.exceptions_model.set_rows(shown.exceptions)
        self.switch.set_badge("exceptions", str(len(shown.exceptions)) if shown.exceptions else "")
        self.projects.set_placeholder(_("No project has its key date in this year."))
        self._apply()

    def selected_project(self) -> YearProject | None:
        """Return the selected project."""
        rows = self.projects.selected_rows()
        return rows[0] if rows else None

    def may_assign(self, row: YearProject) -> bool:
        """Return whether a project's pool may be chosen: not once it is over."""
        return self._editable and row.state not in _ENDED

    def _fill_scope(self, shown: YearOverview) -> None:
        wanted: list[tuple[str, Any]] = [(_("All projects"), (_ALL, None))]
        wanted += [(_("Pool: {pool}").format(pool=one.pool.name), (_POOL, one.pool.id)) for one in shown.pools]
        if any(row.pool_id is None for row in shown.projects):
            wanted.append((_("No pool"), (_POOL, None)))
        wanted += [(f"{row.project.number} {row.project.name}", (_PROJECT, row.project.id)) for row in shown.projects]
        if getattr(self, "_offered", None) == wanted:
            return
        self._offered = wanted
        chosen = self.scope.value()
        self.scope.blockSignals(True)
        self.scope.clear_choices()
        for text, value in wanted:
            self.scope.add(text, value)
        self.scope.select(chosen)
        self.scope.blockSignals(False)

    def _apply(self) -> None:
        shown = self._shown
        if shown is None:
            return
        kind, wanted = self.scope.value() or (_ALL, None)
        if kind == _POOL:
            name = next((one.pool.name for one in shown.pools if one.pool.id == wanted), None)
            self.proxy.set_filter(lambda row: row.pool_id == wanted or (name is not None and name in row.other_pools))
        elif kind == _PROJECT:
            self.proxy.set_filter(lambda row: row.project.id == wanted)
        else:
            self.proxy.set_filter(None)
        self.months.show_figures(shown.view.months, self._figures(shown, kind, wanted))
        rows = [self.proxy.row_at(self.proxy.index(at, 0)) for at in range(self.proxy.rowCount())]
        plan, actual = sum(row.figures.budget for row in rows), sum(row.figures.actual for row in rows)
        self.sums.setText(
            _("Projects: {count}, plan {plan}, actual {actual}").format(
                count=len(rows), plan=money_text(plan), actual=money_text(actual)
            )
        )

    def _figures(self, shown: YearOverview, kind: str, wanted: Any) -> YearFigures:
        rows = shown.view.rows
        if kind == _POOL:
            return add_figures(row.by_pool[wanted] for row in rows if wanted in row.by_pool)
        if kind == _PROJECT:
            return shown.months_of(wanted) or add_figures(())
        return shown.view.total

    def _pool_choices(self, _row: YearProject) -> list[tuple[Any, str]]:
        found = self._shown.pools if self._shown is not None else ()
        return [(None, _("No pool")), *((one.pool.id, one.pool.name[:60]) for one in found)]

    def _on_edit(self, row: YearProject, _column: str, value: Any) -> bool:
        session = self._context.session
        return self._context.attempt(lambda: pools.assign_project(session, row.project.id, value), self)

    @Slot(str)
    def _on_switched(self, key: str) -> None:
        self.stack.setCurrentIndex(("projects", "months", "exceptions").index(key))
        self.scope.setVisible(key != "exceptions")
        self.sums.setVisible(key == "projects")
