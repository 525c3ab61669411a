"""A project's plan: what the Gantt window, imports and templates call. One public function is one user action."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.calendars import Announcement
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    ConstraintType,
    Link,
    ScheduleDirection,
    Task,
    TaskMode,
    day_of,
    day_start,
    last_day_of,
)
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.schedule import conflicts
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .plan_commit import Outcome, outcome, recalculate, scheduled_task, write
from .plan_edit import (
    add_task,
    delete_tasks,
    indent_tasks,
    move_by_days,
    move_down_tasks,
    move_tasks,
    move_up_tasks,
    outdent_tasks,
    place_tasks,
    rename_task,
    set_begin,
    set_constraint,
    set_deadline,
    set_duration,
    set_fields,
    set_finish,
    set_milestone,
    set_notes,
    set_owner,
    set_pinned,
    set_progress,
    set_start,
)
from .plan_links import add_link, change_link, link_tasks, refused_targets, remove_link, set_predecessors, unlink_tasks
from .plan_network import Shares, day_opening
from .plan_state import PlanChange, PlanState, load_state, plan_state, project_calendars
from .session import Session

__all__ = [
    "Outcome",
    "PlanChange",
    "PlanState",
    "Scheduled",
    "add_link",
    "add_task",
    "change_link",
    "delete_tasks",
    "indent_tasks",
    "insert_plan",
    "link_tasks",
    "move_by_days",
    "move_down_tasks",
    "move_tasks",
    "move_up_tasks",
    "outdent_tasks",
    "place_tasks",
    "plan_state",
    "recalculate",
    "refused_targets",
    "remove_link",
    "rename_task",
    "scheduled",
    "set_begin",
    "set_constraint",
    "set_deadline",
    "set_duration",
    "set_fields",
    "set_finish",
    "set_key_date",
    "set_milestone",
    "set_notes",
    "set_owner",
    "set_pinned",
    "set_predecessors",
    "set_progress",
    "set_start",
    "unlink_tasks",
]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A plan with its computed dates, not stored; ``warnings`` are sentences for the user."""

    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    warnings: tuple[str, ...]


def scheduled(session: Session, project: Project, tasks: Sequence[Task], links: Iterable[Link]) -> Scheduled:
    """Return the dates a plan gets; nothing is stored, the project need not be stored either. Raises RuleError."""
    state = _state_of(session, project, tasks, links)
    return Scheduled(
        tuple(scheduled_task(state, task.id) for task in tasks), tuple(state.links.values()), _warnings(state)
    )


def insert_plan(
    edit: Edit, project: Project, tasks: Sequence[Task], links: Iterable[Link], *, keep_dates: bool = False
) -> Scheduled:
    """Store a whole plan inside a running edit, with the dates it gets; parents may come in any order.

    The project's row must be stored already. ``keep_dates`` pins every task where it says it is.
    Raises RuleError naming a loop before anything is written.
    """
    if keep_dates:
        parents = {task.parent_id for task in tasks}
        tasks = [task if task.id in parents else replace(task, mode=TaskMode.PINNED) for task in tasks]
    state = PlanState(
        project,
        {task.id: task for task in tasks},
        {link.id: link for link in links},
        project_calendars(edit, project),
        {person.id: person for person in tables.people.all(edit)},
    )
    stored = tuple(scheduled_task(state, row.id) for row in state.outline)
    tables.tasks.insert_many(edit, stored)
    tables.links.insert_many(edit, state.links.values())
    return Scheduled(stored, tuple(state.links.values()), _warnings(state))


def set_key_date(session: Session, project_id: EntityId, key_on: date, direction: ScheduleDirection) -> Outcome:
    """Move the start or the event day, or turn the plan around; what stood on the event day moves with it."""
    state = plan_state(session, project_id)
    old = state.project
    if (old.key_on, old.direction) == (key_on, direction):
        return Outcome()
    project = replace(old, key_on=key_on, direction=direction)
    calendar = project_calendars(session.workspace, project).project(project.id)
    opening = day_opening(calendar, key_on)
    tasks = [_rebased(task, old, project, opening, calendar) for task in state.tasks.values()]
    if direction is not old.direction:
        tasks = _turned(state, tasks, direction)
    new = _state_of(session, project, tasks, state.links.values(), state.shares)
    change = PlanChange(tuple(task for task in tasks if task != state.tasks[task.id]))
    with session.edit(_key_date_label(project), project_id) as edit:
        tables.projects.update(edit, project_id, key_on=key_on, direction=direction)
        write(edit, state, new, change)
    return outcome(state, new, change, _key_date_label(project))


def reload_state(session: Session, project_id: EntityId) -> PlanState:
    """Read and schedule a plan without any memory; for checks."""
    return load_state(session.workspace, project_id)


def _state_of(
    session: Session, project: Project, tasks: Iterable[Task], links: Iterable[Link], shares: Shares | None = None
) -> PlanState:
    return PlanState(
        project,
        {task.id: task for task in tasks},
        {link.id: link for link in links},
        project_calendars(session.workspace, project),
        {person.id: person for person in tables.people.all(session.workspace)},
        shares=shares,
    )


def _rebased(task: Task, old: Project, new: Project, opening: int, calendar: WorkingTime) -> Task:
    """Move a task's date constraint with the key date: on the day itself by the clock, else by working time."""
    at = task.constraint_at
    if at is None or task.actual_start is not None:
        return task
    if task.constraint in (ConstraintType.MSO, ConstraintType.MFO) and day_of(at) == old.key_on:
        moved = at + day_start(new.key_on) - day_start(old.key_on)
        return replace(task, constraint_at=max(moved, opening) if task.constraint is ConstraintType.MSO else moved)
    if new.direction is ScheduleDirection.BACKWARD is old.direction:
        position = calendar.work(at) + calendar.between(day_start(old.key_on), day_start(new.key_on))
        at_end = task.constraint in (ConstraintType.FNLT, ConstraintType.FNET, ConstraintType.MFO)
        return replace(task, constraint_at=calendar.at_end(position) if at_end else calendar.at_start(position))
    return task


def _turned(state: PlanState, tasks: Sequence[Task], direction: ScheduleDirection) -> list[Task]:
    """Make tasks sit late or early; what comes after a fixed task follows it either way."""
    if direction is ScheduleDirection.FORWARD:
        return [
            replace(task, constraint=ConstraintType.ASAP) if task.constraint is ConstraintType.ALAP else task
            for task in tasks
        ]
    after: set[EntityId] = set()
    waiting = [task.id for task in tasks if task.constraint is ConstraintType.MSO]
    while waiting:
        for link in state.out_of(waiting.pop()):
            if link.successor_id not in after:
                after.add(link.successor_id)
                waiting.append(link.successor_id)
    return [
        replace(task, constraint=ConstraintType.ALAP)
        if task.constraint is ConstraintType.ASAP and task.id not in after and not state.is_summary(task.id)
        else task
        for task in tasks
    ]


def _warnings(state: PlanState) -> tuple[str, ...]:
    texts: list[str] = []
    for conflict in conflicts(state.schedule)[:5]:
        chain = " → ".join(state.tasks[one].name for one in conflict.chain)
        texts.append(
            _("“{task}” cannot keep its date: {chain}").format(task=state.tasks[conflict.task_id].name, chain=chain)
        )
    if state.tasks:
        first, last = state.schedule.project_start, state.schedule.project_finish
        last_day = last_day_of(first, last)
        if state.calendars.rests_on_unannounced(day_of(first), last_day):
            texts.append(
                _("The holidays of {year} are not announced yet.").format(year=_unannounced_year(state, last_day))
            )
    return tuple(texts)


def _unannounced_year(state: PlanState, last: date) -> int:
    national = state.calendars.national
    tentative = national.announcement(last) is Announcement.TENTATIVE
    return last.year if tentative else max(last.year, national.last_year + 1)


def _key_date_label(project: Project) -> str:
    if project.direction is ScheduleDirection.BACKWARD:
        return _("Plan back from {day}").format(day=project.key_on.isoformat())
    return _("Plan from {day} on").format(day=project.key_on.isoformat())
