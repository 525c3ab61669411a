"""The Gantt chart as a scene: what the screen shows is what prints.

Only what is visible is built, so that ten thousand rows scroll as fast as twenty. Rows are numbered from the top, each
``ROW_HEIGHT`` high; x is counted from the first day of the scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .gantt_scale import DayCalendar, TimeScale, header, shading, weekday_calendar
from .gantt_shapes import BAR_HEIGHT, BAR_TOP, DIAMOND, ROW_HEIGHT, bracket, diamond, route
from .plan import DONE, LinkType
from .roles import Role
from .scene import Box, Group, Line, Overflow, Point, Polygon, Polyline, Primitive, Rect, Text

LEAST_BAR: Final = 4.0
LABEL_GAP: Final = 10.0
LABEL_SIZE: Final = 12.0
_BASELINE_TOP: Final = 20.5
_BASELINE_HEIGHT: Final = 3.0
_BUCKET: Final = 32
"""Rows per drawer of the link index."""


class BarKind(StrEnum):
    """How a row is drawn."""

    TASK = "task"
    SUMMARY = "summary"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class GanttRow:
    """A row of the chart and of the task table beside it.

    ``key`` names the row in hit tests. ``start`` and ``finish`` are instants, None for a row without dates.
    ``segments`` are the pieces of a split task. ``label`` stands to the right of the bar. ``baseline`` is where the
    task stood.
    """

    key: str
    name: str
    number: str
    owner: str
    start: int | None
    finish: int | None
    progress: int = 0
    level: int = 0
    kind: BarKind = BarKind.TASK
    critical: bool = False
    label: str = ""
    baseline: tuple[int, int] | None = None
    deadline: int | None = None
    segments: tuple[tuple[int, int], ...] = ()
    selected: bool = False


@dataclass(frozen=True, slots=True)
class GanttLink:
    """A dependency between two rows by their keys."""

    key: str
    predecessor: str
    successor: str
    type: LinkType = LinkType.FS
    critical: bool = False


class GanttChart:
    """Builds the visible part of a chart. Immutable; make a new one when rows, links or the scale change."""

    def __init__(
        self,
        rows: Sequence[GanttRow],
        links: Sequence[GanttLink],
        scale: TimeScale,
        *,
        days: int,
        calendar: DayCalendar = weekday_calendar,
        today: int | None = None,
        sheets: bool = False,
    ) -> None:
        """Take the rows from top to bottom.

        Args:
            rows: the visible rows, collapsed children left out.
            links: dependencies; those of hidden rows are ignored.
            scale: the time axis.
            days: how many days the chart is wide.
            calendar: what each day is.
            today: the instant of the today line, None for no line.
            sheets: for paper cut into sheets, a label is only on the sheet where its bar ends.
        """
        self.rows = tuple(rows)
        self.scale = scale
        self.width = days * scale.day_width
        self.height = len(self.rows) * ROW_HEIGHT
        self._calendar = calendar
        self._today = today
        self._sheets = sheets
        self._index = {row.key: number for number, row in enumerate(self.rows)}
        self._links = {link.key: link for link in links}
        self._drawers: dict[int, dict[str, GanttLink]] = {}
        for link in links:
            for drawer in self._drawers_of(link):
                self._drawers.setdefault(drawer, {})[link.key] = link

    def header(self, visible: Box) -> list[Primitive]:
        """Return the axis above the visible stretch; its own y runs from 0 to ``HEADER_HEIGHT``."""
        return header(self.scale, self._calendar, visible, today=self._today)

    def body(self, visible: Box) -> list[Primitive]:
        """Return everything of the visible part, back to front: shading, row lines, baselines, bars, links, today."""
        shapes = shading(self.scale, self._calendar, visible)
        numbers = self._visible_rows(visible)
        for number in numbers:
            y = number * ROW_HEIGHT
            if self.rows[number].selected:
                shapes.append(Rect(visible.x, y, visible.width, ROW_HEIGHT, fill=Role.ACCENT_BG, opacity=0.6))
            line = y + ROW_HEIGHT - 0.5
            shapes.append(Line(visible.x, line, visible.right, line, stroke=Role.LINE_SOFT))
        shapes += [shape for link in self._visible_links(numbers) if (shape := self._link_shape(link, visible))]
        shapes += [group for number in numbers if (group := self._row_shapes(number, visible))]
        if self._today is not None:
            x = self.scale.x(self._today)
            if visible.x <= x <= visible.right:
                shapes.append(Line(x, visible.y, x, visible.bottom, stroke=Role.TODAY, width=1.5))
        return shapes

    def with_rows(self, changed: Mapping[int, GanttRow]) -> GanttChart:
        """Return the chart with some rows drawn differently; cheap, as a drag asks for it at every move."""
        copied = copy(self)
        rows = list(self.rows)
        for number, row in changed.items():
            rows[number] = row
        copied.rows = tuple(rows)
        return copied

    def edited(
        self,
        rows: Mapping[int, GanttRow],
        links: Mapping[str, GanttLink | None],
        *,
        calendar: DayCalendar,
        today: int | None,
    ) -> GanttChart:
        """Return the chart with other rows by number and other links by key, None for one that is gone.

        As cheap as the edit is small: the rows stand where they stood.
        """
        copied = self.with_rows(rows) if rows else copy(self)
        copied._calendar, copied._today = calendar, today
        if links:
            copied._links, copied._drawers = dict(self._links), dict(self._drawers)
            fresh: set[int] = set()
            for key, link in links.items():
                gone = copied._links.pop(key, None)
                for one in (gone, link):
                    for drawer in self._drawers_of(one) if one is not None else ():
                        if drawer not in fresh:
                            copied._drawers[drawer] = dict(copied._drawers.get(drawer, {}))
                            fresh.add(drawer)
                        copied._drawers[drawer].pop(key, None)
                if link is not None:
                    copied._links[key] = link
                    for drawer in self._drawers_of(link):
                        copied._drawers[drawer][key] = link
        return copied

    def rescaled(self, scale: TimeScale, days: int) -> GanttChart:
        """Return the chart on another time axis; cheap, as every step of a zoom asks for it."""
        copied = copy(self)
        copied.scale = scale
        copied.width = days * scale.day_width
        return copied

    def link_paths(self, visible: Box) -> Iterator[tuple[GanttLink, tuple[Point, ...]]]:
        """Yield the links that pass through a box, each with its elbows."""
        for link in self._visible_links(self._visible_rows(visible)):
            points = self._link_path(link)
            if points and max(x for x, _y in points) >= visible.x and min(x for x, _y in points) <= visible.right:
                yield link, points

    def row_at(self, y: float) -> int | None:
        """Return the number of the row at a height, None below the last."""
        number = int(y // ROW_HEIGHT)
        return number if 0 <= number < len(self.rows) else None

    def row_number(self, key: str) -> int | None:
        """Return where a row stands."""
        return self._index.get(key)

    def bar_box(self, key: str) -> Box | None:
        """Return the box of a row's bar, for scrolling and editing; None for an unknown or dateless row."""
        number = self._index.get(key)
        if number is None:
            return None
        span = self._span(self.rows[number])
        return Box(span[0], number * ROW_HEIGHT + BAR_TOP, span[1] - span[0], BAR_HEIGHT) if span else None

    def _visible_rows(self, visible: Box) -> range:
        first = max(0, int(visible.y // ROW_HEIGHT))
        last = min(len(self.rows), int(visible.bottom // ROW_HEIGHT) + 1)
        return range(first, max(first, last))

    def _drawers_of(self, link: GanttLink) -> range:
        one, two = self._index.get(link.predecessor), self._index.get(link.successor)
        if one is None or two is None:
            return range(0)
        return range(min(one, two) // _BUCKET, max(one, two) // _BUCKET + 1)

    def _visible_links(self, numbers: range) -> Iterator[GanttLink]:
        if not numbers:
            return
        seen: set[str] = set()
        for drawer in range(numbers.start // _BUCKET, (numbers.stop - 1) // _BUCKET + 1):
            for link in self._drawers.get(drawer, {}).values():
                if link.key not in seen:
                    seen.add(link.key)
                    yield link

    def _span(self, row: GanttRow) -> tuple[float, float] | None:
        if row.start is None or row.finish is None:
            return None
        left, right = self.scale.x(row.start), self.scale.x(row.finish)
        if row.kind is BarKind.MILESTONE:
            return right - DIAMOND, right + DIAMOND
        return left, max(right, left + LEAST_BAR)

    def _row_shapes(self, number: int, visible: Box) -> Group | None:
        row = self.rows[number]
        span = self._span(row)
        if span is None:
            return None
        y = number * ROW_HEIGHT
        left, right = span
        reach = right + 12.0 * (len(row.label) + 2)
        baseline = row.baseline
        earliest = min(left, self.scale.x(baseline[0])) if baseline else left
        latest = max(reach, self.scale.x(baseline[1])) if baseline else reach
        if latest < visible.x or earliest > visible.right:
            return None
        shapes: list[Primitive] = []
        if baseline is not None and row.kind is not BarKind.SUMMARY:
            shapes.append(self._baseline(baseline, y, milestone=row.kind is BarKind.MILESTONE))
        match row.kind:
            case BarKind.SUMMARY:
                shapes.append(bracket(left, right, y))
            case BarKind.MILESTONE:
                shapes.append(diamond((left + right) / 2, y + BAR_TOP + BAR_HEIGHT / 2, critical=row.critical))
            case BarKind.TASK:
                shapes += self._bar(row, span, y)
        if row.deadline is not None:
            shapes.append(self._deadline(row.deadline, y))
        if row.label and (not self._sheets or right >= visible.x):
            role = Role.TEXT_SOFT if row.kind is BarKind.MILESTONE else Role.MUTED
            shapes.append(
                Text(
                    right + LABEL_GAP,
                    y,
                    0,
                    ROW_HEIGHT - 2,
                    row.label,
                    role=role,
                    size=LABEL_SIZE,
                    overflow=Overflow.VISIBLE,
                )
            )
        return Group(tuple(shapes), key=row.key, label=row.name)

    def _bar(self, row: GanttRow, span: tuple[float, float], y: float) -> list[Primitive]:
        solid, soft = (Role.CRITICAL, Role.CRITICAL_SOFT) if row.critical else (Role.BAR, Role.BAR_SOFT)
        top = y + BAR_TOP
        pieces = [
            (self.scale.x(start), max(self.scale.x(finish), self.scale.x(start) + LEAST_BAR))
            for start, finish in row.segments
        ] or [span]
        shapes: list[Primitive] = []
        if len(pieces) > 1:
            middle = top + BAR_HEIGHT / 2
            shapes.append(Polyline(((span[0], middle), (span[1], middle)), stroke=solid))
        done = sum(right - left for left, right in pieces) * min(row.progress, DONE) / DONE
        for left, right in pieces:
            width = right - left
            part = min(width, max(done, 0.0))
            done -= width
            if part < width:
                shapes.append(Rect(left, top, width, BAR_HEIGHT, fill=soft, stroke=solid, stroke_width=0.8, radius=2.5))
            if part > 0.5:
                shapes.append(Rect(left, top, part, BAR_HEIGHT, fill=solid, radius=2.5))
        return shapes

    def _baseline(self, baseline: tuple[int, int], y: float, *, milestone: bool) -> Primitive:
        left, right = self.scale.x(baseline[0]), self.scale.x(baseline[1])
        if milestone:
            left = right - 4
        return Rect(
            left, y + _BASELINE_TOP, max(right - left, LEAST_BAR), _BASELINE_HEIGHT, fill=Role.BASELINE, radius=1.5
        )

    def _deadline(self, deadline: int, y: float) -> Primitive:
        x, top = self.scale.x(deadline), y + BAR_TOP
        return Polygon(((x - 4.5, top - 4), (x + 4.5, top - 4), (x, top + 3)), fill=Role.BAD)

    def _link_path(self, link: GanttLink) -> tuple[Point, ...]:
        first, second = self._index[link.predecessor], self._index[link.successor]
        one, two = self._span(self.rows[first]), self._span(self.rows[second])
        return route(link.type, one, two, first, second) if one is not None and two is not None else ()

    def _link_shape(self, link: GanttLink, visible: Box) -> Group | None:
        points = self._link_path(link)
        if not points:
            return None
        left, right = min(x for x, _y in points), max(x for x, _y in points)
        if right < visible.x or left > visible.right:
            return None
        stroke = Role.CRITICAL if link.critical else Role.LINK
        line = Polyline(points, stroke=stroke, arrow=True, arrow_size=5.5, radius=2.0)
        return Group((line,), key=link.key)


__all__ = [
    "BAR_HEIGHT",
    "BAR_TOP",
    "LABEL_GAP",
    "LABEL_SIZE",
    "LEAST_BAR",
    "ROW_HEIGHT",
    "BarKind",
    "GanttChart",
    "GanttLink",
    "GanttRow",
]
