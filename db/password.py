"""Setting, changing and removing a workspace's password.

The file is not re-encrypted in place: a copy with the new key is made and tested beside it and then takes its place, so
that at every moment there is one whole file, under the old or the new password.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path
from typing import cast

import apsw

from qihua_desktop.domain.errors import ReadOnlyWorkspace, WorkspaceLocked
from qihua_desktop.i18n import _

from . import backup, copies, encryption
from .connection import WorkspaceDatabase, WorkspaceFile
from .encryption import forgotten_words, password_problem
from .faults import explained
from .workspace import Workspace

__all__ = [
    "check_password",
    "forgotten_words",
    "password_problem",
    "recovery_code",
    "remove_password",
    "set_password",
]


def recovery_code(workspace: Workspace) -> str:
    """Return the code that opens the workspace without its password. Raises LookupError for a plain file."""
    key = workspace.file.key
    if key is None:
        raise LookupError("a workspace without a password has no recovery code")
    return encryption.encode_recovery(encryption.raw_key(key))


def check_password(workspace: Workspace, password: str) -> bool:
    """Return whether this is the password of an open encrypted workspace."""
    key = workspace.file.key
    if key is None:
        return False
    with open(workspace.file.path, "rb") as stream:
        salt = stream.read(encryption.SALT_LENGTH)
    return hmac.compare_digest(encryption.derive(password, salt), encryption.raw_key(key))


def set_password(workspace: Workspace, password: str, *, backup_folder: Path | None = None) -> str:
    """Set or change the password and return the new recovery code; the former code opens only older copies.

    With ``backup_folder`` a tested backup is made before and, under the new password, after. Raises WorkspaceLocked
    while somebody views the file, and StorageError; the old password stays in force then.
    """
    salt = encryption.new_salt()
    secret = encryption.derive(password, salt)
    _change(workspace, encryption.key_text(secret), encryption.key_text(secret, salt), backup_folder)
    return encryption.encode_recovery(secret)


def remove_password(workspace: Workspace, *, backup_folder: Path | None = None) -> None:
    """Make the workspace an ordinary file again; fails as ``set_password`` does."""
    _change(workspace, None, "", backup_folder)


def _change(workspace: Workspace, key: str | None, engine_key: str, backup_folder: Path | None) -> None:
    if workspace.read_only:
        raise ReadOnlyWorkspace(
            _("This workspace is open for viewing only."), _("Close it elsewhere, then open it again to edit.")
        )
    if workspace.editing:
        raise RuntimeError("the password cannot be changed inside an edit")
    file = workspace.file
    if backup_folder is not None:
        backup.make_backup(file, backup_folder)
    with copies.temporary_sibling(file.path) as temporary:
        _leave_log(workspace)
        try:
            with explained(file.path):
                copies.write_tested(file, temporary, file.path, new_key=engine_key)
        except BaseException:
            _enter_log(workspace)
            raise
        workspace.database.close_all()
        try:
            copies.remove_sidecars(file.path)
            os.replace(temporary, file.path)
            copies.sync_folder(file.path.parent)
        except OSError:
            workspace.adopt(_database(file))
            raise
        workspace.adopt(_database(WorkspaceFile(file.path, key)))
    if backup_folder is not None:
        backup.make_backup(workspace.file, backup_folder)


def _leave_log(workspace: Workspace) -> None:
    """Bring everything into the file itself; SQLite refuses while another connection is open."""
    connection = workspace.connection
    with explained(workspace.path):
        connection.execute("PRAGMA query_only = OFF")
        connection.set_busy_timeout(200)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            mode = cast(str, connection.pragma("journal_mode", "DELETE"))
        except apsw.BusyError as error:
            raise _viewed(workspace) from error
        finally:
            connection.set_busy_timeout(5000)
            connection.execute("PRAGMA query_only = ON")
    if mode != "delete":
        raise _viewed(workspace)


def _viewed(workspace: Workspace) -> WorkspaceLocked:
    return WorkspaceLocked(
        _("“{name}” is being viewed in another window or written by a background job.").format(
            name=workspace.path.name
        ),
        _("Close it there and try again; the password was not changed."),
    )


def _enter_log(workspace: Workspace) -> None:
    connection = workspace.connection
    with explained(workspace.path):
        connection.execute("PRAGMA query_only = OFF")
        connection.pragma("journal_mode", "WAL")
        connection.execute("PRAGMA query_only = ON")


def _database(file: WorkspaceFile) -> WorkspaceDatabase:
    return WorkspaceDatabase(str(file.path), key=file.key, read_only=False)
