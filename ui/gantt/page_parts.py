"""What the Gantt window is made of: every part is built here and asks the page through what it is handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qihua_desktop.i18n import _
from ui.common.layouts import SplitterMemory

from .chart_view import ChartView
from .columns import Around, task_columns
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
from .workload import Workload

if TYPE_CHECKING:
    from .page import GanttPage


class PageParts:
    """The widgets of a page and what fills them, put in their places."""

    def __init__(self, page: GanttPage) -> None:
        session, state = page.context.session, page.context.view_state
        commands = page.commands
        show_details = state.read("gantt.details") == "1"
        self.toolbar = GanttToolbar(commands.actions, show_details=show_details)
        self.moved = MovedBar()
        around = Around(page.stage_name, page.predecessors, page.late_start)
        self.model = TaskTableModel(task_columns(session.today, 480, around), page.edits.change, page)
        self.table = TaskTable(
            self.model,
            state=state,
            today=session.today,
            owners=page.people_names,
            minutes_per_day=480,
            copied=commands.copied,
        )
        self.table.set_placeholder(_("No task fits. Press Esc in the search, or show everything again under Filter."))
        self.selection = RowSelection(self.table, self.model)
        self.picture = ChartPicture()
        self.chart = ChartView(
            self.picture,
            previewer=page.preview,
            refused_targets=page.refused_targets,
            selected_ids=self.selection.ids,
            may_edit=page.may_edit,
        )
        self.chart.setAccessibleName(_("Chart"))
        self.chart.keys_to = self.table
        self.time = TimeNavigator(self.picture, self.chart, state, page.view, page.now)
        self.head = TimeHead(self.chart)
        self.inspector = Inspector(commands.run, session.today, TaskFiles(page.context))
        self.inspector.setVisible(show_details)
        self.load = LoadStrip(self.chart)
        self.workload = Workload(self.load, session, show_task=page.show_task, select=self.selection.select)
        self.stack = PageStack(page, commands.add, commands.files.import_here)
        self.splitter = self.stack.arrange(
            self.toolbar, self.moved, self.table, (self.head, self.chart), self.inspector, self.load
        )
        self.memory = SplitterMemory(self.splitter, "gantt", state)
        self.splitter.setChildrenCollapsible(False)
        for widget in (self.table, self.chart):
            commands.keys.watch(widget)
        if not page.may_edit():
            self.table.setEditTriggers(self.table.EditTrigger.NoEditTriggers)
            commands.forbid_edits()
