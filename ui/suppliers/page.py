"""供应商与物料: the department's suppliers with their history, and what is kept for reuse."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.i18n import _
from ui.common.actions import Action, ActionRegistry
from ui.common.context import AppContext
from ui.common.page import Page
from ui.common.widgets import Segment, SegmentedControl, Toolbar, set_tool_tip

from .pane import Pane
from .stock_pane import StockPane
from .supplier_pane import SupplierPane

_TABLES: Final = frozenset(
    {"supplier", "contract", "quote", "voucher", "voucher_share", "stock_item", "stock_use", "project", "budget_line"}
)
_SUPPLIERS: Final = "suppliers"
_STOCK: Final = "stock"


class SuppliersPage(Page):
    """Two lists of the whole department."""

    key = "suppliers"
    icon = "store"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.suppliers = SupplierPane(context)
        self.stock = StockPane(context)
        self.panes: dict[str, Pane] = {_SUPPLIERS: self.suppliers, _STOCK: self.stock}
        self._stale = set(self.panes)
        self.switch = SegmentedControl(
            (
                Segment(_SUPPLIERS, _("Suppliers"), "store"),
                Segment(_STOCK, _("Reused stock"), "package"),
            ),
            accessible_name=_("List"),
        )
        self.switch.current_changed.connect(self._on_switched)
        self.actions_of_page = ActionRegistry(self)
        self.actions_of_page.add_all(self._actions())
        self.stack = QStackedWidget()
        for pane in self.panes.values():
            self.stack.addWidget(pane)
            pane.state_changed.connect(self._enable)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._toolbar())
        column.addWidget(self.stack, 1)
        self.setFocusProxy(self.switch)
        self._on_switched(_SUPPLIERS)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Suppliers, stock")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the list shown anew; the other one follows when it is looked at."""
        self._stale = set(self.panes)
        self._refresh()

    def reveal(self, row_id: bytes) -> None:
        """Select a supplier or an item of the stock."""
        for key, pane in self.panes.items():
            if pane.reveal(row_id):
                self.switch.set_current(key)
                pane.reload()
                pane.reveal(row_id)
                return

    def pane(self) -> Pane:
        """Return the list shown."""
        return self.panes[self.switch.current_key()]

    def _actions(self) -> tuple[Action, ...]:
        group = self.title()

        def action(name: str, text: str, call: str, keys: str = "", icon: str | None = None) -> Action:
            return Action(
                f"suppliers.{name}", text, lambda: getattr(self.pane(), call)(), shortcut=keys, icon=icon, group=group
            )

        return (
            action("add", _("Add…"), "add", "Insert", "plus"),
            action("paste", _("Paste from a spreadsheet"), "paste", "Ctrl+Shift+V", "clipboard-paste"),
            action("remove", _("Remove"), "remove_selected", "Ctrl+Delete", "trash-2"),
            Action("suppliers.merge", _("Merge two…"), self.suppliers.merge_selected, shortcut="Ctrl+M", icon="split",
                   group=group),
        )  # fmt: skip

    def _toolbar(self) -> Toolbar:
        actions = self.actions_of_page
        bar = Toolbar()
        bar.add(self.switch)
        for pane in self.panes.values():
            bar.add(pane.search, pane.filter, pane.inactive)
        bar.add_stretch()
        for pane in self.panes.values():
            bar.add(pane.count)
        self.merge_button = actions.button("suppliers.merge")
        bar.add(self.merge_button, actions.button("suppliers.remove"))
        bar.add(actions.icon_button("suppliers.paste"))
        bar.add(actions.button("suppliers.add", primary=True))
        return bar

    @Slot(str)
    def _on_switched(self, key: str) -> None:
        for name, pane in self.panes.items():
            for part in (pane.search, pane.filter, pane.inactive, pane.count):
                part.setVisible(name == key)
        self.merge_button.setVisible(key == _SUPPLIERS)
        self.stack.setCurrentWidget(self.panes[key])
        self._refresh()

    def _refresh(self) -> None:
        key = self.switch.current_key()
        if key in self._stale:
            self._stale.discard(key)
            self.panes[key].reload()
        self._enable()

    @Slot()
    def _enable(self) -> None:
        editable = self.pane().editable
        is_list = self.pane() is self.suppliers
        chosen = len(self.suppliers.selected()) if is_list else len(self.stock.selected())
        actions = self.actions_of_page
        actions.set_enabled("suppliers.add", editable)
        actions.set_enabled("suppliers.paste", editable)
        actions.set_enabled("suppliers.remove", editable and chosen > 0)
        actions.set_enabled("suppliers.merge", editable and is_list and chosen == 2)
        if not editable:
            for name in ("add", "paste", "remove", "merge"):
                set_tool_tip(actions.get(f"suppliers.{name}"), _("This workspace is open for viewing only."))
