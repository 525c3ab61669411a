"""What a figure typed into the budget does, as the user expects it: who takes the difference.

While categories do not add up to the total, a typed category uses what is unallocated and leaves the others alone; once
they do, the free categories share the difference. A line under a category changes the category. All rules of
``allocation`` hold: a change that locks do not allow is refused by naming them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from qihua_desktop.i18n import _

from . import allocation
from .allocation import WHOLE, Absorb
from .budget import BudgetLine, LineLock
from .errors import InputError, RuleError
from .ids import EntityId

Lines = tuple[BudgetLine, ...]


def enter_amount(total: int, lines: Sequence[BudgetLine], line_id: EntityId, amount: int) -> Lines:
    """Return the lines after an amount in fen was typed for one. Raises InputError or RuleError."""
    if amount < 0:
        raise InputError(_("An amount in the budget cannot be negative."))
    line = _find(lines, line_id)
    return allocation.set_amount(total, lines, line_id, amount, absorb=_absorb(total, lines, line, amount))


def enter_percent(total: int, lines: Sequence[BudgetLine], line_id: EntityId, percent: int) -> Lines:
    """Return the lines after a share in basis points was typed: of the total for a category, else of the parent.

    Raises InputError or RuleError.
    """
    if not 0 <= percent <= WHOLE:
        raise InputError(_("A share must lie between 0 and 100 %."))
    line = _find(lines, line_id)
    if line.parent_id is None:
        amount = allocation.split(total, [percent, WHOLE - percent])[0]
        if _absorb(total, lines, line, amount) is Absorb.PARENT:
            after = allocation.set_amount(total, lines, line_id, amount, absorb=Absorb.PARENT)
            keeps = line.lock in (LineLock.PERCENT, LineLock.BOTH)
            return tuple(replace(row, percent=percent) if keeps and row.id == line_id else row for row in after)
    return allocation.set_percent(total, lines, line_id, percent)


def enter_price(total: int, lines: Sequence[BudgetLine], line_id: EntityId, unit_price: int, quantity: int) -> Lines:
    """Return the lines after a unit price (fen) and a quantity (thousandths) were typed. Raises as ``price_line``.

    With one of the two missing the amount stays as it is.
    """
    line = _find(lines, line_id)
    if not unit_price or not quantity:
        if unit_price < 0 or quantity < 0:
            raise InputError(_("Price and quantity cannot be negative."))
        return tuple(
            replace(row, unit_price=unit_price, quantity=quantity) if row.id == line_id else row for row in lines
        )
    absorb = _absorb(total, lines, line, allocation.priced_amount(unit_price, quantity))
    return allocation.price_line(total, lines, line_id, unit_price, quantity, absorb=absorb)


def spread_by(total: int, lines: Sequence[BudgetLine], weights: Mapping[EntityId, int]) -> Lines:
    """Spread the total over the free categories by weights; categories without a weight get nothing.

    Locked categories keep what they have, as in every re-spread. Raises RuleError naming the locks that collide.
    """
    weighted = tuple(
        replace(line, amount=weights.get(line.id, 0))
        if line.parent_id is None and line.lock is LineLock.FREE and not _is_pinned(line, lines)
        else line
        for line in lines
    )
    return allocation.respread(total, weighted)


def total_of_rows(lines: Sequence[BudgetLine]) -> tuple[int, Lines]:
    """Return the total that the categories ask for, and the lines under it.

    Free and amount-locked categories keep their amounts; those with a locked share get it of the new total. Raises
    RuleError naming locks that cannot hold.
    """
    categories = [line for line in lines if line.parent_id is None]
    shared = [line for line in categories if line.lock is LineLock.PERCENT]
    kept = sum(line.amount for line in categories if line.lock is not LineLock.PERCENT)
    room = WHOLE - sum(line.percent for line in shared)
    if room <= 0 and shared:
        raise _no_room(line.name for line in shared)
    parts = [*(line.percent for line in shared), room]
    total = kept * WHOLE // room
    # What is left beside the shares grows by a fen or stays with each fen of the total, so some total fits exactly.
    while allocation.split(total, parts)[-1] < kept:
        total += 1
    while allocation.split(total, parts)[-1] > kept:
        total -= 1
    fixed = {line.id: line.lock for line in categories if line.lock is LineLock.FREE}
    held = tuple(replace(line, lock=LineLock.AMOUNT) if line.id in fixed else line for line in lines)
    after = allocation.respread(total, held)
    return total, tuple(replace(line, lock=LineLock.FREE) if line.id in fixed else line for line in after)


def refuse_moved_locks(before: Sequence[BudgetLine], after: Sequence[BudgetLine]) -> None:
    """Raise RuleError when adding, moving or deleting lines changed a row whose amount is locked."""
    old = {line.id: line for line in before}
    held = (LineLock.AMOUNT, LineLock.BOTH)
    moved = [line.name for line in after if line.lock in held and line.amount != old.get(line.id, line).amount]
    if moved:
        raise _no_room(moved)


def _no_room(names: Iterable[str]) -> RuleError:
    return RuleError(
        _("The locks leave no room for this amount."),
        _("Unlock one of these lines or choose another amount."),
        tuple(names),
    )


def _absorb(total: int, lines: Sequence[BudgetLine], line: BudgetLine, amount: int) -> Absorb:
    if line.parent_id is not None:
        return Absorb.PARENT
    left = allocation.unallocated(total, lines)
    after = left - (amount - line.amount)
    alone = not any(row.parent_id is None and row.id != line.id for row in lines)
    uses_rest = (left > 0 and after >= 0) or (left < 0 and after <= 0) or (alone and after >= 0)
    return Absorb.PARENT if uses_rest else Absorb.SIBLINGS


def _is_pinned(line: BudgetLine, lines: Sequence[BudgetLine]) -> bool:
    """Return whether locked lines below pin a free category."""
    below = [row for row in lines if row.parent_id == line.id]
    return bool(below) and all(row.lock is not LineLock.FREE or _is_pinned(row, lines) for row in below)


def _find(lines: Sequence[BudgetLine], line_id: EntityId) -> BudgetLine:
    for line in lines:
        if line.id == line_id:
            return line
    raise RuleError(_("This budget line no longer exists."))
