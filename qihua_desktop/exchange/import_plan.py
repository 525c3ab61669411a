"""Making a project of a plan file, in one edit: tasks, links, calendar, baselines, with a report of what differs.

Reading (``read_plan``) and ``prepare_import`` need no workspace and may run in a thread; ``import_ground`` gathers
what they need from it before, ``store_import`` writes everything or nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.calendars import Calendars, NationalCalendar
from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.plan import (
    CalendarDay,
    ConstraintType,
    PersonWeek,
    PlanSource,
    ScheduleDirection,
    Task,
    TaskMode,
    day_of,
    last_day_of,
    moment,
)
from qihua_desktop.domain.project import Project, ProjectKind, Stage
from qihua_desktop.domain.schedule import Schedule, schedule
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import templates
from qihua_desktop.services.plan_network import compute, plan_calendars
from qihua_desktop.services.plan_state import calendar_days, stored_national
from qihua_desktop.services.project_template import Laid, lay_out, store
from qihua_desktop.services.projects import NewProject, next_number, project
from qihua_desktop.services.session import Session

from .bulk import without_collection
from .date_differences import date_differences
from .import_calendar import days_of, own_days, usual_hours, with_days
from .import_losses import losses
from .import_people import ImportedPeople, own_time, people_of
from .imported_plan import DateDifference, DifferenceCause, ImportedPlan
from .plan_columns import DateOrder
from .read_plan import PlanFormat, read_plan, rehomed
from .safe_xml import Progress

_ROUNDS_OF_PINS = 6
_STEPS = 6
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ImportGround:
    """What an import needs to know of the workspace: the project to fill, its calendar days, the people."""

    project: Project
    laid: Laid | None
    """Everything else a new project consists of; None when an existing project is filled."""
    days: tuple[CalendarDay, ...]
    national: NationalCalendar | None
    people: tuple[Person, ...]
    weeks: tuple[PersonWeek, ...] = ()
    """The weeks of people who work other hours in general."""
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """A plan ready to be stored, with its dates computed by this program and what that changes."""

    ground: ImportGround
    plan: ImportedPlan
    tasks: tuple[Task, ...]
    days: tuple[CalendarDay, ...]
    calendars: Calendars
    dropped: tuple[str, ...]
    differences: tuple[DateDifference, ...]
    people: ImportedPeople
    weeks: tuple[PersonWeek, ...]
    kept: bytes
    """What is kept for export, packed; empty when there is nothing."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made of a file."""

    project: Project
    tasks: int
    links: int
    dropped: tuple[str, ...]
    differences: tuple[DateDifference, ...]


def import_plan(
    session: Session,
    content: bytes,
    name: str,
    *,
    kind: ProjectKind = ProjectKind.BRAND,
    keep_dates: bool = False,
    date_order: DateOrder | None = None,
) -> ImportReport:
    """Create a project from a plan file of any kind, with the stages, budget and document of its kind.

    The file's calendar becomes the project's own working hours and days. With ``keep_dates`` every task whose dates
    would come out otherwise is pinned to the file's dates.

    Raises InputError or RuleError (unreadable file, a loop of links); nothing is stored then.
    """
    plan = read_plan(content, name=name, date_order=date_order)
    prepared = prepare_import(import_ground(session, plan, name, kind=kind), plan)
    return store_import(session, prepared, keep_dates=keep_dates)


def import_ground(
    session: Session, plan: ImportedPlan, name: str = "", *, kind: ProjectKind = ProjectKind.BRAND
) -> ImportGround:
    """Gather what a new project for a plan needs; nothing is stored."""
    direction, key_on = _key_date(plan)
    owner_id = session.actor.id if session.actor else None
    title = (name or plan.name or _("Imported plan"))[:_LONGEST_NAME]
    new = NewProject(title, kind, kind.value, direction, key_on, owner_id, "", 0, work_hours=usual_hours(plan))
    workflow = templates.load_built_in(kind.value)
    empty = replace(workflow, stages=tuple(replace(stage, tasks=()) for stage in workflow.stages))
    laid = lay_out(session, new, empty, next_number(session, key_on.year))
    return _ground(session, laid.project, laid)


def empty_project_ground(session: Session, plan: ImportedPlan, project_id: EntityId) -> ImportGround:
    """Gather what filling a project that has no task yet needs. Raises InputError when it has tasks."""
    _check_empty(session, project_id)
    direction, key_on = _key_date(plan)
    found = project(session, project_id)
    filled = replace(found, direction=direction, key_on=key_on, work_hours=usual_hours(plan))
    return _ground(session, filled, None)


def _ground(session: Session, found: Project, laid: Laid | None) -> ImportGround:
    return ImportGround(
        found,
        laid,
        calendar_days(session.workspace, found.id),
        stored_national(session.workspace),
        tables.people.all(session.workspace, active=True),
        tables.person_weeks.all(session.workspace, project_id=None),
        laid.stages if laid is not None else tables.stages.all(session.workspace, project_id=found.id),
    )


def _check_empty(session: Session, project_id: EntityId) -> None:
    if tables.tasks.count(session.workspace, project_id=project_id):
        raise InputError(
            _("This project already has tasks."), _("Import the file as a new project, or empty the plan first.")
        )


def _key_date(plan: ImportedPlan) -> tuple[ScheduleDirection, date]:
    if plan.event_day is not None:
        return ScheduleDirection.BACKWARD, plan.event_day
    if plan.direction is ScheduleDirection.BACKWARD:
        return ScheduleDirection.BACKWARD, last_day_of(plan.start, plan.finish)
    return ScheduleDirection.FORWARD, day_of(plan.start)


def prepare_import(ground: ImportGround, plan: ImportedPlan, *, progress: Progress | None = None) -> PreparedImport:
    """Compute an import's dates with the project's calendar and list every one that differs from the file's.

    ``progress`` is told between the steps how far it is; what it raises ends the work.

    Raises RuleError naming a loop of links, InputError when the plan is longer than can be computed.
    """
    with without_collection():
        return _prepared(ground, rehomed(plan, ground.project.id), _steps(progress))


def _prepared(ground: ImportGround, plan: ImportedPlan, step: Callable[[], None]) -> PreparedImport:
    found = ground.project
    span = days_of(plan)
    days = own_days(found, ground.days, ground.national, plan, span)
    people = people_of(ground.people, plan)
    calendars = plan_calendars(found, with_days(ground.days, days), ground.national, ground.weeks)
    weeks, personal, left_out = own_time(plan, people.person_of, found.id, calendars, span)
    if weeks or personal:
        days = (*days, *personal)
        stored = with_days(ground.days, days)
        calendars = plan_calendars(found, stored, ground.national, (*ground.weeks, *weeks))
    step()
    turned = _turned(plan, people.tasks)
    tasks = _staged(ground, plan, turned)
    computed = compute(found, tasks, plan.links, calendars, people.shares)
    step()
    held = _held(plan, tasks, computed)
    dropped = (*_turned_words(people.tasks, turned), *losses(plan, people, left_out))
    if held != tasks:
        tasks, computed = held, compute(found, held, plan.links, calendars, people.shares)
        at = f"{moment(plan.start):%Y-%m-%d %H:%M}"
        text = _("The plan starts at {time}; tasks that begin with it have this as their earliest start.")
        dropped = (*dropped, text.format(time=at))
    step()
    differences = _explained(plan, computed, _on_leave(tasks, people, days))
    step()
    kept = plan.kept.packed() if plan.kept else b""
    step()
    dated = _dated(tasks, computed)
    return PreparedImport(ground, plan, dated, days, calendars, dropped, differences, people, weeks, kept)


def _steps(progress: Progress | None) -> Callable[[], None]:
    done = itertools.count(1)

    def step() -> None:
        if progress is not None:
            progress(next(done), _STEPS)

    return step


def _staged(ground: ImportGround, plan: ImportedPlan, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """Put tasks into the stages that the file names, where the project has them."""
    if not plan.stages:
        return tasks
    known = {stage.name: stage.id for stage in ground.stages}
    return tuple(replace(task, stage_id=known.get(plan.stages.get(task.id, ""))) for task in tasks)


def store_import(session: Session, prepared: PreparedImport, *, keep_dates: bool = False) -> ImportReport:
    """Store an import in one edit. Raises InputError when the project to fill has got tasks meanwhile."""
    found, plan = prepared.ground.project, prepared.plan
    if keep_dates:
        prepared = with_file_dates(prepared)
    tasks, differences = prepared.tasks, prepared.differences
    if prepared.ground.laid is None:
        _check_empty(session, found.id)
    label = _("Import “{project}”").format(project=found.name)
    people = prepared.people
    with without_collection(), session.edit(label, found.id) as edit:
        tables.people.insert_many(edit, people.added)
        if prepared.ground.laid is not None:
            store(edit, replace(prepared.ground.laid, tasks=tasks, links=plan.links, shares=()))
        else:
            _fill(edit, prepared, tasks)
        tables.assignments.insert_many(edit, [row for rows in people.shares.values() for row in rows])
        tables.calendar_days.insert_many(edit, prepared.days)
        tables.person_weeks.insert_many(edit, prepared.weeks)
        if prepared.kept:
            sha256 = edit.add_blob(prepared.kept)
            tables.plan_sources.insert(edit, PlanSource(new_id(), found.id, PlanFormat.MSPDI.value, sha256))
        tables.baselines.insert_many(edit, plan.baselines)
        tables.baseline_tasks.insert_many(edit, plan.baseline_tasks)
    return ImportReport(found, len(tasks), len(plan.links), prepared.dropped, differences)


def _fill(edit: Edit, prepared: PreparedImport, tasks: Sequence[Task]) -> None:
    found = prepared.ground.project
    tables.projects.update(edit, found.id, direction=found.direction, key_on=found.key_on, work_hours=found.work_hours)
    replaced = {(day.person_id, day.day) for day in prepared.days}
    old = [day for day in prepared.ground.days if day.project_id == found.id]
    tables.calendar_days.delete(edit, *(day.id for day in old if (day.person_id, day.day) in replaced))
    tables.plan_sources.delete(edit, *(one.id for one in tables.plan_sources.all(edit, project_id=found.id)))
    tables.person_weeks.delete(edit, *(one.id for one in tables.person_weeks.all(edit, project_id=found.id)))
    tables.tasks.insert_many(edit, tasks)
    tables.links.insert_many(edit, prepared.plan.links)


# --- dates -----------------------------------------------------------------------------------------------------


def _dated(tasks: Sequence[Task], computed: Schedule) -> tuple[Task, ...]:
    return tuple(replace(task, start=computed.start(task.id), finish=computed.finish(task.id)) for task in tasks)


def _turned(plan: ImportedPlan, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """Let the tasks of another program's backward plan sit as late as they may, as they do there."""
    if plan.direction is not ScheduleDirection.BACKWARD or plan.event_day is not None:
        return tasks
    parents = {task.parent_id for task in tasks}
    return tuple(
        replace(task, constraint=ConstraintType.ALAP)
        if task.constraint is ConstraintType.ASAP and task.id not in parents
        else task
        for task in tasks
    )


def _turned_words(before: Sequence[Task], after: Sequence[Task]) -> tuple[str, ...]:
    """Say how many tasks got another constraint because their file plans back from its finish."""
    count = sum(1 for old, new in zip(before, after, strict=True) if old.constraint is not new.constraint)
    if not count:
        return ()
    words = ngettext(
        "The file plans back from its finish: {count} task without a constraint is now as late as possible.",
        "The file plans back from its finish: {count} tasks without a constraint are now as late as possible.",
        count,
    )
    return (words.format(count=count),)


def _held(plan: ImportedPlan, tasks: tuple[Task, ...], computed: Schedule) -> tuple[Task, ...]:
    """Hold tasks back to the hour at which the file's plan starts; a project itself starts with its day."""
    if plan.direction is ScheduleDirection.BACKWARD:
        return tasks
    calendar = plan.calendar.working_time
    parents = {task.parent_id for task in tasks}
    before = {row.task_id for row in plan.stored if row.start is not None and row.start < plan.start}

    def early(task: Task) -> bool:
        free = task.constraint is ConstraintType.ASAP and task.mode is TaskMode.AUTO and task.actual_start is None
        if not free or task.id in parents or task.id in before:
            return False
        start = computed.start(task.id)
        return start < plan.start if task.elapsed else calendar.between(start, plan.start) > 0

    return tuple(
        replace(task, constraint=ConstraintType.SNET, constraint_at=plan.start) if early(task) else task
        for task in tasks
    )


def _on_leave(tasks: Sequence[Task], people: ImportedPeople, days: Sequence[CalendarDay]) -> frozenset[EntityId]:
    """Return the tasks done by somebody with days of their own."""
    away = {day.person_id for day in days if day.person_id is not None}
    found = {task.id for task in tasks if task.owner_id in away}
    found |= {row.task_id for rows in people.shares.values() for row in rows if row.person_id in away}
    return frozenset(found)


def _explained(plan: ImportedPlan, computed: Schedule, on_leave: frozenset[EntityId]) -> tuple[DateDifference, ...]:
    """Return the differences; where the file's own rules give its dates, the cause is what was not taken over."""
    found = date_differences(plan, computed)
    if not any(difference.cause is not DifferenceCause.PREDECESSOR for difference in found):
        return found
    try:
        own = {difference.task_id for difference in date_differences(plan, schedule(plan.network()))}
    except QihuaError:
        return found
    described = {task.id: task for task in plan.schedule_tasks}
    result: list[DateDifference] = []
    for difference in found:
        note = ""
        task = described[difference.task_id]
        follows = difference.cause in (DifferenceCause.PREDECESSOR, DifferenceCause.CHILDREN)
        if difference.task_id not in own and not follows:
            if task.splits:
                note = _("in the file its work is interrupted or stretched")
            elif task.parts or (task.calendar is not None and task.calendar is not plan.calendar.working_time):
                note = _calendar_words(plan, task.calendar)
            elif task.remaining is not None and task.actual_start is not None:
                note = _("in the file its remaining work is not what its progress says")
            elif difference.task_id in on_leave:
                note = _("the leave of those who do it counts here")
        result.append(replace(difference, cause=DifferenceCause.NOTE, note=note) if note else difference)
    return tuple(result)


def _calendar_words(plan: ImportedPlan, calendar: WorkingTime | None) -> str:
    """Return the cause for a task that does not follow the project's calendar in the file, by name where it has one."""
    people = {id(one.calendar) for one in plan.resources}
    for one in plan.calendars:
        if one.working_time is calendar and id(calendar) not in people and one.name:
            words = _("in the file it follows the calendar “{calendar}”, which tasks here do not have")
            return words.format(calendar=one.name[:60])
    return _("in the file it follows a calendar of its own")


def with_file_dates(prepared: PreparedImport, *, progress: Progress | None = None) -> PreparedImport:
    """Return the import with the file's dates wherever ours differ, pinned; needs no workspace, may run in a thread."""
    if not prepared.differences or any(one.kept for one in prepared.differences):
        return prepared
    with without_collection():
        tasks, differences = _kept(prepared, _steps(progress))
    return replace(prepared, tasks=tasks, differences=differences)


def _kept(prepared: PreparedImport, step: Callable[[], None]) -> tuple[tuple[Task, ...], tuple[DateDifference, ...]]:
    """Pin what differs until nothing else does; what actual dates decide stays where they put it."""
    plan, found = prepared.plan, prepared.ground.project
    stored = {row.task_id: row for row in plan.stored}
    parents = {task.parent_id for task in plan.tasks}
    tasks = prepared.tasks
    different = {difference.task_id for difference in prepared.differences}
    pinned: set[EntityId] = set()
    computed = None
    for _round in range(_ROUNDS_OF_PINS):
        step()
        pinned |= different - parents
        changed: list[Task] = []
        for task in tasks:
            row = stored.get(task.id)
            if task.id in pinned and task.mode is not TaskMode.PINNED and row is not None:
                start = task.start if row.start is None else row.start
                finish = max(start, task.finish if row.finish is None else row.finish)
                task = replace(task, mode=TaskMode.PINNED, start=start, finish=finish)
            changed.append(task)
        tasks = tuple(changed)
        computed = compute(found, tasks, plan.links, prepared.calendars, prepared.people.shares)
        different = {difference.task_id for difference in date_differences(plan, computed)}
        if not different - parents - pinned:
            break
    if computed is None:
        return tasks, prepared.differences
    kept = tuple(replace(one, kept=one.task_id not in different) for one in prepared.differences)
    return _dated(tasks, computed), kept
