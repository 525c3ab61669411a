"""The budget window (预算分配): one project's money in tabs, from the first share to the execution report."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view
from ui.common.actions import Action, ActionRegistry
from ui.common.context import AppContext
from ui.common.controls import Segment, SegmentedControl
from ui.common.page import Page
from ui.common.widgets import EmptyState

from .allocation_tab import AllocationTab
from .tabs import BudgetTab

ALLOCATION, PROCUREMENT, VOUCHERS, EXECUTION = "allocation", "procurement", "vouchers", "execution"
_MODULES = {
    PROCUREMENT: ("ui.budget.procurement.tab", "ProcurementTab"),
    VOUCHERS: ("ui.budget.vouchers.tab", "VouchersTab"),
    EXECUTION: ("ui.budget.execution.tab", "ExecutionTab"),
}


class BudgetPage(Page):
    """Hosts the tabs; each is made when it is first shown, and refreshed only while it is."""

    key = "budget"
    icon = "wallet"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._tabs: dict[str, BudgetTab] = {}
        self._fresh: set[str] = set()
        self._has_budget = False
        self.switch = SegmentedControl(_segments(), accessible_name=_("Parts of the budget"))
        self.switch.current_changed.connect(self._on_tab_chosen)
        self.actions_of_page = ActionRegistry(self)
        for number, segment in enumerate(_segments(), start=1):
            self.actions_of_page.add(
                Action(
                    f"budget.tab.{segment.key}", segment.text, _shower(self, segment.key),
                    shortcut=f"Ctrl+Alt+{number}", group=self.title(),
                )
            )  # fmt: skip
        self.nothing = EmptyState(
            "wallet", _("No project chosen"), _("Choose a project to allocate its budget."),
            action_text=_("Projects"), callback=lambda: self.context.page_requested.emit("projects", None),
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        self.tab(ALLOCATION)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Budget allocation")

    @property
    def allocation(self) -> AllocationTab:
        """The tab on which the budget is shared out."""
        return cast("AllocationTab", self.tab(ALLOCATION))

    def current_tab(self) -> BudgetTab:
        """Return the tab in front."""
        return self.tab(self.switch.current_key())

    def tab(self, key: str) -> BudgetTab:
        """Return a tab, made now if it was not needed before. Raises KeyError for an unknown one."""
        if key not in self._tabs:
            made = _make(key, self.context)
            made.tab_requested.connect(self.go_to)
            self._tabs[key] = made
            self._stack.addWidget(made)
        return self._tabs[key]

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Return whether the tab in front shows what changed; the others are refreshed when they are shown."""
        for key in list(self._fresh):
            if self._tabs[key].concerns(changed):
                self._fresh.discard(key)
        return bool(self.project_id) and (not self._has_budget or self.switch.current_key() not in self._fresh)

    def reload(self) -> None:
        """Fetch what the tab in front shows anew; the others follow when they are shown."""
        self._fresh.clear()
        self._has_budget = self._find_budget()
        if not self._has_budget:
            self._stack.setCurrentWidget(self.nothing)
            return
        self._show_current()

    def show_tab(self, key: str) -> None:
        """Bring a tab to the front and let it have the keys."""
        if self._has_budget:
            self.switch.set_current(key)
            self.current_tab().focus_first()

    @Slot(str, object)
    def go_to(self, key: str, row_id: object = None) -> None:
        """Bring a tab to the front, and a row of it into view."""
        if key not in {segment.key for segment in _segments()}:
            return
        self.show_tab(key)
        if isinstance(row_id, bytes):
            self.current_tab().reveal(row_id)

    def reveal(self, row_id: bytes) -> None:
        """Show a row, on whichever tab it is."""
        if not self._has_budget:
            return
        current = self.switch.current_key()
        keys = [segment.key for segment in _segments()]
        for key in (current, *(one for one in keys if one != current)):
            tab = self.tab(key)
            if key not in self._fresh and self.project_id is not None:
                tab.show_project(self.project_id)
                self._fresh.add(key)
            if tab.reveal(row_id):
                self.switch.set_current(key)
                return

    def send_to_finance(self) -> None:
        """Ask for the finance pack."""
        self.allocation.send_to_finance()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the tab; a focus proxy would part the ring that Tab goes round."""
        if self._has_budget:
            self.current_tab().focus_first()

    def _show_current(self) -> None:
        key = self.switch.current_key()
        tab = self.tab(key)
        if key not in self._fresh and self.project_id is not None:
            self._fresh.add(key)
            tab.show_project(self.project_id)
        self._stack.setCurrentWidget(tab)
        tab.place_switch(self.switch)

    def _find_budget(self) -> bool:
        return self.project_id is not None and (
            budget_view.find_budget(self.context.session, self.project_id) is not None
        )

    @Slot(str)
    def _on_tab_chosen(self, _key: str) -> None:
        if not self._has_budget:
            return
        held = self.focusWidget()
        self._show_current()
        if held is not None and self.switch.isAncestorOf(held):
            held.setFocus()


def _shower(page: BudgetPage, key: str) -> Callable[[], None]:
    return lambda: page.show_tab(key)


def _segments() -> tuple[Segment, ...]:
    named = {
        ALLOCATION: _("Allocation"),
        PROCUREMENT: _("Quotes"),
        VOUCHERS: _("Vouchers"),
        EXECUTION: _("Deviations"),
    }
    return tuple(Segment(key, text) for key, text in named.items())


def _make(key: str, context: AppContext) -> BudgetTab:
    if key == ALLOCATION:
        return AllocationTab(context)
    module, name = _MODULES[key]
    return getattr(import_module(module), name)(context)


__all__ = ["ALLOCATION", "EXECUTION", "PROCUREMENT", "VOUCHERS", "BudgetPage"]
