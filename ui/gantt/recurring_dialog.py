"""A recurring task: what, how often, until when; the days it gives are shown as the rule is entered."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.formatting import WEEKDAYS, date_short
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.recurrence import LONGEST_INTERVAL, MOST_OCCURRENCES, DayOff, Every, Recurrence
from qihua_desktop.i18n import N_, _, ngettext
from qihua_desktop.services.plan_recurring import RecurringFound, RecurringTask, recurring_days
from qihua_desktop.services.plan_state import PlanState
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, DurationEdit
from ui.common.widgets import Banner, FormGrid, Segment, SegmentedControl, Tone, secondary_label

_UNITS: Final = {Every.DAY: N_("days"), Every.WEEK: N_("weeks"), Every.MONTH: N_("months")}
_DAYS_OFF: Final = {
    DayOff.AFTER: N_("Move to the next working day"),
    DayOff.BEFORE: N_("Move to the working day before"),
    DayOff.SKIP: N_("Leave it out"),
}
_SHOWN_DAYS: Final = 6
_USUAL_COUNT: Final = 8


class RecurringDialog(BaseDialog):
    """Asks for a new recurring task, or for the new rule of one there is."""

    def __init__(
        self, context: AppContext, state: PlanState, parent: QWidget | None, *, found: RecurringFound | None = None
    ) -> None:
        changing = found is not None
        title = _("Change the recurring task") if changing else _("Recurring task")
        accept = _("Delete and make anew") if changing else _("Create")
        super().__init__(title, parent, accept_text=accept, danger=changing, width=520)
        self._state = state
        today = context.session.today
        self._owners: list[EntityId | None] = [None]
        self.name = QLineEdit()
        self.name.setMaxLength(9_900)
        self.name.setPlaceholderText(_("Such as weekly report"))
        self.interval = QSpinBox()
        self.interval.setRange(1, LONGEST_INTERVAL)
        self.every = _combo(_("Unit"), [_(text) for text in _UNITS.values()])
        self.weekday = _combo(_("Weekday"), [_(text) for text in WEEKDAYS])
        self.first = DateEdit(required=True, today=today)
        self.ending = SegmentedControl(
            (Segment("until", _("Until")), Segment("count", _("Times"))), accessible_name=_("End")
        )
        self.until = DateEdit(required=True, today=today)
        self.count = QSpinBox()
        self.count.setRange(1, MOST_OCCURRENCES)
        self.day_off = _combo(_("On a day off"), [_(text) for text in _DAYS_OFF.values()])
        self.duration = DurationEdit(state.minutes_per_day, required=True)
        self.owner = _combo(_("Owner"), [_("Nobody yet")])
        for person in sorted(state.people.values(), key=lambda one: one.name):
            if person.active:
                self._owners.append(person.id)
                self.owner.addItem(" ".join(person.name[:60].split()))
        self.days = secondary_label("", wrap=True)
        if found is not None:
            self.body.addWidget(_honest_words(found))
        self._lay_out()
        self._fill(found, context)
        self._connect()
        self.check = self._check
        self._show_days()
        self.resize(540, 510 if changing else 420)

    def task(self) -> RecurringTask:
        """Return what was entered. Raises InputError."""
        if not self.name.text().strip():
            raise InputError(_("The {field} is missing.").format(field=_("name")))
        return RecurringTask(
            self.name.text(), self.duration.require(), self._owners[self.owner.currentIndex()], self._rule()
        )

    def _rule(self) -> Recurrence:
        by_count = self.ending.current_key() == "count"
        return Recurrence(
            tuple(_UNITS)[self.every.currentIndex()],
            self.interval.value(),
            self.first.require(),
            self.weekday.currentIndex(),
            self.count.value() if by_count else None,
            None if by_count else self.until.require(),
            tuple(_DAYS_OFF)[self.day_off.currentIndex()],
        )

    def _check(self) -> None:
        for field in (self.first, self.until, self.duration):
            field.commit()
        recurring_days(self._state, self.task())

    def _lay_out(self) -> None:
        form = FormGrid()
        form.add_row(_("Name"), self.name)
        form.add_row(_("Every"), _line(self.interval, self.every, self.weekday))
        form.add_row(_("First day"), self.first)
        form.add_row(_("End"), _line(self.ending, self.until, self.count))
        form.add_row(_("On a day off"), self.day_off)
        form.add_row(_("Duration"), self.duration)
        form.add_row(_("Owner"), self.owner)
        self.body.addWidget(form)
        self.body.addWidget(self.days)
        for spin in (self.interval, self.count):
            spin.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.interval.setAccessibleName(_("Every"))
        self.count.setAccessibleName(_("Times"))

    def _fill(self, found: RecurringFound | None, context: AppContext) -> None:
        today, key_on = context.session.today(), self._state.project.key_on
        ahead = key_on > today
        rule = Recurrence(
            Every.WEEK, 1, today, 0, None if ahead else _USUAL_COUNT, key_on if ahead else None, DayOff.AFTER
        )
        task = found.task if found is not None else RecurringTask("", 60, None, rule)
        rule = task.rule
        self.name.setText(task.name)
        self.interval.setValue(rule.interval)
        self.every.setCurrentIndex(tuple(_UNITS).index(rule.every))
        self.weekday.setCurrentIndex(rule.weekday)
        self.first.set_date(rule.first)
        self.ending.set_current("until" if rule.count is None else "count")
        self.until.set_date(rule.until or max(key_on, rule.first))
        self.count.setValue(rule.count or _USUAL_COUNT)
        self.day_off.setCurrentIndex(tuple(_DAYS_OFF).index(rule.day_off))
        self.duration.set_minutes(task.duration)
        self.owner.setCurrentIndex(self._owners.index(task.owner_id) if task.owner_id in self._owners else 0)

    def _connect(self) -> None:
        for box in (self.every, self.weekday, self.day_off, self.owner):
            box.currentIndexChanged.connect(self._show_days)
        for spin in (self.interval, self.count):
            spin.valueChanged.connect(self._show_days)
        for field in (self.first, self.until):
            field.date_changed.connect(self._show_days)
        self.ending.current_changed.connect(self._show_days)

    def _show_days(self, *_args: object) -> None:
        """Say which days the rule gives, or why it gives none."""
        self.weekday.setVisible(tuple(_UNITS)[self.every.currentIndex()] is Every.WEEK)
        by_count = self.ending.current_key() == "count"
        self.count.setVisible(by_count)
        self.until.setVisible(not by_count)
        try:
            owner = self._owners[self.owner.currentIndex()]
            found = recurring_days(self._state, RecurringTask("", 0, owner, self._rule()))
        except QihuaError as error:
            self.days.setText(error.message)
            return
        count = len(found)
        shown = _(", ").join(date_short(day) for day in found[:_SHOWN_DAYS])
        if count > _SHOWN_DAYS:
            shown += f" … {date_short(found[-1])}"
        words = ngettext("{count} time: {days}", "{count} times: {days}", count)
        self.days.setText(words.format(count=count, days=shown))


def _honest_words(found: RecurringFound) -> Banner:
    count = found.occurrences
    words = ngettext(
        "The {count} task there is now is deleted and made anew by the new rule.",
        "The {count} tasks there are now are deleted and made anew by the new rule.",
        count,
    ).format(count=count)
    if found.begun:
        begun = ngettext(
            "{count} of them has progress or notes, which are lost.",
            "{count} of them have progress or notes, which are lost.",
            found.begun,
        )
        words += "\n" + begun.format(count=found.begun)
    return Banner(words + "\n" + _("Links to them go as well. Undo brings everything back."), Tone.WARN)


def _combo(name: str, texts: list[str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItems(texts)
    return box


def _line(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return holder
