"""Rows of reused material pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from db import tables
from qihua_desktop.domain.allocation import QUANTITY_UNIT
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.list_paste import ListColumn, ListRow, read_list
from qihua_desktop.domain.parsing import parse_money, parse_number
from qihua_desktop.domain.procurement import StockItem
from qihua_desktop.i18n import _, ngettext

from .session import Session
from .stock import checked_item, require_uses_fit
from .supplier_list import PasteReport, pasted_row_error
from .suppliers import name_key

_COLUMNS: Final = (
    ListColumn("name", ("name", "item", "material", "名称", "物料", "物料名称", "物品", "品名")),
    ListColumn("spec", ("specification", "spec", "规格", "规格型号", "型号")),
    ListColumn("unit", ("unit", "单位")),
    ListColumn("quantity", ("quantity", "qty", "in store", "数量", "库存", "库存数量", "总数")),
    ListColumn("internal_price", ("internal price", "price", "内部价", "内部单价", "单价", "内部价(元)")),
    ListColumn("location", ("place", "location", "存放处", "存放地点", "位置", "库位")),
    ListColumn("notes", ("notes", "note", "备注", "说明")),
)


def paste_items(session: Session, rows: Sequence[Sequence[str]]) -> PasteReport:
    """Add pasted items; those that are there, by name and specification, get what the row fills in.

    One undo step. Raises InputError naming the row that cannot be read, RuleError for a quantity below what is
    promised; nothing is stored then.
    """
    known = {_key(item.name, item.spec): item for item in tables.stock_items.all(session.workspace)}
    made: dict[EntityId, StockItem] = {}
    changed: dict[EntityId, StockItem] = {}
    same: set[EntityId] = set()
    first: EntityId | None = None
    for row in read_list(rows, _COLUMNS):
        values = _values(row)
        old = known.get(_key(values["name"], values.get("spec", "")))
        if old is None:
            empty = StockItem(new_id(), "", "", "", 0, 0, "", None, "", True, session.workspace.now_ms())
            new = made[empty.id] = _checked(row, replace(empty, **values))
        else:
            new = _checked(row, replace(old, **{key: value for key, value in values.items() if value != ""}))
            target = made if old.id in made else changed
            if new != old:
                target[old.id] = new
            elif old.id not in made and old.id not in changed:
                same.add(old.id)
        known[_key(new.name, new.spec)] = new
        first = first or new.id
    for one in changed.values():
        require_uses_fit(session, one)
    if made or changed:
        count = len(made) + len(changed)
        label = ngettext("Paste {count} stock item", "Paste {count} stock items", count).format(count=count)
        with session.edit(label) as edit:
            tables.stock_items.insert_many(edit, tuple(made.values()))
            for one in changed.values():
                tables.stock_items.replace(edit, one)
    return PasteReport(len(made), len(changed), len(same - set(changed)), first)


def read_quantity(text: str) -> int:
    """Read a quantity and return thousandths of a unit. Raises InputError beyond three decimals."""
    value = parse_number(text) * QUANTITY_UNIT
    whole = value.quantize(Decimal(1), ROUND_HALF_UP)
    if whole != value:
        raise InputError(_("A quantity has at most three decimals."))
    return int(whole)


def _key(name: str, spec: str) -> tuple[str, str]:
    return name_key(name), name_key(spec)


def _values(row: ListRow) -> dict[str, Any]:
    found: dict[str, Any] = dict(row.cells)
    try:
        for key, read in (("quantity", read_quantity), ("internal_price", parse_money)):
            cell = row.cells.get(key, "")
            if cell:
                found[key] = read(cell)
            else:
                found.pop(key, None)
    except InputError as error:
        raise pasted_row_error(row, error) from error
    return found


def _checked(row: ListRow, item: StockItem) -> StockItem:
    try:
        return checked_item(item)
    except InputError as error:
        raise pasted_row_error(row, error) from error
