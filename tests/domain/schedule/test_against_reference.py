"""The engine equals a slow scheduler that walks time step by step."""

from __future__ import annotations

from functools import cache

from hypothesis import given, note, settings

from qihua_desktop.domain.schedule import Network, ScheduleLink, ScheduleTask, Terms, schedule
from qihua_desktop.domain.working_time import ELAPSED, WorkingTime

from .networks import DAYS, FIRST, OFFICE, START, plans
from .reference import Minutes, Reference


@cache
def _minutes(calendar: WorkingTime) -> Minutes:
    return Minutes(calendar, FIRST, DAYS)


def build(tasks: list[ScheduleTask], links: list[ScheduleLink]) -> Reference:
    return Reference(tasks, links, lambda calendar: _minutes(calendar or OFFICE), _minutes(ELAPSED), START)


@settings(max_examples=250, deadline=None)
@given(plans())
def test_dates_and_floats_equal_the_step_by_step_scheduler(plan: tuple[list[ScheduleTask], list[ScheduleLink]]) -> None:
    tasks, links = plan
    for item in (*tasks, *links):
        note(str(item))
    result = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    reference = build(tasks, links)
    early = reference.forward()
    event = max(finish for _start, finish in early.values())
    reference.late = reference.backward(event, early)
    for leaf in reference.leaves:
        dates = result.dates(leaf.id)
        clock = reference.clock[leaf.id]
        start, finish = early[leaf.id]
        assert clock.between(start, dates.start) == 0, leaf.name
        assert clock.between(finish, dates.finish) == 0, leaf.name
        if leaf.actual_start is None:
            assert clock.between(reference.late[leaf.id][0], dates.late_start) == 0, leaf.name
        assert clock.between(reference.late[leaf.id][1], dates.late_finish) == 0, leaf.name
        assert reference.total_float(leaf, start, finish) == dates.total_float, leaf.name


@settings(max_examples=150, deadline=None)
@given(plans())
def test_summaries_span_their_leaves(plan: tuple[list[ScheduleTask], list[ScheduleLink]]) -> None:
    tasks, links = plan
    result = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    reference = build(tasks, links)
    for task in tasks:
        leaves = reference.leaves_of(task.id)
        assert result.start(task.id) == min(result.start(leaf.id) for leaf in leaves)
        assert result.finish(task.id) == max(result.finish(leaf.id) for leaf in leaves)
