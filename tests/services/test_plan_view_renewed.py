"""A view renewed after an edit says what a view made from nothing says, and keeps what looks the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import LinkType, ScheduleDirection
from qihua_desktop.services import plan, plan_baselines
from qihua_desktop.services.plan_load import Owner, owners, tasks_of_week, weekly_load
from qihua_desktop.services.plan_view import PlanView, plan_view, view_of
from tests.services.plan_samples import PlanSample, add_person, open_sample, three_in_a_row

EDITS = 60


def from_nothing(sample: PlanSample, shown: PlanView) -> PlanView:
    """Return the view of the same plan, made without memory; that of a plan from its start is read from the file."""
    state = shown.state if shown.state.backward else plan.load_state(sample.session.workspace, sample.project.id)
    frozen = {}
    if shown.baseline is not None:
        rows = tables.baseline_tasks.all(sample.session.workspace, baseline_id=shown.baseline.id)
        frozen = {row.task_id: row for row in rows}
    return view_of(state, shown.now, shown.baselines, shown.baseline, frozen)


def edits(sample: PlanSample, draw: random.Random) -> list[Callable[[EntityId, EntityId], object]]:
    """Return what a planner does, to be carried out on one or two tasks."""
    session, project = sample.session, sample.project.id
    return [
        lambda one, _two: plan.move_by_days(session, project, (one,), draw.choice((-3, -1, 1, 4))),
        lambda one, _two: plan.set_duration(session, project, (one,), draw.choice((120, 480, 960))),
        lambda one, _two: plan.set_progress(session, project, (one,), draw.choice((0, 3000, 10_000))),
        lambda one, _two: plan.set_pinned(session, project, (one,), pinned=draw.random() < 0.5),
        lambda one, _two: plan.rename_task(session, project, one, f"任务{draw.randrange(99)}"),
        lambda one, _two: plan.set_notes(session, project, one, draw.choice(("", "带雨棚"))),
        lambda one, two: plan.add_link(session, project, one, two, draw.choice(list(LinkType))),
        lambda one, _two: plan.set_predecessors(session, project, one, ()),
        lambda one, _two: plan.indent_tasks(session, project, (one,)),
        lambda one, _two: plan.outdent_tasks(session, project, (one,)),
        lambda one, _two: plan.delete_tasks(session, project, (one,)),
        lambda one, _two: plan.add_task(session, project, "又一项", after=one),
        lambda _one, _two: session.undo(),
        lambda _one, _two: session.redo(),
    ]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direction", list(ScheduleDirection))
def test_a_renewed_view_is_the_same_as_one_from_nothing(
    tmp_path: Path, direction: ScheduleDirection, seed: int
) -> None:
    sample = open_sample(tmp_path, direction)
    three_in_a_row(sample)
    for number in range(8):
        sample.add(f"准备{number}", duration=480)
    person = add_person(sample, "周航")
    plan.set_owner(sample.session, sample.project.id, (sample.ids["策划"],), person.id)
    plan_baselines.take_baseline(sample.session, sample.project.id, "v1")
    draw = random.Random(seed)
    shown = plan_view(sample.session, sample.project.id)
    kept = 0
    for _step in range(EDITS):
        ids = [row.id for row in shown.rows]
        one, two = (draw.choice(ids), draw.choice(ids)) if ids else (sample.ids["策划"], sample.ids["策划"])
        try:
            draw.choice(edits(sample, draw))(one, two)
        except QihuaError:
            continue
        before, shown = shown, plan_view(sample.session, sample.project.id, before=shown)
        fresh = from_nothing(sample, shown)
        assert shown.rows == fresh.rows, f"seed {seed}"
        assert sorted(shown.links, key=lambda link: link.id) == sorted(fresh.links, key=lambda link: link.id)
        assert (shown.critical_minutes, shown.infeasible) == (fresh.critical_minutes, fresh.infeasible)
        assert all(shown.row_of(row.id) is row for row in shown.rows)
        kept += sum(old is new for old, new in zip(before.rows, shown.rows, strict=False))
    assert kept > EDITS
    sample.session.workspace.close()


def test_an_edit_of_one_task_leaves_the_other_rows_as_they_are(tmp_path: Path) -> None:
    sample = open_sample(tmp_path)
    three_in_a_row(sample)
    sample.add("报名", duration=480)
    before = plan_view(sample.session, sample.project.id)
    plan.rename_task(sample.session, sample.project.id, sample.ids["报名"], "线上报名")
    after = plan_view(sample.session, sample.project.id, before=before)
    assert [old is new for old, new in zip(before.rows, after.rows, strict=True)] == [True, True, True, False]
    assert after.rows[3].name == "线上报名"
    assert all(old is new for old, new in zip(before.links, after.links, strict=True))
    sample.session.workspace.close()


def test_time_that_passes_makes_late_what_it_passed(tmp_path: Path) -> None:
    sample = open_sample(tmp_path)
    three_in_a_row(sample)
    before = plan_view(sample.session, sample.project.id)
    late = before.now + 9 * 1440
    after = view_of(before.state, late, before=before)
    assert after.rows == view_of(before.state, late).rows
    assert [row.lateness.value for row in after.rows] == ["overdue", "overdue", "overdue"]
    sample.session.workspace.close()


def test_the_tasks_of_a_week_add_up_to_its_load(tmp_path: Path) -> None:
    sample = open_sample(tmp_path)
    three_in_a_row(sample)
    person = add_person(sample, "周航")
    ids = (sample.ids["调研"], sample.ids["策划"])
    plan.set_owner(sample.session, sample.project.id, ids, person.id)
    plan.set_owner(sample.session, sample.project.id, (sample.ids["审批"],), None, "财务部")
    state = sample.state
    assert owners(state) == (Owner(person.id, "周航"), Owner(None, "财务部"))
    for owner in owners(state):
        for week in weekly_load(sample.session, state, owner):
            found = tasks_of_week(sample.session, state, owner, week.monday)
            assert sum(one.minutes for one in found) == week.planned
    first = tasks_of_week(
        sample.session, state, owners(state)[0], weekly_load(sample.session, state, owners(state)[0])[0].monday
    )
    assert [one.name for one in first] == ["策划", "调研"]
    sample.session.workspace.close()
