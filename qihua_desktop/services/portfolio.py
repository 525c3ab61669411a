"""All projects on one time axis, the people they share, and the weeks in which that is too much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from db import tables
from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.formatting import date_short, duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import DONE, MINUTES_PER_DAY, Task, day_of, day_start, last_day_of
from qihua_desktop.domain.project import Project, ProjectStatus, Stage
from qihua_desktop.i18n import _

from .plan_load import minutes_by_week, monday_of
from .plan_network import plan_calendars
from .plan_state import stored_national
from .projects import ProjectSummary, planned_progress, project_summaries
from .session import Session

_WEEK: Final = 7 * MINUTES_PER_DAY
_LONGEST_WEEKS: Final = 1040


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
class Clash:
    """A week in which several projects together ask more of somebody than there is time."""

    person_id: EntityId
    name: str
    week: PersonWeek


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All projects, whom they share, and the clashes from this week on."""

    projects: tuple[ProjectSpan, ...]
    people: tuple[SharedPerson, ...]
    clashes: tuple[Clash, ...]
    calendars: Calendars

    def project(self, project_id: EntityId) -> ProjectSpan | None:
        """Return a project, None for an unknown one."""
        return next((one for one in self.projects if one.project.id == project_id), None)


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
        for summary in project_summaries(session)
    )
    people = _shared_people(session, [one.project for one in spans], by_project, names)
    days = tables.calendar_days.all(session.workspace, project_id=None)
    calendars = Calendars(days, national=stored_national(session.workspace), around=day_start(today))
    return Portfolio(spans, people, _clashes(people, today), calendars)


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


def _shared_people(
    session: Session,
    projects: Sequence[Project],
    by_project: dict[EntityId, list[Task]],
    names: dict[EntityId, str],
) -> tuple[SharedPerson, ...]:
    work: dict[EntityId, dict[EntityId, list[Task]]] = {}
    active = {one.id: one for one in projects if one.status is ProjectStatus.ACTIVE}
    for project_id in active:
        for task in by_project.get(project_id, ()):
            if task.owner_id is not None and task.finish > task.start:
                work.setdefault(task.owner_id, {}).setdefault(project_id, []).append(task)
    shared = {person: own for person, own in work.items() if len(own) > 1 and person in names}
    wanted = {project for own in shared.values() for project in own}
    national = stored_national(session.workspace)
    days = tables.calendar_days.all(session.workspace)
    calendars = {
        one: plan_calendars(active[one], [day for day in days if day.project_id in (None, one)], national)
        for one in wanted
    }
    found = [
        SharedPerson(person, names[person], tuple(own), _weeks(person, own, calendars))
        for person, own in shared.items()
    ]
    return tuple(sorted(found, key=lambda one: (-max((week.share for week in one.weeks), default=0), one.name)))


def _weeks(
    person: EntityId, own: dict[EntityId, list[Task]], calendars: dict[EntityId, Calendars]
) -> tuple[PersonWeek, ...]:
    """Return somebody's weeks; of the calendars of a week's projects, the one that offers most time counts."""
    first = day_start(monday_of(day_of(min(task.start for tasks in own.values() for task in tasks))))
    last = max(task.finish for tasks in own.values() for task in tasks)
    count = min(_LONGEST_WEEKS, (last - 1 - first) // _WEEK + 1)
    times = {one: calendars[one].person(person, one) for one in own}
    minutes = {
        one: minutes_by_week([(task.start, task.finish, task) for task in tasks], first, count, times[one])
        for one, tasks in own.items()
    }
    weeks: list[PersonWeek] = []
    for number in range(count):
        begin = first + number * _WEEK
        shares = tuple((one, planned[number]) for one, planned in minutes.items() if planned.get(number))
        asking = [one for one, _minutes in shares] or list(times)
        available = max(times[one].between(begin, begin + _WEEK) for one in asking)
        weeks.append(PersonWeek(day_of(begin), shares, available))
    return tuple(weeks)


def _clashes(people: Sequence[SharedPerson], today: date) -> tuple[Clash, ...]:
    this_week = monday_of(today)
    found = [
        Clash(person.id, person.name, week)
        for person in people
        for week in person.weeks
        if week.over and len(week.shares) > 1 and week.monday >= this_week
    ]
    return tuple(sorted(found, key=lambda one: (one.week.monday, -one.week.over, one.name)))
