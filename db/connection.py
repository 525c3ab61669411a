"""Connections to a workspace file: key first, then the pragmas that every connection must have."""

from __future__ import annotations

from typing import Any

import apsw
from playhouse.apsw_ext import APSWDatabase

APPLICATION_ID = 0x51494855  # "QIHU"
MINIMUM_SQLITE = (3, 51, 3)

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 0",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
)


def require_engine() -> None:
    """Refuse SQLite versions with the WAL-reset defect (sqlite.org/wal.html, fixed in 3.51.3)."""
    found = tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3])
    if found < MINIMUM_SQLITE:
        raise RuntimeError(f"SQLite {apsw.sqlite_lib_version()} is too old")


def prepare(connection: apsw.Connection, key: str | None, *, read_only: bool) -> None:
    """Give the key and set every pragma; the connection refuses writes afterwards until an edit allows them."""
    if key is not None:
        connection.pragma("key", key)
    connection.set_busy_timeout(5000)
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    for pragma in _PRAGMAS:
        if not (read_only and "journal_mode" in pragma):
            connection.execute(pragma)
    connection.execute("PRAGMA query_only = ON")


class WorkspaceDatabase(APSWDatabase):
    """peewee's APSW database with the workspace's key and pragmas on every connection, in every thread."""

    def __init__(self, path: str, *, key: str | None, read_only: bool, vfs: str | None = None) -> None:
        self.key = key
        self.read_only = read_only
        options: dict[str, Any] = {
            "flags": apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        }
        if vfs is not None:
            options["vfs"] = vfs
        super().__init__(path, timeout=5, **options)

    def _add_conn_hooks(self, conn: apsw.Connection) -> None:
        prepare(conn, self.key, read_only=self.read_only)
        super()._add_conn_hooks(conn)
