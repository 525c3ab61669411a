"""Budgets as other people's tables: find the heading, the levels and the unit, read the rows, check their totals.

Understood are names set in by spaces or the cell's indent, outline numbers (``1.2``, ``一、``, ``（一）``) and a column
per level (一级科目, 二级科目 …). Rows that say 合计 or 小计 are never taken over; they are compared with the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import N_, _

from .allocation import priced_amount
from .budget_paste import PastedLine
from .budget_table_sums import settled, sum_of
from .errors import InputError
from .formatting import money_text
from .parsing import MAX_FEN, names_its_unit, parse_number, parse_percent, refuse_date

MOST_ROWS: Final = 20_000
DEEPEST: Final = 4
_HEADING_ROWS: Final = 30
_TEN_THOUSAND: Final = 10_000
_WHOLE: Final = 10_000


class TableColumn(StrEnum):
    """What a column of a budget table can be; the values are the names in a mapping."""

    LEVEL_1 = "level1"
    LEVEL_2 = "level2"
    LEVEL_3 = "level3"
    LEVEL_4 = "level4"
    NUMBER = "number"
    NAME = "name"
    AMOUNT = "amount"
    NET = "net"
    PERCENT = "percent"
    QUANTITY = "quantity"
    UNIT = "unit"
    UNIT_PRICE = "unit_price"
    TAX_RATE = "tax_rate"
    SUPPLIER = "supplier"
    BASIS = "basis"
    NOTES = "notes"


LEVELS: Final = (TableColumn.LEVEL_1, TableColumn.LEVEL_2, TableColumn.LEVEL_3, TableColumn.LEVEL_4)
_LABELS: Final = {
    TableColumn.LEVEL_1: N_("Category, level 1"),
    TableColumn.LEVEL_2: N_("Category, level 2"),
    TableColumn.LEVEL_3: N_("Category, level 3"),
    TableColumn.LEVEL_4: N_("Category, level 4"),
    TableColumn.NUMBER: N_("Outline number"),
    TableColumn.NAME: N_("Name"),
    TableColumn.AMOUNT: N_("Amount with tax"),
    TableColumn.NET: N_("Amount without tax"),
    TableColumn.PERCENT: N_("Share"),
    TableColumn.QUANTITY: N_("Quantity"),
    TableColumn.UNIT: N_("Unit"),
    TableColumn.UNIT_PRICE: N_("Unit price"),
    TableColumn.TAX_RATE: N_("Tax rate"),
    TableColumn.SUPPLIER: N_("Supplier"),
    TableColumn.BASIS: N_("Basis"),
    TableColumn.NOTES: N_("Notes"),
}

# Tried in this order on a heading; the first column with a word in it wins.
_HEADINGS: Final[tuple[tuple[TableColumn, tuple[str, ...]], ...]] = (
    (TableColumn.LEVEL_1, ("一级", "大类", "level 1", "level1")),
    (TableColumn.LEVEL_2, ("二级", "小类", "子类", "level 2", "level2")),
    (TableColumn.LEVEL_3, ("三级", "level 3", "level3")),
    (TableColumn.LEVEL_4, ("四级", "level 4", "level4")),
    (TableColumn.NUMBER, ("编号", "序号", "no.", "number", "wbs")),
    (TableColumn.UNIT_PRICE, ("单价", "unit price", "price")),
    (TableColumn.TAX_RATE, ("税率", "tax rate")),
    (TableColumn.NET, ("不含税", "未税", "excl", "net")),
    (TableColumn.PERCENT, ("占比", "比例", "比重", "share", "percent", "%")),
    (TableColumn.QUANTITY, ("数量", "人数", "quantity", "qty")),
    (TableColumn.SUPPLIER, ("供应商", "供货", "supplier", "vendor")),
    (TableColumn.BASIS, ("依据", "测算", "计算", "basis")),
    (TableColumn.NOTES, ("备注", "说明", "note", "remark")),
    (TableColumn.AMOUNT, ("预算", "金额", "费用(", "小计", "合计", "总价", "amount", "budget", "total", "cost")),
    (TableColumn.UNIT, ("单位", "unit")),
    (TableColumn.NAME, ("科目", "名称", "项目", "明细", "事项", "内容", "类别", "费用", "category", "name", "item")),
)
_FIGURES: Final = frozenset((TableColumn.AMOUNT, TableColumn.NET, TableColumn.PERCENT, TableColumn.UNIT_PRICE))
_TOTAL: Final = re.compile(
    r"^(合\s*计|总\s*计|总\s*额|总\s*预\s*算|预\s*算\s*合\s*计|预\s*算\s*总\s*额|未\s*分\s*配"
    r"|grand total|budget total|total|sum|unallocated)\s*([(:]|$)",
    re.IGNORECASE,
)
_SUBTOTAL: Final = re.compile(r"(小\s*计|sub-?total)\s*[:)]?$", re.IGNORECASE)
_DIGITS: Final = re.compile(r"^\d+(?:[.．]\d+)*[.、．]?$")
_HANZI: Final = re.compile(r"^[一二三四五六七八九十]+[、.．]?$")
_BRACKETED: Final = re.compile(r"^[(][一二三四五六七八九十]+[)]$")
_ACCOUNTING_NEGATIVE: Final = re.compile(r"\(\s*[¥￥$]?\s*[\d,]+(\.\d+)?\s*元?\s*\)")
_CURRENCY: Final = re.compile(r"人民币|RMB|CNY|[¥￥]|元整?", re.IGNORECASE)
_LEADING: Final = re.compile(
    r"^(\d+(?:\.\d+)+|\d+(?=[.、])|[一二三四五六七八九十]+(?=、)|[(][一二三四五六七八九十]+[)])[.、]?\s*(?=\S)"
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file: its number as the user sees it, its cells as text, and the indent of each cell."""

    number: int
    cells: tuple[str, ...]
    indents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be read."""

    number: int
    message: str


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """What was found in a table.

    Attributes:
        heading: the heading's cells as they stand, empty when there is none.
        columns: what each column was taken for.
        scale: 10,000 where amounts are in 万元, else 1.
        lines: the rows to add, categories first level 0.
        problems: rows that could not be read.
        notes: sentences on what was compared, added or not taken over.
        total: the file's own total in fen, None where it has none.
    """

    heading: tuple[str, ...]
    columns: Mapping[int, TableColumn]
    scale: int
    lines: tuple[PastedLine, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[str, ...]
    total: int | None

    @property
    def amount(self) -> int:
        """The sum of all rows in fen; a category without an amount of its own is the sum of the rows below it."""
        return sum_of(self.lines)


def column_label(column: TableColumn) -> str:
    """Return the column's name in the user's language."""
    return _(_LABELS[column])


def read_table(rows: Sequence[TableRow], mapping: Mapping[int, TableColumn] | None = None) -> BudgetTable:
    """Read the rows of a sheet. ``mapping`` says what columns are, from 0, instead of the heading's words.

    Raises InputError when there are too many rows, no usable columns or no rows of a budget.
    """
    if len(rows) > MOST_ROWS:
        raise InputError(_("The table has more than {count} rows.").format(count=MOST_ROWS))
    at, found = _heading(rows)
    columns = dict(mapping) if mapping else found
    if not _usable(columns):
        raise InputError(
            _("No columns of a budget were recognised."),
            _("The heading must name at least the category and the amount, or say which column is which."),
        )
    if mapping and at < 0:
        at = _before_figures(rows, columns)
    heading = rows[at].cells if at >= 0 else ()
    scale = _scale(rows[: at + 1], columns)
    reader = _Reader(columns, scale, has_hanzi=_uses_hanzi(rows[at + 1 :], columns))
    for row in rows[at + 1 :]:
        reader.read(row)
    if not reader.lines and not reader.problems:
        raise InputError(_("The table holds no budget rows."))
    lines, notes = settled(reader.lines, reader.subtotals)
    if reader.total is not None and lines:
        found_total = sum_of(lines)
        if found_total != reader.total:
            notes.append(
                _("The file's total is {told}, its rows add up to {found}.").format(
                    told=money_text(reader.total), found=money_text(found_total)
                )
            )
    return BudgetTable(heading, columns, scale, lines, tuple(reader.problems), tuple(notes), reader.total)


def _heading(rows: Sequence[TableRow]) -> tuple[int, dict[int, TableColumn]]:
    best: tuple[int, int, dict[int, TableColumn]] = (0, -1, {})
    for at, row in enumerate(rows[:_HEADING_ROWS]):
        columns = _named(row.cells)
        if _usable(columns) and len(columns) > best[0]:
            best = (len(columns), at, columns)
    return best[1], best[2]


def _before_figures(rows: Sequence[TableRow], columns: Mapping[int, TableColumn]) -> int:
    """Return the last row before the first with a figure in a mapped column, −1 when that is the first row."""
    places = [at for at, one in columns.items() if one in _FIGURES]
    for number, row in enumerate(rows[:_HEADING_ROWS]):
        if any(at < len(row.cells) and _is_figure(_normal(row.cells[at]).rstrip("%")) for at in places):
            return number - 1
    return -1


def _named(cells: Sequence[str]) -> dict[int, TableColumn]:
    columns: dict[int, TableColumn] = {}
    for at, cell in enumerate(cells):
        words = _normal(cell).lower()
        if not words or len(words) > 30 or _is_figure(words):
            continue
        for column, names in _HEADINGS:
            if any(name in words for name in names):
                if column not in columns.values():
                    columns[at] = column
                elif column is TableColumn.AMOUNT and "含税" in words and "不含税" not in words:
                    columns = {place: one for place, one in columns.items() if one is not column} | {at: column}
                break
    return columns


def _usable(columns: Mapping[int, TableColumn]) -> bool:
    kinds = set(columns.values())
    return bool(kinds & {TableColumn.NAME, *LEVELS}) and bool(kinds & _FIGURES)


def _scale(rows: Sequence[TableRow], columns: Mapping[int, TableColumn]) -> int:
    if rows:
        heading = rows[-1].cells
        amounts = [_normal(heading[at]) for at, one in columns.items() if one in _FIGURES and at < len(heading)]
        if any("万" in words for words in amounts):
            return _TEN_THOUSAND
        if any(words.endswith(("元)", "(元", "元")) for words in amounts):
            return 1
    for row in rows:
        if any(re.search(r"单位[:\s]*(人民币)?万元", _normal(cell)) for cell in row.cells):
            return _TEN_THOUSAND
    return 1


def _uses_hanzi(rows: Sequence[TableRow], columns: Mapping[int, TableColumn]) -> bool:
    places = [at for at, one in columns.items() if one in (TableColumn.NUMBER, TableColumn.NAME)]
    return any(
        at < len(row.cells)
        and (_HANZI.match(_normal(row.cells[at])) or re.match(r"^[一二三四五六七八九十]+、", _normal(row.cells[at])))
        for row in rows
        for at in places
    )


class _Reader:
    """Takes rows one by one and keeps what they come to."""

    def __init__(self, columns: Mapping[int, TableColumn], scale: int, *, has_hanzi: bool) -> None:
        self._columns = columns
        self._scale = scale
        self._has_hanzi = has_hanzi
        self._by_level = [at for level in LEVELS for at, one in columns.items() if one is level]
        self._trail: list[str] = []
        self.lines: list[PastedLine] = []
        self.problems: list[RowProblem] = []
        self.subtotals: list[tuple[int, int]] = []
        self.total: int | None = None

    def read(self, row: TableRow) -> None:
        """Take over one row, or say why not."""
        try:
            self._read(row)
        except InputError as error:
            self.problems.append(RowProblem(row.number, error.message))

    def _read(self, row: TableRow) -> None:
        cells = {one: row.cells[at] for at, one in self._columns.items() if at < len(row.cells)}
        if not any(cell.strip() for cell in cells.values()):
            return
        if self._is_sum(row, cells):
            return
        placed = self._placed(row, cells)
        if placed is None:
            if any(cells.get(one, "").strip() for one in _FIGURES):
                raise InputError(_("This row has a figure but no name."))
            return
        name, level = placed
        if level >= DEEPEST:
            raise InputError(_("A budget has at most {count} levels.").format(count=DEEPEST))
        self.lines.append(self._line(name, level, cells))

    def _is_sum(self, row: TableRow, cells: Mapping[TableColumn, str]) -> bool:
        words = [_normal(cell) for cell in row.cells if cell.strip()]
        if not words:
            return False
        places = [_normal(cells.get(one, "")) for one in (*LEVELS, TableColumn.NUMBER, TableColumn.NAME)]
        if any(_SUBTOTAL.search(one) for one in places if one):
            amount = _optional_money(cells.get(TableColumn.AMOUNT, ""), self._scale)
            if amount is not None and self.lines:
                self.subtotals.append((len(self.lines) - 1, amount))
            return True
        if any(_TOTAL.match(one) for one in (*places, words[0]) if one):
            if self.total is None:
                self.total = _optional_money(cells.get(TableColumn.AMOUNT, ""), self._scale)
            return True
        return False

    def _placed(self, row: TableRow, cells: Mapping[TableColumn, str]) -> tuple[str, int] | None:
        """Return a row's name and level; categories that a row of level columns opens on the way are added."""
        if self._by_level:
            return self._placed_by_columns(row, cells)
        at = next(place for place, one in self._columns.items() if one is TableColumn.NAME)
        raw = row.cells[at].rstrip() if at < len(row.cells) else ""
        if not raw.strip():
            return None
        spaces = raw[: len(raw) - len(raw.lstrip(" \u3000\t"))]
        indent = (spaces.count("\u3000") * 2 + spaces.count(" ") + spaces.count("\t") * 2 + 1) // 2
        indent += row.indents[at] if at < len(row.indents) else 0
        number = _normal(cells.get(TableColumn.NUMBER, ""))
        name = raw.strip()
        leading = _LEADING.match(unicodedata.normalize("NFKC", name))
        if not number and leading:
            number = leading[1]
            name = unicodedata.normalize("NFKC", name)[leading.end() :].strip()
        return name, max(indent, _numbered_level(number, has_hanzi=self._has_hanzi))

    def _placed_by_columns(self, row: TableRow, cells: Mapping[TableColumn, str]) -> tuple[str, int] | None:
        texts = [row.cells[at].strip() if at < len(row.cells) else "" for at in self._by_level]
        name = cells.get(TableColumn.NAME, "").strip()
        if name:
            texts.append(name)
        deepest = max((at for at, one in enumerate(texts) if one), default=-1)
        if deepest < 0:
            return None
        for level, text in enumerate(texts[:deepest]):
            is_open = level < len(self._trail)
            if not text and not is_open:
                raise InputError(_("This row has no category above it."))
            if text and not (is_open and self._trail[level] == text):
                del self._trail[level:]
                self._trail.append(text)
                self.lines.append(PastedLine(text, level))
        del self._trail[deepest:]
        self._trail.append(texts[deepest])
        return texts[deepest], deepest

    def _line(self, name: str, level: int, cells: Mapping[TableColumn, str]) -> PastedLine:
        amount = _optional_money(cells.get(TableColumn.AMOUNT, ""), self._scale)
        rate = _rate(cells.get(TableColumn.TAX_RATE, ""))
        quantity = _figure(cells.get(TableColumn.QUANTITY, ""), lambda text: int(parse_number(text) * 1000))
        price = _optional_money(cells.get(TableColumn.UNIT_PRICE, ""), self._scale) or 0
        percent = None
        if amount is None and (net := _optional_money(cells.get(TableColumn.NET, ""), self._scale)) is not None:
            amount = net + (2 * net * rate + _WHOLE) // (2 * _WHOLE)
        if amount is None and price and quantity:
            amount = priced_amount(price, quantity)
        share = cells.get(TableColumn.PERCENT, "").strip()
        if amount is None and share and share not in "-—":
            percent = _figure(share, parse_percent)
        notes = " ".join(part for part in (cells.get(TableColumn.BASIS, "").strip(),) if part)
        return PastedLine(
            name,
            level,
            amount,
            percent,
            cells.get(TableColumn.SUPPLIER, "").strip(),
            notes or cells.get(TableColumn.NOTES, "").strip(),
            quantity,
            cells.get(TableColumn.UNIT, "").strip(),
            price,
            rate,
        )


def _numbered_level(number: str, *, has_hanzi: bool) -> int:
    if _DIGITS.match(number):
        dots = number.replace("．", ".").rstrip(".、．").count(".")
        return dots + (1 if has_hanzi else 0)
    return 1 if _BRACKETED.match(number) else 0


def _normal(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _is_figure(words: str) -> bool:
    try:
        parse_number(words.rstrip("%"))
    except InputError:
        return False
    return True


def _optional_money(text: str, scale: int) -> int | None:
    """Return fen, rounded half up as spreadsheets show them, or None for an empty cell. Raises InputError."""
    cleaned = text.strip()
    if not cleaned or cleaned in "-—/":
        return None
    refuse_date(cleaned)
    plain = _normal(cleaned)
    if names_its_unit(plain):
        scale = 1
    value = parse_number(_CURRENCY.sub("", cleaned)) * 100 * scale
    if value < 0 or _ACCOUNTING_NEGATIVE.fullmatch(plain):
        raise InputError(_("An amount in the budget cannot be negative."))
    if value >= MAX_FEN:
        raise InputError(_("The amount is too large."), _("Check the unit: amounts are in yuan, 600k is 600,000."))
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _rate(text: str) -> int:
    """Return a tax rate in basis points; workbooks may hold 0.06 for 6 %."""
    cleaned = text.strip()
    if not cleaned or cleaned in "-—/" or cleaned in ("免税", "不征税"):
        return 0
    value = _figure(cleaned, parse_percent)
    if "%" not in unicodedata.normalize("NFKC", cleaned) and 0 < value < 100:
        value *= 100
    return value


def _figure(text: str, read: Callable[[str], int]) -> int:
    cleaned = text.strip()
    if not cleaned or cleaned in "-—/":
        return 0
    refuse_date(cleaned)
    value = read(cleaned)
    if value < 0:
        raise InputError(_("An amount in the budget cannot be negative."))
    return value
