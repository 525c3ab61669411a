"""The figures of the project budget: total, amounts, shares, prices, locks, texts, and what follows from each change.

Every function writes all lines that the rules of ``domain.allocation`` move, in one edit. Changing an approved budget
turns it into a revision; the approved version itself stays frozen. Adding and moving rows is in ``budget_lines``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from db import tables
from db.workspace import Edit
from qihua_desktop.domain import allocation, budget_entry
from qihua_desktop.domain.allocation import Absorb
from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetState, LineLock
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.money import format_fen, format_percent
from qihua_desktop.i18n import _

from .budget_view import BudgetView, LineView, load_budget, stored_budget
from .limits import body, required_text, text
from .session import Session

__all__ = [
    "BudgetView",
    "LineView",
    "enter_amount",
    "enter_percent",
    "enter_price",
    "line_state",
    "load_budget",
    "mark_revised",
    "require_open",
    "set_amount",
    "set_lock",
    "set_percent",
    "set_percents",
    "set_price",
    "set_state",
    "set_total",
    "spread_rest",
    "store",
    "take_sum_as_total",
    "update_line",
    "write_lines",
]

NOT_FROZEN = frozenset({"supplier_id", "pool_id", "task_id"})
"""Fields of a line that are no part of what is reviewed; changing them makes no revision."""

TOTAL_LIMIT = 10**14
"""Fen; 大写 amounts end below one 万亿 yuan."""


def set_total(session: Session, project_id: EntityId, total: int) -> None:
    """Set what is to be allocated; free lines follow in proportion. Raises RuleError naming colliding locks."""
    if not 0 <= total < TOTAL_LIMIT:
        raise InputError(_("The total must lie between 0.00 and 999,999,999,999.99."))
    budget, lines = stored_budget(session, project_id)
    new = allocation.respread(total, lines) if lines else ()
    label = _("Budget total {old} → {new}").format(old=format_fen(budget.total), new=format_fen(total))
    store(session, budget, lines, new, label, total=total)


def set_amount(session: Session, line_id: EntityId, amount: int, *, absorb: Absorb = Absorb.SIBLINGS) -> None:
    """Set a row's amount. With ``Absorb.SIBLINGS`` the free rows beside it take the difference."""
    line, budget, lines = line_state(session, line_id)
    new = allocation.set_amount(budget.total, lines, line_id, amount, absorb=absorb)
    label = _("{line} {old} → {new}").format(line=line.name, old=format_fen(line.amount), new=format_fen(amount))
    store(session, budget, lines, new, label)


def set_percent(session: Session, line_id: EntityId, percent: int) -> None:
    """Set a row's share of its parent, in basis points; the free rows beside it take the difference."""
    line, budget, lines = line_state(session, line_id)
    shown = allocation.shown_percents(budget.total, lines).get(line_id, 0)
    new = allocation.set_percent(budget.total, lines, line_id, percent)
    label = _("{line} {old} → {new}").format(line=line.name, old=format_percent(shown), new=format_percent(percent))
    store(session, budget, lines, new, label)


def enter_amount(session: Session, line_id: EntityId, amount: int) -> None:
    """Set a row's amount as typed: a line changes its category, a category what is unallocated or the free ones."""
    line, budget, lines = line_state(session, line_id)
    new = budget_entry.enter_amount(budget.total, lines, line_id, amount)
    label = _("{line} {old} → {new}").format(line=line.name, old=format_fen(line.amount), new=format_fen(amount))
    store(session, budget, lines, new, label)


def enter_percent(session: Session, line_id: EntityId, percent: int) -> None:
    """Set a row's share of its parent as typed, in basis points."""
    line, budget, lines = line_state(session, line_id)
    shown = allocation.shown_percents(budget.total, lines).get(line_id, 0)
    new = budget_entry.enter_percent(budget.total, lines, line_id, percent)
    label = _("{line} {old} → {new}").format(line=line.name, old=format_percent(shown), new=format_percent(percent))
    store(session, budget, lines, new, label)


def enter_price(
    session: Session, line_id: EntityId, *, unit_price: int | None = None, quantity: int | None = None
) -> None:
    """Set a row's unit price (fen), its quantity (thousandths) or both; with both there, the amount follows."""
    line, budget, lines = line_state(session, line_id)
    price = line.unit_price if unit_price is None else unit_price
    count = line.quantity if quantity is None else quantity
    new = budget_entry.enter_price(budget.total, lines, line_id, price, count)
    store(session, budget, lines, new, _("Price of “{line}”").format(line=line.name))


def spread_rest(session: Session, project_id: EntityId) -> None:
    """Spread what is unallocated, or missing, over the free categories in proportion. Raises RuleError."""
    budget, lines = stored_budget(session, project_id)
    if not lines:
        raise RuleError(_("There are no categories to spread over."), _("Add a category first."))
    store(session, budget, lines, allocation.respread(budget.total, lines), _("Spread the rest of the budget"))


def set_percents(session: Session, project_id: EntityId, percents: Sequence[tuple[EntityId, int]]) -> None:
    """Set the shares of several categories at once, in basis points; together they may not exceed 100 %."""
    if sum(percent for _id, percent in percents) > 10_000 or any(percent < 0 for _id, percent in percents):
        raise RuleError(_("The shares add up to more than 100 %."))
    budget, lines = stored_budget(session, project_id)
    wanted = dict(percents)
    free = tuple(
        replace(line, lock=LineLock.PERCENT, percent=wanted[line.id]) if line.id in wanted else line for line in lines
    )
    spread = allocation.respread(budget.total, free)
    locks = {line.id: line.lock for line in lines}
    new = tuple(replace(line, lock=locks[line.id]) for line in spread)
    store(session, budget, lines, new, _("Set the shares of the categories"))


def set_lock(session: Session, line_id: EntityId, lock: LineLock) -> None:
    """Lock a row by amount, percentage or both, or free it."""
    line, budget, lines = line_state(session, line_id)
    new = allocation.set_lock(budget.total, lines, line_id, lock)
    label = _("Unlock “{line}”") if lock is LineLock.FREE else _("Lock “{line}”")
    store(session, budget, lines, new, label.format(line=line.name))


def set_price(session: Session, line_id: EntityId, unit_price: int, quantity: int) -> None:
    """Set a row's unit price (fen) and quantity (thousandths); its amount is their product, its parents grow."""
    line, budget, lines = line_state(session, line_id)
    new = allocation.price_line(budget.total, lines, line_id, unit_price, quantity, absorb=Absorb.PARENT)
    store(session, budget, lines, new, _("Price of “{line}”").format(line=line.name))


def update_line(session: Session, line_id: EntityId, **fields: Any) -> None:
    """Change texts, unit, tax rate, colour, reserve mark or task of a row; amounts have functions of their own."""
    if forbidden := {"amount", "percent", "lock", "parent_id", "position", "quantity", "unit_price"} & set(fields):
        raise ValueError(f"not to be set directly: {sorted(forbidden)}")
    if "name" in fields:
        fields["name"] = required_text(fields["name"], _("name"))
    for field in ("unit", "supplier", "basis"):
        if field in fields:
            fields[field] = text(fields[field])
    if "notes" in fields:
        fields["notes"] = body(fields["notes"])
    if "tax_rate" in fields and not 0 <= fields["tax_rate"] <= 10_000:
        raise InputError(_("A tax rate lies between 0 % and 100 %."))
    if "supplier" in fields and "supplier_id" not in fields:
        fields["supplier_id"] = _supplier_named(session, fields["supplier"])
    line, budget, _lines = line_state(session, line_id)
    require_open(budget)
    if all(getattr(line, field) == value for field, value in fields.items()):
        return
    with session.edit(_("Change “{line}”").format(line=line.name), line.project_id) as edit:
        tables.budget_lines.update(edit, line_id, **fields)
        if not set(fields) <= NOT_FROZEN:
            mark_revised(edit, budget)


def _supplier_named(session: Session, typed: str) -> EntityId | None:
    """Return the supplier that a typed text names, so that text and reference never tell of two companies."""
    from .suppliers import find_supplier

    found = find_supplier(session, typed)
    return found.id if found is not None else None


def set_state(edit: Edit, project_id: EntityId, state: BudgetState, version: int | None = None) -> None:
    """Move the budget through its life inside a running edit; review decisions do this."""
    for budget in tables.budgets.all(edit, project_id=project_id):
        changes: dict[str, Any] = {"state": state}
        if version is not None:
            changes["version"] = version
        tables.budgets.update(edit, budget.id, **changes)


def line_state(session: Session, line_id: EntityId) -> tuple[BudgetLine, Budget, tuple[BudgetLine, ...]]:
    """Return a row with its budget and all its lines."""
    line = tables.budget_lines.get(session.workspace, line_id)
    budget, lines = stored_budget(session, line.project_id)
    return line, budget, lines


def take_sum_as_total(session: Session, project_id: EntityId) -> None:
    """Let the total follow the categories: amounts stay, locked shares keep their share. Raises RuleError."""
    budget, lines = stored_budget(session, project_id)
    total, after = budget_entry.total_of_rows(lines)
    if total >= TOTAL_LIMIT:
        raise InputError(_("The total must lie between 0.00 and 999,999,999,999.99."))
    label = _("Budget total {old} → {new}").format(old=format_fen(budget.total), new=format_fen(total))
    store(session, budget, lines, after, label, total=total)


def require_open(budget: Budget) -> None:
    """Raise RuleError for a budget that is closed with its project."""
    if budget.state is BudgetState.CLOSED:
        raise RuleError(_("This budget is closed."), _("Reopen the project to change it."))


def store(
    session: Session,
    budget: Budget,
    before: Sequence[BudgetLine],
    after: Sequence[BudgetLine],
    label: str,
    *,
    total: int | None = None,
) -> None:
    """Write what differs in one edit of its own; nothing at all when nothing does. Raises RuleError once closed."""
    require_open(budget)
    if total in (None, budget.total) and not allocation.changed_lines(before, after):
        return
    with session.edit(label, budget.project_id) as edit:
        write_lines(edit, before, after)
        if total is not None:
            tables.budgets.update(edit, budget.id, total=total)
        mark_revised(edit, budget)


def write_lines(edit: Edit, before: Sequence[BudgetLine], after: Sequence[BudgetLine]) -> None:
    """Write the rows that differ, inside a running edit; new rows are not written."""
    old = {line.id: line for line in before}
    tables.budget_lines.replace(edit, *(line for line in after if line.id in old and old[line.id] != line))


def mark_revised(edit: Edit, budget: Budget) -> None:
    """Turn an approved budget into a revision."""
    if budget.state is BudgetState.APPROVED:
        tables.budgets.update(edit, budget.id, state=BudgetState.REVISED)
