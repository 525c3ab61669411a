"""Backups: whole when they are made, never from a damaged file, told apart, put back without losing the present."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db import backup, check, copies, lock, opening, tables
from db.backup import BackupSchedule
from db.connection import WorkspaceFile
from db.migrations import SCHEMA_VERSION
from db.workspace import Workspace
from qihua_desktop.domain.errors import (
    NotAWorkspace,
    PasswordNeeded,
    QihuaError,
    StorageError,
    WorkspaceDamaged,
    WorkspaceLocked,
)
from tests.db import samples

DAY = 24 * 60 * 60 * 1000
NOW = 1_789_800_000_000


def _flip_pages(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    for page in range(3, len(whole) // 4096, 2):
        whole[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(whole)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made, _project = samples.make(tmp_path / "年会 2026.qihua", tasks=20)
    return made


def test_a_backup_of_a_workspace_in_use_is_whole_and_stands_alone(tmp_path: Path, workspace: Workspace) -> None:
    made = backup.make_backup(workspace.file, tmp_path / "backups")
    assert [one.name for one in made.path.parent.iterdir() if one.suffix != ".json"] == [made.path.name]
    copy = opening.open_workspace(made.path)
    assert samples.content(copy) == samples.content(workspace)
    assert copy.history() == workspace.history()
    copy.close()
    assert check.check_file(made.path) == ()
    workspace.close()


def test_a_backup_can_be_made_in_a_thread_while_edits_go_on(tmp_path: Path, workspace: Workspace) -> None:
    task, made, failures = tables.tasks.all(workspace)[0], list[Path](), list[BaseException]()

    def work() -> None:
        try:
            for _at in range(3):
                made.append(backup.make_backup(workspace.file, tmp_path / "backups").path)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    number = 0
    while thread.is_alive() and number < 5000:
        samples.rename(workspace, task.id, f"名 {number}")
        number += 1
    thread.join()
    assert [error for error in failures if not isinstance(error, StorageError)] == []
    for one in made:
        assert check.check_file(one) == ()
    assert list((tmp_path / "backups").rglob("*.tmp")) == []
    workspace.close()


def test_no_backup_is_made_of_a_damaged_workspace_and_none_removed(tmp_path: Path, workspace: Workspace) -> None:
    folder = tmp_path / "backups"
    for age in (400, 399, 398):
        backup.make_backup(workspace.file, folder, now_ms=NOW - age * DAY, prune=False)
    workspace.close()
    before = backup.backup_files(workspace.path, folder)
    _flip_pages(workspace.path)
    with pytest.raises(WorkspaceDamaged):
        backup.make_backup(WorkspaceFile(workspace.path), folder, now_ms=NOW)
    with pytest.raises(WorkspaceDamaged):
        copies.save_copy_as(WorkspaceFile(workspace.path), tmp_path / "copy.qihua")
    assert backup.backup_files(workspace.path, folder) == before
    assert not (tmp_path / "copy.qihua").exists()
    assert backup.last_good_backup(workspace.path, folder) == before[0]


def test_a_tampered_journal_is_not_backed_up(tmp_path: Path, workspace: Workspace) -> None:
    connection = workspace.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("UPDATE journal SET label = 'x'")
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(WorkspaceDamaged) as caught:
        backup.make_backup(workspace.file, tmp_path / "backups")
    assert caught.value.details
    workspace.close()


def test_backups_are_thinned_but_the_newest_stays_whatever_the_clock_says(tmp_path: Path, workspace: Workspace) -> None:
    folder = tmp_path / "backups"
    made = backup.make_backup(workspace.file, folder, now_ms=NOW).path
    for age in range(3, 300):
        moment = datetime.fromtimestamp(NOW / 1000) - timedelta(days=age)
        os.link(made, made.with_name(f"年会 2026-{moment:%Y%m%dT%H%M%S}Z.qihua"))
    note = made.parent / "notes.txt"
    note.write_text("mine")
    backup.make_backup(workspace.file, folder, now_ms=NOW + 60_000)
    kept = backup.backup_files(workspace.path, folder)
    assert 25 <= len(kept) <= 2 + 12 + 10 + 9
    assert note.exists()
    wrong_clock = backup.make_backup(workspace.file, folder, now_ms=NOW - 3000 * DAY).path
    assert wrong_clock in backup.backup_files(workspace.path, folder)
    workspace.close()


def test_the_list_says_what_each_backup_holds_without_changing_it(tmp_path: Path, workspace: Workspace) -> None:
    folder = tmp_path / "backups"
    backup.make_backup(workspace.file, folder, now_ms=NOW)
    with workspace.edit(None, "移动「布置会场」") as edit:
        tables.projects.insert(edit, samples.new_project("新品发布"))
    newest = backup.make_backup(workspace.file, folder, now_ms=NOW + 60_000).path
    before = newest.read_bytes(), sorted(one.name for one in newest.parent.iterdir())
    first, second = backup.list_backups(workspace.path, folder)
    assert (first.path, first.projects, first.tasks) == (newest, ("年会", "新品发布"), 20)
    assert (first.last_label, first.schema_version) == ("移动「布置会场」", SCHEMA_VERSION)
    assert first.last_at_ms > 0
    assert first.taken_at == datetime.fromtimestamp((NOW + 60_000) // 1000)
    assert (second.projects, second.readable, second.encrypted) == (("年会",), True, False)
    assert (newest.read_bytes(), sorted(one.name for one in newest.parent.iterdir())) == before
    newest.write_bytes(b"\0" * 5000)
    damaged = backup.list_backups(workspace.path, folder)[0]
    assert not damaged.readable
    assert damaged.problem
    workspace.close()
    workspace.path.unlink()
    assert len(backup.list_backups(workspace.path, folder)) == 2


def test_encrypted_backups_are_listed_with_their_password_only(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    workspace, _project = samples.make(tmp_path / "a.qihua", password="correct horse")
    backup.make_backup(workspace.file, folder)
    (unknown,) = backup.list_backups(workspace.path, folder)
    assert (unknown.encrypted, unknown.readable) == (True, False)
    assert unknown.problem
    for one in (
        backup.list_backups(workspace.path, folder, password="correct horse"),
        backup.list_backups(workspace.path, folder, key=workspace.file.key),
    ):
        assert one[0].projects == ("年会",)
    workspace.close()
    workspace.path.unlink()
    with pytest.raises(PasswordNeeded):
        backup.restore_backup(workspace.path, unknown.path)
    backup.restore_backup(workspace.path, unknown.path, password="correct horse")
    opening.open_workspace(workspace.path, password="correct horse").close()


def test_backups_of_two_workspaces_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        workspace, _project = samples.make(tmp_path / name / "年会.qihua")
        backup.make_backup(workspace.file, folder)
        workspace.close()
    assert len(list(folder.iterdir())) == 2
    for name in ("a", "b"):
        assert len(backup.backup_files(tmp_path / name / "年会.qihua", folder)) == 1
    moved = tmp_path / "c" / "年会.qihua"
    assert len(backup.backup_files(moved, folder)) == 2, "a moved file's backups are found by name"


def test_a_copy_of_a_workspace_gets_backups_of_its_own_and_a_moved_one_keeps_its_own(
    tmp_path: Path, workspace: Workspace
) -> None:
    folder, name = tmp_path / "backups", workspace.path.name
    first = backup.make_backup(workspace.file, folder, now_ms=NOW).path
    for place in ("copied", "moved"):
        (tmp_path / place).mkdir()
    shutil.copy(first, tmp_path / "copied" / name)
    copied = backup.make_backup(WorkspaceFile(tmp_path / "copied" / name), folder, now_ms=NOW).path
    assert copied.parent != first.parent
    assert backup.backup_files(workspace.path, folder) == (first,)
    workspace.close()
    moved = workspace.path.rename(tmp_path / "moved" / name)
    second = backup.make_backup(WorkspaceFile(moved), folder, now_ms=NOW + 1000).path
    assert backup.backup_files(moved, folder) == (second, first)


def test_a_backup_also_goes_to_a_second_place_and_its_absence_is_only_told(
    tmp_path: Path, workspace: Workspace
) -> None:
    made = backup.make_backup(workspace.file, tmp_path / "backups", second_folder=tmp_path / "usb")
    assert made.second is not None
    assert check.check_file(made.second) == ()
    assert backup.backup_files(workspace.path, tmp_path / "usb") == (made.second,)
    (tmp_path / "file").write_text("not a folder")
    again = backup.make_backup(workspace.file, tmp_path / "backups", second_folder=tmp_path / "file" / "usb")
    assert again.second is None
    assert again.second_problem
    assert check.check_file(again.path) == ()
    workspace.close()


def test_a_backup_is_due_after_half_an_hour_or_on_closing_if_something_changed(
    tmp_path: Path, workspace: Workspace
) -> None:
    schedule = BackupSchedule(seq=5, at_ms=NOW)
    half = backup.INTERVAL_MS
    assert not schedule.due(5, NOW + 10 * half)
    assert not schedule.due(6, NOW + half - 1)
    assert schedule.due(6, NOW + half)
    assert schedule.due(6, NOW - half)
    assert schedule.due_on_close(6)
    assert not schedule.due_on_close(5)
    folder = tmp_path / "backups"
    assert backup.schedule_from(workspace.path, folder) == BackupSchedule()
    backup.make_backup(workspace.file, folder, now_ms=NOW)
    assert backup.schedule_from(workspace.path, folder) == BackupSchedule(1, NOW)
    workspace.close()


def test_restoring_sets_the_present_file_aside_with_its_last_changes(tmp_path: Path, workspace: Workspace) -> None:
    made = backup.make_backup(workspace.file, tmp_path / "backups").path
    before = samples.content(workspace)
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "später")
    present = samples.content(workspace)
    with pytest.raises(WorkspaceLocked):
        backup.restore_backup(workspace.path, made)
    crashed = tmp_path / "crashed" / "年会.qihua"
    crashed.parent.mkdir()
    for suffix in ("", "-wal"):
        source = workspace.path.with_name(workspace.path.name + suffix)
        shutil.copy(source, crashed.with_name(crashed.name + suffix))
    workspace.close()
    for path in (workspace.path, crashed):
        aside = backup.restore_backup(path, made)
        assert aside is not None
        restored, kept = opening.open_workspace(path), opening.open_workspace(aside)
        assert samples.content(restored) == before
        assert samples.content(kept) == present
        restored.close()
        kept.close()
        assert sorted(one.name for one in path.parent.iterdir() if one.is_file()) == sorted([path.name, aside.name])


def test_a_damaged_workspace_with_a_log_is_set_aside_as_it_is_and_the_log_never_meets_the_backup(
    tmp_path: Path, workspace: Workspace
) -> None:
    made = backup.make_backup(workspace.file, tmp_path / "backups").path
    before = samples.content(workspace)
    crashed = tmp_path / "crashed" / "年会.qihua"
    crashed.parent.mkdir()
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "später")
    shutil.copy(workspace.path.with_name(workspace.path.name + "-wal"), crashed.with_name(crashed.name + "-wal"))
    workspace.close()
    crashed.write_bytes(b"\0" * 9000)
    log = crashed.with_name(crashed.name + "-wal").read_bytes()
    aside = backup.restore_backup(crashed, made)
    assert aside is not None
    assert aside.read_bytes() == b"\0" * 9000
    assert aside.with_name(aside.name + "-wal").read_bytes() == log
    restored = opening.open_workspace(crashed)
    assert samples.content(restored) == before
    restored.close()


def test_a_damaged_backup_is_not_put_back(tmp_path: Path, workspace: Workspace) -> None:
    made = backup.make_backup(workspace.file, tmp_path / "backups").path
    workspace.close()
    before = workspace.path.read_bytes()
    whole = made.read_bytes()
    _flip_pages(made)
    with pytest.raises(WorkspaceDamaged):
        backup.restore_backup(workspace.path, made)
    made.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(QihuaError):
        backup.restore_backup(workspace.path, made)
    made.write_text("not a backup")
    with pytest.raises(StorageError):
        backup.restore_backup(workspace.path, made)
    assert workspace.path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["backups", workspace.path.name]
    assert backup.last_good_backup(workspace.path, tmp_path / "backups") is None


def test_a_copy_replaces_a_file_only_when_it_is_whole_and_never_one_in_use(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.qihua"
    copies.save_copy_as(workspace.file, target)
    copy = opening.open_workspace(target)
    assert samples.content(copy) == samples.content(workspace)
    with pytest.raises(WorkspaceLocked):
        copies.save_copy_as(workspace.file, target)
    copy.close()
    with pytest.raises(StorageError):
        copies.save_copy_as(workspace.file, workspace.path)
    before = target.read_bytes()
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "anders")

    def fail(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(copies, "sync_file", fail)
        with pytest.raises(StorageError):
            copies.save_copy_as(workspace.file, target)
    assert target.read_bytes() == before
    copies.save_copy_as(workspace.file, target)
    assert target.read_bytes() != before
    workspace.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["copy.qihua", workspace.path.name]
    assert not lock.lock_path(target).exists()


def test_a_missing_or_foreign_file_is_not_checked(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkspace):
        check.check_file(tmp_path / "none.qihua")


def test_half_a_backup_of_a_killed_program_is_cleared_away_but_not_one_being_written(
    tmp_path: Path, workspace: Workspace
) -> None:
    place = backup.make_backup(workspace.file, tmp_path / "backups").path.parent
    old, fresh = place / ".old.qihua.00000000.tmp", place / ".fresh.qihua.00000000.tmp"
    for one in (old, fresh):
        one.write_bytes(b"half")
    os.utime(old, (0, 0))
    backup.make_backup(workspace.file, tmp_path / "backups")
    assert not old.exists()
    assert fresh.exists()
    workspace.close()
