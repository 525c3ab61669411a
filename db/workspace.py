"""An open workspace: the one place through which everything is read, edited, undone and redone."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import apsw

from qihua_desktop.domain.errors import (
    ReadOnlyWorkspace,
)
from qihua_desktop.domain.history import EntryKind, JournalEntry, RowChange
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.i18n import _

from . import blobs, journal, tables, undo
from .connection import WorkspaceDatabase, WorkspaceFile
from .faults import explained, reading
from .lock import LockOwner

Changed = frozenset[tuple[str, bytes]]
Listener = Callable[[Changed], None]


class Edit:
    """A running edit: the only thing that writes. ``changed`` is filled when the edit has been committed."""

    def __init__(self, workspace: Workspace, actor: Person | None, label: str, project_id: EntityId | None) -> None:
        self.workspace = workspace
        self.actor = actor
        self.label = label
        self.project_id = project_id
        self.changed: Changed = frozenset()
        self.entry: JournalEntry | None = None

    @property
    def database(self) -> WorkspaceDatabase:
        """The workspace's peewee database."""
        return self.workspace.database

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows on the edit's connection."""
        self.workspace.connection.executemany(sql, rows)

    def now_ms(self) -> int:
        """Return the moment of this edit, UTC milliseconds."""
        return self.workspace.now_ms()

    def add_blob(self, data: bytes) -> str:
        """Keep bytes inside the workspace and return their SHA-256, by which they are found."""
        return blobs.add(self.workspace.connection, data)


class Workspace:
    """One open ``.qihua`` file. Make it with ``db.opening.open_workspace`` or ``create_workspace``.

    Not to be shared between threads; a background job works on ``sibling()``.
    """

    def __init__(self, path: Path, database: WorkspaceDatabase, *, clock: Callable[[], int] | None = None) -> None:
        self.path = path
        self.database = database
        self.read_only = database.read_only
        self.owner: LockOwner | None = None
        self.on_close: list[Callable[[], None]] = []
        self._clock = clock or (lambda: time.time_ns() // 1_000_000)
        self._listeners: list[Listener] = []
        self._order = journal.UndoOrder()
        self._running: Edit | None = None
        self.database.connect(reuse_if_open=True)
        self._order.catch_up(self.connection)

    @property
    def connection(self) -> apsw.Connection:
        """This thread's raw connection; for the storage layer only."""
        return cast(apsw.Connection, self.database.connection())

    @property
    def file(self) -> WorkspaceFile:
        """Where the content is and what opens it, as plain data for background jobs."""
        return self.database.file

    @property
    def encrypted(self) -> bool:
        """Whether the file has a password."""
        return self.database.key is not None

    @property
    def editing(self) -> bool:
        """Whether an edit is running."""
        return self._running is not None

    def now_ms(self) -> int:
        """Return the present moment, UTC milliseconds."""
        return self._clock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call a function with what changed after every committed edit; returns a function that ends this."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    @contextmanager
    def edit(self, actor: Person | None, label: str, project_id: EntityId | None = None) -> Generator[Edit]:
        """Run one named, journaled, undoable change; nothing is kept if the body raises.

        Raises ReadOnlyWorkspace or StorageError when the file does not allow it.
        """
        running = Edit(self, actor, label, project_id)
        with self._transaction(running):
            session = self._session()
            try:
                yield running
                changeset = session.changeset()
            finally:
                session.close()
            if changeset:
                self._record(running, EntryKind.EDIT, 0, changeset)
        self._finish(running)

    @property
    def undo_label(self) -> str | None:
        """What undo would undo, or None."""
        return self._label(self._order.done)

    @property
    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self._label(self._order.undone)

    def undo(self, actor: Person | None = None) -> JournalEntry | None:
        """Undo the newest edit in force. Raises UndoConflict; returns None when there is nothing to undo."""
        self._order.catch_up(self.connection)
        return self._step(actor, self._order.done, EntryKind.UNDO)

    def redo(self, actor: Person | None = None) -> JournalEntry | None:
        """Do the newest undone edit again. Raises UndoConflict; returns None when there is nothing to redo."""
        self._order.catch_up(self.connection)
        return self._step(actor, self._order.undone, EntryKind.REDO)

    def return_to(self, seq: int, actor: Person | None, label: str, project_id: EntityId | None = None) -> Edit:
        """Undo everything in force after entry ``seq``, of one project or of all, as one new edit of its own.

        Raises UndoConflict, with nothing changed, when something else depends on what would be undone.
        """
        self._order.catch_up(self.connection)
        later = [one for one in self._order.done if one > seq]
        if project_id is not None:
            mine = {entry.seq for entry in self.history(project_id=project_id, limit=1 << 40)}
            later = [one for one in later if one in mine]
        running = Edit(self, actor, label, project_id)
        with self._transaction(running):
            session = self._session()
            try:
                for one in reversed(later):
                    undo.apply(self.connection, journal.changeset_of(self.connection, one), inverted=True)
                changeset = session.changeset()
            finally:
                session.close()
            if changeset:
                self._record(running, EntryKind.EDIT, 0, changeset)
        self._finish(running)
        return running

    def history(
        self, project_id: EntityId | None = None, limit: int = 200, before: int | None = None
    ) -> tuple[JournalEntry, ...]:
        """Return journal entries newest first."""
        undone = frozenset(self._order.undone)
        with reading(self.path):
            return tuple(journal.entries(self.connection, undone, project_id, limit, before))

    def changes_of(self, seq: int) -> tuple[RowChange, ...]:
        """Return what an entry changed, row by row, from what to what."""
        labels = {table.name: table.label for table in tables.ALL}
        with reading(self.path):
            return journal.row_changes(self.connection, journal.changeset_of(self.connection, seq), labels)

    def head(self) -> tuple[int, str]:
        """Return number and hash of the newest journal entry; printed on finance PDFs."""
        with reading(self.path):
            return journal.head(self.connection)

    def blob(self, sha256: str) -> bytes:
        """Return kept bytes. Raises LookupError when there are none, WorkspaceDamaged when they do not match."""
        with reading(self.path):
            return blobs.read(self.connection, sha256)

    def sibling(self) -> Workspace:
        """Return a second connection to the same file for use in another thread; close it there."""
        file = self.file
        database = WorkspaceDatabase(
            str(file.path), key=file.key, read_only=self.read_only, immutable=self.database.immutable
        )
        with reading(self.path):
            return Workspace(self.path, database, clock=self._clock)

    def absorb(self, changed: Changed) -> None:
        """Tell this workspace's listeners what a sibling has changed."""
        self._order.catch_up(self.connection)
        self._notify(changed)

    def adopt(self, database: WorkspaceDatabase) -> None:
        """Go on with another connection after the file was replaced; for the storage layer only."""
        self.database = database
        with reading(self.path):
            self.database.connect(reuse_if_open=True)
            self._order = journal.UndoOrder()
            self._order.catch_up(self.connection)

    def write_meta(self, key: str, value: str) -> None:
        """Keep a note that is no user's change: not journaled, not undone; for the storage layer only."""
        with self._transaction(Edit(self, None, "", None)):
            self.connection.execute(
                "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

    def close(self) -> None:
        """Close the file and release what was held for it; what was committed is safe whatever goes wrong here."""
        try:
            if not self.read_only and self.owner is not None and not self.database.is_closed():
                # An empty log is how the next start knows that this one ended well, viewers or not.
                with contextlib.suppress(apsw.Error):
                    self.connection.execute("PRAGMA query_only = OFF")
                    self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with contextlib.suppress(apsw.Error):
                self.database.close_all()
        finally:
            while self.on_close:
                self.on_close.pop()()

    @contextmanager
    def _transaction(self, running: Edit) -> Generator[None]:
        if self.read_only:
            raise ReadOnlyWorkspace(
                _("This workspace is open for viewing only."), _("Close it elsewhere, then open it again to edit.")
            )
        if self._running is not None:
            raise RuntimeError(f"edit {running.label!r} inside edit {self._running.label!r}")
        connection = self.connection
        self._running = running
        try:
            with explained(self.path, lambda: connection):
                connection.execute("PRAGMA query_only = OFF")
                connection.execute("BEGIN IMMEDIATE")
                yield
                connection.execute("COMMIT")
        finally:
            self._running = None
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute("PRAGMA query_only = ON")

    def _session(self) -> apsw.Session:
        session = apsw.Session(self.connection, "main")
        for table in tables.ALL:
            session.attach(table.name)
        return session

    def _record(self, running: Edit, kind: EntryKind, target: int, changeset: bytes) -> None:
        actor = running.actor
        entry = journal.NewEntry(
            kind,
            target,
            actor.id if actor else None,
            actor.name if actor else "",
            running.label,
            running.project_id,
            self.now_ms(),
            changeset,
        )
        running.entry = journal.append(self.connection, entry)
        running.changed = journal.changed_rows(changeset)

    def _finish(self, running: Edit) -> None:
        if running.entry is not None:
            self._order.catch_up(self.connection)
            self._notify(running.changed)

    def _notify(self, changed: Changed) -> None:
        for listener in tuple(self._listeners):
            listener(changed)

    def _step(self, actor: Person | None, stack: list[int], kind: EntryKind) -> JournalEntry | None:
        if not stack:
            return None
        target = stack[-1]
        row = self.connection.execute("SELECT label, project_id FROM journal WHERE seq = ?", (target,)).fetchone()
        label, project_id = cast("tuple[str, EntityId | None]", row)
        running = Edit(self, actor, label, project_id)
        with self._transaction(running):
            changeset = journal.changeset_of(self.connection, target)
            applied = undo.apply(self.connection, changeset, inverted=kind is EntryKind.UNDO)
            self._record(running, kind, target, applied)
        self._finish(running)
        return running.entry

    def _label(self, stack: list[int]) -> str | None:
        if not stack:
            return None
        row = self.connection.execute("SELECT label FROM journal WHERE seq = ?", (stack[-1],)).fetchone()
        return cast(str, row[0]) if row else None
