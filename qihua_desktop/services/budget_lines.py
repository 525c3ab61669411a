"""The rows of the project budget: adding, deleting, moving, nesting, pasting; money never gets lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db import tables
from qihua_desktop.domain import allocation, budget_entry, tree
from qihua_desktop.domain.budget import Budget, BudgetLine, LineLock
from qihua_desktop.domain.budget_paste import PastedLine
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.i18n import _, ngettext

from .budget import line_state, mark_revised, require_open, write_lines
from .budget_usage import require_free
from .budget_view import stored_budget
from .limits import required_text, text
from .session import Session

MAX_LEVEL = 3
"""Lines go four levels deep: level 0 is a category."""

COLOURS = ("accent", "research", "event", "brand", "warn", "ok", "faint")
"""Theme roles of categories, in the order they are handed out."""

Lines = tuple[BudgetLine, ...]


def add_category(session: Session, project_id: EntityId, name: str, *, index: int | None = None) -> BudgetLine:
    """Add a category of 0.00, at the end unless a place is given."""
    budget, lines = stored_budget(session, project_id)
    line = new_line(project_id, None, required_text(name, _("name")), next_colour(lines))
    at = len(tree.children_of(lines, None)) if index is None else index
    after = _placed((*lines, line), tree.insert(lines, line.id, None, at))
    _store(session, budget, lines, after, _("Add “{line}”").format(line=line.name))
    return line


def add_line(
    session: Session, parent_id: EntityId, name: str, *, index: int | None = None, amount: int | None = None
) -> BudgetLine:
    """Add a line under a row. The first line takes over the row's amount, later ones start at ``amount`` or 0.00."""
    parent, budget, lines = line_state(session, parent_id)
    siblings = tree.children_of(lines, parent_id)
    _require_level(1 + len(tree.ancestors(lines, parent_id)))
    line = new_line(parent.project_id, parent_id, required_text(name, _("name")), parent.colour)
    if not siblings:
        line = replace(line, amount=parent.amount, tax_rate=parent.tax_rate)
    at = len(siblings) if index is None else index
    after = allocation.roll_up(_placed((*lines, line), tree.insert(lines, line.id, parent_id, at)))
    if amount is not None:
        after = budget_entry.enter_amount(budget.total, after, line.id, amount)
    _store(session, budget, lines, after, _("Add “{line}”").format(line=line.name))
    return line


def delete_lines(session: Session, line_ids: Sequence[EntityId]) -> None:
    """Delete rows with everything under them; parents become the sum of what is left, or keep theirs when emptied.

    Raises RuleError naming what is recorded at them: contracts, quotes, vouchers, stock, use of the reserve.
    """
    line, budget, lines = line_state(session, line_ids[0])
    removal = tree.remove(lines, line_ids)
    gone = set(removal.removed)
    left = _placed(tuple(one for one in lines if one.id not in gone), removal.changes)
    after = allocation.roll_up(left)
    budget_entry.refuse_moved_locks(lines, after)
    require_open(budget)
    require_free(session, gone)
    label = _("Delete “{line}”").format(line=line.name) if len(line_ids) == 1 else _("Delete budget lines")
    with session.edit(label, line.project_id) as edit:
        tables.budget_lines.delete(edit, *tree.topmost(lines, line_ids))
        write_lines(edit, lines, after)
        mark_revised(edit, budget)


def move_line(session: Session, line_id: EntityId, parent_id: EntityId | None, index: int) -> None:
    """Move a row to a place under another row, or among the categories with ``parent_id`` None."""
    _line, _budget, lines = line_state(session, line_id)
    _rearrange(session, line_id, tree.move(lines, [line_id], parent_id, index, max_level=MAX_LEVEL))


def move_up(session: Session, line_id: EntityId) -> None:
    """Move a row before the one above it under the same parent."""
    _line, _budget, lines = line_state(session, line_id)
    _rearrange(session, line_id, tree.move_up(lines, [line_id]))


def move_down(session: Session, line_id: EntityId) -> None:
    """Move a row after the one below it under the same parent."""
    _line, _budget, lines = line_state(session, line_id)
    _rearrange(session, line_id, tree.move_down(lines, [line_id]))


def indent(session: Session, line_id: EntityId) -> None:
    """Put a row under the one before it. Raises RuleError where there is none or the fourth level is passed."""
    _line, _budget, lines = line_state(session, line_id)
    _rearrange(session, line_id, tree.indent(lines, [line_id], max_level=MAX_LEVEL))


def outdent(session: Session, line_id: EntityId) -> None:
    """Put a row right after its parent, one level up. Raises RuleError for a category."""
    _line, _budget, lines = line_state(session, line_id)
    _rearrange(session, line_id, tree.outdent(lines, [line_id]))


def paste_lines(
    session: Session, project_id: EntityId, parent_id: EntityId | None, rows: Sequence[PastedLine],
    *, index: int | None = None,
) -> tuple[EntityId, ...]:  # fmt: skip
    """Add rows read from the clipboard under a row, or as categories, and return the ids of the topmost ones.

    Amounts are taken as they are and parents become their sums; a share is of the parent's present amount, of the
    total for a category. Raises RuleError naming locks, or when a row would stand too deep.
    """
    budget, lines = stored_budget(session, project_id)
    base = 0 if parent_id is None else 1 + len(tree.ancestors(lines, parent_id))
    _require_level(base + max((row.level for row in rows), default=0))
    by_id = {line.id: line for line in lines}
    whole = budget.total if parent_id is None else by_id[parent_id].amount
    after: Lines = lines
    at = len(tree.children_of(lines, parent_id)) if index is None else index
    trail: list[BudgetLine] = []
    top: list[EntityId] = []
    for row in rows:
        del trail[row.level :]
        under = trail[-1].id if trail else parent_id
        colour = trail[0].colour if trail else by_id[parent_id].colour if parent_id else next_colour(after)
        share_of = trail[-1].amount if trail else whole
        line = _pasted(project_id, under, row, colour, share_of)
        place = len(tree.children_of(after, under)) if trail else at + len(top)
        after = _placed((*after, line), tree.insert(after, line.id, under, place))
        if not trail:
            top.append(line.id)
        trail.append(line)
    label = ngettext("Paste {count} budget row", "Paste {count} budget rows", len(rows)).format(count=len(rows))
    _store(session, budget, lines, allocation.roll_up(after), label)
    return tuple(top)


def new_line(project_id: EntityId, parent_id: EntityId | None, name: str, colour: str) -> BudgetLine:
    """Return an empty row, not stored yet."""
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


def next_colour(lines: Sequence[BudgetLine]) -> str:
    """Return the theme role of the next category: the first that is least used."""
    used = [line.colour for line in lines if line.parent_id is None]
    return min(COLOURS, key=used.count)


def _pasted(
    project_id: EntityId, parent_id: EntityId | None, row: PastedLine, colour: str, share_of: int
) -> BudgetLine:
    if row.percent is not None and row.percent > allocation.WHOLE:
        raise InputError(_("A share must lie between 0 and 100 %."))
    amount = row.amount
    if amount is None and row.percent is not None:
        amount = allocation.split(share_of, [row.percent, allocation.WHOLE - row.percent])[0]
    if amount is None:
        amount = allocation.priced_amount(row.unit_price, row.quantity)
    priced = allocation.priced_amount(row.unit_price, row.quantity) == amount
    return replace(
        new_line(project_id, parent_id, required_text(row.name, _("name")), colour),
        amount=amount,
        supplier=text(row.supplier),
        basis=text(row.basis),
        quantity=row.quantity,
        unit=text(row.unit),
        unit_price=row.unit_price if priced else 0,
        tax_rate=min(row.tax_rate, allocation.WHOLE),
    )


def _rearrange(session: Session, line_id: EntityId, changes: Sequence[tree.Placement]) -> None:
    """Store new places. A row that had an amount of its own and gets its first line keeps it as a line beside that."""
    line, budget, lines = line_state(session, line_id)
    parents = {one.parent_id for one in lines}
    placed = _placed(lines, changes)
    for holder in lines:
        gained = holder.id not in parents and any(one.parent_id == holder.id for one in placed)
        if gained and holder.amount:
            own = replace(holder, id=new_id(), parent_id=holder.id, lock=LineLock.FREE, percent=0, task_id=None)
            placed = _placed((*placed, own), tree.insert(placed, own.id, holder.id, 0))
            placed = tuple(
                replace(one, quantity=0, unit="", unit_price=0) if one.id == holder.id else one for one in placed
            )
    after = _with_kept_amounts(lines, allocation.roll_up(placed))
    _store(session, budget, lines, after, _("Move “{line}”").format(line=line.name))


def _with_kept_amounts(before: Lines, after: Lines) -> Lines:
    """A row that lost its last line keeps no amount of lines that now stand elsewhere."""
    had = {line.parent_id for line in before}
    has = {line.parent_id for line in after}
    emptied = {line.id for line in after if line.id in had and line.id not in has}
    if not emptied:
        return after
    return allocation.roll_up(tuple(replace(line, amount=0) if line.id in emptied else line for line in after))


def _store(session: Session, budget: Budget, before: Lines, after: Lines, label: str) -> None:
    budget_entry.refuse_moved_locks(before, after)
    require_open(budget)
    if not allocation.changed_lines(before, after):
        return
    known = {line.id for line in before}
    with session.edit(label, budget.project_id) as edit:
        tables.budget_lines.insert_many(edit, [line for line in after if line.id not in known])
        write_lines(edit, before, after)
        mark_revised(edit, budget)


def _require_level(level: int) -> None:
    if level > MAX_LEVEL:
        raise RuleError(_("Budget lines go at most four levels deep."))


def _placed(lines: Sequence[BudgetLine], changes: Sequence[tree.Placement]) -> Lines:
    places = {change.id: change for change in changes}
    return tuple(
        replace(line, parent_id=places[line.id].parent_id, position=places[line.id].position)
        if line.id in places
        else line
        for line in lines
    )
