"""Days off and extra workdays: of the workspace, a project or a person; a change moves every plan it concerns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from db import tables
from db.workspace import Edit, Workspace
from qihua_desktop.domain.calendars import NationalCalendar, NationalYear, national_calendar, read_year
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import CalendarDay
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.domain.settings import Setting
from qihua_desktop.domain.working_time import periods_from_text, periods_text
from qihua_desktop.i18n import _

from .limits import text
from .plan_commit import Outcome, outcome, recalculate
from .plan_state import PlanChange, PlanState
from .session import Session

_YEAR_KEY: Final = "calendar.year."
_LONGEST_SPAN_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class DayChange:
    """Days from ``first`` to ``last``, both included, that differ; ``working`` None takes them back to the usual."""

    first: date
    last: date
    working: bool | None
    name: str = ""
    hours: str = ""


def changed_days(
    session: Session, project_id: EntityId | None = None, person_id: EntityId | None = None
) -> tuple[CalendarDay, ...]:
    """Return the days changed for exactly this project and person; both None means the whole workspace."""
    return tables.calendar_days.all(session.workspace, project_id=project_id, person_id=person_id)


def change_days(
    session: Session,
    change: DayChange,
    project_id: EntityId | None = None,
    person_id: EntityId | None = None,
) -> int:
    """Change days of the workspace, a project or a person, and move all plans that rest on them.

    Returns how many tasks moved. Raises InputError for hours or spans that cannot be.
    """
    days = _days(change)
    hours = _hours(change)
    name = text(change.name, 200)
    existing = {day.day: day for day in changed_days(session, project_id, person_id)}
    with session.edit(days_label(change), project_id) as edit:
        for day in days:
            known = existing.get(day)
            if change.working is None:
                if known is not None:
                    tables.calendar_days.delete(edit, known.id)
            elif known is not None:
                tables.calendar_days.update(edit, known.id, working=change.working, hours=hours, name=name)
            else:
                tables.calendar_days.insert(
                    edit, CalendarDay(new_id(), project_id, person_id, day, change.working, hours, name)
                )
        return recalculate_all(edit, project_id)


def import_year(session: Session, content: bytes) -> NationalYear:
    """Read a year's holidays from a file into the workspace and move all plans. Raises InputError when it is none."""
    year = read_year(content)
    key = f"{_YEAR_KEY}{year.year}"
    value = json.dumps(json.loads(content.decode("utf-8-sig")), ensure_ascii=False)
    known = tables.settings.all(session.workspace, key=key)
    with session.edit(_("Holidays of {year}").format(year=year.year)) as edit:
        if known:
            tables.settings.update(edit, known[0].id, value=value)
        else:
            tables.settings.insert(edit, Setting(new_id(), key, value))
        recalculate_all(edit, None)
    return year


def days_outcome(before: PlanState, after: PlanState, words: str) -> Outcome:
    """Return what a change of working days moved; where no predecessor pushed a task, the days did."""
    moved = outcome(before, after, PlanChange()).moved
    ids = {one.task_id for one in moved}
    return Outcome(
        tuple(one if one.cause_id in ids else replace(one, cause_id=None, cause=words[:200]) for one in moved)
    )


def national_with_years(source: Workspace | Edit) -> NationalCalendar | None:
    """Return the national calendar with the years kept in the workspace; None when there are none."""
    stored = [one for one in tables.settings.all(source) if one.key.startswith(_YEAR_KEY)]
    if not stored:
        return None
    years: list[NationalYear] = []
    for one in stored:
        try:
            years.append(read_year(one.value.encode("utf-8")))
        except InputError:
            continue
    return national_calendar().with_years(years)


def recalculate_all(edit: Edit, project_id: EntityId | None) -> int:
    """Schedule one project anew, or every active one; returns how many tasks moved."""
    projects: Iterable[EntityId] = (
        (project_id,)
        if project_id is not None
        else [project.id for project in tables.projects.all(edit, status=ProjectStatus.ACTIVE)]
    )
    return sum(recalculate(edit, one) for one in projects)


def _days(change: DayChange) -> list[date]:
    count = (change.last - change.first).days + 1
    if not 1 <= count <= _LONGEST_SPAN_DAYS:
        raise InputError(_("The last day must not be before the first, and the span at most a year."))
    return [change.first + timedelta(days=offset) for offset in range(count)]


def _hours(change: DayChange) -> str:
    try:
        return periods_text(periods_from_text(change.hours))
    except ValueError as error:
        raise InputError(_("These working hours cannot be read."), details=(str(error),)) from error


def days_label(change: DayChange) -> str:
    """Return a change of days in words."""
    day = change.first.isoformat() if change.first == change.last else f"{change.first} – {change.last}"
    if change.working is None:
        return _("Usual working days {day}").format(day=day)
    if change.working:
        return _("Workday {day}").format(day=day)
    return _("Day off {day}").format(day=day)
