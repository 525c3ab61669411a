"""Random plans and edits as the plan services hold them, in memory: people, weeks, shares, interruptions, pins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Final

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    Assignment,
    CalendarDay,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    PersonWeek,
    ScheduleDirection,
    Task,
    TaskMode,
    day_start,
)
from qihua_desktop.domain.project import Project, ProjectKind, ProjectStatus
from qihua_desktop.services.plan_network import plan_calendars
from qihua_desktop.services.plan_rules import DATED_CONSTRAINTS
from qihua_desktop.services.plan_shares import Share, share_rows
from qihua_desktop.services.plan_state import PlanChange, PlanState

KEY_DAY: Final = date(2026, 9, 21)
_OFFICE, _CREW, _NIGHT = "540-720,780-1080", "480-960", "0-120,1320-1440"
_WEEKS: Final = (f"{_OFFICE};{_OFFICE};;;{_OFFICE};;", ";".join([_CREW] * 6) + ";", ";".join([_NIGHT] * 5) + ";;")


def _id(number: int) -> EntityId:
    return EntityId(number.to_bytes(16, "big"))


_PROJECT: Final = _id(1)
_PEOPLE: Final = tuple(_id(9000 + number) for number in range(4))


def random_plan(random: Random) -> PlanState:
    """Return a plan in either direction. Raises RuleError or InputError for what cannot be scheduled."""
    direction = random.choice([ScheduleDirection.FORWARD, ScheduleDirection.BACKWARD, ScheduleDirection.BACKWARD])
    project = Project(
        _PROJECT, "n", "P", ProjectKind.EVENT, None, None, "", "", direction, KEY_DAY, None, ProjectStatus.ACTIVE,
        "", "", 0,
    )  # fmt: skip
    tasks: list[Task] = []
    for number in range(random.randint(3, 10)):
        parent = None
        if tasks and random.random() < 0.25:
            parent = tasks[-1].id if random.random() < 0.4 else tasks[-1].parent_id
        tasks.append(_task(random, number, parent, direction))
    groups = {task.parent_id for task in tasks}
    tasks = [_summary(random, task) if task.id in groups else task for task in tasks]
    links: dict[EntityId, Link] = {}
    for number in range(random.randint(0, 2 * len(tasks))):
        first, second = sorted(random.sample(range(len(tasks)), 2))
        links[_id(1000 + number)] = _link(random, number, tasks[first].id, tasks[second].id)
    shares: dict[EntityId, tuple[Assignment, ...]] = {}
    for task in tasks:
        if task.id not in groups and random.random() < 0.5 and (rows := _shares(random, task)):
            shares[task.id] = rows
    calendars = _calendars(random, project)
    return PlanState(project, {task.id: task for task in tasks}, links, calendars, {}, shares=shares)


def random_edit(random: Random, state: PlanState) -> tuple[str, PlanChange]:
    """Return an edit that keeps the outline, with its name; it may change nothing."""
    task = random.choice([one for one in state.tasks.values() if not state.is_summary(one.id)])
    kind = random.choice(
        ["shares"] * 3 + ["length", "task", "fixed", "units", "link", "unlink", "demand", "pin", "progress", "owner"]
    )
    new = task
    match kind:
        case "shares":
            rows, new = _shares(random, task), replace(task, owner_id=random.choice([None, *_PEOPLE]))
            shares = ((task.id, rows),) if rows or state.shares.get(task.id) else ()
            return kind, PlanChange((new,) if new != task else (), shares=shares)
        case "link":
            first, second = random.sample(list(state.tasks), 2)
            return kind, PlanChange(links=(_link(random, random.randint(0, 30), first, second),))
        case "unlink":
            return kind, PlanChange(removed_links=tuple(random.sample(list(state.links), min(1, len(state.links)))))
        case "length":
            new = replace(task, duration=0 if task.milestone else random.choice([60, 480, 960, 1440, 4800]))
        case "task":
            drawn = _task(random, 0, task.parent_id, state.project.direction)
            new = replace(drawn, id=task.id, name=task.name, position=task.position)
        case "fixed":
            new = replace(task, fixed_duration=not task.fixed_duration)
        case "units":
            new = replace(task, units=random.choice([5000, 10_000]))
        case "demand":
            constraint = random.choice(list(ConstraintType))
            at = _at(random) if constraint in DATED_CONSTRAINTS else None
            new = replace(task, constraint=constraint, constraint_at=at)
        case "pin":
            start = _at(random)
            new = replace(task, mode=random.choice(list(TaskMode)), start=start, finish=start + 480)
        case "progress":
            new = replace(task, progress=random.choice([0, 5000]), actual_start=random.choice([None, _at(random)]))
        case _:
            new = replace(task, owner_id=random.choice([None, *_PEOPLE]))
    return kind, PlanChange((new,) if new != task else ())


def _at(random: Random) -> int:
    return day_start(KEY_DAY) + 540 - 1440 * random.randint(-6, 40) + random.choice([0, 0, 240, 540])


def _task(random: Random, number: int, parent: EntityId | None, direction: ScheduleDirection) -> Task:
    milestone = random.random() < 0.1
    duration = 0 if milestone else random.choice([60, 240, 480, 480, 960, 1440, 2400])
    constraint = random.choice([ConstraintType.ASAP] * 3 + list(ConstraintType))
    if direction is ScheduleDirection.BACKWARD and random.random() < 0.6:
        constraint = ConstraintType.ALAP
    start = _at(random)
    return Task(
        id=_id(100 + number), project_id=_PROJECT, parent_id=parent, stage_id=None, position=number,
        name=f"task {number}", owner_id=random.choice([None, None, *_PEOPLE]), owner_text="", duration=duration,
        elapsed=duration > 0 and random.random() < 0.07, milestone=milestone,
        mode=TaskMode.PINNED if random.random() < 0.06 else TaskMode.AUTO, start=start, finish=start + duration,
        constraint=constraint, constraint_at=_at(random) if constraint in DATED_CONSTRAINTS else None,
        deadline=_at(random) if random.random() < 0.12 else None, progress=random.choice([0, 0, 3000]),
        actual_start=_at(random) if random.random() < 0.06 else None, actual_finish=None, priority=500,
        units=10_000, notes="", external_ref="", splits="60+240" if random.random() < 0.08 else "",
        fixed_duration=random.random() < 0.1,
    )  # fmt: skip


def _summary(random: Random, task: Task) -> Task:
    constraint = random.choice([ConstraintType.ASAP] * 3 + [ConstraintType.SNET, ConstraintType.FNLT])
    at = _at(random) if constraint in DATED_CONSTRAINTS else None
    plain = replace(task, mode=TaskMode.AUTO, actual_start=None, milestone=False)
    return replace(plain, constraint=constraint, constraint_at=at)


def _shares(random: Random, task: Task) -> tuple[Assignment, ...]:
    chosen = random.sample(_PEOPLE, random.choice([0, 1, 2, 2, 3]))
    return share_rows(
        task,
        [
            Share(one, "x", random.choice([10_000, 5000, 2500]), random.choice([None, None, 240, 1440]))
            for one in chosen
        ],
    )


def _link(random: Random, number: int, first: EntityId, second: EntityId) -> Link:
    kind = random.choice([LagKind.WORKING] * 4 + [LagKind.ELAPSED, LagKind.PERCENT])
    lags = {
        LagKind.WORKING: [0, 0, 0, 60, 480, -240],
        LagKind.ELAPSED: [1440, -1440],
        LagKind.PERCENT: [5000, -5000],
    }
    type_ = random.choice([LinkType.FS] * 3 + list(LinkType))
    return Link(_id(1000 + number), _PROJECT, first, second, type_, random.choice(lags[kind]), kind)


def _calendars(random: Random, project: Project) -> Calendars:
    weeks = [PersonWeek(_id(9500 + at), None, _PEOPLE[at], hours) for at, hours in enumerate(_WEEKS)]
    days = [
        CalendarDay(
            _id(9600 + at),
            None,
            random.choice([None, *_PEOPLE]),
            date.fromordinal(KEY_DAY.toordinal() - random.randint(0, 30)),
            random.random() < 0.4,
            "",
            "x",
        )
        for at in range(random.randint(0, 3))
    ]
    return plan_calendars(project, days, None, weeks)
