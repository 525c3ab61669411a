"""Editing tasks: each function is one edit with everything that moves because of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import ConstraintType, Task, TaskMode, day_start
from qihua_desktop.domain.tree import Placement, indent, insert, move, move_down, move_up, outdent, remove
from qihua_desktop.i18n import _, ngettext

from . import plan_rules
from .limits import body, required_text, text
from .plan_commit import Outcome, commit, current
from .plan_rules import DATED_CONSTRAINTS
from .plan_state import PlanChange, PlanState
from .session import Session

MAX_LEVEL: Final = 19


def add_task(
    session: Session,
    project_id: EntityId,
    name: str,
    *,
    after: EntityId | None = None,
    parent_id: EntityId | None = None,
    milestone: bool = False,
    duration: int | None = None,
    at: int | None = None,
) -> Outcome:
    """Add a task or a milestone behind a row, or as the last one below a parent, or at the end.

    Args:
        duration: working minutes, a day when left out.
        at: where it should start; left out, it starts today or, in a backward plan, as late as possible.
    """
    state = current(session, project_id)
    cleaned = required_text(name, _("name"))
    neighbour = state.tasks.get(after) if after is not None else None
    parent = neighbour.parent_id if neighbour is not None else parent_id
    siblings = [row.id for row in state.outline if row.parent_id == parent]
    index = siblings.index(neighbour.id) + 1 if neighbour is not None else len(siblings)
    task = replace(
        new_task(state, cleaned, session, at),
        parent_id=parent,
        stage_id=_stage(state, neighbour, parent),
        milestone=milestone,
        duration=0 if milestone else (state.minutes_per_day if duration is None else duration),
    )
    placements = insert(tuple(state.tasks.values()), task.id, parent, index)
    position = next(one.position for one in placements if one.id == task.id)
    shifted = _placed_tasks(state, [one for one in placements if one.id != task.id])
    label = _("Add milestone “{task}”") if milestone else _("Add task “{task}”")
    change = PlanChange((replace(task, position=position), *shifted))
    return commit(session, label.format(task=cleaned), state, change)


def rename_task(session: Session, project_id: EntityId, task_id: EntityId, name: str) -> Outcome:
    """Rename a task."""
    cleaned = required_text(name, _("name"))
    return _change(session, project_id, (task_id,), _("Rename “{task}”"), lambda task: replace(task, name=cleaned))


def move_tasks(
    session: Session, project_id: EntityId, ids: Collection[EntityId], grabbed: EntityId, start: int
) -> Outcome:
    """Move tasks so that the grabbed one starts at an instant; see ``plan_rules.move_change``."""
    state = current(session, project_id)
    label = _about(state, ids, _("Move “{task}”"), ngettext("Move {count} task", "Move {count} tasks", len(ids)))
    return commit(session, label, state, plan_rules.move_change(state, ids, grabbed, start))


def move_by_days(session: Session, project_id: EntityId, ids: Sequence[EntityId], days: int) -> Outcome:
    """Move tasks by working days, each counted in the first one's calendar."""
    state = current(session, project_id)
    if not ids:
        return Outcome()
    grabbed = ids[0]
    task = state.task(grabbed)
    calendar, start = state.calendar_of(task), state.start(grabbed)
    if task.elapsed:
        target = start + days * 1440
    else:
        target = calendar.at_start(calendar.work(start) + days * state.minutes_per_day)
    return move_tasks(session, project_id, ids, grabbed, target)


def set_start(session: Session, project_id: EntityId, task_id: EntityId, start: int) -> Outcome:
    """Make a task start at an instant."""
    state = current(session, project_id)
    label = _about(state, (task_id,), _("Move “{task}”"), "")
    return commit(session, label, state, plan_rules.start_change(state, task_id, start))


def set_finish(session: Session, project_id: EntityId, task_id: EntityId, finish: int) -> Outcome:
    """Stretch a task to finish at an instant; a milestone moves there."""
    state = current(session, project_id)
    if state.task(task_id).milestone:
        return move_tasks(session, project_id, (task_id,), task_id, finish)
    label = _about(state, (task_id,), _("Change the duration of “{task}”"), "")
    return commit(session, label, state, plan_rules.finish_change(state, task_id, finish))


def set_begin(session: Session, project_id: EntityId, task_id: EntityId, start: int) -> Outcome:
    """Stretch a task to begin at an instant and finish where it does."""
    state = current(session, project_id)
    label = _about(state, (task_id,), _("Change the duration of “{task}”"), "")
    return commit(session, label, state, plan_rules.begin_change(state, task_id, start))


def set_duration(
    session: Session, project_id: EntityId, ids: Collection[EntityId], duration: int, *, elapsed: bool = False
) -> Outcome:
    """Give tasks a duration in working minutes, or in clock minutes when ``elapsed``."""
    state = current(session, project_id)
    several = ngettext("Change the duration of {count} task", "Change the duration of {count} tasks", len(ids))
    label = _about(state, ids, _("Change the duration of “{task}”"), several)
    return commit(session, label, state, plan_rules.duration_change(state, ids, duration, elapsed=elapsed))


def set_progress(session: Session, project_id: EntityId, ids: Collection[EntityId], progress: int) -> Outcome:
    """Set progress in basis points; a summary passes it on to the tasks below it."""
    state = current(session, project_id)
    several = ngettext("Set the progress of {count} task", "Set the progress of {count} tasks", len(ids))
    label = _about(state, ids, _("Set the progress of “{task}”"), several)
    return commit(session, label, state, plan_rules.progress_change(state, ids, progress))


def set_owner(
    session: Session,
    project_id: EntityId,
    ids: Collection[EntityId],
    owner_id: EntityId | None,
    owner_text: str = "",
) -> Outcome:
    """Give tasks to a person, or to somebody who is only named."""
    cleaned = "" if owner_id is not None else text(owner_text, 200)
    return _change(
        session,
        project_id,
        ids,
        _("Change the owner of “{task}”"),
        lambda task: replace(task, owner_id=owner_id, owner_text=cleaned),
        several=ngettext("Change the owner of {count} task", "Change the owner of {count} tasks", len(ids)),
    )


def set_constraint(
    session: Session, project_id: EntityId, ids: Collection[EntityId], constraint: ConstraintType, at: int | None
) -> Outcome:
    """Set or remove a date constraint. Raises InputError when its date is missing."""
    dated = constraint in DATED_CONSTRAINTS
    if dated and at is None:
        raise InputError(_("This constraint needs a date."))
    return _change(
        session,
        project_id,
        ids,
        _("Change the constraint of “{task}”"),
        lambda task: replace(task, constraint=constraint, constraint_at=at if dated else None),
    )


def set_deadline(session: Session, project_id: EntityId, ids: Collection[EntityId], deadline: int | None) -> Outcome:
    """Set or remove the deadline of tasks."""
    label = _("Change the deadline of “{task}”")
    return _change(session, project_id, ids, label, lambda task: replace(task, deadline=deadline))


def set_notes(session: Session, project_id: EntityId, task_id: EntityId, notes: str) -> Outcome:
    """Write the notes of a task."""
    cleaned = body(notes)
    return _change(session, project_id, (task_id,), _("Notes of “{task}”"), lambda task: replace(task, notes=cleaned))


def set_pinned(session: Session, project_id: EntityId, ids: Collection[EntityId], *, pinned: bool) -> Outcome:
    """Fix tasks where they are by hand, or let them follow their links again."""
    state = current(session, project_id)
    words = _("Pin “{task}”") if pinned else _("Unpin “{task}”")
    several = ngettext("Change {count} task", "Change {count} tasks", len(ids))
    return commit(session, _about(state, ids, words, several), state, plan_rules.pin_change(state, ids, pinned=pinned))


def set_milestone(session: Session, project_id: EntityId, ids: Collection[EntityId], *, milestone: bool) -> Outcome:
    """Turn tasks into milestones or back into tasks of a day."""
    state = current(session, project_id)
    return set_duration(session, project_id, ids, 0 if milestone else state.minutes_per_day)


def indent_tasks(session: Session, project_id: EntityId, ids: Collection[EntityId]) -> Outcome:
    """Put tasks below the row before them. Raises RuleError when that is impossible."""
    state = current(session, project_id)
    placements = indent(tuple(state.tasks.values()), ids, max_level=MAX_LEVEL)
    return _arrange(session, state, ids, placements, _("Indent “{task}”"))


def outdent_tasks(session: Session, project_id: EntityId, ids: Collection[EntityId]) -> Outcome:
    """Put tasks one level up. Raises RuleError when they are at the top."""
    state = current(session, project_id)
    return _arrange(session, state, ids, outdent(tuple(state.tasks.values()), ids), _("Outdent “{task}”"))


def move_up_tasks(session: Session, project_id: EntityId, ids: Collection[EntityId]) -> Outcome:
    """Move rows one place up among their siblings."""
    state = current(session, project_id)
    return _arrange(session, state, ids, move_up(tuple(state.tasks.values()), ids), _("Reorder “{task}”"))


def move_down_tasks(session: Session, project_id: EntityId, ids: Collection[EntityId]) -> Outcome:
    """Move rows one place down among their siblings."""
    state = current(session, project_id)
    return _arrange(session, state, ids, move_down(tuple(state.tasks.values()), ids), _("Reorder “{task}”"))


def place_tasks(
    session: Session, project_id: EntityId, ids: Collection[EntityId], parent_id: EntityId | None, index: int
) -> Outcome:
    """Put rows below a parent before the child now at ``index``."""
    state = current(session, project_id)
    placements = move(tuple(state.tasks.values()), ids, parent_id, index, max_level=MAX_LEVEL)
    return _arrange(session, state, ids, placements, _("Reorder “{task}”"))


def delete_tasks(session: Session, project_id: EntityId, ids: Collection[EntityId]) -> Outcome:
    """Delete tasks with everything below them and their links."""
    state = current(session, project_id)
    known = [one for one in ids if one in state.tasks]
    if not known:
        return Outcome()
    removal = remove(tuple(state.tasks.values()), known)
    count = len(removal.removed)
    several = ngettext("Delete {count} task", "Delete {count} tasks", count)
    label = _("Delete “{task}”").format(task=_short(state.tasks[known[0]].name))
    if count > 1:
        label = several.format(count=count)
    change = PlanChange(_placed_tasks(state, removal.changes), removal.removed)
    return commit(session, label, state, change)


def new_task(state: PlanState, name: str, session: Session, at: int | None = None) -> Task:
    """Return a fresh task of a day, not yet stored; see ``add_task`` for where it stands."""
    today = day_start(session.today())
    opening = state.calendar.next_start(today)
    event = day_start(state.project.key_on)
    constraint, constraint_at = ConstraintType.ASAP, None
    if at is not None:
        constraint, constraint_at = ConstraintType.SNET, at
    elif state.backward and today < event:
        constraint = ConstraintType.ALAP
    elif today > (state.schedule.network.terms.start or event):
        constraint, constraint_at = ConstraintType.SNET, opening
    return Task(
        id=new_id(),
        project_id=state.project.id,
        parent_id=None,
        stage_id=None,
        position=0,
        name=name,
        owner_id=None,
        owner_text="",
        duration=state.minutes_per_day,
        elapsed=False,
        milestone=False,
        mode=TaskMode.AUTO,
        start=opening,
        finish=opening,
        constraint=constraint,
        constraint_at=constraint_at,
        deadline=None,
        progress=0,
        actual_start=None,
        actual_finish=None,
        priority=500,
        units=10_000,
        notes="",
        external_ref="",
    )


def _change(
    session: Session,
    project_id: EntityId,
    ids: Collection[EntityId],
    label: str,
    apply: Callable[[Task], Task],
    *,
    several: str = "",
) -> Outcome:
    state = current(session, project_id)
    changed = [(state.task(one), apply(state.task(one))) for one in ids]
    change = PlanChange(tuple(new for old, new in changed if new != old))
    many = several or ngettext("Change {count} task", "Change {count} tasks", len(ids))
    return commit(session, _about(state, ids, label, many), state, change)


def _arrange(
    session: Session, state: PlanState, ids: Collection[EntityId], placements: Sequence[Placement], label: str
) -> Outcome:
    several = ngettext("Rearrange {count} task", "Rearrange {count} tasks", len(ids))
    tasks = _placed_tasks(state, placements)
    change = PlanChange(tasks, removed_links=_links_to_own_summary(state, tasks))
    return commit(session, _about(state, ids, label, several), state, change)


def _links_to_own_summary(state: PlanState, placed: Sequence[Task]) -> tuple[EntityId, ...]:
    """Return the links that would join a task with a summary above it; they mean nothing and would form a loop."""
    parents = {task.id: task.parent_id for task in (*state.tasks.values(), *placed)}

    def above(task_id: EntityId) -> set[EntityId]:
        found: set[EntityId] = set()
        parent = parents[task_id]
        while parent is not None and parent not in found:
            found.add(parent)
            parent = parents[parent]
        return found

    return tuple(
        link.id
        for link in state.links.values()
        if link.predecessor_id in above(link.successor_id) or link.successor_id in above(link.predecessor_id)
    )


def _placed_tasks(state: PlanState, placements: Sequence[Placement]) -> tuple[Task, ...]:
    return tuple(
        replace(state.tasks[one.id], parent_id=one.parent_id, position=one.position)
        for one in placements
        if one.id in state.tasks
    )


def _stage(state: PlanState, neighbour: Task | None, parent_id: EntityId | None) -> EntityId | None:
    if neighbour is not None and neighbour.parent_id is not None:
        return neighbour.stage_id
    return state.tasks[parent_id].stage_id if parent_id is not None else None


def _about(state: PlanState, ids: Collection[EntityId], one: str, several: str) -> str:
    if len(ids) == 1 or not several:
        return one.format(task=_short(state.task(next(iter(ids))).name))
    return several.format(count=len(ids))


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:60] + "…"


_EDITABLE: Final[tuple[str, ...]] = ("priority", "units", "stage_id", "external_ref")


def set_fields(session: Session, project_id: EntityId, task_id: EntityId, **values: Any) -> Outcome:
    """Set rarely edited fields of a task: priority, units, stage, external reference."""
    unknown = set(values) - set(_EDITABLE)
    if unknown:
        raise ValueError(f"not editable here: {sorted(unknown)}")
    return _change(session, project_id, (task_id,), _("Change “{task}”"), lambda task: replace(task, **values))
