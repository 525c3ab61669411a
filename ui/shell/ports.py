"""What the windows ask of the program as a whole: files, backups, passwords. ``qihua_desktop.app`` answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from qihua_desktop.services.session import Session
from qihua_desktop.settings_store import SettingsStore


class BackupInfo(Protocol):
    """One backup and what it holds; ``problem`` says why it cannot be read."""

    @property
    def path(self) -> Path: ...
    @property
    def taken_at(self) -> datetime: ...
    @property
    def size(self) -> int: ...
    @property
    def encrypted(self) -> bool: ...
    @property
    def readable(self) -> bool: ...
    @property
    def projects(self) -> tuple[str, ...]: ...
    @property
    def tasks(self) -> int: ...
    @property
    def last_label(self) -> str: ...
    @property
    def problem(self) -> str: ...


class WorkspaceFiles(Protocol):
    """Files of workspaces. Everything raises the QihuaError family."""

    def open(self, path: Path, *, password: str | None = None, read_only: bool = False) -> Session:
        """Open a workspace. Raises PasswordNeeded, WrongPassword, WorkspaceLocked, WorkspaceDamaged, …"""
        ...

    def create(self, path: Path, *, password: str | None = None) -> tuple[Session, str]:
        """Create a workspace; with a password also returns its recovery code, else an empty text."""
        ...

    def create_demo(self) -> Path:
        """Make the sample workspace anew when it is not there, and return it."""
        ...

    def backups(self, path: Path, *, password: str | None = None) -> Sequence[BackupInfo]:
        """Return a workspace's verified backups, newest first, with what each holds."""
        ...

    def back_up(self, session: Session) -> datetime | None:
        """Make a verified backup when something changed since the last; returns when, or None."""
        ...

    def last_backup(self, path: Path) -> datetime | None:
        """Return when the newest backup was made."""
        ...

    def restore(self, path: Path, chosen: Path, *, password: str | None = None) -> Path | None:
        """Put a backup in the place of a closed workspace; returns where the replaced file was put aside."""
        ...

    def save_copy(self, session: Session, target: Path) -> None:
        """Write a verified copy."""
        ...

    def compact(self, session: Session) -> tuple[int, int]:
        """Make the file as small as it can be; returns the size before and after, in bytes."""
        ...

    def is_encrypted(self, session: Session) -> bool:
        """Return whether the file has a password."""
        ...

    def set_password(self, session: Session, new: str) -> str:
        """Set or change the password and return the new recovery code."""
        ...

    def remove_password(self, session: Session) -> None:
        """Store the file without encryption from now on."""
        ...

    def readable_backups(self, session: Session) -> int:
        """Return how many backups of an encrypted workspace are not encrypted themselves."""
        ...

    def discard_readable_backups(self, session: Session) -> int:
        """Make an encrypted backup, then remove those that are not encrypted; returns how many went."""
        ...

    def check_password(self, session: Session, given: str) -> bool:
        """Return whether this is the password."""
        ...

    def password_problem(self, given: str) -> str:
        """Return why a password is too weak to accept, empty for a good one."""
        ...

    def open_with_code(self, path: Path, code: str) -> Session:
        """Open with the recovery code. Raises WrongPassword."""
        ...

    def needs_password(self, path: Path) -> bool:
        """Return whether the file is encrypted, looking at its bytes only."""
        ...

    def location_warning(self, path: Path) -> str:
        """Return why a place is a risk for a workspace (network, synced folder), empty for a good one."""
        ...


class Desk(Protocol):
    """The running program, as its windows see it."""

    store: SettingsStore

    @property
    def files(self) -> WorkspaceFiles:
        """Files of workspaces."""
        ...

    def open_path(self, path: Path, parent: QWidget | None = None) -> bool:
        """Open a workspace in place of the one that is open; returns whether it was opened."""
        ...

    def new_workspace(self, parent: QWidget | None = None) -> bool:
        """Ask for a place and create a workspace there."""
        ...

    def open_demo(self, parent: QWidget | None = None) -> bool:
        """Open the sample workspace."""
        ...

    def restore(self, parent: QWidget | None = None, path: Path | None = None) -> bool:
        """Let the user choose a backup of a workspace and put it in its place."""
        ...

    def close_workspace(self) -> None:
        """Close the workspace and show the start screen."""
        ...

    def apply_settings(self) -> None:
        """Put changed settings into force; a new language makes the windows anew."""
        ...

    def restart(self) -> None:
        """Start the program anew with the same workspace."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...
