"""Creating and opening workspace files: what may be opened, how, and what is said when it may not."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import apsw

from qihua_desktop.domain.errors import (
    NewerWorkspace,
    NotAWorkspace,
    QihuaError,
    ReadOnlyWorkspace,
    StorageError,
    WorkspaceDamaged,
)
from qihua_desktop.i18n import _

from . import copies, encryption, lock, schema
from .connection import (
    APPLICATION_ID,
    WorkspaceDatabase,
    WorkspaceFile,
    connect_for_reading,
    connect_for_writing,
    require_engine,
    tidy,
)
from .faults import damaged, explained, reading
from .keys import KeyRing
from .migrations import SCHEMA_VERSION
from .migrations.runner import MigrationRefused, migrate
from .recognition import FileKind, Inspection, inspect
from .workspace import Workspace

__all__ = ["FileKind", "Inspection", "create_workspace", "inspect", "open_workspace"]


def create_workspace(path: Path, *, password: str | None = None, clock: Callable[[], int] | None = None) -> Workspace:
    """Create a new workspace file and open it. Raises StorageError when the path is taken or not writable."""
    require_engine()
    path = Path(os.path.realpath(path))
    _refuse_taken(path)
    if not path.parent.is_dir():
        raise StorageError(_("There is no folder “{name}”.").format(name=path.parent.name), _("Choose another place."))
    held = lock.acquire(path)
    try:
        _refuse_taken(path)
        key = None
        with copies.temporary_sibling(path) as temporary:
            if password is not None:
                salt = encryption.new_salt()
                secret = encryption.derive(password, salt)
                key = encryption.key_text(secret)
                _lay(WorkspaceFile(temporary, encryption.key_text(secret, salt)), path)
            else:
                _lay(WorkspaceFile(temporary), path)
            copies.sync_file(temporary)
            copies.remove_sidecars(path)
            os.replace(temporary, path)
            copies.sync_folder(path.parent)
        return _workspace(WorkspaceFile(path, key), held, clock)
    except BaseException:
        held.release()
        raise


def open_workspace(
    path: Path,
    *,
    password: str | None = None,
    recovery_code: str | None = None,
    read_only: bool = False,
    backup_folder: Path | None = None,
    clock: Callable[[], int] | None = None,
) -> Workspace:
    """Open a workspace file, as its only writer or for viewing.

    ``backup_folder`` is where this machine keeps backups: one is made before a migration, and the last good one is
    looked for when the file is damaged. Raises NotAWorkspace, WorkspaceDamaged, NewerWorkspace, PasswordNeeded,
    WrongPassword, WorkspaceLocked or ReadOnlyWorkspace; the file is untouched then.
    """
    require_engine()
    path = Path(os.path.realpath(path))
    ring = KeyRing(password=password, recovery_code=recovery_code)
    try:
        _refuse(path, inspect(path))
        file = ring.file(path)
        if read_only:
            return _view(file, clock)
        held = lock.acquire(path)
        try:
            copies.remove_leftovers(path)
            _require_writable(path)
            unclean = file.ended_uncleanly()
            if file.rollback.exists():
                _recover(file)
            version = _examine(file, unclean=unclean)
            if version < SCHEMA_VERSION:
                _migrate(file, backup_folder)
            return _workspace(file, held, clock)
        except BaseException:
            held.release()
            raise
    except WorkspaceDamaged as error:
        if backup_folder is not None and error.last_good_backup is None:
            from . import backup

            error.last_good_backup = backup.last_good_backup(path, backup_folder, ring=ring)
        raise


def refuse_other_files(path: Path) -> None:
    """Raise NotAWorkspace, NewerWorkspace, WorkspaceDamaged or StorageError for what the bytes of the file tell."""
    _refuse(path, inspect(path))


def _refuse_taken(path: Path) -> None:
    if path.exists():
        raise StorageError(
            _("“{name}” already exists.").format(name=path.name), _("Choose another name; nothing was overwritten.")
        )


def _lay(file: WorkspaceFile, path: Path) -> None:
    """Make the file with the present schema; it ends without a log."""
    with explained(path):
        connection = apsw.Connection(str(file.path))
        try:
            if file.key is not None:
                connection.pragma("key", file.key)
            migrate(connection)
            connection.execute("PRAGMA query_only = OFF")
            connection.execute("INSERT INTO meta (key, value) VALUES ('workspace_id', ?)", (secrets.token_hex(16),))
        finally:
            connection.close()


def _refuse(path: Path, inspection: Inspection) -> None:
    """Raise what the bytes of the file already tell."""
    name = path.name
    choose = _("Choose a file that ends in .qihua.")
    match inspection.kind:
        case FileKind.MISSING:
            raise NotAWorkspace(_("There is no file “{name}”.").format(name=name), choose)
        case FileKind.FOLDER:
            raise NotAWorkspace(_("“{name}” is a folder, not a workspace.").format(name=name), choose)
        case FileKind.EMPTY:
            raise NotAWorkspace(
                _("“{name}” is empty.").format(name=name), _("Choose another file, or restore a backup.")
            )
        case FileKind.OTHER | FileKind.OTHER_DATABASE:
            raise NotAWorkspace(_("“{name}” is not a Qihua workspace.").format(name=name), choose)
        case FileKind.UNREADABLE:
            raise StorageError(
                _("“{name}” cannot be read.").format(name=name), _("Check the permissions of the file and its folder.")
            )
        case FileKind.NEWER:
            raise _newer(path)
        case FileKind.TRUNCATED:
            raise WorkspaceDamaged(
                _("The end of the workspace “{name}” is missing.").format(name=name),
                _("Restore the last good backup."),
            )
        case FileKind.DAMAGED:
            raise damaged(path)
        case FileKind.WORKSPACE | FileKind.ENCRYPTED:
            return


def _newer(path: Path) -> NewerWorkspace:
    return NewerWorkspace(
        _("“{name}” was written by a newer version of the program.").format(name=path.name),
        _("Install the newer version; the file was not touched."),
    )


def _recover(file: WorkspaceFile) -> None:
    """Have SQLite take back what a killed program had half written."""
    with explained(file.path):
        connect_for_writing(file).close()
    with contextlib.suppress(OSError):
        file.rollback.unlink(missing_ok=True)  # what SQLite found to be void, it leaves


def _examine(file: WorkspaceFile, *, unclean: bool) -> int:
    """Return the schema version, reading only; after an unclean end the whole file is checked."""
    with reading(file.path):
        connection = connect_for_reading(file, immutable=not file.ended_uncleanly())
        try:
            version = _identify(connection, file.path)
            if unclean:
                lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
                if lines != ["ok"]:
                    raise damaged(file.path, *lines[:5])
            _require_schema(connection, file.path, version)
        finally:
            connection.close()
    return version


def _identify(connection: apsw.Connection, path: Path) -> int:
    if connection.pragma("application_id") != APPLICATION_ID:
        raise NotAWorkspace(_("“{name}” is not a Qihua workspace.").format(name=path.name))
    version = cast(int, connection.pragma("user_version"))
    if version > SCHEMA_VERSION:
        raise _newer(path)
    return version


def _require_schema(connection: apsw.Connection, path: Path, version: int) -> None:
    """Raise WorkspaceDamaged when tables of the present version are not what the program made."""
    if version == SCHEMA_VERSION:
        missing = schema.missing(connection)
        if missing:
            raise damaged(path, *missing[:5])


def _require_writable(path: Path) -> None:
    try:
        with open(path, "rb+"):
            return
    except OSError as error:
        raise ReadOnlyWorkspace(
            _("The workspace “{name}” cannot be written.").format(name=path.name),
            _("Open it for viewing only, or save a copy elsewhere."),
            (error.strerror or str(error),),
        ) from error


def _migrate(file: WorkspaceFile, backup_folder: Path | None) -> None:
    from . import backup

    folder = backup_folder or file.path.parent / f"{file.path.name}.backups"
    made = backup.make_backup(file, folder, prune=False).path
    try:
        with explained(file.path):  # anything else that a migration raises is a bug, not damage
            connection = connect_for_writing(file)
            try:
                migrate(connection)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
    except MigrationRefused as error:
        raise WorkspaceDamaged(
            _("“{name}” could not be brought to this version of the program; it was left as it was.").format(
                name=file.path.name
            ),
            _("Go on with the program version that wrote it, and send us the lines below."),
            error.lines,
            made,
        ) from error


def _workspace(file: WorkspaceFile, held: lock.OwnerLock, clock: Callable[[], int] | None) -> Workspace:
    database = WorkspaceDatabase(str(file.path), key=file.key, read_only=False)
    try:
        with reading(file.path):
            workspace = Workspace(file.path, database, clock=clock)
    except BaseException:
        with contextlib.suppress(apsw.Error):
            database.close_all()
        raise
    workspace.owner = held.owner
    workspace.on_close.append(held.release)
    return workspace


def _view(file: WorkspaceFile, clock: Callable[[], int] | None) -> Workspace:
    """Open for viewing; where the folder cannot be written, the file is seen as it is now."""
    try:
        return _view_in_place(file, clock, immutable=False)
    except ReadOnlyWorkspace:
        if not file.ended_uncleanly():
            return _view_in_place(file, clock, immutable=True)
        return _view_copy(file, clock)


def _view_in_place(file: WorkspaceFile, clock: Callable[[], int] | None, *, immutable: bool) -> Workspace:
    database = WorkspaceDatabase(str(file.path), key=file.key, read_only=True, immutable=immutable)
    try:
        with reading(file.path):
            database.connect()
            version = _identify(cast(apsw.Connection, database.connection()), file.path)
            if version < SCHEMA_VERSION:
                raise StorageError(
                    _("“{name}” was written by an older version of the program.").format(name=file.path.name),
                    _("Open it for editing once: it is backed up and brought to this version."),
                )
            _require_schema(cast(apsw.Connection, database.connection()), file.path, version)
            workspace = Workspace(file.path, database, clock=clock)
    except BaseException:
        with contextlib.suppress(apsw.Error):
            database.close_all()
        raise
    if not immutable:
        workspace.on_close.append(lambda: tidy_unowned(file))
    return workspace


def _view_copy(file: WorkspaceFile, clock: Callable[[], int] | None) -> Workspace:
    """View a copy in a temporary folder: the last changes stand in a log that cannot be used where it is."""
    folder = Path(tempfile.mkdtemp(prefix="qihua-view-"))
    try:
        copy = WorkspaceFile(folder / file.path.name, file.key)
        try:
            for source, target in (
                (file.path, copy.path),
                (file.wal, copy.wal),
                (file.rollback, copy.rollback),
            ):
                if source.exists():
                    shutil.copyfile(source, target)
        except OSError as error:
            raise StorageError(
                _("“{name}” cannot be read.").format(name=file.path.name), details=(error.strerror or str(error),)
            ) from error
        if copy.half_written():
            _recover(copy)
        workspace = _view_in_place(copy, clock, immutable=False)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    workspace.path = file.path
    workspace.on_close.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    return workspace


def tidy_unowned(file: WorkspaceFile) -> None:
    """Remove what viewing left beside the file, unless somebody has it open."""
    with contextlib.suppress(QihuaError):
        held = lock.acquire(file.path)
        try:
            tidy(file)
        finally:
            held.release()
