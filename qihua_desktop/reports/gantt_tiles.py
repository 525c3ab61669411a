"""How a chart is cut into sheets: one that holds everything, or tiles side by side and one below the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from qihua_desktop.domain.calendars import DayInfo
from qihua_desktop.domain.gantt_hours import HOUR_DAY_WIDTH
from qihua_desktop.domain.gantt_scale import DAY_WIDTHS, HEADER_HEIGHT, TimeScale, TimeUnit, unit_for, weekday_calendar
from qihua_desktop.domain.gantt_scene import LABEL_GAP, LABEL_SIZE, ROW_HEIGHT, GanttChart, GanttLink, GanttRow
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, last_day_of

from . import fonts
from .document import Area, DocumentInfo
from .export_report import ExportReport
from .gantt_table import USUAL_COLUMNS, TaskColumn, TaskTable
from .signatures import SignatureBox

TITLE_HEIGHT: Final = 30.0
LEGEND_HEIGHT: Final = 18.0
_USUAL_SCALE: Final = 0.64
_LEAST_SCALE: Final = 0.46
_LEAST_DAY: Final = 1.1
_LEAST_READABLE_DAY: Final = 0.7
_MARGIN_DAYS: Final = 3
_PER_MINUTE: Final = 1.1
_LEAST_PER_MINUTE: Final = 0.75
_MOST_PER_MINUTE: Final = 2.2
_LABEL_MINUTES: Final = 40
_MOST_COLUMNS: Final = 4
_FEW_BANDS: Final = 6
LABEL_ROOM: Final = 60.0
"""How far right of its bar a label is looked for on the next sheet."""
_LEAST_TILE_SCALE: Final = 0.56
_OFFICE: Final = (540, 1080)


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

    ``first`` and ``last`` bound the axis; None takes them from the rows. ``footnote`` is printed under the chart,
    ``signatures`` on the last sheet.
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
    columns: tuple[TaskColumn, ...] = USUAL_COLUMNS
    signatures: tuple[SignatureBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """What one sheet shows: rows, a stretch of the axis in scene pixels, how it is scaled, and where it belongs."""

    chart: GanttChart
    table: TaskTable
    first_row: int
    last_row: int
    left: float
    right: float
    scale: float
    band: int = 0
    bands: int = 1
    column: int = 0
    columns: int = 1
    places: tuple[tuple[int, int], ...] = ()
    """Band and column of every sheet in order; stretches in which nothing happens have none."""


def axis_bounds(chart: GanttInput) -> tuple[date, date]:
    """Return the first and last day of the axis: as asked for, else whole weeks around all bars with a little air."""
    starts = [row.start for row in chart.rows if row.start is not None]
    starts += [row.baseline[0] for row in chart.rows if row.baseline]
    finishes = [last_day_of(row.start or row.finish, row.finish) for row in chart.rows if row.finish is not None]
    finishes += [last_day_of(*row.baseline) for row in chart.rows if row.baseline]
    today = day_of(chart.today) if chart.today is not None else chart.info.printed_at.date()
    first = chart.first or (min(day_of(at) for at in starts) if starts else today)
    last = chart.last or max(max(finishes) if finishes else first, first)
    if chart.first is None:
        first -= timedelta(days=first.weekday())
    if chart.last is not None:
        return first, max(first, last)
    last += timedelta(days=_MARGIN_DAYS)
    last += timedelta(days=6 - last.weekday())
    return first, max(last, first + timedelta(days=13))


def rows_within(chart: GanttInput) -> GanttInput:
    """Return the chart without rows that lie outside the stretch asked for."""
    if chart.first is None and chart.last is None:
        return chart

    def is_inside(row: GanttRow) -> bool:
        if row.start is None or row.finish is None:
            return False
        before = chart.first is not None and last_day_of(row.start, row.finish) < chart.first
        return not before and (chart.last is None or day_of(row.start) <= chart.last)

    return replace(chart, rows=tuple(row for row in chart.rows if is_inside(row)))


def cut(chart: GanttInput, area: Area, signing: float, report: ExportReport) -> list[Tile]:
    """Return the sheets in reading order; ``signing`` is the height of what stands under the chart on the last."""
    room = area.height - TITLE_HEIGHT - LEGEND_HEIGHT
    first, last = axis_bounds(chart)
    days = (last - first).days + 1
    clock = chart.unit is TimeUnit.HOUR or (days <= 2 and chart.last is not None)
    full = TaskTable(chart.rows, report, chart.columns, clock=clock)
    count = max(len(chart.rows), 1)
    scale = min(_LARGEST_SCALE[chart.paper], (room - signing) / (HEADER_HEIGHT + count * ROW_HEIGHT))
    if chart.fit is Fit.AUTO and scale < _LEAST_SCALE:
        scale = _USUAL_SCALE
    chart_width = max(area.width / scale - full.width, 60.0)
    if chart.last is None:
        days = _days_with_labels(chart, first, days, chart_width)
    day_width = chart_width / days
    if chart.fit is Fit.TILES or (chart.fit is Fit.AUTO and day_width < _LEAST_READABLE_DAY):
        coarse = chart if chart.fit is Fit.TILES else replace(chart, unit=_coarse(days, chart_width))
        return _grid(coarse, area, (room, signing), (first, days), full, report)
    if day_width < _LEAST_DAY:
        scale = min(scale, area.width / (full.width + days * _LEAST_DAY))
        day_width = (area.width / scale - full.width) / days
    picture = _chart(chart, _scale(chart, first, day_width), days)
    bands = _bands(count, (room / scale - HEADER_HEIGHT) / ROW_HEIGHT, signing / scale / ROW_HEIGHT)
    return [
        Tile(picture, full, top, min(bottom, len(chart.rows)), 0.0, picture.width, scale, band, len(bands))
        for band, (top, bottom) in enumerate(bands)
    ]


def _coarse(days: int, width: float) -> TimeUnit:
    """Return the finest unit at which an axis needs few sheets side by side."""
    for unit in (TimeUnit.MONTH, TimeUnit.QUARTER):
        if days * DAY_WIDTHS[unit] <= width * _MOST_COLUMNS:
            return unit
    return TimeUnit.YEAR


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


def _bands(rows: int, capacity: float, tail: float) -> list[tuple[int, int]]:
    """Return the rows of each sheet from top to bottom, with ``tail`` rows' room left under the last."""
    each = max(1, int(capacity + 0.001))
    bands = [(top, min(top + each, rows)) for top in range(0, rows, each)]
    first, last = bands[-1]
    if last - first + tail > capacity + 0.001 and last - first > 1:
        middle = max((first + last) // 2, last - max(1, int(capacity - tail)))
        bands[-1:] = [(first, middle), (middle, last)]
    return bands


def _grid(
    chart: GanttInput,
    area: Area,
    heights: tuple[float, float],
    axis: tuple[date, int],
    full: TaskTable,
    report: ExportReport,
) -> list[Tile]:
    """Return tiles row by row, each from left to right; the days are widened to fill the sheets they need anyway."""
    (room, signing), (first, days) = heights, axis
    scale = _tile_scale(max(len(chart.rows), 1), room, signing)
    compact = TaskTable(chart.rows, report)
    capacity = (room / scale - HEADER_HEIGHT) / ROW_HEIGHT
    bands = _bands(max(len(chart.rows), 1), capacity, signing / scale / ROW_HEIGHT)
    rooms = (max(area.width / scale - full.width, 120.0), area.width / scale - compact.width)
    picture, cuts = (
        _hour_cuts(chart, first, days, rooms) if chart.unit is TimeUnit.HOUR else _day_cuts(chart, first, days, rooms)
    )
    places = tuple(
        (band, column)
        for band, rows in enumerate(bands)
        for column, (left, right) in enumerate(cuts)
        if column == 0 or _is_used(picture, rows, left, right)
    )
    return [
        Tile(
            picture, compact if column else full, bands[band][0], min(bands[band][1], len(chart.rows)), *cuts[column],
            scale, band, len(bands), column, len(cuts), places,
        )
        for band, column in places
    ]  # fmt: skip


def _tile_scale(rows: int, room: float, signing: float) -> float:
    """Return a scale that is a little smaller than usual where that saves the last, almost empty sheet."""

    def sheets(scale: float) -> int:
        capacity = (room / scale - HEADER_HEIGHT) / ROW_HEIGHT
        return len(_bands(rows, capacity, signing / scale / ROW_HEIGHT))

    usual = sheets(_USUAL_SCALE)
    scale = _USUAL_SCALE
    while usual < _FEW_BANDS and scale > _LEAST_TILE_SCALE:
        scale -= 0.01
        if sheets(scale) < usual:
            return scale
    return _USUAL_SCALE


def _is_used(picture: GanttChart, rows: tuple[int, int], left: float, right: float) -> bool:
    """Return whether any bar, deadline or baseline lies in a stretch of some rows."""
    scale = picture.scale
    for row in picture.rows[rows[0] : rows[1]]:
        base = row.baseline or ()
        ends = [scale.x(at) for at in (row.start, row.finish, *base) if at is not None]
        if row.deadline is not None and left <= scale.x(row.deadline) < right:
            return True
        if ends and min(ends) < right and max(ends) + (LABEL_ROOM if row.label else 0.0) >= left:
            return True
    return False


def _day_cuts(
    chart: GanttInput, first: date, days: int, room: tuple[float, float]
) -> tuple[GanttChart, list[tuple[float, float]]]:
    usual = DAY_WIDTHS[chart.unit]
    rooms = [room[0]]
    while sum(max(1, int(one / usual)) for one in rooms) < days:
        rooms.append(room[1])
    day_width = max(usual, min(usual * 1.5, min(rooms[0], sum(rooms) / days * 0.98)))
    while sum(max(1, int(one / day_width)) for one in rooms) < days:
        day_width = max(usual, day_width * 0.985)
    cuts: list[tuple[float, float]] = []
    done = 0
    for one in rooms:
        following = min(days, done + max(1, int(one / day_width)))
        if following > done:
            cuts.append((done * day_width, following * day_width))
        done = following
    return _chart(chart, TimeScale(first, day_width, chart.unit), days), cuts


def _hour_cuts(
    chart: GanttInput, first: date, days: int, room: tuple[float, float]
) -> tuple[GanttChart, list[tuple[float, float]]]:
    """Return the axis with hours, cut at full hours."""
    begin, end = _hours(chart, first, days)
    per_minute = _per_minute(days * (end - begin), room)
    hour = per_minute * 60
    day = (end - begin) * per_minute
    width = days * day
    cuts: list[tuple[float, float]] = []
    left = 0.0
    while left < width - 0.5:
        one = room[1] if cuts else room[0]
        right = min(width, left + max(1, int(one / hour + 0.001)) * hour)
        whole_days = right // day * day
        if right < width and whole_days > left:
            right = whole_days
        cuts.append((left, right))
        left = right
    scale = TimeScale(first, day, TimeUnit.HOUR, begin, end)
    return _chart(chart, scale, days), cuts


def _per_minute(minutes: int, room: tuple[float, float]) -> float:
    """Return the width of a minute: as usual, but filling one sheet where all of it fits there."""
    fitting = room[0] / max(minutes, 1)
    return min(fitting, _MOST_PER_MINUTE) if fitting >= _LEAST_PER_MINUTE else _PER_MINUTE


def _hours(chart: GanttInput, first: date, days: int) -> tuple[int, int]:
    """Return the minutes of the day between which anything happens in the stretch printed, full hours."""
    last = first + timedelta(days=days - 1)
    (begin, end), labelled = _OFFICE, 0
    for row in chart.rows:
        for at in (row.start, row.finish):
            if at is not None and first <= day_of(at) <= last:
                minute = at % MINUTES_PER_DAY
                begin, end = min(begin, minute), max(end, minute)
                labelled = max(labelled, minute if row.label else 0)
    end = -(-end // 60) * 60
    if days == 1 and labelled > end - _LABEL_MINUTES:
        end += 60
    return begin // 60 * 60, min(MINUTES_PER_DAY, end)


def _scale(chart: GanttInput, first: date, day_width: float) -> TimeScale:
    if day_width < HOUR_DAY_WIDTH:
        return TimeScale(first, day_width, unit_for(day_width))
    last = axis_bounds(chart)[1]
    begin, end = _hours(chart, first, (last - first).days + 1)
    return TimeScale(first, day_width, TimeUnit.HOUR, begin, end)


def _chart(chart: GanttInput, scale: TimeScale, days: int) -> GanttChart:
    known = {info.day: info for info in chart.days}

    def calendar(day: date) -> DayInfo:
        return known.get(day) or weekday_calendar(day)

    return GanttChart(chart.rows, chart.links, scale, days=days, calendar=calendar, today=chart.today, sheets=True)
