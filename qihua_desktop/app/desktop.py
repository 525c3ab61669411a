"""The running program: a start screen, or one workspace with its main window."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from qihua_desktop import paths
from qihua_desktop.domain.errors import QihuaError, WorkspaceDamaged
from qihua_desktop.i18n import _, current_language, set_language
from qihua_desktop.services.session import Session
from qihua_desktop.settings_store import SettingsStore
from qihua_desktop.workspace_files import WorkspaceFiles
from ui.common import dialogs
from ui.common.theme import ThemeMode, theme
from ui.shell import opening
from ui.shell.main_window import MainWindow
from ui.shell.single_instance import InstanceServer

from .look import dress
from .pages import page_registry

if TYPE_CHECKING:
    from ui.shell.start_window import StartWindow

_log = logging.getLogger(__name__)
_BACKUP_CHECK_MS = 60_000
_FLUSH_MS = 3_000
_FOLLOW_MS = 3_000
_AFTER_PAINT_MS = 400


class Desktop(QObject):
    """The running program: at any time a start screen or one workspace with its main window."""

    def __init__(self, application: QApplication, store: SettingsStore) -> None:
        super().__init__()
        self.application = application
        self.store = store
        self.files = WorkspaceFiles(store)
        self.registry = page_registry()
        self.session: Session | None = None
        self.window: MainWindow | None = None
        self.start: StartWindow | None = None
        self._server: InstanceServer | None = None
        self._leaving = False
        self._heads: tuple[int, str] = (0, "")
        self._timers = [
            _timer(self, _BACKUP_CHECK_MS, self._back_up_if_due),
            _timer(self, _FLUSH_MS, store.flush),
            _timer(self, _FOLLOW_MS, self._follow_owner),
        ]

    def listen(self) -> None:
        """Hear of later starts of the program from now on."""
        self._server = InstanceServer(self._on_second_start, self)

    # --- what the windows ask for ---

    def show_start(self) -> None:
        """Show the start screen."""
        if self.start is None:
            from ui.shell.start_window import StartWindow

            self.start = StartWindow(self)
            self.start.closed.connect(self._on_start_closed)
        self.start.refresh()
        self.start.show()

    def open_path(self, path: Path, parent: QWidget | None = None) -> bool:
        """Open a workspace in place of the one that is open."""
        present = self.session
        if present is not None and _same(present.workspace.path, path):
            self._raise()
            return True
        session = opening.open_session(self.files, path, parent)
        while session is not None:
            try:
                self.show_session(session, path)
                return True
            except WorkspaceDamaged as error:
                self._abandon()
                session = opening.repair(self.files, path, self.start, error)
        if self.window is None and self.start is None and present is not None:
            self.show_start()
        return False

    def new_workspace(self, parent: QWidget | None = None) -> bool:
        """Ask for a place and create a workspace there."""
        session = opening.create_session(self.files, paths.documents_folder(), parent)
        if session is None:
            return False
        self.show_session(session, session.workspace.path)
        return True

    def open_demo(self, parent: QWidget | None = None) -> bool:
        """Open the sample workspace."""
        try:
            path = self.files.create_demo()
        except QihuaError as error:
            dialogs.show_error(parent, error)
            return False
        return self.open_path(path, parent)

    def restore(self, parent: QWidget | None = None, path: Path | None = None) -> bool:
        """Close the workspace, let the user choose a backup, and open what is there then."""
        target = path or (self.session.workspace.path if self.session is not None else None)
        if target is None:
            target = dialogs.open_file(parent, _("Restore a backup of"), _("Qihua workspaces") + " (*.qihua)")
        if target is None:
            return False
        was_open = self.session is not None
        if was_open:
            self._leave_workspace()
            self.show_start()
            parent = self.start
        done = opening.restore_backup(self.files, target, parent)
        if done or was_open:
            return self.open_path(target, parent) and done
        return done

    def close_workspace(self) -> None:
        """Close the workspace and show the start screen."""
        self._leave_workspace()
        self.show_start()

    def apply_settings(self) -> None:
        """Put changed settings into force; another language makes the windows anew."""
        settings = self.store.settings
        before = current_language()
        set_language(settings.language)
        if theme().mode is not ThemeMode(settings.theme) or current_language() != before:
            dress(self.application, settings.theme)
        if current_language() != before:
            self._rebuild()
        elif self.window is not None:
            self.window.refresh()

    def restart(self) -> None:
        """Start the program anew with the same workspace."""
        path = self.session.workspace.path if self.session is not None else None
        self.quit()
        arguments = [] if getattr(sys, "frozen", False) else ["-m", "qihua_desktop"]
        if path is not None:
            arguments.append(str(path))
        QProcess.startDetached(sys.executable, arguments)

    def leave(self) -> None:
        """Close every window and the workspace, with a backup of what changed."""
        self._leaving = True
        self._leave_workspace()
        if self.start is not None:
            self.start.close()
        for timer in self._timers:
            timer.stop()
        self.store.flush()

    def quit(self) -> None:
        """End the program."""
        self.leave()
        if self._server is not None:
            self._server.close()
        self.application.quit()

    # --- one workspace on the screen ---

    def show_session(self, session: Session, path: Path) -> MainWindow:
        """Show a workspace that has been opened."""
        self._leave_workspace()
        self.session = session
        self._heads = session.workspace.head()
        if not session.workspace.read_only:
            self.store.add_recent(path)
        window = self._make_window(session)
        if self.start is not None:
            start, self.start = self.start, None
            start.closed.disconnect(self._on_start_closed)
            start.close()
            start.deleteLater()
        QTimer.singleShot(_AFTER_PAINT_MS, window, self._check_after_paint)
        return window

    def _make_window(self, session: Session) -> MainWindow:
        window = MainWindow(self, session, theme(), self.registry)
        self.window = window
        window.closed.connect(self._on_window_closed)
        window.start()
        window.show()
        return window

    def _rebuild(self) -> None:
        """Make the windows anew in another language; the workspace stays open."""
        window, session = self.window, self.session
        if window is not None and session is not None:
            window.closed.disconnect(self._on_window_closed)
            window.close()
            window.deleteLater()
            self._make_window(session)
        elif self.start is not None:
            start, self.start = self.start, None
            start.closed.disconnect(self._on_start_closed)
            start.close()
            start.deleteLater()
            self.show_start()

    def _leave_workspace(self) -> None:
        session, self.session = self.session, None
        window, self.window = self.window, None
        if window is not None:
            window.closed.disconnect(self._on_window_closed)
            window.close()
            window.deleteLater()
        if session is not None:
            self._back_up_before_closing(session)
            session.workspace.close()

    def _abandon(self) -> None:
        """Leave a workspace that turned out damaged: no backup is made of it, the good ones stay."""
        session, self.session = self.session, None
        window, self.window = self.window, None
        with contextlib.suppress(QihuaError):
            if window is not None:
                window.closed.disconnect(self._on_window_closed)
                window.close()
                window.deleteLater()
        with contextlib.suppress(QihuaError):
            if session is not None:
                session.workspace.close()

    def _back_up_before_closing(self, session: Session) -> None:
        try:
            self.files.back_up(session)
        except QihuaError as error:
            _log.warning("no backup on close: %s", type(error).__name__)
            dialogs.warn(None, _("No backup could be made."), advice=error.message)

    def _back_up_if_due(self) -> None:
        if self.session is None or self.window is None:
            return
        try:
            if self.files.back_up_if_due(self.session) is not None:
                self.window.refresh()
        except QihuaError as error:
            _log.warning("no backup: %s", type(error).__name__)
            self.window.context.notice_posted.emit(_("No backup could be made: {reason}").format(reason=error.message))

    def _check_after_paint(self) -> None:
        """Look through the file once a week, when everything is already on the screen."""
        session, window = self.session, self.window
        if session is None or window is None or session.workspace.read_only:
            return
        from db.check import quick_check, record_check, weekly_check_due

        if not weekly_check_due(session.workspace):
            return
        file = session.workspace.file

        def tell(findings: Sequence[object]) -> None:
            if findings:
                dialogs.warn(
                    window,
                    _("The workspace file has damage."),
                    advice=_("Restore a backup from the File menu; go on only to save a copy."),
                    details=[str(getattr(one, "text", one)) for one in findings[:10]],
                )
            elif self.session is session:
                record_check(session.workspace)

        window.context.jobs.submit(lambda _job: quick_check(file), on_done=tell)

    def _follow_owner(self) -> None:
        """Show what the owner of a file open for viewing has changed meanwhile."""
        session = self.session
        if session is None or not session.workspace.read_only:
            return
        with contextlib.suppress(QihuaError):
            head = session.workspace.head()
            if head != self._heads:
                self._heads = head
                session.workspace.absorb(frozenset({("project", b"")}))

    def _raise(self) -> None:
        window = self.window or self.start
        if window is not None:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.raise_()
            window.activateWindow()

    def _on_window_closed(self) -> None:
        self.window, window = None, self.window
        if window is not None:
            window.deleteLater()
        if not self._leaving:
            self.quit()

    def _on_start_closed(self) -> None:
        if self.window is None and not self._leaving:
            self.quit()

    def _on_second_start(self, path: Path | None) -> None:
        """A second start brings this program to the front, with its file."""
        self._raise()
        if path is not None:
            self.open_path(path, self.window or self.start)


def _timer(parent: QObject, interval: int, callback: Callable[[], object]) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(interval)
    timer.timeout.connect(callback)
    timer.start()
    return timer


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return one.absolute() == other.absolute()
