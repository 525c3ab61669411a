"""Spreading money over budget lines: integer fen only, exact to the fen, locks respected at every level.

Rules: largest remainder with ties to the lower line; amount locks keep their fen, percent locks take their share of the
parent, the free lines absorb the rest in proportion to what they had. Parents are sums of their children.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import _

from .budget import BudgetLine, LineLock
from .errors import InputError, RuleError
from .ids import EntityId
from .money import format_fen

WHOLE: Final = 10_000
"""One hundred percent in basis points."""

QUANTITY_UNIT: Final = 1_000

_AMOUNT_LOCKS = frozenset((LineLock.AMOUNT, LineLock.BOTH))
_PERCENT_LOCKS = frozenset((LineLock.PERCENT, LineLock.BOTH))

Children = Mapping[EntityId | None, Sequence[BudgetLine]]


class Absorb(StrEnum):
    """Who balances a typed amount: the free siblings under an unchanged parent, or the parents.

    With PARENT every free parent grows or shrinks up to the first locked one, inside which the free lines balance; a
    change that reaches the top alters what is left unallocated.
    """

    SIBLINGS = "siblings"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What the user typed for one line; exactly one of the two is given."""

    line_id: EntityId
    amount: int | None = None
    percent: int | None = None


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a total in proportion to weights by largest remainder; ties go to the lower index.

    All-zero weights count as equal. A negative total is divided by its absolute value. Raises ValueError for
    negative weights, or when there is nobody to take a non-zero total.
    """
    if not weights:
        if total:
            raise ValueError("nothing to split over")
        return []
    if min(weights) < 0:
        raise ValueError("negative weight")
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    size = abs(total)
    shares: list[int] = []
    remainders: list[int] = []
    for weight in weights:
        share, remainder = divmod(size * weight, whole)
        shares.append(share)
        remainders.append(remainder)
    left = size - sum(shares)
    if left:
        for index in sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)[:left]:
            shares[index] += 1
    return shares if total >= 0 else [-share for share in shares]


def respread(total: int, lines: Sequence[BudgetLine]) -> tuple[BudgetLine, ...]:
    """Spread a new budget total over the categories and, through them, over all free descendants.

    Raises RuleError naming the locks that collide, and InputError for a negative total.
    """
    _refuse_negative(total)
    children = _children(lines)
    amounts: dict[EntityId, int] = {}
    if lines:
        _spread_level(total, children[None], children, amounts, None)
    return _with_amounts(lines, amounts, {})


def set_amount(
    total: int, lines: Sequence[BudgetLine], line_id: EntityId, amount: int, *, absorb: Absorb = Absorb.SIBLINGS
) -> tuple[BudgetLine, ...]:
    """Give one line an amount; its own descendants follow and the others balance it as ``absorb`` says.

    A typed amount overrides the line's own lock and becomes what is locked. Raises RuleError when locks leave no room.
    """
    _refuse_negative(amount)
    children = _children(lines)
    line = _find(lines, line_id)
    amounts: dict[EntityId, int] = {}
    if absorb is Absorb.SIBLINGS:
        parent_total = _parent_amount(total, lines, line)
        _spread_level(parent_total, children[line.parent_id], children, amounts, _Typed(line_id, amount=amount))
    else:
        _grow_parents(lines, line, amount, children, amounts)
    result = _with_amounts(lines, amounts, {})
    if line.lock not in _PERCENT_LOCKS:
        return result
    percent = min(WHOLE, shown_percents(total, result)[line_id])
    return tuple(replace(row, percent=percent) if row.id == line_id else row for row in result)


def set_percent(total: int, lines: Sequence[BudgetLine], line_id: EntityId, percent: int) -> tuple[BudgetLine, ...]:
    """Give one line a share of its parent (of the total for a category); free siblings absorb the difference.

    Raises InputError outside 0 … 100 %, RuleError when locks leave no room.
    """
    if not 0 <= percent <= WHOLE:
        raise InputError(_("A share must lie between 0 and 100 %."))
    children = _children(lines)
    line = _find(lines, line_id)
    amounts: dict[EntityId, int] = {}
    parent_total = _parent_amount(total, lines, line)
    _spread_level(parent_total, children[line.parent_id], children, amounts, _Typed(line_id, percent=percent))
    percents = {line_id: percent} if line.lock in _PERCENT_LOCKS else {}
    return _with_amounts(lines, amounts, percents)


def set_lock(total: int, lines: Sequence[BudgetLine], line_id: EntityId, lock: LineLock) -> tuple[BudgetLine, ...]:
    """Change what a re-spread must keep; a percent lock stores the share the line shows now. No amount moves."""
    line = _find(lines, line_id)
    percent = line.percent
    if lock in _PERCENT_LOCKS and line.lock not in _PERCENT_LOCKS:
        percent = min(WHOLE, shown_percents(total, lines)[line_id])
    return tuple(replace(row, lock=lock, percent=percent) if row.id == line_id else row for row in lines)


def price_line(
    total: int,
    lines: Sequence[BudgetLine],
    line_id: EntityId,
    unit_price: int,
    quantity: int,
    *,
    absorb: Absorb = Absorb.PARENT,
) -> tuple[BudgetLine, ...]:
    """Set unit price (fen) and quantity (thousandths) of a line without children; its amount is their product.

    Raises InputError for negative figures, RuleError for a line with children or when locks leave no room.
    """
    if unit_price < 0 or quantity < 0:
        raise InputError(_("Price and quantity cannot be negative."))
    line = _find(lines, line_id)
    if any(row.parent_id == line_id for row in lines):
        raise RuleError(_("“{line}” is the sum of its lines and has no price of its own.").format(line=line.name))
    result = set_amount(total, lines, line_id, priced_amount(unit_price, quantity), absorb=absorb)
    return tuple(replace(row, unit_price=unit_price, quantity=quantity) if row.id == line_id else row for row in result)


def roll_up(lines: Sequence[BudgetLine]) -> tuple[BudgetLine, ...]:
    """Set every row with children to the sum of its children, from the deepest level upwards."""
    children = _children(lines)
    amounts: dict[EntityId, int] = {}
    for line in reversed(_top_down(children)):
        below = children.get(line.id)
        if below:
            amounts[line.id] = sum(amounts.get(row.id, row.amount) for row in below)
    return _with_amounts(lines, amounts, {})


def shown_percents(total: int, lines: Sequence[BudgetLine]) -> dict[EntityId, int]:
    """Return each line's share of its parent, of the budget total for a category, in basis points.

    Siblings add up exactly: to 100.00 % when the parent is fully allocated, else to the allocated share of it.
    """
    children = _children(lines)
    shown: dict[EntityId, int] = {}
    amount_of: dict[EntityId | None, int] = {line.id: line.amount for line in lines}
    amount_of[None] = total
    for parent_id, siblings in children.items():
        whole = amount_of[parent_id]
        amounts = [line.amount for line in siblings]
        if whole <= 0 or min(amounts) < 0:
            shown.update((line.id, 0) for line in siblings)
            continue
        target = (2 * WHOLE * sum(amounts) + whole) // (2 * whole)
        shares = split(target, amounts) if any(amounts) else [0] * len(amounts)
        shown.update((line.id, share) for line, share in zip(siblings, shares, strict=True))
    return shown


def unallocated(total: int, lines: Iterable[BudgetLine]) -> int:
    """Return the fen of the total that no category holds; negative when the categories exceed it."""
    return total - sum(line.amount for line in lines if line.parent_id is None)


def changed_lines(before: Iterable[BudgetLine], after: Iterable[BudgetLine]) -> tuple[BudgetLine, ...]:
    """Return the rows of ``after`` that differ from the row with the same id in ``before``."""
    old = {line.id: line for line in before}
    return tuple(line for line in after if old.get(line.id) is not line and old.get(line.id) != line)


def priced_amount(unit_price: int, quantity: int) -> int:
    """Return unit price × quantity (thousandths) in fen, halves away from zero."""
    return _half_up(unit_price * quantity, QUANTITY_UNIT)


def net_amount(gross: int, rate: int) -> int:
    """Return the net fen of a gross amount at a tax rate in basis points, halves away from zero."""
    if rate < 0:
        raise ValueError("negative tax rate")
    return _half_up(gross * WHOLE, WHOLE + rate)


def tax_amount(gross: int, rate: int) -> int:
    """Return the tax inside a gross amount: gross less net, so that net and tax always add up."""
    return gross - net_amount(gross, rate)


def _half_up(numerator: int, denominator: int) -> int:
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def _refuse_negative(value: int) -> None:
    if value < 0:
        raise InputError(_("An amount in the budget cannot be negative."))


def _children(lines: Sequence[BudgetLine]) -> dict[EntityId | None, list[BudgetLine]]:
    children: dict[EntityId | None, list[BudgetLine]] = {}
    for line in lines:
        children.setdefault(line.parent_id, []).append(line)
    for siblings in children.values():
        siblings.sort(key=_position)
    return children


def _position(line: BudgetLine) -> int:
    return line.position


def _top_down(children: Children) -> list[BudgetLine]:
    ordered = list(children.get(None, ()))
    for line in ordered:
        ordered.extend(children.get(line.id, ()))
    return ordered


def _find(lines: Sequence[BudgetLine], line_id: EntityId) -> BudgetLine:
    for line in lines:
        if line.id == line_id:
            return line
    raise RuleError(_("This budget line no longer exists."))


def _parent_amount(total: int, lines: Sequence[BudgetLine], line: BudgetLine) -> int:
    return total if line.parent_id is None else _find(lines, line.parent_id).amount


def _grow_parents(
    lines: Sequence[BudgetLine], line: BudgetLine, amount: int, children: Children, amounts: dict[EntityId, int]
) -> None:
    amounts[line.id] = amount
    _spread_descendants(line, amount, children, amounts)
    by_id = {row.id: row for row in lines}
    while line.parent_id is not None:
        parent = by_id[line.parent_id]
        if parent.lock is not LineLock.FREE:
            typed = _Typed(line.id, amount=amounts[line.id])
            _spread_level(parent.amount, children[parent.id], children, amounts, typed)
            return
        amounts[parent.id] = sum(amounts.get(row.id, row.amount) for row in children[parent.id])
        line = parent


def _spread_descendants(line: BudgetLine, amount: int, children: Children, amounts: dict[EntityId, int]) -> None:
    below = children.get(line.id)
    if below and sum(amounts.get(row.id, row.amount) for row in below) != amount:
        _spread_level(amount, below, children, amounts, None)


def _spread_level(
    total: int, siblings: Sequence[BudgetLine], children: Children, amounts: dict[EntityId, int], typed: _Typed | None
) -> None:
    """Assign the amounts of one level (facts: keep amount locks, then percent locks, then the rest) and go deeper."""
    level: dict[EntityId, int] = {}
    percents: list[tuple[BudgetLine, int]] = []
    free: list[BudgetLine] = []
    for line in siblings:
        if typed is not None and line.id == typed.line_id:
            if typed.percent is None:
                level[line.id] = typed.amount or 0
            else:
                percents.append((line, typed.percent))
        elif line.lock in _PERCENT_LOCKS:
            percents.append((line, line.percent))
        elif line.lock is LineLock.AMOUNT or _is_rigid(line, children):
            level[line.id] = line.amount
        else:
            free.append(line)
    _assign_percents(total, siblings, percents, level, typed, children)
    rest = total - sum(level.values())
    if rest < 0 or (rest and not free):
        raise _collision(total, siblings, children, typed)
    if free:
        for line, amount in zip(free, split(rest, [line.amount for line in free]), strict=True):
            level[line.id] = amount
    for line in siblings:
        amounts[line.id] = level[line.id]
        _spread_descendants(line, level[line.id], children, amounts)


def _assign_percents(
    total: int,
    siblings: Sequence[BudgetLine],
    percents: Sequence[tuple[BudgetLine, int]],
    level: dict[EntityId, int],
    typed: _Typed | None,
    children: Children,
) -> None:
    if not percents:
        return
    shares = [percent for _line, percent in percents]
    if sum(shares) > WHOLE:
        raise _collision(total, siblings, children, typed)
    for (line, percent), amount in zip(percents, split(total, [*shares, WHOLE - sum(shares)]), strict=False):
        is_typed = typed is not None and typed.line_id == line.id
        if line.lock is LineLock.BOTH and not is_typed:
            # Both stay true while the kept amount still rounds to the locked share.
            if amount != line.amount and (total <= 0 or _half_up(line.amount * WHOLE, total) != percent):
                raise _collision(total, (line,), children, None)
            amount = line.amount
        level[line.id] = amount


def _is_rigid(line: BudgetLine, children: Children) -> bool:
    """Tell whether locks below pin the amount of a line that is free itself."""
    below = children.get(line.id)
    if not below:
        return False
    if all(row.lock is LineLock.PERCENT for row in below) and sum(row.percent for row in below) == WHOLE:
        return any(_is_rigid(row, children) for row in below)
    return all(row.lock is not LineLock.FREE or _is_rigid(row, children) for row in below)


def _collision(total: int, siblings: Sequence[BudgetLine], children: Children, typed: _Typed | None) -> RuleError:
    if typed is not None and typed.amount is not None and typed.amount > total:
        return RuleError(
            _("The amount is larger than the {total} there is to allocate.").format(total=format_fen(total)),
            _("Raise the total first, or choose a smaller amount."),
        )
    names = [
        name for line in siblings if typed is None or line.id != typed.line_id for name in _lock_names(line, children)
    ]
    if not names:
        return RuleError(
            _("Nothing is left to balance the change."),
            _("Add another line or change the total."),
        )
    return RuleError(
        _("The locks leave no room for this amount."),
        _("Unlock one of these lines or choose another amount."),
        names,
    )


def _lock_names(line: BudgetLine, children: Children) -> list[str]:
    if line.lock is not LineLock.FREE:
        return [line.name]
    return [name for row in children.get(line.id, ()) for name in _lock_names(row, children)]


def _with_amounts(
    lines: Sequence[BudgetLine], amounts: Mapping[EntityId, int], percents: Mapping[EntityId, int]
) -> tuple[BudgetLine, ...]:
    result: list[BudgetLine] = []
    for line in lines:
        amount = amounts.get(line.id, line.amount)
        percent = percents.get(line.id, line.percent)
        result.append(line if amount == line.amount and percent == line.percent else _copy(line, amount, percent))
    return tuple(result)


def _copy(line: BudgetLine, amount: int, percent: int) -> BudgetLine:
    """Return the line with other figures; several times faster than ``dataclasses.replace`` on thousands of lines.

    The unit price follows the amount where it can do so exactly, else it is dropped: price times quantity never
    contradicts the amount.
    """
    unit_price = line.unit_price
    if unit_price and amount != line.amount:
        unit_price = _half_up(amount * QUANTITY_UNIT, line.quantity) if line.quantity > 0 else 0
        if priced_amount(unit_price, line.quantity) != amount:
            unit_price = 0
    return BudgetLine(
        line.id,
        line.project_id,
        line.parent_id,
        line.position,
        line.name,
        amount,
        line.lock,
        percent,
        line.quantity,
        line.unit,
        unit_price,
        line.tax_rate,
        line.supplier,
        line.basis,
        line.colour,
        line.is_reserve,
        line.task_id,
        line.notes,
        line.supplier_id,
        line.pool_id,
    )
