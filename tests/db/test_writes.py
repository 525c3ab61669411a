"""Nothing is written outside an edit, whoever tries, and an edit that fails leaves nothing."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import apsw
import pytest

from db import opening, tables
from db.workspace import Workspace
from qihua_desktop.domain.errors import ReadOnlyWorkspace, WorkspaceLocked
from tests.db import samples

_ATTEMPTS = (
    "INSERT INTO setting (id, key, value) VALUES (zeroblob(16), 'a', 'b')",
    "UPDATE task SET name = ''",
    "DELETE FROM task",
    "DELETE FROM journal",
    "UPDATE meta SET value = ''",
    "DROP TABLE task",
    "CREATE TABLE other (a)",
    "PRAGMA user_version = 9",
)


def _attempt_everything(workspace: Workspace) -> None:
    for statement in _ATTEMPTS:
        with pytest.raises(apsw.Error):
            workspace.connection.execute(statement)


def _edit_and_fail(workspace: Workspace) -> None:
    with workspace.edit(None, "fails") as edit:
        tables.tasks.update(edit, tables.tasks.all(workspace)[0].id, name="halb")
        raise ZeroDivisionError


def _edit_inside_an_edit(workspace: Workspace) -> None:
    with workspace.edit(None, "outer") as edit:
        tables.tasks.update(edit, tables.tasks.all(workspace)[0].id, name="outer")
        with workspace.edit(None, "inner"):
            pass


@pytest.fixture
def workspace(tmp_path: Path) -> Any:
    made, _project = samples.make(tmp_path / "a.qihua")
    yield made
    made.close()


def test_the_connection_refuses_writes_outside_an_edit(workspace: Workspace) -> None:
    before = samples.content(workspace)
    _attempt_everything(workspace)
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "甲")
    workspace.undo()
    _attempt_everything(workspace)
    assert samples.content(workspace) == before


def test_a_fresh_thread_and_a_sibling_refuse_writes_outside_an_edit(workspace: Workspace) -> None:
    failures: list[BaseException] = []

    def attempt() -> None:
        try:
            _attempt_everything(workspace)
            other = workspace.sibling()
            _attempt_everything(other)
            other.close()
        except BaseException as error:
            failures.append(error)

    before = samples.content(workspace)
    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert failures == []
    assert samples.content(workspace) == before


def test_writes_are_refused_again_after_an_edit_that_raised(workspace: Workspace) -> None:
    before, head = samples.content(workspace), workspace.head()
    with pytest.raises(ZeroDivisionError):
        _edit_and_fail(workspace)
    _attempt_everything(workspace)
    assert (samples.content(workspace), workspace.head()) == (before, head)
    assert not workspace.editing


def test_an_edit_inside_an_edit_is_a_bug_that_keeps_nothing(workspace: Workspace) -> None:
    before = samples.content(workspace)
    with pytest.raises(RuntimeError):
        _edit_inside_an_edit(workspace)
    assert samples.content(workspace) == before


def test_what_a_sibling_writes_is_heard_and_can_be_undone(workspace: Workspace) -> None:
    task = tables.tasks.all(workspace)[0]
    heard: list[frozenset[tuple[str, bytes]]] = []
    workspace.subscribe(heard.append)

    def work() -> None:
        other = workspace.sibling()
        changed.append(samples.rename(other, task.id, "导入", "Import").changed)
        other.close()

    changed: list[frozenset[tuple[str, bytes]]] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    workspace.absorb(changed[0])
    assert heard == [frozenset({("task", task.id)})]
    assert workspace.undo_label == "Import"
    workspace.undo()
    assert tables.tasks.get(workspace, task.id) == task


def test_two_edits_at_once_are_told_apart_in_words(workspace: Workspace) -> None:
    other = workspace.sibling()
    other.connection.set_busy_timeout(10)
    with workspace.edit(None, "long"), pytest.raises(WorkspaceLocked), other.edit(None, "meanwhile"):
        pass
    other.close()


def test_a_viewer_cannot_edit(workspace: Workspace) -> None:
    viewer = opening.open_workspace(workspace.path, read_only=True)
    with pytest.raises(ReadOnlyWorkspace), viewer.edit(None, "no"):
        pass
    _attempt_everything(viewer)
    viewer.connection.execute("PRAGMA query_only = OFF")
    with pytest.raises(apsw.ReadOnlyError):
        viewer.connection.execute("DELETE FROM task")
    viewer.close()
