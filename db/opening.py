"""Creating and opening workspace files: what may be opened, how, and what is said when it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import apsw

from qihua_desktop.domain.errors import NewerWorkspace, NotAWorkspace, StorageError
from qihua_desktop.i18n import _

from .connection import APPLICATION_ID, WorkspaceDatabase, require_engine
from .faults import explained
from .migrations import MIGRATIONS, SCHEMA_VERSION
from .workspace import Workspace


def create_workspace(
    path: Path, *, password: str | None = None, clock: Callable[[], int] | None = None
) -> Workspace:
    """Create a new workspace file and open it. Raises StorageError when the path is taken or not writable."""
    require_engine()
    if path.exists():
        raise StorageError(
            _("“{name}” already exists.").format(name=path.name), _("Choose another name; nothing was overwritten.")
        )
    database = WorkspaceDatabase(str(path), key=None, read_only=False)
    with explained(path):
        database.connect()
        connection = cast(apsw.Connection, database.connection())
        connection.execute("PRAGMA query_only = OFF")
        connection.execute("BEGIN IMMEDIATE")
        for migration in MIGRATIONS:
            migration.apply(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
        connection.execute("PRAGMA query_only = ON")
    return Workspace(path, database, clock=clock)


def open_workspace(
    path: Path, *, password: str | None = None, read_only: bool = False, clock: Callable[[], int] | None = None
) -> Workspace:
    """Open a workspace file. Raises NotAWorkspace, NewerWorkspace, PasswordNeeded, WorkspaceLocked, …"""
    require_engine()
    if not path.exists():
        raise NotAWorkspace(_("There is no file “{name}”.").format(name=path.name))
    database = WorkspaceDatabase(str(path), key=None, read_only=read_only)
    with explained(path):
        database.connect()
        connection = cast(apsw.Connection, database.connection())
        if connection.pragma("application_id") != APPLICATION_ID:
            database.close()
            raise NotAWorkspace(_("“{name}” is not a Qihua workspace.").format(name=path.name))
        if cast(int, connection.pragma("user_version")) > SCHEMA_VERSION:
            database.close()
            raise NewerWorkspace(
                _("“{name}” was written by a newer version of the program.").format(name=path.name),
                _("Install the newer version; the file was not touched."),
            )
    return Workspace(path, database, clock=clock)
