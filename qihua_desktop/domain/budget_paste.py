"""Rows of a budget pasted from a spreadsheet: name, amount or percent, supplier, basis, or as their heading says.

Totals (合计, 小计) are never taken over as rows; a heading with 万元 scales its column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import _

from .errors import InputError
from .parsing import names_its_unit, parse_money, parse_number, parse_percent, refuse_date

MAX_ROWS: Final = 2_000
LEVEL_INDENT: Final = "  "
"""What a copied name is set in by, per level; pasting reads it back."""

_TOTALS: Final = re.compile(r"^(合\s*计|小\s*计|总\s*计|总\s*额|(sub)?-?total|sum)\s*[:\uff1a]?$", re.IGNORECASE)
_TEN_THOUSAND: Final = 10_000


class PasteColumn(StrEnum):
    """What a pasted column can be."""

    NAME = "name"
    AMOUNT = "amount"
    PERCENT = "percent"
    SUPPLIER = "supplier"
    BASIS = "basis"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    TAX_RATE = "tax_rate"


# Looked for in this order in a heading; the first that occurs wins.
_HEADINGS: Final[tuple[tuple[PasteColumn, tuple[str, ...]], ...]] = (
    (PasteColumn.UNIT_PRICE, ("单价", "unit price")),
    (PasteColumn.TAX_RATE, ("税率", "tax rate")),
    (PasteColumn.PERCENT, ("占比", "比例", "share", "percent", "%")),
    (PasteColumn.QUANTITY, ("数量", "quantity", "qty")),
    (PasteColumn.SUPPLIER, ("供应商", "supplier", "vendor")),
    (PasteColumn.BASIS, ("依据", "说明", "备注", "basis", "note")),
    (PasteColumn.AMOUNT, ("预算", "金额", "amount", "budget")),
    (PasteColumn.UNIT, ("单位", "unit")),
    (PasteColumn.NAME, ("科目", "名称", "项目", "明细", "category", "name", "item")),
)
_PLAIN_ORDER: Final = (PasteColumn.NAME, PasteColumn.AMOUNT, PasteColumn.SUPPLIER, PasteColumn.BASIS)


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A row to add. ``amount`` in fen or ``percent`` in basis points, both None for 0.00; ``level`` from 0."""

    name: str
    level: int = 0
    amount: int | None = None
    percent: int | None = None
    supplier: str = ""
    basis: str = ""
    quantity: int = 0
    unit: str = ""
    unit_price: int = 0
    tax_rate: int = 0


def read_pasted(rows: Sequence[Sequence[str]]) -> tuple[PastedLine, ...]:
    """Read the clipboard's cells. Raises InputError naming the row and cell that cannot be read."""
    if len(rows) > MAX_ROWS:
        raise InputError(_("At most {count} rows can be pasted at once.").format(count=MAX_ROWS))
    columns, scale = _heading(rows[0]) if rows else ({}, 1)
    body = rows[1:] if columns else rows
    columns = columns or dict(enumerate(_PLAIN_ORDER))
    found: list[PastedLine] = []
    for number, row in enumerate(body, start=len(rows) - len(body) + 1):
        line = _line(row, columns, scale, number)
        if line is not None:
            found.append(line)
    if not found:
        raise InputError(
            _("The clipboard holds no budget rows."), _("Copy columns like: name, amount or percent, supplier, basis.")
        )
    return _levelled(found)


def _heading(row: Sequence[str]) -> tuple[dict[int, PasteColumn], int]:
    """Return the columns a heading names, nothing when the row is no heading, and the unit of its amounts."""
    columns: dict[int, PasteColumn] = {}
    scale = 1
    for at, cell in enumerate(row):
        words = unicodedata.normalize("NFKC", cell).strip().lower()
        if not words or len(words) > 24:
            continue
        for column, names in _HEADINGS:
            if any(name in words for name in names) and column not in columns.values():
                columns[at] = column
                if column is PasteColumn.AMOUNT and "万" in words:
                    scale = _TEN_THOUSAND
                break
    is_heading = PasteColumn.NAME in columns.values() and len(columns) > 1 and not any(_is_figure(cell) for cell in row)
    return (columns, scale) if is_heading else ({}, 1)


def _line(row: Sequence[str], columns: dict[int, PasteColumn], scale: int, number: int) -> PastedLine | None:
    cells = {column: row[at] for at, column in columns.items() if at < len(row)}
    raw = cells.get(PasteColumn.NAME, "").rstrip()
    name = raw.strip()
    if not any(cell.strip() for cell in row) or _TOTALS.match(name):
        return None
    if not name:
        raise InputError(_("Row {number} has no name.").format(number=number))
    indent = len(raw) - len(raw.lstrip(" \u3000"))
    level = (raw[:indent].count("\u3000") * 2 + raw[:indent].count(" ")) // len(LEVEL_INDENT)
    amount, percent = _share(cells, scale, number)
    return PastedLine(
        name,
        level,
        amount,
        percent,
        cells.get(PasteColumn.SUPPLIER, "").strip(),
        cells.get(PasteColumn.BASIS, "").strip(),
        _figure(cells.get(PasteColumn.QUANTITY, ""), number, lambda text: int(parse_number(text) * 1000)),
        cells.get(PasteColumn.UNIT, "").strip(),
        _figure(cells.get(PasteColumn.UNIT_PRICE, ""), number, parse_money),
        _figure(cells.get(PasteColumn.TAX_RATE, ""), number, parse_percent),
    )


def _share(cells: dict[PasteColumn, str], scale: int, number: int) -> tuple[int | None, int | None]:
    amount = cells.get(PasteColumn.AMOUNT, "").strip()
    percent = cells.get(PasteColumn.PERCENT, "").strip()
    if amount and amount not in "-—":
        if unicodedata.normalize("NFKC", amount).endswith(("%", "成")):
            return None, _figure(amount, number, parse_percent)
        return _figure(amount, number, parse_money) * (1 if names_its_unit(amount) else scale), None
    if percent and percent not in "-—":
        return None, _figure(percent, number, parse_percent)
    return None, None


def _figure(text: str, number: int, read: Callable[[str], int]) -> int:
    if not text.strip() or text.strip() in "-—":
        return 0
    try:
        refuse_date(text)
        value = read(text)
    except InputError as error:
        raise InputError(
            _("Row {number}: {problem}").format(number=number, problem=error.message), error.advice
        ) from error
    if value < 0:
        raise InputError(
            _("Row {number}: {problem}").format(number=number, problem=_("An amount in the budget cannot be negative."))
        )
    return value


def _is_figure(cell: str) -> bool:
    try:
        parse_number(cell.strip().rstrip("%％"))
    except InputError:
        return False
    return bool(cell.strip())


def _levelled(lines: list[PastedLine]) -> tuple[PastedLine, ...]:
    """Let levels begin at 0 and never go down by more than one."""
    base = min(line.level for line in lines)
    result: list[PastedLine] = []
    before = -1
    for line in lines:
        before = min(line.level - base, before + 1)
        result.append(replace(line, level=before))
    return tuple(result)
