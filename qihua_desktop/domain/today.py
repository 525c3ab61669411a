"""What the Today page shows, chosen from plain rows: my tasks due, what is late, sign-offs waiting, the next event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .ids import EntityId
from .plan import DONE, Task, day_of, last_day_of
from .project import Project, ProjectKind, ProjectStatus


@dataclass(frozen=True, slots=True)
class TodayTask:
    """A task with its project; ``is_summary`` tasks have children and are never listed."""

    task: Task
    project: Project
    is_summary: bool


@dataclass(frozen=True, slots=True)
class TodaySignOff:
    """A seat whose turn it is (see ``review_rules``). ``since_ms`` is when it became due, ``due_ms`` its limit."""

    project: Project
    seat_id: EntityId
    version_id: EntityId
    person_id: EntityId
    document_title: str
    version_number: int
    since_ms: int
    due_ms: int | None


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task to show; ``days_left`` counts to its last day, negative when it is late."""

    task: Task
    project: Project
    due: date
    days_left: int

    @property
    def late(self) -> bool:
        """Whether its last day has passed."""
        return self.days_left < 0


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The nearest event day; ``days_left`` is 0 on the day itself."""

    project: Project
    days_left: int


def tasks_due(
    rows: Iterable[TodayTask], person_id: EntityId | None, today: date, *, days: int = 7
) -> tuple[DueTask, ...]:
    """Return a person's open tasks that are late, running, or due within ``days``, the most urgent first.

    A person's tasks are those they own, and in their own projects those that nobody is named for.
    """
    horizon = today + timedelta(days=days)
    mine = [row for row in rows if _is_open(row) and _is_mine(row, person_id)]
    due = [_due(row, today) for row in mine if day_of(row.task.start) <= today or _last_day(row.task) <= horizon]
    return tuple(sorted(due, key=_urgency))


def late_tasks(rows: Iterable[TodayTask], today: date) -> tuple[DueTask, ...]:
    """Return everybody's open tasks whose last day, or deadline, has passed, the longest overdue first."""
    due = [_due(row, today) for row in rows if _is_open(row)]
    return tuple(sorted((each for each in due if each.late), key=_urgency))


def sign_offs_waiting(rows: Iterable[TodaySignOff], person_id: EntityId | None) -> tuple[TodaySignOff, ...]:
    """Return the sign-offs waiting on a person, those with the earliest limit first, then the longest waiting."""
    mine = [row for row in rows if row.person_id == person_id and row.project.status is ProjectStatus.ACTIVE]
    return tuple(sorted(mine, key=lambda row: (row.due_ms is None, row.due_ms or 0, row.since_ms, row.seat_id)))


def next_event(projects: Iterable[Project], today: date) -> NextEvent | None:
    """Return the active event whose day comes next, today included."""
    coming = [
        project
        for project in projects
        if project.kind is ProjectKind.EVENT and project.status is ProjectStatus.ACTIVE and project.key_on >= today
    ]
    if not coming:
        return None
    project = min(coming, key=lambda each: (each.key_on, each.number, each.id))
    return NextEvent(project, (project.key_on - today).days)


def _is_open(row: TodayTask) -> bool:
    return not row.is_summary and row.task.progress < DONE and row.project.status is ProjectStatus.ACTIVE


def _is_mine(row: TodayTask, person_id: EntityId | None) -> bool:
    if person_id is None:
        return False
    if row.task.owner_id is not None:
        return row.task.owner_id == person_id
    return not row.task.owner_text and row.project.owner_id == person_id


def _last_day(task: Task) -> date:
    last = last_day_of(task.start, task.finish)
    if task.deadline is None:
        return last
    deadline = last_day_of(min(task.start, task.deadline - 1), task.deadline)
    return min(last, deadline)


def _due(row: TodayTask, today: date) -> DueTask:
    due = _last_day(row.task)
    return DueTask(row.task, row.project, due, (due - today).days)


def _urgency(due: DueTask) -> tuple[date, int, EntityId]:
    return (due.due, -due.task.priority, due.task.id)
