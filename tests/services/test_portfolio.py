"""The overview of all projects: spans, shared people, and the weeks that hold too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import Project, ProjectStatus
from qihua_desktop.services import plan
from qihua_desktop.services.portfolio import clash_tasks_words, clash_words, portfolio
from qihua_desktop.services.projects import close_project
from tests.services.plan_samples import PlanSample, add_person, open_sample


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    yield found
    found.session.workspace.close()


def second_project(sample: PlanSample, name: str = "会员品鉴会") -> Project:
    """Add another project to the sample's workspace."""
    number = f"QH-2026-{1 + len(tables.projects.all(sample.session.workspace)):04d}"
    other = replace(sample.project, id=new_id(), number=number, name=name)
    with sample.session.edit("项目") as edit:
        tables.projects.insert(edit, other)
    return other


def give(sample: PlanSample, project_id: EntityId, name: str, owner: EntityId, duration: int) -> EntityId:
    """Add a task of somebody."""
    task = plan.add_task(sample.session, project_id, name, duration=duration).added[0]
    plan.set_owner(sample.session, project_id, (task,), owner)
    return task


def test_work_of_two_projects_beyond_a_week_is_a_clash_in_words(sample: PlanSample) -> None:
    other, person = second_project(sample), add_person(sample, "林晓岚")
    give(sample, sample.project.id, "物料", person.id, 4 * 480)
    give(sample, other.id, "选品", person.id, 3 * 480)
    shown = portfolio(sample.session)
    assert [one.name for one in shown.people] == ["林晓岚"]
    (clash,) = shown.clashes
    assert (clash.week.monday, clash.week.planned, clash.week.available) == (date(2026, 8, 3), 7 * 480, 5 * 480)
    assert clash.week.over == 2 * 480
    assert [(one.name, one.minutes) for one in clash.tasks] == [("物料", 4 * 480), ("选品", 3 * 480)]
    assert clash_tasks_words(clash) == "物料 4天 + 选品 3天"
    words = clash_words(clash, shown)
    for part in ("林晓岚", "08-03", "08-09", sample.project.name, other.name):
        assert part in words


def test_work_that_fits_is_no_clash_and_one_project_alone_never_is(sample: PlanSample) -> None:
    other, busy, calm = second_project(sample), add_person(sample, "周航"), add_person(sample, "宋可")
    give(sample, sample.project.id, "甲", busy.id, 5 * 480)
    give(sample, sample.project.id, "乙", busy.id, 5 * 480)
    give(sample, sample.project.id, "丙", calm.id, 2 * 480)
    give(sample, other.id, "丁", calm.id, 3 * 480)
    shown = portfolio(sample.session)
    assert [one.name for one in shown.people] == ["宋可"]
    assert shown.clashes == ()


def test_an_event_on_a_saturday_gives_time_only_to_its_own_project(sample: PlanSample) -> None:
    other, event, person = second_project(sample), second_project(sample, "周六活动"), add_person(sample, "苏蔓")
    with sample.session.edit("活动") as edit:
        tables.projects.update(edit, event.id, direction=ScheduleDirection.BACKWARD, key_on=date(2026, 8, 15))
    give(sample, sample.project.id, "物料", person.id, 4 * 480)
    give(sample, other.id, "选品", person.id, 3 * 480)
    give(sample, event.id, "布展", person.id, 480)
    (found,) = portfolio(sample.session).people
    weeks = {week.monday: week for week in found.weeks}
    assert weeks[date(2026, 8, 3)].available == 5 * 480
    assert weeks[date(2026, 8, 10)].available == 6 * 480


def test_closed_projects_ask_for_nobody(sample: PlanSample) -> None:
    other, person = second_project(sample), add_person(sample, "林晓岚")
    give(sample, sample.project.id, "物料", person.id, 4 * 480)
    give(sample, other.id, "选品", person.id, 3 * 480)
    close_project(sample.session, other.id)
    shown = portfolio(sample.session)
    assert (shown.people, shown.clashes) == ((), ())
    span = shown.project(other.id)
    assert span is not None
    assert span.project.status is ProjectStatus.CLOSED


def test_a_project_spans_its_tasks_and_one_without_tasks_has_no_dates(sample: PlanSample) -> None:
    empty = second_project(sample)
    sample.add("物料", duration=960)
    shown = portfolio(sample.session)
    full, none = shown.project(sample.project.id), shown.project(empty.id)
    assert full is not None and none is not None  # noqa: PT018
    assert full.start is not None
    assert (none.start, none.finish, none.stages) == (None, None, ())
