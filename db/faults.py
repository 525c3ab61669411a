"""The storage engine's errors, told in plain words."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import apsw
import peewee

from qihua_desktop.domain.errors import (
    QihuaError,
    ReadOnlyWorkspace,
    RuleError,
    StorageError,
    WorkspaceDamaged,
    WorkspaceLocked,
)
from qihua_desktop.i18n import _

from . import schema

_READ_FAILURES = {apsw.SQLITE_IOERR_READ, apsw.SQLITE_IOERR_SHORT_READ, apsw.SQLITE_IOERR_FSTAT}
_DAMAGED_ON_READ = {apsw.SQLITE_IOERR_SHORT_READ, apsw.SQLITE_IOERR_DATA}


@contextmanager
def explained(path: Path, connection: Callable[[], apsw.Connection] | None = None) -> Generator[None]:
    """Turn engine errors raised inside the block into errors a user understands.

    With a connection, a statement that fails because the stored schema is not the program's is told as damage; with the
    right schema it is a bug and stays what it is.
    """
    try:
        yield
    except (apsw.Error, peewee.PeeweeException) as error:
        cause = _engine_error(error)
        translated = _translate(cause, path)
        if translated is None and connection is not None and isinstance(cause, (apsw.SQLError, apsw.ConstraintError)):
            translated = _schema_damage(path, connection, cause)
        if translated is None:
            raise
        raise translated from error


@contextmanager
def reading(path: Path) -> Generator[None]:
    """Like ``explained``; values that the program cannot have written also mean a damaged file."""
    try:
        with explained(path):
            yield
    except (ValueError, TypeError, OverflowError, zlib.error, apsw.SQLError) as error:
        raise damaged(path, str(error)) from error


def _schema_damage(
    path: Path, connection: Callable[[], apsw.Connection], error: BaseException
) -> WorkspaceDamaged | None:
    try:
        different = schema.differences(connection())
    except apsw.Error as unreadable:
        different = [str(unreadable)]
    return damaged(path, str(error), *different[:5]) if different else None


def _engine_error(error: BaseException) -> BaseException:
    """Return the engine's own error behind peewee's, which carries it as its context."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, apsw.Error):
        cause = cause.__cause__ or cause.__context__
    return error if cause is None else cause


def damaged(path: Path, *details: str) -> WorkspaceDamaged:
    """Return the error for a damaged workspace."""
    return WorkspaceDamaged(
        _("The workspace “{name}” is damaged.").format(name=path.name), _("Restore the last good backup."), details
    )


def file_problem(path: Path, error: OSError) -> QihuaError:
    """Return the error for what the system said about a file that is being written, copied or moved."""
    return StorageError(
        _("“{name}” could not be written.").format(name=path.name),
        _("Nothing was changed. Check the free space and the permissions of its folder, then try again."),
        (error.strerror or str(error),),
    )


def _translate(error: BaseException, path: Path) -> Exception | None:
    name = path.name
    extended = getattr(error, "extendedresult", 0)
    if isinstance(error, (apsw.CorruptError, apsw.NotADBError, apsw.FormatError)) or extended in _DAMAGED_ON_READ:
        return damaged(path, str(error))
    if extended in _READ_FAILURES:
        return StorageError(
            _("The drive could not read “{name}”.").format(name=name),
            _("Check the drive and its cable. If it happens again, restore the last good backup to another drive."),
            (str(error),),
        )
    if isinstance(error, (apsw.FullError, apsw.IOError)):
        return StorageError(
            _("The disk did not take the change to “{name}”.").format(name=name),
            _("Nothing before it is lost. Free some space or check the drive, then try again."),
            (str(error),),
        )
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return WorkspaceLocked(
            _("The workspace “{name}” is being written by another program.").format(name=name),
            _("Wait a moment and try again."),
        )
    if isinstance(error, (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError)):
        return ReadOnlyWorkspace(
            _("The workspace “{name}” cannot be written.").format(name=name),
            _("Check the permissions of the file and its folder, or save a copy elsewhere."),
        )
    if isinstance(error, apsw.ConstraintError) and "cannot sign it off" in str(error):
        return RuleError(_("The author of a plan cannot sign it off."))
    if isinstance(error, apsw.ConstraintError) and "voucher.duplicate_key" in str(error):
        return RuleError(
            _("Duplicate: an accepted voucher has this number already."),
            _("Reject or delete this one; one invoice counts only once."),
        )
    return None
