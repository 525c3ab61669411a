"""The engine equals a slow scheduler that walks time step by step."""

from __future__ import annotations

from functools import cache

from hypothesis import given, note, settings
from hypothesis import strategies as st

from qihua_desktop.domain.plan import ConstraintType, ScheduleDirection
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
@given(plans(late=True), st.integers(0, 40))
def test_late_tasks_sit_where_the_step_by_step_scheduler_puts_them(
    plan: tuple[list[ScheduleTask], list[ScheduleLink]], room: int
) -> None:
    tasks, links = plan
    for item in (*tasks, *links):
        note(str(item))
    reference = build(tasks, links)
    early = reference.forward()
    event = max(finish for _start, finish in early.values()) + room * 720
    reference.late = reference.backward(event, early)
    waiting = {leaf.id for leaf in reference.leaves if leaf.constraint is ConstraintType.ALAP}
    final = reference.forward({task_id: reference.late[task_id][0] for task_id in waiting})
    result = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START, event)))
    for leaf in reference.leaves:
        clock = reference.clock[leaf.id]
        assert clock.between(final[leaf.id][0], result.start(leaf.id)) == 0, leaf.name
        assert clock.between(final[leaf.id][1], result.finish(leaf.id)) == 0, leaf.name
        assert reference.total_float(leaf, *final[leaf.id]) == result.dates(leaf.id).total_float, leaf.name


@settings(max_examples=150, deadline=None)
@given(plans(), st.integers(20, 80))
def test_planned_backward_tasks_sit_where_the_step_by_step_scheduler_puts_them(
    plan: tuple[list[ScheduleTask], list[ScheduleLink]], half_days: int
) -> None:
    tasks, links = plan
    for item in (*tasks, *links):
        note(str(item))
    event = START + half_days * 720
    reference = build(tasks, links)
    early = reference.forward()
    placed = reference.backward(event, early, hold=True)
    late = reference.late = reference.backward(event, early)
    terms = Terms(START, event, ScheduleDirection.BACKWARD)
    result = schedule(Network(tasks, links, calendar=OFFICE, terms=terms))
    for leaf in reference.leaves:
        clock, dates = reference.clock[leaf.id], result.dates(leaf.id)
        assert clock.between(placed[leaf.id][0], dates.start) == 0, leaf.name
        assert clock.between(placed[leaf.id][1], dates.finish) == 0, leaf.name
        assert clock.between(early[leaf.id][0], dates.early_start) == 0, leaf.name
        assert clock.between(late[leaf.id][1], dates.late_finish) == 0, leaf.name
        assert reference.total_float(leaf, *early[leaf.id]) == dates.total_float, leaf.name


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
