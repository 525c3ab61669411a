"""A long list of vouchers as PDF/A: 5,000 lines away from the UI thread, and how the time grows with the lines.

The baseline writes the same texts at the same places with bare reportlab: what the library alone takes for such pages.
"""

from __future__ import annotations

import io
import threading
from datetime import UTC, date, datetime
from time import perf_counter, process_time

from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.i18n import set_language
from qihua_desktop.reports.document import DocumentInfo, PdfResult
from qihua_desktop.reports.fonts import REGULAR
from qihua_desktop.reports.money_inputs import VoucherListInput, VoucherRow
from qihua_desktop.reports.voucher_list import render_voucher_list
from tools.bench import Report

LINES = 5_000
SIZES = (1_250, 2_500, 5_000, 10_000)
_ROWS_ON_A_PAGE = 12
_LEFTS = (62, 90, 200, 330, 390, 470, 520, 575, 625, 690, 730)


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
    """Print the list of vouchers as finance gets it: number, kind, day, seller, line, three amounts, check and hash."""
    info = DocumentInfo(
        "凭证清单", "大项目", "QH-2026-0001", datetime(2026, 3, 2, 9, tzinfo=UTC), fingerprint="5b" * 32
    )
    return render_voucher_list(VoucherListInput(info, tuple(map(_row, range(1, lines + 1)))))


def _row(number: int) -> VoucherRow:
    _at, text, _day, seller, line = _texts(number)
    tax, gross = number * 73, number * 1_291 * (-1 if number % 50 == 0 else 1)
    issued = date(2026, 9, number % 28 + 1)
    return VoucherRow(
        text, "数电票（增值税专用发票）", issued, seller, line, gross - tax, tax, gross, VoucherState.ACCEPTED, "通过",
        waits=True, sha256=f"{number:08x}" * 8,
    )  # fmt: skip


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
    drawing = canvas.Canvas(io.BytesIO(), pagesize=(842, 595), pageCompression=1, initialFontName=REGULAR)
    for number in range(1, lines + 1):
        y = 500 - number % _ROWS_ON_A_PAGE * 34
        at, text, day, seller, line = _texts(number)
        amounts = (f"{number * 1_218:,}.00", f"{number * 73:,}.00", f"{number * 1_291:,}.00")
        texts = (at, text, "数电票（增值税专用发票）", day, seller, line, *amounts, "通过", f"{number:08x}")
        drawing.setFont(REGULAR, 9)
        for left, one in zip(_LEFTS, texts, strict=True):
            drawing.drawString(left, y, one)
        drawing.line(57, y - 6, 800, y - 6)
        if number % _ROWS_ON_A_PAGE == 0:
            drawing.showPage()
    drawing.save()
    return perf_counter() - begun
