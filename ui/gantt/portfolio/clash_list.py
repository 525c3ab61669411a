"""The weeks in which several projects together ask too much of somebody, in words."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_short, duration_text
from qihua_desktop.domain.plan import day_of, last_day_of
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.portfolio import Clash, Portfolio, clash_tasks_words, clash_words, shares_words
from ui.common.columns import CellKind, Column
from ui.common.labels import literal
from ui.common.layouts import ViewState
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import Chip, PlainLabel, Tone, secondary_label


class ClashList(QWidget):
    """The list.

    Signals:
        clash_chosen(object): show this ``Clash`` on the time axis.
        project_requested(object): go to the project with this id.
        task_requested(object): go to this ``ClashTask`` in its plan.
    """

    clash_chosen = Signal(object)
    project_requested = Signal(object)
    task_requested = Signal(object)

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._shown: Portfolio | None = None
        self.count = Chip("", Tone.OK)
        self.model = RowsModel(self._columns(), _identity)
        self.table = DataTable(self.model, key="portfolio.clashes", state=state, accessible_name=_("Overbooked people"))
        self.table.set_placeholder(_("Nobody is asked for more than a week holds. Everything fits from today on."))
        self.table.selection_changed.connect(self._on_selected)
        self.table.row_activated.connect(self._on_activated)
        self.table.context_requested.connect(self._on_context)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(14, 8, 14, 6)
        line.setSpacing(8)
        line.addWidget(PlainLabel(_("Overbooked people"), bold=True))
        line.addWidget(self.count)
        line.addWidget(secondary_label(_("from this week on, all active projects together")))
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.table, 1)
        self.setMinimumHeight(110)

    def show_clashes(self, shown: Portfolio, clashes: tuple[Clash, ...]) -> None:
        """Show other clashes."""
        self._shown = shown
        self.model.set_rows(clashes)
        count = len(clashes)
        words = ngettext("{count} conflict", "{count} conflicts", count).format(count=count)
        self.count.set_text(words if count else _("No conflicts"))
        self.count.set_tone(Tone.BAD if count else Tone.OK)

    def row_menu(self, clash: Clash) -> QMenu:
        """Return the tasks and projects a clash leads to."""
        menu = QMenu(self)
        for task in clash.tasks[:20]:
            words = _("Show the task “{task}”").format(task=f"{task.name[:60]} · {duration_text(task.minutes)}")
            action = menu.addAction(literal(words))
            action.triggered.connect(lambda _checked=False, one=task: self.task_requested.emit(one))
        menu.addSeparator()
        for project_id, _minutes in clash.week.shares[:20]:
            span = self._shown.project(project_id) if self._shown is not None else None
            if span is None:
                continue
            words = _("Open the plan of “{project}”").format(project=span.project.name[:60])
            action = menu.addAction(literal(words))
            action.triggered.connect(lambda _checked=False, one=project_id: self.project_requested.emit(one))
        return menu

    def _columns(self) -> tuple[Column[Clash], ...]:
        return (
            Column("person", _("Person"), lambda row: row.name, width=110, bold=lambda row: True, tool_tip=self._words),
            Column(
                "week",
                _("Week"),
                lambda row: row.week.monday,
                text=lambda row: f"{date_short(row.week.monday)} – {date_short(row.week.monday + timedelta(days=6))}",
                width=120,
            ),
            Column("projects", _("Projects together"), self._projects, width=300, stretch=True, tool_tip=self._words),
            Column("tasks", _("Tasks"), clash_tasks_words, width=340, tool_tip=_all_tasks),
            Column("available", _("Available"), lambda row: row.week.available, text=_available, width=90),
            Column(
                "over",
                _("Too much"),
                lambda row: row.week.over,
                CellKind.CHIP,
                text=lambda row: _("{time} over").format(time=duration_text(row.week.over)),
                tone=lambda row: Tone.BAD,
                width=120,
            ),
        )

    def _projects(self, clash: Clash) -> str:
        return shares_words(clash.week, self._shown) if self._shown is not None else ""

    def _words(self, clash: Clash) -> str:
        return clash_words(clash, self._shown) if self._shown is not None else ""

    @Slot(object)
    def _on_selected(self, rows: tuple[Clash, ...]) -> None:
        if rows:
            self.clash_chosen.emit(rows[0])

    @Slot(object)
    def _on_activated(self, clash: Clash) -> None:
        """Go to the task that asks for most."""
        if clash.tasks:
            self.task_requested.emit(clash.tasks[0])

    @Slot(object, QPoint)
    def _on_context(self, clash: Clash | None, place: QPoint) -> None:
        if clash is not None:
            menu = self.row_menu(clash)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)


def _identity(clash: Clash) -> tuple[bytes, str]:
    return clash.person_id, clash.week.monday.isoformat()


def _all_tasks(clash: Clash) -> str:
    lines = [
        f"{task.name[:60]}: {duration_text(task.minutes)} ({date_short(day_of(task.start))} – "
        f"{date_short(last_day_of(task.start, task.finish))})"
        for task in clash.tasks[:30]
    ]
    return "\n".join(lines)


def _available(clash: Clash) -> str:
    return duration_text(clash.week.available)
