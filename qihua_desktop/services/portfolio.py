"""All projects on one time axis, the people they share, and the weeks in which that is too much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from db import tables
from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.formatting import date_short, duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    CalendarDay,
    ScheduleDirection,
    Task,
    day_of,
    day_start,
    last_day_of,
)
from qihua_desktop.domain.project import Project, ProjectStatus, Stage
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .plan_load import minutes_by_week, monday_of
from .plan_network import plan_calendars
from .plan_state import stored_national
from .projects import ProjectSummary, planned_progress, project_summaries
from .session import Session

_WEEK: Final = 7 * MINUTES_PER_DAY
_LONGEST_WEEKS: Final = 1040
_FORWARD: Final = ScheduleDirection.FORWARD


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage of a project: when its tasks run and how far they are."""

    id: EntityId
    project_id: EntityId
    name: str
    owner_name: str
    start: int
    finish: int
    progress: int
    late_tasks: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class ProjectSpan:
    """A project with the stages that have tasks; no dates while there are no tasks."""

    summary: ProjectSummary
    start: int | None
    finish: int | None
    stages: tuple[StageSpan, ...]

    @property
    def project(self) -> Project:
        """The project."""
        return self.summary.project


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """A week of somebody from Monday: what each project asks for, and the working minutes there are."""

    monday: date
    shares: tuple[tuple[EntityId, int], ...]
    available: int

    @property
    def planned(self) -> int:
        """Working minutes planned in all projects."""
        return sum(minutes for _project, minutes in self.shares)

    @property
    def share(self) -> int:
        """The planned share of what is available, in basis points; work without any time counts as 200 %."""
        if self.available <= 0:
            return 20_000 if self.planned else 0
        return self.planned * DONE // self.available

    @property
    def over(self) -> int:
        """Working minutes planned beyond what is available."""
        return max(0, self.planned - self.available)


@dataclass(frozen=True, slots=True)
class SharedPerson:
    """Somebody with tasks in two or more active projects."""

    id: EntityId
    name: str
    project_ids: tuple[EntityId, ...]
    weeks: tuple[PersonWeek, ...]


@dataclass(frozen=True, slots=True)
class ClashTask:
    """A task that takes part in a clash; ``minutes`` are its working minutes in that week."""

    id: EntityId
    project_id: EntityId
    name: str
    start: int
    finish: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Clash:
    """A week in which several projects together ask more of somebody than there is time; its tasks, largest first."""

    person_id: EntityId
    name: str
    week: PersonWeek
    tasks: tuple[ClashTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All projects, whom they share, and the clashes from this week on."""

    projects: tuple[ProjectSpan, ...]
    people: tuple[SharedPerson, ...]
    clashes: tuple[Clash, ...]
    calendars: Calendars
    by_id: Mapping[EntityId, ProjectSpan] = field(default_factory=dict[EntityId, ProjectSpan], compare=False)

    def project(self, project_id: EntityId) -> ProjectSpan | None:
        """Return a project, None for an unknown one."""
        return self.by_id.get(project_id)


def portfolio(session: Session) -> Portfolio:
    """Return the overview of all projects."""
    tasks = tables.tasks.all(session.workspace)
    parents = {task.parent_id for task in tasks}
    by_project: dict[EntityId, list[Task]] = {}
    for task in tasks:
        if task.id not in parents:
            by_project.setdefault(task.project_id, []).append(task)
    names = {person.id: person.name for person in tables.people.all(session.workspace)}
    stages: dict[EntityId, list[Stage]] = {}
    for stage in tables.stages.all(session.workspace):
        stages.setdefault(stage.project_id, []).append(stage)
    today = session.today()
    spans = tuple(
        _project_span(summary, by_project.get(summary.project.id, ()), stages.get(summary.project.id, ()), names, today)
        for summary in project_summaries(session, tasks)
    )
    work = _shared_work([one.project for one in spans], by_project, names)
    times = _Times(session, [one.project for one in spans])
    people = _shared_people(work, times, names)
    days = tables.calendar_days.all(session.workspace, project_id=None)
    calendars = Calendars(days, national=stored_national(session.workspace), around=day_start(today))
    clashes = _clashes(people, work, times, today)
    return Portfolio(spans, people, clashes, calendars, {one.project.id: one for one in spans})


def clash_words(clash: Clash, shown: Portfolio, minutes_per_day: int = 480) -> str:
    """Return a clash as a sentence: who, which week, which projects, how much too much."""
    monday = clash.week.monday
    sentence = _("{person}, week {first} – {last}: {projects}; {available} available, {over} too much")
    return sentence.format(
        person=" ".join(clash.name[:40].split()),
        first=date_short(monday),
        last=date_short(monday + timedelta(days=6)),
        projects=shares_words(clash.week, shown, minutes_per_day),
        available=duration_text(clash.week.available, minutes_per_day),
        over=duration_text(clash.week.over, minutes_per_day),
    )


def clash_tasks_words(clash: Clash, minutes_per_day: int = 480, limit: int = 4) -> str:
    """Return the tasks of a clash with their times in that week, the largest first."""
    parts = [
        f"{' '.join(task.name[:40].split())} {duration_text(task.minutes, minutes_per_day)}"
        for task in clash.tasks[:limit]
    ]
    return " + ".join(parts) + (" …" if len(clash.tasks) > limit else "")


def shares_words(week: PersonWeek, shown: Portfolio, minutes_per_day: int = 480) -> str:
    """Return the projects of a week with their times, the largest first."""
    parts: list[str] = []
    for project_id, minutes in sorted(week.shares, key=lambda one: -one[1]):
        span = shown.project(project_id)
        if span is not None:
            name = " ".join(span.project.name[:40].split())
            parts.append(f"{name} {duration_text(minutes, minutes_per_day)}")
    return " + ".join(parts)


def _project_span(
    summary: ProjectSummary,
    leaves: Sequence[Task],
    stages: Iterable[Stage],
    names: dict[EntityId, str],
    today: date,
) -> ProjectSpan:
    active = summary.project.status is ProjectStatus.ACTIVE
    found: list[StageSpan] = []
    for stage in sorted(stages, key=lambda one: one.position):
        own = [task for task in leaves if task.stage_id == stage.id]
        if not own:
            continue
        late = sum(1 for task in own if task.progress < DONE and last_day_of(task.start, task.finish) < today)
        found.append(
            StageSpan(
                stage.id,
                stage.project_id,
                stage.name,
                names.get(stage.owner_id, "") if stage.owner_id else "",
                min(task.start for task in own),
                max(task.finish for task in own),
                planned_progress(own),
                late if active else 0,
                stage.id == summary.project.stage_id and active,
            )
        )
    start = min((task.start for task in leaves), default=None)
    finish = max((task.finish for task in leaves), default=None)
    return ProjectSpan(summary, start, finish, tuple(found))


_Work = dict[EntityId, dict[EntityId, list[Task]]]
"""Tasks by person and project."""


def _shared_work(
    projects: Sequence[Project], by_project: dict[EntityId, list[Task]], names: dict[EntityId, str]
) -> _Work:
    """Return what is to be done by those with tasks in two or more active projects."""
    work: _Work = {}
    for project in projects:
        if project.status is not ProjectStatus.ACTIVE:
            continue
        for task in by_project.get(project.id, ()):
            if task.owner_id is not None and task.finish > task.start:
                work.setdefault(task.owner_id, {}).setdefault(project.id, []).append(task)
    return {person: own for person, own in work.items() if len(own) > 1 and person in names}


class _Times:
    """Working time of people by project; projects without days of their own share one calendar."""

    def __init__(self, session: Session, projects: Sequence[Project]) -> None:
        self._projects = {one.id: one for one in projects}
        self._national = stored_national(session.workspace)
        self._general: list[CalendarDay] = []
        self._own: dict[EntityId, list[CalendarDay]] = {}
        for day in tables.calendar_days.all(session.workspace):
            if day.project_id is None:
                self._general.append(day)
            else:
                self._own.setdefault(day.project_id, []).append(day)
        self._calendars: dict[object, tuple[Calendars, EntityId]] = {}

    def of(self, person_id: EntityId, project_id: EntityId) -> WorkingTime:
        """Return when somebody works for a project; the same object wherever it is the same time."""
        project = self._projects[project_id]
        if project_id not in self._own and project.direction is ScheduleDirection.BACKWARD:
            plain, one = self._calendar((project.work_hours, None), replace(project, direction=_FORWARD))
            usual = plain.project(one).periods(day_start(project.key_on) // MINUTES_PER_DAY)
            key = (project.work_hours, None if usual else project.key_on)
        else:
            key = project_id if project_id in self._own else (project.work_hours, None)
        if isinstance(key, tuple) and key[1] is None:
            project = replace(project, direction=_FORWARD)
        calendars, one = self._calendar(key, project)
        return calendars.person(person_id, one)

    def _calendar(self, key: object, project: Project) -> tuple[Calendars, EntityId]:
        found = self._calendars.get(key)
        if found is None:
            days = [*self._general, *self._own.get(project.id, ())]
            found = self._calendars[key] = plan_calendars(project, days, self._national), project.id
        return found


def _shared_people(work: _Work, times: _Times, names: dict[EntityId, str]) -> tuple[SharedPerson, ...]:
    found = [SharedPerson(one, names[one], tuple(own), _weeks(one, own, times)) for one, own in work.items()]
    return tuple(sorted(found, key=lambda one: (-max((week.share for week in one.weeks), default=0), one.name)))


def _weeks(person: EntityId, own: dict[EntityId, list[Task]], times: _Times) -> tuple[PersonWeek, ...]:
    """Return somebody's weeks; of the calendars of a week's projects, the one that offers most time counts."""
    first = day_start(monday_of(day_of(min(task.start for tasks in own.values() for task in tasks))))
    last = max(task.finish for tasks in own.values() for task in tasks)
    count = min(_LONGEST_WEEKS, (last - 1 - first) // _WEEK + 1)
    calendars = {one: times.of(person, one) for one in own}
    shares: dict[int, list[tuple[EntityId, int]]] = {}
    for one, tasks in own.items():
        planned = minutes_by_week([(task.start, task.finish, task) for task in tasks], first, count, calendars[one])
        for number, minutes in planned.items():
            if minutes:
                shares.setdefault(number, []).append((one, minutes))
    every = {id(calendar): calendar for calendar in calendars.values()}
    weeks: list[PersonWeek] = []
    for number in range(count):
        begin = first + number * _WEEK
        asking = shares.get(number, ())
        offered = {id(calendars[one]): calendars[one] for one, _minutes in asking} or every
        available = max(calendar.between(begin, begin + _WEEK) for calendar in offered.values())
        weeks.append(PersonWeek(day_of(begin), tuple(asking), available))
    return tuple(weeks)


def _clashes(people: Sequence[SharedPerson], work: _Work, times: _Times, today: date) -> tuple[Clash, ...]:
    this_week = monday_of(today)
    found = [
        Clash(person.id, person.name, week, _clash_tasks(person.id, week, work[person.id], times))
        for person in people
        for week in person.weeks
        if week.over and len(week.shares) > 1 and week.monday >= this_week
    ]
    return tuple(sorted(found, key=lambda one: (one.week.monday, -one.week.over, one.name)))


def _clash_tasks(
    person: EntityId, week: PersonWeek, own: dict[EntityId, list[Task]], times: _Times
) -> tuple[ClashTask, ...]:
    begin = day_start(week.monday)
    found: list[ClashTask] = []
    for project_id, _minutes in week.shares:
        calendar = times.of(person, project_id)
        for task in own[project_id]:
            if task.start < begin + _WEEK and task.finish > begin:
                worked = calendar.between(max(task.start, begin), min(task.finish, begin + _WEEK))
                minutes = worked * task.units // DONE
                if minutes:
                    found.append(ClashTask(task.id, project_id, task.name, task.start, task.finish, minutes))
    return tuple(sorted(found, key=lambda one: (-one.minutes, one.start)))
