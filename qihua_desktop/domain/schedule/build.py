"""Make the engine's input from the plan's own rows and the workspace's calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..calendars import Calendars
from ..ids import EntityId
from ..plan import DONE, Link, Task, TaskMode
from .model import ScheduleLink, ScheduleTask, Split, Terms
from .network import Network


def schedule_task(task: Task, calendars: Calendars, splits: tuple[Split, ...] = ()) -> ScheduleTask:
    """Return a task as the engine sees it: it follows its owner's calendar, else the project's."""
    return ScheduleTask(
        id=task.id,
        name=task.name,
        parent_id=task.parent_id,
        duration=0 if task.milestone else task.duration,
        elapsed=task.elapsed,
        calendar=calendars.person(task.owner_id, task.project_id),
        constraint=task.constraint,
        constraint_at=task.constraint_at,
        deadline=task.deadline,
        pinned=(task.start, task.finish) if task.mode is TaskMode.PINNED else None,
        actual_start=task.actual_start,
        actual_finish=task.actual_finish,
        remaining=task.duration * (DONE - task.progress) // DONE,
        splits=splits,
    )


def schedule_link(link: Link) -> ScheduleLink:
    """Return a link as the engine sees it."""
    return ScheduleLink(link.id, link.predecessor_id, link.successor_id, link.type, link.lag, link.lag_kind)


def network_of(
    tasks: Sequence[Task],
    links: Sequence[Link],
    calendars: Calendars,
    *,
    project_id: EntityId,
    terms: Terms,
    splits: Mapping[EntityId, tuple[Split, ...]] | None = None,
) -> Network:
    """Compile a project's plan.

    Args:
        tasks: in row order.
        splits: interruptions of imported tasks.

    Raises RuleError naming the tasks of a loop of links.
    """
    interrupted = splits or {}
    return Network(
        [schedule_task(task, calendars, interrupted.get(task.id, ())) for task in tasks],
        [schedule_link(link) for link in links],
        calendar=calendars.project(project_id),
        terms=terms,
    )
