"""The overview of all projects: one row each on one time axis, the people they share, and where that is too much."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QComboBox, QMenu, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.calendars import DayInfo
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_start, instant
from qihua_desktop.domain.portfolio_scene import ROW_HEIGHT
from qihua_desktop.domain.project import ProjectKind, ProjectStatus, kind_label, status_label
from qihua_desktop.i18n import _
from qihua_desktop.services.portfolio import Clash, ClashTask, Portfolio, ProjectSpan, portfolio
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.labels import literal
from ui.common.layouts import SplitterMemory
from ui.common.page import Page
from ui.common.tables import DataTree
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import EmptyState, Segment, SegmentedControl, Toolbar, button

from ..axis import usual_width
from ..chart_view import QuietScrollBar
from ..time_head import TimeHead
from .chart import OverviewChart, OverviewPicture
from .clash_list import ClashList
from .lines import PEOPLE_KEY, OverviewRow, overview_columns, overview_rows, project_key

_TABLES: Final = frozenset(
    {"project", "stage", "task", "person", "calendar_day", "assignment", "person_week", "setting"}
)
_HEAD: Final = 42
_LEAST_VIEW: Final = 200


class PortfolioPage(Page):
    """All projects."""

    key = "portfolio"
    icon = "chart-no-axes-combined"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._shown: Portfolio | None = None
        self._open = {PEOPLE_KEY}
        self._days: dict[date, DayInfo] = {}
        self._owners: list[str] = []
        self._placed = False
        self._syncing = False
        self.picture = OverviewPicture()
        self.chart = OverviewChart(self.picture)
        self.head = TimeHead(self.chart)  # type: ignore[arg-type]
        self.model = TreeRowsModel(overview_columns(), lambda row: row.key, lambda row: row.parent)
        self.tree = DataTree(
            self.model, key="portfolio", state=context.view_state, row_height=int(ROW_HEIGHT),
            accessible_name=_("Portfolio"),
        )  # fmt: skip
        self.clashes = ClashList(context.view_state)
        self._build()
        self._connect()

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Portfolio")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the projects anew."""
        self._shown = portfolio(self.context.session)
        self._days.clear()
        self._fill_owners(self._shown)
        self._apply()

    def shown_keys(self) -> tuple[str, ...]:
        """Return the keys of the rows as seen, from top to bottom."""
        return tuple(line.key for line in self.picture.lines)

    def toggle(self, key: str) -> None:
        """Open or shut a project's stages."""
        index = self.model.index_of(key)
        self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def reveal(self, project_id: bytes) -> None:
        """Select a project."""
        self._select(project_key(EntityId(project_id)))

    def clear_filter(self) -> None:
        """Show every project."""
        self.kinds.set_current("all")
        self.status.setCurrentIndex(0)
        self.owner.setCurrentIndex(0)
        self._apply()

    def set_day_width(self, width: float, x: float | None = None) -> None:
        """Zoom, keeping what is under x of the viewport in place."""
        self.chart.set_day_width(width, self._span(), x)
        self._show_unit()

    def fit(self) -> None:
        """Show all projects at once."""
        self.chart.fit(self._span())
        self._show_unit()

    def go_today(self) -> None:
        """Bring today into view."""
        self.chart.scroll_to(self._now(), self.chart.viewport().width() * 0.4)

    # --- building ---

    def _build(self) -> None:
        self.tree.header().setFixedHeight(_HEAD)
        self.tree.setRootIsDecorated(True)
        self.tree.setVerticalScrollMode(DataTree.ScrollMode.ScrollPerPixel)
        self.tree.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setHorizontalScrollBar(QuietScrollBar(Qt.Orientation.Horizontal))
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        right = QWidget()
        column = _column(right)
        column.addWidget(self.head)
        column.addWidget(self.chart, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(self.tree)
        self.columns.addWidget(right)
        self.columns.setStretchFactor(1, 1)
        self.columns.setHandleWidth(1)
        self.columns.setSizes([452, 800])
        self.tree.setMinimumWidth(160)
        right.setMinimumWidth(_LEAST_VIEW)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.addWidget(self.columns)
        self.parts.addWidget(self.clashes)
        self.parts.setStretchFactor(0, 1)
        self.parts.setHandleWidth(1)
        self.parts.setSizes([520, 170])
        state = self.context.view_state
        self._memories = (
            SplitterMemory(self.columns, "portfolio.columns", state),
            SplitterMemory(self.parts, "portfolio.parts", state),
        )
        inside = QWidget()
        rows = _column(inside)
        rows.addWidget(self._toolbar())
        rows.addWidget(self.parts, 1)
        self.empty = EmptyState(
            "folder-kanban",
            _("No projects yet"),
            _("A project is made from a template: its stages, tasks, budget and risk plan are laid out for you."),
            action_text=_("Go to the projects"),
            callback=lambda: self.context.page_requested.emit("projects", None),
        )
        self.stack = QStackedLayout(self)
        self.stack.addWidget(inside)
        self.stack.addWidget(self.empty)

    def _toolbar(self) -> Toolbar:
        segments = [Segment("all", _("All"))]
        segments.extend(Segment(kind.value, kind_label(kind)) for kind in ProjectKind)
        self.kinds = SegmentedControl(segments, accessible_name=_("Kind"))
        self.kinds.current_changed.connect(lambda _key: self._apply())
        self.status = self._box(_("Status"), _("Any status"))
        for status in ProjectStatus:
            self.status.addItem(status_label(status))
        self.owner = self._box(_("Owner"), _("Any owner"))
        units = (
            Segment(TimeUnit.DAY.value, _("D")),
            Segment(TimeUnit.WEEK.value, _("Wk")),
            Segment(TimeUnit.MONTH.value, _("M")),
            Segment(TimeUnit.QUARTER.value, _("Q")),
        )
        self.units = SegmentedControl(units, accessible_name=_("Zoom"), current=TimeUnit.MONTH.value)
        self.units.current_changed.connect(self._on_unit)
        bar = Toolbar()
        bar.add(self.kinds, self.status, self.owner)
        bar.add_stretch()
        bar.add(self.units, button(_("Fit"), self.fit), button(_("Today"), self.go_today))
        return bar

    def _box(self, name: str, first: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setMinimumContentsLength(6)
        box.setMaximumWidth(180)
        box.addItem(first)
        box.currentIndexChanged.connect(lambda _index: self._apply())
        return box

    def _connect(self) -> None:
        tree, chart = self.tree, self.chart
        tree.verticalScrollBar().valueChanged.connect(lambda value: self._sync(chart, value))
        chart.verticalScrollBar().valueChanged.connect(lambda value: self._sync(tree, value))
        tree.expanded.connect(lambda index: self._on_folded(index, is_open=True))
        tree.collapsed.connect(lambda index: self._on_folded(index, is_open=False))
        tree.selection_changed.connect(self._on_selected)
        tree.row_activated.connect(self._on_row_activated)
        tree.context_requested.connect(self._on_context)
        chart.object_clicked.connect(self._on_clicked)
        chart.object_activated.connect(lambda key: self._on_row_activated(self._row(key)))
        chart.object_context.connect(lambda key, place: self._on_context(self._row(key), place))
        chart.zoom_requested.connect(self._on_zoom)
        self.clashes.clash_chosen.connect(self._on_clash_chosen)
        self.clashes.project_requested.connect(self._open_project)
        self.clashes.task_requested.connect(self._open_task)

    # --- filling ---

    def _fill_owners(self, shown: Portfolio) -> None:
        names = sorted({span.summary.owner_name for span in shown.projects if span.summary.owner_name})
        if names == self._owners:
            return
        chosen = self._chosen_owner()
        self._owners = names
        self.owner.blockSignals(True)
        while self.owner.count() > 1:
            self.owner.removeItem(1)
        self.owner.addItems([" ".join(name[:60].split()) for name in names])
        self.owner.setCurrentIndex(names.index(chosen) + 1 if chosen in names else 0)
        self.owner.blockSignals(False)

    def _chosen_owner(self) -> str | None:
        number = self.owner.currentIndex() - 1
        return self._owners[number] if number >= 0 else None

    def _chosen_status(self) -> ProjectStatus | None:
        number = self.status.currentIndex() - 1
        return tuple(ProjectStatus)[number] if number >= 0 else None

    def _accepts(self, span: ProjectSpan) -> bool:
        kind, status, owner = self.kinds.current_key(), self._chosen_status(), self._chosen_owner()
        return (
            (kind == "all" or span.project.kind == kind)
            and (status is None or span.project.status is status)
            and (owner is None or span.summary.owner_name == owner)
        )

    def _apply(self) -> None:
        shown = self._shown
        if shown is None:
            return
        self.stack.setCurrentIndex(0 if shown.projects else 1)
        projects = tuple(span for span in shown.projects if self._accepts(span))
        self.tree.set_placeholder("" if projects else _("No project matches the filter."))
        self.model.set_rows(overview_rows(shown, projects))
        for key in tuple(self._open):
            index = self.model.index_of(key)
            if index.isValid() and not self.tree.isExpanded(index):
                self.tree.setExpanded(index, True)
        ids = {span.project.id for span in projects}
        own = tuple(one for one in shown.clashes if any(project in ids for project, _minutes in one.week.shares))
        self.clashes.show_clashes(shown, own)
        self._refresh_lines()
        self._place()

    def _refresh_lines(self) -> None:
        rows = self.model.rows
        lines = tuple(row.line for row in rows if row.parent is None or row.parent in self._open)
        self.picture.show(lines, self._day, self._now())
        self.chart.refresh_span(self._span())

    def _span(self) -> tuple[int, int]:
        now = self._now()
        ends = [now, now + 30 * MINUTES_PER_DAY]
        for row in self.model.rows:
            line = row.line
            ends += [at for at in (line.start, line.finish) if at is not None]
            if line.key_on is not None:
                ends.append(day_start(line.key_on))
        return min(ends), max(ends)

    def _place(self) -> None:
        """Show everything at once, the first time there is room."""
        if not self._placed and self.chart.viewport().width() > _LEAST_VIEW and self.picture.lines:
            self._placed = True
            self.fit()

    def _day(self, day: date) -> DayInfo:
        info = self._days.get(day)
        if info is None:
            if self._shown is None:
                raise ValueError("nothing is shown")
            info = self._days[day] = self._shown.calendars.day(day)
        return info

    def _now(self) -> int:
        return instant(self.context.session.local_now())

    def _row(self, key: str) -> OverviewRow | None:
        if key.startswith("week:"):
            key = f"person:{key.split(':')[1]}"
        return next((row for row in self.model.rows if row.key == key), None)

    def _select(self, key: str) -> None:
        if self.tree.select_identity(key):
            box = self.picture.chart.bar_box(key)
            if box is not None:
                self.chart.ensure_visible(box, margin=40)

    def _show_unit(self) -> None:
        self.units.blockSignals(True)
        unit = self.picture.axis.unit
        shown = {TimeUnit.YEAR: TimeUnit.QUARTER, TimeUnit.HOUR: TimeUnit.DAY}.get(unit, unit)
        self.units.set_current(shown.value)
        self.units.blockSignals(False)

    # --- slots ---

    def _sync(self, target: Any, value: int) -> None:
        if not self._syncing:
            self._syncing = True
            target.verticalScrollBar().setValue(value)
            self._syncing = False

    def _on_folded(self, index: Any, *, is_open: bool) -> None:
        row = self.model.row_at(index)
        if row is None:
            return
        if is_open:
            self._open.add(row.key)
        else:
            self._open.discard(row.key)
        self._refresh_lines()

    @Slot(object)
    def _on_selected(self, rows: tuple[OverviewRow, ...]) -> None:
        self.picture.select(rows[0].key if rows else "")
        self.chart.viewport().update()

    @Slot(str)
    def _on_clicked(self, key: str) -> None:
        row = self._row(key)
        if row is not None:
            self.tree.select_identity(row.key)

    @Slot(object)
    def _on_row_activated(self, row: OverviewRow | None) -> None:
        if row is not None and row.project_id is not None:
            self._open_project(row.project_id)

    @Slot(object)
    def _open_project(self, project_id: object) -> None:
        self.context.page_requested.emit("gantt", project_id)

    @Slot(object)
    def _open_task(self, task: ClashTask) -> None:
        self.context.page_requested.emit("gantt", (task.project_id, task.id))

    @Slot(object, QPoint)
    def _on_context(self, row: OverviewRow | None, place: QPoint) -> None:
        if row is None:
            return
        self._on_clicked(row.key)
        menu = self.row_menu(row)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def row_menu(self, row: OverviewRow) -> QMenu:
        """Return where a row leads."""
        menu = QMenu(self)
        shown, ids = self._shown, [] if row.project_id is None else [row.project_id]
        if row.key.startswith("person:") and shown is not None:
            ids = [one for person in shown.people if row.key.endswith(person.id.hex()) for one in person.project_ids]
        for project_id in ids[:20]:
            span = shown.project(project_id) if shown is not None else None
            if span is None:
                continue
            words = _("Open the plan of “{project}”").format(project=span.project.name[:60])
            action = menu.addAction(literal(words))
            set_icon(action, "chart-gantt")
            action.triggered.connect(lambda _checked=False, one=project_id: self._open_project(one))
        return menu

    @Slot(object)
    def _on_clash_chosen(self, clash: Clash) -> None:
        """Show a clash on the time axis."""
        self._open.add(PEOPLE_KEY)
        self.tree.setExpanded(self.model.index_of(PEOPLE_KEY), True)
        self.tree.select_identity(f"person:{clash.person_id.hex()}")
        middle = day_start(clash.week.monday + timedelta(days=3))
        x = self.chart.to_view(self.picture.axis.scale.x(middle), 0).x()
        if not 60 < x < self.chart.viewport().width() - 60:
            self.chart.scroll_to(middle, self.chart.viewport().width() / 2)

    @Slot(str)
    def _on_unit(self, key: str) -> None:
        self.set_day_width(usual_width(TimeUnit(key)))

    @Slot(float, float)
    def _on_zoom(self, factor: float, scene_x: float) -> None:
        self.set_day_width(self.picture.axis.day_width * factor, self.chart.to_view(scene_x, 0).x())

    # --- Qt ---

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        QTimer.singleShot(0, self, self._settle)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        QTimer.singleShot(0, self, self._settle)

    @Slot()
    def _settle(self) -> None:
        if self._shown is not None:
            self.chart.refresh_span(self._span())
            self._place()


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column
