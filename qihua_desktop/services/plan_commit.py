"""Writing a change of a plan: one edit with everything that moves because of it, and the list of what moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Task
from qihua_desktop.domain.schedule import DriverKind, changed_tasks, driver

from .plan_state import PlanChange, PlanState, expect_state, load_state, plan_state, settle_expected
from .session import Session


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that stands elsewhere after an edit; ``cause_id`` is the predecessor that pushed or pulled it, if any."""

    task_id: EntityId
    name: str
    old_start: int
    old_finish: int
    new_start: int
    new_finish: int
    edited: bool
    cause_id: EntityId | None
    cause: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit did: the tasks that moved, in reading order, summaries left out, and the ids of new rows."""

    moved: tuple[Moved, ...] = ()
    added: tuple[EntityId, ...] = ()

    @property
    def followers(self) -> tuple[Moved, ...]:
        """The tasks that moved without having been edited themselves."""
        return tuple(one for one in self.moved if not one.edited)


def commit(session: Session, label: str, state: PlanState, change: PlanChange) -> Outcome:
    """Write a change and every date that follows from it as one edit.

    Raises RuleError before anything is written when the change would close a loop.
    """
    if not change:
        return Outcome()
    new = state.after(change)
    result = outcome(state, new, change)
    try:
        with session.edit(label, state.project.id) as edit:
            write(edit, state, new, change)
            expect_state(session, with_stored_dates(new))
    finally:
        settle_expected(session, state.project.id)
    return result


def write(edit: Edit, old: PlanState, new: PlanState, change: PlanChange) -> None:
    """Write what differs between two states of a plan."""
    removed_links = [one for one in change.removed_links if one in old.links]
    if removed_links:
        tables.links.delete(edit, *removed_links)
    added = [scheduled_task(new, row.id) for row in new.outline if row.id not in old.tasks]
    if added:
        tables.tasks.insert_many(edit, added)
    tables.tasks.update_many(edit, _differences(old, new))
    tables.links.insert_many(edit, [link for link in change.links if link.id not in old.links])
    tables.links.replace(edit, *[link for link in change.links if link.id in old.links])
    for task_id, shares in change.shares:
        tables.assignments.delete(edit, *(one.id for one in old.shares.get(task_id, ())))
        tables.assignments.insert_many(edit, shares)
    gone = [one for one in change.removed if one in old.tasks]
    if gone:
        tables.tasks.delete(edit, *gone)


def recalculate(edit: Edit, project_id: EntityId) -> int:
    """Schedule a project anew inside a running edit and write the dates that differ; returns how many rows did."""
    state = load_state(edit, project_id)
    changes = list(_date_differences(state))
    tables.tasks.update_many(edit, changes)
    return len(changes)


def outcome(old: PlanState, new: PlanState, change: PlanChange, words: str = "") -> Outcome:
    """Return what moved between two states of a plan; ``words`` is the cause where no other task is it."""
    edited = {task.id for task in change.tasks}
    linked = {link.successor_id for link in change.links}
    linked |= {old.links[one].successor_id for one in change.removed_links if one in old.links}
    for gone in change.removed:
        linked |= {link.successor_id for link in old.out_of(gone)} if gone in old.tasks else set()
    moved: list[Moved] = []
    differing = set(changed_tasks(old.schedule, new.schedule))
    for row in new.outline:
        if row.id not in differing or row.has_children or row.id not in old.tasks:
            continue
        start, finish = new.start(row.id), new.finish(row.id)
        old_start, old_finish = old.start(row.id), old.finish(row.id)
        cause_id = _cause(new, row.id) if row.id not in edited else None
        name = new.tasks[cause_id].name if cause_id is not None else words
        own = row.id in edited or row.id in linked
        moved.append(Moved(row.id, new.tasks[row.id].name, old_start, old_finish, start, finish, own, cause_id, name))
    return Outcome(tuple(moved), tuple(task.id for task in change.tasks if task.id not in old.tasks))


def scheduled_task(state: PlanState, task_id: EntityId) -> Task:
    """Return a task with the dates the schedule gives it."""
    task = state.tasks[task_id]
    start, finish = state.start(task_id), state.finish(task_id)
    if (task.start, task.finish) == (start, finish):
        return task
    return replace(task, start=start, finish=max(start, finish))


def with_stored_dates(state: PlanState) -> PlanState:
    """Return the state with every task carrying its scheduled dates, as stored after the edit."""
    tasks = dict(state.tasks)
    for task_id in _unlike_schedule(state):
        tasks[task_id] = scheduled_task(state, task_id)
    known = (state.project, tasks, state.links, state.calendars, state.people, state.schedule, state.outline)
    stored = PlanState(*known, shares=state.shares)
    stored.take_over(state)
    return stored


def current(session: Session, project_id: EntityId) -> PlanState:
    """Return the plan as it stands."""
    return plan_state(session, project_id)


def _differences(old: PlanState, new: PlanState) -> Iterator[tuple[EntityId, dict[str, Any]]]:
    names = [field.name for field in fields(Task) if field.name != "id"]
    edited = [task_id for task_id, task in new.tasks.items() if old.tasks.get(task_id) is not task]
    for task_id in dict.fromkeys((*edited, *_unlike_schedule(new))):
        before, task = old.tasks.get(task_id), new.tasks[task_id]
        if before is None:
            continue
        now = scheduled_task(new, task_id)
        if now is before:
            continue
        if task is before:
            yield task_id, {"start": now.start, "finish": now.finish}
            continue
        values = {name: getattr(now, name) for name in names if getattr(now, name) != getattr(before, name)}
        if values:
            yield task_id, values


def _date_differences(state: PlanState) -> Iterator[tuple[EntityId, dict[str, Any]]]:
    for task_id in _unlike_schedule(state):
        now = scheduled_task(state, task_id)
        yield task_id, {"start": now.start, "finish": now.finish}


def _unlike_schedule(state: PlanState) -> list[EntityId]:
    """Return the tasks whose own dates are not those the schedule gives them; quick, as every edit asks."""
    plan, tasks = state.schedule, state.tasks
    rows = zip(plan.network.index, plan.start_list, plan.finish_list, strict=False)
    return [one for one, start, finish in rows if (task := tasks[one]).start != start or task.finish != finish]


def _cause(state: PlanState, task_id: EntityId) -> EntityId | None:
    """Return the task that holds a moved one: what it waits for, or where it sits late, what it must be done for."""
    found = driver(state.schedule, task_id)
    return found.task_id if found.kind in (DriverKind.LINK, DriverKind.ALAP) else None
