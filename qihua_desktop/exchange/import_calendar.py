"""The working hours and days of a plan file as those of a project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from qihua_desktop.domain.calendars import NationalCalendar, WorkingHours
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import CalendarDay, day_of
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.working_time import (
    EARLIEST_DAY,
    EPOCH_ORDINAL,
    LATEST_DAY,
    Periods,
    WorkingTime,
    periods_text,
)
from qihua_desktop.services.plan_network import plan_calendars

from .imported_plan import ImportedPlan

_BEFORE: Final = 7
_AFTER: Final = 366
_DAY: Final = 1440
_NEAR: Final = 5 * 366
_LONGEST_NAME: Final = 200


def usual_hours(plan: ImportedPlan) -> str:
    """Return the hours of the first Monday to Friday that are all alike, as a project keeps them."""
    calendar = plan.calendar.working_time
    first = plan.start // _DAY
    for number in range(first, first + 60):
        if (date(1970, 1, 1) + timedelta(days=number)).weekday() == 0:
            week = [calendar.periods(number + day) for day in range(5)]
            if week[0] and all(periods == week[0] for periods in week):
                return "" if week[0] == WorkingHours().periods else periods_text(week[0])
    return ""


def days_of(plan: ImportedPlan) -> range:
    """Return the days over which a plan may run, by number, as far as calendars go."""
    first = min([plan.start, *(task.start for task in plan.tasks)]) // _DAY - _BEFORE
    last = max([plan.finish, *(task.finish for task in plan.tasks)]) // _DAY + _AFTER
    special = [entry.day.toordinal() - EPOCH_ORDINAL for one in plan.calendars for entry in one.exceptions]
    near = [day for day in special if first - _NEAR <= day <= last + _NEAR]
    first, last = min([first, *near]), max([last, *near])
    return range(max(first, EARLIEST_DAY), min(last, LATEST_DAY - 1) + 1)


def own_days(
    found: Project, stored: Sequence[CalendarDay], national: NationalCalendar | None, plan: ImportedPlan, span: range
) -> tuple[CalendarDay, ...]:
    """Return the days on which the file's calendar differs from the one the project would have."""
    usual = plan_calendars(found, stored, national).project(found.id)
    theirs: WorkingTime = plan.calendar.working_time
    names = {exception.day: exception.name for exception in plan.calendar.exceptions}
    days: list[CalendarDay] = []
    for number in span:
        wanted: Periods = theirs.periods(number)
        if wanted != usual.periods(number):
            day = day_of(number * _DAY)
            hours = periods_text(wanted) if wanted else ""
            name = names.get(day, "")
            name = "" if name == str(day) else name[:_LONGEST_NAME]
            days.append(CalendarDay(new_id(), found.id, None, day, bool(wanted), hours, name))
    return tuple(days)


def with_days(stored: Sequence[CalendarDay], new: Sequence[CalendarDay]) -> tuple[CalendarDay, ...]:
    """Return stored days with new ones in the place of those for the same project and person."""
    replaced = {(day.project_id, day.person_id, day.day) for day in new}
    return (*(day for day in stored if (day.project_id, day.person_id, day.day) not in replaced), *new)
