"""Taking over the rows of a budget table in one edit: beside what is there, or instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db import tables
from qihua_desktop.domain import allocation
from qihua_desktop.domain.budget import BudgetLine, LineLock
from qihua_desktop.domain.budget_paste import PastedLine
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.money import format_fen
from qihua_desktop.i18n import _, ngettext

from .budget import TOTAL_LIMIT, mark_revised, require_open
from .budget_lines import MAX_LEVEL, new_line, next_colour
from .budget_usage import require_free
from .budget_view import stored_budget
from .limits import required_text, text
from .session import Session

_RESERVE_WORDS = ("预备金", "备用金", "不可预见", "contingency", "reserve")


def import_lines(
    session: Session, project_id: EntityId, rows: Sequence[PastedLine], *, replace_all: bool = False,
    take_total: bool = False,
) -> tuple[EntityId, ...]:  # fmt: skip
    """Add the rows of a table after the present categories and return the ids of the new ones.

    ``replace_all`` removes the present rows first; ``take_total`` lets the total be the sum of all categories, as a
    total of 0.00 always does. Raises RuleError for a closed budget, rows too deep, or present rows in use, and
    InputError when the sum is too large.
    """
    budget, present = stored_budget(session, project_id)
    require_open(budget)
    if max((row.level for row in rows), default=0) > MAX_LEVEL:
        raise RuleError(_("Budget lines go at most four levels deep."))
    if replace_all:
        require_free(session, [line.id for line in present])
    kept = () if replace_all else present
    suppliers = {one.name: one.id for one in tables.suppliers.all(session.workspace)}
    new = _built(project_id, rows, kept, budget.total)
    new = [replace(line, supplier_id=suppliers.get(line.supplier)) if line.supplier else line for line in new]
    after = allocation.roll_up((*kept, *new))
    total = budget.total
    if take_total or not total:
        total = sum(line.amount for line in after if line.parent_id is None)
    if total >= TOTAL_LIMIT:
        raise InputError(_("The total must lie between 0.00 and 999,999,999,999.99."))
    label = ngettext("Import {count} budget row", "Import {count} budget rows", len(rows)).format(count=len(rows))
    if total != budget.total:
        label += " · " + _("Budget total {old} → {new}").format(old=format_fen(budget.total), new=format_fen(total))
    with session.edit(label, project_id) as edit:
        if replace_all:
            tables.budget_lines.delete(edit, *(line.id for line in present if line.parent_id is None))
        fresh = {line.id for line in new}
        tables.budget_lines.insert_many(edit, [line for line in after if line.id in fresh])
        if total != budget.total:
            tables.budgets.update(edit, budget.id, total=total)
        mark_revised(edit, budget)
    return tuple(line.id for line in new if line.parent_id is None)


def _built(
    project_id: EntityId, rows: Sequence[PastedLine], present: Sequence[BudgetLine], total: int
) -> list[BudgetLine]:
    """Return the new lines, parents before children; shares are of the row above, of the total for a category."""
    used = [line for line in present if line.parent_id is None]
    found: list[BudgetLine] = []
    trail: list[BudgetLine] = []
    children: dict[EntityId | None, int] = {None: 1 + max((line.position for line in used), default=-1)}
    for row in rows:
        del trail[row.level :]
        above = trail[-1] if trail else None
        colour = trail[0].colour if trail else next_colour(used)
        whole = above.amount if above is not None else total
        line = replace(
            _line(project_id, row, whole, colour), parent_id=above.id if above else None,
        )  # fmt: skip
        position = children.get(line.parent_id, 0)
        children[line.parent_id] = position + 1
        line = replace(line, position=position)
        if above is None:
            used.append(line)
        found.append(line)
        trail.append(line)
    return found


def _line(project_id: EntityId, row: PastedLine, whole: int, colour: str) -> BudgetLine:
    amount = row.amount
    if row.percent is not None and amount is None:
        if row.percent > allocation.WHOLE:
            raise InputError(_("A share must lie between 0 and 100 %."))
        amount = allocation.split(whole, [row.percent, allocation.WHOLE - row.percent])[0]
    if amount is None:
        amount = allocation.priced_amount(row.unit_price, row.quantity)
    priced = allocation.priced_amount(row.unit_price, row.quantity) == amount
    name = required_text(row.name, _("name"))
    return replace(
        new_line(project_id, None, name, colour),
        amount=amount,
        lock=LineLock.FREE,
        supplier=text(row.supplier),
        basis=text(row.basis),
        quantity=row.quantity,
        unit=text(row.unit),
        unit_price=row.unit_price if priced else 0,
        tax_rate=min(row.tax_rate, allocation.WHOLE),
        is_reserve=any(word in name.lower() for word in _RESERVE_WORDS),
    )
