"""The panel about the selected task: why it is where it is, its slack, links, constraint, notes and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_long, date_text, duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    MINUTES_PER_DAY,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    day_of,
    last_day_of,
)
from qihua_desktop.i18n import _
from qihua_desktop.services import plan
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_explain import constraint_label, explain, link_type_label
from qihua_desktop.services.plan_network import day_closing, day_opening
from qihua_desktop.services.plan_rules import DATED_CONSTRAINTS
from qihua_desktop.services.plan_view import PlanRow, PlanView
from ui.common.fields import DateEdit, DurationEdit, TextArea
from ui.common.theme import SPACE_2, SPACE_3, SPACE_4, Role
from ui.common.widgets import (
    FormGrid,
    PlainLabel,
    icon_button,
    link_button,
    muted_label,
    secondary_label,
    section_label,
)

from .columns import lateness_words
from .people_editor import PeopleEditor
from .task_files import TaskFiles

INSPECTOR_WIDTH: Final = 312
_AT_FINISH: Final = frozenset({ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO})

Run = Callable[[Callable[..., Outcome]], bool]


class Inspector(QScrollArea):
    """The panel.

    Signals:
        task_requested(object): go to another task, by its id.
    """

    task_requested = Signal(object)

    def __init__(self, run: Run, today: Callable[[], date], files: TaskFiles) -> None:
        super().__init__()
        self.files = files
        self._run = run
        self._today = today
        self._view: PlanView | None = None
        self._row: PlanRow | None = None
        self._quiet = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(INSPECTOR_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Task details"))
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        self._column.setSpacing(SPACE_2)
        self.setWidget(self._body)
        self._build()
        self.show_row(None, None)

    def show_row(self, view: PlanView | None, row: PlanRow | None) -> None:
        """Show a task, or the hint that none is selected. What is being typed stays."""
        same = self._row is not None and row is not None and self._row.id == row.id
        self._view, self._row = view, row
        self._hint.setVisible(row is None)
        self._details.setVisible(row is not None)
        if view is None or row is None:
            return
        self._quiet = True
        try:
            self._fill(view, row, keep_typing=same)
        finally:
            self._quiet = False

    # --- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._hint = muted_label(_("Select a task to see why it stands where it does."), wrap=True)
        self._column.addWidget(self._hint)
        self._details = QWidget()
        column = QVBoxLayout(self._details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.name = PlainLabel("", wrap=True, bold=True, size=14)
        self.dates = secondary_label("", wrap=True)
        self.problem = PlainLabel("", wrap=True, role=Role.BAD, size=12)
        self.problem.hide()
        column.addWidget(self.name)
        column.addWidget(self.dates)
        column.addWidget(self.problem)
        column.addWidget(section_label(_("Why is it here?")))
        self.reason = PlainLabel("", wrap=True)
        self.cause = link_button(_("Go to that task"), self._go_to_cause)
        column.addWidget(self.reason)
        column.addWidget(self.cause, 0, Qt.AlignmentFlag.AlignLeft)
        self.slack = secondary_label("", wrap=True)
        column.addWidget(self.slack)
        column.addWidget(section_label(_("Dates")))
        column.addWidget(self._build_form())
        self._people_title = section_label(_("Who works on it"))
        self.people = PeopleEditor(self._run)
        column.addWidget(self._people_title)
        column.addWidget(self.people)
        column.addWidget(section_label(_("Links")))
        self._links = QVBoxLayout()
        self._links.setSpacing(4)
        column.addLayout(self._links)
        column.addWidget(section_label(_("Notes")))
        self.notes = TextArea(placeholder=_("What whoever does this should know"), lines=5)
        self.notes.text_committed.connect(self._on_notes)
        column.addWidget(self.notes)
        column.addWidget(self.files)
        self._column.addWidget(self._details)
        self._column.addStretch(1)

    def _build_form(self) -> FormGrid:
        form = FormGrid()
        self.duration = DurationEdit(480)
        self.duration.minutes_changed.connect(self._on_duration)
        self.constraint = QComboBox()
        self.constraint.setAccessibleName(_("Constraint"))
        for one in ConstraintType:
            self.constraint.addItem(constraint_label(one), one)
        self.constraint.activated.connect(self._on_constraint)
        self.constraint_on = DateEdit(today=self._today)
        self.constraint_on.date_changed.connect(self._on_constraint_date)
        self.deadline = DateEdit(today=self._today)
        self.deadline.date_changed.connect(self._on_deadline)
        form.add_row(_("Duration"), self.duration)
        form.add_row(_("Constraint"), self.constraint)
        form.add_row(_("Date"), self.constraint_on)
        form.add_row(_("Deadline"), self.deadline)
        self._form = form
        return form

    # --- filling -----------------------------------------------------------------------------------------------

    def _fill(self, view: PlanView, row: PlanRow, *, keep_typing: bool) -> None:
        state = view.state
        task = state.tasks[row.id]
        told = explain(state, row.id)
        self._cause_id = told.cause_id
        day = state.minutes_per_day
        self.name.setText(f"{row.number}  {row.name[:300]}")
        first, last = day_of(row.start), last_day_of(row.start, row.finish)
        dates = date_long(first) if first == last else f"{date_long(first)} – {date_long(last)}"
        words = lateness_words(row)
        self.dates.setText(f"{dates}\n{words}" if words else dates)
        self.dates.set_role(Role.BAD if words else Role.MUTED)
        self.reason.setText(told.sentence)
        self.cause.setVisible(told.cause_id is not None)
        self.slack.setText(self._slack_words(view, row, told.late_start, told.free_float))
        self.problem.setText("\n".join(told.problems))
        self.problem.setVisible(bool(told.problems))
        leaf = not row.is_summary
        self._form.setEnabled(leaf)
        self.duration.set_minutes(task.duration if leaf else row.duration)
        self.constraint.setCurrentIndex(list(ConstraintType).index(task.constraint))
        dated = task.constraint in DATED_CONSTRAINTS
        self._form.set_row_visible(self.constraint_on, visible=dated)
        at = task.constraint_at
        at_finish = task.constraint in _AT_FINISH
        self.constraint_on.set_date(None if at is None else _day_shown(at, at_finish=at_finish))
        self.deadline.set_date(None if task.deadline is None else _day_shown(task.deadline, at_finish=True))
        if not (keep_typing and self.notes.hasFocus()):
            self.notes.set_text(task.notes)
        self._people_title.setVisible(leaf)
        self.people.setVisible(leaf)
        self.people.show_task(state, row.id)
        self._fill_links(view, row)
        self.files.show_task(task)
        del day

    def _slack_words(self, view: PlanView, row: PlanRow, late_start: int, free: int) -> str:
        day = view.state.minutes_per_day
        lines = [_("Latest start {day}").format(day=date_text(day_of(late_start)))]
        lines.append(
            _("Total float {total} · free float {free}").format(
                total=duration_text(row.total_float, day), free=duration_text(free, day)
            )
        )
        if row.is_critical:
            lines.append(_("On the critical path: any delay moves the end."))
        if row.baseline is not None and row.slip:
            late = duration_text(abs(row.slip), day)
            words = _("{time} behind the baseline") if row.slip > 0 else _("{time} ahead of the baseline")
            lines.append(words.format(time=late))
        return "\n".join(lines)

    def _fill_links(self, view: PlanView, row: PlanRow) -> None:
        while (item := self._links.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        state = view.state
        lines = [(link, link.predecessor_id, True) for link in state.into(row.id)]
        lines += [(link, link.successor_id, False) for link in state.out_of(row.id)]
        for link, other, before in lines[:40]:
            name = state.tasks[other].name
            self._links.addWidget(LinkLine(link, name, before=before, inspector=self, day=state.minutes_per_day))
        if not lines:
            self._links.addWidget(muted_label(_("None yet. Drag from the end of a bar onto another one."), wrap=True))

    # --- editing -----------------------------------------------------------------------------------------------

    def change_link(self, link: Link, type_: LinkType, lag: int) -> None:
        """Change a link's type and lag."""
        if not self._quiet:
            self._run(lambda session, project: plan.change_link(session, project, link.id, type_, lag, link.lag_kind))

    def remove_link(self, link: Link) -> None:
        """Remove a link."""
        self._run(lambda session, project: plan.remove_link(session, project, link.id))

    def _go_to_cause(self) -> None:
        if self._cause_id is not None:
            self.task_requested.emit(self._cause_id)

    @Slot(object)
    def _on_duration(self, minutes: object) -> None:
        row = self._row
        if not self._quiet and row is not None and isinstance(minutes, int):
            self._run(lambda session, project: plan.set_duration(session, project, (row.id,), minutes))

    @Slot(int)
    def _on_constraint(self, number: int) -> None:
        row = self._row
        if self._quiet or row is None:
            return
        constraint = list(ConstraintType)[number]
        at: int | None = None
        if constraint in DATED_CONSTRAINTS:
            at = row.finish if constraint in _AT_FINISH else row.start
        self._run(lambda session, project: plan.set_constraint(session, project, (row.id,), constraint, at))

    @Slot(object)
    def _on_constraint_date(self, day: object) -> None:
        row, view = self._row, self._view
        if self._quiet or row is None or view is None or not isinstance(day, date):
            return
        constraint = row.constraint
        calendar = view.state.calendar
        at = day_closing(calendar, day) if constraint in _AT_FINISH else day_opening(calendar, day)
        self._run(lambda session, project: plan.set_constraint(session, project, (row.id,), constraint, at))

    @Slot(object)
    def _on_deadline(self, day: object) -> None:
        row, view = self._row, self._view
        if self._quiet or row is None or view is None:
            return
        at = day_closing(view.state.calendar, day) if isinstance(day, date) else None
        self._run(lambda session, project: plan.set_deadline(session, project, (row.id,), at))

    @Slot()
    def _on_notes(self, *_args: object) -> None:
        row, view = self._row, self._view
        if self._quiet or row is None or view is None:
            return
        text = self.notes.text()
        if text != view.state.tasks[row.id].notes:
            self._run(lambda session, project: plan.set_notes(session, project, row.id, text))

    _cause_id: EntityId | None = None


class LinkLine(QWidget):
    """One link of the task: the other end, type, lag, and a cross to remove it."""

    def __init__(self, link: Link, name: str, *, before: bool, inspector: Inspector, day: int) -> None:
        super().__init__()
        self._link = link
        self._inspector = inspector
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(4)
        arrow = _("After") if before else _("Before")
        head.addWidget(secondary_label(arrow))
        title = link_button(name[:60], self._go)
        title.setAccessibleName(name)
        head.addWidget(title, 1, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(icon_button("x", _("Remove the link"), lambda: inspector.remove_link(link)))
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Type of the link"))
        for one in LinkType:
            self.kind.addItem(f"{one.value} {link_type_label(one)}", one)
        self.kind.setCurrentIndex(list(LinkType).index(link.type))
        self.kind.activated.connect(self._on_changed)
        self.kind.setMinimumWidth(120)
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        row.addWidget(self.kind, 1)
        self._other = link.predecessor_id if before else link.successor_id
        self.lag = DurationEdit(day, allow_negative=True)
        self.lag.setAccessibleName(_("Lag"))
        self.lag.setFixedWidth(74)
        if link.lag_kind is LagKind.PERCENT:
            self.lag.setEnabled(False)
            self.lag.setPlaceholderText(f"{link.lag / 100:g}%")
        else:
            self.lag.set_minutes(link.lag)
        self.lag.minutes_changed.connect(self._on_changed)
        row.addWidget(self.lag)
        column.addLayout(row)

    def _go(self) -> None:
        self._inspector.task_requested.emit(self._other)

    def _on_changed(self, *_args: object) -> None:
        lag = self._link.lag if self._link.lag_kind is LagKind.PERCENT else (self.lag.minutes() or 0)
        self._inspector.change_link(self._link, list(LinkType)[self.kind.currentIndex()], lag)


def _day_shown(at: int, *, at_finish: bool) -> date:
    """Return the day of a date field: a finish at midnight belongs to the day before."""
    return day_of(at - 1) if at_finish and at % MINUTES_PER_DAY == 0 else day_of(at)
