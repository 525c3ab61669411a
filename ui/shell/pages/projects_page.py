"""All projects: filter, sort, open, make new ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.budget import BudgetState, budget_state_label
from qihua_desktop.domain.project import ProjectKind, ProjectStatus, kind_label, status_label
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import projects
from qihua_desktop.services.projects import ProjectSummary
from ui.common.choice_box import ChoiceBox
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.models import RowsModel, SortFilterModel
from ui.common.page import Page
from ui.common.tables import DataTable
from ui.common.widgets import (
    Card,
    EmptyState,
    SearchField,
    Segment,
    SegmentedControl,
    Tone,
    Toolbar,
    muted_label,
    primary_button,
)

from .. import project_actions
from ..header import KIND_TONES, STATUS_TONES

_TABLES: Final = frozenset(
    {
        "project", "stage", "task", "budget", "budget_line", "person", "programme",
        "plan_version", "review_seat", "sign_off",
    }
)  # fmt: skip
_BUDGET_TONES: Final = {
    BudgetState.DRAFT: Tone.NEUTRAL,
    BudgetState.IN_REVIEW: Tone.WARN,
    BudgetState.APPROVED: Tone.OK,
    BudgetState.REVISED: Tone.WARN,
    BudgetState.CLOSED: Tone.NEUTRAL,
}
_MONEY_RANGES: Final = ((0, None), (0, 10_000_000), (10_000_000, 50_000_000), (50_000_000, None))


class ProjectsPage(Page):
    """The list of projects."""

    key = "projects"
    icon = "folder-kanban"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = RowsModel(_columns(), lambda row: row.project.id, parent=self)
        self.proxy = SortFilterModel(self.model, self)
        self.table = DataTable(
            self.proxy, key="projects", state=context.view_state, row_height=36, accessible_name=_("Projects")
        )
        self.table.row_activated.connect(self._on_activated)
        self.table.context_requested.connect(self._on_context_requested)
        self.count = muted_label()
        self.stack = QStackedWidget()
        card = Card(padded=False)
        card.add(self.table, 1)
        self.empty = EmptyState(
            "folder-kanban",
            _("No projects yet"),
            _("A project is made from a template: its stages, tasks, budget and risk plan are laid out for you."),
            action_text=_("New project"),
            callback=lambda: project_actions.new_project(self.context, self),
        )
        self.nothing = EmptyState(
            "filter",
            _("No project matches"),
            _("Change or clear the filter to see the other projects."),
            action_text=_("Clear the filter"),
            callback=self.clear_filter,
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(20, 16, 20, 10)
        column.setSpacing(8)
        column.addWidget(card)
        column.addWidget(self.count)
        for one in (holder, self.empty, self.nothing):
            self.stack.addWidget(one)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toolbar())
        layout.addWidget(self.stack, 1)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Projects")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the projects anew."""
        self.model.set_rows(projects.project_summaries(self.context.session))
        self._apply_filter()

    def reveal(self, project_id: bytes) -> None:
        """Select a project."""
        self.clear_filter()
        self.table.select_identity(project_id)

    def clear_filter(self) -> None:
        """Show every project."""
        self.search.clear()
        self.kinds.set_current("all")
        for box in (self.status, self.stage, self.dates, self.money):
            box.setCurrentIndex(0)
        self._apply_filter()

    def _toolbar(self) -> Toolbar:
        self.search = SearchField(_("Find a project"))
        self.search.setFixedWidth(170)
        self.search.searched.connect(lambda _text: self._apply_filter())
        segments = [Segment("all", _("All"))]
        segments.extend(Segment(kind.value, kind_label(kind)) for kind in ProjectKind)
        self.kinds = SegmentedControl(segments, accessible_name=_("Kind"))
        self.kinds.current_changed.connect(lambda _key: self._apply_filter())
        self.status = self._box(_("Status"), [(_("Any status"), None)])
        for status in ProjectStatus:
            self.status.add(status_label(status), status)
        self.stage = self._box(_("Stage"), [(_("Any stage"), "")])
        self.dates = self._box(
            _("Key date"),
            [(_("Any date"), None), (_("Next 30 days"), 30), (_("Next 90 days"), 90), (_("Past"), -1)],
        )
        self.money = self._box(
            _("Budget"),
            [
                (_("Any budget"), 0),
                (_("Under ¥100,000"), 1),
                (_("¥100,000 to 500,000"), 2),
                (_("¥500,000 and more"), 3),
            ],
        )
        bar = Toolbar()
        bar.add(self.search, self.kinds, self.status, self.stage, self.dates, self.money)
        bar.add_stretch()
        new = primary_button(
            _("New project"), lambda: project_actions.new_project(self.context, self), icon_name="plus"
        )
        new.setEnabled(not self.context.session.workspace.read_only)
        bar.add(new)
        return bar

    def _box(self, name: str, items: list[tuple[str, object]]) -> ChoiceBox:
        box = ChoiceBox()
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in items:
            box.add(text, value)
        box.currentIndexChanged.connect(lambda _index: self._apply_filter())
        return box

    def _apply_filter(self) -> None:
        rows = self.model.rows
        self._fill_stages(rows)
        self.proxy.set_filter(self._accepts)
        self.proxy.set_search(self.search.text())
        shown = self.proxy.rowCount()
        text = ngettext("{count} project", "{count} projects", shown).format(count=shown)
        self.count.setText(text if shown == len(rows) else _("{shown} of {all}").format(shown=shown, all=len(rows)))
        self.stack.setCurrentIndex(1 if not rows else 0 if shown else 2)

    def _fill_stages(self, rows: tuple[ProjectSummary, ...]) -> None:
        """Offer the stages that projects stand in, keeping the choice."""
        names = sorted({row.stage_name for row in rows if row.stage_name})
        if names == list(self.stage.values()[1:]):
            return
        chosen = self.stage.value()
        self.stage.blockSignals(True)
        self.stage.keep_first()
        for name in names:
            self.stage.add(name, name)
        self.stage.select(chosen)
        self.stage.blockSignals(False)

    def _accepts(self, row: ProjectSummary) -> bool:
        project = row.project
        kind, status, stage = self.kinds.current_key(), self.status.value(), self.stage.value()
        if (kind != "all" and project.kind != kind) or (status is not None and project.status != status):
            return False
        if stage and row.stage_name != stage:
            return False
        low, high = _MONEY_RANGES[self.money.value()]
        if row.budget_total < low or (high is not None and row.budget_total >= high):
            return False
        days = self.dates.value()
        today = self.context.session.today()
        if days is None:
            return True
        return project.key_on < today if days < 0 else today <= project.key_on <= today + timedelta(days=days)

    @Slot(object)
    def _on_activated(self, row: ProjectSummary) -> None:
        self.context.choose_project(row.project.id)
        self.context.page_requested.emit("overview", row.project.id)

    @Slot(object, QPoint)
    def _on_context_requested(self, row: ProjectSummary | None, place: QPoint) -> None:
        if row is None:
            return
        menu = self.row_menu(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def row_menu(self, row: ProjectSummary) -> QMenu:
        """Return what can be done with a project."""
        menu = QMenu(self)
        project, session = row.project, self.context.session
        _item(menu, "layout-dashboard", _("Open"), lambda: self._on_activated(row))
        if session.workspace.read_only:
            return menu
        menu.addSeparator()
        if project.status is ProjectStatus.ACTIVE:
            self._status_item(
                menu, "circle-check", _("Close project"), lambda: projects.close_project(session, project.id)
            )
            self._status_item(
                menu, "circle-x", _("Cancel project"), lambda: projects.cancel_project(session, project.id)
            )
        else:
            self._status_item(
                menu, "rotate-ccw", _("Reopen project"), lambda: projects.reopen_project(session, project.id)
            )
        menu.addSeparator()
        _item(
            menu,
            "trash-2",
            _("Delete project…"),
            lambda: project_actions.delete_project(self.context, self, project.id),
        )
        return menu

    def _status_item(self, menu: QMenu, icon: str, text: str, action: object) -> None:
        _item(menu, icon, text, lambda: self.context.attempt(action, self))  # type: ignore[arg-type]


def _item(menu: QMenu, icon: str, text: str, callback: object) -> None:
    action = menu.addAction(text)
    set_icon(action, icon)
    action.triggered.connect(lambda _checked=False: callback())  # type: ignore[operator]


def _columns() -> tuple[Column[ProjectSummary], ...]:
    return (
        Column("name", _("Project"), lambda row: row.project.name, width=210, stretch=True, bold=lambda row: True),
        Column("number", _("Number"), lambda row: row.project.number, width=120, hidden=True),
        Column(
            "kind",
            _("Kind"),
            lambda row: kind_label(row.project.kind),
            CellKind.CHIP,
            tone=lambda row: KIND_TONES[row.project.kind],
            width=126,
        ),
        Column("stage", _("Stage"), lambda row: row.stage_name, width=110),
        Column(
            "status",
            _("Status"),
            lambda row: status_label(row.project.status),
            CellKind.CHIP,
            tone=lambda row: STATUS_TONES[row.project.status],
            width=86,
        ),
        Column("owner", _("Owner"), lambda row: row.owner_name, width=84),
        Column("key_on", _("Key date"), lambda row: row.project.key_on, CellKind.DATE, width=100),
        Column("start", _("Start"), lambda row: row.start, CellKind.DATE, width=100, hidden=True),
        Column("finish", _("Finish"), lambda row: row.finish, CellKind.DATE, width=100, hidden=True),
        Column("progress", _("Progress"), lambda row: row.progress_bp, CellKind.PROGRESS, width=124),
        Column("budget", _("Budget (yuan)"), lambda row: row.budget_total, CellKind.MONEY, width=118),
        Column(
            "budget_state",
            _("Budget state"),
            lambda row: budget_state_label(row.budget_state),
            CellKind.CHIP,
            tone=lambda row: _BUDGET_TONES[row.budget_state],
            width=98,
        ),
        Column(
            "late",
            _("Attention"),
            lambda row: row.late_tasks * 100 + row.waiting_sign_offs,
            CellKind.CHIP,
            text=attention_text,
            tone=lambda row: Tone.BAD if row.late_tasks else Tone.WARN,
            width=128,
        ),
        Column("programme", _("Programme"), lambda row: row.programme_name, width=130, hidden=True),
    )


def attention_text(row: ProjectSummary) -> str:
    """Return what of a project wants attention, in a few words."""
    parts: list[str] = []
    if row.late_tasks:
        parts.append(ngettext("{count} late", "{count} late", row.late_tasks).format(count=row.late_tasks))
    if row.waiting_sign_offs:
        waiting = row.waiting_sign_offs
        parts.append(ngettext("{count} to sign", "{count} to sign", waiting).format(count=waiting))
    return " · ".join(parts)
