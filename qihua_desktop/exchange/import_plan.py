"""Making a project of a plan file, in one edit: tasks, links, calendar, baselines, with a report of what differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from db import tables
from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import CalendarDay, ScheduleDirection, Task, TaskMode, day_of, moment
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.working_time import Periods, WorkingTime, periods_text
from qihua_desktop.i18n import _
from qihua_desktop.services import templates
from qihua_desktop.services.plan_network import compute, plan_calendars
from qihua_desktop.services.plan_state import stored_national
from qihua_desktop.services.project_template import lay_out, store
from qihua_desktop.services.projects import NewProject, next_number
from qihua_desktop.services.session import Session

from .imported_plan import ImportedPlan
from .mspdi import read_mspdi

_LONGEST_DAYS = 20 * 366
_AFTER_DAYS = 366
_DAY = 1440


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A task whose dates this program computes otherwise than the file has them; instants."""

    name: str
    file_start: int
    file_finish: int
    our_start: int
    our_finish: int
    kept: bool

    def words(self) -> str:
        """Return one line for a report."""
        text = (
            _("“{task}”: the file says {file}, computed {ours}; the file's dates are kept")
            if self.kept
            else _("“{task}”: the file says {file}, computed {ours}")
        )
        return text.format(
            task=self.name,
            file=_span(self.file_start, self.file_finish),
            ours=_span(self.our_start, self.our_finish),
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made of a file."""

    project: Project
    tasks: int
    links: int
    dropped: tuple[str, ...]
    differences: tuple[MovedDate, ...]


def import_plan(
    session: Session,
    content: bytes,
    name: str,
    *,
    kind: ProjectKind = ProjectKind.BRAND,
    keep_dates: bool = False,
) -> ImportReport:
    """Create a project from an MSPDI file, with the stages, budget and document of its kind.

    The file's calendar becomes the project's own working hours and days. With ``keep_dates`` every task whose dates
    would come out otherwise is pinned to the file's dates.

    Raises InputError or RuleError (unreadable file, a loop of links); nothing is stored then.
    """
    preview = read_mspdi(content)
    new = NewProject(
        name or preview.name,
        kind,
        kind.value,
        ScheduleDirection.FORWARD,
        day_of(preview.start),
        session.actor.id if session.actor else None,
        "",
        0,
        work_hours=_usual_hours(preview),
    )
    workflow = templates.load_built_in(kind.value)
    empty = replace(workflow, stages=tuple(replace(stage, tasks=()) for stage in workflow.stages))
    laid = lay_out(session, new, empty, next_number(session, new.key_on.year))
    plan = read_mspdi(content, project_id=laid.project.id)
    days = _own_days(session, laid.project, plan)
    national = stored_national(session.workspace)
    calendars = plan_calendars(laid.project, days, national)
    tasks = _with_owners(session, plan.tasks)
    tasks, differences = _scheduled(laid.project, plan, tasks, calendars, keep_dates=keep_dates)
    label = _("Import “{project}”").format(project=laid.project.name)
    with session.edit(label, laid.project.id) as edit:
        store(edit, replace(laid, tasks=tasks, links=plan.links))
        tables.calendar_days.insert_many(edit, days)
        tables.baselines.insert_many(edit, plan.baselines)
        tables.baseline_tasks.insert_many(edit, plan.baseline_tasks)
    return ImportReport(laid.project, len(tasks), len(plan.links), plan.dropped, differences)


def _scheduled(
    project: Project, plan: ImportedPlan, tasks: tuple[Task, ...], calendars: Calendars, *, keep_dates: bool
) -> tuple[tuple[Task, ...], tuple[MovedDate, ...]]:
    first = compute(project, tasks, plan.links, calendars)
    calendar = calendars.project(project.id)
    parents = {task.parent_id for task in tasks}
    stored = {row.task_id: row for row in plan.stored}
    moved: dict[EntityId, MovedDate] = {}
    for task in tasks:
        row = stored.get(task.id)
        if row is None or row.start is None or row.finish is None or task.id in parents:
            continue
        ours = first.start(task.id), first.finish(task.id)
        if not (calendar.same(row.start, ours[0]) and calendar.same(row.finish, ours[1])):
            moved[task.id] = MovedDate(task.name, row.start, row.finish, *ours, kept=keep_dates)
    if keep_dates and moved:
        tasks = tuple(
            replace(task, mode=TaskMode.PINNED, start=moved[task.id].file_start, finish=moved[task.id].file_finish)
            if task.id in moved
            else task
            for task in tasks
        )
        first = compute(project, tasks, plan.links, calendars)
    dated = tuple(replace(task, start=first.start(task.id), finish=first.finish(task.id)) for task in tasks)
    return dated, tuple(moved.values())


def _with_owners(session: Session, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    by_name = {person.name: person.id for person in tables.people.all(session.workspace, active=True)}
    return tuple(
        replace(task, owner_id=by_name[task.owner_text], owner_text="") if task.owner_text in by_name else task
        for task in tasks
    )


def _usual_hours(plan: ImportedPlan) -> str:
    """Return the hours of the first Monday to Friday that are all alike, as a project keeps them."""
    calendar = plan.calendar.working_time
    first = plan.start // _DAY
    for number in range(first, first + 60):
        if (date(1970, 1, 1) + timedelta(days=number)).weekday() == 0:
            week = [calendar.periods(number + day) for day in range(5)]
            if week[0] and all(periods == week[0] for periods in week):
                return periods_text(week[0])
    return ""


def _own_days(session: Session, project: Project, plan: ImportedPlan) -> tuple[CalendarDay, ...]:
    """Return the days on which the file's calendar differs from the one the project would have."""
    if plan.finish - plan.start > _LONGEST_DAYS * _DAY:
        raise InputError(_("The plan runs over more than twenty years."), _("Split it into several files."))
    usual = plan_calendars(project, (), stored_national(session.workspace)).project(project.id)
    theirs: WorkingTime = plan.calendar.working_time
    names = {exception.day: exception.name for exception in plan.calendar.exceptions}
    first, last = plan.start // _DAY - 7, plan.finish // _DAY + _AFTER_DAYS
    found: list[CalendarDay] = []
    for number in range(first, last + 1):
        wanted: Periods = theirs.periods(number)
        if wanted != usual.periods(number):
            day = day_of(number * _DAY)
            hours = periods_text(wanted) if wanted else ""
            name = names.get(day, "")
            found.append(CalendarDay(new_id(), project.id, None, day, bool(wanted), hours, name))
    return tuple(found)


def _span(start: int, finish: int) -> str:
    return f"{moment(start):%Y-%m-%d %H:%M} – {moment(finish):%Y-%m-%d %H:%M}"
