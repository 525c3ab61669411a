"""All projects on one time axis as a scene: bars in the colour of the kind, stages, key dates, and people's weeks.

Only what is visible is built. Rows are numbered from the top, each ``ROW_HEIGHT`` high; x is counted from the first
day of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .formatting import percent_text
from .gantt_scale import DayCalendar, TimeScale, header, shading, weekday_calendar
from .plan import DONE
from .roles import Role
from .scene import Align, Box, Group, Line, Overflow, Polygon, Primitive, Rect, Text, Weight

ROW_HEIGHT: Final = 30.0
BAR_HEIGHT: Final = 16.0
BAR_TOP: Final = 7.0
STAGE_HEIGHT: Final = 10.0
STAGE_TOP: Final = 10.0
LEAST_BAR: Final = 4.0
_DIAMOND: Final = 6.5
_CELL_TOP: Final = 4.0
_CELL_LABEL: Final = 30.0
_FULLEST: Final = 15_000


class LineKind(StrEnum):
    """How a row is drawn."""

    PROJECT = "project"
    STAGE = "stage"
    HEADING = "heading"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class WeekCell:
    """Somebody's week from Monday: how full it is in basis points, and what a tool tip says about it."""

    key: str
    monday: date
    share: int
    is_over: bool
    words: str


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """A row of the chart.

    ``solid`` and ``soft`` are the colours of the bar. ``key_on`` is the day of the diamond. ``label`` stands right of
    the bar, ``words`` are its tool tip. ``joints`` are the instants at which later stages begin.
    """

    key: str
    kind: LineKind
    words: str = ""
    start: int | None = None
    finish: int | None = None
    progress: int = 0
    solid: Role = Role.BAR
    soft: Role = Role.BAR_SOFT
    label: str = ""
    key_on: date | None = None
    is_late: bool = False
    is_over: bool = False
    joints: tuple[int, ...] = ()
    weeks: tuple[WeekCell, ...] = ()


class PortfolioChart:
    """Builds the visible part of the picture. Immutable; make a new one when rows or scale change."""

    def __init__(
        self,
        lines: Sequence[PortfolioLine],
        scale: TimeScale,
        *,
        days: int,
        calendar: DayCalendar = weekday_calendar,
        today: int | None = None,
        selected: str = "",
    ) -> None:
        """Take the rows from top to bottom; ``selected`` is the key of the tinted one."""
        self.lines = tuple(lines)
        self.scale = scale
        self.width = days * scale.day_width
        self.height = len(self.lines) * ROW_HEIGHT
        self._calendar = calendar
        self._today = today
        self._selected = selected
        self._index = {line.key: number for number, line in enumerate(self.lines)}

    def header(self, visible: Box) -> list[Primitive]:
        """Return the axis above the visible stretch."""
        return header(self.scale, self._calendar, visible, today=self._today)

    def body(self, visible: Box) -> list[Primitive]:
        """Return everything of the visible part, back to front."""
        shapes = shading(self.scale, self._calendar, visible)
        first = max(0, int(visible.y // ROW_HEIGHT))
        last = min(len(self.lines), int(visible.bottom // ROW_HEIGHT) + 1)
        for number in range(first, last):
            y = number * ROW_HEIGHT
            line = self.lines[number]
            if line.kind is LineKind.HEADING:
                shapes.append(Rect(visible.x, y, visible.width, ROW_HEIGHT, fill=Role.SUNKEN))
            if line.key == self._selected:
                shapes.append(Rect(visible.x, y, visible.width, ROW_HEIGHT - 1, fill=Role.ACCENT, opacity=0.07))
            bottom = y + ROW_HEIGHT - 0.5
            shapes.append(Line(visible.x, bottom, visible.right, bottom, stroke=Role.LINE_SOFT))
        for number in range(first, last):
            shapes += self._line_shapes(number, visible)
        if self._today is not None:
            x = self.scale.x(self._today)
            if visible.x <= x <= visible.right:
                shapes.append(Line(x, visible.y, x, visible.bottom, stroke=Role.TODAY, width=1.5))
        return shapes

    def bar_box(self, key: str) -> Box | None:
        """Return the box of a row's bar or its busy weeks; None for an unknown or empty row."""
        number = self._index.get(key)
        if number is None:
            return None
        line = self.lines[number]
        span = self._span(line)
        if span is None and line.weeks:
            span = self.scale.day_x(line.weeks[0].monday), self.scale.day_x(line.weeks[-1].monday)
        return Box(span[0], number * ROW_HEIGHT + BAR_TOP, span[1] - span[0], BAR_HEIGHT) if span else None

    def _span(self, line: PortfolioLine) -> tuple[float, float] | None:
        if line.start is None or line.finish is None:
            return None
        left, right = self.scale.x(line.start), self.scale.x(line.finish)
        return left, max(right, left + LEAST_BAR)

    def _line_shapes(self, number: int, visible: Box) -> list[Primitive]:
        line = self.lines[number]
        y = number * ROW_HEIGHT
        if line.kind is LineKind.PERSON:
            return self._week_shapes(line, y, visible)
        shapes: list[Primitive] = []
        right = 0.0
        span = self._span(line)
        if span is not None:
            shapes += self._bar(line, span, y)
            right = span[1]
        if line.is_late and span is not None:
            x, top = span[0] - 13, y + 10
            shapes.append(Polygon(((x, top + 10), (x + 10, top + 10), (x + 5, top)), fill=Role.BAD))
        if line.key_on is not None:
            x = self.scale.day_x(line.key_on) + min(self.scale.day_width, 40.0) / 2
            shapes.append(_diamond(x, y + ROW_HEIGHT / 2, line.solid))
            right = max(right, x + _DIAMOND) if span is not None else x + _DIAMOND
        if not shapes:
            return []
        if line.label:
            role = Role.BAD if line.is_late else Role.MUTED
            shapes.append(
                Text(right + 8, y, 0, ROW_HEIGHT, line.label, role=role, size=12.0, overflow=Overflow.VISIBLE)
            )
        reach = right + 8 + 13.0 * len(line.label)
        left = (span[0] if span is not None else right) - 20
        if reach < visible.x or left > visible.right:
            return []
        return [Group(tuple(shapes), key=line.key, label=line.words)]

    def _bar(self, line: PortfolioLine, span: tuple[float, float], y: float) -> list[Primitive]:
        is_stage = line.kind is LineKind.STAGE
        top = y + (STAGE_TOP if is_stage else BAR_TOP)
        height = STAGE_HEIGHT if is_stage else BAR_HEIGHT
        left, right = span
        width = right - left
        done = width * min(DONE, max(0, line.progress)) / DONE
        shapes: list[Primitive] = [
            Rect(left, top, width, height, fill=line.soft, stroke=line.solid, stroke_width=0.8, radius=3)
        ]
        if done > 0.5:
            shapes.append(Rect(left, top, done, height, fill=line.solid, radius=3))
        for joint in line.joints:
            x = self.scale.x(joint)
            if left + 3 < x < right - 3:
                shapes.append(Line(x, top + 1, x, top + height - 1, stroke=Role.SURFACE, width=1.5))
        return shapes

    def _week_shapes(self, line: PortfolioLine, y: float, visible: Box) -> list[Primitive]:
        width = 7 * self.scale.day_width
        gap = 1.5 if width > 14 else 0.2
        height = ROW_HEIGHT - 2 * _CELL_TOP
        shapes: list[Primitive] = []
        for cell in line.weeks:
            x = self.scale.day_x(cell.monday)
            if x + width < visible.x or x > visible.right or not cell.share:
                continue
            strength = 0.12 + 0.5 * min(cell.share, _FULLEST) / _FULLEST
            fill = Role.CRITICAL if cell.is_over else Role.BAR
            parts: list[Primitive] = [
                Rect(x + gap, y + _CELL_TOP, width - 2 * gap, height, fill=fill, radius=3, opacity=strength)
            ]
            if width >= _CELL_LABEL:
                parts.append(
                    Text(
                        x,
                        y,
                        width,
                        ROW_HEIGHT,
                        percent_text(cell.share, 0),
                        size=11.5,
                        align=Align.CENTER,
                        weight=Weight.BOLD if cell.is_over else Weight.REGULAR,
                        overflow=Overflow.CLIP,
                        tabular=True,
                    )
                )
            shapes.append(Group(tuple(parts), key=cell.key, label=cell.words))
        return shapes


def _diamond(x: float, y: float, fill: Role) -> Polygon:
    points = ((x, y - _DIAMOND), (x + _DIAMOND, y), (x, y + _DIAMOND), (x - _DIAMOND, y))
    return Polygon(points, fill=fill, stroke=Role.SURFACE, stroke_width=1.4)
