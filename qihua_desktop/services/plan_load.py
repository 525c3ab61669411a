"""Who is overloaded: planned working time per person and week against what their calendar offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from db import tables
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import DONE, MINUTES_PER_DAY, Assignment, Task, day_of, day_start
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.domain.working_time import WorkingTime

from .plan_state import PlanState
from .session import Session

_LONGEST_WEEKS = 1040
_WEEK = 7 * MINUTES_PER_DAY


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who has tasks in a plan: a person of the workspace, or only a name."""

    person_id: EntityId | None
    name: str


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week from Monday: working minutes planned, of these in other projects, and available."""

    monday: date
    planned: int
    elsewhere: int
    available: int

    @property
    def share(self) -> int:
        """The planned share of what is available, in basis points; work without any time counts as 200 %."""
        if self.available <= 0:
            return 20_000 if self.planned else 0
        return self.planned * DONE // self.available

    @property
    def is_over(self) -> bool:
        """Whether more is planned than there is time."""
        return self.share > DONE


def owners(state: PlanState) -> tuple[Owner, ...]:
    """Return everybody with tasks, the busiest first."""
    minutes: dict[tuple[EntityId | None, str], int] = {}
    for row in state.outline:
        if row.has_children:
            continue
        task = state.tasks[row.id]
        owner = (task.owner_id, "" if task.owner_id in state.people else task.owner_text)
        minutes[owner] = minutes.get(owner, 0) + max(1, task.duration)
        for share in _others(state, task):
            other = (share.person_id, "" if share.person_id in state.people else share.name)
            minutes[other] = minutes.get(other, 0) + max(1, task.duration)
    found: dict[Owner, int] = {}
    for (person_id, text), total in minutes.items():
        person = state.people.get(person_id) if person_id is not None else None
        owner = Owner(person_id, person.name if person is not None else text)
        if owner.name:
            found[owner] = found.get(owner, 0) + total
    return tuple(sorted(found, key=lambda owner: (-found[owner], owner.name)))


def weekly_load(session: Session, state: PlanState, owner: Owner) -> tuple[WeekLoad, ...]:
    """Return the weeks from the first to the last task of somebody, all active projects counted for a person."""
    dates = [(state.start(task.id), state.finish(task.id), task) for task in _own(state, owner)]
    foreign = _elsewhere(session, state, owner)
    if not dates:
        return ()
    calendar = state.calendars.person(owner.person_id, state.project.id)
    first = day_start(monday_of(day_of(min(start for start, _finish, _task in dates))))
    last = max(finish for _start, finish, _task in dates)
    count = min(_LONGEST_WEEKS, (last - first) // _WEEK + 1)
    mine = minutes_by_week(dates, first, count, calendar)
    others = minutes_by_week(foreign, first, count, calendar)
    weeks: list[WeekLoad] = []
    for number in range(count):
        begin = first + number * _WEEK
        planned, elsewhere = mine.get(number, 0) + others.get(number, 0), others.get(number, 0)
        weeks.append(WeekLoad(day_of(begin), planned, elsewhere, calendar.between(begin, begin + _WEEK)))
    return tuple(weeks)


@dataclass(frozen=True, slots=True)
class WeekTask:
    """A task in somebody's week; ``project`` names another project than the one asked about, else it is empty."""

    task_id: EntityId
    name: str
    minutes: int
    project: str = ""


def tasks_of_week(session: Session, state: PlanState, owner: Owner, monday: date) -> tuple[WeekTask, ...]:
    """Return what fills a week of somebody, the most work first."""
    begin = day_start(monday)
    calendar = state.calendars.person(owner.person_id, state.project.id)
    dates = [(state.start(task.id), state.finish(task.id), task) for task in _own(state, owner)]
    names = {one.id: one.name for one in tables.projects.all(session.workspace)}
    found: list[WeekTask] = []
    for start, finish, task in (*dates, *_elsewhere(session, state, owner)):
        minutes = minutes_by_week([(start, finish, task)], begin, 1, calendar).get(0, 0)
        if minutes:
            project = "" if task.project_id == state.project.id else names.get(task.project_id, "—")
            found.append(WeekTask(task.id, task.name, minutes, project))
    return tuple(sorted(found, key=lambda one: (-one.minutes, one.name)))


def minutes_by_week(
    dates: list[tuple[int, int, Task]], first: int, count: int, calendar: WorkingTime
) -> dict[int, int]:
    """Return the working minutes of tasks by week number; each task is looked at for its own weeks only."""
    minutes: dict[int, int] = {}
    for start, finish, task in dates:
        for number in range(max(0, (start - first) // _WEEK), min(count, (finish - 1 - first) // _WEEK + 1)):
            begin = first + number * _WEEK
            worked = calendar.between(max(start, begin), min(finish, begin + _WEEK))
            minutes[number] = minutes.get(number, 0) + worked * task.units // DONE
    return minutes


def _elsewhere(session: Session, state: PlanState, owner: Owner) -> list[tuple[int, int, Task]]:
    if owner.person_id is None:
        return []
    active = {one.id for one in tables.projects.all(session.workspace, status=ProjectStatus.ACTIVE)}
    tasks = tables.tasks.all(session.workspace, owner_id=owner.person_id)
    others = [task for task in tasks if task.project_id in active and task.project_id != state.project.id]
    parents = {
        task.parent_id for task in tables.tasks.among(session.workspace, "parent_id", {one.id for one in others})
    }
    shared = {row.task_id: row for row in tables.assignments.all(session.workspace, person_id=owner.person_id)}
    for task in tables.tasks.among(session.workspace, "id", shared):
        if task.project_id in active and task.project_id != state.project.id and task.owner_id != owner.person_id:
            others.append(replace(task, units=shared[task.id].units))
    return [(task.start, task.finish, task) for task in others if task.id not in parents]


def _own(state: PlanState, owner: Owner) -> list[Task]:
    """Return the tasks somebody leads or shares in, with their share of time as the task's."""
    found: list[Task] = []
    for row in state.outline:
        task = state.tasks[row.id]
        if row.has_children:
            continue
        if _is_of(task, owner):
            found.append(task)
            continue
        for share in _others(state, task):
            if (share.person_id, share.person_id or share.name) == (owner.person_id, owner.person_id or owner.name):
                found.append(replace(task, units=share.units))
                break
    return found


def _others(state: PlanState, task: Task) -> Iterator[Assignment]:
    """Yield who works on a task beside its owner."""
    for share in state.shares.get(task.id, ()):
        if share.position and (share.person_id is None or share.person_id != task.owner_id):
            yield share


def _is_of(task: Task, owner: Owner) -> bool:
    if owner.person_id is not None:
        return task.owner_id == owner.person_id
    return task.owner_id is None and task.owner_text == owner.name


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
