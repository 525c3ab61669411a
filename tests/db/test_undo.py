"""Undo and redo: by name, after a restart, refused whole when rows changed since."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import journal, opening, tables
from qihua_desktop.domain.errors import UndoConflict, WorkspaceDamaged
from qihua_desktop.domain.history import EntryKind
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import LagKind, Link, LinkType
from tests.db import samples


def _conflicting(path: Path) -> tuple[opening.Workspace, bytes]:
    """Return a workspace whose newest edit was overwritten by something the journal does not hold in order."""
    workspace, _project = samples.make(path)
    task = tables.tasks.all(workspace)[0]
    samples.rename(workspace, task.id, "舞台搭建", "first")
    connection = workspace.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("UPDATE task SET name = '改过的名字' WHERE id = ?", (task.id,))
    connection.execute("PRAGMA query_only = ON")
    return workspace, task.id


def test_undo_restores_cascaded_rows_and_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace, project = samples.make(path)
    one, two, _three = tables.tasks.all(workspace)
    with workspace.edit(None, "link") as edit:
        link = Link(new_id(), project.id, one.id, two.id, LinkType.FS, 0, LagKind.WORKING)
        tables.links.insert(edit, link)
    before = samples.content(workspace)
    with workspace.edit(None, "Delete the project") as edit:
        tables.projects.delete(edit, project.id)
    assert tables.tasks.count(workspace) == 0
    workspace.close()
    workspace = opening.open_workspace(path)
    assert workspace.undo_label == "Delete the project"
    entry = workspace.undo()
    assert entry is not None
    assert (entry.kind, entry.label) == (EntryKind.UNDO, "Delete the project")
    assert samples.content(workspace) == before
    assert workspace.redo_label == "Delete the project"
    workspace.close()


def test_an_undo_that_would_overwrite_a_later_change_is_refused_by_name_with_nothing_done(tmp_path: Path) -> None:
    workspace, _task = _conflicting(tmp_path / "a.qihua")
    before, head = samples.content(workspace), workspace.head()
    with pytest.raises(UndoConflict) as caught:
        workspace.undo()
    assert caught.value.details == ("改过的名字",)
    assert (samples.content(workspace), workspace.head()) == (before, head)
    assert workspace.undo_label == "first"
    workspace.close()


def test_going_back_is_refused_by_name_when_another_projects_row_depends_on_it(tmp_path: Path) -> None:
    workspace, project = samples.make(tmp_path / "a.qihua", tasks=0)
    start = workspace.head()[0]
    parent, child = samples.new_task(project, "母任务"), samples.new_task(project, "子任务")
    with workspace.edit(None, "parent", project.id) as edit:
        tables.tasks.insert(edit, parent)
    with workspace.edit(None, "child") as edit:
        tables.tasks.insert(edit, child)
        tables.tasks.update(edit, child.id, parent_id=parent.id)
    before = samples.content(workspace)
    with pytest.raises(UndoConflict) as caught:
        workspace.return_to(start, None, "back", project.id)
    assert "子任务" in caught.value.details
    assert samples.content(workspace) == before
    workspace.return_to(start, None, "back")
    assert tables.tasks.count(workspace) == 0
    workspace.undo()
    assert samples.content(workspace) == before
    workspace.close()


def test_a_new_edit_ends_redo(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    task = tables.tasks.all(workspace)[0]
    samples.rename(workspace, task.id, "甲")
    workspace.undo()
    samples.rename(workspace, task.id, "乙")
    assert workspace.redo_label is None
    assert workspace.redo() is None
    workspace.close()


def test_undoing_an_entry_whose_content_is_damaged_says_so(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    connection = workspace.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("UPDATE journal SET changeset = x'0102030405'")
    connection.execute("PRAGMA query_only = ON")
    before = samples.content(workspace)
    with pytest.raises(WorkspaceDamaged):
        workspace.undo()
    with pytest.raises(WorkspaceDamaged):
        workspace.changes_of(1)
    assert samples.content(workspace) == before
    assert not workspace.editing
    workspace.close()


def test_an_edit_that_changes_nothing_leaves_no_entry(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    task = tables.tasks.all(workspace)[0]
    head = workspace.head()
    edit = samples.rename(workspace, task.id, task.name)
    assert (workspace.head(), edit.entry, edit.changed) == (head, None, frozenset())
    workspace.close()


def test_listeners_hear_exactly_the_changed_rows(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    task = tables.tasks.all(workspace)[0]
    heard: list[frozenset[tuple[str, bytes]]] = []
    end = workspace.subscribe(heard.append)
    samples.rename(workspace, task.id, "甲")
    workspace.undo()
    end()
    workspace.redo()
    assert heard == [frozenset({("task", task.id)})] * 2
    workspace.close()


def test_the_history_tells_what_changed_from_what_to_what(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    task = tables.tasks.all(workspace)[0]
    samples.rename(workspace, task.id, "舞台搭建", "改名")
    entry = workspace.history(limit=1)[0]
    (change,) = workspace.changes_of(entry.seq)
    assert (entry.label, change.table) == ("改名", "task")
    assert [(one.field, one.old, one.new) for one in change.fields] == [("name", "任务 0", "舞台搭建")]
    assert journal.verify_chain(workspace.connection) == []
    workspace.close()
