"""Material kept for reuse (复用库存): what there is, who has it when, and what a project is charged for it.

Quantities are thousandths of a unit. A use without days takes its quantity for all time until it is back in store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from db import tables
from qihua_desktop.domain.allocation import priced_amount
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.formatting import MISSING, date_text
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.procurement import StockItem, StockUse, StockUseState, stock_use_label
from qihua_desktop.domain.stock_rules import free_on, free_within, overlaps, quantity_text
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .quotes import require_active, require_money
from .session import Session

_ITEM_FIELDS: Final = frozenset(field.name for field in fields(StockItem)) - {"id", "created_ms"}
_USE_FIELDS: Final = frozenset({"quantity", "unit_price", "from_on", "until_on", "notes", "line_id"})
_MOST: Final = 10**12


@dataclass(frozen=True, slots=True)
class StockDraft:
    """What is typed for a new item; ``internal_price`` in fen per unit and use, 0 charges nothing."""

    name: str
    quantity: int
    spec: str = ""
    unit: str = ""
    internal_price: int = 0
    location: str = ""
    supplier_id: EntityId | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class StockUseView:
    """A use with where it is; ``cost`` in fen."""

    use: StockUse
    item: StockItem
    project_name: str
    line_name: str
    cost: int


@dataclass(frozen=True, slots=True)
class StockView:
    """An item with what is in store today and who uses it, the next use first."""

    item: StockItem
    free_now: int
    uses: tuple[StockUseView, ...]


@dataclass(frozen=True, slots=True)
class StockConflict:
    """Uses of an item that together need more than there is, by ``missing`` thousandths at worst."""

    item: StockItem
    uses: tuple[StockUseView, ...]
    missing: int


def stock(session: Session, *, active_only: bool = True) -> tuple[StockView, ...]:
    """Return the stock in the order it was added."""
    workspace, today = session.workspace, session.today()
    by_item = _uses_by_item(session)
    items = tables.stock_items.all(workspace, active=True) if active_only else tables.stock_items.all(workspace)
    return tuple(
        StockView(
            item,
            free_on(item.quantity, [view.use for view in by_item.get(item.id, ())], today),
            tuple(sorted(by_item.get(item.id, ()), key=lambda view: (view.use.from_on or date.min, view.use.id))),
        )
        for item in items
    )


def uses_of(session: Session, project_id: EntityId) -> tuple[StockUseView, ...]:
    """Return what a project uses from the stock, in the order it was taken."""
    found = [view for views in _uses_by_item(session, project_id).values() for view in views]
    return tuple(sorted(found, key=lambda view: (view.use.position, view.use.id)))


def free_between(
    session: Session, item_id: EntityId, from_on: date | None, until_on: date | None, use_id: EntityId | None = None
) -> int:
    """Return the least quantity of an item that is free on every day of a span, one use left out."""
    item = tables.stock_items.get(session.workspace, item_id)
    others = [one for one in tables.stock_uses.all(session.workspace, item_id=item_id) if one.id != use_id]
    return free_within(item.quantity, others, from_on, until_on)


def add_item(session: Session, draft: StockDraft) -> StockItem:
    """Add material for reuse. Raises InputError without a name or for impossible figures."""
    values = {field.name: getattr(draft, field.name) for field in fields(StockDraft)}
    made = checked_item(StockItem(id=new_id(), active=True, created_ms=session.workspace.now_ms(), **values))
    with session.edit(_("Add stock item “{item}”").format(item=made.name)) as edit:
        tables.stock_items.insert(edit, made)
    return made


def update_item(session: Session, item_id: EntityId, **values: Any) -> None:
    """Change fields of an item. Raises RuleError for a quantity below what is promised already, naming who has it."""
    if unknown := set(values) - _ITEM_FIELDS:
        raise ValueError(f"not to be set: {sorted(unknown)}")
    old = tables.stock_items.get(session.workspace, item_id)
    new = checked_item(replace(old, **values))
    if new == old:
        return
    if new.quantity < old.quantity:
        require_uses_fit(session, new)
    with session.edit(_("Change stock item “{item}”").format(item=old.name)) as edit:
        tables.stock_items.replace(edit, new)


def remove_item(session: Session, item_id: EntityId) -> None:
    """Delete an item that was never used; any other is no longer offered, and stays readable."""
    item = tables.stock_items.get(session.workspace, item_id)
    uses = tables.stock_uses.all(session.workspace, item_id=item_id)
    out = [one for one in uses if one.state is not StockUseState.RETURNED]
    if out:
        raise RuleError(
            _("“{item}” is in use.").format(item=item.name), _("Take it back first."), _who(session, item, out)
        )
    with session.edit(_("Remove stock item “{item}”").format(item=item.name)) as edit:
        if uses:
            tables.stock_items.update(edit, item_id, active=False)
        else:
            tables.stock_items.delete(edit, item_id)


def take(
    session: Session,
    line_id: EntityId,
    item_id: EntityId,
    quantity: int,
    from_on: date | None,
    until_on: date | None,
    unit_price: int | None = None,
    notes: str = "",
) -> StockUse:
    """Set material aside for a budget line, at its internal price unless another one is given.

    Raises RuleError naming who has it when the days overlap with uses of too much.
    """
    line = tables.budget_lines.get(session.workspace, line_id)
    require_active(session, line.project_id)
    item = tables.stock_items.get(session.workspace, item_id)
    if not item.active:
        raise RuleError(_("“{item}” is no longer offered.").format(item=item.name))
    price = item.internal_price if unit_price is None else unit_price
    made = StockUse(
        new_id(),
        line.project_id,
        line_id,
        item_id,
        tables.stock_uses.count(session.workspace, project_id=line.project_id),
        quantity,
        price,
        from_on,
        until_on,
        StockUseState.RESERVED,
        body(notes),
    )
    _check_use(session, item, made)
    label = _("Take {quantity} “{item}” for “{line}”").format(
        quantity=quantity_text(quantity, item.unit), item=item.name, line=line.name
    )
    with session.edit(label, line.project_id) as edit:
        tables.stock_uses.insert(edit, made)
    return made


def update_use(session: Session, use_id: EntityId, **values: Any) -> None:
    """Change quantity, price, days, line or notes of a use. Raises as ``take``."""
    if unknown := set(values) - _USE_FIELDS:
        raise ValueError(f"not to be set: {sorted(unknown)}")
    if "notes" in values:
        values["notes"] = body(values["notes"])
    old = tables.stock_uses.get(session.workspace, use_id)
    new = replace(old, **values)
    if new == old:
        return
    item = tables.stock_items.get(session.workspace, old.item_id)
    if "line_id" in values:
        line = tables.budget_lines.find(session.workspace, values["line_id"])
        if line is None or line.project_id != old.project_id:
            raise RuleError(_("This budget line no longer exists."))
    _check_use(session, item, new)
    with session.edit(_("Change use of “{item}”").format(item=item.name), old.project_id) as edit:
        tables.stock_uses.replace(edit, new)


def set_use_state(session: Session, use_id: EntityId, state: StockUseState) -> None:
    """Hand material out, take it back, or set it aside again. Raises RuleError when others have it meanwhile."""
    use = tables.stock_uses.get(session.workspace, use_id)
    if use.state is state:
        return
    item = tables.stock_items.get(session.workspace, use.item_id)
    if use.state is StockUseState.RETURNED:
        _check_use(session, item, replace(use, state=state))
    label = _("“{item}”: {state}").format(item=item.name, state=stock_use_label(state))
    with session.edit(label, use.project_id) as edit:
        tables.stock_uses.update(edit, use_id, state=state)


def delete_use(session: Session, use_id: EntityId) -> None:
    """Delete a use. Raises RuleError while the material is handed out."""
    use = tables.stock_uses.get(session.workspace, use_id)
    item = tables.stock_items.get(session.workspace, use.item_id)
    if use.state is StockUseState.OUT:
        raise RuleError(_("“{item}” is handed out.").format(item=item.name), _("Take it back first."))
    with session.edit(_("Delete use of “{item}”").format(item=item.name), use.project_id) as edit:
        tables.stock_uses.delete(edit, use_id)


def conflicts(session: Session) -> tuple[StockConflict, ...]:
    """Return the items of which more is promised than there is, as after a merge of two laptops."""
    found: list[StockConflict] = []
    for view in stock(session, active_only=False):
        uses = [one for one in view.uses if one.use.state is not StockUseState.RETURNED]
        free = {
            one.use.id: free_within(view.item.quantity, [two.use for two in uses], one.use.from_on, one.use.until_on)
            for one in uses
        }
        short = tuple(one for one in uses if free[one.use.id] < 0)
        if short:
            found.append(StockConflict(view.item, short, -min(free.values())))
    return tuple(found)


def _uses_by_item(session: Session, project_id: EntityId | None = None) -> dict[EntityId, list[StockUseView]]:
    workspace = session.workspace
    uses = (
        tables.stock_uses.all(workspace)
        if project_id is None
        else tables.stock_uses.all(workspace, project_id=project_id)
    )
    if not uses:
        return {}
    if project_id is None:
        lines = tables.budget_lines.all(workspace)
    else:
        lines = tables.budget_lines.all(workspace, project_id=project_id)
    items = {one.id: one for one in tables.stock_items.all(workspace)}
    projects = {one.id: one.name for one in tables.projects.all(workspace)}
    names = {one.id: one.name for one in lines}
    found: dict[EntityId, list[StockUseView]] = {}
    for use in uses:
        found.setdefault(use.item_id, []).append(_view(use, items[use.item_id], projects, names))
    return found


def _view(
    use: StockUse, item: StockItem, projects: Mapping[EntityId, str], lines: Mapping[EntityId, str]
) -> StockUseView:
    line = lines.get(use.line_id, "") if use.line_id is not None else ""
    return StockUseView(use, item, projects.get(use.project_id, ""), line, priced_amount(use.unit_price, use.quantity))


def require_uses_fit(session: Session, item: StockItem) -> None:
    """Raise RuleError, naming who has it, when an item's quantity is less than what is promised already."""
    uses = tables.stock_uses.all(session.workspace, item_id=item.id)
    for use in uses:
        _require_free(session, item, use, [one for one in uses if one.id != use.id], named=(use,))


def checked_item(item: StockItem) -> StockItem:
    """Return an item with its texts cleaned. Raises InputError without a name or for impossible figures."""
    require_money(item.internal_price)
    if not 0 <= item.quantity < _MOST:
        raise InputError(_("The quantity in store must lie between 0 and 999,999,999."))
    return replace(
        item,
        name=required_text(item.name, _("name")),
        spec=text(item.spec),
        unit=text(item.unit),
        location=text(item.location),
        notes=body(item.notes),
    )


def _check_use(session: Session, item: StockItem, use: StockUse) -> None:
    require_money(use.unit_price)
    if not 0 < use.quantity < _MOST:
        raise InputError(_("The quantity must be more than 0."))
    require_money(priced_amount(use.unit_price, use.quantity))
    if use.from_on and use.until_on and use.until_on < use.from_on:
        raise InputError(_("The last day lies before the first one."))
    others = [one for one in tables.stock_uses.all(session.workspace, item_id=item.id) if one.id != use.id]
    _require_free(session, item, use, others)


def _require_free(
    session: Session, item: StockItem, use: StockUse, others: Sequence[StockUse], named: Iterable[StockUse] = ()
) -> None:
    if use.state is StockUseState.RETURNED:
        return
    free = free_within(item.quantity, others, use.from_on, use.until_on)
    if use.quantity <= free:
        return
    having = [*named, *(one for one in others if overlaps(one, use.from_on, use.until_on))]
    raise RuleError(
        _("Only {free} of “{item}” is free on these days.").format(
            free=quantity_text(max(0, free), item.unit), item=item.name
        ),
        _("Take less, or choose other days."),
        _who(session, item, having),
    )


def _who(session: Session, item: StockItem, uses: Iterable[StockUse]) -> list[str]:
    projects = {one.id: one.name for one in tables.projects.all(session.workspace)}
    return [
        _("{project}: {quantity}, {first} – {last}").format(
            project=projects.get(one.project_id, MISSING),
            quantity=quantity_text(one.quantity, item.unit),
            first=date_text(one.from_on),
            last=date_text(one.until_on),
        )
        for one in uses
    ]
