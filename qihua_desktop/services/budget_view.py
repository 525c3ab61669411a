"""The budget as its window shows it: rows with shares, net and tax, and what a change would make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from db import tables
from qihua_desktop.domain import allocation, budget_entry, tree
from qihua_desktop.domain.budget import Budget, BudgetLine
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.money import capital_amount

from .session import Session


@dataclass(frozen=True, slots=True)
class LineView:
    """A row of the allocation table. ``share`` in basis points of the parent, ``share_of_total`` of the budget.

    ``net`` is the amount without tax; of a row with children it is the sum of theirs.
    """

    line: BudgetLine
    level: int
    has_children: bool
    share: int
    share_of_total: int
    net: int = 0

    @property
    def tax(self) -> int:
        """The tax inside the amount."""
        return self.line.amount - self.net


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A budget as its window shows it; ``lines`` depth first."""

    budget: Budget
    lines: tuple[LineView, ...]
    unallocated: int
    capital: str

    @property
    def categories(self) -> tuple[LineView, ...]:
        """The rows of the first level."""
        return tuple(row for row in self.lines if row.level == 0)

    @property
    def plain_lines(self) -> tuple[BudgetLine, ...]:
        """The lines themselves."""
        return tuple(row.line for row in self.lines)

    @property
    def allocated(self) -> int:
        """What the categories hold together, in fen."""
        return self.budget.total - self.unallocated

    @property
    def net(self) -> int:
        """What the categories hold without tax."""
        return sum(row.net for row in self.categories)

    def row(self, line_id: EntityId) -> LineView | None:
        """Return a row, None when it is not here."""
        return next((row for row in self.lines if row.line.id == line_id), None)


def load_budget(session: Session, project_id: EntityId) -> BudgetView:
    """Return a project's budget with derived shares. Raises LookupError for a project without one."""
    return build_view(*stored_budget(session, project_id))


def find_budget(session: Session, project_id: EntityId) -> Budget | None:
    """Return a project's budget without its lines, None for a project without one."""
    return next(iter(tables.budgets.all(session.workspace, project_id=project_id)), None)


def stored_budget(session: Session, project_id: EntityId) -> tuple[Budget, tuple[BudgetLine, ...]]:
    """Return a project's budget and its lines. Raises LookupError for a project without one."""
    budgets = tables.budgets.all(session.workspace, project_id=project_id)
    if not budgets:
        raise LookupError("the project has no budget")
    return budgets[0], tables.budget_lines.all(session.workspace, project_id=project_id)


def build_view(budget: Budget, lines: Sequence[BudgetLine]) -> BudgetView:
    """Return the rows of a budget in reading order, with what is derived from them."""
    total = budget.total
    shares = allocation.shown_percents(total, lines)
    outline = tree.outline(lines)
    by_id = {line.id: line for line in lines}
    net: dict[EntityId, int] = {}
    for row in reversed(outline):
        line = by_id[row.id]
        own = net.get(row.id, 0) if row.has_children else allocation.net_amount(line.amount, line.tax_rate)
        net[row.id] = own
        if row.parent_id is not None:
            net[row.parent_id] = net.get(row.parent_id, 0) + own
    rows = tuple(
        LineView(
            by_id[row.id],
            row.level,
            row.has_children,
            shares.get(row.id, 0),
            by_id[row.id].amount * allocation.WHOLE // total if total else 0,
            net[row.id],
        )
        for row in outline
    )
    return BudgetView(budget, rows, allocation.unallocated(total, lines), capital_amount(total, prefix=True))


def preview_amount(view: BudgetView, line_id: EntityId, amount: int) -> BudgetView:
    """Return the budget as it would be with an amount typed; nothing is stored. Raises InputError or RuleError."""
    return build_view(view.budget, budget_entry.enter_amount(view.budget.total, view.plain_lines, line_id, amount))


def preview_percent(view: BudgetView, line_id: EntityId, percent: int) -> BudgetView:
    """Return the budget as it would be with a share typed; nothing is stored. Raises InputError or RuleError."""
    return build_view(view.budget, budget_entry.enter_percent(view.budget.total, view.plain_lines, line_id, percent))


def preview_total(view: BudgetView, total: int) -> BudgetView:
    """Return the budget as it would be with another total; nothing is stored. Raises InputError or RuleError."""
    lines = allocation.respread(total, view.plain_lines) if view.lines else ()
    return build_view(replace(view.budget, total=total), lines)
