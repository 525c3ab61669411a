"""Files, stock, tasks and versions: the commands of the allocation tab that open a dialog or another page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.exchange.export_budget import export_budget
from qihua_desktop.i18n import _
from qihua_desktop.services import projects
from ui.common import dialogs
from ui.common.actions import Action
from ui.common.pool_choice import choose_pool

from .compare_dialog import CompareDialog
from .import_dialog import BudgetFile, BudgetImportDialog, read_file
from .reserve_dialogs import use_reserve
from .stock_dialog import StockDialog

if TYPE_CHECKING:
    from .allocation_tab import AllocationTab

_TABLES = "*.xlsx *.xlsm *.csv *.tsv *.txt"


class AllocationDialogs:
    """What the tab does beyond its table."""

    def __init__(self, tab: AllocationTab) -> None:
        self._tab = tab

    def actions(self, group: str) -> tuple[Action, ...]:
        """Return the actions of the whole tab."""
        found = (
            ("import", _("Import a budget table…"), self.import_table, "Ctrl+Shift+I", "upload"),
            ("export", _("Export to Excel…"), self.export_table, "Ctrl+Shift+X", "download"),
            ("compare", _("Compare versions…"), self.compare, "Ctrl+Shift+G", "layers"),
            ("use_reserve", _("Use the reserve…"), self.use_reserve, "Ctrl+Shift+R", "shield-check"),
            ("pool", _("Annual pool…"), self.choose_pool, "Ctrl+Shift+U", "calculator"),
        )
        return tuple(
            Action(f"budget.{key}", text, callback, shortcut=keys, icon=icon, group=group)
            for key, text, callback, keys, icon in found
        )

    def row_actions(self, group: str) -> tuple[Action, ...]:
        """Return the actions of the current row."""
        found = (
            ("link_task", _("Link a task…"), self.link_task, "Ctrl+Shift+J", "link"),
            ("go_to_task", _("Go to its task"), self.go_to_task, "Ctrl+J", "external-link"),
            ("stock", _("From the stock…"), self.use_stock, "Ctrl+Shift+M", "package"),
            ("category_pool", _("Annual pool of the category…"), self.choose_category_pool, "Ctrl+Alt+J", "calculator"),
        )
        return tuple(
            Action(f"budget.{key}", text, callback, shortcut=keys, icon=icon, group=group)
            for key, text, callback, keys, icon in found
        )

    def import_table(self) -> None:
        """Read a budget table in the background, then show what an import would make of it."""
        tab = self._tab
        if tab.project_id is None or not tab.may_edit():
            return
        path = dialogs.open_file(tab, _("Import a budget table"), _("Budget tables") + f" ({_TABLES})")
        if path is None:
            return
        tab.context.jobs.submit(
            lambda _job: read_file(path), on_done=self._show_import,
            on_failed=lambda error: dialogs.show_error(tab, error),
            title=_("Reading {file}").format(file=path.name[:60]),
        )  # fmt: skip

    def export_table(self) -> None:
        """Write the budget as a workbook with live formulas."""
        tab, project_id = self._tab, self._tab.project_id
        if project_id is None:
            return
        project = projects.find_project(tab.context.session, project_id)
        name = (project.name[:60] if project is not None else _("Budget")) + ".xlsx"
        path = dialogs.save_file(tab, _("Export to Excel"), "Excel (*.xlsx)", name=name)
        if path is None:
            return
        target = path if path.suffix else path.with_suffix(".xlsx")
        notes: list[str] = []
        if tab.perform(lambda: notes.extend(export_budget(tab.context.session, project_id, target))):
            tab.context.notice_posted.emit(" ".join([_("Written: {file}").format(file=target.name), *notes]))

    def compare(self) -> None:
        """Show every difference between two versions."""
        tab = self._tab
        status = tab.status
        if tab.project_id is None or status is None:
            return
        if not status.versions:
            tab.context.notice_posted.emit(_("No version was submitted yet."))
            return
        dialogs.run_form(CompareDialog(tab, tab.project_id, status, tab.compared_number()))

    def use_reserve(self) -> None:
        """Ask to use the reserve for the current row."""
        if self._tab.may_edit():
            use_reserve(self._tab, self._current())

    def choose_pool(self) -> None:
        """Choose the annual pool that the project draws on."""
        tab = self._tab
        if tab.project_id is not None and tab.may_edit():
            choose_pool(tab.context, tab.project_id, tab)

    def choose_category_pool(self) -> None:
        """Choose the annual pool of the current category, in place of the project's."""
        line_id, tab = self._current(), self._tab
        if line_id is not None and tab.project_id is not None and tab.may_edit():
            choose_pool(tab.context, tab.project_id, tab, line_id=line_id)

    def link_task(self) -> None:
        """Choose the current row's task in its cell."""
        line_id = self._current()
        if line_id is not None and self._tab.may_edit():
            tree = self._tab.tree
            tree.setColumnHidden(tree.column_of("task"), False)
            tree.edit_cell(line_id, "task")

    def go_to_task(self) -> None:
        """Show the current row's task in the plan."""
        line_id, tab = self._current(), self._tab
        row = tab.row(line_id) if line_id is not None else None
        if row is None or tab.project_id is None:
            return
        if row.line.task_id is None:
            tab.context.notice_posted.emit(_("This line is not linked to a task."))
            return
        tab.context.page_requested.emit("gantt", (tab.project_id, row.line.task_id))

    def use_stock(self) -> None:
        """Show and change what the current row takes from the stock."""
        line_id, tab = self._current(), self._tab
        if line_id is not None and tab.project_id is not None:
            dialogs.run_form(StockDialog(tab, tab.project_id, line_id))

    def _show_import(self, file: BudgetFile) -> None:
        if dialogs.run_form(BudgetImportDialog(self._tab, file)):
            self._tab.context.notice_posted.emit(_("Imported. Ctrl+Z takes it back."))

    def _current(self) -> EntityId | None:
        row = self._tab.tree.current_row()
        return row.line.id if row is not None else None
