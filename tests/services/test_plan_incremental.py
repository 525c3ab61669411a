"""A plan after an edit is the plan that is computed anew, in both directions, whatever the edit."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.plan import ConstraintType, ScheduleDirection, TaskMode, day_start
from qihua_desktop.services.plan_commit import outcome
from qihua_desktop.services.plan_state import PlanChange, PlanState
from tests.services.plan_random import KEY_DAY, random_edit, random_plan


def _again(state: PlanState) -> PlanState:
    return PlanState(state.project, state.tasks, state.links, state.calendars, state.people, shares=state.shares)


def _told(state: PlanState) -> tuple[object, ...]:
    plan = state.schedule
    return (
        plan.network.terms,
        list(plan.start_list),
        list(plan.finish_list),
        list(state.float_list),
        state.critical,
        list(plan.late_start_list),
        list(plan.late_finish_list),
    )


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 1 << 40))
def test_an_edited_plan_is_the_plan_computed_anew(seed: int) -> None:
    random = Random(seed)
    try:
        state = random_plan(random)
    except QihuaError:
        return
    for _step in range(6):
        kind, change = random_edit(random, state)
        event(kind)
        if random.random() < 0.5:
            _told(state)  # what is known already is carried on instead of computed anew
        try:
            following = state.after(change)
        except QihuaError:
            continue
        full = _again(following)
        assert _told(following) == _told(full)
        assert outcome(state, following, change) == outcome(state, full, change)
        state = following


@pytest.mark.parametrize("constraint", [ConstraintType.FNET, ConstraintType.MFO])
def test_a_longer_task_that_must_not_finish_early_takes_the_start_of_a_backward_plan_along(
    constraint: ConstraintType,
) -> None:
    plans = (random_plan(Random(seed)) for seed in range(200))
    state = next(one for one in plans if one.project.direction is ScheduleDirection.BACKWARD)
    one = next(task for task in state.tasks.values() if not state.is_summary(task.id))
    held = replace(
        one, parent_id=None, milestone=False, elapsed=False, mode=TaskMode.AUTO, actual_start=None, splits="",
        constraint=constraint, constraint_at=day_start(KEY_DAY) - 20 * 1440, duration=480, deadline=None, owner_id=None,
    )  # fmt: skip
    alone = PlanState(state.project, {held.id: held}, {}, state.calendars, {})
    longer = alone.after(PlanChange((replace(held, duration=4800),)))
    assert longer.schedule.project_start < alone.schedule.project_start
    assert longer.schedule.network.terms.start == longer.schedule.project_start
    assert _told(longer) == _told(_again(longer))
    assert _told(longer.after(PlanChange((held,)))) == _told(alone)
