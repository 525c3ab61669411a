"""Attachments' bytes: kept once under their SHA-256, never returned when they do not match it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from db import opening
from db.workspace import Workspace
from qihua_desktop.domain.errors import WorkspaceDamaged
from tests.db import samples


def _attach_and_fail(workspace: Workspace) -> None:
    with workspace.edit(None, "attach") as edit:
        edit.add_blob(b"scan")
        raise ZeroDivisionError


def test_equal_bytes_are_kept_once_and_found_by_their_hash(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    data = bytes(range(256)) * 1000
    with workspace.edit(None, "attach") as edit:
        sha256 = edit.add_blob(data)
        assert edit.add_blob(data) == sha256 == hashlib.sha256(data).hexdigest()
        assert edit.add_blob(b"") == hashlib.sha256(b"").hexdigest()
    workspace.close()
    workspace = opening.open_workspace(tmp_path / "a.qihua")
    assert workspace.blob(sha256) == data
    with pytest.raises(LookupError):
        workspace.blob("0" * 64)
    workspace.close()


def test_an_attachment_of_an_edit_that_failed_is_not_kept(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    with pytest.raises(ZeroDivisionError):
        _attach_and_fail(workspace)
    with pytest.raises(LookupError):
        workspace.blob(hashlib.sha256(b"scan").hexdigest())
    workspace.close()


def test_changed_bytes_are_told_as_damage(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    with workspace.edit(None, "attach") as edit:
        sha256 = edit.add_blob(b"contract")
        workspace.connection.execute("UPDATE blob SET data = x'00'")
    with pytest.raises(WorkspaceDamaged):
        workspace.blob(sha256)
    workspace.close()
