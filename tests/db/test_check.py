"""The check finds what is wrong, says it in words, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import check, compaction, opening, tables
from db.check import FindingKind
from db.workspace import Workspace
from qihua_desktop.domain.errors import ReadOnlyWorkspace
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.project import Attachment
from tests.db import samples


def _tamper(workspace: Workspace, *statements: str) -> None:
    connection = workspace.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA query_only = ON")


@pytest.mark.parametrize(
    ("kind", "statements"),
    [
        (FindingKind.REFERENCES, ("DELETE FROM project",)),
        (FindingKind.JOURNAL, ("UPDATE journal SET label = 'x'",)),
        (FindingKind.ATTACHMENT, ("UPDATE blob SET data = x'00'",)),
        (FindingKind.ATTACHMENT, ("DELETE FROM blob",)),
        (FindingKind.IDENTITY, ("PRAGMA application_id = 1",)),
        (FindingKind.SCHEMA, ("DROP TRIGGER journal_no_update",)),
        (FindingKind.SCHEMA, ("CREATE TABLE other (a)",)),
    ],
)
def test_each_kind_of_harm_is_found(tmp_path: Path, kind: FindingKind, statements: tuple[str, ...]) -> None:
    workspace, project = samples.make(tmp_path / "a.qihua")
    with workspace.edit(None, "attach") as edit:
        sha256 = edit.add_blob(samples.SCAN)
        scan = Attachment(new_id(), project.id, None, "合同.pdf", "application/pdf", 16, sha256, 0)
        tables.attachments.insert(edit, scan)
    assert check.check_workspace(workspace) == ()
    _tamper(workspace, *statements)
    found = check.check_workspace(workspace)
    assert {one.kind for one in found} == {kind}
    assert all(one.text for one in found)
    workspace.close()


def test_checking_a_closed_file_changes_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    samples.make(path)[0].close()
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert check.check_file(path) == ()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.qihua"]


def test_a_damaged_structure_is_told_by_the_quick_and_the_full_check(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace, _project = samples.make(path, tasks=300)
    file = workspace.file
    assert check.quick_check(file) == ()
    workspace.close()
    whole = bytearray(path.read_bytes())
    for page in range(3, len(whole) // 4096, 2):
        whole[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(whole)
    assert check.quick_check(file)
    assert check.check_file(path)


def test_the_weekly_check_is_due_when_none_was_recorded_for_a_week(tmp_path: Path) -> None:
    moment = 1_789_000_000_000
    workspace, _project = samples.make(tmp_path / "a.qihua", clock=lambda: moment)
    before = samples.content(workspace), workspace.head()
    assert check.weekly_check_due(workspace)
    check.record_check(workspace)
    assert not check.weekly_check_due(workspace)
    moment += check.WEEK_MS - 1
    assert not check.weekly_check_due(workspace)
    moment += 1
    assert check.weekly_check_due(workspace)
    assert (samples.content(workspace), workspace.head()) == before
    viewer = opening.open_workspace(workspace.path, read_only=True)
    check.record_check(viewer)
    assert check.weekly_check_due(viewer)
    viewer.close()
    workspace.close()


def test_compacting_drops_only_what_neither_a_row_nor_the_journal_mentions(tmp_path: Path) -> None:
    workspace, project = samples.make(tmp_path / "a.qihua")
    with workspace.edit(None, "attach") as edit:
        kept = edit.add_blob(b"kept" * 50_000)
        scan = Attachment(new_id(), project.id, None, "合同.pdf", "application/pdf", 16, kept, 0)
        tables.attachments.insert(edit, scan)
        removed_later = edit.add_blob(b"undo" * 50_000)
        gone = Attachment(new_id(), project.id, None, "旧.pdf", "application/pdf", 16, removed_later, 0)
        tables.attachments.insert(edit, gone)
        in_text = edit.add_blob(b"logo")
        tables.tasks.update(edit, tables.tasks.all(workspace)[0].id, notes=f'{{"logo": "{in_text}"}}')
        orphan = edit.add_blob(b"orphan" * 50_000)
    with workspace.edit(None, "delete") as edit:
        tables.attachments.delete(edit, gone.id)
    before = samples.content(workspace), workspace.history()
    result = compaction.compact(workspace)
    assert result.blobs_removed == 1
    assert result.saved >= 290_000
    assert result.after == workspace.path.stat().st_size
    assert (samples.content(workspace), workspace.history()) == before
    for sha256 in (kept, removed_later, in_text):
        assert workspace.blob(sha256)
    with pytest.raises(LookupError):
        workspace.blob(orphan)
    workspace.undo()
    assert check.check_workspace(workspace) == ()
    assert compaction.compact(workspace).blobs_removed == 0
    workspace.close()


def test_a_viewer_does_not_compact(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    viewer = opening.open_workspace(workspace.path, read_only=True)
    with pytest.raises(ReadOnlyWorkspace):
        compaction.compact(viewer)
    viewer.close()
    workspace.close()
