"""The journal: every acknowledged edit as a changeset in a hash chain, and the undo order that follows from it.

``digest`` is SHA-256 over label, actor's name and changeset; ``hash`` covers the digest, the previous hash and the
remaining columns. Erasing a person's data from old entries therefore leaves the chain valid.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import apsw

from qihua_desktop.domain.errors import WorkspaceDamaged
from qihua_desktop.domain.history import EntryKind, FieldChange, JournalEntry, RowChange, RowOperation, Value
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _

GENESIS = "0" * 64
_OPERATIONS = {
    "INSERT": RowOperation.ADDED,
    "UPDATE": RowOperation.CHANGED,
    "DELETE": RowOperation.REMOVED,
}
_COLUMNS = "seq, kind, target, actor_id, actor_name, label, project_id, at_ms, hash"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is recorded of one edit besides its position in the chain."""

    kind: EntryKind
    target: int
    actor_id: EntityId | None
    actor_name: str
    label: str
    project_id: EntityId | None
    at_ms: int
    changeset: bytes


def payload_digest(label: str, actor_name: str, changeset: bytes) -> str:
    """Return the digest of what may later be erased."""
    digest = hashlib.sha256()
    for part in (label.encode(), actor_name.encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    digest.update(changeset)
    return digest.hexdigest()


def chain_hash(
    previous: str,
    seq: int,
    kind: str,
    target: int,
    actor_id: bytes | None,
    project_id: bytes | None,
    at_ms: int,
    digest: str,
) -> str:
    """Return an entry's hash: over the previous one and every column that is never erased."""
    actor = actor_id.hex() if actor_id else ""
    project = project_id.hex() if project_id else ""
    text = "\n".join((previous, str(seq), kind, str(target), actor, project, str(at_ms), digest))
    return hashlib.sha256(text.encode()).hexdigest()


def head(connection: apsw.Connection) -> tuple[int, str]:
    """Return the sequence number and the hash of the newest entry; (0, GENESIS) for an empty journal."""
    row = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (0, GENESIS) if row is None else (cast(int, row[0]), cast(str, row[1]))


def append(connection: apsw.Connection, entry: NewEntry) -> JournalEntry:
    """Add an entry inside the running transaction."""
    last, previous = head(connection)
    seq = last + 1
    digest = payload_digest(entry.label, entry.actor_name, entry.changeset)
    hashed = chain_hash(
        previous, seq, entry.kind.value, entry.target, entry.actor_id, entry.project_id, entry.at_ms, digest
    )
    connection.execute(
        "INSERT INTO journal (seq, kind, target, actor_id, actor_name, label, project_id, at_ms, changeset, digest,"
        " prev_hash, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            seq,
            entry.kind.value,
            entry.target,
            entry.actor_id,
            entry.actor_name,
            entry.label,
            entry.project_id,
            entry.at_ms,
            zlib.compress(entry.changeset, 1),
            digest,
            previous,
            hashed,
        ),
    )
    return JournalEntry(
        seq,
        entry.kind,
        entry.actor_id,
        entry.actor_name,
        entry.label,
        entry.project_id,
        entry.at_ms,
        entry.target,
        False,
        hashed,
    )


def changeset_of(connection: apsw.Connection, seq: int) -> bytes:
    """Return an entry's changeset; empty when its content was erased. Raises LookupError or WorkspaceDamaged."""
    row = connection.execute("SELECT changeset FROM journal WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        raise LookupError(f"no journal entry {seq}")
    content = _unpacked(cast(bytes, row[0]))
    if content is None:
        raise WorkspaceDamaged(
            _("What was recorded of this change is damaged."), _("Restore the last good backup."), (str(seq),)
        )
    return content


def _unpacked(packed: bytes) -> bytes | None:
    """Return a stored changeset, or None when it is damaged."""
    try:
        return zlib.decompress(packed) if packed else b""
    except zlib.error:
        return None


class UndoOrder:
    """Which entries can be undone and redone, newest last, derived from the journal alone."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.undone: list[int] = []
        self.last_seq = 0

    def catch_up(self, connection: apsw.Connection) -> None:
        """Follow the entries added since the last call, by this or another connection."""
        rows = connection.execute(
            "SELECT seq, kind, target, length(changeset) FROM journal WHERE seq > ? ORDER BY seq", (self.last_seq,)
        )
        for seq, kind, target, size in rows:
            self._follow(cast(int, seq), EntryKind(cast(str, kind)), cast(int, target), erased=size == 0)

    def _follow(self, seq: int, kind: EntryKind, target: int, *, erased: bool) -> None:
        self.last_seq = seq
        if kind is EntryKind.EDIT:
            self.undone.clear()
            if erased:
                self.done.clear()
            else:
                self.done.append(seq)
        elif kind is EntryKind.UNDO:
            if self.done and self.done[-1] == target:
                self.done.pop()
            self.undone.append(target)
        else:
            if self.undone and self.undone[-1] == target:
                self.undone.pop()
            self.done.append(target)


def entries(
    connection: apsw.Connection, undone: frozenset[int], project_id: EntityId | None, limit: int, before: int | None
) -> Iterator[JournalEntry]:
    """Yield entries newest first, of one project or of the whole workspace."""
    sql = f"SELECT {_COLUMNS} FROM journal WHERE seq < ?"  # noqa: S608 - constant columns
    values: list[object] = [before if before is not None else 1 << 62]
    if project_id is not None:
        sql += " AND project_id = ?"
        values.append(project_id)
    values.append(limit)
    for row in connection.execute(sql + " ORDER BY seq DESC LIMIT ?", tuple(values)):
        seq, kind, target, actor, name, label, project, at_ms, hashed = cast(
            "tuple[int, str, int, EntityId | None, str, str, EntityId | None, int, str]", row
        )
        yield JournalEntry(seq, EntryKind(kind), actor, name, label, project, at_ms, target, seq in undone, hashed)


def changed_rows(changeset: bytes) -> frozenset[tuple[str, bytes]]:
    """Return the (table, id) pairs a changeset touches."""
    found: set[tuple[str, bytes]] = set()
    for change in apsw.Changeset.iter(changeset):
        values = change.new if change.op == "INSERT" else change.old
        found.add((change.name, cast(bytes, values[0])))  # type: ignore[index]
    return frozenset(found)


def row_changes(connection: apsw.Connection, changeset: bytes, labels: dict[str, str]) -> tuple[RowChange, ...]:
    """Explain a changeset row by row; ``labels`` names each table's column that people know a row by."""
    columns: dict[str, list[str]] = {}
    found: list[RowChange] = []
    for change in apsw.Changeset.iter(changeset):
        table = change.name
        if table not in columns:
            columns[table] = [cast(str, row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')]
        names = columns[table]
        old = change.old or (apsw.no_change,) * len(names)
        new = change.new or (apsw.no_change,) * len(names)
        identifier = cast(bytes, (change.new if change.op == "INSERT" else change.old)[0])  # type: ignore[index]
        changed = tuple(
            FieldChange(name, _plain(before), _plain(after))
            for name, before, after in zip(names, old, new, strict=True)
            if name != "id" and (before is not apsw.no_change or after is not apsw.no_change)
        )
        label = labels.get(table, "")
        known = {one.field: one.new if one.new is not None else one.old for one in changed}
        title = known.get(label)
        if title is None and label:
            row = connection.execute(f'SELECT "{label}" FROM "{table}" WHERE id = ?', (identifier,)).fetchone()  # noqa: S608
            title = cast(Value, row[0]) if row else None
        operation = _OPERATIONS[change.op]
        found.append(RowChange(table, identifier, operation, "" if title is None else str(title), changed))
    return tuple(found)


def _plain(value: object) -> Value:
    return None if value is apsw.no_change else cast(Value, value)


def verify_chain(connection: apsw.Connection) -> list[str]:
    """Return what is wrong with the chain, a line each; an empty list when it holds.

    An erased entry (empty changeset) is not checked against its digest, only against the chain.
    """
    problems: list[str] = []
    previous, expected = GENESIS, 1
    rows = connection.execute(
        "SELECT seq, kind, target, actor_id, actor_name, label, project_id, at_ms, changeset, digest, prev_hash, hash"
        " FROM journal ORDER BY seq"
    )
    for row in rows:
        seq, kind, target, actor, name, label, project, at_ms, packed, digest, before, hashed = cast(
            "tuple[int, str, int, bytes | None, str, str, bytes | None, int, bytes, str, str, str]", row
        )
        if seq != expected:
            problems.append(_("entry {number} is missing").format(number=expected))
        if before != previous:
            problems.append(_("entry {number} does not follow the one before it").format(number=seq))
        content = _unpacked(packed)
        if packed and (content is None or payload_digest(label, name, content) != digest):
            problems.append(_("the content of entry {number} was changed").format(number=seq))
        if chain_hash(before, seq, kind, target, actor, project, at_ms, digest) != hashed:
            problems.append(_("entry {number} was changed").format(number=seq))
        previous, expected = hashed, seq + 1
    return problems
