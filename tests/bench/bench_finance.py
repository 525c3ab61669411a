"""A long list of vouchers as PDF/A: 5,000 lines away from the UI thread, and how the time grows with the lines.

The baseline writes the same texts at the same places with bare reportlab: what the library alone takes for such pages.
"""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime
from time import perf_counter, process_time

from qihua_desktop.i18n import set_language
from qihua_desktop.reports.canvas import Align
from qihua_desktop.reports.document import DocumentInfo, PdfResult, RenderOptions, render_blocks, title_blocks
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.figures import figure
from qihua_desktop.reports.fonts import REGULAR
from qihua_desktop.reports.tables import Column, Row, TableBlock, total_row
from tools.bench import Report

LINES = 5_000
SIZES = (1_250, 2_500, 5_000, 10_000)
_ROWS_ON_A_PAGE = 20
_LEFTS = (62, 90, 200, 262, 380, 430, 480, 530)


def run(report: Report) -> None:
    """Measure in a thread, as the window does, with the waiting thread's longest pause beside it."""
    set_language("zh_CN")
    voucher_list(200)
    seconds, pause = _in_a_thread(LINES)
    report.add(
        f"PDF/A of a table of {LINES:,} lines, off the UI thread", seconds, unit="s", baseline=_bare(LINES), limit=6.0
    )
    report.add("Longest pause of the waiting thread meanwhile", pause * 1000)
    first: float | None = None
    for size in SIZES:
        begun = process_time()
        voucher_list(size)
        each = (process_time() - begun) * 1_000_000 / size
        first = first or each
        report.add(f"Printing {size:,} lines, per line", each, unit="µs", baseline=first, ratio_limit=1.4)


def voucher_list(lines: int) -> PdfResult:
    """Print vouchers in seven columns with sums of two of them on every page."""
    report = ExportReport()
    info = DocumentInfo(
        "凭证清单", "大项目", "QH-2026-0001", datetime(2026, 3, 2, 9, tzinfo=UTC), fingerprint="5b" * 32
    )
    columns = [
        Column("序号", width=34, align=Align.RIGHT),
        Column("发票号码", width=112),
        Column("开票日期", width=60),
        Column("销售方", share=1.6),
        Column("科目"),
        Column("税额", fitted=True, align=Align.RIGHT),
        Column("价税合计", fitted=True, align=Align.RIGHT),
    ]
    rows: list[Row] = []
    for number in range(1, lines + 1):
        tax, gross = number * 73, number * 1_291 * (-1 if number % 50 == 0 else 1)
        cells = (*_texts(number), figure(tax), figure(gross))
        rows.append(Row(cells, amounts=(tax, gross)))
    sums = [sum(row.amounts[at] or 0 for row in rows) for at in (0, 1)]
    rows.append(total_row("", "合计", "", "", "", figure(sums[0]), figure(sums[1])))
    table = TableBlock(columns, rows, report, running_totals=(5, 6))
    return render_blocks(info, [*title_blocks(info, report), table], report, RenderOptions())


def _texts(number: int) -> tuple[str, str, str, str, str]:
    seller = f"上海恒隆物业管理有限公司第{number % 17}分公司"
    return str(number), f"2644{number:016d}", f"2026-09-{number % 28 + 1:02d}", seller, "场地费"


def _in_a_thread(lines: int) -> tuple[float, float]:
    """Return seconds, and the longest time this thread had to wait for its turn."""
    found: list[float] = []

    def work() -> None:
        begun = perf_counter()
        voucher_list(lines)
        found.append(perf_counter() - begun)

    thread = threading.Thread(target=work)
    thread.start()
    longest, last = 0.0, perf_counter()
    while thread.is_alive():
        thread.join(0.005)
        now = perf_counter()
        longest, last = max(longest, now - last), now
    return found[0], longest


def _bare(lines: int) -> float:
    """Return the seconds for the texts and rules alone: no measuring, no line breaking, no sums, no archive."""
    from reportlab.pdfgen import canvas

    begun = perf_counter()
    drawing = canvas.Canvas(io.BytesIO(), pagesize=(595, 842), pageCompression=1, initialFontName=REGULAR)
    for number in range(1, lines + 1):
        y = 760 - number % _ROWS_ON_A_PAGE * 34
        drawing.setFont(REGULAR, 9)
        for left, text in zip(_LEFTS, (*_texts(number), f"{number * 73:,}.00", f"{number * 1_291:,}.00"), strict=False):
            drawing.drawString(left, y, text)
        drawing.line(62, y - 6, 545, y - 6)
        if number % _ROWS_ON_A_PAGE == 0:
            drawing.showPage()
    drawing.save()
    return perf_counter() - begun
