"""How long scheduling takes, against a bare two-pass over the same network in the same run.

Run alone with ``python -m tests.bench.bench_schedule``; ``run`` takes a function that receives one line per figure.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from statistics import median
from time import perf_counter

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import CalendarDay, LinkType, ScheduleDirection, instant
from qihua_desktop.domain.schedule import (
    Changes,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Terms,
    changed_tasks,
    reschedule,
    schedule,
)

START = instant(datetime(2026, 3, 2, 9))
SIZES = (1_000, 3_000, 10_000, 30_000)
PEOPLE = 20


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


def timed(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the median time of some runs in milliseconds."""
    times: list[float] = []
    for _run in range(repeats):
        gc.collect()
        begin = perf_counter()
        work()
        times.append((perf_counter() - begin) * 1000)
    return median(times)


def run(report: Callable[[str], None]) -> None:
    """Measure and report one line per figure."""
    for count in SIZES:
        _measure(report, count)


def _measure(report: Callable[[str], None], count: int) -> None:
    tasks, links, calendars = make_plan(count)
    workspace, terms = calendars.workspace(), Terms(START)
    network = Network(tasks, links, calendar=workspace, terms=terms)
    bare = timed(lambda: bare_two_pass(tasks, links))
    compiled = timed(lambda: Network(tasks, links, calendar=workspace, terms=terms))
    dates = timed(lambda: schedule(network))
    passes = timed(lambda: schedule(network).critical_list)
    total = compiled + passes
    report(
        f"schedule {count:>6} tasks: full {total:7.1f} ms = compile {compiled:.1f} + passes and floats {passes:.1f} "
        f"(dates alone {dates:.1f}); bare two-pass {bare:.1f} ms; ratio {total / bare:.1f}, "
        f"without compiling {passes / bare:.1f} (limit 8; 250 ms at 10,000)"
    )
    _drags(report, schedule(network), "forward")
    backward = Terms(None, schedule(network).project_finish, ScheduleDirection.BACKWARD)
    _drags(report, schedule(Network(tasks, links, calendar=workspace, terms=backward)), "backward")


def _drags(report: Callable[[str], None], plan: Schedule, name: str) -> None:
    leaves = [task for task in plan.network.tasks if task.parent_id is not None]
    draw = random.Random(2)
    times: list[float] = []
    moved = 0
    for task in (leaves[0], *draw.sample(leaves, 40)):
        change = Changes(tasks=(replace(task, duration=task.duration + 2400),))
        gc.collect()
        begin = perf_counter()
        moved = max(moved, len(changed_tasks(plan, reschedule(plan, change))))
        times.append((perf_counter() - begin) * 1000)
    times.sort()
    report(
        f"  one drag, {name}: median {median(times):.1f} ms, slowest {times[-1]:.1f} ms, up to {moved} tasks moved "
        "(limit 16 ms at 10,000)"
    )


if __name__ == "__main__":
    run(print)
