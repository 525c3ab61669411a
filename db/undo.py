"""Applying a recorded changeset or its inverse, all of it or nothing, naming what stands in the way."""

from __future__ import annotations

from typing import cast

import apsw

from qihua_desktop.domain.errors import UndoConflict
from qihua_desktop.i18n import _

from . import tables


def apply(connection: apsw.Connection, changeset: bytes, *, inverted: bool) -> bytes:
    """Apply a changeset inside the running transaction and return what was applied.

    Raises UndoConflict, naming the rows, when they changed since or something added since depends on them.
    """
    applied = apsw.Changeset.invert(changeset) if inverted else changeset
    conflicts: list[tuple[str, bytes | None]] = []

    def on_conflict(reason: int, change: apsw.TableChange) -> int:
        if reason == apsw.SQLITE_CHANGESET_FOREIGN_KEY:
            conflicts.append(("", None))
        else:
            values = change.new if change.op == "INSERT" else change.old
            conflicts.append((change.name, cast(bytes, values[0])))  # type: ignore[index]
        return apsw.SQLITE_CHANGESET_ABORT

    try:
        apsw.Changeset.apply(applied, connection, conflict=on_conflict, flags=apsw.SQLITE_CHANGESETAPPLY_FKNOACTION)
    except (apsw.AbortError, apsw.ConstraintError) as error:
        names = _names(connection, conflicts, applied)
        raise UndoConflict(
            _("This can no longer be undone or redone: what it touches was changed since."),
            _("Undo the later changes first, or make the correction by hand."),
            names,
        ) from error
    return applied


def _names(connection: apsw.Connection, conflicts: list[tuple[str, bytes | None]], applied: bytes) -> list[str]:
    names: list[str] = []
    for table, identifier in conflicts:
        if identifier is None:
            names.extend(_dependants(connection, applied))
        else:
            names.append(_row_name(connection, table, identifier))
    return names


def _row_name(connection: apsw.Connection, table: str, identifier: bytes) -> str:
    label = tables.BY_NAME[table].label
    row = connection.execute(f'SELECT "{label}" FROM "{table}" WHERE id = ?', (identifier,)).fetchone()  # noqa: S608
    return str(row[0]) if row else f"{table} {identifier.hex()[:8]}"


def _dependants(connection: apsw.Connection, applied: bytes) -> list[str]:
    """Name the rows that refer to rows the changeset would remove."""
    removed: dict[str, list[bytes]] = {}
    for change in apsw.Changeset.iter(applied):
        if change.op == "DELETE" and change.old:
            removed.setdefault(change.name, []).append(cast(bytes, change.old[0]))
    gone = {(table, one) for table, ids in removed.items() for one in ids}
    names: list[str] = []
    for table in tables.ALL:
        for reference in connection.execute(f'PRAGMA foreign_key_list("{table.name}")').fetchall():
            parent, column = cast(str, reference[2]), cast(str, reference[3])
            for identifier in removed.get(parent, ()):
                rows = connection.execute(
                    f'SELECT id, "{table.label}" FROM "{table.name}" WHERE "{column}" = ?',  # noqa: S608 - schema's
                    (identifier,),
                )
                names.extend(str(row[1]) for row in rows if (table.name, row[0]) not in gone)
    return names[:20]
