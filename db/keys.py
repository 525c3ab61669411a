"""Which key opens a file: from a password, a recovery code, or the key of a workspace that is already open."""

from __future__ import annotations

from pathlib import Path

import apsw

from qihua_desktop.domain.errors import PasswordNeeded, WrongPassword
from qihua_desktop.i18n import _

from . import encryption
from .connection import WorkspaceFile, connect_for_reading
from .recognition import FileKind, inspect


class KeyRing:
    """Finds keys for files; the slow derivation is done once for each salt."""

    def __init__(
        self, *, password: str | None = None, recovery_code: str | None = None, key: str | None = None
    ) -> None:
        self._password = password
        self._recovery_code = recovery_code
        self._key = key
        self._derived: dict[bytes, str] = {}

    def file(self, path: Path) -> WorkspaceFile:
        """Return the file with the key that opens it. Raises PasswordNeeded, WrongPassword or InputError."""
        inspection = inspect(path)
        if inspection.kind is not FileKind.ENCRYPTED:
            return WorkspaceFile(path)
        for key in self._candidates(inspection.salt):
            file = WorkspaceFile(path, key)
            if opens(file):
                return file
        if self._password is None and self._recovery_code is None:
            raise PasswordNeeded(
                _("“{name}” is protected by a password.").format(name=path.name),
                _("Enter its password or its recovery code."),
            )
        if self._recovery_code is not None:
            raise WrongPassword(
                _("This recovery code does not open “{name}”.").format(name=path.name),
                _("It is valid only until the password is changed: look for the newest code."),
            )
        raise WrongPassword(
            _("The password does not open “{name}”.").format(name=path.name),
            _(
                "Check capitals and the input method. If it is certainly right, the beginning of the file is damaged: "
                "restore the last good backup."
            ),
        )

    def _candidates(self, salt: bytes) -> list[str]:
        found: list[str] = []
        if self._key is not None:
            found.append(self._key)
        if self._recovery_code is not None:
            found.append(encryption.key_text(encryption.decode_recovery(self._recovery_code)))
        if self._password is not None:
            if salt not in self._derived:
                self._derived[salt] = encryption.key_text(encryption.derive(self._password, salt))
            found.append(self._derived[salt])
        return found


def opens(file: WorkspaceFile) -> bool:
    """Return whether the key opens an encrypted file; a damaged file is for others to find."""
    immutable = file.half_written() or not file.ended_uncleanly()
    try:
        connect_for_reading(file, immutable=immutable).close()
    except apsw.NotADBError:
        return False
    except apsw.Error:
        return True
    return True
