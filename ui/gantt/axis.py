"""The time axis of the window: how wide a day is, where the picture begins, and how zooming keeps its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, log
from typing import Final

from qihua_desktop.domain.gantt_hours import tick_minutes
from qihua_desktop.domain.gantt_scale import DAY_WIDTHS, TimeScale, TimeUnit, unit_for
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, day_start

NARROWEST_DAY: Final = 0.08
WIDEST_DAY: Final = 14_400.0
_OFFICE_UNTIL: Final = 110.0
_CLOCK_FROM: Final = 420.0
_MARGIN_DAYS: Final = 21
_FIT_MARGIN: Final = 44.0
_SNAPS: Final = (5, 10, 15, 30, 60)


@dataclass(frozen=True, slots=True)
class Axis:
    """Immutable; ``first`` and ``last`` bound the picture, ``opening`` and ``closing`` are the working day's minutes.

    The closer the zoom, the more of the clock a day's column shows: office hours fill it at first, all 24 at last.
    """

    first: date
    last: date
    day_width: float
    opening: int = 540
    closing: int = 1080

    @property
    def unit(self) -> TimeUnit:
        """How coarse the labels are."""
        return unit_for(self.day_width)

    @property
    def days(self) -> int:
        """How many days the picture is wide."""
        return (self.last - self.first).days + 1

    @property
    def width(self) -> float:
        """The width of the picture."""
        return self.days * self.day_width

    @property
    def scale(self) -> TimeScale:
        """The scale to draw with."""
        share = 0.0
        if self.day_width > _OFFICE_UNTIL:
            share = min(1.0, log(self.day_width / _OFFICE_UNTIL) / log(_CLOCK_FROM / _OFFICE_UNTIL))
        opening = round(self.opening * (1 - share))
        closing = round(self.closing + (MINUTES_PER_DAY - self.closing) * share)
        return TimeScale(self.first, self.day_width, self.unit, opening, closing)

    def zoomed(self, day_width: float) -> Axis:
        """Return the axis with another width of a day, within what can be shown."""
        return replace(self, day_width=min(WIDEST_DAY, max(NARROWEST_DAY, day_width)))

    def spanning(self, start: int, finish: int, viewport: float) -> Axis:
        """Return the axis with room around a span, so that any part of it can be brought to the middle."""
        margin = max(_MARGIN_DAYS, ceil(viewport / self.day_width))
        margin = min(margin, 36_500)
        return replace(self, first=_away(day_of(start), -margin), last=_away(day_of(finish), margin))

    def fitting(self, start: int, finish: int, viewport: float) -> Axis:
        """Return the axis at the zoom that shows a span as large as it fits."""
        days = max(1.0, (day_start(day_of(finish)) - day_start(day_of(start))) / MINUTES_PER_DAY + 1)
        return self.zoomed(max(1.0, viewport - 2 * _FIT_MARGIN) / days)

    def snap(self) -> int:
        """Return the minutes that dragging moves by."""
        if self.unit is not TimeUnit.HOUR:
            return MINUTES_PER_DAY
        tick = tick_minutes(self.scale)
        return max(step for step in _SNAPS if step <= max(5, tick // 2))

    def shifted(self, at: int, dx: float) -> int:
        """Return an instant moved by pixels, snapped: by whole days, or to the clock when hours are shown."""
        if self.unit is not TimeUnit.HOUR:
            return at + round(dx / self.day_width) * MINUTES_PER_DAY
        snap = self.snap()
        moved = self.scale.at(self.scale.x(at) + dx)
        return round(moved / snap) * snap

    def boundary(self, x: float) -> int:
        """Return the snapped instant under a pixel, for an edge of a bar: the nearest midnight, or clock time."""
        if self.unit is not TimeUnit.HOUR:
            return day_start(self.first + timedelta(days=round(x / self.day_width)))
        snap = self.snap()
        return round(self.scale.at(x) / snap) * snap


def usual_width(unit: TimeUnit) -> float:
    """Return the pixels per day of a unit's button."""
    return DAY_WIDTHS[unit]


def _away(day: date, days: int) -> date:
    try:
        return min(max(day + timedelta(days=days), date(1900, 1, 1)), date(2200, 1, 1))
    except OverflowError:
        return date(1900, 1, 1) if days < 0 else date(2200, 1, 1)
