"""Planning forward and planning backward agree, and late tasks delay nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from qihua_desktop.domain.plan import LagKind, LinkType, ScheduleDirection
from qihua_desktop.domain.schedule import Network, Schedule, ScheduleLink, ScheduleTask, Terms, schedule
from qihua_desktop.domain.schedule.explain import links_above
from qihua_desktop.domain.schedule.passes import link_instant

from .networks import OFFICE, START, plans

Plan = tuple[list[ScheduleTask], list[ScheduleLink]]


def _holds(result: Schedule) -> None:
    """Check every link against the dates that were given out."""
    network = result.network
    dates = result.final
    assert dates is not None
    for node in range(network.count):
        if network.children[node]:
            continue
        clock = network.calendars[network.coordinate[node]]
        for link in links_above(network, node):
            asked = link_instant(network, dates, link)
            to_start = link.type in (LinkType.FS, LinkType.SS)
            place = dates.start[node] if to_start else dates.finish[node]
            assert clock.between(asked, place) >= 0, (network.tasks[node].name, link)


@settings(max_examples=150, deadline=None)
@given(plans(constraints=False, summaries=False, late=True))
def test_late_tasks_break_no_link_and_delay_no_project(plan: Plan) -> None:
    # With one calendar; between different ones a late start outside the hours is shown as the next morning.
    tasks = [replace(task, elapsed=False, calendar=None) for task in plan[0]]
    links = [link for link in plan[1] if link.lag_kind is not LagKind.ELAPSED]
    result = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    _holds(result)
    early = max(result.early.finish[node] for node in result.network.roots)
    assert OFFICE.same(result.project_finish, early)
    assert all(result.start_list[node] >= result.early.start[node] for node in range(result.network.count))


@settings(max_examples=150, deadline=None)
@given(plans(constraints=False))
def test_planning_backward_from_the_computed_finish_gives_the_late_dates(plan: Plan) -> None:
    tasks, links = [replace(task, elapsed=False, calendar=None) for task in plan[0]], plan[1]
    forward = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    terms = Terms(START, forward.project_finish, ScheduleDirection.BACKWARD)
    backward = schedule(Network(tasks, links, calendar=OFFICE, terms=terms))
    assert backward.start_list == forward.late_start_list
    assert backward.finish_list == forward.late_finish_list
    assert backward.total_float_list == forward.total_float_list
    assert min(forward.total_float_list) >= 0


@settings(max_examples=150, deadline=None)
@given(plans(constraints=False, summaries=False))
def test_what_was_planned_backward_can_be_done_from_its_start(plan: Plan) -> None:
    tasks = [task if task.duration else replace(task, calendar=None) for task in plan[0]]
    links = [link for link in plan[1] if link.type is LinkType.FS and link.lag >= 0]
    event = START + 60 * 1440
    backward = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(None, event, ScheduleDirection.BACKWARD)))
    again = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(backward.project_start)))
    assert again.project_finish <= event
    assert all(early <= late for early, late in zip(again.start_list, backward.start_list, strict=True))
