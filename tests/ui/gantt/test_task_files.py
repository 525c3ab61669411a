"""Files and required documents of the selected task in the Gantt window."""

from __future__ import annotations

from pathlib import Path

import ui.common.dialogs as dialogs
from db import tables
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.people import Role
from qihua_desktop.domain.project import ProjectDocument, Stage
from qihua_desktop.services import documents, plan
from tests.ui.gantt.conftest import Window
from ui.gantt.task_files import FileLine, size_words

HOSTILE = "=cmd|' <img src=x> \u202e报价.txt"


def test_a_file_is_attached_saved_and_removed_in_single_steps(window: Window, tmp_path: Path) -> None:
    window.page.set_details(shown=True)
    window.select("策划")
    files = window.page.inspector.files
    source = tmp_path / HOSTILE
    source.write_bytes(b"12345")
    with dialogs.scripted([source]):
        files.attach()
    assert files.names() == (HOSTILE,)
    target = tmp_path / "copy.txt"
    line = files.findChild(FileLine)
    assert line is not None
    window.sample.session.undo()
    assert files.names() == ()
    window.sample.session.redo()
    (kept,) = documents.attachments(window.sample.session, window.sample.ids["策划"])
    files.open_folder = lambda _folder: None
    with dialogs.scripted([target]):
        files.save(kept.id, kept.name)
    assert target.read_bytes() == b"12345"
    files.detach(kept)
    assert files.names() == ()


def test_files_belong_to_the_selected_task_alone(window: Window, tmp_path: Path) -> None:
    window.page.set_details(shown=True)
    source = tmp_path / "清单.xlsx"
    source.write_bytes(b"x")
    documents.attach_to(window.sample.session, window.sample.project.id, window.sample.ids["调研"], source)
    files = window.page.inspector.files
    window.select("策划")
    assert files.names() == ()
    window.select("调研")
    assert files.names() == ("清单.xlsx",)


def test_documents_of_the_stage_are_shown_with_their_state(window: Window) -> None:
    session, project = window.sample.session, window.sample.project
    stage = Stage(new_id(), project.id, 0, "prepare", "筹备", Role.MANAGER, None, "", 0, None, None)
    made = ProjectDocument(new_id(), project.id, stage.id, 0, "plan", "活动策划案", None, None, None)
    other = ProjectDocument(new_id(), project.id, None, 1, "report", "总结报告", None, None, None)
    with session.edit("阶段") as edit:
        tables.stages.insert(edit, stage)
        tables.project_documents.insert_many(edit, (made, other))
    plan.set_fields(session, project.id, window.sample.ids["策划"], stage_id=stage.id)
    window.page.set_details(shown=True)
    window.select("策划")
    files = window.page.inspector.files
    assert files.required_documents() == (("活动策划案", False),)
    documents.mark_produced(session, made.id, produced=True)
    assert files.required_documents() == (("活动策划案", True),)
    window.select("调研")
    assert files.required_documents() == ()


def test_sizes_are_short() -> None:
    assert [size_words(size) for size in (0, 1_499, 999_999, 3_400_000)] == ["1 KB", "1 KB", "1000 KB", "3.4 MB"]
