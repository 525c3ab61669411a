"""The Gantt window: task table and chart side by side, with tools above and the workload below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline, instant
from qihua_desktop.domain.project import Project
from qihua_desktop.i18n import _
from qihua_desktop.services import plan, plan_load
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_view import LATEST_BASELINE, PlanRow, PlanView, plan_view
from qihua_desktop.services.projects import find_project
from qihua_desktop.services.stages import stages
from ui.common.context import AppContext
from ui.common.page import Page

from .cell_edits import CellEdits
from .commands import GanttCommands
from .display import Arrangement, Arranger, ShownRow, next_match
from .drags import Drop, Preview, preview
from .folds import Folds
from .page_answers import PageAnswers
from .page_parts import PageParts
from .predecessor_cells import predecessor_words
from .windows import GanttWindows

_CONCERNS: Final = frozenset(
    {
        "task",
        "link",
        "project",
        "attachment",
        "project_document",
        "assignment",
        "calendar_day",
        "person_week",
        "baseline",
        "baseline_task",
        "person",
        "stage",
        "setting",
    }
)


class GanttPage(Page):
    """One project's plan."""

    key = "gantt"
    icon = "chart-gantt"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._view: PlanView | None = None
        self._baseline_id: EntityId | None = LATEST_BASELINE
        self._shown_project: EntityId | None = None
        self._stages: dict[EntityId, str] = {}
        self._arranger = Arranger()
        self.folds = Folds(context.view_state)
        self.windows = GanttWindows(self)
        self.commands = GanttCommands(self)
        self.edits = CellEdits(self.commands, self.people_names, lambda: self._view)
        parts = PageParts(self)
        self.toolbar, self.moved, self.stack, self.splitter = parts.toolbar, parts.moved, parts.stack, parts.splitter
        self.model, self.table, self.selection = parts.model, parts.table, parts.selection
        self.picture, self.chart, self.head, self.time = parts.picture, parts.chart, parts.head, parts.time
        self.inspector, self.load, self.workload = parts.inspector, parts.load, parts.workload
        self.parts = parts
        self.answers = PageAnswers(self)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Gantt chart")

    # --- what is shown -----------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the plan anew and show the differences."""
        if self.project_id is None or find_project(self.context.session, self.project_id) is None:
            self._view = None
            self.stack.show_nothing()
            return
        begins = self.project_id != self._shown_project
        if begins:
            self._begin_project(self.project_id)
        self.moved.clear()
        self._view = plan_view(self.context.session, self.project_id, self._baseline_id, before=self._view)
        self.stack.show_plan(has_tasks=bool(self._view.rows))
        self.refresh_rows()
        self._refresh_around()
        if self._view.rows:
            self.time.place()
        if begins:
            self.table.fit_contents()

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Return whether a change touches plans."""
        return any(table in _CONCERNS for table, _identifier in changed)

    def view(self) -> PlanView | None:
        """Return the plan shown."""
        return self._view

    def view_rows(self) -> tuple[PlanRow, ...]:
        """Return every task of the plan in its order."""
        return self._view.rows if self._view is not None else ()

    def shown_rows(self) -> tuple[ShownRow, ...]:
        """Return the rows as shown."""
        return self.model.rows

    def project(self) -> Project | None:
        """Return the project shown."""
        return self._view.state.project if self._view is not None else None

    def baseline(self) -> Baseline | None:
        """Return the baseline shown."""
        return self._view.baseline if self._view is not None else None

    def baselines(self) -> int:
        """Return how many baselines there are."""
        return len(self._view.baselines) if self._view is not None else 0

    def minutes_per_day(self) -> int:
        """Return the working minutes of a usual day."""
        return self._view.state.minutes_per_day if self._view is not None else 480

    def people_names(self) -> tuple[str, ...]:
        """Return who can be chosen as an owner, those of this plan first."""
        if self._view is None:
            return ()
        used = [owner.name for owner in plan_load.owners(self._view.state)]
        active = [person.name for person in self._view.state.people.values() if person.active]
        return tuple(dict.fromkeys((*used, *sorted(active))))

    def stage_name(self, row: PlanRow) -> str:
        """Return the stage a task belongs to."""
        return self._stages.get(row.stage_id, "") if row.stage_id is not None else ""

    def predecessors(self, row: PlanRow) -> str:
        """Return what comes before a task as its cell shows it."""
        return predecessor_words(self._view, row) if self._view is not None else ""

    def late_start(self, row: PlanRow) -> int:
        """Return the latest start that moves nothing."""
        if self._view is None:
            return row.start
        return self._view.state.schedule.late_start_list[self._view.state.schedule.index[row.id]]

    # --- selection ---------------------------------------------------------------------------------------------

    def selected_keys(self) -> tuple[str, ...]:
        """Return the keys of the selected rows from top to bottom."""
        return self.selection.keys()

    def selected_task_rows(self) -> list[PlanRow]:
        """Return the selected tasks from top to bottom, headings left out."""
        return self.selection.tasks()

    def selected_ids(self) -> tuple[EntityId, ...]:
        """Return the selected tasks' ids from top to bottom."""
        return self.selection.ids()

    def current_row(self) -> PlanRow | None:
        """Return the task with the keyboard focus, if it is selected."""
        return self.selection.current()

    def select_rows(self, keys: tuple[str, ...]) -> None:
        """Select rows and bring the first into view."""
        self.selection.select(keys)

    def select_all(self) -> None:
        """Select every row shown."""
        self.table.selectAll()

    def show_task(self, task_id: EntityId) -> None:
        """Select a task, open what hides it, and bring its bar into view."""
        if self._view is None or task_id not in self._view.state.tasks:
            return
        above, shut = self._view.state.tasks[task_id].parent_id, list[str]()
        while above is not None:
            shut.append(above.hex())
            above = self._view.state.tasks[above].parent_id
        if self.folds.open(shut):
            self.refresh_rows()
        if self.picture.number_of(task_id.hex()) is None and self.toolbar.arrangement() != Arrangement():
            self.toolbar.set_arrangement(Arrangement())
        self.select_rows((task_id.hex(),))
        self.go_to_task()

    def show_row(self, identifier: object) -> None:
        """Go to a task named by another page or the search."""
        if isinstance(identifier, bytes):
            self.show_task(EntityId(identifier))

    def go_to_task(self) -> None:
        """Bring the selected task's bar into view."""
        keys = self.selected_keys()
        box = self.picture.bar(keys[0]) if keys else None
        if box is not None:
            self.chart.ensure_visible(box, margin=60)

    def find_next(self, step: int) -> None:
        """Select the next row, or the one before, that has what is searched for; ask for it first."""
        arrangement = self.toolbar.arrangement()
        if self._view is None or not arrangement.search.strip():
            self.focus_search()
            return
        found = next_match(self.shown_rows(), arrangement, self._view.now, self.table.currentIndex().row(), step)
        if found is not None:
            self.select_rows((found,))
            self.go_to_task()

    # --- folding -----------------------------------------------------------------------------------------------

    def is_open(self, key: str) -> bool:
        """Return whether a summary shows what is below it."""
        return key not in self.folds.shut

    def open_row(self, key: str) -> None:
        """Open a summary."""
        if self.folds.open((key,)):
            self.refresh_rows()

    @Slot(str)
    def toggle_row(self, key: str) -> None:
        """Open or shut a summary or a heading."""
        self.folds.toggle(key)
        self.refresh_rows()

    def fold_all(self, *, shut: bool) -> None:
        """Open or shut every summary."""
        headings = (row.key for row in self.shown_rows() if row.is_heading)
        summaries = (row.id.hex() for row in self.view_rows() if row.is_summary)
        self.folds.set((*summaries, *headings) if shut else ())
        self.refresh_rows()

    # --- time --------------------------------------------------------------------------------------------------

    def set_day_width(self, width: float, x: float | None = None) -> None:
        """Zoom, keeping what is under x of the viewport (else its middle) in place."""
        self.time.set_day_width(width, x)

    def zoom_by(self, factor: float) -> None:
        """Zoom around the selected bar, or the middle."""
        self.time.zoom_by(factor, self.selected_keys())

    def fit(self) -> None:
        """Show the whole plan."""
        self.time.fit()

    def go_today(self) -> None:
        """Bring today into view."""
        self.time.go_today()

    def show_unit(self, key: str) -> None:
        """Zoom to a unit; hours show the selected task's day, or the event day."""
        row = self.time.show_unit(TimeUnit(key), self.selected_keys(), self.current_row())
        if row is not None:
            self.table.scrollTo(self.model.index_of(row.id.hex()))

    # --- panels ------------------------------------------------------------------------------------------------

    def toggle_details(self) -> None:
        """Show or hide the panel about the selected task."""
        self.set_details(shown=self.inspector.isHidden())

    def set_details(self, *, shown: bool) -> None:
        """Show or hide the panel about the selected task."""
        self.inspector.setVisible(shown)
        self.toolbar.set_details(shown=shown)
        self.context.view_state.write("gantt.details", "1" if shown else "0")
        self.show_inspected()

    def focus_search(self) -> None:
        """Go to the search box."""
        self.toolbar.open_search()

    def choose_columns(self) -> None:
        """Open the list of columns."""
        header = self.table.horizontalHeader()
        self.table.column_menu().popup(header.mapToGlobal(header.rect().bottomLeft()))

    def show_moved(self) -> None:
        """Show or hide the list of what the last edit moved."""
        if not self.moved.isHidden():
            self.moved.toggle_list()

    def tell(self, outcome: Outcome) -> None:
        """Say what an edit moved."""
        words = self.moved.tell(outcome)
        if words:
            self.context.notice_posted.emit(words)

    def show_baseline(self, baseline_id: object) -> None:
        """Show another baseline, or none."""
        self._baseline_id = EntityId(baseline_id) if isinstance(baseline_id, bytes) else None
        self.reload()

    # --- refreshing --------------------------------------------------------------------------------------------

    def _begin_project(self, project_id: EntityId) -> None:
        self._shown_project = project_id
        self._baseline_id = LATEST_BASELINE
        self._view = None
        self.workload.forget()
        self.time.forget_place()
        self.chart.cancel_drag()
        self.folds.begin(project_id)

    @Slot()
    def refresh_rows(self, *_args: object) -> None:
        """Show the rows as they are to be arranged now."""
        view = self._view
        if view is None:
            return
        if self.chart.is_dragging:
            self.chart.cancel_drag()
        self._stages = {one.id: one.name for one in stages(self.context.session, view.state.project.id)}
        rows = self._arranger.rows(view, self.toolbar.arrangement(), self.folds.shut, self._stages)
        selected = set(self.selected_keys())
        self.model.set_rows(rows)
        kept = tuple(row.key for row in rows if row.key in selected)
        if set(self.selected_keys()) != set(kept):
            self.select_rows(kept)
        self.picture.selected = frozenset(self.selected_keys())
        self.picture.show(view, rows, self.now())
        self.time.refresh()
        self.table.viewport().update()

    def _refresh_around(self) -> None:
        view = self._view
        if view is None:
            return
        self.workload.show(view)
        self.toolbar.show_view(view, self.workload.names, self._stages)
        self.show_inspected()
        self.align()

    def show_inspected(self) -> None:
        """Show the selected task in the panel, if that is open."""
        if self.inspector.isHidden():
            return
        rows = self.selected_task_rows()
        self.inspector.show_row(self._view, rows[0] if rows else None)

    def align(self) -> None:
        """Keep the workload below the chart."""
        self.load.set_head_width(self.splitter.sizes()[0])

    def now(self) -> int:
        """Return the moment it is."""
        return instant(self.context.session.local_now())

    # --- answers to the chart ----------------------------------------------------------------------------------

    def preview(self, drop: Drop) -> Preview:
        """Return what a drop would do."""
        return preview(self._view.state, drop) if self._view is not None else Preview()

    def refused_targets(self, task_id: EntityId) -> frozenset[EntityId]:
        """Return what a task cannot be linked to."""
        return plan.refused_targets(self._view.state, task_id) if self._view is not None else frozenset()

    def may_edit(self) -> bool:
        """Return whether the workspace may be changed."""
        return not self.context.session.workspace.read_only

    # --- Qt ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and not self.view_rows() and self.may_edit():
            self.table.paste()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        QTimer.singleShot(0, self, self._settle)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        QTimer.singleShot(0, self, self._settle)

    @Slot()
    def _settle(self) -> None:
        """Take the final sizes into account once the layout has them."""
        if self._view is None:
            return
        self.align()
        self.time.refresh()
        self.time.place()
