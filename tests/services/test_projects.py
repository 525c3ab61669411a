"""Projects made from templates, their stages, gates, lists and templates made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.plan import DONE, LinkType, day_of, last_day_of
from qihua_desktop.domain.project import GateKind, ProjectKind, ProjectStatus
from qihua_desktop.domain.workflow import read_workflow, workflow_data
from qihua_desktop.services import documents, projects, risks, stages, templates
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import EVENT_DAY, event_project, fresh_session, new_project, person


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


@pytest.mark.parametrize("kind", list(ProjectKind))
def test_every_template_that_ships_makes_a_project(session: Session, kind: ProjectKind) -> None:
    made = projects.create_project(session, new_project(kind))
    workflow = templates.load_built_in(kind.value)
    found = tables.tasks.all(session.workspace, project_id=made.id)
    assert len(found) == len(workflow.tasks) + len(workflow.stages)
    assert [stage.name for stage in stages.stages(session, made.id)] == [stage.name for stage in workflow.stages]
    assert made.stage_id == stages.stages(session, made.id)[0].id
    assert tables.budgets.all(session.workspace, project_id=made.id)[0].total == 60_000_000
    categories = [
        line for line in tables.budget_lines.all(session.workspace, project_id=made.id) if line.parent_id is None
    ]
    assert sum(line.amount for line in categories) == 60_000_000


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("kind", list(ProjectKind))
def test_a_template_survives_being_written_and_read(kind: ProjectKind, english: bool, use_language: object) -> None:
    assert callable(use_language)
    use_language("en" if english else "zh_CN")
    workflow = templates.load_built_in(kind.value)
    assert read_workflow(workflow_data(workflow)) == workflow
    texts = [workflow.name, *(task.name for task in workflow.tasks), *(risk.name for risk in workflow.risks)]
    assert all(any("\u4e00" <= char <= "\u9fff" for char in text) is not english for text in texts)


def test_a_backward_plan_ends_on_the_event_day_and_starts_as_late_as_links_allow(session: Session) -> None:
    made = event_project(session)
    tasks = {task.name: task for task in tables.tasks.all(session.workspace, project_id=made.id)}
    day = tasks["活动日：签到 / 环节 / 应急"]
    assert day_of(day.start) == EVENT_DAY
    rehearsal = tasks["现场彩排"]
    assert last_day_of(rehearsal.start, rehearsal.finish) == date(2026, 9, 18)
    review = tasks["活动复盘报告（2 日内）"]
    assert day_of(review.start) == date(2026, 9, 21), "20 September 2026 is a make-up workday"
    for link in tables.links.all(session.workspace, project_id=made.id):
        before = tables.tasks.get(session.workspace, link.predecessor_id)
        after = tables.tasks.get(session.workspace, link.successor_id)
        if link.type is LinkType.FS and link.lag == 0:
            assert after.start >= before.finish or after.milestone


def test_the_preview_shows_the_dates_the_project_gets(session: Session) -> None:
    preview = projects.preview_template(session, new_project())
    made = event_project(session)
    rows = tables.tasks.all(session.workspace, project_id=made.id)
    assert preview.start == day_of(min(task.start for task in rows))
    assert preview.warnings == ()
    assert [stage.name for stage in preview.stages] == [stage.name for stage in stages.stages(session, made.id)]


def test_an_event_too_soon_is_said_to_need_an_earlier_start(session: Session) -> None:
    soon = replace(new_project(), key_on=date(2026, 8, 8))
    warnings = projects.preview_template(session, soon).warnings
    assert "2026-08-08" in warnings[0]


def test_a_plan_beyond_the_announced_holidays_is_warned_of(session: Session) -> None:
    later = replace(new_project(ProjectKind.BRAND), key_on=date(2027, 3, 1))
    assert any("放假安排" in warning for warning in projects.preview_template(session, later).warnings)


def test_creating_a_project_is_one_undo_step(session: Session) -> None:
    entries = session.workspace.head()[0]
    event_project(session)
    assert session.workspace.head()[0] == entries + 1
    session.undo()
    assert tables.projects.count(session.workspace) == 0
    assert tables.tasks.count(session.workspace) == 0
    session.redo()
    assert tables.projects.count(session.workspace) == 1


def test_owners_are_found_by_role_and_department(session: Session) -> None:
    finance = person(session, "何静", Department.FINANCE, Role.REVIEWER)
    made = event_project(session)
    tasks = {task.name: task for task in tables.tasks.all(session.workspace, project_id=made.id)}
    assert tasks["预算审批（财务部）"].owner_id == finance.id
    assert tasks["物料设计与制作"].owner_text == "设计部"
    assert tasks["现场彩排"].owner_text == "全员"


def test_document_numbers_count_up_per_year(session: Session) -> None:
    first, second = event_project(session), event_project(session, name="二")
    assert (first.number, second.number) == ("QH-2026-0001", "QH-2026-0002")


def test_a_stage_cannot_be_left_while_something_is_missing(session: Session) -> None:
    made = event_project(session)
    with pytest.raises(RuleError) as refused:
        stages.move_stage_on(session, made.id)
    assert any("销售部客户痛点反馈" in line for line in refused.value.details)
    assert projects.project(session, made.id).stage_id == made.stage_id


def test_a_stage_is_left_when_its_gate_is_met_and_undo_brings_it_back(session: Session) -> None:
    made = event_project(session)
    first, second = stages.stages(session, made.id)[:2]
    with session.edit("done", made.id) as edit:
        for task in tables.tasks.all(edit, project_id=made.id, stage_id=first.id):
            tables.tasks.update(edit, task.id, progress=DONE)
    manual = next(item for item in tables.gate_items.all(session.workspace, stage_id=first.id)
                  if item.kind is GateKind.MANUAL)  # fmt: skip
    stages.confirm_gate_item(session, manual.id, confirmed=True)
    stages.move_stage_on(session, made.id)
    assert projects.project(session, made.id).stage_id == second.id
    assert stages.stage_overview(session, made.id)[0].is_done
    session.undo()
    assert projects.project(session, made.id).stage_id == first.id
    session.redo()
    stages.move_stage_back(session, made.id)
    assert projects.project(session, made.id).stage_id == first.id


def test_a_saved_template_makes_the_same_plan_again(session: Session) -> None:
    made = event_project(session)
    stored = templates.save_as_template(session, made.id, "门店快闪")
    info = next(one for one in templates.list_templates(session) if not one.built_in)
    assert (info.name, info.kind, info.stages) == ("门店快闪", ProjectKind.EVENT, 5)
    again = projects.create_project(session, replace(new_project(name="复制"), template_key=info.key))
    first = tables.tasks.all(session.workspace, project_id=made.id)
    second = tables.tasks.all(session.workspace, project_id=again.id)
    assert sorted((t.name, t.start, t.finish, t.duration) for t in first) == sorted(
        (t.name, t.start, t.finish, t.duration) for t in second
    )
    templates.rename_template(session, info.key, "改名")
    assert templates.load_template(session, info.key).name == "改名"
    templates.delete_template(session, info.key)
    with pytest.raises(InputError):
        templates.load_template(session, info.key)
    assert stored.kind is ProjectKind.EVENT


def test_deleting_a_project_takes_everything_along_and_undo_restores_all(session: Session) -> None:
    made = event_project(session)
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    projects.delete_project(session, made.id)
    assert tables.tasks.count(session.workspace) == tables.gate_items.count(session.workspace) == 0
    session.undo()
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


def test_a_project_without_a_name_is_refused(session: Session) -> None:
    with pytest.raises(InputError):
        projects.create_project(session, new_project(name="  "))
    assert tables.projects.count(session.workspace) == 0


def test_hostile_names_are_kept_to_the_letter(session: Session) -> None:
    for name in ("<img src=x>", "</b>年会", "=cmd|' /C calc'!A0", "\u202eabc", "🎪𬭼", "长" * 10_000):
        made = projects.create_project(session, new_project(name=name, total=100))
        assert projects.project(session, made.id).name == name
    with pytest.raises(InputError):
        projects.create_project(session, new_project(name="长" * 10_001))


def test_status_changes_show_in_the_list(session: Session) -> None:
    made = event_project(session)
    projects.close_project(session, made.id)
    assert projects.project_summaries(session)[0].project.status is ProjectStatus.CLOSED
    projects.reopen_project(session, made.id)
    projects.cancel_project(session, made.id)
    assert projects.project(session, made.id).status is ProjectStatus.CANCELLED


def test_files_attached_to_documents_come_back_byte_for_byte(session: Session, tmp_path: Path) -> None:
    made = event_project(session)
    file = tmp_path / "方案.bin"
    file.write_bytes(bytes(range(256)) * 300)
    document = documents.documents(session, made.id)[0]
    kept = documents.attach_file(session, document.id, file)
    assert documents.attachment_bytes(session, kept.id) == file.read_bytes()
    assert documents.documents(session, made.id)[0].produced_ms is not None
    documents.detach(session, kept.id)
    assert documents.documents(session, made.id)[0].attachment_id is None
    session.undo()
    assert documents.attachment_bytes(session, kept.id) == file.read_bytes()
    with pytest.raises(InputError):
        documents.attach_file(session, document.id, tmp_path / "missing.pdf")


def test_risks_keep_their_order(session: Session) -> None:
    made = event_project(session)
    added = risks.add_risk(session, made.id, "嘉宾航班延误")
    risks.move_risk(session, added.id, -10)
    risks.update_risk(session, added.id, contingency="播放提前录制的视频")
    names = [risk.name for risk in risks.risks(session, made.id)]
    assert names[0] == "嘉宾航班延误"
    assert len(names) == 4
    risks.delete_risk(session, added.id)
    assert "嘉宾航班延误" not in [risk.name for risk in risks.risks(session, made.id)]
