"""Write the small workspace of the present schema that later versions must be able to open.

    python -m tests.db.schema_fixture

Run it once when a schema is released; a released file is never written again.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import apsw

from db import opening, tables
from db.migrations import SCHEMA_VERSION
from tests.db import samples

FOLDER = Path(__file__).resolve().parents[1] / "data"


def fixture(version: int) -> Path:
    """Return where the stored workspace of a schema version is."""
    return FOLDER / f"schema_v{version}" / "workspace.qihua.gz"


def unpack(version: int, path: Path) -> None:
    """Write the stored workspace of a schema version to ``path``."""
    path.write_bytes(gzip.decompress(fixture(version).read_bytes()))


def make(path: Path) -> None:
    """Make a workspace with rows in every table, some undone history and an attachment."""
    workspace = opening.create_workspace(path, clock=lambda: 1_789_000_000_000)
    project = samples.new_project("星河年会", "QH-2026-0001")
    tasks = [samples.new_task(project, f"任务 {at}", at) for at in range(4)]
    with workspace.edit(None, "Create the project") as edit:
        tables.projects.insert(edit, project)
        tables.tasks.insert(edit, *tasks)
        edit.add_blob(samples.SCAN)
    random = Random(1)
    with workspace.edit(None, "Fill every table") as edit:
        for table in (*tables.ALL, *tables.ALL):
            for _attempt in range(20):
                if table.count(edit) >= 2:
                    break
                try:
                    table.insert(edit, table.entity(**samples.random_values(workspace, table, random)))
                except apsw.ConstraintError:
                    continue
    samples.rename(workspace, tasks[0].id, "场地布置", "Rename the task")
    samples.rename(workspace, tasks[1].id, "undone", "Undone change")
    workspace.undo()
    workspace.close()


if __name__ == "__main__":
    if fixture(SCHEMA_VERSION).exists() and "--again" not in sys.argv:
        sys.exit(f"{fixture(SCHEMA_VERSION)} exists; a released schema is not written again (--again before release)")
    with TemporaryDirectory() as folder:
        made = Path(folder) / "workspace.qihua"
        make(made)
        fixture(SCHEMA_VERSION).parent.mkdir(parents=True, exist_ok=True)
        fixture(SCHEMA_VERSION).write_bytes(gzip.compress(made.read_bytes(), mtime=0))
