"""What the File and Help menus do, and the small facts about a workspace that the main window shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from qihua_desktop import paths
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.i18n import _
from qihua_desktop.services import projects, today
from ui.common import dialogs
from ui.common.actions import ActionRegistry
from ui.common.context import AppContext

from .ports import Desk

WORKSPACE_SUFFIX = ".qihua"


@dataclass(frozen=True, slots=True)
class BadgeCounts:
    """The counts in the navigation."""

    active_projects: int
    waiting_for_me: int


def workspace_filter() -> str:
    """Return the file dialog's filter for workspaces."""
    return _("Qihua workspaces") + f" (*{WORKSPACE_SUFFIX})"


def badge_counts(context: AppContext) -> BadgeCounts:
    """Count what the navigation shows."""
    session = context.session
    active = projects.count_projects(session, ProjectStatus.ACTIVE)
    if session.actor is None:
        return BadgeCounts(active, 0)
    waiting = len(today.pending_sign_offs(session, session.actor.id))
    return BadgeCounts(active, waiting)


def local_time(ms: int | None) -> datetime | None:
    """Return a recorded moment as this laptop's naive local time."""
    if ms is None:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().replace(tzinfo=None)


def saved_at(context: AppContext) -> datetime | None:
    """Return when the newest change was saved."""
    return local_time(context.session.changed_ms())


def open_workspace(desk: Desk, parent: QWidget) -> bool:
    """Ask for a workspace and open it."""
    path = dialogs.open_file(parent, _("Open workspace"), workspace_filter())
    return path is not None and desk.open_path(path, parent)


def import_plan(context: AppContext, parent: QWidget) -> None:
    """Ask for a plan file and make a project of it."""
    from ui.common.plan_import import import_plan as ask

    ask(context, parent)


def save_copy(desk: Desk, context: AppContext, parent: QWidget) -> None:
    """Write a copy of the workspace under another name."""
    path = context.session.workspace.path
    name = _("{name} copy").format(name=path.stem) + WORKSPACE_SUFFIX
    target = dialogs.save_file(parent, _("Save a copy as"), workspace_filter(), name=name)
    if target is None:
        return
    target = target if target.suffix else target.with_suffix(WORKSPACE_SUFFIX)
    if context.attempt(lambda: desk.files.save_copy(context.session, target), parent):
        context.notice_posted.emit(_("Copy saved: {name}").format(name=target.name))


def back_up(desk: Desk, context: AppContext, parent: QWidget) -> None:
    """Make a verified backup now."""
    made: list[datetime | None] = []
    if context.attempt(lambda: made.append(desk.files.back_up(context.session)), parent):
        text = _("Backup made and verified.") if made[0] else _("Nothing changed since the last backup.")
        context.notice_posted.emit(text)
        desk.apply_settings()


def compact(desk: Desk, context: AppContext, parent: QWidget) -> None:
    """Make the file as small as it can be."""
    sizes: list[tuple[int, int]] = []
    if context.attempt(lambda: sizes.append(desk.files.compact(context.session)), parent):
        before, after = sizes[0]
        dialogs.inform(
            parent,
            _("The file was compacted."),
            advice=_("Size before {before}, now {after}.").format(before=size_text(before), after=size_text(after)),
        )


def size_text(size: int) -> str:
    """Return a file's size in words."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def change_password(desk: Desk, context: AppContext, parent: QWidget) -> None:
    """Set, change or remove the workspace's password."""
    from .password_dialogs import manage_password

    manage_password(desk.files, context, parent)


def show_settings(desk: Desk, context: AppContext, parent: QWidget) -> None:
    """Open the settings."""
    from .settings_dialog import SettingsDialog

    SettingsDialog(desk, context, parent).open_and_apply()


def show_shortcuts(parent: QWidget) -> None:
    """List every action with its shortcut, those of the pages made so far included."""
    from ui.common.shortcut_list import ShortcutList

    listing = ShortcutList(parent.findChildren(ActionRegistry), parent)
    listing.exec()
    listing.deleteLater()


def show_log_folder() -> None:
    """Open the folder of the log in the system's file manager."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.log_file().parent)))


def show_about(parent: QWidget) -> None:
    """Show versions and licences."""
    from .about_dialog import AboutDialog

    dialogs.run_form(AboutDialog(parent))
