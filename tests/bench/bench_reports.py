"""The printed chart: a 200-page tiled PDF away from the UI thread, and how rendering grows with the plan.

The baseline draws the same number of lines and words with bare reportlab: what the library alone takes for such pages.
"""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.gantt_scene import BarKind, GanttLink, GanttRow
from qihua_desktop.domain.plan import instant
from qihua_desktop.i18n import set_language
from qihua_desktop.reports.document import DocumentInfo, RenderOptions
from qihua_desktop.reports.gantt_chart import Fit, GanttInput, render_gantt
from tools.bench import Report

PAGES = 200
SIZES = (1_000, 3_000, 10_000, 30_000)
_START = instant(datetime(2026, 3, 2, 9))
_LINES, _WORDS = 260, 190
"""Lines and words on a usual page of the chart."""


def run(report: Report) -> None:
    """Measure in a thread, as the window does, with the waiting thread's longest pause beside it."""
    set_language("zh_CN")
    render_gantt(replace(chart(200), fit=Fit.TILES))
    big = replace(chart(2_500), fit=Fit.TILES, unit=TimeUnit.WEEK)
    pages, seconds, pause = _in_a_thread(big)
    if pages < PAGES:
        raise AssertionError(pages)
    report.add(
        f"Tiled PDF of {pages} pages, off the UI thread (per 200 pages)",
        seconds * PAGES / pages,
        unit="s",
        baseline=_bare(PAGES),
        limit=10.0,
    )
    report.add("Longest pause of the waiting thread meanwhile", pause * 1000)
    first: float | None = None
    for size in SIZES:
        wide = replace(chart(size, spread=40), fit=Fit.TILES, unit=TimeUnit.QUARTER)
        begun = perf_counter()
        render_gantt(wide)
        each = (perf_counter() - begun) * 1_000_000 / size
        first = first or each
        report.add(f"Printing {size:,} tasks, per task", each, unit="µs", baseline=first, ratio_limit=1.6)


def chart(tasks: int, *, spread: int = 200) -> GanttInput:
    """Return stages of twenty tasks, each linked to its next; ``spread`` days long all in all."""
    rows: list[GanttRow] = []
    links: list[GanttLink] = []
    for number in range(tasks):
        stage = number % 20 == 0
        begin = _START + number * spread // tasks * 1440
        finish = begin + (14 if stage else 1 + number % 6) * 1440 + 540
        kind = BarKind.SUMMARY if stage else BarKind.TASK
        name = f"阶段 {number // 20}" if stage else f"任务 {number} 物料设计与制作"
        rows.append(
            GanttRow(
                str(number), name, f"{number // 20 + 1}.{number % 20}", "林晓岚", begin, finish, number % 101 * 100,
                0 if stage else 1, kind, number % 7 == 0, "" if stage else "林晓岚", (begin - 1440, finish - 1440),
            )
        )  # fmt: skip
        if number and not stage:
            links.append(GanttLink(f"l{number}", str(number - 1), str(number), critical=number % 7 == 0))
        if number > 25 and number % 2:
            links.append(GanttLink(f"m{number}", str(number - 25), str(number)))
    info = DocumentInfo("甘特图", "大计划", "QH-2026-0001", datetime(2026, 3, 2, 9, tzinfo=UTC))
    return GanttInput(info, tuple(rows), tuple(links))


def _in_a_thread(wanted: GanttInput) -> tuple[int, float, float]:
    """Return pages, seconds, and the longest time this thread had to wait for its turn."""
    found: list[tuple[int, float]] = []

    def work() -> None:
        begun = perf_counter()
        result = render_gantt(wanted, RenderOptions(lambda _done, _pages: None, lambda: False))
        found.append((result.pages, perf_counter() - begun))

    thread = threading.Thread(target=work)
    thread.start()
    longest, last = 0.0, perf_counter()
    while thread.is_alive():
        thread.join(0.005)
        now = perf_counter()
        longest, last = max(longest, now - last), now
    return (*found[0], longest)


def _bare(pages: int) -> float:
    from reportlab.pdfgen import canvas

    begun = perf_counter()
    drawing = canvas.Canvas(io.BytesIO(), pagesize=(842, 595), pageCompression=1)
    for _page in range(pages):
        for number in range(_LINES):
            drawing.line(20, number * 2, 800, number * 2)
        for number in range(_WORDS):
            drawing.setFont("Helvetica", 8)
            drawing.drawString(20 + number % 7 * 90, number * 3, "materials design")
        drawing.showPage()
    drawing.save()
    return perf_counter() - begun
