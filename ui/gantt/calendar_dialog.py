"""Days off and extra workdays of the project, the workspace or a person; a change moves the plan at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from qihua_desktop.domain.calendars import DayKind
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import date_long
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import CalendarDay
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import plan_calendar
from qihua_desktop.services.people import list_people
from qihua_desktop.services.plan_calendar import DayChange
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_state import plan_state
from ui.common import dialogs
from ui.common.columns import Column
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import FormGrid, button, secondary_label

_PROJECT: Final = "project"
_WORKSPACE: Final = "workspace"


class CalendarDialog(BaseDialog):
    """Choose whose days, enter a day or a span, say whether it is worked; the list shows what differs so far."""

    def __init__(
        self,
        context: AppContext,
        project_id: EntityId,
        parent: QWidget | None = None,
        *,
        day: date | None = None,
        person_id: EntityId | None = None,
        told: Callable[[Outcome], object] = lambda _outcome: None,
    ) -> None:
        super().__init__(_("Working days"), parent, accept_text=_("Close"))
        self.resize(560, 520)
        self._context = context
        self._project_id = project_id
        self._tell_moved = told
        self.whose = QComboBox()
        self.whose.setAccessibleName(_("Whose days"))
        self.whose.addItem(_("This project"), _PROJECT)
        self.whose.addItem(_("The whole workspace"), _WORKSPACE)
        for person in list_people(context.session):
            self.whose.addItem(person.name[:60], person.id)
            if person.id == person_id:
                self.whose.setCurrentIndex(self.whose.count() - 1)
        self.whose.currentIndexChanged.connect(self._refresh)
        start = day or context.session.today()
        today = context.session.today
        self.first = DateEdit(required=True, today=today)
        self.first.set_date(start)
        self.last = DateEdit(today=today)
        self.last.set_date(start)
        self.first.date_changed.connect(self._on_first)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.name.setPlaceholderText(_("Reason, such as leave or set-up night"))
        self.told = secondary_label("", wrap=True)
        form = FormGrid()
        form.add_row(_("Whose days"), self.whose)
        form.add_row(_("From"), self.first)
        form.add_row(_("To"), self.last)
        form.add_row(_("Reason"), self.name)
        self.body.addWidget(form)
        self.body.addWidget(self.told)
        row = QHBoxLayout()
        row.addWidget(button(_("Day off"), lambda: self._change(working=False)))
        row.addWidget(button(_("Workday"), lambda: self._change(working=True)))
        row.addWidget(button(_("As usual"), lambda: self._change(working=None)))
        row.addStretch(1)
        row.addWidget(button(_("Read a year's holidays…"), self._import_year))
        self.body.addLayout(row)
        columns: tuple[Column[CalendarDay], ...] = (
            Column("day", _("Date"), lambda one: one.day, text=lambda one: date_long(one.day), width=150),
            Column("working", _("Kind"), lambda one: _("Workday") if one.working else _("Day off"), width=90),
            Column("name", _("Reason"), lambda one: one.name, stretch=True),
        )
        self._model: RowsModel[CalendarDay] = RowsModel(columns, lambda one: one.id, parent=self)
        self.table = DataTable(self._model, key="gantt.days", accessible_name=_("Days that differ"))
        self.table.set_placeholder(_("Only public holidays and make-up workdays apply so far."))
        self.table.row_activated.connect(self._on_row)
        self.body.addWidget(self.table, 1)
        self.moved_words = secondary_label("", wrap=True)
        self.body.addWidget(self.moved_words)
        self.cancel_button.hide()
        self._refresh()

    def _scope(self) -> tuple[EntityId | None, EntityId | None]:
        chosen = self.whose.currentData()
        if chosen == _PROJECT:
            return self._project_id, None
        if chosen == _WORKSPACE:
            return None, None
        return None, EntityId(bytes(chosen))

    def _refresh(self, *_args: object) -> None:
        self._model.set_rows(plan_calendar.changed_days(self._context.session, *self._scope()))
        self._tell()

    def _on_first(self, day: object) -> None:
        last = self.last.date()
        if isinstance(day, date) and (last is None or last < day):
            self.last.set_date(day)
        self._tell()

    def _tell(self) -> None:
        day = self.first.date()
        if day is None:
            return
        state = plan_state(self._context.session, self._project_id)
        _project, person = self._scope()
        info = state.calendars.day(day, self._project_id, person)
        kinds = {
            DayKind.WORKDAY: _("an ordinary workday"),
            DayKind.WEEKEND: _("a weekend"),
            DayKind.HOLIDAY: _("a public holiday"),
            DayKind.MAKE_UP: _("a make-up workday"),
            DayKind.EXTRA_WORKDAY: _("an extra workday"),
            DayKind.DAY_OFF: _("a day off"),
        }
        words = _("{day} is {kind}.").format(day=date_long(day), kind=kinds[info.kind])
        self.told.setText(f"{words} {info.name}" if info.name else words)

    def _change(self, *, working: bool | None) -> None:
        first = self.first.date()
        if first is None:
            self.set_problem(_("Enter the day first."))
            return
        change = DayChange(first, self.last.date() or first, working, self.name.text())
        try:
            self._moving(
                lambda: plan_calendar.change_days(self._context.session, change, *self._scope()),
                plan_calendar.days_label(change),
            )
        except InputError as error:
            self.set_problem(error.message)
            return
        self.set_problem("")
        self._refresh()

    def _moving(self, call: Callable[[], object], words: str) -> None:
        """Change days and say what moved because of it, here and in the window."""
        before = plan_state(self._context.session, self._project_id)
        call()
        outcome = plan_calendar.days_outcome(before, plan_state(self._context.session, self._project_id), words)
        self._tell_moved(outcome)
        count = len(outcome.moved)
        moved = ngettext("{count} task moved", "{count} tasks moved", count).format(count=count)
        self.moved_words.setText(f"{words}{_(': ')}{moved}")
        self._context.notice_posted.emit(moved)

    def _import_year(self) -> None:
        path = dialogs.open_file(self, _("A year's holidays"), _("Year files (*.json)"))
        if path is not None:
            self._context.attempt(lambda: self._read_year(path), self)
            self._tell()

    def _read_year(self, path: Path) -> None:
        self._moving(
            lambda: plan_calendar.import_year(self._context.session, path.read_bytes()),
            _("Holidays read from {name}").format(name=path.name),
        )

    def _on_row(self, row: object) -> None:
        if isinstance(row, CalendarDay):
            self.first.set_date(row.day)
            self.last.set_date(row.day)
            self.name.setText(row.name)
            self._tell()
