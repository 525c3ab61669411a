"""The cause the engine names for a task's place holds it there: it explains the place; without it the task moves."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, note, settings
from hypothesis import strategies as st

from qihua_desktop.domain.plan import ConstraintType, LinkType, ScheduleDirection
from qihua_desktop.domain.schedule import (
    Changes,
    Driver,
    DriverKind,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Terms,
    driver,
    reason,
    reschedule,
    schedule,
)
from qihua_desktop.domain.schedule.floats import measure

from .networks import OFFICE, START, plans

Plan = tuple[list[ScheduleTask], list[ScheduleLink]]
ON_FINISH = (LinkType.FF, LinkType.SF)
EVENT = START + 40 * 1440


def _place(plan: Schedule, task_id: bytes) -> tuple[int, int]:
    """Return where a task stands, in its own working time."""
    clock = measure(plan.network, plan.network.index[task_id])
    return clock.work(plan.start(task_id)), clock.work(plan.finish(task_id))


def _explains(plan: Schedule, task_id: bytes, found: Driver) -> bool:
    """Return whether the instant a cause asks for is where the task stands."""
    task, node = plan.task(task_id), plan.network.index[task_id]
    clock = measure(plan.network, node)
    start, finish = plan.start(task_id), plan.finish(task_id)
    match found.kind:
        case DriverKind.ACTUAL:
            return start == task.actual_start or finish == task.actual_finish
        case DriverKind.PIN:
            return task.pinned is not None and (start, finish) == (task.pinned[0], max(task.pinned))
        case DriverKind.CHILD:
            return found.task_id is not None and start == plan.start(found.task_id)
        case DriverKind.CONSTRAINT:
            asked = found.bound
            return asked is not None and (clock.same(asked, start) or clock.same(asked, finish) or bool(task.parts))
        case DriverKind.LINK:
            assert found.link_id is not None
            assert found.bound is not None
            place = finish if plan.network.links[found.link_id].type in ON_FINISH else start
            return bool(task.parts) or clock.same(found.bound, place)
        case DriverKind.PROJECT_START:
            return bool(task.parts) or clock.same(plan.network.terms.start or 0, start)
        case _:
            return True


@settings(max_examples=300, deadline=None)
@given(plans())
def test_the_named_cause_holds_the_task(plan: Plan) -> None:
    for item in (*plan[0], *plan[1]):
        note(str(item))
    result = schedule(Network(*plan, calendar=OFFICE, terms=Terms(START)))
    for task_id in result:
        found = driver(result, task_id)
        note(f"{result.task(task_id).name}: {found}")
        assert reason(result, task_id)
        assert _explains(result, task_id, found), result.task(task_id).name
        if found.kind is DriverKind.LINK:
            _moves_without_its_links(result, task_id)
        elif found.kind is DriverKind.CONSTRAINT and found.bound == result.task(task_id).constraint_at:
            _constraint_matters(result, task_id, found)


def _moves_without_its_links(result: Schedule, task_id: bytes) -> None:
    """Take the named link away, again and again while another holds the task as well: in the end it moves."""
    stands, removed = _place(result, task_id), 0
    current = result
    while (found := driver(current, task_id)).kind is DriverKind.LINK:
        assert found.link_id is not None
        assert _explains(current, task_id, found)
        current = reschedule(current, Changes(removed_links=(found.link_id,)))
        removed += 1
        if _place(current, task_id) != stands:
            return
    assert removed
    assert _explains(current, task_id, found)  # something else would hold it in the same place


def _constraint_matters(result: Schedule, task_id: bytes, found: Driver) -> None:
    """Without its constraint the task stands elsewhere, or something else is named for the same place."""
    free = replace(result.task(task_id), constraint=ConstraintType.ASAP, constraint_at=None)
    current = reschedule(result, Changes(tasks=(free,)))
    now, then = (current.start(task_id), current.finish(task_id)), (result.start(task_id), result.finish(task_id))
    if now == then:  # links, the project's start or a stage above happen to ask for the same
        assert _explains(current, task_id, driver(current, task_id))


@settings(max_examples=200, deadline=None)
@given(plans(late=True), st.sampled_from(ScheduleDirection), st.booleans())
def test_late_tasks_have_a_cause_that_exists(plan: Plan, direction: ScheduleDirection, with_event: bool) -> None:
    event = EVENT if with_event or direction is ScheduleDirection.BACKWARD else None
    result = schedule(Network(*plan, calendar=OFFICE, terms=Terms(START, event, direction)))
    for task_id in result:
        found = driver(result, task_id)
        assert reason(result, task_id)
        if found.link_id is not None:
            link = result.network.links[found.link_id]
            assert found.task_id in (link.predecessor_id, link.successor_id)
        if found.kind is DriverKind.CONSTRAINT:
            assert found.constraint is not None
            assert found.bound is not None
        if found.kind is DriverKind.DEADLINE:
            assert result.task(task_id).deadline is not None or found.bound is not None
        if found.kind is DriverKind.ALAP:
            assert result.start(task_id) > result.early.start[result.index[task_id]]


def test_a_task_planned_backward_is_held_by_the_successor_it_must_be_done_for() -> None:
    tasks = [ScheduleTask(bytes([number]) * 16, f"task {number}", duration=480) for number in range(3)]
    links = [ScheduleLink(b"l" * 16, tasks[0].id, tasks[1].id), ScheduleLink(b"m" * 16, tasks[0].id, tasks[2].id)]
    network = Network(tasks, links, calendar=OFFICE, terms=Terms(START, EVENT, ScheduleDirection.BACKWARD))
    result = schedule(network)
    found = driver(result, tasks[0].id)
    assert (found.kind, found.bound) == (DriverKind.LINK, result.start(tasks[1].id))
    freed = reschedule(result, Changes(removed_links=(b"l" * 16, b"m" * 16)))
    assert driver(freed, tasks[0].id).kind is DriverKind.EVENT
    assert freed.start(tasks[0].id) > result.start(tasks[0].id)
