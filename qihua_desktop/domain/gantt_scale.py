"""The time axis of a Gantt chart: instants to pixels and back, and the two tiers of its head.

The working part of a day fills the day's whole column, so that a task from 9:00 to 18:00 covers its day; nights take no
room. Widening ``day_start`` … ``day_end`` to 0 … 1440 shows clock time instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import _

from .calendars import Announcement, DayInfo, DayKind
from .formatting import weekday_text
from .gantt_hours import HOUR_DAY_WIDTH, hour_lines, hour_tiers
from .plan import EPOCH, MINUTES_PER_DAY, day_of
from .roles import Role
from .scene import Align, Box, Group, Line, Overflow, Primitive, Rect, Text, Weight

HEADER_HEIGHT: Final = 42.0
_TIER: Final = HEADER_HEIGHT / 2
_EPOCH_DAY: Final = EPOCH.date()
_NARROW_LABEL: Final = 26.0
_YEAR_LABEL: Final = 74.0
_MONTH_LABEL: Final = 40.0
_CJK_START: Final = 0x2E80
_HATCH: Final = 7.0
_HOLIDAY_NAMES: Final = 3.4
_REMARK_ROOM: Final = 170.0
_ONE_DAY: Final = timedelta(days=1)

DayCalendar = Callable[[date], DayInfo]
"""Says whether a day is worked, and why not."""


class TimeUnit(StrEnum):
    """How coarse the axis is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DAY_WIDTHS: Final = {
    TimeUnit.HOUR: 900.0,
    TimeUnit.DAY: 34.0,
    TimeUnit.WEEK: 13.3,
    TimeUnit.MONTH: 4.2,
    TimeUnit.QUARTER: 1.05,
    TimeUnit.YEAR: 0.2,
}
"""Usual pixels per day of each unit."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Maps instants to pixels from the left edge of day ``first``."""

    first: date
    day_width: float
    unit: TimeUnit = TimeUnit.WEEK
    day_start: int = 540
    day_end: int = 1080

    def x(self, at: int) -> float:
        """Return where an instant stands."""
        day, minute = divmod(at, MINUTES_PER_DAY)
        part = (minute - self.day_start) / (self.day_end - self.day_start)
        return (day - (self.first - _EPOCH_DAY).days + min(1.0, max(0.0, part))) * self.day_width

    def day_x(self, day: date) -> float:
        """Return the left edge of a day's column."""
        return (day - self.first).days * self.day_width

    def at(self, x: float) -> int:
        """Return the instant under a pixel; between columns it is the later day's beginning of work."""
        days, part = divmod(x / self.day_width, 1.0)
        minute = round(self.day_start + part * (self.day_end - self.day_start))
        return ((self.first - _EPOCH_DAY).days + int(days)) * MINUTES_PER_DAY + minute

    def day_at(self, x: float) -> date:
        """Return the day under a pixel."""
        return day_of(self.at(x))

    def days(self, left: float, right: float) -> Iterator[date]:
        """Yield the days that a stretch of pixels touches."""
        day, last = self.day_at(left), self.day_at(right)
        while day <= last:
            yield day
            day += timedelta(days=1)


def weekday_calendar(day: date) -> DayInfo:
    """Return what a day is where nothing is known but the day of the week."""
    weekend = day.weekday() >= 5
    kind = DayKind.WEEKEND if weekend else DayKind.WORKDAY
    return DayInfo(day, not weekend, kind, "", Announcement.ANNOUNCED)


def unit_for(day_width: float) -> TimeUnit:
    """Return the finest unit whose labels still have room at this zoom."""
    for unit, least in (
        (TimeUnit.HOUR, HOUR_DAY_WIDTH),
        (TimeUnit.DAY, 24.0),
        (TimeUnit.WEEK, 5.2),
        (TimeUnit.MONTH, 1.4),
        (TimeUnit.QUARTER, 0.35),
    ):
        if day_width >= least:
            return unit
    return TimeUnit.YEAR


def header(scale: TimeScale, calendar: DayCalendar, visible: Box, *, today: int | None) -> list[Primitive]:
    """Return the head of the visible stretch: coarse tier, fine tier, holidays, 班 and the today pill."""
    bottom = HEADER_HEIGHT
    shapes: list[Primitive] = [Rect(visible.x, 0, visible.width, bottom, fill=Role.SUNKEN)]
    shapes += _unannounced(scale, calendar, visible)
    if scale.unit is TimeUnit.HOUR:
        shapes += hour_tiers(scale, calendar, visible, bottom)
    else:
        shapes += _upper(scale, calendar, visible)
        shapes += _lower(scale, calendar, visible, _pill(scale, today))
    if scale.unit in (TimeUnit.DAY, TimeUnit.WEEK) or _names_holidays_of_months(scale):
        shapes += _special_days(scale, calendar, visible)
    shapes.append(Line(visible.x, bottom - 0.5, visible.right, bottom - 0.5))
    pill = _pill(scale, today)
    if pill is not None and visible.x <= pill[1] and pill[0] <= visible.right:
        left, width = pill[0], pill[1] - pill[0]
        shapes.append(Rect(left, _TIER + 3, width, 16, fill=Role.TODAY, radius=8))
        shapes.append(_small(left, _TIER + 3, width, 16, _("Today"), Role.ON_ACCENT, Align.CENTER))
    return shapes


def _pill(scale: TimeScale, today: int | None) -> tuple[float, float] | None:
    """Return the left and right edge of the pill that marks today."""
    if today is None:
        return None
    middle, half = scale.x(today), 6.0 + _wide(_("Today")) / 2
    return middle - half, middle + half


def _wide(text: str) -> float:
    """Return about how wide a small label is."""
    return sum(12.0 if ord(character) > _CJK_START else 6.8 for character in text)


def shading(scale: TimeScale, calendar: DayCalendar, visible: Box) -> list[Primitive]:
    """Return the columns of days off and the lines between the axis's units, full height."""
    shapes: list[Primitive] = []
    if scale.unit in (TimeUnit.HOUR, TimeUnit.DAY, TimeUnit.WEEK, TimeUnit.MONTH):
        for first, last, role in _days_off(scale, calendar, visible):
            x = scale.day_x(first)
            width = ((last - first).days + 1) * scale.day_width
            shapes.append(Rect(x, visible.y, width, visible.height, fill=role))
    if scale.unit is TimeUnit.HOUR:
        return [*shapes, *hour_lines(scale, visible)]
    for day in _ticks(scale, visible):
        x = scale.day_x(day)
        shapes.append(Line(x, visible.y, x, visible.bottom, stroke=Role.LINE_SOFT))
    return shapes


def _days_off(scale: TimeScale, calendar: DayCalendar, visible: Box) -> Iterator[tuple[date, date, Role]]:
    start: tuple[date, Role] | None = None
    last = scale.day_at(visible.x)
    for day in scale.days(visible.x, visible.right):
        info = calendar(day)
        role = None
        if not info.working:
            role = Role.WEEKEND if info.kind is DayKind.WEEKEND else Role.HOLIDAY
        if start is not None and role is not start[1]:
            yield start[0], last, start[1]
            start = None
        if start is None and role is not None:
            start = (day, role)
        last = day
    if start is not None:
        yield start[0], last, start[1]


def unannounced_text(text: str) -> str:
    """Return a month's or year's name with the remark that its holidays are not known yet."""
    return _("{period} · holidays not announced").format(period=text)


def _names_holidays_of_months(scale: TimeScale) -> bool:
    return scale.unit is TimeUnit.MONTH and scale.day_width >= _HOLIDAY_NAMES


def _unannounced(scale: TimeScale, calendar: DayCalendar, visible: Box) -> list[Primitive]:
    """Return the hatching of the days whose holidays are not announced, or only tentative."""
    first, last = scale.day_at(visible.x), scale.day_at(visible.right)
    if calendar(last).announcement is Announcement.ANNOUNCED:
        return []
    while first <= last and calendar(first).announcement is Announcement.ANNOUNCED:
        first = min(first + timedelta(days=16), last) if _still_announced(calendar, first, last) else first + _ONE_DAY
    left, right = max(scale.day_x(first), visible.x), visible.right
    start = left - left % _HATCH - HEADER_HEIGHT
    lines = [
        Line(x, HEADER_HEIGHT, x + HEADER_HEIGHT, 0, stroke=Role.LINE)
        for x in (start + _HATCH * number for number in range(int((right - start) / _HATCH) + 1))
    ]
    hatching: list[Primitive] = [Group(tuple(lines), clip=Box(left, 0, right - left, HEADER_HEIGHT))]
    if scale.unit is TimeUnit.YEAR and right - left > _REMARK_ROOM:
        words = _("holidays not announced")
        hatching.append(_small(left + 6, 0, right - left - 8, _TIER, words, Role.MUTED, Align.LEFT))
    return hatching


def _still_announced(calendar: DayCalendar, day: date, last: date) -> bool:
    return calendar(min(day + timedelta(days=16), last)).announcement is Announcement.ANNOUNCED


def _upper(scale: TimeScale, calendar: DayCalendar, visible: Box) -> list[Primitive]:
    by_year = scale.unit in (TimeUnit.MONTH, TimeUnit.QUARTER)
    shapes: list[Primitive] = []
    if scale.unit is TimeUnit.YEAR:
        return shapes
    day = scale.day_at(visible.x)
    day = date(day.year, 1, 1) if by_year else day.replace(day=1)
    shown_year = None
    while scale.day_x(day) <= visible.right:
        following = date(day.year + 1, 1, 1) if by_year else (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        left = max(scale.day_x(day), visible.x)
        room = min(scale.day_x(following), visible.right) - left
        if scale.day_x(day) > visible.x:
            shapes.append(Line(left, 0, left, HEADER_HEIGHT))
        if room > _NARROW_LABEL:
            if by_year:
                text = _("{year}").format(year=day.year)
            elif day.year != shown_year and room > _YEAR_LABEL:
                shown_year = day.year
                text = _("{month_name} {year}").format(month_name=month_name(day.month), month=day.month, year=day.year)
            else:
                text = month_name(day.month)
            if room > _REMARK_ROOM and calendar(day).announcement is Announcement.NOT_ANNOUNCED:
                text = unannounced_text(text)
            shapes.append(
                Text(left + 6, 0, room - 8, _TIER, text, size=12.0, weight=Weight.BOLD, overflow=Overflow.CLIP)
            )
        day = following
    return shapes


def _lower(scale: TimeScale, calendar: DayCalendar, visible: Box, pill: tuple[float, float] | None) -> list[Primitive]:
    shapes: list[Primitive] = []
    ticks = list(_ticks(scale, visible))
    for day, following in zip(ticks, [*ticks[1:], None], strict=True):
        x = scale.day_x(day)
        shapes.append(Line(x, _TIER, x, HEADER_HEIGHT))
        match scale.unit:
            case TimeUnit.DAY:
                text = f"{day.day} {weekday_text(day)}" if scale.day_width > 52 else str(day.day)
                role = Role.MUTED if calendar(day).working else Role.BAD
                middle = x + scale.day_width / 2
                half = _wide(text) / 2
                if pill is None or middle + half < pill[0] or middle - half > pill[1]:
                    shapes.append(_small(x, _TIER, scale.day_width, _TIER, text, role, Align.CENTER))
                continue
            case TimeUnit.WEEK:
                text = f"{day.month}/{day.day}"
            case TimeUnit.MONTH:
                text = month_name(day.month)
            case TimeUnit.QUARTER:
                text = _("Q{quarter}").format(quarter=(day.month + 2) // 3)
            case _:
                text = _("{year}").format(year=day.year)
                if calendar(day).announcement is Announcement.NOT_ANNOUNCED and scale.day_width * 365 > _REMARK_ROOM:
                    text = unannounced_text(text)
        end = scale.day_x(following) if following else visible.right
        covered = pill is not None and pill[0] < x + 4 + _wide(text) and x + 4 < pill[1]
        if end - x > 14 and not covered:
            shapes.append(_small(x + 4, _TIER, max(end - x - 4, 30), _TIER, text, Role.MUTED, Align.LEFT))
    return shapes


def _special_days(scale: TimeScale, calendar: DayCalendar, visible: Box) -> list[Primitive]:
    shapes: list[Primitive] = []
    names: list[tuple[str, float, float]] = []
    running: tuple[str, float, float] | None = None
    for day in scale.days(visible.x, visible.right):
        info = calendar(day)
        x = scale.day_x(day)
        if info.kind is DayKind.MAKE_UP and scale.unit is not TimeUnit.MONTH:
            shapes += _make_up_mark(scale, x)
        name = info.name if info.kind in (DayKind.HOLIDAY, DayKind.DAY_OFF) else ""
        if running is not None and name != running[0]:
            names.append(running)
            running = None
        if name:
            running = (name, running[1] if running else x, x + scale.day_width)
    if running is not None:
        names.append(running)
    used = float("-inf")
    for one in names:
        for text in _holiday(scale, one, visible):
            left = text.x + (text.width - _wide(one[0])) / 2
            if left > used:
                shapes.append(text)
                used = left + _wide(one[0]) + 3.0
    return shapes


def _make_up_mark(scale: TimeScale, x: float) -> list[Primitive]:
    """Return the 班 mark: above the day's number where that is shown, else in its place."""
    width = max(min(scale.day_width, 22.0), 13.0)
    left = x + (scale.day_width - width) / 2
    top = 2.0 if scale.unit is TimeUnit.DAY else _TIER + 1
    return [
        Rect(left, top, width, _TIER - 3, fill=Role.WARN_BG),
        _small(left, top, width, _TIER - 3, _("W"), Role.WARN, Align.CENTER, 10.5),
    ]


def _holiday(scale: TimeScale, running: tuple[str, float, float], visible: Box) -> Iterator[Text]:
    """Yield a holiday's name over its days; beside the month's name where the two would meet, or not at all."""
    name, left, right = running
    width = max(right - left, _wide(name))
    middle = (left + right) / 2
    month = scale.day_x(scale.day_at(right - 1).replace(day=1))
    label = 80.0 if scale.day_at(right - 1).month == 1 else _MONTH_LABEL
    if scale.unit is TimeUnit.MONTH and scale.day_at(right - 1).month != 1:
        month, label = left - 1000.0, 0.0
    if month - 4 < middle + width / 2 and middle - _wide(name) / 2 < month + label:
        middle = month + label + _wide(name) / 2
        width = _wide(name)
    start = middle - _wide(name) / 2
    free = visible.x + (_YEAR_LABEL if month < visible.x or scale.unit is TimeUnit.MONTH else 0.0) + 4.0
    if visible.x - _wide(name) < start < free:
        if right < free:
            return
        middle, width = free + _wide(name) / 2, _wide(name)
    yield _small(middle - width / 2, 0, width, _TIER, name, Role.BAD, Align.CENTER, 11.0)


def _ticks(scale: TimeScale, visible: Box) -> Iterator[date]:
    day = scale.day_at(visible.x)
    match scale.unit:
        case TimeUnit.DAY:
            step = timedelta(days=1)
        case TimeUnit.WEEK:
            day -= timedelta(days=day.weekday())
            step = timedelta(days=7)
        case TimeUnit.MONTH:
            day, step = day.replace(day=1), timedelta(days=31)
        case TimeUnit.QUARTER:
            day, step = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), timedelta(days=93)
        case _:
            day, step = date(day.year, 1, 1), timedelta(days=370)
    while scale.day_x(day) <= visible.right:
        if scale.day_x(day) >= visible.x:
            yield day
        day += step
        if step.days > 7:
            day = day.replace(month=1 if step.days > 366 else day.month, day=1)


def month_name(month: int) -> str:
    """Return ``8 月`` or ``Aug``."""
    names = (
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        _("May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    )
    return names[month - 1]


def _small(
    x: float, y: float, width: float, height: float, text: str, role: Role, align: Align, size: float = 12.0
) -> Text:
    return Text(x, y, width, height, text, role=role, size=size, align=align, overflow=Overflow.VISIBLE, tabular=True)
