"""What can be done on the budget page, with its shortcuts; row actions work while the table has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.budget_paste import read_pasted
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.parsing import parse_tsv
from qihua_desktop.i18n import _
from qihua_desktop.services import budget, budget_lines
from qihua_desktop.services.session import Session
from ui.common.actions import Action, ActionRegistry
from ui.common.icons import set_icon
from ui.common.theme import Role

from .allocation_dialogs import AllocationDialogs
from .columns import lock_icon, lock_sentence
from .rows import BudgetRow

if TYPE_CHECKING:
    from .allocation_tab import AllocationTab

ROW_IDS: tuple[str | None, ...] = (
    "budget.add_category",
    "budget.add_line",
    None,
    "budget.rename",
    "budget.lock",
    "budget.reserve",
    "budget.use_reserve",
    None,
    "budget.link_task",
    "budget.go_to_task",
    "budget.stock",
    "budget.category_pool",
    None,
    "budget.up",
    "budget.down",
    "budget.indent",
    "budget.outdent",
    None,
    "budget.copy",
    "budget.paste",
    "budget.paste_categories",
    None,
    "budget.delete",
)


MORE_IDS: tuple[str | None, ...] = (
    "budget.import",
    "budget.export",
    "budget.approval",
    None,
    "budget.use_reserve",
    "budget.pool",
    "budget.compare",
    None,
    "budget.up",
    "budget.down",
    "budget.indent",
    "budget.outdent",
    "budget.delete",
)


class BudgetCommands:
    """The actions of the page; every one is a service call or opens an editor."""

    def __init__(self, page: AllocationTab) -> None:
        self._page = page
        self.rows = ActionRegistry(page.tree)
        self.page = ActionRegistry(page)
        self.dialogs = AllocationDialogs(page)
        self._add_row_actions()
        self._add_page_actions()

    def _add_row_actions(self) -> None:
        group = _("Budget allocation")

        def add(
            key: str, text: str, callback: Callable[[], object], shortcut: str = "", icon: str | None = None
        ) -> None:
            self.rows.add(Action(f"budget.{key}", text, callback, shortcut=shortcut, icon=icon, group=group))

        add("add_line", _("Add line"), self.add_line, "Insert; Ctrl+Return", "corner-down-right")
        add("rename", _("Rename"), self.rename, "F2", "pencil")
        add("lock", _("Lock…"), self.lock_current, "Ctrl+L", "lock")
        add("reserve", _("Mark as reserve, or not"), self.toggle_reserve, "Ctrl+R", "shield")
        add("up", _("Move up"), lambda: self._move(budget_lines.move_up), "Alt+Up", "arrow-up")
        add("down", _("Move down"), lambda: self._move(budget_lines.move_down), "Alt+Down", "arrow-down")
        add("indent", _("Indent"), lambda: self._move(budget_lines.indent), "Alt+Shift+Right", "indent-increase")
        add("outdent", _("Outdent"), lambda: self._move(budget_lines.outdent), "Alt+Shift+Left", "indent-decrease")
        add("copy", _("Copy rows"), self._page.tree.copy, "", "copy")
        add("paste", _("Paste rows"), self._page.tree.paste, "", "clipboard-paste")
        self.rows.add_all(self.dialogs.row_actions(group))
        add("delete", _("Delete"), self.delete, "Delete", "trash-2")

    def _add_page_actions(self) -> None:
        page, group = self._page, _("Budget allocation")
        for key, text, callback, shortcut, icon in (
            ("add_category", _("Add category"), self.add_category, "Ctrl+Shift+Return", "plus"),
            ("paste_categories", _("Paste as categories"), self.paste_categories, "Ctrl+Shift+V", "clipboard-paste"),
            ("total", _("Change the total"), page.edit_total, "Ctrl+T", "sigma"),
            ("spread", _("Spread the rest"), page.spread_rest, "Ctrl+Shift+D", "split"),
            ("templates", _("Apply proportions"), page.show_templates, "Ctrl+Shift+T", "chart-pie"),
            ("side", _("Show or hide shares and checks"), page.toggle_side, "Ctrl+Shift+B", "panel-right"),
            ("columns", _("Columns"), page.show_columns, "Ctrl+Shift+H", "columns-3"),
            ("approval", _("Budget approval form"), page.export_approval, "Ctrl+Shift+P", "file-text"),
            ("finance", _("Send to finance"), page.send_to_finance, "Ctrl+Shift+F", "send"),
        ):
            self.page.add(Action(f"budget.{key}", text, callback, shortcut=shortcut, icon=icon, group=group))

        self.page.add_all(self.dialogs.actions(group))

    # --- state ---

    def enable(self, *, editable: bool) -> None:
        """Allow what can be done with the rows selected."""
        chosen = bool(self._selected())
        current = self._current()
        category = current is not None and current.level == 0
        states = {
            "add_line": editable and current is not None,
            "paste": editable,
            "outdent": editable and current is not None and not category,
        }
        for key in ("rename", "lock", "reserve", "up", "down", "indent", "link_task", "delete"):
            states[key] = editable and chosen
        for key in ("go_to_task", "stock"):
            states[key] = current is not None
        states["category_pool"] = editable and category
        for key, enabled in states.items():
            self.rows.set_enabled(f"budget.{key}", enabled)
        for key in (
            "add_category",
            "paste_categories",
            "total",
            "spread",
            "templates",
            "import",
            "use_reserve",
            "pool",
        ):
            self.page.set_enabled(f"budget.{key}", editable)

    def menu(self) -> QMenu:
        """Return the menu of the rows."""
        menu = QMenu(self._page.tree)
        of_page = {action.id for action in self.page.all()}
        for key in ROW_IDS:
            if key is None:
                menu.addSeparator()
            else:
                menu.addAction((self.page if key in of_page else self.rows).get(key))
        return menu

    def more_menu(self, parent: QWidget) -> QMenu:
        """Return the menu of what the toolbar has no room for."""
        menu = QMenu(parent)
        of_page = {action.id for action in self.page.all()}
        for key in MORE_IDS:
            if key is None:
                menu.addSeparator()
            else:
                menu.addAction((self.page if key in of_page else self.rows).get(key))
        return menu

    # --- rows ---

    def add_category(self) -> None:
        """Add a category after the current one and name it."""
        page, project_id = self._page, self._page.project_id
        if project_id is None:
            return
        added: list[EntityId] = []
        top = self._category_number()
        name = _("New category")
        if page.perform(
            lambda: added.append(budget_lines.add_category(page.context.session, project_id, name, index=top).id)
        ):
            self._name(added[0])

    def add_line(self) -> None:
        """Add a line under a category, or after a line, and name it."""
        row = self._current()
        if row is None:
            self.add_category()
            return
        page, line = self._page, row.line
        under = line.id if line.parent_id is None else line.parent_id
        index = None if line.parent_id is None else line.position + 1
        added: list[EntityId] = []
        if page.perform(
            lambda: added.append(budget_lines.add_line(page.context.session, under, _("New line"), index=index).id)
        ):
            page.tree.expand(page.model.index_of(under))
            self._name(added[0])

    def rename(self) -> None:
        """Edit the current cell, or the name where the cell cannot be edited."""
        row = self._current()
        if row is None:
            return
        column = self._page.model.columns[self._page.tree.currentIndex().column()]
        if not self._page.tree.edit_cell(row.line.id, column.key):
            self._page.tree.edit_cell(row.line.id, "name")

    def delete(self) -> None:
        """Delete the selected rows; undo brings them back."""
        rows = self._selected()
        if not rows:
            return
        page = self._page
        below = self._neighbour(rows)
        if page.perform(lambda: budget_lines.delete_lines(page.context.session, [row.line.id for row in rows])):
            if below is not None:
                page.tree.select_identity(below)
            page.context.notice_posted.emit(_("Deleted. Ctrl+Z brings it back."))

    def toggle_reserve(self) -> None:
        """Mark the current row as the contingency reserve, or take the mark away."""
        row = self._current()
        if row is not None:
            session = self._page.context.session
            self._page.perform(lambda: budget.update_line(session, row.line.id, is_reserve=not row.line.is_reserve))

    def lock_current(self) -> None:
        """Open the locks of the current row."""
        row = self._current()
        if row is not None:
            tree = self._page.tree
            index = self._page.model.index_of(row.line.id, tree.column_of("lock"))
            place = tree.visualRect(index).bottomLeft()
            self.show_lock_menu(row, tree.viewport().mapToGlobal(place))

    def show_lock_menu(self, row: BudgetRow, place: QPoint) -> None:
        """Let the user choose a lock."""
        if self._page.may_edit():
            self.lock_menu(row).popup(place)

    def lock_menu(self, row: BudgetRow) -> QMenu:
        """Return the menu of locks, the one in force ticked."""
        menu = QMenu(self._page)
        for lock in LineLock:
            action = menu.addAction(lock_sentence(lock))
            action.setCheckable(True)
            action.setChecked(row.line.lock is lock)
            action.setData(lock)
            if lock is not LineLock.FREE:
                set_icon(action, lock_icon(lock), Role.MUTED)
            action.triggered.connect(lambda _checked=False, lock=lock: self.set_lock(row.line.id, lock))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def set_lock(self, line_id: EntityId, lock: LineLock) -> None:
        """Lock or free a row."""
        self._page.perform(lambda: budget.set_lock(self._page.context.session, line_id, lock))

    def paste(self, cells: tuple[tuple[str, ...], ...]) -> None:
        """Add rows of a spreadsheet: under a category, beside a line, or as categories when nothing is selected."""
        row = self._current() if self._selected() else None
        if row is None:
            self._paste(cells, None, None)
        elif row.level == 0:
            self._paste(cells, row.line.id, None)
        else:
            self._paste(cells, row.line.parent_id, row.line.position + 1)

    def paste_categories(self) -> None:
        """Add rows of a spreadsheet as categories."""
        from PySide6.QtGui import QGuiApplication

        cells: list[tuple[str, ...]] = []
        if self._page.perform(lambda: cells.extend(parse_tsv(QGuiApplication.clipboard().text()))):
            self._paste(tuple(cells), None, None)

    def _paste(self, cells: tuple[tuple[str, ...], ...], parent_id: EntityId | None, index: int | None) -> None:
        page, project_id = self._page, self._page.project_id
        if project_id is None or not page.may_edit():
            return
        added: list[EntityId] = []
        if page.perform(
            lambda: added.extend(
                budget_lines.paste_lines(page.context.session, project_id, parent_id, read_pasted(cells), index=index)
            )
        ):
            if parent_id is not None:
                page.tree.expand(page.model.index_of(parent_id))
            for line_id in added:
                page.tree.expandRecursively(page.model.index_of(line_id))
            page.tree.select_identity(added[0])

    def _move(self, service: Callable[[Session, EntityId], None]) -> None:
        row = self._current()
        if row is None:
            return
        page, column = self._page, self._page.tree.currentIndex().column()
        if page.perform(lambda: service(page.context.session, row.line.id)):
            index = page.model.index_of(row.line.id)
            page.tree.expand(index.parent())
            page.tree.select_identity(row.line.id)
            page.tree.setCurrentIndex(index.siblingAtColumn(column))

    def _name(self, line_id: EntityId) -> None:
        self._page.tree.select_identity(line_id)
        self._page.tree.edit_cell(line_id, "name")

    def _current(self) -> BudgetRow | None:
        row = self._page.tree.current_row()
        return row if isinstance(row, BudgetRow) else None

    def _selected(self) -> tuple[BudgetRow, ...]:
        return self._page.tree.selected_rows()

    def _category_number(self) -> int | None:
        """Return where a category after the current one stands."""
        index = self._page.tree.currentIndex()
        if not index.isValid():
            return None
        while index.parent().isValid():
            index = index.parent()
        return index.row() + 1

    def _neighbour(self, rows: tuple[BudgetRow, ...]) -> EntityId | None:
        """Return which row is selected once these are gone."""
        gone = {row.line.id for row in rows}
        shown = self._page.model.rows
        doomed: set[EntityId] = set()
        for row in shown:
            if row.line.id in gone or row.line.parent_id in doomed:
                doomed.add(row.line.id)
        first = next(at for at, row in enumerate(shown) if row.line.id in doomed)
        left = [row.line.id for row in shown[first:] if row.line.id not in doomed]
        before = [row.line.id for row in shown[:first]]
        return left[0] if left else before[-1] if before else None
