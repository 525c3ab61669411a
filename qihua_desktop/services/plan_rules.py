"""What moving, stretching and progressing a task means: which fields it sets. Previews and edits share these rules.

A task moved in a forward plan may not start earlier than where it was dropped; dropped earlier than its links allow,
it just follows them. A task that sits late in a backward plan, dropped earlier, is to finish there at the latest and
pulls what leads to it along; dropped later than what follows it allows, it just sits as late as it may. Stretching
changes the duration and nothing else where that is possible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    ConstraintType,
    Link,
    LinkType,
    Task,
    TaskMode,
    day_of,
    day_start,
)
from qihua_desktop.domain.schedule import splits_from_text
from qihua_desktop.domain.schedule.passes import Forward, link_instant
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .plan_network import schedule_link, sits_late
from .plan_state import PlanChange, PlanState

FIXED_CONSTRAINTS: Final = frozenset({ConstraintType.MSO, ConstraintType.MFO})
DATED_CONSTRAINTS: Final = frozenset(ConstraintType) - {ConstraintType.ASAP, ConstraintType.ALAP}
_SHORTEST: Final = 5
_LONGEST: Final = 480 * 250 * 40


def move_change(state: PlanState, ids: Collection[EntityId], grabbed: EntityId, start: int) -> PlanChange:
    """Return the change that moves tasks so that the grabbed one starts at an instant, the others by as much.

    Summaries take what is below them along. Finished and started tasks move their actual dates.
    """
    calendar = state.calendar_of(state.task(grabbed))
    start = _worked(calendar, start, state.start(grabbed))
    shift = calendar.between(state.start(grabbed), start)
    clock = start - state.start(grabbed)
    if shift == 0 and not state.task(grabbed).elapsed:
        return PlanChange()
    targets = {leaf: _target(state, state.tasks[leaf], shift, clock) for leaf in state.leaves(ids)}
    if len(targets) > 1:
        targets = {leaf: at for leaf, at in targets.items() if not _follows(state, leaf, targets)}
    placed = tuple(_placed(state, state.tasks[leaf], at) for leaf, at in targets.items())
    return _settled(state, PlanChange(placed), targets)


def start_change(state: PlanState, task_id: EntityId, start: int) -> PlanChange:
    """Return the change that makes a task start at an instant."""
    return move_change(state, (task_id,), task_id, state.calendar_of(state.task(task_id)).next_start(start))


def finish_change(state: PlanState, task_id: EntityId, finish: int) -> PlanChange:
    """Return the change that stretches a task to a finish. Raises InputError for summaries and milestones."""
    task = _stretchable(state, task_id)
    start = state.start(task_id)
    calendar = state.calendar_of(task)
    duration = _bounded(calendar.between(start, finish))
    if duration == task.duration:
        return PlanChange()
    stretched = _with_duration(state, task, duration)
    if _sits_late(state, task) and duration < task.duration:
        latest = _finish(state, stretched, start)
        stretched = replace(stretched, constraint=ConstraintType.FNLT, constraint_at=latest)
    return PlanChange((stretched,))


def begin_change(state: PlanState, task_id: EntityId, start: int) -> PlanChange:
    """Return the change that stretches a task to begin elsewhere and finish where it does."""
    task = _stretchable(state, task_id)
    calendar = state.calendar_of(task)
    start = min(calendar.next_start(start), calendar.add(state.finish(task_id), -_SHORTEST))
    duration = _bounded(calendar.between(start, state.finish(task_id)))
    if duration == task.duration:
        return PlanChange()
    stretched = _with_duration(state, task, duration)
    if _sits_late(state, task):
        return PlanChange((stretched,))
    placed = _placed(state, stretched, start)
    return _settled(state, PlanChange((placed,)), {task_id: start})


def duration_change(state: PlanState, ids: Iterable[EntityId], duration: int, *, elapsed: bool = False) -> PlanChange:
    """Return the change that gives tasks a duration; a duration of nothing makes milestones."""
    if not 0 <= duration <= _LONGEST:
        raise InputError(_("A duration must be between 0 and 40 years."))
    changed: list[Task] = []
    for task_id in ids:
        task = state.task(task_id)
        if state.is_summary(task_id):
            raise InputError(
                _("The dates of “{task}” follow from the tasks below it.").format(task=task.name),
                _("Change the duration of those tasks."),
            )
        new = replace(_with_duration(state, task, duration), milestone=duration == 0, elapsed=elapsed and duration > 0)
        if new != task:
            changed.append(new)
    return PlanChange(tuple(changed))


def progress_change(state: PlanState, ids: Iterable[EntityId], progress: int) -> PlanChange:
    """Return the change that sets progress; it notes when a task actually started and finished."""
    if not 0 <= progress <= DONE:
        raise InputError(_("Progress is between 0 % and 100 %."))
    changed: list[Task] = []
    for task_id in state.leaves(ids):
        task = state.tasks[task_id]
        start = task.actual_start if task.actual_start is not None else state.start(task_id)
        finish = task.actual_finish if task.actual_finish is not None else state.finish(task_id)
        new = replace(
            task,
            progress=progress,
            actual_start=start if progress else None,
            actual_finish=max(start, finish) if progress == DONE else None,
        )
        if new != task:
            changed.append(new)
    return PlanChange(tuple(changed))


def pin_change(state: PlanState, ids: Iterable[EntityId], *, pinned: bool) -> PlanChange:
    """Return the change that fixes tasks where they are by hand, or lets them follow their links again."""
    mode = TaskMode.PINNED if pinned else TaskMode.AUTO
    return PlanChange(
        tuple(
            replace(task, mode=mode, start=state.start(task.id), finish=state.finish(task.id))
            for task in (state.task(one) for one in ids)
            if task.mode is not mode and not state.is_summary(task.id)
        )
    )


def earliest_by_links(state: PlanState, task_id: EntityId) -> int | None:
    """Return the earliest start that a task's own predecessors allow, or None when it has none."""
    task = state.tasks[task_id]
    calendar = state.calendar_of(task)
    bounds: list[int] = []
    above: EntityId | None = task_id
    while above is not None:
        for link in state.into(above):
            at = link_asks(state, link)
            if link.type in (LinkType.FF, LinkType.SF):
                at = calendar.add(at, -task.duration)
            bounds.append(at)
        above = state.tasks[above].parent_id
    return max(bounds, default=None)


def link_asks(state: PlanState, link: Link) -> int:
    """Return the instant at which a link asks its successor to start, or to finish for FF and SF."""
    plan = state.schedule
    dates = Forward(plan.start_list, plan.finish_list, plan.start_list, plan.finish_list)
    return link_instant(plan.network, dates, schedule_link(link))


def _worked(calendar: WorkingTime, start: int, before: int) -> int:
    """Return where a move that ends on a day off leads: on to the next workday, backwards to the one before."""
    if start >= before or calendar.is_working(start):
        return start
    day = day_of(calendar.previous_end(start) - 1)
    return min(calendar.next_start(day_start(day) + start % MINUTES_PER_DAY), before)


def _target(state: PlanState, task: Task, shift: int, clock: int) -> int:
    start = state.start(task.id)
    if task.elapsed:
        return start + clock
    calendar = state.calendar_of(task)
    position = calendar.work(start) + shift
    ends = task.milestone and calendar.next_start(start) != start
    return calendar.at_end(position) if ends else calendar.at_start(position)


def _follows(state: PlanState, leaf: EntityId, moved: Collection[EntityId]) -> bool:
    """Return whether a task comes along anyway, because another moved one before it holds it where it is."""
    task = state.tasks[leaf]
    if _sits_late(state, task) or task.constraint in FIXED_CONSTRAINTS or task.mode is TaskMode.PINNED:
        return False
    if task.actual_start is not None:
        return False
    calendar, start = state.calendar_of(task), state.start(leaf)
    return any(
        link.predecessor_id in moved and link.type is LinkType.FS and calendar.same(link_asks(state, link), start)
        for link in state.into(leaf)
    )


def _placed(state: PlanState, task: Task, start: int) -> Task:
    calendar = state.calendar_of(task)
    if task.actual_start is not None:
        finish = None if task.actual_finish is None else _finish(state, task, start)
        return replace(task, actual_start=start, actual_finish=finish)
    if task.mode is TaskMode.PINNED:
        return replace(task, start=start, finish=calendar.add(start, calendar.between(task.start, task.finish)))
    if _sits_late(state, task):
        return replace(task, constraint=ConstraintType.FNLT, constraint_at=_finish(state, task, start))
    if task.constraint is ConstraintType.MSO:
        return replace(task, constraint_at=start)
    if task.constraint is ConstraintType.MFO:
        return replace(task, constraint_at=_finish(state, task, start))
    return replace(task, constraint=ConstraintType.SNET, constraint_at=start)


def _finish(state: PlanState, task: Task, start: int) -> int:
    duration = 0 if task.milestone else task.duration
    if task.elapsed:
        return start + duration
    rests = sum(split.gap for split in splits_from_text(task.splits)) if duration else 0
    return state.calendar_of(task).add(start, duration + rests)


def _settled(state: PlanState, change: PlanChange, targets: dict[EntityId, int]) -> PlanChange:
    """Drop constraints that links make superfluous, and hold fixed starts behind what must come first."""
    free = tuple(_freed(state, task) for task in change.tasks)
    if any(one is not task for one, task in zip(free, change.tasks, strict=True)):
        trial = state.after(PlanChange(free))
        kept = [
            loose if loose is not task and _needs_no_constraint(trial, loose, targets[task.id]) else task
            for loose, task in zip(free, change.tasks, strict=True)
        ]
        change = PlanChange(tuple(kept))
    fixed = [task for task in change.tasks if task.constraint is ConstraintType.MSO and task.actual_start is None]
    if fixed:
        trial = state.after(change)
        held: dict[EntityId, Task] = {}
        for task in fixed:
            earliest = earliest_by_links(trial, task.id)
            if earliest is not None and task.constraint_at is not None and earliest > task.constraint_at:
                held[task.id] = replace(task, constraint_at=trial.calendar_of(task).next_start(earliest))
        if held:
            change = PlanChange(tuple(held.get(task.id, task) for task in change.tasks))
    return PlanChange(tuple(task for task in change.tasks if task != state.tasks[task.id]))


def _freed(state: PlanState, task: Task) -> Task:
    if task.actual_start is not None or task.mode is TaskMode.PINNED:
        return task
    if task.constraint is ConstraintType.SNET:
        return replace(task, constraint=ConstraintType.ASAP, constraint_at=None)
    if _sits_late(state, task):
        return replace(task, constraint=ConstraintType.ALAP, constraint_at=None)
    return task


def _needs_no_constraint(trial: PlanState, task: Task, target: int) -> bool:
    start = trial.start(task.id)
    if task.constraint is ConstraintType.ALAP:
        return trial.calendar_of(task).between(start, target) >= 0
    return start >= target


def _sits_late(state: PlanState, task: Task) -> bool:
    return sits_late(task, state.project) and task.actual_start is None and task.mode is TaskMode.AUTO


def _stretchable(state: PlanState, task_id: EntityId) -> Task:
    task = state.task(task_id)
    if state.is_summary(task_id):
        raise InputError(
            _("The dates of “{task}” follow from the tasks below it.").format(task=task.name),
            _("Change those tasks instead."),
        )
    return replace(task, milestone=False) if task.milestone else task


def _with_duration(state: PlanState, task: Task, duration: int) -> Task:
    new = replace(task, duration=duration, splits="")
    if task.actual_finish is not None:
        start = task.actual_start if task.actual_start is not None else state.start(task.id)
        new = replace(new, actual_start=start, actual_finish=_finish(state, new, start))
    if task.mode is TaskMode.PINNED:
        start = state.start(task.id)
        new = replace(new, start=start, finish=_finish(state, new, start))
    return new


def _bounded(duration: int) -> int:
    return min(_LONGEST, max(_SHORTEST, duration))
