"""甘特图 on paper: task table and chart as vectors, fitted to one sheet or tiled with head and task column repeated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from math import ceil
from typing import Final

from qihua_desktop.domain.calendars import DayInfo, DayKind
from qihua_desktop.domain.gantt_scale import DAY_WIDTHS, HEADER_HEIGHT, TimeScale, TimeUnit, unit_for, weekday_calendar
from qihua_desktop.domain.gantt_scene import LABEL_GAP, LABEL_SIZE, ROW_HEIGHT, GanttChart, GanttLink, GanttRow
from qihua_desktop.domain.plan import day_of, last_day_of
from qihua_desktop.domain.scene import Box

from . import fonts
from .canvas import A3, A4, MILLIMETRE, PageSize, Pen
from .document import Area, DocumentInfo, PageSetup, PdfResult, RenderOptions, render_pages, state_label
from .export_report import ExportReport
from .formats import version_label
from .gantt_table import TaskTable, draw_legend, legend_marks
from .paragraphs import elided
from .scene_painter import paint_scene
from .styles import BLACK, HAIRLINE, RULE, SOFT

_TITLE_HEIGHT: Final = 30.0
_LEGEND_HEIGHT: Final = 18.0
_USUAL_SCALE: Final = 0.64
_LEAST_SCALE: Final = 0.46
_LEAST_DAY: Final = 1.1
_LEAST_READABLE_DAY: Final = 0.7
_MARGIN_DAYS: Final = 3


class Paper(StrEnum):
    """The sheets a chart is printed on, always landscape."""

    A4 = "a4"
    A3 = "a3"


_LARGEST_SCALE: Final = {Paper.A4: 0.72, Paper.A3: 0.95}


class Fit(StrEnum):
    """One sheet whatever it takes, readable tiles, or one sheet as long as it stays readable."""

    AUTO = "auto"
    ONE_PAGE = "one_page"
    TILES = "tiles"


@dataclass(frozen=True, slots=True)
class GanttInput:
    """A chart to print. ``days`` are the days that differ from plain Monday to Friday; ``today`` an instant.

    ``first`` and ``last`` bound the axis; None takes them from the rows. ``footnote`` is printed under the chart.
    """

    info: DocumentInfo
    rows: tuple[GanttRow, ...]
    links: tuple[GanttLink, ...] = ()
    days: tuple[DayInfo, ...] = ()
    today: int | None = None
    first: date | None = None
    last: date | None = None
    paper: Paper = Paper.A4
    fit: Fit = Fit.AUTO
    unit: TimeUnit = TimeUnit.WEEK
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class _Tile:
    """What one sheet shows: rows, a stretch of the axis in scene pixels, and how it is scaled."""

    chart: GanttChart
    table: TaskTable
    first_row: int
    last_row: int
    left: float
    right: float
    scale: float


def render_gantt(chart: GanttInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the chart as a PDF. Raises Cancelled."""
    options = options or RenderOptions()
    report = ExportReport()
    sheet = A4 if chart.paper is Paper.A4 else A3
    setup = _setup(sheet.landscape())
    tiles = _tiles(chart, setup.area(), report)
    pages = [partial(_paint_tile, chart, tile, report) for tile in tiles]
    return render_pages(chart.info, pages, report, options, setup)


def axis_bounds(chart: GanttInput) -> tuple[date, date]:
    """Return the first and last day of the axis: whole weeks around all bars, with a little air for labels."""
    starts = [row.start for row in chart.rows if row.start is not None]
    starts += [row.baseline[0] for row in chart.rows if row.baseline]
    finishes = [last_day_of(row.start or row.finish, row.finish) for row in chart.rows if row.finish is not None]
    finishes += [last_day_of(*row.baseline) for row in chart.rows if row.baseline]
    today = day_of(chart.today) if chart.today is not None else chart.info.printed_at.date()
    first = chart.first or (min(day_of(at) for at in starts) if starts else today)
    last = chart.last or max(max(finishes) if finishes else first, first)
    first -= timedelta(days=first.weekday())
    last += timedelta(days=_MARGIN_DAYS)
    last += timedelta(days=6 - last.weekday())
    return first, max(last, first + timedelta(days=13))


def _setup(size: PageSize) -> PageSetup:
    return PageSetup(size, left=14 * MILLIMETRE, right=14 * MILLIMETRE, top=19 * MILLIMETRE, bottom=18 * MILLIMETRE)


def _tiles(chart: GanttInput, area: Area, report: ExportReport) -> list[_Tile]:
    room = area.height - _TITLE_HEIGHT - _LEGEND_HEIGHT
    first, last = axis_bounds(chart)
    days = (last - first).days + 1
    full = TaskTable(chart.rows, report, compact=False)
    largest = _LARGEST_SCALE[chart.paper]
    scale = min(largest, room / (HEADER_HEIGHT + max(len(chart.rows), 1) * ROW_HEIGHT))
    if chart.fit is Fit.AUTO and scale < _LEAST_SCALE:
        scale = _USUAL_SCALE
    chart_width = area.width / scale - full.width
    if chart.last is None:
        days = _days_with_labels(chart, first, days, chart_width)
    day_width = chart_width / days
    if chart.fit is Fit.TILES or (chart.fit is Fit.AUTO and day_width < _LEAST_READABLE_DAY):
        coarse = chart if chart.fit is Fit.TILES else replace(chart, unit=TimeUnit.MONTH)
        return _grid(coarse, area, room, (first, days), report)
    if day_width < _LEAST_DAY:
        scale = min(scale, area.width / (full.width + days * _LEAST_DAY))
        day_width = (area.width / scale - full.width) / days
    picture = _chart(chart, TimeScale(first, day_width, unit_for(day_width)), days)
    per_page = max(1, int((room / scale - HEADER_HEIGHT) / ROW_HEIGHT + 0.001))
    return [
        _Tile(picture, full, top, min(top + per_page, len(chart.rows)), 0.0, picture.width, scale)
        for top in range(0, max(len(chart.rows), 1), per_page)
    ]


def _days_with_labels(chart: GanttInput, first: date, days: int, chart_width: float) -> int:
    """Return how many days the axis needs so that the labels right of the last bars fit too."""
    for _attempt in range(4):
        scale = TimeScale(first, max(chart_width, 60.0) / days)
        ends = (
            scale.x(row.finish) + LABEL_GAP + fonts.face().width(row.label[:40], LABEL_SIZE) + 4
            for row in chart.rows
            if row.finish is not None and row.label
        )
        excess = max(ends, default=0.0) - chart_width
        if excess <= 0 or excess > chart_width / 3:
            return days
        days += ceil(excess / scale.day_width / 7) * 7
    return days


def _grid(chart: GanttInput, area: Area, room: float, axis: tuple[date, int], report: ExportReport) -> list[_Tile]:
    """Return tiles row by row, each from left to right; the days are widened to fill the sheets they need anyway."""
    first, days = axis
    scale = _USUAL_SCALE
    full, compact = (TaskTable(chart.rows, report, compact=compact) for compact in (False, True))
    usual = DAY_WIDTHS[chart.unit]
    rooms = [area.width / scale - full.width]
    while sum(max(1, int(one / usual)) for one in rooms) < days:
        rooms.append(area.width / scale - compact.width)
    day_width = max(usual, min(usual * 1.5, min(rooms[0], sum(rooms) / days * 0.98)))
    while sum(max(1, int(one / day_width)) for one in rooms) < days:
        day_width = max(usual, day_width * 0.985)
    stretches: list[tuple[float, float, TaskTable]] = []
    done = 0
    for index, one in enumerate(rooms):
        following = min(days, done + max(1, int(one / day_width)))
        stretches.append((done * day_width, following * day_width, compact if index else full))
        done = following
    picture = _chart(chart, TimeScale(first, day_width, chart.unit), days)
    per_page = max(1, int((room / scale - HEADER_HEIGHT) / ROW_HEIGHT))
    return [
        _Tile(picture, table, top, min(top + per_page, len(chart.rows)), left, right, scale)
        for top in range(0, max(len(chart.rows), 1), per_page)
        for left, right, table in stretches
        if right > left
    ]


def _chart(chart: GanttInput, scale: TimeScale, days: int) -> GanttChart:
    known = {info.day: info for info in chart.days}

    def calendar(day: date) -> DayInfo:
        return known.get(day) or weekday_calendar(day)

    return GanttChart(chart.rows, chart.links, scale, days=days, calendar=calendar, today=chart.today, sheets=True)


def _paint_tile(chart: GanttInput, tile: _Tile, report: ExportReport, pen: Pen, area: Area) -> None:
    _paint_title(chart.info, report, pen, area)
    top = area.y + _TITLE_HEIGHT
    k = tile.scale
    rows_top, rows_height = tile.first_row * ROW_HEIGHT, (tile.last_row - tile.first_row) * ROW_HEIGHT
    table_width, chart_width = tile.table.width * k, (tile.right - tile.left) * k
    head = HEADER_HEIGHT * k
    tile.table.draw(pen, area.x, top, k, tile.first_row, tile.last_row)
    left = area.x + table_width
    strip = Box(tile.left, 0, tile.right - tile.left, HEADER_HEIGHT)
    visible = Box(tile.left, rows_top, tile.right - tile.left, rows_height)
    with pen.clipped(left, top + head, chart_width, rows_height * k):
        paint_scene(pen, tile.chart.body(visible), left - tile.left * k, top + head - rows_top * k, k, report)
    with pen.clipped(left, top, chart_width, head):
        paint_scene(pen, tile.chart.header(strip), left - tile.left * k, top, k, report)
    _paint_continuations(tile, pen, left, top + head)
    bottom = top + head + rows_height * k
    pen.line((area.x, top + head), (left + chart_width, top + head), ink=RULE, width=0.6)
    pen.line((left, top), (left, bottom), ink=RULE, width=0.6)
    pen.rectangle(area.x, top, table_width + chart_width, bottom - top, stroke=RULE, line_width=0.7)
    marks = legend_marks(chart.rows, make_up=any(info.kind is DayKind.MAKE_UP for info in chart.days))
    draw_legend(pen, area.x, bottom + 13, area.width, fonts.clean_line(chart.footnote, report), marks)


def _paint_title(info: DocumentInfo, report: ExportReport, pen: Pen, area: Area) -> None:
    title = fonts.clean_line(info.title, report)
    pen.text(area.x, area.y + 15, elided(title, 15, area.width * 0.35, bold=True), size=15, ink=BLACK, bold=True)
    after = area.x + min(fonts.face(bold=True).width(title, 15), area.width * 0.35) + 12
    parts = (info.project, version_label(info.version), state_label(info.state))
    subtitle = fonts.clean_line(" · ".join(part for part in parts if part), report)
    pen.text(after, area.y + 15, elided(subtitle, 10, area.width * 0.55), size=10, ink=SOFT)


def _paint_continuations(tile: _Tile, pen: Pen, left: float, top: float) -> None:
    """Mark bars that go on beyond the sheet with a small triangle at its edge."""
    k = tile.scale
    right = left + (tile.right - tile.left) * k
    for number in range(tile.first_row, tile.last_row):
        box = tile.chart.bar_box(tile.chart.rows[number].key)
        if box is None:
            continue
        y = top + (number - tile.first_row + 0.5) * ROW_HEIGHT * k
        if box.x < tile.left and box.right > tile.left - 0.5 and tile.left > 0:
            pen.path([(left + 1, y), (left + 5, y - 3), (left + 5, y + 3)], closed=True, fill=BLACK, stroke=HAIRLINE)
        if box.right > tile.right + 0.5 and box.x < tile.right:
            pen.path([(right - 1, y), (right - 5, y - 3), (right - 5, y + 3)], closed=True, fill=BLACK, stroke=HAIRLINE)
