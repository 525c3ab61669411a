"""Making the file smaller: attachments that nothing refers to any more, and pages that hold nothing."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import cast

import apsw

from qihua_desktop.domain.errors import ReadOnlyWorkspace
from qihua_desktop.i18n import _

from . import tables
from .faults import reading
from .workspace import Workspace

_HASH = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes before and after, and how many attachments were dropped."""

    before: int
    after: int
    blobs_removed: int

    @property
    def saved(self) -> int:
        """Bytes won."""
        return max(0, self.before - self.after)


def compact(workspace: Workspace) -> Compacted:
    """Drop attachments that neither a row nor the journal mentions, and rewrite the file without gaps.

    What an undo could bring back is kept. Raises StorageError; the content is untouched then.
    """
    if workspace.read_only:
        raise ReadOnlyWorkspace(
            _("This workspace is open for viewing only."), _("Close it elsewhere, then open it again to edit.")
        )
    if workspace.editing:
        raise RuntimeError("a workspace cannot be compacted inside an edit")
    connection = workspace.connection
    path = workspace.file.path
    with reading(path):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        before = path.stat().st_size
        connection.execute("PRAGMA query_only = OFF")
        try:
            removed = _drop_blobs(connection)
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute("PRAGMA query_only = ON")
    return Compacted(before, path.stat().st_size, removed)


def _drop_blobs(connection: apsw.Connection) -> int:
    connection.execute("BEGIN IMMEDIATE")
    known = {cast(str, row[0]) for row in connection.execute("SELECT sha256 FROM blob")}
    unused = sorted(known - _mentioned(connection)) if known else []
    connection.executemany("DELETE FROM blob WHERE sha256 = ?", ((one,) for one in unused))
    connection.execute("COMMIT")
    return len(unused)


def _mentioned(connection: apsw.Connection) -> set[str]:
    """Return every SHA-256 that a text of a row, or a changeset of the journal, contains."""
    found: set[bytes] = set()
    for table in tables.ALL:
        columns = [
            cast(str, row[1])
            for row in connection.execute(f'PRAGMA table_info("{table.name}")').fetchall()
            if row[2] == "TEXT"
        ]
        if not columns:
            continue
        text = " || ' ' || ".join(f"coalesce(\"{column}\", '')" for column in columns)
        for (value,) in connection.execute(f'SELECT {text} FROM "{table.name}"'):  # noqa: S608
            found.update(_HASH.findall(cast(str, value).encode(errors="replace")))
    for (packed,) in connection.execute("SELECT changeset FROM journal"):
        if packed:
            found.update(_HASH.findall(zlib.decompress(cast(bytes, packed))))
    return {one.decode() for one in found}
