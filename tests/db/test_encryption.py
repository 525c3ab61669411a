"""Passwords: encrypted files, changing and removing the password, the recovery code, copies that stay encrypted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import backup, check, compaction, copies, encryption, opening, password, tables
from db.connection import WorkspaceFile
from db.opening import FileKind, inspect
from db.workspace import Workspace
from qihua_desktop.domain.errors import (
    InputError,
    PasswordNeeded,
    StorageError,
    WorkspaceDamaged,
    WorkspaceLocked,
    WrongPassword,
)
from tests.db import samples

FIRST = "correct horse"
SECOND = "企划部 2026 年会"
CANARY = "绝密预算"


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "MEMORY_KIB", 64)
    monkeypatch.setattr(encryption, "TIME_COST", 1)


def _make(path: Path, secret: str | None = FIRST) -> Workspace:
    workspace, project = samples.make(path, password=secret)
    with workspace.edit(None, CANARY) as edit:
        tables.tasks.insert(edit, samples.new_task(project, CANARY))
    return workspace


def _holds_canary(folder: Path) -> bool:
    return any(CANARY.encode() in one.read_bytes() for one in folder.rglob("*") if one.is_file())


def test_an_encrypted_workspace_shows_nothing_and_opens_with_its_password(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path)
    assert workspace.encrypted
    assert not _holds_canary(tmp_path)
    before = samples.content(workspace)
    workspace.close()
    assert inspect(path).kind is FileKind.ENCRYPTED
    assert path.stat().st_size % 4096 == 0
    with pytest.raises(PasswordNeeded):
        opening.open_workspace(path)
    for wrong in ("", "Correct horse", FIRST + " "):
        with pytest.raises(WrongPassword):
            opening.open_workspace(path, password=wrong)
    for read_only in (False, True):
        again = opening.open_workspace(path, password=FIRST, read_only=read_only)
        assert samples.content(again) == before
        again.close()
    assert [one.name for one in tmp_path.iterdir()] == ["a.qihua"]


def test_the_salt_stands_in_the_file_and_stays_in_copies_and_after_vacuum(tmp_path: Path) -> None:
    workspace = _make(tmp_path / "a.qihua")
    salt = (tmp_path / "a.qihua").read_bytes()[:16]
    assert encryption.key_text(encryption.derive(FIRST, salt)) == workspace.file.key
    copies.save_copy_as(workspace.file, tmp_path / "copy.qihua")
    made = backup.make_backup(workspace.file, tmp_path / "backups")
    compaction.compact(workspace)
    for one in (tmp_path / "a.qihua", tmp_path / "copy.qihua", made.path):
        assert one.read_bytes()[:16] == salt
    before = samples.content(workspace)
    workspace.close()
    assert not _holds_canary(tmp_path)
    for one in (tmp_path / "copy.qihua", made.path):
        opened = opening.open_workspace(one, password=FIRST)
        assert samples.content(opened) == before
        opened.close()


def test_full_width_digits_of_an_input_method_open_the_file(tmp_path: Path) -> None:
    _make(tmp_path / "a.qihua", "abc12345").close()
    opening.open_workspace(tmp_path / "a.qihua", password="abc１２３４５").close()


def test_a_password_on_a_plain_file_is_not_asked_for(tmp_path: Path) -> None:
    _make(tmp_path / "a.qihua", None).close()
    workspace = opening.open_workspace(tmp_path / "a.qihua", password="whatever")
    assert not workspace.encrypted
    workspace.close()


@pytest.mark.parametrize("first", [None, FIRST], ids=["plain", "encrypted"])
def test_setting_changing_and_removing_the_password_keeps_everything(tmp_path: Path, first: str | None) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path, first)
    before, history = samples.content(workspace), workspace.history()
    code = password.set_password(workspace, SECOND)
    assert workspace.encrypted
    assert (samples.content(workspace), workspace.history()) == (before, history)
    assert password.recovery_code(workspace) == code
    assert password.check_password(workspace, SECOND)
    assert not password.check_password(workspace, FIRST)
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "之后")
    workspace.undo()
    workspace.close()
    assert not _holds_canary(tmp_path)
    with pytest.raises(PasswordNeeded):
        opening.open_workspace(path, password=first)

    workspace = opening.open_workspace(path, password=SECOND)
    password.remove_password(workspace)
    assert samples.content(workspace) == before
    assert check.check_workspace(workspace) == ()
    workspace.close()
    workspace = opening.open_workspace(path)
    assert not workspace.encrypted
    password.set_password(workspace, FIRST)
    workspace.close()
    opening.open_workspace(path, password=FIRST).close()
    assert [one.name for one in tmp_path.iterdir()] == ["a.qihua"]


def test_a_backup_stands_before_and_after_the_password_changes(tmp_path: Path) -> None:
    workspace = _make(tmp_path / "a.qihua", None)
    folder = tmp_path / "backups"
    password.set_password(workspace, SECOND, backup_folder=folder)
    kinds = [inspect(one).kind for one in backup.backup_files(workspace.path, folder)]
    assert kinds == [FileKind.ENCRYPTED, FileKind.WORKSPACE]
    assert backup.discard_unencrypted(workspace.path, folder) == 1
    assert backup.discard_unencrypted(workspace.path, folder) == 0
    assert not _holds_canary(folder)
    workspace.close()


def test_unencrypted_backups_stay_while_there_is_no_other(tmp_path: Path) -> None:
    workspace = _make(tmp_path / "a.qihua", None)
    backup.make_backup(workspace.file, tmp_path / "backups")
    assert backup.discard_unencrypted(workspace.path, tmp_path / "backups") == 0
    assert len(backup.backup_files(workspace.path, tmp_path / "backups")) == 1
    workspace.close()


def test_the_password_is_not_changed_while_somebody_views_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path)
    viewer = opening.open_workspace(path, password=FIRST, read_only=True)
    viewer.head()
    with pytest.raises(WorkspaceLocked):
        password.set_password(workspace, SECOND)
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "weiter")
    viewer.close()
    assert password.check_password(workspace, FIRST)
    assert workspace.connection.pragma("journal_mode") == "wal"
    workspace.close()
    opening.open_workspace(path, password=FIRST).close()


@pytest.mark.parametrize("step", ["copy", "replace"])
def test_a_change_of_password_that_fails_leaves_the_old_one_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path)
    before = samples.content(workspace)

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        if step == "copy":
            patch.setattr(copies, "sync_file", fail)
        else:
            patch.setattr(password.os, "replace", fail)
        with pytest.raises(StorageError):
            password.set_password(workspace, SECOND)
    assert password.check_password(workspace, FIRST)
    samples.rename(workspace, tables.tasks.all(workspace)[0].id, "weiter")
    workspace.undo()
    assert samples.content(workspace) == before
    workspace.close()
    opening.open_workspace(path, password=FIRST).close()
    assert [one.name for one in tmp_path.iterdir()] == ["a.qihua"]


def test_the_recovery_code_opens_the_file_so_that_a_new_password_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path)
    code = password.recovery_code(workspace)
    workspace.close()
    groups = code.split("-")
    assert [len(group) for group in groups] == [4] * 14
    spoken = " ".join(groups).lower().replace("0", "o").replace("1", "l")
    workspace = opening.open_workspace(path, recovery_code=spoken)
    new_code = password.set_password(workspace, SECOND)
    workspace.close()
    assert new_code != code
    with pytest.raises(WrongPassword):
        opening.open_workspace(path, recovery_code=code)
    opening.open_workspace(path, recovery_code=new_code).close()
    plain = _make(tmp_path / "plain.qihua", None)
    with pytest.raises(LookupError):
        password.recovery_code(plain)
    plain.close()


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.sampled_from("23456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_in_a_recovery_code_is_noticed(key: bytes, at: int, wrong: str) -> None:
    code = encryption.encode_recovery(key)
    assert encryption.decode_recovery(code) == key
    digits = list(code.replace("-", ""))
    if digits[at] != wrong:
        digits[at] = wrong
        with pytest.raises(InputError):
            encryption.decode_recovery("".join(digits))


@pytest.mark.parametrize("code", ["", "abc", "U" * 56, "啊" * 56, "0" * 55, "0" * 57])
def test_what_is_no_recovery_code_is_told_in_words(code: str) -> None:
    with pytest.raises(InputError) as caught:
        encryption.decode_recovery(code)
    assert caught.value.advice


@pytest.mark.parametrize("text", ["", "1234567", "aaaaaaaaaa", " leading space", "trailing space "])
def test_weak_passwords_are_refused_in_words(text: str) -> None:
    assert password.password_problem(text)
    assert password.password_problem("correct horse") is None
    assert password.forgotten_words()


def test_truncated_and_damaged_encrypted_files_are_no_wrong_password(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path)
    made = backup.make_backup(workspace.file, tmp_path / "backups").path
    workspace.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 100])
    with pytest.raises(WorkspaceDamaged) as caught:
        opening.open_workspace(path, password=FIRST, backup_folder=tmp_path / "backups")
    assert caught.value.last_good_backup == made
    path.write_bytes(whole[:17] + bytes([whole[17] ^ 1]) + whole[18:])
    with pytest.raises(WorkspaceDamaged):
        opening.open_workspace(path, password=FIRST)


def test_every_damaged_page_of_an_encrypted_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    workspace = _make(path)
    key = workspace.file.key
    workspace.close()
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096, 5):
        damaged = bytearray(whole)
        damaged[page * 4096 + 2000] ^= 4
        path.write_bytes(damaged)
        assert check.quick_check(WorkspaceFile(path, key)) or check.check_file(path, password=FIRST)
    path.write_bytes(whole)
    assert check.check_file(path, password=FIRST) == ()


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    workspace = _make(tmp_path / "a.qihua")
    key = workspace.file.key
    assert key is not None
    assert key not in repr(workspace.file)
    workspace.close()


def test_argon2_is_not_loaded_at_start_up() -> None:
    script = "import sys; from db import opening, password, backup, check; sys.exit('argon2' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).resolve().parents[2], check=False).returncode
        == 0
    )
