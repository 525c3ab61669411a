"""How long scheduling takes, beside a bare two-pass over the same network in the same run.

The full schedule starts from the engine's rows: it compiles the network, computes early and late dates, floats and
critical tasks. The bare two-pass reads the same rows and knows only finish-to-start links without calendars. A drag is
one edit on a scheduled plan up to the list of tasks that moved with their new dates; a sample over the whole network is
dragged, the first tasks of its chains included, later in a plan from its start and earlier in a plan from its event;
of three tries each the quickest counts, as another program may have had its turn in the others.
The garbage collector rests meanwhile, as for all figures.
"""

from __future__ import annotations

import cProfile
import gc
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from time import perf_counter

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import CalendarDay, ConstraintType, LinkType, ScheduleDirection, instant
from qihua_desktop.domain.schedule import (
    Changes,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Terms,
    changed_dates,
    reschedule,
    schedule,
)
from tools.bench import Report, dominating, milliseconds

START = instant(datetime(2026, 3, 2, 9))
SIZES = (1_000, 3_000, 10_000, 30_000)
MEASURED = 10_000
PEOPLE = 20
DRAGS = 200
FIRST = 40
"""So many of the dragged tasks are the first of the plan, which have most behind them."""
LIMIT = 16.0


def _id(number: int) -> EntityId:
    return EntityId(number.to_bytes(16, "big"))


def make_plan(count: int, seed: int = 1) -> tuple[list[ScheduleTask], list[ScheduleLink], Calendars]:
    """Return a plan of leaves under stages: 1.5 links per task of all types and lags, twenty people with leave."""
    draw = random.Random(seed)
    people = [_id(10_000_000 + number) for number in range(PEOPLE)]
    leave = [
        CalendarDay(
            _id(20_000_000 + n), None, draw.choice(people), date(2026, draw.randint(3, 12), draw.randint(1, 28)),
            False, "", "",
        )
        for n in range(100)
    ]  # fmt: skip
    calendars = Calendars(leave, around=START)
    tasks: list[ScheduleTask] = []
    for number in range(count):
        if number % 100 == 0:
            tasks.append(ScheduleTask(_id(number), f"stage {number}"))
            continue
        owner = draw.choice(people) if draw.random() < 0.5 else None
        tasks.append(
            ScheduleTask(
                _id(number), f"task {number}", _id(number - number % 100),
                0 if draw.random() < 0.05 else draw.randint(1, 10) * 240, calendar=calendars.person(owner),
            )
        )  # fmt: skip
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < count * 3 // 2:
        before = draw.randrange(count - 1)
        after = min(count - 1, before + draw.randint(1, 300))
        if before % 100 and after % 100 and before < after:
            pairs.add((before, after))
    types = [LinkType.FS] * 7 + [LinkType.SS, LinkType.FF, LinkType.SF]
    links = [
        ScheduleLink(_id(1_000_000 + number), _id(before), _id(after), draw.choice(types),
                     draw.choice([0, 0, 0, 480, -240]))
        for number, (before, after) in enumerate(sorted(pairs))
    ]  # fmt: skip
    return tasks, links, calendars


def bare_two_pass(tasks: Sequence[ScheduleTask], links: Sequence[ScheduleLink]) -> list[int]:
    """Return total floats without calendars: plain longest paths there and back, finish-to-start only."""
    index = {task.id: place for place, task in enumerate(tasks)}
    durations = [task.duration for task in tasks]
    before: list[list[int]] = [[] for _task in tasks]
    after: list[list[int]] = [[] for _task in tasks]
    for link in links:
        source, target = index[link.predecessor_id], index[link.successor_id]
        before[target].append(source)
        after[source].append(target)
    waiting = [len(sources) for sources in before]
    order = [node for node in range(len(tasks)) if not waiting[node]]
    for node in order:
        for target in after[node]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    finish = [0] * len(tasks)
    for node in order:
        start = 0
        for source in before[node]:
            start = max(start, finish[source])
        finish[node] = start + durations[node]
    end = max(finish)
    late = [end] * len(tasks)
    for node in reversed(order):
        latest = end
        for target in after[node]:
            latest = min(latest, late[target] - durations[target])
        late[node] = latest
    return [latest - early for latest, early in zip(late, finish, strict=True)]


def run(report: Report) -> None:
    """Measure the full schedule and a sample of drags at every size."""
    first: dict[str, float] = {}
    for count in SIZES:
        tasks, links, calendars = make_plan(count)
        _full(report, first, count, (tasks, links, calendars))
        terms = Terms(START)
        forward = schedule(Network(tasks, links, calendar=calendars.workspace(), terms=terms))
        end = forward.project_finish + 10 * 1440
        late = [
            task if task.parent_id is None else replace(task, constraint=ConstraintType.ALAP, deadline=end)
            for task in tasks
        ]
        event = schedule(Network(late, links, calendar=calendars.workspace(), terms=Terms(START, end)))
        back = Terms(None, end, ScheduleDirection.BACKWARD)
        finish = schedule(Network(tasks, links, calendar=calendars.workspace(), terms=back))
        _drags(report, count, "from the start, later", forward, _later)
        _drags(report, count, "from the event, earlier", event, _earlier)
        _drags(report, count, "scheduled from the finish, earlier", finish, _earlier)
    report.note(f"Full schedule of {MEASURED:,} tasks, where the time goes: {_dominates()}")


def _full(
    report: Report,
    first: dict[str, float],
    count: int,
    plan: tuple[list[ScheduleTask], list[ScheduleLink], Calendars],
) -> None:
    tasks, links, calendars = plan
    workspace, terms = calendars.workspace(), Terms(START)

    def compiled() -> Network:
        return Network(tasks, links, calendar=workspace, terms=terms)

    network = compiled()
    bare, whole, passes = _in_turn(
        lambda: bare_two_pass(tasks, links), lambda: schedule(compiled()).critical_list,
        lambda: schedule(network).critical_list,
    )  # fmt: skip
    size = f"{count:,} tasks, {len(links):,} links"
    limit = 250.0 if count == MEASURED else None
    report.add(f"Full schedule from rows, {size}", whole, baseline=bare, limit=limit, ratio_limit=8.0)
    report.add(f"  of it passes and floats, {size}", passes, baseline=bare)
    for name, value in (("Full schedule", whole), ("Bare two-pass", bare)):
        each = value * 1000 / count
        report.add(
            f"  {name} per task, {count:,} tasks",
            each,
            unit="µs",
            baseline=first.setdefault(name, each),
            ratio_limit=1.6 if name == "Full schedule" else None,
        )


def _in_turn(*works: Callable[[], object]) -> list[float]:
    """Return each work's quickest time of nine rounds taken in turn, so that the ratio suffers no one's busy spell."""
    times = [milliseconds(work, rounds=1) for work in works]
    for _round in range(8):
        times = [min(known, milliseconds(work, rounds=1, warm_up=0)) for known, work in zip(times, works, strict=True)]
    return times


def _drags(
    report: Report, count: int, name: str, plan: Schedule, drag: Callable[[Schedule, ScheduleTask, int], ScheduleTask]
) -> None:
    assert len(plan.late.first) == len(plan.network.order)  # the window shows floats: late dates are there already
    draw = random.Random(2)
    leaves = [task for task in plan.network.tasks if task.parent_id is not None]
    outermost = sorted(leaves, key=lambda task: plan.start(task.id), reverse=drag is _earlier)
    times: list[tuple[float, int]] = []
    gc.collect()
    gc.disable()
    try:
        for task in (*draw.sample(leaves, DRAGS - FIRST), *outermost[:FIRST]):
            change = Changes(tasks=(drag(plan, task, draw.choice((1, 3, 10, 30))),))
            times.append(min(_one(plan, change) for _round in range(3)))
    finally:
        gc.enable()
    times.sort()
    limit = LIMIT if count == MEASURED else None
    shown = ((0.5, "median"), (0.95, "p95"), (1.0, "worst")) if limit else ((0.95, "p95"),)
    for share, word in shown:
        took, moved = times[min(len(times) - 1, int(len(times) * share))]
        title = f"One drag of {DRAGS}, {name}, {count:,} tasks: {word}, {moved:,} move"
        report.add(title, took, limit=limit)


def _one(plan: Schedule, change: Changes) -> tuple[float, int]:
    begin = perf_counter()
    moved = changed_dates(plan, reschedule(plan, change, starts_with_late=True))
    return (perf_counter() - begin) * 1000, len(moved)


def _later(plan: Schedule, task: ScheduleTask, days: int) -> ScheduleTask:
    return replace(task, constraint=ConstraintType.SNET, constraint_at=plan.start(task.id) + days * 1440)


def _earlier(plan: Schedule, task: ScheduleTask, days: int) -> ScheduleTask:
    return replace(task, deadline=plan.finish(task.id) - days * 1440)


def _dominates() -> str:
    """Return the functions that take most of a full schedule, with their share of its time."""
    tasks, links, calendars = make_plan(MEASURED)
    profile = cProfile.Profile()
    profile.enable()
    assert schedule(Network(tasks, links, calendar=calendars.workspace(), terms=Terms(START))).critical_list
    profile.disable()
    return dominating(profile)


if __name__ == "__main__":
    from tools.bench import main

    raise SystemExit(main(["schedule"]))
