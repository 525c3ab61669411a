"""After any edit the incremental result equals a full recomputation."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.plan import ConstraintType, LagKind, LinkType, ScheduleDirection
from qihua_desktop.domain.schedule import (
    Changes,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Split,
    Terms,
    WorkPart,
    changed_tasks,
    driver,
    moved,
    reschedule,
    schedule,
)

from .networks import CREW, NIGHT, OFFICE, START, leaf_terms, plans, summary_terms

EVENT = START + 40 * 1440


def _leaf(draw: st.DrawFn, task_id: bytes, name: str, parent: bytes | None) -> ScheduleTask:
    return ScheduleTask(task_id, name, parent, **draw(leaf_terms(late=True)))  # type: ignore[arg-type]


def _link(draw: st.DrawFn, link_id: bytes, tasks: list[ScheduleTask]) -> ScheduleLink:
    ends = st.sampled_from(tasks)
    kind = draw(st.sampled_from(LagKind))
    lag = draw(st.sampled_from([0, 480, -240] if kind is not LagKind.PERCENT else [0, 5000, -5000]))
    return ScheduleLink(link_id, draw(ends).id, draw(ends).id, draw(st.sampled_from(LinkType)), lag, kind)


EDITS = (
    "task", "task", "demand", "parts", "shape", "several tasks", "new link", "new link", "other lag", "other ends",
    "unlink", "remove a task", "remove a stage", "new task", "stage", "indent", "start", "event", "direction",
    "everything",
)  # fmt: skip


@st.composite
def edits(
    draw: st.DrawFn, tasks: list[ScheduleTask], links: list[ScheduleLink], terms: Terms, *, kind: str = ""
) -> tuple[str, Changes]:
    """Draw an edit of any kind, with its name."""
    kind = kind or draw(st.sampled_from(EDITS))
    parents = {task.parent_id for task in tasks} - {None}
    stages = [task for task in tasks if task.id in parents]
    leaves = [task for task in tasks if task.id not in parents]
    leaf = draw(st.sampled_from(leaves))
    new_id = draw(st.integers(2000, 2010)).to_bytes(16, "big")
    if kind == "demand":  # the dates change, the length does not: nothing around the task is compiled anew
        at = START + draw(st.integers(-10, 60)) * 360
        held = draw(st.sampled_from([one for one in ConstraintType if one is not ConstraintType.ALAP]))
        return kind, Changes(
            tasks=(replace(leaf, constraint=held, constraint_at=at, deadline=draw(st.none() | st.just(at))),)
        )
    if kind == "parts":  # other people, other shares, or nobody but the owner; the rest of the task stays
        minutes = st.sampled_from([60, 240, 480, 960, 2400])
        people = draw(st.lists(st.sampled_from([CREW, NIGHT, OFFICE]), max_size=3, unique_by=id))
        parts = tuple(WorkPart(person, draw(minutes)) for person in people)
        return kind, Changes(tasks=(replace(leaf, parts=parts if leaf.duration and not leaf.elapsed else ()),))
    if kind == "shape":  # length, interruptions, calendar and what is left, under the same demands
        length = draw(st.sampled_from([0, 60, 480, 960, 4800]))
        plain = length > 0 and not leaf.parts
        other = replace(
            leaf,
            duration=length,
            elapsed=plain and draw(st.booleans()),
            calendar=draw(st.sampled_from([None, CREW, NIGHT])),
            splits=(Split(60, 240),) if plain and draw(st.booleans()) else (),
            parts=leaf.parts if length else (),
            remaining=draw(st.none() | st.just(length // 3)),
        )
        return kind, Changes(tasks=(replace(other, splits=()) if other.elapsed else other,))
    if kind == "several tasks":
        chosen = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=3, unique_by=lambda task: task.id))
        return kind, Changes(tasks=tuple(_leaf(draw, one.id, one.name, one.parent_id) for one in chosen))
    if kind == "new link":
        return kind, Changes(links=(_link(draw, new_id, tasks),))
    if kind in ("other lag", "other ends", "unlink") and links:
        link = draw(st.sampled_from(links))
        if kind == "unlink":
            return kind, Changes(removed_links=(link.id,))
        other = _link(draw, link.id, tasks)
        if kind == "other lag":
            other = replace(other, predecessor_id=link.predecessor_id, successor_id=link.successor_id)
        return kind, Changes(links=(other,))
    if kind == "remove a task" and len(leaves) > 1:
        return kind, Changes(removed_tasks=(leaf.id,))
    if kind == "remove a stage" and stages:
        return kind, Changes(removed_tasks=(draw(st.sampled_from(stages)).id,))
    if kind == "new task":
        parent = draw(st.sampled_from([None, *sorted(task.id for task in stages)]))
        return kind, Changes(tasks=(_leaf(draw, draw(st.integers(3000, 3010)).to_bytes(16, "big"), "new", parent),))
    if kind == "stage" and stages:
        stage = draw(st.sampled_from(stages))
        return kind, Changes(tasks=(ScheduleTask(stage.id, stage.name, stage.parent_id, **draw(summary_terms())),))  # type: ignore[arg-type]
    if kind == "indent":
        return kind, Changes(
            tasks=(replace(leaf, parent_id=draw(st.sampled_from([None, *(one.id for one in tasks)]))),)
        )
    if kind in ("start", "event", "direction"):
        moved_by = draw(st.integers(-6, 6)) * 720
        key = (EVENT if terms.event is None else terms.event) + moved_by
        if kind == "direction":
            back = terms.direction is ScheduleDirection.FORWARD
            direction = ScheduleDirection.BACKWARD if back else ScheduleDirection.FORWARD
            return kind, Changes(terms=Terms(START if terms.start is None else terms.start, key, direction))
        if kind == "event":
            return kind, Changes(terms=replace(terms, event=key))
        return kind, Changes(terms=replace(terms, start=(START if terms.start is None else terms.start) + moved_by))
    if kind == "everything":
        changes = Changes(
            tasks=(_leaf(draw, leaf.id, leaf.name, leaf.parent_id),),
            links=(_link(draw, new_id, tasks),),
            removed_links=tuple(link.id for link in links[:1] if link.id != new_id),
            terms=None if terms.start is None else replace(terms, start=terms.start + 720),
        )
        return kind, changes
    return "task", Changes(tasks=(_leaf(draw, leaf.id, leaf.name, leaf.parent_id),))


def _equal(one: Schedule, other: Schedule) -> None:
    assert list(one) == list(other)
    assert one.start_list == other.start_list
    assert one.finish_list == other.finish_list
    assert one.late_start_list == other.late_start_list
    assert one.late_finish_list == other.late_finish_list
    assert one.total_float_list == other.total_float_list
    assert one.free_float_list == other.free_float_list
    assert one.early.start == other.early.start
    assert one.critical_list == other.critical_list
    assert one.earliest_late_start() == other.earliest_late_start()


@settings(max_examples=300, deadline=None)
@given(plans(late=True), st.data(), st.sampled_from(ScheduleDirection), st.booleans(), st.booleans())
def test_incremental_equals_full(
    plan: tuple[list[ScheduleTask], list[ScheduleLink]],
    data: st.DataObject,
    direction: ScheduleDirection,
    with_start: bool,
    with_event: bool,
) -> None:
    forward = direction is ScheduleDirection.FORWARD
    terms = Terms(START if forward or with_start else None, None if forward and not with_event else EVENT, direction)
    current = schedule(Network(*plan, calendar=OFFICE, terms=terms))
    for _step in range(data.draw(st.integers(1, 6))):
        network = current.network
        name, changes = data.draw(edits(list(network.tasks), list(network.links.values()), network.terms))
        event(name)
        if data.draw(st.booleans()):
            _read_everything(current)  # what is known already is carried on instead of computed anew
        before = _state(current)
        try:
            following = reschedule(current, changes, starts_with_late=data.draw(st.booleans()))
        except RuleError:
            assert _state(current) == before
            continue
        assert _state(current) == before
        after = following.network
        full = schedule(Network(after.tasks, tuple(after.links.values()), calendar=OFFICE, terms=after.terms))
        if data.draw(st.booleans()):
            _equal(following, full)
        else:
            assert (following.start_list, following.finish_list) == (full.start_list, full.finish_list)
        assert [driver(following, one) for one in following] == [driver(full, one) for one in full]
        _check_moves(current, following)
        current = following
    _equal(current, schedule(_again(current.network)))


def _again(network: Network) -> Network:
    return Network(network.tasks, tuple(network.links.values()), calendar=OFFICE, terms=network.terms)


def _state(plan: Schedule) -> tuple[object, ...]:
    return list(plan.start_list), list(plan.finish_list), list(plan.network.links), list(plan.network.tasks)


def _read_everything(plan: Schedule) -> None:
    assert (
        len(plan.critical_list)
        == len(plan.free_float_list)
        == len(plan.early.start) - len(plan.network.gate_of_summary)
    )


def _check_moves(current: Schedule, following: Schedule) -> None:
    """Check that every task that stands elsewhere, and no other, is told with its old and new dates and a cause."""
    told = {move.task_id: move for move in moved(current, following)}
    for task_id in following:
        new = (following.start(task_id), following.finish(task_id))
        old = (current.start(task_id), current.finish(task_id)) if task_id in current.index else (None, None)
        assert (task_id in told) == (old != new)
        if task_id in told:
            move = told[task_id]
            assert (move.old_start, move.old_finish, move.new_start, move.new_finish) == (*old, *new)
            assert move.cause == driver(following, task_id)
    assert changed_tasks(current, following) == list(told)


@pytest.mark.parametrize("kind", sorted(set(EDITS)))
def test_every_kind_of_edit_is_among_the_random_ones(kind: str) -> None:
    applied = 0

    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(plans(late=True), st.data())
    def count(plan: tuple[list[ScheduleTask], list[ScheduleLink]], data: st.DataObject) -> None:
        nonlocal applied
        current = schedule(Network(*plan, calendar=OFFICE, terms=Terms(START, EVENT)))
        name, changes = data.draw(edits(*plan, current.network.terms, kind=kind))
        if name == kind:
            try:
                following = reschedule(current, changes)
            except RuleError:
                return
            _equal(following, schedule(_again(following.network)))
            applied += 1

    count()
    assert applied >= 5


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
