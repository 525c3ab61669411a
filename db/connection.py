"""Connections to a workspace file: key first, then the pragmas that every connection must have."""

from __future__ import annotations

import contextlib
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

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


@dataclass(frozen=True, slots=True)
class WorkspaceFile:
    """Where a workspace is and what opens it; plain data, for use in any thread."""

    path: Path
    key: str | None = field(default=None, repr=False)

    @property
    def wal(self) -> Path:
        """The write-ahead log beside the file."""
        return self.path.with_name(self.path.name + "-wal")

    @property
    def shm(self) -> Path:
        """The index of the write-ahead log beside the file."""
        return self.path.with_name(self.path.name + "-shm")

    @property
    def rollback(self) -> Path:
        """The rollback journal beside the file; there is one only where the log is not in use."""
        return self.path.with_name(self.path.name + "-journal")

    def ended_uncleanly(self) -> bool:
        """Return whether changes still stand beside the file: a crash, or it is open somewhere."""
        return _size(self.wal) > 0 or self.half_written()

    def half_written(self) -> bool:
        """Return whether a killed program left changes that SQLite has to take back before anybody reads."""
        return _size(self.rollback) > 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def require_engine() -> None:
    """Refuse SQLite versions with the WAL-reset defect (sqlite.org/wal.html, fixed in 3.51.3)."""
    found = tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3])
    if found < MINIMUM_SQLITE:
        raise RuntimeError(f"SQLite {apsw.sqlite_lib_version()} is too old")


def file_uri(path: Path, **parameters: str) -> str:
    """Return SQLite's name for a file with parameters (sqlite.org/uri.html)."""
    text = path.absolute().as_posix()
    if text.startswith("//"):
        text = "//" + text
    elif not text.startswith("/"):
        text = "/" + text
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    return f"file:{quote(text)}?{query}"


def engine_version() -> str:
    """Return the version of the SQLite that is in use."""
    return apsw.sqlite_lib_version()


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


def connect_for_reading(file: WorkspaceFile, *, immutable: bool = False) -> apsw.Connection:
    """Return a connection that cannot write; ``immutable`` also leaves no trace beside the file.

    Immutable is only right while nobody else writes, and it does not see what stands in the log.
    """
    name = file_uri(file.path, immutable="1") if immutable else file_uri(file.path, mode="ro")
    connection = apsw.Connection(name, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    try:
        prepare(connection, file.key, read_only=True)
        connection.execute("PRAGMA query_only = OFF")  # VACUUM INTO another file is refused otherwise
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def connect_for_writing(file: WorkspaceFile) -> apsw.Connection:
    """Return a connection for work on the file as a whole; the caller holds the owner lock."""
    connection = apsw.Connection(str(file.path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        prepare(connection, file.key, read_only=False)
        connection.execute("PRAGMA query_only = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def tidy(file: WorkspaceFile) -> None:
    """Let SQLite remove an empty log that a viewer left; the caller holds the owner lock. Changes no byte of the file.

    SQLite itself refuses while another viewer is there.
    """
    if file.ended_uncleanly() or not (file.wal.exists() or file.shm.exists()):
        return
    with contextlib.suppress(apsw.Error):
        connection = apsw.Connection(str(file.path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            if file.key is not None:
                connection.pragma("key", file.key)
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        finally:
            connection.close()


class WorkspaceDatabase(APSWDatabase):
    """peewee's APSW database with the workspace's key and pragmas on every connection, in every thread."""

    def __init__(
        self, path: str, *, key: str | None, read_only: bool, vfs: str | None = None, immutable: bool = False
    ) -> None:
        self.file = WorkspaceFile(Path(path), key)
        self.key = key
        self.read_only = read_only
        self.immutable = immutable
        self._opened: weakref.WeakSet[apsw.Connection] = weakref.WeakSet()
        options: dict[str, Any] = {
            "flags": apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        }
        if vfs is not None:
            options["vfs"] = vfs
        if immutable:
            path = file_uri(self.file.path, immutable="1")
            options["flags"] |= apsw.SQLITE_OPEN_URI
        super().__init__(path, timeout=5, **options)

    def close_all(self) -> None:
        """Close the connections of every thread."""
        self.close()
        for connection in tuple(self._opened):
            connection.close()
        self._opened.clear()

    def _add_conn_hooks(self, conn: apsw.Connection) -> None:
        self._opened.add(conn)
        prepare(conn, self.key, read_only=self.read_only)
        super()._add_conn_hooks(conn)
