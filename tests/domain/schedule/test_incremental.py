"""After any edit the incremental result equals a full recomputation."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.plan import LinkType, ScheduleDirection
from qihua_desktop.domain.schedule import (
    Changes,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Terms,
    changed_tasks,
    moved,
    reschedule,
    schedule,
)

from .networks import OFFICE, START, leaf_terms, plans

EVENT = START + 40 * 1440


@st.composite
def edits(draw: st.DrawFn, tasks: list[ScheduleTask], links: list[ScheduleLink]) -> Changes:
    """Draw an edit: a task's terms, a new or different link, a removed link, or a removed or new task."""
    parents = {task.parent_id for task in tasks}
    leaves = [task for task in tasks if task.id not in parents]
    kind = draw(st.integers(0, 9))
    if kind <= 4:
        leaf = draw(st.sampled_from(leaves))
        return Changes(tasks=(ScheduleTask(leaf.id, leaf.name, leaf.parent_id, **draw(leaf_terms(late=True))),))  # type: ignore[arg-type]
    if kind <= 6:
        ends = st.sampled_from(tasks)
        link_id = draw(st.integers(2000, 2010)).to_bytes(16, "big")
        type_, lag = draw(st.sampled_from(LinkType)), draw(st.sampled_from([0, 480, -240]))
        return Changes(links=(ScheduleLink(link_id, draw(ends).id, draw(ends).id, type_, lag),))
    if kind == 7 and links:
        return Changes(removed_links=(draw(st.sampled_from(links)).id,))
    if kind == 8 and len(leaves) > 1:
        return Changes(removed_tasks=(draw(st.sampled_from(leaves)).id,))
    parent = draw(st.sampled_from([None, *parents]))
    number = draw(st.integers(3000, 3010))
    return Changes(tasks=(ScheduleTask(number.to_bytes(16, "big"), "new", parent, **draw(leaf_terms(late=True))),))  # type: ignore[arg-type]


def _equal(one: Schedule, other: Schedule) -> None:
    assert list(one) == list(other)
    assert one.start_list == other.start_list
    assert one.finish_list == other.finish_list
    assert one.late_start_list == other.late_start_list
    assert one.late_finish_list == other.late_finish_list
    assert one.total_float_list == other.total_float_list
    assert one.free_float_list == other.free_float_list
    assert one.early.start == other.early.start


@settings(max_examples=200, deadline=None)
@given(plans(late=True), st.data(), st.sampled_from(ScheduleDirection), st.booleans())
def test_incremental_equals_full(
    plan: tuple[list[ScheduleTask], list[ScheduleLink]],
    data: st.DataObject,
    direction: ScheduleDirection,
    with_start: bool,
) -> None:
    forward = direction is ScheduleDirection.FORWARD
    terms = Terms(START if forward or with_start else None, None if forward else EVENT, direction)
    current = schedule(Network(*plan, calendar=OFFICE, terms=terms))
    for _step in range(data.draw(st.integers(1, 5))):
        network = current.network
        changes = data.draw(edits(list(network.tasks), list(network.links.values())))
        before = (list(current.start_list), list(current.finish_list), list(network.links))
        try:
            following = reschedule(current, changes)
        except RuleError:
            assert (list(current.start_list), list(current.finish_list), list(network.links)) == before
            continue
        assert (list(current.start_list), list(current.finish_list), list(network.links)) == before
        full = schedule(
            Network(following.network.tasks, tuple(following.network.links.values()), calendar=OFFICE, terms=terms)
        )
        _equal(following, full)
        assert {move.task_id for move in moved(current, following)} == set(changed_tasks(current, following))
        current = following


def _chain(count: int) -> tuple[list[ScheduleTask], list[ScheduleLink]]:
    ids = [number.to_bytes(16, "big") for number in range(count)]
    tasks = [ScheduleTask(task_id, f"task {place}", duration=480) for place, task_id in enumerate(ids)]
    links = [ScheduleLink(b"link" + one[4:], one, other) for one, other in pairwise(ids)]
    return tasks, links


def test_an_edit_leaves_the_previous_schedule_alone() -> None:
    tasks, links = _chain(5)
    first = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    kept = list(first.start_list)
    second = reschedule(first, Changes(tasks=(replace(tasks[1], duration=960),)))
    assert first.start_list == kept
    assert second.start_list != kept


def test_a_move_names_the_edited_task_and_the_link_that_carried_it() -> None:
    tasks, links = _chain(3)
    first = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    second = reschedule(first, Changes(tasks=(replace(tasks[0], duration=960),)))
    moves = moved(first, second)
    assert [move.task_id for move in moves] == [task.id for task in tasks]
    assert [move.edited for move in moves] == [True, False, False]
    assert moves[1].cause.link_id == links[0].id
    assert moves[1].old_start != moves[1].new_start


def test_a_link_that_closes_a_loop_is_refused_by_name() -> None:
    tasks, links = _chain(4)
    plan = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    with pytest.raises(RuleError) as caught:
        reschedule(plan, Changes(links=(ScheduleLink(b"x", tasks[3].id, tasks[1].id),)))
    assert set(caught.value.details) == {"task 1", "task 2", "task 3"}
    assert "task 1 → task 2 → task 3" in caught.value.message


def test_ten_thousand_tasks_in_a_row_need_no_recursion() -> None:
    tasks, links = _chain(10_000)
    plan = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    assert OFFICE.between(START, plan.project_finish) == 10_000 * 480
    assert all(plan.critical_list)
