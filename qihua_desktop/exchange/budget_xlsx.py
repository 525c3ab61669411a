"""The budget as a workbook with live formulas: budget, execution, invoices, annual pool, and checks that must be zero.

Every formula carries its result, so that programs which do not calculate read the same figures. Amounts are numbers of
yuan; invoice, account and document numbers are texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qihua_desktop.domain.tree import subtree_ends
from qihua_desktop.i18n import _

from .workbook import Book, Sheet, cell, sheet_cell

_HEAD: Final = 4
"""Row of the headings, from 0; above them stand title, project and unit."""

(_NUMBER, _NAME, _SUPPLIER, _BASIS, _QUANTITY, _UNIT, _PRICE, _RATE, _GROSS, _NET, _TAX, _SHARE, _LEAF) = range(13)
(_E_BUDGET, _E_RELEASED, _E_EFFECTIVE, _E_CONTRACTED, _E_OPEN, _E_ACTUAL, _E_TO_GO, _E_EAC, _E_DEVIATION, _E_RATE,
 _E_REASON, _E_LEAF) = range(2, 14)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A row of the budget; ``quantity`` in thousandths, money in fen, the rate in basis points."""

    number: str
    name: str
    level: int
    has_children: bool
    supplier: str
    basis: str
    quantity: int
    unit: str
    unit_price: int
    tax_rate: int
    gross: int
    net: int


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """What a row has become. ``own`` marks what is recorded at a category itself, beside its lines."""

    number: str
    name: str
    level: int
    has_children: bool
    budget: int
    released: int
    contracted: int
    open: int
    actual: int
    to_go: int
    reason: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """A voucher of the ledger; red ones are negative. ``counts`` says that it is accepted."""

    number: str
    code: str
    kind: str
    issued_on: date | None
    seller: str
    seller_tax_id: str
    buyer: str
    buyer_tax_id: str
    net: int
    tax: int
    gross: int
    state: str
    lines: str
    remarks: str
    counts: bool


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A term of an annual pool's arithmetic; ``pool`` groups the terms, amounts are signed."""

    pool: str
    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class BudgetBook:
    """Everything that the workbook shows. ``facts`` are label and text of the line under the title."""

    title: str
    facts: Sequence[tuple[str, str]]
    total: int
    capital: str
    rows: Sequence[BudgetRow]
    execution: Sequence[ExecutionRow]
    vouchers: Sequence[VoucherRow]
    pools: Sequence[PoolRow]
    voucher_actual: int
    """What accepted vouchers come to in the ledger, to be compared with the list."""


@dataclass(frozen=True, slots=True)
class _Check:
    label: str
    formula: str


def write_budget(book: BudgetBook) -> tuple[bytes, int]:
    """Return the workbook's bytes and how many texts were cut to what a cell holds."""
    made = Book(book.title)
    checks: list[_Check] = []
    budget = made.sheet(_("Budget"))
    total_row = _write_rows(budget, book, checks)
    execution = made.sheet(_("Execution"))
    _write_execution(execution, book, budget, total_row, checks)
    _write_vouchers(made.sheet(_("Invoices")), book, checks)
    _write_pools(made.sheet(_("Annual pool")), book)
    _write_checks(made.sheet(_("Checks")), book, checks)
    return made.finish(), made.cut


def _start(sheet: Sheet, book: BudgetBook, title: str, headings: Sequence[str], *, frozen: int) -> None:
    sheet.text(0, 0, f"{book.title} · {title}", bold=True, font_size=14)
    sheet.text(1, 0, "　".join(f"{label}：{text}" for label, text in book.facts))
    sheet.text(2, 0, _("Unit: yuan (CNY)"))
    for column, heading in enumerate(headings):
        sheet.text(_HEAD, column, heading, bold=True, bottom=1, bg_color="#EEF1F6", text_wrap=True, valign="vcenter")
    sheet.freeze(_HEAD + 1, frozen)
    sheet.paper()


def _write_rows(sheet: Sheet, book: BudgetBook, checks: list[_Check]) -> int:
    headings = (_("No."), _("Category"), _("Supplier"), _("Basis"), _("Quantity"), _("Unit"), _("Unit price"),
                _("Tax rate"), _("Amount with tax"), _("Amount without tax"), _("Tax"), _("Share of total"),
                _("Line"))  # fmt: skip
    _start(sheet, book, _("Budget"), headings, frozen=_NAME + 1)
    first = _HEAD + 1
    ends = subtree_ends([row.level for row in book.rows])
    total_row = first + len(book.rows)
    allocated = sum(row.gross for row in book.rows if row.level == 0)
    net = sum(row.net for row in book.rows if row.level == 0)
    for at, row in enumerate(book.rows):
        _write_row(sheet, first + at, row, (first + at + 1, first + ends[at] - 1), total_row + 1)
        share = row.gross / book.total if book.total else 0
        whole = cell(total_row + 1, _GROSS, absolute=True)
        formula = f"=IF({whole}=0,0,{cell(first + at, _GROSS)}/{whole})"
        sheet.percent_formula(first + at, _SHARE, formula, share, bold=row.level == 0)
    sheet.text(total_row, _NAME, _("Sum"), bold=True, top=1)
    for column, value in ((_GROSS, allocated), (_NET, net), (_TAX, allocated - net)):
        formula = _leaf_sum(column, (first, total_row - 1), _LEAF) if book.rows else "=0"
        sheet.money_formula(total_row, column, formula, value, bold=True, top=1)
    sheet.text(total_row + 1, _NAME, _("Budget total"), bold=True)
    sheet.money(total_row + 1, _GROSS, book.total, bold=True)
    sheet.text(total_row + 1, _NET, book.capital)
    sheet.text(total_row + 2, _NAME, _("Unallocated"))
    left = f"=ROUND({cell(total_row + 1, _GROSS)}-{cell(total_row, _GROSS)},2)"
    sheet.money_formula(total_row + 2, _GROSS, left, book.total - allocated)
    sheet.widths({_NUMBER: 9, _NAME: 32, _SUPPLIER: 18, _BASIS: 26, _QUANTITY: 9, _UNIT: 7, _PRICE: 13, _RATE: 8,
                  _GROSS: 16, _NET: 16, _TAX: 14, _SHARE: 10})  # fmt: skip
    sheet.hide(_LEAF)
    gross, without, tax = (sheet_cell(sheet, total_row, one) for one in (_GROSS, _NET, _TAX))
    if book.total == allocated:
        whole = sheet_cell(sheet, total_row + 1, _GROSS)
        checks.append(_Check(_("Sum of the rows − budget total"), f"=ROUND({gross}-{whole},2)"))
    checks.append(_Check(_("Without tax + tax − with tax"), f"=ROUND({without}+{tax}-{gross},2)"))
    return total_row


def _write_row(sheet: Sheet, at: int, row: BudgetRow, below: tuple[int, int], total_row: int) -> None:
    bold = row.level == 0
    sheet.outline(at, row.level)
    sheet.text(at, _NUMBER, row.number)
    sheet.text(at, _NAME, row.name, indent=min(row.level, 15), bold=bold)
    sheet.text(at, _SUPPLIER, row.supplier)
    sheet.text(at, _BASIS, row.basis)
    gross, net = cell(at, _GROSS), cell(at, _NET)
    sheet.number(at, _LEAF, 0 if row.has_children else 1)
    if row.has_children:
        sheet.money_formula(at, _GROSS, _leaf_sum(_GROSS, below, _LEAF), row.gross, bold=bold)
        sheet.money_formula(at, _NET, _leaf_sum(_NET, below, _LEAF), row.net, bold=bold)
    else:
        if row.quantity:
            sheet.number(at, _QUANTITY, row.quantity / 1000)
        sheet.text(at, _UNIT, row.unit)
        sheet.percent(at, _RATE, row.tax_rate)
        if row.unit_price:
            sheet.money(at, _PRICE, row.unit_price)
            formula = f"=ROUND({cell(at, _QUANTITY)}*{cell(at, _PRICE)},2)"
            sheet.money_formula(at, _GROSS, formula, row.gross, bold=bold)
        else:
            sheet.money(at, _GROSS, row.gross, bold=bold)
        # Whole fen and whole basis points: both sides of the division are exact, as is its rounding half up.
        rate = cell(at, _RATE)
        formula = f"=ROUND(ROUND({gross}*100,0)*10000/(10000+ROUND({rate}*10000,0)),0)/100"
        sheet.money_formula(at, _NET, formula, row.net, bold=bold)
    sheet.money_formula(at, _TAX, f"=ROUND({gross}-{net},2)", row.gross - row.net, bold=bold)


def _write_execution(sheet: Sheet, book: BudgetBook, budget: Sheet, total_row: int, checks: list[_Check]) -> None:
    headings = (_("No."), _("Category"), _("Budget"), _("Reserve used"), _("Available budget"), _("Contracted"),
                _("Open commitment"), _("Actual"), _("To go"), _("Estimate at completion"), _("Deviation"),
                _("Deviation rate"), _("Reason"), _("Line"))  # fmt: skip
    _start(sheet, book, _("Execution"), headings, frozen=2)
    first = _HEAD + 1
    rows = book.execution
    ends = subtree_ends([row.level for row in rows])
    place = {row.number: _HEAD + 1 + at for at, row in enumerate(book.rows)}
    for at, row in enumerate(rows):
        below = (first + at + 1, first + ends[at] - 1)
        _execution_row(sheet, first + at, row, below, _budget_source(budget, place, row))
    last = first + len(rows)
    sheet.text(last, 1, _("Sum"), bold=True, top=1)
    whole = _summed([row for row in rows if row.level == 0])
    if whole is not None:
        _execution_figures(sheet, last, whole, (first, last - 1), "")
    sheet.widths({0: 9, 1: 32, **dict.fromkeys(range(2, 12), 15), _E_REASON: 40})
    sheet.hide(_E_LEAF)
    allocated = sum(row.gross for row in book.rows if row.level == 0)
    if whole is not None and whole.budget == allocated:
        label = _("Budget of the execution − sum of the budget")
        formula = f"=ROUND({sheet_cell(sheet, last, _E_BUDGET)}-{sheet_cell(budget, total_row, _GROSS)},2)"
        checks.append(_Check(label, formula))
    if whole is not None:
        checks.append(_Check(_("Use of the reserve in and out"), f"=ROUND({sheet_cell(sheet, last, _E_RELEASED)},2)"))


def _summed(rows: Sequence[ExecutionRow]) -> ExecutionRow | None:
    if not rows:
        return None
    budget, released, contracted, still_open, actual, to_go = map(sum, zip(*map(_figures, rows), strict=True))
    return ExecutionRow("", "", 0, True, budget, released, contracted, still_open, actual, to_go)


def _budget_source(budget: Sheet, place: dict[str, int], row: ExecutionRow) -> str:
    return "" if row.own or row.number not in place else "=" + sheet_cell(budget, place[row.number], _GROSS)


def _execution_row(sheet: Sheet, at: int, row: ExecutionRow, below: tuple[int, int], source: str) -> None:
    bold = row.level == 0
    sheet.outline(at, row.level)
    sheet.text(at, 0, row.number)
    sheet.text(at, 1, row.name, indent=min(row.level, 15), bold=bold, italic=row.own)
    sheet.text(at, _E_REASON, row.reason)
    sheet.number(at, _E_LEAF, 0 if row.has_children else 1)
    _execution_figures(sheet, at, row, below, source, bold=bold)


def _execution_figures(
    sheet: Sheet, at: int, row: ExecutionRow, below: tuple[int, int], source: str, *, bold: bool = True
) -> None:
    columns = (_E_BUDGET, _E_RELEASED, _E_CONTRACTED, _E_OPEN, _E_ACTUAL, _E_TO_GO)
    for column, fen in zip(columns, _figures(row), strict=True):
        if row.has_children:
            sheet.money_formula(at, column, _leaf_sum(column, below, _E_LEAF), fen, bold=bold)
        elif column == _E_BUDGET and source:
            sheet.money_formula(at, column, source, fen, bold=bold)
        else:
            sheet.money(at, column, fen, bold=bold)
    effective, eac = row.budget + row.released, row.actual + row.open + row.to_go
    name = {column: cell(at, column) for column in range(_E_BUDGET, _E_RATE + 1)}
    formula = f"=ROUND({name[_E_BUDGET]}+{name[_E_RELEASED]},2)"
    sheet.money_formula(at, _E_EFFECTIVE, formula, effective, bold=bold)
    formula = f"=ROUND({name[_E_ACTUAL]}+{name[_E_OPEN]}+{name[_E_TO_GO]},2)"
    sheet.money_formula(at, _E_EAC, formula, eac, bold=bold)
    formula = f"=ROUND({name[_E_EAC]}-{name[_E_EFFECTIVE]},2)"
    sheet.money_formula(at, _E_DEVIATION, formula, eac - effective, bold=bold)
    outside = _("outside the budget")
    words = f'IF({name[_E_EAC]}=0,"","{outside}")'
    formula = f"=IF({name[_E_EFFECTIVE]}=0,{words},{name[_E_DEVIATION]}/{name[_E_EFFECTIVE]})"
    rate: float | str = (eac - effective) / effective if effective else outside if eac else ""
    sheet.percent_formula(at, _E_RATE, formula, rate, bold=bold, align="right")


def _write_vouchers(sheet: Sheet, book: BudgetBook, checks: list[_Check]) -> None:
    headings = (_("Invoice number"), _("Invoice code"), _("Kind"), _("Issued on"), _("Seller"),
                _("Seller's tax number"), _("Buyer"), _("Buyer's tax number"), _("Amount without tax"), _("Tax"),
                _("Amount with tax"), _("State"), _("Budget line"), _("Remarks"), _("Counts"))  # fmt: skip
    _start(sheet, book, _("Invoices"), headings, frozen=1)
    first = _HEAD + 1
    for at, row in enumerate(book.vouchers, start=first):
        for column, text in ((0, row.number), (1, row.code), (2, row.kind), (4, row.seller), (5, row.seller_tax_id),
                             (6, row.buyer), (7, row.buyer_tax_id), (11, row.state), (12, row.lines),
                             (13, row.remarks)):  # fmt: skip
            sheet.text(at, column, text)
        sheet.day(at, 3, row.issued_on)
        sheet.money(at, 8, row.net)
        sheet.money(at, 9, row.tax)
        sheet.money(at, 10, row.gross)
        sheet.number(at, 14, 1 if row.counts else 0)
    last = first + len(book.vouchers)
    sheet.text(last, 0, _("Accepted, sum"), bold=True, top=1)
    counted = [row for row in book.vouchers if row.counts]
    for column, value in ((8, sum(one.net for one in counted)), (9, sum(one.tax for one in counted)),
                          (10, sum(one.gross for one in counted))):  # fmt: skip
        formula = _leaf_sum(column, (first, last - 1), 14) if book.vouchers else "=0"
        sheet.money_formula(last, column, formula, value, bold=True, top=1)
    sheet.widths({0: 24, 1: 14, 2: 20, 3: 12, 4: 28, 5: 22, 6: 28, 7: 22, 8: 14, 9: 12, 10: 14, 11: 10, 12: 24, 13: 40})
    sheet.hide(14)
    gross = sheet_cell(sheet, last, 10)
    checks.append(_Check(_("Accepted invoices − the ledger's"), f"=ROUND({gross}-{book.voucher_actual / 100:.2f},2)"))
    wrong = sum(one.net + one.tax != one.gross for one in counted)
    if not wrong:
        parts = f"{sheet_cell(sheet, last, 8)}+{sheet_cell(sheet, last, 9)}-{gross}"
        checks.append(_Check(_("Invoices: without tax + tax − with tax"), f"=ROUND({parts},2)"))


def _write_pools(sheet: Sheet, book: BudgetBook) -> None:
    _start(sheet, book, _("Annual pool"), (_("Pool"), _("Term"), _("Amount (yuan)")), frozen=1)
    at = _HEAD + 1
    pools = list(dict.fromkeys(row.pool for row in book.pools))
    for pool in pools:
        rows = [row for row in book.pools if row.pool == pool]
        start = at
        for row in rows:
            sheet.text(at, 0, row.pool)
            sheet.text(at, 1, row.label)
            sheet.money(at, 2, row.amount)
            at += 1
        sheet.text(at, 0, pool, bold=True, top=1)
        sheet.text(at, 1, _("Available"), bold=True, top=1)
        formula = f"=ROUND(SUM({cell(start, 2)}:{cell(at - 1, 2)}),2)"
        sheet.money_formula(at, 2, formula, sum(row.amount for row in rows), bold=True, top=1)
        at += 2
    if not pools:
        sheet.text(at, 0, _("This project draws on no annual pool."))
    sheet.widths({0: 24, 1: 48, 2: 18})


def _write_checks(sheet: Sheet, book: BudgetBook, checks: Sequence[_Check]) -> None:
    _start(sheet, book, _("Checks"), (_("Must be zero"), _("Difference (yuan)"), _("Result")), frozen=1)
    good, bad = _("passed"), _("does not fit")
    for at, check in enumerate(checks, start=_HEAD + 1):
        sheet.text(at, 0, check.label)
        sheet.money_formula(at, 1, check.formula, 0)
        sheet.text_formula(at, 2, f'=IF({cell(at, 1)}=0,"{good}","{bad}")', good)
    sheet.widths({0: 48, 1: 18, 2: 14})


def _figures(row: ExecutionRow) -> tuple[int, int, int, int, int, int]:
    return row.budget, row.released, row.contracted, row.open, row.actual, row.to_go


def _leaf_sum(column: int, rows: tuple[int, int], leaf: int) -> str:
    """Return the formula that adds a column over the lines that have none below them."""
    first, last = rows
    values = f"{cell(first, column)}:{cell(last, column)}"
    marks = f"{cell(first, leaf, absolute=True)}:{cell(last, leaf, absolute=True)}"
    return f"=ROUND(SUMIFS({values},{marks},1),2)"
