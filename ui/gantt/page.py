"""The Gantt window: task table and chart side by side, with tools above and the workload below."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline, instant
from qihua_desktop.domain.project import Project
from qihua_desktop.i18n import _
from qihua_desktop.services import plan, plan_load
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_load import Owner
from qihua_desktop.services.plan_view import LATEST_BASELINE, PlanRow, PlanView, plan_view
from qihua_desktop.services.projects import find_project
from qihua_desktop.services.stages import stages
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory
from ui.common.page import Page

from .cell_edits import CellEdits
from .chart_view import ChartView
from .columns import task_columns
from .commands import GanttCommands
from .display import Arrangement, ShownRow, arrange
from .drags import Drop, Preview, preview
from .inspector import Inspector
from .layout import PageStack
from .load_strip import LoadStrip
from .moved_bar import MovedBar
from .picture import ChartPicture
from .selection import RowSelection
from .table_model import TaskTableModel
from .table_view import TaskTable
from .task_files import TaskFiles
from .time_head import TimeHead
from .time_navigator import TimeNavigator
from .toolbar import GanttToolbar

_TABLE_WIDTH: Final = 468
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
_CONTEXT: Final = (
    "gantt.add", "gantt.child", "gantt.milestone", "gantt.recurring", "gantt.change_recurring", None,
    "gantt.save_stage", "gantt.insert_stage", None,
    "gantt.rename", "gantt.duration", "gantt.done", "gantt.pin",
    "gantt.turn", None, "gantt.indent", "gantt.outdent", "gantt.up", "gantt.down", None, "gantt.link", "gantt.unlink",
    None, "gantt.details", "gantt.print", None, "gantt.delete",
)  # fmt: skip


class GanttPage(Page):
    """One project's plan."""

    key = "gantt"
    icon = "chart-gantt"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._view: PlanView | None = None
        self._collapsed: set[str] = set()
        self._baseline_id: EntityId | None = LATEST_BASELINE
        self._owner: Owner | None = None
        self._shown_project: EntityId | None = None
        self._syncing = False
        self.commands = GanttCommands(self)
        self.edits = CellEdits(self.commands, self.people_names, lambda: self._view)
        self._build()
        self._connect()

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
        if self.project_id != self._shown_project:
            self._begin_project(self.project_id)
        self._view = plan_view(self.context.session, self.project_id, self._baseline_id)
        self.stack.show_plan(has_tasks=bool(self._view.rows))
        self._refresh_rows()
        self._refresh_around()
        if self._view.rows:
            self.time.place()

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Return whether a change touches plans."""
        return any(table in _CONCERNS for table, _identifier in changed)

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
        above = self._view.state.tasks[task_id].parent_id
        opened = False
        while above is not None:
            opened |= above.hex() in self._collapsed
            self._collapsed.discard(above.hex())
            above = self._view.state.tasks[above].parent_id
        if task_id.hex() not in {row.key for row in self.model.rows} and self.toolbar.arrangement() != Arrangement():
            self.toolbar.set_arrangement(Arrangement())
        elif opened:
            self._refresh_rows()
        self.select_rows((task_id.hex(),))
        box = self.picture.bar(task_id.hex())
        if box is not None:
            self.chart.ensure_visible(box, margin=60)

    def show_row(self, identifier: object) -> None:
        """Go to a task named by another page or the search."""
        if isinstance(identifier, bytes):
            self.show_task(EntityId(identifier))

    # --- folding -----------------------------------------------------------------------------------------------

    def is_open(self, key: str) -> bool:
        """Return whether a summary shows what is below it."""
        return key not in self._collapsed

    def open_row(self, key: str) -> None:
        """Open a summary."""
        if key in self._collapsed:
            self.toggle_row(key)

    @Slot(str)
    def toggle_row(self, key: str) -> None:
        """Open or shut a summary or a heading."""
        self._collapsed ^= {key}
        self._remember_folds()
        self._refresh_rows()

    def fold_all(self, *, shut: bool) -> None:
        """Open or shut every summary."""
        self._collapsed = {row.id.hex() for row in self.view_rows() if row.is_summary} if shut else set()
        self._remember_folds()
        self._refresh_rows()

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
        self._show_inspected()

    def focus_search(self) -> None:
        """Go to the search box."""
        self.toolbar.open_search()

    def open_calendar(self, day: date | None = None) -> None:
        """Open the dialog of days off and extra workdays."""
        from .calendar_dialog import CalendarDialog

        if self.project_id is not None:
            dialogs.run_form(CalendarDialog(self.context, self.project_id, self, day=day))

    def open_print(self) -> None:
        """Ask how the chart is to be printed, beginning with what the window shows."""
        from ui.common.print_dialog import PrintDialog

        shown, critical = self.baseline(), self.picture.show_critical
        start = {"baseline": shown is not None, "baseline_id": shown.id if shown else None, "critical": critical}
        if self.project_id is not None:
            dialogs.run_form(
                PrintDialog(self.context, self.project_id, self, start_with=lambda last: replace(last, **start))
            )

    def open_comparison(self) -> None:
        """Open the comparison with the baseline shown."""
        from .baseline_dialog import BaselineDialog

        baseline = self.baseline()
        if baseline is not None:
            dialogs.run_form(BaselineDialog(self.context, baseline, self))

    def tell(self, outcome: Outcome) -> None:
        """Say what an edit moved."""
        words = self.moved.tell(outcome)
        if words:
            self.context.notice_posted.emit(words)

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        session, state = self.context.session, self.context.view_state
        show_details = state.read("gantt.details") == "1"
        self.toolbar = GanttToolbar(self.commands.actions, show_details=show_details)
        self.moved = MovedBar()
        self.model = TaskTableModel(task_columns(session.today, 480), self.edits.change, self)
        self.table = TaskTable(
            self.model,
            state=state,
            today=session.today,
            owners=self.people_names,
            minutes_per_day=480,
            copied=self.commands.copied,
        )
        self.selection = RowSelection(self.table, self.model)
        self.picture = ChartPicture()
        self.chart = ChartView(
            self.picture,
            previewer=self._preview,
            refused_targets=self._refused_targets,
            selected_ids=self.selected_ids,
            may_edit=self._may_edit,
        )
        self.chart.setAccessibleName(_("Chart"))
        self.time = TimeNavigator(self.picture, self.chart, state, lambda: self._view, self._now)
        self.head = TimeHead(self.chart)
        self.inspector = Inspector(self.commands.run, session.today, TaskFiles(self.context))
        self.inspector.setVisible(show_details)
        self.load = LoadStrip(self.chart)
        self.stack = PageStack(self, self.commands.add, self.commands.files.import_here)
        self.splitter = self.stack.arrange(
            self.toolbar, self.moved, self.table, (self.head, self.chart), self.inspector, self.load
        )
        self._splitter_memory = SplitterMemory(self.splitter, "gantt", state)
        self.splitter.setChildrenCollapsible(False)
        for widget in (self.table, self.chart):
            self.commands.keys.watch(widget)
        if not self._may_edit():
            self.table.setEditTriggers(self.table.EditTrigger.NoEditTriggers)
            self.commands.forbid_edits()

    def _connect(self) -> None:
        self.toolbar.files_menu.aboutToShow.connect(lambda: self.commands.files.fill(self.toolbar.files_menu))
        self.table.selection_changed.connect(self._on_selection_changed)
        self.table.toggled.connect(self.toggle_row)
        self.table.rows_pasted.connect(self.commands.paste)
        self.table.rows_dropped.connect(self.commands.drop_rows)
        self.table.context_requested.connect(self._on_context)
        self.table.verticalScrollBar().valueChanged.connect(self._on_table_scrolled)
        self.table.horizontalHeader().sectionClicked.connect(self._on_heading_clicked)
        self.chart.verticalScrollBar().valueChanged.connect(self._on_chart_scrolled)
        self.chart.row_pressed.connect(self.selection.press)
        self.chart.dropped.connect(self.commands.carry_out)
        self.chart.object_activated.connect(lambda _key: self.set_details(shown=True))
        self.chart.object_context.connect(lambda _key, place: self._on_context(None, place))
        self.chart.zoom_requested.connect(self._on_zoom_requested)
        self.chart.blank_activated.connect(self._on_blank_activated)
        self.head.day_activated.connect(lambda x: self.open_calendar(self.picture.axis.scale.day_at(x)))
        self.time.unit_changed.connect(self.toolbar.set_unit)
        self.toolbar.unit_chosen.connect(self.show_unit)
        self.toolbar.critical_toggled.connect(self._on_critical_toggled)
        self.toolbar.baseline_chosen.connect(self._on_baseline_chosen)
        self.toolbar.headline_clicked.connect(self._on_headline_clicked)
        self.toolbar.arrangement_changed.connect(lambda _arrangement: self._refresh_rows())
        self.toolbar.details_toggled.connect(lambda shown: self.set_details(shown=shown))
        self.inspector.task_requested.connect(self.show_task)
        self.moved.undo_requested.connect(self._on_undo)
        self.load.owner_chosen.connect(self._on_owner_chosen)
        self.splitter.splitterMoved.connect(lambda _place, _index: self._align())

    # --- refreshing --------------------------------------------------------------------------------------------

    def _begin_project(self, project_id: EntityId) -> None:
        self._shown_project = project_id
        self._baseline_id = LATEST_BASELINE
        self._owner = None
        self.time.forget_place()
        self.moved.hide()
        self.chart.cancel_drag()
        try:
            kept = json.loads(self.context.view_state.read(f"gantt.folds.{project_id.hex()}") or "[]")
        except ValueError:
            kept = []
        self._collapsed = {str(key) for key in kept} if isinstance(kept, list) else set()

    def _refresh_rows(self) -> None:
        view = self._view
        if view is None:
            return
        if self.chart.is_dragging:
            self.chart.cancel_drag()
        names = {stage.id: stage.name for stage in stages(self.context.session, view.state.project.id)}
        rows = arrange(view, self.toolbar.arrangement(), self._collapsed, names)
        selected = set(self.selected_keys())
        self.model.set_rows(rows)
        kept = tuple(row.key for row in rows if row.key in selected)
        if set(self.selected_keys()) != set(kept):
            self.select_rows(kept)
        self.picture.selected = frozenset(self.selected_keys())
        self.picture.show(view, rows, self._now())
        self.time.refresh()

    def _refresh_around(self) -> None:
        view = self._view
        if view is None:
            return
        owners = plan_load.owners(view.state)
        self.toolbar.show_view(view, tuple(owner.name for owner in owners))
        if self._owner not in owners:
            self._owner = self._busiest(view, owners)
        weeks = plan_load.weekly_load(self.context.session, view.state, self._owner) if self._owner else ()
        self.load.show_load(owners, self._owner, weeks)
        self._show_inspected()
        self._align()

    def _busiest(self, view: PlanView, owners: tuple[Owner, ...]) -> Owner | None:
        """Return whose load to show first: somebody overloaded, else who has most to do."""
        for owner in owners[:8]:
            if any(week.is_over for week in plan_load.weekly_load(self.context.session, view.state, owner)):
                return owner
        return owners[0] if owners else None

    def _show_inspected(self) -> None:
        if self.inspector.isHidden():
            return
        rows = self.selected_task_rows()
        self.inspector.show_row(self._view, rows[0] if rows else None)

    def _align(self) -> None:
        self.load.set_head_width(self.splitter.sizes()[0])

    def _now(self) -> int:
        return instant(self.context.session.local_now())

    def _remember_folds(self) -> None:
        if self.project_id is not None:
            key = f"gantt.folds.{self.project_id.hex()}"
            self.context.view_state.write(key, json.dumps(sorted(self._collapsed)[:2000]))

    # --- answers to the chart ----------------------------------------------------------------------------------

    def _preview(self, drop: Drop) -> Preview:
        return preview(self._view.state, drop) if self._view is not None else Preview()

    def _refused_targets(self, task_id: EntityId) -> frozenset[EntityId]:
        return plan.refused_targets(self._view.state, task_id) if self._view is not None else frozenset()

    def _may_edit(self) -> bool:
        return not self.context.session.workspace.read_only

    # --- slots -------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_selection_changed(self, _rows: object) -> None:
        self.picture.selected = frozenset(self.selected_keys())
        self.chart.viewport().update()
        self._show_inspected()

    @Slot(int)
    def _on_table_scrolled(self, value: int) -> None:
        if not self._syncing:
            self._syncing = True
            self.chart.verticalScrollBar().setValue(value)
            self._syncing = False

    @Slot(int)
    def _on_chart_scrolled(self, value: int) -> None:
        if not self._syncing:
            self._syncing = True
            self.table.verticalScrollBar().setValue(value)
            self._syncing = False

    @Slot(int)
    def _on_heading_clicked(self, section: int) -> None:
        key = self.model.columns[section].key
        now = self.toolbar.arrangement()
        if now.sort != key:
            new = replace(now, sort="" if key == "number" else key, descending=False)
        elif not now.descending:
            new = replace(now, descending=True)
        else:
            new = replace(now, sort="", descending=False)
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(bool(new.sort))
        order = Qt.SortOrder.DescendingOrder if new.descending else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(section if new.sort else -1, order)
        self.toolbar.set_arrangement(new)

    @Slot(object, QPoint)
    def _on_context(self, row: object, place: QPoint) -> None:
        if isinstance(row, ShownRow) and row.key not in self.selected_keys():
            self.select_rows((row.key,))
        recurring = self._may_edit() and self.commands.reuse.recurring() is not None
        wanted = [one for one in _CONTEXT if recurring or one != "gantt.change_recurring"]
        menu: QMenu = self.commands.actions.menu(wanted, parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    @Slot(float, float)
    def _on_zoom_requested(self, factor: float, scene_x: float) -> None:
        self.set_day_width(self.picture.axis.day_width * factor, self.chart.to_view(scene_x, 0).x())

    @Slot(float)
    def _on_blank_activated(self, x: float) -> None:
        at = self.picture.axis.boundary(x - self.picture.axis.day_width / 2)
        if self._view is not None and self._may_edit():
            self.commands.add_at(self._view.state.calendar.next_start(at))

    @Slot(bool)
    def _on_critical_toggled(self, shown: bool) -> None:
        self.picture.show_critical = shown
        self._refresh_rows()

    @Slot(object)
    def _on_baseline_chosen(self, baseline_id: object) -> None:
        self._baseline_id = EntityId(baseline_id) if isinstance(baseline_id, bytes) else None
        self.reload()

    @Slot()
    def _on_headline_clicked(self) -> None:
        view = self._view
        if view is None:
            return
        slipped = [row for row in view.rows if row.slip > 0 and not row.is_summary and not row.is_done]
        row = view.infeasible or max(slipped, key=lambda one: one.slip, default=None)
        if row is not None:
            self.show_task(row.id)
            self.set_details(shown=True)

    @Slot()
    def _on_undo(self) -> None:
        self.context.attempt(self.context.session.undo, self)
        self.moved.hide()

    @Slot(object)
    def _on_owner_chosen(self, owner: object) -> None:
        if isinstance(owner, Owner):
            self._owner = owner
            self._refresh_around()

    # --- Qt ----------------------------------------------------------------------------------------------------

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
        self._align()
        self.time.refresh()
        self.time.place()
