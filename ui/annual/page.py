"""年度预算: the year's pools with their arithmetic, the projects that draw on them, the months, signed exceptions."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import pools, projects
from qihua_desktop.services.annual_overview import YearOverview, YearProject, overview_elsewhere, year_overview
from ui.common import dialogs
from ui.common.actions import Action, ActionRegistry
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.jobs import JobHandle
from ui.common.layouts import SplitterMemory
from ui.common.page import Page
from ui.common.pool_choice import choose_pool
from ui.common.widgets import Toolbar, icon_button, menu_button, muted_label, set_tool_tip

from .dialogs import ExceptionDialog
from .lower_card import LowerCard
from .pools_card import PoolsCard
from .terms_card import TermsCard

_TABLES: Final = frozenset(
    {
        "annual_pool", "pool_adjustment", "pool_exception", "project", "budget", "budget_line", "budget_version",
        "plan_version", "contract", "voucher", "voucher_share", "stock_use", "reserve_release", "line_forecast",
        "setting", "person", "task",
    }
)  # fmt: skip
MANY_PROJECTS: Final = 40
"""From so many projects on the year is read in the background."""


class AnnualPage(Page):
    """A fiscal year of the department."""

    key = "annual"
    icon = "calculator"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._editable = not context.session.workspace.read_only
        self._job: JobHandle | None = None
        self.shown: YearOverview | None = None
        self.year_number = pools.present_year(context.session)
        self.pools = PoolsCard(context)
        self.terms = TermsCard(context)
        self.below = LowerCard(context)
        self.actions_of_page = ActionRegistry(self)
        self.actions_of_page.add_all(self._actions())
        self.pools.chosen.connect(self._on_pool)
        self.terms.project_requested.connect(self._open_project)
        self.below.project_requested.connect(self._open_project)
        self.below.projects.selection_changed.connect(lambda _rows: self._enable())
        self.below.projects.context_requested.connect(self._on_context)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self.pools)
        upper.addWidget(self.terms)
        upper.setStretchFactor(0, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(upper)
        parts.addWidget(self.below)
        parts.setStretchFactor(1, 1)
        for one, sizes in ((upper, [690, 430]), (parts, [250, 360])):
            one.setChildrenCollapsible(False)
            one.setHandleWidth(12)
            one.setSizes(sizes)
        self._memories = (
            SplitterMemory(upper, "annual.upper", context.view_state),
            SplitterMemory(parts, "annual.parts", context.view_state),
        )
        holder = QVBoxLayout()
        holder.setContentsMargins(20, 16, 20, 16)
        holder.addWidget(parts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._toolbar())
        column.addLayout(holder, 1)
        self.switch = self.below.switch

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Annual budgets")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to what the year is made of."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the year anew, in the background when there is much of it."""
        session, year = self.context.session, self.year_number
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if len(projects.all_projects(session)) < MANY_PROJECTS:
            self._show(year_overview(session, year))
            return
        self.waiting.setText(_("Computing…"))
        self._job = self.context.jobs.submit(
            lambda job: overview_elsewhere(session, year, job.raise_if_cancelled),
            on_done=self._on_read,
            on_failed=self._on_failed,
        )

    def show_year(self, year: int) -> None:
        """Show another fiscal year."""
        self.year_number = min(max(year, 2000), 2200)
        self.reload()

    def reveal(self, row_id: bytes) -> None:
        """Select a pool of whatever year, or a project."""
        session = self.context.session
        for year in pools.pool_years(session):
            if any(pool.id == row_id for pool in pools.pools_of_year(session, year)):
                if year != self.year_number:
                    self.show_year(year)
                self.pools.select(EntityId(row_id))
                return
        self.below.switch.set_current("projects")
        self.below.projects.select_identity(row_id)

    def sign_exception(self) -> None:
        """Ask a director to permit an excess."""
        if self.shown is None:
            return
        row = self.below.selected_project()
        dialog = ExceptionDialog(self.context, self.shown, self, project_id=row.project.id if row else None)
        if dialogs.run_form(dialog) and dialog.signed:
            self.below.switch.set_current("exceptions")

    def choose_pool(self) -> None:
        """Ask which pool the selected project draws on."""
        row = self.below.selected_project()
        if row is not None:
            choose_pool(self.context, row.project.id, self)

    def export(self) -> None:
        """Print the year."""
        self.context.export_requested.emit("annual-budget", {"year": self.year_number})

    def _actions(self) -> tuple[Action, ...]:
        group = self.title()

        def action(name: str, text: str, call: Any, keys: str = "", icon: str | None = None) -> Action:
            return Action(f"annual.{name}", text, call, shortcut=keys, icon=icon, group=group)

        return (
            action("add", _("Add pool"), self.pools.add_pool, "Insert", "plus"),
            action("adjust", _("Adjust…"), self.pools.adjust, "Ctrl+J", "arrow-up-down"),
            action("copy", _("Copy pools from another year…"), self.pools.copy_year, "", "copy"),
            action("up", _("Move up"), lambda: self.pools.move(-1), "Ctrl+Shift+Up", "arrow-up"),
            action("down", _("Move down"), lambda: self.pools.move(1), "Ctrl+Shift+Down", "arrow-down"),
            action("delete", _("Delete pool"), self.pools.delete, "Ctrl+Delete", "trash-2"),
            action("assign", _("Annual pool of the project…"), self.choose_pool, "", "wallet"),
            action("exception", _("Sign an exception…"), self.sign_exception, "", "signature"),
            action("pdf", _("Annual budget PDF"), self.export, "Ctrl+Shift+P", "file-down"),
            action("previous", _("Year before"), lambda: self.show_year(self.year_number - 1), "Ctrl+PgUp"),
            action("next", _("Year after"), lambda: self.show_year(self.year_number + 1), "Ctrl+PgDown"),
        )

    def _toolbar(self) -> Toolbar:
        actions = self.actions_of_page
        self.year = ChoiceBox()
        self.year.setAccessibleName(_("Fiscal year"))
        self.year.activated.connect(lambda _at: self.show_year(self.year.value()))
        self.waiting = muted_label()
        more = menu_button(
            _("More"),
            actions.menu(["annual.copy", None, "annual.up", "annual.down", "annual.delete", None, "annual.assign"]),
        )
        bar = Toolbar()
        bar.add(icon_button("chevron-left", _("Year before"), lambda: actions.trigger("annual.previous")), self.year)
        bar.add(icon_button("chevron-right", _("Year after"), lambda: actions.trigger("annual.next")), self.waiting)
        bar.add_stretch()
        bar.add(actions.button("annual.exception"), actions.button("annual.pdf"), more)
        bar.add(actions.button("annual.adjust"), actions.button("annual.add", primary=True))
        return bar

    @Slot(object)
    def _on_read(self, shown: YearOverview) -> None:
        if shown.year == self.year_number:
            self._job = None
            self._show(shown)

    def _on_failed(self, error: BaseException) -> None:
        self.waiting.setText("")
        if not isinstance(error, Cancelled):
            dialogs.show_error(self, error)

    def _show(self, shown: YearOverview) -> None:
        self.shown = shown
        self.waiting.setText("")
        self._fill_years()
        self.pools.show_year(shown)
        self.below.show_year(shown)
        self._enable()

    def _fill_years(self) -> None:
        known = pools.pool_years(self.context.session)
        wanted = range(min(*known, self.year_number) - 1, max(*known, self.year_number) + 2)
        if self.year.values() != tuple(wanted):
            self.year.clear_choices()
            for year in wanted:
                self.year.add(_("FY {year}").format(year=year), year)
        self.year.select(self.year_number)

    @Slot(object)
    def _on_pool(self, view: object) -> None:
        self.terms.show_pool(self.pools.selected())
        self._enable()

    @Slot(object)
    def _open_project(self, project_id: object) -> None:
        self.context.page_requested.emit("budget", project_id)

    def _enable(self) -> None:
        actions, editable, shown = self.actions_of_page, self._editable, self.shown
        has_pool = editable and self.pools.selected() is not None
        row = self.below.selected_project()
        exceeds = shown is not None and any(
            one.excess and one.exception is None for project in shown.projects for one in project.asks
        )
        allowed = {
            "add": editable,
            "copy": editable,
            "exception": editable and exceeds,
            "assign": editable and row is not None and self.below.may_assign(row),
            "pdf": shown is not None and bool(shown.pools or shown.projects),
            **dict.fromkeys(("adjust", "up", "down", "delete"), has_pool),
        }
        for name, enabled in allowed.items():
            actions.set_enabled(f"annual.{name}", enabled)
        reason = actions.get("annual.exception")
        set_tool_tip(
            reason,
            _("This workspace is open for viewing only.") if not editable
            else _("Sign an exception…") if exceeds else _("No plan exceeds its pool."),
        )  # fmt: skip

    @Slot(object, QPoint)
    def _on_context(self, row: YearProject | None, place: QPoint) -> None:
        if row is None:
            return
        menu = self.row_menu(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def row_menu(self, row: YearProject) -> QMenu:
        """Return what can be done with a project."""
        menu = QMenu(self)
        menu.addAction(_("Open the budget")).triggered.connect(lambda: self._open_project(row.project.id))
        for name in ("assign", "exception"):
            menu.addAction(self.actions_of_page.get(f"annual.{name}"))
        return menu
