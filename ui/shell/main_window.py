"""The main window: navigation, head, pages, status line, and what the menus do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.i18n import _
from qihua_desktop.services import people, projects
from qihua_desktop.services.session import Session
from ui.common.actions import ActionRegistry
from ui.common.context import AppContext
from ui.common.icons import application_icon
from ui.common.jobs import Jobs
from ui.common.theme import Theme, ThemeMode
from ui.common.widgets import Banner, Tone

from . import commands, file_actions, project_actions
from .export import ExportMenu
from .header import Header
from .navigation import BadgeTone, Navigation
from .page_host import PageHost
from .page_window import PageWindow
from .ports import Desk
from .profile import ProfileMenu
from .project_titles import show_project_in
from .registry import PageRegistry
from .status_bar import StatusBar, clock_text
from .steps import Steps

_WIDTH, _HEIGHT = 1440, 900
_NARROW = 1100
_AFTER_PAINT_MS = 100
_PLACE_KEY = "window/main"
_PAGE_KEY = "shell/page"
_PROJECT_KEY = "shell/project"
_COLLAPSED_KEY = "shell/collapsed"


class MainWindow(QMainWindow):
    """One workspace on the screen.

    Signals:
        closed(): the user closed the window.
    """

    closed = Signal()

    def __init__(self, desk: Desk, session: Session, theme: Theme, registry: PageRegistry) -> None:
        super().__init__()
        self.desk = desk
        self.registry = registry
        self.windows: list[PageWindow] = []
        self._trail: list[tuple[str, EntityId | None]] = []
        self._trail_at = -1
        self.setWindowIcon(application_icon())
        self.setMinimumSize(720, 440)
        self.context = AppContext(session, theme, Jobs(self), ActionRegistry(self), self, view_state=desk.store)
        self.steps = Steps(self.context, self)
        self.recent_menu = QMenu(_("Recent workspaces"), self)
        self.recent_menu.aboutToShow.connect(lambda: commands.fill_recent_menu(self.recent_menu, self))
        commands.add_actions(self, self.context.actions)
        commands.add_page_actions(self, self.context.actions, registry)
        self.export_menu = ExportMenu(self.context, self)
        self.profile_menu = ProfileMenu(self.context, self)
        self._started = False
        self._painted = False
        self._build()
        self._connect()
        self._settle_timer = QTimer(self)
        self._settle_timer.setSingleShot(True)
        self._settle_timer.setInterval(_AFTER_PAINT_MS)
        self._settle_timer.timeout.connect(self._show_backup)
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(0)
        self._refresh_timer.timeout.connect(self.refresh)

    def _build(self) -> None:
        self.navigation = Navigation(self.registry)
        self.header = Header(self.export_menu)
        self.banner = Banner()
        self.host = PageHost(self.context, self.registry)
        self.status = StatusBar(self.context.jobs)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.header)
        banner_row = QHBoxLayout()
        banner_row.setContentsMargins(0, 0, 0, 0)
        banner_row.addWidget(self.banner)
        right.addLayout(banner_row)
        right.addWidget(self.host, 1)
        right.addWidget(self.status)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)
        self.setCentralWidget(central)
        for identifier in ("view.menu", "profile.switch"):
            self.addAction(self.context.actions.get(identifier))

    @cached_property
    def menus(self) -> tuple[QMenu, ...]:
        """The parts of the program's menu, made when it is first opened."""
        return commands.build_menus(self, self.registry)

    @cached_property
    def main_menu(self) -> QMenu:
        """The program's menu."""
        result = QMenu(_("Menu"), self)
        for menu in self.menus:
            result.addMenu(menu)
        return result

    def _connect(self) -> None:
        context = self.context
        context.changed.connect(self._on_changed)
        context.project_chosen.connect(self._on_project_chosen)
        context.actor_changed.connect(self._on_actor_changed)
        context.page_requested.connect(self.go_to)
        context.notice_posted.connect(self.status.show_notice)
        self.navigation.page_chosen.connect(self.show_page)
        self.navigation.profile_clicked.connect(self.show_profile_menu)
        self.navigation.menu_clicked.connect(self.show_menu)
        self.navigation.collapse_toggled.connect(self._on_collapse_toggled)
        self.header.search_clicked.connect(self.show_palette)
        self.header.switch_clicked.connect(self.switch_project)
        self.header.window_clicked.connect(self.open_page_window)
        self.status.undo_clicked.connect(self.undo)
        self.status.redo_clicked.connect(self.redo)
        context.theme.changed.connect(self._show_theme)
        self._show_theme()

    # --- where the user is ---

    def start(self) -> None:
        """Take up where the user left this workspace."""
        kept = self.desk.store.read(_PLACE_KEY)
        if not (kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii")))):
            screen = self.screen().availableGeometry()
            self.resize(min(_WIDTH, screen.width()), min(_HEIGHT, screen.height()))
        collapsed = self.desk.store.read(_COLLAPSED_KEY)
        self.navigation.set_collapsed(collapsed=collapsed == "1" or (not collapsed and self.width() < _NARROW))
        self.context.choose_project(self._last_project())
        key = self.desk.store.read(_PAGE_KEY)
        self._started = True
        self.show_page(key if key in self.registry and self._may_show(key) else "today")
        if self.context.session.actor is None and people.profiles(self.context.session):
            self.context.notice_posted.emit(_("Choose who you are at the bottom left."))

    def show_page(self, key: str) -> None:
        """Bring a page to the front."""
        if key not in self.registry or not self._may_show(key):
            key = "projects"
        self.host.show_page(key)
        self._remember_place()
        self.refresh()

    @Slot(str, object)
    def go_to(self, key: str, target: object = None) -> None:
        """Go to a page; ``target`` is a project's id, or an id the page itself knows, or a pair of both."""
        pair: tuple[Any, Any] = target if isinstance(target, tuple) else (target, None)
        project_id, row_id = pair
        if project_id is not None and projects.find_project(self.context.session, project_id) is not None:
            self.context.choose_project(project_id)
        elif project_id is not None:
            row_id = row_id or project_id
        self.show_page(key)
        page = self.host.page(self.host.current_key)
        reveal = getattr(page, "reveal", None) or getattr(page, "show_row", None)
        if row_id is not None and callable(reveal):
            reveal(row_id)

    def go_back(self) -> None:
        """Go to the page seen before."""
        self._walk(-1)

    def go_forward(self) -> None:
        """Go to the page seen after."""
        self._walk(1)

    def _walk(self, step: int) -> None:
        at = self._trail_at + step
        if not 0 <= at < len(self._trail):
            return
        key, project_id = self._trail[at]
        self._trail_at = at
        if project_id is not None and projects.find_project(self.context.session, project_id) is not None:
            self.context.choose_project(project_id)
        if self._may_show(key):
            self.host.show_page(key)
        self.refresh()

    def _remember_place(self) -> None:
        key = self.host.current_key
        place = (key, self.context.project_id if self.registry.get(key).per_project else None)
        if self._trail_at >= 0 and self._trail[self._trail_at] == place:
            return
        self._trail = [*self._trail[: self._trail_at + 1], place][-100:]
        self._trail_at = len(self._trail) - 1

    def _may_show(self, key: str) -> bool:
        return not self.registry.get(key).per_project or self.context.project_id is not None

    def _last_project(self) -> EntityId | None:
        """Return the project shown last in this file, else the next one that is active."""
        kept = self.desk.store.read(f"{_PROJECT_KEY}/{self.context.session.workspace.path.absolute()}")
        session = self.context.session
        if kept:
            found = projects.find_project(session, EntityId(bytes.fromhex(kept)))
            if found is not None:
                return found.id
        every = sorted(projects.all_projects(session), key=lambda one: (one.key_on, one.number))
        active = [one for one in every if one.status is ProjectStatus.ACTIVE]
        coming = [one for one in active if one.key_on >= session.today()]
        chosen = coming or active or every
        return chosen[0].id if chosen else None

    # --- what is shown around the page ---

    @Slot()
    def refresh(self) -> None:
        """Show anew what stands around the page; before the first page is chosen there is nothing to show."""
        if not self._started:
            return
        context = self.context
        name = show_project_in(self.header, context)
        if name is None and context.project_id is not None:
            context.choose_project(self._last_project())
            return
        key = self.host.current_key
        if key:
            page = self.registry.get(key)
            if not page.per_project:
                self.header.show_page(page.title)
            elif name is None:
                self.show_page("projects")
                return
            self.navigation.set_current(key)
        self.navigation.set_project_pages_enabled(enabled=context.project_id is not None)
        self.navigation.profile_button.set_person(context.session.actor)
        self._show_badges()
        self._show_status()
        self._enable_actions()
        stem = context.session.workspace.path.stem
        self.setWindowTitle(" — ".join(part for part in (name, stem, _("Qihua Desktop")) if part))

    def _show_badges(self) -> None:
        counts = file_actions.badge_counts(self.context)
        self.navigation.set_badge("projects", counts.active_projects)
        self.navigation.set_badge("approvals", counts.waiting_for_me, BadgeTone.URGENT)

    def _show_status(self) -> None:
        session = self.context.session
        now = session.local_now()
        if session.workspace.read_only:
            self.status.show_saved(_("For viewing only"))
            self.banner.show_message(_("This workspace is open for viewing only: it is open elsewhere."), Tone.WARN)
        else:
            saved = file_actions.saved_at(self.context)
            self.status.show_saved(_("Saved · {time}").format(time=clock_text(saved, now, seconds=True)))
        if self._painted and not self._settle_timer.isActive():
            self._show_backup()
        self.status.show_steps(session.undo_label(), session.redo_label())

    @Slot()
    def _show_backup(self) -> None:
        """Say when the last backup was made; at the start once the window is there, for the folder may be slow."""
        session = self.context.session
        backup = self.desk.files.last_backup(session.workspace.path)
        self.status.show_backup(
            _("Backup {time}").format(time=clock_text(backup, session.local_now())) if backup else _("No backup yet")
        )

    def _enable_actions(self) -> None:
        actions, session = self.context.actions, self.context.session
        self.steps.describe_actions()
        writable = not session.workspace.read_only
        has_project = self.context.project_id is not None
        for identifier in ("project.edit", "project.advance", "project.template"):
            actions.set_enabled(identifier, has_project and writable)
        actions.set_enabled("project.export", has_project)
        actions.set_enabled("project.new", writable)
        actions.set_enabled("file.import_plan", writable)
        for identifier in ("file.backup", "file.password", "file.compact", "file.restore"):
            actions.set_enabled(identifier, writable)
        for page in self.registry:
            actions.set_enabled(f"page.{page.key}", self._may_show(page.key))
        actions.set_enabled("view.back", self._trail_at > 0)
        actions.set_enabled("view.forward", self._trail_at < len(self._trail) - 1)

    @Slot()
    def _show_theme(self) -> None:
        for mode in ThemeMode:
            self.context.actions.set_checked(f"view.{mode}", self.context.theme.mode is mode)

    @Slot(object)
    def _on_changed(self, changed: frozenset[tuple[str, bytes]]) -> None:
        self._follow_actor(changed)
        self._refresh_timer.start()

    def _follow_actor(self, changed: frozenset[tuple[str, bytes]]) -> None:
        """Keep the person who works as stored, also after an undo or a removal."""
        actor = self.context.session.actor
        if actor is not None and ("person", bytes(actor.id)) in changed:
            found = [one for one in people.profiles(self.context.session) if one.id == actor.id]
            self.context.choose_actor(found[0] if found else None)

    @Slot(object)
    def _on_project_chosen(self, project_id: EntityId | None) -> None:
        key = f"{_PROJECT_KEY}/{self.context.session.workspace.path.absolute()}"
        self.desk.store.write(key, project_id.hex() if project_id else "")
        self.refresh()

    @Slot(object)
    def _on_actor_changed(self, _person: object) -> None:
        actor = self.context.session.actor
        self.desk.store.remember_profile(self.context.session.workspace.path, actor.id if actor else None)
        self.refresh()

    @Slot(bool)
    def _on_collapse_toggled(self, collapsed: bool) -> None:
        self.desk.store.write(_COLLAPSED_KEY, "1" if collapsed else "0")

    # --- actions ---

    def undo(self) -> None:
        """Undo the newest edit."""
        self.steps.undo()

    def redo(self) -> None:
        """Do the newest undone edit again."""
        self.steps.redo()

    def show_palette(self) -> None:
        """Open the search over everything."""
        from .palette import Palette

        Palette(self.context, self.registry, self).open_over(self)

    def switch_project(self) -> None:
        """Open the search over the projects."""
        from .palette import Palette, Scope

        Palette(self.context, self.registry, self, scope=Scope.PROJECTS).open_over(self)

    def new_project(self) -> None:
        """Run the wizard and go to the new project."""
        project_actions.new_project(self.context, self)

    def edit_project(self) -> None:
        """Change the current project's details."""
        project_actions.edit_project(self.context, self)

    def advance_stage(self) -> None:
        """Show the current stage's gate and move on."""
        project_actions.advance_stage(self.context, self)

    def save_template(self) -> None:
        """Keep the current project's workflow as a template."""
        project_actions.save_template(self.context, self)

    def show_export_menu(self) -> None:
        """Open the list of documents."""
        if not self.registry.get(self.host.current_key).per_project:
            self.show_page("overview")
        commands.popup_at(self.export_menu, self.header.export_button)

    def show_profile_menu(self) -> None:
        """Let somebody else work now."""
        self.profile_menu.open_above(self.navigation.profile_button)

    def show_menu(self) -> None:
        """Open the program's menu."""
        anchor = self.navigation.menu_button if self.navigation.menu_button.isVisible() else self.navigation
        if anchor is self.navigation:
            self.main_menu.popup(anchor.mapToGlobal(anchor.rect().topRight()))
        else:
            commands.popup_at(self.main_menu, anchor)
        self.main_menu.setActiveAction(self.main_menu.actions()[0])

    def open_page_window(self) -> None:
        """Open the page in front in a window of its own."""
        page = self.registry.get(self.host.current_key)
        for window in self.windows:
            if window.spec.key == page.key and (not page.per_project or window.project_id == self.context.project_id):
                window.showNormal()
                window.raise_()
                window.activateWindow()
                return
        window = PageWindow(page, self.context, self)
        window.closed.connect(self._on_window_closed)
        self.windows.append(window)
        window.show()

    @Slot(object)
    def _on_window_closed(self, window: PageWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)

    def toggle_navigation(self) -> None:
        """Collapse the navigation to icons, or open it."""
        self.navigation.set_collapsed(collapsed=not self.navigation.collapsed)
        self._on_collapse_toggled(self.navigation.collapsed)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or not."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def set_theme(self, mode: str) -> None:
        """Choose light, dark or the system's."""
        self.desk.store.change(theme=mode)
        self.desk.apply_settings()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self._settle_timer.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._settle_timer.stop()
        self.desk.store.write(_PLACE_KEY, self.saveGeometry().toBase64().toStdString())
        self.desk.store.write(_PAGE_KEY, self.host.current_key)
        for window in tuple(self.windows):
            window.close()
        self.context.close()
        self.closed.emit()
        super().closeEvent(event)
