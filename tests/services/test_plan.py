"""The plan services: dates follow links and calendars, and every action is one undo step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.plan import DONE, ConstraintType, LinkType, ScheduleDirection, TaskMode
from qihua_desktop.services import plan, plan_calendar, plan_commit
from qihua_desktop.services.plan_calendar import DayChange
from qihua_desktop.services.plan_state import expect_state
from tests.services.plan_samples import START, PlanSample, add_person, at, open_sample, three_in_a_row


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    yield found
    found.session.workspace.close()


@pytest.fixture
def backward(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path, ScheduleDirection.BACKWARD, date(2026, 9, 19))
    yield found
    found.session.workspace.close()


def test_tasks_start_with_the_project_and_follow_links(sample: PlanSample) -> None:
    three_in_a_row(sample)
    assert (sample.start("调研"), sample.finish("调研")) == ("08-03 09:00", "08-04 18:00")
    assert (sample.start("策划"), sample.finish("策划")) == ("08-05 09:00", "08-07 18:00")
    assert (sample.start("审批"), sample.finish("审批")) == ("08-10 09:00", "08-10 18:00")


def test_move_ripples_in_one_edit_and_tells_what_moved(sample: PlanSample) -> None:
    three_in_a_row(sample)
    before = sample.content()
    outcome = plan.move_tasks(sample.session, sample.project.id, (sample.ids["策划"],), sample.ids["策划"], at(8, 6))
    assert [(one.name, one.edited, one.cause) for one in outcome.moved] == [
        ("策划", True, ""),
        ("审批", False, "策划"),
    ]
    assert sample.start("审批") == "08-11 09:00"
    sample.session.undo()
    assert sample.content() == before


def test_move_never_breaks_a_link(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.move_tasks(sample.session, sample.project.id, (sample.ids["审批"],), sample.ids["审批"], at(8, 4))
    assert sample.start("审批") == "08-10 09:00"
    assert sample.state.tasks[sample.ids["审批"]].constraint is ConstraintType.ASAP


def test_moving_back_to_where_links_put_it_removes_the_constraint(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.move_by_days(sample.session, sample.project.id, (sample.ids["策划"],), 2)
    assert sample.state.tasks[sample.ids["策划"]].constraint is ConstraintType.SNET
    plan.move_by_days(sample.session, sample.project.id, (sample.ids["策划"],), -2)
    assert sample.state.tasks[sample.ids["策划"]].constraint is ConstraintType.ASAP


def test_moving_over_a_weekend_lands_on_a_workday(sample: PlanSample) -> None:
    sample.add("调研")
    plan.move_tasks(sample.session, sample.project.id, (sample.ids["调研"],), sample.ids["调研"], at(8, 8))
    assert sample.start("调研") == "08-10 09:00"


def test_moving_back_over_a_weekend_lands_on_friday(sample: PlanSample) -> None:
    task = sample.add("调研", at=at(8, 17))
    plan.move_tasks(sample.session, sample.project.id, (task,), task, at(8, 15))
    assert sample.start("调研") == "08-14 09:00"


def test_several_tasks_move_together(sample: PlanSample) -> None:
    three_in_a_row(sample)
    ids = tuple(sample.ids.values())
    plan.move_tasks(sample.session, sample.project.id, ids, ids[0], at(8, 5))
    assert [sample.start(name) for name in sample.ids] == ["08-05 09:00", "08-07 09:00", "08-12 09:00"]
    constraints = [task.constraint for task in sample.state.tasks.values()]
    assert constraints == [ConstraintType.SNET, ConstraintType.ASAP, ConstraintType.ASAP]


def test_summary_takes_its_tasks_along(sample: PlanSample) -> None:
    head = sample.add("筹备")
    for name in ("场地", "物料"):
        sample.add(name, parent_id=head)
    sample.link("场地", "物料")
    plan.move_by_days(sample.session, sample.project.id, (head,), 3)
    assert [sample.start(name) for name in ("筹备", "场地", "物料")] == ["08-06 09:00", "08-06 09:00", "08-07 09:00"]


def test_resizing_changes_the_duration_and_pins_nothing(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.set_finish(sample.session, sample.project.id, sample.ids["调研"], at(8, 6, 18))
    task = sample.state.tasks[sample.ids["调研"]]
    assert (task.duration, task.constraint) == (4 * 480, ConstraintType.ASAP)
    assert sample.start("策划") == "08-07 09:00"


def test_beginning_later_keeps_the_finish(sample: PlanSample) -> None:
    sample.add("调研", duration=1440)
    plan.set_begin(sample.session, sample.project.id, sample.ids["调研"], at(8, 4))
    assert (sample.start("调研"), sample.finish("调研")) == ("08-04 09:00", "08-05 18:00")


def test_progress_notes_actual_dates_and_a_finished_task_stays(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.set_progress(sample.session, sample.project.id, (sample.ids["策划"],), DONE)
    plan.set_duration(sample.session, sample.project.id, (sample.ids["调研"],), 480)
    task = sample.state.tasks[sample.ids["策划"]]
    assert (task.actual_start, task.actual_finish) == (at(8, 5), at(8, 7, 18))
    assert sample.start("策划") == "08-05 09:00"
    plan.set_progress(sample.session, sample.project.id, (sample.ids["策划"],), 0)
    assert sample.start("策划") == "08-04 09:00"


def test_pinned_task_stays_put(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.set_pinned(sample.session, sample.project.id, (sample.ids["策划"],), pinned=True)
    plan.set_duration(sample.session, sample.project.id, (sample.ids["调研"],), 5 * 480)
    assert sample.start("策划") == "08-05 09:00"
    assert sample.state.tasks[sample.ids["策划"]].mode is TaskMode.PINNED


def test_loop_is_refused_by_name_and_nothing_is_written(sample: PlanSample) -> None:
    three_in_a_row(sample)
    before = sample.content()
    with pytest.raises(RuleError) as refused:
        sample.link("审批", "调研")
    assert "调研" in refused.value.message
    assert "审批" in refused.value.message
    assert sample.content() == before


def test_link_again_changes_the_link(sample: PlanSample) -> None:
    three_in_a_row(sample)
    sample.link("调研", "策划", LinkType.SS, 480)
    assert len(sample.state.links) == 2
    assert sample.start("策划") == "08-04 09:00"


def test_delete_takes_children_and_links_and_undo_restores_them(sample: PlanSample) -> None:
    head = sample.add("筹备")
    sample.add("场地", parent_id=head)
    sample.add("活动")
    sample.link("场地", "活动")
    before = sample.content()
    plan.delete_tasks(sample.session, sample.project.id, (head,))
    assert [task.name for task in sample.state.tasks.values()] == ["活动"]
    assert not sample.state.links
    sample.session.undo()
    assert sample.content() == before


def test_indent_makes_a_summary_and_outdent_takes_it_back(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.indent_tasks(sample.session, sample.project.id, (sample.ids["审批"],))
    assert sample.state.tasks[sample.ids["审批"]].parent_id == sample.ids["策划"]
    plan.outdent_tasks(sample.session, sample.project.id, (sample.ids["审批"],))
    assert sample.state.tasks[sample.ids["审批"]].parent_id is None


def test_indenting_below_its_own_predecessor_drops_their_link_and_undo_brings_it_back(sample: PlanSample) -> None:
    sample.add("筹备")
    sample.add("场地")
    sample.link("筹备", "场地")
    before = sample.content()
    plan.indent_tasks(sample.session, sample.project.id, (sample.ids["场地"],))
    assert not sample.state.links
    sample.session.undo()
    assert sample.content() == before


def test_holiday_of_the_owner_moves_the_task(sample: PlanSample) -> None:
    three_in_a_row(sample)
    person = add_person(sample, "周航")
    plan.set_owner(sample.session, sample.project.id, (sample.ids["策划"],), person.id)
    moved = plan_calendar.change_days(
        sample.session, DayChange(date(2026, 8, 5), date(2026, 8, 6), working=False, name="年假"), None, person.id
    )
    assert moved == 2
    assert sample.start("策划") == "08-07 09:00"
    sample.session.undo()
    assert sample.start("策划") == "08-05 09:00"


def test_backward_plan_ends_on_the_event_day(backward: PlanSample) -> None:
    three_in_a_row(backward)
    assert backward.finish("审批") == "09-19 18:00"
    assert backward.start("调研") == "09-14 09:00"


def test_task_dragged_earlier_in_a_backward_plan_pulls_what_leads_to_it(backward: PlanSample) -> None:
    three_in_a_row(backward)
    plan.move_tasks(backward.session, backward.project.id, (backward.ids["策划"],), backward.ids["策划"], at(9, 9))
    assert backward.start("策划") == "09-09 09:00"
    assert backward.finish("调研") == "09-08 18:00"
    assert backward.finish("审批") == "09-19 18:00"
    task = backward.state.tasks[backward.ids["策划"]]
    assert (task.constraint, task.constraint_at) == (ConstraintType.FNLT, at(9, 11, 18))


def test_task_dragged_later_than_the_event_allows_stays_and_needs_no_constraint(backward: PlanSample) -> None:
    three_in_a_row(backward)
    before = backward.content()
    plan.move_by_days(backward.session, backward.project.id, (backward.ids["策划"],), 3)
    assert backward.content() == before
    plan.move_by_days(backward.session, backward.project.id, (backward.ids["策划"],), -2)
    plan.move_by_days(backward.session, backward.project.id, (backward.ids["策划"],), 2)
    assert backward.content() == before


def test_task_dragged_earlier_in_a_backward_plan_is_not_critical_for_that(backward: PlanSample) -> None:
    three_in_a_row(backward)
    backward.add("报名", duration=480)
    plan.move_by_days(backward.session, backward.project.id, (backward.ids["报名"],), -2)
    assert backward.ids["报名"] not in backward.state.critical
    assert backward.ids["审批"] in backward.state.critical


def test_key_date_moves_the_plan_and_what_stands_on_the_day(backward: PlanSample) -> None:
    three_in_a_row(backward)
    event = backward.add("活动日")
    plan.set_constraint(backward.session, backward.project.id, (event,), ConstraintType.MSO, at(9, 19))
    backward.link("审批", "活动日")
    before = backward.content()
    plan.set_key_date(backward.session, backward.project.id, date(2026, 9, 26), ScheduleDirection.BACKWARD)
    assert backward.start("活动日") == "09-26 09:00"
    assert backward.finish("审批") == "09-24 18:00"
    backward.session.undo()
    assert backward.content() == before


def test_state_kept_in_memory_equals_a_fresh_one_after_undo_and_redo(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.move_by_days(sample.session, sample.project.id, (sample.ids["调研"],), 3)
    for step in (sample.session.undo, sample.session.undo, sample.session.redo, sample.session.redo):
        step()
        fresh = plan.reload_state(sample.session, sample.project.id)
        assert sample.state.tasks == fresh.tasks
        assert sample.state.links == fresh.links
        assert {one: sample.state.start(one) for one in fresh.tasks} == {one: fresh.start(one) for one in fresh.tasks}


def test_an_edit_that_fails_leaves_nothing_behind_in_memory(
    sample: PlanSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_in_a_row(sample)

    def fail(*_args: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(plan_commit, "expect_state", lambda session, state: (expect_state(session, state), fail()))
        with pytest.raises(OSError, match="disk full"):
            plan.move_by_days(sample.session, sample.project.id, (sample.ids["调研"],), 3)
    add_person(sample, "周航")
    assert sample.state.start(sample.ids["调研"]) == at(8, 3)
    assert sample.start("调研") == "08-03 09:00"


def test_missing_task_is_told_in_words(sample: PlanSample) -> None:
    task = sample.add("调研")
    plan.delete_tasks(sample.session, sample.project.id, (task,))
    with pytest.raises(InputError):
        plan.rename_task(sample.session, sample.project.id, task, "市场调研")


_ACTIONS: list[Callable[[PlanSample, int, int], object]] = [
    lambda sample, one, two: plan.move_by_days(sample.session, sample.project.id, (_id(sample, one),), two - 4),
    lambda sample, one, two: plan.set_duration(sample.session, sample.project.id, (_id(sample, one),), two * 120),
    lambda sample, one, two: plan.set_progress(sample.session, sample.project.id, (_id(sample, one),), two * 1000),
    lambda sample, one, two: plan.add_link(sample.session, sample.project.id, _id(sample, one), _id(sample, two)),
    lambda sample, one, two: plan.indent_tasks(sample.session, sample.project.id, (_id(sample, one),)),
    lambda sample, one, two: plan.delete_tasks(sample.session, sample.project.id, (_id(sample, one),)),
    lambda sample, one, two: plan.add_task(sample.session, sample.project.id, f"任务{two}", after=_id(sample, one)),
    lambda sample, one, two: plan.set_key_date(
        sample.session,
        sample.project.id,
        START + timedelta(days=two),
        ScheduleDirection.BACKWARD if one % 2 else ScheduleDirection.FORWARD,
    ),
]


def _id(sample: PlanSample, number: int) -> bytes:
    ids = [row.id for row in sample.state.outline]
    return ids[number % len(ids)] if ids else b"\0" * 16


@given(st.lists(st.tuples(st.integers(0, len(_ACTIONS) - 1), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_any_history_undoes_to_the_beginning_and_memory_agrees_with_the_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, int]]
) -> None:
    sample = open_sample(tmp_path_factory.mktemp("plan"))
    try:
        three_in_a_row(sample)
        before = sample.content()
        depth = sample.session.workspace.head()[0]
        for action, one, two in steps:
            try:
                _ACTIONS[action](sample, one, two)
            except InputError:
                continue
            fresh = plan.reload_state(sample.session, sample.project.id)
            assert sample.state.tasks == fresh.tasks
            for task in tables.tasks.all(sample.session.workspace):
                assert (task.start, task.finish) == (fresh.start(task.id), fresh.finish(task.id))
        for _step in range(sample.session.workspace.head()[0] - depth):
            sample.session.undo()
        assert sample.content() == before
    finally:
        sample.session.workspace.close()
