"""What storage promises: an edit with its journal entry, undo of a large edit, opening a large workspace."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import apsw

from db import opening, tables
from db.connection import WorkspaceFile, connect_for_writing
from tests.db import samples
from tools.bench import Report, milliseconds

TASKS = 10_000
UNDONE = 5_000


def run(report: Report) -> None:
    """Measure on one file, each figure beside bare SQLite doing the same to the same rows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench.qihua"
        samples.make(path, tasks=TASKS)[0].close()
        plain = Path(folder) / "plain.qihua"
        plain.write_bytes(path.read_bytes())
        _opening(report, path, plain)
        _editing(report, path, plain)


def _opening(report: Report, path: Path, plain: Path) -> None:
    def open_and_read() -> None:
        workspace = opening.open_workspace(path)
        count = len(tables.tasks.all(workspace))
        workspace.close()
        if count != TASKS:
            raise AssertionError(count)

    def bare() -> None:
        connection = apsw.Connection(str(plain))
        connection.execute("SELECT * FROM task ORDER BY position, id").fetchall()
        connection.close()

    report.add(
        "Open a workspace and read its 10,000 tasks",
        milliseconds(open_and_read),
        baseline=milliseconds(bare),
        limit=1000,
    )


def _editing(report: Report, path: Path, plain: Path) -> None:
    workspace = opening.open_workspace(path)
    connection = connect_for_writing(WorkspaceFile(plain))
    rows = tables.tasks.all(workspace)
    number = 0

    def edit_one() -> None:
        nonlocal number
        number += 1
        samples.rename(workspace, rows[number % TASKS].id, f"改名 {number}")

    def bare_one() -> None:
        nonlocal number
        number += 1
        connection.execute("UPDATE task SET name = ? WHERE id = ?", (f"改名 {number}", rows[number % TASKS].id))

    report.add(
        "One-field edit with journal",
        milliseconds(edit_one, rounds=200),
        baseline=milliseconds(bare_one, rounds=200),
        limit=5,
    )

    with workspace.edit(None, "move") as edit:
        tables.tasks.update_many(
            edit, [(row.id, {"start": row.start + 60, "finish": row.finish + 60}) for row in rows[:UNDONE]]
        )

    def undo_and_redo() -> None:
        workspace.undo()
        workspace.redo()

    def bare_update() -> None:
        connection.execute("BEGIN IMMEDIATE")
        for shift in (60, -60):
            connection.executemany(
                "UPDATE task SET start = start + ?, finish = finish + ? WHERE id = ?",
                ((shift, shift, row.id) for row in rows[:UNDONE]),
            )
        connection.execute("COMMIT")

    report.add(
        "Undo of a 5,000-row edit",
        milliseconds(undo_and_redo) / 2,
        baseline=milliseconds(bare_update) / 2,
        limit=100,
    )
    connection.close()
    workspace.close()
