"""Every action of the main window with its shortcut, and the menus that hold them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.i18n import _
from ui.common.actions import Action, ActionRegistry
from ui.common.icons import set_icon
from ui.common.labels import literal

from . import file_actions as do
from .registry import PageRegistry, Section, section_label

if TYPE_CHECKING:
    from .main_window import MainWindow

FILE_IDS: Sequence[str | None] = (
    "file.new",
    "file.open",
    "file.demo",
    None,
    "file.import_plan",
    None,
    "file.copy",
    "file.backup",
    "file.restore",
    None,
    "file.password",
    "file.compact",
    None,
    "file.settings",
    None,
    "file.close",
    "file.quit",
)
EDIT_IDS: Sequence[str | None] = ("edit.undo", "edit.redo", None, "edit.search")
PROJECT_IDS: Sequence[str | None] = (
    "project.new",
    "project.switch",
    None,
    "project.edit",
    "project.advance",
    "project.template",
    None,
    "project.export",
)
VIEW_IDS: Sequence[str | None] = (
    "view.back",
    "view.forward",
    "view.window",
    None,
    "view.navigation",
    "view.next",
    "view.previous",
    "view.full_screen",
    None,
    "view.light",
    "view.dark",
    "view.system",
)
HELP_IDS: Sequence[str | None] = ("help.shortcuts", "help.log", "help.about")

_icons: dict[str, str] = {}


def add_actions(window: MainWindow, actions: ActionRegistry) -> None:
    """Register what the main window can do."""
    _add_file_actions(window, actions)
    _add_edit_actions(window, actions)
    _add_project_actions(window, actions)
    _add_view_actions(window, actions)
    group = _("Help")
    _add(
        actions,
        "help.shortcuts",
        _("Keyboard shortcuts"),
        lambda: do.show_shortcuts(window),
        "F1",
        "keyboard",
        group,
    )
    _add(actions, "help.log", _("Show the log folder"), do.show_log_folder, "", "file-text", group)
    _add(actions, "help.about", _("About Qihua Desktop"), lambda: do.show_about(window), "", "info", group)


def add_page_actions(window: MainWindow, actions: ActionRegistry, registry: PageRegistry) -> None:
    """Register an action for going to each page."""
    for page in registry:
        _add(
            actions,
            f"page.{page.key}",
            page.title,
            lambda key=page.key: window.show_page(key),
            page.shortcut,
            page.icon,
            _("Go to"),
        )


def build_menus(window: MainWindow, registry: PageRegistry) -> tuple[QMenu, ...]:
    """Return the menus of the menu bar, in order."""
    file = _menu(window, _("&File"), FILE_IDS)
    file.insertMenu(window.context.actions.get("file.demo"), window.recent_menu)
    edit = _menu(window, _("&Edit"), EDIT_IDS)
    go = QMenu(_("&Go to"), window)
    go.aboutToShow.connect(lambda: _dress(go))
    for section in Section:
        pages = registry.of(section)
        if pages:
            go.addSection(section_label(section))
            go.addActions([window.context.actions.get(f"page.{page.key}") for page in pages])
    project = _menu(window, _("&Project"), PROJECT_IDS)
    view = _menu(window, _("&View"), VIEW_IDS)
    helping = _menu(window, _("&Help"), HELP_IDS)
    return file, edit, project, go, view, helping


def icon_of(identifier: str) -> str:
    """Return the icon of an action of the main window, empty for none."""
    return _icons.get(identifier, "")


def _dress(menu: QMenu) -> None:
    """Give the actions of a menu their icons; drawing all of them would slow the start."""
    for action in menu.actions():
        name = _icons.get(action.objectName())
        if name and action.icon().isNull():
            set_icon(action, name)


def _menu(window: MainWindow, title: str, ids: Sequence[str | None]) -> QMenu:
    menu = QMenu(title, window)
    menu.aboutToShow.connect(lambda: _dress(menu))
    for one in ids:
        if one is None:
            menu.addSeparator()
        else:
            menu.addAction(window.context.actions.get(one))
    return menu


def _add_file_actions(window: MainWindow, actions: ActionRegistry) -> None:
    group = _("File")
    desk, context = window.desk, window.context
    _add(
        actions, "file.new", _("New workspace…"), lambda: desk.new_workspace(window), "Ctrl+Shift+N", "file-plus", group
    )
    _add(
        actions,
        "file.open",
        _("Open workspace…"),
        lambda: do.open_workspace(desk, window),
        "Ctrl+O",
        "folder-open",
        group,
    )
    _add(actions, "file.demo", _("Open the sample workspace"), lambda: desk.open_demo(window), "", "gift", group)
    _add(
        actions, "file.import_plan", _("Import a plan…"), lambda: do.import_plan(context, window), "", "file-up", group
    )
    _add(
        actions,
        "file.copy",
        _("Save a copy as…"),
        lambda: do.save_copy(desk, context, window),
        "Ctrl+Shift+S",
        "copy",
        group,
    )
    _add(
        actions,
        "file.backup",
        _("Back up now"),
        lambda: do.back_up(desk, context, window),
        "Ctrl+Alt+B",
        "database-backup",
        group,
    )
    _add(actions, "file.restore", _("Restore a backup…"), lambda: desk.restore(window), "", "archive-restore", group)
    _add(
        actions,
        "file.password",
        _("Password…"),
        lambda: do.change_password(desk, context, window),
        "",
        "key-round",
        group,
    )
    _add(
        actions,
        "file.compact",
        _("Compact the file"),
        lambda: do.compact(desk, context, window),
        "",
        "archive",
        group,
    )
    _add(
        actions,
        "file.settings",
        _("Settings…"),
        lambda: do.show_settings(desk, context, window),
        "Ctrl+,",
        "settings",
        group,
    )
    _add(actions, "file.close", _("Close workspace"), desk.close_workspace, "Ctrl+Shift+Q", "log-out", group)
    _add(actions, "file.quit", _("Quit"), desk.quit, "Ctrl+Q", None, group)


def _add_edit_actions(window: MainWindow, actions: ActionRegistry) -> None:
    group = _("Edit")
    _add(actions, "edit.undo", _("Undo"), window.undo, "Ctrl+Z", "undo-2", group)
    _add(actions, "edit.redo", _("Redo"), window.redo, "Ctrl+Shift+Z; Ctrl+Y", "redo-2", group)
    _add(actions, "edit.search", _("Search and commands…"), window.show_palette, "Ctrl+K", "search", group)


def _add_project_actions(window: MainWindow, actions: ActionRegistry) -> None:
    group = _("Project")
    _add(actions, "project.new", _("New project…"), window.new_project, "Ctrl+N", "folder-kanban", group)
    _add(actions, "project.switch", _("Switch project…"), window.switch_project, "Ctrl+P", "chevrons-up-down", group)
    _add(actions, "project.edit", _("Project details…"), window.edit_project, "F4", "pencil", group)
    _add(
        actions,
        "project.advance",
        _("Move the stage on…"),
        window.advance_stage,
        "Ctrl+Alt+Right",
        "arrow-right",
        group,
    )
    _add(actions, "project.template", _("Save project as template…"), window.save_template, "", "layers", group)
    _add(actions, "project.export", _("Export PDF…"), window.show_export_menu, "Ctrl+E", "file-down", group)
    _add(actions, "profile.switch", _("Switch profile…"), window.show_profile_menu, "Ctrl+Alt+U", "user", group)


def _add_view_actions(window: MainWindow, actions: ActionRegistry) -> None:
    group = _("View")
    _add(actions, "view.back", _("Go back"), window.go_back, "Alt+Left", "arrow-left", group)
    _add(actions, "view.forward", _("Go forward"), window.go_forward, "Alt+Right", "arrow-right", group)
    _add(
        actions,
        "view.window",
        _("Open in a window of its own"),
        window.open_page_window,
        "Ctrl+Shift+W",
        "external-link",
        group,
    )
    _add(
        actions,
        "view.navigation",
        _("Collapse the navigation"),
        window.toggle_navigation,
        "Ctrl+\\",
        "panel-left",
        group,
    )
    _add(actions, "view.next", _("To the next control, out of a table"), window.focusNextChild, "F6", None, group)
    _add(actions, "view.previous", _("To the control before"), window.focusPreviousChild, "Shift+F6", None, group)
    _add(actions, "view.full_screen", _("Full screen"), window.toggle_full_screen, "F11", "fullscreen", group)
    _add(actions, "view.menu", _("Menu"), window.show_menu, "F10", "ellipsis-vertical", group)
    for mode, name in (
        ("light", _("Light theme")),
        ("dark", _("Dark theme")),
        ("system", _("Theme of the system")),
    ):
        actions.add(
            Action(
                f"view.{mode}",
                name,
                lambda _checked, mode=mode: window.set_theme(mode),
                group=group,
                checkable=True,
            )
        )


def _add(
    actions: ActionRegistry,
    identifier: str,
    text: str,
    callback: Callable[[], object],
    shortcut: str,
    icon: str | None,
    group: str,
) -> None:
    if icon is not None:
        _icons[identifier] = icon
    actions.add(Action(identifier, text, callback, shortcut=shortcut, group=group))


def fill_recent_menu(menu: QMenu, window: MainWindow) -> None:
    """Put the recent workspaces into a menu."""
    menu.clear()
    for path in window.desk.store.recent_files():
        action = menu.addAction(literal(path.stem))
        action.setStatusTip(str(path))
        action.triggered.connect(lambda _checked=False, path=path: window.desk.open_path(path, window))
    menu.setEnabled(not menu.isEmpty())


def popup_at(menu: QMenu, widget: QWidget) -> None:
    """Open a menu under a widget."""
    menu.popup(widget.mapToGlobal(widget.rect().bottomLeft()))
