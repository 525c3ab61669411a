"""Plan files in the Gantt window: imported with a report, exported in every format, refused without harm."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

import ui.common.dialogs as dialogs
from db import tables
from qihua_desktop.domain.plan import TaskMode
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.exchange.read_plan import read_plan
from qihua_desktop.services.plan_edit import delete_tasks, rename_task
from ui.common.plan_import_dialog import PlanImportDialog
from ui.gantt.plan_files import EXPORTS

from .conftest import Window

_DIFFERENT = """<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project"><Title>搬迁</Title>
<StartDate>2026-08-03T09:00:00</StartDate><FinishDate>2026-08-07T18:00:00</FinishDate><MinutesPerDay>480</MinutesPerDay>
<Tasks><Task><UID>1</UID><ID>1</ID><Name>打包 &lt;b&gt;</Name><OutlineLevel>1</OutlineLevel>
<Start>2026-08-03T09:00:00</Start><Finish>2026-08-03T18:00:00</Finish><Duration>PT8H0M0S</Duration></Task>
<Task><UID>2</UID><ID>2</ID><Name>运输</Name><OutlineLevel>1</OutlineLevel><Start>2026-08-06T09:00:00</Start>
<Finish>2026-08-06T18:00:00</Finish><Duration>PT8H0M0S</Duration><Cost>12</Cost>
<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink></Task></Tasks></Project>"""


def _jobs_done(window: Window) -> None:
    window.qtbot.waitUntil(lambda: not window.page.context.jobs.running)


@pytest.mark.parametrize("suffix", EXPORTS)
def test_the_plan_is_exported_in_every_format(window: Window, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"计划.{suffix}"
    with dialogs.scripted([target]):
        window.page.commands.actions.trigger(f"gantt.export_{suffix}")
        _jobs_done(window)
    content = target.read_bytes()
    names = [row.name for row in window.page.view_rows()]
    if suffix == "png":
        image = QImage.fromData(content)
        assert image.width() > 600
    elif suffix == "svg":
        words = [text.text for text in ElementTree.fromstring(content).iter() if text.tag.endswith("}text")]
        assert set(names) <= set(words)
    elif suffix == "ics":
        assert content.count(b"BEGIN:VEVENT") == len(names)
    else:
        assert [task.name for task in read_plan(content).tasks] == names


def test_names_are_literal_in_a_picture(window: Window, tmp_path: Path) -> None:
    name = "<script>&\"' ]]> \u202e"
    rename_task(window.sample.session, window.sample.project.id, window.page.view_rows()[0].id, name)
    target = tmp_path / "图.svg"
    with dialogs.scripted([target]):
        window.page.commands.actions.trigger("gantt.export_svg")
        _jobs_done(window)
    root = ElementTree.fromstring(target.read_bytes())
    assert any((text.text or "").startswith("<script>&") for text in root.iter() if text.tag.endswith("}text"))
    assert not [one for one in root.iter() if one.tag.endswith("script")]


@pytest.mark.parametrize("keep", [False, True])
def test_a_file_becomes_a_new_project_with_its_report(window: Window, tmp_path: Path, *, keep: bool) -> None:
    path = tmp_path / "计划.dat"
    path.write_text(_DIFFERENT, encoding="utf-8")
    seen: list[str] = []

    def choose(dialog: PlanImportDialog) -> bool:
        seen.extend((dialog.name(), dialog.left_out.toPlainText(), dialog.table.table_text()))
        (dialog.kept if keep else dialog.computed).setChecked(True)
        dialog.name_field.setText("搬迁计划")
        dialog.kind_field.setCurrentIndex(dialog.kind_field.findData(ProjectKind.EVENT))
        return True

    session = window.sample.session
    entries = session.workspace.head()[0]
    with dialogs.scripted([path, choose]):
        window.page.commands.actions.trigger("gantt.import")
        window.qtbot.waitUntil(lambda: len(seen) == 3 and not window.page.context.jobs.running)
    assert seen[0] == "搬迁"
    assert seen[1]
    assert "运输" in seen[2]
    assert session.workspace.head()[0] == entries + 1
    project = next(one for one in tables.projects.all(session.workspace) if one.name == "搬迁计划")
    assert project.kind is ProjectKind.EVENT
    assert window.page.context.project_id == project.id
    tasks = {task.name: task for task in tables.tasks.all(session.workspace, project_id=project.id)}
    assert tasks["运输"].mode is (TaskMode.PINNED if keep else TaskMode.AUTO)
    assert "打包 <b>" in tasks


def test_a_file_fills_an_empty_project_and_undo_empties_it(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "计划.xml"
    path.write_text(_DIFFERENT, encoding="utf-8")
    session, project = window.sample.session, window.sample.project
    ids = tuple(row.id for row in window.page.view_rows())
    delete_tasks(session, project.id, ids)
    window.qtbot.waitUntil(lambda: not window.page.view_rows())
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    with dialogs.scripted([path, True]):
        window.page.commands.files.import_here()
        window.qtbot.waitUntil(lambda: len(window.page.view_rows()) == 2)
    assert {row.name for row in window.page.view_rows()} == {"打包 <b>", "运输"}
    session.undo()
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


def test_a_project_with_tasks_is_never_imported_into(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "计划.xml"
    path.write_text(_DIFFERENT, encoding="utf-8")
    head = window.sample.session.workspace.head()
    with dialogs.scripted([path]) as seen:
        window.page.commands.files.import_here()
        window.qtbot.waitUntil(lambda: len(seen) == 2)
    assert window.sample.session.workspace.head() == head


def test_a_damaged_file_is_refused_and_a_question_about_dates_asked(window: Window, tmp_path: Path) -> None:
    broken, table = tmp_path / "坏.xml", tmp_path / "表.csv"
    broken.write_text(_DIFFERENT[:300], encoding="utf-8")
    table.write_text("任务,开始,工期\n布展,03/04/2026,1\n", encoding="utf-8")
    head = window.sample.session.workspace.head()
    with dialogs.scripted([broken]) as seen:
        window.page.commands.files.import_new()
        window.qtbot.waitUntil(lambda: len(seen) == 2)
    assert window.sample.session.workspace.head() == head
    with dialogs.scripted([table, "month", True]) as seen:
        window.page.commands.files.import_new()
        window.qtbot.waitUntil(lambda: len(seen) == 3 and not window.page.context.jobs.running)
    assert [kind for kind, _text in seen] == ["open", "choose", "form"]
    project = next(one for one in tables.projects.all(window.sample.session.workspace) if one.name == "表")
    assert project.key_on.isoformat() == "2026-03-04"
