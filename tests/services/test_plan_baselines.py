"""Baselines: several beside each other, and why every task slipped, back to where it began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import CalendarDay, LinkType, ScheduleDirection
from qihua_desktop.services import plan
from qihua_desktop.services.plan_baselines import Difference, compare, delete_baseline, take_baseline
from qihua_desktop.services.plan_causes import causes
from tests.services.plan_samples import PlanSample, at, open_sample, three_in_a_row


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    yield found
    found.session.workspace.close()


@pytest.fixture(autouse=True)
def chinese(use_language: object) -> None:
    assert callable(use_language)
    use_language("zh_CN")


def by_name(rows: tuple[Difference, ...]) -> dict[str, Difference]:
    """Return rows by their names."""
    return {row.name: row for row in rows}


def reasons(sample: PlanSample, baseline: EntityId, other: EntityId | None = None) -> dict[str, str]:
    """Return why tasks slipped, by name."""
    rows = compare(sample.session, baseline, other)
    found = causes(sample.state, rows, live=other is None)
    return {row.name: found[row.task_id] for row in rows if row.task_id in found}


def test_a_slip_is_followed_back_to_the_task_that_took_longer(sample: PlanSample) -> None:
    three_in_a_row(sample)
    base = take_baseline(sample.session, sample.project.id, "初版").id
    plan.set_duration(sample.session, sample.project.id, (sample.ids["调研"],), 960 + 480)
    assert reasons(sample, base) == {
        "调研": "工期比基线长 1天。",
        "策划": "受“调研”影响：工期比基线长 1天。",
        "审批": "源于“调研”（调研 → 策划）：工期比基线长 1天。",
    }


def test_a_slip_of_a_day_off_names_the_day_off_and_not_a_link(sample: PlanSample) -> None:
    three_in_a_row(sample)
    base = take_baseline(sample.session, sample.project.id, "初版").id
    day = CalendarDay(new_id(), sample.project.id, None, date(2026, 8, 6), False, "", "停电")
    with sample.session.edit("停电", sample.project.id) as edit:
        tables.calendar_days.insert(edit, day)
        plan.recalculate(edit, sample.project.id)
    found = reasons(sample, base)
    assert "休息日" in found["策划"]
    assert "1天" in found["策划"]
    assert found["审批"].startswith("受“策划”影响")


def test_in_a_backward_plan_the_cause_is_the_successor_that_needs_it_sooner(tmp_path: Path) -> None:
    sample = open_sample(tmp_path, ScheduleDirection.BACKWARD, date(2026, 9, 19))
    three_in_a_row(sample)
    base = take_baseline(sample.session, sample.project.id, "初版").id
    plan.set_duration(sample.session, sample.project.id, (sample.ids["审批"],), 3 * 480)
    found = reasons(sample, base)
    assert "“审批”" in found["策划"]
    assert "工期比基线长 2天" in found["调研"]
    sample.session.workspace.close()


def test_a_long_chain_is_named_by_its_ends(sample: PlanSample) -> None:
    names = [f"任务{number:02d}" for number in range(30)]
    for name in names:
        sample.add(name, duration=480)
    for first, second in pairwise(names):
        sample.link(first, second)
    base = take_baseline(sample.session, sample.project.id, "初版").id
    plan.set_duration(sample.session, sample.project.id, (sample.ids[names[0]],), 960)
    assert reasons(sample, base)[names[-1]] == "源于“任务00”（任务00 → … → 任务27 → 任务28）：工期比基线长 1天。"


def test_two_baselines_are_compared_with_each_other(sample: PlanSample) -> None:
    three_in_a_row(sample)
    first = take_baseline(sample.session, sample.project.id, "初版").id
    plan.set_duration(sample.session, sample.project.id, (sample.ids["调研"],), 960 + 480)
    sample.add("验收", duration=480)
    second = take_baseline(sample.session, sample.project.id, "二版").id
    plan.set_duration(sample.session, sample.project.id, (sample.ids["策划"],), 480)
    plan.delete_tasks(sample.session, sample.project.id, (sample.ids["审批"],))
    rows = by_name(compare(sample.session, first, second))
    assert set(rows) == {"调研", "策划", "审批", "验收"}
    assert (rows["审批"].finish_slip, rows["策划"].finish_slip) == (480, 480)
    assert rows["策划"].new_duration == 1440
    assert rows["验收"].old_start is None
    assert rows["审批"].both
    assert reasons(sample, first, second)["策划"] == "受“调研”影响：工期比基线长 1天。"
    now = by_name(compare(sample.session, second))
    assert now["审批"].new_start is None
    assert now["策划"].finish_slip == -960


def test_links_that_pull_in_other_ways_are_followed_too(sample: PlanSample) -> None:
    sample.add("搭建", duration=960)
    sample.add("监理", duration=480)
    sample.link("搭建", "监理", LinkType.SS, 240)
    base = take_baseline(sample.session, sample.project.id, "初版").id
    plan.move_by_days(sample.session, sample.project.id, (sample.ids["搭建"],), 2)
    assert reasons(sample, base)["监理"].startswith("受“搭建”影响")
    assert sample.state.start(sample.ids["搭建"]) == at(8, 5)


def test_a_deleted_baseline_comes_back_with_undo(sample: PlanSample) -> None:
    three_in_a_row(sample)
    taken = take_baseline(sample.session, sample.project.id, "初版")
    before = sample.content()
    delete_baseline(sample.session, taken.id)
    sample.session.undo()
    assert sample.content() == before
