"""The Gantt axis magnified to hours and minutes: the event day is the same plan, only closer.

Used by ``gantt_scale`` when a day is wide enough; ticks step from six hours down to five minutes as the zoom grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from qihua_desktop.i18n import _

from .calendars import Announcement
from .formatting import date_long, date_short, weekday_text
from .plan import MINUTES_PER_DAY, day_start
from .roles import Role
from .scene import Align, Box, Line, Overflow, Primitive, Rect, Text, Weight
from .working_time import Periods

if TYPE_CHECKING:
    from .gantt_scale import DayCalendar, TimeScale

HOUR_DAY_WIDTH: Final = 150.0
"""From this width of a day on, the axis shows hours."""
_STEPS: Final = (5, 10, 15, 30, 60, 120, 180, 360)
_LEAST_TICK: Final = 40.0

DayPeriods = Callable[[date], Periods]
"""The working periods of a day, minutes since midnight."""


def tick_minutes(scale: TimeScale) -> int:
    """Return the step between ticks that leaves room for their labels."""
    per_minute = scale.day_width / (scale.day_end - scale.day_start)
    return next((step for step in _STEPS if step * per_minute >= _LEAST_TICK), _STEPS[-1])


def hour_tiers(scale: TimeScale, calendar: DayCalendar, visible: Box, height: float) -> list[Primitive]:
    """Return the two tiers of the head: days above, clock times below."""
    half = height / 2
    shapes: list[Primitive] = []
    for day in scale.days(visible.x, visible.right):
        left, right = scale.day_x(day), scale.day_x(day) + scale.day_width
        info = calendar(day)
        seen = max(left, visible.x)
        room = min(right, visible.right) - seen
        if left > visible.x:
            shapes.append(Line(left, 0, left, height))
        if room > 40:
            text = date_long(day) if room > 150 else f"{date_short(day)} {weekday_text(day)}"
            if info.name and room > 150 + 13 * len(info.name):
                text = f"{text} · {info.name}"
            if info.announcement is Announcement.NOT_ANNOUNCED and room > 330:
                text = _("{period} · holidays not announced").format(period=text)
            role = Role.TEXT if info.working else Role.BAD
            shapes.append(
                Text(
                    seen + 6, 0, room - 8, half, text, role=role, size=12.0, weight=Weight.BOLD, overflow=Overflow.CLIP
                )
            )
        shapes += _clock(scale, day, visible, half)
    return shapes


def hour_lines(scale: TimeScale, visible: Box) -> list[Primitive]:
    """Return the lines under the ticks, the days' stronger than the hours'."""
    shapes: list[Primitive] = []
    for day in scale.days(visible.x, visible.right):
        x = scale.day_x(day)
        shapes.append(Line(x, visible.y, x, visible.bottom, stroke=Role.LINE))
        for _minute, at in _ticks(scale, day):
            if visible.x <= at <= visible.right and at - x > 1:
                shapes.append(Line(at, visible.y, at, visible.bottom, stroke=Role.LINE_SOFT))
    return shapes


def idle_hours(scale: TimeScale, periods: DayPeriods, visible: Box) -> list[Primitive]:
    """Return the shading of what is not worked within working days: nights and the lunch break."""
    shapes: list[Primitive] = []
    for day in scale.days(visible.x, visible.right):
        free = scale.day_start
        for first, last in (*periods(day), (scale.day_end, scale.day_end)):
            if first > free:
                left, right = _x(scale, day, free), _x(scale, day, min(first, scale.day_end))
                if right - left > 0.5 and right > visible.x and left < visible.right:
                    shapes.append(Rect(left, visible.y, right - left, visible.height, fill=Role.WEEKEND))
            free = max(free, last)
    return shapes


def clock_text(minute: int) -> str:
    """Return a minute of the day as ``09:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _clock(scale: TimeScale, day: date, visible: Box, half: float) -> Iterator[Primitive]:
    step = tick_minutes(scale)
    room = step * scale.day_width / (scale.day_end - scale.day_start)
    for minute, x in _ticks(scale, day):
        if visible.x - room <= x <= visible.right:
            yield Line(x, half, x, half * 2)
            yield Text(
                x + 4, half, room - 4, half, clock_text(minute), role=Role.MUTED, size=11.5, align=Align.LEFT,
                overflow=Overflow.CLIP, tabular=True,
            )  # fmt: skip


def _ticks(scale: TimeScale, day: date) -> Iterator[tuple[int, float]]:
    step = tick_minutes(scale)
    minute = -(-scale.day_start // step) * step
    while minute < scale.day_end:
        yield minute, _x(scale, day, minute)
        minute += step


def _x(scale: TimeScale, day: date, minute: int) -> float:
    if minute >= MINUTES_PER_DAY:
        return scale.day_x(day + timedelta(days=1))
    return scale.x(day_start(day) + minute)
