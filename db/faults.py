"""The storage engine's errors, told in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import peewee

from qihua_desktop.domain.errors import (
    NotAWorkspace,
    ReadOnlyWorkspace,
    RuleError,
    StorageError,
    WorkspaceDamaged,
    WorkspaceLocked,
)
from qihua_desktop.i18n import _


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn engine errors raised inside the block into errors a user understands."""
    try:
        yield
    except (apsw.Error, peewee.PeeweeException) as error:
        cause: BaseException = error
        while not isinstance(cause, apsw.Error) and cause.__cause__ is not None:
            cause = cause.__cause__
        translated = _translate(cause, path)
        if translated is None:
            raise
        raise translated from error


def _translate(error: BaseException, path: Path) -> Exception | None:
    name = path.name
    if isinstance(error, (apsw.FullError, apsw.IOError)):
        return StorageError(
            _("The disk did not take the change to “{name}”.").format(name=name),
            _("Nothing before it is lost. Free some space or check the drive, then try again."),
            (str(error),),
        )
    if isinstance(error, (apsw.CorruptError,)):
        return WorkspaceDamaged(
            _("The workspace “{name}” is damaged.").format(name=name), _("Restore the last good backup.")
        )
    if isinstance(error, apsw.NotADBError):
        return NotAWorkspace(
            _("“{name}” is not a Qihua workspace, or its password is wrong.").format(name=name),
            _("Choose a file that ends in .qihua."),
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
    return None
