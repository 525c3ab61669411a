"""What the scheduling engine takes and what it tells: plain data, no rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..ids import EntityId
from ..plan import ConstraintType, LagKind, LinkType, ScheduleDirection
from ..working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class Split:
    """An interruption of a task: after ``after`` working minutes it rests for ``gap`` working minutes."""

    after: int
    gap: int


def splits_text(splits: Iterable[Split]) -> str:
    """Return interruptions as ``splits_from_text`` reads them."""
    return ",".join(f"{split.after}+{split.gap}" for split in splits)


def splits_from_text(text: str) -> tuple[Split, ...]:
    """Read ``480+960,960+480``; nothing for what cannot be read, as it says only how a bar is drawn in pieces."""
    found: list[Split] = []
    for part in text.split(",") if text else ():
        after, _plus, gap = part.partition("+")
        if not (after.isdecimal() and gap.isdecimal() and len(after) < 12 and len(gap) < 12):
            return ()
        found.append(Split(int(after), int(gap)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class WorkPart:
    """A person's share of a task that several people work on by their own calendars."""

    calendar: WorkingTime
    minutes: int


@dataclass(frozen=True, slots=True)
class ScheduleTask:
    """A task as the engine sees it; a task that others name as parent is a summary and follows them.

    Attributes:
        duration: working minutes, clock minutes when ``elapsed``; 0 is a milestone.
        calendar: the working time it follows; ``None`` is the network's. Lags before it count in it as well.
        remaining: what is left of the duration, the whole when ``None``; matters for tasks that have started.
        pinned: start and finish fixed by hand; the constraint then does not count.
        parts: shares of people with different calendars; when given they decide the dates, the latest wins.
    """

    id: EntityId
    name: str
    parent_id: EntityId | None = None
    duration: int = 0
    elapsed: bool = False
    calendar: WorkingTime | None = None
    constraint: ConstraintType = ConstraintType.ASAP
    constraint_at: int | None = None
    deadline: int | None = None
    pinned: tuple[int, int] | None = None
    actual_start: int | None = None
    actual_finish: int | None = None
    remaining: int | None = None
    splits: tuple[Split, ...] = ()
    parts: tuple[WorkPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleLink:
    """A dependency; ``lag`` in working minutes, clock minutes or basis points of the predecessor's duration."""

    id: EntityId
    predecessor_id: EntityId
    successor_id: EntityId
    type: LinkType = LinkType.FS
    lag: int = 0
    lag_kind: LagKind = LagKind.WORKING


@dataclass(frozen=True, slots=True)
class Terms:
    """The project's own dates.

    Attributes:
        start: the earliest start, or today when planning backward. Backward it may be ``None``: then the plan's
            computed start takes its place, and the longest chain is critical.
        event: the day everything leads to; needed when planning backward. Forward it is ``None`` as a rule: then
            late dates count from the computed finish.
        critical_float: a task with at most this total float is critical, in working minutes.
    """

    start: int | None
    event: int | None = None
    direction: ScheduleDirection = ScheduleDirection.FORWARD
    critical_float: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """An edit: tasks that are new or different, links that are new or different, and what was removed."""

    tasks: tuple[ScheduleTask, ...] = ()
    links: tuple[ScheduleLink, ...] = ()
    removed_tasks: tuple[EntityId, ...] = ()
    removed_links: tuple[EntityId, ...] = ()
    terms: Terms | None = None


class DriverKind(StrEnum):
    """What puts a task where it is."""

    PROJECT_START = "project_start"
    EVENT = "event"
    LINK = "link"
    CONSTRAINT = "constraint"
    DEADLINE = "deadline"
    PIN = "pin"
    ACTUAL = "actual"
    ALAP = "alap"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Driver:
    """Why a task is where it is.

    Attributes:
        task_id: the task at the other end of the link, or the child that a summary follows.
        link_id: the link that drives; it may hang on a summary above the task.
        bound: the instant the cause asks for; the task starts later when that is not working time.
        waits: whether non-working time lies between ``bound`` and the task.
    """

    kind: DriverKind
    task_id: EntityId | None = None
    link_id: EntityId | None = None
    constraint: ConstraintType | None = None
    bound: int | None = None
    waits: bool = False


class TaskDates(NamedTuple):
    """The result for one task; instants, and floats in working minutes."""

    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int
    free_float: int
    critical: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A demand that cannot be met together with the links: ``chain`` names the tasks from its cause to the task.

    ``asked`` is the instant the constraint, pin, deadline or event asks for, ``possible`` the earliest the chain
    allows; ``on_finish`` tells whether both speak of the task's finish.
    """

    task_id: EntityId
    kind: DriverKind
    constraint: ConstraintType | None
    asked: int
    possible: int
    on_finish: bool
    chain: tuple[EntityId, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A task that an edit moved; ``old`` is ``None`` for a new task. ``edited``: the edit was to the task itself."""

    task_id: EntityId
    old_start: int | None
    old_finish: int | None
    new_start: int
    new_finish: int
    edited: bool
    cause: Driver
