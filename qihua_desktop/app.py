"""The only wiring place: puts settings, files, windows and pages together and runs them."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QLibraryInfo, QLocale, QObject, QProcess, Qt, QTimer, QTranslator
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget

from qihua_desktop import __version__, log, paths
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.i18n import N_, _, current_language, set_language
from qihua_desktop.services.session import Session
from qihua_desktop.settings_store import SettingsStore
from qihua_desktop.workspace_files import WorkspaceFiles
from ui.common import dialogs
from ui.common.icons import application_icon
from ui.common.page import Page
from ui.common.theme import ThemeMode, set_ui_scale, theme
from ui.shell import opening
from ui.shell.crash import CrashGuard
from ui.shell.main_window import MainWindow
from ui.shell.registry import PageRegistry, PageSpec, Section
from ui.shell.start_window import StartWindow

_log = logging.getLogger(__name__)
_BACKUP_CHECK_MS = 60_000
_FLUSH_MS = 3_000
_FOLLOW_MS = 3_000
_AFTER_PAINT_MS = 400


def build_application(argv: Sequence[str], store: SettingsStore) -> QApplication:
    """Make the QApplication in the user's scale, language and theme."""
    settings = store.settings
    if not QApplication.instance():
        set_ui_scale(settings.scale)
    set_language(settings.language)
    application = QApplication.instance() or QApplication(list(argv))
    assert isinstance(application, QApplication)
    application.setApplicationName("qihua-desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("qihua-desktop")
    dress(application, settings.theme)
    return application


def page_registry() -> PageRegistry:
    """Return the pages there are, in the order of the navigation; classes are imported when first shown."""
    pages = (
        PageSpec("today", Section.WORKBENCH, N_("Today"), "sun", "Ctrl+1", _today),
        PageSpec("projects", Section.WORKBENCH, N_("Projects"), "folder-kanban", "Ctrl+2", _projects),
        PageSpec("approvals", Section.WORKBENCH, N_("Approvals"), "stamp", "Ctrl+3", _approvals),
        PageSpec("overview", Section.PROJECT, N_("Overview"), "layout-dashboard", "Ctrl+4", _overview),
        PageSpec("gantt", Section.PROJECT, N_("Gantt chart"), "chart-gantt", "Ctrl+5", _gantt),
        PageSpec("budget", Section.PROJECT, N_("Budget allocation"), "wallet", "Ctrl+6", _budget),
        PageSpec("review", Section.PROJECT, N_("Review and sign-off"), "signature", "Ctrl+7", _review),
        PageSpec("survey", Section.PROJECT, N_("Surveys"), "clipboard-list", "Ctrl+8", _survey),
        PageSpec("people", Section.DEPARTMENT, N_("People"), "users", "Alt+1", _people),
        PageSpec("strategy", Section.DEPARTMENT, N_("Strategy and themes"), "target", "Alt+2", _strategy),
        PageSpec("templates", Section.DEPARTMENT, N_("Templates"), "layers", "Alt+3", _templates),
        PageSpec("history", Section.DEPARTMENT, N_("History"), "history", "Alt+4", _history),
    )
    windows = {"gantt", "budget", "review", "survey"}
    there = {key for key in windows if importlib.util.find_spec(f"ui.{key}.page") is not None}
    return PageRegistry([page for page in pages if page.key not in windows or page.key in there])


class Desktop(QObject):
    """The running program: at any time a start screen or one workspace with its main window."""

    def __init__(self, application: QApplication, store: SettingsStore, *, server: QLocalServer | None = None) -> None:
        super().__init__()
        self.application = application
        self.store = store
        self.files = WorkspaceFiles(store)
        self.registry = page_registry()
        self.session: Session | None = None
        self.window: MainWindow | None = None
        self.start: StartWindow | None = None
        self._server = server
        self._leaving = False
        self._heads: tuple[int, str] = (0, "")
        self._timers = [
            _timer(self, _BACKUP_CHECK_MS, self._back_up_if_due),
            _timer(self, _FLUSH_MS, store.flush),
            _timer(self, _FOLLOW_MS, self._follow_owner),
        ]
        if server is not None:
            server.newConnection.connect(self._on_second_start)

    # --- what the windows ask for ---

    def show_start(self) -> None:
        """Show the start screen."""
        if self.start is None:
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
        if session is None:
            return False
        self.show_session(session, path)
        return True

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

    def _on_second_start(self) -> None:
        """A second start hands over its file and ends."""
        assert self._server is not None
        socket = self._server.nextPendingConnection()
        if socket is None:
            return
        socket.readyRead.connect(lambda: self._on_message(socket))
        socket.disconnected.connect(socket.deleteLater)

    def _on_message(self, socket: QLocalSocket) -> None:
        name = bytes(socket.readAll().data()).decode("utf-8", "replace").strip()
        self._raise()
        if name:
            self.open_path(Path(name), self.window or self.start)


def run(path: Path | None = None) -> int:
    """Run the program until its last window is closed; returns the exit code."""
    log.start(paths.log_file())
    store = SettingsStore(paths.settings_file())
    application = build_application(sys.argv[:1], store)
    if _hand_over(path):
        return 0
    guard = CrashGuard(application)
    guard.install(paths.fault_file())
    desktop = Desktop(application, store, server=_listen(application))
    application.setQuitOnLastWindowClosed(False)
    if path is None or not desktop.open_path(path):
        desktop.show_start()
    code = application.exec()
    guard.remove()
    log.stop()
    return code


def dress(application: QApplication, mode: str) -> None:
    """Give the application its name, look and Qt's own texts in the language in force."""
    application.setApplicationDisplayName(_("Qihua Desktop"))
    theme().apply(application, ThemeMode(mode))
    application.setWindowIcon(application_icon())
    for old in application.findChildren(QTranslator, "qihua-qt", Qt.FindChildOption.FindDirectChildrenOnly):
        application.removeTranslator(old)
        old.deleteLater()
    chinese = current_language() == "zh_CN"
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China) if chinese else QLocale("en_GB"))
    if chinese:
        translator = QTranslator(application)
        translator.setObjectName("qihua-qt")
        if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(translator)


def _timer(parent: QObject, interval: int, callback: object) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(interval)
    timer.timeout.connect(callback)  # type: ignore[arg-type]
    timer.start()
    return timer


def _server_name() -> str:
    """Return a name of this user and settings folder, so that tests and other users are apart."""
    return "qihua-" + hashlib.sha256(str(paths.settings_file()).encode("utf-8")).hexdigest()[:16]


def _hand_over(path: Path | None) -> bool:
    """Tell a running program to come to the front and open a file; returns whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(_server_name())
    if not socket.waitForConnected(200):
        return False
    socket.write(QByteArray((str(path.absolute()) if path else "").encode("utf-8") or b"\n"))
    socket.waitForBytesWritten(1_000)
    socket.disconnectFromServer()
    return True


def _listen(parent: QObject) -> QLocalServer:
    server = QLocalServer(parent)
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
    if not server.listen(_server_name()):
        QLocalServer.removeServer(_server_name())
        server.listen(_server_name())
    return server


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return one.absolute() == other.absolute()


def _today() -> type[Page]:
    from ui.shell.pages.today_page import TodayPage

    return TodayPage


def _projects() -> type[Page]:
    from ui.shell.pages.projects_page import ProjectsPage

    return ProjectsPage


def _approvals() -> type[Page]:
    from ui.shell.pages.approvals_page import ApprovalsPage

    return ApprovalsPage


def _overview() -> type[Page]:
    from ui.shell.pages.overview_page import OverviewPage

    return OverviewPage


def _gantt() -> type[Page]:
    from ui.gantt.page import GanttPage

    return GanttPage


def _budget() -> type[Page]:
    from ui.budget.page import BudgetPage

    return BudgetPage


def _review() -> type[Page]:
    from ui.review.page import ReviewPage

    return ReviewPage


def _survey() -> type[Page]:
    from ui.survey.page import SurveyPage

    return SurveyPage


def _people() -> type[Page]:
    from ui.shell.pages.people_page import PeoplePage

    return PeoplePage


def _strategy() -> type[Page]:
    from ui.shell.pages.strategy_page import StrategyPage

    return StrategyPage


def _templates() -> type[Page]:
    from ui.shell.pages.templates_page import TemplatesPage

    return TemplatesPage


def _history() -> type[Page]:
    from ui.shell.pages.history_page import HistoryPage

    return HistoryPage
