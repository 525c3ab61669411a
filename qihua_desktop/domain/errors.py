"""What can go wrong outside the program: input and environment, told in plain words.

Everything here is shown to the user as it is, as plain text. Anything else that is raised is a bug and goes to the
error dialog with a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class QihuaError(Exception):
    """A situation the user can understand and act on.

    Attributes:
        message: one plain sentence in the user's language.
        advice: what to do next, may be empty.
        details: names, rows or chains involved, each a line; may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, advice: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.details = tuple(details)

    def one_line(self) -> str:
        """Return message, advice and details as a single line for the command line."""
        parts = [self.message, self.advice, "; ".join(self.details)]
        return " ".join(" ".join(part.split()) for part in parts if part)


class InputError(QihuaError):
    """What was typed, dropped or imported cannot be used."""

    exit_code = 2


class RuleError(InputError):
    """An action that the department's rules forbid (self-approval, colliding locks, a cycle of links)."""


class StorageError(QihuaError):
    """The workspace file or the disk does not allow what was asked."""


class NotAWorkspace(StorageError):
    """The file is something else than a workspace."""

    exit_code = 2


class WorkspaceDamaged(StorageError):
    """The workspace is recognisable, but its content is damaged.

    Attributes:
        last_good_backup: the newest backup that was tested and is whole, where one was found.
    """

    def __init__(
        self, message: str, advice: str = "", details: Sequence[str] = (), last_good_backup: Path | None = None
    ) -> None:
        super().__init__(message, advice, details)
        self.last_good_backup = last_good_backup


class NewerWorkspace(StorageError):
    """The workspace was written by a later version of the program."""

    exit_code = 2


class WorkspaceLocked(StorageError):
    """The workspace is open elsewhere."""


class PasswordNeeded(StorageError):
    """The workspace is encrypted and no password was given."""

    exit_code = 2


class WrongPassword(PasswordNeeded):
    """The password does not open the workspace."""


class ReadOnlyWorkspace(StorageError):
    """The workspace was opened for viewing only."""


class UndoConflict(StorageError):
    """An undo or redo would overwrite something changed since; ``details`` names what conflicts."""


class Cancelled(QihuaError):
    """The user stopped a long piece of work; nothing was changed."""
