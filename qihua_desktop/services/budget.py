"""The project budget: allocation by percentage and amount, locks, lines, and what follows from each change.

Every function writes all lines that the rules of ``domain.allocation`` move, in one edit. Changing an approved budget
turns it into a revision; the approved version itself stays frozen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from db import tables
from db.workspace import Edit
from qihua_desktop.domain import allocation, tree
from qihua_desktop.domain.allocation import Absorb
from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetState, LineLock
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.money import capital_amount, format_fen, format_percent
from qihua_desktop.domain.workflow import TemplateCategory
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .session import Session

MAX_LEVEL = 3
"""Lines go four levels deep: level 0 is a category."""

TOTAL_LIMIT = 10**14
"""Fen; 大写 amounts end below one 万亿 yuan."""

_COLOURS = ("accent", "research", "event", "brand", "warn", "ok", "faint")


@dataclass(frozen=True, slots=True)
class LineView:
    """A row of the allocation table. ``share`` in basis points of the parent, ``share_of_total`` of the budget."""

    line: BudgetLine
    level: int
    has_children: bool
    share: int
    share_of_total: int


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


def load_budget(session: Session, project_id: EntityId) -> BudgetView:
    """Return a project's budget with derived shares. Raises LookupError for a project without one."""
    budget, lines = _state(session, project_id)
    shares = allocation.shown_percents(budget.total, lines)
    by_id = {line.id: line for line in lines}
    total = budget.total
    rows = tuple(
        LineView(
            by_id[row.id],
            row.level,
            row.has_children,
            shares.get(row.id, 0),
            by_id[row.id].amount * 10_000 // total if total else 0,
        )
        for row in tree.outline(lines)
    )
    return BudgetView(budget, rows, allocation.unallocated(total, lines), capital_amount(total, prefix=True))


def set_total(session: Session, project_id: EntityId, total: int) -> None:
    """Set what is to be allocated; free lines follow in proportion. Raises RuleError naming colliding locks."""
    if not 0 <= total < TOTAL_LIMIT:
        raise InputError(_("The total must lie between 0.00 and 999,999,999,999.99."))
    budget, lines = _state(session, project_id)
    new = allocation.respread(total, lines) if lines else ()
    label = _("Budget total {old} → {new}").format(old=format_fen(budget.total), new=format_fen(total))
    _store(session, budget, lines, new, label, total=total)


def set_amount(session: Session, line_id: EntityId, amount: int, *, absorb: Absorb = Absorb.SIBLINGS) -> None:
    """Set a row's amount. With ``Absorb.SIBLINGS`` the free rows beside it take the difference."""
    line, budget, lines = _line_state(session, line_id)
    new = allocation.set_amount(budget.total, lines, line_id, amount, absorb=absorb)
    label = _("{line} {old} → {new}").format(line=line.name, old=format_fen(line.amount), new=format_fen(amount))
    _store(session, budget, lines, new, label)


def set_percent(session: Session, line_id: EntityId, percent: int) -> None:
    """Set a row's share of its parent, in basis points; the free rows beside it take the difference."""
    line, budget, lines = _line_state(session, line_id)
    shown = allocation.shown_percents(budget.total, lines).get(line_id, 0)
    new = allocation.set_percent(budget.total, lines, line_id, percent)
    label = _("{line} {old} → {new}").format(line=line.name, old=format_percent(shown), new=format_percent(percent))
    _store(session, budget, lines, new, label)


def set_percents(session: Session, project_id: EntityId, percents: Sequence[tuple[EntityId, int]]) -> None:
    """Set the shares of several categories at once, in basis points; together they may not exceed 100 %."""
    if sum(percent for _id, percent in percents) > 10_000 or any(percent < 0 for _id, percent in percents):
        raise RuleError(_("The shares add up to more than 100 %."))
    budget, lines = _state(session, project_id)
    wanted = dict(percents)
    free = tuple(
        replace(line, lock=LineLock.PERCENT, percent=wanted[line.id]) if line.id in wanted else line for line in lines
    )
    spread = allocation.respread(budget.total, free)
    locks = {line.id: line.lock for line in lines}
    new = tuple(replace(line, lock=locks[line.id]) for line in spread)
    _store(session, budget, lines, new, _("Set the shares of the categories"))


def set_lock(session: Session, line_id: EntityId, lock: LineLock) -> None:
    """Lock a row by amount, percentage or both, or free it."""
    line, budget, lines = _line_state(session, line_id)
    new = allocation.set_lock(budget.total, lines, line_id, lock)
    label = _("Unlock “{line}”") if lock is LineLock.FREE else _("Lock “{line}”")
    _store(session, budget, lines, new, label.format(line=line.name))


def set_price(session: Session, line_id: EntityId, unit_price: int, quantity: int) -> None:
    """Set a row's unit price (fen) and quantity (thousandths); its amount is their product, its parents grow."""
    line, budget, lines = _line_state(session, line_id)
    new = allocation.price_line(budget.total, lines, line_id, unit_price, quantity, absorb=Absorb.SIBLINGS)
    _store(session, budget, lines, new, _("Price of “{line}”").format(line=line.name))


def add_category(session: Session, project_id: EntityId, name: str) -> BudgetLine:
    """Add a category of 0.00 at the end."""
    budget, lines = _state(session, project_id)
    colour = _COLOURS[sum(1 for line in lines if line.parent_id is None) % len(_COLOURS)]
    line = _new_line(project_id, None, required_text(name, _("name")), colour)
    _insert(session, budget, lines, line, len(tree.children_of(lines, None)), _("Add “{line}”").format(line=line.name))
    return line


def add_line(
    session: Session, parent_id: EntityId, name: str, *, index: int | None = None, amount: int | None = None
) -> BudgetLine:
    """Add a line under a row. The first line takes over the row's amount, later ones start at ``amount`` or 0.00."""
    parent, budget, lines = _line_state(session, parent_id)
    siblings = tree.children_of(lines, parent_id)
    if 1 + len(tree.ancestors(lines, parent_id)) > MAX_LEVEL:
        raise RuleError(_("Budget lines go at most four levels deep."))
    line = _new_line(parent.project_id, parent_id, required_text(name, _("name")), parent.colour)
    if not siblings:
        line = replace(line, amount=parent.amount)
    at = len(siblings) if index is None else index
    _insert(session, budget, lines, line, at, _("Add “{line}”").format(line=line.name), amount=amount)
    return line


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
    line, budget, _lines = _line_state(session, line_id)
    with session.edit(_("Change “{line}”").format(line=line.name), line.project_id) as edit:
        tables.budget_lines.update(edit, line_id, **fields)
        _touch(edit, budget)


def delete_lines(session: Session, line_ids: Sequence[EntityId]) -> None:
    """Delete rows with everything under them; parents become the sum of what is left."""
    line, budget, lines = _line_state(session, line_ids[0])
    removal = tree.remove(lines, line_ids)
    gone = set(removal.removed)
    left = _placed(tuple(one for one in lines if one.id not in gone), removal.changes)
    parents = {one.parent_id for one in lines if one.id in gone}
    emptied = {one.id: one.amount for one in left if one.id in parents and not tree.children_of(left, one.id)}
    new = tuple(replace(one, amount=emptied[one.id]) if one.id in emptied else one for one in allocation.roll_up(left))
    label = _("Delete “{line}”").format(line=line.name) if len(line_ids) == 1 else _("Delete budget lines")
    with session.edit(label, line.project_id) as edit:
        tables.budget_lines.delete(edit, *tree.topmost(lines, line_ids))
        _write_lines(edit, left, new)
        _write_lines(edit, lines, left)
        _touch(edit, budget)


def move_line(session: Session, line_id: EntityId, parent_id: EntityId | None, index: int) -> None:
    """Move a row to a place under another row, or among the categories with ``parent_id`` None."""
    line, budget, lines = _line_state(session, line_id)
    moved = _placed(lines, tree.move(lines, [line_id], parent_id, index, max_level=MAX_LEVEL))
    _store(session, budget, lines, allocation.roll_up(moved), _("Move “{line}”").format(line=line.name))


def move_up(session: Session, line_id: EntityId) -> None:
    """Move a row before the one above it under the same parent."""
    line, budget, lines = _line_state(session, line_id)
    _store(
        session,
        budget,
        lines,
        _placed(lines, tree.move_up(lines, [line_id])),
        _("Move “{line}”").format(line=line.name),
    )


def move_down(session: Session, line_id: EntityId) -> None:
    """Move a row after the one below it under the same parent."""
    line, budget, lines = _line_state(session, line_id)
    _store(
        session,
        budget,
        lines,
        _placed(lines, tree.move_down(lines, [line_id])),
        _("Move “{line}”").format(line=line.name),
    )


def apply_proportions(session: Session, project_id: EntityId, categories: Sequence[TemplateCategory]) -> None:
    """Take over the categories and shares of a template; rows of the same name keep their lines and texts."""
    budget, lines = _state(session, project_id)
    present = {line.name: line for line in lines if line.parent_id is None}
    added: list[BudgetLine] = []
    shares: dict[EntityId, int] = {}
    next_position = max((line.position for line in present.values()), default=-1) + 1
    for category in categories:
        line = present.get(category.name)
        if line is None:
            line = replace(
                _new_line(project_id, None, category.name, category.colour),
                position=next_position,
                is_reserve=category.reserve,
            )
            next_position += 1
            added.append(line)
        shares[line.id] = category.percent
    before = (*lines, *added)
    fixed = tuple(
        replace(line, lock=LineLock.PERCENT, percent=shares.get(line.id, 0)) if line.parent_id is None else line
        for line in before
    )
    spread = allocation.respread(budget.total, fixed)
    locks = {line.id: line.lock for line in before}
    new = tuple(replace(line, lock=locks[line.id]) for line in spread)
    with session.edit(_("Apply proportions"), project_id) as edit:
        tables.budget_lines.insert_many(edit, added)
        _write_lines(edit, before, new)
        _touch(edit, budget)


def set_state(edit: Edit, project_id: EntityId, state: BudgetState, version: int | None = None) -> None:
    """Move the budget through its life inside a running edit; review decisions do this."""
    for budget in tables.budgets.all(edit, project_id=project_id):
        changes: dict[str, Any] = {"state": state}
        if version is not None:
            changes["version"] = version
        tables.budgets.update(edit, budget.id, **changes)


def _state(session: Session, project_id: EntityId) -> tuple[Budget, tuple[BudgetLine, ...]]:
    budgets = tables.budgets.all(session.workspace, project_id=project_id)
    if not budgets:
        raise LookupError("the project has no budget")
    return budgets[0], tables.budget_lines.all(session.workspace, project_id=project_id)


def _line_state(session: Session, line_id: EntityId) -> tuple[BudgetLine, Budget, tuple[BudgetLine, ...]]:
    line = tables.budget_lines.get(session.workspace, line_id)
    budget, lines = _state(session, line.project_id)
    return line, budget, lines


def _store(
    session: Session,
    budget: Budget,
    before: Sequence[BudgetLine],
    after: Sequence[BudgetLine],
    label: str,
    *,
    total: int | None = None,
) -> None:
    with session.edit(label, budget.project_id) as edit:
        _write_lines(edit, before, after)
        if total is not None:
            tables.budgets.update(edit, budget.id, total=total)
        _touch(edit, budget)


def _write_lines(edit: Edit, before: Sequence[BudgetLine], after: Sequence[BudgetLine]) -> None:
    old = {line.id: line for line in before}
    tables.budget_lines.replace(edit, *(line for line in after if line.id in old and old[line.id] != line))


def _touch(edit: Edit, budget: Budget) -> None:
    """Turn an approved budget into a revision."""
    if budget.state is BudgetState.APPROVED:
        tables.budgets.update(edit, budget.id, state=BudgetState.REVISED)


def _insert(
    session: Session,
    budget: Budget,
    lines: tuple[BudgetLine, ...],
    line: BudgetLine,
    index: int,
    label: str,
    *,
    amount: int | None = None,
) -> None:
    placements = tree.insert(lines, line.id, line.parent_id, index)
    before = (*lines, line)
    new = allocation.roll_up(_placed(before, placements)) if line.parent_id else _placed(before, placements)
    if amount is not None:
        new = allocation.set_amount(budget.total, new, line.id, amount)
    with session.edit(label, budget.project_id) as edit:
        tables.budget_lines.insert(edit, line)
        _write_lines(edit, before, new)
        _touch(edit, budget)


def _placed(lines: Sequence[BudgetLine], changes: Sequence[tree.Placement]) -> tuple[BudgetLine, ...]:
    places = {change.id: change for change in changes}
    return tuple(
        replace(line, parent_id=places[line.id].parent_id, position=places[line.id].position)
        if line.id in places
        else line
        for line in lines
    )


def _new_line(project_id: EntityId, parent_id: EntityId | None, name: str, colour: str) -> BudgetLine:
    return BudgetLine(
        id=new_id(),
        project_id=project_id,
        parent_id=parent_id,
        position=0,
        name=name,
        amount=0,
        lock=LineLock.FREE,
        percent=0,
        quantity=0,
        unit="",
        unit_price=0,
        tax_rate=0,
        supplier="",
        basis="",
        colour=colour,
        is_reserve=False,
        task_id=None,
        notes="",
    )
