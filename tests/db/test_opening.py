"""What may be opened, what is refused in which words, and that a refused file is never touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from db import backup, copies, opening, tables
from db.connection import APPLICATION_ID, WorkspaceFile, connect_for_writing, require_engine
from db.migrations import SCHEMA_VERSION
from db.opening import FileKind, inspect
from qihua_desktop.domain.errors import (
    NewerWorkspace,
    NotAWorkspace,
    QihuaError,
    ReadOnlyWorkspace,
    StorageError,
    WorkspaceDamaged,
    WorkspaceLocked,
)
from tests.db import samples

ROOT = Path(__file__).resolve().parents[2]
Fingerprint = tuple[bytes, int, list[str]]


def _fingerprint(path: Path) -> Fingerprint:
    """Return bytes, time of change and the names beside a file."""
    return path.read_bytes(), path.stat().st_mtime_ns, sorted(one.name for one in path.parent.iterdir())


def _closed(path: Path, tasks: int = 3) -> Path:
    workspace, _project = samples.make(path, tasks)
    workspace.close()
    return path


def test_the_engine_is_free_of_the_wal_reset_defect() -> None:
    require_engine()


def test_a_created_workspace_carries_marks_version_and_pragmas(tmp_path: Path) -> None:
    workspace = opening.create_workspace(tmp_path / "年会 2026.qihua")
    connection = workspace.connection
    values = {
        name: connection.pragma(name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check",
                     "secure_delete", "temp_store", "recursive_triggers", "application_id", "user_version")
    }  # fmt: skip
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "recursive_triggers": 1,
        "application_id": APPLICATION_ID,
        "user_version": SCHEMA_VERSION,
    }
    assert connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, -1) == 1
    workspace.close()
    assert [one.name for one in tmp_path.iterdir()] == ["年会 2026.qihua"]


def test_creating_never_overwrites(tmp_path: Path) -> None:
    taken = tmp_path / "a.qihua"
    taken.write_text("日记")
    with pytest.raises(StorageError):
        opening.create_workspace(taken)
    assert taken.read_text() == "日记"
    with pytest.raises(StorageError):
        opening.create_workspace(tmp_path / "none" / "a.qihua")


def _make_missing(path: Path) -> None:
    path.unlink(missing_ok=True)


def _make_folder(path: Path) -> None:
    path.mkdir()


def _make_empty(path: Path) -> None:
    path.touch()


def _make_text(path: Path) -> None:
    path.write_text("姓名,部门\n" * 1000)


def _make_picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64)


def _make_other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE task (name TEXT)")
    connection.commit()
    connection.close()


def _make_tiny(path: Path) -> None:
    path.write_bytes(b"S")


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (_make_missing, FileKind.MISSING),
        (_make_folder, FileKind.FOLDER),
        (_make_empty, FileKind.EMPTY),
        (_make_text, FileKind.OTHER),
        (_make_picture, FileKind.OTHER),
        (_make_tiny, FileKind.OTHER),
        (_make_other_database, FileKind.OTHER_DATABASE),
    ],
)
def test_what_is_no_workspace_is_refused_untouched(
    tmp_path: Path, make: object, kind: FileKind, read_only: bool
) -> None:
    path = tmp_path / "a.qihua"
    make(path)  # type: ignore[operator]
    before = _fingerprint(path) if path.is_file() else None
    assert inspect(path).kind is kind
    with pytest.raises(NotAWorkspace) as caught:
        opening.open_workspace(path, read_only=read_only)
    assert "a.qihua" in caught.value.message
    assert caught.value.exit_code == 2
    assert (_fingerprint(path) if path.is_file() else None) == before


@pytest.mark.parametrize("in_log", [False, True], ids=["in the file", "in the log"])
def test_a_newer_schema_is_refused_untouched(tmp_path: Path, in_log: bool) -> None:
    path = _closed(tmp_path / "a.qihua")
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", SCHEMA_VERSION + 1)
    if in_log:
        copy = tmp_path / "crashed" / "a.qihua"
        copy.parent.mkdir()
        for suffix in ("", "-wal"):
            shutil.copy(path.with_name(path.name + suffix), copy.with_name(copy.name + suffix))
    else:
        copy = path
    connection.close()
    before = _fingerprint(copy)
    for read_only in (False, True):
        with pytest.raises(NewerWorkspace):
            opening.open_workspace(copy, read_only=read_only)
    after = _fingerprint(copy)
    assert after[:2] == before[:2]
    assert set(after[2]) - set(before[2]) <= {"a.qihua-shm"}


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_recognised_with_the_last_good_backup_offered(tmp_path: Path, share: float) -> None:
    path = _closed(tmp_path / "a.qihua", tasks=200)
    made = backup.make_backup(WorkspaceFile(path), tmp_path / "backups").path
    os.truncate(path, int(path.stat().st_size * share))
    before = path.read_bytes()
    with pytest.raises(WorkspaceDamaged) as caught:
        opening.open_workspace(path, backup_folder=tmp_path / "backups")
    assert caught.value.last_good_backup == made
    assert path.read_bytes() == before


def test_a_damaged_mark_or_header_is_told_apart_from_other_files(tmp_path: Path) -> None:
    path = _closed(tmp_path / "a.qihua")
    whole = path.read_bytes()
    for offset in (3, 15, 21, 63, 70):
        damaged = bytearray(whole)
        damaged[offset] ^= 0x08 if offset != 63 else SCHEMA_VERSION  # version 0 was never written
        path.write_bytes(damaged)
        with pytest.raises(WorkspaceDamaged):
            opening.open_workspace(path)


def test_after_an_unclean_end_the_whole_file_is_examined(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua", tasks=300)
    workspace.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "最后一改")
    crashed = tmp_path / "crashed" / "a.qihua"
    crashed.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / f"a.qihua{suffix}", crashed.with_name(crashed.name + suffix))
    workspace.close()
    after = opening.open_workspace(crashed)
    assert "最后一改" in {task.name for task in tables.tasks.all(after)}
    after.close()

    damaged = bytearray(crashed.read_bytes())
    root = _index_page(crashed)
    damaged[root + 8 : root + 400] = bytes(392)
    crashed.write_bytes(damaged)
    crashed.with_name("a.qihua-wal").write_bytes(b"\x00" * 64)
    before = crashed.read_bytes()
    with pytest.raises(WorkspaceDamaged) as caught:
        opening.open_workspace(crashed)
    assert caught.value.details
    assert crashed.read_bytes() == before


def _index_page(path: Path) -> int:
    """Return where the root page of an index lies in the file."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'task_project'").fetchall()[0]
    connection.close()
    return (int(str(root)) - 1) * 4096


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("password", [None, "correct horse"], ids=["plain", "encrypted"])
def test_changes_that_were_half_written_without_a_log_are_taken_back(
    tmp_path: Path, read_only: bool, password: str | None
) -> None:
    """The log is not in use for the moment in which the password changes."""
    workspace, _project = samples.make(tmp_path / "a.qihua", tasks=400, password=password)
    before = samples.content(workspace)
    file = workspace.file
    workspace.close()
    connection = connect_for_writing(file)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA cache_size = 3")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE task SET name = name || 'x', notes = hex(zeroblob(900))")
    connection.execute("UPDATE project SET name = 'torn'")
    crashed = WorkspaceFile(tmp_path / "crashed" / "a.qihua", file.key)
    crashed.path.parent.mkdir()
    shutil.copy(file.path, crashed.path)
    shutil.copy(file.rollback, crashed.rollback)
    connection.execute("ROLLBACK")
    connection.close()
    assert crashed.half_written()
    assert crashed.path.read_bytes() != file.path.read_bytes()
    bytes_before = crashed.path.read_bytes()
    after = opening.open_workspace(crashed.path, password=password, read_only=read_only)
    assert samples.content(after) == before
    after.close()
    if read_only:
        assert crashed.path.read_bytes() == bytes_before


def test_closing_leaves_the_file_alone_in_its_folder_even_after_viewers(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    viewer = opening.open_workspace(workspace.path, read_only=True)
    workspace.close()
    assert not WorkspaceFile(tmp_path / "a.qihua").ended_uncleanly()
    viewer.close()
    assert [one.name for one in tmp_path.iterdir()] == ["a.qihua"]


def test_viewing_changes_no_byte_and_sees_what_the_owner_commits(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    files = [tmp_path / "a.qihua", tmp_path / "a.qihua-wal"]
    before = [(one.read_bytes(), one.stat().st_mtime_ns) for one in files]
    viewer = opening.open_workspace(workspace.path, read_only=True)
    second = opening.open_workspace(workspace.path, read_only=True)
    assert samples.content(viewer) == samples.content(workspace)
    assert viewer.owner is None
    assert [(one.read_bytes(), one.stat().st_mtime_ns) for one in files] == before
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "新名字")
    assert viewer.head() == workspace.head()
    assert samples.content(viewer) == samples.content(second) == samples.content(workspace)
    viewer.absorb(frozenset())
    assert viewer.undo_label == "Rename"
    before = [(one.read_bytes(), one.stat().st_mtime_ns) for one in files]
    viewer.close()
    second.close()
    assert [(one.read_bytes(), one.stat().st_mtime_ns) for one in files] == before
    workspace.close()


def test_viewing_an_unused_file_changes_neither_bytes_nor_time(tmp_path: Path) -> None:
    path = _closed(tmp_path / "a.qihua")
    before = _fingerprint(path)
    viewer = opening.open_workspace(path, read_only=True)
    assert tables.tasks.count(viewer) == 3
    viewer.close()
    assert _fingerprint(path) == before


_READ_ONLY_FOLDER = """
import sys
from pathlib import Path
from db import check, opening, tables
from qihua_desktop.domain.errors import ReadOnlyWorkspace
path = Path(sys.argv[1])
try:
    opening.open_workspace(path)
except ReadOnlyWorkspace as error:
    print("refused", error.message)
for _again in range(2):
    viewer = opening.open_workspace(path, read_only=True)
    print(tables.tasks.count(viewer), viewer.path == path, viewer.sibling().head() == viewer.head())
    viewer.close()
print(check.check_file(path))
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root")
@pytest.mark.parametrize("unclean", [False, True], ids=["closed", "with a log"])
def test_a_file_in_a_read_only_folder_can_be_viewed_with_its_newest_changes(tmp_path: Path, unclean: bool) -> None:
    folder = tmp_path / "cd"
    folder.mkdir()
    workspace, project = samples.make(tmp_path / "a.qihua")
    with workspace.edit(None, "one more") as edit:
        tables.tasks.insert(edit, samples.new_task(project))
    if not unclean:
        workspace.close()
    for one in tmp_path.glob("a.qihua*"):
        if not one.name.endswith(("-shm", ".lock")):
            shutil.copy(one, folder)
    workspace.close()
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" -c "$3" "$1/a.qihua"'
    answer = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", str(folder), sys.executable, _READ_ONLY_FOLDER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "Operation not permitted" in answer.stderr:
        pytest.skip("mounting is not permitted here")
    lines = answer.stdout.splitlines()
    assert answer.returncode == 0, answer.stderr
    assert lines[0].startswith("refused")
    assert lines[1:3] == ["4 True True"] * 2
    if not unclean:
        assert lines[3] == "()"


def test_a_file_that_cannot_be_written_says_so_and_gives_the_lock_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _closed(tmp_path / "a.qihua")

    def refuse(_path: Path) -> None:
        raise ReadOnlyWorkspace("no")

    with monkeypatch.context() as patch:
        patch.setattr(opening, "_require_writable", refuse)
        with pytest.raises(ReadOnlyWorkspace):
            opening.open_workspace(path)
    opening.open_workspace(path).close()


def test_what_a_killed_program_left_is_cleared_away(tmp_path: Path) -> None:
    path = _closed(tmp_path / "a.qihua")
    with copies.temporary_sibling(path) as temporary:
        left = temporary
    left.write_bytes(b"half a copy")
    other = tmp_path / ".a.qihua.keep"
    other.write_bytes(b"somebody else's")
    opening.open_workspace(path).close()
    assert not left.exists()
    assert other.exists()


def test_the_same_file_by_two_names_is_one_workspace(tmp_path: Path) -> None:
    path = _closed(tmp_path / "a.qihua")
    link = tmp_path / "link.qihua"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no symbolic links here")
    workspace = opening.open_workspace(link)
    with pytest.raises(WorkspaceLocked):
        opening.open_workspace(path)
    workspace.close()


@pytest.mark.parametrize("name", ["%41 ?#&=.qihua", "空 格 “引号” 😀.qihua", "x" * 200 + ".qihua", "a'b;c.qihua"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    path = _closed(tmp_path / name)
    workspace = opening.open_workspace(path)
    made = backup.make_backup(workspace.file, tmp_path / "back ups?#")
    copies.save_copy_as(workspace.file, tmp_path / f"copy {name}"[-200:])
    workspace.close()
    opening.open_workspace(path, read_only=True).close()
    opening.open_workspace(made.path, read_only=True).close()


def test_ten_thousand_tasks_open_edit_and_undo(tmp_path: Path) -> None:
    path = _closed(tmp_path / "big.qihua", tasks=10_000)
    workspace = opening.open_workspace(path)
    rows = tables.tasks.all(workspace)
    assert len(rows) == 10_000
    before = samples.content(workspace)
    with workspace.edit(None, "all") as edit:
        tables.tasks.update_many(edit, [(row.id, {"start": row.start + 60, "finish": row.finish + 60}) for row in rows])
    assert len(edit.changed) == 10_000
    workspace.undo()
    assert samples.content(workspace) == before
    workspace.close()


def test_an_error_is_always_one_that_a_user_understands(tmp_path: Path) -> None:
    for make in (_make_missing, _make_folder, _make_empty, _make_text, _make_other_database):
        path = tmp_path / f"{make.__name__}.qihua"
        make(path)
        with pytest.raises(QihuaError) as caught:
            opening.open_workspace(path)
        assert caught.value.message
        assert caught.value.advice
