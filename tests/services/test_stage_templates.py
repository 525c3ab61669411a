"""Stages as templates: kept with their inner links, put into another plan by working days, one step each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import LinkType
from qihua_desktop.domain.project import Project
from qihua_desktop.services import plan, templates
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.stage_templates import delete_stage_template, insert_stage, save_stage, stage_templates
from tests.services.plan_samples import PlanSample, add_person, open_sample, text


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    yield found
    found.session.workspace.close()


def lay(sample: PlanSample) -> EntityId:
    """Lay a stage with nested rows, inner links and one from outside; return its summary."""
    sample.add("立项", duration=480)
    head = sample.add("物料")
    sample.add("设计", parent_id=head, duration=960)
    sample.add("打样", parent_id=head, duration=480)
    group = sample.add("生产", parent_id=head)
    sample.add("印刷", parent_id=group, duration=1440)
    sample.link("立项", "设计")
    sample.link("设计", "打样")
    sample.link("打样", "印刷", LinkType.FS, 480)
    return head


def other_project(sample: PlanSample) -> Project:
    """Add an empty project to the workspace."""
    other = replace(sample.project, id=new_id(), number="QH-2026-0002", name="会员品鉴会")
    with sample.session.edit("项目") as edit:
        tables.projects.insert(edit, other)
    return other


def dates(sample: PlanSample, project: Project) -> dict[str, tuple[str, str]]:
    """Return starts and finishes by name."""
    state = plan_state(sample.session, project.id)
    return {task.name: (text(state.start(task.id)), text(state.finish(task.id))) for task in state.tasks.values()}


def test_a_stage_comes_back_with_its_inner_links_from_the_chosen_day(sample: PlanSample) -> None:
    head, other = lay(sample), other_project(sample)
    kept = save_stage(sample.session, sample.project.id, head, "物料制作")
    assert (kept.name, kept.tasks) == ("物料制作", 4)
    before = sample.content()
    insert_stage(sample.session, other.id, kept.id, date(2026, 9, 28))
    assert dates(sample, other) == {
        "物料": ("09-28 09:00", "10-12 18:00"),
        "设计": ("09-28 09:00", "09-29 18:00"),
        "打样": ("09-30 09:00", "09-30 18:00"),
        "生产": ("10-09 09:00", "10-12 18:00"),
        "印刷": ("10-09 09:00", "10-12 18:00"),
    }
    assert len(tables.links.all(sample.session.workspace, project_id=other.id)) == 2
    sample.session.undo()
    assert sample.content() == before


def test_what_began_later_by_itself_keeps_its_working_days(sample: PlanSample) -> None:
    head = sample.add("筹备")
    sample.add("甲", parent_id=head, duration=480)
    sample.add("乙", parent_id=head, duration=480)
    plan.move_by_days(sample.session, sample.project.id, (sample.ids["乙"],), 3)
    other = other_project(sample)
    kept = save_stage(sample.session, sample.project.id, head, "筹备")
    insert_stage(sample.session, other.id, kept.id, date(2026, 9, 11))
    found = dates(sample, other)
    assert (found["甲"][0], found["乙"][0]) == ("09-11 09:00", "09-16 09:00")


def test_owners_come_along_while_they_are_here(sample: PlanSample) -> None:
    head, person = lay(sample), add_person(sample, "苏蔓")
    plan.set_owner(sample.session, sample.project.id, (sample.ids["设计"],), person.id)
    plan.set_progress(sample.session, sample.project.id, (sample.ids["设计"],), 10_000)
    kept = save_stage(sample.session, sample.project.id, head, "物料")
    other = other_project(sample)
    insert_stage(sample.session, other.id, kept.id, date(2026, 9, 28))
    task = next(one for one in tables.tasks.all(sample.session.workspace, project_id=other.id) if one.name == "设计")
    assert (task.owner_id, task.progress, task.actual_start) == (person.id, 0, None)


def test_it_is_put_behind_the_chosen_row_and_is_no_workflow_of_a_project(sample: PlanSample) -> None:
    head = lay(sample)
    flows = [one.key for one in templates.list_templates(sample.session)]
    kept = save_stage(sample.session, sample.project.id, head, "物料")
    assert [one.key for one in templates.list_templates(sample.session)] == flows
    insert_stage(sample.session, sample.project.id, kept.id, date(2026, 9, 28), sample.ids["立项"])
    state = sample.state
    assert [state.tasks[row.id].name for row in state.outline if row.level == 0] == ["立项", "物料", "物料"]


def test_rows_without_tasks_below_and_templates_that_are_gone_are_refused(sample: PlanSample) -> None:
    head = lay(sample)
    with pytest.raises(InputError):
        save_stage(sample.session, sample.project.id, sample.ids["立项"], "立项")
    kept = save_stage(sample.session, sample.project.id, head, "物料")
    delete_stage_template(sample.session, kept.id)
    assert stage_templates(sample.session) == ()
    with pytest.raises(InputError):
        insert_stage(sample.session, sample.project.id, kept.id, date(2026, 9, 28))
