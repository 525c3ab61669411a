"""Opening a workspace, whatever state the file is in: every outcome in plain words with a way on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.errors import (
    NotAWorkspace,
    PasswordNeeded,
    QihuaError,
    ReadOnlyWorkspace,
    WorkspaceDamaged,
    WorkspaceLocked,
)
from qihua_desktop.i18n import _
from qihua_desktop.services.session import Session
from ui.common import dialogs
from ui.common.dialogs import Choice

from .file_actions import WORKSPACE_SUFFIX, workspace_filter
from .ports import WorkspaceFiles

Restore = Callable[[Path, QWidget | None], bool]


def open_session(files: WorkspaceFiles, path: Path, parent: QWidget | None) -> Session | None:
    """Open a workspace with whatever questions that takes; None when the user gave up.

    A damaged file offers its backups; choosing one puts it in place and opens it.
    """
    try:
        if files.needs_password(path):
            return _unlock(files, path, parent, read_only=False)
        return files.open(path)
    except PasswordNeeded:
        return _unlock(files, path, parent, read_only=False)
    except (WorkspaceLocked, ReadOnlyWorkspace) as error:
        return _view(files, path, parent, error)
    except WorkspaceDamaged as error:
        return repair(files, path, parent, error)
    except NotAWorkspace as error:
        return _not_a_workspace(files, path, parent, error)
    except QihuaError as error:
        dialogs.show_error(parent, error)
        return None


def create_session(files: WorkspaceFiles, folder: Path, parent: QWidget | None) -> Session | None:
    """Ask where a new workspace goes and create it."""
    path = dialogs.save_file(
        parent, _("New workspace"), workspace_filter(), name=_("Planning department") + WORKSPACE_SUFFIX, folder=folder
    )
    if path is None:
        return None
    if path.suffix != WORKSPACE_SUFFIX:
        path = path.with_name(path.name + WORKSPACE_SUFFIX)
    warning = files.location_warning(path)
    if warning and not dialogs.confirm(parent, warning, action=_("Use this place anyway")):
        return None
    try:
        return files.create(path)[0]
    except QihuaError as error:
        dialogs.show_error(parent, error)
        return None


def restore_backup(files: WorkspaceFiles, path: Path, parent: QWidget | None) -> bool:
    """Let the user choose a backup of a closed workspace and put it in place; returns whether that was done."""
    try:
        backups = files.backups(path)
        password: str | None = None
        if any(one.encrypted and not one.readable for one in backups):
            password = dialogs.ask_text(
                parent,
                _("Password"),
                _("The backups are encrypted. Type the password to look into them."),
                password=True,
            )
            if password is not None:
                backups = files.backups(path, password=password)
        from .restore_dialog import RestoreDialog

        dialog = RestoreDialog(path, backups, parent)
        if not dialogs.run_form(dialog) or dialog.chosen is None:
            return False
        aside = files.restore(path, dialog.chosen.path, password=password)
    except QihuaError as error:
        dialogs.show_error(parent, error)
        return False
    if aside is not None:
        dialogs.inform(
            parent,
            _("The backup was restored."),
            advice=_("The former file was kept as “{name}”.").format(name=aside.name),
        )
    return True


def repair(files: WorkspaceFiles, path: Path, parent: QWidget | None, error: QihuaError) -> Session | None:
    """Offer the backups of a damaged file; returns what was restored and opened, None when the user gave up."""
    choices = (Choice("cancel", _("Cancel")), Choice("restore", _("Show the backups…"), primary=True))
    advice = "\n".join(part for part in (error.advice, *error.details) if part)
    if dialogs.choose(parent, error.message, choices, advice=advice) != "restore":
        return None
    return open_session(files, path, parent) if restore_backup(files, path, parent) else None


def _unlock(files: WorkspaceFiles, path: Path, parent: QWidget | None, *, read_only: bool) -> Session | None:
    from .password_dialogs import UnlockDialog, set_new_password

    dialog = UnlockDialog(files, path, parent, read_only=read_only)
    try:
        accepted = dialogs.run_form(dialog)
    except (WorkspaceLocked, ReadOnlyWorkspace) as error:
        return _view(files, path, parent, error)
    if not accepted or dialog.session is None:
        return None
    if dialog.forgotten:
        try:
            set_new_password(files, dialog.session, parent, ask_old=False)
        except QihuaError as error:
            dialogs.show_error(parent, error)
    return dialog.session


def _view(files: WorkspaceFiles, path: Path, parent: QWidget | None, error: QihuaError) -> Session | None:
    choices = (Choice("cancel", _("Cancel")), Choice("view", _("Open for viewing only"), primary=True))
    if dialogs.choose(parent, error.message, choices, advice=error.advice) != "view":
        return None
    try:
        if files.needs_password(path):
            return _unlock(files, path, parent, read_only=True)
        return files.open(path, read_only=True)
    except QihuaError as again:
        dialogs.show_error(parent, again)
        return None


def _not_a_workspace(files: WorkspaceFiles, path: Path, parent: QWidget | None, error: NotAWorkspace) -> Session | None:
    """Say what the file is; where there are backups of a file of this name, offer them."""
    if path.suffix == WORKSPACE_SUFFIX and files.last_backup(path) is not None:
        return repair(files, path, parent, error)
    dialogs.show_error(parent, error)
    return None
