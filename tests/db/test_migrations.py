"""Migrations: backup first, all or nothing, no broken references, and every released schema still opens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import apsw
import peewee
import pytest

from db import backup, check, migrations, opening, schema, tables
from db.connection import WorkspaceFile, connect_for_reading, connect_for_writing
from db.fields import DayField, EnumField, FlagField, IdField
from db.migrations import MIGRATIONS, SCHEMA_VERSION, Migration
from db.migrations.runner import MigrationRefused, migrate
from qihua_desktop.domain.errors import StorageError, WorkspaceDamaged
from tests.db import migration_child, samples, schema_fixture

ROOT = Path(__file__).resolve().parents[2]
KILLS = 25
_TYPES: tuple[tuple[type[peewee.Field], str], ...] = (
    (IdField, "BLOB"),
    (FlagField, "INTEGER"),
    (DayField, "TEXT"),
    (EnumField, "TEXT"),
    (peewee.IntegerField, "INTEGER"),
    (peewee.TextField, "TEXT"),
)


def _later(monkeypatch: pytest.MonkeyPatch, *steps: Any) -> int:
    """Have the program know further migrations; return the version they lead to."""
    more = tuple(Migration(SCHEMA_VERSION + at, "later", step) for at, step in enumerate(steps, 1))
    monkeypatch.setattr("db.migrations.runner.migrate.__defaults__", ((*MIGRATIONS, *more),))
    monkeypatch.setattr(opening, "SCHEMA_VERSION", SCHEMA_VERSION + len(steps))
    monkeypatch.setattr("db.recognition.SCHEMA_VERSION", SCHEMA_VERSION + len(steps))
    return SCHEMA_VERSION + len(steps)


def _add_column(connection: apsw.Connection) -> None:
    connection.execute("ALTER TABLE task ADD COLUMN colour TEXT NOT NULL DEFAULT ''")


def _orphan(connection: apsw.Connection) -> None:
    connection.execute("DELETE FROM project")


def _fail(connection: apsw.Connection) -> None:
    connection.execute("UPDATE task SET finish = -1, start = 0")


def _tables_of(version: int) -> set[str]:
    connection = apsw.Connection(":memory:")
    migrate(connection, MIGRATIONS[:version])
    found = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    connection.close()
    return found - {"journal", "blob", "meta"}


def test_the_list_of_migrations_has_no_gap() -> None:
    assert [one.version for one in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_every_released_schema_has_a_stored_workspace_that_opens_whole(tmp_path: Path, version: int) -> None:
    stored = schema_fixture.fixture(version)
    assert stored.exists(), f"no stored workspace of schema {version}: python -m tests.db.schema_fixture"
    path = tmp_path / "old.qihua"
    schema_fixture.unpack(version, path)
    workspace = opening.open_workspace(path, backup_folder=tmp_path / "backups")
    assert check.check_workspace(workspace) == ()
    assert schema.differences(workspace.connection) == [], "before a release: schema_fixture --again"
    assert {table.name for table in tables.ALL if table.count(workspace)} == _tables_of(version)
    assert workspace.redo_label == "Undone change"
    while workspace.undo() is not None:
        pass
    assert sum(table.count(workspace) for table in tables.ALL) == 0
    while workspace.redo() is not None:
        pass
    assert {task.name for task in tables.tasks.all(workspace)} >= {"场地布置", "undone"}
    workspace.close()


@pytest.mark.parametrize("table", tables.ALL, ids=lambda table: table.name)
def test_row_classes_match_the_schemas_columns_types_and_nulls(table: tables.Table[object]) -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection)
    columns = connection.execute(f'PRAGMA table_info("{table.name}")').fetchall()
    described = {str(row[1]): (str(row[2]), not row[3]) for row in columns}
    meta: Any = table.row._meta
    expected = {
        name: (next(sql for kind, sql in _TYPES if isinstance(field, kind)), bool(field.null))
        for name, field in meta.fields.items()
    }
    assert {name: field.column_name for name, field in meta.fields.items()} == {name: name for name in meta.fields}
    assert expected == described
    assert [str(row[1]) for row in columns if row[5]] == ["id"]
    assert str(columns[0][1]) == "id", "the journal finds a row's id in its first column"
    connection.close()


def test_every_table_of_the_schema_is_recorded_or_known_not_to_be() -> None:
    connection = apsw.Connection(":memory:")
    migrate(connection)
    names = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert names - {"journal", "blob", "meta"} == set(tables.BY_NAME)
    connection.close()


def test_an_older_file_is_backed_up_and_migrated_on_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.qihua"
    samples.make(path)[0].close()
    version = _later(monkeypatch, _add_column, lambda connection: connection.execute("UPDATE task SET colour = 'red'"))
    with pytest.raises(StorageError):
        opening.open_workspace(path, read_only=True)
    workspace = opening.open_workspace(path, backup_folder=tmp_path / "backups")
    assert workspace.connection.pragma("user_version") == version
    assert workspace.connection.execute("SELECT DISTINCT colour FROM task").fetchall() == [("red",)]
    assert workspace.undo() is not None
    assert workspace.redo() is not None
    workspace.close()
    (kept,) = backup.backup_files(path, tmp_path / "backups")
    connection = connect_for_reading(WorkspaceFile(kept), immutable=True)
    assert connection.pragma("user_version") == SCHEMA_VERSION
    connection.close()


@pytest.mark.parametrize(
    ("step", "error"), [(_orphan, WorkspaceDamaged), (_fail, apsw.ConstraintError)], ids=["references", "failure"]
)
def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: object, error: type[Exception]
) -> None:
    path = tmp_path / "a.qihua"
    workspace, _project = samples.make(path)
    before = samples.content(workspace)
    workspace.close()
    with monkeypatch.context() as patch:
        _later(patch, _add_column, step)
        with pytest.raises(error) as caught:
            opening.open_workspace(path, backup_folder=tmp_path / "backups")
    if isinstance(caught.value, WorkspaceDamaged):
        assert caught.value.details
        assert caught.value.last_good_backup is not None
    workspace = opening.open_workspace(path)
    assert workspace.connection.pragma("user_version") == SCHEMA_VERSION
    assert samples.content(workspace) == before
    assert schema.differences(workspace.connection) == []
    workspace.close()


def test_a_damaged_file_is_not_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.qihua"
    samples.make(path, tasks=300)[0].close()
    whole = bytearray(path.read_bytes())
    for page in range(3, len(whole) // 4096, 2):
        whole[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    path.write_bytes(whole)
    _later(monkeypatch, _add_column)
    with pytest.raises(WorkspaceDamaged):
        opening.open_workspace(path, backup_folder=tmp_path / "backups")
    assert path.read_bytes() == bytes(whole)


def test_migrating_twice_does_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    samples.make(path)[0].close()
    connection = connect_for_writing(WorkspaceFile(path))
    assert migrate(connection) == SCHEMA_VERSION
    assert connection.pragma("foreign_keys") == 1
    with pytest.raises(MigrationRefused):
        migrate(connection, (*MIGRATIONS, Migration(SCHEMA_VERSION + 1, "orphan", _orphan)))
    assert connection.pragma("foreign_keys") == 1
    assert not connection.in_transaction
    connection.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the migrating program is forked to save time")
def test_a_migration_killed_at_any_moment_is_done_or_not_done(tmp_path: Path) -> None:
    original = tmp_path / "a.qihua"
    samples.make(original, tasks=2000)[0].close()
    random, outcomes = Random(3), {SCHEMA_VERSION: 0, SCHEMA_VERSION + 1: 0}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.db.migration_child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        usual = 0.0
        for at in range(KILLS):
            path = tmp_path / f"{at}.qihua"
            shutil.copyfile(original, path)
            server.stdin.write(f"{path}\n")
            server.stdin.flush()
            pid, started = 0, 0.0
            while not (pid and started):
                line = server.stdout.readline().strip()
                pid, started = (int(line[4:]), started) if line.startswith("pid") else (pid, time.monotonic())
            if at:
                time.sleep(random.random() * usual * 1.1)
            else:
                assert server.stdout.readline().strip() == "done"
                usual = time.monotonic() - started
            os.kill(pid, signal.SIGKILL)
            while server.stdout.readline().strip() != "end":
                pass
            connection = connect_for_reading(WorkspaceFile(path))
            version = int(str(connection.pragma("user_version")))
            columns = len(connection.execute("PRAGMA table_info(task)").fetchall())
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if version == SCHEMA_VERSION:
                assert schema.differences(connection) == []
            else:
                last = f"extra_{migration_child.COLUMNS - 1}"
                assert columns == len(tables.tasks.columns) + migration_child.COLUMNS
                assert connection.execute(f"SELECT count(*) FROM task WHERE {last} = ''").fetchall() == [(0,)]
            outcomes[version] += 1
            connection.close()
    assert outcomes[SCHEMA_VERSION] > 0
    assert outcomes[SCHEMA_VERSION + 1] > 0
    assert migrations.SCHEMA_VERSION == SCHEMA_VERSION
