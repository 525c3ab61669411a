"""A plan apart from its dates: what templates and copies keep of tasks and links, and how it is laid on new days.

Every instant is kept as its distance from a day: in working minutes, and by calendar day and clock. What is pinned or
must be on a date keeps its time of day, and on the eve, the day and the morrow its very day; all else keeps its
working time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from typing import Any, Final, cast

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_text, new_id
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    Assignment,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    ScheduleDirection,
    Task,
    TaskMode,
    day_of,
    day_start,
    last_day_of,
)
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .plan_network import day_opening
from .plan_recurring import renewed
from .plan_state import PlanState

MOST_TASKS: Final = 20_000
_MOST_SHARES: Final = 50
_LONGEST_NAME: Final = 200
_AT_FINISH: Final = frozenset({ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO})
_BY_CLOCK: Final = frozenset({ConstraintType.MSO, ConstraintType.MFO})
_NEIGHBOUR_DAYS: Final = 1

_LATER_FIELDS: Final = tuple((one.name, one.default) for one in fields(Task) if one.default is not MISSING)
"""What tasks have learnt since the first templates, with what a template without it means."""

Shape = Mapping[str, Any]
"""A plan without dates, as plain data for a template."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a shape is laid: the project, its calendars and the day that stands for the shape's own."""

    project: Project
    calendars: Calendars
    day: date

    @property
    def calendar(self) -> WorkingTime:
        """The project's working time."""
        return self.calendars.project(self.project.id)


@dataclass(frozen=True, slots=True)
class LaidShape:
    """A shape on new ground; ``ids`` are the new ids by the keys of the shape."""

    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    ids: Mapping[str, EntityId]
    shares: tuple[Assignment, ...] = ()


def shape_of(state: PlanState, tasks: Iterable[Task], day: date, owner: Callable[[Task], str]) -> dict[str, Any]:
    """Return some tasks of a plan and the links among them, counted from a day; ``owner`` writes down whose each is."""
    kept = list(tasks)
    inside = {task.id for task in kept}
    calendar, first, last = state.calendar, day_start(day), day_start(day)
    if state.tasks:
        first = day_start(day_of(state.schedule.project_start))
        last = day_start(last_day_of(state.schedule.project_start, state.schedule.project_finish))
    return {
        "day": day.isoformat(),
        "first": day_of(first).isoformat(),
        "last": day_of(last).isoformat(),
        "first_work": calendar.work(first) - calendar.work(day_start(day)),
        "last_work": calendar.work(last) - calendar.work(day_start(day)),
        "direction": state.project.direction.value,
        "task": [_task_data(state, task, day, inside, owner(task)) | _share_data(state, task, owner) for task in kept],
        "link": [
            {
                "from": id_text(link.predecessor_id),
                "to": id_text(link.successor_id),
                "type": link.type.value,
                "lag": link.lag,
                "lag_kind": LagKind(link.lag_kind).value,
            }
            for link in state.links.values()
            if link.predecessor_id in inside and link.successor_id in inside
        ],
    }


def laid_shape(
    shape: Shape, ground: Ground, stages: Mapping[str, EntityId], owner: Callable[[str], tuple[EntityId | None, str]]
) -> LaidShape:
    """Return tasks and links on new days, with new ids and without progress. Raises InputError for unreadable data.

    ``owner`` finds who was written down, and what to call them when nobody is found. A plan that is turned round keeps
    its distances from its beginning or its end instead of its key date.
    """
    try:
        rows = cast("Sequence[Mapping[str, Any]]", shape["task"])[:MOST_TASKS]
        ids = {str(row["key"]): new_id() for row in rows}
        shares = [
            share for row in rows if row.get("shares") for share in _laid_shares(row, ids, ground.project.id, owner)
        ]
        mover = _Mover(shape, ground)
        tasks = [_laid_task(row, ids, ground, stages, owner, mover) for row in rows]
        links = [_laid_link(row, ids, ground.project.id) for row in cast("list[Mapping[str, Any]]", shape["link"])]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(_("The template cannot be read."), details=(str(error),)) from error
    kept, joined = renewed(tasks, links, ground.calendars, mover.days)
    inside = {task.id for task in kept}
    return LaidShape(kept, joined, ids, tuple(share for share in shares if share.task_id in inside))


class _Mover:
    """Turns distances into instants on new ground."""

    def __init__(self, shape: Shape, ground: Ground) -> None:
        direction = ScheduleDirection(shape["direction"])
        own = date.fromisoformat(str(shape["day"]))
        self.turned_to = ground.project.direction if direction is not ground.project.direction else None
        self._calendar, self._day = ground.calendar, ground.day
        self._base = self._calendar.work(day_start(ground.day))
        self._origin = 0
        self.days = (ground.day - own).days
        if self.turned_to is not None:
            edge = "first" if direction is ScheduleDirection.BACKWARD else "last"
            self.days = (ground.day - date.fromisoformat(str(shape[edge]))).days
            self._origin = int(shape.get(f"{edge}_work", 0))

    def at(self, kept: Any, *, at_finish: bool, by_clock: bool) -> int | None:
        """Return an instant, None for none."""
        if kept is None:
            return None
        work, days, clock, morning, worked = (int(one) for one in kept)
        if not by_clock:
            position = self._base + work - self._origin
            return self._calendar.at_end(position) if at_finish else self._calendar.at_start(position)
        if self.turned_to is None and abs(days) <= _NEIGHBOUR_DAYS:
            return day_start(self._day) + days * MINUTES_PER_DAY + clock
        position = self._base + morning - self._origin
        day = self._calendar.at_start(position) if worked else self._calendar.at_end(position) + MINUTES_PER_DAY
        return day // MINUTES_PER_DAY * MINUTES_PER_DAY + clock

    def constraint(self, constraint: ConstraintType) -> ConstraintType:
        """Return the constraint of a task of a plan that may have been turned round."""
        if self.turned_to is ScheduleDirection.FORWARD and constraint is ConstraintType.ALAP:
            return ConstraintType.ASAP
        if self.turned_to is ScheduleDirection.BACKWARD and constraint is ConstraintType.ASAP:
            return ConstraintType.ALAP
        return constraint


def distance(calendar: WorkingTime, day: date, at: int | None) -> list[int] | None:
    """Return how far an instant lies from a day: working minutes, days, clock, its morning's work, whether worked."""
    if at is None:
        return None
    origin = calendar.work(day_start(day))
    own, clock = divmod(at, MINUTES_PER_DAY)
    return [
        calendar.work(at) - origin,
        own - day_start(day) // MINUTES_PER_DAY,
        clock,
        calendar.work(own * MINUTES_PER_DAY) - origin,
        int(bool(calendar.periods(own))),
    ]


def _task_data(state: PlanState, task: Task, day: date, inside: set[EntityId], owner: str) -> dict[str, Any]:
    calendar = state.calendar
    pinned = task.mode is TaskMode.PINNED
    return {
        "key": id_text(task.id),
        "parent": id_text(task.parent_id) if task.parent_id in inside and task.parent_id is not None else "",
        "stage": id_text(task.stage_id) if task.stage_id is not None else "",
        "position": task.position,
        "name": task.name,
        "owner": owner,
        "owner_text": task.owner_text,
        "minutes": task.duration,
        "elapsed": task.elapsed,
        "milestone": task.milestone,
        "summary": state.is_summary(task.id),
        "start": distance(calendar, day, state.start(task.id)),
        "pinned": _pin_data(calendar, day, task) if pinned else None,
        "constraint": task.constraint.value,
        "at": distance(calendar, day, task.constraint_at),
        "deadline": distance(calendar, day, task.deadline),
        "priority": task.priority,
        "units": task.units,
        "notes": task.notes,
        "reference": task.external_ref,
    } | {name: getattr(task, name) for name, _default in _LATER_FIELDS if isinstance(getattr(task, name), str | int)}


def _share_data(state: PlanState, task: Task, owner: Callable[[Task], str]) -> dict[str, Any]:
    """Return who works on a task beside its owner, written down as owners are."""
    rows = state.shares.get(task.id, ())
    if not rows:
        return {}
    return {
        "shares": [
            [
                row.position,
                owner(replace(task, owner_id=row.person_id, owner_text=row.name)) if row.position else "",
                row.name,
                row.units,
                row.work,
                row.duration,
            ]
            for row in rows
        ]
    }


def _laid_shares(
    row: Mapping[str, Any],
    ids: Mapping[str, EntityId],
    project_id: EntityId,
    owner: Callable[[str], tuple[EntityId | None, str]],
) -> list[Assignment]:
    """Return who works on a task on new ground: everybody once, and nobody who is no longer there."""
    seen: set[EntityId | str] = {one for one in owner(str(row["owner"])) if one}
    found: list[Assignment] = []
    for position, who, name, units, work, duration in cast("list[list[Any]]", row["shares"])[:_MOST_SHARES]:
        person, called = owner(str(who)) if position else (None, "")
        named = "" if person is not None or not position else str(name) or called
        if position and ((person or named) in seen or not (person or named)):
            continue
        seen.add(person or named)
        found.append(
            Assignment(
                new_id(), project_id, ids[str(row["key"])], int(position), person, named[:_LONGEST_NAME],
                max(1, int(units)), max(0, int(work)), max(0, int(duration)),
            )
        )  # fmt: skip
    alone = len(found) == 1 and found[0].work == round(found[0].duration * found[0].units / DONE)
    return [] if alone else found


def _pin_data(calendar: WorkingTime, day: date, task: Task) -> list[Any]:
    """Return where a pinned task begins, its last minute, and how long it is by the clock."""
    last = max(task.start, task.finish - 1)
    return [distance(calendar, day, task.start), distance(calendar, day, last), max(0, task.finish - task.start)]


def _laid_task(
    row: Mapping[str, Any],
    ids: Mapping[str, EntityId],
    ground: Ground,
    stages: Mapping[str, EntityId],
    owner: Callable[[str], tuple[EntityId | None, str]],
    mover: _Mover,
) -> Task:
    constraint = ConstraintType(row["constraint"])
    opening = day_opening(ground.calendar, ground.day)
    whose, called = owner(str(row["owner"]))
    at = mover.at(row["at"], at_finish=constraint in _AT_FINISH, by_clock=constraint in _BY_CLOCK)
    task = Task(
        id=ids[str(row["key"])],
        project_id=ground.project.id,
        parent_id=ids[str(row["parent"])] if row["parent"] else None,
        stage_id=stages.get(str(row["stage"])),
        position=int(row["position"]),
        name=str(row["name"]),
        owner_id=whose,
        owner_text="" if whose is not None else str(row["owner_text"]) or called,
        duration=max(0, int(row["minutes"])),
        elapsed=bool(row["elapsed"]),
        milestone=bool(row["milestone"]),
        mode=TaskMode.AUTO,
        start=opening,
        finish=opening,
        constraint=constraint if row["summary"] else mover.constraint(constraint),
        constraint_at=at,
        deadline=mover.at(row["deadline"], at_finish=True, by_clock=False),
        progress=0,
        actual_start=None,
        actual_finish=None,
        priority=int(row["priority"]),
        units=int(row["units"]),
        notes=str(row["notes"]),
        external_ref=str(row["reference"]),
        **{name: type(default)(row.get(name, default)) for name, default in _LATER_FIELDS if default is not None},
    )
    return _pinned(task, row["pinned"], mover)


def _pinned(task: Task, kept: Any, mover: _Mover) -> Task:
    """Return the task fixed where it was: from the same time of day on, as long by the clock within a day."""
    if kept is None:
        return task
    start = mover.at(kept[0], at_finish=False, by_clock=True) or 0
    last = mover.at(kept[1], at_finish=False, by_clock=True) or start
    length = max(0, int(kept[2]))
    finish = start + length if length <= MINUTES_PER_DAY else max(start, last + 1)
    return replace(task, mode=TaskMode.PINNED, start=start, finish=finish)


def _laid_link(row: Mapping[str, Any], ids: Mapping[str, EntityId], project_id: EntityId) -> Link:
    return Link(
        new_id(),
        project_id,
        ids[str(row["from"])],
        ids[str(row["to"])],
        LinkType(row["type"]),
        int(row["lag"]),
        LagKind(row["lag_kind"]),
    )
