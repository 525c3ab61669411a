"""Damage of any kind ends in an error that a user understands, never in another exception or a changed file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from db import backup, check, encryption, opening, tables
from db.connection import WorkspaceFile
from db.migrations import SCHEMA_VERSION
from qihua_desktop.domain.errors import QihuaError
from tests.db import samples, schema_fixture

COPIES = 250


def _read_everything(workspace: opening.Workspace) -> None:
    """Do what the windows do: read all rows and the history, then edit, undo and check."""
    for table in tables.ALL:
        table.all(workspace)
    for entry in workspace.history():
        workspace.changes_of(entry.seq)
    workspace.head()
    task = tables.tasks.all(workspace)[0]
    samples.rename(workspace, task.id, "nach dem Schaden")
    workspace.undo()
    workspace.undo()
    workspace.blob(samples.SHA)


def _harm(whole: bytes, random: Random) -> bytes:
    """Return a copy with flipped bits, a random page, a zeroed page, a lost tail or swapped pages."""
    damaged = bytearray(whole)
    pages = len(damaged) // 4096
    page = random.randrange(pages) * 4096
    kind = random.randrange(6)
    if kind <= 1:
        for _at in range(random.choice((1, 1, 4, 50))):
            damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    elif kind == 2:
        damaged[page : page + 4096] = random.randbytes(4096)
    elif kind == 3:
        damaged[page : page + 4096] = bytes(4096)
    elif kind == 4:
        del damaged[random.randrange(len(damaged)) :]
    else:
        other = random.randrange(pages) * 4096
        damaged[page : page + 4096], damaged[other : other + 4096] = (
            damaged[other : other + 4096],
            damaged[page : page + 4096],
        )
    return bytes(damaged)


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_no_damage_brings_anything_but_an_explained_error(tmp_path: Path, encrypted: bool) -> None:
    path, code = tmp_path / "a.qihua", None
    if encrypted:
        workspace, project = samples.make(path, tasks=100, password="correct horse")
        assert workspace.file.key is not None
        code = encryption.encode_recovery(encryption.raw_key(workspace.file.key))
        with workspace.edit(None, "more") as edit:
            tables.tasks.insert(edit, samples.new_task(project))
            edit.add_blob(samples.SCAN)
        workspace.close()
    else:
        schema_fixture.unpack(SCHEMA_VERSION, path)
    whole = path.read_bytes()
    random, outcomes = Random(11), Counter[str]()
    for _at in range(COPIES):
        damaged = _harm(whole, random)
        path.write_bytes(damaged)
        refused = False
        for read_only in (True, False):
            try:
                workspace = opening.open_workspace(path, recovery_code=code, read_only=read_only)
            except QihuaError as error:
                outcomes[type(error).__name__] += 1
                refused = error.message != "" and error.advice != "" and path.read_bytes() == damaged
                if not refused:
                    pytest.fail(f"a refused file was changed, or refused without words: {error!r}")
                continue
            try:
                if not read_only:
                    _read_everything(workspace)
            except (QihuaError, LookupError, IndexError) as error:
                outcomes[f"later {type(error).__name__}"] += 1
            finally:
                workspace.close()
        try:
            outcomes["checked, fine" if check.check_file(path, recovery_code=code) == () else "found by check"] += 1
        except QihuaError:
            assert refused or path.read_bytes() != damaged
    assert outcomes["WorkspaceDamaged"] > COPIES // 10, outcomes
    assert sum(outcomes.values()) > COPIES


def test_the_undamaged_file_passes(tmp_path: Path) -> None:
    schema_fixture.unpack(SCHEMA_VERSION, tmp_path / "a.qihua")
    workspace = opening.open_workspace(tmp_path / "a.qihua")
    _read_everything(workspace)
    assert check.check_workspace(workspace) == ()
    workspace.close()


def test_backing_up_a_damaged_file_makes_no_backup_that_fails_its_check(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.qihua", tmp_path / "backups"
    schema_fixture.unpack(SCHEMA_VERSION, path)
    whole = path.read_bytes()
    random = Random(5)
    for _at in range(60):
        path.write_bytes(_harm(whole, random))
        try:
            made = backup.make_backup(WorkspaceFile(path), folder).path
        except QihuaError:
            continue
        assert {one.kind for one in check.check_file(made)} <= {
            check.FindingKind.ATTACHMENT,
            check.FindingKind.SCHEMA,
            check.FindingKind.IDENTITY,
        }
    assert list(folder.rglob("*.tmp")) == []
