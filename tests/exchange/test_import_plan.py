"""Importing real plans as projects: one edit, an honest list of differences, dates kept on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.plan import TaskMode
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.exchange.mspdi import read_mspdi
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.session import Session
from tests.corpus import corpus_files
from tests.services.workspace_samples import fresh_session

FILES = [*corpus_files("gantt/mspdi_from_mpp", "*.xml"), *corpus_files("gantt/mspdi_native", "*.xml")]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_real_plan_becomes_a_project_and_is_undone_whole(path: Path, session: Session) -> None:
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    entries = session.workspace.head()[0]
    report = import_plan(session, path.read_bytes(), "导入")
    assert session.workspace.head()[0] == entries + 1
    plan = read_mspdi(path.read_bytes())
    stored = tables.tasks.all(session.workspace, project_id=report.project.id)
    assert [task.name for task in sorted(stored, key=lambda one: one.external_ref)] == [
        task.name for task in sorted(plan.tasks, key=lambda one: one.external_ref)
    ]
    assert tables.links.count(session.workspace, project_id=report.project.id) == len(plan.links)
    state = plan_state(session, report.project.id)
    assert all(state.start(task.id) == task.start and state.finish(task.id) == task.finish for task in stored)
    session.undo()
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_kept_dates_are_the_files_dates(path: Path, session: Session) -> None:
    report = import_plan(session, path.read_bytes(), "导入", keep_dates=True)
    by_name = {difference.name: difference for difference in report.differences}
    for task in tables.tasks.all(session.workspace, project_id=report.project.id):
        if task.mode is TaskMode.PINNED and task.name in by_name:
            same = [one for one in report.differences if one.name == task.name]
            assert (task.start, task.finish) in [(one.file_start, one.file_finish) for one in same]
    assert all(difference.kept and difference.name in difference.words() for difference in report.differences)


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
def test_a_file_cut_anywhere_is_refused_with_nothing_stored(session: Session) -> None:
    content = FILES[0].read_bytes()
    head = session.workspace.head()
    for part in range(1, 20):
        with pytest.raises(QihuaError):
            import_plan(session, content[: len(content) * part // 20], "半个")
    assert session.workspace.head() == head
