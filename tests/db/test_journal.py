"""The hash chain shows every tampering with the journal; only a cut tail needs the printed head."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from db import check, journal, tables
from db.workspace import Workspace
from tests.db import samples

ENTRIES = 8


def _tampered(path: Path, tamper: Callable[[apsw.Connection], object]) -> tuple[list[str], Workspace]:
    workspace, _project = samples.make(path)
    task = tables.tasks.all(workspace)[0]
    for at in range(ENTRIES - 1):
        samples.rename(workspace, task.id, f"名 {at}")
    assert journal.verify_chain(workspace.connection) == []
    connection = workspace.connection
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute("DROP TRIGGER journal_no_delete")
    tamper(connection)
    connection.execute("PRAGMA query_only = ON")
    return journal.verify_chain(connection), workspace


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET label = 'x' WHERE seq = 3",
        "UPDATE journal SET actor_name = 'x' WHERE seq = 3",
        "UPDATE journal SET actor_id = zeroblob(16) WHERE seq = 3",
        "UPDATE journal SET project_id = zeroblob(16) WHERE seq = 3",
        "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3",
        "UPDATE journal SET kind = 'undo' WHERE seq = 3",
        "UPDATE journal SET target = 1 WHERE seq = 3",
        "UPDATE journal SET digest = (SELECT digest FROM journal WHERE seq = 4) WHERE seq = 3",
        "UPDATE journal SET changeset = (SELECT changeset FROM journal WHERE seq = 4) WHERE seq = 3",
        "UPDATE journal SET changeset = x'00' WHERE seq = 3",
        "DELETE FROM journal WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 3",
        "UPDATE journal SET seq = seq + 1 WHERE seq = 8",
    ],
)
def test_a_changed_or_removed_entry_shows(tmp_path: Path, statement: str) -> None:
    problems, workspace = _tampered(tmp_path / "a.qihua", lambda connection: connection.execute(statement))
    assert problems
    assert {one.kind for one in check.check_workspace(workspace)} >= {check.FindingKind.JOURNAL}
    workspace.close()


def test_reordered_entries_show(tmp_path: Path) -> None:
    def swap(connection: apsw.Connection) -> None:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            connection.execute("UPDATE journal SET seq = ? WHERE seq = ?", (new, old))

    problems, workspace = _tampered(tmp_path / "a.qihua", swap)
    assert problems
    workspace.close()


def test_a_cut_tail_shows_only_against_the_printed_head(tmp_path: Path) -> None:
    heads: list[tuple[int, str]] = []

    def cut(connection: apsw.Connection) -> None:
        heads.append(journal.head(connection))
        connection.execute("DELETE FROM journal WHERE seq > 5")

    problems, workspace = _tampered(tmp_path / "a.qihua", cut)
    assert problems == []
    assert workspace.head() != heads[0]
    workspace.close()


def test_blanking_an_entrys_content_keeps_the_chain_valid_and_ends_undo_there(tmp_path: Path) -> None:
    problems, workspace = _tampered(
        tmp_path / "a.qihua",
        lambda connection: connection.execute(
            "UPDATE journal SET label = '', actor_name = '', changeset = x'' WHERE seq = ?", (ENTRIES,)
        ),
    )
    assert problems == []
    workspace.adopt(workspace.database)
    assert workspace.undo_label is None
    workspace.close()


def test_the_schema_itself_keeps_entries_from_being_changed_or_deleted(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    for statement in ("DELETE FROM journal", "UPDATE journal SET at_ms = 0", "UPDATE journal SET hash = prev_hash"):
        with pytest.raises(apsw.ConstraintError), workspace.edit(None, "tamper"):
            workspace.connection.execute(statement)
    workspace.close()
