"""The budget's workbook of 50,000 cells, beside the bare library writing the same number of plain cells."""

from __future__ import annotations

import io
from datetime import date
from time import perf_counter

from qihua_desktop.exchange.budget_xlsx import BudgetBook, BudgetRow, ExecutionRow, VoucherRow, write_budget
from qihua_desktop.i18n import set_language
from tools.bench import Report

CELLS = 50_000
_LINES = 900
_VOUCHERS = 2_000


def run(report: Report) -> None:
    """Write a workbook whose sheets hold about 50,000 cells together."""
    set_language("zh_CN")
    book = _book()
    write_budget(_book(lines=20, vouchers=20))
    begun = perf_counter()
    content, _cut = write_budget(book)
    seconds = perf_counter() - begun
    cells = _cells(content)
    report.add(f"XLSX of {cells:,} cells with live formulas", seconds, unit="s", baseline=_bare(cells), limit=2.0)


def _book(lines: int = _LINES, vouchers: int = _VOUCHERS) -> BudgetBook:
    rows: list[BudgetRow] = []
    execution: list[ExecutionRow] = []
    for at in range(lines):
        top = at % 10 == 0
        number = f"{at // 10 + 1}" + ("" if top else f".{at % 10}")
        gross = 900_000 if top else 100_000
        rows.append(BudgetRow(number, f"科目 {at}", 0 if top else 1, top, "恒隆物业", "三家比价", 0 if top else 2_000,
                              "天", 0 if top else 50_000, 600, gross, gross * 100 // 106))  # fmt: skip
        execution.append(
            ExecutionRow(number, f"科目 {at}", 0 if top else 1, top, gross, 0, gross, 0, gross, 0, "01 范围")
        )
    bills = [
        VoucherRow(f"2631200000{at:010d}", "", "数电普票", date(2026, 9, 1), "恒隆物业", "91310000MA1FL0000X", "星河",
                   "91310000MA1FL0001X", 94_340, 5_660, 100_000, "已入账", f"科目 {at % 90}", "", True)
        for at in range(vouchers)
    ]  # fmt: skip
    total = sum(row.gross for row in rows if row.level == 0)
    return BudgetBook("年会", (("项目", "年会"),), total, "", rows, execution, bills, (), vouchers * 100_000)


def _cells(content: bytes) -> int:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return sum(1 for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None)


def _bare(cells: int) -> float:
    from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

    begun = perf_counter()
    book = Workbook(io.BytesIO(), {"in_memory": True})
    sheet = book.add_worksheet()
    for at in range(cells):
        if at % 2:
            sheet.write_string(at // 15, at % 15, "上海恒隆物业")
        else:
            sheet.write_number(at // 15, at % 15, 1000.5)
    book.close()
    return perf_counter() - begun
