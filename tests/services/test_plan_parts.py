"""Views, baselines, load and pasted rows of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.services import plan, plan_baselines, plan_load, plan_paste
from qihua_desktop.services.plan_load import Owner
from qihua_desktop.services.plan_view import Lateness, headline, plan_view
from tests.services.plan_samples import PlanSample, add_person, at, open_sample, three_in_a_row


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    yield found
    found.session.workspace.close()


def test_view_numbers_rows_and_rolls_progress_up_by_duration(sample: PlanSample) -> None:
    head = sample.add("筹备")
    sample.add("场地", parent_id=head, duration=480)
    sample.add("物料", parent_id=head, duration=1440)
    sample.add("验收", milestone=True)
    plan.set_progress(sample.session, sample.project.id, (sample.ids["物料"],), 5000)
    rows = plan_view(sample.session, sample.project.id).rows
    assert [(row.number, row.level, row.is_summary) for row in rows] == [
        ("1", 0, True), ("1.1", 1, False), ("1.2", 1, False), ("2", 0, False),
    ]  # fmt: skip
    assert rows[0].progress == 3750
    assert rows[3].is_milestone


def test_critical_chain_has_no_float_and_the_rest_does(sample: PlanSample) -> None:
    three_in_a_row(sample)
    sample.add("报名", duration=480)
    view = plan_view(sample.session, sample.project.id)
    assert {row.name: row.is_critical for row in view.rows} == {"调研": True, "策划": True, "审批": True, "报名": False}
    assert view.critical_minutes == 6 * 480
    assert all(link.is_critical for link in view.links)


def test_backward_view_finds_the_chain_that_leads_to_the_event(tmp_path: Path) -> None:
    backward = open_sample(tmp_path, ScheduleDirection.BACKWARD, date(2026, 9, 19))
    three_in_a_row(backward)
    backward.add("报名", duration=480)
    view = plan_view(backward.session, backward.project.id)
    assert {row.name: row.is_critical for row in view.rows} == {"调研": True, "策划": True, "审批": True, "报名": False}
    backward.session.workspace.close()


def test_deadline_that_cannot_be_met_is_marked(sample: PlanSample) -> None:
    three_in_a_row(sample)
    plan.set_deadline(sample.session, sample.project.id, (sample.ids["审批"],), at(8, 7, 18))
    view = plan_view(sample.session, sample.project.id)
    assert view.by_id[sample.ids["审批"]].lateness is Lateness.DEADLINE
    assert "调研" in headline(view) or "审批" in headline(view) or "策划" in headline(view)


def test_baseline_shows_what_slipped_and_undo_removes_it(sample: PlanSample) -> None:
    three_in_a_row(sample)
    before = sample.content()
    baseline = plan_baselines.take_baseline(sample.session, sample.project.id, "v1 定稿")
    plan.move_by_days(sample.session, sample.project.id, (sample.ids["策划"],), 2)
    view = plan_view(sample.session, sample.project.id)
    assert view.baseline == baseline
    assert view.by_id[sample.ids["审批"]].slip == 2 * 480
    differences = {one.name: one for one in plan_baselines.compare(sample.session, baseline.id)}
    assert not differences["调研"].differs
    assert differences["审批"].finish_slip == 2 * 480
    assert "策划" in headline(view)
    sample.session.undo()
    sample.session.undo()
    assert sample.content() == before


def test_load_tells_overload_from_free_weeks(sample: PlanSample) -> None:
    person = add_person(sample, "陈一诺")
    for name in ("海报", "视频"):
        sample.add(name, duration=5 * 480)
    plan.set_owner(sample.session, sample.project.id, tuple(sample.ids.values()), person.id)
    weeks = plan_load.weekly_load(sample.session, sample.state, Owner(person.id, "陈一诺"))
    assert [(week.monday, week.share, week.is_over) for week in weeks] == [(date(2026, 8, 3), 20_000, True)]


def test_pasted_rows_become_nested_tasks_with_dates_owners_and_links(sample: PlanSample) -> None:
    add_person(sample, "周航")
    sample.add("已有")
    before = sample.content()
    rows = (
        ("序号", "任务", "负责人", "开始", "工期", "前置"),
        ("1", "筹备", "", "", "", ""),
        ("1.1", "场地签约", "周航", "2026-08-05", "2天", ""),
        ("1.2", "搭建", "搭建组", "", "1周", "1.1"),
    )
    outcome = plan_paste.paste_rows(sample.session, sample.project.id, rows)
    assert len(outcome.added) == 3
    found = {row.name: row for row in plan_view(sample.session, sample.project.id).rows}
    assert (found["场地签约"].number, found["场地签约"].owner, found["场地签约"].start) == ("2.1", "周航", at(8, 5))
    assert (found["搭建"].owner, found["搭建"].start, found["搭建"].duration) == ("搭建组", at(8, 7), 5 * 480)
    assert len(sample.state.links) == 1
    sample.session.undo()
    assert sample.content() == before


def test_unreadable_cell_is_named_and_nothing_is_pasted(sample: PlanSample) -> None:
    with pytest.raises(InputError, match="2"):
        plan_paste.paste_rows(sample.session, sample.project.id, (("任务", "工期"), ("场地", "很久")))
    assert not sample.state.tasks


def test_copied_rows_paste_back_as_they_were(sample: PlanSample) -> None:
    head = sample.add("筹备")
    sample.add("=cmd|' /C calc'!A0", parent_id=head, duration=960)
    rows = plan_view(sample.session, sample.project.id).rows
    copied = plan_paste.rows_text(rows)
    from qihua_desktop.domain.parsing import parse_tsv

    plan_paste.paste_rows(sample.session, sample.project.id, parse_tsv(copied))
    again = plan_view(sample.session, sample.project.id).rows
    assert [(row.name, row.level, row.duration) for row in again[2:]] == [
        (row.name, row.level, row.duration) for row in rows
    ]
