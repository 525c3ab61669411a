"""A power cut at any write loses no acknowledged edit and damages nothing, plain or encrypted."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from db import encryption, journal, opening, tables
from db.connection import WorkspaceDatabase
from db.workspace import Workspace
from tests.db import samples
from tests.db.power_cut import CuttingVFS, Loss

ROUNDS = 240


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_no_acknowledged_edit_is_lost_by_power_cuts(tmp_path: Path, encrypted: bool) -> None:
    path = tmp_path / "cut.qihua"
    made, project = samples.make(path, tasks=0, password="long enough" if encrypted else None)
    key = made.file.key
    code = encryption.encode_recovery(encryption.raw_key(key)) if key else None
    made.close()

    random = Random(7)
    vfs = CuttingVFS(f"cutting-{encrypted}")
    name = f"multipleciphers-{vfs.name}" if encrypted else vfs.name
    workspace = Workspace(path, WorkspaceDatabase(str(path), key=key, read_only=False, vfs=name))
    connection = workspace.connection
    connection.execute("PRAGMA wal_autocheckpoint = 40")
    connection.execute("PRAGMA cache_size = 10")

    acknowledged: list[int] = []
    seen = dict.fromkeys(Loss, 0)
    unsynced = 0
    outcomes: set[int] = set()
    found = tmp_path / "found"
    found.mkdir()

    def cut() -> None:
        nonlocal unsynced
        if random.random() > 0.06 or sum(seen.values()) >= ROUNDS:
            return
        loss = random.choice(list(Loss))
        seen[loss] += 1
        unsynced += any(vfs.notes.values())
        copy = vfs.cut(path, found, loss, random)
        after = opening.open_workspace(copy, recovery_code=code)
        rows = after.connection.execute("SELECT name, count(*) FROM task GROUP BY name").fetchall()
        kept = {int(label): count for label, count in rows}
        assert set(acknowledged) <= kept.keys(), f"an acknowledged edit is lost ({loss})"
        assert set(kept.values()) <= {4}, f"an edit is torn ({loss})"
        assert journal.verify_chain(after.connection) == []
        outcomes.add(len(kept) - len(acknowledged))
        after.close()

    vfs.on_write = cut
    number = 0
    while sum(seen.values()) < ROUNDS:
        number += 1
        with workspace.edit(None, str(number)) as edit:
            for position in range(4):
                tables.tasks.insert(edit, samples.new_task(project, str(number), position))
            if number % 4 == 0:
                edit.add_blob(random.randbytes(60_000))
        acknowledged.append(number)
    vfs.on_write = None
    workspace.close()
    vfs.unregister()
    assert min(seen.values()) > 20
    assert unsynced > ROUNDS // 2, "the cuts did not meet unsynced writes"
    assert outcomes <= {0, 1}


def test_the_simulated_drive_does_lose_unsynced_writes(tmp_path: Path) -> None:
    path = tmp_path / "lax.qihua"
    made, project = samples.make(path, tasks=0)
    made.close()
    vfs = CuttingVFS("cutting-lax")
    workspace = Workspace(path, WorkspaceDatabase(str(path), key=None, read_only=False, vfs=vfs.name))
    workspace.connection.execute("PRAGMA synchronous = NORMAL")
    (tmp_path / "found").mkdir()
    for number in range(10):
        with workspace.edit(None, str(number)) as edit:
            tables.tasks.insert(edit, samples.new_task(project, str(number)))
    copy = vfs.cut(path, tmp_path / "found", Loss.HALF, Random(1))
    workspace.close()
    after = opening.open_workspace(copy)
    assert tables.tasks.count(after) < 10
    after.close()
    vfs.unregister()
