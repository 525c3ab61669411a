"""What typing in the allocation table means: every change is one service call, tried out before its editor closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget, budget_links, budget_view, suppliers
from ui.common.delegates import ChoiceDelegate

from .delegates import (
    LockDelegate,
    NameDelegate,
    SupplierDelegate,
    TypedAmount,
    TypedShare,
    UseDelegate,
    WordsDelegate,
    figure_delegates,
)
from .rows import BudgetRow

if TYPE_CHECKING:
    from .allocation_tab import AllocationTab

_TEXT_COLUMNS = ("basis", "unit", "notes")
_LONGEST_TEXT = 10_000
_LEVEL_INDENT = "　"


class AllocationEdits:
    """Checks and carries out what is typed in the table of a tab."""

    def __init__(self, tab: AllocationTab) -> None:
        self._tab = tab

    def set_delegates(self) -> None:
        """Let the table edit each column its own way."""
        tree = self._tab.tree
        for key, delegate in figure_delegates(self.check).items():
            tree.set_delegate(key, delegate)
        tree.set_delegate("name", NameDelegate(max_length=_LONGEST_TEXT, may_be_empty=False))
        tree.set_delegate("lock", LockDelegate())
        tree.set_delegate("used", UseDelegate())
        tree.set_delegate("supplier", SupplierDelegate(self._supplier_names, max_length=_LONGEST_TEXT))
        tree.set_delegate("task", ChoiceDelegate(self._tasks))
        for key in _TEXT_COLUMNS:
            tree.set_delegate(key, WordsDelegate(max_length=_LONGEST_TEXT))

    def check(self, row: BudgetRow, key: str, value: Any) -> None:
        """Try a typed figure out before its editor closes. Raises QihuaError."""
        view = self._tab.view
        if view is None:
            return
        match key, value:
            case ("amount", TypedShare(share)) | ("share", int(share)):
                budget_view.preview_percent(view, row.line.id, share)
            case ("share", TypedAmount(fen)) | ("amount", int(fen)):
                budget_view.preview_amount(view, row.line.id, fen)
            case ("tax_rate", int(rate)) if not 0 <= rate <= 10_000:
                raise InputError(_("A tax rate lies between 0 % and 100 %."))
            case _:
                return

    def on_edit(self, row: BudgetRow, key: str, value: Any) -> bool:
        """Carry a change out; returns whether it was accepted."""
        session, line_id, perform = self._tab.context.session, row.line.id, self._tab.perform
        match key, value:
            case ("amount" | "share", TypedShare(share)) | ("share", int(share)):
                return perform(lambda: budget.enter_percent(session, line_id, share))
            case ("share", TypedAmount(fen)) | ("amount", int(fen)):
                return perform(lambda: budget.enter_amount(session, line_id, fen))
            case ("unit_price", _):
                return perform(lambda: budget.enter_price(session, line_id, unit_price=value or 0))
            case ("quantity", _):
                return perform(lambda: budget.enter_price(session, line_id, quantity=value or 0))
            case ("reserve", _):
                return perform(lambda: budget.update_line(session, line_id, is_reserve=bool(value)))
            case ("tax_rate", _):
                return perform(lambda: budget.update_line(session, line_id, tax_rate=value or 0))
            case ("supplier", _):
                return perform(lambda: budget_links.name_supplier(session, line_id, value or ""))
            case ("task", _):
                return perform(lambda: budget_links.link_task(session, line_id, value))
            case _:
                return perform(lambda: budget.update_line(session, line_id, **{key: value or ""}))

    def _supplier_names(self) -> list[str]:
        return [one.name for one in suppliers.list_suppliers(self._tab.context.session)]

    def _tasks(self, _row: BudgetRow) -> list[tuple[EntityId | None, str]]:
        project_id = self._tab.project_id
        found: list[tuple[EntityId | None, str]] = [(None, _("No task"))]
        if project_id is not None:
            for level, task in budget_links.plan_tasks(self._tab.context.session, project_id):
                found.append((task.id, _LEVEL_INDENT * level + " ".join(task.name[:120].split())))
        return found
